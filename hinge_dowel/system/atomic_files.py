"""Files written all or nothing, with one sentence when they cannot be."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hinge_dowel.errors import OutputError


@contextmanager
def swapping(path: Path, *, mode: int = 0o666) -> Iterator[Path]:
    """A temporary file to write, which takes the place of `path` when the block ends well.

    Whatever goes wrong, the temporary file is gone and `path` is as it was. `mode` is who may read
    and write it, as far as the user's umask lets them.
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
    try:
        with swapping(path) as temporary:
            yield temporary
    except OSError as error:
        raise unwritable(path, error) from error


def write_text(path: Path, text: str) -> None:
    r"""Write a whole file as UTF-8, or into a device or pipe. Raises `OutputError`.

    Half a surrogate, from a file name that is not UTF-8, becomes \udcxx: valid in JSON too.
    """
    content = text.encode("utf-8", "backslashreplace")
    if is_device(path):
        try:
            path.write_bytes(content)
        except OSError as error:
            raise unwritable(path, error) from error
        return
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def is_device(path: Path) -> bool:
    """Whether this is a device or a pipe, which must be written to and never replaced."""
    return path.exists() and not path.is_file()


def temporary_for(path: Path) -> Path:
    """A name beside the real file (behind any link), so that the final move stays on one disk.

    Each thread has its own.
    """
    real = path.resolve()
    return real.with_name(f".{real.name}.{os.getpid()}-{threading.get_native_id()}.tmp")


def create_exclusive(path: Path, mode: int = 0o666) -> None:
    """An empty file that is certainly our own. Raises `OSError`.

    In a folder others can write to, they may guess its name and put a link there.
    """
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))


_STALE_S = 24 * 3600.0
"""A temporary file this old belongs to a process that was killed. A choice: no file takes an hour
to write, and one that is left lying harms nobody for a day."""


def remove_stale(files: Iterable[Path]) -> None:
    """Remove those of the temporary files that killed processes left behind."""
    for path in files:
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_S:
                path.unlink()


def unwritable(path: Path, error: OSError) -> OutputError:
    """Why `path` could not be written, in one sentence."""
    if not path.resolve().parent.exists():
        return OutputError(f"Cannot write {path}: create the folder {path.parent} first.")
    return OutputError(f"Cannot write {path}: {error.strerror or error}; choose another place.")
