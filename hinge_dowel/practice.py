"""A session as it was kept: plain frozen types, and the streaks that sessions make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hinge_dowel.verdict import FAULTS, Facing, Neutral

STREAK_REPS = 5
"""A clean session shorter than this (or than one planned set) does not lengthen a streak."""


@dataclass(frozen=True, slots=True)
class KeptRep:
    """One rep as it was kept: its set, when it was saved (seconds into the session), its values.

    `entry` is what `Rep.to_dict` gave on that day.
    """

    set_number: int
    at_s: float
    entry: Mapping[str, Any]

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults of the rep."""
        return tuple(self.entry.get("faults", ()))

    @property
    def clean(self) -> bool:
        """Whether no fault was found."""
        return not self.faults

    def angle(self, name: str) -> float | None:
        """The angle of that name in degrees, None where it was not seen."""
        value = self.entry.get(name)
        return float(value) if isinstance(value, int | float) else None


@dataclass(frozen=True, slots=True)
class Practice:
    """One session as it was kept; it has at least one rep.

    `sets` and `reps_a_set` are what was planned. `finished` is False when the session was cut off
    (or still goes on); `duration_s` then reaches to its last rep.
    """

    number: int
    started: datetime
    source: str
    sets: int
    reps_a_set: int
    facing: Facing | None
    view_angle_deg: float | None
    neutral: Neutral | None
    finished: bool
    duration_s: float
    reps: tuple[KeptRep, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults that at least one rep has, worst first."""
        return tuple(key for key in FAULTS if any(key in rep.faults for rep in self.reps))

    @property
    def clean(self) -> bool:
        """Whether no rep has a fault."""
        return not self.faults

    @property
    def clean_share(self) -> float:
        """The share of clean reps, 0 to 1."""
        return sum(rep.clean for rep in self.reps) / len(self.reps)

    def to_dict(self) -> dict[str, Any]:
        """The entry of `sessions` in the JSON contract: an entry of `clips`, and when it was."""
        return {
            "number": self.number,
            "started": self.started.isoformat(),
            "duration_s": round(self.duration_s, 1),
            "finished": self.finished,
            "planned_sets": self.sets,
            "planned_reps": self.reps_a_set,
            "clip": self.source,
            "status": "clean" if self.clean else "faulty",
            "reason": None,
            "facing": self.facing,
            "view_angle_deg": self.view_angle_deg,
            "neutral": self.neutral,
            "faults": list(self.faults),
            "reps": [{"set": rep.set_number, **rep.entry} for rep in self.reps],
        }


def streaks(sessions: Sequence[Practice]) -> tuple[int, int]:
    """How many clean sessions in a row: the latest run, and the longest ever.

    A session with a fault ends a run. A clean one lengthens it if it has at least `STREAK_REPS`
    reps, or one planned set where that is less; a shorter one counts neither way.
    """
    run = longest = 0
    for session in sessions:
        if not session.clean:
            run = 0
        elif len(session.reps) >= min(STREAK_REPS, session.reps_a_set):
            run += 1
        longest = max(longest, run)
    return run, longest
