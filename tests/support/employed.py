"""Functions for worker processes that film and measure, which import them by name."""

from __future__ import annotations

import os
from pathlib import Path

from accuracy.crew import crew

_PREPARED: list[str] = []


def prepare(word: str) -> None:
    _PREPARED.append(word)


def prepared() -> list[str]:
    return _PREPARED


def busy(note: str) -> None:
    Path(note).write_text(str(os.getpid()))
    while True:
        sum(range(1000))


def employ(folder: str) -> None:
    with crew(2) as pool:
        for name in ("a", "b"):
            pool.submit(busy, f"{folder}/{name}")
