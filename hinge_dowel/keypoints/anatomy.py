"""What markers of a laboratory show, judged: every part of the back is measured, none estimated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.analysis import posture, repetitions
from hinge_dowel.analysis.back_points import DOUBTED, Spine
from hinge_dowel.analysis.judging import sum_up
from hinge_dowel.analysis.pipeline import LEAST_FRAMES
from hinge_dowel.body.limbs import limb_angles
from hinge_dowel.body.trunk import trunk_frame
from hinge_dowel.keypoints.marker_sets import Anatomy
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Verdict

Array = NDArray[np.float64]


def check_markers(
    seen: Anatomy, time_s: Array, *, tolerances: Tolerances = DEFAULT, name: str = "markers"
) -> Verdict:
    """Judge what markers show of pelvis, thorax, head and legs; `time_s` (T,) in seconds.

    Spinal flexion is the change of thorax against pelvis since standing, cervical flexion that of
    head against thorax (None without markers on the head). What cannot be judged is `unusable`
    with the reason.
    """
    spine = spine_of(seen)
    trunk = np.isfinite(spine.trunk_deg)
    if trunk.sum() < LEAST_FRAMES:
        return Verdict(
            name, "unusable", reason="The markers of pelvis and thorax are missing in most frames."
        )
    motion = posture.from_spine(time_s, spine, tolerances.stature_cm)
    if motion.neutral == "assumed":
        return Verdict(
            name,
            "unusable",
            facing="right",
            reason="No standing is seen, against which the markers could be judged: begin "
            "standing upright.",
        )
    spans = repetitions.find_reps(time_s, motion.hip_deg, motion.trunk_deg)
    if not spans:
        return Verdict(
            name,
            "unusable",
            facing="right",
            neutral=motion.neutral,
            reason="No hip hinge is in these markers: nobody bends at the hips from standing and "
            "comes up again.",
        )
    return sum_up(
        name, motion, spans, "right", seen.landmarks, tolerances=tolerances, view_deg=0.0
    )


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
