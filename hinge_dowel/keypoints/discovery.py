"""Which clips a command names: files of video, and of keypoints, found in folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hinge_dowel.errors import UsageError
from hinge_dowel.keypoints.formats import keypoint_files
from hinge_dowel.system.names import is_hidden, printable
from hinge_dowel.video.reader import VIDEO_SUFFIXES


def find_clips(paths: Sequence[Path]) -> list[Path]:
    """List the clips that `paths` name: files as given, folders searched whole.

    In a folder, files with a video suffix count, sorted by path, at any depth; hidden files and
    folders are left out. Where it has none, `keypoint_files` do. A clip named twice is listed
    once, where it came first. Raises `UsageError` for a path that does not exist and for a folder
    without clips.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            clips = sorted(clip for clip in path.rglob("*") if _is_clip(clip, inside=path))
            clips = clips or keypoint_files(path)
            if not clips:
                raise UsageError(f"There is no video clip in the folder {printable(str(path))}.")
            found += clips
        elif path.exists():
            found.append(path)
        else:
            raise UsageError(f"There is no file or folder {printable(str(path))}: check the name.")
    return list(dict.fromkeys(found))


def _is_clip(path: Path, *, inside: Path) -> bool:
    hidden = is_hidden(path.relative_to(inside))
    return path.suffix.lower() in VIDEO_SUFFIXES and not hidden and path.is_file()
