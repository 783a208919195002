"""Worker processes that end when their parent does, for whatever reason."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor


def crew(
    workers: int, prepare: Callable[..., None] | None = None, *given: object
) -> ProcessPoolExecutor:
    """Return a pool of fresh processes; `prepare(*given)` runs first in each."""
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(prepare, given),
    )


def _begin(prepare: Callable[..., None] | None, given: tuple[object, ...]) -> None:
    # A pool ends its processes only while it lives itself: a kill would leave them at work.
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare is not None:
        prepare(*given)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
