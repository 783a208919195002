"""Two curves in one plot of characters."""

from __future__ import annotations

import pytest

from hinge_dowel.report.curve_plot import Axis, furthest_apart, overlaid

AXIS = Axis(0.0, 40.0, 5)


def test_each_curve_has_its_letter_and_both_have_their_own() -> None:
    a = [0.0, 11.0, 40.0, None, 0.0]
    b = [0.0, 9.0, 19.0, 19.0, 41.0]
    assert overlaid(a, b, AXIS, line_at=None, mark="-") == [
        "  A B",
        "     ",
        "  BB ",
        " =   ",
        "=   A",
    ]


def test_the_line_is_behind_the_curves() -> None:
    rows = overlaid([20.0, 20.0], [None] * 6, AXIS, line_at=20.0, mark="-")
    assert rows == ["      ", "      ", "AA- - ", "      ", "      "]


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [([], 0.0, 32.0), ([50.0, 3.0], 0.0, 50.0), ([-6.0], 0.0, 32.0), ([-7.0], -7.0, 32.0)],
)
def test_the_axis_begins_at_0_unless_a_curve_goes_far_below(values, low, high) -> None:
    assert Axis.over(values, 32.0, 5) == Axis(low, high, 5)


@pytest.mark.parametrize(("value", "row"), [(99.0, 0), (40.0, 0), (26.0, 1), (0.0, 4), (-9.0, 4)])
def test_rows_go_down_and_ends_hold_what_is_beyond(value: float, row: int) -> None:
    assert AXIS.row(value) == row


def test_how_far_apart_curves_are() -> None:
    assert furthest_apart([1.0, None, 5.0, 90.0], [2.0, 80.0, 1.0]) == 4.0
    assert furthest_apart([None], [3.0]) == 0.0
