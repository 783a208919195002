"""What named places are: a body, a back, markers, or nothing that can be judged."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import BACK, BODY, COCO, places_of
from support.laboratory import MADE

from hinge_dowel.body.landmarks import EARS, HIPS, SHOULDERS
from hinge_dowel.keypoints.kinds import both_sides, kind_of, lacking, off_a_body

TRUNK = (*SHOULDERS, *HIPS)
SITES = ("Occiput", "C7", "T4", "T8", "T12", "L3", "S2")


def test_a_body():
    kind = kind_of(COCO, places_of(COCO))
    assert (kind.name, kind.anatomy, kind.one_sided) == ("landmarks", None, "")
    assert kind.places[:, TRUNK] == pytest.approx(BODY.landmarks[:, TRUNK, :2])
    assert np.isnan(kind.places[:, 17]).all()


def test_depth_and_certainty_go_with_a_body_that_has_depth():
    deep = np.concatenate([places_of(COCO), np.full((len(BODY.landmarks), 17, 1), 3.0)], axis=2)
    deep[..., 2] += deep[..., 0] / 10  # or it were a plane
    sure = np.full(deep.shape[:2], 0.7)
    kind = kind_of(COCO, deep, sure, y_up=False)
    assert kind.places[:, TRUNK, 3] == pytest.approx(0.7)
    assert kind_of(COCO, deep[..., :2], sure).places.shape[2] == 2


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_side_is_told_and_stands_for_both(side):
    names = [name for name in COCO if {"left": "right", "right": "left"}[side] not in name]
    kind = kind_of(names, places_of(names))
    assert kind.one_sided == f"the {side} side"
    trunks = kind.trunks()
    assert np.isfinite(trunks[:, TRUNK]).all()
    assert trunks[:, SHOULDERS[0]] == pytest.approx(trunks[:, SHOULDERS[1]])


def test_a_back_lies_head_to_sacrum_in_whatever_order_it_is_named():
    order = [3, 6, 0, 5, 1, 4, 2]
    kind = kind_of([SITES[i] for i in order], BACK.points[:, order])
    assert kind.places == pytest.approx(BACK.points)
    trunks = kind.trunks()
    assert trunks[:, SHOULDERS[0]] == pytest.approx(BACK.points[:, 0])
    assert trunks[:, HIPS[1]] == pytest.approx(BACK.points[:, -1])


def test_markers_come_before_joints_and_are_each_person_s_own():
    names = list(MADE)
    one = np.stack(list(MADE.values()), axis=1)
    alone = kind_of(names, one, space=True).anatomy
    both = np.stack([one, one + np.array([0, 0, 2.0])], axis=1).reshape(-1, len(names), 3)
    who = [person for _ in one for person in "ab"]
    mixed = kind_of(names, both, space=True, person=who).anatomy
    for rows in (slice(0, None, 2), slice(1, None, 2)):
        assert mixed.pelvis_deg[rows] == pytest.approx(alone.pelvis_deg)
        assert mixed.thorax_deg[rows] == pytest.approx(alone.thorax_deg)


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        (COCO, []),
        (("nose", "left_hip", "right_ankle"), ["shoulders"]),
        (("nose", "left_shoulder"), ["hips"]),
        (("apple", "pear"), ["shoulders", "hips"]),
    ],
)
def test_what_a_body_lacks_makes_it_none(names, missing):
    assert lacking(names) == missing
    kind = kind_of(names, np.random.default_rng(0).normal(size=(9, len(names), 2)))
    assert (kind is None) == bool(missing)


def test_a_place_that_no_frame_shows_is_not_there():
    places = places_of(COCO)
    places[:, [i for i, name in enumerate(COCO) if "hip" in name]] = np.nan
    assert kind_of(COCO, places) is None


def test_a_lost_side_is_put_as_far_from_the_other_as_it_usually_is():
    landmarks = BODY.landmarks[:60, :, :2].copy()
    landmarks[:, HIPS[1]] = landmarks[:, HIPS[0]] + [4.0, -2.0]
    whole = landmarks.copy()
    landmarks[10:20, HIPS[1]] = np.nan
    assert both_sides(landmarks) == pytest.approx(whole, nan_ok=True)


def test_joints_in_a_wrong_order_are_no_body():
    landmarks = BODY.landmarks[..., :2]
    assert off_a_body(landmarks) == 0
    assert off_a_body(landmarks * 0.001) == 0
    swapped = landmarks.copy()
    swapped[:, [25, 27]] = landmarks[:, [27, 25]]
    assert off_a_body(swapped) > 0
    away = landmarks.copy()
    away[:, list(EARS)] = landmarks[:, list(HIPS)]
    assert off_a_body(away) > 0
    long = landmarks.copy()
    long[:, 27:29] += 4 * (landmarks[:, 27:29] - landmarks[:, 25:27])
    assert off_a_body(long) > 0


def test_a_far_arm_may_look_far_shorter_but_no_side_of_the_trunk():
    far = BODY.landmarks[..., :2].copy()
    far[:, 14] = far[:, 12] + 0.63 * (far[:, 13] - far[:, 11])
    assert off_a_body(far) == 0
    aside = BODY.landmarks[..., :2].copy()
    aside[:, SHOULDERS[1]] = aside[:, HIPS[1]] + 0.7 * (aside[:, SHOULDERS[0]] - aside[:, HIPS[0]])
    assert off_a_body(aside) > 0


def test_one_side_of_the_trunk_is_enough_to_measure_a_face_by():
    landmarks = BODY.landmarks[..., :2].copy()
    landmarks[:, HIPS[1]] = np.nan
    assert off_a_body(landmarks) == 0
    landmarks[:, list(EARS)] = landmarks[:, [HIPS[0]]]
    assert off_a_body(landmarks) > 0


def test_what_is_not_seen_speaks_against_no_body():
    landmarks = np.full((5, 33, 2), np.nan)
    landmarks[:, TRUNK] = BODY.landmarks[:5, TRUNK, :2]
    assert off_a_body(landmarks) == 0


def test_of_a_place_that_is_there_twice_one_that_is_seen_counts():
    """A laboratory's own marker that was lost, and what its program made of the others."""
    places = places_of(COCO)
    names = [*COCO, *COCO]
    twice = np.concatenate([np.full_like(places, np.nan), places], axis=1)
    assert kind_of(names, twice).places == pytest.approx(kind_of(COCO, places).places, nan_ok=True)
