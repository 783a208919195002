"""The centre of mass of bodies whose joints are known."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel.body.masses import JOINTS, SEGMENTS, centre_of_mass


def test_the_segments_are_a_whole_body():
    assert sum(part.mass_share for part in SEGMENTS) == pytest.approx(1.0, abs=0.001)
    assert {joint for part in SEGMENTS for joint in (part.start, part.end)} == set(JOINTS)


def test_a_body_in_one_place_has_its_centre_there():
    place = {joint: np.full((3, 2), 4.0) for joint in JOINTS}
    assert centre_of_mass(place) == pytest.approx(np.full((3, 2), 4.0))


def test_it_goes_where_a_share_of_the_body_goes():
    """A head that moves by one takes the centre along by the head's share."""
    place = {joint: np.zeros(1) for joint in JOINTS}
    head = next(part.mass_share for part in SEGMENTS if part.start == "ear")
    total = sum(part.mass_share for part in SEGMENTS)
    assert centre_of_mass(place | {"ear": np.ones(1)})[0] == pytest.approx(head / total)


def test_it_moves_and_scales_with_the_body():
    rng = np.random.default_rng(0)
    place = {joint: rng.normal(size=(5, 2)) for joint in JOINTS}
    moved = {joint: 3 * where + (1, -2) for joint, where in place.items()}
    assert centre_of_mass(moved) == pytest.approx(3 * centre_of_mass(place) + (1, -2))


def test_a_joint_that_is_missing_leaves_nothing_to_say():
    place = {joint: np.zeros(2) for joint in JOINTS} | {"knee": np.array([0.0, np.nan])}
    assert np.isnan(centre_of_mass(place)).tolist() == [False, True]
