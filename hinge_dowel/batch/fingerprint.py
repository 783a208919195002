"""Digests of the program's own files, so that stored results depend on all that made them."""

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
"""The libraries that a record depends on."""


@cache
def pose_version() -> str:
    """Return a digest of all code, models and libraries that a clip's record depends on."""
    names = [name for name in sorted(_sources(files("hinge_dowel"))) if name.startswith(POSE_STAGE)]
    return _digest(names, POSE_LIBRARIES)


@cache
def program_version() -> str:
    """Return a digest of all code, data files and libraries that a verdict depends on."""
    names = sorted(_sources(files("hinge_dowel")))
    return _digest(names, (*POSE_LIBRARIES, "scipy"))


def _sources(folder: Traversable, inside: str = "") -> Iterator[str]:
    """Yield the relative names of all code and data files below a folder."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _sources(entry, f"{inside}{entry.name}/")
        elif entry.name.endswith((".py", ".npz", ".onnx")):
            yield inside + entry.name


def _digest(names: Iterable[str], libraries: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        source = files("hinge_dowel").joinpath(name)
        # A frozen program has no sources; then only its release number counts.
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
