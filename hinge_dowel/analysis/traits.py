"""Measures a movement down and up: the numbers that tell whether it is a repetition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from hinge_dowel.analysis.back_points import Spine
from hinge_dowel.analysis.framing import usual_view_deg
from hinge_dowel.analysis.posture import Posture
from hinge_dowel.analysis.repetitions import FLAT_SHARE, Kind, RepSpan
from hinge_dowel.analysis.time_series import (
    bottom_frames,
    frames_between,
    known_median,
    runs,
    smooth,
)
from hinge_dowel.body.array_types import Array, Mask
from hinge_dowel.body.landmarks import ANKLES, SHOULDERS, WRISTS
from hinge_dowel.body.limbs import hands_behind
from hinge_dowel.body.trunk import forward_of, trunk_frame

SEAT_TRUNK_DEG, SEAT_HIP_DEG, SEAT_KNEE_DEG = 25.0, 50.0, 60.0
"""A person sits with the trunk pitched by less than the first, hips and knees bent by more than the
others. Lifts from the floor begin at a pitch of 42 and more. Half and twice of each are steady."""
TOP_S = 0.6
"""Time before and after a movement in which the hands of the standing person are looked for."""
BENT_SHARE = 0.4
"""A person is bent beyond this share of a movement's depth: resting on the way down, too."""
RISING_SHARES = (0.5, 0.85)
"""Shares of a movement's depth between which hands on the way up are measured: the weight is off
the floor, and a person who has let go of it has not straightened up."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One unbroken stretch of a film, in which movements are measured.

    `view_deg` (T,) is the angle from side-on; `feet` (T, 2, 2) the ankles' places in the picture,
    in trunk lengths; `hands_behind` (T,) marks frames with the hands behind the back.
    `hands_low` (T,) is the height of the lower hand above the ankles, `hands` (T, 4) the hands'
    mean place from the shoulders, forward and up in the picture, then forward and up along the
    trunk, in trunk lengths. NaN where not seen.
    """

    motion: Posture
    view_deg: Array
    feet: Array
    hands_behind: Array | Mask
    hands_low: Array
    hands: Array

    @classmethod
    def unseen(cls, motion: Posture) -> Scene:
        """Make it of a motion without a picture."""
        unseen = np.full((len(motion.time_s), 4), np.nan)
        one = unseen[:, 0]
        return cls(motion, one, unseen.reshape(-1, 2, 2), one, one, unseen)

    @classmethod
    def of(cls, motion: Posture, found: Spine, right: Array) -> Scene:
        """Make it of landmarks (T, 33, 2 or more) in pixels, facing right, and their spine."""
        trunk_px = known_median(found.trunk_px)
        up = trunk_frame(right)[1]
        wrists, feet, shoulders = (
            right[:, list(pair), :2] / trunk_px for pair in (WRISTS, ANKLES, SHOULDERS)
        )
        low = feet[..., 1].mean(axis=1) - wrists[..., 1].max(axis=1)
        reach = (wrists - shoulders).mean(axis=1)
        along = [(reach * axis).sum(axis=1) for axis in (forward_of(up), up)]
        hands = np.stack([reach[:, 0], -reach[:, 1], *along], axis=1)
        # Smoothed, as in the dark joints are in a wrong place for a frame or two.
        steady = partial(np.apply_along_axis, partial(smooth, motion.time_s), 0)
        behind, low = hands_behind(right), steady(low)
        return cls(motion, found.view_angle_deg, steady(feet), behind, low, steady(hands))


Place = tuple[float, ...]
UNSEEN: Place = (np.nan, np.nan, np.nan, np.nan)


@dataclass(frozen=True, slots=True)
class MovementTraits:
    """The numbers of a movement down and up that decide whether it is a repetition.

    Times as in `RepSpan`, seconds. `view_deg` is the angle from side-on; `sat_s` the longest time
    of sitting in it (before its bottom, if the start is not seen); `place` the feet's place in the
    picture and `stride` how much their distance varied since the movement before, both in trunk
    lengths; `hands_behind` the share of frames with the hands behind the back; `held_s` the time at
    the bottom, `bent_s` that deeper than `BENT_SHARE`; `bottom_deg` hip, knee and trunk at the
    bottom; `hands_low` the lowest height of a hand above the ankles; the others that begin so are
    places as in `Scene.hands`: before it, at its bottom, in the deeper half of the way up, after
    it. NaN where not seen.
    """

    start_s: float | None
    bottom_s: float
    end_s: float | None
    kind: Kind = "full"
    view_deg: float = np.nan
    sat_s: float = 0.0
    place: Place = (np.nan, np.nan)
    stride: float = np.nan
    hands_behind: float = np.nan
    held_s: float = 0.0
    bent_s: float = 0.0
    bottom_deg: Place = (np.nan, np.nan, np.nan)
    hands_low: float = np.nan
    hands_before: Place = UNSEEN
    hands_bottom: Place = UNSEEN
    hands_rising: Place = UNSEEN
    hands_after: Place = UNSEEN


def measured(spans: Sequence[RepSpan], scene: Scene) -> tuple[MovementTraits, ...]:
    """Measure the movements of a stretch for the rules."""
    return tuple(
        _measured(span, scene, spans[i - 1] if i else None) for i, span in enumerate(spans)
    )


def _measured(span: RepSpan, scene: Scene, before: RepSpan | None) -> MovementTraits:
    motion, view_deg = scene.motion, scene.view_deg[span.frames]
    bottom = bottom_frames(motion.time_s, span)
    angles = (motion.hip_deg, motion.knee_deg, motion.trunk_deg)
    before_it, at_bottom, rising, after_it = _hands(span, scene)
    everywhere = np.ones(len(view_deg), dtype=bool)
    return MovementTraits(
        start_s=span.start_s,
        bottom_s=span.bottom_s,
        end_s=span.end_s,
        kind=span.kind,
        view_deg=usual_view_deg(view_deg, motion.trunk_deg[span.frames], everywhere),
        sat_s=_sat_s(span, motion),
        place=_middle(scene.feet[span.frames].mean(axis=1)),
        stride=_stride(before, span, scene),
        hands_behind=float(scene.hands_behind[span.frames].mean()),
        held_s=_deeper_s(span, motion, 1 - FLAT_SHARE),
        bent_s=_deeper_s(span, motion, BENT_SHARE),
        bottom_deg=tuple(known_median(angle[bottom]) for angle in angles),
        hands_low=float(np.fmin.reduce(scene.hands_low[span.frames])),
        hands_before=before_it,
        hands_bottom=at_bottom,
        hands_rising=rising,
        hands_after=after_it,
    )


def _sat_s(span: RepSpan, motion: Posture) -> float:
    """Return the longest time for which somebody sits in a movement, seconds."""
    inside = slice(0, span.bottom + 1) if span.start_s is None else span.frames
    with np.errstate(invalid="ignore"):
        sitting = motion.trunk_deg[inside] < SEAT_TRUNK_DEG
        sitting &= motion.hip_deg[inside] > SEAT_HIP_DEG
        sitting &= ~(motion.knee_deg[inside] < SEAT_KNEE_DEG)
    return _longest_s(motion.time_s[inside], sitting)


def _longest_s(time_s: Array, where: Mask) -> float:
    """Return the longest time for which `where` (N,) holds without a break, seconds."""
    return max((float(np.ptp(time_s[run])) for run in runs(where)), default=0.0)


def _stride(before: RepSpan | None, span: RepSpan, scene: Scene) -> float:
    """Return how much the feet's distance in the picture varied since the movement before."""
    if before is None:
        return np.nan
    between = scene.feet[before.last : span.first + 1]
    apart = between[:, 1] - between[:, 0]
    apart = apart[np.isfinite(apart).all(axis=1)]
    return float(np.ptp(apart[:, 0])) if len(apart) else np.nan


def _deep(span: RepSpan, motion: Posture, share: float) -> Mask:
    """Return a mask of a movement's frames deeper than this share of its depth."""
    hip_deg = motion.hip_deg[span.frames]
    with np.errstate(invalid="ignore"):
        return np.asarray(hip_deg > share * np.nanmax(hip_deg, initial=0.0))


def _deeper_s(span: RepSpan, motion: Posture, share: float) -> float:
    """Return the longest time deeper than this share of a movement's depth, seconds."""
    return _longest_s(motion.time_s[span.frames], _deep(span, motion, share))


def _hands(span: RepSpan, scene: Scene) -> tuple[Place, ...]:
    """Return where the hands are before, at the bottom of, rising in and after a movement."""
    time_s, motion = scene.motion.time_s, scene.motion
    least, most = RISING_SHARES
    rising = _deep(span, motion, least) & ~_deep(span, motion, most)
    rising[: span.bottom - span.first] = False
    start_s, end_s = (np.nan if t is None else t for t in (span.start_s, span.end_s))
    moments = (
        scene.hands[frames_between(time_s, start_s - TOP_S, start_s)],
        scene.hands[bottom_frames(time_s, span)],
        scene.hands[span.frames][rising],
        scene.hands[frames_between(time_s, end_s, end_s + TOP_S)],
    )
    return tuple(_middle(moment) for moment in moments)


def _middle(values: Array) -> Place:
    """Return the medians (K,) of values (N, K), NaN without any."""
    known = values[np.isfinite(values).all(axis=1)]
    return tuple(np.median(known, axis=0).tolist() if len(known) else [np.nan] * known.shape[1])
