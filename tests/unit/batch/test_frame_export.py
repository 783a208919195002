"""What other programs get."""

import dataclasses
import io
import json

import numpy as np
import pytest
from support import stand_ins

from hinge_dowel.analysis import back_points
from hinge_dowel.batch import frame_export
from hinge_dowel.batch.results_folder import ResultsFolder
from hinge_dowel.batch.storage import LocalStorage
from hinge_dowel.keypoints.arrays import check_points
from hinge_dowel.testing.synthetic import HINGE, mix
from hinge_dowel.verdict import Verdict


def read_trc(text):
    """Header, marker names, times (T,) and places (T, K, 3) of a TRC file."""
    lines = text.split("\n")
    header = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    names = [name for name in lines[3].split("\t")[2:] if name]
    axes = lines[4].split("\t")[2:]
    assert axes == [f"{axis}{i}" for i in range(1, len(names) + 1) for axis in "XYZ"]
    assert lines[5] == ""
    cells = [line.split("\t") for line in lines[6:] if line]
    table = np.array([[float(cell) if cell else np.nan for cell in row] for row in cells])
    assert (table[:, 0] == np.arange(1, len(table) + 1)).all()
    return header, names, table[:, 1], table[:, 2:].reshape(len(table), -1, 3)


def test_trc_holds_every_marker_in_metres_with_y_up():
    series = stand_ins.series(30)
    header, names, time_s, places = read_trc(frame_export.trc(series, "a.trc"))
    assert header["NumFrames"] == "30"
    assert header["NumMarkers"] == str(len(names)) == str(places.shape[1])
    assert header["Units"] == "m"
    assert float(header["DataRate"]) == pytest.approx(15)
    np.testing.assert_allclose(time_s, series.time_s, atol=1e-6)
    assert len(set(names)) == len(names)
    # Distances are kept, up is up, and what was not seen is empty.
    knee, hip = (places[:, names.index(name)] for name in ("LKnee", "RHip"))
    was = (series.landmarks_px[:, 25] - series.landmarks_px[:, 24]) * series.cm_per_px / 100
    np.testing.assert_allclose((knee - hip)[:, :2], was * (1, -1), atol=2e-5)
    assert np.isnan(knee).any()
    assert (np.isnan(knee).any(axis=1) == np.isnan(knee[:, 1])).mean() > 0.8
    assert np.nanmax(np.abs(places[..., 2])) == 0


def test_the_feet_stand_at_height_0():
    series = stand_ins.series(30)
    _, names, _, places = read_trc(frame_export.trc(series, "a.trc"))
    feet = [names.index(name) for name in ("LHeel", "RHeel", "LFootIndex", "RFootIndex")]
    assert np.nanmin(places[:, feet, 1]) == pytest.approx(0, abs=1e-5)


def test_marker_names_are_in_mediapipes_order():
    assert (frame_export.BODY[0], frame_export.BODY[2], frame_export.BODY[5]) == (
        "Nose",
        "LEye",
        "REye",
    )
    assert (frame_export.BODY[11], frame_export.BODY[12]) == ("LShoulder", "RShoulder")
    assert (frame_export.BODY[23], frame_export.BODY[26], frame_export.BODY[28]) == (
        "LHip",
        "RKnee",
        "RAnkle",
    )
    assert (frame_export.BODY[31], frame_export.BODY[32]) == ("LFootIndex", "RFootIndex")
    assert len(frame_export.BODY) == 27
    assert tuple(name.lower() for name in frame_export.BACK) == tuple(
        s.lower() for s in back_points.SITES
    )


def test_points_along_the_back_alone_make_a_trc_too():
    motion = mix([HINGE], fps=30, seed=1)
    verdict = check_points(motion.points, motion.fps)
    _, names, _, places = read_trc(frame_export.trc(verdict.series, "a.trc"))
    assert {"DowelTop", "DowelBottom"} < set(names)
    assert "Nose" not in names
    assert np.isfinite(places).any()


def test_npz_holds_the_series_and_the_verdict_without_pickle():
    verdict = stand_ins.verdict("a ü.mp4", ("squatting",))
    with np.load(io.BytesIO(frame_export.npz(verdict)), allow_pickle=False) as found:
        for field in dataclasses.fields(verdict.series):
            assert np.array_equal(
                found[field.name], getattr(verdict.series, field.name), equal_nan=True
            )
        assert json.loads(str(found["verdict"])) == verdict.to_dict()


def test_files_go_to_folders_of_their_own(tmp_path):
    folder = ResultsFolder(LocalStorage(tmp_path))
    frame_export.write(folder, stand_ins.verdict("mon/a.mp4"), ("trc", "npz"))
    frame_export.write(folder, stand_ins.verdict("b.mp4"), ("npz",))
    frame_export.write(folder, Verdict("c.mp4", "unusable", reason="Film."), ("trc", "npz"))
    written = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*"))
    assert len(written) == 3
    assert written[0] == "npz/b.npz"
    assert written[1].startswith("npz/mon_a-")
    assert written[2].startswith("trc/mon_a-")
