"""The plan of a session, and one moment of it in words."""

from __future__ import annotations

from datetime import date

import pytest
from support.histories import practised
from support.screens import DONE

from hinge_dowel.history.plan import next_session
from hinge_dowel.live.snapshot import Plan, Snapshot, plan_for


@pytest.mark.parametrize(
    ("sets", "said"), [(3, "wall tap   set 2 of 3   rep 2 of 5"), (0, "wall tap   rep 2")]
)
def test_where_a_session_is_is_told_with_its_plan_and_without(sets: int, said: str) -> None:
    plan = Plan(sets, 5, exercise="wall_tap")
    snapshot = Snapshot("moving", plan, set_number=2, set_reps=DONE[:2])
    assert snapshot.place == said


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ("wall_tap", 3, 10, 45.0)),
        ({"sets": 1, "rest_s": 0.0}, ("wall_tap", 1, 10, 0.0)),
        ({"reps": 4}, ("wall_tap", 3, 4, 45.0)),
        # The plan knows nothing of another exercise's dose.
        ({"exercise": "swing"}, ("swing", 3, 12, 45.0)),
        ({"exercise": "wall_tap"}, ("wall_tap", 3, 10, 45.0)),
    ],
)
def test_a_plan_fills_in_what_is_left_open(asked, expected):
    upcoming = next_session([practised(1, "wall_tap")], None, date(2026, 3, 1))
    left_open = dict.fromkeys(("exercise", "sets", "reps", "rest_s"))
    plan = plan_for(upcoming, **{**left_open, **asked})
    assert (plan.exercise, plan.sets, plan.reps, plan.rest_s) == expected
    without = plan_for(None, **left_open)
    assert (without.exercise, without.sets, without.reps) == ("hinge", 3, 12)
