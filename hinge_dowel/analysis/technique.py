"""The notes on how a repetition is done: what is not a fault, and is worth a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hinge_dowel.analysis.limits import NOTE_LIMITS
from hinge_dowel.analysis.measures import Measures
from hinge_dowel.analysis.posture import Posture
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.rules import Rules

TOP_S = 0.5
"""Leaning back belongs to a rep this long before and after its end."""


@dataclass(frozen=True, slots=True)
class RepFacts:
    """What the notes of one repetition are told from; None where not seen, degrees and seconds."""

    full: bool
    faults: Sequence[str]
    angles: Mapping[str, float | None]
    measures: Measures
    arch_deg: float | None
    """The least spinal flexion at the top."""
    duration_s: float | None
    wall_cm: float | None


def facts_of(
    posture: Posture,
    span: RepSpan,
    rules: Rules,
    *,
    faults: Sequence[str],
    angles: Mapping[str, float | None],
    measures: Measures,
) -> RepFacts:
    """Gather what the notes are told from."""
    arch_deg = duration_s = None
    if span.end_s is not None:
        around = np.searchsorted(posture.time_s, [span.end_s - TOP_S, span.end_s + TOP_S])
        top = posture.spinal_deg[slice(*around)]
        top = top[np.isfinite(top)]
        arch_deg = float(top.min()) if len(top) else None
        duration_s = None if span.start_s is None else span.end_s - span.start_s
    return RepFacts(
        span.kind == "full", faults, angles, measures, arch_deg, duration_s, rules.wall_cm
    )


def technique_notes(facts: RepFacts, rules: Rules, limits: Mapping[str, float]) -> Iterator[str]:
    """The notes that `rules` count and the repetition deserves, by the limits of the clip."""
    for note, deserved in DESERVED.items():
        if note not in rules.notes or not limits.keys() >= set(NOTE_LIMITS[note]):
            continue
        if deserved(facts, *(limits[name] for name in NOTE_LIMITS[note])):
            yield note


def _over(value: float | None, limit: float) -> bool:
    return value is not None and value >= limit


def _under(value: float | None, limit: float) -> bool:
    return value is not None and value < limit


def _short_of_the_wall(facts: RepFacts, near_cm: float) -> bool:
    if facts.wall_cm is None:
        return False
    return _under(facts.measures.hip_travel_cm, facts.wall_cm - near_cm)


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


DESERVED: Mapping[str, Callable[..., bool]] = {
    "shallow": lambda rep, limit: rep.full and _under(rep.angles["hip"], limit),
    "too_deep": lambda rep, limit: (
        _over(rep.angles["hip"], limit) and "squatting" not in rep.faults
    ),
    "shins_forward": lambda rep, limit: _over(rep.angles["shin"], limit),
    "locked_knees": lambda rep, limit: not rep.faults and _under(rep.angles["knee"], limit),
    "over_arching": lambda rep, limit: _over(_minus(rep.arch_deg), limit),
    "too_fast": lambda rep, limit: _under(rep.duration_s, limit),
    "lowered_fast": lambda rep, limit: _under(rep.measures.lowering_s, limit),
    "hips_not_back": lambda rep, share, limit: (
        _under(rep.measures.hip_travel_cm_per_10_deg, share)
        and _under(rep.measures.hip_travel_cm, limit)
    ),
    "short_of_the_wall": _short_of_the_wall,
    "on_the_toes": lambda rep, limit: _over(rep.measures.weight_share, limit),
    "knees_first": lambda rep, limit: _over(rep.measures.knee_lead_s, limit),
    "hips_first": lambda rep, limit: _over(rep.measures.chest_lag_deg, limit),
    "looking_up": lambda rep, limit: _over(_minus(rep.measures.head_deg), limit),
}
"""By note, whether a repetition deserves it, given its limits, those of `NOTE_LIMITS`."""
