"""What markers show, judged."""

from __future__ import annotations

import numpy as np
from support.laboratory import (
    VICON,
    Bend,
    faults,
    markers,
    renamed,
    write_trc,
)

from hinge_dowel import check_clip


def test_a_waistband_that_lags_is_no_rounded_back(tmp_path):
    """The angle alone is not believed where the dowel still touches the sacrum."""
    named = renamed(VICON)
    back = (named["LPSI"] + named["RPSI"]) / 2
    for side in "LR":
        ahead = named[f"{side}ASI"] - named[f"{side}PSI"]
        # In front it stays level, whatever the pelvis does.
        level = np.linalg.norm(ahead[:, :2], axis=1)
        named[f"{side}ASI"] = named[f"{side}PSI"] + np.stack(
            [level, 0 * level, ahead[:, 2]], axis=1
        )
    assert np.isfinite(back).all()
    verdict = check_clip(write_trc(tmp_path / "a.trc", named))
    assert verdict.reps[0].spinal_flexion_deg > 30
    assert faults(verdict)[:2] == [(), ("squatting",)]


def test_steps_are_no_hinge(tmp_path):
    named = {name: places.copy() for name, places in renamed(VICON).items()}
    step = 0.4 * np.sin(np.arange(len(named["C7"])) / 8)
    for name in ("RKNE", "RANK", "RHEE", "RTOE"):
        named[name][:, 0] += step
    verdict = check_clip(write_trc(tmp_path / "a.trc", named))
    assert verdict.status == "unusable"
    assert "the feet step" in verdict.reason
    assert verdict.refusal == "nothing"


def test_standing_alone_and_no_standing(tmp_path):
    still = markers([Bend(0, 0, 0, 0, 0)])
    verdict = check_clip(write_trc(tmp_path / "a.trc", renamed(VICON, still)))
    assert "nobody bends" in verdict.reason
    bent = {name: places[55:125] for name, places in renamed(VICON).items()}
    verdict = check_clip(write_trc(tmp_path / "b.trc", bent))
    assert "No standing is seen" in verdict.reason
