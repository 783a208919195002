"""What is to be practised, and what a session tells of what has happened."""

from __future__ import annotations

from dataclasses import dataclass

from hinge_dowel.verdict import Rep


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be practised. `live`: a camera looks on, which can be waited for.

    The session is done after the last set, a film's too, unless it is `open_ended`: then what
    comes after that is counted on to the film's end.
    """

    sets: int = 3
    reps: int = 12
    rest_s: float = 45.0
    live: bool = True
    open_ended: bool = False
    exercise: str = "hinge"
    reaching: bool = False
    """Whether how far the hips go back is the goal, and not how deep they bend."""
    reach_cm: float | None = None
    """How far they shall go; None for further than before."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that has just happened: a finished `rep` of a set, or something to be `said`."""

    set_number: int
    rep: Rep | None = None
    number: int = 0
    said: str = ""
