"""Long clips: what is kept of each picture is little, and judging does not multiply it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields

import numpy as np
import pytest
from support import recorded_person

from hinge_dowel.analysis import back_points, dowel
from hinge_dowel.analysis.pipeline import Record, judge
from hinge_dowel.body.facing import face_right
from hinge_dowel.body.outline import OUTLINE_SIZE
from hinge_dowel.pose.person_tracks import person_tracks_of
from hinge_dowel.pose.sparse_rows import SparseRows
from hinge_dowel.testing.synthetic import HINGE, mix

MINUTES = 20
ROWS = MINUTES * 60 * 15
LONG = 4000
"""Pictures of a clip that is judged."""


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
    rays = np.random.default_rng(2).uniform(0.1, 0.5, (len(motion.landmarks), OUTLINE_SIZE))
    return motion.landmarks[rows], rays[rows]


def filmed(count: int) -> tuple[Record, float]:
    """The recorded person over and over, mirrored, out of sight for once; and how many MB it is."""
    seen = recorded_person.record()
    landmarks, outlines = face_right(seen.landmarks, seen.outlines, "left")
    assert outlines is not None
    rows = np.arange(count) % len(landmarks)
    landmarks, outlines = landmarks[rows], outlines[rows]
    landmarks[count // 2 : count // 2 + 5] = np.nan
    record = Record(np.arange(count) / 12, landmarks, outlines, None)
    return record, (landmarks.nbytes + outlines.nbytes) / 1e6


def test_a_minute_watched_takes_less_than_a_megabyte() -> None:
    landmarks, outline = np.ones((33, 4)), np.ones(OUTLINE_SIZE)
    with peak_mb() as most:
        rows = SparseRows(), SparseRows()
        for number in range(ROWS):
            rows[0].append(number / 15, landmarks)
            rows[1].append(number / 15, outline)
    assert most[0] < MINUTES


def test_what_was_watched_makes_room_for_what_comes_of_it() -> None:
    time_s = np.arange(ROWS) / 15
    outline = np.ones(OUTLINE_SIZE)
    with peak_mb() as most:
        kept = SparseRows()
        for at_s in time_s:
            kept.append(at_s, outline)
        rows = kept.drain(time_s)
        tracemalloc.reset_peak()
    assert most[0] < rows.nbytes / 1e6 + 1


@pytest.mark.slow
def test_a_long_clip_is_judged_with_little_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # So that a clip of some minutes is as many of them as one of an hour.
    monkeypatch.setattr(back_points, "CHUNK_FRAMES", 64)
    monkeypatch.setattr(dowel, "CHUNK_FRAMES", 512)
    peaks, sizes = [], []
    for count in (LONG // 2, LONG):
        record, record_mb = filmed(count)
        with peak_mb() as most:
            verdict = judge(record, clip="long")
        assert len(verdict.reps) > count // 80
        peaks.append(most[0])
        sizes.append(record_mb)
    # The landmarks once more, without frames that are not trusted, and what comes of them.
    assert peaks[1] - peaks[0] < 1.2 * (sizes[1] - sizes[0])


def test_people_are_told_apart_without_a_copy_of_what_was_seen() -> None:
    record, record_mb = filmed(LONG)
    with peak_mb() as most:
        assert len(person_tracks_of(record)) == 1
    assert most[0] < 0.2 * record_mb


def test_the_estimate_of_a_long_clip_takes_little_more_than_its_answer() -> None:
    count = ROWS // 4
    right, rays = evidence(count)
    standing = np.arange(count) % 3 == 0
    with peak_mb() as most:
        found = back_points.estimate(right, rays, standing)
    answer_mb = sum(getattr(found, field.name).nbytes for field in fields(found)) / 1e6
    assert most[0] < 2 * answer_mb + 20
