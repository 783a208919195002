"""A session as it was kept: plain frozen types, and the streaks that sessions make."""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hinge_dowel.system.names import no_formula
from hinge_dowel.verdict import FAULTS, NOT_JUDGED, SCHEMA, Facing, Neutral, Status

UNJUDGED = "Too few pictures a second were looked at to judge any rep."
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
    def judged(self) -> bool:
        """Whether enough was seen to say anything of faults."""
        return NOT_JUDGED not in self.entry.get("notes", ())

    @property
    def clean(self) -> bool:
        """Whether it was judged and no fault was found."""
        return self.judged and not self.faults

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
    def status(self) -> Status:
        """What the session was, as of a clip."""
        if not any(rep.judged for rep in self.reps):
            return "unusable"
        return "clean" if self.clean else "faulty"

    @property
    def clean_share(self) -> float:
        """The share of clean reps, 0 to 1."""
        return sum(rep.clean for rep in self.reps) / len(self.reps)

    def angle(self, name: str) -> float | None:
        """The median of an angle over the reps in degrees, None where none shows it."""
        values = [value for rep in self.reps if (value := rep.angle(name)) is not None]
        return statistics.median(values) if values else None

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
            "status": self.status,
            "reason": UNJUDGED if self.status == "unusable" else None,
            "facing": self.facing,
            "view_angle_deg": self.view_angle_deg,
            "neutral": self.neutral,
            "faults": list(self.faults),
            "reps": [{"set": rep.set_number, **rep.entry} for rep in self.reps],
        }


def streaks(sessions: Sequence[Practice]) -> tuple[int, int]:
    """How many clean sessions in a row: the latest run, and the longest ever.

    A session with a fault ends a run. A clean one lengthens it if it has at least `STREAK_REPS`
    reps that were judged, or one planned set where that is less; a shorter one counts neither way.
    """
    run = longest = 0
    for session in sessions:
        if not session.clean:
            run = 0
        elif sum(rep.judged for rep in session.reps) >= min(STREAK_REPS, session.reps_a_set):
            run += 1
        longest = max(longest, run)
    return run, longest


def weeks_in_a_row(sessions: Sequence[Practice], today: date) -> int:
    """How many weeks in a row, up to this one or the last, have a session (Monday to Sunday)."""
    mondays = {_monday(session.started.date()) for session in sessions}
    week = _monday(today)
    if week not in mondays:
        week -= timedelta(weeks=1)
    count = 0
    while week in mondays:
        count += 1
        week -= timedelta(weeks=1)
    return count


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def document(sessions: Sequence[Practice]) -> dict[str, Any]:
    """The whole JSON object of a history."""
    return {"schema": SCHEMA, "sessions": [session.to_dict() for session in sessions]}


COLUMNS = (
    *("session", "started", "finished", "source", "facing", "view_angle_deg", "neutral"),
    *("set", "rep", "start_s", "bottom_s", "end_s", "hip_flexion_deg", "knee_flexion_deg"),
    *("shin_angle_deg", "spinal_flexion_deg", "cervical_flexion_deg", "head_cm", "upper_back_cm"),
    *("sacrum_cm", "faults", "notes"),
)
"""The header of `table`: one row a rep, units in the names, faults and notes split by spaces."""


def table(sessions: Sequence[Practice]) -> str:
    """A history as CSV (RFC 4180), one row a rep."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore")
    writer.writeheader()
    for session in sessions:
        for rep in session.reps:
            entry = rep.entry
            strays = entry.get("stray_cm") or {}
            writer.writerow(
                {
                    **entry,
                    **{f"{place}_cm": stray for place, stray in strays.items()},
                    "session": session.number,
                    "started": session.started.isoformat(),
                    "finished": "yes" if session.finished else "no",
                    "source": no_formula(session.source),
                    "facing": session.facing,
                    "view_angle_deg": session.view_angle_deg,
                    "neutral": session.neutral,
                    "set": rep.set_number,
                    "rep": entry.get("number"),
                    "faults": " ".join(rep.faults),
                    "notes": " ".join(entry.get("notes", ())),
                }
            )
    return text.getvalue()
