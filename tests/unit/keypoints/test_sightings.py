"""Rows for somebody in a frame become one person, a row a frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.keypoint_files import BODY, COCO, FPS, places_of, standing, titled

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.sightings import Keypoints, Sightings, gather
from hinge_dowel.keypoints.stated import About
from hinge_dowel.testing.synthetic import HINGE, mix

PLACES = places_of(COCO)[:90]
T = len(PLACES)
FRAME = np.arange(T, dtype=float)
ONE = Sightings("a.csv", COCO, PLACES, frame=FRAME, about=About(FPS))
HIPS = (23, 24)


def seen(given: Sightings) -> np.ndarray:
    """x and y of both hips (T, 2, 2)."""
    return gather(given).places[:, HIPS, :2]


def test_rows_come_in_any_order() -> None:
    mixed = np.random.default_rng(0).permutation(T)
    found = gather(replace(ONE, places=PLACES[mixed], frame=FRAME[mixed]))
    np.testing.assert_array_equal(found.frame, FRAME)
    np.testing.assert_array_equal(found.places, gather(ONE).places)


def test_of_two_people_the_one_who_moves_is_followed() -> None:
    both = np.stack([standing(PLACES), PLACES], axis=1).reshape(2 * T, *PLACES.shape[1:])
    twice = np.repeat(FRAME, 2)
    given = replace(ONE, places=both, frame=twice)
    named = replace(given, person=["a", "b"] * T)
    timed = replace(given, frame=None, time=(twice / FPS).tolist(), time_name="time_s")
    for one in (given, named, timed):
        np.testing.assert_array_equal(seen(one), seen(ONE))
    # Wherever in a large picture, or from whichever corner it counts.
    for corner in (-5000.0, 5000.0):
        np.testing.assert_allclose(seen(replace(timed, places=both + corner)), seen(ONE) + corner)


def test_frames_that_begin_again_are_another_clip_where_nobody_is_named() -> None:
    both = np.concatenate([standing(PLACES), PLACES])
    given = replace(ONE, places=both, frame=np.tile(FRAME, 2))
    with pytest.raises(ClipError, match=r"begins again .* column 'person'"):
        gather(given)
    people = [who for who in (0, 1) for _ in FRAME]
    np.testing.assert_array_equal(seen(replace(given, person=people)), seen(ONE))


def test_times_that_are_rounded_do_not_make_two_of_one() -> None:
    times = np.round(FRAME / FPS, 1).tolist()
    found = gather(replace(ONE, frame=None, time=times, time_name="time_s"))
    assert len(found.places) == T
    assert not np.isnan(found.places[:, HIPS, :2]).any()


def test_subjects_before_names_are_people() -> None:
    names = [f"{who}:{name}" for who in ("Anna", "Ben") for name in COCO]
    both = np.concatenate([PLACES, standing(PLACES)], axis=1)
    np.testing.assert_array_equal(seen(replace(ONE, names=names, places=both)), seen(ONE))


@pytest.mark.parametrize("sure", [True, False])
def test_zeros_are_missing(sure: bool) -> None:
    zero = PLACES.copy()
    zero[30:33] = 0.0
    certainty = np.where((zero == 0).all(axis=2), 0.1, 0.9) if sure else None
    found = seen(replace(ONE, places=zero, certainty=certainty))
    np.testing.assert_array_equal(np.isnan(found).all(axis=(1, 2)), (FRAME >= 30) & (FRAME < 33))


def test_one_place_that_always_lies_at_the_origin_is_a_root() -> None:
    """Skeletons of depth cameras count from the pelvis."""
    places = PLACES + np.where(np.array(COCO) == "right_hip", 3.0, 0.0)[:, None]
    left = COCO.index("left_hip")
    centred = replace(ONE, places=places - places[:, [left]])
    assert not np.isnan(seen(centred)).any()
    assert gather(centred).warnings == ()
    sure = np.full(PLACES.shape[:2], 0.9)
    sure[:, left] = 0.1
    assert "of one side alone" in gather(replace(centred, certainty=sure)).warnings[0]


def test_rows_with_times_out_of_order_take_their_turns() -> None:
    turns = np.arange(T)
    turns[20:40] = turns[20:40].reshape(-1, 2)[:, ::-1].ravel()
    times = (turns / FPS).tolist()
    found = gather(replace(ONE, places=PLACES[turns], frame=None, time=times, time_name="time_s"))
    assert found.time_s == pytest.approx(FRAME / FPS)
    np.testing.assert_array_equal(found.places, gather(ONE).places)


def test_what_is_no_time_is_left_aside_and_said() -> None:
    found = gather(replace(ONE, time=["soon"] * T, time_name="at"))
    assert found.time_s is None
    assert found.times_said == "a.csv: 'at' holds 'soon', which is no time."


def test_a_certainty_of_zero_is_not_seen_unless_it_is_no_score() -> None:
    sure = np.full(PLACES.shape[:2], 0.9)
    sure[10] = 0.0
    given = replace(ONE, certainty=sure)
    assert np.isnan(seen(given)[10]).all()
    assert not np.isnan(seen(replace(given, scored=False))[10]).any()


def test_frames_that_are_left_out_are_put_in_empty() -> None:
    kept = np.r_[0:40, 45:T]
    found = gather(replace(ONE, places=PLACES[kept], frame=FRAME[kept]))
    np.testing.assert_array_equal(found.frame, FRAME)
    assert np.isnan(found.places[40:45]).all()
    timed = replace(
        ONE, places=PLACES[kept], frame=None, time=(FRAME[kept] / FPS).tolist(), time_name="time_s"
    )
    filled = gather(timed)
    assert filled.time_s == pytest.approx(FRAME / FPS)
    assert np.isnan(filled.places[40:45]).all()


def test_one_that_is_left_out_of_a_regular_count_is_a_hole() -> None:
    """Where frames are counted unevenly steps of two tell nothing."""
    kept = np.r_[0:40, 41:T]
    found = gather(replace(ONE, places=PLACES[kept], frame=FRAME[kept]))
    np.testing.assert_array_equal(found.frame, FRAME)
    uneven = np.cumsum(np.where(np.arange(T) % 3, 1.0, 2.0))
    np.testing.assert_array_equal(gather(replace(ONE, frame=uneven)).frame, uneven)


def test_a_stride_is_no_hole() -> None:
    """Every other frame of a film was looked at."""
    found = gather(replace(ONE, frame=2 * FRAME))
    np.testing.assert_array_equal(found.frame, 2 * FRAME)
    assert not np.isnan(found.places[:, HIPS, :2]).any()


@pytest.mark.parametrize("first", [0, 1])
def test_numbers_for_names_count_from_zero_or_one(first: int) -> None:
    body = BODY.landmarks[:T, :, :2]
    given = Sightings(
        "a.csv", [f"kp_{n + first}" for n in range(33)], body, frame=FRAME, about=About(FPS)
    )
    np.testing.assert_array_equal(gather(given).places[..., :2], body)


def test_some_of_mediapipes_numbers_are_those() -> None:
    used = [11, 12, 23, 24, 25, 26, 27, 28]
    body = BODY.landmarks[:T, used, :2]
    found = gather(Sightings("a.csv", [str(n) for n in used], body, frame=FRAME, about=About(FPS)))
    np.testing.assert_array_equal(found.places[:, used, :2], body)


def test_three_places_in_a_row_without_names_are_a_back() -> None:
    back = mix([HINGE], fps=FPS).points[:, [0, 2, 6]]
    found = gather(Sightings("a.npy", None, back, about=About(FPS)))
    assert found.kind == "points"
    np.testing.assert_array_equal(found.places, back)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"places": PLACES[:0], "frame": FRAME[:0]}, "a.csv holds no keypoints"),
        ({"places": PLACES[:, :0], "names": []}, "a.csv holds no keypoints"),
        ({"places": PLACES * np.nan}, "holds no keypoint that is seen"),
        ({"names": [f"q{n}x" for n in range(17)]}, "neither a back .* say which columns"),
        ({"what": "a.json", "names": [f"q{n}x" for n in range(17)]}, "MPII do\\.$"),
        (
            {"names": None, "places": PLACES[:, [5, 13, 0, 15, 6, 11, 9]]},
            "7 keypoints .* no skeleton that is known",
        ),
        ({"names": None, "places": PLACES[:, ::-1]}, "17 keypoints .* COCO-17 and Human3.6M"),
        (
            {"names": [name.replace("hip", "q") for name in COCO]},
            "names joints, but its .*hips are missing",
        ),
    ],
)
def test_what_cannot_be_judged_says_why(change: dict[str, object], said: str) -> None:
    with pytest.raises(ClipError, match=said):
        gather(replace(ONE, **change))


TIME_S = np.array([0.0, 0.1, 0.3])
FRAME_NUMBER = np.array([0.0, 4.0, 10.0])


@pytest.mark.parametrize(
    ("said", "given", "rate", "time_s"),
    [
        ({}, None, None, None),
        ({}, 30.0, 30.0, None),
        ({"about": About(25.0)}, None, 25.0, None),
        ({"about": About(25.0)}, 30.0, 30.0, None),
        ({"time_s": TIME_S, "about": About(25.0), "frame": FRAME_NUMBER}, None, None, TIME_S),
        # What is given overrides what the file says, and holes stay where frames are numbered.
        ({"time_s": TIME_S}, 20.0, 20.0, None),
        ({"time_s": TIME_S, "frame": FRAME_NUMBER}, 20.0, None, FRAME_NUMBER / 20),
        ({"about": About(40.0), "frame": FRAME_NUMBER}, None, None, FRAME_NUMBER / 40),
        ({"frame": FRAME_NUMBER}, None, None, None),
        # Of every fifth picture that was looked at, unless the numbers are those of pictures.
        ({"about": About(25.0, stride=5.0)}, None, None, [0, 0.2, 0.4]),
        ({"about": About(25.0, stride=5.0), "frame": np.arange(3.0)}, None, None, [0, 0.2, 0.4]),
        ({"about": About(40.0, stride=5.0), "frame": FRAME_NUMBER}, None, None, FRAME_NUMBER / 40),
        ({"about": About(25.0, stride=5.0)}, 30.0, 30.0, None),
    ],
)
def test_the_clock(said, given, rate, time_s):
    found_rate, found_time, stride = Keypoints("points", np.zeros((3, 4, 2)), **said).clock(given)
    assert stride == (1 if time_s is None or time_s is TIME_S else 5)
    assert found_rate == rate
    if time_s is None:
        assert found_time is None
    else:
        assert found_time == pytest.approx(time_s)


@pytest.mark.parametrize("joints", [("neck", *COCO), ("mid_hip", "neck", "head_top", *COCO)])
def test_as_many_places_in_another_order_are_no_known_skeleton(joints) -> None:
    """18 as OpenPose has, 20 as Kinect: read as those they would be judged."""
    with pytest.raises(ClipError, match="they lie as in none of them"):
        gather(Sightings("a.npy", None, places_of(joints)))


def test_a_neck_behind_coco_s_joints_is_no_order_of_openpose() -> None:
    for joints in ((*COCO, "neck"), titled("OpenPose COCO").joints):
        found = gather(Sightings("a.npy", None, places_of(joints))).places
        named = gather(Sightings("a.npy", joints, places_of(joints))).places
        np.testing.assert_array_equal(found, named)


@pytest.mark.parametrize("spell", ["{}", "kp_{}", "pose_{}"])
def test_a_skeleton_s_numbers_beside_other_columns(spell) -> None:
    names = [spell.format(k) for k in range(33)]
    more = np.concatenate([BODY.landmarks[:T, :, :2], np.ones((T, 2, 2))], axis=1)
    found = gather(
        Sightings("a.csv", [*names, "centroid", "box"], more, frame=FRAME, about=About(FPS))
    )
    np.testing.assert_array_equal(found.places[..., :2], BODY.landmarks[:T, :, :2])


def test_joints_that_are_named_and_never_seen_are_missing() -> None:
    places = PLACES.copy()
    places[:, [i for i, name in enumerate(COCO) if "hip" in name]] = np.nan
    with pytest.raises(ClipError, match="its hips are missing"):
        gather(replace(ONE, places=places))


@pytest.mark.parametrize("title", ["OpenPose COCO", "OpenPose BODY_25", "OpenPose BODY_25B"])
@pytest.mark.parametrize("lost", ["none", "left_ankle", "elbow"])
def test_orders_of_one_length_are_told_by_what_is_seen(title, lost) -> None:
    """And by the least unlike a body, where somebody looks a little odd: one shank too short."""
    joints = titled(title).joints
    places = places_of(joints)
    places[:, [i for i, name in enumerate(joints) if lost in name]] = np.nan
    knee, ankle = joints.index("right_knee"), joints.index("right_ankle")
    places[:, ankle] = places[:, knee] + 0.68 * (places[:, ankle] - places[:, knee])
    found = gather(Sightings("a.npy", None, places)).places
    named = gather(Sightings("a.npy", joints, places)).places
    np.testing.assert_array_equal(found, named)
