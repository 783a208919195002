"""Options shared by several commands, and parsers of option values."""

from __future__ import annotations

import argparse
import glob
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from hinge_dowel.errors import UsageError
from hinge_dowel.exercises import AUTO
from hinge_dowel.keypoints.formats import TABLES, CheckOptions, Reading, is_keypoints
from hinge_dowel.system.names import is_url, one_line, path_within
from hinge_dowel.tolerances import DEFAULT, Tolerances, load
from hinge_dowel.video import numbered_pictures
from hinge_dowel.video.options import MOST_PEOPLE, MOST_SLOW_MOTION, FilmOptions, Person


def json_option(parser: argparse.ArgumentParser) -> None:
    """Add --json, the file for the results."""
    parser.add_argument(
        "--json", type=target, metavar="FILE", help="write the results as JSON; - is stdout"
    )


def export_option(parser: argparse.ArgumentParser, what: str) -> None:
    """Add --json, which writes `what` as JSON instead of showing it."""
    parser.add_argument(
        "--json",
        type=target,
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
        type=quantity(0.01, 1e5, "a number of frames a second"),
        metavar="F",
        help="frames a second, in place of what the file says; also of numbered pictures",
    )
    group.add_argument(
        "--size",
        type=size,
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
    seconds = quantity(0, 1e6, "seconds, 0 or more")
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
        type=quantity(
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
            type=_person,
            metavar="left|right|N",
            help="follow this person, N from the left (default: the one who hinges)",
        )
    group.add_argument(
        "--height",
        type=quantity(50, 260, "centimetres from 50 to 260"),
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


def expanded(paths: Sequence[str]) -> list[str]:
    """Return paths with wildcards expanded, as the shells of Windows do not.

    URLs and paths that exist as written stay as they are. Raises `UsageError` for a pattern that
    matches nothing, and for an empty path, which would be this folder.
    """
    matched: list[str] = []
    if "" in paths:
        raise UsageError("A path is empty: name a clip, or . for this folder.")
    for path in paths:
        if is_url(path) or not glob.has_magic(path) or Path(path).exists():
            matched.append(path)
            continue
        files = sorted(glob.glob(path, recursive=True))  # noqa: PTH207  (may be absolute)
        if not files:
            raise UsageError(f"Nothing here is called {path}: check the name.")
        matched += files
    return matched


def _person(text: str) -> Person:
    """Parse an option's value: left, right, or a number from 1."""
    if text in ("left", "right"):
        return text  # type: ignore[return-value]
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_PEOPLE):
        raise argparse.ArgumentTypeError(f"must be left, right or a number from 1, not {text!r}")
    return int(text)


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
        type=lambda text: exercise_name(text, AUTO),
        metavar="NAME",
        help=f"what is done (see: hinge-dowel exercises); {AUTO} tells it from the movement "
        f"(default: {default_words})",
    )
    parser.add_argument(
        "--wall-cm",
        type=quantity(0, math.inf, "a number of centimetres"),
        metavar="CM",
        help="wall_tap: how far behind your heels the wall stands",
    )


def exercise_name(text: str, *also: str) -> str:
    """Parse an exercise's name, "Wall tap" and "wall-tap" for wall_tap too, or one of `also`."""
    from hinge_dowel.exercises.catalogue import EXERCISES

    name, known = text.lower().replace("-", "_").replace(" ", "_"), (*EXERCISES, *also)
    if name not in known:
        raise argparse.ArgumentTypeError(f"must be one of {', '.join(known)}, not {text!r}")
    return name


def who_option(parser: argparse._ActionsContainer, words: str) -> None:
    """Add --who, with `words` as its help."""
    parser.add_argument("--who", type=name, metavar="NAME", help=words)


def note_option(parser: argparse._ActionsContainer) -> None:
    """Add --note, a remark stored with the results."""
    note = _line(200, "a note")
    parser.add_argument("--note", type=note, metavar="TEXT", help="a remark, kept with the results")


def _line(most: int, what: str) -> Callable[[str], str]:
    """Return a parser of one line of up to `most` characters; `what` names it in the error."""

    def parse(text: str) -> str:
        words = one_line(text)
        if not 1 <= len(words) <= most:
            raise argparse.ArgumentTypeError(
                f"must be {what} of 1 to {most} characters, not {len(words)}"
            )
        return words

    return parse


name = _line(40, "a name")
"""Parses an option's value: a person's name."""


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
