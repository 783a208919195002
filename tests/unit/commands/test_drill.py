"""What `hinge-dowel drill` practises when it is not told: the plan, before a camera."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.clips import greys, write_clip
from support.verdicts import verdict

from hinge_dowel.cli import main
from hinge_dowel.commands import drill
from hinge_dowel.errors import HistoryError
from hinge_dowel.history.session_log import History
from hinge_dowel.live.pacing import LatencyStats
from hinge_dowel.live.runner import SessionResult
from hinge_dowel.tolerances import DEFAULT


def dose(*arguments: str, live: bool = True):
    parser = argparse.ArgumentParser()
    drill.add(parser)
    plan = drill._plan(parser.parse_args(arguments), live=live)
    return plan.exercise, plan.sets, plan.reps, plan.rest_s


def practise(path: Path, exercise: str, sessions: int, who: str | None = None, faults=()) -> None:
    """As many sessions of six reps, the last of them yesterday."""
    with History(path) as kept:
        for days in range(sessions, 0, -1):
            begun = datetime.now() - timedelta(days=days)
            session = kept.begin(
                source="0", sets=1, reps=6, exercise=exercise, who=who, started=begun
            )
            for rep in verdict(reps=[faults] * 6).reps:
                session.add(1, rep)
            session.end()


def test_a_new_user_begins_at_the_first_level(path, capsys):
    assert dose() == ("kneeling", 2, 10, 45.0)
    assert capsys.readouterr().err == (
        "The plan says kneeling, 2 x 10 (why: hinge-dowel plan; to choose another: "
        "--exercise NAME).\n"
    )
    assert not path.exists()


def test_each_person_does_what_their_own_plan_says(path):
    practise(path, "hinge", 1, "Anna")
    practise(path, "kneeling", 3)
    assert dose("--who", "anna") == ("hinge", 3, 10, 45.0)
    assert dose() == ("wall_tap", 2, 10, 45.0)
    assert dose("--who", "Ben") == ("kneeling", 2, 10, 45.0)


def test_what_is_asked_for_is_done(path, capsys):
    practise(path, "hinge", 1)
    assert dose("--exercise", "swing", "--sets", "1", "--reps", "4", "--rest", "9") == (
        *("swing", 1, 4),
        9.0,
    )
    assert capsys.readouterr().err == ""
    assert dose("--exercise", "hinge") == ("hinge", 3, 10, 45.0)
    assert dose("--reps", "4") == ("hinge", 3, 4, 45.0)
    assert dose("--quiet") == ("hinge", 3, 10, 45.0)


def test_a_film_and_a_session_without_history_know_no_plan(path):
    practise(path, "kneeling", 3)
    # It is counted to its end.
    assert dose(live=False) == ("hinge", 0, 12, 45.0)
    assert dose("--no-history") == ("hinge", 3, 12, 45.0)
    assert dose("--sets", "2", live=False) == ("hinge", 2, 12, 45.0)


def test_an_unreadable_history_names_the_way_without_it(path):
    path.parent.mkdir()
    path.write_bytes(b"this is no history\n" * 100)
    with pytest.raises(HistoryError, match=r"is damaged.*--no-history"):
        dose()
    assert dose("--no-history") == ("hinge", 3, 12, 45.0)
    # With everything asked for there is nothing to look up.
    assert dose("--exercise", "rdl", "--sets", "1", "--reps", "5")[0] == "rdl"


def test_the_goal_on_the_screen_is_the_exercise_s_own(tmp_path, monkeypatch):
    found = verdict(reps=[()])
    goals = []
    monkeypatch.setattr(drill, "locate", lambda *_, **__: Path("model.task"))
    monkeypatch.setattr(drill, "_view", lambda *given, **_: goals.append(given[2].shallow_deg))
    monkeypatch.setattr(
        drill, "_practise", lambda *_, **__: SessionResult(found, (found.reps,), LatencyStats())
    )
    film = write_clip(tmp_path / "me.mp4", greys(10))
    for exercise in ("hinge", "rdl", "auto"):
        main(["drill", str(film), "--no-history", "--mute", "--exercise", exercise])
    assert goals == [DEFAULT.shallow_deg, DEFAULT.rdl_shallow_deg, DEFAULT.shallow_deg]


def test_results_that_cannot_be_written_do_not_hide_the_summary(tmp_path, monkeypatch, capsys):
    found = verdict(reps=[(), ("squatting",)])
    done = SessionResult(found, (found.reps,), LatencyStats(), troubles=("The film broke off.",))
    monkeypatch.setattr(drill, "locate", lambda *_, **__: Path("model.task"))
    monkeypatch.setattr(drill, "_practise", lambda *_, **__: done)
    film = write_clip(tmp_path / "me.mp4", greys(10))
    assert main(["drill", str(film), "--no-history", "--json", "/dev/full"]) == 2
    out, error = capsys.readouterr()
    assert "1 of 2 reps clean" in out
    assert "The film broke off." in error
    assert "No space left on device" in error


@pytest.mark.parametrize(("live", "told"), [(True, True), (False, False)])
def test_only_who_practised_is_told_of_the_hum(path, monkeypatch, capsys, live, told):
    found = verdict(reps=[()] * 3)

    def practised(*_, session, **__):
        for rep in found.reps:
            session.add(1, rep)
        session.end()
        return SessionResult(found, (found.reps,), LatencyStats())

    source = SimpleNamespace(live=live, name="a")
    monkeypatch.setattr("hinge_dowel.live.camera.open_source", lambda *_, **__: source)
    monkeypatch.setattr(drill, "locate", lambda *_, **__: Path("model.task"))
    monkeypatch.setattr(drill, "_practise", practised)
    assert main(["drill"]) == 0
    out, error = capsys.readouterr()
    assert "3 of 3 reps clean" in out
    assert ("--hum" in error) == told
    assert ("film 5 reps or more" in " ".join(out.split())) != told
