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
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.analysis.back_points import Spine
from hinge_dowel.analysis.framing import usual_view_deg
from hinge_dowel.analysis.posture import Posture, runs, smooth
from hinge_dowel.analysis.repetitions import SET_REPS, Kind, RepSpan
from hinge_dowel.body.landmarks import ANKLES, KNEES, WRISTS
from hinge_dowel.body.limbs import hands_behind
from hinge_dowel.verdict import Facing

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

TURNED_DEG = 15.0
"""A movement seen this much more obliquely than the repetition most from the side is done by
somebody turned to the camera or away: within the sets of 60 real clips views differ by 8 at most;
rendered people who face the camera are measured at 25 and more above their view from the side."""
SEAT_TRUNK_DEG, SEAT_HIP_DEG, SEAT_KNEE_DEG = 25.0, 50.0, 60.0
"""A person sits with the trunk pitched by less than the first, hips and knees bent by more than the
others. Lifts from the floor begin at a pitch of 42 and more. Half and twice of each are steady."""
GETTING_UP_S, RESTING_S = 0.5, 10.0
"""Least time of sitting in getting up, where a clip begins with it, and in a rest between two sets:
on the box of a box squat people sit for a second or two, and slow squats with a pause take four.
Half and twice of either are steady."""
NEAR_KNEE_LENGTHS, BENT_REST_S = 0.35, 5.0
"""A person with a hand this near to a knee, in trunk lengths, for this long leans on the knees and
rests: in 201 movements of real, sample and rendered people a wrist is within 0.3 for 1.9 s at most,
in a bar's slow way past the knees."""
WITH_STICK_SHARE, WITHOUT_STICK_SHARE = 0.5, 0.2
"""Share of the frames with the hands behind the back: from the first on, in a repetition with a
stick held there; below the second, in a movement to fetch the stick. Choices: half and twice of
either are steady."""
STEP_LENGTHS, STRIDE_LENGTHS = 0.4, 0.5
"""A person has walked whose feet have moved by the first, their distance having varied by the
second, in trunk lengths of 50 cm. In standing through a set the real clips reach 0.08 and 0.16."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One unbroken stretch of a film, in which movements are measured.

    `view_deg` (T,) is the angle from side-on; `feet` (T, 2, 2) the ankles' places in the picture,
    in trunk lengths; `hands_behind` (T,) marks frames with the hands behind the back; `to_knee`
    (T,) is the distance of the nearer hand from its knee, in trunk lengths. NaN where not seen,
    None where there is no picture.
    """

    motion: Posture
    view_deg: Array | None = None
    feet: Array | None = None
    hands_behind: Mask | None = None
    to_knee: Array | None = None

    @classmethod
    def of(
        cls, motion: Posture, found: Spine, landmarks: NDArray[np.floating], facing: Facing
    ) -> Scene:
        """Make it of landmarks (T, 33, 2 or more) in pixels, and the spine estimated from them."""
        known = found.trunk_px[np.isfinite(found.trunk_px)]
        trunk_px = float(np.median(known)) if len(known) else np.nan
        feet = landmarks[:, list(ANKLES), :2].astype(float) / trunk_px
        # Smoothed, as in the dark ankles are in a wrong place for a frame or two.
        feet = np.apply_along_axis(partial(smooth, motion.time_s), 0, feet)
        reach = (landmarks[:, list(WRISTS), :2] - landmarks[:, list(KNEES), :2]) / trunk_px
        to_knee = np.linalg.norm(reach.astype(float), axis=-1).min(axis=1)
        behind = hands_behind(landmarks, facing)
        return cls(motion, found.view_angle_deg, feet, behind, to_knee)


@dataclass(frozen=True, slots=True)
class MovementTraits:
    """The numbers of a movement down and up that decide whether it is a repetition.

    Times as in `RepSpan`, seconds. `view_deg` is the angle from side-on; `sat_s` the longest time
    of sitting in it (before its bottom, if the start is not seen); `place` the feet's place in the
    picture and `stride` how much their distance varied since the movement before, both in trunk
    lengths; `hands_behind` the share of frames with the hands behind the back; `leant_s` the
    longest time with a hand at a knee. NaN where not seen.
    """

    start_s: float | None
    bottom_s: float
    end_s: float | None
    kind: Kind = "full"
    view_deg: float = np.nan
    sat_s: float = 0.0
    place: tuple[float, float] = (np.nan, np.nan)
    stride: float = np.nan
    hands_behind: float = np.nan
    leant_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Aside:
    """Why a movement is no repetition: in a few words for a screen, and as a sentence."""

    short: str
    sentence: str


SetApart = Callable[[Sequence[RepSpan], Scene], tuple[tuple[RepSpan, ...], tuple[str, ...]]]
"""A function like `set_apart`, which separates repetitions from other movements."""


def set_apart(
    spans: Sequence[RepSpan], scene: Scene
) -> tuple[tuple[RepSpan, ...], tuple[str, ...]]:
    """Return the repetitions of a stretch, and a sentence on each movement that is none."""
    odd = asides(measured(spans, scene))
    rest = tuple(span for i, span in enumerate(spans) if i not in odd)
    return rest, tuple(odd[i].sentence for i in sorted(odd))


def measured(spans: Sequence[RepSpan], scene: Scene) -> tuple[MovementTraits, ...]:
    """Measure the movements of a stretch for the rules."""
    return tuple(
        MovementTraits(
            span.start_s,
            span.bottom_s,
            span.end_s,
            span.kind,
            _view_deg(span, scene),
            _sat_s(span, scene.motion),
            _place(span, scene),
            _stride(spans[i - 1], span, scene) if i else np.nan,
            _hands_behind(span, scene),
            _leant_s(span, scene),
        )
        for i, span in enumerate(spans)
    )


def asides(movements: Sequence[MovementTraits], *, going_on: bool = False) -> Mapping[int, Aside]:
    """Return the movements of a stretch that are no repetitions, by index, and why.

    While a session is `going_on` more may follow: the rule on the last movement does not apply, and
    the place of the last movement may still become that of a set.
    """
    told: dict[int, Aside] = {}
    rest = list(range(len(movements)))
    for rule in RULES[1:] if going_on else RULES:
        left = [movements[i] for i in rest]
        odd = dict(rule(left)) if len(rest) > 1 else {}
        if going_on and rule is _elsewhere:
            odd.pop(len(rest) - 1, None)
        if len(odd) < len(rest):
            told |= {rest[i]: why for i, why in odd.items()}
            rest = [k for i, k in enumerate(rest) if i not in odd]
    return told


Odd = Iterator[tuple[int, Aside]]
"""Movements that are no repetitions: index, and why."""


def _aside(short: str, what: str, why: str = "") -> Aside:
    return Aside(short, f"{what} is not counted as a repetition{f': {why}' if why else ''}.")


def _no_rep(movement: MovementTraits, short: str, why: str) -> Aside:
    return _aside(short, f"The movement at {movement.bottom_s:.1f} s", why)


def _last_lowering(movements: Sequence[MovementTraits]) -> Odd:
    """Yield a last lowering without a rise: something is put down, or the film ends in it."""
    last = movements[-1]
    if last.start_s is not None and last.end_s is None:
        what = f"The lowering from {last.start_s:.1f} s on, after which nobody is seen to rise,"
        yield len(movements) - 1, _aside("put down", what)


def _turned(movements: Sequence[MovementTraits]) -> Odd:
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
            yield from ((i, _no_rep(movements[i], "turned away", why)) for i in group)


def _view_deg(span: RepSpan, scene: Scene) -> float:
    """Return the angle from side-on of a movement."""
    if scene.view_deg is None:
        return np.nan
    view_deg, trunk_deg = scene.view_deg[span.frames], scene.motion.trunk_deg[span.frames]
    return usual_view_deg(view_deg, trunk_deg, np.ones(len(view_deg), dtype=bool))


def _seated(movements: Sequence[MovementTraits]) -> Odd:
    """Yield getting up from a seat at a clip's beginning, and rests on a seat between two sets."""
    for i, one in enumerate(movements):
        if one.start_s is None and i == 0:
            if one.sat_s >= GETTING_UP_S:
                what = f"Getting up from a seat, at {one.bottom_s:.1f} s,"
                yield i, _aside("getting up", what)
        elif one.kind == "full" and one.sat_s >= RESTING_S:
            yield i, _aside("sitting", f"Sitting, at {one.bottom_s:.1f} s,")


def _sat_s(span: RepSpan, motion: Posture) -> float:
    """Return the longest time for which somebody sits in a movement, seconds."""
    inside = slice(0, span.bottom + 1) if span.start_s is None else span.frames
    with np.errstate(invalid="ignore"):
        sitting = (motion.trunk_deg < SEAT_TRUNK_DEG) & (motion.hip_deg > SEAT_HIP_DEG)
        sitting &= ~(motion.knee_deg < SEAT_KNEE_DEG)
    return _longest_s(motion.time_s, sitting, inside)


def _longest_s(time_s: Array, where: Mask, inside: slice) -> float:
    """Return the longest time for which `where` (T,) holds without a break, seconds."""
    time = time_s[inside]
    return max((float(np.ptp(time[run])) for run in runs(where[inside])), default=0.0)


def _leaning(movements: Sequence[MovementTraits]) -> Odd:
    """Yield rests between two sets, bent over with the hands on the knees."""
    usual_s = float(np.median([one.leant_s for one in movements]))
    for i, one in enumerate(movements):
        if one.leant_s >= BENT_REST_S and usual_s < BENT_REST_S / 2:
            yield i, _no_rep(one, "resting", "the hands rest on the knees")


def _leant_s(span: RepSpan, scene: Scene) -> float:
    """Return the longest time for which a hand is at a knee in a movement, seconds."""
    if scene.to_knee is None:
        return 0.0
    with np.errstate(invalid="ignore"):
        near = scene.to_knee < NEAR_KNEE_LENGTHS
    return _longest_s(scene.motion.time_s, near, span.frames)


def _elsewhere(movements: Sequence[MovementTraits]) -> Odd:
    """Yield single movements from which the person walked to the place of the set, or vice versa.

    A bar is taken from its stand, or something is fetched. The same movement in the place of the
    set counts.
    """
    groups: list[list[int]] = [[0]]
    for i, (before, after) in enumerate(pairwise(movements), 1):
        if _walked(before, after):
            groups.append([])
        groups[-1].append(i)
    if max(map(len, groups)) < SET_REPS:
        return
    for group in groups:
        if len(group) == 1:
            one = movements[group[0]]
            yield group[0], _no_rep(one, "away from the set", "it was done away from the set")


def _walked(before: MovementTraits, after: MovementTraits) -> bool:
    """Return whether the person walked between two successive movements."""
    moved = float(np.linalg.norm(np.subtract(after.place, before.place)))
    return moved > STEP_LENGTHS and after.stride > STRIDE_LENGTHS


def _place(span: RepSpan, scene: Scene) -> tuple[float, float]:
    """Return the median place of the feet in a movement."""
    if scene.feet is None:
        return np.nan, np.nan
    middle = scene.feet[span.frames].mean(axis=1)
    middle = middle[np.isfinite(middle).all(axis=1)]
    if not len(middle):
        return np.nan, np.nan
    across, down = np.median(middle, axis=0)
    return float(across), float(down)


def _stride(before: RepSpan, span: RepSpan, scene: Scene) -> float:
    """Return how much the feet's distance in the picture varied since the movement before."""
    if scene.feet is None:
        return np.nan
    between = scene.feet[before.last : span.first + 1]
    apart = between[:, 1] - between[:, 0]
    apart = apart[np.isfinite(apart).all(axis=1)]
    return float(np.ptp(apart[:, 0])) if len(apart) else np.nan


def _hands_behind(span: RepSpan, scene: Scene) -> float:
    """Return the share of a movement with the hands behind the back."""
    return np.nan if scene.hands_behind is None else float(scene.hands_behind[span.frames].mean())


def _without_stick(movements: Sequence[MovementTraits]) -> Odd:
    """Yield movements without the stick before and after a set with it: to fetch or put it down."""
    held = [i for i, one in enumerate(movements) if one.hands_behind >= WITH_STICK_SHARE]
    if len(held) < SET_REPS:
        return
    why = "the stick is not in the hands yet, or no more"
    for i, one in enumerate(movements):
        if one.hands_behind < WITHOUT_STICK_SHARE and not held[0] < i < held[-1]:
            yield i, _no_rep(one, "without the stick", why)


RULES: tuple[Callable[[Sequence[MovementTraits]], Odd], ...] = (
    _last_lowering,
    _turned,
    _seated,
    _leaning,
    _elsewhere,
    _without_stick,
)
