"""Sums up a session for the person: most common fault, best repetition, what to do next time.

Pure functions of finished repetitions; the words are in `exercises.cues`.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from hinge_dowel.exercises.cues import FAULTS, NEXT_TIME, NOTES
from hinge_dowel.exercises.ladder import (
    CLEAN_TO_MOVE_ON,
    FEW_REPS,
    LEAST_REPS,
    MOSTLY,
    too_short,
)
from hinge_dowel.report import highlights
from hinge_dowel.report.tally import most_common
from hinge_dowel.verdict import Rep

LEAST_CLEAN_REPS = 3
"""Fewest clean reps at the start of a set for later faults to count as tiring, so that a shorter
set is advised. A choice."""
DEEPER_DEG = 10.0
"""Where the faulty reps are deeper than the clean ones by this much (medians of hip flexion), depth
is taken as the cause. A choice."""
HABITS = ("short_of_the_wall", "hips_not_back", "on_the_toes", "knees_first", "hips_first")
"""Notes that are told after a session without a fault, the first that most reps have."""
NO_LIMITS: Mapping[str, float] = MappingProxyType({})
TOLD_TO_DEG = 5
"""Depths in advice are rounded to this many degrees: no one controls it better. A choice."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best rep and its place in the session: set and rep number, both counted from 1."""

    set_number: int
    number: int
    rep: Rep


@dataclass(frozen=True, slots=True)
class Review:
    """Summary of a session or of one set; of `total` reps `judged` were judged.

    `fault` is the most common fault (of two equally common the worse), None when all reps are
    clean; `fault_count` is the number of reps that have it. Sure faults alone are counted where
    there are any (`sure` is True), possible ones otherwise. `best` is None without judged reps.
    `next_time` holds whole sentences, most important first.
    """

    total: int
    judged: int
    clean: int
    fault: str | None
    fault_count: int
    best: Best | None
    next_time: tuple[str, ...]
    sure: bool = True


def whole_or_all(reps: Sequence[Rep]) -> list[Rep]:
    """Return the reps seen down and up, or all if none was; those not judged too."""
    return [rep for rep in reps if not rep.partial] or list(reps)


def shout(rep: Rep) -> str:
    """Return the correction for a repetition's worst fault or note, in two words; "" for none."""
    words = [FAULTS[key].shout for key in rep.faults]
    words += [NOTES[key].shout for key in rep.notes if key in NOTES and NOTES[key].shout]
    return words[0] if words else ""


def review(
    sets: Sequence[Sequence[Rep]],
    *,
    planned: int,
    live: bool = True,
    clean_streak: int = 0,
    limits: Mapping[str, float] = NO_LIMITS,
) -> Review:
    """Sum up the finished reps of a session, given by set; partial ones count if none is whole.

    `planned` is the number of reps a set was to have, 0 for a film without a plan; `live` whether
    it was before a camera, as a film is advised otherwise; `clean_streak` the number of clean
    sessions in a row, this one included, 0 also where no history is kept; `limits`, those of the
    session's verdict, tell the best rep.
    """
    none_whole = all(rep.partial for done in sets for rep in done)
    counted = [[rep for rep in done if none_whole or not rep.partial] for done in sets]
    reps = [rep for done in counted for rep in done]
    sure = any(rep.sure_faults for rep in reps)
    fault, fault_count = most_common(rep.sure_faults if sure else rep.faults for rep in reps)
    return Review(
        total=len(reps),
        judged=sum(rep.judged for rep in reps),
        clean=sum(rep.clean for rep in reps),
        fault=fault,
        fault_count=fault_count,
        sure=sure,
        best=_best(sets, [rep for rep in reps if rep.judged], limits),
        next_time=tuple(_next_time(counted, planned, clean_streak, live=live)),
    )


def _best(
    sets: Sequence[Sequence[Rep]], judged: Sequence[Rep], limits: Mapping[str, float]
) -> Best | None:
    """Return the best of the `judged` reps and its place in `sets`; None without any."""
    best = next(iter(highlights.in_order(judged, limits)), None)
    placed = (Best(s, r, rep) for s, done in enumerate(sets, 1) for r, rep in enumerate(done, 1))
    return next((one for one in placed if one.rep is best), None)


def _next_time(
    done: Sequence[Sequence[Rep]], planned: int, clean_streak: int, *, live: bool
) -> list[str]:
    """Return what to do next time, most important first: what was missed, the dose, habits."""
    total = sum(len(reps) for reps in done)
    if not total:
        return [NEXT_TIME["none"]]
    sets = [[rep for rep in reps if rep.judged] for reps in done]
    reps = [rep for judged in sets for rep in judged]
    said = []
    if len(reps) < total:
        _, words = _told(
            "pictures" if live else "pictures_film", count=total - len(reps), reps=total
        )
        said.append(words)
    if not reps:
        return said
    if all(rep.clean for rep in reps):
        why, words = _after_clean_reps(len(reps), planned, clean_streak, live=live)
    else:
        why, words = _easier(sets, reps)
    return [*said, words, *_habits(reps, shallower=why in ("shallower", "half"))]


def _told(key: str, **values: int | str) -> tuple[str, str]:
    """Return a key of `NEXT_TIME` and its sentence."""
    return key, NEXT_TIME[key].format(**values)


def _after_clean_reps(
    count: int, planned: int, clean_streak: int, *, live: bool
) -> tuple[str, str]:
    """Return what to do after `count` reps, all of them clean."""
    if clean_streak >= CLEAN_TO_MOVE_ON:
        return _told("on")
    if clean_streak > 0:
        left = CLEAN_TO_MOVE_ON - clean_streak
        return _told("again", left="One" if left == 1 else "Two")
    if not too_short(count, planned):
        return _told("same")
    return _told("longer", reps=planned) if live else _told("film", reps=LEAST_REPS)


def _easier(sets: Sequence[Sequence[Rep]], reps: Sequence[Rep]) -> tuple[str, str]:
    """Return what to make easier, by when in a set and how deep faults came."""
    tires_after = _tires_after(sets)
    if tires_after >= LEAST_CLEAN_REPS:
        return _told("fewer", reps=tires_after)
    # A squat is not made good by a smaller one; a back that rounds far down is.
    rounded_deg = _depth_deg(
        [rep for rep in reps if not rep.clean and "squatting" not in rep.faults]
    )
    clean_deg = _depth_deg([rep for rep in reps if rep.clean])
    if clean_deg is not None and rounded_deg is not None and rounded_deg - clean_deg >= DEEPER_DEG:
        return _told("shallower", clean=_told_deg(clean_deg), faulty=_told_deg(rounded_deg))
    if _mostly("spinal_flexion" in rep.faults for rep in reps):
        return _told("half")
    if _mostly(not rep.clean for rep in reps):
        more = max(map(len, sets)) > FEW_REPS
        return _told("few", reps=FEW_REPS) if more else _told("pause")
    return _told("cue")


def _tires_after(sets: Sequence[Sequence[Rep]]) -> int:
    """Return the fewest clean reps after which faults come to stay; 0 where they do not stay."""
    broken = [(done, _clean_first(done)) for done in sets if any(not rep.clean for rep in done)]
    stay = all(_mostly(not rep.clean for rep in done[count:]) for done, count in broken)
    return min(count for _, count in broken) if stay else 0


def _habits(reps: Sequence[Rep], *, shallower: bool) -> list[str]:
    """Return what to do about notes that most reps have; nobody is sent deeper and `shallower`."""

    def habit(note: str) -> bool:
        return _mostly(note in rep.notes for rep in reps)

    said = [NEXT_TIME["slower"]] if habit("too_fast") else []
    if habit("shallow") and not shallower:
        said.append(NEXT_TIME["deeper"])
    if all(rep.clean for rep in reps):
        said += [NOTES[key].sentence for key in HABITS if habit(key)][:1]
    return said


def _clean_first(done: Sequence[Rep]) -> int:
    """Return the number of reps of a set before the first that is not clean."""
    return next((i for i, rep in enumerate(done) if not rep.clean), len(done))


def _depth_deg(reps: Sequence[Rep]) -> float | None:
    depths = [rep.hip_flexion_deg for rep in reps if rep.hip_flexion_deg is not None]
    return statistics.median(depths) if depths else None


def _told_deg(angle_deg: float) -> int:
    return TOLD_TO_DEG * round(angle_deg / TOLD_TO_DEG)


def _mostly(have: Iterable[bool]) -> bool:
    """Return whether so many have it that it counts as a habit."""
    return statistics.fmean(have) >= MOSTLY
