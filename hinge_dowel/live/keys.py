"""Single keys from the terminal, without Enter: POSIX and Windows, nothing where there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol


class Keys(Protocol):
    """Keys as they are pressed."""

    def pressed(self) -> str:
        """What was pressed since this was last asked, "" for nothing; never waits."""


class NoKeys:
    """No keyboard: standard input is a pipe, a file, or closed."""

    def pressed(self) -> str:
        """Nothing."""
        return ""


class _Posix:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._gone = False

    def pressed(self) -> str:
        import os
        import select

        if self._gone:
            return ""
        try:
            ready, _, _ = select.select([self._descriptor], [], [], 0)
            data = os.read(self._descriptor, 64) if ready else b""
        except OSError:  # the terminal was closed
            ready, data = [], b""
            self._gone = True
        self._gone |= bool(ready) and not data
        text = data.decode("ascii", "ignore")
        # Arrows and the like come as escape sequences, which hold letters too.
        return "" if text.startswith("\x1b") else text


class _Windows:
    def pressed(self) -> str:
        import msvcrt

        text = ""
        while msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
            text += msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
        return "" if text[:1] in ("\x00", "\xe0") else text


@contextmanager
def keys() -> Iterator[Keys]:
    """Read single keys in this block; afterwards the terminal is as it was."""
    if sys.stdin is None or sys.stdin.closed or not sys.stdin.isatty():
        yield NoKeys()
    elif sys.platform == "win32":
        yield _Windows()
    else:
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        try:
            tty.setcbreak(descriptor)
            yield _Posix(descriptor)
        finally:
            with suppress(termios.error):  # closed meanwhile: nothing to restore
                termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
