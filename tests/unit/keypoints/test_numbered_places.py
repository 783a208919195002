"""Places that are called by numbers, beside others or alone, from 0 or from 1."""

from __future__ import annotations

import pytest

from hinge_dowel.keypoints.numbered_places import in_a_skeleton

COUNTED = list(range(17))


@pytest.mark.parametrize(
    "spell", ["{}", "kp_{}", "Landmark {}", "keypoints[{}]", "p{}", "results.pose_landmarks.{}"]
)
@pytest.mark.parametrize("first", [0, 1])
def test_all_places_of_a_skeleton(spell, first):
    names = [spell.format(k + first) for k in COUNTED]
    assert in_a_skeleton(names).tolist() == COUNTED
    assert in_a_skeleton(names[::-1]).tolist() == COUNTED[::-1]


def test_beside_other_columns():
    assert in_a_skeleton(["ball", *map(str, COUNTED)]).tolist() == [k + 1 for k in COUNTED]


def test_the_body_of_holistic_beside_its_hands():
    names = [f"hand_{k}" for k in range(21)] + [f"pose_{k}" for k in range(33)]
    assert in_a_skeleton(names).tolist() == list(range(21, 54))


def test_some_of_mediapipe_s_are_by_its_own_numbers():
    at = in_a_skeleton(["lm_11", "lm_12", "lm_23"])
    assert {k: int(at[k]) for k in range(33) if at[k] >= 0} == {11: 0, 12: 1, 23: 2}


@pytest.mark.parametrize("names", [[], ["nose", "left_hip"], ["kp_1", "left_hip"]])
def test_names_are_no_numbers(names):
    assert in_a_skeleton(names) is None
