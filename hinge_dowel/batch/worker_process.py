"""Starts worker processes: a fresh Python each, never forked, out of reach of Ctrl-C.

Nothing heavy is imported here, so that one can be started before all else.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hinge_dowel.errors import HingeDowelError

MEMORY_BYTES = 4 << 30
"""Most memory of one worker: a clip of 8K pictures needs about half of it."""
LEAST_MEMORY_BYTES = 2 << 30
"""Memory that a worker gets in any case: enough for the pose model and pictures in 4K."""
_SHARED_OUT = 0.8
"""Share of this machine's memory for all workers together. A choice: the rest is for the system and
for this process."""

_PROGRAM = "from hinge_dowel.batch.worker_process import serve; serve()"


class StartError(HingeDowelError):
    """A worker process cannot be started."""


def memory_for(jobs: int) -> int:
    """Return the bytes of memory for each of `jobs` workers on this machine."""
    share = int(_installed_bytes() * _SHARED_OUT) // max(jobs, 1)
    return min(MEMORY_BYTES, max(LEAST_MEMORY_BYTES, share))


def _installed_bytes() -> int:
    """Return this machine's memory; without psutil where the system tells, as it loads slowly."""
    if hasattr(os, "sysconf"):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    import psutil

    return int(psutil.virtual_memory().total)


def spawn(memory_bytes: int, *early: str) -> subprocess.Popen[bytes]:
    """Start a process that does jobs. Raises `StartError`.

    `early`: how many pose trackers it loads at once, and the model that the user named, or "".
    """
    debugging = bool(os.environ.get("HINGE_DOWEL_DEBUG"))
    # The same import path as here, and nothing else: -P keeps the current folder out.
    import_path = [str(Path(entry).absolute()) for entry in sys.path]
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM, str(memory_bytes), *early],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(import_path)},
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
def started_early(*early: str) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process for one clip, `spawn(..., *early)`, and end it afterwards."""
    with interrupts_ignored():
        process = spawn(memory_for(1), *early)
    try:
        yield process
    finally:
        end(process)
        assert process.stdout is not None
        process.stdout.close()


def cores() -> int:
    """Return the number of processors that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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


# -- in the worker --------------------------------------------------------------------------------


def serve() -> None:
    """Do jobs from standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that gives work ends this one
    jobs_in = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    # Native libraries print on standard output, which would mix with the messages.
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(2, 1)
    _bound_memory(int(sys.argv[1]))
    gc.set_threshold(20_000)  # not 700: loading makes many objects and no garbage, and 50 ms count
    if early := sys.argv[2:]:
        from hinge_dowel.pose.tracker import make_ready

        make_ready(Path(early[1]) if early[1] else None, int(early[0]))
    # Only now, as it takes as long as the pose model takes to load.
    from hinge_dowel.batch.pool import work

    work(jobs_in, replies)


def _bound_memory(most_bytes: int) -> None:
    """Limit this process's memory on Linux; elsewhere only `Worker._watch` limits it."""
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, hard))
