"""Bodies in JSON: the places, names and certainties that are meant, in every tracker's words."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import BODY, COCO
from support.tracker_frames import FORMS, MIXED, OTHER, PLACES, POSENET, SIZE, WORLD

from hinge_dowel.keypoints.json_bodies import bodies_in, is_joint

AT = 7
"""Any of the frames."""
SHARES = BODY.landmarks[AT] / [*SIZE, SIZE[0], 1]
FLAT = np.array([[5.0, 6.0, 0.9], [7.0, 8.0, 0.1], [0.0, 0.0, 0.0]] * 6)[:17]


def only(value):
    (body,) = bodies_in(value)
    return body


def places(body):
    return np.array(body.places)


@pytest.mark.parametrize("form", [form for form in FORMS if form.startswith("MediaPipe")])
def test_mediapipe(form):
    body = only(FORMS[form](AT))
    assert body.names is None
    assert body.world == (form == "MediaPipe world")
    made = [tuple(joint[axis] for axis in "xyz") for joint in WORLD[AT]]
    assert places(body) == pytest.approx(np.array(made) if body.world else SHARES[:, :3])
    assert body.sure == pytest.approx(SHARES[:, 3])
    assert not body.scored


@pytest.mark.parametrize(
    ("form", "names", "order", "sure"),
    [
        ("PoseNet", POSENET, slice(None), 0.8),
        ("names in any order", tuple(COCO[k] for k in MIXED), MIXED, np.nan),
        ("objects by name", tuple(n.upper() for n in COCO), slice(None), np.nan),
        ("MMPose", None, slice(None), 0.9),
        ("mmskeleton", None, slice(None), 0.9),
    ],
)
def test_one_body(form, names, order, sure):
    body = only(FORMS[form](AT))
    assert body.names == names
    assert places(body)[:, :2] == pytest.approx(PLACES[AT][order])
    assert np.isnan(places(body)[:, 2]).all()
    assert body.sure == pytest.approx([sure] * 17, nan_ok=True)
    assert body.scored == np.isfinite(sure)


@pytest.mark.parametrize(
    ("form", "people", "bodies"),
    [
        ("ultralytics", [7, 9], (OTHER, PLACES)),
        ("numbers that change hands", [3, 4], (PLACES, OTHER)),
    ],
)
def test_several_people_and_their_numbers(form, people, bodies):
    found = list(bodies_in(FORMS[form](AT)))
    assert [body.person for body in found] == people
    for body, made in zip(found, bodies, strict=True):
        assert places(body)[:, :2] == pytest.approx(made[AT])


@pytest.mark.parametrize("width", [2, 3, 4])
def test_one_list_of_numbers(width):
    """17 places are known, so that the length tells how many numbers each has."""
    rows = np.insert(FLAT, 2, 0.5, axis=1) if width == 4 else FLAT[:, :width]
    body = only(rows.ravel().tolist())
    assert places(body)[:, :2] == pytest.approx(FLAT[:, :2])
    assert body.sure == pytest.approx(FLAT[:, 2] if width > 2 else [np.nan] * 17, nan_ok=True)
    assert body.scored == (width == 3)


def test_what_is_not_known_is_nan():
    body = only({"keypoints": [[1, 2], [None, None], {"x": 3, "y": None}]})
    assert places(body) == pytest.approx(
        np.array([[1, 2, np.nan], [np.nan] * 3, [3, np.nan, np.nan]]), nan_ok=True
    )


def test_lists_of_x_and_of_y():
    body = only(
        {"x": [1, 2, 3], "y": [4, 5, 6], "names": ["nose", "neck", "hip"], "conf": [1, 0, 1]}
    )
    assert places(body)[:, :2].tolist() == [[1, 4], [2, 5], [3, 6]]
    assert (body.names, body.sure.tolist(), body.scored) == (
        ("nose", "neck", "hip"),
        [1, 0, 1],
        True,
    )


@pytest.mark.parametrize(
    ("value", "joint"),
    [
        ({"x": 1, "y": 2}, True),
        ({"X": 1, "Y": 2}, True),
        ({"position": {"x": 1, "y": 2}}, True),
        ([1, None], True),
        ([1, 2, 3, 4, 5], True),
        ({"x": [1, 2], "y": [3, 4]}, False),
        ({"x": 1}, False),
        ([1], False),
        ([True, 2], False),
        ([1, 2, 3, 4, 5, 6], False),
        ("1, 2", False),
    ],
)
def test_what_a_place_is(value, joint):
    assert is_joint(value) is joint


@pytest.mark.parametrize("value", [[], {}, None, 3, "text", {"people": []}, [1, 2, 3], {"id": 4}])
def test_nobody(value):
    assert list(bodies_in(value)) == []


@pytest.mark.parametrize("value", [[1] * 7, {"keypoints": [{"x": "a", "y": 1}]}])
def test_a_place_that_is_none(value):
    with pytest.raises(ValueError, match=r"7 numbers|could not convert"):
        list(bodies_in(value))


def test_coordinates_by_number():
    """As many as a body has: corners of a box are no places."""
    row = {f"{a}{i}": float(FLAT[i, k]) for i in range(17) for k, a in enumerate("xy")}
    body = only(row)
    assert body.names == tuple(map(str, range(17)))
    assert places(body)[:, :2] == pytest.approx(FLAT[:, :2])
    assert not list(bodies_in({key: row[key] for key in ("x1", "y1", "x2", "y2")}))


def test_a_typed_array_of_javascript():
    numbered = {str(i): value for i, value in enumerate(FLAT.ravel().tolist())}
    assert places(only(numbered))[:, :2] == pytest.approx(FLAT[:, :2])


def test_a_body_in_parts_is_one():
    """Left and right, or face and legs; two who have the same joints are none."""
    left, right = ({"hip": [x, 2.0], "knee": [x, 3.0], "ear": [x, 0.0]} for x in (1.0, 1.5))
    body = only({"id": 4, "left": left, "Right": right, "nose": [2.0, 0.0]})
    assert body.person == 4
    assert body.names is not None
    assert set(body.names) == {"nose", *(f"{s}_{n}" for s in ("left", "Right") for n in left)}
    each = {n: {s: own[n] for s, own in (("left", left), ("right", right))} for n in left}
    assert set(only(each).names or ()) == {f"{n}_{s}" for s in ("left", "right") for n in left}
    listed = [{"name": n, "side": "left", "x": x, "y": y} for n, (x, y) in left.items()]
    assert set(only(listed).names or ()) == {f"left_{n}" for n in left}
    face, legs = ({n: [1.0, 2.0] for n in names} for names in (COCO[:5], COCO[11:]))
    assert len(only({"face": face, "legs": legs}).places) == 11
    assert len(list(bodies_in({"coach": legs, "me": legs}))) < 2


def test_of_two_bodies_that_are_wrapped_nothing_says_which():
    """A coach beside oneself, the frame before beside this one."""
    frame = {name: [1.0, 2.0] for name in ("left_hip", "left_knee", "left_shoulder")}
    one = {"joints": frame}
    assert len(list(bodies_in({"t": 0.1, "camera": {"id": 3}, "detail": {"payload": one}}))) == 1
    assert not list(bodies_in({"t": 0.1, "coach": one, "me": one}))


@pytest.mark.parametrize("key", ["people", "keypoints"])
def test_everybody_under_a_number(key):
    bodies = {str(i): {n: [float(i), 2.0] for n in COCO} for i in (3, 5)}
    assert [body.person for body in bodies_in({key: bodies})] == ["3", "5"]


@pytest.mark.parametrize("key", ["bodyparts", "keypoints"])
def test_bodies_of_a_frame_in_a_list(key):
    """DeepLabCut calls them after the parts of a body."""
    assert places(only({key: [FLAT.tolist()], "bbox_scores": [0.9]})) == pytest.approx(FLAT)


def test_lists_of_x_and_of_y_that_were_made_flat():
    """As pandas' json_normalize does."""
    x, y, sure = FLAT.T.tolist()
    told = {"keypoints.x": x, "keypoints.y": y, "keypoints.visible": sure, "box.x1": 3.0}
    body = only(told)
    assert places(body)[:, :2] == pytest.approx(FLAT[:, :2])
    assert body.sure == pytest.approx(FLAT[:, 2])


@pytest.mark.parametrize("inner", [{}, {"keypoints"}])
def test_people_by_their_names(inner):
    """Under a key for people, or each with a number; what stands elsewhere is one body again."""
    two = {name: {n: [x, 2.0] for n in COCO} for name, x in (("person_1", 1.0), ("person_2", 2.0))}
    two = {name: dict.fromkeys(inner, own) or own for name, own in two.items()}
    for value in ({"persons": two}, {"frame": 3, **two}):
        assert [body.person for body in bodies_in(value)] == ["person_1", "person_2"]
        assert [places(body)[0, 0] for body in bodies_in(value)] == [1.0, 2.0]
    named = {"anna": two["person_1"], "ben": two["person_2"]}
    assert [body.person for body in bodies_in({"people": named})] == ["anna", "ben"]
    assert len(bodies_in({"t": 0.1, "raw": two["person_1"], "smooth": two["person_2"]})) < 2


def test_a_joint_of_which_nothing_is_known_keeps_its_place():
    body = only([[1, 2], None, [3, 4], [], {"x": 5, "y": 6}])
    assert body.places[:, 0] == pytest.approx([1, np.nan, 3, np.nan, 5], nan_ok=True)
    named = only([{"name": "nose", "x": 1, "y": 2}, None, {"name": "left_hip", "x": 3, "y": 4}])
    assert named.names == ("nose", "left_hip")
