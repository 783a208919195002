"""The command `hinge-dowel`: arguments in, exit status out, every error one sentence.

What a command needs is imported when it runs, so that `--help` and `--version` answer at once.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from rich_argparse import RichHelpFormatter

from hinge_dowel.errors import (
    EXIT_CLEAN,
    EXIT_ERROR,
    EXIT_FAULT,
    HingeDowelError,
    OutputError,
    UsageError,
)

if TYPE_CHECKING:
    from rich.console import Console

    from hinge_dowel.tolerances import Tolerances
    from hinge_dowel.verdict import Verdict

EXIT_INTERRUPTED = 130
"""Ctrl-C, by the custom of shells: 128 and the number of the signal."""
EXIT_BROKEN_PIPE = 141
"""Whoever read standard output has gone, by the same custom."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    try:
        return _run(argv)
    except HingeDowelError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("interrupted.", EXIT_INTERRUPTED)
    except BrokenPipeError:
        _discard_stdout()
        return EXIT_BROKEN_PIPE
    except Exception as error:
        from hinge_dowel.batch import describe

        if os.environ.get("HINGE_DOWEL_DEBUG"):
            sys.excepthook(type(error), error, error.__traceback__)
        return _fail(
            f"something failed that should not ({describe(error)}); please report it with the "
            "output of a run under HINGE_DOWEL_DEBUG=1."
        )


def exit_status(verdicts: Sequence[Verdict]) -> int:
    """0 when every clip is clean, 1 when a fault was found, 2 when a clip could not be checked."""
    statuses = {verdict.status for verdict in verdicts}
    if "unusable" in statuses:
        return EXIT_ERROR
    return EXIT_FAULT if "faulty" in statuses else EXIT_CLEAN


# -- arguments -----------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help.")


class _Help(RichHelpFormatter):
    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        if isinstance(action, argparse._SubParsersAction):
            # argparse forgets the indent of the commands when it sets the column of their help.
            self._action_max_length += self._indent_increment


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print("hinge-dowel", version("hinge-dowel"))
        except PackageNotFoundError:
            raise UsageError(
                "The version is not known, as hinge-dowel is not installed: run make first."
            ) from None
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="hinge-dowel",
        description="Checks hip hinges on video: what leaves the straight line along your back, "
        "rep by rep, and what to do about it. Nothing leaves your machine.",
        epilog="Exit status: 0 every clip clean, 1 a fault found, "
        "2 a usage error or a clip that could not be checked.",
        formatter_class=_Help,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, default=argparse.SUPPRESS, help="say the version"
    )
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", prog=parser.prog
    )

    def command(
        name: str, run: Callable[[argparse.Namespace], int], short: str, long: str
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name,
            help=short,
            description=long,
            formatter_class=_Help,
            allow_abbrev=False,
        )
        added.set_defaults(run=run)
        return added

    check = command(
        "check",
        _check,
        "judge every rep in clips",
        "Judges every rep in each clip. Film from the side, at hip height, from about 3 m away, "
        "with the whole body in the picture; begin and end standing tall.",
    )
    check.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a clip, or a folder to search whole"
    )
    check.add_argument("--json", type=_target, metavar="FILE", help="write results; - is stdout")
    check.add_argument("--svg", type=Path, metavar="FILE", help="save a picture of the tables")
    check.add_argument(
        "--config", type=Path, metavar="FILE", help="other tolerances (see: tolerances --toml)"
    )
    _model_option(check)
    check.add_argument(
        "--jobs", type=_jobs, metavar="N", help="clips at once (default: one a processor core)"
    )
    check.add_argument(
        "--quiet", action="store_true", help="say nothing but what could not be checked"
    )
    check.add_argument("--no-color", action="store_true", help="no colour (as does NO_COLOR)")

    model = command(
        "model",
        _model,
        "find the pose model, fetch it if missing",
        "Prints where the pose model is, as the last line of standard output; fetches it first "
        "if this machine does not have it yet.",
    )
    _model_option(model)

    tolerances = command(
        "tolerances",
        _tolerances,
        "list the limits that verdicts depend on",
        "Lists every limit that a verdict depends on, with its unit and its source.",
    )
    tolerances.add_argument(
        "--toml", action="store_true", help="as a file to edit and give to check --config"
    )
    return parser


def _model_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="use this copy of pose_landmarker_full.task"
    )


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


# -- commands ------------------------------------------------------------------------------------


def _run(argv: Sequence[str] | None) -> int:
    parser = _parser()
    try:
        with _stdout():
            arguments = parser.parse_args(argv)
    except SystemExit as end:  # --help and --version
        return int(end.code or 0)
    if arguments.command is None:
        parser.print_help(sys.stderr)
        return EXIT_ERROR
    run: Callable[[argparse.Namespace], int] = arguments.run
    return run(arguments)


def _check(arguments: argparse.Namespace) -> int:
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
    bars = not arguments.quiet and _animates(errors)
    model = _locate(arguments.model, errors, bars, say=not arguments.quiet)

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
                _say(f"{verdict.clip} could not be checked. {verdict.reason}")
    elif arguments.json == "-":
        screen.render(verdicts, errors)
    else:
        with _stdout():
            screen.render(verdicts, screen.console_for(sys.stdout, no_color=arguments.no_color))
    if arguments.json == "-":
        with _stdout():
            report.write_json(verdicts, "-")
    return exit_status(verdicts)


def _model(arguments: argparse.Namespace) -> int:
    from hinge_dowel.screen import console_for

    errors = console_for(sys.stderr)
    path = _locate(arguments.model, errors, _animates(errors), say=True)
    with _stdout():
        print(path)
    return EXIT_CLEAN


def _tolerances(arguments: argparse.Namespace) -> int:
    from hinge_dowel.tolerances import DEFAULT

    rows = [
        (field.name, f"{getattr(DEFAULT, field.name):g}", field.metadata)
        for field in dataclasses.fields(DEFAULT)
    ]
    with _stdout():
        if arguments.toml:
            for name, value, about in rows:
                print(f"# {about['unit']}; {about['source']}\n{name} = {value}\n")
        else:
            from hinge_dowel.screen import console_for, print_table

            print_table(
                ["tolerance", "value", "unit", "source"],
                [(name, value, about["unit"], about["source"]) for name, value, about in rows],
                console_for(sys.stdout),
            )
    return EXIT_CLEAN


def _locate(explicit: Path | None, errors: Console, bars: bool, *, say: bool) -> Path:
    from hinge_dowel.model import locate

    if not bars:
        return locate(explicit, progress=None, say=_say if say else None)
    from hinge_dowel import progress

    with progress.download("pose model", errors) as watch:
        return locate(explicit, progress=watch, say=_say if say else None)


# -- streams -------------------------------------------------------------------------------------


def _animates(console: Console) -> bool:
    """Whether bars can be drawn: on a real terminal, whatever FORCE_COLOR says."""
    return console.file.isatty() and not console.is_dumb_terminal


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _fail(sentence: str, status: int = EXIT_ERROR) -> int:
    _say(f"hinge-dowel: {sentence}")
    return status


@contextmanager
def _stdout() -> Iterator[None]:
    """Standard output, flushed; where that fails, one sentence."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _discard_stdout()
        raise OutputError(
            f"Cannot write to standard output: {error.strerror or error}; send it elsewhere."
        ) from error


def _discard_stdout() -> None:
    """Keep Python from failing once more when it flushes standard output at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
