"""The limits applied to a clip: those of the exercise, widened where measurement is poor."""

from __future__ import annotations

from hinge_dowel.analysis.posture import Posture
from hinge_dowel.analysis.rules import STRAY_OF, Rules
from hinge_dowel.analysis.technique import NOTES
from hinge_dowel.tolerances import Tolerances


def applied_limits(
    posture: Posture, rules: Rules, tolerances: Tolerances, spare_deg: float = 0.0
) -> dict[str, float]:
    """Return the limits of one clip, by name; wider where neutral is assumed.

    Those of faults are named by the field of `Rep` (knee and shin must both be past theirs), others
    by the field of `Tolerances`. Limits of what the exercise does not ask for are left out.
    `spare_deg` widens those of spine and neck.
    """
    own = rules.applied(tolerances)
    if not posture.legs:
        return {limit: getattr(own, limit) for _, limit in STRAY_OF.values()}
    spare = own.assumed_neutral_extra_deg if posture.neutral == "assumed" else 0.0
    limits: dict[str, float] = {}
    for fault in ("spinal_flexion", "cervical_flexion"):
        if fault in rules.faults:
            limits[f"{fault}_deg"] = getattr(own, f"{fault}_deg") + spare + spare_deg
    if "squatting" in rules.faults and rules.squat == "knees":
        limits["knee_flexion_deg"] = own.squat_knee_deg + spare
        limits["shin_angle_deg"] = own.squat_shin_deg
        limits["deep_knee_deg"] = own.deep_knee_deg
    elif "squatting" in rules.faults:
        limits["hips_level_deg"] = own.hips_level_deg
        limits["lift_hip_knee_ratio"] = own.lift_hip_knee_ratio
    for note, (names, _) in NOTES.items():
        if note in rules.notes:
            limits |= {name: getattr(own, name) for name in names}
    if "over_arching_deg" in limits:
        limits["over_arching_deg"] += spare + spare_deg
    return limits
