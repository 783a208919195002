"""The lights of one moment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import verdicts
from support.verdicts import LIMITS

from hinge_dowel.live.lights import HOLD_S, Lights, place_light, used
from hinge_dowel.live.snapshot import LiveFrame, Phase
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import Rep, Strays

CLEAN = verdicts.rep(1)
ROUND = replace(CLEAN, faults=("spinal_flexion",), spinal_flexion_deg=40.0)


SQUAT = replace(CLEAN, faults=("squatting",), knee_flexion_deg=95.0, shin_angle_deg=28.0)


def test_a_place_is_off_where_its_fault_is_sure_and_maybe_where_it_is_not() -> None:
    assert place_light(CLEAN, "sacrum") == "on"
    assert place_light(ROUND, "sacrum") == "off"
    assert place_light(ROUND, "head") == "on"
    unsure = replace(ROUND, intervals_deg={"spinal_flexion_deg": (4.0, 44.0)})
    assert place_light(unsure, "sacrum") == "close"
    unseen = replace(CLEAN, stray_cm=Strays(None, None, None))
    assert place_light(unseen, "head") == "unseen"


def test_who_squats_has_the_stick_on_the_upper_back_until_it_really_leaves() -> None:
    assert place_light(SQUAT, "knees") == "off"
    assert place_light(SQUAT, "upper_back") == "on"
    far = replace(SQUAT, stray_cm=Strays(0.0, DEFAULT.upper_back_stray_cm + 1, 0.0))
    assert place_light(far, "upper_back") == "off"
    assert place_light(CLEAN, "knees") == "on"
    assert place_light(replace(CLEAN, knee_flexion_deg=None), "knees") == "unseen"


def test_a_light_that_has_left_goes_out_late() -> None:
    lights = Lights()

    def lit(rep: Rep, time_s: float) -> LiveFrame:
        moment = LiveFrame(time_s, phase="lifting")
        return lights.lit(moment, rep, {"spinal_flexion_deg": 16.0})

    assert lit(CLEAN, 0.0).sacrum == "on"
    off = lit(ROUND, 0.1)
    assert (off.sacrum, off.head, off.fault) == ("off", "on", "spinal_flexion")
    assert off.used["sacrum"] == pytest.approx(2.5)
    assert lit(CLEAN, 0.1 + 0.9 * HOLD_S).sacrum == "off"
    assert lit(CLEAN, 0.1 + 1.1 * HOLD_S).sacrum == "on"


def test_who_stands_is_not_judged_but_seen() -> None:
    lights = Lights()

    def lit(rep: Rep, time_s: float, phase: Phase) -> LiveFrame:
        return lights.lit(LiveFrame(time_s, phase=phase), rep, LIMITS)

    lit(ROUND, 0.0, "lifting")
    still = lit(ROUND, 0.01, "standing")
    assert {still.head, still.upper_back, still.sacrum, still.knees} == {"idle"}
    assert (still.fault, dict(still.used)) == (None, {})
    headless = replace(CLEAN, stray_cm=Strays(None, 0.0, 0.0))
    assert lit(headless, 0.02, "standing").head == "unseen"
    # A rounded back in standing does not stay on into the hinge.
    lit(ROUND, 1.0, "standing")
    assert lit(CLEAN, 1.01, "lowering").sacrum == "on"


SEEN = replace(CLEAN, knee_flexion_deg=10.0, spinal_flexion_deg=4.0, cervical_flexion_deg=-7.0)


def test_shares_are_of_the_limits_that_are_applied() -> None:
    shares = used(SEEN, LIMITS)
    assert shares == {"sacrum": 0.25, "head": 0.0, "upper_back": pytest.approx(0.2)}
    squat = used(replace(SEEN, knee_flexion_deg=60.0, shin_angle_deg=20.0), LIMITS)
    assert squat["upper_back"] == pytest.approx(60 / 45)
    upright = used(replace(SEEN, knee_flexion_deg=60.0, shin_angle_deg=5.0), LIMITS)
    assert upright["upper_back"] == pytest.approx(60 / 90)
    assert used(replace(SEEN, spinal_flexion_deg=None), LIMITS)["sacrum"] is None
    kneeling = {name: LIMITS[name] for name in ("spinal_flexion_deg", "cervical_flexion_deg")}
    assert used(SEEN, kneeling)["upper_back"] is None
