"""Any file in, a verdict out: video, or keypoints from another program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from hinge_dowel.analysis.pipeline import follow_person
from hinge_dowel.analysis.pipeline import judge as judge_record
from hinge_dowel.analysis.rules import HINGE_NAME
from hinge_dowel.body.array_types import Array
from hinge_dowel.body.trunk import pitch_deg, trunk_frame
from hinge_dowel.errors import ArgumentError, ClipError
from hinge_dowel.exercises import AUTO
from hinge_dowel.keypoints import readers, validation
from hinge_dowel.keypoints.anatomy import check_markers
from hinge_dowel.keypoints.arrays import check_keypoints, check_points
from hinge_dowel.keypoints.clock import SLOWEST_STEP_S
from hinge_dowel.keypoints.formats import (
    DEFAULT_OPTIONS,
    CheckOptions,
    Columns,
    Reading,
    is_keypoints,
)
from hinge_dowel.keypoints.sightings import Keypoints
from hinge_dowel.pose import model_file
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Verdict
from hinge_dowel.video.options import FilmOptions, Person

PIXELS = (
    "x and y are lengths already, and no shares of a picture: its size (size_px=, or --size) is "
    "left aside."
)
PERCENT = "x and y run from 0 to 100, and are taken for percent of the picture's width and height."

NO_FILM = (
    "{} numbers its pictures by {:g}, too far apart for a film: give the pictures of one film, "
    "numbered one after the other, or with their times."
)
STRIDE = (
    "Frames are numbered by {:g} and taken for {:.4g} a second: if that is wrong, the tempo is; "
    "--fps says how many numbers there are to a second."
)


def check_file(
    path: Path, options: CheckOptions = DEFAULT_OPTIONS, *, name: str | None = None
) -> Verdict:
    """Judge a file of keypoints (see `readers`). Raises `ClipError` for what cannot be read.

    Keypoints do not show what the hands hold: where the exercise would have to be told from the
    movement, it is the hip hinge.
    """
    exercise = HINGE_NAME if options.exercise == AUTO else options.exercise
    name, reading, wall_cm = name or path.name, options.reading, options.wall_cm
    found = readers.read(path, reading.columns)
    fps, time_s, stride = found.clock(reading.fps)
    said = () if reading.fps or not found.times_said else (found.times_said,)
    warnings = (*said, *found.warnings)
    if time_s is None and fps is None:
        asked = f"{path.name} does not say its frame rate: give it with --fps."
        raise ClipError(" ".join([*warnings, asked]))
    found, size_px, told = _sized(found, reading.size_px)
    warnings = (*warnings, *told)
    try:
        if time_s is not None and stride > 1:
            time_s, told = _strided(path.name, found, time_s, stride)
            warnings = (*warnings, *told)
        time = validation.times(len(found.places), fps, time_s)
        slow = None if reading.fps else _too_slow(found, time)
        if slow is not None:
            return Verdict(name, "unusable", reason=slow, warnings=warnings)
        check = _check_of(found, size_px, wall_cm)
        verdict = check(time_s=time, tolerances=options.tolerances, exercise=exercise, name=name)
    except ValueError as error:
        raise ClipError(f"{path.name}: {error}") from error
    return replace(verdict, warnings=(*verdict.warnings, *warnings))


def _sized(
    found: Keypoints, given_px: tuple[float, float] | None
) -> tuple[Keypoints, tuple[float, float] | None, tuple[str, ...]]:
    """The keypoints, the size of the picture of which they are shares, and what is to be said.

    Percent become shares; of lengths there is no size.
    """
    size_px = found.about.size_px or given_px
    flat = found.places[..., :2]
    if size_px is None or (found.about.of_picture and validation.like_shares(flat)):
        return found, size_px, ()
    if found.about.of_picture and validation.like_percent(flat, size_px):
        scale = np.array([0.01, 0.01, 0.01, 1.0])[: found.places.shape[-1]]
        return replace(found, places=found.places * scale), size_px, (PERCENT,)
    # What a file says may stand beside pixels all the same.
    return found, None, () if found.about.size_px else (PIXELS,)


def _strided(
    what: str, found: Keypoints, time_s: Array, stride: float
) -> tuple[Array, tuple[str, ...]]:
    """Times of frames that are numbered by a stride, and what is to be said of them.

    Raises `ClipError` for pictures too far apart for a film.
    """
    if _too_slow(found, time_s):
        time_s = time_s / stride
    step_s = float(np.median(np.diff(time_s)))
    if step_s >= SLOWEST_STEP_S:
        raise ClipError(NO_FILM.format(what, stride))
    return time_s, (STRIDE.format(stride, 1 / step_s),)


def _check_of(
    found: Keypoints, size_px: tuple[float, float] | None, wall_cm: float | None
) -> Callable[..., Verdict]:
    """What judges such keypoints, by markers, points or joints."""
    if found.anatomy is not None:
        return partial(check_markers, found.anatomy, wall_cm=wall_cm)
    if found.kind == "points":
        return partial(check_points, found.places, landmarks=found.body, size_px=size_px)
    return partial(check_keypoints, found.places, size_px=size_px, wall_cm=wall_cm)


def _too_slow(found: Keypoints, time_s: Array) -> str | None:
    """What to say of times in a file that make people move too slowly."""
    back = found.places[:, 0] - found.places[:, -1]
    up = back if found.kind == "points" else trunk_frame(found.places)[1]
    return validation.too_slow(time_s, pitch_deg(up))


def check_clip(
    path: str | Path,
    *,
    model: str | Path | None = None,
    fps: float | None = None,
    columns: Columns | None = None,
    size_px: tuple[float, float] | None = None,
    from_s: float | None = None,
    to_s: float | None = None,
    slow_motion: float | None = None,
    person: Person | None = None,
    height_cm: float | None = None,
    tolerances: Tolerances = DEFAULT,
    exercise: str = AUTO,
    wall_cm: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> Verdict:
    """Judge one video clip, or one file of keypoints (`formats.READABLE`).

    `exercise` is what it is judged as (see `exercises.catalogue`), "auto" to tell it from a film
    (of keypoints it is the hip hinge); `wall_cm` how far behind the heels the wall of a wall tap
    stands; `height_cm` stands for `Tolerances.stature_cm`. `fps`, frames per second, overrides the
    rate of a file of keypoints, and is that of numbered pictures; of a film it changes nothing.

    Of films alone: `from_s` and `to_s` bound the part to look at, in seconds as a player shows
    them; `slow_motion` is how many times slower than life it plays (default: as the file says);
    `person` is whom to follow, "left", "right" or a number from the left (default: the one who
    hinges). `model` is the pose bundle's file (default: found, or fetched once); `progress` is
    called with the share of the clip that is done, 0 to 1. Of keypoints alone, where their file
    does not say them: `columns`, and `size_px`, the picture's (width, height) where x and y are
    shares of it.

    Raises `ClipError` for a file that cannot be read, `ModelError` for a pose model that is not
    there or not the one that is needed, and ValueError for an argument that cannot be; what can be
    read but not judged comes back `unusable` with the reason.
    """
    path = Path(path)
    if height_cm is not None:
        tolerances = replace(tolerances, stature_cm=height_cm)
    film = FilmOptions(from_s, to_s, slow_motion, person, fps)
    reading = Reading(fps, columns, size_px)
    options = CheckOptions(tolerances, exercise, wall_cm, reading, film)
    rules = options.rules
    if is_keypoints(path):
        if film != FilmOptions(fps=fps):
            raise ArgumentError("from_s, to_s, slow_motion and person are for films alone.")
        return check_file(path, options)
    if columns is not None or size_px is not None:
        raise ArgumentError("columns and size_px are for files of keypoints alone.")
    found = None if model is None else model_file.locate(Path(model))
    record = follow_person(path, model=found, progress=progress, options=film)
    paced = slow_motion is not None
    return judge_record(record, clip=path.name, tolerances=tolerances, rules=rules, paced=paced)
