"""`hinge-dowel exercises`: what can be practised, and how."""

from __future__ import annotations

import argparse

from hinge_dowel.commands import values
from hinge_dowel.errors import EXIT_CLEAN
from hinge_dowel.system.console import stdout

SHORT = "list the exercises, or show one in full"
LONG = (
    "Lists the exercises of the ladder with a picture, what is needed and how to film them; with "
    "a NAME, one of them in full, with its steps, cues and limits."
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "name",
        nargs="?",
        type=values.exercise_name,
        metavar="NAME",
        help="show this exercise in full",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the exercises."""
    from hinge_dowel.exercises.catalogue import EXERCISES, exercise
    from hinge_dowel.exercises.describe import in_full, listed

    text = (
        "\n\n".join(listed(known) for known in EXERCISES.values())
        if arguments.name is None
        else in_full(exercise(arguments.name))
    )
    with stdout():
        print(text)
    return EXIT_CLEAN
