"""The ladder of exercises: where a person stands, what the next session is, when to move on.

Pure functions of past sessions and a date. Each number names its source, or is a choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from hinge_dowel.exercises.catalogue import EXERCISES, Exercise

CLEAN_TO_MOVE_ON = 3
"""Clean sessions in a row at a level after which the next level is due (coaching texts)."""
FAULTY_TO_GO_BACK = 2
"""Sessions in a row with faults in most reps that lead one level down. The texts say "when faults
return"; two, so that one bad day does not cost a level."""
MOSTLY = 0.5
"""Share of reps from which something counts as a habit, not a slip: a choice."""
LEAST_REPS = 5
"""A session with fewer judged reps (or than one planned set, where that is less) counts neither
way: half of the least set that the texts ask for."""
LEAST_REPS_OF_CLIP = 3
"""A clip with fewer judged reps counts neither way: the fewest that the guide asks to film."""
FEW_REPS = LEAST_REPS
"""Reps a set after a session with faults in most reps: the fewest that count."""
DOSES = ((2, 10), (3, 10), (3, 12))
"""(sets, reps) by the number of clean sessions at the level: within the 2 to 3 sets of 10 to 15
reps of the texts, from the least up."""
FULL_DOSE = (3, 15)
"""(sets, reps) at the end of the ladder: the most that the texts ask for."""
REST_S = 45.0
"""Rest between sets without a load: as long as a set of 12 takes, at about 4 s a rep."""
REST_LOADED_S = 90.0
"""Rest between sets with a load: the one to two minutes that ACSM (2009) gives for light loads."""
EVERY_DAYS = 1
"""Days from one session to the next without a load (coaching texts)."""
EVERY_DAYS_LOADED = 2
"""Days from one session to the next with a load (coaching texts)."""
LEARNING_WEEKS = (2, 4)
"""Weeks that the pattern takes to learn (coaching texts)."""
WEIGHTS_WEEKS = (4, 8)
"""Weeks until weights are due (coaching texts): not before the first of these."""


LEVELS = tuple(known for known in EXERCISES.values() if known.aim)
"""The ladder, first rung first."""

RUNGS = {level.name: number for number, level in enumerate(LEVELS)}
"""The place of an exercise on the ladder, from 0."""


@dataclass(frozen=True, slots=True)
class PastSession:
    """A past session: `faulty` of `judged` reps had a sure fault.

    `fault` is the most common one, None without any. `planned_reps` is the size of a planned set,
    0 where nothing was planned.
    """

    number: int
    day: date
    exercise: str
    planned_reps: int
    judged: int
    faulty: int
    fault: str | None = None

    @property
    def short(self) -> bool:
        """Whether too few reps count, see `too_short`."""
        return too_short(self.judged, self.planned_reps)


def too_short(judged: int, planned_reps: int) -> bool:
    """Return whether fewer reps count than `LEAST_REPS`, or than a planned set where that is less.

    `planned_reps` is 0 where nothing was planned.
    """
    return judged < min(LEAST_REPS, planned_reps or LEAST_REPS)


Counted = Literal["clean", "faulty", "short", "easier", "harder", "elsewhere"]
"""How a session counts: as clean or faulty at the level; or not at all, as it was too short, of a
lower level, of a higher level with faults, or of an exercise that is not on the ladder."""


@dataclass(frozen=True, slots=True)
class Step:
    """One session and how it counted. `level` is where the person stood after it."""

    session: PastSession
    counted: Counted
    level: Exercise
    moved: Literal["", "began", "up", "down"] = ""


@dataclass(frozen=True, slots=True)
class LadderPlace:
    """A person's place on the ladder. `clean` counts clean sessions in a row at the level.

    `steps` are all sessions, oldest first. `weights_from` is the day from which the next level's
    load is due, if only that date is missing; else None. `finished`: the last level is done.
    """

    level: Exercise
    clean: int
    steps: tuple[Step, ...]
    weights_from: date | None = None
    finished: bool = False

    @property
    def began(self) -> date | None:
        """The day of the first session, None before it."""
        return self.steps[0].session.day if self.steps else None

    @property
    def last(self) -> Step | None:
        """The last session that counted, if it is of the level where the person stands now."""
        found = [s for s in self.steps if s.counted in ("clean", "faulty")]
        at_level = bool(found) and found[-1].session.exercise == self.level.name
        return found[-1] if at_level else None


@dataclass(frozen=True, slots=True)
class NextSession:
    """The next session: the exercise's name, sets, reps, rest, and the day from which it is due.

    `fault` is the fault to give a cue for; None for the exercise's own cue.
    """

    exercise: str
    sets: int
    reps: int
    rest_s: float
    due: date
    fault: str | None = None


def ladder_place(sessions: Sequence[PastSession], today: date) -> LadderPlace:
    """Return a person's place after `sessions`, oldest first; without any, the first level.

    The first session decides at which level the ladder is entered. A clean session of a higher
    level moves there, as it implies the levels between; one with faults does not count.
    """
    now = _Walk()
    for session in sessions:
        now = now.after(session)
    began = next((step.session.day for step in now.steps), today)
    due = began + timedelta(weeks=WEIGHTS_WEEKS[0])
    top = now.place == len(LEVELS) - 1
    ready = now.clean >= CLEAN_TO_MOVE_ON and not top
    if ready and (LEVELS[now.place].loaded or not LEVELS[now.place + 1].loaded or today >= due):
        now = replace(now, place=now.place + 1, clean=0)
        ready = False
    return LadderPlace(
        LEVELS[now.place],
        now.clean,
        now.steps,
        weights_from=due if ready else None,
        finished=top and now.clean >= CLEAN_TO_MOVE_ON,
    )


def next_session(now: LadderPlace, today: date) -> NextSession:
    """Return the next session from a place; it is due today, unless that is too soon.

    What is too short to count, as a film of two reps to try it out, puts nothing off.
    """
    last = now.last
    sets, reps = FULL_DOSE if now.finished else DOSES[min(now.clean, len(DOSES) - 1)]
    if last is not None and _mostly_faulty(last.session):
        reps = FEW_REPS
    loaded = now.level.loaded
    due = today
    practised = [step for step in now.steps if step.counted not in ("elsewhere", "short")]
    if practised:
        days = EVERY_DAYS_LOADED if loaded else EVERY_DAYS
        # A day to come is that of a camera or a computer whose clock was wrong.
        due = max(today, min(practised[-1].session.day, today) + timedelta(days=days))
    return NextSession(
        now.level.name,
        sets,
        reps,
        REST_LOADED_S if loaded else REST_S,
        due,
        last.session.fault if last is not None else None,
    )


@dataclass(frozen=True, slots=True)
class _Walk:
    """State while going through the sessions: place, and clean and faulty ones in a row."""

    place: int = 0
    clean: int = 0
    faulty: int = 0
    steps: tuple[Step, ...] = ()
    entered: bool = False

    def after(self, session: PastSession) -> _Walk:
        place = RUNGS.get(session.exercise)
        if place is None:
            return self._with(session, "elsewhere")
        if session.short:
            return self._with(session, "short")
        if not self.entered:
            return replace(self, place=place, entered=True)._counted(session, "began")
        # Enough clean sessions at the level: this one, of a higher level, moves up.
        up = place > self.place and self.clean >= CLEAN_TO_MOVE_ON
        now = replace(self, place=self.place + 1, clean=0, faulty=0) if up else self
        if place < now.place:
            return now._with(session, "easier")
        if place > now.place:
            if session.faulty:
                return self._with(session, "harder")
            now = replace(now, place=place, clean=0, faulty=0)
        return now._counted(session, "up" if now.place > self.place else "")

    def _counted(self, session: PastSession, moved: Literal["", "began", "up"]) -> _Walk:
        if not session.faulty:
            return replace(self, clean=self.clean + 1, faulty=0)._with(session, "clean", moved)
        faulty = self.faulty + 1 if _mostly_faulty(session) else 0
        if faulty >= FAULTY_TO_GO_BACK and self.place > 0:
            down = replace(self, place=self.place - 1, clean=0, faulty=0)
            return down._with(session, "faulty", "down")
        return replace(self, clean=0, faulty=faulty)._with(session, "faulty", moved)

    def _with(
        self, session: PastSession, counted: Counted, moved: Literal["", "began", "up", "down"] = ""
    ) -> _Walk:
        step = Step(session, counted, LEVELS[self.place], moved)
        return replace(self, steps=(*self.steps, step))


def _mostly_faulty(session: PastSession) -> bool:
    return session.judged > 0 and session.faulty >= MOSTLY * session.judged
