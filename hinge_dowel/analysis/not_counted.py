"""Movements that look like a repetition and are none: each is left out, and told as what it is.

A clip shows more than its set: somebody gets up from a chair, takes a bar from its stand, sits down
to rest, turns to the camera, puts the weight down. Only what stands beside repetitions is left out.
Alone, a movement is what the clip is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.analysis.back_points import Spine
from hinge_dowel.analysis.posture import Posture
from hinge_dowel.analysis.repetitions import RepLimits, RepSpan
from hinge_dowel.body.landmarks import ANKLES
from hinge_dowel.body.limbs import hands_behind
from hinge_dowel.verdict import Facing

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

TURNED_DEG = 15.0
"""Seen so much more obliquely than the repetition that is most from the side, a movement is done by
somebody turned to the camera or away: within the sets of 60 real clips views differ by 8 at most,
rendered people who face the camera come out 25 and more above those they show from the side."""
UPRIGHT_DEG = 60.0
"""Less pitched than this the view is known twice as well as more pitched."""
SEAT_TRUNK_DEG, SEAT_HIP_DEG, SEAT_KNEE_DEG = 25.0, 50.0, 60.0
"""A sitting person's trunk is pitched less than the first, hips and knees bent by more than the
others. Lifts from the floor begin at a pitch of 42 and more."""
GETTING_UP_S, RESTING_S = 0.5, 10.0
"""How long somebody sits before getting up, where a clip begins with it, and at least between two
sets: on the box of a box squat people sit for a second or two, and slow squats with a pause take
four."""
WITH_STICK, WITHOUT_STICK = 0.5, 0.2
"""In at least the first share of a repetition the hands are behind the back, as those of somebody
who holds a stick there; of a movement for which it was fetched, in less than the second."""
STEP_LENGTHS, STRIDE_LENGTHS = 0.4, 0.5
"""A person who walked has moved by the first and put one foot before the other by the second, in
trunk lengths of 50 cm. Standing through a set the real clips come to 0.08 and 0.16."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One unbroken stretch of a film: what to judge a movement by.

    `view_deg` (T,) how far from side-on the person is seen; `feet` (T, 2, 2) where the ankles are
    in the picture, in lengths of the trunk, `hands_behind` (T,) where the hands are behind the
    back. NaN where not seen, None where there is no picture.
    """

    motion: Posture
    view_deg: Array | None = None
    feet: Array | None = None
    hands_behind: Mask | None = None

    @classmethod
    def of(
        cls, motion: Posture, found: Spine, landmarks: NDArray[np.floating], facing: Facing
    ) -> Scene:
        """Of landmarks (T, 33, 2 or more) in pixels, and the spine that was found in them."""
        known = found.trunk_px[np.isfinite(found.trunk_px)]
        trunk_px = float(np.median(known)) if len(known) else np.nan
        feet = landmarks[:, list(ANKLES), :2].astype(float) / trunk_px
        return cls(motion, found.view_angle_deg, feet, hands_behind(landmarks, facing))


def set_apart(
    spans: Sequence[RepSpan], scene: Scene
) -> tuple[tuple[RepSpan, ...], tuple[str, ...]]:
    """The repetitions of a stretch, and a sentence on each movement that is none of them."""
    told: list[tuple[float, str]] = []
    rest = tuple(spans)
    for rule in RULES:
        odd = dict(rule(rest, scene)) if len(rest) > 1 else {}
        if len(odd) < len(rest):
            told += [(rest[i].bottom_s, words) for i, words in odd.items()]
            rest = tuple(span for i, span in enumerate(rest) if i not in odd)
    return rest, tuple(words for _, words in sorted(told))


Odd = Iterator[tuple[int, str]]
"""Which movements are no repetitions, by their place among them, and what to say of each."""


def _last_lowering(spans: Sequence[RepSpan], _: Scene) -> Odd:
    """A last lowering after which nobody rises: something is put down, or the film ends in it."""
    last = spans[-1]
    if last.start_s is not None and last.end_s is None:
        yield (
            len(spans) - 1,
            f"The lowering from {last.start_s:.1f} s on, after which nobody is seen to rise, is "
            "not counted as a repetition.",
        )


def _turned(spans: Sequence[RepSpan], scene: Scene) -> Odd:
    """Movements of somebody turned to the camera or away, beside a set seen from the side."""
    if scene.view_deg is None:
        return
    views = [_view_deg(span, scene.view_deg, scene.motion.trunk_deg) for span in spans]
    # A camera that is carried round the person changes the view too, but little by little.
    groups = [[0]]
    for i, (before, after) in enumerate(pairwise(views), 1):
        if abs(after - before) > TURNED_DEG:
            groups.append([])
        groups[-1].append(i)
    usual = [float(np.median([views[i] for i in group])) for group in groups]
    whole = [any(spans[i].kind == "full" for i in group) for group in groups]
    best = min((view for view, known in zip(usual, whole, strict=True) if known), default=np.inf)
    for group, view in zip(groups, usual, strict=True):
        for i in group if view > best + TURNED_DEG else ():
            yield (
                i,
                f"The movement at {spans[i].bottom_s:.1f} s is not counted as a repetition: the "
                "person is not seen from the side there.",
            )


def _view_deg(span: RepSpan, view_deg: Array, trunk_deg: Array) -> float:
    """How far from side-on a movement is seen; of its upright moments, if it has any."""
    inside = slice(span.first, span.last + 1)
    view, trunk = view_deg[inside], trunk_deg[inside]
    known = np.isfinite(view)
    with np.errstate(invalid="ignore"):
        upright = known & (trunk < UPRIGHT_DEG)
    if not known.any():
        return 0.0
    return float(np.median(view[upright if upright.any() else known]))


def _seated(spans: Sequence[RepSpan], scene: Scene) -> Odd:
    """Getting up from a seat with which a clip begins, and a rest on one between two sets."""
    motion = scene.motion
    with np.errstate(invalid="ignore"):
        sitting = (motion.trunk_deg < SEAT_TRUNK_DEG) & (motion.hip_deg > SEAT_HIP_DEG)
        sitting &= ~(motion.knee_deg < SEAT_KNEE_DEG)
    for i, span in enumerate(spans):
        if span.start_s is None and i == 0:
            if _longest_s(motion.time_s, sitting, slice(0, span.bottom + 1)) >= GETTING_UP_S:
                yield (
                    i,
                    f"Getting up from a seat, at {span.bottom_s:.1f} s, is not counted as a "
                    "repetition.",
                )
        elif span.kind == "full":
            inside = slice(span.first, span.last + 1)
            if _longest_s(motion.time_s, sitting, inside) >= RESTING_S:
                yield i, f"Sitting, at {span.bottom_s:.1f} s, is not counted as a repetition."


def _longest_s(time_s: Array, where: Mask, inside: slice) -> float:
    """The longest time for which `where` holds throughout, seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], where[inside], [False]]).astype(int)))
    time = time_s[inside]
    runs = [time[stop - 1] - time[first] for first, stop in edges.reshape(-1, 2)]
    return float(max(runs, default=0.0))


def _elsewhere(spans: Sequence[RepSpan], scene: Scene) -> Odd:
    """A lone movement from which the person walked to where the set is done, or away from it.

    A bar is taken from its stand, something is fetched. The same movement where the set is done
    counts.
    """
    if scene.feet is None:
        return
    groups: list[list[int]] = [[0]]
    for i, (before, after) in enumerate(pairwise(spans), 1):
        if _walked(before, after, scene.feet):
            groups.append([])
        groups[-1].append(i)
    if max(map(len, groups)) < RepLimits().set_reps:
        return
    for group in groups:
        if len(group) == 1:
            yield (
                group[0],
                f"The movement at {spans[group[0]].bottom_s:.1f} s is not counted as a repetition: "
                "it was done away from the set.",
            )


def _walked(before: RepSpan, after: RepSpan, feet: Array) -> bool:
    """Whether the feet have changed places between two movements, one before the other."""
    middle, apart = feet.mean(axis=1), feet[:, 1] - feet[:, 0]

    def place(span: RepSpan) -> Array:
        seen = middle[span.first : span.last + 1]
        seen = seen[np.isfinite(seen).all(axis=1)]
        return np.median(seen, axis=0) if len(seen) else np.full(2, np.nan)

    between = apart[before.last : after.first + 1]
    between = between[np.isfinite(between).all(axis=1)]
    if not len(between):
        return False
    moved = float(np.linalg.norm(place(after) - place(before)))
    return moved > STEP_LENGTHS and float(np.ptp(between[:, 0])) > STRIDE_LENGTHS


def _without_stick(spans: Sequence[RepSpan], scene: Scene) -> Odd:
    """What is done without the stick before and after a set with it: it is fetched, or put down."""
    if scene.hands_behind is None:
        return
    shares = [float(scene.hands_behind[s.first : s.last + 1].mean()) for s in spans]
    held = [i for i, share in enumerate(shares) if share >= WITH_STICK]
    if len(held) < RepLimits().set_reps:
        return
    for i, (span, share) in enumerate(zip(spans, shares, strict=True)):
        if share < WITHOUT_STICK and not held[0] < i < held[-1]:
            yield (
                i,
                f"The movement at {span.bottom_s:.1f} s is not counted as a repetition: the stick "
                "is not in the hands yet, or no more.",
            )


RULES: tuple[Callable[[Sequence[RepSpan], Scene], Odd], ...] = (
    _last_lowering,
    _turned,
    _seated,
    _elsewhere,
    _without_stick,
)
