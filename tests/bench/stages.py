"""What each stage of a check costs in processor time, stage after stage on one film."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from hinge_dowel.analysis import back_points, posture, repetitions
from hinge_dowel.analysis.pipeline import Record, judge
from hinge_dowel.body.facing import facing_of
from hinge_dowel.body.outline import outline_rays
from hinge_dowel.pose.sparse_rows import SparseRows
from hinge_dowel.pose.tracker import PoseObservation, PoseTracker
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.video.frame_sampling import (
    MovementSpeed,
    SampledFrame,
    sampled_frames,
    thinned_while_slow,
)
from hinge_dowel.video.reader import read_pictures

T = TypeVar("T")


def measure(clip: Path, model: Path) -> tuple[dict[str, float], float]:
    """Processor seconds by stage, and the film's length in seconds."""
    spent_s: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], T]) -> T:
        before = time.process_time()
        done = work()
        spent_s[stage] = time.process_time() - before
        return done

    timed("decode", lambda: sum(1 for _ in read_pictures(clip)))
    chosen = timed("shrink", lambda: list(sampled_frames(read_pictures(clip))))
    spent_s["shrink"] = max(0.0, spent_s["shrink"] - spent_s["decode"])
    with timed("load the pose model", lambda: PoseTracker(model)) as pose_tracker:
        observations = timed("pose model", lambda: _looked(pose_tracker, chosen))
    # A film of somebody who is seen throughout, as all that are measured here.
    outlines = timed(
        "outline",
        lambda: [outline_rays(s.landmarks, s.silhouette) for s in observations if s is not None],
    )
    record = timed(
        "fill in what did not move",
        lambda: _record(
            np.array([moment.time_s for moment in chosen]),
            [s.time_s for s in observations],
            np.array([s.landmarks for s in observations]),
            np.array(outlines),
        ),
    )
    side, rays = facing_of(record.landmarks) or "right", record.outlines
    assert rays is not None
    found = timed(
        "back from the outline", lambda: back_points.estimate(record.landmarks, rays, side=side)
    )
    motion = timed(
        "posture and dowel",
        lambda: posture.from_estimate(record.time_s, found, DEFAULT.stature_cm),
    )
    spans = timed(
        "repetitions",
        lambda: repetitions.find_reps(record.time_s, motion.hip_deg, motion.trunk_deg),
    )
    assert spans
    timed("the whole judgement (the last three and more)", lambda: judge(record, clip=clip.name))
    return spent_s, float(record.time_s[-1])


def _looked(pose_tracker: PoseTracker, chosen: list[SampledFrame]) -> list[PoseObservation]:
    movement, observations = MovementSpeed(), []
    for moment in thinned_while_slow(chosen, movement):
        if moment.frame is not None:
            observations.append(pose_tracker.see(moment.frame))
            movement.saw(moment.time_s, observations[-1].landmarks)
    return observations


def _record(
    time_s: np.ndarray, seen_s: list[float], landmarks: np.ndarray, outlines: np.ndarray
) -> Record:
    parts = []
    for rows in (landmarks, outlines):
        sparse = SparseRows()
        for at, row in zip(seen_s, rows, strict=True):
            sparse.append(at, row)
        parts.append(sparse.drain(time_s))
    return Record(time_s, parts[0], parts[1], None)
