"""The command that lists the exercises."""

from __future__ import annotations

import re

import pytest

from hinge_dowel.cli import main
from hinge_dowel.exercises.catalogue import EXERCISES


def test_all_of_them_in_a_list(capsys):
    assert main(["exercises"]) == 0
    out = capsys.readouterr().out
    assert all(f"{name}: " in out for name in EXERCISES)


@pytest.mark.parametrize("name", ["wall_tap", "wall-tap", "Wall_Tap"])
def test_one_in_full(name, capsys):
    assert main(["exercises", name]) == 0
    out = capsys.readouterr().out
    assert "Faults and notes, and what to do about them:" in out
    assert EXERCISES["wall_tap"].cues["hips_not_back"][:30] in out


def test_one_that_there_is_not(capsys):
    for name in ("plank", "auto"):
        assert main(["exercises", name]) == 2
        said = capsys.readouterr().err
        assert f"must be one of {', '.join(EXERCISES)}, not '{name}'" in said


@pytest.mark.parametrize(
    "arguments",
    [["--exercise", "plank"], ["--wall-cm", "500"], ["--wall-cm", "near"], ["--wall-cm"]],
)
def test_options_say_what_they_take(arguments, capsys):
    assert main(["check", "clip.mp4", *arguments]) == 2
    assert re.search("must (be|follow)", capsys.readouterr().err)
