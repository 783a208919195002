"""The figure, by its geometry: standing, bent, and as landmarks."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel.body.figure import LANDMARKS, POINTS, figure

NOSE, EAR, SHOULDER, HIP, KNEE, ANKLE, HEEL, TOE = 0, 7, 11, 23, 25, 27, 29, 31


OCCIPUT, C7, T4, T8, T12, L3, SACRUM = range(7)


# Left and right changed over, in MediaPipe's order.
SWAP = [0, 4, 5, 6, 1, 2, 3, *(k + 1 if k % 2 else k - 1 for k in range(7, 33))]


def test_the_first_places_are_those_of_a_standing_person():
    standing = figure(stature_cm=170)
    ear, shoulder, hip, knee, ankle = standing.landmarks[[EAR, SHOULDER, HIP, KNEE, ANKLE], :2]
    across = ear[0] - hip[0]
    line = hip[0] + across * (shoulder[1] - hip[1]) / (ear[1] - hip[1])
    assert line - shoulder[0] == pytest.approx(2.0, abs=0.3)
    assert np.linalg.norm(knee - ankle) == pytest.approx(0.246 * 170)
    assert np.linalg.norm(hip - knee) == pytest.approx(0.245 * 170)
    assert np.linalg.norm(shoulder - hip) == pytest.approx(0.288 * 170)
    heights = standing.points[:, 1]
    assert np.all(np.diff(heights) < 0)
    assert standing.landmarks[NOSE, 0] > standing.points[:, 0].max() + 10


def test_the_standing_back_is_curved():
    points = figure().points
    off = points - points.mean(axis=0)
    assert np.linalg.svd(off)[1][1] > 2.0
    along = points[:-1] - points[1:]
    pitch = np.degrees(np.arctan2(along[:, 0], along[:, 1]))
    upper, lower = pitch[1:4], pitch[4:]
    assert np.all(np.diff(upper) < -5), "the thoracic curve is hollow in front"
    assert lower[-1] - lower[0] > 10, "the lumbar curve is hollow behind"


def test_the_lumbar_share_says_where_the_spine_bends():
    def shape(share, *places):
        """Places as seen from the first two of them: equal while they move as one piece."""
        at = figure(spinal_deg=40.0, lumbar_share=share).points[list(places)]
        axis = at[1] - at[0]
        unit = axis / np.linalg.norm(axis)
        return (at - at[0]) @ np.array([unit, [-unit[1], unit[0]]]).T

    def rest(*places):
        at = figure().points[list(places)]
        axis = at[1] - at[0]
        unit = axis / np.linalg.norm(axis)
        return (at - at[0]) @ np.array([unit, [-unit[1], unit[0]]]).T

    ribs, low = (T12, T8, T4, C7), (SACRUM, L3, T12)
    assert shape(1.0, *ribs) == pytest.approx(rest(*ribs))
    assert shape(0.0, *low) == pytest.approx(rest(*low))
    assert np.abs(shape(1.0, *low) - rest(*low)).max() > 2
    assert np.abs(shape(0.0, *ribs) - rest(*ribs)).max() > 2


def test_rounding_lengthens_the_skin_of_the_back():
    """By its distance from the vertebral bodies, 6 cm, times the angle in radians."""

    def length(spinal_deg):
        spine = figure(spinal_deg=spinal_deg, stature_cm=170).points[C7:]
        return np.linalg.norm(np.diff(spine, axis=0), axis=-1).sum()

    assert length(40.0) - length(0.0) == pytest.approx(0.035 * 170 * np.radians(40), abs=0.4)


def test_figures_broadcast():
    one = figure(75.0, 18.0, 2.0, 40.0, 10.0)
    many = figure(np.full((4, 3), 75.0), 18.0, [2.0, 0.0, 2.0], [[40.0]], 10.0)
    assert many.points.shape == (4, 3, 7, 2)
    assert many.landmarks.shape == (4, 3, 33, 3)
    assert many.landmarks[2, 0] == pytest.approx(one.landmarks)
    assert np.abs(many.landmarks[2, 1] - one.landmarks).max() > 1


def test_landmarks_stand_in_mediapipes_order():
    assert len(LANDMARKS) == 33
    names = [LANDMARKS[k] for k in (0, 2, 5, 7, 8, 9, 11, 12, 16, 19, 23, 26, 28, 30, 31)]
    assert [("left " if side > 0 else "right " if side else "") + n for n, side in names] == [
        "nose", "left eye", "right eye", "left ear", "right ear", "left mouth", "left shoulder",
        "right shoulder", "right wrist", "left index", "left hip", "right knee", "right ankle",
        "right heel", "left toe",
    ]  # fmt: skip
    aside = figure().landmarks[:, 2]
    assert aside == pytest.approx(-aside[SWAP])
    assert len(POINTS) == figure().points.shape[-2]
