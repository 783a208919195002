"""The ladder: what brings a person up, what brings them down, what comes next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hinge_dowel.exercises.ladder import (
    CLEAN_TO_MOVE_ON,
    FEW_REPS,
    FULL_DOSE,
    LEVELS,
    REST_LOADED_S,
    REST_S,
    LadderPlace,
    PastSession,
    ladder_place,
    next_session,
)

MONDAY = date(2026, 3, 2)
NAMES = [level.name for level in LEVELS]


def past(*told: str, every: int = 1, first: date = MONDAY) -> list[PastSession]:
    """Sessions as `exercise clean|slip|faulty|short`, `every` so many days."""
    sessions = []
    for number, words in enumerate(told, 1):
        exercise, _, kind = words.partition(" ")
        judged, faulty = {"clean": (24, 0), "slip": (24, 2), "faulty": (24, 14), "short": (3, 0)}[
            kind or "clean"
        ]
        day = first + timedelta(days=every * (number - 1))
        fault = "spinal_flexion" if faulty else None
        sessions.append(PastSession(number, day, exercise, 12, judged, faulty, fault))
    return sessions


def where(*told: str, after_days: int = 60, **options: int) -> LadderPlace:
    return ladder_place(past(*told, **options), MONDAY + timedelta(days=after_days))


@pytest.mark.parametrize(
    ("told", "level", "clean"),
    [
        ((), "kneeling", 0),
        (("kneeling",), "kneeling", 1),
        (("kneeling",) * 3, "wall_tap", 0),
        (("kneeling",) * 3 + ("wall_tap",), "wall_tap", 1),
        # Entered where one chooses to, even with faults.
        (("hinge slip",), "hinge", 0),
        (("rdl",), "rdl", 1),
        # In a row: one slip begins again.
        (("hinge", "hinge", "hinge slip"), "hinge", 0),
        (("hinge", "hinge slip", "hinge", "hinge"), "hinge", 2),
        # Too short, easier, harder with faults, not on the ladder: counts neither way.
        (("hinge", "hinge", "hinge short"), "hinge", 2),
        (("hinge", "kneeling faulty", "hinge"), "hinge", 2),
        (("hinge", "swing faulty", "swing faulty", "hinge"), "hinge", 2),
        (("hinge", "bench faulty"), "hinge", 1),
        # A clean session above shows what the levels between would.
        (("hinge", "rdl"), "rdl", 1),
        # Down again: two in a row with faults in most reps, never below the first.
        (("hinge", "hinge faulty"), "hinge", 0),
        (("hinge", "hinge faulty", "hinge faulty"), "wall_tap", 0),
        (("hinge", "hinge faulty", "hinge slip", "hinge faulty"), "hinge", 0),
        (("kneeling faulty",) * 5, "kneeling", 0),
        # The level that was reached is left for the one below, and climbed again.
        (("hinge faulty",) * 2 + ("wall_tap",) * 3, "hinge", 0),
        # Moved on by three clean ones, and faults come back there.
        (("wall_tap",) * 3 + ("hinge faulty",) * 2, "wall_tap", 0),
        (("swing",) * 4, "swing", 4),
    ],
)
def test_where_a_person_stands(told, level, clean):
    now = where(*told)
    assert (now.level.name, now.clean) == (level, clean)
    assert len(now.steps) == len(told)


def test_weights_wait_for_four_weeks():
    told = ("band",) * 3
    early = where(*told, after_days=27)
    assert (early.level.name, early.weights_from) == ("band", MONDAY + timedelta(days=28))
    late = where(*told, after_days=28)
    assert (late.level.name, late.weights_from) == ("rdl", None)
    # Between weights there is nothing to wait for.
    assert where(*("rdl",) * 3, after_days=3).level.name == "good_morning"


def test_what_each_session_counted_as():
    steps = where("wall_tap", "kneeling", "swing faulty", "bench", "wall_tap short", "hinge").steps
    assert [(step.counted, step.moved) for step in steps] == [
        ("clean", "began"),
        ("easier", ""),
        ("harder", ""),
        ("elsewhere", ""),
        ("short", ""),
        ("clean", "up"),
    ]


def test_the_dose_grows_with_clean_sessions():
    days = MONDAY + timedelta(days=60)
    doses = [next_session(where(*("hinge",) * n), days) for n in range(CLEAN_TO_MOVE_ON)]
    assert [(d.sets, d.reps) for d in doses] == [(2, 10), (3, 10), (3, 12)]
    assert all(2 <= d.sets <= 3 and 10 <= d.reps <= 15 for d in doses)
    over = next_session(where(*("swing",) * 3), days)
    assert (over.exercise, over.sets, over.reps) == ("swing", *FULL_DOSE)


def test_faults_in_most_reps_make_the_sets_short_and_give_the_cue():
    bad = next_session(where("hinge", "hinge faulty"), MONDAY)
    assert (bad.reps, bad.fault) == (FEW_REPS, "spinal_flexion")
    slip = next_session(where("hinge", "hinge slip"), MONDAY)
    assert (slip.reps, slip.fault) == (10, "spinal_flexion")
    # One level down it begins afresh.
    down = next_session(where("hinge faulty", "hinge faulty"), MONDAY)
    assert (down.exercise, down.reps, down.fault) == ("wall_tap", 10, None)


@pytest.mark.parametrize(
    ("exercise", "days_ago", "due_in", "rest_s"),
    [
        ("hinge", 0, 1, REST_S),
        ("hinge", 1, 0, REST_S),
        ("hinge", 30, 0, REST_S),
        ("rdl", 0, 2, REST_LOADED_S),
        ("rdl", 1, 1, REST_LOADED_S),
        ("rdl", 2, 0, REST_LOADED_S),
        ("rdl", -900, 2, REST_LOADED_S),  # a clock was wrong
    ],
)
def test_daily_without_a_load_and_every_other_day_with_one(exercise, days_ago, due_in, rest_s):
    today = MONDAY + timedelta(days=days_ago)
    upcoming = next_session(ladder_place(past(exercise), today), today)
    assert upcoming.due == today + timedelta(days=due_in)
    assert upcoming.rest_s == rest_s


def test_what_is_too_short_to_count_puts_nothing_off():
    """A film of two reps to try it out is no session done: the plan does not say "tomorrow"."""
    assert next_session(ladder_place(past("kneeling short"), MONDAY), MONDAY).due == MONDAY
    after = next_session(ladder_place(past("hinge", "hinge short"), MONDAY), MONDAY)
    assert after.due == MONDAY + timedelta(days=1)


def test_a_short_planned_set_counts():
    session = PastSession(1, MONDAY, "hinge", planned_reps=3, judged=3, faulty=0)
    assert ladder_place([session], MONDAY).clean == 1


def test_without_a_plan_a_session_of_few_reps_counts_neither_way():
    few = PastSession(1, MONDAY, "hinge", planned_reps=0, judged=4, faulty=0)
    [step] = ladder_place([few], MONDAY).steps
    assert step.counted == "short"


KINDS = st.sampled_from(["clean", "slip", "faulty", "short"])
TOLD = st.tuples(st.sampled_from([*NAMES, "bench"]), KINDS).map(" ".join)


@given(st.lists(TOLD, max_size=25), st.integers(0, 400))
def test_whatever_was_practised_the_plan_is_a_level_and_a_dose(told, after_days):
    today = MONDAY + timedelta(days=after_days)
    now = ladder_place(past(*told), today)
    assert now.level in LEVELS
    assert now.clean >= 0
    upcoming = next_session(now, today)
    assert upcoming.exercise == now.level.name
    assert upcoming.due >= today
    assert FEW_REPS <= upcoming.reps <= FULL_DOSE[1]


@given(st.lists(TOLD, min_size=1, max_size=25))
def test_faults_never_bring_a_person_up(told):
    today = MONDAY + timedelta(days=400)
    before = ladder_place(past(*told), today)
    worse = ladder_place(past(*told, f"{before.level.name} faulty"), today)
    assert LEVELS.index(worse.level) <= LEVELS.index(before.level)
