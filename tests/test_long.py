"""Long clips: what is kept of each picture is little, and judging does not multiply it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields

import numpy as np
import pytest

from hinge_dowel import back, spine, watch
from hinge_dowel.synthetic import HINGE, mix

MINUTES = 20
ROWS = MINUTES * 60 * 15


@contextmanager
def peak_mb() -> Iterator[list[float]]:
    """How far memory rises above where it was, in MB, in a list once the block is left."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    found: list[float] = []
    try:
        yield found
        found.append((tracemalloc.get_traced_memory()[1] - before) / 1e6)
    finally:
        tracemalloc.stop()


def evidence(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Landmarks of a figure that hinges over and over, and an outline that could be its own."""
    motion = mix([HINGE] * 4, fps=15)
    rows = np.arange(count) % len(motion.landmarks)
    rays = np.random.default_rng(2).uniform(0.1, 0.5, (len(motion.landmarks), back.OUTLINE_SIZE))
    return motion.landmarks[rows], rays[rows]


def test_a_minute_watched_takes_less_than_a_megabyte() -> None:
    landmarks, outline = np.ones((33, 4)), np.ones(back.OUTLINE_SIZE)
    with peak_mb() as most:
        rows = watch.Sparse(), watch.Sparse()
        for number in range(ROWS):
            rows[0].append(number / 15, landmarks)
            rows[1].append(number / 15, outline)
    assert most[0] < MINUTES


def test_the_estimate_of_a_long_clip_takes_little_more_than_its_answer() -> None:
    right, rays = evidence(ROWS)
    standing = np.arange(ROWS) % 3 == 0
    with peak_mb() as most:
        found = spine.estimate(right, rays, standing)
    answer_mb = sum(getattr(found, field.name).nbytes for field in fields(found)) / 1e6
    assert most[0] < 2 * answer_mb + 60


@pytest.mark.parametrize("stands", [0, 20])
def test_a_long_clip_is_estimated_like_its_parts(
    monkeypatch: pytest.MonkeyPatch, stands: int
) -> None:
    count = 300
    right, rays = evidence(count)
    standing = np.arange(count) < stands
    whole = spine.estimate(right, rays, standing)
    monkeypatch.setattr(spine, "STRETCH", 64)
    parts = spine.estimate(right, rays, standing)
    for field in fields(whole):
        values = getattr(whole, field.name)
        assert len(values) == count
        assert getattr(parts, field.name) == pytest.approx(values, nan_ok=True)
