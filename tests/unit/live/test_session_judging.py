"""Judging a session: pictures looked at one by one may be fewer; the rest is as of a clip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person

from hinge_dowel.analysis.not_counted import counted
from hinge_dowel.analysis.pipeline import Record, judge
from hinge_dowel.analysis.rules import HINGE
from hinge_dowel.live.session_judging import TOO_SLOW, judged, summed_up
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import NOT_JUDGED, Rep, Strays, Verdict

GOOD = Rep(1, 0.0, 1.5, 3.0, 80.0, 12.0, 2.0, 3.0, 1.0, Strays(0.2, 0.1, 0.3))


@pytest.fixture(scope="module")
def record() -> Record:
    return recorded_person.record()


def test_followed_pictures_are_judged_as_a_clip_is(record: Record) -> None:
    alone = np.zeros(len(record.time_s), dtype=bool)
    mine = judged(record, alone, tolerances=DEFAULT, rules=HINGE, count=counted)
    assert [r.to_dict() for r in mine.reps] == [r.to_dict() for r in judge(record, clip="").reps]


@pytest.mark.parametrize(("step", "alone", "told"), [(4, True, 4), (4, False, 0), (9, True, 0)])
def test_how_many_pictures_are_enough(record: Record, step: int, alone: bool, told: int) -> None:
    """15 a second are thinned out to 3.75 and to 1.7."""
    few = recorded_person.thinned(record, step)
    marks = np.full(len(few.time_s), alone)
    verdict = judged(few, marks, tolerances=DEFAULT, rules=HINGE, count=counted)
    assert sum(NOT_JUDGED not in rep.notes for rep in verdict.reps) == told


def test_the_sum_of_a_session() -> None:
    last = Verdict("", "clean", facing="left")
    refusal = Verdict("", "unusable", reason="Too dark.")
    assert summed_up("a", (), last, refusal, ()).reason == "Too dark."
    clean = summed_up("a", (GOOD,), last, refusal, ())
    assert (clean.clip, clean.status, clean.facing) == ("a", "clean", "left")
    faulty = summed_up("a", (GOOD, replace(GOOD, faults=("squatting",))), last, refusal, ())
    assert (faulty.status, faulty.faults) == ("faulty", ("squatting",))
    unclear = replace(GOOD, notes=(NOT_JUDGED,))
    assert summed_up("a", (unclear,), last, refusal, ()).reason == TOO_SLOW
