"""Train the network on drawn crops.

    PYTHONPATH=tests python -m network.train CROPS OUT_DIR [--steps 30000] [--workers 2]

Each worker is a process of one thread; every few steps their weights are averaged. State is saved
regularly, and training resumes from it. Crops drawn meanwhile are used from then on.
"""

from __future__ import annotations

import argparse
import copy
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor

from network.data import ANSWERS, CELLS, PLACES, SIDE, TRUNK_PX, Crops, normalised, sample
from network.model import UNIT_DEG, Net

BATCH, MEET, SAVE, LOOK = 20, 16, 160, 960
"""Crops per step; steps between averaging of the workers, saving of state, printing of errors."""
RATE, DECAY = 1.2e-3, 0.02
WARM = 300
WEIGHTS = torch.tensor([1.0, 1.0, 1.2, 0.2, 0.2, 0.1, 3.0, 1.8])
"""Weight of each of `ANSWERS` in the loss: spine and neck most, as the program uses only these."""
CHANGES = torch.tensor([0.5, 0.5, 0.5, 0.0, 0.0, 0.0, 3.0, 1.8])
"""Weight in the loss of each angle's change from one picture of a person to another: the program
uses spine and neck as changes from the person's own standing."""
SHARP = 1.2
"""Radius of a place in the target heatmap, in cells."""


def batch(
    rng: np.random.Generator, crops: Crops, size: int, *, spoilt: bool = True,
    chosen: np.ndarray | None = None,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Return a batch of crops: pictures, places and answers.

    They are those `chosen`, or `size` in pairs, each of which shows one person twice.
    """
    if chosen is None:
        first = rng.choice(len(crops), size // 2, p=crops.usual)
        chosen = np.stack([first, crops.partners(rng, first)], axis=1).ravel()
    rows = [sample(rng, crops, int(k), spoilt=spoilt) for k in chosen]
    pictures, places, answers = (np.stack(c) for c in zip(*rows, strict=True))
    x = torch.from_numpy(normalised(pictures)).contiguous(memory_format=torch.channels_last)
    return x, torch.from_numpy(places), torch.from_numpy(answers).float()


def loss_of(net: Net, x: Tensor, places: Tensor, answers: Tensor) -> Tensor:
    """Return the loss of heatmaps, of places read from them, and of angles with their own doubt."""
    with torch.autocast("cpu", torch.bfloat16):
        found, angles, maps = net(x)
    step = SIDE / CELLS
    inside = ((places > 0) & (places < SIDE)).all(-1).float()
    at = (torch.arange(CELLS) + 0.5) * step
    wide = 2 * (SHARP * step) ** 2
    across = torch.exp(-((at - places[..., :1]) ** 2) / wide)
    down = torch.exp(-((at - places[..., 1:2]) ** 2) / wide)
    across = across / across.sum(-1, keepdim=True).clamp(min=1e-6)
    down = down / down.sum(-1, keepdim=True).clamp(min=1e-6)
    aim = (down[..., :, None] * across[..., None, :]).flatten(2)
    heat = -(aim * torch.log_softmax(maps, -1)).sum(-1)
    off = (found[..., :2] - places).abs().sum(-1) / TRUNK_PX
    total = ((0.06 * heat + 1.5 * off) * inside).sum() / inside.sum().clamp(min=1)
    count = len(ANSWERS)
    miss = (angles[:, :count] - answers).abs()
    doubt = angles[:, count:]
    # Laplace: how far off is part of the answer; and the plain error, so that hard ones count too.
    likely = miss / torch.exp(doubt.clamp(-1, 5)) + doubt.clamp(-1, 5)
    plain = miss / UNIT_DEG
    weight = WEIGHTS.clone().expand_as(miss).clone()
    # Beyond this the sagittal plane is hardly seen.
    weight[:, :5] *= (answers[:, 5:6] < 50).float()
    weight[:, 6:] *= (answers[:, 5:6] < 50).float()
    seen = (answers[:, 5] < 50).float().view(-1, 2).prod(1, keepdim=True)
    change = (angles[1::2, :count] - angles[::2, :count]) - (answers[1::2] - answers[::2])
    moved = change.abs() / UNIT_DEG * CHANGES * seen
    return total + ((0.12 * likely + 0.5 * plain) * weight).mean() + 0.5 * moved.mean()


@torch.no_grad()
def judged(net: Net, crops: Crops, count: int = 900) -> str:
    """Return the errors on crops of other subjects, cut as by the pose model."""
    net.eval()
    rng = np.random.default_rng(5)
    order = rng.permutation(len(crops))[:count]
    angles, places, changes = [], [], []
    for k in range(0, len(order), 60):
        x, p, a = batch(rng, crops, 0, chosen=order[k : k + 60])
        found, told, _ = net(x)
        use = a[:, 5:6] < 35
        angles.append(torch.where(use, (told[:, : len(ANSWERS)] - a).abs(), torch.nan))
        inside = ((p > 0) & (p < SIDE)).all(-1)
        off = torch.linalg.norm(found[..., :2] - p, dim=-1) / TRUNK_PX * 100
        places.append(torch.where(inside & use, off, torch.nan))
    for k in range(0, len(order), 60):
        one = order[k : k + 60]
        pairs = np.stack([one, crops.partners(rng, one)], axis=1).ravel()
        x, _, a = batch(rng, crops, 0, chosen=pairs)
        told = net(x)[1][:, : len(ANSWERS)]
        off = (told[1::2] - told[::2]) - (a[1::2] - a[::2])
        use = (a[:, 5:6] < 35).view(-1, 2).all(1, keepdim=True)
        changes.append(torch.where(use, off.abs(), torch.nan)[:, -2:])
    net.train()
    moved = torch.cat(changes).nanmean(0)
    miss, off = torch.cat(angles).nanmean(0), torch.cat(places).nanmean(0)
    first = " ".join(f"{n} {v:.1f}" for n, v in zip(ANSWERS, miss, strict=True))
    second = " ".join(f"{n} {v:.1f}" for n, v in zip(PLACES, off, strict=True))
    return f"changes {moved[0]:.2f} {moved[1]:.2f} | {first} | {second}"


@torch.no_grad()
def meet(net: Net, workers: int) -> None:
    """Average the weights of all workers."""
    parts = [t for t in net.state_dict().values() if t.dtype.is_floating_point]
    flat = torch.cat([t.flatten() for t in parts])
    dist.all_reduce(flat)
    flat /= workers
    place = 0
    for t in parts:
        t.copy_(flat[place : place + t.numel()].view_as(t))
        place += t.numel()


def work(rank: int, args: argparse.Namespace) -> None:
    """Run one process of the training."""
    torch.set_num_threads(1)
    torch.manual_seed(3)
    import cv2

    cv2.setNumThreads(1)
    if args.workers > 1:
        os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
        os.environ.setdefault("MASTER_PORT", str(args.port))
        dist.init_process_group("gloo", rank=rank, world_size=args.workers)
    net = Net().to(memory_format=torch.channels_last)
    calm = copy.deepcopy(net).requires_grad_(False)
    normed = [p for p in net.parameters() if p.ndim < 2]
    others = [p for p in net.parameters() if p.ndim >= 2]
    optimiser = torch.optim.AdamW(
        [{"params": others, "weight_decay": DECAY}, {"params": normed, "weight_decay": 0.0}],
        lr=RATE, betas=(0.9, 0.98),
    )  # fmt: skip
    state, first = args.out / "state.pt", 0
    if state.exists():
        kept = torch.load(state, weights_only=True)
        net.load_state_dict(kept["net"])
        calm.load_state_dict(kept["calm"])
        optimiser.load_state_dict(kept["optimiser"])
        first = int(kept["step"])
    crops = Crops.read(args.crops, judging=False)
    ours = Crops.read(args.crops, judging=True) if rank == 0 else crops
    start, began, sums = time.monotonic(), first, []
    for step in range(first, args.steps):
        rng = np.random.default_rng([rank, step])
        rate = RATE * min(1, (step + 1) / WARM)
        rate *= 0.5 * (1 + np.cos(np.pi * max(0.0, (step - WARM) / (args.steps - WARM))))
        for group in optimiser.param_groups:
            group["lr"] = float(max(rate, 1e-6))
        loss = loss_of(net, *batch(rng, crops, BATCH))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 3.0)
        optimiser.step()
        sums.append(loss.item())
        if args.workers > 1 and (step + 1) % MEET == 0:
            meet(net, args.workers)
        keep = min(0.998, (step + 1) / (step + 20))
        with torch.no_grad():
            for slow, now in zip(calm.parameters(), net.parameters(), strict=True):
                slow.lerp_(now, 1 - keep)
            for slow, now in zip(calm.buffers(), net.buffers(), strict=True):
                if slow.dtype.is_floating_point:
                    slow.lerp_(now, 1 - keep)
        if rank == 0 and (step + 1) % SAVE == 0:
            part = state.with_suffix(".part")
            torch.save(
                {"net": net.state_dict(), "calm": calm.state_dict(), "step": step + 1,
                 "optimiser": optimiser.state_dict()}, part,
            )  # fmt: skip
            part.replace(state)
            speed = (step + 1 - began) * BATCH * args.workers / (time.monotonic() - start)
            print(
                f"{step + 1}: loss {np.mean(sums[-SAVE:]):.3f}, {len(crops)} crops, "
                f"{speed:.0f} a second",
                flush=True,
            )
        if (step + 1) % LOOK == 0:
            if rank == 0:
                print(f"  {judged(calm, ours)}", flush=True)
            crops = Crops.read(args.crops, judging=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crops", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=30000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=29517)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.workers == 1:
        work(0, args)
    else:
        torch.multiprocessing.spawn(work, (args,), nprocs=args.workers)


if __name__ == "__main__":
    main()
