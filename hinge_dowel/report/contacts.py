"""Contact lights by repetition and by frame, their words, and what is drawn of contacts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hinge_dowel.analysis.back_regions import contact_rows
from hinge_dowel.analysis.limits import limit_share
from hinge_dowel.analysis.rules import STRAY_OF, UNSURE_NOTE_OF
from hinge_dowel.body.array_types import Array, Floats, Mask
from hinge_dowel.body.landmarks import LEG
from hinge_dowel.exercises.cues import CONTACTS
from hinge_dowel.verdict import ANGLE_OF, BETWEEN, STANDING, Facing, Rep, Series, Verdict

Light = Literal["on", "close", "off", "unseen", "idle"]
"""A place is on the dowel; within tolerance but near leaving, or hard to judge; off it; not seen;
no repetition is under way. Knees: bent as they should be; hard to judge; bent too much."""

WORDS: Mapping[Light, str] = {
    "on": "on the dowel",
    "close": "borderline, or hard to judge",
    "off": "left the dowel",
    "unseen": "not seen",
}
"""What the light of one place says."""
SHORT_WORDS: Mapping[Light, str] = {
    **WORDS,
    "close": "maybe off",
    "off": "off",
    "idle": "ready",
}
"""The same beside the light of a live session."""
KEY_WORDS: Mapping[Light, str] = {**WORDS, "close": "borderline, maybe off", "off": "off (gap)"}
"""The same below a table in the terminal, where the gap stands beside an off light."""
KNEE_WORDS: Mapping[Light, str] = {
    "on": "bent as they should be",
    "close": "maybe bent too much",
    "off": "bent too much",
    "unseen": "not seen",
}
"""What the light of the knees says."""
PLACE_OR_KNEE_WORDS: Mapping[Light, str] = {
    "on": "on the dowel, knees soft",
    "close": "borderline, or hard to tell: maybe a fault",
    "off": "left the dowel, knees bent too much",
    "unseen": "not seen",
}
"""What a light says that may be either's, as in the legend of a page."""
WHOLE_WORDS: Mapping[Light, str] = {
    "on": "clean",
    "close": "maybe faulty",
    "off": "faulty",
    "unseen": "not judged",
}
"""What the light of a whole repetition (`of_whole`) says."""

SLIGHT_CM = 0.5
"""A smaller gap to the dowel is not named: a fault may be plain from the joints while the place
itself has hardly strayed. A choice: it would be given as 0 or 1 cm."""
FAULT_OF_ANGLE = {angle: fault for fault, angle in ANGLE_OF.items()}
"""By angle (a field of `Rep`), the fault that it shows."""
KNEES_LIGHT = "knees"
"""The name of the knees' light beside those of `CONTACTS`."""
FAULT_OF = {place: fault for fault, (place, _) in STRAY_OF.items()} | {KNEES_LIGHT: "squatting"}
"""By contact, and of the knees, the fault that shows there."""
BORDERLINE_NOTE_OF = {place: UNSURE_NOTE_OF[FAULT_OF[place]] for place in ("head", "sacrum")}
"""By contact, the note that makes it borderline."""


def of_rep(rep: Rep, contact: str) -> Light:
    """Return the light of one contact (a field of `Strays`) over a whole repetition.

    A fault that is a maybe is shown as borderline, and so is a place off the dowel by at least
    `Rep.borderline_cm` though its angle is within tolerance: past what standing itself varies.
    Squatting is seen in the knees (`of_knees`) while the dowel may still touch, so the upper back
    is off only when it has left by as much.
    """
    fault, stray_cm = FAULT_OF[contact], getattr(rep.stray_cm, contact)
    left = stray_cm is not None and stray_cm >= rep.borderline_cm
    by_knees = contact == "upper_back" and rep.knee_flexion_deg is not None
    if fault in rep.faults and (left or not by_knees):
        return of_fault(rep, fault)
    if stray_cm is None:
        return "unseen"
    return "close" if left or BORDERLINE_NOTE_OF.get(contact) in rep.notes else "on"


def told_gap_cm(rep: Rep, contact: str) -> float | None:
    """Return the gap between a place and the dowel in cm; None where unknown or slight."""
    stray_cm: float | None = getattr(rep.stray_cm, contact)
    return None if stray_cm is None or stray_cm < SLIGHT_CM else stray_cm


def of_knees(rep: Rep) -> Light | None:
    """Return the light of the knees over a whole repetition; None where legs are not judged."""
    unsure = "unsure_knee" in rep.notes
    if rep.knee_flexion_deg is None:
        return "unseen" if unsure else None
    light = of_fault(rep, "squatting")
    return "close" if unsure and light == "on" else light


def of_fault(rep: Rep, fault: str | None) -> Light:
    """Return the light of a fault: off where the rep has it for sure, close for maybe, else on."""
    return "off" if fault in rep.sure_faults else "close" if fault in rep.faults else "on"


def of_whole(rep: Rep) -> Light:
    """Return one light for all of a repetition: clean, maybe faulty, faulty, or not judged."""
    if not rep.judged:
        return "unseen"
    return "off" if rep.sure_faults else "close" if rep.faults else "on"


def spans_s(verdict: Verdict) -> list[tuple[float, float]]:
    """Return start and end of every repetition; an unseen one is the clip's or neighbour's edge."""
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


def moving_frames(series: Series, span: tuple[float, float]) -> Mask:
    """Return a mask of the frames (T,) in a span that are part of a movement, not of standing."""
    time, phase = series.time_s, series.phase
    moving = (phase != BETWEEN) & (phase != STANDING)
    return np.asarray((time >= span[0]) & (time <= span[1]) & moving)


def of_frames(verdict: Verdict) -> dict[str, list[Light]]:
    """Return the light of each contact, and of `knees`, in every frame of the series (T of them).

    A light is off only in repetitions that have its fault, while the angle that shows the fault is
    past its limit, so that lights never say more than the verdict; where the fault is a maybe it is
    borderline instead. Outside repetitions all are idle: standing and setting up are not judged.
    """
    series = verdict.series
    if series is None:
        return {contact: [] for contact in (*CONTACTS, KNEES_LIGHT)}
    spans = zip(verdict.reps, spans_s(verdict), strict=True)
    reps = [(rep, moving_frames(series, span)) for rep, span in spans]
    moving = np.logical_or.reduce([frames for _, frames in reps] or [np.zeros(len(series), bool)])
    lights: dict[str, list[Light]] = {}
    for contact in (*CONTACTS, KNEES_LIGHT):
        knees = contact == KNEES_LIGHT
        fault = FAULT_OF[contact]
        strays_cm = np.full(len(series), np.nan) if knees else getattr(series, f"{contact}_cm")
        past = _past(series, fault, verdict.limits)
        by_knees = contact == "upper_back" and STRAY_OF[fault][1] not in verdict.limits
        off, close = np.zeros((2, len(series)), dtype=bool)
        for rep, frames in reps:
            with np.errstate(invalid="ignore"):
                left = frames & (strays_cm >= rep.borderline_cm)
            close |= left
            gone = past & (left if by_knees else frames)
            if fault in rep.sure_faults:
                off |= gone
            elif fault in rep.faults:
                close |= gone
        measure = series.knee_flexion_deg if knees else strays_cm
        names = np.select(
            [~moving, off, ~np.isfinite(measure), close], ["idle", "off", "unseen", "close"], "on"
        )
        lights[contact] = names.tolist()
    return lights


def _past(series: Series, fault: str, limits: Mapping[str, float]) -> Mask:
    """Return a mask (T,) of frames past a fault's limit: all, where it has none for a series."""
    share = limit_share(series, fault, limits)
    with np.errstate(invalid="ignore"):
        return np.ones(len(series), dtype=bool) if share is None else np.asarray(share >= 1)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What is drawn over T frames, in the series' own pixels, NaN where not seen.

    `dowel_px` (T, 2, 2) are the dowel's upper and lower end; `places_px` (T, 3, 2) head, upper back
    and sacrum on the back, in the order of `CONTACTS`; `feet_px` (T, 3, 2) the points of the dowel
    nearest to them; `leg_px` (T, 3, 2) hip, knee and ankle of the leg on the camera's side.
    """

    dowel_px: Array
    places_px: Array
    feet_px: Array
    leg_px: Array


def drawing(verdict: Verdict) -> Drawing:
    """Return what is drawn over the frames of a verdict; 0 frames without a series."""
    series = verdict.series
    if series is None:
        nothing = np.full((0, 3, 2), np.nan)
        return Drawing(nothing[:, :2], nothing, nothing, nothing)
    return drawing_of(series.landmarks_px, series.back_px, series.dowel_px, verdict.facing)


def drawing_of(
    landmarks_px: Floats, back_px: Array, dowel_px: Array, facing: Facing | None
) -> Drawing:
    """Return what is drawn over T frames, from the arrays of a series (see `series.Series`)."""
    places = back_px[:, contact_rows(back_px)]
    leg = np.full((len(back_px), 3, 2), np.nan)
    if landmarks_px.shape[1]:
        side = 0 if facing == "left" else 1  # facing left shows the left side
        leg = np.asarray(landmarks_px[:, [pair[side] for pair in LEG]])
    return Drawing(dowel_px, places, onto(places, dowel_px), leg)


def onto(places: Array, dowel: Array) -> Array:
    """Project `places` (..., N, 2) onto a dowel (..., 2, 2) longer than the back; NaN passes on."""
    lower = dowel[..., 1:, :]
    way = dowel[..., :1, :] - lower
    length = np.linalg.norm(way, axis=-1, keepdims=True)
    way = way / np.where(length > 0, length, np.nan)
    return np.asarray(lower + ((places - lower) * way).sum(-1, keepdims=True) * way)
