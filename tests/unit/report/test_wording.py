"""Numbers and times as they are read."""

from __future__ import annotations

import pytest

from hinge_dowel.report import wording


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        (-0.3, 0, "0"),
        (-2.5, 0, "\N{MINUS SIGN}2"),
        (-2.61, 1, "\N{MINUS SIGN}2.6"),
        (7.0, 1, "7.0"),
    ],
)
def test_numbers_have_a_true_minus_and_never_minus_nothing(
    value: float, decimals: int, said: str
) -> None:
    assert wording.number(value, decimals) == said


@pytest.mark.parametrize(
    ("time_s", "said"), [(7.5, "7.5 s"), (14.0, "14.0 s"), (2.26, "2.3 s"), (125.9, "2:05")]
)
def test_times_in_a_clip(time_s: float, said: str) -> None:
    assert wording.clip_time(time_s) == said


@pytest.mark.parametrize(
    ("numbers", "said"),
    [((4,), "4"), ((1, 2), "1, 2"), ((1, 3, 4, 5, 9), "1, 3-5, 9"), ((), "")],
)
def test_three_numbers_in_a_row_are_a_range(numbers: tuple[int, ...], said: str) -> None:
    assert wording.numbers_in_runs(numbers) == said
