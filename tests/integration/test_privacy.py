"""Nothing leaves the machine, and nothing is written but what was asked for and what is told.

The whole of check, drill and history runs, in Python and in C++, where the first network socket is
the end of the process, on a user's folders that were empty before.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from support.locations import ROOT, SAMPLES, SUPPORT
from support.no_network import DEATH

CLIP = SAMPLES / "rounded_right.mp4"
FILMED = f"clips/{CLIP.name}"


@dataclass(frozen=True)
class User:
    """Somebody with a home, a folder for hinge-dowel, one for temporary files, one to work in."""

    root: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command where the first socket ends it, as this user."""
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HINGE_DOWEL_", "XDG_", "PYTEST_"))
        } | {
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "tmp"),
            "HINGE_DOWEL_HOME": str(self.root / "own"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(
            [sys.executable, str(SUPPORT / "no_network.py"), *arguments],
            cwd=self.root / "work",
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def files(self) -> set[str]:
        """Every file there is, but the pose model, with `*` for names that are hashes."""
        return {
            self._name(path)
            for path in self.root.rglob("*")
            if not path.is_dir() and path.suffix != ".task"
        }

    def _name(self, path: Path) -> str:
        parts = path.relative_to(self.root).parts
        hashed = {"records", ".hinge-dowel"}
        if hashed & set(parts) and path.suffix in (".npz", ".json"):
            first = next(i for i, part in enumerate(parts) if part in hashed)
            return "/".join((*parts[: first + 1], f"*{path.suffix}"))
        return "/".join(parts)


@pytest.fixture
def user(tmp_path: Path) -> User:
    for name in ("home", "tmp", "own", "work", "clips"):
        (tmp_path / name).mkdir()
    shutil.copy(CLIP, tmp_path / "clips" / CLIP.name)
    return User(tmp_path)


def test_a_process_dies_at_its_first_socket(user: User) -> None:
    assert user.run("--connect").returncode == DEATH


def test_the_command_too_dies_at_its_first_socket(user: User) -> None:
    """A first run would fetch the pose model: here it dies of it."""
    assert user.run("model").returncode == DEATH


@pytest.mark.slow
def test_a_check_opens_no_network_socket_and_writes_only_what_it_says(
    user: User, pose_model: Path
) -> None:
    arguments = ["check", str(user.root / FILMED), "--model", str(pose_model), "--no-color"]

    run = user.run(*arguments, "--no-cache", "--quiet")
    assert (run.returncode, run.stdout, run.stderr) == (1, "", "")
    assert user.files() == {FILMED}

    run = user.run(*arguments, "--out", "results", "--json", "verdict.json", "--no-pictures")
    assert run.returncode == 1
    assert "Rounded back in all 3 reps" in run.stdout
    assert user.files() == {
        FILMED,
        "own/cache/records/*.json",
        "own/cache/records/*.npz",
        "work/results/.hinge-dowel/*.json",
        "work/results/.hinge-dowel/*.npz",
        "work/results/.hinge-dowel/README",
        "work/results/report.html",
        "work/results/results.csv",
        "work/results/results.json",
        "work/verdict.json",
    }
    assert (user.root / FILMED).read_bytes() == CLIP.read_bytes()
    assert_private(user.root / "own")

    # What is kept holds numbers, far fewer than there were pixels, and no picture.
    kept = [*user.root.rglob("*.npz")]
    for path in kept:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            for name in arrays.files:
                assert arrays[name].dtype.kind in "fiub", name
                assert arrays[name].dtype != np.uint8, name
        with zipfile.ZipFile(path) as archive:
            # Of a film of 9 s: at most what 40 pictures of 100 by 100 pixels would take.
            assert sum(member.file_size for member in archive.infolist()) < 40 * 100 * 100
    report = (user.root / "work/results/report.html").read_text("utf-8")
    assert "data:image" not in report
    assert "<img" not in report


@pytest.mark.slow
def test_a_session_opens_no_network_socket_and_keeps_numbers_only(
    user: User, pose_model: Path
) -> None:
    arguments = ["--source", str(user.root / FILMED), "--model", str(pose_model)]
    run = user.run("drill", *arguments, "--sets", "1", "--reps", "3", "--json", "session.json")
    assert run.returncode in (1, 2), run.stderr  # on a busy machine nothing may be judged
    assert user.files() == {FILMED, "own/history.sqlite3", "work/session.json"}
    assert_private(user.root / "own")
    reps = json.loads((user.root / "work/session.json").read_text("utf-8"))["clips"][0]["reps"]
    assert 1 <= len(reps) <= 3  # of three, what a busy machine sees

    database = sqlite3.connect(user.root / "own/history.sqlite3")
    for table in ("session", "rep"):
        for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608
            assert not any(isinstance(value, bytes) for value in row)
    database.close()

    shown = user.run("history", "--json")
    assert shown.returncode == 0
    (session,) = json.loads(shown.stdout)["sessions"]
    assert len(session["reps"]) == len(reps)

    for gone in (["history", "delete", "--all", "--yes"], ["model", "--remove"]):
        assert user.run(*gone).returncode == 0
    assert list((user.root / "own").iterdir()) == []


def assert_private(folder: Path) -> None:
    """Nobody else may read what is in a folder, or list it."""
    for path in folder.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_the_pose_library_stays_below_the_version_that_reports_home() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (pin,) = [r for r in map(Requirement, project["dependencies"]) if r.name == "mediapipe"]
    allowed = [
        v for v in ("0.10.32", "0.10.33", "0.10.34", "0.10.35", "1.2.2") if v in pin.specifier
    ]
    assert allowed == ["0.10.32", "0.10.33"]
