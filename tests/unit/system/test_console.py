"""How the program names itself in the commands it proposes."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from hinge_dowel.system import console


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


def test_a_terminal_gets_no_words_cut_in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    said = "Hear the dowel, a soft-spoken/stick/of/your/own here."
    for terminal, lines in ((True, 3), (False, 1)):
        stream = io.StringIO()
        monkeypatch.setattr(stream, "isatty", lambda shown=terminal: shown)
        monkeypatch.setattr(sys, "stderr", stream)
        console.tell(said)
        told = stream.getvalue()
        assert (told.split(), told.count("\n")) == (said.split(), lines)


def test_a_program_beside_us_is_called_by_its_path(here: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", [str(here / ".venv/bin/hinge-dowel"), "check"])
    assert console.own_command() == ".venv/bin/hinge-dowel"
    monkeypatch.chdir(here / ".venv" / "bin")
    assert console.own_command() == "./hinge-dowel"
    monkeypatch.chdir("/")
    assert console.own_command() == str(here / ".venv/bin/hinge-dowel").removeprefix("/")


def test_a_program_the_shell_finds_is_called_by_its_name(here: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(here / ".venv" / "bin"))
    monkeypatch.setattr(sys, "argv", [str(here / ".venv/bin/hinge-dowel")])
    assert console.own_command() == "hinge-dowel"


def test_another_of_the_same_name_on_the_path_is_not_meant(here: Path, monkeypatch) -> None:
    other = here / "other" / "hinge-dowel"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    monkeypatch.setattr(sys, "argv", [str(here / ".venv/bin/hinge-dowel")])
    assert console.own_command() == ".venv/bin/hinge-dowel"


def test_a_module_is_called_by_its_python(here: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/x/hinge_dowel/__main__.py"])
    monkeypatch.setattr(sys, "executable", str(here / "my env" / "python3"))
    assert console.own_command() == "'my env/python3' -m hinge_dowel"


def test_called_from_elsewhere_it_has_its_usual_name(monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/pytest"])
    assert console.own_command() == "hinge-dowel"


@pytest.mark.parametrize(
    ("error", "told"), [(OSError("lost\nmore"), "OSError: lost"), (KeyError(), "KeyError")]
)
def test_an_error_nobody_foresaw_is_a_sentence_and_whole_when_asked(
    error: Exception, told: str, monkeypatch, capsys
) -> None:
    monkeypatch.delenv("HINGE_DOWEL_DEBUG", raising=False)
    said = console.unexpected("It failed", error)
    assert said.startswith(f"It failed ({told}); please report it ")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("HINGE_DOWEL_DEBUG", "1")
    assert console.unexpected("It failed", error) == said
    assert type(error).__name__ in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1.5, "1.5 s"),
        (90, "90 s"),
        (119, "119 s"),
        (300, "5 min"),
        (317, "5.3 min"),
        (14400, "4 h"),
    ],
)
def test_times_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert console.spoken_s(seconds) == text
