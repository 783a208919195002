"""What a live session knows of single frames, and how repetitions are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.analysis import back_points, tilt
from hinge_dowel.body.facing import face_right
from hinge_dowel.live.margins import Used
from hinge_dowel.live.snapshot import Contact, LiveFigure, Phase
from hinge_dowel.pose.network import no_answer
from hinge_dowel.verdict import Facing, Rep

Array = NDArray[np.float64]

STANDING_DEG, MOVING_DEG_S = 15.0, 10.0
"""Less hip flexion is standing; a faster change of it is lowering or lifting."""
SLACK_S = 0.25
"""Judged again with more to go by, a repetition's ends move by less than this."""


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """The body at the newest frame, and the repetitions that have just been judged.

    Angles in degrees against standing, None where not seen or before facing is known. `standing_s`
    is how much standing neutral rests on so far, `neutral` whether that is enough to judge by.
    `knees` is "left" where they are bent too much; `used` how much of its limit each place has
    used up. `rate_hz` is how many pictures a second are looked at lately, None where not known
    yet; `hip_back_cm` how far the hips are behind where they stood; `slow`
    whether that is too few. `broken`: the person jumped or turned in mid-repetition, which is left
    out; `other_person`: another person is followed since the last jump.
    """

    time_s: float
    seen: bool
    finished: tuple[Rep, ...] = ()
    facing: Facing | None = None
    view_deg: float | None = None
    neutral: bool = False
    standing_s: float = 0.0
    phase: Phase = "standing"
    hip_deg: float | None = None
    knee_deg: float | None = None
    spinal_deg: float | None = None
    cervical_deg: float | None = None
    head: Contact = "unseen"
    upper_back: Contact = "unseen"
    sacrum: Contact = "unseen"
    hip_back_cm: float | None = None
    knees: Contact = "unseen"
    used: Used = field(default_factory=dict)
    fault: str | None = None
    figure: LiveFigure | None = None
    rate_hz: float | None = None
    slow: bool = False
    broken: bool = False
    other_person: bool = False

    def shown(self) -> dict[str, Any]:
        """What a `Snapshot` shows of the body, by its names there."""
        return {
            "phase": self.phase,
            "depth_deg": self.hip_deg,
            "spinal_flexion_deg": self.spinal_deg,
            "cervical_flexion_deg": self.cervical_deg,
            "knee_flexion_deg": self.knee_deg,
            "head": self.head,
            "upper_back": self.upper_back,
            "sacrum": self.sacrum,
            "knees": self.knees,
            "reach_cm": self.hip_back_cm,
        }


@dataclass(slots=True, eq=False)
class FrameRow:
    """One frame as it is kept. `found` is its spine once somebody asked, the angles as they were
    measured then, NaN where not. `alone` as in `tracker.PoseObservation`.
    """

    time_s: float
    landmarks: Array
    outline: Array
    network: Array = field(default_factory=no_answer)
    found: back_points.Spine | None = None
    hip_deg: float = np.nan
    trunk_deg: float = np.nan
    alone: bool = False


def shows_person(row: FrameRow) -> bool:
    """Whether anybody was found in a frame."""
    return bool(np.isfinite(row.landmarks[0, 0]))


def phase_at(
    rows: Sequence[FrameRow], time_s: float, hip_deg: float | None, before: Phase
) -> Phase:
    """What the person does at `time_s`, by the hip's flexion then and in the frames so far.

    `before` is what it was, and stays where nothing else is seen.
    """
    if hip_deg is None:
        return before
    if hip_deg < STANDING_DEG:
        return "standing"
    known = [r for r in rows[-6:] if time_s - r.time_s < 0.4 and np.isfinite(r.hip_deg)]
    if known:
        speed = (hip_deg - known[0].hip_deg) / max(time_s - known[0].time_s, 1e-3)
        if abs(speed) > MOVING_DEG_S:
            return "lowering" if speed > 0 else "lifting"
    return before


def facing_right(
    rows: Sequence[FrameRow], facing: Facing, undone_deg: float
) -> tuple[Array, Array]:
    """Landmarks (T, 33, 4) and outlines of some frames, turned to be level, and facing right."""
    landmarks = np.array([row.landmarks for row in rows])
    if undone_deg:
        landmarks = tilt.turned(landmarks, -undone_deg)
    right, rays = face_right(landmarks, np.array([row.outline for row in rows]), facing)
    assert rays is not None
    return right, rays


def split(found: back_points.Spine) -> list[back_points.Spine]:
    """A spine over frames as one of each frame."""
    names = [one.name for one in fields(found)]
    return [
        back_points.Spine(**{name: getattr(found, name)[k : k + 1] for name in names})
        for k in range(len(found.trunk_px))
    ]


def joined(parts: list[back_points.Spine]) -> back_points.Spine:
    """The other way round."""
    names = [one.name for one in fields(back_points.Spine)]
    return back_points.Spine(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    )


def when(rep: Rep) -> float:
    """The moment a repetition is known by, in seconds: its bottom where it was seen."""
    return next((t for t in (rep.bottom_s, rep.start_s, rep.end_s) if t is not None), 0.0)


def same(start_s: float | None, bottom_s: float, end_s: float | None, rep: Rep) -> bool:
    """Whether two repetitions are one: the deepest moment of either lies within the other."""
    told = when(rep)
    first = rep.start_s if rep.start_s is not None else told
    last = rep.end_s if rep.end_s is not None else told
    if first - SLACK_S <= bottom_s <= last + SLACK_S:
        return True
    first = start_s if start_s is not None else bottom_s
    last = end_s if end_s is not None else bottom_s
    return first <= told <= last
