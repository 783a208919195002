"""Converts arrays and the series of a verdict to bytes and back: npz, never pickle."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.pose.extraction import Record
from hinge_dowel.verdict import Series

MOST_BYTES = 1 << 30
"""Largest file that is read: an hour of clip makes 52 MB, 54,000 pictures of 960 bytes, so this is
most of a day."""


def pack_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the arrays as an npz file, not compressed."""
    buffer = io.BytesIO()
    write_arrays(buffer, arrays)
    return buffer.getvalue()


def write_arrays(file: IO[bytes], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the arrays as npz into an open file, without a copy in memory."""
    np.savez(file, allow_pickle=False, **arrays)


def unpack_arrays(data: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays in an npz file. Raises `ValueError` for anything else or a damaged one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                # This program writes no compressed members, which could be zip bombs.
                if member.compress_type != zipfile.ZIP_STORED or member.file_size > len(data):
                    raise ValueError("not an npz file of this program")
        with np.load(io.BytesIO(data), allow_pickle=False) as loaded:
            arrays = {name: loaded[name] for name in loaded.files}
    except Exception as error:  # zipfile, zlib and numpy raise many kinds on damaged bytes
        raise ValueError(f"not a readable npz file: {error}") from error
    if not all(isinstance(array, np.ndarray) for array in arrays.values()):
        raise ValueError("not a readable npz file: it holds something that is no array")
    return arrays


def arrays_of(held: Series | Record) -> dict[str, NDArray[Any]]:
    """Return the fields of a series or a record as arrays, by name; an empty one for None."""
    values = {field.name: getattr(held, field.name) for field in dataclasses.fields(held)}
    return {name: np.asarray(() if v is None else v) for name, v in values.items()}


def pack_series(series: Series) -> bytes:
    """Return a series as npz: angles, strays and places as float32, times as float64."""
    arrays = arrays_of(series)
    for name, array in arrays.items():
        if array.dtype == np.float64 and array.ndim and name != "time_s":
            arrays[name] = array.astype(np.float32)
    return pack_arrays(arrays)


def unpack_series(data: bytes) -> Series:
    """Return the series packed by `pack_series`. Raises `ValueError` for anything else."""
    arrays = unpack_arrays(data)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(Series):
        if field.name not in arrays:
            raise ValueError(f"not a series: {field.name} is missing")
        array = arrays[field.name]
        if array.dtype == np.float32:
            array = array.astype(np.float64)
        values[field.name] = array.item() if array.ndim == 0 else array
    size = values["size_px"]
    values["size_px"] = (int(size[0]), int(size[1])) if len(size) else None
    return Series(**values)
