"""Faults and notes per repetition and per clip: the result types that every view shows."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.posture import SMOOTHING_S, Posture
from hinge_dowel.reps import RepSpan
from hinge_dowel.tolerances import DEFAULT, Tolerances

Array = NDArray[np.float64]

SCHEMA = 1

Status = Literal["clean", "faulty", "unusable"]
Facing = Literal["left", "right"]
Neutral = Literal["measured", "assumed"]

FAULTS = ("spinal_flexion", "squatting", "cervical_flexion")
"""Worst first: the order in which faults are listed and cues are given."""


@dataclass(frozen=True, slots=True)
class Strays:
    """How far each place is from the dowel at the worst moment of a rep, in cm.

    Measured against the standing neutral; positive when the place has left the dowel, None where
    it could not be seen.
    """

    head: float | None
    upper_back: float | None
    sacrum: float | None

    def to_dict(self) -> dict[str, float | None]:
        """The entry `stray_cm` of a rep."""
        return {
            "head": _rounded(self.head, 1),
            "upper_back": _rounded(self.upper_back, 1),
            "sacrum": _rounded(self.sacrum, 1),
        }


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition. Angles are sagittal, in degrees of change from standing neutral.

    Flexion is positive; each is the extreme of the rep (median over 0.3 s), None where it could
    not be seen. Times are seconds from the start of the clip, None where the clip does not show
    them.
    """

    number: int
    start_s: float | None
    bottom_s: float | None
    end_s: float | None
    hip_flexion_deg: float | None
    knee_flexion_deg: float | None
    shin_angle_deg: float | None
    spinal_flexion_deg: float | None
    cervical_flexion_deg: float | None
    stray_cm: Strays
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether no fault was found."""
        return not self.faults

    def to_dict(self) -> dict[str, Any]:
        """The entry of `reps` in the JSON contract."""
        return {
            "number": self.number,
            "start_s": _rounded(self.start_s, 2),
            "bottom_s": _rounded(self.bottom_s, 2),
            "end_s": _rounded(self.end_s, 2),
            "hip_flexion_deg": _rounded(self.hip_flexion_deg, 1),
            "knee_flexion_deg": _rounded(self.knee_flexion_deg, 1),
            "shin_angle_deg": _rounded(self.shin_angle_deg, 1),
            "spinal_flexion_deg": _rounded(self.spinal_flexion_deg, 1),
            "cervical_flexion_deg": _rounded(self.cervical_flexion_deg, 1),
            "stray_cm": self.stray_cm.to_dict(),
            "faults": list(self.faults),
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        when = _rounded(self.bottom_s, 2)
        angles = {
            "hip": self.hip_flexion_deg,
            "knee": self.knee_flexion_deg,
            "spine": self.spinal_flexion_deg,
            "neck": self.cervical_flexion_deg,
        }
        parts = [
            f"rep {self.number}" + (f" at {when:.2f} s" if when is not None else ""),
            _listed(self.faults) or "clean",
            ", ".join(f"{joint} {_whole(angle)}" for joint, angle in angles.items()) + " deg",
        ]
        notes = f" ({_listed(self.notes)})" if self.notes else ""
        return ": ".join(parts) + notes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was seen in one clip, session or array."""

    clip: str
    status: Status
    reason: str | None = None
    facing: Facing | None = None
    view_angle_deg: float | None = None
    neutral: Neutral | None = None
    faults: tuple[str, ...] = ()
    reps: tuple[Rep, ...] = ()
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The entry of `clips` in the JSON contract: plain values, rounded to what is known."""
        return {
            "clip": self.clip,
            "status": self.status,
            "reason": self.reason,
            "facing": self.facing,
            "view_angle_deg": _rounded(self.view_angle_deg, 1),
            "neutral": self.neutral,
            "faults": list(self.faults),
            "reps": [rep.to_dict() for rep in self.reps],
            "warnings": list(self.warnings),
        }

    def to_json(self) -> str:
        """`to_dict` as indented JSON."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)

    def __str__(self) -> str:
        if self.status == "unusable":
            return f"{self.clip}: unusable: {self.reason}"
        clean = sum(rep.clean for rep in self.reps)
        head = f"{self.clip}: {self.status}"
        if self.faults:
            head += f" ({_listed(self.faults)})"
        head += f", {clean} of {len(self.reps)} {'rep' if len(self.reps) == 1 else 'reps'} clean"
        return "\n".join([head, *(f"  {rep}" for rep in self.reps)])


def _rounded(value: float | None, digits: int) -> float | None:
    """A plain float for JSON: None for what is unknown or not finite, and never minus zero."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), digits) + 0.0


def _whole(angle_deg: float | None) -> str:
    rounded = _rounded(angle_deg, 0)
    return "unknown" if rounded is None else f"{rounded:.0f}"


def _listed(keys: tuple[str, ...]) -> str:
    return ", ".join(key.replace("_", " ") for key in keys)


# -- judging -------------------------------------------------------------------------------------

MARGIN_DEG = 6.0
"""Elsewhere in a rep must beat its bottom by this much to count as the extreme: the scatter of an
angle between the frames of one rep. The bottom is slow and well seen; on the way, pictures blur."""
TOP_S = 0.6
"""How long after the end of a rep leaning back still belongs to it."""


def judge_rep(
    posture: Posture,
    span: RepSpan,
    number: int,
    *,
    tolerances: Tolerances = DEFAULT,
    notes: Sequence[str] = (),
) -> Rep:
    """Faults and notes of one repetition.

    A fault needs its angle past its tolerance, which widens where neutral is assumed; squatting
    needs bent knees and shins that have left upright. Where legs are not in the input at all
    (`check_points`), the strays name the place.
    """
    inside = slice(span.first, span.last + 1)
    time = posture.time_s[inside]
    bottom = np.abs(time - span.bottom_s) <= SMOOTHING_S / 2
    bottom[span.bottom - span.first] = True
    spare = tolerances.assumed_neutral_extra_deg if posture.neutral == "assumed" else 0.0

    def extreme(series: Array) -> float | None:
        return _extreme(series[inside], bottom)

    spinal, cervical = extreme(posture.spinal_deg), extreme(posture.cervical_deg)
    hip, knee, shin = (extreme(a) for a in (posture.hip_deg, posture.knee_deg, posture.shin_deg))
    fit = posture.fit
    strays = Strays(
        *(_at(a[inside], bottom) for a in (fit.head_cm, fit.upper_back_cm, fit.sacrum_cm))
    )
    legs = bool(np.isfinite(posture.knee_deg).any())
    found = {
        "spinal_flexion": _over(spinal, tolerances.spinal_flexion_deg + spare),
        "cervical_flexion": _over(cervical, tolerances.cervical_flexion_deg + spare),
        "squatting": _over(knee, tolerances.squat_knee_deg + spare)
        and _over(shin, tolerances.squat_shin_deg),
    }
    if not legs:
        found["squatting"] = _over(strays.upper_back, tolerances.upper_back_stray_cm)
        for fault, angle, stray in (
            ("spinal_flexion", spinal, strays.sacrum),
            ("cervical_flexion", cervical, strays.head),
        ):
            found[fault] = _over(stray, tolerances.end_stray_cm) if angle is None else found[fault]
    faults = tuple(fault for fault in FAULTS if found[fault])

    after = (posture.time_s >= time[0]) & (posture.time_s <= time[-1] + TOP_S)
    arch = _least(posture.spinal_deg[after])

    def observed() -> Iterator[str]:
        if span.kind != "full":
            yield span.kind
        if hip is not None and hip < tolerances.shallow_deg and span.kind == "full":
            yield "shallow"
        if _over(hip, tolerances.too_deep_deg) and "squatting" not in faults:
            yield "too_deep"
        if _over(shin, tolerances.shins_forward_deg):
            yield "shins_forward"
        if knee is not None and knee < tolerances.locked_knees_deg and not faults:
            yield "locked_knees"
        if arch is not None and arch < -tolerances.over_arching_deg - spare:
            yield "over_arching"
        if (
            span.start_s is not None
            and span.end_s is not None
            and span.end_s - span.start_s < tolerances.too_fast_s
        ):
            yield "too_fast"
        yield from notes

    return Rep(
        number=number,
        start_s=span.start_s,
        bottom_s=span.bottom_s,
        end_s=span.end_s,
        hip_flexion_deg=hip,
        knee_flexion_deg=knee,
        shin_angle_deg=shin,
        spinal_flexion_deg=spinal,
        cervical_flexion_deg=cervical,
        stray_cm=strays,
        faults=faults,
        notes=tuple(dict.fromkeys(observed())),
    )


def _over(value: float | None, limit: float) -> bool:
    return value is not None and value >= limit


def _at(series: Array, where: NDArray[np.bool_]) -> float | None:
    seen = series[where & np.isfinite(series)]
    return float(np.median(seen)) if len(seen) else None


def _least(series: Array) -> float | None:
    seen = series[np.isfinite(series)]
    return float(seen.min()) if len(seen) else None


def _extreme(series: Array, bottom: NDArray[np.bool_]) -> float | None:
    """The value at the bottom, unless elsewhere is clearly further from neutral."""
    seen = series[np.isfinite(series)]
    if not len(seen):
        return None
    furthest = float(seen[np.argmax(np.abs(seen))])
    low = _at(series, bottom)
    return furthest if low is None or abs(furthest) > abs(low) + MARGIN_DEG else low
