"""Which way is up and forward: a body in known axes, laid out as it is seen from the side."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import in_space, places_of

from hinge_dowel.keypoints.axes import middle_of, picture
from hinge_dowel.keypoints.skeletons import plain

NAMES = ("left_shoulder", "right_shoulder", "left_hip", "right_hip", "left_ankle", "right_ankle")
PLAIN = [plain(name) for name in NAMES]
SPACE = in_space(NAMES)
"""(T, N, 3) in metres: forward, up, to the right."""
SIDE = SPACE * [1, -1, -1]
"""As it is seen from the person's right side: forward, down, and how far away."""
BACK = ["occiput", "c7", "t8", "sacrum"]


def about_the_hip(places):
    """Where the picture's origin lies does not matter."""
    return places - places[:, [3]]


def turned(degrees):
    a = np.radians(degrees)
    return np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])


@pytest.mark.parametrize("axes", ["xyz", "zxy", "yzx"])
@pytest.mark.parametrize("turn_deg", [0, 50, 180, 260])
def test_any_axis_is_up_and_any_way_forward(axes, turn_deg):
    space = (SPACE @ turned(turn_deg))[..., ["xyz".index(axis) for axis in axes]]
    found = picture(PLAIN, space)
    assert about_the_hip(found) == pytest.approx(about_the_hip(SIDE), abs=1e-6)


def test_in_whatever_order_places_come():
    upright, found = picture(PLAIN, SPACE), picture(PLAIN[::-1], SPACE[:, ::-1])
    assert found[:, ::-1] == pytest.approx(upright)


def test_a_camera_s_picture_stays_as_it_is():
    flat = places_of(NAMES)
    assert picture(PLAIN, flat) is flat
    assert picture(PLAIN, flat, y_up=False) is flat
    # Who stands upside down does so where the file says that y points down.
    handstand = flat * [1, -1]
    assert picture(PLAIN, handstand, y_up=False) is handstand


@pytest.mark.parametrize("y_up", [None, True])
def test_a_picture_with_y_up_is_turned_round(y_up):
    flat = places_of(NAMES)
    assert picture(PLAIN, flat * [1, -1], y_up=y_up) == pytest.approx(flat)


def test_markers_upside_down_are_no_picture():
    """In space y may point down; of a camera it always does."""
    space = SPACE * [1, -1, 1]
    assert picture(PLAIN, space) is space
    found = about_the_hip(picture(PLAIN, space, space=True))
    assert found[..., 1] == pytest.approx(about_the_hip(SIDE)[..., 1])


@pytest.mark.parametrize(("toward", "sign"), [(0.5, 1), (-0.5, 1), (2.2, 1), (2.6, -1), (3.6, -1)])
def test_a_back_without_sides_is_seen_along_the_way_it_bends(toward, sign):
    """Forward is where it goes, of which the larger part counts as ahead."""
    share = (1 - np.cos(np.linspace(0, 2 * np.pi, 60))) / 2
    a = np.radians(60 * share)
    reach = np.array([0.5, 0.45, 0.3, 0.0])
    ahead, up = np.sin(a)[:, None] * reach, np.cos(a)[:, None] * reach
    space = np.stack([ahead * np.cos(toward), ahead * np.sin(toward), up], axis=-1)
    found = picture(BACK, space)
    assert found[..., 0] == pytest.approx(sign * ahead, abs=1e-9)
    assert found[..., 1] == pytest.approx(-up)


def test_somebody_who_turns_is_seen_from_the_side_throughout():
    stood = np.repeat(SIDE[:1], 200, axis=0)
    way = np.linspace(0, 90, 200)
    space = np.stack([SPACE[0] @ turned(degrees) for degrees in way])
    found = picture(PLAIN, space + np.array([5.0, 0.0, 3.0]))
    # The running median is behind at both ends.
    assert about_the_hip(found)[10:-10] == pytest.approx(about_the_hip(stood)[10:-10], abs=0.02)
    # Who turns on the spot stays there, however far that is from the laboratory's origin.
    assert np.ptp(found[:, 3, 0]) < 0.2


def test_a_place_that_lacks_an_axis_has_no_part_in_the_middle():
    places = np.array([[[1.0, 2.0], [3.0, 6.0], [9.0, np.nan]], [[np.nan, 1.0]] * 3])
    assert middle_of(places) == pytest.approx(np.array([[2.0, 4.0], [np.nan] * 2]), nan_ok=True)


def test_nothing_seen_stays_nothing():
    assert np.isnan(picture(PLAIN, np.full((4, 6, 3), np.nan))).all()


@pytest.mark.parametrize("leans", [0.6, -0.6])
def test_depths_of_a_picture_that_count_from_the_hips_are_not_up(leans):
    """MediaPipe guesses the depths of who faces the camera larger than the body."""
    places = SIDE.copy()
    places[..., 2] = leans * (places[..., 1] - places[:, [2, 3], 1].mean(axis=1, keepdims=True))
    places[..., 2] *= 3
    assert picture(PLAIN, places) == pytest.approx(places)
    upward = places * [1, -1, 1]
    assert picture(PLAIN, upward) == pytest.approx(places)
    # Of a root at the origin all three axes count from there.
    rooted = (SPACE - SPACE[:, [2, 3]].mean(axis=1, keepdims=True))[..., [2, 0, 1]]
    found = about_the_hip(picture(PLAIN, rooted))[..., :2]
    moved = about_the_hip(SIDE - SIDE[:, [2, 3]].mean(axis=1, keepdims=True))[..., :2]
    assert found == pytest.approx(moved, abs=1e-6)
