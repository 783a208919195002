"""Describes exercises in words: for a terminal, and the signs and cues of their faults."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from hinge_dowel.exercises.catalogue import EXERCISES, Exercise
from hinge_dowel.exercises.cues import FAULTS, HIPS_SINK, NOTES, note
from hinge_dowel.exercises.ladder import RUNGS
from hinge_dowel.system.console import wrapped
from hinge_dowel.tolerances import DEFAULT


def listed(known: Exercise) -> str:
    """Return an exercise as a list shows it: name, picture, equipment, filming."""
    rung = RUNGS.get(known.name)
    level = f" (level {rung + 1})" if rung is not None else ""
    return "\n".join(
        [
            f"{known.name}: {known.title}{level}",
            *wrapped(known.summary),
            known.picture.rstrip("\n"),
            *wrapped(f"You need: {known.equipment}."),
            *wrapped(f"Filming: {known.filming}"),
        ]
    )


def in_full(known: Exercise) -> str:
    """Return an exercise with steps, what is judged, cues, and its limits with their sources."""
    return "\n".join([listed(known), *_steps(known), *_judged(known), *_limits(known)])


def cue(exercise: str, key: str) -> str:
    """Return what to do about a fault or a note, in the exercise's own words if it has some.

    "" for one that is not known.
    """
    return _own_cues(exercise).get(key) or (
        FAULTS[key].cue if key in FAULTS else note(key).sentence
    )


def hint(exercise: str, fault: str) -> str:
    """Return what to do about a fault, to be spoken: in the exercise's own words, else in a few."""
    return _own_cues(exercise).get(fault) or FAULTS[fault].hint


def sign(exercise: str, fault: str) -> str:
    """Return the visible sign of a fault in an exercise, as a clause."""
    known = EXERCISES.get(exercise)
    by_hips = fault == "squatting" and known is not None and known.rules.squat == "hips"
    return HIPS_SINK if by_hips else FAULTS[fault].sign


def _own_cues(exercise: str) -> Mapping[str, str]:
    return EXERCISES.get(exercise, EXERCISES["hinge"]).cues


def _steps(known: Exercise) -> Iterator[str]:
    yield "\nHow:"
    for number, step in enumerate(known.steps, 1):
        yield from wrapped(step, f"  {number}. ")


def _judged(known: Exercise) -> Iterator[str]:
    yield "\nFaults and notes, and what to do about them:"
    notes = [key for key in NOTES if key in known.rules.notes]
    for key in (*known.rules.faults, *notes):
        name = FAULTS[key].name if key in FAULTS else note(key).label
        yield from wrapped(f"{name}: {cue(known.name, key)}", "  - ")


def _limits(known: Exercise) -> Iterator[str]:
    yield "\nLimits of its own:" if known.rules.limits else "\nIts limits are the usual ones."
    about = {field.name: field.metadata for field in dataclasses.fields(DEFAULT)}
    for name in known.rules.limits.values():
        unit, source = about[name]["unit"], about[name]["source"]
        yield from wrapped(f"{name} = {getattr(DEFAULT, name):g} {unit}: {source}", "  - ")
