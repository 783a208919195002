"""Films that are a folder of numbered pictures (frame_0001.png), as extractors write them.

They are handed to FFmpeg as a list that says how long each is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path

SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff"})
LEAST_COUNT = 5
"""So many pictures with the same name but for their numbers may be a film, by choice."""
_NUMBERED = re.compile(r"(.*?)(\d+)(\.\w+)")
_PLACE = re.compile(r"%0?\d*d")


def series_of(path: Path) -> list[tuple[int, Path]]:
    """The numbered pictures of which `path` is one: number and path, in order; else nothing."""
    name = _name(path)
    return [] if name is None else _series_in(path.parent).get(name, [])


def firsts(paths: Iterable[Path], *, only: bool = False) -> list[Path]:
    """The same paths, of numbered pictures the first alone; with `only` these and no others."""
    out: list[Path] = []
    series_in = cache(_series_in)  # a folder may hold thousands of pictures
    for path in paths:
        name = _name(path)
        series = [] if name is None else series_in(path.parent).get(name, [])
        out += [one for _, one in series[:1]] or ([] if only else [path])
    return list(dict.fromkeys(out))


def _name(path: Path) -> tuple[str, str] | None:
    """What a numbered picture's name has before and after the number; None for any other file."""
    parts = _NUMBERED.fullmatch(path.name) if path.suffix.lower() in SUFFIXES else None
    return None if parts is None else (parts[1], parts[3])


def _series_in(folder: Path) -> dict[tuple[str, str], list[tuple[int, Path]]]:
    """The series of numbered pictures in a folder, by `_name`."""
    found: dict[tuple[str, str], list[tuple[int, Path]]] = {}
    with suppress(OSError):
        for path in folder.iterdir():
            if parts := _NUMBERED.fullmatch(path.name):
                found.setdefault((parts[1], parts[3]), []).append((int(parts[2]), path))
    return {name: sorted(files) for name, files in found.items() if len(files) >= LEAST_COUNT}


def like(pattern: Path) -> list[Path]:
    """The files that a pattern such as frame_%04d.png names."""
    name = _PLACE.sub("*", pattern.name)
    return [] if name == pattern.name else sorted(pattern.parent.glob(name))


def as_list(pictures: list[tuple[int, Path]], fps: float) -> bytes:
    """The pictures as a list in FFmpeg's language, `fps` of them a second, with gaps."""
    lines = ["ffconcat version 1.0"]
    lasts = [later - number for (number, _), (later, _) in pairwise(pictures)]
    for (_, path), steps in zip(pictures, [*lasts, 1], strict=True):
        name = str(path.absolute()).replace("'", r"'\''")
        lines += [f"file 'file:{name}'", f"option framerate {fps}", f"duration {steps / fps:.9f}"]
    return "\n".join(lines).encode()
