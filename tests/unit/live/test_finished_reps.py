"""Each repetition is told once, and a long session costs no more than a short one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import verdicts

from hinge_dowel.live import finished_reps
from hinge_dowel.live.finished_reps import LATEST_REPS, FinishedReps, taken_out


def test_what_was_told_is_not_told_again():
    told = FinishedReps()
    (first,) = told.take([verdicts.rep(1)], np.inf, gone_s=-np.inf, broke_s=-np.inf)
    assert told.take([first], np.inf, gone_s=-np.inf, broke_s=-np.inf) == ()
    assert told.reported == (first,)


def test_the_thousandth_repetition_is_compared_with_no_more_than_the_hundredth(monkeypatch):
    asked = []
    monkeypatch.setattr(finished_reps, "same", lambda *_: asked.append(1))
    told = FinishedReps()
    one = verdicts.rep(1)
    for _ in range(1000):
        told.take([one], np.inf, gone_s=-np.inf, broke_s=-np.inf)
    assert len(told.reported) == 1000
    asked.clear()
    assert not told.known(one)
    assert len(asked) == LATEST_REPS


@pytest.mark.parametrize(
    ("told_s", "found", "left"),
    [
        ((2.0,), (1, 1), [[6.0], [12.0]]),
        ((6.0,), (1, 2), [[2.0], [12.0]]),
        ((12.0,), (2, 1), [[2.0, 6.0], []]),
        ((7.0,), (2, 0), [[2.0, 6.0], [12.0]]),
        ((), (2, 0), [[2.0, 6.0], [12.0]]),
    ],
)
def test_what_is_taken_out_of_a_set_lets_those_after_it_move_up(told_s, found, left):
    sets = [
        [replace(verdicts.rep(number), bottom_s=at) for number, at in enumerate(bottoms, 1)]
        for bottoms in ((2.0, 6.0), (12.0,))
    ]
    told = [replace(verdicts.rep(1), bottom_s=at) for at in told_s]
    assert taken_out(sets, told) == found
    assert [[one.bottom_s for one in reps] for reps in sets] == left
    assert all(one.number == n for reps in sets for n, one in enumerate(reps, 1))


def test_in_a_film_those_of_later_sets_move_up_too() -> None:
    bottoms = ((2.0, 6.0), (12.0, 15.0), (20.0,))
    sets = [[replace(verdicts.rep(9), bottom_s=at) for at in those] for those in bottoms]
    assert taken_out(sets, sets[0][:1], refill=2) == (1, 9)
    assert [[(one.number, one.bottom_s) for one in reps] for reps in sets] == [
        [(1, 6.0), (2, 12.0)],
        [(1, 15.0), (2, 20.0)],
        [],
    ]
