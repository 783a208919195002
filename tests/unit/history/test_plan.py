"""The plan from a history, and how it is told."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from rich.console import Console

from hinge_dowel import cli
from hinge_dowel.history import plan
from hinge_dowel.history.plan_terminal import print_next, render
from hinge_dowel.history.records import RecordedRep, SessionRecord
from hinge_dowel.history.session_log import History
from hinge_dowel.verdict import Rep, Strays

SPRING = datetime(2026, 3, 1, 18, 30, tzinfo=timezone(timedelta(hours=1)))


def rep(number: int, *faults: str) -> Rep:
    strays = Strays(0.1, 0.2, 0.3)
    return Rep(number, 1.0, 2.5, 4.0, 80.0, 20.0, 2.0, 3.0, 1.0, strays, faults)


def practice(number: int, exercise: str, faulty: int = 0, who: str | None = None, **entry):
    reps = [rep(i, *(["squatting"] if i <= faulty else [])).to_dict() for i in range(1, 13)]
    return SessionRecord(
        *(number, SPRING + timedelta(days=number - 1), "0", 2, 12, "left", 3.0, "measured"),
        *(True, 300.0, tuple(RecordedRep(1, 4.0, one | entry) for one in reps), exercise, who),
    )


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
    upcoming = plan.next_session([practice(1, "wall_tap")], None, date(2026, 3, 1))
    left_open = dict.fromkeys(("exercise", "sets", "reps", "rest_s"))
    dose = plan.dose(upcoming, **{**left_open, **asked})
    assert (dose.exercise, dose.sets, dose.reps, dose.rest_s) == expected
    without = plan.dose(None, **left_open)
    assert (without.exercise, without.sets, without.reps) == ("hinge", 3, 12)


def drawn(sessions, who=None, width: int = 80, encoding: str = "utf-8", day: int = 10):
    today = date(2026, 3, day)
    now = plan.standing(sessions, who, today)
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, width=width, no_color=True, highlight=False, markup=False)
    render(now, plan.next_session(sessions, who, today), who, console, today)
    file.flush()
    return [line.rstrip() for line in file.buffer.getvalue().decode(encoding).splitlines()]


def test_each_person_has_a_ladder_of_their_own():
    sessions = [
        practice(1, "hinge", who="Anna"),
        practice(2, "kneeling", who="Ben"),
        practice(3, "hinge", who="anna"),
        practice(4, "band"),
    ]
    today = date(2026, 3, 10)
    levels = {who: plan.standing(sessions, who, today).level.exercise for who in ("ANNA", "Ben")}
    assert levels == {"ANNA": "hinge", "Ben": "kneeling"}
    assert plan.standing(sessions, "Anna", today).clean == 2
    assert plan.next_session(sessions, None, today).exercise == "band"
    assert plan.next_session(sessions, "Carl", today).exercise == "kneeling"


def test_faults_in_doubt_and_halves_of_reps_are_no_faults_here():
    today = date(2026, 3, 10)
    maybe = {"intervals_deg": {"knee_flexion_deg": [12.0, 60.0]}}
    plain = {"intervals_deg": {"knee_flexion_deg": [46.0, 60.0]}}
    assert plan.standing([practice(1, "hinge", 6, **maybe)], None, today).clean == 1
    assert plan.standing([practice(1, "hinge", 6, **plain)], None, today).clean == 0
    # Half reps count neither as clean nor as faulty.
    (step,) = plan.standing([practice(1, "hinge", 6, notes=["partial"])], None, today).steps
    assert step.counted == "short"


def test_the_screen():
    sessions = [practice(n, "kneeling", who="Anna") for n in (1, 2, 3)]
    sessions += [practice(4, "wall_tap", 8, "Anna"), practice(5, "wall_tap", who="Anna")]
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


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_it_fits_the_screen(width, encoding):
    sessions = [practice(n, "good_morning", 8 * (n % 2), who="Jørn") for n in range(1, 20)]
    for history in (sessions, []):
        lines = drawn(history, "Jørn", width, encoding)
        assert max(map(len, lines)) <= width
        if width >= 80:
            assert len(lines) <= 22


def test_what_comes_before_weights_is_told():
    sessions = [practice(n, "band") for n in (1, 2, 3)]
    text = " ".join(" ".join(drawn(sessions, day=5)).split())
    assert "The next level carries a weight, which is due 4 weeks after the first" in text
    assert "from 2026-03-29." in text


def test_the_end_of_the_ladder():
    text = " ".join(drawn([practice(n, "swing") for n in (1, 2, 3)]))
    assert "You are at the end of the ladder" in text
    assert "3 sets of 15 reps" in text


def test_after_a_session_the_plan_is_told_in_a_line():
    file = io.StringIO()
    console = Console(file=file, width=80, no_color=True, highlight=False, markup=False)
    sessions = [practice(n, "kneeling", who="Ben") for n in (1, 2, 3)] + [practice(4, "hinge")]
    print_next(sessions, 3, console, date(2026, 3, 3))
    assert file.getvalue() == (
        "\nThe plan: wall tap, 2 x 10, due tomorrow (hinge-dowel plan tells why).\n"
    )
    print_next(sessions, None, console, date(2026, 3, 3))
    assert file.getvalue().count("The plan") == 1


# -- the command ---------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path / "home" / "history.sqlite3"


def test_a_new_user_begins_at_the_first_level(path, capsys):
    assert cli.main(["plan"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Level 1 of 8, kneeling")
    assert err == ""
    assert not path.parent.exists()


def test_the_plan_as_json(path, capsys, tmp_path):
    with History.open(path) as kept:
        session = kept.begin(source="0", sets=1, reps=6, exercise="hinge", who=" Anna\n ")
        for number in range(1, 7):
            session.add(1, rep(number))
        session.end()
    assert cli.main(["plan", "--who", "anna", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["level"], found["clean_sessions"]) == (1, "hinge", 1)
    assert (found["next"]["sets"], found["next"]["reps"]) == (3, 10)
    assert [step["counted"] for step in found["sessions"]] == ["clean"]
    assert cli.main(["plan", "--who", "anna", "--json", str(tmp_path / "plan.json")]) == 0
    assert json.loads((tmp_path / "plan.json").read_text()) == found
    assert cli.main(["plan", "--json", str(tmp_path / "none" / "plan.json")]) == 2
    assert capsys.readouterr().err.startswith("hinge-dowel: Cannot write ")


def test_a_name_without_sessions_is_told_the_others(path, capsys):
    with History.open(path) as kept:
        kept.begin(source="0", sets=1, reps=6, who="Anna").add(1, rep(1))
    assert cli.main(["plan", "--who", "Ben"]) == 0
    assert (
        "There is no session by Ben yet; the history has Anna (--who)." in capsys.readouterr().err
    )


@pytest.mark.parametrize("who", ["", "  ", "x" * 41])
def test_a_name_that_is_none(path, capsys, who):
    assert cli.main(["plan", "--who", who]) == 2
    assert "must be a name of 1 to 40 characters" in capsys.readouterr().err


def test_a_damaged_history_is_one_sentence(path, capsys):
    path.parent.mkdir()
    path.write_bytes(b"this is no history\n" * 100)
    assert cli.main(["plan"]) == 2
    err = capsys.readouterr().err
    assert "is damaged" in err
    assert err.count("\n") == 1
