"""Which clips a command names: files of video, and of keypoints, found in folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from hinge_dowel.errors import UsageError
from hinge_dowel.keypoints.formats import is_keypoints, series_of, series_pattern
from hinge_dowel.system.names import printable
from hinge_dowel.video import numbered_pictures
from hinge_dowel.video.reader import VIDEO_SUFFIXES

LEAST_SERIES = 5
"""So many numbered files of JSON or text beside each other may be a series, whatever they are
called, by choice."""
PLAYLIST = ".m3u8"
"""The suffix of a list of films, as cameras on a network write them."""
_OF_THE_SYSTEM = ("lost+found", "System Volume Information", "$RECYCLE.BIN")
"""Folders on disks and cards that nobody put clips into, and that only the system may open."""


def find_clips(paths: Sequence[Path]) -> list[Path]:
    """List the clips that `paths` name: files as given, folders searched whole.

    In a folder, files with a video suffix count, sorted by path, at any depth; hidden files and
    folders are left out, and links to folders not followed. Where it has none, files that are
    keypoints without doubt do, else the first of numbered pictures, which also stands for each of
    them and for their pattern (%04d.png). A folder below that may not be read and a film's link
    that leads nowhere are listed too, as clips that cannot be checked. A clip named twice is listed
    once, where it came first. Raises `UsageError` for a path that does not exist and for a folder
    without clips, `OSError` for one that may not be read.
    """
    found: list[Path] = []
    for path in paths:
        found += _clips_at(path)
    return numbered_pictures.firsts(found)


def _clips_at(path: Path) -> list[Path]:
    """The clips that one path names. Raises as `find_clips` does."""
    if not path.is_dir():
        if found := [path] if path.exists() else numbered_pictures.like(path):
            return found
        raise UsageError(f"There is no file or folder {printable(str(path))}: check the name.")
    files, closed = _below(path)
    clips = [file for file in files if file.suffix.lower() in VIDEO_SUFFIXES]
    clips = clips or _keypoint_files(files) or numbered_pictures.firsts(files, only=True)
    if not clips and not closed:
        none = f"There is no video clip in the folder {printable(str(path))}:"
        tables = [file for file in files if is_keypoints(file) and file.suffix.lower() != ".txt"]
        if tables:
            raise UsageError(
                f"{none} name files of keypoints themselves, as {_pattern(tables[0])}."
            )
        raise UsageError(
            f"{none} name the file itself where its ending is another, such as .ts or .gif."
        )
    return sorted([*clips, *closed])


def _pattern(file: Path) -> str:
    """The files of one kind in a folder as they are typed on any system: expanded here or there."""
    return printable(str(file.with_name(f"*{file.suffix}")))


def _below(folder: Path) -> tuple[list[Path], list[Path]]:
    """All files below a folder; folders that may not be read and links of films that lead nowhere.

    Both are sorted, and none is hidden.

    Raises `OSError` if it may not be read itself.
    """
    files: list[Path] = []
    closed: list[Path] = []
    next(folder.iterdir(), None)
    for place, folders, names in os.walk(folder, onerror=lambda e: closed.append(Path(e.filename))):
        folders[:] = [name for name in folders if name[0] != "." and name not in _OF_THE_SYSTEM]
        files += [Path(place, name) for name in names if name[0] != "."]
    closed += (
        file
        for file in files
        if file.suffix.lower() in VIDEO_SUFFIXES and not os.path.exists(file)  # noqa: PTH110
    )
    # Pipes, which wait without end, and devices are no files.
    return sorted(file for file in files if os.path.isfile(file)), sorted(closed)  # noqa: PTH113


def whole_of(path: Path) -> list[Path]:
    """The files that are read for one: itself, of a numbered series of keypoints or pictures all
    others, and of a playlist the films it lists.

    Raises OSError where a playlist cannot be read.
    """
    if pictures := numbered_pictures.series_of(path):
        return [picture for _, picture in pictures]
    if path.suffix.lower() == PLAYLIST:
        return _with_films(path)
    try:
        return [file for _, file in series_of(path)] or [path]
    except OSError:
        return [path]


def _with_films(path: Path) -> list[Path]:
    """A playlist and the files it lists, and those that they list if they are playlists too."""
    found = [path]
    for file in found:  # it grows
        lines = file.read_text(errors="replace") if file.suffix.lower() == PLAYLIST else ""
        listed = (file.parent / line for line in lines.splitlines() if line[:1] not in "#")
        found += [other for other in dict.fromkeys(listed) if other not in found]
    return found


def _keypoint_files(files: Sequence[Path]) -> list[Path]:
    """Of the files below a folder those that are keypoints without doubt, sorted."""
    folder = attrgetter("parent")
    return sorted(
        place / name
        for place, own in groupby(sorted(files, key=folder), folder)
        for name in first_of_series([file.name for file in own], place.joinpath)
    )


def first_of_series(names: list[str], here: Callable[[str], Path]) -> list[str]:
    """Of file names in one folder those without doubt of keypoints, of a series the first.

    Those are .trc and .c3d files, and series of numbered JSON: all that OpenPose has named, and
    others of five files or more, of which every one counts that holds a film of its own; and YOLO's
    labels. Other JSON, CSV and npz files may be anything. `here` gives a file to look into.
    """
    from hinge_dowel.keypoints.json_files import holds_film
    from hinge_dowel.keypoints.yolo_labels import is_label

    series: dict[str, list[str]] = {}
    for name in sorted(names):
        low = name.lower()
        pattern = series_pattern(low)
        if pattern is not None or low.endswith((".trc", ".c3d")):
            series.setdefault(pattern.pattern if pattern else name, []).append(name)
    out: list[str] = []
    for found in series.values():
        if found[0].lower().endswith((".trc", ".c3d", "_keypoints.json")):
            out += found[:1]
        elif len(found) >= LEAST_SERIES and found[0].lower().endswith(".json"):
            out += found if holds_film(here(found[0])) else found[:1]
        elif len(found) >= LEAST_SERIES and is_label(here(found[0])):
            out += found[:1]
    return sorted(out)
