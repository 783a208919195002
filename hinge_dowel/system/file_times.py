"""When a file was made."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path


def made_at(clip: Path | str) -> datetime | None:
    """When a file was last changed; None for a URL, and for what cannot be asked."""
    if isinstance(clip, Path):
        with suppress(OSError, OverflowError, ValueError):
            return datetime.fromtimestamp(clip.stat().st_mtime).astimezone()
    return None
