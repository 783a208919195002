"""`hinge-dowel check`: judge every rep in clips."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hinge_dowel.commands import options, results, values
from hinge_dowel.commands.checking import checked
from hinge_dowel.keypoints.formats import is_keypoints
from hinge_dowel.system.console import stdout, tell
from hinge_dowel.system.names import without_user

if TYPE_CHECKING:
    from subprocess import Popen

    from rich.console import Console

    from hinge_dowel.batch.results_folder import ResultsFolder
    from hinge_dowel.keypoints.formats import CheckOptions
    from hinge_dowel.verdict import Verdict

SHORT = "judge every rep in clips"
LONG = (
    "Judges every rep in each clip. Film from the side, at hip height, from about 3 m away, "
    "with the whole body in the picture; begin and end standing tall."
)


_MOST_TOLD = 3
"""Of more files that are left out the count is told. A choice."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a clip, a file of keypoints, a folder to search whole, or a URL",
    )
    options.json_option(parser)
    parser.add_argument("--svg", type=Path, metavar="FILE", help="save a picture of the tables")
    options.exercise_options(parser)
    options.config_option(parser)
    options.model_option(parser)
    parser.add_argument("--quiet", action="store_true", help="print only what could not be checked")
    options.color_option(parser)
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 also for a fault that is only a maybe"
    )
    kept = parser.add_argument_group("over time")
    kept.add_argument(
        "--keep",
        action="store_true",
        help="keep the results in the history: numbers only, each clip once",
    )
    options.who_option(kept, "whose clips they are, for the results and the history")
    options.note_option(kept)
    _many_options(parser.add_argument_group("many clips"))
    options.film_options(parser, choose=True)
    options.keypoint_options(parser)


def _many_options(many: argparse._ActionsContainer) -> None:
    many.add_argument(
        "--out",
        metavar="DIR",
        help="results.json, results.csv and report.html go here as they come; run again, it goes "
        "on where it was cut off",
    )
    many.add_argument(
        "--video", action="store_true", help="annotated clips too, in DIR/videos (with --out)"
    )
    many.add_argument(
        "--no-pictures",
        action="store_true",
        help="drawn figures in the report instead of the persons (with --out)",
    )
    many.add_argument("--title", metavar="TEXT", help="the report's title (with --out)")
    many.add_argument(
        "--open", action="store_true", help="open the report in the browser (with --out)"
    )
    many.add_argument(
        "--export",
        action="append",
        choices=("trc", "npz"),
        default=[],
        help="landmarks, back and dowel over time too, in DIR/trc or DIR/npz; may be given twice "
        "(with --out)",
    )
    many.add_argument(
        "--jobs",
        type=values.count(),
        metavar="N",
        help="clips at once (default: one a processor core)",
    )
    many.add_argument(
        "--timeout",
        type=values.quantity(math.ulp(0), 1e9, "a number of seconds above 0"),
        metavar="S",
        help="give up on a clip after S seconds (default: 300, more for large files)",
    )
    many.add_argument(
        "--no-cache",
        action="store_true",
        help="look at every clip again, and keep nothing for the next time",
    )
    many.add_argument(
        "--dask", metavar="ADDRESS", help="have this dask.distributed cluster do the work"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check the clips, show and write the verdicts; return the exit status."""
    from hinge_dowel.batch.worker_process import cores, started_early

    early = str(min(arguments.jobs or cores(), 2)), str(arguments.model or "")
    with started_early(*early) if _one_film(arguments) else nullcontext() as process:
        return _run(arguments, process)


def _one_film(arguments: argparse.Namespace) -> bool:
    """Return whether a single film on this machine is to be checked."""
    path = arguments.paths[0]
    if len(arguments.paths) > 1 or arguments.dask is not None or is_keypoints(path):
        return False
    return os.path.isfile(path)  # noqa: PTH113  (False, not an error, for what cannot be read)


@dataclass(frozen=True, slots=True)
class _Batch:
    """The clips to check, by what they are called, how, and the folder for results, if any."""

    clips: Sequence[Path | str]
    names: Sequence[str]
    options: CheckOptions
    folder: ResultsFolder | None
    left_out: Sequence[str]
    """Why files beside the clips are not checked, a sentence each."""


def _run(arguments: argparse.Namespace, process: Popen[bytes] | None) -> int:
    from hinge_dowel.report import terminal

    batch = _batch(arguments)
    errors = terminal.console_for(sys.stderr, no_color=arguments.no_color)
    verdicts = _checked(batch, arguments, errors, process)
    try:
        written = _write(batch, verdicts, arguments)
    finally:
        _show(verdicts, errors, arguments)
    if not arguments.quiet:
        for sentence in (*written, *_left_out(batch), *_idle(batch, arguments)):
            tell(sentence)
    if arguments.open:
        results.open_report(Path(arguments.out) / results.REPORT)
    return results.exit_status(verdicts, strict=arguments.strict)


def _batch(arguments: argparse.Namespace) -> _Batch:
    """Return what is to be done. All options are checked now, before the long work."""
    from hinge_dowel.batch import named_clips
    from hinge_dowel.report import files

    check_options = options.check_options_of(arguments)
    files.ensure_writable(arguments.json, arguments.svg)
    sources = named_clips.sources_of(arguments.paths)
    found = named_clips.clips_in(sources, arguments.out, check_options.reading.columns)
    clips = found.clips
    names = named_clips.clip_names(clips, sources)
    folder = results.folder_for(arguments, check_options)
    if arguments.keep:
        from hinge_dowel.history.session_log import History

        with History() as history:
            history.try_out()
    return _Batch(clips, names, check_options, folder, [why for _, why in found.left_out])


def _checked(
    batch: _Batch,
    arguments: argparse.Namespace,
    errors: Console,
    process: Popen[bytes] | None,
) -> list[Verdict]:
    try:
        verdicts = checked(
            batch.clips,
            batch.names,
            errors,
            model=arguments.model,
            quiet=arguments.quiet,
            options=batch.options,
            jobs=arguments.jobs,
            folder=batch.folder,
            cache=not arguments.no_cache,
            timeout_s=arguments.timeout,
            dask=arguments.dask,
            started=process,
        )
    except KeyboardInterrupt:
        if batch.folder is not None and not arguments.quiet:
            tell("What is finished is kept: run the same command again to go on.")
        raise
    return [replace(v, who=arguments.who, note=arguments.note) for v in verdicts]


def _write(batch: _Batch, verdicts: Sequence[Verdict], arguments: argparse.Namespace) -> list[str]:
    """Write all that was asked for; return sentences on where it is.

    This comes before anything is shown, as the reader of standard output may hang up. What cannot
    be written does not hide what was found.
    """
    from hinge_dowel.report import files

    said = []
    if batch.folder is not None:
        results.write_out(batch.folder, verdicts, batch.clips, batch.options, arguments)
        out = without_user(arguments.out)
        said.append(f"The report, results.csv and results.json are in {out}.")
    if isinstance(arguments.json, Path):
        files.write_json(files.document(verdicts), arguments.json)
    if arguments.svg:
        files.svg(verdicts, arguments.svg)
    if arguments.keep:
        said.append(_keep(batch, verdicts, arguments))
    return said


def _keep(batch: _Batch, verdicts: Sequence[Verdict], arguments: argparse.Namespace) -> str:
    """Store the verdicts in the history; return the outcome in words."""
    from hashlib import sha256

    from hinge_dowel.batch.cache import content_key
    from hinge_dowel.history.clips import keep_clips
    from hinge_dowel.history.session_log import History

    # A clip behind a URL is identified by its address; two parts of one film are two clips.
    keys = [content_key(clip) if isinstance(clip, Path) else clip for clip in batch.clips]
    part = batch.options.film.key
    contents = [
        key and sha256(f"{key} {part}".encode("utf-8", "replace")).hexdigest() for key in keys
    ]
    with History() as history:
        checked = zip(verdicts, batch.clips, contents, strict=True)
        return keep_clips(history, checked, who=arguments.who, note=arguments.note)


def _idle(batch: _Batch, arguments: argparse.Namespace) -> Iterator[str]:
    """Yield a sentence for each option that had no effect on any of the clips."""
    named = zip(batch.names, batch.clips, strict=True)
    keypoints = [name for name, clip in named if is_keypoints(clip)]
    if arguments.video and len(keypoints) == 1:
        yield f"--video drew nothing for {keypoints[0]}: a file of keypoints has no pictures."
    elif arguments.video and keypoints:
        count = len(keypoints)
        yield f"--video drew nothing for {count} files of keypoints: they have no pictures."
    yield from options.idle(arguments, batch.clips)


def _left_out(batch: _Batch) -> Iterator[str]:
    """Yield what was found beside the clips and is not checked, and why."""
    yield from (f"Not checked: {why}" for why in batch.left_out[:_MOST_TOLD])
    if more := len(batch.left_out[_MOST_TOLD:]):
        yield f"Not checked: {more} more such file{'s' * (more > 1)}."


def _show(verdicts: Sequence[Verdict], errors: Console, arguments: argparse.Namespace) -> None:
    """Print the verdicts, and where the results are; JSON where it goes to standard output."""
    from hinge_dowel.report import files, terminal

    if arguments.quiet:
        for verdict in verdicts:
            if verdict.status == "unusable":
                tell(f"{verdict.clip} could not be checked. {verdict.reason}")
    elif arguments.json == "-":
        terminal.render(verdicts, errors)
    else:
        with stdout():
            console = terminal.console_for(sys.stdout, no_color=arguments.no_color)
            terminal.render(verdicts, console)
            if arguments.out is None and any(verdict.reps for verdict in verdicts):
                terminal.hint(
                    "For pictures, curves and a page to print:",
                    results.with_report(arguments),
                    console,
                )
    if arguments.json == "-":
        files.write_json(files.document(verdicts), "-")
