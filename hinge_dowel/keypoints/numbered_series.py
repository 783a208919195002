"""Numbered series: keypoints in a file for each frame, as OpenPose and YOLO write them."""

from __future__ import annotations

import re
from pathlib import Path

_NUMBERED = re.compile(r"^(?P<stem>.*?)(?P<number>\d+)(?P<tail>(?:_keypoints)?\.json|\.txt)$")
"""Such as set_000000000012_keypoints.json, frame12.json, and clip_12.txt."""


def series_of(path: Path) -> list[tuple[int, Path]]:
    """The numbered files of which `path` is one, a file a frame: number and path, in order."""
    pattern = series_pattern(path.name)
    if pattern is None:
        return [(0, path)]
    found = ((pattern.match(other.name), other) for other in path.parent.iterdir())
    return sorted((int(m[1]), other) for m, other in found if m)


def series_pattern(name: str) -> re.Pattern[str] | None:
    """What the names of all files of the same series match, with the number as first group."""
    match = _NUMBERED.match(name)
    if not match:
        return None
    return re.compile(rf"^{re.escape(match['stem'])}(\d+){re.escape(match['tail'])}$")
