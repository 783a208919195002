"""Reads single keys from the terminal, without Enter, on POSIX and Windows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

Keys = Callable[[], str]
"""Returns the keys pressed since the last call, "" for none; never waits."""


def _posix(descriptor: int) -> str:
    import os
    import select

    try:
        # A terminal that was closed is always ready, and has nothing to read.
        ready, _, _ = select.select([descriptor], [], [], 0)
        text = os.read(descriptor, 64).decode("ascii", "ignore") if ready else ""
    except OSError:  # the terminal was closed
        return ""
    # Arrows and the like come as escape sequences, which hold letters too.
    return "" if text.startswith("\x1b") else text


def _windows() -> str:
    import msvcrt

    text = ""
    while msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
        text += msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
    return "" if text[:1] in ("\x00", "\xe0") else text


@contextmanager
def keys() -> Iterator[Keys]:
    """Read single keys in this block, none without a terminal; restores the terminal afterwards."""
    if sys.stdin is None or sys.stdin.closed or not sys.stdin.isatty():
        yield lambda: ""  # a pipe, a file, or closed
    elif sys.platform == "win32":
        yield _windows
    else:
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        try:
            tty.setcbreak(descriptor, termios.TCSADRAIN)  # what was typed before is not lost
            yield partial(_posix, descriptor)
        finally:
            with suppress(termios.error):  # closed meanwhile: nothing to restore
                termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
