"""Playlists of films (.m3u8), as cameras on a network write them."""

from __future__ import annotations

from pathlib import Path

SUFFIX = ".m3u8"


def is_playlist(path: Path) -> bool:
    """Whether a file is a playlist, by its suffix."""
    return path.suffix.lower() == SUFFIX


def with_films(path: Path) -> list[Path]:
    """A playlist and the files it lists, and those that they list if they are playlists too.

    Raises OSError where one of them cannot be read.
    """
    found = [path]
    for file in found:  # it grows
        lines = file.read_text(errors="replace") if is_playlist(file) else ""
        listed = (file.parent / line for line in lines.splitlines() if line[:1] not in "#")
        found += [other for other in dict.fromkeys(listed) if other not in found]
    return found
