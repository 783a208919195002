"""Each repetition is told once, and a long session costs no more than a short one."""

from __future__ import annotations

import numpy as np
from support import verdicts

from hinge_dowel.live import finished_reps
from hinge_dowel.live.finished_reps import LATEST, FinishedReps


def test_what_was_told_is_not_told_again():
    told = FinishedReps()
    (first,) = told.take([verdicts.rep(1)], np.inf, gone_s=-np.inf, broke_s=-np.inf)
    assert told.take([first], np.inf, gone_s=-np.inf, broke_s=-np.inf) == ()
    assert told.told == (first,)


def test_the_thousandth_repetition_is_compared_with_no_more_than_the_hundredth(monkeypatch):
    asked = []
    monkeypatch.setattr(finished_reps, "same", lambda *_: asked.append(1))
    told = FinishedReps()
    one = verdicts.rep(1)
    for _ in range(1000):
        told.take([one], np.inf, gone_s=-np.inf, broke_s=-np.inf)
    assert len(told.told) == 1000
    asked.clear()
    assert not told.known(1.0, 2.0, 3.0)
    assert len(asked) == LATEST
