"""Streaks of clean sessions and of weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from support.histories import keep, practice, rep

from hinge_dowel.history import session_log
from hinge_dowel.history.records import streaks, weeks_in_a_row

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
