"""Options that several commands have, and what values options take."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from typing import Literal


def json_option(parser: argparse.ArgumentParser) -> None:
    """Where the results go."""
    parser.add_argument("--json", type=_target, metavar="FILE", help="write results; - is stdout")


def config_option(parser: argparse.ArgumentParser) -> None:
    """Tolerances from a file."""
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="other tolerances (see: tolerances --toml)"
    )


def model_option(parser: argparse._ActionsContainer) -> None:
    """Which model file to use."""
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="use this copy of pose_landmarker_full.task"
    )


def color_option(parser: argparse.ArgumentParser) -> None:
    """Whether to do without colour."""
    parser.add_argument("--no-color", action="store_true", help="no colour (as does NO_COLOR)")


def exercise_options(parser: argparse._ActionsContainer, default: str) -> None:
    """What is done: the name of an exercise, and what belongs to it."""
    parser.add_argument(
        "--exercise",
        default=default,
        type=_exercise,
        metavar="NAME",
        help="what is done (see: hinge-dowel exercises); auto tells it from the movement "
        f"(default: {default})",
    )
    parser.add_argument(
        "--wall-cm",
        type=quantity(5, 150, "from 5 to 150 centimetres"),
        metavar="CM",
        help="wall_tap: how far behind your heels the wall stands",
    )


def _exercise(text: str) -> str:
    from hinge_dowel.exercises.catalogue import AUTO, EXERCISES

    name = text.lower().replace("-", "_").replace(" ", "_")
    if name not in (*EXERCISES, AUTO):
        known = ", ".join((*EXERCISES, AUTO))
        raise argparse.ArgumentTypeError(f"must be one of {known}, not {text!r}")
    return name


def count(most: int | None = None) -> Callable[[str], int]:
    """A type of option: a whole number from 1 to `most`."""
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
    """A type of option: a number from `least` to `most`, or the command says it must be `words`."""

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
    """A type of option: width and height in pixels, like 1920x1080."""
    width, _, height = text.lower().partition("x")
    try:
        sides = float(width), float(height)
    except ValueError:
        sides = 0.0, 0.0
    if not all(side > 0 and math.isfinite(side) for side in sides):
        raise argparse.ArgumentTypeError(f"must be like 1920x1080, not {text!r}")
    return sides


def _target(text: str) -> Path | Literal["-"]:
    return "-" if text == "-" else Path(text)
