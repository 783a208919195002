"""The trunk frame and the outline, on people drawn with known distances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hinge_dowel.analysis.evidence import evidence_columns, evidence_of
from hinge_dowel.body.facing import face_right, facing_of
from hinge_dowel.body.landmarks import (
    ANKLES,
    ELBOWS,
    EYES,
    HEELS,
    HIPS,
    KNEES,
    MOUTH,
    NOSE,
    SHOULDERS,
    TOES,
    WRISTS,
)
from hinge_dowel.body.landmarks import EARS as EAR_MARKS
from hinge_dowel.body.limbs import hands_behind, legs_seen, limb_angles
from hinge_dowel.body.outline import EAR_RAYS, OUTLINE_SIZE, STATIONS, outline_rays
from hinge_dowel.body.trunk import forward_of, trunk_frame
from hinge_dowel.testing.synthetic import hinge, squat

N = len(STATIONS)
FRONT, REAR, EAR = slice(0, N), slice(N, 2 * N), slice(2 * N, 2 * N + EAR_RAYS)

TRUNK = 100.0
HIP, SHOULDER, EARS = np.array([200.0, 300.0]), np.array([200.0, 200.0]), np.array([205.0, 165.0])
SIZE = (480, 400)
"""Height and width of the pictures."""


def person():
    """Landmarks (33, 3) of somebody upright who faces right, trunk 100 px, left over right."""
    where = {
        NOSE: (222, 168),
        **dict.fromkeys((1, 2, 3, 4, 5, 6), (216, 160)),
        **dict.fromkeys(EAR_MARKS, EARS),
        **dict.fromkeys(MOUTH, (218, 176)),
        **dict.fromkeys(SHOULDERS, SHOULDER),
        **dict.fromkeys(ELBOWS, (196, 258)),
        **dict.fromkeys((*WRISTS, *range(17, 23)), (208, 300)),
        **dict.fromkeys(HIPS, HIP),
        **dict.fromkeys(KNEES, (202, 380)),
        **dict.fromkeys(ANKLES, (200, 460)),
        **dict.fromkeys(HEELS, (190, 468)),
        **dict.fromkeys(TOES, (230, 470)),
    }
    out = np.zeros((33, 3))
    for number, place in where.items():
        out[number, :2] = place
    # The person's right is nearer to the camera.
    out[:, 2] = [0.0 if k == 0 else 15.0 if k % 2 else -15.0 for k in range(33)]
    return out


def mask(inside, size=SIZE):
    """A silhouette (height, width) of 1 where `inside(x, y)` holds."""
    y, x = np.indices(size)
    return inside(x, y).astype(np.float32)


def rectangle(left, right, top=0, bottom=10_000):
    return mask(lambda x, y: (x > left) & (x < right) & (y > top) & (y < bottom))


def mirrored(landmarks, width):
    """What a mirror shows: x turned round, and left landmarks called right."""
    order = [0, 4, 5, 6, 1, 2, 3, *(k + 1 if k % 2 else k - 1 for k in range(7, 33))]
    out = np.array(landmarks)[..., order, :]
    out[..., 0] = width - 1 - out[..., 0]
    return out


class TestTrunkFrame:
    def test_upright(self):
        origin, up, length = trunk_frame(person())
        assert origin.tolist() == [200.0, 300.0]
        assert up.tolist() == [0.0, -1.0]
        assert length == 100.0
        assert forward_of(up).tolist() == [1.0, 0.0]

    def test_bent_over_forward_points_down(self):
        bent = person()
        bent[SHOULDERS, :2] = (300.0, 300.0)
        _, up, _ = trunk_frame(bent)
        assert up.tolist() == [1.0, 0.0]
        assert forward_of(up).tolist() == [0.0, 1.0]

    def test_midway_between_left_and_right(self):
        wide = person()
        wide[HIPS, 0] = (190.0, 214.0)
        wide[SHOULDERS, 1] = (196.0, 208.0)
        origin, up, length = trunk_frame(wide)
        assert origin.tolist() == [202.0, 300.0]
        assert length * up == pytest.approx([-2.0, -98.0])

    @pytest.mark.parametrize("place", [*HIPS, *SHOULDERS])
    def test_a_missing_corner_is_nan_and_only_in_its_frame(self, place):
        frames = np.stack([person(), person()])
        frames[1, place, 0] = np.nan
        _, up, length = trunk_frame(frames)
        assert np.isnan(length).tolist() == [False, True]
        assert np.isnan(up).all(axis=1).tolist() == [False, True]

    def test_no_length_is_no_trunk(self):
        nobody = person()
        nobody[SHOULDERS, :2] = HIP
        _, up, length = trunk_frame(nobody)
        assert np.isnan(length)
        assert np.isnan(up).all()


class TestFacing:
    @pytest.mark.parametrize("side", ["left", "right"])
    @pytest.mark.parametrize("make", [hinge, squat])
    def test_figures(self, make, side):
        assert facing_of(make(1, facing=side).landmarks) == side

    @pytest.mark.parametrize("side", ["left", "right"])
    def test_from_the_bottom_alone(self, side):
        landmarks = hinge(1, facing=side).landmarks
        assert facing_of(landmarks[85:95]) == side

    def test_most_frames_decide(self):
        right, left = person(), mirrored(person(), 400)
        assert facing_of(np.stack([right, right, left])) == "right"
        assert facing_of(np.stack([left, right, left])) == "left"

    def test_frames_with_gaps_are_left_out(self):
        lost = np.full((33, 3), np.nan)
        assert facing_of(np.stack([lost, mirrored(person(), 400), lost])) == "left"

    def test_face_and_feet_that_show_nothing(self):
        front = person()
        front[:, 0] = 200.0
        assert facing_of(front[None]) is None

    def test_nobody(self):
        assert facing_of(np.full((3, 33, 3), np.nan)) is None
        assert facing_of(np.empty((0, 33, 3))) is None


class TestFaceRight:
    rays = st.lists(st.floats(0, 1.3), min_size=OUTLINE_SIZE, max_size=OUTLINE_SIZE)

    def test_who_faces_right_stays(self):
        landmarks, rays = person()[None], np.arange(88.0)[None]
        same, still = face_right(landmarks, rays, "right")
        assert (same == landmarks).all()
        assert (still == rays).all()

    def test_who_faces_left_is_mirrored_and_called_by_the_other_side(self):
        seen = np.zeros((1, 33, 2))
        seen[0, :, 0] = np.arange(33)
        right, _ = face_right(seen, None, "left")
        assert (-right[0, :7, 0]).tolist() == [0, 4, 5, 6, 1, 2, 3]
        assert (-right[0, 7:, 0]).tolist() == [
            *(8, 7, 10, 9, 12, 11, 14, 13, 16, 15, 18, 17, 20),
            *(19, 22, 21, 24, 23, 26, 25, 28, 27, 30, 29, 32, 31),
        ]

    def test_without_outlines_there_are_none(self):
        assert face_right(person()[None], None, "left")[1] is None

    @settings(max_examples=20, deadline=None)
    @given(rays)
    def test_twice_is_not_at_all(self, rays):
        landmarks, outlines = person()[None], np.array([rays])
        once = face_right(landmarks, outlines, "left")
        again = face_right(*once, "left")
        assert (again[0] == landmarks).all()
        assert (again[1] == outlines).all()

    @pytest.mark.parametrize("side", ["left", "right"])
    def test_inputs_stay_as_they_were(self, side):
        landmarks, outlines = person()[None], np.arange(88.0)[None]
        landmarks.flags.writeable = outlines.flags.writeable = False
        right, rays = face_right(landmarks, outlines, side)
        assert (right[0, NOSE, 0] == 222) == (side == "right")
        assert landmarks[0, NOSE, 0] == 222
        assert rays.shape == (1, 88)


class TestOutline:
    """Edges lie midway between the last pixel inside and the first outside; a ray reads every 2 px.

    A rectangle of pixels 171 to 229, drawn about the trunk at 200, has its edges at 170.5 and
    229.5: 0.295 trunk lengths away.
    """

    def test_a_rectangle(self):
        rays = outline_rays(person(), rectangle(170, 230))
        assert rays[FRONT] == pytest.approx(np.full(N, 0.295), abs=0.006)
        assert rays[REAR] == pytest.approx(np.full(N, 0.295), abs=0.006)

    def test_front_and_rear_are_not_confused(self):
        rays = outline_rays(person(), rectangle(180, 260))
        assert rays[FRONT] == pytest.approx(np.full(N, 0.595), abs=0.006)
        assert rays[REAR] == pytest.approx(np.full(N, 0.195), abs=0.006)

    def test_stations_run_from_below_the_hips_to_above_the_head(self):
        """A wedge: its rear edge comes nearer by 0.2 px for each px up the picture."""
        rays = outline_rays(person(), mask(lambda x, y: (200 - x < 0.2 * y) & (x < 300)))
        height_px = 300 - 100 * STATIONS
        assert STATIONS[0] == -0.4
        assert STATIONS[-1] == 1.65
        assert rays[REAR] == pytest.approx(0.2 * height_px / 100, abs=0.012)

    def test_a_disc_around_the_ear(self):
        disc = mask(lambda x, y: np.hypot(x - EARS[0], y - EARS[1]) < 30)
        rays = outline_rays(person(), disc)
        assert rays[EAR] == pytest.approx(np.full(EAR_RAYS, 0.3), abs=0.012)

    def test_ear_rays_start_forward_and_turn_clockwise(self):
        """With the head's edge 20 px ahead, 30 below, 40 behind and 50 above."""
        x, y = EARS
        box = rectangle(x - 40, x + 20, y - 50, y + 30)
        ahead, below, behind, above = outline_rays(person(), box)[EAR][::4]
        assert [ahead, below, behind, above] == pytest.approx([0.2, 0.3, 0.4, 0.5], abs=0.012)

    @pytest.mark.parametrize("shift_px", [0.0, 0.5, 1.3])
    def test_soft_edges_are_cut_at_one_half(self, shift_px):
        """An edge that fades over 40 px about x = 240, read between the pixels too."""
        fading = np.clip((260 - np.arange(SIZE[1])) / 40, 0, 1)
        landmarks = person()
        landmarks[:, 0] += shift_px
        rays = outline_rays(landmarks, np.tile(fading, (SIZE[0], 1)).astype(np.float32))
        assert rays[FRONT] == pytest.approx(np.full(N, 0.4 - shift_px / 100), abs=1e-3)

    def test_the_first_way_out_counts(self):
        """A gap between back and hanging arm ends the back."""
        gap = rectangle(170, 230) + rectangle(150, 160)
        assert outline_rays(person(), gap)[REAR] == pytest.approx(np.full(N, 0.295), abs=0.006)

    def test_an_empty_silhouette(self):
        rays = outline_rays(person(), np.zeros(SIZE, np.float32))
        assert rays.tolist() == [0.0] * OUTLINE_SIZE

    def test_a_silhouette_without_end_is_the_reach_of_a_ray(self):
        rays = outline_rays(person(), np.ones((480, 400), np.float32))
        assert rays[REAR][10] == pytest.approx(1.3)
        assert rays[EAR] == pytest.approx(np.full(EAR_RAYS, 0.6))

    def test_beside_the_picture_is_outside(self):
        """Somebody 40 px from the right side, whose picture ends before the ray does."""
        near, shift = person(), np.array([159.0, 0.0])
        near[:, :2] += shift
        rays = outline_rays(near, np.ones(SIZE, np.float32))
        assert rays[FRONT][1:-1] == pytest.approx(np.full(N - 2, 0.4), abs=0.011)
        assert rays[REAR][1:-1] == pytest.approx(np.full(N - 2, 1.3))

    def test_rays_that_start_beside_the_picture_see_nothing(self):
        low = person()
        low[:, 1] -= 210.0  # the shoulders are above the upper edge
        rays = outline_rays(low, np.ones(SIZE, np.float32))
        above = 90 - 100 * STATIONS < -1
        assert above.any()
        assert (rays[REAR][above] == 0).all()
        assert (rays[REAR][~above][:-1] > 1.2).all()

    @pytest.mark.parametrize("place", [*HIPS, *SHOULDERS, *EAR_MARKS])
    def test_without_trunk_or_ears_nothing_is_measured(self, place):
        landmarks = person()
        landmarks[place, 1] = np.nan
        rays = outline_rays(landmarks, rectangle(170, 230))
        assert rays.shape == (OUTLINE_SIZE,)
        assert np.isnan(rays).all()

    def test_hands_and_feet_need_not_be_seen(self):
        landmarks = person()
        landmarks[[*range(13, 23), *range(25, 33)]] = np.nan
        rays = outline_rays(landmarks, rectangle(170, 230))
        assert (rays == outline_rays(person(), rectangle(170, 230))).all()

    @settings(max_examples=25, deadline=None)
    @given(st.integers(0, 2**32 - 1))
    def test_a_mirrored_picture_gives_the_mirrored_rays(self, seed):
        """Of any posture and any silhouette: 1/64 steps, which floats hold, make it exact."""
        rng = np.random.default_rng(seed)
        landmarks = person()
        landmarks[:, :2] = np.round(64 * (landmarks[:, :2] + rng.normal(0, 20, (33, 2)))) / 64
        coarse = rng.random((24, 20)) > 0.15
        silhouette = np.kron(coarse, np.ones((20, 20))).astype(np.float32)
        rays = outline_rays(landmarks, silhouette)
        other = outline_rays(
            mirrored(landmarks, SIZE[1]), np.ascontiguousarray(silhouette[:, ::-1])
        )
        right, turned = face_right(mirrored(landmarks, SIZE[1])[None], other[None], "left")
        assert turned is not None
        assert turned[0] == pytest.approx(rays, abs=1e-6)
        assert right[0, :, 0] + (SIZE[1] - 1) == pytest.approx(landmarks[:, 0])

    def test_a_turned_picture_gives_the_same_rays(self):
        """Bent over by a right angle: outline and trunk frame turn together."""
        silhouette = rectangle(180, 260)
        bent = person()
        bent[:, :2] = np.stack([SIZE[0] - 1 - bent[:, 1], bent[:, 0]], axis=-1)
        turned = np.ascontiguousarray(np.rot90(silhouette, -1))
        rays = outline_rays(bent, turned)
        assert rays == pytest.approx(outline_rays(person(), silhouette), abs=1e-6)


class TestPlainAngles:
    def test_upright(self):
        plain = limb_angles(person()[None])
        assert plain.trunk.tolist() == [0.0]
        # Hips 2 px behind the knees over 80 px, knees 2 px before the ankles.
        assert plain.thigh == pytest.approx([-np.degrees(np.arctan(2 / 80))])
        assert plain.shank == pytest.approx([np.degrees(np.arctan(2 / 80))])
        assert plain.knee == pytest.approx([2 * np.degrees(np.arctan(2 / 80))])

    def test_the_face_looks_forward(self):
        """Nose and eyes together lie 14 px ahead of the ears and 1 px above them."""
        level = person()
        level[NOSE, :2] = (221.0, 164.0)
        level[EYES, :2] = (217.0, 164.0)
        assert limb_angles(level[None]).face == pytest.approx([-np.degrees(np.arctan(1 / 14))])

    def test_the_near_side_weighs_double(self):
        """The person's right knee comes 30 px forward: the knee is taken to do 20."""
        stepped = person()
        stepped[KNEES[1], 0] += 30
        thigh = limb_angles(stepped[None]).thigh
        assert thigh == pytest.approx([-np.degrees(np.arctan(22 / 80))])


class TestLegsSeen:
    @pytest.mark.parametrize("make", [hinge, squat])
    def test_every_frame_of_a_figure(self, make):
        assert legs_seen(make(1).landmarks).all()

    @pytest.mark.parametrize(
        ("knee", "seen"),
        [
            ((202.0, 380.0), True),
            ((270.0, 390.0), True),  # shank 45 degrees forward
            ((290.0, 390.0), False),  # 52 degrees
            ((150.0, 390.0), True),  # 36 degrees back
            ((120.0, 390.0), False),  # 49 degrees back, and the thigh 42 forward
        ],
    )
    def test_a_shank_that_no_leg_has(self, knee, seen):
        landmarks = person()
        landmarks[KNEES, :2] = knee
        assert legs_seen(landmarks[None]).tolist() == [seen]

    def test_a_thigh_that_no_leg_has(self):
        """The knee above and behind the hip, the shank upright below it."""
        landmarks = person()
        landmarks[KNEES, :2] = (140.0, 250.0)
        landmarks[ANKLES, :2] = (140.0, 330.0)
        assert legs_seen(landmarks[None]).tolist() == [False]

    def test_missing_legs_are_not_seen(self):
        landmarks = np.stack([person(), person()])
        landmarks[1, ANKLES[0]] = np.nan
        assert legs_seen(landmarks).tolist() == [True, False]


@pytest.mark.parametrize(
    ("left_wrist", "right_wrist", "behind"),
    [
        ((208, 300), (208, 300), False),  # hanging
        ((180, 205), (182, 270), True),  # a dowel: one hand at the neck, one at the low back
        ((230, 260), (230, 260), False),  # folded in front
        ((190, 300), (190, 300), False),  # on the buttocks: too low to hide the back
        ((np.nan, np.nan), (182, 270), False),
    ],
)
@pytest.mark.parametrize("turn_deg", [0, 70])
def test_hands_behind_the_back(left_wrist, right_wrist, behind, turn_deg):
    seen = person()
    seen[WRISTS[0], :2], seen[WRISTS[1], :2] = left_wrist, right_wrist
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    seen[:, :2] = seen[:, :2] @ np.array([[c, s], [-s, c]])
    assert hands_behind(seen[None]).tolist() == [behind]


def row(landmarks, rays=None):
    outline = np.linspace(0.1, 0.9, OUTLINE_SIZE) if rays is None else rays
    return evidence_of(landmarks[None], outline[None])[0]


def changed(alter):
    """Which columns of the evidence differ once `alter` has changed the landmarks in place."""
    landmarks = person() + np.random.default_rng(3).normal(0, 2, (33, 3))
    before = row(landmarks)
    alter(landmarks)
    return set(np.flatnonzero(np.abs(row(landmarks) - before) > 1e-9))


class TestEvidence:
    SIZE = row(person()).size

    def test_ends_with_the_outline(self):
        rays = np.linspace(0.1, 0.9, OUTLINE_SIZE)
        assert row(person(), rays)[-OUTLINE_SIZE:].tolist() == rays.tolist()

    def test_begins_with_the_nose_in_the_trunk_frame(self):
        """22 px ahead of the hips and 132 above, in trunk lengths."""
        assert row(person())[:2] == pytest.approx([0.22, 1.32])

    @settings(max_examples=30, deadline=None)
    @given(st.floats(-5000, 5000), st.floats(-5000, 5000), st.floats(0.1, 10))
    def test_is_free_of_place_and_scale(self, right, down, scale):
        landmarks = person() + np.random.default_rng(1).normal(0, 3, (33, 3))
        moved = landmarks * scale
        moved[:, :2] += right, down
        assert row(moved) == pytest.approx(row(landmarks), abs=1e-8)

    def test_is_free_of_the_depth_of_the_whole_person(self):
        moved = person()
        moved[:, 2] += 1000.0
        assert row(moved) == pytest.approx(row(person()), abs=1e-9)

    def test_keeps_the_pitch_of_the_trunk(self):
        """The one thing that a turned picture changes, and so it should: gravity does not turn."""
        landmarks = person()
        turned = landmarks.copy()
        turned[:, 0], turned[:, 1] = 480 - landmarks[:, 1], landmarks[:, 0]
        differ = np.flatnonzero(np.abs(row(turned) - row(landmarks)) > 1e-9)
        assert len(differ) == 2
        assert row(landmarks)[differ] == pytest.approx([0.0, 1.0])
        assert row(turned)[differ] == pytest.approx([1.0, 0.0])

    @pytest.mark.parametrize("place", [NOSE, *WRISTS, *TOES, *HIPS])
    @pytest.mark.parametrize("axis", [0, 1])
    def test_a_row_with_anything_missing_is_nan_and_no_other(self, place, axis):
        frames = np.stack([person(), person()])
        frames[1, place, axis] = np.nan
        rays = np.full((2, OUTLINE_SIZE), 0.3)
        assert np.isnan(evidence_of(frames, rays)).all(axis=1).tolist() == [False, True]
        assert np.isfinite(evidence_of(frames, rays)[0]).all()

    def test_missing_rays_or_depth_are_missing_too(self):
        rays = np.full((2, OUTLINE_SIZE), 0.3)
        rays[0, 5] = np.nan
        frames = np.stack([person(), person()])
        frames[1, EAR_MARKS[0], 2] = np.nan
        assert np.isnan(evidence_of(frames, rays)).all()

    def test_fingers_are_no_evidence(self):
        def alter(landmarks):
            landmarks[17:23] += 40.0

        assert changed(alter) == set()


class TestColumns:
    """What `columns` promises is found by moving the landmarks and looking."""

    LEGS = (*KNEES, *ANKLES, *HEELS, *TOES)
    ARMS = (*ELBOWS, *WRISTS)

    @pytest.mark.parametrize(("part", "places"), [("legs", LEGS), ("arms", ARMS)])
    def test_they_are_what_the_landmarks_move(self, part, places):
        def alter(landmarks):
            landmarks[list(places)] += np.random.default_rng(5).normal(0, 7, (len(places), 3))

        assert set(evidence_columns(part).tolist()) == changed(alter)

    @pytest.mark.parametrize(("part", "places"), [("legs", LEGS), ("arms", ARMS)])
    def test_nothing_else_moves_any_of_them_but_the_trunk(self, part, places):
        """The face, and the other limbs."""

        def alter(landmarks):
            free = {0, *EYES, *EAR_MARKS, *MOUTH, *self.LEGS, *self.ARMS} - set(places)
            landmarks[sorted(free)] += 9.0

        assert not set(evidence_columns(part).tolist()) & changed(alter)

    def test_no_column_belongs_to_both(self):
        legs, arms = evidence_columns("legs"), evidence_columns("arms")
        assert len(set(legs.tolist())) == len(legs) == 20
        assert len(set(arms.tolist())) == len(arms) == 8
        assert not set(legs.tolist()) & set(arms.tolist())

    def test_of_nothing_else(self):
        with pytest.raises(KeyError):
            evidence_columns("hat")
