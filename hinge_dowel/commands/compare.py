"""`hinge-dowel compare`: two clips or sessions side by side, and what has changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hinge_dowel.commands import options
from hinge_dowel.commands.checking import checked
from hinge_dowel.errors import EXIT_CLEAN, ClipError, UsageError
from hinge_dowel.system.atomic_files import write_text
from hinge_dowel.system.console import stdout, tell

if TYPE_CHECKING:
    from rich.console import Console

    from hinge_dowel.report.comparison import Side
    from hinge_dowel.verdict import Verdict

SHORT = "two clips or sessions side by side, and what has changed"
LONG = (
    "Shows best and worst rep of both side by side, their curves, and what has changed by more "
    "than the measuring error. A and B are clips, files of keypoints, results.json "
    "(results.json#clip.mp4 of several), sessions by their number or date (2026-03-01), or first, "
    "last and best for those of the history."
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("a", metavar="A", help="the earlier one")
    parser.add_argument("b", metavar="B", help="the later one")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write a report page of it as well"
    )
    options.json_option(parser)
    options.who_option(parser, "dates, first, last and best are those of this person")
    options.exercise_options(parser)
    options.config_option(parser)
    options.model_option(parser)
    parser.add_argument(
        "--no-pictures", action="store_true", help="drawn figures in the page, not the persons"
    )
    options.film_options(parser, choose=True)
    options.keypoint_options(parser)
    options.color_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Find both sides, compare them, show and write the comparison."""
    from hinge_dowel.history.session_log import read
    from hinge_dowel.history.sides import result_side, session_side
    from hinge_dowel.report import files
    from hinge_dowel.report.terminal import console_for

    files.ensure_writable(arguments.out, arguments.json)
    if arguments.a == arguments.b and Path(arguments.a).exists():
        raise UsageError(f"Both are {arguments.a}: name two different ones.")
    sides: list[Side | None] = []
    for text in (arguments.a, arguments.b):
        # For files the history is not read, so that a damaged one does not matter.
        session = None if Path(text).exists() else session_side(text, read(), arguments.who)
        side, remark = session or (result_side(text), None)
        if remark is not None:
            tell(remark)
        sides.append(side)
    errors = console_for(sys.stderr, no_color=arguments.no_color)
    a, b = _checked(arguments, sides, errors)
    for side in (a, b):
        if not side.verdict.reps:
            reason = side.verdict.reason or "No repetition was found."
            raise ClipError(f"{side.name} cannot be compared. {reason}")
    if a.name == b.name and a.verdict == b.verdict:
        raise UsageError(f"Both are {a.name}: name two different ones.")
    _show(a, b, arguments)
    named = zip((arguments.a, arguments.b), sides, strict=True)
    for sentence in options.idle(arguments, [text for text, side in named if side is None]):
        tell(sentence)
    return EXIT_CLEAN


def _show(a: Side, b: Side, arguments: argparse.Namespace) -> None:
    from hinge_dowel.report import files
    from hinge_dowel.report.comparison_terminal import render
    from hinge_dowel.report.terminal import console_for

    if arguments.out is not None:
        from hinge_dowel.report import comparison_page

        if arguments.no_pictures:
            a, b = replace(a, clip=None), replace(b, clip=None)
        write_text(arguments.out, comparison_page.render(a, b))
    if arguments.json is not None:
        files.write_json(_document(a, b), arguments.json)
    if arguments.json != "-":
        with stdout():
            render(a, b, console_for(sys.stdout, no_color=arguments.no_color))
    if arguments.out is not None:
        tell(f"The page is {arguments.out}.")


def _document(a: Side, b: Side) -> dict[str, Any]:
    """Return the comparison as a JSON object."""
    from hinge_dowel.report.comparison import changes
    from hinge_dowel.verdict import SCHEMA

    return {
        "schema": SCHEMA,
        "a": a.verdict.to_dict(),
        "b": b.verdict.to_dict(),
        "changes": [
            {
                "measure": one.measure.key,
                "unit": one.measure.unit,
                "before": round(one.before.value, 2),
                "after": round(one.after.value, 2),
                "change": one.change,
            }
            for one in changes(a.verdict.reps, b.verdict.reps)
        ],
    }


def _checked(
    arguments: argparse.Namespace, sides: Sequence[Side | None], errors: Console
) -> tuple[Side, Side]:
    """Return both sides; a None among `sides` is a file, which is checked, frames included."""
    from hinge_dowel.history.clips import made_at
    from hinge_dowel.keypoints.formats import is_keypoints
    from hinge_dowel.report.comparison import Side
    from hinge_dowel.system.names import printable

    named = (arguments.a, arguments.b)
    paths = [Path(text) for text, side in zip(named, sides, strict=True) if side is None]
    for path in paths:
        if path.is_dir():
            raise UsageError(f"{path} is a folder: name one clip in it.")
        if not path.exists():
            raise UsageError(
                f"There is no file {path}, and it is no session's number or date: check the name."
            )
    verdicts = iter(_verdicts(arguments, paths, errors) if paths else [])

    def seen(path: Path) -> Side:
        verdict = replace(next(verdicts), who=arguments.who)
        film = None if is_keypoints(path) else path
        return Side(printable(verdict.clip), verdict, made_at(path), film)

    a, b = (side or seen(Path(text)) for text, side in zip(named, sides, strict=True))
    return a, b


def _verdicts(arguments: argparse.Namespace, paths: list[Path], errors: Console) -> list[Verdict]:
    from hinge_dowel.batch.named_clips import clip_names
    from hinge_dowel.batch.results_folder import ResultsFolder
    from hinge_dowel.batch.storage import LocalStorage

    check_options = options.check_options_of(arguments)
    names = clip_names(paths, paths)
    with TemporaryDirectory(prefix="hinge-dowel-", ignore_cleanup_errors=True) as place:
        # Verdicts come back without frames; these are read from a results folder.
        folder = ResultsFolder(LocalStorage(Path(place)), check_options)
        verdicts = checked(
            *(paths, names, errors),
            model=arguments.model,
            options=check_options,
            folder=folder,
        )
        return [folder.with_series(verdict) for verdict in verdicts]
