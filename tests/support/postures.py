"""Postures over time with given series."""

from __future__ import annotations

from typing import Any

import numpy as np

from hinge_dowel.analysis.dowel import Fit
from hinge_dowel.analysis.posture import Posture


def posture_of(time_s: Any, **series: Any) -> Posture:
    """Return a posture with legs and measured neutral; series not given are zero."""
    zero = np.zeros(len(time_s))
    given = {name: series.get(name, zero) for name in ("hip", "knee", "shin", "trunk")}
    return Posture(
        time_s=np.asarray(time_s),
        **{f"{name}_deg": np.asarray(values, float) for name, values in given.items()},
        spinal_deg=np.asarray(series.get("spinal", zero), float),
        cervical_deg=np.asarray(series.get("cervical", zero), float),
        fit=Fit(zero, zero, zero, zero, np.zeros(len(zero), dtype=bool)),
        points_cm=np.zeros((len(time_s), 3, 2)),
        cm_per_px=1.0,
        neutral="measured",
        standing=np.zeros(len(time_s), dtype=bool),
        by_strays=False,
    )
