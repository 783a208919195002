"""Judging: the faults and notes of each repetition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from hinge_dowel.analysis.doubt import intervals_of, told_intervals, unsure_notes
from hinge_dowel.analysis.frame_series import trace
from hinge_dowel.analysis.limits import has_fault, told_by_thighs
from hinge_dowel.analysis.measures import Measures, MeasureSeries, measures_of
from hinge_dowel.analysis.posture import ANGLES, Posture
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.rules import HINGE, STRAY_OF, UNSURE_NOTE_OF, ChosenRules, Rules
from hinge_dowel.analysis.technique import applied_limits, facts_of, technique_notes
from hinge_dowel.analysis.three_points import which_end
from hinge_dowel.analysis.time_series import (
    SMOOTHING_S,
    bottom_inside,
    frames_within,
    median_at,
)
from hinge_dowel.body.array_types import Array, Floats, Indices, Mask
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import FAULTS, Facing, Rep, Strays, Verdict

MARGIN_DEG = 6.0
"""An angle elsewhere in a rep must exceed that at its bottom by this much to count as the extreme:
the scatter of an angle between the frames of one rep. The bottom is slow and well seen; on the way,
pictures blur. With 4.8 and 7.5 a clip is judged otherwise; subtracting it from the angle elsewhere
lost the rounded back of a real lift, which was worst half way up."""
MARGIN_CM = 2.0
"""The same of strays of points along the back: what standing varies. Steady at 1 and 3."""
EQUAL_SHARE = 0.5
"""A rep is ambiguous where more than this share of its frames with an end off are. A choice."""
SEEN_SHARE = 0.5
"""Least share of a rep's frames that show an angle for it to be judged. A choice: 0.4 changes no
clip, 0.25 and 0.625 change one."""
HIDDEN_S = 0.5
"""An angle that is not seen within this time of the bottom is not known there: on the way it is
less. A choice: of 60 real clips none loses a head or a leg for so long."""

TOLD_MEASURES = (
    *("hip_travel_cm", "hip_travel_cm_per_10_deg"),
    *("weight_share", "knee_lead_s", "hip_knee_ratio"),
)
"""The measures that a `Rep` has whatever the exercise."""
ON_THE_FEET = ("weight_share", "knee_lead_s", "hip_knee_ratio", "thigh_above_level_deg")
"""The measures that mean nothing with the shanks on the floor."""


@dataclass(frozen=True, slots=True)
class Roughness:
    """What makes angles less exact than usual, as the view and the input do.

    `notes` are those of every repetition; `spare_deg` widens the limits of spine and neck.
    """

    notes: tuple[str, ...] = ()
    spare_deg: float = 0.0
    warnings: tuple[str, ...] = ()


PLAIN = Roughness()
AGAINST_NEUTRAL = frozenset({"spinal_flexion", "cervical_flexion"})
"""Faults that are named only past doubt where no standing is seen. Of 18 real clips of that kind
with flat backs, most of them rows, four are told 27 to 50 degrees, three of these within doubt; two
with rounded ones 49 and 68, past it."""


def judge_rep(
    motion: Posture,
    span: RepSpan,
    number: int,
    *,
    rules: Rules = HINGE,
    tolerances: Tolerances = DEFAULT,
    rough: Roughness = PLAIN,
    series: MeasureSeries | None = None,
) -> Rep:
    """Judge one repetition: return its angles, strays, measures, faults and notes.

    A fault is past its limit (`limits.has_fault`), and where no standing is seen those of
    `AGAINST_NEUTRAL` are past doubt; so is a rounded back in a plain squat, as the pelvis tucks
    under at the bottom of one and thighs hide the belly. Of points along the back (`check_points`)
    strays decide. Only faults and notes that `rules` include are reported, and those of `rough`.
    Without `series` the measures are None.
    """
    limits = applied_limits(motion, rules, tolerances, rough.spare_deg)
    bottom = bottom_inside(motion.time_s, span)
    angles = _angles(motion, span, bottom, limits)
    intervals = intervals_of(motion, span, bottom, angles)
    measures = Measures() if series is None else measures_of(motion, series, span)
    if not rules.legs:
        measures = replace(measures, **dict.fromkeys(ON_THE_FEET))
    thigh_deg = measures.thigh_above_level_deg if told_by_thighs(limits) else None
    figures: dict[str, Any] = {field: angles[name] for name, field in ANGLES.items()}
    figures |= {name: getattr(measures, name) for name in TOLD_MEASURES}
    rep = Rep(
        number=number,
        start_s=span.start_s,
        bottom_s=span.bottom_s,
        end_s=span.end_s,
        stray_cm=_strays(motion, span, bottom),
        intervals_deg=told_intervals(intervals, thigh_deg),
        deep_knee_deg=limits.get("deep_knee_deg", tolerances.deep_knee_deg),
        thigh_above_level_deg=thigh_deg,
        borderline_cm=tolerances.upper_back_stray_cm,
        **figures,
    )
    rep = replace(
        rep, faults=tuple(f for f in FAULTS if f in rules.faults and has_fault(rep, f, limits))
    )
    past_doubt = rules.sure_faults
    if motion.neutral == "assumed":
        past_doubt |= AGAINST_NEUTRAL
    if "squatting" in rep.sure_faults:
        past_doubt |= {"spinal_flexion"}
    faults = tuple(f for f in rep.faults if f not in past_doubt or f in rep.sure_faults)
    facts = facts_of(motion, span, rules, faults=faults, angles=angles, measures=measures)
    told = [
        *((span.kind,) if span.kind != "full" else ()),
        *technique_notes(facts, rules, limits),
        *(unsure_notes(rep, angles, intervals, rules, limits) if not motion.by_strays else ()),
        *(UNSURE_NOTE_OF[fault] for fault in rep.faults if fault not in faults),
        *rough.notes,
    ]
    return replace(rep, faults=faults, notes=tuple(dict.fromkeys(told)))


NO_STANDING = (
    "No standing is seen, so a typical posture stands in for this person's own: begin each clip "
    "standing still for two seconds."
)


def sum_up(
    clip: str,
    motion: Posture,
    spans: Sequence[RepSpan],
    facing: Facing,
    landmarks: Floats,
    *,
    tolerances: Tolerances,
    choice: ChosenRules,
    measures: MeasureSeries | None,
    size_px: tuple[int, int] | None = None,
    view_deg: float | None = None,
    rough: Roughness = PLAIN,
    warnings: tuple[str, ...] = (),
) -> Verdict:
    """Judge every repetition and return the verdict; faults of the reps decide its status.

    `landmarks` (T, N, 2 or more) are as the camera saw them, for the series.
    """
    judge = partial(
        judge_rep, motion, rules=choice.rules, tolerances=tolerances, rough=rough, series=measures
    )
    reps = [judge(span, number) for number, span in enumerate(spans, 1)]
    if motion.by_strays:
        reps = [_with_end_named(rep, motion, span) for rep, span in zip(reps, spans, strict=True)]
    if motion.neutral == "assumed":
        warnings += (NO_STANDING,)
    return Verdict(
        clip,
        "clean",
        facing=facing,
        view_angle_deg=view_deg,
        neutral=motion.neutral,
        warnings=warnings,
        series=trace(motion, spans, facing, landmarks, size_px),
        exercise=choice.rules.exercise,
        exercise_sure=choice.sure,
        limits=applied_limits(motion, choice.rules, tolerances, rough.spare_deg),
    ).with_reps(reps)


def _with_end_named(rep: Rep, motion: Posture, span: RepSpan) -> Rep:
    """Return the rep; where head and sacrum explain the back equally, with that decided.

    The end is then named by its distance from the upper back, or both are, as ambiguous.
    """
    ends = {f: place for f, (place, limit) in STRAY_OF.items() if limit == "end_stray_cm"}
    if not set(ends) & set(rep.faults):
        return rep
    off_cm = np.fmax(motion.fit.head_cm, motion.fit.sacrum_cm)[span.frames]
    furthest_cm = max(rep.stray_cm.head or 0.0, rep.stray_cm.sacrum or 0.0)
    worst = span.first + np.flatnonzero(off_cm >= furthest_cm - MARGIN_CM)
    if motion.fit.ambiguous[worst].mean() <= EQUAL_SHARE:
        return rep
    end = which_end(motion, worst)
    if end is None:
        both = tuple(fault for fault in FAULTS if fault in {*ends, *rep.faults})
        return replace(rep, faults=both, notes=(*rep.notes, "ambiguous"))
    strays = replace(rep.stray_cm, **{"sacrum" if end == "head" else "head": 0.0})
    return replace(
        rep, stray_cm=strays, faults=tuple(f for f in rep.faults if ends.get(f, end) == end)
    )


def _angles(
    motion: Posture, span: RepSpan, bottom: Indices, limits: Mapping[str, float]
) -> dict[str, float | None]:
    """Return the extreme of each angle over a repetition, `bottom` its frames at the bottom."""
    time_s = motion.time_s[span.frames]
    near = np.abs(time_s - span.bottom_s) <= HIDDEN_S
    return {
        name: _extreme(
            time_s,
            getattr(motion, f"{name}_deg")[span.frames],
            bottom,
            near=near,
            plain_deg=limits.get(field, -np.inf),
        )
        for name, field in ANGLES.items()
    }


def _strays(motion: Posture, span: RepSpan, bottom: Indices) -> Strays:
    """Return how far each place is from the dowel: where strays decide, at its furthest."""
    places = (motion.fit.head_cm, motion.fit.upper_back_cm, motion.fit.sacrum_cm)
    own = [stray_cm[span.frames] for stray_cm in places]
    low = [median_at(stray_cm, bottom) for stray_cm in own]
    if not motion.by_strays:
        return Strays(*low)
    time_s, anywhere = motion.time_s[span.frames], np.ones(len(own[0]), dtype=bool)
    far = map(partial(_extreme, time_s, bottom=bottom, near=anywhere, margin=MARGIN_CM), own)
    return Strays(*(here if one is None else one for one, here in zip(far, low, strict=True)))


def _extreme(
    time_s: Array,
    series: Array,
    bottom: Indices,
    *,
    near: Mask,
    plain_deg: float = -np.inf,
    margin: float = MARGIN_DEG,
) -> float | None:
    """Return the value at the bottom, or one further from neutral that lasts for a while elsewhere.

    That must be further by `margin`. Where neither bottom nor the frames `near` it are seen, one
    elsewhere only counts if it is past `plain_deg` already; else None.
    """
    known = np.isfinite(series)
    if known.sum() < SEEN_SHARE * len(series):
        return None
    low = median_at(series, bottom)
    frames = 1 if low is None else frames_within(time_s, SMOOTHING_S)
    highest = float(minimum_filter1d(series[known], frames).max())
    lowest = float(maximum_filter1d(series[known], frames).min())
    # Values elsewhere must last, as a head or a knee may be lost for some frames. Extension there,
    # however far, does not replace flexion at the bottom.
    sides = (highest,) if low is not None and low >= margin else (highest, lowest)
    furthest = max(sides, key=abs)
    if low is None and not known[near].any() and furthest < plain_deg:
        return None
    return furthest if low is None or abs(furthest) > abs(low) + margin else low
