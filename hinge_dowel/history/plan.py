"""What the history says of the ladder: where a person stands, and the next session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hinge_dowel.exercises import ladder
from hinge_dowel.exercises.ladder import NextSession, Standing
from hinge_dowel.history.records import Practice, of_person
from hinge_dowel.verdict import SCHEMA


def standing(history: Sequence[Practice], who: str | None, today: date) -> Standing:
    """Where a person stands after the sessions of a whole history; None is who gave no name."""
    return ladder.standing([session.past() for session in of_person(history, who)], today)


def next_session(history: Sequence[Practice], who: str | None, today: date) -> NextSession:
    """What that person does next: exercise, dose, rest, the day from which it is due."""
    return ladder.next_session(standing(history, who, today), today)


def document(now: Standing, upcoming: NextSession, who: str | None) -> dict[str, Any]:
    """The plan as plain values for JSON."""
    return {
        "schema": SCHEMA,
        "who": who,
        "level": now.level.exercise,
        "clean_sessions": now.clean,
        "clean_sessions_to_move_on": ladder.CLEAN_TO_MOVE_ON,
        "finished": now.finished,
        "weights_from": None if now.weights_from is None else now.weights_from.isoformat(),
        "next": {
            "exercise": upcoming.exercise,
            "sets": upcoming.sets,
            "reps": upcoming.reps,
            "rest_s": upcoming.rest_s,
            "due": upcoming.due.isoformat(),
            "fault": upcoming.fault,
        },
        "sessions": [
            {
                "number": step.session.number,
                "day": step.session.day.isoformat(),
                "exercise": step.session.exercise,
                "counted": step.counted,
                "level": step.level.exercise,
                "moved": step.moved or None,
            }
            for step in now.steps
        ],
    }
