"""Clips and results behind URLs (s3://, gs://, sftp://, ...), by way of fsspec."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hinge_dowel.errors import ClipError, OutputError, UsageError
from hinge_dowel.system.console import install_hint
from hinge_dowel.system.names import without_secrets, without_user
from hinge_dowel.video.reader import VIDEO_SUFFIXES

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_AT_ONCE = 256
# Small files that are asked for together, as each answer takes its time.
_STAMPS = (
    *("ETag", "etag", "md5Hash", "mtime", "modify", "LastModified", "last_modified", "modified"),
    "created",
)
# What storage systems call the sign that a file has changed.


class FetchError(ClipError):
    """A clip that cannot be fetched now; another time it may."""


def find_clips(url: str) -> list[str]:
    """The clips a URL names: itself, or all below it, as `video.find_clips` has it for folders.

    Raises `UsageError` when there are none, and when the place cannot be reached.
    """
    fs, root = _opened(url)
    try:
        if fs.isfile(root):
            return [url]
        names = sorted(str(name) for name in fs.find(root))
        below = [_below(name, root) for name in names]
    except Exception as error:
        shown = without_user(url)
        raise UsageError(f"Cannot read {shown} ({_told(error)}): check the address.") from error
    clips = [f"{url.rstrip('/')}/{name}" for name in below if _is_clip(name)]
    if not clips:
        raise UsageError(f"There is no video clip below {without_user(url)}.")
    return clips


def stamp(url: str) -> tuple[int | str, ...] | None:
    """Size and sign of the last change of a file; None when they cannot be told."""
    fs, path = _opened(url)
    try:
        found: dict[str, Any] = fs.info(path)
    except Exception:
        return None
    signs = [str(found[key]) for key in _STAMPS if found.get(key) is not None]
    size = found.get("size")
    return (int(size), signs[0]) if signs and size is not None else None


@contextmanager
def fetched(source: Path | str) -> Iterator[Path]:
    """A clip as a file on this machine; what had to be fetched is gone afterwards.

    Raises `FetchError` when it cannot be.
    """
    if isinstance(source, Path):
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="hinge-dowel-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / ("clip" + PurePosixPath(without_secrets(source)).suffix)
        try:
            fs, name = _opened(source)
            fs.get_file(name, str(path))
        except Exception as error:
            raise FetchError(
                f"This clip cannot be fetched ({_told(error)}): run again when it can be reached."
            ) from error
        yield path


class RemoteStorage:
    """A folder behind a URL, as `Storage` has it.

    Object stores show a file when it is whole; elsewhere it is moved into place then. Several
    threads may use it: what they ask for goes over one connection, one thing at a time.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._fs, self._root = _opened(url)
        self._root = self._root.rstrip("/")
        self._lock = threading.Lock()

    def sizes(self, folder: str) -> dict[str, int]:
        """As in `Storage`."""
        try:
            with self._lock:
                self._fs.invalidate_cache()
                found = self._fs.find(f"{self._root}/{folder}", detail=True)
        except FileNotFoundError:
            return {}
        except Exception as error:
            raise self._unwritable(error) from error
        return {
            _below(name, self._root): int(info["size"])
            for name, info in found.items()
            if not name.endswith(".tmp")
        }

    def read_many(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """As in `Storage`; many are fetched at a time."""
        names = iter(names)
        while some := list(islice(names, _AT_ONCE)):
            paths = [f"{self._root}/{name}" for name in some]
            with self._lock:
                found = self._fs.cat_ranges(paths, None, None, on_error="return")
            for name, data in zip(some, found, strict=True):
                if isinstance(data, bytes):
                    yield name, data

    def write(self, name: str, data: bytes) -> None:
        """As in `Storage`."""
        with tempfile.TemporaryDirectory(prefix="hinge-dowel-") as folder:
            path = Path(folder) / "file"
            path.write_bytes(data)
            self._put(path, name)

    def make(self, name: str, maker: Callable[[Path], None]) -> None:
        """As in `Storage`."""
        with tempfile.TemporaryDirectory(prefix="hinge-dowel-") as folder:
            path = Path(folder) / PurePosixPath(name).name
            maker(path)
            self._put(path, name)

    def local(self) -> None:
        """As in `Storage`: it is not on this machine."""

    def _put(self, path: Path, name: str) -> None:
        target = f"{self._root}/{name}"
        try:
            with self._lock:
                try:
                    self._send(path, target)
                except Exception:
                    # Some servers hang up on who is silent for as long as a clip takes.
                    self._fs, _ = _opened(self._url, anew=True)
                    self._send(path, target)
        except Exception as error:
            raise self._unwritable(error) from error

    def _send(self, path: Path, target: str) -> None:
        self._fs.makedirs(str(PurePosixPath(target).parent), exist_ok=True)
        if not _renames(self._fs):
            self._fs.put_file(str(path), target)
            return
        self._fs.put_file(str(path), f"{target}.tmp")
        self._fs.mv(f"{target}.tmp", target)

    def _unwritable(self, error: Exception) -> OutputError:
        return OutputError(
            f"Cannot write to {without_user(self._url)} ({_told(error)}); put that right and run "
            "the same command again, which goes on where this one stopped."
        )


def _opened(url: str, *, anew: bool = False) -> tuple[AbstractFileSystem, str]:
    """The file system behind a URL, and the path in it; `anew`: by a connection of its own."""
    shown = without_user(url)
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise UsageError(f"Reading {shown} needs fsspec: {install_hint('fsspec')}") from error
    try:
        fs, path = url_to_fs(url, skip_instance_cache=anew)
    except (ValueError, ImportError) as error:
        # Unknown protocols, and those whose package is missing: fsspec names it.
        raise UsageError(f"Cannot open {shown}: {_told(error)}.") from error
    except Exception as error:
        raise UsageError(f"Cannot reach {shown} ({_told(error)}): check the address.") from error
    return fs, str(path)


def _renames(fs: AbstractFileSystem) -> bool:
    """Whether this has files that are moved: those of object stores are copied and deleted."""
    from fsspec import AbstractFileSystem

    return type(fs).mv is not AbstractFileSystem.mv


def _below(name: str, root: str) -> str:
    return name.strip("/").removeprefix(root.strip("/")).lstrip("/")


def _is_clip(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") for part in path.parts)
    return path.suffix.lower() in VIDEO_SUFFIXES and not hidden


def _told(error: Exception) -> str:
    """An error of somebody else's in half a line."""
    if isinstance(error, UsageError) and isinstance(error.__cause__, Exception):
        return _told(error.__cause__)  # a sentence of ours says more than is wanted here
    if isinstance(error, EOFError):
        return "the other side has hung up"
    text = getattr(error, "strerror", None) or str(error)
    return without_user(text.strip().partition("\n")[0].rstrip(".")) or type(error).__name__
