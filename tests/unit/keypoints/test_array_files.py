"""numpy's and HDF5 files: one person or several, with names or in a known order."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.io import savemat
from support.keypoint_files import (
    BACK,
    BACK_FAULTS,
    BODY,
    COCO,
    FAULTS,
    FPS,
    in_space,
    places_of,
    standing,
)
from support.keypoint_files import FAULTS as BODY_FAULTS
from support.laboratory import MADE

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers
from hinge_dowel.keypoints.skeletons import SKELETONS
from hinge_dowel.testing.pytest_plugin import assert_verdict

PLACES = places_of(COCO)
SMPL_22 = next(one.joints for one in SKELETONS if one.size == 22)
BOTH = np.stack([standing(PLACES), PLACES], axis=1)


@pytest.mark.parametrize(
    "array",
    [
        BODY.landmarks,
        BODY.landmarks[..., [0, 2, 1]] * [1, 1, -1],
        BODY.landmarks[..., :3].reshape(len(PLACES), -1),
        PLACES,
        PLACES.transpose(0, 2, 1),
        PLACES.transpose(1, 0, 2),
        PLACES.transpose(2, 0, 1),
        PLACES.transpose(2, 1, 0),
        PLACES.transpose(1, 2, 0),
        PLACES.reshape(len(PLACES), -1),
        BOTH.transpose(1, 0, 2, 3),
        np.concatenate(
            [BODY.landmarks.reshape(len(PLACES), -1), np.ones((len(PLACES), 1530))], axis=1
        ),
        np.concatenate([PLACES, np.full((*PLACES.shape[:2], 1), 0.9)], axis=2),
        np.concatenate([BODY.landmarks, np.ones((len(PLACES), 33, 1))], axis=2),
        BOTH,
        BODY.points,
    ],
)
def test_a_bare_array(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    if array is BODY.points:
        assert readers.read(tmp_path / "a.npy").kind == "points"
    else:
        assert_verdict(check_clip(tmp_path / "a.npy", fps=FPS), FAULTS)


def test_people_with_names(tmp_path):
    order = np.argsort(COCO)
    names = np.array(COCO)[order]
    time = 1000 * np.arange(len(PLACES)) / FPS
    for called in ("timestamp_ms", "video_timestamps_ms"):
        held = {"keypoints": BOTH[:, :, order], "names": names, called: time}
        np.savez(tmp_path / "a.npz", **held)
        assert_verdict(check_clip(tmp_path / "a.npz"), FAULTS)


@pytest.mark.parametrize(
    "held",
    [
        {"kpts": PLACES},
        {"data": PLACES.reshape(len(PLACES), -1), "boxes": np.zeros((len(PLACES), 4))},
        {"kpts.xy": PLACES[:, None], "boxes.xyxy": np.zeros((len(PLACES), 1, 4))},
        {"position": PLACES, "conf": np.full(PLACES.shape[:2], 0.9)},
        {"x": PLACES[..., 0], "y": PLACES[..., 1], "score": np.full(PLACES.shape[:2], 0.9)},
        {"keypoints": PLACES, "about": np.array({"of": "me"}, dtype=object)},
        {"keypoints_3d": PLACES * 9, "keypoints_2d": PLACES},
        {"poses": PLACES / [1280, 720], "width": 1280, "height": 720},
        {name.upper(): PLACES[:, i] for i, name in enumerate(COCO)},
        {f"{name}_{'xy'[k]}": PLACES[:, i, k] for i, name in enumerate(COCO) for k in (0, 1)},
    ],
)
def test_arrays_by_any_name(tmp_path, held):
    np.savez(tmp_path / "a.npz", frame_rate=FPS, **held)
    assert_verdict(check_clip(tmp_path / "a.npz"), FAULTS)


@pytest.mark.parametrize("array", [np.zeros(3), np.zeros((4, 5, 9)), np.array(["a"]), np.zeros(())])
def test_arrays_that_are_no_frames(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(ClipError, match=r"^a\.npy "):
        readers.read(tmp_path / "a.npy")


class TestNpz:
    def test_points_and_landmarks(self, tmp_path):
        np.savez(tmp_path / "p.npz", points=BACK.points, fps=FPS)
        np.savez(tmp_path / "l.npz", landmarks=BODY.landmarks, time_s=BODY.time_s)
        assert_verdict(check_clip(tmp_path / "p.npz"), BACK_FAULTS)
        assert_verdict(check_clip(tmp_path / "l.npz"), BODY_FAULTS)

    def test_pickles_are_never_opened(self, tmp_path):
        np.savez(tmp_path / "p.npz", points=np.array([{}], dtype=object), fps=FPS)
        with pytest.raises(ClipError, match="no plain numbers"):
            readers.read(tmp_path / "p.npz")

    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"\x93NUMPY"])
    def test_what_is_none(self, tmp_path, data):
        (tmp_path / "p.npz").write_bytes(data)
        with pytest.raises(ClipError, match=r"p\.npz"):
            readers.read(tmp_path / "p.npz")

    def test_damaged_anywhere_it_is_one_sentence(self, tmp_path):
        """Whatever zipfile, zlib and numpy raise for it."""
        path = tmp_path / "p.npz"
        np.savez_compressed(path, points=BACK.points[:50], fps=FPS)
        whole, rng = path.read_bytes(), np.random.default_rng(1)
        refused = []
        for _ in range(200):
            data = bytearray(whole)
            data[rng.integers(len(data))] = rng.integers(256)
            path.write_bytes(data)
            try:
                readers.read(path)
            except ClipError as error:
                refused.append(str(error))
        assert len(refused) > 50
        assert not [said for said in refused if "\n" in said]

    def test_without_arrays_or_with_wrong_ones(self, tmp_path):
        np.savez(tmp_path / "p.npz", one=BACK.points, other=BACK.points)
        with pytest.raises(ClipError, match="no array named landmarks or points"):
            readers.read(tmp_path / "p.npz")
        np.savez(tmp_path / "p.npz", points=BACK.points[:, :2], fps=FPS)
        with pytest.raises(ClipError, match="points must be"):
            check_clip(tmp_path / "p.npz")


def test_numbers_of_frames_are_their_times(tmp_path):
    np.savez(tmp_path / "a.npz", keypoints=PLACES[::2], frame=np.arange(0, len(PLACES), 2), fps=FPS)
    verdict = check_clip(tmp_path / "a.npz")
    assert [rep.bottom_s for rep in verdict.reps] == pytest.approx([3.0, 7.5, 12.0], abs=0.2)


def test_an_array_of_fields(tmp_path):
    array = np.zeros(len(PLACES), dtype=[(name, float, 2) for name in COCO])
    for index, name in enumerate(COCO):
        array[name] = PLACES[:, index]
    np.save(tmp_path / "a.npy", array)
    assert_verdict(check_clip(tmp_path / "a.npy", fps=FPS), FAULTS)


def test_axes_of_one_picture_and_one_person(tmp_path):
    np.save(tmp_path / "a.npy", PLACES[:, None, None])
    assert_verdict(check_clip(tmp_path / "a.npy", fps=FPS), FAULTS)


@pytest.mark.parametrize("name", ["frame", "frame_ids", "n"])
def test_frames_left_out_by_their_numbers(tmp_path, name):
    kept = [i for i in range(len(PLACES)) if not 45 <= i < 50]
    np.savez(tmp_path / "a.npz", **{"keypoints": PLACES[kept], name: kept, "fps": FPS})
    verdict = check_clip(tmp_path / "a.npz")
    assert [rep.bottom_s for rep in verdict.reps] == pytest.approx([3.0, 7.5, 12.0], abs=0.15)


def test_matlab(tmp_path):
    path = tmp_path / "a.mat"
    joints = {name: PLACES[:, index] for index, name in enumerate(COCO)}
    marked = {"Labels": np.array(COCO, dtype=object), "Data": PLACES.transpose(1, 2, 0)}
    for held in (
        {"keypoints": PLACES, "fps": FPS},
        {"trial": {"markers": joints, "fps": FPS}},
        {
            "trial": {
                "joints": {n: {"x": p[:, 0], "y": p[:, 1]} for n, p in joints.items()},
                "dt": 0.1,
            }
        },
        {"trial": {"FrameRate": FPS, "Trajectories": {"Labeled": marked}}},
    ):
        savemat(path, held)
        assert_verdict(check_clip(path), FAULTS)
    path.write_bytes(b"MATLAB 5.0")
    with pytest.raises(ClipError, match=r"a\.mat is not a \.mat file"):
        readers.read(path)


def test_markers_that_are_no_joints_are_kept(tmp_path):
    """The pelvis is theirs."""
    savemat(tmp_path / "a.mat", {"markers": {f"m_{n}": p for n, p in MADE.items()}, "fs": 100.0})
    savemat(tmp_path / "b.mat", {"markers": MADE, "fs": 100.0})
    with pytest.raises(ClipError, match="none for each of several joints"):
        readers.read(tmp_path / "a.mat")
    assert readers.read(tmp_path / "b.mat").anatomy is not None


def test_third_numbers_of_33_places_are_certainties_where_no_depth_can_be(tmp_path):
    """0 says that a place is not seen, and all 0 that there is no depth."""
    lost = np.zeros((len(PLACES), 33), dtype=bool)
    lost[30:33, 7:] = True
    flat = np.where(lost[..., None], 0.5, 1.0) * BODY.landmarks[..., :2]
    for sure, told in ((np.where(lost, 0, 0.9), lost), (0 * lost, 0 * lost)):
        np.save(tmp_path / "a.npy", np.dstack([flat, sure]))
        found = readers.read(tmp_path / "a.npy").places
        np.testing.assert_array_equal(np.isnan(found[..., 0]), told)


def test_matlab_of_version_7_3(tmp_path):
    """Which is HDF5 behind 512 bytes of Matlab's own, with the axes the other way round."""
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "a.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        file["landmarks"] = BODY.landmarks[..., :2].T
        file["fps"] = np.array([[FPS]])
    head = b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM"
    path.write_bytes(head + path.read_bytes()[len(head) :])
    assert_verdict(check_clip(path), FAULTS)


def test_x_and_y_to_train_on_are_no_places(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.zeros((40, 33, 2)), y=np.zeros(40), Z=np.ones((40, 33, 2)))
    with pytest.raises(ClipError, match="no array named landmarks or points"):
        readers.read(tmp_path / "a.npz")


@pytest.mark.parametrize("name", ["frame_ids", "frame_indices", "frame_numbers"])
def test_frames_in_any_order_by_their_numbers(tmp_path, name):
    order = np.random.default_rng(3).permutation(len(PLACES))
    np.savez(tmp_path / "a.npz", **{"keypoints": PLACES[order], name: order, "fps": FPS})
    assert_verdict(check_clip(tmp_path / "a.npz"), FAULTS)


@pytest.mark.parametrize("begins", [np.datetime64("2024-05-01T10:00:00"), np.timedelta64(0, "s")])
def test_moments_of_numpy_are_times(tmp_path, begins):
    spans = np.round(1e6 * np.arange(len(PLACES)) / FPS).astype("timedelta64[us]")
    np.savez(tmp_path / "a.npz", keypoints=PLACES, time=begins + spans)
    verdict = check_clip(tmp_path / "a.npz")
    assert [rep.bottom_s for rep in verdict.reps] == pytest.approx([3.0, 7.5, 12.0], abs=0.2)


@pytest.mark.parametrize("turn", [False, True])
@pytest.mark.parametrize("called", ["landmark_{}", "squat 1.mp4_landmark_{}", "kp{}"])
def test_an_array_for_each_number(tmp_path, called, turn):
    """Beside angles that are called after joints, as (T, 3) or (3, T)."""
    own = {called.format(i): BODY.landmarks[:, i] for i in range(33)}
    own = {name: array.T if turn else array for name, array in own.items()}
    np.savez(tmp_path / "a.npz", **own, left_knee=np.arange(len(PLACES)))
    assert_verdict(check_clip(tmp_path / "a.npz", fps=FPS), FAULTS)
    named = {f"other_landmark_{i}": BODY.landmarks[:, i] for i in range(33)}
    np.savez(tmp_path / "a.npz", **own, **named)
    with pytest.raises(ClipError, match=r"several clips \('.*' and 'other'\)"):
        readers.read(tmp_path / "a.npz")


def test_arrays_that_are_all_pickled_are_told_as_such(tmp_path):
    np.savez(tmp_path / "a.npz", positions_2d=np.array({"a": PLACES}, dtype=object))
    with pytest.raises(ClipError, match="what Python pickled"):
        readers.read(tmp_path / "a.npz")


def test_flat_rows_of_22_places_in_space_are_none_of_33_in_a_picture(tmp_path):
    """SMPL's are judged; of as many in another order, as Kinect's in UI-PRMD, nobody knows."""
    space = in_space(SMPL_22)
    middle = space[:, [SMPL_22.index(f"{side}_hip") for side in ("left", "right")]].mean(axis=1)
    space = np.where(np.isnan(space), middle[:, None], space)
    for places in (space, space[:, ::-1]):
        np.save(tmp_path / "a.npy", places.reshape(len(places), -1))
        np.save(tmp_path / "b.npy", places)
        flat, whole = (outcome(tmp_path / name) for name in ("a.npy", "b.npy"))
        assert flat == whole
    assert "22 keypoints" in flat


def outcome(path):
    try:
        return str(readers.read(path).places.shape)
    except ClipError as error:
        return str(error)[len(path.name) :]


@pytest.mark.parametrize("count", [52, 55])
def test_turns_of_joints_are_no_places(tmp_path, count):
    turns = np.zeros((len(PLACES), 3 * count))
    np.savez(tmp_path / "amass.npz", poses=turns, betas=np.zeros(16), trans=turns[:, :3])
    with pytest.raises(ClipError, match="holds turns of joints, as of SMPL, and not their places"):
        readers.read(tmp_path / "amass.npz")
    np.save(tmp_path / "poses.npy", turns)
    with pytest.raises(ClipError, match=rf"is an array \(\d+, {3 * count}\)"):
        readers.read(tmp_path / "poses.npy")
