"""What a point of the back is, by its place alone. Centimetres, y down."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel.analysis.back_points import SITES
from hinge_dowel.analysis.back_regions import contact_rows, regions
from hinge_dowel.body.figure import figure

HEIGHT = np.array([0.0, 8.0, 16.0, 26.0, 36.0, 44.0, 54.0])
"""How far below the occiput C7, T4, T8, T12, L3 and the sacrum lie."""
STRAIGHT = np.stack([np.zeros(7), HEIGHT], axis=-1)
CURVED = np.stack([[1.0, -1.0, -3.0, -3.0, -1.5, 0.0, -0.5], HEIGHT], axis=-1)


class TestRegions:
    """Which point is what, by its place along the back alone."""

    def names(self, points):
        found = regions(points)
        told = {"neck": found.neck, "upper": found.upper, "low": found.low}
        return [
            next((name for name, part in told.items() if part[k]), "end")
            for k in range(len(points))
        ]

    def test_seven_places(self):
        assert self.names(STRAIGHT) == ["end", "neck", "upper", "upper", "low", "low", "end"]
        assert regions(STRAIGHT).directing.tolist() == [False, True, True, True] + [False] * 3

    def test_of_three_points_the_middle_one_is_the_upper_back_wherever_it_lies(self):
        for middle in range(1, 6):
            assert self.names(STRAIGHT[[0, middle, 6]]) == ["end", "upper", "end"]

    @pytest.mark.parametrize(
        ("heights", "expected"),
        [
            ([0, 5, 45, 54], ["end", "upper", "low", "end"]),
            ([0, 2, 4, 36, 54], ["end", "neck", "neck", "upper", "end"]),
            ([0, 18, 36, 54], ["end", "upper", "low", "end"]),
            ([0, 12, 31, 54], ["end", "neck", "upper", "end"]),
        ],
    )
    def test_there_is_always_an_upper_back(self, heights, expected):
        assert self.names(np.stack([np.zeros(len(heights)), heights], axis=-1)) == expected

    def test_two_inner_points_direct_the_dowel_whatever_their_place(self):
        found = regions(STRAIGHT[[0, 2, 5, 6]])
        assert found.directing.tolist() == [False, True, True, False]

    @pytest.mark.parametrize("count", [4, 12, 50])
    def test_every_point_between_the_ends_is_one_thing(self, count):
        found = regions(np.stack([np.zeros(count), np.arange(count)], axis=-1))
        assert (found.neck.astype(int) + found.upper + found.low).tolist() == (
            [0] + [1] * (count - 2) + [0]
        )
        assert (found.gap <= found.upper).all()

    def test_what_lies_off_the_dowel_below_t8_is_a_hollow_low_back(self):
        """Not the upper back's gap: its lowest points leave the stick in any lordosis."""
        found = regions(np.stack([np.zeros(101), np.arange(101)], axis=-1))
        assert np.flatnonzero(found.upper)[[0, -1]].tolist() == [25, 60]
        assert np.flatnonzero(found.gap)[[0, -1]].tolist() == [25, 55]

    def test_points_in_one_place(self):
        assert self.names(np.zeros((4, 2))) == ["end", "upper", "low", "end"]


class TestContactRows:
    """Which points are marked as head, upper back and sacrum."""

    @pytest.mark.parametrize("hip_deg", [0.0, 80.0])
    @pytest.mark.parametrize("spinal_deg", [0.0, 45.0])
    def test_of_the_seven_sites_t8_is_marked_however_the_back_bends(self, hip_deg, spinal_deg):
        points = figure(hip_deg=hip_deg, spinal_deg=spinal_deg).points[None]
        assert [SITES[row] for row in contact_rows(points)] == ["occiput", "T8", "S2"]

    @pytest.mark.parametrize("count", [3, 4, 5, 6, 7, 9, 12])
    def test_of_even_points_one_of_the_upper_back(self, count):
        points = np.stack([np.zeros(count), np.linspace(0, 54, count)], axis=-1)
        head, marked, sacrum = contact_rows(points[None])
        assert (head, sacrum) == (0, count - 1)
        assert regions(points).upper[marked]

    @pytest.mark.parametrize(
        ("kept", "marked"),
        [([0, 3, 4, 5, 6], 1), ([0, 1, 2, 3, 6], 3), ([0, 2, 4, 6], 1), ([0, 5, 6], 1)],
    )
    def test_the_place_counts_and_not_how_many_points_lie_above_it(self, kept, marked):
        assert contact_rows(CURVED[kept][None])[1] == marked

    def test_of_several_that_nearest_to_the_middle_of_the_way(self):
        points = np.stack([np.zeros(6), [0, 30, 45, 58, 80, 100]], axis=-1)
        assert contact_rows(points[None])[1] == 2

    def test_frames_with_gaps_do_not_count_and_nothing_seen_marks_the_middle(self):
        frames = np.stack([CURVED[[0, 3, 4, 5, 6]]] * 3)
        frames[0] = np.nan
        frames[1, 2] = np.nan
        assert contact_rows(frames)[1] == 1
        assert contact_rows(np.full((2, 7, 2), np.nan)) == [0, 3, 6]
        assert contact_rows(np.empty((0, 5, 2))) == [0, 2, 4]
