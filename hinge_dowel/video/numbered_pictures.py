"""Films that are a folder of numbered pictures (frame_0001.png), as extractors write them.

They are handed to FFmpeg as a list that says how long each is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff"})
LEAST_COUNT = 5
"""So many pictures with the same name but for their numbers may be a film, by choice."""
_NUMBERED = re.compile(r"(.*?)(\d+)(\.\w+)")
_PLACE = re.compile(r"%0?\d*d")


def series_of(path: Path) -> list[tuple[int, Path]]:
    """The numbered pictures of which `path` is one: number and path, in order; else nothing."""
    own = _NUMBERED.fullmatch(path.name)
    if path.suffix.lower() not in SUFFIXES or not own:
        return []
    try:
        found = [(_NUMBERED.fullmatch(other.name), other) for other in path.parent.iterdir()]
    except OSError:
        return []
    name = own.group(1, 3)
    same = sorted((int(m[2]), other) for m, other in found if m and m.group(1, 3) == name)
    return same if len(same) >= LEAST_COUNT else []


def firsts(paths: Iterable[Path], *, only: bool = False) -> list[Path]:
    """The same paths, of numbered pictures the first alone; with `only` these and no others."""
    out: list[Path] = []
    covered: set[Path] = set()
    for path in paths:
        if path not in covered:
            series = [one for _, one in series_of(path)]
            covered.update(series)
            out += series[:1] or ([] if only else [path])
    return list(dict.fromkeys(out))


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
