"""The spine that MediaPipe lacks: points on the skin of the back, and the pitch of its parts.

A small regression, calibrated on virtual subjects whose every joint angle is known (drawn
independently, see tests/accuracy), turns the numbers of `evidence` into seven places on the back
and the pitch of pelvis, upper thorax and head. Its coefficients are in back_points.npz beside this
module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import numpy as np

from hinge_dowel.analysis.evidence import LEGS, evidence_columns, evidence_of
from hinge_dowel.body.array_types import Array, Floats, Indices, Mask
from hinge_dowel.body.facing import face_right
from hinge_dowel.body.landmarks import SHOULDERS
from hinge_dowel.body.limbs import legs_seen, limb_angles
from hinge_dowel.body.trunk import forward_of, trunk_frame, wrapped

SITES = ("occiput", "C7", "T4", "T8", "T12", "L3", "S2")
"""The places on the back, head to sacrum, in the order of the point arrays."""

ANGLES = ("pelvis", "thorax", "head", "knee", "shin", "trunk", "view")
"""The regression's outputs before the points, degrees; the first three and `trunk` are pitches
relative to the line from mid-hip to mid-shoulder in the picture."""


@dataclass(frozen=True, slots=True)
class Spine:
    """The estimated spine, arrays of T frames, person facing right; NaN where not seen.

    Pitches are in degrees from upright, forward positive, with the average standing body as zero,
    so only differences (between parts, or to the person's own standing) mean anything. `points_px`
    is (T, 7, 2), y down, in the order of `SITES`; `trunk_px` the distance from mid-hip to
    mid-shoulder. `view_angle_deg` is the camera's angle from side-on, 0 or more. `usual_error_deg`
    (T, 5) is the usual error of the changes in `DOUBTED` in such a frame. Knee and shin are NaN
    also where the legs have an impossible pose (see `legs_seen`).
    """

    points_px: Array
    trunk_px: Array
    pelvis_deg: Array
    thorax_deg: Array
    head_deg: Array
    trunk_deg: Array
    knee_deg: Array
    shin_deg: Array
    view_angle_deg: Array
    usual_error_deg: Array

    def without(self, *, head: Mask, legs: Mask) -> Spine:
        """Return the spine with NaN where head or lower legs are marked (T,) as cut off.

        The back is lost with the head: a cut head spoils the outline that it is estimated from.
        """
        return replace(
            self,
            points_px=np.where(head[:, None, None], np.nan, self.points_px),
            pelvis_deg=np.where(head, np.nan, self.pelvis_deg),
            thorax_deg=np.where(head, np.nan, self.thorax_deg),
            head_deg=np.where(head, np.nan, self.head_deg),
            knee_deg=np.where(legs, np.nan, self.knee_deg),
            shin_deg=np.where(legs, np.nan, self.shin_deg),
        )

    def kneeling(self, thigh_deg: Array) -> Spine:
        """Return the spine for somebody who kneels: shins at 0, knee flexion from the thighs alone.

        `thigh_deg` (T,) is the thighs' pitch, forward positive.
        """
        return replace(self, shin_deg=np.zeros_like(thigh_deg), knee_deg=-thigh_deg)


FARTHEST_SD = 4.0
"""Evidence is clipped at this many standard deviations from the average: the calibration has seen
nothing beyond."""
HANGING_DEG = 120.0
"""Trunks pitched further leave the head's direction unknown: nobody of whom the regression, or the
network, learnt bends so far (`tests/accuracy/population.py`), and a head that hangs in a fold to
the floor is told as tipped back by up to 77 degrees."""
DOUBTED = ("spinal", "cervical", "knee", "shin", "hip")
"""The changes from standing whose usual error is estimated too."""


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A regression from D numbers of a frame and the same D of the person's standing: 2 D -> 21.

    Two layers of H hidden units beside a linear part; `doubt` estimates the usual error of the
    answers from the frame's numbers.
    """

    centre: Array
    """(D,)"""
    scale: Array
    """(D,)"""
    direct: Array
    """(2 D, 21), the linear part."""
    into: Array
    """(2 D, H)"""
    bias: Array
    """(H,)"""
    mid: Array
    """(H, H)"""
    mid_bias: Array
    """(H,)"""
    out: Array
    """(H, 21)"""
    constant: Array
    """(21,)"""
    doubt: Array
    """(D + 1, 5): the logarithm of the usual error in degrees, of `DOUBTED`; last its constant."""

    def seen(self, evidence: Array) -> Array:
        """Scale evidence (T, D) to standard deviations from the average, clipped."""
        return np.clip((evidence - self.centre) / self.scale, -FARTHEST_SD, FARTHEST_SD)

    def answer(self, evidence: Array, standing: Array | None = None) -> Array:
        """Return the outputs (T, 21) for evidence (T, D).

        `standing` is the person's evidence in standing, (D,) or (T, D); None for the average
        person. NaN rows give NaN rows.
        """
        z = self.seen(evidence)
        own = np.zeros(z.shape[1]) if standing is None else self.seen(standing)
        z = np.concatenate([z, np.broadcast_to(own, z.shape)], axis=1)
        first = _swish(z @ self.into + self.bias)
        second = first + _swish(first @ self.mid + self.mid_bias)
        return np.asarray(z @ self.direct + second @ self.out + self.constant)

    def usual_error(self, evidence: Array) -> Array:
        """Return the usual error (T, 5) of each of `DOUBTED` for evidence (T, D), degrees."""
        return np.asarray(np.exp(self.seen(evidence) @ self.doubt[:-1] + self.doubt[-1]))


def _swish(x: Array) -> Array:
    # exp overflows for very negative x, where the result 0 is right.
    with np.errstate(over="ignore"):
        return np.asarray(x / (1 + np.exp(-x)))


@dataclass(frozen=True, slots=True)
class Typical:
    """The average standing posture of the calibration subjects, for clips without standing.

    `points` (1, 7, 2) in trunk lengths, facing right, y down; `thorax` (1,) that part's pitch.
    `trunk_share` is the standing hip-to-shoulder distance as a share of stature.
    """

    points: Array
    thorax: Array
    trunk_share: float
    angles: dict[str, float]
    """Standing values of hip, knee, shin, spinal, cervical and trunk, in degrees."""


@cache
def typical() -> Typical:
    """Return the typical standing posture."""
    names = ("hip", "knee", "shin", "spinal", "cervical", "trunk")
    with np.load(str(files("hinge_dowel.analysis").joinpath("back_points.npz"))) as data:
        return Typical(
            data["typical_points"].astype(float),
            data["typical_thorax"].astype(float),
            float(data["trunk_share"]),
            dict(zip(names, data["typical_angles"].astype(float).tolist(), strict=True)),
        )


@cache
def coefficients() -> Coefficients:
    """Return the calibration that ships with the package."""
    return read(str(files("hinge_dowel.analysis").joinpath("back_points.npz")))


def read(path: str | Path) -> Coefficients:
    """Read a calibration from its npz file."""
    with np.load(path) as data:
        names = Coefficients.__dataclass_fields__
        return Coefficients(**{k: data[k].astype(float) for k in names})


CHUNK_FRAMES = 512
"""Frames estimated at once, about half a minute, so that memory hardly grows with the clip."""


def estimate(
    landmarks: Floats,
    rays: Floats,
    standing: Mask | None = None,
    *,
    side: Literal["left", "right"] = "right",
    own: Array | None = None,
) -> Spine:
    """Estimate the spine in every frame from landmarks and outline.

    `landmarks` (T, 33, >= 3) of a person who faces to `side`, pixels; `rays` (T, OUTLINE_SIZE).
    `standing` (T,) marks frames of upright standing: how clothes, hair and build look there helps
    to read all other frames. Without it `own` is used, the `standing_evidence` of other frames.
    With neither, or with no frame marked, the average person stands in.
    """

    def turned(frames: slice | Indices) -> tuple[Array, Array]:
        right, right_rays = face_right(landmarks[frames], rays[frames], side)
        assert right_rays is not None
        return right, right_rays

    own = own if standing is None else _own(turned, standing)
    parts = [
        _estimate(*turned(slice(first, first + CHUNK_FRAMES)), own)
        for first in range(0, len(landmarks), CHUNK_FRAMES)
    ]
    columns = ([getattr(part, field.name) for part in parts] for field in fields(Spine))
    return Spine(*(np.concatenate(column) for column in columns))


def standing_evidence(right: Floats, rays: Floats) -> Array | None:
    """Return the median evidence (D,) of frames in which the person stands, for `estimate`.

    `right` and `rays` as in `estimate`, facing right. None where no frame is complete.
    """
    evidence, _ = _evidence(np.asarray(right, float), np.asarray(rays, float))
    known = evidence[np.isfinite(evidence).all(axis=1)]
    return np.median(known, axis=0) if len(known) else None


def _evidence(right: Array, rays: Array) -> tuple[Array, Mask]:
    """Return the evidence (T, D), and a mask (T,) of frames whose legs have an impossible pose.

    Such legs (a plate hides them) would mislead about the back too, so that they are replaced by
    the average, as was done at random in the calibration.
    """
    evidence = evidence_of(right, rays)
    lost = ~legs_seen(right)
    legs = evidence_columns(LEGS)
    evidence[np.ix_(lost, legs)] = coefficients().centre[legs]
    return evidence, lost


def _own(turned: Callable[[Indices], tuple[Array, Array]], standing: Mask) -> Array | None:
    """Return the evidence (D,) of the person standing; None where no frame is complete.

    `turned` returns landmarks and rays of some frames, facing right.
    """
    chosen = np.flatnonzero(standing)
    if not len(chosen):
        return None
    chosen = chosen[:: max(1, -(-len(chosen) // CHUNK_FRAMES))]
    return standing_evidence(*turned(chosen))


def _estimate(right: Array, rays: Array, own: Array | None) -> Spine:
    found = coefficients()
    evidence, lost = _evidence(right, rays)
    answer = found.answer(evidence, own)
    answer[lost, 3:5] = np.nan
    origin, up, length = trunk_frame(right)
    forward = forward_of(up)
    local = answer[:, len(ANGLES) :].reshape(len(answer), len(SITES), 2)
    points = origin[:, None] + length[:, None, None] * (
        local[..., :1] * forward[:, None] + local[..., 1:] * up[:, None]
    )
    pitch = limb_angles(right).trunk
    trunk_deg = pitch + answer[:, 5]
    return Spine(
        points_px=points,
        trunk_px=length,
        pelvis_deg=pitch + answer[:, 0],
        thorax_deg=pitch + answer[:, 1],
        head_deg=np.where(trunk_deg > HANGING_DEG, np.nan, pitch + answer[:, 2]),
        trunk_deg=trunk_deg,
        knee_deg=answer[:, 3],
        shin_deg=answer[:, 4],
        view_angle_deg=np.maximum(answer[:, 6], 0.0),
        usual_error_deg=found.usual_error(evidence),
    )


SHOULDER_TRUNK_RATIO = 0.72
"""Distance between the shoulder joints over that from hip to shoulder (0.36 m over 0.5 m)."""


def from_landmarks(right: Array) -> Spine:
    """Return what landmarks alone show: limbs, trunk and head by plain geometry, not the back.

    30 degrees of lumbar flexion change the hip-shoulder distance by 16 mm only, so the pelvis and
    the points along the back are NaN; the line from hips to shoulders stands in for the upper
    thorax. `right` (T, 33, >= 2), facing right.
    """
    plain = limb_angles(right)
    _, _, length = trunk_frame(right)
    a, b = SHOULDERS
    across = np.abs(right[:, a, 0] - right[:, b, 0]) / (length * SHOULDER_TRUNK_RATIO)
    unknown = np.full(len(right), np.nan)
    lost = ~legs_seen(right)
    return Spine(
        points_px=np.full((len(right), len(SITES), 2), np.nan),
        trunk_px=length,
        pelvis_deg=unknown,
        thorax_deg=plain.trunk,
        head_deg=plain.trunk + wrapped(plain.face - plain.trunk, 360.0),
        trunk_deg=plain.trunk,
        knee_deg=np.where(lost, np.nan, plain.knee),
        shin_deg=np.where(lost, np.nan, plain.shank),
        view_angle_deg=np.degrees(np.arcsin(np.clip(across, 0.0, 1.0))),
        usual_error_deg=np.full((len(right), len(DOUBTED)), np.nan),
    )
