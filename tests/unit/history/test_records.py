"""Streaks of clean sessions and of weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from support.histories import keep, practice, recorded, rep

from hinge_dowel.analysis.frame_rate import withheld
from hinge_dowel.exercises.ladder import ladder_place
from hinge_dowel.history import session_log
from hinge_dowel.history.records import (
    UNJUDGED,
    SessionRecord,
    streaks,
    weeks_in_a_row,
)
from hinge_dowel.verdict import Rep, Strays

CLEAN, FAULTY, SHORT = [False] * 12, [False] * 11 + [True], [False] * 4


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ([], (0, 0)),
        ([CLEAN, CLEAN], (2, 2)),
        ([CLEAN, CLEAN, FAULTY, CLEAN], (1, 2)),
        ([CLEAN, SHORT, CLEAN], (2, 2)),
        ([SHORT, SHORT], (0, 0)),
        ([CLEAN, [True]], (0, 1)),
    ],
)
def test_clean_sessions_in_a_row(sessions, expected):
    assert streaks([practice(*reps) for reps in sessions]) == expected


def test_short_sets_count_when_they_were_planned(path):
    assert streaks([practice(*SHORT, planned=3)]) == (1, 1)
    keep(path, [rep()], [rep(1, "squatting")], [rep()], [rep()], reps=1)
    assert streaks(session_log.read(path)) == (2, 2)


def test_weeks_in_a_row():
    days = [date(2026, 3, day) for day in (1, 2, 13, 16, 31)]  # a Sunday, a Monday, ...
    sessions = [practice(False, begun=datetime(d.year, d.month, d.day, tzinfo=UTC)) for d in days]
    assert weeks_in_a_row(sessions, date(2026, 3, 31)) == 1
    assert weeks_in_a_row(sessions[:4], date(2026, 3, 18)) == 4
    assert weeks_in_a_row(sessions[:4], date(2026, 3, 29)) == 4
    assert weeks_in_a_row(sessions[:4], date(2026, 3, 30)) == 0
    assert weeks_in_a_row([], date(2026, 3, 30)) == 0


GOOD = Rep(1, 0.0, 1.5, 3.0, 80.0, 10.0, 2.0, 1.0, 0.0, Strays(0.2, 0.1, 0.3))
UNCLEAR = withheld(replace(GOOD, number=2, notes=("too_fast", "shins_forward")))


def kept(number: int, *reps: Rep) -> SessionRecord:
    return recorded(number, datetime(2026, 1, number, tzinfo=UTC), reps, planned=2)


def test_a_clip_counts_from_the_fewest_reps_on_that_are_to_be_filmed() -> None:
    two, three = (replace(kept(1, *[GOOD] * count), kind="check") for count in (2, 3))
    assert (two.short, three.short) == (True, False)
    assert ladder_place([two.past()] * 3, two.started.date()).clean == 0


def test_a_session_that_was_not_judged_neither_ends_nor_lengthens_a_streak() -> None:
    bad = replace(GOOD, faults=("squatting",))
    clean, unclear = kept(1, GOOD, GOOD), kept(2, UNCLEAR, UNCLEAR)
    assert streaks([clean, unclear, clean]) == (2, 2)
    assert streaks([clean, kept(3, GOOD, UNCLEAR)]) == (1, 1)
    assert streaks([clean, kept(3, bad, UNCLEAR)]) == (0, 1)
    unplanned = [replace(one, sets=0, reps_a_set=0) for one in (clean, unclear)]
    assert streaks(unplanned) == (0, 0)
    assert all(one.short for one in unplanned)
    entry = unclear.to_dict()
    assert (entry["status"], entry["reason"]) == ("unusable", UNJUDGED)
    assert kept(3, GOOD, UNCLEAR).clean_share == 1.0
    assert unclear.clean_share is None
