"""What a stored result depends on, told from the program itself, so that nobody can forget it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

POSE_STAGE = ("body/", "video/", "pose/")
"""The packages that turn a clip into a record of what the pose model saw."""
POSE_LIBRARIES = ("av", "mediapipe", "numpy")
"""The libraries that do."""


@cache
def pose_version() -> str:
    """Changes whenever the same clip may be seen otherwise: other code, model or libraries."""
    names = [name for name in sorted(_sources(files("hinge_dowel"))) if name.startswith(POSE_STAGE)]
    return _digest(names, POSE_LIBRARIES)


@cache
def program_version() -> str:
    """Changes whenever the same clip may be judged otherwise: any code or data file here."""
    names = sorted(_sources(files("hinge_dowel")))
    return _digest(names, (*POSE_LIBRARIES, "scipy"))


def _sources(folder: Traversable, inside: str = "") -> Iterator[str]:
    """Every file of code and of data below a folder, by its name from there."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _sources(entry, f"{inside}{entry.name}/")
        elif entry.name.endswith((".py", ".npz", ".onnx")):
            yield inside + entry.name


def _digest(names: Iterable[str], libraries: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        source = files("hinge_dowel").joinpath(name)
        # A frozen program has no sources; then its release number must do.
        content = source.read_bytes() if source.is_file() else b""
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    for library in ("hinge-dowel", *libraries):
        digest.update(f"{library} {_release(library)}\n".encode())
    return digest.hexdigest()


def _release(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "unknown"
