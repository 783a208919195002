"""Tolerances: what they may be, and the file that sets them."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel.tolerances import Tolerances


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"stature_cm": 1.8}, "stature_cm must lie between 50 and 260 cm, not 1.8"),
        ({"spinal_flexion_deg": 400}, "spinal_flexion_deg must lie between 0 and 180 degrees"),
        ({"too_fast_s": -1}, "too_fast_s must not be negative"),
        ({"seen_share": np.nan}, "seen_share must be a number"),
        ({"end_stray_cm": "4"}, "end_stray_cm must be a number"),
        ({"end_stray_cm": True}, "end_stray_cm must be a number"),
    ],
)
def test_tolerances_that_cannot_be(given, told):
    with pytest.raises(ValueError, match=f"^{told}"):
        Tolerances(**given)
