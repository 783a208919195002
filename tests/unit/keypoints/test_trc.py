"""TRC: markers in any axes and unit."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import BACK, BACK_FAULTS, BODY, FPS
from support.keypoint_files import FAULTS as BODY_FAULTS

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers
from hinge_dowel.keypoints.skeletons import LANDMARK_NAMES, plain
from hinge_dowel.testing.pytest_plugin import assert_verdict

SITES = ("Occiput", "C7", "T4", "T8", "T12", "L3", "S2")


def trc(path, names, places, *, rate=FPS, blank=True, times=None):
    """A TRC file of (T, N, 3) in the axes given; NaN is left empty."""
    times = np.arange(len(places)) / rate if times is None else times
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate",
        f"{rate}\t{rate}\t{len(places)}\t{len(names)}\tm\t{rate}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t\t",
        "\t\t" + "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, len(names) + 1)),
        *([""] if blank else []),
    ]
    rows = [
        "\t".join([str(i + 1), f"{t:.4f}", *("" if np.isnan(v) else f"{v:.5f}" for v in frame)])
        for i, (t, frame) in enumerate(zip(times, places.reshape(len(places), -1), strict=True))
    ]
    path.write_text("\n".join(head + rows) + "\n")
    return path


def in_space(places, axes):
    """Picture places (T, N, 2) in m as x forward, height, and a side of 0, then in other axes."""
    forward, height = places[..., 0] / 300, (640 - places[..., 1]) / 300
    flat = {"x": forward, "y": height, "z": np.full_like(forward, 0.2)}
    return np.stack([flat[axis] for axis in axes], axis=-1)


def places_of(names):
    """The synthetic body's places for a model's names; NaN for what it does not have."""
    out = np.full((len(BODY.landmarks), len(names), 2), np.nan)
    for index, name in enumerate(names):
        if plain(name) in LANDMARK_NAMES:
            out[:, index] = BODY.landmarks[:, LANDMARK_NAMES[plain(name)], :2]
    return out


class TestTrc:
    @pytest.mark.parametrize("axes", ["xyz", "xzy", "zyx", "yxz"])
    @pytest.mark.parametrize("blank", [True, False])
    def test_a_back_in_any_axes(self, tmp_path, axes, blank):
        """OpenSim has y up, motion capture z; Sports2D writes no blank line."""
        path = trc(tmp_path / "back.trc", SITES, in_space(BACK.points, axes), blank=blank)
        found = readers.read(path)
        assert found.kind == "points"
        assert_verdict(check_clip(path), BACK_FAULTS)

    def test_an_oblique_path_through_the_laboratory(self, tmp_path):
        space = in_space(BACK.points, "xyz")
        turn = np.radians(40)
        forward = space[..., 0] - space[..., 0].mean()
        walked = np.stack([forward * np.cos(turn), space[..., 1], forward * np.sin(turn)], axis=-1)
        assert_verdict(check_clip(trc(tmp_path / "back.trc", SITES, walked)), BACK_FAULTS)

    def test_a_body_as_sports2d_names_it(self, tmp_path):
        names = ["RHip", "RKnee", "RAnkle", "RBigToe", "RHeel", "LHip", "LKnee", "LAnkle"]
        names += ["LBigToe", "LHeel", "Neck", "Head", "Nose", "REye", "LEye", "REar", "LEar"]
        names += ["RShoulder", "RElbow", "RWrist", "LShoulder", "LElbow", "LWrist"]
        path = trc(tmp_path / "m.trc", names, in_space(places_of(names), "xyz") * [1, 1, 0])
        found = readers.read(path)
        assert found.kind == "landmarks"
        assert np.isnan(found.places[:, 17]).all()
        assert_verdict(check_clip(path), BODY_FAULTS)

    def test_pixels_with_y_down(self, tmp_path):
        space = np.insert(BACK.points, 2, 0.0, axis=2)
        assert_verdict(check_clip(trc(tmp_path / "px.trc", SITES, space)), BACK_FAULTS)

    @pytest.mark.parametrize("sign", [",", ";"])
    def test_cells_as_spreadsheets_cut_them(self, tmp_path, sign):
        path = trc(tmp_path / "back.trc", SITES, in_space(BACK.points, "xyz"))
        path.write_text(path.read_text().replace("\t", sign))
        assert_verdict(check_clip(path), BACK_FAULTS)

    def test_markers_in_a_plane_have_no_depth(self, tmp_path):
        """And may lie along any axis: nothing is made of what is not there."""
        for axes in ("xyz", "yxz"):
            space = in_space(BACK.points, axes)
            space[..., 2] = np.nan
            assert_verdict(check_clip(trc(tmp_path / "back.trc", SITES, space)), BACK_FAULTS)

    def test_gaps_and_markers_of_no_use(self, tmp_path):
        space = in_space(BACK.points, "xyz")
        space[30:33] = np.nan
        space = np.concatenate([space, np.ones((len(space), 1, 3))], axis=1)
        path = trc(tmp_path / "gaps.trc", [*SITES, "DowelTop"], space)
        assert np.isnan(readers.read(path).places[30:33]).all()
        assert_verdict(check_clip(path), BACK_FAULTS)

    def test_the_time_column_is_the_time(self, tmp_path):
        times = 5.0 + np.arange(len(BACK.points)) / (2 * FPS)
        path = trc(tmp_path / "late.trc", SITES, in_space(BACK.points, "xyz"), times=times)
        assert check_clip(path).reps[0].bottom_s == pytest.approx(5.0 + 3.0 / 2, abs=0.1)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "hello",
            "x\nFrame#\tTime\tC7\nX\n1\t0.0\t1\t1\t1\n",
            "Frame#\tTime\tC7\nX\n1\t0.0\tabc\t1\t1\n",
            "Frame#\tTime\n\n1\t0.0\n",
        ],
    )
    def test_what_is_none(self, tmp_path, text):
        path = tmp_path / "bad.trc"
        path.write_text(text)
        with pytest.raises(ClipError, match=r"bad.trc"):
            readers.read(path)

    def test_markers_that_are_no_body(self, tmp_path):
        path = trc(tmp_path / "box.trc", ["a", "b"], np.ones((5, 2, 3)))
        with pytest.raises(ClipError, match=r"neither a back .* nor a body"):
            readers.read(path)


@pytest.mark.parametrize("apart", [True, False])
def test_places_of_markers_in_a_storage_file(tmp_path, apart):
    """As OpenSim writes those of its markers, a column each or three numbers in one."""
    space = in_space(BACK.points, "xyz")
    head = [f"{s}_t{axis}" for s in SITES for axis in "xyz"] if apart else list(SITES)
    cut = "\t" if apart else ","
    rows = [["time", *head]]
    for i, frame in enumerate(space):
        places = [cut.join(f"{value:.4f}" for value in place) for place in frame]
        rows.append([f"{i / FPS}", *places])
    path = tmp_path / "a.sto"
    path.write_text("version=1\nendheader\n" + "\n".join("\t".join(row) for row in rows))
    assert_verdict(check_clip(path), BACK_FAULTS)


def test_angles_in_a_storage_file_are_no_places(tmp_path):
    path = tmp_path / "ik.mot"
    names = ["time", "pelvis_tx", "pelvis_ty", "pelvis_tz", "hip_flexion_r", "lumbar_extension"]
    path.write_text("endheader\n" + "\t".join(names) + "\n0\t1\t2\t3\t4\t5\n" * 9)
    with pytest.raises(ClipError, match="holds joint angles"):
        check_clip(path)
