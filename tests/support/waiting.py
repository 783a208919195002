"""Waits for other processes."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil


def within(seconds: float, condition: Callable[[], object]) -> bool:
    """Wait up to `seconds` for a condition; return whether it holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def gone(pid: int) -> bool:
    """Return whether a process has ended."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
