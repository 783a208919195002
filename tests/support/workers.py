"""Worker processes in which a stand-in checks the clips, in place of the pose model."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from hinge_dowel.batch import task, worker_process
from hinge_dowel.verdict import Verdict

Check = Callable[[Path, Callable[[float], None]], Verdict]
"""Judges one clip, reporting the share that is done; workers import it by its name."""


def program(check: Check) -> str:
    """Return the program of a worker that has this stand-in: a `worker_process._PROGRAM`."""
    names = f"{check.__module__!r}, {check.__qualname__!r}"
    return f"from support.workers import serve; serve({names})"


def serve(module: str, name: str) -> None:
    """Do jobs as `worker_process.serve`, with the stand-in of this name."""
    check: Check = getattr(import_module(module), name)
    task._verdict = lambda job, path, content, tell: check(
        path, lambda share: tell(share, task.LOOKING)
    )
    worker_process.serve()
