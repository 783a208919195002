"""The file of the history: damaged, of other versions, of other programs."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

import pytest
from support.histories import SPRING, assert_one_sentence, keep, rep, version_1

from hinge_dowel.errors import HistoryError
from hinge_dowel.history import database as history_database
from hinge_dowel.history import session_log
from hinge_dowel.history.session_log import History

HERE = Path(__file__).parent


def garbage(path: Path) -> None:
    path.write_bytes(b"this is not a history\n" * 100)


def torn(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwritten(path: Path) -> None:
    """Noise where the reps are, behind a sound header."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))


def half_a_rep(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("""UPDATE rep SET entry = '{"number": 1,'""")
    database.close()


def no_object(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE rep SET entry = '[]'")
    database.close()


def no_date(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE session SET started = 'yesterday'")
    database.close()


@pytest.mark.parametrize("harm", [garbage, torn, overwritten, half_a_rep, no_object, no_date])
def test_a_damaged_history_is_one_sentence_and_left_alone(path, command, harm):
    keep(path, [rep(number) for number in range(1, 5)])
    harm(path)
    before = path.read_bytes()
    for arguments in ([], ["--json"], ["delete", "1", "--yes"]):
        status, out, err = command(*arguments)
        assert (status, out) == (2, "")
        assert_one_sentence(err)
        assert "is damaged" in err
        assert str(path) in err
    assert path.read_bytes() == before
    assert command("delete", "--all", "--yes")[0] == 0
    assert list(path.parent.iterdir()) == []


def test_somebody_elses_database_is_left_alone(path):
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(HistoryError, match="is not a history of hinge-dowel"):
        History(path)
    assert path.read_bytes() == before


def test_an_empty_file_is_an_empty_history(path):
    """As a full disk may leave it."""
    path.parent.mkdir()
    path.touch()
    assert session_log.read(path) == ()
    keep(path, [rep()])
    assert len(session_log.read(path)) == 1


def test_a_history_of_version_1_is_read(path):
    version_1(path)
    first, second = session_log.read(path)
    assert (first.started, first.verdict.clip, first.duration_s) == (SPRING, "camera 0", 20.0)
    held = first.verdict
    assert (held.facing, held.view_angle_deg, held.neutral) == ("left", 4.0, "measured")
    assert (held.faults, held.reps[0].knee_flexion_deg) == (("squatting",), 96.0)
    assert held.reps[1].cervical_flexion_deg is None
    assert (second.number, second.finished, second.duration_s) == (2, False, 5.0)
    # What version 1 did not know.
    for one in (first, second):
        assert (one.verdict.exercise, one.verdict.note) == ("hinge", None)
        assert (one.who, one.kind) == (None, "drill")
    keep(path, [rep()])
    assert [one.number for one in session_log.read(path)] == [1, 2, 3]


def test_the_stored_version_1_is_what_version_1_made(path, tmp_path):
    """Migrations are only added: the first step still makes the tables of the dump."""
    version_1(path)
    assert [*_schema(path)] == [*_schema_of(history_database.MIGRATIONS[:1], tmp_path / "made")]


def _schema_of(steps, path: Path):
    database = sqlite3.connect(path)
    for step in steps:
        for statement in step:
            database.execute(statement)
    database.close()
    return _schema(path)


def _schema(path: Path):
    database = sqlite3.connect(path)
    for name, sql in database.execute("SELECT name, sql FROM sqlite_master ORDER BY name"):
        yield name, re.sub(r"\s+", " ", sql or "")
    database.close()


LATER = ("ALTER TABLE session ADD COLUMN mood TEXT", "UPDATE session SET mood = 'fine'")


def test_an_older_history_is_brought_up_to_date(path, monkeypatch):
    version_1(path)
    before = session_log.read(path)
    monkeypatch.setattr(history_database, "MIGRATIONS", (*history_database.MIGRATIONS, LATER))
    assert session_log.read(path) == before
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA user_version").fetchone() == (len(history_database.MIGRATIONS),)
    assert database.execute("SELECT DISTINCT mood FROM session").fetchall() == [("fine",)]
    database.close()
    # Once only: the step would fail the second time.
    assert session_log.read(path) == before


def test_a_step_that_fails_leaves_the_history_as_it_was(path, monkeypatch):
    version_1(path)
    before = session_log.read(path)
    known, failing = history_database.MIGRATIONS, (*LATER, "INSERT INTO nowhere VALUES (1)")
    monkeypatch.setattr(history_database, "MIGRATIONS", (*known, failing))
    with pytest.raises(HistoryError):
        session_log.read(path)
    monkeypatch.setattr(history_database, "MIGRATIONS", known)
    assert session_log.read(path) == before
    assert "mood" not in str(list(_schema(path)))


def test_a_newer_history_is_one_sentence_and_left_alone(path, command):
    keep(path, [rep()])
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {len(history_database.MIGRATIONS) + 1}")
    database.close()
    before = path.read_bytes()
    status, out, err = command()
    assert (status, out) == (2, "")
    assert_one_sentence(err)
    assert "newer hinge-dowel" in err
    assert path.read_bytes() == before
