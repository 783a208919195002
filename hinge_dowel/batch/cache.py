"""A cache of each clip's record (what the pose model saw) and verdict.

Numbers and words only, never a picture. The key of a record is the hash of the clip's content and
the version of all code that made it, that of a verdict the settings too: entries are never stale,
whatever the clip's name. Damaged and foreign files are ignored.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO, Any

import numpy as np

from hinge_dowel.batch.arrays import MOST_BYTES, arrays_of, unpack_arrays, write_arrays
from hinge_dowel.batch.fingerprint import pose_version, program_version
from hinge_dowel.body.outline import OUTLINE_SIZE
from hinge_dowel.keypoints.discovery import whole_of
from hinge_dowel.pose.extraction import Record
from hinge_dowel.pose.network import ANSWER_SIZE
from hinge_dowel.system.atomic_files import remove_stale, swapping
from hinge_dowel.system.paths import cache_dir, make_private
from hinge_dowel.system.plain_values import built, plain
from hinge_dowel.verdict import Verdict

LIMIT_BYTES = 2 << 30
"""Largest size of the cache on disk, a choice: about 7,000 clips of 20 s, each of which is 300
pictures of 960 bytes."""
TRIM_EVERY_CLIPS = 200
"""Clips from one trim of the cache to the next. A choice: they add 3 % to a full cache."""
_TRIMMED_SHARE = 0.9
"""Size after a trim as a share of the limit, so that the next trim need not delete. A choice."""


def content_key(path: Path) -> str | None:
    """Return the hash of a clip's content; None for anything but a readable plain file.

    A numbered series of keypoints is one clip: all of its files count.
    """
    try:
        if not path.is_file():
            return None
        keys = []
        for part in whole_of(path):
            with part.open("rb") as file:
                keys.append(hashlib.file_digest(file, "sha256").hexdigest())
    except OSError:
        return None
    return keys[0] if len(keys) == 1 else hashlib.sha256("".join(keys).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RecordCache:
    """Records and verdicts in a folder, no more than `limit_bytes` of them after `trim`."""

    folder: Path
    limit_bytes: int = LIMIT_BYTES

    @classmethod
    def own(cls) -> RecordCache:
        """Return the user's own cache."""
        return cls(cache_dir() / "records")

    def load(self, content: str) -> Record | None:
        """Return the record of a clip with this content, or None; remove a damaged one."""
        path = self._path(content)
        try:
            return _record(_read(path))
        except OSError:
            return None
        except ValueError:
            with suppress(OSError):
                path.unlink()
            return None

    def save(self, content: str, record: Record) -> None:
        """Store a record; if the cache cannot be written, do nothing."""
        _store(self._path(content), lambda file: write_arrays(file, arrays_of(record)))

    def verdict(self, content: str, settings: str) -> Verdict | None:
        """Return this program version's verdict on this content and settings, or None."""
        try:
            return built(Verdict, json.loads(_read(self._verdict_path(content, settings))))
        except (OSError, ValueError, RecursionError):
            return None

    def keep_verdict(self, content: str, settings: str, verdict: Verdict) -> None:
        """Store a verdict; if the cache cannot be written, do nothing."""
        data = json.dumps(plain(verdict), allow_nan=False).encode()
        _store(self._verdict_path(content, settings), lambda file: file.write(data))

    def trim(self) -> None:
        """Remove old temporary files, then the least recently used entries beyond the limit."""
        remove_stale(self.folder.glob("??/*.tmp"))
        files = sorted(self._files(), key=lambda file: file[0])
        total = sum(size for _, size, _ in files)
        if total <= self.limit_bytes:
            return
        for _, size, path in files:
            if total <= self.limit_bytes * _TRIMMED_SHARE:
                return
            with suppress(OSError):
                path.unlink()
                total -= size

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """Yield time of last use, size in bytes and path of every record and verdict."""
        for path in (*self.folder.glob("??/*.npz"), *self.folder.glob("??/*.json")):
            with suppress(OSError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path

    def _path(self, content: str) -> Path:
        return self._entry(f"{content} {pose_version()}", ".npz")

    def _verdict_path(self, content: str, settings: str) -> Path:
        return self._entry(f"{content} {program_version()} {settings}", ".json")

    def _entry(self, of: str, suffix: str) -> Path:
        key = hashlib.sha256(of.encode()).hexdigest()
        return self.folder / key[:2] / f"{key}{suffix}"


_FRAMES, _ANY = -1, -2
"""Lengths of a record's arrays: as many as there are frames, and any number."""
_ARRAYS: dict[str, tuple[Any, tuple[int, ...]]] = {
    "time_s": (np.float64, (_FRAMES,)),
    "landmarks": (np.float32, (_FRAMES, 33, 4)),
    "outlines": (np.float32, (_FRAMES, OUTLINE_SIZE)),
    "light": (np.float32, (_FRAMES,)),
    "network": (np.float32, (_FRAMES, ANSWER_SIZE)),
    "cuts_s": (np.float64, (_ANY,)),
    "size_px": (np.int64, (2,)),
    "shown_px": (np.int64, (4,)),
    "hidden": (np.bool_, ()),
}
"""Type and shape of a record's arrays."""
_OPTIONAL = ("outlines", "light", "network", "size_px", "shown_px")
"""What a record may lack: an empty array stands for it."""


def _store(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file for this user alone, all or nothing; if that cannot be, do nothing."""
    with suppress(OSError):
        make_private(path.parent)
        with swapping(path, mode=0o600) as part, part.open("wb") as file:
            write(file)


def _read(path: Path) -> bytes:
    """Return a file's content; mark it as used, as `trim` removes the least recently used first.

    Raises `OSError`, and `ValueError` for a file too large to be an entry.
    """
    if path.stat().st_size > MOST_BYTES:
        raise ValueError("too large")
    content = path.read_bytes()
    with suppress(OSError):
        os.utime(path)
    return content


def _record(data: bytes) -> Record:
    """Return the record in a file's bytes. Raises `ValueError` for one that is not valid."""
    arrays: dict[str, Any] = unpack_arrays(data)
    if missing := {field.name for field in fields(Record)} - arrays.keys():
        raise ValueError(f"{missing} is missing")
    time_s, cuts_s, size, remarks = (
        arrays[name] for name in ("time_s", "cuts_s", "size_px", "remarks")
    )
    for name, (kind, shape) in _ARRAYS.items():
        held = arrays[name]
        lengths = {_FRAMES: time_s.size, _ANY: held.size}
        if name in _OPTIONAL and not held.size:
            arrays[name] = None
        elif (held.dtype, held.shape) != (kind, tuple(lengths.get(n, n) for n in shape)):
            raise ValueError(f"{name} has another shape or type")
    if remarks.ndim != 1 or (remarks.size and remarks.dtype.kind != "U"):
        raise ValueError("its remarks are no sentences")
    if not np.isin(cuts_s, time_s).all():
        raise ValueError("its cuts are at no pictures")
    if not np.isfinite(time_s).all() or (np.diff(time_s) <= 0).any():
        raise ValueError("its times do not rise")
    single = {
        "size_px": None if arrays["size_px"] is None else tuple(size.tolist()),
        "remarks": tuple(remarks.tolist()),
        "hidden": bool(arrays["hidden"]),
    }
    return Record(**arrays | single)
