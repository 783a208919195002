"""Readers of keypoint files: what people have from other programs, as arrays to judge.

>>> import tempfile, numpy as np
>>> from pathlib import Path
>>> from hinge_dowel.testing.synthetic import HINGE, ROUNDING, mix
>>> seen = mix([HINGE, ROUNDING])
>>> path = Path(tempfile.mkdtemp()) / "back.npz"
>>> np.savez(path, points=seen.points, fps=seen.fps)
>>> keypoints = read(path)
>>> keypoints.kind, keypoints.places.shape, keypoints.about.fps
('points', (316, 7, 2), 30.0)
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.array_files import read_mat, read_numpy
from hinge_dowel.keypoints.c3d_files import read_c3d
from hinge_dowel.keypoints.csv_files import read_csv
from hinge_dowel.keypoints.formats import READABLE, REFUSED, Columns, suffix_of
from hinge_dowel.keypoints.hdf5_files import read_hdf5
from hinge_dowel.keypoints.json_files import read_json
from hinge_dowel.keypoints.ntu_files import read_skeleton
from hinge_dowel.keypoints.protocol_text import read_messages
from hinge_dowel.keypoints.sightings import Keypoints
from hinge_dowel.keypoints.trc import read_storage, read_trc

_READERS = {
    ".trc": read_trc,
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), read_json),
    **dict.fromkeys((".npz", ".npy"), read_numpy),
    ".mat": read_mat,
    ".pbtxt": read_messages,
    ".c3d": read_c3d,
    ".skeleton": read_skeleton,
    **dict.fromkeys((".h5", ".hdf5"), read_hdf5),
}

_BINARY = (".npz", ".npy", ".mat", ".c3d", ".h5", ".hdf5")
"""Suffixes of files that are no text, which gzip may not have packed."""


def read(path: str | Path, columns: Columns | None = None) -> Keypoints:
    """Read a file of keypoints, by its suffix (see `formats.READABLE`).

    `columns` says which columns of a table are what. Raises `ClipError` for what cannot be read.
    """
    path = Path(path)
    suffix = suffix_of(path)
    if suffix in (".sto", ".mot") and path.is_file():
        with suppress(ClipError):
            return read_storage(path)
    if suffix in REFUSED:
        raise ClipError(f"{path.name} {REFUSED[suffix]}.")
    if suffix not in READABLE:
        known = ", ".join(READABLE[:-1]) + f" or {READABLE[-1]}"
        raise ClipError(f"{path.name} is no file of keypoints: {known}.")
    if not path.is_file():
        raise ClipError(f"There is no file {path.name}: check the name.")
    reader = _READERS.get(suffix)
    if path.suffix.lower() == ".gz" and suffix in _BINARY:
        raise ClipError(f"{path.name} is packed: unpack it first; only text is read as it is.")
    try:
        path.open("rb").close()
        return read_csv(path, columns) if reader is None else reader(path)
    except OSError as error:
        raise ClipError(f"Cannot read {path.name}: {error.strerror or error}.") from error
