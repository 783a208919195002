"""The reader of HDF5 as DeepLabCut and SLEAP write it."""

from __future__ import annotations

import pickletools
from pathlib import Path
from typing import Any

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.array_files import of_array, of_arrays, of_groups, plain_texts
from hinge_dowel.keypoints.headers import Cell, Table, lone_axis
from hinge_dowel.keypoints.sightings import Keypoints
from hinge_dowel.keypoints.tables import of_table
from hinge_dowel.system.typed_commands import install_hint

_BUNDLING = ("MARK", "TUPLE", "LIST", "EMPTY_LIST", "APPEND", "PROTO", "FRAME", "STOP")
"""Instructions of pickles that only bundle what is there."""


def read_hdf5(path: Path) -> Keypoints:
    """Read named body parts of one animal or several: DeepLabCut's table or SLEAP's analysis.

    Other arrays are read as those of .npz. Nothing in the file is executed. Needs the package h5py.
    Raises `ClipError`.
    """
    try:
        import h5py
    except ImportError as error:
        raise ClipError(
            f"Reading {path.name} needs the package h5py: {install_hint('h5py')}"
        ) from error
    try:
        with h5py.File(path, "r") as file:
            if "tracks" in file and "node_names" in file:
                return _sleap(path.name, file)
            for name in file:
                if isinstance(file[name], h5py.Group) and {"table", "block0_values"} & set(
                    file[name]
                ):
                    return _pandas(path.name, file[name])
            groups = [file]
            file.visititems(lambda _, own: groups.append(own) if hasattr(own, "items") else None)
            arrays = [
                {n: np.asarray(own) for n, own in group.items() if isinstance(own, h5py.Dataset)}
                | {n: np.asarray(own) for n, own in group.attrs.items()}
                for group in groups
            ]
            return of_groups(path.name, arrays)
    except ClipError:
        raise
    except Exception as error:  # of damaged bytes h5py makes many kinds
        raise ClipError(
            f"{path.name} is not an HDF5 file of DeepLabCut or SLEAP, or is damaged."
        ) from error


def _sleap(what: str, file: Any) -> Keypoints:
    """`tracks` (people, 2, nodes, frames), as SLEAP turns its arrays for Matlab, or reversed."""
    names = plain_texts(file["node_names"][()])
    tracks = np.asarray(file["tracks"][()], dtype=float)
    if tracks.ndim == 4 and tracks.shape[1] == 2 and tracks.shape[2] == len(names):
        tracks = tracks.transpose(3, 0, 2, 1)
    elif tracks.ndim == 4 and tracks.shape[1] == len(names) and tracks.shape[2] == 2:
        tracks = tracks.transpose(0, 3, 1, 2)
    else:
        raise ClipError(f"{what} has tracks of another shape than SLEAP writes: {tracks.shape}.")
    return of_array(what, tracks, names, tracked=True)


def _pandas(what: str, group: Any) -> Keypoints:
    """A table of pandas, with a name for each column, or DeepLabCut's levels of names: scorer,
    perhaps individual, body part and coordinate.
    """
    columns, values = _fixed(group) if "block0_values" in group else _appended(group["table"])
    if all(len(column) == 1 for column in columns):
        return of_arrays(what, {name: values[:, i] for i, (name,) in enumerate(columns)})
    cells = (
        Cell("_".join(column), column[-2], lone_axis(column[-1]), "".join(column[1:-2]))
        for column in columns
    )
    return of_table(Table(what, tuple(cells), values.tolist()))


def _fixed(group: Any) -> tuple[list[list[str]], Array]:
    """Names of columns, and the columns (T, C), as pandas writes them at once."""
    if "axis0_level0" in group:
        levels = [n for n in group if n.startswith("axis0_level")]
        names = [plain_texts(group[n][()]) for n in sorted(levels)]
        codes = [group[n.replace("level", "label")][()] for n in sorted(levels)]
        columns = [
            [own[at] for own, at in zip(names, column, strict=True)]
            for column in zip(*codes, strict=True)
        ]
        return columns, np.asarray(group["block0_values"][()], dtype=float)
    blocks = [n.removesuffix("_items") for n in group if n.endswith("_items")]
    blocks = [n for n in blocks if group[f"{n}_values"].dtype.kind in "biuf"]
    columns = [[name] for n in blocks for name in plain_texts(group[f"{n}_items"][()])]
    values = np.concatenate([group[f"{n}_values"][()] for n in blocks], axis=1)
    return columns, values.astype(float)


def _appended(table: Any) -> tuple[list[list[str]], Array]:
    """Names of columns, and the columns (T, C), as pandas writes them row by row."""
    columns: list[list[str]] = []
    parts = []
    for block in table.dtype.names:
        if block.startswith("values_block") and table.dtype[block].base.kind in "biuf":
            parts.append(np.asarray(table[block], dtype=float).reshape(len(table), -1))
            kind = table.attrs[f"{block}_kind"]
            names = _texts_in(kind.encode("latin-1") if isinstance(kind, str) else bytes(kind))
            columns += np.reshape(names, (parts[-1].shape[1], -1)).tolist()
    return columns, np.concatenate(parts, axis=1)


def _texts_in(data: bytes) -> list[str]:
    """The texts in Python's own spelling of a list of tuples of text: read, and never run.

    Of its instructions only those count that push text, a text that was kept among it; what makes
    or calls anything is no list of names. Raises ValueError.
    """
    texts: list[str] = []
    kept: dict[int, str] = {}
    last = ""
    for code, argument, _ in pickletools.genops(data):
        name = code.name
        if "UNICODE" in name or "STRING" in name:
            last = str(argument)
            texts.append(last)
        elif "PUT" in name or name == "MEMOIZE":
            kept[len(kept) if argument is None else int(argument)] = last
        elif "GET" in name:
            texts.append(kept[int(argument or 0)])
        elif not name.startswith(_BUNDLING):
            raise ValueError(f"no list of names: {name}")
    return texts
