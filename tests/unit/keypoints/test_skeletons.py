"""Every skeleton that is known, by the names and by the numbers of its joints."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import (
    BODY,
    FAULTS,
    FPS,
    NO_HEAD,
    named_columns,
    places_of,
    titled,
    write_csv,
    write_json,
)

from hinge_dowel import check_clip
from hinge_dowel.keypoints import skeletons
from hinge_dowel.keypoints.skeletons import SKELETONS
from hinge_dowel.testing.pytest_plugin import assert_verdict

T = len(BODY.landmarks)


@pytest.mark.parametrize("title", sorted({skeleton.title for skeleton in SKELETONS}))
@pytest.mark.parametrize("named", [True, False])
def test_every_skeleton_by_name_and_by_number(tmp_path, title, named):
    skeleton = titled(title)
    seen = places_of(skeleton.joints)
    if not named:
        more = skeleton.size - len(skeleton.joints)
        seen = np.concatenate([np.nan_to_num(seen), np.full((T, more, 2), 7.0)], axis=1)
    data = {"fps": FPS, "frames": seen.tolist()}
    if named:
        data["keypoint_names"] = list(skeleton.joints)
    verdict = check_clip(write_json(tmp_path / "a.json", data))
    eyes = any("eye" in joint for joint in skeleton.joints)
    ears = any("ear" in joint for joint in skeleton.joints)
    assert_verdict(verdict, FAULTS if eyes and ears else NO_HEAD)
    assert verdict.neutral == "measured"


def test_no_spelling_means_two_joints():
    names = [n for s in skeletons.SKELETONS for n in s.joints]
    found = skeletons.landmarks_of(skeletons.plain(n) for n in names)
    assert len(set(found.values())) == len(found)


TIMES = np.arange(T) / FPS


@pytest.mark.parametrize(
    "spell",
    [
        "mixamorig:{}Arm {}UpLeg {}Leg {}Foot {}ToeBase",
        "{}_shoulder_1_joint {}_upLeg_joint {}_leg_joint {}_foot_joint {}_toes_joint",
        "Skeleton:{}UArm {}Thigh {}Shin {}Foot {}Toe",
        "mixamorig{}Arm mixamorig{}UpLeg mixamorig{}Leg mixamorig{}Foot mixamorig{}ToeBase",
        "acromial_{} hip_{} knee_{} ankle_{} toes_{}",
        "{}_uarm {}_thigh {}_shank {}_foot {}_toes",
        "j{}Shoulder j{}Hip j{}Knee j{}Ankle j{}BallFoot",
        "kp_{}_shoulder_px kp_{}_hip_px kp_{}_knee_px kp_{}_ankle_px kp_{}_toes_px",
    ],
)
def test_bones_of_animation_programs(tmp_path, spell):
    ours = "{}_shoulder {}_hip {}_knee {}_ankle {}_foot_index"
    names = [p.replace("{}", s) for s in ("left", "right") for p in ours.split()]
    theirs = [p.replace("{}", s) for s in ("Left", "Right") for p in spell.split()]
    rows = [[s, *f.ravel()] for s, f in zip(TIMES, places_of(names), strict=True)]
    verdict = check_clip(write_csv(tmp_path / "a.csv", ["time", *named_columns(theirs)], rows))
    assert_verdict(verdict, ["clean", "squatting", "clean"])


def test_the_thigh_of_a_laboratory_is_no_hip():
    joints = ["lthigh", "rthigh", "lshoulder"]
    assert set(skeletons.landmarks_of(joints)) == {23, 24, 11}
    assert set(skeletons.landmarks_of([*joints, "lasi", "rasi"])) == {11}


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("linke Hüfte", "lefthip"),
        ("Huefte_links", "hipleft"),
        ("KNIE_RE", "kneeright"),
        ("hombro izq", "shoulderleft"),
        ("épaule_droite", "shoulderright"),
        ("œil g.", "eyeleft"),
        ("caviglia dx", "ankleright"),
        ("calcanhar_esquerdo", "heelleft"),
        ("rechter_enkel", "rightankle"),
        *(("左膝", "leftknee"), ("右足首", "rightankle"), ("左膝 left_knee", "leftknee")),
        ("Kreuzbein", "sacrum"),
        ("Nase", "nose"),
        ("knees", "knees"),
        ("linke Wand", "linkewand"),
    ],
)
def test_other_languages(name, plain):
    assert skeletons.plain(name) == plain


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("r should", "rsho"),
        ("l knee 1", "lkne"),
        ("r mall", "rank"),
        ("l met", "lmt5"),
        ("VSAC", "sacr"),
        ("LLEPI", "lkne"),
        ("RMEPI", "rmkne"),
    ],
)
def test_markers_as_clinics_name_them(name, plain):
    assert skeletons.plain(name) == plain
