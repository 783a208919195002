"""The person as dots: where they stand, what is drawn of them, and what is not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.screens import lines, moment, person

from hinge_dowel.analysis.back_points import SITES
from hinge_dowel.live.screen.figure import draw
from hinge_dowel.live.snapshot import LiveFigure


class TestFigure:
    """The person as dots."""

    SHAPE = (60, 56)

    @pytest.mark.parametrize("facing", ["left", "right"])
    def test_the_feet_stay_where_they_are_wherever_the_person_stands(self, facing):
        here = draw(person(facing, hip_deg=60.0), self.SHAPE)
        there = draw(person(facing, hip_deg=60.0, feet=(91.0, 300.0), zoom=1.3), self.SHAPE)
        for layer in ("body", "dowel", "floor"):
            differ = getattr(here, layer) ^ getattr(there, layer)
            # A dot's centre on an edge may fall on either side.
            assert differ.sum() <= 3

    def test_the_figure_does_not_jump_while_it_moves(self):
        """Lowest dots, below the knee, from one hinge to the next one degree deeper."""
        before = None
        for hip in range(0, 100):
            man = draw(person(hip_deg=float(hip)), self.SHAPE)
            shank = man.body[48:]
            if before is not None:
                assert (shank ^ before).sum() <= 6
            before = shank

    def test_it_fills_the_space(self):
        rows = np.nonzero(draw(person(), self.SHAPE).body.any(axis=1))[0]
        assert rows[0] <= 0.12 * self.SHAPE[0]
        assert rows[-1] >= self.SHAPE[0] - 3

    @pytest.mark.parametrize(
        "angles", [{}, {"hip_deg": 95.0}, {"hip_deg": 90.0, "knee_deg": 90.0, "shin_deg": 25.0}]
    )
    @pytest.mark.parametrize("facing", ["left", "right"])
    def test_nothing_of_it_is_cut_off_at_the_sides(self, angles, facing):
        man = draw(person(facing, **angles), self.SHAPE)
        assert not (man.body | man.far)[:-2, [0, 1, -2, -1]].any()

    def test_the_dowel_is_apart_from_the_body(self):
        """A line of its own: no dot of the body beside it."""
        for angles in ({}, {"hip_deg": 80.0}, {"hip_deg": 80.0, "spinal_deg": 40.0}):
            man = draw(person(**angles), self.SHAPE)
            assert man.dowel.sum() > 30
            near = np.zeros_like(man.body)
            for down, across in np.ndindex(3, 3):
                near |= np.roll(man.dowel, (down - 1, across - 1), (0, 1))
            assert not (near & man.body).any()

    def test_mirrored_it_is_the_same_the_other_way_round(self):
        man, other = (
            draw(person(hip_deg=70.0), self.SHAPE),
            draw(person(hip_deg=70.0), self.SHAPE, mirror=True),
        )
        assert (man.body ^ other.body[:, ::-1]).sum() <= 4
        assert np.allclose(man.places[:, 0], self.SHAPE[1] - other.places[:, 0])

    @pytest.mark.parametrize("missing", ["landmarks_px", "back_px", "dowel_px"])
    def test_what_is_not_seen_is_not_drawn(self, missing):
        seen = person(hip_deg=50.0)
        lost = replace(seen, **{missing: np.full_like(getattr(seen, missing), np.nan)})
        man = draw(lost, self.SHAPE)
        assert man.dowel.any() == (missing == "back_px")
        assert man.body.any() == (missing != "landmarks_px")

    def test_without_anybody_there_is_a_floor(self):
        man = draw(None, self.SHAPE)
        assert man.floor[-1].all()
        assert not man.body.any()

    def test_the_whole_picture_shows_where_the_person_is(self):
        left, right = (
            draw(person(feet=(x, 440.0)), self.SHAPE, whole=True).body for x in (100.0, 540.0)
        )
        assert np.nonzero(left)[1].max() < np.nonzero(right)[1].min()

    @given(st.integers(0, 2**32 - 1))
    @settings(max_examples=60)
    def test_nonsense_does_no_harm(self, seed):
        rng = np.random.default_rng(seed)
        scale = 10.0 ** rng.uniform(-3, 6)

        def places(count):
            found = rng.normal(0, scale, (count, 2))
            found[rng.random(found.shape) < 0.2] = rng.choice([np.nan, np.inf, 0.0])
            return found

        facing = [None, "left", "right"][rng.integers(3)]
        wild = LiveFigure(places(33), places(len(SITES)), places(2), (640, 480), facing)
        for stage in ("setup", "moving"):
            found = lines(moment(stage, figure=wild), 80, 24)
            assert {len(line) for line in found} == {80}
