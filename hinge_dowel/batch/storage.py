"""Storage for results: a folder on this machine, or (in `remote`) one behind a URL."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from hinge_dowel.errors import OutputError
from hinge_dowel.system.atomic_files import remove_stale, swapping

_LONGEST_NAME_CHARACTERS = 80
"""Characters kept of a clip's name. File systems take 255 bytes; a letter takes up to three in
UTF-8, and a digest, a suffix and that of a temporary file are added."""
_PLAIN = re.compile(r"[^\w .-]+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


class Storage(ABC):
    """A folder to write results to. Names in it are relative, with forward slashes.

    Writing raises `OutputError` on failure, in a sentence that says what to do.
    """

    @abstractmethod
    def sizes(self, folder: str) -> dict[str, int]:
        """Return the files below a subfolder: sizes in bytes by name."""

    @abstractmethod
    def read_many(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of those files that can be read, in order."""

    @abstractmethod
    def make(self, name: str, maker: Callable[[Path], object]) -> None:
        """Make a file, all or nothing; `maker` writes it to the local path it is called with."""

    def write(self, name: str, data: bytes) -> None:
        """Write a file, all or nothing."""
        self.make(name, lambda path: path.write_bytes(data))

    def local(self) -> Path | None:
        """Return the folder's path if it is on this machine, else None."""
        return None


@dataclass(frozen=True, slots=True)
class LocalStorage(Storage):
    """A folder on this machine; created with the first file."""

    root: Path

    def sizes(self, folder: str) -> dict[str, int]:
        """As in `Storage`; temporary files are left out, and removed when they are old."""
        sizes = {}
        for path in self.root.joinpath(folder).rglob("*"):
            with suppress(OSError):
                if path.suffix == ".tmp":
                    remove_stale([path])
                elif path.is_file():
                    sizes[path.relative_to(self.root).as_posix()] = path.stat().st_size
        return sizes

    def read_many(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """As in `Storage`."""
        for name in names:
            with suppress(OSError):
                yield name, (self.root / name).read_bytes()

    def make(self, name: str, maker: Callable[[Path], object]) -> None:
        """As in `Storage`."""
        target = self.root / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with swapping(target) as part:
                maker(part)
        except OSError as error:
            raise unwritable(str(self.root), error.strerror) from error

    def local(self) -> Path:
        """As in `Storage`."""
        return self.root


def unwritable(where: str, why: str | None) -> OutputError:
    """Return the error for results that cannot be written."""
    return OutputError(
        f"Cannot write to {where} ({why or 'no reason is given'}); put that right and run the same "
        "command again, which goes on where this one stopped."
    )


def file_name(clip: str) -> str:
    """Return a file name without suffix for a clip: valid on any system, unique to the clip."""
    stem = clip.removesuffix(".mp4")
    plain = _PLAIN.sub("_", stem).lstrip(".- ")[-_LONGEST_NAME_CHARACTERS:].strip(".- ")
    # A changed name, or one with a second suffix, could collide with another clip's plain name.
    changed = plain != stem or (stem != clip and PurePosixPath(stem).suffix)
    if not changed and plain and not _RESERVED.fullmatch(plain):
        return plain
    digest = sha256(clip.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain}-{digest}" if plain.strip("_") else digest
