"""Options shared by several commands, and what they say of how clips are judged."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hinge_dowel.commands import values
from hinge_dowel.errors import UsageError
from hinge_dowel.exercises import AUTO
from hinge_dowel.keypoints.formats import TABLES, CheckOptions, Reading, is_keypoints
from hinge_dowel.system.names import path_within
from hinge_dowel.tolerances import DEFAULT, Tolerances, load
from hinge_dowel.video import numbered_pictures
from hinge_dowel.video.options import MOST_SLOW_MOTION, FilmOptions


def json_option(parser: argparse.ArgumentParser) -> None:
    """Add --json, the file for the results."""
    parser.add_argument(
        "--json",
        type=values.target,
        metavar="FILE",
        help="write the results as JSON; - is stdout",
    )


def export_option(parser: argparse.ArgumentParser, what: str) -> None:
    """Add --json, which writes `what` as JSON instead of showing it."""
    parser.add_argument(
        "--json",
        type=values.target,
        nargs="?",
        const="-",
        metavar="FILE",
        help=f"write {what} as JSON instead; without FILE, or with -, to stdout",
    )


def config_option(parser: argparse.ArgumentParser) -> None:
    """Add --config, a file of tolerances."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="a file of other limits (see: hinge-dowel tolerances --toml)",
    )


def model_option(parser: argparse._ActionsContainer) -> None:
    """Add --model, the pose model's file."""
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="use this copy of pose_landmarker_full.task"
    )


def keypoint_options(parser: argparse.ArgumentParser) -> None:
    """Add options for what files of keypoints do not say themselves."""
    group = parser.add_argument_group(
        "files of keypoints",
        "From other programs: .trc, .c3d, .json, .csv, .npz, .h5 (see: hinge-dowel guide files).",
    )
    group.add_argument(
        "--fps",
        type=values.quantity(0.01, 1e5, "a number of frames a second"),
        metavar="F",
        help="frames a second, in place of what the file says; also of numbered pictures",
    )
    group.add_argument(
        "--size",
        type=values.size,
        metavar="WxH",
        help="the picture's size in pixels, where x and y are shares of it (MediaPipe)",
    )
    group.add_argument(
        "--columns",
        type=Path,
        metavar="FILE",
        help="a TOML file: which columns of a table are what",
    )


def film_options(parser: argparse.ArgumentParser, *, choose: bool) -> None:
    """Add options on how films are read, with `choose` also --person."""
    group = parser.add_argument_group("films")
    seconds = values.quantity(0, 1e6, "seconds, 0 or more")
    group.add_argument(
        "--from",
        dest="from_s",
        type=seconds,
        metavar="S",
        help="look at the film from this second on",
    )
    group.add_argument(
        "--to", dest="to_s", type=seconds, metavar="S", help="look at the film up to this second"
    )
    group.add_argument(
        "--slow-motion",
        type=values.quantity(
            1 / MOST_SLOW_MOTION,
            MOST_SLOW_MOTION,
            f"a number above 0 and up to {MOST_SLOW_MOTION:.0f}, as 4",
        ),
        metavar="N",
        help="the film plays N times slower than life (default: as the file says)",
    )
    if choose:
        group.add_argument(
            "--person",
            type=values.person,
            metavar="left|right|N",
            help="follow this person, N from the left (default: the one who hinges)",
        )
    group.add_argument(
        "--height",
        type=values.quantity(50, 260, "centimetres from 50 to 260"),
        metavar="CM",
        help="the person's height, for the centimetres off the dowel (default: 170)",
    )


def film_options_of(arguments: argparse.Namespace) -> FilmOptions:
    """Return the values of `film_options`. Raises `UsageError` where they contradict each other."""
    try:
        return FilmOptions(
            arguments.from_s,
            arguments.to_s,
            arguments.slow_motion,
            getattr(arguments, "person", None),
            getattr(arguments, "fps", None),
        )
    except ValueError as error:
        raise UsageError(f"--from and --to: {error}") from error


def tolerances_of(arguments: argparse.Namespace) -> Tolerances:
    """Return the tolerances of `--config` and `--height`. Raises `ConfigError` for a bad file."""
    tolerances = load(arguments.config) if arguments.config else DEFAULT
    if arguments.height is None:
        return tolerances
    return replace(tolerances, stature_cm=arguments.height)


def check_options_of(arguments: argparse.Namespace) -> CheckOptions:
    """Return how clips are to be judged. Raises as those of each part, and as `rules_for`."""
    from hinge_dowel.keypoints.columns import load_columns

    columns = load_columns(arguments.columns) if arguments.columns else None
    check_options = CheckOptions(
        tolerances_of(arguments),
        arguments.exercise,
        arguments.wall_cm,
        Reading(arguments.fps, columns, arguments.size),
        film_options_of(arguments),
    )
    if arguments.wall_cm is not None:
        check_options.rules  # noqa: B018  (raises)
    return check_options


def idle(arguments: argparse.Namespace, clips: Sequence[Path | str]) -> Iterator[str]:
    """Yield a sentence for each option on how files are read that is for none of the clips."""
    suffixes = [path_within(str(clip)).suffix.lower() for clip in clips]
    keypoints = [is_keypoints(clip) for clip in clips]
    pictures = any(suffix in numbered_pictures.SUFFIXES for suffix in suffixes)
    for option, wanted, there in (
        *((n, "films", not all(keypoints)) for n in ("from_s", "to_s", "slow_motion", "person")),
        ("fps", "files of keypoints and numbered pictures", any(keypoints) or pictures),
        ("size", "files of keypoints", any(keypoints)),
        ("columns", "tables", any(suffix in TABLES for suffix in suffixes)),
    ):
        if getattr(arguments, option) is not None and not there:
            name = option.removesuffix("_s").replace("_", "-")
            yield f"--{name} changed nothing: it is for {wanted}, and there is none here."


def color_option(parser: argparse.ArgumentParser) -> None:
    """Add --no-color."""
    parser.add_argument("--no-color", action="store_true", help="no colour (as does NO_COLOR)")


def exercise_options(
    parser: argparse._ActionsContainer, default: str | None = AUTO, default_words: str = AUTO
) -> None:
    """Add --exercise, and --wall-cm for the wall tap."""
    parser.add_argument(
        "--exercise",
        default=default,
        type=lambda text: values.exercise_name(text, AUTO),
        metavar="NAME",
        help=f"what is done (see: hinge-dowel exercises); {AUTO} tells it from the movement "
        f"(default: {default_words})",
    )
    parser.add_argument(
        "--wall-cm",
        type=values.quantity(0, math.inf, "a number of centimetres"),
        metavar="CM",
        help="wall_tap: how far behind your heels the wall stands",
    )


def who_option(parser: argparse._ActionsContainer, words: str) -> None:
    """Add --who, with `words` as its help."""
    parser.add_argument("--who", type=values.name, metavar="NAME", help=words)


def note_option(parser: argparse._ActionsContainer) -> None:
    """Add --note, a remark stored with the results."""
    parser.add_argument(
        "--note", type=values.note, metavar="TEXT", help="a remark, kept with the results"
    )
