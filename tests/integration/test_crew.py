"""The processes that film and measure virtual subjects: none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from accuracy.crew import crew
from support.locations import TESTS
from support.waiting import within

PROGRAM = "import sys, test_crew; test_crew.employ(sys.argv[1])"
_PREPARED: list[str] = []


def prepare(word: str) -> None:
    _PREPARED.append(word)


def prepared() -> list[str]:
    return _PREPARED


def busy(note: str) -> None:
    Path(note).write_text(str(os.getpid()))
    while True:
        sum(range(1000))


def employ(folder: str) -> None:
    with crew(2) as pool:
        for name in ("a", "b"):
            pool.submit(busy, f"{folder}/{name}")


def test_each_is_prepared_first() -> None:
    with crew(1, prepare, "here") as pool:
        assert pool.submit(prepared).result() == ["here"]
    assert _PREPARED == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_when_the_first_is_killed(number: int, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])},
    ) as process:
        notes = [tmp_path / "a", tmp_path / "b"]
        assert within(60, lambda: all(note.exists() and note.read_text() for note in notes))
        left = psutil.Process(process.pid).children()
        assert {int(note.read_text()) for note in notes} <= {child.pid for child in left}
        process.send_signal(number)
        process.wait()
        _, alive = psutil.wait_procs(left, timeout=20)
        for child in alive:
            child.kill()
    assert alive == []
