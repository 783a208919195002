"""What an option's value may be."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from hinge_dowel.commands import values


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (values.name, "  Anna   B ", "Anna B"),
        (values.count(), "12", 12),
        (values.count(999), "999", 999),
        (values.quantity(0, 10, "seconds"), "2.5", 2.5),
        (values.size, "1920X1080", (1920.0, 1080.0)),
        (values.target, "-", "-"),
        (values.target, "a/b.json", Path("a/b.json")),
        (values.person, "left", "left"),
        (values.person, "3", 3),
        (values.exercise_name, "Wall tap", "wall_tap"),
        (lambda text: values.exercise_name(text, "auto"), "auto", "auto"),
    ],
)
def test_what_is_meant_is_understood(parse, text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (values.name, " "),
        (values.name, "A" * 41),
        (values.note, "a" * 201),
        (values.count(), "0"),
        (values.count(), "1.5"),
        (values.count(), "\N{ARABIC-INDIC DIGIT ONE}"),
        (values.count(999), "1000"),
        (values.quantity(0, 10, "seconds"), "11"),
        (values.quantity(0, 10, "seconds"), "nan"),
        (values.quantity(0, 10, "seconds"), "soon"),
        (values.size, "1920"),
        (values.size, "0x5"),
        (values.size, "infx5"),
        (values.person, "middle"),
        (values.person, "0"),
        (values.exercise_name, "auto"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence_on_what_can(parse, text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"^must be "):
        parse(text)
