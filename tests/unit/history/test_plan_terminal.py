"""The plan on a terminal."""

from __future__ import annotations

import io
from datetime import date

import pytest
from rich.console import Console
from support.histories import practised

from hinge_dowel.history import plan
from hinge_dowel.history.plan_terminal import print_next, render


def drawn(sessions, who=None, width: int = 80, encoding: str = "utf-8", day: int = 10):
    today = date(2026, 3, day)
    now = plan.ladder_place(sessions, who, today)
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, width=width, no_color=True, highlight=False, markup=False)
    render(now, plan.next_session(sessions, who, today), who, console, today)
    file.flush()
    return [line.rstrip() for line in file.buffer.getvalue().decode(encoding).splitlines()]


def test_the_screen():
    sessions = [practised(n, "kneeling", who="Anna") for n in (1, 2, 3)]
    sessions += [practised(4, "wall_tap", 8, "Anna"), practised(5, "wall_tap", who="Anna")]
    assert drawn(sessions, "Anna", day=5)[:1] == [
        "Anna: level 2 of 8, wall tap. Hips back: the wall tells how far they go."
    ]
    text = "\n".join(drawn(sessions, "Anna", day=5))
    for said in (
        "3 sets of 10 reps, 45 s rest; due tomorrow.",
        "hinge-dowel drill --who Anna",
        "2 clean sessions in a row, then",
        "2026-03-03 #3",
        "2026-03-04 #4",
        "squatting, 8 of 12 reps faulty, moved up here",
        "You began this week.",
    ):
        assert said in text
    assert "due today" in "\n".join(drawn(sessions, "Anna", day=6))
    # As the ladder counts: half of the reps are enough.
    back = "Two sessions in a row with faults in half of the reps or more lead one level down."
    assert back in " ".join(text.split())


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_it_fits_the_screen(width, encoding):
    sessions = [practised(n, "good_morning", 8 * (n % 2), who="Jørn") for n in range(1, 20)]
    for history in (sessions, []):
        lines = drawn(history, "Jørn", width, encoding)
        assert max(map(len, lines)) <= width
        if width >= 80:
            assert len(lines) <= 22


def test_what_comes_before_weights_is_told():
    sessions = [practised(n, "band") for n in (1, 2, 3)]
    text = " ".join(" ".join(drawn(sessions, day=5)).split())
    assert "The next level carries a weight, which is due 4 weeks after the first" in text
    assert "from 2026-03-29." in text


def test_the_end_of_the_ladder():
    text = " ".join(drawn([practised(n, "swing") for n in (1, 2, 3)]))
    assert "You are at the end of the ladder" in text
    assert "3 sets of 15 reps" in text


def test_after_a_session_the_plan_is_told_in_a_line():
    file = io.StringIO()
    console = Console(file=file, width=80, no_color=True, highlight=False, markup=False)
    sessions = [practised(n, "kneeling", who="Ben") for n in (1, 2, 3)] + [practised(4, "hinge")]
    print_next(sessions, 3, console, date(2026, 3, 3))
    assert file.getvalue() == (
        "\nThe plan: wall tap, 2 x 10, due tomorrow (why: hinge-dowel plan --who Ben).\n"
    )
    print_next(sessions, None, console, date(2026, 3, 3))
    assert file.getvalue().count("The plan") == 1
