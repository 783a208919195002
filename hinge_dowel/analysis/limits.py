"""Faults against their limits: how much of each a repetition, or a frame, has used up."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hinge_dowel.analysis.rules import STRAY_OF
from hinge_dowel.body.array_types import Array
from hinge_dowel.verdict import ANGLE_OF, Rep, Series

LEAST_LIMIT = 1e-6
"""A limit of nothing counts as so much, in its own unit: past it is whatever is above."""


def limit_share(of: Rep | Series, fault: str, limits: Mapping[str, float]) -> Array | None:
    """Return how much of a fault's limit is used up: 1 at the limit, above it the fault is there.

    Of a repetition it is (), of a series (T,), NaN where the angle is not known, and negative where
    it goes the other way. `limits` are those of `technique.applied_limits`. Squatting needs knees
    and shins past theirs, or knees as bent as for sitting down. Where there are no limits of
    angles, strays decide. None where there is neither: so it is of the squatting of a lift, which
    is not seen in single frames (`has_fault`).
    """
    angle, (place, stray) = ANGLE_OF[fault], STRAY_OF[fault]
    if angle in limits:
        share = _share(getattr(of, angle), limits[angle])
        if fault != "squatting":
            return share
        shins = _share(of.shin_angle_deg, limits.get("shin_angle_deg", np.inf))
        deep = _share(of.knee_flexion_deg, limits.get("deep_knee_deg", np.inf))
        return np.fmax(np.minimum(share, shins), deep)
    if stray in limits:
        strays = getattr(of.stray_cm, place) if isinstance(of, Rep) else getattr(of, f"{place}_cm")
        return _share(strays, limits[stray])
    return None


def told_by_thighs(limits: Mapping[str, float]) -> bool:
    """Return whether thighs tell squatting, not knees and shins: of a lift from the floor."""
    return "hips_level_deg" in limits


def has_fault(rep: Rep, fault: str, limits: Mapping[str, float]) -> bool:
    """Return whether a repetition is past the limit of a fault; what is not known is not.

    A lift is a squat where it starts with thighs near level, or the trunk about as steep as shins.
    """
    share = limit_share(rep, fault, limits)
    if share is not None:
        return bool(share >= 1)
    return fault == "squatting" and any(
        value is not None and value < limits.get(name, -np.inf)
        for value, name in (
            (rep.thigh_above_level_deg, "hips_level_deg"),
            (rep.hip_knee_ratio, "lift_hip_knee_ratio"),
        )
    )


def _share(value: Array | float | None, limit: float) -> Array:
    return np.asarray(value, dtype=np.float64) / max(limit, LEAST_LIMIT)
