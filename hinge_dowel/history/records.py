"""A session as it was kept: plain frozen types, and the streaks that sessions make."""

from __future__ import annotations

import io
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Literal, get_args

from hinge_dowel.analysis.rules import HINGE_NAME
from hinge_dowel.exercises.ladder import LEAST_REPS, PastSession
from hinge_dowel.report.files import rep_row, write_table
from hinge_dowel.system.names import same_name
from hinge_dowel.verdict import (
    FAULTS,
    SCHEMA,
    Facing,
    Neutral,
    Rep,
    Status,
    Strays,
    Verdict,
)

UNJUDGED = "Too few pictures a second were looked at to judge any rep."
DEFAULT_EXERCISE = HINGE_NAME
"""What a session is of where nobody says otherwise."""
Kind = Literal["drill", "check"]
"""Which command a session is from: practised in front of a camera, or a clip that was kept."""
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class RecordedRep:
    """One rep as it was kept: its set, when it was saved (seconds into the session), its values.

    `entry` is what `Rep.to_dict` gave on that day.
    """

    set_number: int
    at_s: float
    entry: Mapping[str, Any]

    @cached_property
    def rep(self) -> Rep:
        """The rep as it was when it was kept. Raises as `rep_from`."""
        return rep_from(self.entry)


def rep_from(entry: Mapping[str, Any]) -> Rep:
    """The rep that `Rep.to_dict` told; what the entry does not hold is unknown.

    Raises `ValueError` or `TypeError` for an entry that is none of this program's.
    """
    held: dict[str, Any] = {one.name: entry[one.name] for one in fields(Rep) if one.name in entry}
    strays = held.get("stray_cm") or {}
    intervals = dict(held.get("intervals_deg") or {})
    held |= {
        "faults": tuple(held.get("faults", ())),
        "notes": tuple(held.get("notes", ())),
        "stray_cm": Strays(*(strays.get(one.name) for one in fields(Strays))),
        "intervals_deg": {name: (low, high) for name, (low, high) in intervals.items()},
    }
    return Rep(**held)


def verdict_from(entry: Mapping[str, Any]) -> Verdict:
    """The verdict that `Verdict.to_dict` told, without frames.

    Raises `ValueError`, `TypeError` or `KeyError` for an entry that is none of this program's.
    """
    held = {one.name: entry[one.name] for one in fields(Verdict) if one.name in entry}
    held |= {name: tuple(held.get(name, ())) for name in ("faults", "warnings")}
    return Verdict(**{**held, "reps": tuple(rep_from(one) for one in entry["reps"])})


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One session, or one clip, as it was kept; it has at least one rep.

    `exercise` is what it was judged as, `who` whose it is and `note` a remark, None where nobody
    said; `kind` says which command it is from. `more` holds what the verdict said of all reps
    beyond the fields here (such as the `limits` that were applied). `sets` and `reps_a_set` are
    what was planned, 0 sets where nobody did. `finished` is False when the session was cut off (or
    still goes on); `duration_s` then reaches to its last rep.
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
    reps: tuple[RecordedRep, ...]
    exercise: str = DEFAULT_EXERCISE
    who: str | None = None
    note: str | None = None
    kind: Kind = "drill"
    more: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def counted(self) -> list[Rep]:
        """The reps that stand in shares: whole ones that were judged."""
        return [kept.rep for kept in self.reps if kept.rep.counted]

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults that at least one rep has, worst first."""
        return tuple(key for key in FAULTS if any(key in kept.rep.faults for kept in self.reps))

    @property
    def clean(self) -> bool:
        """Whether no rep has a fault that is past doubt."""
        return not any(rep.sure_faults for rep in self.counted)

    @property
    def status(self) -> Status:
        """What the session was, as of a clip."""
        if not any(kept.rep.judged for kept in self.reps):
            return "unusable"
        return "faulty" if self.faults else "clean"

    @property
    def clean_share(self) -> float:
        """The share of clean reps among whole ones that were judged, 0 to 1; 0 without any."""
        return sum(rep.clean for rep in self.counted) / max(len(self.counted), 1)

    def angle(self, name: str) -> float | None:
        """The median of an angle over the counted reps in degrees, None where none shows it."""
        reps = self.counted or [kept.rep for kept in self.reps]
        values = [value for rep in reps if (value := getattr(rep, name)) is not None]
        return statistics.median(values) if values else None

    def past(self) -> PastSession:
        """What the ladder of exercises has to know of it."""
        judged = self.counted
        faulty = [rep for rep in judged if rep.sure_faults]
        counts = {key: sum(key in rep.faults for rep in faulty) for key in FAULTS}
        fault = max(FAULTS, key=counts.__getitem__)
        return PastSession(
            number=self.number,
            day=self.started.date(),
            exercise=self.exercise,
            planned_reps=self.reps_a_set,
            judged=len(judged),
            faulty=len(faulty),
            fault=fault if counts[fault] else None,
        )

    def verdict(self) -> Verdict:
        """The session as the verdict on a clip, without frames.

        Raises `ValueError` or `TypeError` for a rep that is none of this program's.
        """
        told = self.to_dict()
        reps = [{**entry, "number": number} for number, entry in enumerate(told["reps"], 1)]
        return verdict_from({**told, "reps": reps})

    def to_dict(self) -> dict[str, Any]:
        """The entry of `sessions` in the JSON contract: an entry of `clips`, and when it was."""
        every = [kept.rep for kept in self.reps]
        return {
            "exercise_sure": False,
            "limits": {},
            **self.more,
            "number": self.number,
            "started": self.started.isoformat(),
            "duration_s": round(self.duration_s, 1),
            "finished": self.finished,
            "planned_sets": self.sets or None,
            "planned_reps": self.reps_a_set if self.sets else None,
            "source": self.kind,
            "exercise": self.exercise,
            "who": self.who,
            "note": self.note,
            "clip": self.source,
            "status": self.status,
            "reason": UNJUDGED if self.status == "unusable" else None,
            "facing": self.facing,
            "view_angle_deg": self.view_angle_deg,
            "neutral": self.neutral,
            "faults": list(self.faults),
            "sure": not self.faults or any(rep.sure_faults for rep in self.counted or every),
            "reps": [{"set": rep.set_number, **rep.entry} for rep in self.reps],
        }


def streaks(sessions: Sequence[SessionRecord]) -> tuple[int, int]:
    """How many clean sessions in a row: the latest run, and the longest ever.

    A session with a fault ends a run. A clean one lengthens it if it has at least `LEAST_REPS`
    counted reps, or one planned set where that is less; a shorter one counts neither way.
    """
    run = longest = 0
    for session in sessions:
        if not session.clean:
            run = 0
        elif len(session.counted) >= min(LEAST_REPS, session.reps_a_set):
            run += 1
        longest = max(longest, run)
    return run, longest


def weeks_in_a_row(sessions: Sequence[SessionRecord], today: date) -> int:
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


def document(sessions: Sequence[SessionRecord]) -> dict[str, Any]:
    """The whole JSON object of a history."""
    return {"schema": SCHEMA, "sessions": [session.to_dict() for session in sessions]}


COLUMNS = (
    *("session", "started", "finished", "source", "exercise", "who", "note"),
    *("clip", "status", "reason", "facing", "view_angle_deg", "neutral"),
    *("set", "rep", "start_s", "bottom_s", "end_s"),
    *("hip_flexion_deg", "knee_flexion_deg", "shin_angle_deg"),
    *("spinal_flexion_deg", "cervical_flexion_deg"),
    *("head_stray_cm", "upper_back_stray_cm", "sacrum_stray_cm"),
    *("faults", "notes"),
)
"""The columns that `table` always has, named as those of a batch's results.csv: one row a rep,
units in the names, faults and notes split by spaces."""


def table(sessions: Sequence[SessionRecord]) -> str:
    """A history as CSV (RFC 4180), one row a rep.

    Whatever else the reps hold as one value comes after `COLUMNS`, under its own name.
    """
    rows = [_table_row(session, rep) for session in sessions for rep in session.reps]
    others = dict.fromkeys(name for row in rows for name in row if name not in COLUMNS)
    text = io.StringIO()
    write_table(rows, (*COLUMNS, *others), text, "\r\n")
    return text.getvalue()


def _table_row(session: SessionRecord, rep: RecordedRep) -> dict[str, Any]:
    """One rep as a row, with what the table tells of its session."""
    row = rep_row(rep.entry)
    told = {name: value for name, value in session.to_dict().items() if name in COLUMNS}
    own = {"session": session.number, "set": rep.set_number, "faults": row["faults"]}
    return {**row, **told, **own}


def of_person(sessions: Sequence[SessionRecord], who: str | None) -> tuple[SessionRecord, ...]:
    """The sessions of one person; of nobody in particular with None."""
    return tuple(session for session in sessions if same_name(session.who, who))


def alike(sessions: Sequence[SessionRecord], number: int | None) -> tuple[SessionRecord, ...]:
    """The session of that number and those before it of the same person and exercise.

    Empty where there is none of that number, as where it was not kept.
    """
    places = [place for place, session in enumerate(sessions) if session.number == number]
    if not places:
        return ()
    done = sessions[places[0]]
    before = of_person(sessions[: places[0] + 1], done.who)
    return tuple(session for session in before if session.exercise == done.exercise)


def persons(sessions: Sequence[SessionRecord]) -> tuple[str, ...]:
    """The names in a history, each as it was first given."""
    found: dict[str, str] = {}
    for session in sessions:
        if session.who is not None:
            found.setdefault(session.who.casefold(), session.who)
    return tuple(found.values())
