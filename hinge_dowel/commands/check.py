"""`hinge-dowel check`: judge every rep in clips."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hinge_dowel.commands.model import locate, model_option
from hinge_dowel.errors import EXIT_CLEAN, EXIT_ERROR, EXIT_FAULT
from hinge_dowel.streams import animates, stdout, tell

if TYPE_CHECKING:
    from hinge_dowel.tolerances import Tolerances
    from hinge_dowel.verdict import Verdict

SHORT = "judge every rep in clips"
LONG = (
    "Judges every rep in each clip. Film from the side, at hip height, from about 3 m away, "
    "with the whole body in the picture; begin and end standing tall."
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a clip, or a folder to search whole"
    )
    parser.add_argument("--json", type=_target, metavar="FILE", help="write results; - is stdout")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="save a picture of the tables")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="other tolerances (see: tolerances --toml)"
    )
    model_option(parser)
    parser.add_argument(
        "--jobs", type=_jobs, metavar="N", help="clips at once (default: one a processor core)"
    )
    parser.add_argument(
        "--quiet", action="store_true", help="say nothing but what could not be checked"
    )
    parser.add_argument("--no-color", action="store_true", help="no colour (as does NO_COLOR)")


def exit_status(verdicts: Sequence[Verdict]) -> int:
    """0 when every clip is clean, 1 when a fault was found, 2 when a clip could not be checked."""
    statuses = {verdict.status for verdict in verdicts}
    if "unusable" in statuses:
        return EXIT_ERROR
    return EXIT_FAULT if "faulty" in statuses else EXIT_CLEAN


def _target(text: str) -> Path | Literal["-"]:
    return "-" if text == "-" else Path(text)


def _jobs(text: str) -> int:
    try:
        jobs = int(text)
    except ValueError:
        jobs = 0
    if jobs < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 up, not {text!r}")
    return jobs


def run(arguments: argparse.Namespace) -> int:
    """Check the clips, show and write the verdicts."""
    from hinge_dowel import report, screen
    from hinge_dowel.batch import check_many, clip_names
    from hinge_dowel.tolerances import DEFAULT, load
    from hinge_dowel.video import find_clips

    # Whatever can be found wrong is found now, before the long work.
    tolerances: Tolerances = load(arguments.config) if arguments.config else DEFAULT
    for target in (arguments.json, arguments.svg):
        if isinstance(target, Path):
            report.ensure_writable(target)
    clips = find_clips(arguments.paths)
    names = clip_names(clips, arguments.paths)
    errors = screen.console_for(sys.stderr, no_color=arguments.no_color)
    bars = not arguments.quiet and animates(errors)
    model = locate(arguments.model, errors, bars, say=not arguments.quiet)

    watching: AbstractContextManager[Callable[[int, float], None] | None] = nullcontext()
    if bars:
        from hinge_dowel import progress

        watching = progress.clips(names, errors)
    with watching as watch:
        verdicts = list(
            check_many(
                clips,
                names=names,
                jobs=arguments.jobs,
                model=model,
                tolerances=tolerances,
                progress=watch,
            )
        )

    # Files first: they must not be lost to a reader of standard output that hangs up.
    if isinstance(arguments.json, Path):
        report.write_json(verdicts, arguments.json)
    if arguments.svg:
        report.svg(verdicts, arguments.svg)
    if arguments.quiet:
        for verdict in verdicts:
            if verdict.status == "unusable":
                tell(f"{verdict.clip} could not be checked. {verdict.reason}")
    elif arguments.json == "-":
        screen.render(verdicts, errors)
    else:
        with stdout():
            screen.render(verdicts, screen.console_for(sys.stdout, no_color=arguments.no_color))
    if arguments.json == "-":
        with stdout():
            report.write_json(verdicts, "-")
    return exit_status(verdicts)
