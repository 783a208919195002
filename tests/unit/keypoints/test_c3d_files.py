"""C3D: the same markers as in TRC, and damaged files."""

from __future__ import annotations

import numpy as np
import pytest
from support.laboratory import (
    HINGE,
    VICON,
    faults,
    markers,
    renamed,
    write_c3d,
    write_trc,
)

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers


def test_c3d_is_trc(tmp_path):
    named = {name: places.copy() for name, places in renamed(VICON).items()}
    for name, lost in (("LASI", slice(90, 150)), ("C7", slice(200, 230)), ("RKNE", slice(40))):
        named[name][lost] = np.nan
    ours = check_clip(write_c3d(tmp_path / "a.c3d", named))
    theirs = check_clip(write_trc(tmp_path / "a.trc", named))
    assert faults(ours) == faults(theirs)
    for one, other in zip(ours.reps, theirs.reps, strict=True):
        assert one.bottom_s == pytest.approx(other.bottom_s, abs=0.005)
        assert one.spinal_flexion_deg == pytest.approx(other.spinal_flexion_deg, abs=0.1)


def test_damaged_c3d_is_one_sentence(tmp_path):
    path = write_c3d(tmp_path / "a.c3d", renamed(VICON, markers([HINGE], seconds=0.5, still=0.1)))
    whole, rng = path.read_bytes(), np.random.default_rng(4)
    said = []
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(4):
            data[rng.integers(600)] = rng.integers(256)
        path.write_bytes(data[: rng.integers(1, len(data))])
        try:
            readers.read(path)
        except ClipError as error:
            said.append(str(error))
    assert len(said) > 5
    assert all("a.c3d" in sentence and "\n" not in sentence for sentence in said)
