"""Runs a batch on a dask.distributed cluster.

Each thread of each dask worker keeps one worker process (`pool.Worker`), so that a clip that
crashes, hangs or takes too much memory harms no other clip. dask gives a clip whose machine died to
another machine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from itertools import islice
from typing import Any

from hinge_dowel.batch.cache import TRIM_EVERY_CLIPS, RecordCache
from hinge_dowel.batch.fingerprint import program_version
from hinge_dowel.batch.pool import DiedError, Worker
from hinge_dowel.batch.task import Job, Outcome, Tell, unusable
from hinge_dowel.batch.worker_process import memory_for
from hinge_dowel.errors import HingeDowelError, UsageError
from hinge_dowel.report.progress import Watch
from hinge_dowel.system.typed_commands import install_hint

Attempt = Callable[[Worker, Job, Tell], Outcome]
"""The type of `runner.attempt`, which fetches a clip if it must and has a worker do the job."""

_ANSWER_S = 20
"""Time-out for the scheduler's answer. A choice of patience."""
_JOBS_A_THREAD = 3
"""Jobs submitted per thread of the cluster, a choice: one at work, and two so that the thread never
waits for the next."""
_own = threading.local()


def run(
    pending: dict[int, Job], address: str, attempt: Attempt, tell: Watch
) -> Iterator[tuple[int, Outcome]]:
    """Yield each job's outcome once, as they come from the cluster at `address`.

    Raises `UsageError` when the cluster cannot be reached or is lost.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise UsageError(f"--dask needs dask: {install_hint('distributed', 'fsspec')}") from error
    try:
        client = distributed.Client(address, timeout=_ANSWER_S, set_as_default=False)
    except Exception as error:
        raise UsageError(
            f"No dask scheduler answers at {address}: start one, or check the address."
        ) from error
    waiting = iter(pending.items())
    index_of: dict[Any, int] = {}

    def submit(count: int) -> list[Any]:
        futures = []
        for index, job in islice(waiting, count):
            # Each machine fetches the model, and checks its hash, for itself.
            sent = replace(job, model=None, program=program_version())
            future = client.submit(_run_job, sent, attempt, pure=False)
            index_of[future] = index
            tell(index, 0.0, "given out")
            futures.append(future)
        return futures

    with client:
        workers: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
        threads = sum(int(worker["nthreads"]) for worker in workers.values())
        first = submit(_JOBS_A_THREAD * max(threads, 1))
        completed = distributed.as_completed(first, loop=client.loop)
        for future in completed:
            index = index_of.pop(future)
            yield index, _outcome(future, pending[index], address)
            completed.update(submit(1))


def _outcome(future: Any, job: Job, address: str) -> Outcome:
    from distributed.scheduler import KilledWorker

    try:
        outcome: Outcome = future.result()
    except HingeDowelError:
        raise
    except KilledWorker:
        # Several machines in a row died at this clip.
        return Outcome(unusable(job.name, "Every machine that checked this clip died over it."))
    except Exception as error:
        raise UsageError(
            f"The cluster at {address} failed ({type(error).__name__}: {error}); run the same "
            "command again, which goes on where this one stopped."
        ) from error
    return outcome


# -- on a machine of the cluster ------------------------------------------------------------------


def _run_job(job: Job, attempt: Attempt) -> Outcome:
    """Do one job in this thread's own worker process; try once more if the process died."""
    if not hasattr(_own, "worker"):
        from distributed import get_worker

        # Each thread of this dask worker has such a process: they share the memory.
        threads = int(get_worker().state.nthreads)
        _own.worker, _own.count = Worker(memory_for(threads)), 0
    _own.count += 1
    if job.cache and _own.count % TRIM_EVERY_CLIPS == 0:
        RecordCache.own().trim()
    reason = ""
    for _ in range(2):
        try:
            # Progress is not sent across the cluster.
            return attempt(_own.worker, job, lambda share, doing: None)
        except DiedError as error:
            reason = str(error)
    return Outcome(unusable(job.name, reason))
