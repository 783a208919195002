"""The plan of a live session, its state at one moment, and its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from hinge_dowel.body.array_types import Array
from hinge_dowel.exercises.ladder import REST_S, NextSession
from hinge_dowel.report.contacts import Light
from hinge_dowel.report.sentences import exercise_words
from hinge_dowel.report.tally import done
from hinge_dowel.verdict import Facing, Rep

Stage = Literal[
    "loading", "setup", "countdown", "neutral", "moving", "paused", "lost", "rest", "done"
]
"""In this order: before the first picture; getting into it; counting down; standing for neutral;
the set itself; paused by the person; the person is out of sight; resting between sets; over."""
Phase = Literal["standing", "lowering", "lifting"]
Used = Mapping[str, float | None]
"""The share of its limit that each place has used up, by contact: 0 as in standing, 1 at the limit;
None where it is not seen or not asked for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be practised. `live`: with a camera, not a film, so that stages may wait.

    The session is done after the last set. With 0 sets nothing is planned: a film's repetitions are
    counted to its end, as one set. The defaults are within the dose of coaching texts.
    """

    sets: int = 3
    reps: int = 12
    rest_s: float = REST_S
    live: bool = True
    exercise: str = "hinge"
    reaching: bool = False
    """Whether the goal is how far back the hips go, not how deep they bend."""
    wall_cm: float | None = None
    """How far behind the heels the wall stands; None: back as far as in the best rep so far."""

    def goal_cm(self, sets: Sequence[Sequence[Rep]]) -> float | None:
        """Return how far back the hips should go in cm: to the wall, else the best so far."""
        if self.wall_cm is not None or not self.reaching:
            return self.wall_cm
        told = [rep.hip_travel_cm for reps in sets for rep in reps]
        return max((cm for cm in told if cm is not None), default=None)


def plan_for(
    upcoming: NextSession | None,
    *,
    exercise: str | None,
    sets: int | None,
    reps: int | None,
    rest_s: float | None,
) -> Plan:
    """Return what to practise: what the person asks for, and for each None what is `upcoming`.

    That only has the dose of its own exercise; others, and None, get the defaults.
    """
    name = exercise or (upcoming.exercise if upcoming else Plan().exercise)
    told = upcoming if upcoming is not None and upcoming.exercise == name else Plan()
    rest_s = told.rest_s if rest_s is None else rest_s
    return Plan(sets or told.sets, reps or told.reps, rest_s, exercise=name)


@dataclass(frozen=True, slots=True, eq=False)
class LiveFigure:
    """The person as seen now: pixels of the picture (`size_px`), y down, NaN where not seen.

    `landmarks_px` (33, 2) in MediaPipe's order, `back_px` (K, 2) from occiput to sacrum,
    `dowel_px` (2, 2) its upper and lower end (NaN before neutral is known).
    """

    landmarks_px: Array
    back_px: Array
    dowel_px: Array
    size_px: tuple[int, int]
    facing: Facing | None


@dataclass(frozen=True, slots=True, eq=False)
class LiveFrame:
    """The body at the newest frame, and the repetitions that have just been judged.

    Angles are degrees of change from standing, None where not seen or while the side the person
    faces is unknown. `hip_travel_cm` is how far the hips are behind their place in standing. Lights
    are as in `lights.place_light`; `used` is the share of its limit that each place has used up.

    `standing_s` is how many seconds of standing neutral rests on, `neutral` whether they are enough
    to judge by. `rate_hz` is how many pictures a second were read lately, None while unknown;
    `slow`: too few to judge by. `broken`: the person jumped or turned in mid-repetition, which is
    left out. `other_person`: the person followed since the last jump is another one.
    """

    time_s: float
    phase: Phase = "standing"
    hip_flexion_deg: float | None = None
    spinal_flexion_deg: float | None = None
    cervical_flexion_deg: float | None = None
    knee_flexion_deg: float | None = None
    hip_travel_cm: float | None = None
    head: Light = "unseen"
    upper_back: Light = "unseen"
    sacrum: Light = "unseen"
    knees: Light = "unseen"
    used: Used = field(default_factory=dict)
    fault: str | None = None
    figure: LiveFigure | None = None
    facing: Facing | None = None
    view_angle_deg: float | None = None
    neutral: bool = False
    standing_s: float = 0.0
    finished: tuple[Rep, ...] = ()
    rate_hz: float | None = None
    slow: bool = False
    broken: bool = False
    other_person: bool = False

    @property
    def seen(self) -> bool:
        """Whether the person is seen."""
        return self.figure is not None


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One moment of a session.

    `message` is what to do about the picture or what happens now, `cue` the one thing to do better,
    each in a few words, "" for nothing; with `not_counted` the message is that a movement is no
    repetition. `left_s` is the time left of the countdown, of standing still, or of the rest.
    `set_reps` are the finished reps of this set, in order; `hip_travel_goal_cm` is how far back the
    hips should go, None without a goal.
    """

    stage: Stage
    plan: Plan = Plan()
    body: LiveFrame = LiveFrame(0.0)
    message: str = ""
    not_counted: bool = False
    cue: str = ""
    left_s: float | None = None
    set_number: int = 1
    set_reps: tuple[Rep, ...] = ()
    hip_travel_goal_cm: float | None = None
    elapsed_s: float = 0.0

    @property
    def tempo_s(self) -> float | None:
        """How long the last rep took."""
        return self.set_reps[-1].duration_s if self.set_reps else None

    @property
    def done(self) -> int:
        """The number of finished reps that the set is made of: those seen down and up."""
        return done(self.set_reps)

    @property
    def place(self) -> str:
        """What is done, and the number of set and repetition, in words."""
        place = f"rep {self.done}"
        if self.plan.sets:
            place = f"set {self.set_number} of {self.plan.sets}   {place} of {self.plan.reps}"
        return f"{exercise_words(self.plan.exercise)}   {place}"


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """Something that has just happened: a finished `rep` of a set, or something to be `said`.

    `not_counted` is a sentence on a movement that turned out to be no repetition; `number` is then
    that of the repetition taken out of the set, 0 if the movement was not reported as one.
    """

    set_number: int
    rep: Rep | None = None
    number: int = 0
    said: str = ""
    not_counted: str = ""
