"""One repetition whose every series is made by hand, judged."""

from __future__ import annotations

import numpy as np

from hinge_dowel.analysis import dowel
from hinge_dowel.analysis.judging import Roughness, judge_rep
from hinge_dowel.analysis.posture import Posture
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.tolerances import Tolerances

FRAMES, FPS = 101, 20.0
TIME = np.arange(FRAMES) / FPS
SHARE = (1 - np.cos(2 * np.pi * TIME / 5)) / 2
"""Down to the bottom at 2.5 s and up again until 5 s."""
FULL = RepSpan(0.5, 2.5, 4.5, first=10, bottom=50, last=90, kind="full")

CLEAN = {"hip": 80.0, "knee": 18.0, "shin": 2.0, "spinal": 4.0, "cervical": 0.0}
"""Angles at the bottom of a clean hinge."""

LIMITS = Tolerances(
    spinal_flexion_deg=16.0,
    cervical_flexion_deg=14.0,
    squat_knee_deg=45.0,
    squat_shin_deg=10.0,
    deep_knee_deg=90.0,
    upper_back_stray_cm=2.5,
    end_stray_cm=4.0,
    assumed_neutral_extra_deg=6.0,
    shins_forward_deg=11.0,
    locked_knees_deg=3.0,
    over_arching_deg=15.0,
    shallow_deg=45.0,
    too_deep_deg=130.0,
    too_fast_s=1.5,
)
"""Written here, so that choosing better ones does not change what these tests say."""


def posture(
    *,
    neutral="measured",
    by_strays=False,
    head=0.0,
    upper_back=0.0,
    sacrum=0.0,
    usual=None,
    **angles,
):
    """A posture that goes to these angles and strays at the bottom; arrays stay as they are."""

    def series(value):
        return value if isinstance(value, np.ndarray) else value * SHARE

    given = {name: series(value) for name, value in (CLEAN | angles).items()}
    return Posture(
        time_s=TIME,
        hip_deg=given["hip"],
        knee_deg=given["knee"],
        shin_deg=given["shin"],
        spinal_deg=given["spinal"],
        cervical_deg=given["cervical"],
        trunk_deg=given["hip"],
        fit=dowel.Fit(
            TIME,
            series(head),
            series(upper_back),
            series(sacrum),
            np.zeros(len(TIME), dtype=bool),
        ),
        points_cm=np.zeros((FRAMES, 3, 2)),
        cm_per_px=1.0,
        neutral=neutral,
        standing=np.zeros(FRAMES, dtype=bool),
        by_strays=by_strays,
        usual_error_deg={name: np.full(FRAMES, e) for name, e in (usual or {}).items()},
    )


def judged(span=FULL, *, tolerances=LIMITS, spare_deg=0.0, notes=(), **given):
    rough = Roughness(notes, spare_deg)
    return judge_rep(posture(**given), span, 1, tolerances=tolerances, rough=rough)


def at_bottom(value):
    """So that the median over 0.3 s about the bottom is exactly `value`."""
    series = value * SHARE
    series[46:55] = value
    return series
