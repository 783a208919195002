"""What comes from elsewhere, and what the code never does: hashes, licences, no shell, no eval."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support.licences import allowed, licence, packages
from support.locations import ROOT

SOURCES = sorted((ROOT / "hinge_dowel").rglob("*.py"))
TOLD = "run make lock"


def project() -> dict[str, list[Requirement]]:
    """What pyproject.toml asks for, by extra ("" for the program itself)."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lists = {"": data["project"]["dependencies"], **data["project"]["optional-dependencies"]}
    return {extra: [Requirement(text) for text in asked] for extra, asked in lists.items()}


def asked(extra: str) -> Iterator[Requirement]:
    """What an extra asks for, the program's own extras in it followed."""
    for requirement in project()[extra]:
        if requirement.name == "hinge-dowel":
            for inner in requirement.extras:
                yield from asked(inner)
        else:
            yield requirement


def locked() -> list[tuple[Requirement, list[str]]]:
    """What CI installs: pins with their hashes."""
    text = (ROOT / ".ci" / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    return [
        (Requirement(line.split("--hash")[0]), re.findall(r"--hash=sha256:([0-9a-f]{64})\b", line))
        for line in lines
    ]


# -- the lock ------------------------------------------------------------------------------------


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_lock_holds_all_that_is_asked_for(python):
    environment = {"python_version": python, "python_full_version": f"{python}.1", "extra": ""}
    pins = {
        canonicalize_name(pin.name): pin
        for pin, _ in locked()
        if pin.marker is None or pin.marker.evaluate(environment)
    }
    for requirement in [*asked(""), *asked("dev")]:
        assert canonicalize_name(requirement.name) in pins, TOLD
        (exact,) = pins[canonicalize_name(requirement.name)].specifier
        assert exact.operator == "=="
        assert exact.version in requirement.specifier, TOLD


def test_every_pin_has_its_hashes():
    pins = locked()
    assert len(pins) > 50
    for pin, hashes in pins:
        assert [one.operator for one in pin.specifier] == ["=="], pin
        assert len(set(hashes)) == len(hashes) >= 1, pin
        assert pin.url is None


def test_what_makes_virtual_subjects_is_not_locked():
    names = {canonicalize_name(pin.name) for pin, _ in locked()}
    assert names & {"torch", "anny", "pyvista", "vtk"} == set()
    assert {requirement.name for requirement in asked("subjects")} >= {"torch", "anny"}


def test_ci_installs_what_is_locked():
    assert "\nexport LOCKED=1\nmake setup\n" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert "--require-hashes --only-binary :all:" in (ROOT / "Makefile").read_text("utf-8")


# -- licences ------------------------------------------------------------------------------------


def test_everything_installed_may_be_used_by_anybody():
    found = packages("hinge-dowel", "dev")
    assert {"hinge-dowel", "mediapipe", "numpy", "av", "pytest"} <= set(found)
    assert {name: licence(it) for name, it in found.items() if not allowed(licence(it))} == {}


@pytest.mark.parametrize(
    ("expression", "may"),
    [
        ("MIT", True),
        ("MIT AND BSD-3-Clause", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND AGPL-3.0-only", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_what_is_allowed(expression, may):
    assert allowed(expression) == may


# -- what the code never does --------------------------------------------------------------------

FORBIDDEN_CALLS = {
    *("eval", "exec", "compile", "__import__", "breakpoint", "input"),
    *("os.system", "os.popen", "os.spawnl", "os.spawnv", "os.execv", "os.execl", "os.execvp"),
    *("subprocess.getoutput", "subprocess.getstatusoutput", "tempfile.mktemp"),
    *("os.fork", "ssl._create_unverified_context"),
}
FORBIDDEN_IMPORTS = {
    *("pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"),
    *("commands", "pty", "imp"),
}


def wrongs(source: str) -> list[str]:
    """Whatever in a source must not be there."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
            )
            roots = {module.split(".")[0] for module in modules}
            found += sorted(roots & FORBIDDEN_IMPORTS)
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in FORBIDDEN_CALLS:
                found.append(called)
            for keyword in node.keywords:
                value = ast.unparse(keyword.value)
                if keyword.arg in ("shell", "allow_pickle") and value != "False":
                    found.append(f"{called}({keyword.arg}={value})")
            if called.startswith("subprocess.") and isinstance(node.args[:1], list):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant | ast.JoinedStr):
                    found.append(f"{called} of a string")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_shell_no_pickle_no_eval(path):
    assert wrongs(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "bad",
    [
        "eval('1')",
        "import pickle",
        "from pickle import loads",
        "import dill.source",
        "import os\nos.system('ls')",
        "import subprocess\nsubprocess.run(['ls'], shell=True)",
        "import subprocess\nsubprocess.run('ls -l')",
        "import subprocess\nsubprocess.run(f'ls {x}')",
        "numpy.load(f, allow_pickle=True)",
        "numpy.load(f, allow_pickle=maybe)",
    ],
)
def test_what_must_not_be_there_is_found(bad):
    assert len(wrongs(bad)) == 1


def test_what_may_be_there_is_not():
    assert wrongs("subprocess.run([sys.executable, '-c', code], shell=False)") == []


def test_a_planted_link_does_not_lead_our_writing_elsewhere(tmp_path):
    """In a folder others can write to, they may guess the name of the temporary file."""
    from hinge_dowel.system import atomic_files

    victim, target = tmp_path / "victim", tmp_path / "results.json"
    victim.write_text("precious")
    atomic_files.temporary_for(target).symlink_to(victim)
    atomic_files.write_text(target, "{}")
    assert (victim.read_text(), target.read_text()) == ("precious", "{}")
    assert not target.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results.json", "victim"]
