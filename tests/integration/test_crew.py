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
from support import employed
from support.locations import TESTS
from support.waiting import within

PROGRAM = "import sys; from support import employed; employed.employ(sys.argv[1])"


def test_each_is_prepared_first() -> None:
    with crew(1, employed.prepare, "here") as pool:
        assert pool.submit(employed.prepared).result() == ["here"]
    assert employed.prepared() == []


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
