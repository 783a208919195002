"""`hinge-dowel model`: find the pose model, fetch it if missing."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from hinge_dowel.commands import options
from hinge_dowel.errors import EXIT_CLEAN, ModelError
from hinge_dowel.system.console import animates, stdout, tell

if TYPE_CHECKING:
    from rich.console import Console

SHORT = "find the pose model, fetch it if missing, or remove it"
LONG = (
    "Prints where the pose model is, as the last line of standard output; fetches it first "
    "if this machine does not have it yet."
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    one = parser.add_mutually_exclusive_group()
    options.model_option(one)
    one.add_argument(
        "--remove",
        action="store_true",
        help="delete it from this machine, with the cache of what it saw",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print where the model is, or remove it."""
    if arguments.remove:
        return _remove()
    from hinge_dowel.report.terminal import console_for

    errors = console_for(sys.stderr)
    path = locate(arguments.model, errors)
    with stdout():
        print(path)
    return EXIT_CLEAN


def _remove() -> int:
    """Delete the model and the cache of its records."""
    import shutil

    from hinge_dowel.batch.cache import RecordCache
    from hinge_dowel.pose import model_file

    records = RecordCache.own().folder
    seen = records.exists()
    try:
        if seen:
            shutil.rmtree(records)
    except OSError as error:
        raise ModelError(
            f"Cannot delete what the model saw, {records} ({error.strerror}): delete that folder"
            " yourself."
        ) from error
    gone = [*model_file.remove(), *([records] if seen else [])]
    tell(f"Deleted: {', '.join(map(str, gone))}." if gone else "There is no pose model here.")
    return EXIT_CLEAN


def locate(explicit: Path | None, errors: Console, *, quiet: bool = False) -> Path:
    """Return the path of the pose model; fetch it first, with a bar, if it is missing."""
    from hinge_dowel.pose import model_file
    from hinge_dowel.report import progress

    bars = animates(errors) and not quiet
    with progress.download("pose model", errors) if bars else nullcontext() as watch:
        return model_file.locate(explicit, progress=watch, say=None if quiet else tell)
