"""The time at which a clip was made."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path


def made_at(clip: Path | str) -> datetime | None:
    """Return when a file was last changed (local time zone); None for a URL, or if unknown."""
    if isinstance(clip, Path):
        with suppress(OSError, OverflowError, ValueError):
            return datetime.fromtimestamp(clip.stat().st_mtime).astimezone()
    return None
