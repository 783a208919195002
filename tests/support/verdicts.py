"""Verdicts with a drawn body behind them, made without video or pose model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.verdict import FAULTS, LIFTING, LOWERING, STANDING, Rep, Series, Strays, Verdict

Array = NDArray[np.float64]

SIZE_PX = (480, 480)
CM_PER_PX = 0.45
RATE_HZ = 15.0
REP_S = 4.0
DEEP_DEG = {"spinal_flexion": 45.0, "squatting": 85.0, "cervical_flexion": 35.0}
STRAY_CM = {"spinal_flexion": 9.0, "squatting": 3.0, "cervical_flexion": 6.0}
LIMITS = {
    "spinal_flexion_deg": 16.0,
    "cervical_flexion_deg": 14.0,
    "knee_flexion_deg": 45.0,
    "shin_angle_deg": 10.0,
    "deep_knee_deg": 90.0,
}
PLACE = {"spinal_flexion": "sacrum", "squatting": "upper_back", "cervical_flexion": "head"}


def verdict(
    clip: str = "clip.mp4",
    reps: Sequence[Sequence[str]] = ((),),
    *,
    scale: float = 1.0,
    facing: str = "right",
) -> Verdict:
    """Return the verdict on a clip of repetitions with these faults, each 4 s, 2 s of standing
    before and after; a larger `scale` makes the faults worse.
    """
    found = tuple(rep(number, faults, scale) for number, faults in enumerate(reps, 1))
    faults = tuple(f for f in FAULTS if any(f in r.faults for r in found))
    return Verdict(
        clip,
        "faulty" if faults else "clean",
        facing="left" if facing == "left" else "right",
        view_angle_deg=4.0,
        neutral="measured",
        faults=faults,
        reps=found,
        series=series(found, left=facing == "left"),
        limits=LIMITS,
    )


def of(*reps: Rep) -> Verdict:
    """Return the verdict on a clip of these repetitions alone, without frames."""
    faults = tuple(dict.fromkeys(fault for one in reps for fault in one.faults))
    return Verdict("a.mp4", "faulty" if faults else "clean", faults=faults, reps=reps)


MEASURED = ("spinal_flexion_deg", "cervical_flexion_deg", "knee_flexion_deg", "hip_flexion_deg")


def known(reps, clip: str = "clip.mp4"):
    """Return a verdict in which every angle has an interval of 5 degrees to both sides."""
    found = verdict(clip, reps)
    ends = [
        {key: (getattr(rep, key) - 5, getattr(rep, key) + 5) for key in MEASURED}
        for rep in found.reps
    ]
    told = [replace(rep, intervals_deg=one) for rep, one in zip(found.reps, ends, strict=True)]
    return replace(found, reps=tuple(told))


def rep(number: int, faults: Sequence[str] = (), scale: float = 1.0) -> Rep:
    start = 2.0 + (number - 1) * REP_S
    deep = {fault: DEEP_DEG[fault] * scale if fault in faults else 4.0 for fault in FAULTS}
    strays = dict.fromkeys(("head", "upper_back", "sacrum"), 0.1)
    strays |= {PLACE[fault]: STRAY_CM[fault] * scale for fault in faults}
    return Rep(
        number=number,
        start_s=start,
        bottom_s=start + REP_S / 2,
        end_s=start + REP_S,
        hip_flexion_deg=90.0,
        knee_flexion_deg=deep["squatting"],
        shin_angle_deg=25.0 if "squatting" in faults else 2.0,
        spinal_flexion_deg=deep["spinal_flexion"],
        cervical_flexion_deg=deep["cervical_flexion"],
        stray_cm=Strays(**strays),
        faults=tuple(fault for fault in FAULTS if fault in faults),
    )


def unusable(clip: str = "front.mp4", reason: str = "Film from the side.") -> Verdict:
    return Verdict(clip, "unusable", reason=reason)


def series(reps: Sequence[Rep], *, left: bool = False) -> Series:
    """Return a series whose angles rise and fall with the reps; the body bends at the hip alone."""
    duration_s = 4.0 + REP_S * len(reps)
    time = np.arange(0, duration_s, 1 / RATE_HZ)
    depth = np.zeros((len(reps), len(time)))
    phase = np.full(len(time), STANDING, dtype=np.int8)
    for row, one in enumerate(reps):
        assert one.start_s is not None
        assert one.bottom_s is not None
        into = (time - one.start_s) / REP_S
        inside = (into >= 0) & (into <= 1)
        depth[row, inside] = np.sin(np.pi * into[inside]) ** 2
        phase[inside & (time <= one.bottom_s)] = LOWERING
        phase[inside & (time > one.bottom_s)] = LIFTING

    def curve(values: Sequence[float | None]) -> Array:
        return np.asarray(np.array(values, dtype=float) @ depth) if len(reps) else time * 0

    hip = curve([r.hip_flexion_deg for r in reps])
    landmarks, back, dowel = body(np.radians(hip))
    drawn = {"landmarks_px": landmarks, "back_px": back, "dowel_px": dowel}
    if left:
        drawn = {k: v * [-1, 1] + [SIZE_PX[0], 0] for k, v in drawn.items()}
    return Series(
        time_s=time,
        hip_flexion_deg=hip,
        knee_flexion_deg=curve([r.knee_flexion_deg for r in reps]),
        shin_angle_deg=curve([r.shin_angle_deg for r in reps]),
        spinal_flexion_deg=curve([r.spinal_flexion_deg for r in reps]),
        cervical_flexion_deg=curve([r.cervical_flexion_deg for r in reps]),
        head_cm=curve([r.stray_cm.head for r in reps]),
        upper_back_cm=curve([r.stray_cm.upper_back for r in reps]),
        sacrum_cm=curve([r.stray_cm.sacrum for r in reps]),
        phase=phase,
        cm_per_px=CM_PER_PX,
        size_px=SIZE_PX,
        **drawn,
    )


def frames(one: Verdict) -> Series:
    """Return a verdict's series, which is there."""
    assert one.series is not None
    return one.series


def altered(one: Verdict, **series: object) -> Verdict:
    """Return a verdict with other fields of its series."""
    return replace(one, series=replace(frames(one), **series))


def body(pitch: Array) -> tuple[Array, Array, Array]:
    """Return landmarks (T, 33, 2), back (T, 7, 2), dowel (T, 2, 2); `pitch` (T,) is in radians."""
    up = np.stack([np.sin(pitch), -np.cos(pitch)], axis=-1)
    behind = np.stack([-np.cos(pitch), -np.sin(pitch)], axis=-1)
    hip = np.broadcast_to(np.array([220.0, 260.0]), up.shape)

    def at(along: float, across: float = 0.0) -> Array:
        return np.asarray(hip + along * up + across * behind)

    marks = np.empty((len(pitch), 33, 2))
    marks[:] = at(165.0)[:, None]  # the face
    marks[:, (7, 8)] = at(160.0)[:, None]
    marks[:, (11, 12)] = at(115.0)[:, None]
    marks[:, 13:15] = (at(115.0) + np.array([0, 60]))[:, None]
    marks[:, 15:23] = (at(115.0) + np.array([0, 115]))[:, None]
    for pair, place in (
        ((23, 24), (220, 260)),
        ((25, 26), (228, 345)),
        ((27, 28), (220, 430)),
        ((29, 30), (210, 438)),
        ((31, 32), (255, 440)),
    ):
        marks[:, pair] = np.array(place, dtype=float)
    back = np.stack([at(along, 24.0) for along in np.linspace(170, 0, 7)], axis=1)
    dowel = np.stack([at(188.0, 24.0), at(-18.0, 24.0)], axis=1)
    return marks, back, dowel


def without_frames(one: Verdict) -> Verdict:
    return replace(one, series=None)
