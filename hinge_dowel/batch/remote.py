"""Clips and results behind URLs (s3://, gs://, sftp://, ...), read and written by fsspec."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hinge_dowel.batch.storage import Storage, unwritable
from hinge_dowel.errors import ClipError, UsageError
from hinge_dowel.keypoints.discovery import Found, beside_films, keypoints_among, require_few
from hinge_dowel.keypoints.formats import Columns, is_keypoints, series_pattern
from hinge_dowel.system.names import below, path_within, without_user
from hinge_dowel.system.typed_commands import install_hint
from hinge_dowel.video.reader import VIDEO_SUFFIXES

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

NEEDED = {
    **dict.fromkeys(("http", "https"), ("aiohttp", "requests")),
    **dict.fromkeys(("s3", "s3a"), ("s3fs",)),
    **dict.fromkeys(("gs", "gcs"), ("gcsfs",)),
    **dict.fromkeys(("sftp", "ssh"), ("paramiko",)),
    **dict.fromkeys(("abfs", "az", "adl"), ("adlfs",)),
}
"""By a URL's scheme, the packages it needs beside fsspec."""
_IN_ZIP = "zip://::"
"""Before the URL of an archive that is looked into."""
_LONGEST_NAME_CHARACTERS = 150
"""Characters kept of a fetched file's name. A choice: Windows takes 260 with all folders."""
_LARGEST_ARCHIVE_BYTES = 2e9
"""An archive is fetched whole up to this size. A choice: it goes to the folder of temporary files,
once for each process."""
_FILES_AT_ONCE = 256
"""Small files requested together, as each answer takes its time. A choice."""
_CHANGED = (
    *("ETag", "etag", "md5Hash", "mtime", "modify", "LastModified", "last_modified", "modified"),
    "created",
)
"""Names under which storage systems give a sign of a file's last change."""


class FetchError(ClipError):
    """A clip that cannot be fetched now, but perhaps later."""


def find_clips(url: str, columns: Columns | None = None) -> Found[str]:
    """Return the clips a URL names: itself, or all below it, as `discovery.find_clips` for folders.

    A zip archive counts as a folder. Raises `UsageError` when there are no clips, and when the
    place cannot be reached.
    """
    if path_within(url).suffix.lower() == ".zip":
        url = f"{_IN_ZIP}{url}"
    fs, root = _opened(url)
    try:
        if fs.isfile(root):
            return Found([url])
        paths = {_below(str(path), root): str(path) for path in sorted(fs.find(root))}
        listed = {n: path for n, path in paths.items() if not n.startswith(".") and "/." not in n}
        clips = [name for name in listed if PurePosixPath(name).suffix.lower() in VIDEO_SUFFIXES]
        found = Found(clips, beside_films(list(listed)))
        if not clips:
            require_few(without_user(url), list(listed))
            found = _keypoints(fs, listed, columns)
    except UsageError:
        raise
    except Exception as error:
        shown = without_user(url)
        raise UsageError(f"Cannot read {shown} ({_reason(error)}): check the address.") from error
    if not found.clips and len(listed) == 1 and is_keypoints(next(iter(listed))):
        found = Found(list(listed))
    if not found.clips:
        none = f"There is no video clip below {without_user(url)}."
        raise UsageError(" ".join([none, *(why for _, why in found.left_out[:1])]))
    left_out = [(below(url, name), why) for name, why in found.left_out]
    return Found([below(url, name) for name in found.clips], left_out)


def stamp(url: str) -> tuple[int | str, ...] | None:
    """Return size and a sign of the last change of a file; None when either is unknown.

    A numbered series of keypoints is one clip: all of its files count.
    """
    fs, path = _opened(url)
    try:
        infos: list[dict[str, Any]] = [fs.info(part) for part in _whole(fs, path)]
    except Exception:
        return None
    signs = [next((str(i[key]) for key in _CHANGED if i.get(key) is not None), "") for i in infos]
    sizes = [info.get("size") for info in infos]
    if not all(signs) or any(size is None for size in sizes):
        return None
    size = sum(int(size) for size in sizes if size is not None)
    return (size, signs[0] if len(signs) == 1 else sha256("".join(signs).encode()).hexdigest())


@contextmanager
def fetched(source: Path | str) -> Iterator[Path]:
    """Yield a clip as a file on this machine; a fetched one is deleted afterwards.

    Raises `FetchError` when it cannot be fetched.
    """
    if isinstance(source, Path):
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="hinge-dowel-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / _file_name(path_within(source).name)
        try:
            fs, name = _opened(source)
            fs.get_file(name, str(path))
            for part in _whole(fs, name):
                if part != name:
                    fs.get_file(part, str(Path(folder) / PurePosixPath(part).name))
        except Exception as error:
            raise FetchError(
                f"This clip cannot be fetched ({_reason(error)}): run again when it can be reached."
            ) from error
        yield path


class RemoteStorage(Storage):
    """A folder behind a URL.

    Object stores show a file only when it is whole; elsewhere it is moved into place once written.
    Several threads may use it: their requests go over one connection, one at a time.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._fs, folder = _opened(url)
        self._folder = folder.rstrip("/")
        self._lock = threading.Lock()

    def sizes(self, folder: str) -> dict[str, int]:
        """As in `Storage`."""
        try:
            with self._lock:
                self._fs.invalidate_cache()
                infos = self._fs.find(f"{self._folder}/{folder}", detail=True)
        except FileNotFoundError:
            return {}
        except Exception as error:
            raise unwritable(without_user(self._url), _reason(error)) from error
        return {
            _below(name, self._folder): int(info["size"])
            for name, info in infos.items()
            if not name.endswith(".tmp")
        }

    def read_many(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """As in `Storage`; files are fetched `_FILES_AT_ONCE` at a time."""
        names = iter(names)
        while some := list(islice(names, _FILES_AT_ONCE)):
            paths = [f"{self._folder}/{name}" for name in some]
            with self._lock:
                contents = self._fs.cat_ranges(paths, None, None, on_error="return")
            for name, data in zip(some, contents, strict=True):
                if isinstance(data, bytes):
                    yield name, data

    def make(self, name: str, maker: Callable[[Path], object]) -> None:
        """As in `Storage`."""
        with tempfile.TemporaryDirectory(prefix="hinge-dowel-") as folder:
            path = Path(folder) / PurePosixPath(name).name
            maker(path)
            self._put(path, name)

    def _put(self, path: Path, name: str) -> None:
        target = f"{self._folder}/{name}"
        try:
            with self._lock:
                try:
                    self._send(path, target)
                except Exception:
                    # Some servers close a connection that was idle while a clip was checked.
                    self._fs, _ = _opened(self._url, new_connection=True)
                    self._send(path, target)
        except Exception as error:
            raise unwritable(without_user(self._url), _reason(error)) from error

    def _send(self, path: Path, target: str) -> None:
        self._fs.makedirs(str(PurePosixPath(target).parent), exist_ok=True)
        if not _renames(self._fs):
            self._fs.put_file(str(path), target)
            return
        self._fs.put_file(str(path), f"{target}.tmp")
        self._fs.mv(f"{target}.tmp", target)


def _opened(url: str, *, new_connection: bool = False) -> tuple[AbstractFileSystem, str]:
    """Return the file system behind a URL, and the path in it.

    Raises `UsageError` where a package is missing or the place cannot be reached.
    """
    shown = without_user(url.removeprefix(_IN_ZIP))
    try:
        import fsspec.core  # noqa: F401
    except ImportError as error:
        raise UsageError(f"Reading {shown} needs fsspec: {install_hint('fsspec')}") from error
    try:
        fs, path = _connected(url, new_connection=new_connection)
    except UsageError:
        raise
    except ImportError as error:
        schemes = re.findall(r"([a-z0-9+.-]+)://", url.lower())  # several in a chain
        needed = next((NEEDED[scheme] for scheme in schemes if scheme in NEEDED), None)
        if needed:
            names = " and ".join(needed)
            raise UsageError(f"Opening {shown} needs {names}: {install_hint(*needed)}") from error
        raise UsageError(f"Cannot open {shown}: {_reason(error)}.") from error  # it names them
    except Exception as error:
        raise UsageError(
            f"Cannot open {shown} ({_reason(error)}): check the address, or name a copy of it on "
            "this machine."
        ) from error
    return fs, path


def _connected(url: str, *, new_connection: bool) -> tuple[AbstractFileSystem, str]:
    """As `url_to_fs`, but an archive whose web server gives no parts of a file is fetched whole.

    Python's own `http.server` is one of those. Names in the archive stay as they are.
    """
    from fsspec.core import url_to_fs

    try:
        fs, path = url_to_fs(url, skip_instance_cache=new_connection)
    except ValueError:
        inside, _, archive = url.rpartition("::")
        if not inside.startswith("zip://") or not archive.lower().startswith(("http:", "https:")):
            raise
        server, place = url_to_fs(archive)
        size = server.info(place).get("size")
        if size is None or size > _LARGEST_ARCHIVE_BYTES:
            told = "of unknown size" if size is None else f"{size / 1e9:.1f} GB large"
            raise UsageError(
                f"{without_user(archive)} is {told}, and its server gives it only whole: name a "
                "copy of it on this machine."
            ) from None
        chain = f"{inside}::simplecache::{archive}"
        fs, path = url_to_fs(chain, simplecache={"cache_storage": _archives().name})
    return fs, str(path)


@cache
def _archives() -> tempfile.TemporaryDirectory[str]:
    """The folder for archives that are fetched whole; it goes when this process ends."""
    return tempfile.TemporaryDirectory(prefix="hinge-dowel-", ignore_cleanup_errors=True)


def _renames(fs: AbstractFileSystem) -> bool:
    """Return whether files can be moved: object stores would copy and delete them."""
    from fsspec import AbstractFileSystem

    return type(fs).mv is not AbstractFileSystem.mv


def _below(name: str, root: str) -> str:
    return name.strip("/").removeprefix(root.strip("/")).lstrip("/")


def _keypoints(
    fs: AbstractFileSystem, names: Mapping[str, str], columns: Columns | None
) -> Found[str]:
    """Return those of the names below a folder, with their paths, that are keypoints."""
    folders: dict[PurePosixPath, list[str]] = {}
    places: dict[PurePosixPath, int] = {}
    for name in names:
        folders.setdefault(PurePosixPath(name).parent, []).append(PurePosixPath(name).name)
    found: Found[str] = Found([])
    with tempfile.TemporaryDirectory(prefix="hinge-dowel-") as folder:

        def fetch(parent: PurePosixPath, name: str) -> Path:
            # Files of another folder are not beside it, numbered or not.
            path = Path(folder) / str(places.setdefault(parent, len(places))) / _file_name(name)
            path.parent.mkdir(exist_ok=True)
            fs.get_file(names[str(parent / name)], str(path))
            return path

        for parent, files in folders.items():
            own = keypoints_among(files, partial(fetch, parent), columns)
            found.clips.extend(str(parent / name) for name in own.clips)
            found.left_out.extend((str(parent / name), why) for name, why in own.left_out)
    return Found(sorted(found.clips), found.left_out)


def _whole(fs: AbstractFileSystem, path: str) -> list[str]:
    """Return the files that make one clip: all of a numbered series in order, or `path` alone."""
    folder, _, name = path.rpartition("/")
    pattern = series_pattern(name)
    if pattern is None:
        return [path]
    try:
        files = [str(other).rstrip("/") for other in fs.ls(folder, detail=False)]
    except Exception:
        return [path]  # a server that cannot list folders only has single files
    matches = ((pattern.match(other.rpartition("/")[2]), other) for other in files)
    numbered = sorted((int(match[1]), other) for match, other in matches if match)
    return [other for _, other in numbered] or [path]


def _file_name(name: str) -> str:
    """Return a file name that is valid on any system."""
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", name)[-_LONGEST_NAME_CHARACTERS:] or "clip"


def _reason(error: Exception) -> str:
    """Return an outside error in half a line, without passwords."""
    if isinstance(error, UsageError) and isinstance(error.__cause__, Exception):
        return _reason(error.__cause__)  # the cause fits into a sentence, a whole sentence does not
    if isinstance(error, EOFError):
        return "the other side has hung up"
    text = getattr(error, "strerror", None) or str(error)
    return without_user(text.strip().partition("\n")[0].rstrip(".")) or type(error).__name__
