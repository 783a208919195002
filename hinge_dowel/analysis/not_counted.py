"""Finds movements that look like a repetition and are none; they are left out, with a reason.

A clip shows more than its set: somebody gets up from a chair, takes a bar from its stand, sits down
to rest, turns to the camera, puts the weight down. A movement is only left out beside repetitions;
alone, it is what the clip is about.

Each movement is measured (`MovementTraits`), and the rules need these numbers only, so that a
session can apply them to movements whose frames are long gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import dist

import numpy as np

from hinge_dowel.analysis.repetitions import SET_REPS, RepSpan
from hinge_dowel.analysis.traits import MovementTraits, Place, Scene, measured

TURNED_DEG = 15.0
"""A movement seen this much more obliquely than the repetition most from the side is done by
somebody turned to the camera or away: within the sets of 60 real clips views differ by 8 at most;
rendered people who face the camera are measured at 25 and more above their view from the side."""
DEEPER_RATIO = 2.0
"""A last lowering that bends the hips so many times as far as all before it is the movement itself.
The 76 real clips in which a weight is put down or the film ends reach 1.2, a held fold 5.6."""
GETTING_UP_S, RESTING_S = 0.5, 10.0
"""Least time of sitting in getting up, where a clip begins with it, and in a rest between two sets:
on the box of a box squat people sit for a second or two, and slow squats with a pause take four.
Half and twice of either are steady."""
WITH_STICK_SHARE, WITHOUT_STICK_SHARE = 0.5, 0.2
"""Share of the frames with the hands behind the back: from the first on, in a repetition with a
stick held there; below the second, in a movement to fetch the stick. Choices: half and twice of
either are steady."""
STEP_LENGTHS, STRIDE_LENGTHS = 0.4, 0.5
"""A person has walked whose feet have moved by the first, their distance having varied by the
second, in trunk lengths of 50 cm. In standing through a set the real clips reach 0.08 and 0.16."""
ELSEWHERE_LENGTHS = 0.3
"""Hands this far, in trunk lengths, from where they are in another movement, in the picture and on
the trunk, do something else. Of 660 repetitions of virtual and real people none was left out by
`_unlike_the_set` with 0.3 or 0.35, two with 0.2."""
OTHERWISE_DEG, LONGER_S = 20.0, 2.0
"""Something else bends hips, knees or trunk by this much more or less, or stays bent for this much
longer. Choices: with 10 and 25 none of those repetitions was left out either."""
ALIKE_SHARE = 0.25
"""Fewer of the other movements than this share may be like something else: it may have been done
twice, in a set that is large enough to tell. A choice."""
EMPTY_LENGTHS, EMPTY_RISING_LENGTHS, EMPTY_SPREADS = 0.1, 0.15, 3.0
"""Empty hands are off those that hold a weight by more than the first in standing, by more than the
second on the way up, in trunk lengths, and by more than the third times the usual deviation within
the set. Of 410 movements of real and virtual people, each taken for the last of its set,
`_set_down` left out none with 0.1 or 0.12 for both of the first, and two with 0.08."""
LETTING_GO_S, LETTING_GO_RATIO = 0.25, 1.25
"""Letting go takes this much longer at the bottom than the set's repetitions. A choice."""
FLOOR_LENGTHS = 0.75
"""Hands lower than this above the ankles, in trunk lengths, may hold a weight on the floor: a wrist
is at 0.2 to 0.7 then, in a Romanian deadlift at 0.75 and more."""
SLIGHT_SHARE = 0.17
"""Who bends the hips by less than this share of what the others bend them has done no repetition.
Somebody who sets the phone down, waits and looks at the floor came to 0.13, half repetitions of 84
virtual people to 0.19 and more; in 147 real clips no other movement is so slight."""
PICKING_UP_DEG = 20.0
"""The knees bend this much further in picking a weight up than in the hinges done with it. Of 467
repetitions of virtual people none was left out by it, nor with 18 and 25."""


@dataclass(frozen=True, slots=True)
class NotCounted:
    """Why a movement is no repetition: in a few words for a screen, and as a sentence."""

    short: str
    sentence: str


Count = Callable[[Sequence[RepSpan], Scene], tuple[tuple[RepSpan, ...], tuple[str, ...]]]
"""A function like `counted`, which separates repetitions from movements that do not count."""


def counted(spans: Sequence[RepSpan], scene: Scene) -> tuple[tuple[RepSpan, ...], tuple[str, ...]]:
    """Return the repetitions of a stretch, and a sentence on each movement that is none."""
    found = reasons(measured(spans, scene))
    rest = tuple(span for i, span in enumerate(spans) if i not in found)
    return rest, tuple(found[i].sentence for i in sorted(found))


def reasons(
    movements: Sequence[MovementTraits], *, going_on: bool = False
) -> Mapping[int, NotCounted]:
    """Return the movements of a stretch that are no repetitions, by index, and why.

    While a session is `going_on` more may follow: the rules on the last movement do not apply, and
    what it is like may still become a set.
    """
    told: dict[int, NotCounted] = {}
    rest = list(range(len(movements)))
    for rule in RULES:
        if going_on and rule in (_last_lowering, _set_down):
            continue
        left = [movements[i] for i in rest]
        found = dict(rule(left)) if len(rest) > 1 else {}
        if going_on and rule in (_elsewhere, _unlike_the_set):
            found.pop(len(rest) - 1, None)
        if len(found) < len(rest):
            told |= {rest[i]: why for i, why in found.items()}
            rest = [k for i, k in enumerate(rest) if i not in found]
    return told


Found = Iterator[tuple[int, NotCounted]]
"""Movements that are no repetitions: index, and why."""


def _not_counted(short: str, what: str, why: str = "") -> NotCounted:
    return NotCounted(short, f"{what} is not counted as a repetition{f': {why}' if why else ''}.")


def _because(movement: MovementTraits, short: str, why: str) -> NotCounted:
    return _not_counted(short, f"The movement at {movement.bottom_s:.1f} s", why)


def _last_lowering(movements: Sequence[MovementTraits]) -> Found:
    """Yield a last lowering without a rise: something is put down, or the film ends in it.

    After hardly any bend it is what the film is about, a fold that is held.
    """
    *before, last = movements
    deep = last.bottom_deg[0] > DEEPER_RATIO * max(one.bottom_deg[0] for one in before)
    if last.start_s is not None and last.end_s is None and not deep:
        what = f"The lowering from {last.start_s:.1f} s on, after which nobody stands up again,"
        yield len(movements) - 1, _not_counted("put down", what)


def _turned(movements: Sequence[MovementTraits]) -> Found:
    """Yield movements of somebody turned to the camera or away, beside a set seen from the side."""
    views = [0.0 if np.isnan(one.view_deg) else one.view_deg for one in movements]
    # Grouped at sudden changes, as a camera carried round the person changes the view slowly.
    groups = [[0]]
    for i, (before, after) in enumerate(pairwise(views), 1):
        if abs(after - before) > TURNED_DEG:
            groups.append([])
        groups[-1].append(i)
    usual = [float(np.median([views[i] for i in group])) for group in groups]
    whole = [any(movements[i].kind == "full" for i in group) for group in groups]
    best = min((view for view, known in zip(usual, whole, strict=True) if known), default=np.inf)
    for group, view in zip(groups, usual, strict=True):
        if view > best + TURNED_DEG:
            why = "the person is not seen from the side there"
            yield from ((i, _because(movements[i], "turned away", why)) for i in group)


def _seated(movements: Sequence[MovementTraits]) -> Found:
    """Yield getting up from a seat at a clip's beginning, and rests on a seat between two sets."""
    for i, one in enumerate(movements):
        if one.start_s is None and i == 0:
            if one.sat_s >= GETTING_UP_S and not _as_low_as(one, movements[1:]):
                what = f"Getting up from a seat, at {one.bottom_s:.1f} s,"
                yield i, _not_counted("getting up", what)
        elif one.kind == "full" and one.sat_s >= RESTING_S:
            yield i, _not_counted("sitting", f"Sitting, at {one.bottom_s:.1f} s,")


def _as_low_as(one: MovementTraits, others: Sequence[MovementTraits]) -> bool:
    """Return whether whole movements end as `one` begins: the seat is the bottom of a squat."""
    bends = [other.bottom_deg for other in others if other.kind == "full"]
    if not bends:
        return False
    off_deg = np.abs(np.median(bends, axis=0) - one.bottom_deg)
    return bool((off_deg < OTHERWISE_DEG).all())


def _elsewhere(movements: Sequence[MovementTraits]) -> Found:
    """Yield single movements from which the person walked to the place of the set, or vice versa.

    A bar is taken from its stand, or something is fetched. The same movement in the place of the
    set counts.
    """
    groups: list[list[int]] = [[0]]
    for i, (before, after) in enumerate(pairwise(movements), 1):
        if dist(before.place, after.place) > STEP_LENGTHS and after.stride > STRIDE_LENGTHS:
            groups.append([])
        groups[-1].append(i)
    if max(map(len, groups)) < SET_REPS:
        return
    for group in groups:
        if len(group) == 1:
            one = movements[group[0]]
            yield group[0], _because(one, "away from the set", "it was done away from the set")


def _without_stick(movements: Sequence[MovementTraits]) -> Found:
    """Yield movements without the stick before and after a set with it: to fetch or put it down."""
    held = [i for i, one in enumerate(movements) if one.hands_behind >= WITH_STICK_SHARE]
    if len(held) < SET_REPS:
        return
    why = "the stick is not in the hands yet, or no more"
    for i, one in enumerate(movements):
        if one.hands_behind < WITHOUT_STICK_SHARE and not held[0] < i < held[-1]:
            yield i, _because(one, "without the stick", why)


def _unlike_the_set(movements: Sequence[MovementTraits]) -> Found:
    """Yield movements with the hands elsewhere and the body bent otherwise, or held for longer.

    A bottle is picked up, a shoe tied, a muscle stretched; the hands rest on the knees. Hands that
    are held behind the back do nothing, wherever the pose model sees them.
    """
    full = [i for i, one in enumerate(movements) if one.kind == "full"]
    if len(full) <= SET_REPS:
        return
    hands = np.array([[movements[i].hands_bottom, movements[i].hands_rising] for i in full])
    bends = np.array([movements[i].bottom_deg for i in full])
    bent_s = np.array([movements[i].bent_s for i in full])
    for k, i in enumerate(full):
        # In the picture and on the trunk, at the bottom (N,) and in rising.
        way = np.linalg.norm((hands - hands[k]).reshape(-1, 2, 2, 2), axis=3)
        with np.errstate(invalid="ignore"):
            elsewhere = (way >= ELSEWHERE_LENGTHS).all(axis=2)
            otherwise = (np.abs(bends - bends[k]) >= OTHERWISE_DEG).any(axis=1)
        longer = bent_s[k] >= bent_s + LONGER_S
        unlike = (elsewhere.all(axis=1) & otherwise) | (elsewhere.any(axis=1) & longer)
        alike = len(full) - 1 - np.count_nonzero(unlike)
        behind = movements[i].hands_behind >= WITH_STICK_SHARE
        if not behind and alike < ALIKE_SHARE * (len(full) - 1):
            why = "hands and body do something else than in the set"
            yield i, _because(movements[i], "something else", why)


def _hardly_bent(movements: Sequence[MovementTraits]) -> Found:
    """Yield movements in which the hips hardly bend, beside repetitions in which they do."""
    bends_deg = [one.bottom_deg[0] for one in movements]
    for i, one in enumerate(movements):
        whole = [k for k, other in enumerate(movements) if k != i and other.kind == "full"]
        others = [bends_deg[k] for k in whole]
        if len(others) > 1 and one.bottom_deg[0] < SLIGHT_SHARE * float(np.median(others)):
            yield i, _because(one, "hardly bent", "the hips hardly bend there")


def _picked_up(movements: Sequence[MovementTraits]) -> Found:
    """Yield a first movement that picks up the weight for a set of hinges with it."""
    first, *rest = movements
    others = sorted((one.bottom_deg[1] for one in rest if one.kind == "full"), reverse=True)
    # One of the others may put it down.
    if first.kind != "full" or len(others) < SET_REPS or not first.hands_low < FLOOR_LENGTHS:
        return
    deeper = first.bottom_deg[1] - others[1] >= PICKING_UP_DEG
    if deeper and _off(
        first.hands_before[:2], [one.hands_before[:2] for one in rest], EMPTY_LENGTHS
    ):
        yield 0, _because(first, "picked up", "something is picked up for the set")


def _set_down(movements: Sequence[MovementTraits]) -> Found:
    """Yield a last movement in which a weight was set down, and the person rose without it.

    Told by two signs of three: the hands are elsewhere on the way up, and afterwards, and letting
    go takes its time.
    """
    last = movements[-1]
    done = [one for one in movements[:-1] if one.kind == "full"]
    if last.kind != "full" or len(done) < SET_REPS - 1 or not last.hands_low < FLOOR_LENGTHS:
        return
    # Hands that hold a weight hang from the shoulders; in squats the arms may be in front.
    ahead, up = np.median([one.hands_bottom[:2] for one in done], axis=0)
    if ahead > -up:
        return
    # The first may be held for long, as a weight on the floor is gripped.
    held_s, bent_s = np.median([(one.held_s, one.bent_s) for one in done[1:] or done], axis=0)
    signs = (
        _off(last.hands_after[:2], [one.hands_after[:2] for one in done], EMPTY_LENGTHS),
        _off(last.hands_rising[:1], [one.hands_rising[:1] for one in done], EMPTY_RISING_LENGTHS),
        last.held_s > max(held_s + LETTING_GO_S, held_s * LETTING_GO_RATIO)
        or last.bent_s > bent_s + LONGER_S,
    )
    if sum(signs) > 1:
        yield len(movements) - 1, _because(last, "put down", "the hands let go of the weight there")


def _off(place: Place, usual: Sequence[Place], least: float) -> bool:
    """Return whether hands are off their `usual` places by `least`, and more than these vary."""
    known = [one for one in usual if np.isfinite(one).all()]
    if not known:
        return False
    middle = tuple(np.median(known, axis=0))
    spread = float(np.median([dist(one, middle) for one in known]))
    return dist(place, middle) > max(least, EMPTY_SPREADS * spread)


Rule = Callable[[Sequence[MovementTraits]], Found]
RULES: tuple[Rule, ...] = (
    _last_lowering,
    _turned,
    _seated,
    _hardly_bent,
    _elsewhere,
    _without_stick,
    _unlike_the_set,
    _picked_up,
    _set_down,
)
