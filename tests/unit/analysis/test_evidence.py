"""The row of numbers that the back points are read from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.drawn_people import (
    changed,
    person,
    row,
)

from hinge_dowel.analysis.evidence import evidence_columns, evidence_of
from hinge_dowel.body.landmarks import (
    ANKLES,
    ELBOWS,
    EYES,
    HEELS,
    HIPS,
    KNEES,
    MOUTH,
    NOSE,
    TOES,
    WRISTS,
)
from hinge_dowel.body.landmarks import EARS as EAR_MARKS
from hinge_dowel.body.outline import OUTLINE_SIZE


class TestEvidence:
    SIZE = row(person()).size

    def test_ends_with_the_outline(self):
        rays = np.linspace(0.1, 0.9, OUTLINE_SIZE)
        assert row(person(), rays)[-OUTLINE_SIZE:].tolist() == rays.tolist()

    def test_begins_with_the_nose_in_the_trunk_frame(self):
        """22 px ahead of the hips and 132 above, in trunk lengths."""
        assert row(person())[:2] == pytest.approx([0.22, 1.32])

    @settings(max_examples=30)
    @given(st.floats(-5000, 5000), st.floats(-5000, 5000), st.floats(0.1, 10))
    def test_is_free_of_place_and_scale(self, right, down, scale):
        landmarks = person() + np.random.default_rng(1).normal(0, 3, (33, 3))
        moved = landmarks * scale
        moved[:, :2] += right, down
        assert row(moved) == pytest.approx(row(landmarks), abs=1e-8)

    def test_is_free_of_the_depth_of_the_whole_person(self):
        moved = person()
        moved[:, 2] += 1000.0
        assert row(moved) == pytest.approx(row(person()), abs=1e-9)

    def test_keeps_the_pitch_of_the_trunk(self):
        """The one thing that a turned picture changes, and so it should: gravity does not turn."""
        landmarks = person()
        turned = landmarks.copy()
        turned[:, 0], turned[:, 1] = 480 - landmarks[:, 1], landmarks[:, 0]
        differ = np.flatnonzero(np.abs(row(turned) - row(landmarks)) > 1e-9)
        assert len(differ) == 2
        assert row(landmarks)[differ] == pytest.approx([0.0, 1.0])
        assert row(turned)[differ] == pytest.approx([1.0, 0.0])

    @pytest.mark.parametrize("place", [NOSE, *WRISTS, *TOES, *HIPS])
    @pytest.mark.parametrize("axis", [0, 1])
    def test_a_row_with_anything_missing_is_nan_and_no_other(self, place, axis):
        frames = np.stack([person(), person()])
        frames[1, place, axis] = np.nan
        rays = np.full((2, OUTLINE_SIZE), 0.3)
        assert np.isnan(evidence_of(frames, rays)).all(axis=1).tolist() == [False, True]
        assert np.isfinite(evidence_of(frames, rays)[0]).all()

    def test_missing_rays_or_depth_are_missing_too(self):
        rays = np.full((2, OUTLINE_SIZE), 0.3)
        rays[0, 5] = np.nan
        frames = np.stack([person(), person()])
        frames[1, EAR_MARKS[0], 2] = np.nan
        assert np.isnan(evidence_of(frames, rays)).all()

    def test_fingers_are_no_evidence(self):
        def alter(landmarks):
            landmarks[17:23] += 40.0

        assert changed(alter) == set()


class TestColumns:
    """What `columns` promises is found by moving the landmarks and looking."""

    LEGS = (*KNEES, *ANKLES, *HEELS, *TOES)
    ARMS = (*ELBOWS, *WRISTS)

    @pytest.mark.parametrize(("part", "places"), [("legs", LEGS), ("arms", ARMS)])
    def test_they_are_what_the_landmarks_move(self, part, places):
        def alter(landmarks):
            landmarks[list(places)] += np.random.default_rng(5).normal(0, 7, (len(places), 3))

        assert set(evidence_columns(part).tolist()) == changed(alter)

    @pytest.mark.parametrize(("part", "places"), [("legs", LEGS), ("arms", ARMS)])
    def test_nothing_else_moves_any_of_them_but_the_trunk(self, part, places):
        """The face, and the other limbs."""

        def alter(landmarks):
            free = {0, *EYES, *EAR_MARKS, *MOUTH, *self.LEGS, *self.ARMS} - set(places)
            landmarks[sorted(free)] += 9.0

        assert not set(evidence_columns(part).tolist()) & changed(alter)

    def test_no_column_belongs_to_both(self):
        legs, arms = evidence_columns("legs"), evidence_columns("arms")
        assert len(set(legs.tolist())) == len(legs) == 20
        assert len(set(arms.tolist())) == len(arms) == 8
        assert not set(legs.tolist()) & set(arms.tolist())

    def test_of_nothing_else(self):
        with pytest.raises(KeyError):
            evidence_columns("hat")
