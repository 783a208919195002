"""`hinge-dowel model`: find the pose model, fetch it if missing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hinge_dowel.errors import EXIT_CLEAN
from hinge_dowel.streams import animates, stdout, tell

if TYPE_CHECKING:
    from rich.console import Console

SHORT = "find the pose model, fetch it if missing"
LONG = (
    "Prints where the pose model is, as the last line of standard output; fetches it first "
    "if this machine does not have it yet."
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    model_option(parser)


def model_option(parser: argparse.ArgumentParser) -> None:
    """The option by which a command is told which model file to use."""
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="use this copy of pose_landmarker_full.task"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print where the model is."""
    from hinge_dowel.screen import console_for

    errors = console_for(sys.stderr)
    path = locate(arguments.model, errors, animates(errors), say=True)
    with stdout():
        print(path)
    return EXIT_CLEAN


def locate(explicit: Path | None, errors: Console, bars: bool, *, say: bool) -> Path:
    """Where the pose model is; fetched first, with a bar, if it is missing."""
    from hinge_dowel import model

    if not bars:
        return model.locate(explicit, progress=None, say=tell if say else None)
    from hinge_dowel import progress

    with progress.download("pose model", errors) as watch:
        return model.locate(explicit, progress=watch, say=tell if say else None)
