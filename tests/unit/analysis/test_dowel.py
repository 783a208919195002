"""The dowel on backs whose strays are known in closed form. Centimetres, y down, facing right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares

from hinge_dowel.analysis import approach, dowel
from hinge_dowel.analysis.back_points import SITES
from hinge_dowel.body.contact_points import UPPER_BACK_SITE, contact_rows

HEIGHT = np.array([0.0, 8.0, 16.0, 26.0, 36.0, 44.0, 54.0])
"""How far below the occiput C7, T4, T8, T12, L3 and the sacrum lie."""
STRAIGHT = np.stack([np.zeros(7), HEIGHT], axis=-1)
CURVED = np.stack([[1.0, -1.0, -3.0, -3.0, -1.5, 0.0, -0.5], HEIGHT], axis=-1)
UPPER = [1, 2, 3]
HEAD, SACRUM = 0, 6
PLACES = {"head": HEAD, "upper_back": UPPER, "sacrum": SACRUM}

pitches = st.floats(-40, 115)
quick = settings(max_examples=40, deadline=None)


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


class TestCarriers:
    def test_the_upper_back_of_seven_places(self):
        assert dowel.carriers(STRAIGHT).tolist() == [False, True, True, True, False, False, False]

    def test_two_inner_points_carry_whatever_their_place(self):
        assert dowel.carriers(STRAIGHT[[0, 2, 5, 6]]).tolist() == [False, True, True, False]

    def test_of_three_points_the_middle_one(self):
        assert dowel.carriers(STRAIGHT[[0, 2, 6]]).tolist() == [False, True, False]

    @pytest.mark.parametrize("count", [3, 4, 5, 6, 7, 9, 12])
    def test_the_point_that_is_marked_as_the_upper_back_is_one_of_them(self, count):
        points = np.stack([np.zeros(count), np.linspace(0, 54, count)], axis=-1)
        head, marked, sacrum = contact_rows(count)
        assert (head, sacrum) == (0, count - 1)
        assert dowel.rest(points[None]).upper[marked]

    def test_of_the_seven_sites_t8_is_marked(self):
        assert SITES[contact_rows(len(SITES))[1]] == UPPER_BACK_SITE
        assert dowel.rest(CURVED[None]).upper[SITES.index(UPPER_BACK_SITE)]

    def test_points_in_one_place(self):
        assert dowel.carriers(np.zeros((4, 2))).tolist() == [False, True, True, False]


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

    def test_the_place_of_the_dowel_is_its_distance_from_the_origin(self):
        fit = dowel.fit(STRAIGHT[None] + (31.0, 400.0), dowel.rest(STRAIGHT[None]))
        assert fit.place_cm == pytest.approx([31.0])
        lying = dowel.fit(pitched(STRAIGHT, 90.0, at=(400.0, 31.0)), dowel.rest(STRAIGHT[None]))
        assert lying.place_cm == pytest.approx([31.0])

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

    def test_the_low_back_between_the_places_is_free(self):
        fit = dowel.fit(displaced(STRAIGHT, [4, 5], -4.0)[None], dowel.rest(STRAIGHT[None]))
        assert strays(fit) == pytest.approx(np.zeros((1, 3)), abs=1e-6)


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

    def test_the_thorax_holds_the_dowel_against_one_bad_point_of_the_upper_back(self):
        """Behind, where it bears the dowel: in front it would be one that has left."""
        frame, rest = displaced(STRAIGHT, 1, -4.0)[None], dowel.rest(STRAIGHT[None], np.zeros(1))
        alone = dowel.fit(frame, dowel.rest(STRAIGHT[None]))
        held = dowel.fit(frame, rest, np.zeros(1))
        assert abs(held.pitch_deg[0]) < 0.6 * abs(alone.pitch_deg[0])


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
        for series in (fit.pitch_deg, fit.place_cm, *strays(fit).T):
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

    def test_nowhere(self):
        fit = dowel.nowhere(4)
        assert np.isnan([fit.pitch_deg, fit.place_cm, *strays(fit).T]).sum() == 20

    def test_a_frame_alone_gets_the_answer_it_gets_among_others(self):
        together = strays(dowel.fit(self.SHAPES, self.REST))
        alone = [strays(dowel.fit(frame[None], self.REST))[0] for frame in self.SHAPES]
        assert together == pytest.approx(np.array(alone), abs=1e-3)

    @settings(max_examples=10, deadline=None)
    @given(st.randoms(use_true_random=False), st.integers(1, 12))
    def test_neither_order_nor_chunks_matter(self, random, chunk):
        order = list(range(len(self.SHAPES)))
        random.shuffle(order)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dowel, "_CHUNK", chunk)
            shuffled = strays(dowel.fit(self.SHAPES[order], self.REST))
        assert shuffled == pytest.approx(strays(dowel.fit(self.SHAPES, self.REST))[order], abs=1e-3)

    @settings(max_examples=10, deadline=None)
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


class TestAgainstAnotherSolver:
    """The same model written again: one frame, dense, no derivatives, the loss by hand."""

    def least(self, points, rest, thorax):
        scale = approach.LEAVING_CM / approach.PLACE_SD_CM

        def distances(x):
            return points @ [np.cos(x[0]), np.sin(x[0])] - x[1] - rest.offset_cm

        def free(z):
            """A residual whose square is Geman and McClure's loss of it."""
            return z / np.sqrt(1 + (z / scale) ** 2)

        def residuals(x):
            along = distances(x) / approach.PLACE_SD_CM
            out = [free(a) if a > 0 else a for a in along[rest.carries]]
            out += list(dowel.END_WEIGHT * free(along[[0, -1]]))
            if thorax is not None:
                turn = np.degrees(x[0]) - thorax - rest.turn_deg
                out.append(turn / approach.DIRECTION_SD_DEG)
            return out

        chord = points[1] - points[3]
        start = np.arctan2(chord[0], -chord[1])
        place = points[UPPER].mean(axis=0) @ [np.cos(start), np.sin(start)]
        found = least_squares(residuals, [start, place], ftol=1e-14, xtol=1e-14, gtol=1e-14)
        return np.degrees(found.x[0]), distances(found.x), 2 * found.cost

    @pytest.mark.parametrize("known", [False, True], ids=["points only", "thorax known"])
    def test_noisy_backs(self, known):
        rng = np.random.default_rng(7)
        pitch = np.linspace(0, 85, 18)
        points = pitched(CURVED, *pitch) + 0.25 * rng.standard_normal((18, 7, 2))
        points[::3, HEAD] += rng.normal(0, 3, (6, 2))
        points[1::3, SACRUM] += rng.normal(0, 3, (6, 2))
        rest = dowel.rest(CURVED[None], np.array([4.0]) if known else None)
        thorax = pitch + 4.0 + rng.normal(0, 2, 18) if known else None
        fit = dowel.fit(points, rest, thorax)
        for frame in range(18):
            expected_deg, away, _ = self.least(
                points[frame], rest, thorax[frame] if known else None
            )
            assert fit.pitch_deg[frame] == pytest.approx(expected_deg, abs=5e-3)
            share = rest.upper_share
            gap = away[2:4].mean() - share * away[0] - (1 - share) * away[-1]
            pushed = max(away[0], away[-1]) < -dowel.PUSHED_SHARE * max(gap, 0)
            expected = [0.0, gap, 0.0] if pushed else [away[0], 0.0, away[-1]]
            assert strays(fit)[frame] == pytest.approx(expected, abs=5e-3)

    def test_scipy_starts_where_it_ends(self, monkeypatch):
        """From the closed-form start scipy's fit takes a few looks, from a plain one about 30."""
        looks = []

        def watched(*args, **options):
            answer = least_squares(*args, **options)
            looks.append(answer.nfev)
            assert answer.success
            return answer

        monkeypatch.setattr(dowel, "least_squares", watched)
        rng = np.random.default_rng(3)
        pitch = rng.uniform(-20, 100, 2000)
        points = pitched(CURVED, *pitch) + 0.4 * rng.standard_normal((2000, 7, 2))
        points[::3, HEAD] += rng.normal(0, 3, (667, 2))
        dowel.fit(points, dowel.rest(CURVED[None]))
        assert looks
        assert max(looks) <= 8
