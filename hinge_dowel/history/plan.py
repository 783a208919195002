"""A person's place on the ladder of exercises, and their next session, from the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from hinge_dowel.exercises import ladder
from hinge_dowel.exercises.ladder import LadderPlace, NextSession
from hinge_dowel.history.records import SessionRecord, of_person
from hinge_dowel.verdict import SCHEMA


def ladder_place(history: Sequence[SessionRecord], who: str | None, today: date) -> LadderPlace:
    """Return a person's place on the ladder; `who` None stands for sessions without a name."""
    return ladder.ladder_place([session.past() for session in of_person(history, who)], today)


def next_session(history: Sequence[SessionRecord], who: str | None, today: date) -> NextSession:
    """Return that person's next session: exercise, sets, reps, rest, and the day it is due."""
    return ladder.next_session(ladder_place(history, who, today), today)


def document(now: LadderPlace, upcoming: NextSession, who: str | None) -> dict[str, Any]:
    """Return the plan as plain values for JSON."""
    return {
        "schema": SCHEMA,
        "who": who,
        "level": now.level.name,
        "clean_sessions": now.clean,
        "clean_sessions_to_move_on": ladder.CLEAN_TO_MOVE_ON,
        "finished": now.finished,
        "weights_from": None if now.weights_from is None else now.weights_from.isoformat(),
        "next": {**asdict(upcoming), "due": upcoming.due.isoformat()},
        "sessions": [
            {
                "number": step.session.number,
                "day": step.session.day.isoformat(),
                "exercise": step.session.exercise,
                "counted": step.counted,
                "level": step.level.name,
                "moved": step.moved or None,
            }
            for step in now.steps
        ],
    }
