"""What markers of a laboratory show, judged: every part of the back is measured, none estimated."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from hinge_dowel.analysis import posture, repetitions
from hinge_dowel.analysis.back_points import DOUBTED, Spine
from hinge_dowel.analysis.judging import sum_up
from hinge_dowel.analysis.movement import as_exercise
from hinge_dowel.analysis.refusal import KEYPOINTS, LEAST_FRAMES
from hinge_dowel.analysis.rules import HINGE_NAME
from hinge_dowel.body.array_types import Array
from hinge_dowel.body.limbs import limb_angles
from hinge_dowel.body.trunk import trunk_frame
from hinge_dowel.exercises.catalogue import rules_for
from hinge_dowel.keypoints import walking
from hinge_dowel.keypoints.marker_sets import Anatomy
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Rep, Verdict

MEASURED_SQUAT_DEG = 60.0
"""Knees bent by so much are a squat's wherever the shins are: markers measure them, where the
figure for pictures (`deep_knee_deg`) leaves room for the error of an estimate. Steady at 50 and
75."""


def check_markers(
    seen: Anatomy,
    time_s: Array,
    *,
    tolerances: Tolerances = DEFAULT,
    exercise: str = HINGE_NAME,
    wall_cm: float | None = None,
    name: str = "markers",
) -> Verdict:
    """Judge what markers show of pelvis, thorax, head and legs; `time_s` (T,) in seconds;
    `exercise` and `wall_cm` as for `check_keypoints`.

    Spinal flexion is the change of thorax against pelvis since standing, cervical flexion that of
    head against thorax (None without markers on the head). Skin and waistband follow the pelvis
    badly in deep flexion of the hips: where markers lie along the back as well, a rounded back
    must show in both, the angle and a sacrum that has left the dowel. What cannot be judged is
    `unusable` with the reason.
    """
    deep_deg = min(tolerances.deep_knee_deg, MEASURED_SQUAT_DEG)
    tolerances = replace(tolerances, deep_knee_deg=deep_deg)
    spine = spine_of(seen)
    refused = partial(Verdict, name, "unusable")
    if np.isfinite(spine.trunk_deg).sum() < LEAST_FRAMES:
        return refused(reason="The markers of pelvis and thorax are missing in most frames.")
    standing = posture.standing_of(time_s, spine)
    if not (standing & np.isfinite(spine.thorax_deg - spine.pelvis_deg)).any():
        return refused(
            facing="right",
            reason="No standing is seen, against which the markers could be judged: begin "
            "standing upright.",
        )
    if not (standing & np.isfinite(spine.points_px).all(axis=(1, 2))).any():
        # Of markers that standing never shows together no place on the dowel is known.
        spine = replace(spine, points_px=np.full_like(spine.points_px, np.nan))
    motion = posture.from_spine(time_s, spine, tolerances.stature_cm)
    bends = repetitions.find_reps(time_s, motion.hip_deg, motion.trunk_deg)
    spans = [
        span for span in bends if not walking.steps(seen.landmarks[span.first : span.last + 1])
    ]
    if not spans:
        return refused(
            facing="right",
            neutral=motion.neutral,
            reason=walking.WALKED if bends else KEYPOINTS.nothing,
            refusal="nothing",
        )
    choice, reps, measures = as_exercise(
        rules_for(exercise, wall_cm=wall_cm), motion, spans, seen.landmarks, tolerances.stature_cm
    )
    found = sum_up(
        name,
        motion,
        reps,
        "right",
        seen.landmarks,
        tolerances=tolerances,
        choice=choice,
        measures=measures,
        view_deg=0.0,
    )
    laid = np.isfinite(seen.pelvis_deg)
    bottoms = np.array([rep.bottom_s for rep in found.reps], dtype=float)
    at = np.searchsorted(time_s, bottoms).clip(max=len(laid) - 1)
    return found.with_reps(
        _supported(rep, bool(pelvis), tolerances)
        for rep, pelvis in zip(found.reps, laid[at], strict=True)
    )


def _supported(rep: Rep, pelvis: bool, tolerances: Tolerances) -> Rep:
    """The repetition; a rounded back is taken out where the sacrum has not left the dowel, and
    both it and the knees are unsure where no `pelvis` is seen at the bottom.
    """
    if not pelvis:
        notes = dict.fromkeys([*rep.notes, "unsure_spine", "unsure_knee"])
        rep = replace(rep, notes=tuple(notes))
    sacrum = rep.stray_cm.sacrum
    if sacrum is None or sacrum >= tolerances.end_stray_cm:
        return rep
    return replace(rep, faults=tuple(f for f in rep.faults if f != "spinal_flexion"))


def spine_of(seen: Anatomy) -> Spine:
    """The anatomy as the spine that pictures are turned into: pitches from upright, forward."""
    limbs = limb_angles(seen.landmarks)
    _, _, length = trunk_frame(seen.landmarks)
    frames = len(length)
    points = seen.points if seen.points.shape[1] else np.full((frames, 3, 2), np.nan)
    return Spine(
        points_px=points,
        trunk_px=length,
        pelvis_deg=seen.pelvis_deg,
        thorax_deg=seen.thorax_deg,
        head_deg=seen.head_deg,
        trunk_deg=limbs.trunk,
        knee_deg=limbs.knee,
        shin_deg=limbs.shank,
        view_angle_deg=np.zeros(frames),
        usual_error_deg=np.full((frames, len(DOUBTED)), np.nan),
    )
