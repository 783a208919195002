"""Histories for tests, in this process and in others."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest

from hinge_dowel import cli
from hinge_dowel.history.records import RecordedRep, SessionRecord
from hinge_dowel.history.session_log import History
from hinge_dowel.verdict import Rep, Strays
from support.locations import TESTS

HISTORY_TESTS = TESTS / "unit" / "history"
SPRING = datetime(2026, 3, 1, 18, 30, tzinfo=timezone(timedelta(hours=1)))


def rep(number: int = 1, *faults: str, spine: float | None = 3.0) -> Rep:
    strays = Strays(0.1, 0.2, 0.3)
    return Rep(number, 1.0, 2.5, 4.0, 80.0, 20.0, 2.0, spine, 1.0, strays, faults)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of the command's history, which does not exist yet."""
    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "history.sqlite3"


@pytest.fixture
def program(path, monkeypatch, capsys):
    """Return a function that runs `hinge-dowel ...` on 80 columns: exit status, stdout, stderr."""
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR", "HINGE_DOWEL_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        status = cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.fixture
def command(program):
    """Return a function that runs `hinge-dowel history ...`."""
    return partial(program, "history")


def keep(path: Path, *sessions: list[Rep], finish: bool = True, **begin: object) -> None:
    with History(path) as kept:
        for reps in sessions:
            session = kept.begin(**{"source": "0", "sets": 3, "reps": 12, **begin})
            for one in reps:
                session.add(1, one)
            if finish:
                session.end()


PROLOGUE = """
import os, sys, time
from pathlib import Path
from hinge_dowel.history.session_log import History
from hinge_dowel.verdict import Rep, Strays
def rep(number=1):
    return Rep(number, 1.0, 2.5, 4.0, 80.0, 20.0, 2.0, 3.0, 1.0, Strays(0.1, 0.2, 0.3))
path = Path(sys.argv[1])
"""


def start(code: str, path: Path, **options) -> subprocess.Popen[str]:
    """Start another process that runs `code` on a history."""
    return subprocess.Popen(
        [sys.executable, "-c", PROLOGUE + code, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def assert_one_sentence(said: str) -> None:
    assert said.startswith("hinge-dowel: ")
    assert said.endswith(".\n")
    assert said.count("\n") == 1


def practice(*faulty: bool, number: int = 1, begun: datetime = SPRING, planned: int = 12):
    reps = [
        RecordedRep(1, 4.0 * i, rep(i + 1, *(["squatting"] if bad else [])).to_dict())
        for i, bad in enumerate(faulty)
    ]
    return SessionRecord(
        number, begun, "0", 3, planned, "left", 3.0, "measured", True, 300.0, tuple(reps)
    )


def practised(number: int, exercise: str, faulty: int = 0, who: str | None = None, **entry):
    """Return a session of 12 reps, the first `faulty` of them squats; `entry` is in every rep."""
    reps = [rep(i, *(["squatting"] if i <= faulty else [])).to_dict() for i in range(1, 13)]
    return SessionRecord(
        *(number, SPRING + timedelta(days=number - 1), "0", 2, 12, "left", 3.0, "measured"),
        *(True, 300.0, tuple(RecordedRep(1, 4.0, one | entry) for one in reps), exercise, who),
    )


def version_1(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as database:
        database.executescript((HISTORY_TESTS / "history_v1.sql").read_text("utf-8"))
    database.close()
