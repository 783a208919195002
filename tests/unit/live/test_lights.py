"""The lights of one moment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hinge_dowel.live.frames import LiveFrame
from hinge_dowel.live.lights import HOLD_S, Lights
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import Rep, Strays

CLEAN = Rep(1, 0.0, 1.5, 3.0, 80.0, 12.0, 2.0, 3.0, 1.0, Strays(0.2, 0.1, 0.3))
ROUND = replace(CLEAN, faults=("spinal_flexion",), spinal_flexion_deg=40.0)


def test_a_light_that_has_left_goes_out_late() -> None:
    lights = Lights(DEFAULT)

    def lit(rep: Rep, time_s: float) -> LiveFrame:
        return lights.lit(LiveFrame(time_s, seen=True), rep, {"spinal_flexion_deg": 16.0})

    assert lit(CLEAN, 0.0).sacrum == "touching"
    off = lit(ROUND, 0.1)
    assert (off.sacrum, off.head, off.fault) == ("left", "touching", "spinal_flexion")
    assert off.used["sacrum"] == pytest.approx(2.5)
    assert lit(CLEAN, 0.1 + 0.9 * HOLD_S).sacrum == "left"
    assert lit(CLEAN, 0.1 + 1.1 * HOLD_S).sacrum == "touching"
