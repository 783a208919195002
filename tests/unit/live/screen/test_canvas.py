"""Drawing with characters: shapes against plain geometry, characters against Unicode's tables."""

import itertools
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hinge_dowel.live.screen.canvas import (
    Sheet,
    braille,
    disc,
    enlarged,
    grown,
    halves,
    ring,
    stroke,
)

SHAPE = (24, 30)
places = st.tuples(st.floats(-40, 70), st.floats(-40, 70))


def dots(*rows):
    return np.array([[c == "#" for c in row] for row in rows])


def text(codes):
    return ["".join(map(chr, row)) for row in codes]


def by_hand(points, reach):
    """Every dot whose centre is within reach of the line through the points, one by one."""
    found = np.zeros(SHAPE, dtype=bool)
    for (row, column), ((ax, ay), (bx, by)) in itertools.product(
        np.ndindex(*SHAPE), itertools.pairwise(points)
    ):
        x, y = column + 0.5, row + 0.5
        length2 = (bx - ax) ** 2 + (by - ay) ** 2
        share = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2 if length2 else 0.0
        share = min(max(share, 0.0), 1.0)
        near = (x - ax - share * (bx - ax)) ** 2 + (y - ay - share * (by - ay)) ** 2
        found[row, column] |= near <= reach**2
    return found


class TestStroke:
    @pytest.mark.parametrize("width", [1.5, 3.0, 6.2])
    @pytest.mark.parametrize(
        "points",
        [[(3, 4), (20, 15)], [(5, 20), (5, 2), (25, 2)], [(-9, -3), (12, 40)], [(8, 8), (8, 8)]],
    )
    def test_holds_the_dots_within_half_its_width(self, points, width):
        assert np.array_equal(stroke(SHAPE, points, width), by_hand(points, width / 2))

    @given(places, places)
    def test_stays_on_its_ground_wherever_it_leads(self, start, end):
        assert stroke(SHAPE, [start, end], 2.0).shape == SHAPE

    def test_outside_nothing_is_drawn(self):
        assert not stroke(SHAPE, [(40, 2), (60, 20)], 3).any()
        assert not stroke(SHAPE, [(-20, -2), (-6, -20)], 3).any()

    @given(st.floats(0, 2 * np.pi))
    def test_the_thinnest_line_has_no_holes(self, angle):
        """Each dot of it touches the next, across, down or slanting."""
        reach = 10 * np.array([np.cos(angle), np.sin(angle)])
        line = stroke((24, 24), [12 - reach, 12 + reach], 0.0)
        rows, columns = np.nonzero(line)
        assert max(np.ptp(rows), np.ptp(columns)) >= 13
        for axis in (
            (rows, columns)
            if np.ptp(rows) == np.ptp(columns)
            else ([rows] if np.ptp(rows) > np.ptp(columns) else [columns])
        ):
            assert set(axis) == set(range(axis.min(), axis.max() + 1))

    def test_a_point_that_is_not_known_breaks_it(self):
        known = [(2, 2), (10, 2), (np.nan, 9), (12, 12), (20, 12)]
        parts = stroke(SHAPE, known[:2], 2) | stroke(SHAPE, known[3:], 2)
        assert np.array_equal(stroke(SHAPE, known, 2), parts)
        assert not stroke(SHAPE, [(2, 2), (np.inf, 4)], 2).any()

    def test_one_point_or_none_is_no_line(self):
        assert not stroke(SHAPE, [(5, 5)], 4).any()
        assert not stroke(SHAPE, np.zeros((0, 2)), 4).any()


class TestDiscsAndRings:
    @pytest.mark.parametrize("radius", [2.0, 4.5, 9.0])
    def test_a_disc_is_as_large_as_a_disc(self, radius):
        drawn = disc((40, 40), (20, 20), radius)
        assert drawn.sum() == pytest.approx(np.pi * radius**2, rel=0.12)
        assert np.array_equal(drawn, drawn[::-1])
        assert np.array_equal(drawn, drawn.T)

    def test_a_ring_is_a_disc_less_a_smaller_one(self):
        large, small = disc((40, 40), (20, 20), 12), disc((40, 40), (20, 20), 9)
        assert np.array_equal(ring((40, 40), (20, 20), 12, 3), large & ~small)

    def test_gaps_lie_between_right_bottom_left_and_top(self):
        drawn = ring((40, 40), (20, 20), 12, 3, gaps=4)
        assert [drawn[y, x] for x, y in ((30, 20), (20, 30), (9, 20), (20, 9))] == [True] * 4
        assert [drawn[y, x] for x, y in ((27, 27), (12, 27), (12, 12), (27, 12))] == [False] * 4
        whole = ring((40, 40), (20, 20), 12, 3)
        assert drawn.sum() == pytest.approx(whole.sum() / 2, rel=0.15)

    def test_an_unknown_centre_draws_nothing(self):
        assert not disc(SHAPE, (np.nan, 3), 5).any()
        assert not ring(SHAPE, (np.nan, 3), 5, 2, gaps=4).any()


def test_growing_adds_the_neighbours():
    one = dots(".....", ".....", "..#..", ".....", ".....")
    assert np.array_equal(grown(one), dots(".....", ".###.", ".###.", ".###.", "....."))
    assert one.sum() == 1


def test_enlarging_makes_squares():
    assert np.array_equal(enlarged(dots("#.", ".#"), 2), dots("##..", "##..", "..##", "..##"))


class TestCharacters:
    @pytest.mark.parametrize("number", range(1, 9))
    def test_each_braille_dot_has_the_name_unicode_gives_it(self, number):
        """Dots 1 to 3 and 7 down on the left, 4 to 6 and 8 on the right."""
        column, row = divmod(number - 1, 3) if number <= 6 else (number - 7, 3)
        one = np.zeros((4, 2), dtype=bool)
        one[row, column] = True
        (char,) = text(braille(one))
        assert unicodedata.name(char) == f"BRAILLE PATTERN DOTS-{number}"

    def test_braille_reads_like_its_dots(self):
        drawn = dots("####....", "####....", "####...#", "####...#")
        assert text(braille(drawn)) == ["⣿⣿ ⢠"]

    def test_half_blocks_read_like_their_dots(self):
        assert text(halves(dots("#.#.", "##.."))) == ["█▄▀ "]
        assert text(halves(dots("#.", "##", "##"))) == ["█▄", "▀▀"]


class TestSheet:
    def test_is_blank_at_first(self):
        assert Sheet(2, 3).lines() == ["   ", "   "]

    @pytest.mark.parametrize(
        ("row", "column", "shown"),
        [
            (1, 1, ["    ", " ab ", " cd "]),
            (-1, 0, ["cd  ", "    ", "    "]),
            (2, 3, ["    ", "    ", "   a"]),
            (0, -1, ["b   ", "d   ", "    "]),
            (3, 0, ["    "] * 3),
            (0, -2, ["    "] * 3),
        ],
    )
    def test_what_does_not_fit_is_cut_off(self, row, column, shown):
        sheet = Sheet(3, 4)
        sheet.paint(row, column, np.array([[97, 98], [99, 100]], dtype=np.uint32), 7)
        assert sheet.lines() == shown
        assert np.array_equal(sheet.inks == 7, [[c != " " for c in line] for line in shown])

    def test_spaces_of_a_picture_let_through_what_is_below_but_those_of_words_do_not(self):
        sheet = Sheet(1, 5)
        sheet.write(0, 0, "12345", 1)
        sheet.paint(0, 0, np.array([[97, 32, 99]], dtype=np.uint32), 2)
        assert sheet.lines() == ["a2c45"]
        sheet.write(0, 2, "x y", 3)
        assert sheet.lines() == ["a2x y"]
        assert sheet.inks.tolist() == [[2, 1, 3, 3, 3]]

    @pytest.mark.parametrize(
        ("written", "shown"),
        [("a\x1b[31mb", "a?[31mb"), ("no\nend", "no?end"), ("手x", "?x"), ("e\u0301!", "é!")],
    )
    def test_only_characters_of_one_column_are_written(self, written, shown):
        sheet = Sheet(1, 10)
        sheet.write(0, 0, written)
        assert sheet.lines()[0].rstrip() == shown
