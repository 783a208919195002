"""Worker processes that check clips; each can be ended at any moment without harm to the others.

A worker is a fresh Python process, never forked, so that native libraries load cleanly. Jobs come
in on its standard input, progress and outcomes go out on its standard output. When the process that
started it ends, for whatever reason, the worker ends too.
"""

from __future__ import annotations

import faulthandler
import os
import queue
import subprocess
import threading
import time
from pathlib import Path
from typing import IO, Any, cast

from hinge_dowel.batch import messages
from hinge_dowel.batch.task import OUT_OF_MEMORY, Job, Outcome, Tell, do, unusable
from hinge_dowel.batch.worker_process import StartError, end, spawn
from hinge_dowel.errors import HingeDowelError
from hinge_dowel.system.console import spoken_s

_GONE = "gone"
"""The kind of message that `_listen` reports when a worker has ended."""
_WATCH_INTERVAL_S = 0.2
"""Time between two checks of a silent worker's time and memory. A choice."""
_MOST_TURN_S = 5 * _WATCH_INTERVAL_S
"""Most time that one turn of the watch counts: a longer one means that the machine slept."""
_PROGRESS_INTERVAL_S = 0.1
"""Shortest time between two reports of progress. A choice: bars are drawn five times a second."""
_START_S = 300.0
"""Time-out for a process to load this package, which takes 1 or 2 s. A choice of patience."""
_GRACE_S = 30.0
"""A worker not ended by then ends itself this long after its time is up. A choice of patience."""


class DiedError(Exception):
    """The worker process ended while it checked a clip; the text is a reason for the verdict."""


# -- in the process that gives work ---------------------------------------------------------------


class Worker:
    """One process, started with the first job and again whenever it was ended.

    `run` is for one thread; `end` may be called from any.
    """

    def __init__(self, memory_bytes: int, started: subprocess.Popen[bytes] | None = None) -> None:
        """`started` is a process to use first, spawned before."""
        self._memory_bytes = memory_bytes
        self._started = started
        self._process: subprocess.Popen[bytes] | None = None
        self._heard: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._ended = False

    def run(self, job: Job, tell: Tell) -> Outcome:
        """Have one clip checked. Raises `DiedError`, and errors that make every clip fail."""
        process = self._begin()
        try:
            assert process.stdin is not None
            messages.send(process.stdin, messages.JOB, job)
        except OSError:
            pass  # the process has died: `_watch` raises
        return self._watch(process, job, tell)

    def end(self) -> None:
        """End the process, and let it never start again."""
        with self._lock:
            self._ended = True
        self._kill()

    def _begin(self) -> subprocess.Popen[bytes]:
        """Return the process, ready for a job. Raises `StartError`."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._kill()
        with self._lock:
            if self._ended:
                raise StartError("The batch is over.")
            process, self._started = self._started or spawn(self._memory_bytes), None
            self._process = process
        self._heard = queue.SimpleQueue()
        assert process.stdout is not None
        threading.Thread(target=_listen, args=(process.stdout, self._heard), daemon=True).start()
        try:
            kind, _ = self._heard.get(timeout=_START_S)
        except queue.Empty:
            kind = "nothing"
        if kind != messages.READY:
            self._kill()
            raise StartError(
                "A worker process ends before it begins: run again with HINGE_DOWEL_DEBUG=1 to see "
                "why."
            )
        return process

    def _watch(self, process: subprocess.Popen[bytes], job: Job, tell: Tell) -> Outcome:
        spent_s, last_s = 0.0, time.monotonic()
        while True:
            try:
                kind, content = self._heard.get(timeout=_WATCH_INTERVAL_S)
            except queue.Empty:
                kind, content = "nothing", None
            if kind == messages.DONE:
                return cast("Outcome", content)
            if kind == messages.RAISED:
                raise content
            if kind == _GONE:
                self._kill()
                raise DiedError(
                    "The process that checked this clip died, perhaps for want of memory; "
                    "close other programs, or save the clip again as MP4 in a smaller size."
                )
            if kind == messages.PROGRESS:
                tell(*content)
            now_s = time.monotonic()
            spent_s, last_s = spent_s + min(now_s - last_s, _MOST_TURN_S), now_s
            if spent_s > job.limit_s:
                self._kill()
                return _gave_up(
                    job,
                    f"Checking this clip took longer than {spoken_s(job.limit_s)}: save it again "
                    "as MP4, cut it shorter, or allow more with --timeout.",
                )
            if _resident(process.pid) > self._memory_bytes:
                self._kill()
                return _gave_up(job, OUT_OF_MEMORY)

    def _kill(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            end(process)


def _gave_up(job: Job, reason: str) -> Outcome:
    return Outcome(unusable(job.name, reason), gave_up=True)


def _resident(pid: int) -> int:
    """Return the bytes of memory that a process holds; 0 when it is gone."""
    import psutil  # here, as workers do without it

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _listen(stream: IO[bytes], heard: queue.SimpleQueue[tuple[str, Any]]) -> None:
    """Put a worker's messages into `heard`, until it ends or sends something invalid."""
    with stream:
        try:
            while True:
                heard.put(messages.receive(stream))
        except (OSError, EOFError, ValueError, RecursionError):
            heard.put((_GONE, None))


# -- in the worker --------------------------------------------------------------------------------


def work(jobs_in: IO[bytes], replies: IO[bytes]) -> None:
    """Do jobs until there are no more."""
    inbox: queue.SimpleQueue[Job] = queue.SimpleQueue()
    threading.Thread(target=_take_in, args=(jobs_in, inbox), daemon=True).start()
    messages.send(replies, messages.READY)
    with Path(os.devnull).open("w") as devnull:
        while True:
            job = inbox.get()
            # Ends this process even if native code hangs and nobody is left to kill it.
            faulthandler.dump_traceback_later(job.limit_s + _GRACE_S, exit=True, file=devnull)
            try:
                outcome = do(job, _throttled(replies))
            except HingeDowelError as error:
                messages.send(replies, messages.RAISED, error)
            else:
                messages.send(replies, messages.DONE, outcome)
            faulthandler.cancel_dump_traceback_later()


def _take_in(stream: IO[bytes], inbox: queue.SimpleQueue[Job]) -> None:
    """Receive jobs; when the input has ended, end the process at once, whatever it does."""
    try:
        while True:
            inbox.put(messages.receive(stream)[1])
    except (OSError, EOFError, ValueError):
        os._exit(1)


def _throttled(replies: IO[bytes]) -> Tell:
    """Return a function that reports progress, at most every `_PROGRESS_INTERVAL_S`."""
    last = ("", 0.0)

    def tell(share: float, doing: str) -> None:
        nonlocal last
        now_s = time.monotonic()
        if doing != last[0] or now_s - last[1] >= _PROGRESS_INTERVAL_S:
            last = (doing, now_s)
            messages.send(replies, messages.PROGRESS, (min(max(share, 0.0), 1.0), doing))

    return tell
