"""Where the program keeps its own files on this machine."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from hinge_dowel.errors import UsageError

HOME_VARIABLE = "HINGE_DOWEL_HOME"
"""Environment variable: one folder for history and caches in place of the user's own folders."""

_APP = "hinge-dowel"


def cache_dir() -> Path:
    """The folder for what can be fetched or computed again; it need not exist yet."""
    if home := os.environ.get(HOME_VARIABLE):
        return _absolute(home) / "cache"
    if sys.platform == "win32":
        return _windows() / "Cache"
    if sys.platform == "darwin":
        return _user() / "Library" / "Caches" / _APP
    return _xdg("XDG_CACHE_HOME", ".cache")


def data_dir() -> Path:
    """The folder for what must be kept, such as the history; it need not exist yet."""
    if home := os.environ.get(HOME_VARIABLE):
        return _absolute(home)
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin":
        return _user() / "Library" / "Application Support" / _APP
    return _xdg("XDG_DATA_HOME", ".local/share")


def make_private(folder: Path) -> Path:
    """Create a folder, and whichever of its parents are missing, for this user alone (0700).

    Folders that exist already keep their permissions. Returns `folder`; raises `OSError`.
    """
    for missing in reversed([folder, *folder.parents]):
        if not missing.exists():
            missing.mkdir(mode=0o700, exist_ok=True)
    return folder


def remove_if_empty(folder: Path) -> None:
    """Remove a folder of this program's own if nothing is left in it, and never the user's."""
    if folder.name == _APP or (os.environ.get(HOME_VARIABLE) and folder == cache_dir()):
        with suppress(OSError):
            folder.rmdir()


def _xdg(variable: str, default: str) -> Path:
    given = Path(os.environ.get(variable, ""))
    # The XDG specification has relative paths ignored.
    return (given if given.is_absolute() else _user() / default) / _APP


def _windows() -> Path:
    given = os.environ.get("LOCALAPPDATA")
    return (Path(given) if given else _user() / "AppData" / "Local") / _APP


def _absolute(home: str) -> Path:
    return Path(home).absolute()


def _user() -> Path:
    try:
        return Path.home()
    except RuntimeError as error:
        raise UsageError(
            f"This user has no home folder: set {HOME_VARIABLE} to a folder you can write."
        ) from error
