"""Nothing leaves the machine: a whole check, in Python and in C++, opens no network socket."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import SAMPLES
from jail import DEATH
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]


def jailed(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(Path(__file__).with_name("jail.py")), *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_jail_holds() -> None:
    assert jailed("--connect").returncode == DEATH


@pytest.mark.slow
def test_a_check_opens_no_network_socket(pose_model: Path) -> None:
    clip = SAMPLES / "rounded_right.mp4"
    run = jailed("check", str(clip), "--model", str(pose_model), "--no-color")
    assert (run.returncode, run.stderr) == (1, "")
    assert "Rounded back in all 3 reps" in run.stdout


def test_the_pose_library_stays_below_the_version_that_reports_home() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (pin,) = [r for r in map(Requirement, project["dependencies"]) if r.name == "mediapipe"]
    allowed = [
        v for v in ("0.10.32", "0.10.33", "0.10.34", "0.10.35", "1.2.2") if v in pin.specifier
    ]
    assert allowed == ["0.10.32", "0.10.33"]
