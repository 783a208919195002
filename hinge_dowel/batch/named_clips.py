"""Which clips the paths and URLs given to a command name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from hinge_dowel.batch import remote
from hinge_dowel.batch.results_folder import FILMS
from hinge_dowel.errors import UsageError
from hinge_dowel.keypoints.discovery import find_clips
from hinge_dowel.system.names import is_url, path_within

ARCHIVE_HERE = "zip://::file://"
"""Beginning of the URL of a zip archive on this machine."""


def place(path: str) -> Path | str:
    """Return a path or URL; for a zip archive the URL of its content."""
    archive = path_within(path).suffix.lower() == ".zip"
    if is_url(path):
        return f"zip://::{path}" if archive and not path.startswith("zip:") else path
    if archive and Path(path).is_file():
        return f"{ARCHIVE_HERE}{Path(path).absolute().as_posix()}"
    return Path(path)


def clips_in(given: Sequence[Path | str], out: str | None) -> list[Path | str]:
    """Return all clips named, without the annotated ones that an earlier run has written."""
    drawn = None if out is None else Path(out).resolve() / FILMS
    found: list[Path | str] = []
    for where in given:
        if isinstance(where, str):
            films = f"{out}/{FILMS}/"
            try:
                inside = remote.find_clips(where)
            except UsageError:
                # An archive without clips counts as one bad clip and does not end the batch.
                if not where.startswith(ARCHIVE_HERE):
                    raise
                found.append(Path(where.removeprefix(ARCHIVE_HERE)))
                continue
            found += [clip for clip in inside if not clip.startswith(films)]
            continue
        for clip in find_clips([where]):
            # Not `resolve`, which raises for a link to itself before Python 3.13.
            if clip == where or drawn is None or drawn not in Path(os.path.realpath(clip)).parents:
                found.append(clip)
    return list(dict.fromkeys(found))
