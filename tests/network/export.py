"""Write a trained network as ONNX with weights of half precision, and print the error of that.

PYTHONPATH=tests python -m network.export STATE TARGET
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
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from network.data import SIDE
from network.model import Net

LEAST = 64
"""Tensors with fewer elements stay in single precision."""


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
    net.load_state_dict(torch.load(state, weights_only=True)["calm"])
    return net.eval()


def halved(model: onnx.ModelProto) -> None:
    """Store weights in half precision, converted to single as the file is read."""
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < LEAST or tensor.name.endswith("grid"):
            continue
        name = tensor.name
        small = numpy_helper.from_array(values.astype(np.float16), f"{name}_half")
        tensor.CopyFrom(small)
        casts.append(helper.make_node("Cast", [small.name], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


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
    halved(model)
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
