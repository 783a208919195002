"""Readers of keypoint files: what people have from other programs, as arrays to judge.

>>> import tempfile, numpy as np
>>> from pathlib import Path
>>> from hinge_dowel.testing.synthetic import HINGE, ROUNDING, mix
>>> seen = mix([HINGE, ROUNDING])
>>> path = Path(tempfile.mkdtemp()) / "back.npz"
>>> np.savez(path, points=seen.points, fps=seen.fps)
>>> keypoints = read(path)
>>> keypoints.kind, keypoints.places.shape, keypoints.fps
('points', (316, 7, 2), 30.0)
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.formats import Columns, is_keypoints
from hinge_dowel.keypoints.json_files import read_json
from hinge_dowel.keypoints.markers import Keypoints
from hinge_dowel.keypoints.tables import read_csv, read_trc

Array = NDArray[np.float64]

_LANDMARKS, _POINTS = ("landmarks", "keypoints", "landmarks_px"), ("points", "back", "back_px")


def read(path: str | Path, columns: Columns | None = None) -> Keypoints:
    """Read a file of keypoints, by its suffix: .trc, .json, .csv or .npz.

    `columns` says which columns of a .csv are what. Raises `ClipError` for what cannot be read.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if not is_keypoints(path):
        raise ClipError(f"{path.name} is no file of keypoints: .trc, .json, .csv or .npz.")
    if not path.is_file():
        raise ClipError(f"There is no file {path.name}: check the name.")
    if suffix == ".csv":
        return read_csv(path, columns)
    return {".trc": read_trc, ".json": read_json, ".npz": read_npz}[suffix](path)


def read_npz(path: Path) -> Keypoints:
    """Read arrays saved by numpy: `landmarks` (T, 33, 2 to 4) or `points` (T, K, 2).

    Beside it `fps` or `time_s` (T,), and `size_px` (width, height) when x and y are shares of a
    picture. With both, the points are taken. Nothing in the file is executed. Raises `ClipError`.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            if isinstance(data, np.ndarray):
                raise ClipError(f"{path.name} is a bare array: save it with numpy.savez.")
            names = set(data.files)
            wanted = names & {*_LANDMARKS, *_POINTS, "fps", "time_s", "size_px"}
            held = {name: np.asarray(data[name]) for name in wanted}
    except ClipError:
        raise
    except Exception as error:  # of damaged bytes zipfile, zlib and numpy make many kinds
        raise ClipError(f"{path.name} is not an .npz file of plain numbers.") from error
    points = next((held[name] for name in _POINTS if name in held), None)
    places = next((held[name] for name in _LANDMARKS if name in held), None)
    # An export of a clip without a back holds it as NaN.
    use = "points" if points is not None and _filled(points) else "landmarks"
    chosen = points if use == "points" else places
    if chosen is None:
        raise ClipError(f"{path.name} holds no array named landmarks or points.")
    size = held.get("size_px") if not names & {"landmarks_px", "back_px"} else None
    try:
        return Keypoints(
            "points" if use == "points" else "landmarks",
            chosen.astype(float),
            held["time_s"].astype(float) if "time_s" in held else None,
            float(held["fps"]) if "fps" in held else None,
            (float(size[0]), float(size[1])) if size is not None else None,
        )
    except (TypeError, ValueError, IndexError) as error:
        raise ClipError(f"{path.name} has an array that is not what its name says.") from error


def _filled(array: NDArray[np.generic]) -> bool:
    return array.dtype.kind in "biuf" and bool(np.isfinite(array).any())
