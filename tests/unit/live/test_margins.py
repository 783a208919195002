"""How much of its limit each place has used up."""

from __future__ import annotations

import pytest

from hinge_dowel.live.margins import used
from hinge_dowel.verdict import Rep, Strays


def rep(**angles: float | None) -> Rep:
    known = {"knee_flexion_deg": 10.0, "shin_angle_deg": 2.0, "spinal_flexion_deg": 4.0}
    known |= {"cervical_flexion_deg": -7.0}
    return Rep(1, 0.0, 1.0, 2.0, 80.0, stray_cm=Strays(0.0, 0.0, 0.0), **{**known, **angles})


LIMITS = {
    "spinal_flexion_deg": 16.0,
    "cervical_flexion_deg": 14.0,
    "knee_flexion_deg": 45.0,
    "shin_angle_deg": 10.0,
    "deep_knee_deg": 90.0,
}


def test_shares_are_of_the_limits_that_are_applied() -> None:
    shares = used(rep(), LIMITS)
    assert shares == {"sacrum": 0.25, "head": 0.0, "upper_back": pytest.approx(0.2)}
    squat = used(rep(knee_flexion_deg=60.0, shin_angle_deg=20.0), LIMITS)
    assert squat["upper_back"] == pytest.approx(60 / 45)
    upright = used(rep(knee_flexion_deg=60.0, shin_angle_deg=5.0), LIMITS)
    assert upright["upper_back"] == pytest.approx(60 / 90)
    assert used(rep(spinal_flexion_deg=None), LIMITS)["sacrum"] is None
    kneeling = {name: LIMITS[name] for name in ("spinal_flexion_deg", "cervical_flexion_deg")}
    assert used(rep(), kneeling)["upper_back"] is None
