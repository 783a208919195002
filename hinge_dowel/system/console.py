"""Standard output and error as the commands use them."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hinge_dowel.errors import EXIT_ERROR, OutputError
from hinge_dowel.system.names import printable

if TYPE_CHECKING:
    from rich.console import Console


def animates(console: Console) -> bool:
    """Return whether bars can be drawn: on a real terminal, whatever FORCE_COLOR says."""
    return console.file.isatty() and not console.is_dumb_terminal


def tell(sentence: str) -> None:
    """Print a sentence on standard error, control characters escaped; a terminal's words whole."""
    text = printable(sentence)
    if sys.stderr is not None and sys.stderr.isatty():
        width = shutil.get_terminal_size().columns
        text = textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
    print(text, file=sys.stderr)


TEXT_COLUMNS = 78
"""Width of long texts: a terminal's usual 80 columns, less two."""


def wrapped(text: str, start: str = "") -> list[str]:
    """Return a text in lines as wide as the terminal, `TEXT_COLUMNS` at most, words whole.

    The first line begins with `start`, the others are indented by as much.
    """
    width = min(TEXT_COLUMNS, shutil.get_terminal_size().columns)
    return textwrap.wrap(text, width, initial_indent=start, subsequent_indent=" " * len(start))


def spoken_s(seconds: float) -> str:
    """Format a duration for reading: "45 s", "5 min", "1.5 h"."""
    units = (("h", 3600.0), ("min", 60.0), ("s", 1.0))
    unit, size_s = next((one for one in units if seconds >= 2 * one[1]), units[-1])
    number = seconds / size_s
    return f"{number:.2g} {unit}" if number < 100 else f"{number:.0f} {unit}"


def fail(sentence: str, status: int = EXIT_ERROR) -> int:
    """Print why the command ends, and return its exit status."""
    tell(f"hinge-dowel: {sentence}")
    return status


def unexpected(what: str, error: BaseException) -> str:
    """Return a sentence on an error that nobody foresaw; print it whole under HINGE_DOWEL_DEBUG."""
    if os.environ.get("HINGE_DOWEL_DEBUG"):
        sys.excepthook(type(error), error, error.__traceback__)
    message = str(error).strip().partition("\n")[0]
    kind = type(error).__name__
    told = f"{kind}: {message}" if message else kind
    return f"{what} ({told}); please report it with the output of a run under HINGE_DOWEL_DEBUG=1."


@contextmanager
def stdout() -> Iterator[None]:
    """Flush standard output at the end of the block; raise `OutputError` where it fails."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_stdout()
        raise OutputError(
            f"Cannot write to standard output: {error.strerror or error}; send it elsewhere."
        ) from error


def discard_stdout() -> None:
    """Redirect standard output to nowhere, so that Python's last flush does not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
