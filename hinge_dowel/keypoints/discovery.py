"""Which clips a command names: files of video, and of keypoints, found in folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path, PurePath
from typing import Generic, TypeVar
from zipfile import BadZipFile, ZipFile

from hinge_dowel.errors import ClipError, UsageError
from hinge_dowel.keypoints.formats import (
    KEYPOINT_SUFFIXES,
    REFUSED,
    Columns,
    series_of,
    series_pattern,
    suffix_of,
)
from hinge_dowel.system.names import printable
from hinge_dowel.video import numbered_pictures
from hinge_dowel.video.reader import VIDEO_SUFFIXES

LEAST_SERIES = 5
"""So many numbered files of JSON or text beside each other may be a series, whatever they are
called, by choice."""
MOST_LOOKED_INTO = 10_000
"""In a folder with more files that may be keypoints those are to be named: to look into so many
takes half a minute. A choice."""
LARGEST_LOOKED_INTO_BYTES = 50_000_000
"""A larger file, or one that holds more (.npz, .xlsx), is taken for a clip unseen: who checks it
has bounds for memory and time. A choice."""
PLAYLIST = ".m3u8"
"""The suffix of a list of films, as cameras on a network write them."""
_SURE = (".trc", ".c3d", ".skeleton", "_keypoints.json")
"""How names end that are of keypoints without doubt."""
_MAY_BE_NOTES = (".csv", ".tsv", ".txt", ".json", ".xml", ".yaml", ".yml", ".xls", ".xlsx", ".ods")
"""Suffixes of what may lie beside films and say something else of them."""
_OF_THE_SYSTEM = ("lost+found", "System Volume Information", "$RECYCLE.BIN")
"""Folders on disks and cards that nobody put clips into, and that only the system may open."""

Place = TypeVar("Place")


@dataclass(frozen=True, slots=True)
class Found(Generic[Place]):
    """The clips that are named, and what was found beside them and is left out: file, and why."""

    clips: list[Place]
    left_out: list[tuple[Place, str]] = field(default_factory=list)


BESIDE_FILMS = "{} lies beside films: name files of keypoints themselves to have them checked."


def find_clips(paths: Sequence[Path], columns: Columns | None = None) -> Found[Path]:
    """List the clips that `paths` name: files as given, folders searched whole.

    In a folder, files with a video suffix count, sorted by path, at any depth; hidden files and
    folders are left out, and links to folders not followed. Where it has none, files of keypoints
    do (`keypoints_among`), else the first of numbered pictures, which also stands for each of
    them and for their pattern (%04d.png). A folder below that may not be read and a film's link
    that leads nowhere are listed too, as clips that cannot be checked. A clip named twice is listed
    once, where it came first. `columns` says which columns of tables are what. Raises `UsageError`
    for a path that does not exist and for a folder without clips, `OSError` for one that may not be
    read.
    """
    found = [_clips_at(path, columns) for path in paths]
    clips = numbered_pictures.firsts([clip for own in found for clip in own.clips])
    return Found(clips, [one for own in found for one in own.left_out if one[0] not in clips])


def _clips_at(path: Path, columns: Columns | None) -> Found[Path]:
    """The clips that one path names. Raises as `find_clips` does."""
    if not path.is_dir():
        if found := [path] if path.exists() else numbered_pictures.like(path):
            return Found(found)
        raise UsageError(f"There is no file or folder {printable(str(path))}: check the name.")
    files, closed = _below(path)
    films = [file for file in files if file.suffix.lower() in VIDEO_SUFFIXES]
    if films:
        return Found(sorted([*films, *closed]), beside_films(files))
    keypoints = _keypoint_files(path, files, columns)
    clips = keypoints.clips or numbered_pictures.firsts(files, only=True)
    if not clips and not closed:
        none = f"There is no video clip in the folder {printable(str(path))}:"
        if keypoints.left_out:
            raise UsageError(f"{none} {printable(keypoints.left_out[0][1])}")
        raise UsageError(
            f"{none} name the file itself where its ending is another, such as .ts or .gif."
        )
    return Found(sorted([*clips, *closed]), keypoints.left_out)


def beside_films(files: Sequence[Place]) -> list[tuple[Place, str]]:
    """Of files in a folder with films those that are keypoints, and that these are left out."""
    names = [PurePath(str(file)) for file in files]
    kept = [
        name.name.lower().endswith(_SURE)
        or (suffix_of(name) in KEYPOINT_SUFFIXES and suffix_of(name) not in _MAY_BE_NOTES)
        for name in names
    ]
    pairs = zip(files, names, strict=True)
    own = [(file, BESIDE_FILMS.format(name.name)) for file, name in pairs]
    return [pair for pair, keep in zip(own, kept, strict=True) if keep]


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


def _keypoint_files(folder: Path, files: Sequence[Path], columns: Columns | None) -> Found[Path]:
    """Of the files below a folder those that are keypoints, sorted, and those that are none."""
    require_few(printable(str(folder)), files)
    parent = attrgetter("parent")
    clips: list[Path] = []
    left_out: list[tuple[Path, str]] = []
    for place, own in groupby(sorted(files, key=parent), parent):
        found = keypoints_among([file.name for file in own], place.joinpath, columns)
        clips += map(place.joinpath, found.clips)
        left_out += [(place / name, why) for name, why in found.left_out]
    return Found(sorted(clips), left_out)


def require_few(what: str, files: Sequence[PurePath | str]) -> None:
    """Raise `UsageError` for more files that may be keypoints than can be looked into."""
    groups = {
        file.parent / (pattern.pattern if (pattern := series_pattern(file.name)) else file.name)
        for file in map(PurePath, files)
        if suffix_of(file) in KEYPOINT_SUFFIXES
    }
    if len(groups) > MOST_LOOKED_INTO:
        raise UsageError(
            f"{what} has no video clips and {len(groups)} files that may be keypoints, too many to "
            "look into: name those that are to be checked."
        )


def keypoints_among(
    names: list[str], here: Callable[[str], Path], columns: Columns | None = None
) -> Found[str]:
    """Of file names in one folder those of keypoints, of a series of a file a frame the first.

    Without doubt those are .trc, .c3d and .skeleton, and series of numbered JSON: all that OpenPose
    has named, and others of five files or more, of which every one counts that holds a film of its
    own; and YOLO's labels. Any other file may be anything, and counts where it can be read as
    keypoints; else it is left out. `here` gives a file to look into.
    """
    groups: dict[str, list[str]] = {}
    for name in sorted(names):
        if suffix_of(PurePath(name)) in KEYPOINT_SUFFIXES:
            pattern = series_pattern(name.lower())
            groups.setdefault(pattern.pattern if pattern else name, []).append(name)
    told = [one for own in groups.values() for one in _of_group(own, here, columns)]
    return Found(
        sorted(name for name, why in told if not why), [(n, why) for n, why in told if why]
    )


def _of_group(
    names: list[str], here: Callable[[str], Path], columns: Columns | None
) -> Iterator[tuple[str, str]]:
    """The clips that files numbered alike are, or one file, and for each why it is none, or ""."""
    from hinge_dowel.keypoints.json_files import holds_film
    from hinge_dowel.keypoints.yolo_labels import is_label

    first = names[0]
    if first.lower().endswith(_SURE):
        together = series_pattern(first) is not None
        yield from ((name, "") for name in (names[:1] if together else names))
    elif len(names) >= LEAST_SERIES and first.lower().endswith(".json"):
        yield from ((name, "") for name in (names if holds_film(here(first)) else names[:1]))
    elif len(names) > 1 and is_label(here(first)):
        yield first, ""
    else:
        yield from ((name, _why_not(here(name), columns)) for name in names)


def _why_not(path: Path, columns: Columns | None) -> str:
    """Why a file cannot be read as keypoints, "" where it can."""
    from hinge_dowel.keypoints.readers import read

    suffix = suffix_of(path)
    if suffix in REFUSED and suffix not in (".sto", ".mot"):
        return f"{path.name} {REFUSED[suffix]}."
    if _unpacked_bytes(path) > LARGEST_LOOKED_INTO_BYTES:
        return ""
    try:
        read(path, columns)
    except ClipError as error:
        return str(error)
    except Exception:  # one file may not stop the others: whoever checks it says what is wrong
        return ""
    return ""


def _unpacked_bytes(path: Path) -> int:
    """How large a file is, or what it says that it holds where that is more."""
    size = path.stat().st_size
    try:
        with ZipFile(path) as packed:
            return max(size, sum(part.file_size for part in packed.infolist()))
    except (BadZipFile, ValueError, NotImplementedError):
        return size
