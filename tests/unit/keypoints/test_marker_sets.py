"""Marker sets of laboratories as TRC and C3D: pelvis, thorax and head as they were made."""

from __future__ import annotations

import numpy as np
import pytest
from support.laboratory import (
    BENDS,
    FAULTS,
    SETS,
    VICON,
    WITHOUT_THORAX,
    Bend,
    faults,
    markers,
    renamed,
    write_c3d,
    write_trc,
)

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError

LEFT_HANDED = np.diag([1.0, 1.0, -1.0])


def turned(degrees):
    a = np.radians(degrees)
    return np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])


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
    ("axes", "turn", "scale"),
    [
        ((0, 1, 2), turned(90), 1.0),
        ((0, 1, 2), turned(217), 1000.0),
        ((2, 0, 1), None, 1000.0),
        ((0, 2, 1), None, 1.0),
        ((0, 1, 2), LEFT_HANDED, 1000.0),
    ],
)
def test_any_laboratory_has_its_own_axes_and_unit(tmp_path, axes, turn, scale):
    named = {f"Anna:{name}": places for name, places in renamed(VICON).items()}
    assert faults(check_clip(write_trc(tmp_path / "a.trc", named, scale, axes, turn))) == FAULTS


def test_hidden_markers_do_not_stop_it(tmp_path):
    """Bent over, thighs and arms hide what is in front; and any marker is lost now and then."""
    named = {name: places.copy() for name, places in renamed(VICON).items()}
    for name in ("LASI", "STRN", "CLAV", "RFHD"):
        deep = named["C7"][:, 1] < 1.3
        named[name][deep] = np.nan
    rng = np.random.default_rng(2)
    for places in named.values():
        places[rng.random(len(places)) < 0.05] = np.nan
    verdict = check_clip(write_c3d(tmp_path / "a.c3d", named))
    assert faults(verdict) == FAULTS
    assert verdict.reps[2].spinal_flexion_deg == pytest.approx(40.0, abs=2.0)


def test_two_subjects_the_one_who_hinges(tmp_path):
    one, other = renamed(VICON), renamed(VICON, markers([Bend(0, 0, 0, 0, 0)] * 4))
    named = {f"Ben:{name}": places + np.array([0, 0, 2.0]) for name, places in other.items()}
    named |= {f"Anna:{name}": places for name, places in one.items()}
    assert faults(check_clip(write_c3d(tmp_path / "a.c3d", named))) == FAULTS


@pytest.mark.parametrize("spell", ["Anna_{}", "S01-{}", "S01.{}", "Anna_Lee_{}"])
def test_a_subject_before_any_sign(tmp_path, spell):
    named = {spell.format(name): places for name, places in renamed(VICON).items()}
    assert faults(check_clip(write_trc(tmp_path / "a.trc", named))) == FAULTS


def test_two_subjects_before_underscores(tmp_path):
    named = {f"Ben_{name}": places[:1] + 0 * places for name, places in renamed(VICON).items()}
    aside = np.array([0, 0, 2.0])
    named |= {f"Anna_{name}": places + aside for name, places in renamed(VICON).items()}
    assert faults(check_clip(write_trc(tmp_path / "a.trc", named))) == FAULTS


def test_two_markers_in_one_place_do_not_turn_a_pelvis(tmp_path):
    """Bent, the belly hides the front of the pelvis; noise is no turn of what is left."""
    rng = np.random.default_rng(0)
    named = {n: p + rng.normal(0, 0.003, p.shape) for n, p in renamed(VICON).items()}
    for name in ("LASI", "RASI"):
        for bottom_s in (3, 8, 13, 18):
            named[name][30 * bottom_s - 24 : 30 * bottom_s + 24] = np.nan
    verdict = check_clip(write_trc(tmp_path / "a.trc", named))
    # The hips are laid along the trunk all the same: no repetition falls apart.
    assert faults(verdict)[:2] == FAULTS[:2]
    assert faults(verdict)[3] == FAULTS[3]
    for rep, bend in zip(verdict.reps, BENDS, strict=True):
        assert {"unsure_knee", "unsure_spine"} <= set(rep.notes)
        assert "partial" not in rep.notes
        away_deg = 13.0 if bend.spinal else 4.0
        assert rep.knee_flexion_deg == pytest.approx(bend.shank - bend.thigh, abs=away_deg)
        assert rep.spinal_flexion_deg is None


@pytest.mark.parametrize("hidden", [("LPSI", "RPSI"), ("LSHO", "RSHO"), ("LANK",), ("LKNE",)])
def test_what_is_hidden_at_the_bottom_lies_where_it_is_usually(tmp_path, hidden):
    """Shoulders ride on the thorax, hips on the pelvis; a knee lies beside the other one."""
    named = {name: places.copy() for name, places in renamed(VICON).items()}
    for name in hidden:
        named[name][named["C7"][:, 1] < 1.3] = np.nan
    verdict = check_clip(write_trc(tmp_path / "a.trc", named))
    pelvis = "LPSI" not in hidden
    assert faults(verdict) == FAULTS
    assert ({"unsure_knee", "unsure_spine"} <= set(verdict.reps[0].notes)) != pelvis
    for rep, bend in zip(verdict.reps, BENDS, strict=True):
        away_deg = 3.0 if pelvis else 13.0
        assert rep.knee_flexion_deg == pytest.approx(bend.shank - bend.thigh, abs=away_deg)


def test_joint_centres_of_the_hips_turn_with_the_pelvis(tmp_path):
    """Where its front is hidden they and its back show how it lies."""
    named = {name: places.copy() for name, places in renamed(VICON).items()}
    middle = np.mean([named[n] for n in ("LASI", "RASI", "LPSI", "RPSI")], axis=0)
    ahead = (named["LASI"] + named["RASI"] - named["LPSI"] - named["RPSI"])[:, [1, 0, 2]] / 2
    for side, aside in (("L", -0.09), ("R", 0.09)):
        named[f"{side}HJC"] = middle + ahead * [0.3, -0.3, 0.0] + [0.0, 0.0, aside]
    for name in ("LASI", "RASI"):
        named[name][named["C7"][:, 1] < 1.3] = np.nan
    verdict = check_clip(write_trc(tmp_path / "a.trc", named))
    assert faults(verdict) == FAULTS
    assert verdict.reps[2].spinal_flexion_deg == pytest.approx(40.0, abs=2.0)


@pytest.mark.parametrize(
    "spelled",
    [
        {"LASI": "LeftASIS", "RASI": "RightASIS", "LPSI": "Left PSIS", "RPSI": "Right PSIS"},
        {"LKNE": "Left Lateral Knee", "RKNE": "Right Lateral Knee", "CLAV": "Sternal Notch"},
        {"LFHD": "L_Head_Front", "RFHD": "R_Head_Front", "LBHD": "HeadL", "RBHD": "HeadR"},
        {"LKNE": "LeftKnee", "RKNE": "RightKnee", "LANK": "Ankle_Left", "RANK": "Ankle_Right"},
        {"C7": "SpineTop", "T10": "SpineThoracic12", "LASI": "ASIS_L", "RASI": "ASIS_R"},
    ],
)
def test_markers_are_known_with_their_sides_spelled_out(tmp_path, spelled):
    named = {spelled.get(name, name): places for name, places in renamed(VICON).items()}
    assert faults(check_clip(write_trc(tmp_path / "a.trc", named))) == FAULTS


@pytest.mark.parametrize("laboratory", WITHOUT_THORAX)
def test_without_a_thorax_the_joints_are_judged(tmp_path, laboratory):
    names = WITHOUT_THORAX[laboratory]
    given = renamed(names)
    for side in "LR":
        # A thigh is a marker half way down, and no hip.
        given[f"{side}.Thigh"] = (given[f"{side}.ASIS"] + given[names[f"{side}KNE"]]) / 2
    verdict = check_clip(write_trc(tmp_path / "a.trc", given))
    whole = check_clip(write_trc(tmp_path / "whole.trc", renamed(VICON)))
    assert faults(verdict) == [(), ("squatting",), (), ()]
    for rep, known, bend in zip(verdict.reps, whole.reps, BENDS, strict=True):
        assert rep.hip_flexion_deg == pytest.approx(known.hip_flexion_deg, abs=2.0)
        assert rep.knee_flexion_deg == pytest.approx(bend.shank - bend.thigh, abs=2.0)
        assert rep.spinal_flexion_deg is None
        assert {"unsure_spine", "unsure_head"} <= set(rep.notes)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (("KNE", "ANK"), "none of knees by"),
        (("SHO", "C7", "CLAV", "T10", "STRN"), "none of shoulders by"),
        (("SHO", "KNE"), "none of shoulders and knees by"),
    ],
)
def test_what_a_set_lacks_beside_its_pelvis_is_told(tmp_path, gone, said):
    """Knees that were marked in standing alone are rebuilt from clusters, by other programs."""
    given = {n: own for n, own in renamed(VICON).items() if n not in gone and n[1:] not in gone}
    with pytest.raises(ClipError, match=rf"a\.trc has markers of a pelvis, but {said} names"):
        check_clip(write_trc(tmp_path / "a.trc", given))
