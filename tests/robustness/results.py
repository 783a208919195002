"""RESULTS.md of this folder: each command that measures something writes a block of its own.

A block stands between two comments that name it, and holds its heading. `write_block` replaces
one block and leaves the others, so that commands can be run in any order.
"""

from __future__ import annotations

import datetime
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

from hinge_dowel.system.atomic_files import write_text

RESULTS = Path(__file__).with_name("RESULTS.md")

ORDER = ("fuzz", "endurance", "scenes")
"""Names of the blocks, in the order they are read in."""

DATE = r"20\d\d-[01]\d-[0-3]\d"

_HEAD = """# How it holds up

Written by the commands named in each part.
"""


def write_block(name: str, markdown: str, path: Path = RESULTS) -> None:
    """Put `markdown`, which starts with its heading, into the block `name` of the file.

    Raises `ValueError` for a name that `ORDER` does not hold, and for a block that could not be
    found again or says not when it was made.
    """
    if name not in ORDER:
        raise ValueError(f"{name} is not one of {', '.join(ORDER)}")
    lines = markdown.strip().splitlines()
    if not lines or not lines[0].startswith("## ") or not re.search(DATE, markdown):
        raise ValueError("a block begins with its heading and says when it was made")
    if any(line.startswith("<!--") for line in lines):
        raise ValueError("a block holds no comments, which mark where blocks begin and end")
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    blocks = {known: _block(old, known) for known in ORDER} | {name: markdown.strip()}
    parts = [f"{_start(n)}\n{text}\n{_end(n)}\n" for n, text in blocks.items() if text]
    write_text(path, "\n".join([_HEAD, *parts]))


def made_on() -> str:
    """One line: the day, the versions and the machine that figures were made with."""
    return (
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, Python {platform.python_version()},"
        f" mediapipe {version('mediapipe')}, PyAV {version('av')}, {platform.system()},"
        f" {os.cpu_count()} cores."
    )


def _start(name: str) -> str:
    return f"<!-- {name} -->"


def _end(name: str) -> str:
    return f"<!-- end of {name} -->"


def _block(text: str, name: str) -> str:
    _, _, rest = text.partition(_start(name) + "\n")
    return rest.partition(_end(name))[0].strip()
