"""The folders of the program's own files on this machine."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Literal

import platformdirs

from hinge_dowel.errors import UsageError

HOME_VARIABLE = "HINGE_DOWEL_HOME"
"""Environment variable: one folder for history and caches in place of the user's own folders."""

_APP = "hinge-dowel"


def cache_dir() -> Path:
    """Return the folder for what can be fetched or computed again; it need not exist yet."""
    if home := os.environ.get(HOME_VARIABLE):
        return Path(home).absolute() / "cache"
    return _of_user("user_cache_path")


def data_dir() -> Path:
    """Return the folder for what must be kept, such as the history; it need not exist yet."""
    if home := os.environ.get(HOME_VARIABLE):
        return Path(home).absolute()
    return _of_user("user_data_path")


def make_private(folder: Path) -> Path:
    """Create a folder, and whichever of its parents are missing, for this user alone (0700).

    Folders that exist already keep their permissions. Returns `folder`; raises `OSError`.
    """
    for missing in reversed([folder, *folder.parents]):
        if not missing.exists():
            missing.mkdir(mode=0o700, exist_ok=True)
    return folder


def remove_if_empty(folder: Path) -> None:
    """Remove a folder if it is this program's own (never the user's) and empty."""
    if folder.name == _APP or (os.environ.get(HOME_VARIABLE) and folder == cache_dir()):
        with suppress(OSError):
            folder.rmdir()


def _of_user(kind: Literal["user_cache_path", "user_data_path"]) -> Path:
    """Return the system's folder for this program and user, by `platformdirs`.

    Raises `UsageError` for a user without a home folder.
    """
    try:
        return Path(getattr(platformdirs, kind)(_APP, appauthor=False))
    except RuntimeError as error:
        raise UsageError(
            f"This user has no home folder: set {HOME_VARIABLE} to a folder you can write."
        ) from error
