"""Where the program keeps its own files, on each system."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest
from platformdirs import macos, unix, windows

from hinge_dowel.errors import UsageError
from hinge_dowel.system import paths


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (paths.HOME_VARIABLE, "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/users/ann")


def on(system: type[platformdirs.PlatformDirsABC], monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the program ran on that system."""

    for kind in ("user_cache_path", "user_data_path"):
        monkeypatch.setattr(
            platformdirs,
            kind,
            lambda app, appauthor, kind=kind: getattr(system(app, appauthor), kind),
        )


@pytest.mark.parametrize(
    ("system", "cache", "data"),
    [
        (unix.Unix, ".cache/hinge-dowel", ".local/share/hinge-dowel"),
        (macos.MacOS, "Library/Caches/hinge-dowel", "Library/Application Support/hinge-dowel"),
    ],
)
def test_each_system_has_its_own_folders(
    monkeypatch: pytest.MonkeyPatch,
    system: type[platformdirs.PlatformDirsABC],
    cache: str,
    data: str,
) -> None:
    on(system, monkeypatch)
    assert paths.cache_dir() == Path("/users/ann", cache)
    assert paths.data_dir() == Path("/users/ann", data)


def test_windows_has_one_folder_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "get_win_folder", lambda name: "/local")
    on(windows.Windows, monkeypatch)
    assert paths.data_dir() == Path("/local/hinge-dowel")
    assert paths.cache_dir() == Path("/local/hinge-dowel/Cache")


def test_the_systems_own_variables_count(monkeypatch: pytest.MonkeyPatch) -> None:
    on(unix.Unix, monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", "/fast")
    monkeypatch.setenv("XDG_DATA_HOME", "relative/is/ignored")
    assert paths.cache_dir() == Path("/fast/hinge-dowel")
    assert paths.data_dir() == Path("/users/ann/.local/share/hinge-dowel")


def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_person(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(platformdirs, "user_cache_path", no_person)
    with pytest.raises(UsageError, match="set HINGE_DOWEL_HOME to a folder"):
        paths.cache_dir()


def test_one_folder_in_place_of_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(paths.HOME_VARIABLE, "mine")
    assert paths.data_dir() == tmp_path / "mine"
    assert paths.cache_dir() == tmp_path / "mine" / "cache"


def test_folders_that_exist_keep_their_permissions(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    made = paths.make_private(shared / "a" / "b")
    modes = [folder.stat().st_mode & 0o777 for folder in (shared, made.parent, made)]
    assert modes == [0o755, 0o700, 0o700]
    assert paths.make_private(made) == made
