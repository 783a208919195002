"""How much of its limit each place on the dowel has used up: what the hum makes audible."""

from __future__ import annotations

from collections.abc import Mapping

from hinge_dowel.verdict import Rep

Used = Mapping[str, float | None]
"""By contact: 0 as in standing, 1 at the limit; None where it is not seen or not asked for."""


def used(now: Rep, limits: Mapping[str, float]) -> Used:
    """The shares of one moment, judged as a repetition of its own.

    `limits` as of `judging.applied_limits`. The upper back stands for squatting, which the knees
    show: knee and shin must both be past their limits, or the knee alone far past.
    """
    knee = _share(now.knee_flexion_deg, limits.get("knee_flexion_deg"))
    shin = _share(now.shin_angle_deg, limits.get("shin_angle_deg"))
    deep = _share(now.knee_flexion_deg, limits.get("deep_knee_deg"))
    both = None if knee is None or shin is None else min(knee, shin)
    known = [share for share in (both, deep) if share is not None]
    return {
        "head": _share(now.cervical_flexion_deg, limits.get("cervical_flexion_deg")),
        "upper_back": max(known, default=None),
        "sacrum": _share(now.spinal_flexion_deg, limits.get("spinal_flexion_deg")),
    }


def _share(angle_deg: float | None, limit_deg: float | None) -> float | None:
    if angle_deg is None or limit_deg is None:
        return None
    return max(angle_deg, 0.0) / limit_deg
