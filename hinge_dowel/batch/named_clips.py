"""Which clips the paths and URLs given to a command name, and what they are called in results."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from hinge_dowel.batch import remote
from hinge_dowel.batch.results_folder import MADE, STATE
from hinge_dowel.errors import UsageError
from hinge_dowel.keypoints.discovery import Found, find_clips
from hinge_dowel.keypoints.formats import Columns
from hinge_dowel.system.names import (
    below,
    is_url,
    path_within,
    printable,
    without_secrets,
    without_user,
)

ARCHIVE_HERE = "zip://::file://"
"""Beginning of the URL of a zip archive on this machine."""


def sources_of(paths: Sequence[str]) -> list[Path | str]:
    """Return what typed paths name: paths and URLs, for a zip archive the URL of its content.

    Wildcards are expanded, as the shells of Windows do not; URLs and paths that exist as written
    are not. Raises `UsageError` for a pattern that matches nothing, and for an empty path, which
    would be this folder.
    """
    if "" in paths:
        raise UsageError("A path is empty: name a clip, or . for this folder.")
    return [_source(match) for path in paths for match in _matches(path)]


def _matches(path: str) -> list[str]:
    if is_url(path) or not glob.has_magic(path) or Path(path).exists():
        return [path]
    files = sorted(glob.glob(path, recursive=True))  # noqa: PTH207  (may be absolute)
    if not files:
        raise UsageError(f"Nothing here is called {path}: check the name.")
    return files


def _source(path: str) -> Path | str:
    archive = path_within(path).suffix.lower() == ".zip"
    if is_url(path):
        return f"zip://::{path}" if archive and not path.startswith("zip:") else path
    if archive and Path(path).is_file():
        return f"{ARCHIVE_HERE}{Path(path).absolute().as_posix()}"
    return Path(path)


def clips_in(
    sources: Sequence[Path | str], out: str | None, columns: Columns | None = None
) -> Found[Path | str]:
    """Return all clips that paths and URLs name, without what an earlier run made of them.

    `columns` says which columns of tables of keypoints are what.
    """
    clips: list[Path | str] = []
    left_out: list[tuple[Path | str, str]] = []
    # Not `resolve` for clips, which raises for a link to itself before Python 3.13.
    folder = None if out is None else out if is_url(out) else Path(out).resolve().as_posix()
    for source in sources:
        found = _found(source, columns)
        own = [one for one in found.clips if one == source or not _made(one, source, folder)]
        if found.clips and not own and isinstance(source, Path):
            raise UsageError(
                f"{printable(str(source))} holds only what hinge-dowel has made of clips: check "
                "the clips themselves."
            )
        clips += own
        left_out += [one for one in found.left_out if not _made(one[0], source, folder)]
    return Found(list(dict.fromkeys(clips)), list(dict.fromkeys(left_out)))


def _found(source: Path | str, columns: Columns | None) -> Found[Path] | Found[str]:
    if isinstance(source, Path):
        return find_clips([source], columns)
    try:
        return remote.find_clips(source, columns)
    except UsageError:
        # An archive without clips counts as one bad clip and does not end the batch.
        if not source.startswith(ARCHIVE_HERE):
            raise
        return Found([Path(source.removeprefix(ARCHIVE_HERE))])


def _made(file: Path | str, source: Path | str, out: str | None) -> bool:
    """Return whether a run has made a file: this one's earlier one, or any within `source`.

    In an annotated clip a stick is drawn over the back, which is then not seen.
    """
    return _made_in(out, file) or (
        isinstance(file, Path)
        and any(
            place.is_relative_to(source)
            and file.relative_to(place).as_posix().startswith(MADE)
            and (place / STATE).is_dir()
            for place in file.parents
        )
    )


def _made_in(folder: str | None, file: Path | str) -> bool:
    """Return whether a file lies where an earlier run with this folder has put its results."""
    inside = f"{folder}/"
    place = file if isinstance(file, str) else Path(os.path.realpath(file)).as_posix()
    return place.startswith(inside) and place.removeprefix(inside).startswith(MADE)


def clip_names(clips: Sequence[Path | str], sources: Sequence[Path | str] = ()) -> list[str]:
    """Return a unique name for each clip: its path in a folder of `sources`, else its file name.

    Clips that would share a name get their whole path or URL, and where those are alike too the
    beginning of a digest behind it. Names end up in results: they have no
    password, and nothing that follows the path of a web address.
    """
    folders = [source for source in sources if isinstance(source, str) or source.is_dir()]
    names = [_name_within(clip, folders) for clip in clips]
    seen = Counter(names)
    whole = [
        name if seen[name] == 1 else _shown(clip) if isinstance(clip, str) else clip.as_posix()
        for name, clip in zip(names, clips, strict=True)
    ]
    seen = Counter(whole)
    return [
        name if seen[name] == 1 else f"{name} {sha256(str(clip).encode()).hexdigest()[:8]}"
        for name, clip in zip(whole, clips, strict=True)
    ]


def _name_within(clip: Path | str, folders: Sequence[Path | str]) -> str:
    for folder in folders:
        if isinstance(clip, str):
            if isinstance(folder, str) and (inside := _inside(clip, folder)):
                return inside
        elif isinstance(folder, Path) and clip.is_relative_to(folder):
            return clip.relative_to(folder).as_posix()
    if isinstance(clip, str):
        return path_within(clip).name or _shown(clip)
    return clip.name


def _inside(clip: str, folder: str) -> str:
    """Return the path of a clip relative to a folder, both URLs; '' where it is elsewhere."""
    parts = path_within(clip).parts
    ways = ("/".join(parts[first:]) for first in range(len(parts)))
    return next((way for way in ways if below(folder, way) == clip), "")


def _shown(url: str) -> str:
    # In storage, ? and # may be part of a name.
    return without_secrets(url) if url.startswith("http") else without_user(url)
