"""Many clips at once: a process for each core, and no clip can spoil another.

Workers are spawned, never forked, so that each loads the pose library afresh. A worker that dies
(killed for want of memory, crashed inside a codec) costs only the clip it was at. Workers end with
the process that started them, however that one ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from hinge_dowel.errors import ClipError, HingeDowelError
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Verdict

_POLL_S = 0.1
_WAITING = -1.0
"""The share of a clip that no worker has begun."""


class Check(Protocol):
    """What judges one clip: `hinge_dowel.check.check_clip`, or a stand-in for it in tests."""

    def __call__(
        self,
        path: Path,
        *,
        model: Path | None,
        tolerances: Tolerances,
        progress: Callable[[float], None] | None,
    ) -> Verdict:
        """Judge one clip."""
        ...


@dataclass(frozen=True, slots=True)
class _Job:
    """All that a worker needs to know about one clip."""

    index: int
    path: Path
    model: Path | None
    tolerances: Tolerances
    check: Check | None


def check_many(
    paths: Sequence[Path],
    *,
    names: Sequence[str] | None = None,
    jobs: int | None = None,
    model: Path | None = None,
    tolerances: Tolerances = DEFAULT,
    progress: Callable[[int, float], None] | None = None,
    check: Check | None = None,
) -> Iterator[Verdict]:
    """Check clips in `jobs` processes at once (default: one a core); verdicts in their order.

    A clip that cannot be read, or whose checking fails, becomes an unusable verdict. `names` are
    what the verdicts call the clips (default: `clip_names(paths)`). `progress` is called with the
    place of a clip in `paths` and the share of it that is done, 0 to 1. Raises what makes every
    clip fail alike, such as `ModelError`.
    """
    names = clip_names(paths) if names is None else names
    todo = [_Job(i, path, model, tolerances, check) for i, path in enumerate(paths)]
    done: dict[int, Verdict] = {}
    position = 0
    for index, verdict in _complete(todo, min(jobs or cores(), len(paths)), progress):
        done[index] = replace(verdict, clip=names[index])
        while position in done:
            yield done.pop(position)
            position += 1


def cores() -> int:
    """How many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def clip_names(clips: Sequence[Path], given: Sequence[Path] = ()) -> list[str]:
    """What to call each clip: its path inside the given folder that holds it, else its file name.

    Clips that would share a name are called by their whole path.
    """
    folders = [path for path in given if path.is_dir()]
    names = [_name_within(clip, folders) for clip in clips]
    seen = Counter(names)
    return [
        name if seen[name] == 1 else clip.as_posix()
        for name, clip in zip(names, clips, strict=True)
    ]


def _name_within(clip: Path, folders: Sequence[Path]) -> str:
    for folder in folders:
        if clip.is_relative_to(folder):
            return clip.relative_to(folder).as_posix()
    return clip.name


# -- in the parent -------------------------------------------------------------------------------


def _complete(
    todo: Sequence[_Job], jobs: int, progress: Callable[[int, float], None] | None
) -> Iterator[tuple[int, Verdict]]:
    """Verdicts as they come, with their places, whatever becomes of the workers."""
    if not todo:
        return
    # Plain shared memory without a lock: a worker that dies cannot leave it locked.
    shares = multiprocessing.get_context("spawn").RawArray("d", [_WAITING] * len(todo))
    waiting = list(todo)
    while waiting:
        finished = set()
        for index, verdict in _run(waiting, jobs, shares, progress):
            finished.add(index)
            yield index, verdict
        waiting = [job for job in waiting if job.index not in finished]
        # Workers died. Whatever was under way is tried again alone, so that the culprit shows;
        # if none had begun, the first is tried, so that this always comes to an end.
        begun = [job for job in waiting if shares[job.index] != _WAITING] or waiting[:1]
        for job in begun:
            alone = dict(_run([job], 1, shares, progress))
            verdict = alone.get(job.index) or _unusable(
                job.path,
                "The process that checked this clip died, perhaps for want of memory; "
                "close other programs, or save the clip anew as MP4 in a smaller size.",
            )
            yield job.index, verdict
            waiting.remove(job)


def _run(
    todo: Sequence[_Job],
    jobs: int,
    shares: MutableSequence[float],
    progress: Callable[[int, float], None] | None,
) -> Iterator[tuple[int, Verdict]]:
    """Verdicts of one pool of workers; it ends early, without an error, when a worker dies."""
    context = multiprocessing.get_context("spawn")
    listening, lifeline = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(
        min(jobs, len(todo)), context, initializer=_begin, initargs=(shares, listening)
    )
    try:
        futures: dict[Future[Verdict], int] = {}
        with _without_interrupts():
            for job in todo:
                shares[job.index] = _WAITING
                futures[pool.submit(_work, job)] = job.index
        pending = set(futures)
        while pending:
            ready, pending = wait(pending, timeout=_POLL_S, return_when=FIRST_COMPLETED)
            for future in ready:
                index, verdict = futures[future], future.result()
                shares[index] = 1.0
                yield index, verdict
            if progress:
                for index in futures.values():
                    if shares[index] != _WAITING:
                        progress(index, shares[index])
        pool.shutdown()
    except BrokenProcessPool:
        pass  # the caller sees from what is missing
    finally:
        lifeline.close()  # ends every worker still running: after Ctrl-C, an error, a lost reader
        pool.shutdown(cancel_futures=True)
        listening.close()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C, not even while they still load libraries.

    A terminal sends it to all of its processes; this one decides, and hangs up on the others. One
    that comes meanwhile is raised at the end: a worker started by half would complain.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    # The mask is what the workers inherit. It is not enough here: the signal then goes to another
    # thread, of a numeric library for instance, and Python still interrupts this one.
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
    if held:
        raise KeyboardInterrupt


def _unusable(path: Path, reason: str) -> Verdict:
    return Verdict(clip=path.name, status="unusable", reason=reason)


# -- in a worker ---------------------------------------------------------------------------------

_shares: MutableSequence[float] = []


def _begin(shares: MutableSequence[float], lifeline: Connection) -> None:
    """Prepare a worker process."""
    global _shares
    _shares = shares
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for Windows; see _without_interrupts
    threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()
    if not os.environ.get("HINGE_DOWEL_DEBUG"):
        # Native libraries chat on both streams, over the bars and into JSON on standard output.
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)


def _end_with_parent(lifeline: Connection) -> None:
    try:
        lifeline.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)


def _check_clip() -> Check:
    from hinge_dowel.check import check_clip  # only workers pay for loading the pose library

    return check_clip


def _work(job: _Job) -> Verdict:
    """Check one clip; whatever is wrong with that clip alone becomes its verdict."""

    def progress(share: float) -> None:
        _shares[job.index] = min(max(share, 0.0), 1.0)

    progress(0.0)
    try:
        check = job.check or _check_clip()
        return check(job.path, model=job.model, tolerances=job.tolerances, progress=progress)
    except ClipError as error:
        return _unusable(job.path, str(error))
    except HingeDowelError:
        raise
    except Exception as error:
        if os.environ.get("HINGE_DOWEL_DEBUG"):
            sys.excepthook(type(error), error, error.__traceback__)
        return _unusable(
            job.path,
            f"Checking this clip failed in a way that it should not ({describe(error)}); "
            "please report it with the output of a run under HINGE_DOWEL_DEBUG=1.",
        )


def describe(error: BaseException) -> str:
    """An unforeseen error in half a line: its type and the first line of its message."""
    message = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
