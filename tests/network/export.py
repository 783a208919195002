"""Write a trained network as ONNX with weights of eight bits, and print the error of that.

PYTHONPATH=tests:samples python -m network.export STATE TARGET
"""

from __future__ import annotations

import argparse
import hashlib
import io
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from network.data import SIDE
from network.model import Net

LEAST = 64
"""Tensors with fewer elements stay in single precision."""
STEPS = 127
"""Steps of eight bits to either side of 0."""


class Shipped(nn.Module):
    """The network with the output that the program reads: places and angles in one row."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, picture: Tensor) -> Tensor:
        places, angles, _ = self.net(picture)
        return torch.cat([places.flatten(1), angles], dim=1)


def load(state: Path) -> Net:
    """Load the averaged network of a training's state."""
    net = Net()
    net.load_state_dict(torch.load(state, weights_only=True, map_location="cpu")["calm"])
    return net.eval()


def eighth(model: onnx.ModelProto) -> None:
    """Store each output channel's weights in steps of its own, multiplied out as the file is read.

    OpenCV folds such constants when it reads the file, so that a look takes as long as before.
    """
    graph = model.graph
    outputs = {n.input[1]: n for n in graph.node if n.op_type in ("Conv", "Gemm")}
    kept, nodes = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.name not in outputs or values.size < LEAST:
            kept.append(tensor)
            continue
        flat = np.abs(values.reshape(len(values), -1)).max(axis=1)
        step = np.maximum(flat, 1e-12).astype(np.float32) / STEPS
        shape = (-1,) + (1,) * (values.ndim - 1)
        small = np.rint(values / step.reshape(shape)).astype(np.int8)
        names = [f"{tensor.name}_{part}" for part in ("small", "step", "middle")]
        parts = (small, step, np.zeros(len(values), np.int8))
        kept += [numpy_helper.from_array(p, n) for p, n in zip(parts, names, strict=True)]
        nodes.append(helper.make_node("DequantizeLinear", names, [tensor.name], axis=0))
    nodes += graph.node
    for field, values in ((graph.initializer, kept), (graph.node, nodes)):
        del field[:]
        field.extend(values)


def write(net: nn.Module, target: Path) -> None:
    """Write the file that the program reads."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Shipped(net).eval(), (torch.zeros(1, 3, SIDE, SIDE),), buffer, input_names=["crop"],
            output_names=["told"], opset_version=13, dynamo=False,
        )  # fmt: skip
    model = onnx.load_from_string(buffer.getvalue())
    eighth(model)
    onnx.checker.check_model(model)
    target.write_bytes(model.SerializeToString())


def main() -> None:
    import cv2

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("target", type=Path)
    args = parser.parse_args()
    net = load(args.state)
    write(net, args.target)
    told = cv2.dnn.readNetFromONNX(str(args.target))
    x = np.random.default_rng(1).normal(0, 1, (1, 3, SIDE, SIDE)).astype(np.float32)
    told.setInput(x)
    with torch.no_grad():
        asked = Shipped(net).eval()(torch.from_numpy(x)).numpy()
    off = np.abs(told.forward().reshape(asked.shape) - asked).max()
    digest = hashlib.sha256(args.target.read_bytes()).hexdigest()
    print(f"{args.target}: {args.target.stat().st_size} bytes, sha256 {digest}, off by {off:.3f}")


if __name__ == "__main__":
    main()
