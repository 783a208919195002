"""Checks many clips at once: one process per core, and no clip can harm another.

A worker that dies, hangs or takes too much memory costs only the clip it was at. With a folder,
finished clips are stored as they come and are not done again.
"""

from __future__ import annotations

import queue
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from hinge_dowel.batch import remote
from hinge_dowel.batch.cache import TRIM_EVERY_CLIPS, RecordCache
from hinge_dowel.batch.named_clips import clip_names
from hinge_dowel.batch.pool import DiedError, Worker
from hinge_dowel.batch.remote import FetchError, fetched
from hinge_dowel.batch.results_folder import ResultsFolder, film_name
from hinge_dowel.batch.task import BRING, Job, Outcome, Tell, recalled_here, unusable
from hinge_dowel.batch.worker_process import cores, interrupts_ignored, memory_for
from hinge_dowel.keypoints.discovery import whole_of
from hinge_dowel.keypoints.formats import (
    AS_THE_FILE_SAYS,
    DEFAULT_OPTIONS,
    CheckOptions,
    Reading,
    is_keypoints,
)
from hinge_dowel.report.progress import DONE, KEPT, Watch
from hinge_dowel.verdict import Verdict

_POLL_S = 0.1
"""Longest wait for workers at once, so that Ctrl-C is noticed. A choice."""
_LEAST_LIMIT_S, _MOST_LIMIT_S = 300.0, 4 * 3600.0
"""Least and greatest default time-out. A choice of patience: clips of a set take seconds."""
_LEAST_BYTES_PER_S = 20_000
"""Bytes per second of a strongly compressed film of long stillness; others have more. So a file's
size gives the most that its film can last, which is added to its time-out."""
_WRITING_INTERVAL_S = 20.0
"""Time between two writings of the results so far. A choice of patience."""
_WRITING_SHARE = 0.05
"""Largest share of time for such writing: with very many clips it is less often. A choice."""
_FEW_CLIPS = 8
"""Up to this many clips are looked up in the cache here before any process is started. A choice."""
_LAST_CLIPS_A_WORKER = 4
"""Number of last clips per process that are taken largest first. A choice: the more, the better the
work is balanced at the end, and the more verdicts come out of order."""


def check_many(
    paths: Sequence[Path | str],
    *,
    names: Sequence[str] | None = None,
    jobs: int | None = None,
    model: Path | None = None,
    options: CheckOptions = DEFAULT_OPTIONS,
    progress: Watch | None = None,
    folder: ResultsFolder | None = None,
    cache: bool = True,
    timeout_s: float | None = None,
    dask: str | None = None,
    started: subprocess.Popen[bytes] | None = None,
) -> Iterator[Verdict]:
    """Check clips in `jobs` processes at once (default: one per core); yield verdicts in order.

    `paths` are files on this machine or URLs. A clip that cannot be read, or whose checking fails
    or takes longer than `timeout_s` (default: `default_timeout_s` of its size), gets an unusable
    verdict. `names` are the clips' names in the verdicts (default: `clip_names(paths)`). Finished
    clips are stored in `folder`, and those found there are not done again; the frames behind the
    verdicts are only there, never in the verdicts. `cache`: use and fill the cache. `dask` is the
    address of a cluster that does the work instead of this machine. `options` are how clips are
    judged (`folder` must have the same). `started` is a worker process
    (`worker_process.started_early`), for a single clip. Raises errors that make every clip fail,
    such as `ModelError` or `OutputError` for the folder.
    """
    names = clip_names(paths) if names is None else names
    stamps = [_stamp(path, options.reading) for path in paths]
    todo = [
        Job(
            source=path,
            name=name,
            model=model,
            limit_s=default_timeout_s(_size(stamp)) if timeout_s is None else timeout_s,
            stamp=stamp,
            options=options,
            cache=cache,
            series=folder is not None,
            film=_film(folder, name, near=dask is None),
        )
        for path, name, stamp in zip(paths, names, stamps, strict=True)
    ]
    tell = progress or (lambda index, share, doing: None)
    results = _Results(folder)
    for index, verdict in _known(todo, folder, here=dask is None):
        results.done[index] = verdict
        tell(index, 1.0, KEPT)
    pending = {index: job for index, job in enumerate(todo) if index not in results.done}
    yield from results.ready()
    if not pending:
        return
    if dask is None:
        outcomes = _run_here(pending, jobs or cores(), tell, started)
    else:
        from hinge_dowel.batch.cluster import run

        outcomes = run(pending, dask, attempt, tell)
    for count, (index, outcome) in enumerate(outcomes, 1):
        tell(index, 1.0, DONE)
        results.keep(index, todo[index], outcome)
        if cache and dask is None and (count % TRIM_EVERY_CLIPS == 0 or count == len(pending)):
            RecordCache.own().trim()
        yield from results.ready()


def _known(
    todo: Sequence[Job], folder: ResultsFolder | None, *, here: bool
) -> Iterator[tuple[int, Verdict]]:
    """Yield place and verdict of the clips that need no worker: finished before, or in the cache.

    The cache is asked for a few clips alone, and only if the work is done `here`.
    """
    finished = set()
    for index, verdict in () if folder is None else folder.finished(todo):
        finished.add(index)
        yield index, verdict
    left = [(index, job) for index, job in enumerate(todo) if index not in finished]
    for index, job in left if here and len(left) <= _FEW_CLIPS else ():
        if (known := recalled_here(job)) is not None:
            yield index, known.verdict


class _Results:
    """The verdicts so far by the clips' places, told in order, and written to a folder if any."""

    def __init__(self, folder: ResultsFolder | None) -> None:
        self.done: dict[int, Verdict] = {}
        self._folder = folder
        self._told = 0
        self._due_s = time.monotonic() + _WRITING_INTERVAL_S

    def ready(self) -> Iterator[Verdict]:
        """Yield the verdicts that can be told now; without a folder they are then forgotten."""
        while self._told in self.done:
            yield self.done[self._told]
            if self._folder is None:
                del self.done[self._told]
            self._told += 1

    def keep(self, index: int, job: Job, outcome: Outcome) -> None:
        """Take in a clip's outcome; in a folder it is stored, and all results now and then."""
        self.done[index] = outcome.verdict
        if self._folder is None:
            return
        self._folder.keep(job, outcome)
        began_s = time.monotonic()
        if began_s >= self._due_s:
            self._folder.write_results([self.done[i] for i in sorted(self.done)])
            ended_s = time.monotonic()
            pause_s = max(_WRITING_INTERVAL_S, (ended_s - began_s) / _WRITING_SHARE)
            self._due_s = ended_s + pause_s


def default_timeout_s(size_bytes: int) -> float:
    """Return the time-out for a clip of this size: 5 minutes, and more for a large one."""
    return min(_LEAST_LIMIT_S + size_bytes // _LEAST_BYTES_PER_S, _MOST_LIMIT_S)


def _stamp(source: Path | str, reading: Reading) -> tuple[int | str, ...] | None:
    """Return what changes when a clip's file does, its size first, or how it is read."""
    stamp = remote.stamp(source) if isinstance(source, str) else _file_stamp(source)
    if stamp is not None and reading != AS_THE_FILE_SAYS and is_keypoints(source):
        stamp = (*stamp, repr(reading))  # read in another way, it counts as another clip
    return stamp


def _size(stamp: tuple[int | str, ...] | None) -> int:
    """Return a clip's size in bytes, 0 if unknown."""
    return int(stamp[0]) if stamp else 0


def in_turn(sizes: Mapping[int, int], workers: int) -> list[int]:
    """Return the order in which workers take clips, by their places and `sizes` in bytes.

    The order given, so that verdicts come in it too, but the last few largest first, so that no
    worker is left with a long clip when the others are done. One worker keeps the order.
    """
    clips = list(sizes)
    first = len(clips) if workers == 1 else max(len(clips) - _LAST_CLIPS_A_WORKER * workers, 0)
    return [*clips[:first], *sorted(clips[first:], key=lambda clip: -sizes[clip])]


def _film(folder: ResultsFolder | None, name: str, *, near: bool) -> Path | Literal["bring"] | None:
    """Return where a worker puts the annotated clip: a path, `BRING`, or None for none."""
    if folder is None or not folder.films:
        return None
    root = folder.storage.local()
    return root / film_name(name) if near and root is not None else BRING


def _file_stamp(path: Path) -> tuple[int | str, ...] | None:
    """Return size and time of change of a file, or of all files of a numbered series."""
    try:
        if not path.is_file():
            return None
        states = {part.name: part.stat() for part in whole_of(path)}
    except OSError:
        return None
    known = repr([(name, state.st_size, state.st_mtime_ns) for name, state in states.items()])
    return sum(s.st_size for s in states.values()), sha256(known.encode()).hexdigest()


# -- on this machine ------------------------------------------------------------------------------

_Report = tuple[int, "Outcome | BaseException | tuple[float, str]"]


def _run_here(
    pending: dict[int, Job], most: int, tell: Watch, started: subprocess.Popen[bytes] | None
) -> Iterator[tuple[int, Outcome]]:
    """Yield each job's outcome as they come, done by up to `most` processes.

    A clip whose worker died is tried again alone, last: another clip may have taken all memory.
    """
    workers = min(most, len(pending))
    if len(pending) == 1:
        pending = {index: replace(job, halves=most > 1) for index, job in pending.items()}
    else:
        started = None
    turns = in_turn({i: _size(job.stamp) for i, job in pending.items()}, workers)
    died: dict[int, Job] = {}
    for index, outcome in _run_jobs({i: pending[i] for i in turns}, workers, tell, started):
        if isinstance(outcome, DiedError):
            died[index] = pending[index]
        else:
            yield index, outcome
    for index, job in died.items():
        for _, outcome in _run_jobs({index: job}, 1, tell):
            if isinstance(outcome, DiedError):
                outcome = Outcome(unusable(job.name, str(outcome)))
            yield index, outcome


def _run_jobs(
    pending: dict[int, Job],
    jobs: int,
    tell: Watch,
    started: subprocess.Popen[bytes] | None = None,
) -> Iterator[tuple[int, Outcome | DiedError]]:
    """Yield what became of each job, done by `jobs` processes, one of them `started`."""
    waiting = deque(pending.items())
    reports: queue.SimpleQueue[_Report] = queue.SimpleQueue()
    memory_bytes = memory_for(jobs)
    workers = [Worker(memory_bytes) for _ in range(jobs)]
    if started is not None:
        workers[0] = Worker(memory_bytes, started)

    def run_in(worker: Worker) -> None:
        while True:
            try:
                index, job = waiting.popleft()
            except IndexError:
                return
            reports.put((index, (0.0, "")))
            try:
                reports.put(
                    (index, attempt(worker, job, lambda *told, i=index: reports.put((i, told))))
                )
            except DiedError as error:
                reports.put((index, error))
            except BaseException as error:
                reports.put((index, error))
                return

    try:
        with interrupts_ignored():
            for worker in workers:
                threading.Thread(target=run_in, args=(worker,), daemon=True).start()
        left = len(pending)
        while left:
            try:
                index, what = reports.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            if isinstance(what, tuple):
                tell(index, *what)
            elif isinstance(what, Outcome | DiedError):
                left -= 1
                yield index, what
            else:
                raise what
    finally:
        waiting.clear()
        for worker in workers:  # also after Ctrl-C, an error, or when the caller stops reading
            worker.end()


def attempt(worker: Worker, job: Job, tell: Tell) -> Outcome:
    """Have a worker do one job; fetch its clip first if it is remote. Raises `DiedError`."""
    try:
        with fetched(job.source) as path:
            if job.film != BRING:
                return worker.run(replace(job, source=path), tell)
            with TemporaryDirectory(prefix="hinge-dowel-", ignore_cleanup_errors=True) as folder:
                film = Path(folder) / "film.mp4"
                outcome = worker.run(replace(job, source=path, film=film), tell)
                return replace(outcome, film=film.read_bytes() if film.exists() else None)
    except FetchError as error:
        return Outcome(unusable(job.name, str(error)), keep=False)
