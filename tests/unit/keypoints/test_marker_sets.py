"""Marker sets of laboratories as TRC and C3D: pelvis, thorax and head as they were made."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pytest
from support.laboratory import HINGE, NECK, RATE, ROUNDED, SETS, SQUAT, VICON, Bend, markers

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers

c3d = pytest.importorskip("c3d")
BENDS = [HINGE, SQUAT, ROUNDED, NECK]
FAULTS = [(), ("squatting",), ("spinal_flexion",), ("cervical_flexion",)]
MADE = markers(BENDS)
LEFT_HANDED = np.diag([1.0, 1.0, -1.0])


def turned(degrees):
    a = np.radians(degrees)
    return np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])


def write_trc(path, named, scale=1.0, axes=(0, 1, 2), turn=None):
    """`named` name -> (T, 3) as a TRC file in other axes and another unit."""
    turn = np.eye(3) if turn is None else turn
    seen = np.stack([places @ turn for places in named.values()], axis=1)[..., list(axes)] * scale
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits",
        f"{RATE}\t{RATE}\t{len(seen)}\t{len(named)}\tmm",
        "Frame#\tTime\t" + "\t\t\t".join(named) + "\t\t",
        "",
    ]
    for i, frame in enumerate(seen):
        cells = ["" if np.isnan(v) else f"{v:.5f}" for v in frame.ravel()]
        lines.append("\t".join([str(i + 1), f"{i / RATE:.5f}", *cells]))
    path.write_text("\n".join(lines))
    return path


def write_c3d(path, named):
    """`named` name -> (T, 3) in metres as a C3D file in millimetres; NaN is a residual of -1."""
    writer = c3d.Writer(point_rate=RATE)
    seen = np.stack(list(named.values()), axis=1) * 1000
    lost = np.isnan(seen).any(axis=2)
    points = np.zeros((*lost.shape, 5), dtype=np.float32)
    points[..., :3] = np.nan_to_num(seen)
    points[..., 3] = np.where(lost, -1, 0)
    writer.add_frames([(frame, np.empty((0, 1))) for frame in points])
    writer.set_point_labels(list(named))
    with path.open("wb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of every parameter that is not there
        writer.write(file)
    return path


def renamed(names, made=MADE):
    return {theirs: made[ours] for ours, theirs in names.items()}


def faults(verdict):
    return [rep.faults for rep in verdict.reps]


@pytest.mark.parametrize("laboratory", SETS)
def test_angles_are_those_that_were_made(tmp_path, laboratory):
    names = SETS[laboratory]
    verdict = check_clip(write_trc(tmp_path / "a.trc", renamed(names)))
    headed = "LFHD" in names
    assert faults(verdict) == (FAULTS if headed else [*FAULTS[:3], ()])
    assert verdict.neutral == "measured"
    for rep, bend in zip(verdict.reps, BENDS, strict=True):
        assert rep.spinal_flexion_deg == pytest.approx(bend.spinal, abs=1.5)
        assert rep.knee_flexion_deg == pytest.approx(bend.shank - bend.thigh, abs=2.0)
        assert rep.shin_angle_deg == pytest.approx(bend.shank, abs=1.5)
        if headed:
            assert rep.cervical_flexion_deg == pytest.approx(bend.cervical, abs=1.5)
        else:
            assert rep.cervical_flexion_deg is None
            assert "unsure_head" in rep.notes


@pytest.mark.parametrize(
    ("axes", "turn"),
    [
        ((0, 1, 2), turned(90)),
        ((0, 1, 2), turned(217)),
        ((2, 0, 1), None),
        ((0, 2, 1), None),
        ((0, 1, 2), LEFT_HANDED),
    ],
)
@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_any_laboratory_has_its_own_axes_and_unit(tmp_path, axes, turn, scale):
    named = {f"Anna:{name}": places for name, places in renamed(VICON).items()}
    assert faults(check_clip(write_trc(tmp_path / "a.trc", named, scale, axes, turn))) == FAULTS


def test_hidden_markers_do_not_stop_it(tmp_path):
    """Bent over, thighs and arms hide what is in front; and any marker is lost now and then."""
    named = {name: places.copy() for name, places in renamed(VICON).items()}
    for name in ("LASI", "STRN", "CLAV", "RFHD"):
        deep = named["C7"][:, 1] < 1.1
        named[name][deep] = np.nan
    rng = np.random.default_rng(2)
    for places in named.values():
        places[rng.random(len(places)) < 0.05] = np.nan
    verdict = check_clip(write_c3d(tmp_path / "a.c3d", named))
    assert faults(verdict) == FAULTS
    assert verdict.reps[2].spinal_flexion_deg == pytest.approx(40.0, abs=2.0)


def test_c3d_is_trc(tmp_path):
    ours = check_clip(write_c3d(tmp_path / "a.c3d", renamed(VICON)))
    theirs = check_clip(write_trc(tmp_path / "a.trc", renamed(VICON)))
    assert faults(ours) == faults(theirs)
    for one, other in zip(ours.reps, theirs.reps, strict=True):
        assert one.bottom_s == pytest.approx(other.bottom_s, abs=0.05)
        assert one.spinal_flexion_deg == pytest.approx(other.spinal_flexion_deg, abs=0.5)


def test_a_waistband_that_lags_is_no_rounded_back(tmp_path):
    """The angle alone is not believed where the dowel still touches the sacrum."""
    named = renamed(VICON)
    back = (named["LPSI"] + named["RPSI"]) / 2
    for side in "LR":
        ahead = named[f"{side}ASI"] - named[f"{side}PSI"]
        # In front it stays level, whatever the pelvis does.
        level = np.linalg.norm(ahead[:, :2], axis=1)
        named[f"{side}ASI"] = named[f"{side}PSI"] + np.stack(
            [level, 0 * level, ahead[:, 2]], axis=1
        )
    assert np.isfinite(back).all()
    verdict = check_clip(write_trc(tmp_path / "a.trc", named))
    assert verdict.reps[0].spinal_flexion_deg > 30
    assert faults(verdict)[:2] == [(), ("squatting",)]


def test_steps_are_no_hinge(tmp_path):
    named = {name: places.copy() for name, places in renamed(VICON).items()}
    step = 0.4 * np.sin(np.arange(len(named["C7"])) / 8)
    for name in ("RKNE", "RANK", "RHEE", "RTOE"):
        named[name][:, 0] += step
    verdict = check_clip(write_trc(tmp_path / "a.trc", named))
    assert verdict.status == "unusable"
    assert "the feet step" in verdict.reason


def test_standing_alone_and_no_standing(tmp_path):
    still = markers([Bend(0, 0, 0, 0, 0)])
    verdict = check_clip(write_trc(tmp_path / "a.trc", renamed(VICON, still)))
    assert "nobody bends" in verdict.reason
    bent = {name: places[110:250] for name, places in renamed(VICON).items()}
    verdict = check_clip(write_trc(tmp_path / "b.trc", bent))
    assert "No standing is seen" in verdict.reason


def test_two_subjects_the_one_who_hinges(tmp_path):
    one, other = renamed(VICON), renamed(VICON, markers([Bend(0, 0, 0, 0, 0)] * 4))
    named = {f"Ben:{name}": places + np.array([0, 0, 2.0]) for name, places in other.items()}
    named |= {f"Anna:{name}": places for name, places in one.items()}
    assert faults(check_clip(write_c3d(tmp_path / "a.c3d", named))) == FAULTS


def test_damaged_c3d_is_one_sentence(tmp_path):
    path = write_c3d(tmp_path / "a.c3d", renamed(VICON, markers([HINGE])))
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


@pytest.mark.parametrize("suffix", [".mot", ".sto", ".bvh", ".pkl", ".slp"])
def test_what_is_known_and_not_judged(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(io.BytesIO(b"anything").getvalue())
    with pytest.raises(ClipError, match=r"^a\.\w+ (holds|is not opened)"):
        check_clip(path)
