"""Stored sessions and reps: plain frozen types, as JSON and CSV, and streaks of sessions."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Literal, get_args

from hinge_dowel.exercises.ladder import LEAST_REPS_OF_CLIP, PastSession
from hinge_dowel.report.files import CLIP_COLUMNS, REP_COLUMNS, rep_row, write_table
from hinge_dowel.report.tally import clean_share, most_common
from hinge_dowel.system.names import same_name
from hinge_dowel.system.plain_values import built
from hinge_dowel.verdict import SCHEMA, Rep, Verdict

UNJUDGED = "Too few pictures a second were looked at to judge any rep."
Kind = Literal["drill", "check"]
"""The command a session is from: drill (practised live), or check (a clip that was stored)."""
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class RecordedRep:
    """One stored rep: its set, when it was stored (seconds into the session), its values.

    `entry` is the result of `Rep.to_dict`, of whatever version stored it.
    """

    set_number: int
    at_s: float
    entry: Mapping[str, Any]


@dataclass(frozen=True)
class SessionRecord:
    """One stored session or clip, with at least one rep.

    `about` is what is stored of its verdict beside the reps, by the names of `Verdict.to_dict`.
    `sets` and `reps_a_set` were planned, 0 sets for no plan. `finished` is False when the session
    was cut off or still goes on; `duration_s` is then that up to the last rep. `kind` is the
    command it is from.
    """

    number: int
    started: datetime
    sets: int
    reps_a_set: int
    finished: bool
    duration_s: float
    reps: tuple[RecordedRep, ...]
    about: Mapping[str, Any] = field(hash=False)
    kind: Kind = "drill"

    @cached_property
    def verdict(self) -> Verdict:
        """The session as the verdict on a clip, without frames.

        Raises `ValueError` for an entry that this program has not written.
        """
        entries = [{**kept.entry, "number": n} for n, kept in enumerate(self.reps, 1)]
        known = {"status": "unusable", "reason": UNJUDGED, **self.about, "reps": entries}
        verdict = built(Verdict, known, tolerant=True)
        if not any(rep.judged for rep in verdict.reps):
            return verdict
        return replace(verdict.with_reps(verdict.reps), reason=None)

    @property
    def who(self) -> str | None:
        """Whose session it is, None where that was not said."""
        return self.about.get("who")

    @property
    def counted(self) -> list[Rep]:
        """The reps that count in shares: whole ones that were judged."""
        return [rep for rep in self.verdict.reps if rep.counted]

    @property
    def short(self) -> bool:
        """Whether fewer reps count than would tell something of a session or of a clip."""
        return self.past().short

    @property
    def clean_share(self) -> float | None:
        """The share of clean reps among whole ones that were judged, 0 to 1; None without any."""
        return clean_share(self.verdict.reps)

    def past(self) -> PastSession:
        """Return what the ladder of exercises needs to know of the session."""
        faulty = [rep for rep in self.counted if rep.sure_faults]
        return PastSession(
            number=self.number,
            day=self.started.date(),
            exercise=self.verdict.exercise,
            planned_reps=LEAST_REPS_OF_CLIP if self.kind == "check" else self.reps_a_set,
            judged=len(self.counted),
            faulty=len(faulty),
            fault=most_common(rep.faults for rep in faulty)[0],
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the entry of `sessions` in the JSON contract: an entry of `clips` with times."""
        clip = self.verdict.to_dict()
        del clip["warnings"]  # of a session none are kept
        return {
            **clip,
            # What another version stored beside.
            **{name: value for name, value in self.about.items() if name not in clip},
            "number": self.number,
            "started": self.started.isoformat(),
            "duration_s": round(self.duration_s, 1),
            "finished": self.finished,
            "planned_sets": self.sets or None,
            "planned_reps": self.reps_a_set if self.sets else None,
            "source": self.kind,
            "reps": [{"set": rep.set_number, **rep.entry} for rep in self.reps],
        }


def streaks(sessions: Sequence[SessionRecord]) -> tuple[int, int]:
    """Return the numbers of clean sessions in a row: the latest run, and the longest ever.

    A session with a sure fault ends a run; one without lengthens it, unless it is `short`.
    """
    run = longest = 0
    for session in sessions:
        if any(rep.sure_faults for rep in session.counted):
            run = 0
        elif not session.short:
            run += 1
        longest = max(longest, run)
    return run, longest


def weeks_in_a_row(sessions: Sequence[SessionRecord], today: date) -> int:
    """Return the number of weeks (Monday to Sunday) in a row with a session, up to this or last."""
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
    """Return the JSON object of a history."""
    return {"schema": SCHEMA, "sessions": [session.to_dict() for session in sessions]}


COLUMNS = (
    *("session", "started", "finished", "source", "exercise", "who", "note"),
    *(*CLIP_COLUMNS, "set", *REP_COLUMNS),
)
"""The columns that `table` always has."""


def table(sessions: Sequence[SessionRecord]) -> str:
    """Return a history as CSV (RFC 4180), one row per rep.

    Further single values of the reps come after `COLUMNS`, under their own names.
    """
    rows = [_table_row(session, rep) for session in sessions for rep in session.reps]
    others = dict.fromkeys(name for row in rows for name in row if name not in COLUMNS)
    text = io.StringIO()
    write_table(rows, (*COLUMNS, *others), text, "\r\n")
    return text.getvalue()


def _table_row(session: SessionRecord, rep: RecordedRep) -> dict[str, Any]:
    """Return one rep as a row, with the columns of its session."""
    row = rep_row(rep.entry)
    of_session = {name: value for name, value in session.to_dict().items() if name in COLUMNS}
    # Both have `faults`: the row's are the rep's.
    numbered = {"session": session.number, "set": rep.set_number, "faults": row["faults"]}
    return {**row, **of_session, **numbered}


def of_person(sessions: Sequence[SessionRecord], who: str | None) -> tuple[SessionRecord, ...]:
    """Return the sessions of one person; for None those without a name."""
    return tuple(session for session in sessions if same_name(session.who, who))


def alike(sessions: Sequence[SessionRecord], number: int | None) -> tuple[SessionRecord, ...]:
    """Return the session of that number and those before it of the same person and exercise.

    Empty where there is no such session, as where it was not stored.
    """
    index = next((i for i, session in enumerate(sessions) if session.number == number), None)
    if index is None:
        return ()
    by_person = of_person(sessions[: index + 1], sessions[index].who)
    exercise = sessions[index].verdict.exercise
    return tuple(session for session in by_person if session.verdict.exercise == exercise)


def persons(sessions: Sequence[SessionRecord]) -> tuple[str, ...]:
    """Return the names of people in a history, each as it was first given."""
    names: dict[str, str] = {}
    for session in sessions:
        if session.who is not None:
            names.setdefault(session.who.casefold(), session.who)
    return tuple(names.values())


def nothing_of(who: str | None, sessions: Sequence[SessionRecord]) -> str:
    """Return in a sentence that a history has no session of a person, and of whom it has some."""
    others = ", ".join(persons(sessions))
    whose = f" of {who}" if who else " without a name" if others else ""
    then = f"it has {others} (--who)" if others else "practise with drill"
    return f"There is no session{whose} in the history: {then}."
