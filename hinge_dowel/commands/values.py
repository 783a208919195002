"""Parsers of option values: numbers within bounds, names, notes, sizes, files."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from hinge_dowel.system.names import one_line
from hinge_dowel.system.typed_commands import nearest
from hinge_dowel.video.options import MOST_PEOPLE, Person


def line(most: int, what: str) -> Callable[[str], str]:
    """Return a parser of one line of up to `most` characters; `what` names it in the error."""

    def parse(text: str) -> str:
        words = one_line(text)
        if not 1 <= len(words) <= most:
            raise argparse.ArgumentTypeError(
                f"must be {what} of 1 to {most} characters, not {len(words)}"
            )
        return words

    return parse


name = line(40, "a name")
"""Parses an option's value: a person's name."""
note = line(200, "a note")
"""Parses an option's value: a remark."""


def count(most: int | None = None) -> Callable[[str], int]:
    """Return a parser of whole numbers from 1 to `most`."""
    upward = "up" if most is None else f"to {most}"

    def parse(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        if not 1 <= number <= (most or number):
            raise argparse.ArgumentTypeError(
                f"must be a whole number from 1 {upward}, not {text!r}"
            )
        return number

    return parse


def quantity(least: float, most: float, words: str) -> Callable[[str], float]:
    """Return a parser of numbers from `least` to `most`; `words` name them in the error.

    The bounds of all options are choices, beyond which a value can only be a mistake.
    """

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"must be {words}, not {text!r}")
        return value

    return parse


def size(text: str) -> tuple[float, float]:
    """Parse an option's value: width and height in pixels, like 1920x1080."""
    width, _, height = text.lower().partition("x")
    try:
        sides = float(width), float(height)
    except ValueError:
        sides = 0.0, 0.0
    if not all(side > 0 and math.isfinite(side) for side in sides):
        raise argparse.ArgumentTypeError(f"must be like 1920x1080, not {text!r}")
    return sides


def target(text: str) -> Path | Literal["-"]:
    """Parse an option's value: a file, or `-` for standard output."""
    return "-" if text == "-" else Path(text)


def person(text: str) -> Person:
    """Parse an option's value: left, right, or a number from 1."""
    if text in ("left", "right"):
        return text  # type: ignore[return-value]
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_PEOPLE):
        raise argparse.ArgumentTypeError(f"must be left, right or a number from 1, not {text!r}")
    return int(text)


def exercise_name(text: str, *also: str) -> str:
    """Parse an exercise's name, "Wall tap" and "wall-tap" for wall_tap too, or one of `also`."""
    from hinge_dowel.exercises.catalogue import EXERCISES

    name, known = text.lower().replace("-", "_").replace(" ", "_"), (*EXERCISES, *also)
    if name not in known:
        told = f"must be one of {', '.join(known)}, not {text!r}{nearest(name, known)}"
        raise argparse.ArgumentTypeError(told)
    return name
