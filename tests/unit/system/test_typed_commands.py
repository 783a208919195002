"""How the program names itself in the commands it proposes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hinge_dowel.system import typed_commands


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with the program installed below it and nothing on the path."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "")
    program = tmp_path / ".venv" / "bin" / "hinge-dowel"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return tmp_path


def test_a_program_beside_us_is_called_by_its_path(here: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", [str(here / ".venv/bin/hinge-dowel"), "check"])
    assert typed_commands.own_command() == ".venv/bin/hinge-dowel"
    monkeypatch.chdir(here / ".venv" / "bin")
    assert typed_commands.own_command() == "./hinge-dowel"
    monkeypatch.chdir("/")
    assert typed_commands.own_command() == str(here / ".venv/bin/hinge-dowel").removeprefix("/")


def test_a_program_the_shell_finds_is_called_by_its_name(here: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(here / ".venv" / "bin"))
    monkeypatch.setattr(sys, "argv", [str(here / ".venv/bin/hinge-dowel")])
    assert typed_commands.own_command() == "hinge-dowel"


def test_another_of_the_same_name_on_the_path_is_not_meant(here: Path, monkeypatch) -> None:
    other = here / "other" / "hinge-dowel"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    monkeypatch.setattr(sys, "argv", [str(here / ".venv/bin/hinge-dowel")])
    assert typed_commands.own_command() == ".venv/bin/hinge-dowel"


def test_a_module_is_called_by_its_python(here: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/x/hinge_dowel/__main__.py"])
    monkeypatch.setattr(sys, "executable", str(here / "my env" / "python3"))
    assert typed_commands.own_command() == "'my env/python3' -m hinge_dowel"


def test_called_from_elsewhere_it_has_its_usual_name(monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/pytest"])
    assert typed_commands.own_command() == "hinge-dowel"


@pytest.mark.parametrize(
    ("who", "command"),
    [
        (None, "hinge-dowel plan"),
        ("Zoë", "hinge-dowel plan --who Zoë"),
        ("Anna Maria", "hinge-dowel plan --who 'Anna Maria'"),
    ],
)
def test_a_command_for_somebody_is_quoted_where_the_name_needs_it(
    who, command, monkeypatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/pytest"])
    assert typed_commands.command_for("plan", who) == command


def test_a_slip_is_told_the_word_that_was_meant() -> None:
    assert typed_commands.nearest("--sterict", ["--strict", "--json"]) == ", did you mean --strict"
    assert typed_commands.nearest("--person", ["--json"]) == ""
