"""Other systems than this one, as far as they can be put on: nothing needs what only POSIX has."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.locations import ROOT, SAMPLES, SUPPORT
from support.other_system import LINUX_CALLS, POSIX_CALLS, POSIX_MODULES

from hinge_dowel.history.session_log import History
from hinge_dowel.verdict import Rep, Strays

PACKAGE = ROOT / "hinge_dowel"


def run(platform: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SUPPORT / "other_system.py"), platform, *arguments],
        env={**os.environ, "HINGE_DOWEL_HOME": str(home), "COLUMNS": "80"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def test_the_other_system_is_not_this_one() -> None:
    """Else the tests below would tell nothing."""
    code = "import other_system, os, sys; other_system.become('win32', heavy=False); "
    code += "print(sys.platform); os.getuid()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=SUPPORT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "win32\n"
    assert "has no attribute 'getuid'" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_a_check_elsewhere(platform: str, tmp_path: Path, pose_model: Path) -> None:
    clip = SAMPLES / "rounded_right.mp4"
    out = tmp_path / "out"
    done = run(
        *(platform, tmp_path / "home", "check", str(clip), "--model", str(pose_model)),
        *("--out", str(out)),
    )
    assert done.returncode == 1, done.stderr
    (found,) = json.loads((out / "results.json").read_text("utf-8"))["clips"]
    assert found["faults"] == ["spinal_flexion"]
    assert len(found["reps"]) == 3


@pytest.mark.slow
def test_a_session_and_its_history_elsewhere(tmp_path: Path, pose_model: Path) -> None:
    home, clip = tmp_path / "home", SAMPLES / "rounded_right.mp4"
    done = run(
        *("win32", home, "drill", "--source", str(clip), "--model", str(pose_model)),
        *("--sets", "1", "--reps", "3"),
    )
    assert done.returncode in (1, 2), done.stderr  # on a busy machine nothing may be judged
    shown = run("win32", home, "history", "--json")
    assert shown.returncode == 0, shown.stderr
    # How many of the three a busy machine sees is its own affair.
    assert 1 <= len(json.loads(shown.stdout)["sessions"][0]["reps"]) <= 3


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_a_history_elsewhere(platform: str, tmp_path: Path) -> None:
    with History(tmp_path / "history.sqlite3") as kept:
        strays = Strays(0.1, 0.2, 0.3)
        kept.begin(source="C:\\me.mp4", sets=1, reps=1).add(
            1, Rep(1, 1.0, 2.5, 4.0, 80.0, 20.0, 2.0, 3.0, 1.0, strays)
        )
    done = run(platform, tmp_path, "history")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 session since" in done.stdout
    done = run(platform, tmp_path, "history", "delete", "--all", "--yes")
    assert (done.returncode, done.stdout) == (0, "")
    assert list(tmp_path.iterdir()) == []


def guarded(tree: ast.Module) -> set[ast.AST]:
    """All nodes in functions, or branches of an `if`, that ask for the platform first."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and "sys.platform" in ast.unparse(node):
            found.update(ast.walk(node))
        if isinstance(node, ast.ClassDef) and node.name == "_Posix":
            found.update(ast.walk(node))
    return found


def here_only(source: str) -> list[str]:
    """What a source uses of this system alone, without asking which system it is."""
    tree = ast.parse(source)
    safe = guarded(tree)
    found = []
    for node in ast.walk(tree):
        if node in safe:
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            found += sorted(names & set(POSIX_MODULES))
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "os":
            found += [node.attr] if node.attr in (*POSIX_CALLS, *LINUX_CALLS) else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [node.value] if node.value.startswith(("/dev/", "/proc/", "/tmp")) else []  # noqa: S108
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_what_only_this_system_has_is_asked_for_first(path: Path) -> None:
    assert here_only(path.read_text("utf-8")) == []


def test_what_only_this_system_has_is_found() -> None:
    assert here_only("import termios\nos.getuid()\nopen('/dev/null')") == [
        "termios",
        "getuid",
        "/dev/null",
    ]
    assert here_only("def f():\n if sys.platform == 'linux':\n  import resource") == []
