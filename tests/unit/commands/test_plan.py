"""hinge-dowel plan: on the screen and as JSON."""

from __future__ import annotations

import json

import pytest
from support.histories import assert_one_sentence, keep, rep

REPS = [rep(number) for number in range(1, 7)]


def test_a_new_user_begins_at_the_first_level(path, program):
    status, out, err = program("plan")
    assert (status, err) == (0, "")
    assert out.startswith("Level 1 of 8, kneeling")
    assert not path.parent.exists()


def test_the_plan_as_json(path, program, tmp_path):
    keep(path, REPS, sets=1, reps=6, exercise="hinge", who=" Anna\n ")
    _, out, _ = program("plan", "--who", "anna", "--json")
    found = json.loads(out)
    assert (found["schema"], found["level"], found["clean_sessions"]) == (1, "hinge", 1)
    assert (found["next"]["sets"], found["next"]["reps"]) == (3, 10)
    assert [step["counted"] for step in found["sessions"]] == ["clean"]
    assert program("plan", "--who", "anna", "--json", tmp_path / "plan.json") == (0, "", "")
    assert json.loads((tmp_path / "plan.json").read_text()) == found
    status, _, err = program("plan", "--json", tmp_path / "none" / "plan.json")
    assert (status, err[:27]) == (2, "hinge-dowel: Cannot write /")


def test_a_name_without_sessions_is_told_the_others(path, program):
    keep(path, REPS[:1], who="Anna", finish=False)
    status, _, err = program("plan", "--who", "Ben")
    assert status == 0
    assert "There is no session of Ben in the history: it has Anna (--who)." in err
    assert "no session without a name in the history: it has Anna" in program("plan")[2]


@pytest.mark.parametrize("who", ["", "  ", "x" * 41])
def test_a_name_that_is_none(program, who):
    status, _, err = program("plan", "--who", who)
    assert status == 2
    assert "must be a name of 1 to 40 characters" in err


def test_a_damaged_history_is_one_sentence(path, program):
    path.parent.mkdir()
    path.write_bytes(b"this is no history\n" * 100)
    status, _, err = program("plan")
    assert status == 2
    assert "is damaged" in err
    assert_one_sentence(err)
