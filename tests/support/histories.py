"""Histories for tests, in this process and in others."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hinge_dowel import cli
from hinge_dowel.history.records import Kind, RecordedRep, SessionRecord
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


def recorded(
    number: int,
    begun: datetime,
    reps: Iterable[Rep | Mapping[str, Any]],
    *,
    sets: int = 1,
    planned: int = 12,
    finished: bool = True,
    kind: Kind = "drill",
    **about: object,
) -> SessionRecord:
    """Return a session of 300 s; `about` are entries of its verdict other than the usual ones."""
    entries = [one.to_dict() if isinstance(one, Rep) else one for one in reps]
    kept = tuple(RecordedRep(1, 4.0 * i, entry) for i, entry in enumerate(entries))
    usual = {"clip": "0", "facing": "left", "view_angle_deg": 3.0, "neutral": "measured"}
    return SessionRecord(number, begun, sets, planned, finished, 300.0, kept, usual | about, kind)


def practice(*faulty: bool, number: int = 1, begun: datetime = SPRING, planned: int = 12):
    reps = [rep(i, *(["squatting"] if bad else [])) for i, bad in enumerate(faulty, 1)]
    return recorded(number, begun, reps, sets=3, planned=planned)


def practised(number: int, exercise: str, faulty: int = 0, who: str | None = None, **entry):
    """Return a session of 12 reps, the first `faulty` of them squats; `entry` is in every rep."""
    reps = [rep(i, *(["squatting"] if i <= faulty else [])).to_dict() for i in range(1, 13)]
    begun = SPRING + timedelta(days=number - 1)
    entries = [one | entry for one in reps]
    return recorded(number, begun, entries, sets=2, exercise=exercise, who=who)


def version_1(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as database:
        database.executescript((HISTORY_TESTS / "history_v1.sql").read_text("utf-8"))
    database.close()
