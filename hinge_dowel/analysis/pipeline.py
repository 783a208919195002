"""The pipeline: a record of what the pose model saw in, a verdict out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from hinge_dowel.analysis import (
    back_points,
    frame_rate,
    framing,
    not_counted,
    posture,
    proportions,
    refusal,
    repetitions,
    segments,
    stance,
    tilt,
)
from hinge_dowel.analysis.blending import blended, sees_nobody
from hinge_dowel.analysis.judging import Roughness, sum_up
from hinge_dowel.analysis.movement import as_exercise
from hinge_dowel.analysis.not_counted import Count
from hinge_dowel.analysis.refusal import UnusableError, wording_of
from hinge_dowel.analysis.rules import HINGE, Rules, RulesChooser
from hinge_dowel.analysis.traits import Scene
from hinge_dowel.body.array_types import Array, Mask
from hinge_dowel.body.facing import face_right, facing_of
from hinge_dowel.body.landmarks import ANKLES, HIPS, SHOULDERS
from hinge_dowel.body.limbs import kneeling_share, limb_angles
from hinge_dowel.body.trunk import pitch_deg, trunk_frame
from hinge_dowel.pose.extraction import Record
from hinge_dowel.pose.masking import follow_person
from hinge_dowel.pose.network import levelled
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import UNSURE_SHAPE, Facing, Verdict

__all__ = ["Record", "follow_person", "judge", "trusted"]

Refused = tuple[segments.ClipSegment, UnusableError]
"""A stretch that cannot be judged, and why."""

HEAD_DOWN_DEG = 130.0
"""Frames with the trunk pitched further than this are tracking errors; the deepest hinges of the
drill reach 110. Any greater value is steady, 104 changes a clip."""
FOLDED_DEG = 165.0
"""That limit over feet that stand: people who fold forward to the floor reach 148 (three clips). Of
190 real clips and 84 films no other changes."""
KNEELING_SHARE = 0.8
"""Share of frames with the shins on the floor from which an exercise is recognised as kneeling; the
rest is getting down and up. A choice: steady at 0.64; 0.4 changes a clip."""
KNEELING_TOLD_SHARE = 0.2
"""That share if the exercise was named: people walk in and out. A choice: steady at 0.1, 0.4."""
HANDS_SHARE = 0.5
"""Share of the repetitions' frames with hands behind the back from which a warning is given. A
choice: steady at 0.625; 0.4 changes a clip."""


def judge(
    record: Record,
    *,
    clip: str,
    tolerances: Tolerances = DEFAULT,
    rules: Rules | RulesChooser = HINGE,
    going_on: bool = False,
    paced: bool = True,
    count: Count = not_counted.counted,
) -> Verdict:
    """Judge a record. Never raises for one of the right shape: the verdict is then "unusable".

    `rules` are those of an exercise, or choose them for the movement of each unbroken stretch;
    `count` leaves out movements that are no repetitions. If too few pictures show any
    repetition the verdict is unusable, except in a session that is `going_on`, where repetitions
    are reported one by one. Unless the film is known to be `paced` as in life, slow reps bring a
    warning that it may play in slow motion.
    """
    try:
        lost = record.outlines is not None and tilt.lost_rotation(record.landmarks)
        if lost and not sees_nobody(record.network):
            raise UnusableError(lost)
        # Few pictures, each unlike the last, may look as if something hid what moves.
        if record.hidden and refusal.shown_hz(record) >= tolerances.least_rate_hz:
            raise UnusableError(refusal.HIDDEN, refusal="hidden")
        judge_stretch = partial(_judge, clip=clip, tolerances=tolerances, rules=rules, count=count)
        verdict = _judge_stretches(record, tolerances, judge_stretch)
        if not going_on and not any(rep.judged for rep in verdict.reps):
            raise refusal.for_want_of_pictures(
                record, tolerances, "few", verdict.facing, verdict.view_angle_deg
            )
        slow = () if paced else frame_rate.slowed_down(verdict.reps)
        return replace(verdict, warnings=(*record.remarks, *slow, *verdict.warnings))
    except UnusableError as error:
        return error.verdict(clip, record.remarks)


def _judge_stretches(
    record: Record, tolerances: Tolerances, judge_stretch: Callable[[Record, Mask], Verdict]
) -> Verdict:
    """Judge each stretch between cuts, jumps and turns, with its own standing, and join them."""
    record, seen = trusted(record)
    parts = segments.split(record, seen)
    dark = refusal.in_the_dark(record, seen, tolerances)
    if parts is None:
        verdict = judge_stretch(record, seen)
        warnings = [_left_out(record, span, refusal.DARK_THERE) for span in dark]
        return replace(verdict, warnings=(*verdict.warnings, *warnings))
    usable: list[tuple[segments.ClipSegment, Verdict]] = []
    refused: list[Refused] = []
    for stretch in parts.own:
        part, shown = segments.part_of(record, seen, stretch)
        try:
            usable.append((stretch, judge_stretch(part, shown)))
        except UnusableError as error:
            refused.append((stretch, error))
    if not usable:
        if refusal.too_dark(record, seen, tolerances):
            raise UnusableError(refusal.TOO_DARK, refusal="dark")
        if not refused:
            raise refusal.for_want_of_pictures(record, tolerances, "pieces")
        # The reason of the longest stretch.
        raise max(refused, key=lambda known: known[0].stop - known[0].first)[1]
    return segments.joined(record, usable, _said_of(record, parts, refused, dark))


def _said_of(
    record: Record, parts: segments.Segmentation, refused: Sequence[Refused], dark: Sequence[slice]
) -> list[str]:
    """Return warnings on a clip in several stretches: where it breaks, and what is not judged.

    A turn or jump beside a stretch without any movement does no harm and is left out.
    """
    warnings = []
    idle = {stretch for stretch, error in refused if error.nothing_there}
    breaks = [
        f"{record.time_s[after.first]:.1f}"
        for before, after in pairwise(parts.own)
        if after.cut or not idle & {before, after}
    ]
    if breaks:
        warnings.append(wording_of(record).breaks.format(breaks=", ".join(breaks)))
    said = [(stretch, f"{error}") for stretch, error in refused if not error.nothing_there]
    said += [(stretch, "Somebody else is seen there.") for stretch in parts.others]
    said += [(stretch, "Nobody is seen there.") for stretch in parts.empty]
    said += [(stretch, refusal.SHORT) for stretch in parts.short]
    spans = [(slice(stretch.first, stretch.stop), why) for stretch, why in said]
    warnings += [
        _left_out(record, span, why)
        for span, why in spans
        if not any(span.start < other.stop and other.start < span.stop for other in dark)
    ]
    return warnings + [_left_out(record, span, refusal.DARK_THERE) for span in dark]


def _left_out(record: Record, span: slice, why: str) -> str:
    """Return the warning that a part of a clip is not judged, and why."""
    first_s, last_s = record.time_s[span.start], record.time_s[span.stop - 1]
    return f"From {first_s:.1f} to {last_s:.1f} s the clip is not judged. {why}"


def _judge(
    record: Record,
    seen: Mask,
    *,
    clip: str,
    tolerances: Tolerances,
    rules: Rules | RulesChooser,
    count: Count,
) -> Verdict:
    """Judge one unbroken stretch; raise `UnusableError`. `seen` (T,): frames with the person."""
    refusal.require_person(record, seen, tolerances)
    body = _body(record, seen, rules)
    facing, spine = body.facing, body.spine
    motion = posture.from_estimate(record.time_s, spine, tolerances.stature_cm)
    spans = repetitions.find_reps(record.time_s, motion.hip_deg, motion.trunk_deg)
    scene = Scene.of(motion, spine, body.right)
    spans, left_out = count(spans, scene)
    moving = np.zeros(len(record.time_s), dtype=bool)
    for span in spans:
        moving[span.frames] = True
    # View of the repetitions and of standing only, as people turn before and after.
    shown = seen & (moving | motion.standing) if spans else seen
    view_deg = most_deg = framing.usual_view_deg(spine.view_angle_deg, spine.trunk_deg, shown)
    if record.outlines is not None:  # else it is that of the shoulders
        by_shoulders_deg = framing.view_by_shoulders_deg(body.right, shown)
        view_deg = framing.view_of_both_deg(view_deg, by_shoulders_deg, tolerances.view_refuse_deg)
        most_deg = max(most_deg, view_deg)
    refusal.require_judgeable(record, spine, seen, spans, facing, view_deg, tolerances)
    if view_deg > tolerances.view_far_deg:
        motion = motion.doubted(tolerances.far_view_doubt_ratio)
    refusal.require_uncut(
        body.head_cut, body.feet_cut, moving & seen, facing, view_deg, wording_of(record)
    )
    choice, spans, measures = as_exercise(
        rules, motion, spans, body.right, tolerances.stature_cm, kneeling=body.kneeling
    )
    if view_deg > tolerances.view_far_deg:
        measures = measures.from_far()
    if one_ahead := stance.split(scene.feet[moving & seen], view_deg):
        choice, measures = stance.without_legs(choice, measures)
    held = bool(scene.hands_behind[moving & seen].mean() >= HANDS_SHARE)
    rough = _roughness(record, view_deg, most_deg, tolerances, hands_behind=held)
    verdict = sum_up(
        clip,
        motion,
        spans,
        facing,
        record.landmarks,
        tolerances=tolerances,
        choice=choice,
        measures=measures,
        size_px=record.size_px,
        view_deg=view_deg,
        rough=rough,
        warnings=(
            *rough.warnings,
            *([stance.WARNING] if one_ahead else ()),
            *tilt.warnings(body.leaning_deg),
            *left_out,
        ),
    )
    # Landmarks without outlines come from another tracker, which may have read more pictures than
    # it passed on, so that their rate does not matter.
    if record.outlines is None:
        return verdict
    verdict = frame_rate.with_enough(verdict, record.time_s, seen, spans, tolerances)
    filmed = verdict.series and tilt.as_filmed(verdict.series, body.undone_deg)
    return replace(verdict, series=filmed)


class _Body(NamedTuple):
    """A person in one stretch: landmarks facing right, spine, and frames with head or feet cut off.

    `leaning_deg` is the picture's tilt (rightward positive), `undone_deg` the part of it that was
    undone in `right` and `spine`.
    """

    facing: Facing
    right: Array
    kneeling: bool
    spine: back_points.Spine
    head_cut: Mask
    feet_cut: Mask
    leaning_deg: float
    undone_deg: float


def _body(record: Record, seen: Mask, rules: Rules | RulesChooser) -> _Body:
    """Return the person in one stretch; raise `UnusableError` where facing or back is unknown."""
    facing = facing_of(record.landmarks)
    if facing is None:
        raise UnusableError(wording_of(record).facing, refusal="facing")
    head_cut, feet_cut = framing.cut_off(record.landmarks, record.size_px, record.shown_px)
    leaning_deg = 0.0
    if record.outlines is not None:
        leaning_deg = tilt.tilt_deg(record.landmarks, seen & ~feet_cut, facing)
    if undone_deg := tilt.undone_deg(leaning_deg):
        told = None if record.network is None else levelled(record.network, undone_deg)
        turned = tilt.turned(record.landmarks, -undone_deg)
        record = replace(record, landmarks=turned, network=told)
    # Depth is kept only where there are no outlines: for an hour it takes 100 MB more.
    flat = record.landmarks if record.outlines is None else record.landmarks[..., :2]
    right = face_right(flat, None, facing)[0]
    kneeling = _kneels(right, facing, rules)
    spine = _back_of(record, seen, facing, right, kneeling=kneeling)
    spine = spine.without(head=head_cut, legs=feet_cut)
    return _Body(facing, right, kneeling, spine, head_cut, feet_cut, leaning_deg, undone_deg)


def _kneels(right: Array, facing: Facing, rules: Rules | RulesChooser) -> bool:
    """Return whether to judge as kneeling: by the exercise named, or if `rules` choose, as seen.

    Raises `UnusableError` where the shins are on the floor and kneeling was not named, or the other
    way round.
    """
    share = kneeling_share(right)
    if not isinstance(rules, Rules):
        return share >= KNEELING_SHARE
    if rules.start == "kneeling" and share < KNEELING_TOLD_SHARE:
        raise UnusableError(
            "The shins are not on the floor, as they are in a kneeling hinge: name another "
            "exercise, or auto.",
            facing,
        )
    if rules.start != "kneeling" and share >= KNEELING_SHARE:
        raise UnusableError(
            "The shins are on the floor: name the exercise, kneeling, or auto to tell it.", facing
        )
    return rules.start == "kneeling"


def _back_of(
    record: Record, seen: Mask, facing: Facing, right: Array, *, kneeling: bool
) -> back_points.Spine:
    """Return the person's spine; with outlines, estimated a second time knowing their standing."""

    def legged(spine: back_points.Spine) -> back_points.Spine:
        return spine.kneeling(limb_angles(right).thigh) if kneeling else spine

    if record.outlines is None:
        spine = legged(back_points.from_landmarks(right))
    else:
        estimate = partial(back_points.estimate, record.landmarks, record.outlines, side=facing)
        spine = estimate(posture.standing_of(record.time_s, legged(estimate())))
        spine = legged(blended(spine, record.network, facing))
    if not np.isfinite(spine.trunk_deg[seen]).any():
        raise UnusableError(
            "The outlines or depths of the person are missing: give them, or landmarks alone.",
            facing,
        )
    return spine


def _roughness(
    record: Record, view_deg: float, most_deg: float, tolerances: Tolerances, *, hands_behind: bool
) -> Roughness:
    """Return the roughness due to view and input. `most_deg`: the view by the estimate that is
    further off side-on; `hands_behind`: the hands hide the back.
    """
    oblique = view_deg > tolerances.view_warn_deg
    notes = ["oblique_view"] if oblique else []
    spare_deg = tolerances.oblique_extra_deg if most_deg > tolerances.view_extra_deg else 0.0
    warnings = []
    if oblique:
        warnings.append(
            f"The camera stands about {view_deg:.0f} degrees from side-on: angles are less exact."
        )
    if record.outlines is None:
        notes.append("unsure_spine")
        spare_deg += tolerances.landmarks_extra_deg
        warnings.append(
            "Landmarks alone do not show the back: rounding cannot be judged without an outline."
        )
        return Roughness(tuple(notes), spare_deg, tuple(warnings))
    if hands_behind:
        warnings.append(
            "Hands behind the back hide some of it: it is judged by what they leave to be seen."
        )
    odd = proportions.stretched(record.landmarks, view_deg)
    if odd is not None:
        notes += ["unsure_spine", UNSURE_SHAPE]
        warnings.insert(0, odd)
    return Roughness(tuple(notes), spare_deg, tuple(warnings))


def trusted(record: Record) -> tuple[Record, Mask]:
    """Return the record with untrusted frames made NaN, and a mask (T,) of the others.

    Not trusted are single frames between lost ones, which tracking has not confirmed, and trunks
    that hang head down but for those that fold forward over standing feet.
    """
    # Only the trunk is required: other landmarks may be missing by themselves.
    trunk = record.landmarks[:, (*SHOULDERS, *HIPS), :2]
    seen = np.isfinite(trunk).all(axis=(1, 2))
    _, up, _ = trunk_frame(record.landmarks)
    legs_deg = tilt.line_pitch_deg(record.landmarks, ANKLES, HIPS)
    with np.errstate(invalid="ignore"):
        stands = np.abs(legs_deg) < tilt.SIDE_DEG
        seen &= np.abs(pitch_deg(up)) < np.where(stands, FOLDED_DEG, HEAD_DOWN_DEG)
    beside = np.zeros_like(seen)
    beside[1:] |= seen[:-1]
    beside[:-1] |= seen[1:]
    seen &= beside
    if seen.all():
        return record, seen
    landmarks = np.where(seen[:, None, None], record.landmarks, np.nan)
    return replace(record, landmarks=landmarks), seen
