"""Which place touches the dowel when, and where it is worst: what every picture is drawn from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.analysis.back_regions import contact_rows
from hinge_dowel.body.landmarks import ANKLES, HIPS, KNEES
from hinge_dowel.exercises.cues import CONTACTS, FAULTS
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import ANGLE_OF, BETWEEN, STANDING, Rep, Series, Verdict

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

Light = Literal["on", "close", "off", "unseen", "idle"]
"""On the dowel; within tolerance but not far from leaving, or hard to judge; left; not seen; no
repetition is under way. Of knees: bent as they should be, hard to judge, bent too much."""

CLOSE_CM = DEFAULT.upper_back_stray_cm
"""A place this far off the dowel, though within tolerance, is shown as borderline: what is as much
as standing varies for the upper back is for head and sacrum, whose limit is wider, too."""
SLIGHT_CM = 0.5
"""Off the dowel by less than this, the gap is not told: a fault may be plain from the joints while
the place itself has hardly strayed. A choice: it would be told as 0 or 1 cm."""
UNSURE = {"head": "unsure_head", "sacrum": "unsure_spine"}
"""The note that makes a contact borderline."""
FAULT_OF = {words.contact: key for key, words in FAULTS.items()}
"""By contact, the fault that shows there."""
KNEES_LIGHT = "knees"
"""The name of the knees' light beside those of `CONTACTS`."""
TIME_COST_DEG_S = 4.0
"""The worst moment may be this much milder for each second nearer to the bottom, where pictures
are sharp and the posture is plain. A choice."""
UNSEEN_COST_DEG = 90.0
"""A frame that does not show the angle is as bad a choice as one that is this far off."""


@dataclass(frozen=True, slots=True)
class WorstFrame:
    """One frame to show of a clip: `frame` counts rows of its series."""

    rep: Rep
    fault: str | None
    frame: int
    time_s: float


def of_rep(rep: Rep, contact: str, tolerances: Tolerances = DEFAULT) -> Light:
    """The light of one contact (a field of `Strays`) over a whole repetition.

    A fault that is a maybe is shown as borderline. Squatting is seen in the knees (`of_knees`):
    the stick may touch all the same, so the upper back is off only when it has really left.
    """
    fault, stray_cm = FAULT_OF[contact], getattr(rep.stray_cm, contact)
    left = stray_cm is not None and stray_cm >= tolerances.upper_back_stray_cm
    if fault in rep.faults and (contact != "upper_back" or left):
        return "off" if fault in rep.sure_faults else "close"
    if stray_cm is None:
        return "unseen"
    return "close" if stray_cm >= CLOSE_CM or UNSURE.get(contact) in rep.notes else "on"


def told_gap_cm(rep: Rep, contact: str) -> float | None:
    """How far a place that is off is from the dowel; None where that is not worth telling."""
    stray_cm: float | None = getattr(rep.stray_cm, contact)
    return None if stray_cm is None or stray_cm < SLIGHT_CM else stray_cm


def of_knees(rep: Rep) -> Light | None:
    """The light of the knees over a whole repetition; None where no legs are asked for."""
    if "squatting" in rep.faults and rep.knee_flexion_deg is not None:
        return "off" if "squatting" in rep.sure_faults else "close"
    if "unsure_knee" in rep.notes:
        return "unseen" if rep.knee_flexion_deg is None else "close"
    return None if rep.knee_flexion_deg is None else "on"


def of_fault(rep: Rep, fault: str) -> Light:
    """One light for a fault in a repetition: there, maybe there, not there."""
    return "off" if fault in rep.sure_faults else "close" if fault in rep.faults else "on"


def of_whole(rep: Rep) -> Light:
    """One light for a whole repetition: clean, maybe faulty, faulty, or not judged."""
    if not rep.judged:
        return "unseen"
    return "off" if rep.sure_faults else "close" if rep.faults else "on"


STRAY_LIMITS = {
    "spinal_flexion": ("sacrum", "end_stray_cm"),
    "squatting": ("upper_back", "upper_back_stray_cm"),
    "cervical_flexion": ("head", "end_stray_cm"),
}
"""By fault, the stray that tells it where there are no angles, and the limit of that."""


def limit_deg(verdict: Verdict, fault: str) -> float | None:
    """The angle from which a fault counted in this clip; None where no angle told it."""
    return verdict.limits.get(ANGLE_OF[fault])


def excess(rep: Rep, fault: str, limits: Mapping[str, float]) -> float:
    """How far past its limit a fault of a repetition is: 1 at the limit, 2 at twice the angle.

    `limits` are those of the verdict; 1 for a fault that is told by no single measure.
    """
    value, limit = getattr(rep, ANGLE_OF[fault]), limits.get(ANGLE_OF[fault])
    if limit is None:
        place, name = STRAY_LIMITS[fault]
        value, limit = getattr(rep.stray_cm, place), limits.get(name)
    return 1.0 if value is None or limit is None else max(1.0, value / max(limit, 1.0))


def spans_s(verdict: Verdict) -> list[tuple[float, float]]:
    """Start and end of every repetition; what the clip does not show is taken from its edges."""
    series = verdict.series
    first, last = (
        (float(series.time_s[0]), float(series.time_s[-1]))
        if series is not None and len(series)
        else (0.0, math.inf)
    )
    spans = []
    for rep in verdict.reps:
        begin = rep.start_s if rep.start_s is not None else first
        end = rep.end_s if rep.end_s is not None else last
        spans.append((begin, end))
        first = end
    return spans


def _inside(series: Series, span: tuple[float, float]) -> Mask:
    """Which frames (T,) of a span belong to its repetition: nobody stands in them."""
    time, phase = series.time_s, series.phase
    moving = (phase != BETWEEN) & (phase != STANDING)
    return np.asarray((time >= span[0]) & (time <= span[1]) & moving)


def of_frames(verdict: Verdict, tolerances: Tolerances = DEFAULT) -> dict[str, list[Light]]:
    """The light of each contact, and of `knees`, in every frame of the series, T of them.

    A light is off only in repetitions that have its fault, and there while the angle that shows
    the fault is past its limit, so that the lights never say more than the verdict; borderline in
    its place where the fault is a maybe. Outside repetitions all are idle: who sets up, stands or
    faces the camera is not judged.
    """
    series = verdict.series
    if series is None:
        return {contact: [] for contact in (*CONTACTS, KNEES_LIGHT)}
    past = _past(series, verdict.limits)
    spans = zip(verdict.reps, spans_s(verdict), strict=True)
    reps = [(rep, _inside(series, span)) for rep, span in spans]
    moving = np.logical_or.reduce([frames for _, frames in reps] or [np.zeros(len(series), bool)])
    lights: dict[str, list[Light]] = {}
    for contact in (*CONTACTS, KNEES_LIGHT):
        knees = contact == KNEES_LIGHT
        fault = "squatting" if knees else FAULT_OF[contact]
        measure = series.knee_flexion_deg if knees else getattr(series, f"{contact}_cm")
        with np.errstate(invalid="ignore"):
            close = np.zeros(len(series), bool) if knees else measure >= CLOSE_CM
            left = past[fault]
            if contact == "upper_back":
                left = left & (measure >= tolerances.upper_back_stray_cm)
        off = np.zeros(len(series), dtype=bool)
        for rep, frames in reps:
            if fault in rep.sure_faults:
                off |= frames & left
            elif fault in rep.faults:
                close |= frames & left
        names = np.select(
            [~moving, off, ~np.isfinite(measure), close], ["idle", "off", "unseen", "close"], "on"
        )
        lights[contact] = names.tolist()
    return lights


def _past(series: Series, limits: Mapping[str, float]) -> dict[str, Mask]:
    """By fault, in which frames (T,) what tells it is past the limit that was applied."""
    past = {fault: np.ones(len(series), dtype=bool) for fault in FAULTS}
    with np.errstate(invalid="ignore"):
        for fault, (place, name) in STRAY_LIMITS.items():
            if ANGLE_OF[fault] in limits:
                past[fault] = getattr(series, ANGLE_OF[fault]) >= limits[ANGLE_OF[fault]]
            elif name in limits:
                past[fault] = getattr(series, f"{place}_cm") >= limits[name]
        if "shin_angle_deg" in limits:
            past["squatting"] &= series.shin_angle_deg >= limits["shin_angle_deg"]
        if "deep_knee_deg" in limits:
            past["squatting"] |= series.knee_flexion_deg >= limits["deep_knee_deg"]
    return past


def worst(verdict: Verdict) -> WorstFrame | None:
    """The frame that shows a clip best: the worst fault of its worst repetition.

    Sure faults come before maybes, and half a repetition is shown only where no whole one is to be
    had. Of a clean clip, the bottom of its best repetition. None when there is nothing to show.
    """
    found = [
        (fault in rep.sure_faults, excess(rep, fault, verdict.limits), -place, -order, rep, fault)
        for place, rep in enumerate(whole(verdict.reps))
        for order, fault in enumerate(FAULTS)
        if fault in rep.faults
    ]
    if not found:
        return at_bottom(verdict, best(verdict))
    *_, rep, fault = max(found, key=lambda item: item[:4])
    angle, value = FAULTS[fault].angle, getattr(rep, FAULTS[fault].angle)
    return _shown(verdict, rep, fault, angle, value)


def whole(reps: Sequence[Rep]) -> Sequence[Rep]:
    """The whole repetitions, or all where there is none."""
    return [rep for rep in reps if rep.counted] or reps


def best(verdict: Verdict) -> Rep | None:
    """The repetition to do again: clean, with the fewest notes, the deepest of those."""
    return max(
        whole(verdict.reps),
        key=lambda rep: (rep.clean, -len(rep.faults), -len(rep.notes), rep.hip_flexion_deg or 0.0),
        default=None,
    )


def at_bottom(verdict: Verdict, rep: Rep | None) -> WorstFrame | None:
    """The frame that shows a repetition at its bottom; None when there is none to show."""
    return None if rep is None else _shown(verdict, rep, None, "hip_flexion_deg", None)


def _shown(
    verdict: Verdict, rep: Rep, fault: str | None, angle: str, value: float | None
) -> WorstFrame | None:
    """The frame of a repetition nearest to its bottom and to the value of an angle."""
    series = verdict.series
    if series is None:
        return None
    frames = _inside(series, spans_s(verdict)[verdict.reps.index(rep)])
    drawn = np.isfinite(series.dowel_px).all(axis=(1, 2)) & np.isfinite(series.back_px).all(
        axis=(1, 2)
    )
    # A repetition may be seen only in parts: then any frame of it, or else of the clip.
    rows = np.flatnonzero(frames & drawn if (frames & drawn).any() else drawn)
    if not len(rows):
        return None
    cost = np.zeros(len(rows))
    if rep.bottom_s is not None:
        cost += TIME_COST_DEG_S * np.abs(series.time_s[rows] - rep.bottom_s)
    if value is not None:
        cost += np.nan_to_num(np.abs(getattr(series, angle)[rows] - value), nan=UNSEEN_COST_DEG)
    frame = int(rows[np.argmin(cost)])
    return WorstFrame(rep, fault, frame, float(series.time_s[frame]))


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What is drawn over T frames, in the series' own pixels, NaN where not seen.

    `dowel_px` (T, 2, 2) its upper and lower end; `places_px` (T, 3, 2) head, upper back and
    sacrum on the back, in the order of `CONTACTS`; `feet_px` (T, 3, 2) the same on the dowel;
    `leg_px` (T, 3, 2) hip, knee and ankle of the leg on the camera's side.
    """

    dowel_px: Array
    places_px: Array
    feet_px: Array
    leg_px: Array


def drawing(verdict: Verdict) -> Drawing:
    """The dowel, the three places on the back, where each belongs on the dowel, and the leg."""
    series = verdict.series
    if series is None:
        nothing = np.full((0, 3, 2), np.nan)
        return Drawing(nothing[:, :2], nothing, nothing, nothing)
    dowel, back = series.dowel_px, series.back_px
    places = back[:, contact_rows(back)]
    leg = np.full((len(series), 3, 2), np.nan)
    if series.landmarks_px.shape[1]:
        side = 0 if verdict.facing == "left" else 1  # facing left shows the left side
        leg = np.asarray(series.landmarks_px[:, [pair[side] for pair in (HIPS, KNEES, ANKLES)]])
    return Drawing(dowel, places, onto(places, dowel), leg)


def onto(places: Array, dowel: Array) -> Array:
    """Where on a dowel (..., 2, 2) each of `places` (..., N, 2) would touch it; NaN passes on."""
    lower = dowel[..., 1:, :]
    way = dowel[..., :1, :] - lower
    length = np.linalg.norm(way, axis=-1, keepdims=True)
    way = way / np.where(length > 0, length, np.nan)
    return np.asarray(lower + ((places - lower) * way).sum(-1, keepdims=True) * way)
