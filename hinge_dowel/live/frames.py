"""The frames of a live session, and whether two movements are the same one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from hinge_dowel.analysis import back_points, tilt
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.traits import MovementTraits
from hinge_dowel.body.array_types import Array
from hinge_dowel.body.facing import face_right
from hinge_dowel.live.snapshot import Phase
from hinge_dowel.pose.network import no_answer
from hinge_dowel.verdict import Facing, Rep

STANDING_DEG = 15.0
"""Below this hip flexion the screen says "standing". A choice: more than swaying bends the hips."""
BENT_DEG = 2 * STANDING_DEG
"""Hip flexion beyond this is a repetition, not swaying."""
MOVING_DEG_S = 10.0
"""Above this speed of hip flexion the screen says "lowering" or "lifting". A choice: a repetition
of 80 degrees in 4 s is four times as fast."""
SPEED_FRAMES = 6
SPEED_S = 0.4
"""The speed is measured over at most this many of the latest frames, none older than `SPEED_S`. A
choice: half a second late would be noticed."""
SLACK_S = 0.25
"""When a repetition is judged again with more frames, its ends move by less than this. A choice:
four pictures."""


@dataclass(slots=True, eq=False)
class FrameRow:
    """One frame as it is kept: landmarks (33, 4), outline (see `body.outline`), network answer.

    `spine` (of one frame) is None until estimated; the angles are NaN until measured. `alone` as in
    `tracker.PoseObservation`.
    """

    time_s: float
    landmarks: Array
    outline: Array
    network: Array = field(default_factory=no_answer)
    spine: back_points.Spine | None = None
    hip_deg: float = np.nan
    trunk_deg: float = np.nan
    alone: bool = False


def shows_person(row: FrameRow) -> bool:
    """Return whether a person was found in a frame."""
    return bool(np.isfinite(row.landmarks[0, 0]))


def phase_at(
    rows: Sequence[FrameRow], time_s: float, hip_deg: float | None, before: Phase
) -> Phase:
    """Return the phase at `time_s`, from hip flexion then and in the latest frames.

    `before` is the phase until now, returned where hip flexion is unknown or hardly changes; but
    whoever is bent does not stand, however slowly they have come there.
    """
    if hip_deg is None:
        return before
    if hip_deg < STANDING_DEG:
        return "standing"
    recent = [row for row in rows[-SPEED_FRAMES:] if time_s - row.time_s < SPEED_S]
    known = [row for row in recent if np.isfinite(row.hip_deg)]
    if known:
        speed = (hip_deg - known[0].hip_deg) / max(time_s - known[0].time_s, 1e-3)
        if abs(speed) > MOVING_DEG_S:
            return "lowering" if speed > 0 else "lifting"
    return "lowering" if before == "standing" and hip_deg > BENT_DEG else before


def facing_right(
    rows: Sequence[FrameRow], facing: Facing, undone_deg: float
) -> tuple[Array, Array]:
    """Return landmarks (T, 33, 4) and outlines of frames, levelled and mirrored to face right."""
    landmarks = np.array([row.landmarks for row in rows])
    if undone_deg:
        landmarks = tilt.turned(landmarks, -undone_deg)
    right, rays = face_right(landmarks, np.array([row.outline for row in rows]), facing)
    assert rays is not None
    return right, rays


def split(spine: back_points.Spine) -> list[back_points.Spine]:
    """Split a spine over T frames into T spines of one frame."""
    names = [one.name for one in fields(spine)]
    return [
        back_points.Spine(**{name: getattr(spine, name)[k : k + 1] for name in names})
        for k in range(len(spine.trunk_px))
    ]


def joined(parts: list[back_points.Spine]) -> back_points.Spine:
    """Join spines over successive frames into one; the inverse of `split`."""
    names = [one.name for one in fields(back_points.Spine)]
    return back_points.Spine(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    )


Movement = Rep | RepSpan | MovementTraits
"""A movement down and up: as a judged repetition, as found in the hip's curve, or as measured."""


def when(movement: Movement) -> float:
    """Return the moment that identifies a movement, in seconds: its bottom, else start or end."""
    times = (movement.bottom_s, movement.start_s, movement.end_s)
    return next((time_s for time_s in times if time_s is not None), 0.0)


def same(one: Movement, other: Movement) -> bool:
    """Return whether two movements are the same: the bottom of either lies within the other."""

    def holds(outer: Movement, moment_s: float) -> bool:
        first = when(outer) if outer.start_s is None else outer.start_s
        last = when(outer) if outer.end_s is None else outer.end_s
        return first - SLACK_S <= moment_s <= last + SLACK_S

    return holds(one, when(other)) or holds(other, when(one))
