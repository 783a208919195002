"""Starts worker processes: a fresh Python each, never forked, out of reach of Ctrl-C.

Nothing heavy is imported here, so that one can be started before all else.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from hinge_dowel.errors import HingeDowelError

MEMORY_BYTES = 4 << 30
"""Most memory of one worker: a clip of 8K pictures needs about half of it."""
LEAST_MEMORY_BYTES = 2 << 30
"""Memory that a worker gets in any case: enough for the pose model and pictures in 4K."""
_SHARED_OUT = 0.8
"""Share of this machine's memory for all workers together. A choice: the rest is for the system and
for this process."""

_PROGRAM = "from hinge_dowel.batch.pool import serve; serve()"


class StartError(HingeDowelError):
    """A worker process cannot be started."""


def memory_for(jobs: int) -> int:
    """Return the bytes of memory for each of `jobs` workers on this machine."""
    share = int(psutil.virtual_memory().total * _SHARED_OUT) // max(jobs, 1)
    return min(MEMORY_BYTES, max(LEAST_MEMORY_BYTES, share))


def spawn(memory_bytes: int) -> subprocess.Popen[bytes]:
    """Start a process that does jobs (`pool.serve`). Raises `StartError`."""
    debugging = bool(os.environ.get("HINGE_DOWEL_DEBUG"))
    # The same import path as here, and nothing else: -P keeps the current folder out.
    found = [str(Path(entry).absolute()) for entry in sys.path]
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM, str(memory_bytes)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(found)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if debugging else subprocess.DEVNULL,
            # Windows: out of reach of Ctrl-C; elsewhere `interrupts_ignored` does that.
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    except OSError as error:
        raise StartError(
            f"A worker process cannot be started ({error.strerror or error}): close other "
            "programs, or take fewer --jobs."
        ) from error


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and wait for its end."""
    process.kill()
    process.wait()
    if process.stdin is not None:
        with suppress(OSError):  # unsent data is lost
            process.stdin.close()


@contextmanager
def started_early() -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process for a single clip, which loads while this one does; end it afterwards."""
    with interrupts_ignored():
        process = spawn(memory_for(1))
    try:
        yield process
    finally:
        end(process)
        assert process.stdout is not None
        process.stdout.close()


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Threads started in the block, and the processes they start, do not receive Ctrl-C.

    A terminal sends it to all of its processes; the main one handles it and ends the others.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
