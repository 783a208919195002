"""Standard output and error as the commands use them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hinge_dowel.errors import EXIT_ERROR, OutputError
from hinge_dowel.system.names import printable

if TYPE_CHECKING:
    from rich.console import Console


def animates(console: Console) -> bool:
    """Whether bars can be drawn: on a real terminal, whatever FORCE_COLOR says."""
    return console.file.isatty() and not console.is_dumb_terminal


def tell(sentence: str) -> None:
    """A sentence for the person, on standard error; names in it cannot steer the terminal."""
    print(printable(sentence), file=sys.stderr)


def fail(sentence: str, status: int = EXIT_ERROR) -> int:
    """Say why the command ends, and return its exit status."""
    tell(f"hinge-dowel: {sentence}")
    return status


@contextmanager
def stdout() -> Iterator[None]:
    """Standard output, flushed; where that fails, one sentence."""
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
    """Keep Python from failing once more when it flushes standard output at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
