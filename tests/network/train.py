"""Train the network on drawn crops.

    PYTHONPATH=tests:samples python -m network.train CROPS OUT_DIR [--steps 107000] [--batch 384]

On a graphics processor where there is one. State is saved regularly, and training goes on from it.
"""

from __future__ import annotations

import argparse
import copy
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from network.data import ANSWERS, CELLS, PLACES, SIDE, TRUNK_PX, Crops, batch
from network.model import UNIT_DEG, Net

STEPS = 8
"""Steps for which pictures are spoilt together."""
SAVE, LOOK = 800, 8000
"""Steps between saving of state and between measurements."""
RATE, DECAY, WARM = 2.5e-3, 0.02, 600
KEEP = 0.9995
"""Of the running mean of the weights, from one step to the next."""
RECORDED = 24
"""Steps that are taken before one is recorded, as its kernels are chosen in them."""
WEIGHTS = (1.0, 1.0, 1.2, 1.0, 1.0, 0.1, 3.0, 2.2)
"""Weight of each of `ANSWERS` in the loss: spine and neck most."""
CHANGES = (0.5, 0.5, 0.5, 1.1, 1.0, 0.0, 3.0, 2.2)
"""Weight in the loss of each angle's change from one picture of a person to another: the program
uses them as changes from the person's own standing."""
CHANGE = 0.7
"""Weight of all changes."""
PARTNERS = 0.5
"""Weight of the first of two pictures, which stands more often than people do in clips."""
WIDEST_DEG = 50.0
"""Beyond this angle from side-on the sagittal plane is hardly seen."""
SHARP = 1.2
"""Radius of a place in the target heatmap, in cells."""


class Loss(nn.Module):
    """The loss of heatmaps, of places read from them, of angles with their own doubt, and of the
    angles' changes."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("at", (torch.arange(CELLS) + 0.5) * SIDE / CELLS)
        self.register_buffer("weights", torch.tensor(WEIGHTS))
        self.register_buffer("changes", torch.tensor(CHANGES))

    def forward(self, net: nn.Module, x: Tensor, places: Tensor, answers: Tensor) -> Tensor:
        """Return it for pictures, places and answers in pairs, as `data.batch` has them."""
        # Without the cache the step can be recorded and repeated.
        with torch.autocast(x.device.type, torch.bfloat16, cache_enabled=False):
            found, angles, maps = net(x)
        inside = ((places > 0) & (places < SIDE)).all(-1).float()
        wide = 2 * (SHARP * SIDE / CELLS) ** 2
        across = torch.exp(-((self.at - places[..., :1]) ** 2) / wide)
        down = torch.exp(-((self.at - places[..., 1:2]) ** 2) / wide)
        across = across / across.sum(-1, keepdim=True).clamp(min=1e-6)
        down = down / down.sum(-1, keepdim=True).clamp(min=1e-6)
        aim = (down[..., :, None] * across[..., None, :]).flatten(2)
        heat = -(aim * torch.log_softmax(maps, -1)).sum(-1)
        off = (found[..., :2] - places).abs().sum(-1) / TRUNK_PX
        total = ((0.06 * heat + 1.5 * off) * inside).sum() / inside.sum().clamp(min=1)

        count = len(ANSWERS)
        view = ANSWERS.index("view")
        seen = (answers[:, view, None] < WIDEST_DEG).float()
        weight = self.weights * torch.where(torch.arange(count, device=x.device) == view, 1, seen)
        first = torch.arange(len(x), device=x.device)[:, None] % 2 == 0
        weight = torch.where(first, PARTNERS, 1) * weight
        miss, doubt = (angles[:, :count] - answers).abs(), angles[:, count:].clamp(-1, 5)
        # Laplace: how far off is part of the answer; and the plain error, so that hard ones count.
        likely = miss / torch.exp(doubt) + doubt
        total = total + ((0.12 * likely + 0.5 * miss / UNIT_DEG) * weight).mean()

        change = (angles[1::2, :count] - angles[::2, :count]) - (answers[1::2] - answers[::2])
        both = seen[::2] * seen[1::2]
        return total + CHANGE * (change.abs() / UNIT_DEG * self.changes * both).mean()


@torch.no_grad()
def judged(net: Net, crops: Crops, count: int = 6000) -> str:
    """Return the errors on crops of other subjects, cut as by the pose model, and of the
    angles' changes from another picture of the person."""
    net.eval()
    rng = np.random.default_rng(5)
    order = rng.permutation(len(crops))[: min(count, len(crops))]
    angles, places, changes = [], [], []
    with torch.random.fork_rng():
        torch.manual_seed(5)
        for k in range(0, len(order), 200):
            one = order[k : k + 200]
            chosen = np.stack([crops.partners(rng, one), one], axis=1).ravel()
            x, p, a = batch(rng, crops, chosen)
            found, told, _ = net(x)
            use = a[1::2, 5:6] < 35
            off = (told[:, : len(ANSWERS)] - a)[1::2].abs()
            angles.append(torch.where(use, off, torch.nan))
            inside = ((p > 0) & (p < SIDE)).all(-1)[1::2]
            off = torch.linalg.norm(found[..., :2] - p, dim=-1)[1::2] / TRUNK_PX * 100
            places.append(torch.where(inside & use, off, torch.nan))
            both = use & (a[::2, 5:6] < 35)
            off = (told[1::2] - told[::2])[:, : len(ANSWERS)] - (a[1::2] - a[::2])
            changes.append(torch.where(both, off.abs(), torch.nan))
    net.train()
    kinds = ("angles", ANSWERS, angles), ("changes", ANSWERS, changes), ("places", PLACES, places)
    lines = []
    for kind, parts, rows in kinds:
        mean = torch.cat(rows).nanmean(0)
        lines.append(f"  {kind}: " + ", ".join(
            f"{n} {v:.2f}" for n, v in zip(parts, mean.tolist(), strict=True)
        ))  # fmt: skip
    return "\n".join(lines)


class Training:
    """A network in training, its running mean, which is what ships, and its optimiser."""

    def __init__(self, out: Path, device: torch.device, size: int) -> None:
        torch.manual_seed(3)
        self.device, self.size = device, size
        self.net = Net().to(device).to(memory_format=torch.channels_last)
        self.calm = copy.deepcopy(self.net).requires_grad_(False)
        self.loss, self.rate = Loss().to(device), torch.tensor(RATE, device=device)
        normed = [p for p in self.net.parameters() if p.ndim < 2]
        others = [p for p in self.net.parameters() if p.ndim >= 2]
        self.optimiser = torch.optim.AdamW(
            [{"params": others, "weight_decay": DECAY}, {"params": normed, "weight_decay": 0.0}],
            lr=self.rate, betas=(0.9, 0.98), capturable=device.type == "cuda",
        )  # fmt: skip
        self.path, self.step = out / "state.pt", 0
        if self.path.exists():
            kept = torch.load(self.path, weights_only=True, map_location=device)
            self.net.load_state_dict(kept["net"])
            self.calm.load_state_dict(kept["calm"])
            self.optimiser.load_state_dict(kept["optimiser"])
            self.step = int(kept["step"])
            for group in self.optimiser.param_groups:
                group["lr"] = self.rate
        x = torch.zeros(size, 3, SIDE, SIDE, device=device)
        self.given = [
            x.contiguous(memory_format=torch.channels_last),
            torch.zeros(size, len(PLACES), 2, device=device),
            torch.zeros(size, len(ANSWERS), device=device),
        ]
        self.lost = torch.zeros((), device=device)
        self.graph: torch.cuda.CUDAGraph | None = None
        self.taken = 0
        # On a graphics processor the next pictures are spoilt while the network learns from these.
        self.aside = torch.cuda.Stream() if device.type == "cuda" else None
        self.ahead: tuple[Tensor, Tensor, Tensor] | None = None

    def _update(self) -> None:
        loss = self.loss(self.net, *self.given)
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 3.0)
        self.optimiser.step()
        self.lost += loss.detach()

    def _take(self) -> None:
        """Take a step on what is `given`: recorded once, then repeated, on a graphics processor."""
        if self.graph is not None:
            self.graph.replay()
            return
        self.taken += 1
        self.optimiser.zero_grad()
        if self.device.type != "cuda":
            self._update()
        elif self.taken < RECORDED:
            side, here = torch.cuda.Stream(), torch.cuda.current_stream()
            side.wait_stream(here)
            with torch.cuda.stream(side):
                self._update()
            here.wait_stream(side)
        else:
            self.graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                self._update()
            self.graph.replay()

    def _drawn(self, crops: Crops) -> tuple[Tensor, Tensor, Tensor]:
        """Return pictures, places and answers for the next `STEPS` steps."""
        rng = np.random.default_rng([7, self.step])
        with torch.cuda.stream(self.aside):
            return batch(rng, crops, crops.pairs(rng, STEPS * self.size // 2))

    def learn(self, crops: Crops, share: float) -> None:
        """Take `STEPS` steps, of a course of which this share is done."""
        warm = min(1, (self.step + 1) / WARM)
        self.rate.fill_(max(RATE * warm * 0.5 * (1 + np.cos(np.pi * min(share, 1))), 1e-6))
        rows = self.ahead or self._drawn(crops)
        if self.aside is not None:
            here = torch.cuda.current_stream()
            here.wait_stream(self.aside)
            for part in rows:
                part.record_stream(here)
        for k in range(STEPS):
            for there, part in zip(self.given, rows, strict=True):
                there.copy_(part[k * self.size : (k + 1) * self.size])
            self._take()
            self.step += 1
        keep = min(KEEP, (self.step + 1) / (self.step + 20)) ** STEPS
        with torch.no_grad():
            now = [t for t in self.net.state_dict().values() if t.dtype.is_floating_point]
            slow = [t for t in self.calm.state_dict().values() if t.dtype.is_floating_point]
            torch._foreach_lerp_(slow, now, 1 - keep)
        self.ahead = self._drawn(crops)

    def save(self) -> None:
        part = self.path.with_suffix(".part")
        torch.save(
            {"net": self.net.state_dict(), "calm": self.calm.state_dict(), "step": self.step,
             "optimiser": self.optimiser.state_dict()}, part,
        )  # fmt: skip
        part.replace(self.path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crops", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=107_000)
    parser.add_argument("--batch", type=int, default=384)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.backends.cudnn.benchmark = True
    training = Training(args.out, device, args.batch)
    crops = Crops.read(args.crops, judging=False)
    ours = Crops.read(args.crops, judging=True)
    if device.type == "cuda":
        crops.decode(device)
        ours.decode(device)
    print(f"{len(crops)} crops to learn from, {len(ours)} for judging, {device}", flush=True)
    start, began = time.monotonic(), training.step
    while training.step < args.steps:
        training.learn(crops, training.step / args.steps)
        last = training.step >= args.steps
        if training.step % SAVE == 0 or last:
            training.save()
            loss = training.lost.item() / (training.step - began)
            speed = (training.step - began) * args.batch / (time.monotonic() - start)
            print(f"{training.step}: loss {loss:.3f}, {speed:.0f} crops a second", flush=True)
            training.lost.zero_()
            start, began = time.monotonic(), training.step
        if training.step % LOOK == 0 or last:
            print(judged(training.calm, ours), flush=True)


if __name__ == "__main__":
    main()
