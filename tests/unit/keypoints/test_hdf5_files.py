"""HDF5 as DeepLabCut and SLEAP write it; nothing in it is ever run."""

from __future__ import annotations

import pickle

import h5py
import numpy as np
import pytest
from support.keypoint_files import COCO, FAULTS, FPS, places_of, standing

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers
from hinge_dowel.testing.pytest_plugin import assert_verdict

PLACES = places_of(COCO)


BOTH = np.stack([standing(PLACES), PLACES], axis=1)


@pytest.mark.parametrize("turned", [True, False])
def test_sleap(tmp_path, turned):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["tracks"] = BOTH.transpose(1, 3, 2, 0) if turned else BOTH.transpose(0, 2, 3, 1)
        file["node_names"] = [name.encode() for name in COCO]
    assert_verdict(check_clip(tmp_path / "a.h5", fps=FPS), FAULTS)


@pytest.mark.parametrize("people", [1, 2])
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_deeplabcut(tmp_path, people, protocol):
    """As pandas puts its table there; the names are a pickled list, which is never opened."""
    kept = BOTH[:, -people:]
    seen = np.concatenate([kept, np.full((*kept.shape[:3], 1), 0.9)], axis=3)
    owners = [(f"ind{p}",) if people > 1 else () for p in range(people)]
    names = [("net", *o, n, c) for o in owners for n in COCO for c in ("x", "y", "likelihood")]
    kind = np.dtype([("index", "i8"), ("values_block_0", "f8", (len(names),))])
    table = np.zeros(len(seen), dtype=kind)
    table["values_block_0"] = seen.reshape(len(seen), -1)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        group = file.create_group("df_with_missing")
        made = group.create_dataset("table", data=table)
        made.attrs["values_block_0_kind"] = np.void(pickle.dumps(names, protocol))
    assert_verdict(check_clip(tmp_path / "a.h5", fps=FPS), FAULTS)


@pytest.mark.parametrize("appended", [True, False])
def test_a_plain_table_of_pandas(tmp_path, appended):
    """A name for each column, numbers of frames in a block of their own, and texts left aside."""
    names = [f"{name}_{axis}" for name in COCO for axis in "xy"]
    cells, frames = PLACES.reshape(len(PLACES), -1), np.arange(len(PLACES))[:, None]
    with h5py.File(tmp_path / "a.h5", "w") as file:
        group = file.create_group("df")
        blocks = [(cells, names), (frames, ["frame"])]
        if appended:
            kind = np.dtype(
                [("index", "i8"), ("values_block_0", "f8", (34,)), ("values_block_1", "i8", (1,))]
            )
            table = np.zeros(len(cells), dtype=kind)
            table["values_block_0"], table["values_block_1"] = cells, frames
            made = group.create_dataset("table", data=table)
            for n, (_, own) in enumerate(blocks):
                made.attrs[f"values_block_{n}_kind"] = np.void(pickle.dumps(own, 0))
        else:
            for n, (values, own) in enumerate([*blocks, (np.array([b"hinge"]), ["label"])]):
                group[f"block{n}_values"], group[f"block{n}_items"] = values, own
    assert_verdict(check_clip(tmp_path / "a.h5", fps=FPS), FAULTS)


def test_what_runs_is_no_name(tmp_path):
    kind = np.dtype([("index", "i8"), ("values_block_0", "f8", (3,))])
    with h5py.File(tmp_path / "a.h5", "w") as file:
        made = file.create_group("df").create_dataset("table", data=np.zeros(4, dtype=kind))
        made.attrs["values_block_0_kind"] = np.void(pickle.dumps([print]))
    with pytest.raises(ClipError, match=r"a\.h5 is not an HDF5 file of DeepLabCut or SLEAP"):
        readers.read(tmp_path / "a.h5")


@pytest.mark.parametrize("content", [b"", b"\x89HDF\r\n\x1a\n", b"hello"])
def test_what_is_none(tmp_path, content):
    (tmp_path / "a.h5").write_bytes(content)
    with pytest.raises(ClipError, match=r"a\.h5"):
        readers.read(tmp_path / "a.h5")


def test_arrays_by_usual_names(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["keypoints"], file["fps"] = PLACES, FPS
    assert_verdict(check_clip(tmp_path / "a.h5"), FAULTS)


def test_another_hdf5_file(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["weights"] = np.zeros(3)
    with pytest.raises(ClipError, match="no array named landmarks"):
        readers.read(tmp_path / "a.h5")


def test_groups(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for index, name in enumerate(COCO):
            file[f"trial/{name}"] = PLACES[:, index]
        file.attrs["fps"], file["about/weight"] = FPS, 70.0
    assert_verdict(check_clip(tmp_path / "a.h5"), FAULTS)
    with h5py.File(tmp_path / "a.h5", "a") as file:
        file["again/keypoints"] = PLACES
    with pytest.raises(ClipError, match="keypoints in 2 groups"):
        readers.read(tmp_path / "a.h5")
