"""The notes on the technique of a repetition, which are not faults, and the limits applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hinge_dowel.analysis.measures import Measures
from hinge_dowel.analysis.posture import Posture
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.rules import Rules
from hinge_dowel.tolerances import Tolerances

TOP_S = 0.5
"""Arching is looked for from this long before a rep's end to this long after it. A choice that
matters: with 0.4 and with 0.625 a clip gets other notes."""


@dataclass(frozen=True, slots=True)
class RepFacts:
    """The facts that decide a repetition's notes: degrees and seconds, None where not seen."""

    full: bool
    faults: Sequence[str]
    angles: Mapping[str, float | None]
    measures: Measures
    arch_deg: float | None
    """Greatest spinal extension at the top, extension positive."""
    duration_s: float | None
    wall_cm: float | None


def facts_of(
    motion: Posture,
    span: RepSpan,
    rules: Rules,
    *,
    faults: Sequence[str],
    angles: Mapping[str, float | None],
    measures: Measures,
) -> RepFacts:
    """Return the facts that decide the notes of one repetition."""
    arch_deg = duration_s = None
    if span.end_s is not None:
        around = np.searchsorted(motion.time_s, [span.end_s - TOP_S, span.end_s + TOP_S])
        top = motion.spinal_deg[slice(*around)]
        top = top[np.isfinite(top)]
        arch_deg = -float(top.min()) if len(top) else None
        duration_s = None if span.start_s is None else span.end_s - span.start_s
    return RepFacts(
        span.kind == "full", faults, angles, measures, arch_deg, duration_s, rules.wall_cm
    )


def over(value: float | None, limit: float) -> bool:
    """Return whether a value is known and at its limit or past it."""
    return value is not None and value >= limit


def under(value: float | None, limit: float) -> bool:
    """Return whether a value is known and below its limit."""
    return value is not None and value < limit


NOTES: Mapping[str, tuple[tuple[str, ...], Callable[..., bool]]] = {
    "shallow": (
        ("shallow_deg",),
        lambda facts, deg: facts.full and under(facts.angles["hip"], deg),
    ),
    "too_deep": (
        ("too_deep_deg",),
        lambda facts, deg: over(facts.angles["hip"], deg) and "squatting" not in facts.faults,
    ),
    "shins_forward": (("shins_forward_deg",), lambda facts, deg: over(facts.angles["shin"], deg)),
    "locked_knees": (
        ("locked_knees_deg",),
        lambda facts, deg: not facts.faults and under(facts.angles["knee"], deg),
    ),
    "over_arching": (("over_arching_deg",), lambda facts, deg: over(facts.arch_deg, deg)),
    "too_fast": (("too_fast_s",), lambda facts, s: under(facts.duration_s, s)),
    "lowered_fast": (("lowered_fast_s",), lambda facts, s: under(facts.measures.lowering_s, s)),
    "hips_not_back": (
        ("least_travel_cm_per_10_deg", "staying_travel_cm"),
        lambda facts, cm_per_10_deg, cm: (
            under(facts.measures.hip_travel_cm_per_10_deg, cm_per_10_deg)
            and under(facts.measures.hip_travel_cm, cm)
        ),
    ),
    "short_of_the_wall": (
        ("wall_near_cm",),
        lambda facts, cm: (
            facts.wall_cm is not None and under(facts.measures.hip_travel_cm, facts.wall_cm - cm)
        ),
    ),
    "on_the_toes": (
        ("on_the_toes_share", "heels_up_deg"),
        lambda facts, share, deg: (
            over(facts.measures.weight_share, share) and over(facts.measures.heels_up_deg, deg)
        ),
    ),
    "knees_first": (("knees_first_s",), lambda facts, s: over(facts.measures.knee_lead_s, s)),
    "hips_first": (("hips_first_deg",), lambda facts, deg: over(facts.measures.chest_lag_deg, deg)),
    "looking_up": (
        ("looking_up_deg",),
        # Over a rounded back a head that hangs is tipped back too, and who squats looks ahead.
        lambda facts, deg: not facts.faults and over(facts.measures.head_back_deg, deg),
    ),
}
"""By note, in the order reported: the tolerances it depends on, and a function of `RepFacts` and
their values that returns whether the repetition gets it."""


def applied_limits(
    motion: Posture, rules: Rules, tolerances: Tolerances, spare_deg: float = 0.0
) -> dict[str, float]:
    """Return the limits of one clip, by name; wider where neutral is assumed.

    Those of faults are named by the field of `Rep` (knee and shin must both be past theirs), others
    by the field of `Tolerances`. Limits of what the exercise does not ask for are left out.
    `spare_deg` widens those of spine and neck.
    """
    own = rules.applied(tolerances)
    spare = own.assumed_neutral_extra_deg if motion.neutral == "assumed" else 0.0
    limits: dict[str, float] = {}
    if motion.by_strays:
        limits["end_stray_cm"] = own.end_stray_cm
        if not np.isfinite(motion.knee_deg).any():
            return limits | {"upper_back_stray_cm": own.upper_back_stray_cm}
    else:
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
    for name in limits.keys() & {"over_arching_deg", "looking_up_deg"}:
        limits[name] += spare + spare_deg
    return limits


def technique_notes(facts: RepFacts, rules: Rules, limits: Mapping[str, float]) -> Iterator[str]:
    """Yield the notes that `rules` include and the repetition gets, by the clip's `limits`."""
    for note, (names, deserved) in NOTES.items():
        asked = note in rules.notes and limits.keys() >= set(names)
        if asked and deserved(facts, *(limits[name] for name in names)):
            yield note
