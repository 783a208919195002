"""The dowel on backs whose strays are known in closed form. Centimetres, y down, facing right."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares, minimize

from hinge_dowel.analysis import dowel, stick

HEIGHT = np.array([0.0, 8.0, 16.0, 26.0, 36.0, 44.0, 54.0])
"""How far below the occiput C7, T4, T8, T12, L3 and the sacrum lie."""
STRAIGHT = np.stack([np.zeros(7), HEIGHT], axis=-1)
CURVED = np.stack([[1.0, -1.0, -3.0, -3.0, -1.5, 0.0, -0.5], HEIGHT], axis=-1)
UPPER = [1, 2, 3]
HEAD, SACRUM = 0, 6
PLACES = {"head": HEAD, "upper_back": UPPER, "sacrum": SACRUM}

pitches = st.floats(-40, 115)
quick = settings(max_examples=40)


def pitched(points, *pitch_deg, at=(0.0, 0.0)):
    """The points (K, 2) leaned forward about (0, 0), one frame for each angle, then moved."""
    turn = np.radians(pitch_deg)[:, None]
    x, y = points[..., 0], points[..., 1]
    frames = [x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)]
    return np.stack(frames, axis=-1) + at


def displaced(points, place, forward_cm):
    """The points (K, 2) with some of them moved square to an upright dowel."""
    moved = points.copy()
    moved[place, 0] += forward_cm
    return moved


def strays(fit):
    """One row a frame: head, upper back, sacrum."""
    return np.stack([fit.head_cm, fit.upper_back_cm, fit.sacrum_cm], axis=-1)


class TestRest:
    def test_a_straight_back_lies_on_its_dowel(self):
        rest = dowel.rest(STRAIGHT[None], np.array([9.0]))
        assert rest.offset_cm == pytest.approx(np.zeros(7), abs=1e-12)
        assert rest.turn_deg == pytest.approx(-9.0)

    def test_offsets_are_distances_in_front_of_the_upper_back(self):
        back = displaced(displaced(STRAIGHT, HEAD, 2.0), SACRUM, -1.5)
        rest = dowel.rest(pitched(back, 30.0))
        assert rest.offset_cm == pytest.approx([2, 0, 0, 0, 0, 0, -1.5], abs=1e-9)

    def test_without_a_thorax_there_is_no_turn(self):
        assert dowel.rest(CURVED[None]).turn_deg == 0

    def test_the_median_frame_counts_and_frames_with_gaps_do_not(self):
        frames = np.stack([displaced(STRAIGHT, HEAD, d) for d in (1.0, 2.0, 50.0, 0.0)])
        frames[3, 4] = np.nan
        assert dowel.rest(frames).offset_cm[HEAD] == pytest.approx(2.0)

    def test_a_frame_without_its_thorax_does_not_count(self):
        frames = np.stack([displaced(STRAIGHT, HEAD, d) for d in (1.0, 5.0)])
        rest = dowel.rest(frames, np.array([3.0, np.nan]))
        assert rest.offset_cm[HEAD] == pytest.approx(1.0)
        assert rest.turn_deg == pytest.approx(-3.0)

    @pytest.mark.parametrize("thorax", [None, np.array([0.0])])
    def test_nothing_seen(self, thorax):
        with pytest.raises(ValueError, match="no standing frame shows every point"):
            dowel.rest(np.full((1, 7, 2), np.nan), thorax)


class TestNothingLeaves:
    @quick
    @given(st.lists(pitches, min_size=1, max_size=6), st.floats(-1e4, 1e4))
    def test_a_straight_back_at_any_pitch_and_place(self, pitch, where):
        fit = dowel.fit(pitched(STRAIGHT, *pitch, at=(where, -where)), dowel.rest(STRAIGHT[None]))
        assert strays(fit) == pytest.approx(np.zeros((len(pitch), 3)), abs=1e-4)
        assert fit.pitch_deg == pytest.approx(np.array(pitch), abs=1e-3)

    @quick
    @given(pitches, st.one_of(st.none(), st.floats(-20, 40)))
    def test_the_standing_curve_is_neutral(self, pitch, thorax):
        """As long as back and thorax turn together, whatever the thorax's own pitch in standing."""
        own = None if thorax is None else np.array([thorax])
        bent = None if thorax is None else np.array([thorax + pitch])
        fit = dowel.fit(pitched(CURVED, pitch), dowel.rest(CURVED[None], own), bent)
        assert strays(fit) == pytest.approx(np.zeros((1, 3)), abs=1e-4)

    def test_a_thorax_a_whole_turn_away_is_the_same_thorax(self):
        rest = dowel.rest(CURVED[None], np.array([10.0]))
        frames, thorax = pitched(CURVED, 60.0, 60.0), np.array([70.0, 430.0])
        fit = dowel.fit(frames, rest, thorax)
        assert strays(fit) == pytest.approx(np.zeros((2, 3)), abs=1e-4)

    @pytest.mark.parametrize("depth", [1.0, 4.0, 9.0])
    def test_a_low_back_may_be_hollow(self, depth):
        fit = dowel.fit(displaced(STRAIGHT, [4, 5], depth)[None], dowel.rest(STRAIGHT[None]))
        assert strays(fit) == pytest.approx(np.zeros((1, 3)), abs=1e-6)

    def test_but_the_dowel_does_not_pass_through_it(self):
        """A low back that bulges backward pushes it off the sacrum."""
        fit = dowel.fit(displaced(STRAIGHT, [4, 5], -6.0)[None], dowel.rest(STRAIGHT[None]))
        ((head, upper_back, sacrum),) = strays(fit)
        assert sacrum > 4
        assert upper_back == 0
        assert head < 0


@pytest.mark.parametrize("back", [STRAIGHT, CURVED], ids=["straight", "curved"])
@pytest.mark.parametrize("known", [False, True], ids=["points only", "thorax known"])
@pytest.mark.parametrize("place", list(PLACES))
class TestOnePlaceLeaves:
    def fitted(self, back, known, place, distances, pitch):
        moved = np.concatenate(
            [pitched(displaced(back, PLACES[place], d), pitch) for d in distances]
        )
        rest = dowel.rest(back[None], np.array([6.0]) if known else None)
        thorax = np.full(len(moved), 6.0 + pitch) if known else None
        return strays(dowel.fit(moved, rest, thorax))

    @pytest.mark.parametrize("pitch", [0.0, 75.0])
    def test_that_place_by_that_much(self, back, known, place, pitch):
        found = self.fitted(back, known, place, [8.0, 12.0, 20.0], pitch)
        expected = np.zeros((3, 3))
        expected[:, list(PLACES).index(place)] = [8.0, 12.0, 20.0]
        assert found == pytest.approx(expected, abs=0.6)

    def test_never_more_than_it_moved_and_the_more_the_further(self, back, known, place):
        distances = np.linspace(0.2, 12.0, 40)
        found = self.fitted(back, known, place, distances, 50.0)
        own = found[:, list(PLACES).index(place)]
        assert (own <= distances + 1e-4).all()
        assert (np.diff(own) > 0).all()

    def test_the_others_stay(self, back, known, place):
        found = self.fitted(back, known, place, np.linspace(0.2, 20.0, 40), 50.0)
        others = np.delete(found, list(PLACES).index(place), axis=1)
        assert others.max() < 0.5


class TestWhichSide:
    def test_head_and_sacrum_both_in_front(self):
        fit = dowel.fit(displaced(STRAIGHT, [HEAD, SACRUM], 9.0)[None], dowel.rest(STRAIGHT[None]))
        assert strays(fit) == pytest.approx(np.array([[9.0, 0.0, 9.0]]), abs=0.5)

    def test_both_ends_behind_hold_the_dowel_and_the_upper_back_has_left(self):
        fit = dowel.fit(displaced(STRAIGHT, [HEAD, SACRUM], -9.0)[None], dowel.rest(STRAIGHT[None]))
        assert strays(fit) == pytest.approx(np.array([[0.0, 9.0, 0.0]]), abs=0.6)

    def test_the_upper_back_pushed_backward_leaves_both_ends_in_front(self):
        fit = dowel.fit(displaced(STRAIGHT, UPPER, -9.0)[None], dowel.rest(STRAIGHT[None]))
        assert strays(fit) == pytest.approx(np.array([[9.0, 0.0, 9.0]]), abs=0.5)


class TestRobust:
    @quick
    @given(st.sampled_from([HEAD, SACRUM]), st.floats(15, 60), pitches)
    def test_an_end_far_away_does_not_bend_the_dowel(self, place, distance, pitch):
        frame = pitched(displaced(STRAIGHT, place, distance), pitch)
        fit = dowel.fit(frame, dowel.rest(STRAIGHT[None]))
        assert fit.pitch_deg[0] == pytest.approx(pitch, abs=0.5)

    def test_one_bad_point_of_the_upper_back_tilts_it_little_and_less_with_the_thorax(self):
        frame, rest = displaced(STRAIGHT, 1, -4.0)[None], dowel.rest(STRAIGHT[None], np.zeros(1))
        alone = dowel.fit(frame, dowel.rest(STRAIGHT[None]))
        held = dowel.fit(frame, rest, np.zeros(1))
        assert abs(held.pitch_deg[0]) < abs(alone.pitch_deg[0]) < 4


class TestThreePoints:
    """Spacings a = 20 and b = 34: occiput to upper back, upper back to sacrum."""

    BARE = STRAIGHT[[0, 2, 6]] + np.array([[0.0, 0.0], [0.0, 4.0], [0.0, 0.0]])

    def fit(self, points):
        return strays(dowel.fit(points, dowel.rest(self.BARE[None])))[0]

    @quick
    @given(pitches, st.floats(0, 12))
    def test_in_front_of_the_chord_the_upper_back_has_left(self, pitch, distance):
        found = self.fit(pitched(displaced(self.BARE, 1, distance), pitch))
        assert found == pytest.approx([0.0, distance, 0.0], abs=1e-4)

    @quick
    @given(pitches, st.floats(0, 5))
    def test_behind_it_either_end_has_by_the_lever_of_the_other(self, pitch, distance):
        found = self.fit(pitched(displaced(self.BARE, 1, -distance), pitch))
        expected = [distance * 54 / 34, 0.0, distance * 54 / 20]
        assert found == pytest.approx(expected, rel=0.04, abs=1e-4)

    def test_head_or_sacrum_cannot_be_told(self):
        """Head 6 cm forward, or sacrum 6 * 34 / 20: the same triangle, turned."""
        by_head = self.fit(displaced(self.BARE, 0, 6.0)[None])
        by_sacrum = self.fit(displaced(self.BARE, 2, 10.2)[None])
        assert by_head == pytest.approx([6.0, 0.0, 10.2], rel=0.05)
        assert by_sacrum == pytest.approx([6.0, 0.0, 10.2], rel=0.05)

    def test_the_standing_bend_is_neutral(self):
        bent = displaced(self.BARE, 1, -2.0)
        fit = dowel.fit(pitched(bent, 0.0, 40.0, 80.0), dowel.rest(bent[None]))
        assert strays(fit) == pytest.approx(np.zeros((3, 3)), abs=1e-4)

    @pytest.mark.parametrize(("place", "column"), [(0, 0), (2, 2)])
    def test_with_the_pitch_of_the_thorax_they_do_name_the_end(self, place, column):
        rest = dowel.rest(self.BARE[None], np.array([5.0]))
        moved = pitched(displaced(self.BARE, place, 9.0), 60.0)
        found = strays(dowel.fit(moved, rest, np.array([65.0])))[0]
        assert found[column] == pytest.approx(9.0, abs=0.6)
        assert np.delete(found, column) == pytest.approx([0.0, 0.0], abs=0.6)


class TestFrames:
    SHAPES = np.concatenate(
        [
            pitched(CURVED, *range(0, 90, 5)),
            pitched(displaced(CURVED, HEAD, 7.0), *range(0, 90, 10), at=(300.0, 500.0)),
            pitched(displaced(CURVED, SACRUM, 5.0), *range(0, 90, 10), at=(-300.0, 500.0)),
            pitched(displaced(CURVED, UPPER, 4.0), *range(0, 90, 10)),
        ]
    )
    REST = dowel.rest(CURVED[None])

    @pytest.mark.parametrize("place", range(7))
    def test_a_frame_with_a_gap_is_nan_and_the_others_are_not(self, place):
        points = self.SHAPES[:6].copy()
        points[[1, 4], place] = np.nan
        fit = dowel.fit(points, self.REST)
        for series in (fit.pitch_deg, *strays(fit).T):
            assert np.isnan(series).tolist() == [False, True, False, False, True, False]

    def test_so_is_one_whose_thorax_is_not_known(self):
        rest = dowel.rest(CURVED[None], np.zeros(1))
        fit = dowel.fit(self.SHAPES[:3], rest, np.array([0.0, np.nan, 10.0]))
        assert np.isnan(strays(fit)).all(axis=1).tolist() == [False, True, False]
        assert np.isnan(fit.pitch_deg).tolist() == [False, True, False]

    def test_three_points_with_a_gap(self):
        points = self.SHAPES[:3, [0, 2, 6]].copy()
        points[1, 2] = np.nan
        fit = dowel.fit(points, dowel.rest(CURVED[None, [0, 2, 6]]))
        assert np.isnan(strays(fit)).all(axis=1).tolist() == [False, True, False]

    @pytest.mark.parametrize("frames", [0, 2])
    def test_nothing_seen_at_all(self, frames):
        fit = dowel.fit(np.full((frames, 7, 2), np.nan), self.REST)
        assert strays(fit).shape == (frames, 3)
        assert np.isnan(strays(fit)).all()

    def test_a_frame_alone_gets_the_answer_it_gets_among_others(self):
        together = strays(dowel.fit(self.SHAPES, self.REST))
        alone = [strays(dowel.fit(frame[None], self.REST))[0] for frame in self.SHAPES]
        assert together == pytest.approx(np.array(alone), abs=1e-3)

    @pytest.mark.slow
    @settings(max_examples=10)
    @given(st.randoms(use_true_random=False), st.integers(1, 12))
    def test_neither_order_nor_chunks_matter(self, random, chunk):
        order = list(range(len(self.SHAPES)))
        random.shuffle(order)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dowel, "CHUNK_FRAMES", chunk)
            shuffled = strays(dowel.fit(self.SHAPES[order], self.REST))
        assert shuffled == pytest.approx(strays(dowel.fit(self.SHAPES, self.REST))[order], abs=1e-3)

    @settings(max_examples=10)
    @given(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
    def test_nor_where_in_the_picture_it_happens(self, right, down):
        """Pixels count from a far corner; the fit turns about the back itself."""
        moved = strays(dowel.fit(np.add(self.SHAPES, (right, down)), self.REST))
        assert moved == pytest.approx(strays(dowel.fit(self.SHAPES, self.REST)), abs=1e-3)

    def test_inputs_stay_as_they_were(self):
        points, thorax = self.SHAPES.copy(), np.zeros(len(self.SHAPES))
        points.flags.writeable = thorax.flags.writeable = False
        dowel.fit(points, dowel.rest(points, thorax), thorax)
        assert (points == self.SHAPES).all()


class TestOnePointAlone:
    """One point of the upper back forward, all of the others as they stood."""

    @pytest.mark.parametrize("kept", [range(7), [0, 1, 2, 3, 6], [0, 1, 3, 6], [0, 2, 5, 6]])
    @pytest.mark.parametrize("distance", [2.0, 3.0, 9.0])
    def test_it_has_left_and_nothing_else(self, kept, distance):
        kept = list(kept)
        for place in (2, 3):
            if place not in kept:
                continue
            frame = pitched(displaced(CURVED, place, distance), 50.0)[:, kept]
            rest = dowel.rest(CURVED[None, kept])
            fit, stood = dowel.fit(frame, rest), dowel.fit(CURVED[None, kept], rest)
            assert strays(fit) == pytest.approx(np.array([[0.0, distance, 0.0]]), abs=0.1)
            assert fit.pitch_deg - stood.pitch_deg == pytest.approx([50.0], abs=0.2)

    def test_a_neck_point_alone_is_no_matter_of_the_upper_back(self):
        fit = dowel.fit(displaced(CURVED, 1, 6.0)[None], dowel.rest(CURVED[None]))
        assert strays(fit) == pytest.approx(np.zeros((1, 3)), abs=0.1)

    def test_one_that_stands_out_behind_bears_the_dowel(self):
        """As T8 does on a rounded back: it has not left, whatever the others do."""
        fit = dowel.fit(displaced(STRAIGHT, 3, -4.0)[None], dowel.rest(STRAIGHT[None]))
        assert fit.upper_back_cm[0] == 0


class TestAmbiguous:
    def test_three_points_behind_the_chord_and_only_these(self):
        bare = STRAIGHT[[0, 2, 6]]
        frames = np.stack([displaced(bare, 1, d) for d in (-3.0, -1.0, 3.0)])
        assert dowel.fit(frames, dowel.rest(bare[None])).ambiguous.tolist() == [True, True, False]

    @pytest.mark.parametrize("kept", [range(7), [0, 1, 3, 6], [0, 2, 5, 6]])
    @pytest.mark.parametrize("place", list(PLACES))
    def test_not_with_more_points(self, kept, place):
        back = displaced(CURVED, PLACES[place], 6.0)[list(kept)]
        assert not dowel.fit(back[None], dowel.rest(CURVED[None, list(kept)])).ambiguous.any()

    def test_four_where_both_ends_fit_equally(self):
        """Hollow by as much as it would have to bulge: bent at the upper back, or half way."""
        back = STRAIGHT[[0, 2, 4, 6]]
        rest = dowel.rest(back[None])
        bent = displaced(back, 3, 6.0)
        depths = np.linspace(0.0, 5.0, 51)
        frames = np.stack([displaced(bent, 2, depth) for depth in depths])
        found = dowel.fit(frames, rest).ambiguous
        assert not found[0]
        assert not found[-1]
        assert found.any()


class TestAgainstAnotherSolver:
    """The same model written again for seven points: one frame at a time, by downhill simplex."""

    LOW = (4, 5)
    RESTS: ClassVar = {
        "head": ([2, 3, 6], [1, 4, 5]),
        "sacrum": ([0, 1, 2, 3], [4, 5]),
        "upper_back": ([0, 6], [1, 2, 3, 4, 5]),
        "nothing": ([0, 2, 3, 6], [1, 4, 5]),
        "both": ([2, 3], [1, 4, 5]),
    }

    def by_one(self, name, points, rest, thorax):
        """Strays of all points in a frame, and the cost, by one explanation."""
        touched, stopping = self.RESTS[name]
        weight = np.ones(7)
        weight[list(self.LOW)] = np.sqrt(0.5)

        def distances(x):
            normal = np.array([np.cos(x[0]), np.sin(x[0])])
            return (points - points[3]) @ normal - x[1] - rest.offset_cm

        def cost(x):
            away = distances(x) * weight / dowel.PLACE_SD_CM
            out = (away[touched] ** 2).sum() + (np.minimum(away[stopping], 0) ** 2).sum()
            if thorax is not None:
                turn = np.degrees(x[0]) - thorax - rest.turn_deg
                out += (turn / stick.DIRECTION_SD_DEG) ** 2
            return out

        chord = points[0] - points[-1]
        x = np.array([np.arctan2(chord[0], -chord[1]), 0.0])
        options = {"xatol": 1e-9, "fatol": 1e-11}
        for _ in range(6):  # it gets stuck where a point begins to press, and goes on from there
            found = minimize(cost, x, method="Nelder-Mead", options=options)
            x = found.x
        return distances(found.x), found.fun

    @pytest.mark.slow
    @pytest.mark.parametrize("known", [False, True], ids=["points only", "thorax known"])
    def test_noisy_backs(self, known):
        rng = np.random.default_rng(7)
        pitch = np.linspace(0, 85, 9)
        points = pitched(CURVED, *pitch) + 0.2 * rng.standard_normal((9, 7, 2))
        normal = np.stack([np.cos(np.radians(pitch)), np.sin(np.radians(pitch))], axis=-1)
        expected = ["nothing", "head", "sacrum"] * 3
        points[1::3, HEAD] += 6.0 * normal[1::3]
        points[2::3, SACRUM] += 7.0 * normal[2::3]
        rest = dowel.rest(CURVED[None], np.array([4.0]) if known else None)
        thorax = pitch + 4.0 + rng.normal(0, 1, 9) if known else None
        found = strays(dowel.fit(points, rest, thorax))
        for frame, name in enumerate(expected):
            aim = thorax[frame] if known else None
            costs = {n: self.by_one(n, points[frame], rest, aim)[1] for n in self.RESTS}
            costs["both"] += dowel.BOTH_COST
            if name == "nothing":
                assert costs["nothing"] < 10
            else:
                assert min(costs, key=lambda n: costs[n]) == name
            if name != "nothing" or costs["nothing"] < dowel.EXPLAINED_COST:
                away, _ = self.by_one(name, points[frame], rest, aim)
                assert found[frame, [0, 2]] == pytest.approx(away[[0, 6]], abs=2e-3)

    def test_scipy_decides_in_a_few_looks(self, monkeypatch):
        looks = []

        def watched(*args, **options):
            answer = least_squares(*args, **options)
            looks.append(answer.nfev)
            assert answer.success
            return answer

        monkeypatch.setattr(stick, "least_squares", watched)
        rng = np.random.default_rng(3)
        pitch = rng.uniform(-20, 100, 2000)
        points = pitched(CURVED, *pitch) + 0.4 * rng.standard_normal((2000, 7, 2))
        points[::3, HEAD] += rng.normal(0, 3, (667, 2))
        dowel.fit(points, dowel.rest(CURVED[None]))
        assert looks
        assert max(looks) <= 12
