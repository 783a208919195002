"""The readers of numpy's files: arrays of landmarks or of points along the back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.array_types import Array
from hinge_dowel.body.landmarks import LANDMARK_COUNT
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import clock, stated, timing, words
from hinge_dowel.keypoints.headers import Table, column_of
from hinge_dowel.keypoints.json_bodies import BODY_KEYS, LEAST_PLACES, SCORE_KEYS
from hinge_dowel.keypoints.kinds import off_a_body
from hinge_dowel.keypoints.missing import seen
from hinge_dowel.keypoints.sightings import LEAST_JOINTS, Keypoints, Sightings, gather
from hinge_dowel.keypoints.skeletons import SKELETONS, flat_width, is_known, of_size
from hinge_dowel.keypoints.tables import of_table
from hinge_dowel.keypoints.validation import like_certainties, like_shares

HOLISTIC_FLAT = 33 * 4 + 468 * 3 + 42 * 3
"""Numbers of a flat row of MediaPipe's Holistic, as tutorials save it: the body comes first."""
_POINTS = ("points", "back", "back_px")
_LANDMARKS = ("landmarks", "landmarks_px", "xyz", "arr_0", *(k for k in BODY_KEYS if k != "points"))
_COUNTING = re.compile(r"time|stamp|frame|idx|index|^[in]$")
"""What the names of other arrays hold that may be times or numbers of frames."""
NOT_MEDIAPIPE = 2.0
"""Flat rows that lie further off a body than this in MediaPipe's order are of another skeleton: of
22 real files of MediaPipe's the worst has 0.7, 22 places in space taken for it have 4 and more."""
_NUMBERED = re.compile(
    r"(?P<clip>.*?)(?:landmark|keypoint|joint|point|kpt|kp|lm)s?_?(?P<number>\d+)", re.IGNORECASE
)
"""What arrays of one place each are called, that have no names."""
TURNS = (
    "{} holds turns of joints, as of SMPL, and not their places: save the joints that the model "
    "makes of them, as joints (frames, joints, 3)."
)
_BESIDE = {*words.TIMES, *words.FRAMES, *words.LISTED, *SCORE_KEYS, *words.ABOUT}


def read_numpy(path: Path) -> Keypoints:
    """Read arrays saved by numpy: `landmarks` (T, 33, 2 to 4) or `points` (T, K, 2).

    Beside it `fps` or `time_s` (T,), `names` of another skeleton's places, and `size_px` (width,
    height) when x and y are shares of a picture. With both, the points are taken. One array without
    a name is a skeleton's places (T, N, 2 to 4), of people (T, P, N, 2+), or flat rows of them.
    Nothing in the file is executed. Raises `ClipError`.
    """
    try:
        with path.open("rb") as file:
            data = np.load(file, allow_pickle=False)
            bare = isinstance(data, np.ndarray)
            if bare and not data.dtype.names:
                return of_array(path.name, data)
            names = data.dtype.names if bare else data.files
            if "poses" in names and {"betas", "trans"} & set(names):
                raise ClipError(TURNS.format(path.name))
            # Pictures and the like that lie beside would fill the memory.
            wanted = [n for n in names if n.lower() in (*_LANDMARKS, *_POINTS)] or names
            beside = [n for n in names if n.lower() in _BESIDE or _COUNTING.search(n.lower())]
            held = {n: _held(data, n) for n in dict.fromkeys([*wanted, *beside])}
            plain = {name: own for name, own in held.items() if own is not None}
            if held and not plain:
                raise ValueError(path.name)
    except ClipError:
        raise
    except Exception as error:  # of damaged bytes zipfile, zlib and numpy make many kinds
        raise ClipError(
            f"{path.name} is damaged, or holds no plain numbers: save arrays of floats, NaN where "
            "nobody is seen, as what Python pickled (lists, None, dict) is not opened."
        ) from error
    return of_arrays(path.name, plain)


def of_groups(what: str, groups: Sequence[Mapping[str, NDArray[Any]]]) -> Keypoints:
    """The one of several groups of arrays that holds keypoints; rates and the like stand in any.

    Raises `ClipError`, also where it is not one.
    """
    about = {n: own for group in groups for n, own in group.items() if n.lower() in _BESIDE}
    found: list[Keypoints] = []
    said: ClipError | None = None
    for group in groups:
        if set(group) - set(about) or len(groups) == 1:
            try:
                found.append(of_arrays(what, {**about, **group}))
            except ClipError as error:
                said = said or error
    if len(found) > 1:
        raise ClipError(f"{what} holds keypoints in {len(found)} groups: save a file for each.")
    if not found:
        raise said or ClipError(f"{what} holds no arrays.")
    return found[0]


def read_mat(path: Path) -> Keypoints:
    """Read Matlab's arrays as those of .npz, also such as lie in a struct. Raises `ClipError`."""
    from scipy.io import loadmat

    from hinge_dowel.keypoints.hdf5_files import read_hdf5

    try:
        data = loadmat(path, simplify_cells=True)
    except NotImplementedError:
        return read_hdf5(path)  # as which version 7.3 is written
    except Exception as error:  # of damaged bytes the reader makes many kinds
        raise ClipError(f"{path.name} is not a .mat file of Matlab, or is damaged.") from error
    groups: list[dict[str, NDArray[Any]]] = []
    waiting = [{name: own for name, own in data.items() if not name.startswith("__")}]
    for part in waiting:
        part |= {n: _place_of(own) for n, own in part.items() if _place_of(own) is not None}
        waiting += [own for own in part.values() if isinstance(own, dict)]
        groups.append({n: np.asarray(own) for n, own in part.items() if not isinstance(own, dict)})
    return of_groups(path.name, groups)


def _place_of(struct: Any) -> Array | None:
    """A joint's places (T, 2 or 3), of a struct of x and y; None for anything else."""
    axes = [struct.get(axis) for axis in "xyz"] if isinstance(struct, dict) else []
    found = [own for own in axes if isinstance(own, np.ndarray) and own.ndim == 1]
    return np.stack(found, axis=-1) if len(found) >= 2 else None


def of_arrays(what: str, given: dict[str, NDArray[Any]]) -> Keypoints:
    """Arrays by name: of all places or of one each, and what is said beside. Raises `ClipError`."""
    held = {words.spoken(name.rpartition("/")[2]): array for name, array in given.items()}
    said = {name: own.squeeze().tolist() for name, own in held.items() if name in words.ABOUT}
    names = next((plain_texts(held[name]) for name in words.LISTED if name in held), None)
    along = _along_a_back(held)
    chosen = along if along is not None else _first(held, _LANDMARKS)
    if chosen is None and (table := _columns(what, given)):
        return of_table(table, said)
    if chosen is None and (joints := _by_joint(given) or _by_number(what, given)):
        names, chosen = list(joints), np.stack(list(joints.values()), axis=1)
    chosen = _only(held) if chosen is None else chosen
    if chosen is None:
        raise ClipError(
            f"{what} holds no array named landmarks or points, none for each of several joints, "
            "and not one alone that may be keypoints: save them as landmarks (frames, 33, 2 to 4), "
            "or with names beside."
        )
    about = stated.about_of([said])
    try:
        frame, time, called = timing.when_of(what, _row_by_row(held, len(chosen)))
        if along is not None:
            own, told = clock.times_of(what, time or (), called, None, about.fps)
            return Keypoints("points", along.astype(float), own, about, times_said=told)
        sure = _first(held, SCORE_KEYS)
        sure = None if sure is None else sure.astype(float)
        return of_array(what, chosen, names, sure, about, time, called, frame=frame)
    except (TypeError, ValueError, IndexError) as error:
        raise ClipError(f"{what} has an array that is not what its name says.") from error


def _first(held: Mapping[str, NDArray[Any]], names: Sequence[str]) -> NDArray[Any] | None:
    """The array of the first of the names that is there."""
    return next((held[name] for name in names if name in held), None)


def _along_a_back(held: Mapping[str, NDArray[Any]]) -> NDArray[Any] | None:
    """Points along a back; an export of a clip without one holds them as NaN."""
    points = _first(held, _POINTS)
    if points is None or points.dtype.kind not in "biuf" or not np.isfinite(points).any():
        return None
    return points


def _row_by_row(held: Mapping[str, NDArray[Any]], count: int) -> dict[str, list[object]]:
    """What each of so many frames has beside its places, by its name; all times, however many."""
    flat = {n: own for n, own in held.items() if own.ndim == 1 and own.dtype.kind in "iuf"}
    flat |= {n: _counted(held[n]) for n in (*words.TIMES, *words.FRAMES) if n in held}
    return {
        n: own.tolist()
        for n, own in flat.items()
        if len(own) == count or (n in words.TIMES and len(own) > 1)
        if n not in words.CLASSES
    }


def of_array(
    what: str,
    array: NDArray[Any],
    names: list[str] | None = None,
    sure: Array | None = None,
    about: stated.About = stated.NOTHING_SAID,
    time: list[object] | None = None,
    time_name: str = "",
    *,
    frame: Array | None = None,
    tracked: bool = False,
) -> Keypoints:
    """An array of places (T, N, 2 to 4), or of people (T, P, N, 2 to 4), as what is judged.

    `frame` (T,) is what the frames are numbered; `tracked`: P is the same person throughout. Raises
    `ClipError`.
    """
    if array.dtype.kind not in "biuf":
        raise ClipError(f"{what} holds no numbers.")
    values = _in_axes(array.astype(float), names)
    if values.ndim not in (3, 4) or not 2 <= values.shape[-1] <= 4 or not len(values):
        raise ClipError(
            f"{what} is an array {values.shape}: frames, keypoints, x and y (and depth, and "
            "certainty) are needed."
        )
    frames, people = len(values), values.shape[1] if values.ndim == 4 else 1
    numbers = np.arange(float(frames)) if frame is None else frame
    rows, certainty, scored = _parted(values.reshape(frames * people, *values.shape[-2:]), sure)
    return gather(
        Sightings(
            what=what,
            names=names if names and len(names) == rows.shape[1] else None,
            places=rows,
            certainty=certainty,
            scored=scored,
            frame=None if frame is None and people == 1 else np.repeat(numbers, people),
            time=None if time is None else [t for t in time for _ in range(people)],
            time_name=time_name,
            person=list(range(people)) * frames if tracked else None,
            about=about,
        )
    )


def _in_axes(values: Array, names: Sequence[str] | None) -> Array:
    """Numbers in any shape as (T, N, C) or (T, P, N, C), as far as it tells what they are."""
    # MoveNet's own outputs have an axis for the one picture, and one for the one person in it.
    while values.ndim > 4 and 1 in values.shape[1:-2]:
        values = values.squeeze(values.shape[1:-2].index(1) + 1)
    if values.ndim == 2 and values.shape[1] == HOLISTIC_FLAT:
        values = values[:, : 4 * LANDMARK_COUNT]
    if values.ndim == 2 and (width := flat_width(values.shape[1])):
        values = _unfolded(values, width)
    if values.shape[-1] == 5:
        values = values[..., :4]  # behind the visibility MediaPipe has the presence
    return _ordered(values, {one.size for one in SKELETONS} | ({len(names)} if names else set()))


def _unfolded(values: Array, width: int) -> Array:
    """Flat rows (T, N * width) as places (T, N, width), or as what else has as many numbers.

    66 are 33 places in a picture or 22 in space, as of SMPL and of Kinect in UI-PRMD.
    """
    places = values.reshape(len(values), -1, width)
    doubtful = places.shape[1:] == (LANDMARK_COUNT, 2) and len(places)
    if doubtful and off_a_body(seen(places, None, scored=False)) > NOT_MEDIAPIPE:
        return values.reshape(len(values), -1, 3)
    return places


def _parted(rows: Array, sure: Array | None) -> tuple[Array, Array | None, bool]:
    """Places (S, N, 2 or 3), how certain they are (S, N), and whether that is a score.

    `sure` of any shape is what stands beside the rows (S, N, 2 to 4).
    """
    if sure is not None and sure.size == rows[..., 0].size and np.isfinite(sure).any():
        return rows[..., :3], sure.reshape(rows.shape[:2]), True
    if rows.shape[2] == 4:
        return rows[..., :3], rows[..., 3], False
    if rows.shape[2] == 3 and _scored(rows):
        return rows[..., :2], rows[..., 2], True
    return rows, None, False


def _counted(array: NDArray[Any]) -> NDArray[Any]:
    """Times or numbers of frames in one row; moments and spans of numpy in seconds."""
    if array.dtype.kind in "mM":
        epoch = np.datetime64(0, "s") if array.dtype.kind == "M" else np.timedelta64(0, "s")
        array = (array - epoch) / np.timedelta64(1, "s")
    return array.ravel()


def _ordered(values: Array, sizes: set[int]) -> Array:
    """Places with their axes as (T, N, C) or (T, P, N, C), where the skeletons' sizes tell them."""
    if values.ndim == 3:
        for axes in permutations(range(3)):
            _, places, width = (values.shape[axis] for axis in axes)
            if places in sizes and 2 <= width <= 4:
                return values.transpose(axes)
    if values.ndim == 4 and values.shape[0] < values.shape[1]:
        return values.transpose(1, 0, 2, 3)
    return values


def _scored(rows: Array) -> bool:
    """Whether third numbers are from 0 to 1, not all 0, where x and y are pixels."""
    third = rows[..., 2]
    return bool((third > 0).any()) and like_certainties(third) and not like_shares(rows[..., :2])


def _held(data: Any, name: str) -> NDArray[Any] | None:
    """An array of a file; None where it could only be read by running it, and is not needed."""
    try:
        return np.asarray(data[name])
    except ValueError:
        if name.lower() in ("landmarks", "keypoints", *_POINTS):
            raise
        return None


def plain_texts(array: NDArray[Any]) -> list[str]:
    """An array of texts or of their bytes as a list."""
    return [v.decode() if isinstance(v, bytes) else str(v) for v in array.ravel().tolist()]


def _columns(what: str, given: dict[str, NDArray[Any]]) -> Table | None:
    """A table of arrays (T,) of which several are called after a joint's coordinates, or None."""
    cells = {name: column_of(name) for name, array in given.items() if array.ndim == 1}
    joints = {cell.place for cell in cells.values() if cell.axis and is_known(cell.place)}
    if len(joints) < LEAST_JOINTS:
        return None
    count = max(len(given[name]) for name, cell in cells.items() if cell.axis)
    own = {name: cell for name, cell in cells.items() if len(given[name]) == count}
    rows = list(zip(*(given[name].tolist() for name in own), strict=True))
    return Table(what, tuple(own.values()), rows)


def _by_joint(given: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The places (T, 2 to 4) of arrays called after a joint each."""
    found = {name: array for name, array in given.items() if array.ndim == 2}
    alike = {array.shape for name, array in found.items() if is_known(name)}
    # Markers that are no joints are of use beside them.
    joints = {name: array for name, array in found.items() if {array.shape} == alike}
    return joints if sum(map(is_known, joints)) >= LEAST_JOINTS else {}


def _by_number(what: str, given: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The places (T, 2 to 4), or turned round, of arrays called by a number each: clip_landmark_11.

    Empty where they are not a skeleton's. Raises `ClipError` where several clips have theirs.
    """
    clips: dict[str, dict[str, NDArray[Any]]] = {}
    for name, array in given.items():
        if array.ndim == 2 and (match := _NUMBERED.fullmatch(name)):
            clips.setdefault(match["clip"], {})[match["number"]] = array
    whole = {
        clip: own
        for clip, own in clips.items()
        if of_size(len(own)) and len({array.shape for array in own.values()}) == 1
    }
    if len(whole) > 1:
        told = " and ".join(f"{clip.strip(' _.')!r}" for clip in list(whole)[:2])
        raise ClipError(f"{what} holds several clips ({told}): save a file for each.")
    return next(iter(whole.values()), {})


def _only(held: dict[str, NDArray[Any]]) -> NDArray[Any] | None:
    """The places among arrays of names that say nothing: the one that may be, or x and y."""
    if {"x", "y"} <= set(held) and held["x"].shape == held["y"].shape:
        return np.stack([held["x"], held["y"]], axis=-1)
    found = [
        array
        for name, array in held.items()
        if name not in _BESIDE
        and array.size >= 2 * LEAST_PLACES * max(array.shape, default=0)  # more than boxes
        and (array.ndim in (3, 4) or (array.ndim == 2 and flat_width(array.shape[1])))
    ]
    return found[0] if len(found) == 1 else None
