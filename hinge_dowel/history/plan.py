"""What the history says of the ladder: where a person stands, and the next session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hinge_dowel.exercises import ladder
from hinge_dowel.exercises.ladder import LadderPlace, NextSession
from hinge_dowel.history.records import DEFAULT_EXERCISE, SessionRecord, of_person
from hinge_dowel.verdict import SCHEMA


def ladder_place(history: Sequence[SessionRecord], who: str | None, today: date) -> LadderPlace:
    """Where a person stands after the sessions of a whole history; None is who gave no name."""
    return ladder.ladder_place([session.past() for session in of_person(history, who)], today)


def next_session(history: Sequence[SessionRecord], who: str | None, today: date) -> NextSession:
    """What that person does next: exercise, dose, rest, the day from which it is due."""
    return ladder.next_session(ladder_place(history, who, today), today)


DEFAULT_SETS, DEFAULT_REPS = 3, 12
"""What is practised where neither a plan nor a person says so: within the dose of the texts."""


@dataclass(frozen=True, slots=True)
class Dose:
    """What one session is: the exercise by its name, sets, reps a set, seconds of rest between."""

    exercise: str
    sets: int
    reps: int
    rest_s: float


def dose(
    upcoming: NextSession | None,
    *,
    exercise: str | None,
    sets: int | None,
    reps: int | None,
    rest_s: float | None,
) -> Dose:
    """What to practise: what a person asks for, and of what they leave open (None) what the plan
    says.

    The plan knows the dose of its own exercise only. Without one (None) it is the dowel hinge.
    """
    name = exercise or (upcoming.exercise if upcoming else DEFAULT_EXERCISE)
    fits = upcoming if upcoming is not None and upcoming.exercise == name else None
    return Dose(
        name,
        sets or (fits.sets if fits else DEFAULT_SETS),
        reps or (fits.reps if fits else DEFAULT_REPS),
        rest_s if rest_s is not None else fits.rest_s if fits else ladder.REST_S,
    )


def document(now: LadderPlace, upcoming: NextSession, who: str | None) -> dict[str, Any]:
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
