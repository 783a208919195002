"""Writes files all or nothing, with one sentence when they cannot be written."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hinge_dowel.errors import OutputError
from hinge_dowel.system.names import ESCAPED


@contextmanager
def swapping(path: Path, *, mode: int = 0o666) -> Iterator[Path]:
    """Yield a temporary file, which replaces `path` when the block ends without an error.

    On an error the temporary file is removed and `path` stays as it was. `mode` is the new file's
    permissions, subject to the user's umask.
    """
    temporary = temporary_for(path)
    try:
        create_exclusive(temporary, mode)
        yield temporary
        temporary.replace(path.resolve())
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """As `swapping`, for a file that a person has named: an `OSError` becomes an `OutputError`."""
    with output_errors(path), swapping(path) as temporary:
        yield temporary


def write_text(path: Path, text: str) -> None:
    """Write a whole file as UTF-8, `ESCAPED`, or into a device or pipe. Raises `OutputError`."""
    content = text.encode("utf-8", ESCAPED)
    if is_device(path):
        with output_errors(path):
            path.write_bytes(content)
        return
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def is_device(path: Path) -> bool:
    """Return whether `path` is a device or a pipe, which must be written to, never replaced."""
    return path.exists() and not path.is_file()


def temporary_for(path: Path) -> Path:
    """Return a temporary name beside the real file (behind any link), one for each thread.

    Beside it, so that the final move stays on one disk.
    """
    real = path.resolve()
    return real.with_name(f".{real.name}.{os.getpid()}-{threading.get_native_id()}.tmp")


def create_exclusive(path: Path, mode: int = 0o666) -> None:
    """Create an empty file, never through an existing link. Raises `OSError`.

    In a shared folder somebody may guess the name and put a link there.
    """
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))


_STALE_S = 24 * 3600.0
"""A temporary file older than this belongs to a process that was killed. A choice: no file takes an
hour to write, and a left-over one does no harm for a day."""


def remove_stale(files: Iterable[Path]) -> None:
    """Remove those of the temporary `files` that are older than `_STALE_S`."""
    for path in files:
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_S:
                path.unlink()


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Turn an `OSError` of writing `path` into an `OutputError` that says what to do."""
    try:
        yield
    except OSError as error:
        do = f"{error.strerror or error}; choose another place"
        if not path.resolve().parent.exists():
            do = f"create the folder {path.parent} first"
        raise OutputError(f"Cannot write {path}: {do}.") from error
