"""Time that never goes back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hinge_dowel.video.clock import Clock

STEP_S = 0.04


def told(*file_s: float) -> list[float | None]:
    clock = Clock()
    return [clock.tick(moment_s, STEP_S) for moment_s in file_s]


def test_time_counts_from_the_first_picture() -> None:
    assert told(10.0, 10.04, 10.5) == [0.0, pytest.approx(0.04), pytest.approx(0.5)]


def test_a_repeated_or_misplaced_picture_is_none() -> None:
    assert told(0.0, 0.1, 0.1, 0.05, 0.2) == [0.0, 0.1, None, None, 0.2]


def test_where_time_goes_back_it_goes_on_from_where_it_was() -> None:
    assert told(5.0, 6.0, 7.0, 0.0, 1.0) == [
        0.0,
        1.0,
        2.0,
        pytest.approx(2.04),
        pytest.approx(3.04),
    ]


def test_a_lone_wild_time_changes_nothing_after_it() -> None:
    assert told(0.0, 5.0, 0.2, 5.1, 5.2)[3:] == [pytest.approx(5.1), pytest.approx(5.2)]


def test_pictures_out_of_order_after_damage_shift_nothing() -> None:
    seen = told(0.0, 1.48, 2.2, 1.52, 2.24, 2.28, 2.36)
    assert [time_s for time_s in seen if time_s][-2:] == [pytest.approx(2.28), pytest.approx(2.36)]


def test_a_film_behind_another_goes_on_whatever_its_own_times() -> None:
    clock = Clock()
    clock.restart(STEP_S)
    assert clock.tick(3.0, STEP_S) == 0.0
    assert clock.tick(4.0, STEP_S) == 1.0
    clock.restart(STEP_S)
    assert clock.since_start(100.0) is None
    assert clock.tick(100.0, STEP_S) == pytest.approx(1.04)
    assert clock.tick(101.0, STEP_S) == pytest.approx(2.04)


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=50))
def test_whatever_the_file_says_time_rises(file_s: list[float]) -> None:
    times = [moment_s for moment_s in told(*file_s) if moment_s is not None]
    assert times[0] == 0.0
    assert all(before < after for before, after in pairwise(times))
