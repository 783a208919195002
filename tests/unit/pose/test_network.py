"""The crop that our own network looks at, and what it answers."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

import hinge_dowel.pose.network as module
from hinge_dowel.body.landmarks import HEELS, HIPS, NOSE, SHOULDERS, TOES
from hinge_dowel.errors import ModelError
from hinge_dowel.pose.network import (
    ANGLES,
    ANSWER_SIZE,
    LOWER_SHARE,
    MIDDLE_PX,
    OWN_MOST_PX,
    OWN_SHARE,
    SIDE_PX,
    TRUNK_PX,
    TRUNK_SHARE,
    CropPlan,
    OwnTrunk,
    SpineNetwork,
    crop,
    crop_from,
    normalised,
)

WIDE, HIGH = 320, 240
FILE = Path(module.__file__).with_name("network.onnx")
RESULTS = Path(__file__).parents[2] / "network" / "RESULTS.md"


def body(hip=(150.0, 140.0), pitch_deg=0.0, trunk_px=60.0, side=1.0):
    """Landmarks (33, 4) of somebody who leans forward by `pitch_deg` and faces to `side`."""
    out = np.zeros((33, 4))
    a = np.radians(pitch_deg)
    up = np.array([side * np.sin(a), -np.cos(a)])
    forward = np.array([side * np.cos(a), np.sin(a)])
    out[:, :2] = hip
    out[list(SHOULDERS), :2] = np.array(hip) + trunk_px * up
    out[3:11, :2] = np.array(hip) + 1.4 * trunk_px * up
    out[NOSE, :2] = out[7, :2] + 0.2 * trunk_px * forward
    out[list(HEELS), :2] = (hip[0], hip[1] + 1.6 * trunk_px)
    out[list(TOES), :2] = out[list(HEELS), :2] + np.array([side * 0.3 * trunk_px, 0])
    return out


def moved(to_crop, place):
    return to_crop[:, :2] @ place + to_crop[:, 2]


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize("pitch_deg", [-10.0, 0.0, 45.0, 95.0])
def test_the_trunk_stands_upright_in_the_crop_however_the_body_leans(pitch_deg, side):
    landmarks = body(pitch_deg=pitch_deg, side=side)
    to_crop, told = crop_from(landmarks, side, 60.0)
    assert told == pytest.approx(pitch_deg)
    # The pose model's trunk is longer than the one the network knows, and further up.
    half = np.array([0, TRUNK_PX / TRUNK_SHARE / 2])
    middle = np.array(MIDDLE_PX) - [0, LOWER_SHARE * TRUNK_PX]
    assert moved(to_crop, landmarks[HIPS[0], :2]) == pytest.approx(middle + half)
    assert moved(to_crop, landmarks[SHOULDERS[0], :2]) == pytest.approx(middle - half)
    # Forward is to the right.
    assert moved(to_crop, landmarks[NOSE, :2])[0] > MIDDLE_PX[0] + 5


@pytest.mark.parametrize("trunk_px", [30.0, 60.0, 110.0])
def test_a_spot_of_the_picture_comes_where_the_crop_has_it(trunk_px):
    """Also where the picture is shrunk first."""
    landmarks = body(hip=(160.0, 150.0), pitch_deg=30.0, trunk_px=trunk_px)
    to_crop, _ = crop_from(landmarks, 1.0, trunk_px)
    spot = landmarks[SHOULDERS[0], :2]
    y, x = np.mgrid[:HIGH, :WIDE]
    near = np.hypot(x - spot[0], y - spot[1]) < trunk_px / 12
    picture = np.repeat((255 * near).astype(np.uint8)[..., None], 3, axis=2)
    seen = crop(picture, to_crop)[..., 0].astype(float)
    y, x = np.mgrid[:SIDE_PX, :SIDE_PX]
    found = np.array([(seen * x).sum(), (seen * y).sum()]) / seen.sum()
    assert found == pytest.approx(moved(to_crop, spot), abs=0.5)


def test_a_mirrored_picture_gives_the_same_crop():
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 255, (HIGH // 8, WIDE // 8, 3), dtype=np.uint8)
    picture = np.repeat(np.repeat(picture, 8, axis=0), 8, axis=1)
    landmarks = body(pitch_deg=40.0)
    turned = landmarks.copy()
    turned[:, 0] = WIDE - 1 - turned[:, 0]
    one = crop(picture, crop_from(landmarks, 1.0, 60.0)[0])
    other = crop(np.ascontiguousarray(picture[:, ::-1]), crop_from(turned, -1.0, 60.0)[0])
    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.95


def test_beyond_the_picture_the_crop_is_black():
    to_crop, _ = crop_from(body(hip=(5000.0, 140.0), trunk_px=200.0), 1.0, 200.0)
    assert not crop(np.full((HIGH, WIDE, 3), 200, np.uint8), to_crop).any()


def test_light_and_contrast_hardly_change_what_the_network_is_shown():
    picture = np.random.default_rng(2).integers(40, 140, (SIDE_PX, SIDE_PX, 3), dtype=np.uint8)
    bright = (picture * 1.5 + 20).astype(np.uint8)
    assert np.abs(normalised(picture) - normalised(bright)).mean() < 0.1
    assert normalised(picture).shape == (1, 3, SIDE_PX, SIDE_PX)


def test_one_look_that_is_wrong_turns_nobody_round():
    plan = CropPlan()
    for _ in range(5):
        assert plan.note(body(side=-1.0)) == (-1.0, pytest.approx(60.0))
    assert plan.note(body(side=1.0))[0] == -1.0


def test_the_longest_trunks_stand_for_its_length():
    """Bent, a trunk looks shorter, and the crop stays as large."""
    plan = CropPlan()
    for trunk_px in (60.0, 60.0, 60.0, 45.0, 44.0, 45.0):
        _, size = plan.note(body(trunk_px=trunk_px))
    assert size == pytest.approx(60.0)


def places(hip, shoulder):
    """What the network says, (22, 2), of whom only hips and shoulders matter."""
    out = np.zeros((22, 2))
    out[3:5], out[5:7] = shoulder, hip
    return out


MIDDLE = np.array(MIDDLE_PX)
HALF = np.array([0, TRUNK_PX / 2])
UPRIGHT = places(MIDDLE + HALF, MIDDLE - HALF)


def test_a_trunk_seen_where_it_was_expected_needs_no_correction():
    own = OwnTrunk()
    assert not own.known(1.0)
    own.note(UPRIGHT, np.eye(3))
    assert own.known(1.0)
    correction, turn_deg = own.correction()
    assert correction == pytest.approx(np.eye(3))
    assert turn_deg == pytest.approx(0)


@pytest.mark.parametrize("lean_deg", [-15.0, 12.0])
def test_a_trunk_seen_elsewhere_moves_the_next_crop_most_of_the_way_and_stays_there(lean_deg):
    own = OwnTrunk()
    own.known(1.0)
    a = np.radians(lean_deg)
    off = np.array([3.0, -2.0])
    half = TRUNK_PX / 2 * np.array([np.sin(a), -np.cos(a)])
    hip, shoulder = MIDDLE + off - half, MIDDLE + off + half
    correction = np.eye(3)
    for _ in range(3):
        seen = places(moved(correction[:2], hip), moved(correction[:2], shoulder))
        own.note(seen, correction)
        correction, turn_deg = own.correction()
    assert turn_deg == pytest.approx(OWN_SHARE * lean_deg, rel=0.05)
    middle = moved(correction[:2], (hip + shoulder) / 2)
    assert np.linalg.norm(middle - MIDDLE) == pytest.approx(
        (1 - OWN_SHARE) * np.linalg.norm(off), rel=0.05
    )
    # Nothing is made larger or smaller.
    assert np.linalg.det(correction[:2, :2]) == pytest.approx(1)


def test_one_look_does_not_carry_the_crop_off():
    own = OwnTrunk()
    own.known(1.0)
    own.note(UPRIGHT, np.eye(3))
    own.note(UPRIGHT + 500.0, np.eye(3))
    correction, _ = own.correction()
    assert np.abs(correction[:2, 2]).max() <= OWN_MOST_PX


def test_who_turns_round_is_looked_at_afresh():
    own = OwnTrunk()
    own.known(1.0)
    own.note(UPRIGHT + 4.0, np.eye(3))
    assert not own.known(-1.0)
    assert own.correction()[0] == pytest.approx(np.eye(3))


def test_the_first_picture_is_looked_at_twice_and_the_others_once(monkeypatch):
    """There is nothing to correct its crop by but itself."""
    asked = []

    class Net:
        def setInput(self, blob):  # noqa: N802  (OpenCV's name)
            asked.append(blob)

        def forward(self):
            return np.concatenate([np.tile([45.0, 50.0, 1.0], 22), np.zeros(2 * len(ANGLES))])

    monkeypatch.setattr(module, "_load", lambda path: Net())
    network = SpineNetwork()
    picture = np.zeros((HIGH, WIDE, 3), np.uint8)
    network.look(picture, body())
    network.look(picture, body())
    assert len(asked) == 3


def test_the_network_answers_with_angles_and_doubts():
    picture = np.random.default_rng(3).integers(0, 255, (HIGH, WIDE, 3), dtype=np.uint8)
    told = SpineNetwork().look(picture, body(pitch_deg=20.0))
    assert told.shape == (ANSWER_SIZE,)
    assert np.isfinite(told).all()
    assert (told[len(ANGLES) : -1] > 0).all()
    assert told[-1] == 1.0


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_levelled_answers_turn_pitches_back_and_nothing_else(side):
    said = np.arange(module.ANSWER_SIZE, dtype=float)
    said[-1] = side
    change = module.levelled(np.stack([said, module.no_answer()]), 10.0) - said
    turned = [name for name, by in zip(module.ANGLES, change[0], strict=False) if by == -10 * side]
    assert turned == ["pelvis", "thorax", "head", "shin"]
    assert np.count_nonzero(change[0]) == len(turned)
    assert np.isnan(change[1]).all()


def test_of_nobody_the_network_says_nothing():
    picture = np.zeros((HIGH, WIDE, 3), np.uint8)
    told = SpineNetwork().look(picture, np.full((33, 4), np.nan))
    assert np.isnan(told).all()


@pytest.mark.parametrize("content", [None, b"", b"no network", FILE.read_bytes()[:5000]])
def test_a_file_that_is_missing_or_broken_is_told_in_a_sentence(tmp_path, content):
    path = tmp_path / "network.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"network\.onnx .*reinstall") as told:
        SpineNetwork(path)
    assert "\n" not in str(told.value)


def test_the_file_that_ships_is_the_one_that_was_measured():
    content = FILE.read_bytes()
    assert hashlib.sha256(content).hexdigest() in RESULTS.read_text("utf-8")
    assert len(content) <= 1_500_000
