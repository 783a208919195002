"""Faults and notes per repetition and per clip: the result types that every view shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

SCHEMA = 1

Status = Literal["clean", "faulty", "unusable"]
Facing = Literal["left", "right"]
Neutral = Literal["measured", "assumed"]

FAULTS = ("spinal_flexion", "squatting", "cervical_flexion")
"""Worst first: the order in which faults are listed and cues are given."""


@dataclass(frozen=True, slots=True)
class Strays:
    """How far each place is from the dowel at the worst moment of a rep, in cm.

    Measured against the standing neutral; positive when the place has left the dowel, None where
    it could not be seen.
    """

    head: float | None
    upper_back: float | None
    sacrum: float | None


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition. Angles are sagittal, in degrees of change from standing neutral.

    Flexion is positive; each is the extreme of the rep (median over 0.3 s), None where it could
    not be seen. Times are seconds from the start of the clip, None where the clip does not show
    them.
    """

    number: int
    start_s: float | None
    bottom_s: float | None
    end_s: float | None
    hip_flexion_deg: float | None
    knee_flexion_deg: float | None
    shin_angle_deg: float | None
    spinal_flexion_deg: float | None
    cervical_flexion_deg: float | None
    stray_cm: Strays
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether no fault was found."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was seen in one clip, session or array."""

    clip: str
    status: Status
    reason: str | None = None
    facing: Facing | None = None
    view_angle_deg: float | None = None
    neutral: Neutral | None = None
    faults: tuple[str, ...] = ()
    reps: tuple[Rep, ...] = ()
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The entry of `clips` in the JSON contract."""
        raise NotImplementedError

    def to_json(self) -> str:
        """`to_dict` as indented JSON."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)
