"""Waits for other processes, and for all that they say."""

from __future__ import annotations

import os
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


def read_to_end(terminal: int) -> bytes:
    """Return all that is still written to a pseudo-terminal until its other end is closed.

    One read is not enough: what was typed comes back at once, what the process wrote may come a
    moment later, even after it has ended.
    """
    said = b""
    while True:
        try:
            read = os.read(terminal, 4096)
        except OSError:  # how Linux says that the other end is closed
            return said
        if not read:
            return said
        said += read
