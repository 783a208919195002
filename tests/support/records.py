"""Cuts, joins, moves and mirrors records, as in clips with cuts, jumps and turns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hinge_dowel.analysis import tilt
from hinge_dowel.body.facing import face_right
from hinge_dowel.body.landmarks import ANKLES
from hinge_dowel.pose.extraction import Record


def only(record: Record, keep: np.ndarray | slice) -> Record:
    """Return the record of some of its pictures."""
    assert record.outlines is not None
    return replace(
        record,
        time_s=record.time_s[keep],
        landmarks=record.landmarks[keep],
        outlines=record.outlines[keep],
    )


def part(record: Record, first_s: float, last_s: float) -> Record:
    return only(record, (record.time_s >= first_s) & (record.time_s < last_s))


def then(one: Record, other: Record, *, cut: bool = True) -> Record:
    """Return one record after the other, a picture apart."""
    assert one.outlines is not None
    assert other.outlines is not None
    start_s = one.time_s[-1] + 1 / 15
    cuts_s = [*(() if one.cuts_s is None else one.cuts_s), *([start_s] if cut else [])]
    return replace(
        one,
        time_s=np.concatenate([one.time_s, other.time_s - other.time_s[0] + start_s]),
        landmarks=np.concatenate([one.landmarks, other.landmarks]),
        outlines=np.concatenate([one.outlines, other.outlines]),
        cuts_s=np.array(cuts_s) if cuts_s else None,
    )


def moved(record: Record, *, right_px: float = 0.0, scale: float = 1.0) -> Record:
    xyz = record.landmarks * np.array([scale, scale, scale, 1.0])
    xyz[..., 0] += right_px
    return replace(record, landmarks=xyz)


def mirrored(record: Record) -> Record:
    """Return the record as if filmed from the other side, in the same place."""
    landmarks, outlines = face_right(record.landmarks, record.outlines, "left")
    assert record.size_px is not None
    landmarks[..., 0] += record.size_px[0]
    return replace(record, landmarks=landmarks, outlines=outlines)


def askew(record: Record, right_deg: float) -> Record:
    """Return the record turned clockwise by `right_deg` about the picture's middle."""
    assert record.size_px is not None
    middle = np.array([*(np.array(record.size_px) / 2), 0.0, 0.0])
    turned = tilt.turned(record.landmarks - middle, right_deg) + middle
    return replace(record, landmarks=turned)


def stepping(record: Record, until_s: float, from_s: float, by_px: float) -> Record:
    """Return the record `by_px` further left at first; it walks to its place between the times."""
    share = np.clip((record.time_s - until_s) / (from_s - until_s), 0, 1)
    landmarks = record.landmarks.copy()
    landmarks[..., 0] -= by_px * (1 - share)[:, None]
    stride = np.where((share > 0) & (share < 1), 60 * np.sin(8 * (record.time_s - until_s)), 0.0)
    for ankle, sign in zip(ANKLES, (1, -1), strict=True):
        landmarks[:, ankle, 0] += sign * stride
    return replace(record, landmarks=landmarks)
