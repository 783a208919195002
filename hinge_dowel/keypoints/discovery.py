"""Which clips a command names: files of video, and of keypoints, found in folders."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from pathlib import Path

from hinge_dowel.errors import UsageError
from hinge_dowel.keypoints.numbered_series import series_of, series_pattern
from hinge_dowel.system.names import is_hidden, printable
from hinge_dowel.video import numbered_pictures, playlist
from hinge_dowel.video.reader import VIDEO_SUFFIXES

LEAST_SERIES = 5
"""So many numbered files of JSON or text beside each other may be a series, whatever they are
called, by choice."""
_SURE = (".trc", ".c3d", ".json", ".txt")


def find_clips(paths: Sequence[Path]) -> list[Path]:
    """List the clips that `paths` name: files as given, folders searched whole.

    In a folder, files with a video suffix count, sorted by path, at any depth; hidden files and
    folders are left out. Where it has none, files that are keypoints without doubt do, else the
    first of numbered pictures, which also stands for each of them and for their pattern (%04d.png).
    A clip named twice is listed once, where it came first. Raises `UsageError` for a path that does
    not exist and for a folder without clips.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            clips = sorted(clip for clip in path.rglob("*") if _is_clip(clip, inside=path))
            clips = clips or _keypoint_files(path) or _pictures(path)
            if not clips:
                raise UsageError(
                    f"There is no video clip in the folder {printable(str(path))}: name the file "
                    "itself where its ending is another, such as .ts or .gif."
                )
            found += clips
        elif path.exists():
            found.append(path)
        elif pictures := numbered_pictures.like(path):
            found += pictures
        else:
            raise UsageError(f"There is no file or folder {printable(str(path))}: check the name.")
    return numbered_pictures.firsts(found)


def whole_of(path: Path) -> list[Path]:
    """The files that are read for one: itself, of a numbered series of keypoints or pictures all
    others, and of a playlist the films it lists.
    """
    if pictures := numbered_pictures.series_of(path):
        return [picture for _, picture in pictures]
    if playlist.is_playlist(path):
        return playlist.with_films(path)
    try:
        return [file for _, file in series_of(path)] or [path]
    except OSError:
        return [path]


def _is_clip(path: Path, *, inside: Path, suffixes: Container[str] = VIDEO_SUFFIXES) -> bool:
    hidden = is_hidden(path.relative_to(inside))
    return path.suffix.lower() in suffixes and not hidden and path.is_file()


def _pictures(folder: Path) -> list[Path]:
    """The first of each series of numbered pictures in a folder, sorted, at any depth."""
    kinds = numbered_pictures.SUFFIXES
    found = [p for p in folder.rglob("*") if _is_clip(p, inside=folder, suffixes=kinds)]
    return numbered_pictures.firsts(sorted(found), only=True)


def _keypoint_files(folder: Path) -> list[Path]:
    """The files in a folder that are keypoints without doubt, sorted, at any depth."""
    below: dict[Path, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        hidden = is_hidden(path.relative_to(folder))
        if not hidden and path.suffix.lower() in _SURE and path.is_file():
            below.setdefault(path.parent, []).append(path.name)
    return sorted(
        place / name
        for place, names in below.items()
        for name in first_of_series(names, place.joinpath)
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
        if low.endswith((".trc", ".c3d")):
            series[name] = [name]
        elif (pattern := series_pattern(low)) is not None:
            series.setdefault(pattern.pattern, []).append(name)
    out: list[str] = []
    for found in series.values():
        if found[0].lower().endswith((".trc", ".c3d", "_keypoints.json")):
            out += found[:1]
        elif len(found) >= LEAST_SERIES and found[0].lower().endswith(".json"):
            out += found if holds_film(here(found[0])) else found[:1]
        elif len(found) >= LEAST_SERIES and is_label(here(found[0])):
            out += found[:1]
    return sorted(out)
