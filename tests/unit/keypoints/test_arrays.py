"""Arrays in, verdict out: figures with known truth, and everything that arrays can have wrong."""

from __future__ import annotations

import dataclasses
import tracemalloc

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from support import recorded_person
from support.altering import altered, turned
from support.backs import PLACES, displaced

from hinge_dowel import check_keypoints, check_points
from hinge_dowel.body.facing import face_right
from hinge_dowel.body.outline import OUTLINE_SIZE
from hinge_dowel.testing import strategies
from hinge_dowel.testing.pytest_plugin import assert_verdict
from hinge_dowel.testing.synthetic import (
    HINGE,
    NECK_FLEXION,
    ROUNDING,
    SQUAT,
    Bottom,
    hinge,
    mix,
    motion,
    neck_flexion,
    rounding,
    squat,
)
from hinge_dowel.tolerances import DEFAULT, Tolerances

OCCIPUT, C7, T4, T8, T12, L3, SACRUM = range(7)
BOTTOMS = {"hinge": HINGE, "squat": SQUAT, "rounding": ROUNDING, "neck": NECK_FLEXION}
BY_POINTS = {
    "hinge": (),
    "squat": (),  # its back is straight, and of knees the back says nothing
    "rounding": ("spinal_flexion",),
    "neck": ("cervical_flexion",),
}
BY_LANDMARKS = {
    "hinge": (),
    "squat": ("squatting",),
    "rounding": (),  # landmarks do not show the back, and say so
    "neck": ("cervical_flexion",),
}
CHECKS = {"points": (check_points, BY_POINTS), "landmarks": (check_keypoints, BY_LANDMARKS)}

both = pytest.mark.parametrize("what", list(CHECKS))
names = st.sampled_from(list(BOTTOMS))
quick = settings(max_examples=15)
few = settings(max_examples=8)
motions = strategies.motions(max_reps=1, fps=20.0, noise_cm=0.2)
BLIND = {"points": ("squatting",), "landmarks": ("spinal_flexion",)}


def seen(what, made):
    """Points or landmarks of a motion."""
    return getattr(made, what)


def rep_faults(verdict):
    return [rep.faults for rep in verdict.reps]


def shown(what, made):
    """Leave out what the input cannot show, and may take for something else.

    Of the back alone an upright squat shows no movement; of landmarks alone a rounded back shows
    as a head that tips.
    """
    assume(not any(set(BLIND[what]) & set(rep.faults) for rep in made.reps))


class TestPresets:
    @both
    @pytest.mark.parametrize("facing", ["left", "right"])
    @pytest.mark.parametrize("name", list(BOTTOMS))
    def test_get_their_verdict(self, what, name, facing):
        check, truth = CHECKS[what]
        made = motion(BOTTOMS[name], 3, facing=facing)
        verdict = check(seen(what, made), made.fps)
        assert verdict.status == ("faulty" if truth[name] else "clean")
        assert verdict.faults == truth[name]
        assert rep_faults(verdict) == [truth[name]] * 3
        assert verdict.facing == facing
        assert verdict.neutral == "measured"
        assert verdict.reason is None
        assert verdict.clip == {"points": "points", "landmarks": "keypoints"}[what]
        for rep, true in zip(verdict.reps, made.reps, strict=True):
            assert rep.bottom_s == pytest.approx(true.bottom_s, abs=0.1)
            assert true.start_s - 0.1 < rep.start_s < rep.bottom_s < rep.end_s < true.end_s + 0.1

    @pytest.mark.parametrize("name", list(BOTTOMS))
    def test_angles_of_the_legs_are_exact(self, name):
        made = motion(BOTTOMS[name], 2)
        for rep, true in zip(check_keypoints(made.landmarks, 30).reps, made.reps, strict=True):
            assert rep.hip_flexion_deg == pytest.approx(true.hip_flexion_deg, abs=1.0)
            assert rep.knee_flexion_deg == pytest.approx(true.knee_flexion_deg, abs=1.0)
            assert rep.shin_angle_deg == pytest.approx(true.shin_angle_deg, abs=0.5)

    def test_every_rep_has_its_own(self):
        made = mix([HINGE, ROUNDING, HINGE, NECK_FLEXION, SQUAT])
        by_points = check_points(made.points, made.fps)
        assert rep_faults(by_points) == [(), ("spinal_flexion",), (), ("cervical_flexion",), ()]
        assert by_points.faults == ("spinal_flexion", "cervical_flexion")
        by_landmarks = check_keypoints(made.landmarks, made.fps)
        assert rep_faults(by_landmarks) == [(), (), (), ("cervical_flexion",), ("squatting",)]
        assert by_landmarks.faults == ("squatting", "cervical_flexion")

    @both
    @pytest.mark.parametrize("tempo_s", [2.0, 8.0])
    @pytest.mark.parametrize("noise_cm", [0.0, 0.6])
    def test_at_other_speeds_and_with_noise(self, what, tempo_s, noise_cm):
        check, truth = CHECKS[what]
        for name, bottom in BOTTOMS.items():
            made = motion(bottom, 2, tempo_s=tempo_s, noise_cm=noise_cm, seed=5)
            assert check(seen(what, made), made.fps).faults == truth[name]

    @both
    @pytest.mark.parametrize("part", ["lowering", "lifting"])
    @pytest.mark.parametrize("facing", ["left", "right"])
    @pytest.mark.parametrize("name", ["hinge", "neck"])
    def test_half_a_rep(self, what, part, facing, name):
        """Cut at the bottom: who is up at the end only still faces the same way."""
        check, truth = CHECKS[what]
        made = motion(BOTTOMS[name], 1, facing=facing)
        frames = slice(0, 91) if part == "lowering" else slice(90, None)
        verdict = check(seen(what, made)[frames], made.fps)
        assert verdict.facing == facing
        assert verdict.faults == truth[name]
        (rep,) = verdict.reps
        assert "partial" in rep.notes
        assert (rep.start_s is None) == (part == "lifting")
        assert (rep.end_s is None) == (part == "lowering")

    @pytest.mark.parametrize("facing", ["left", "right"])
    def test_standing_for_long_does_not_turn_anybody_round(self, facing):
        """A minute in a picture that leans back by 5 degrees, and one rep in it."""
        made = rounding(1, stand_s=30.0, fps=10.0, facing=facing)
        points = made.points @ turned(5.0 if facing == "right" else -5.0)
        assert (points[0, 0, 0] < points[0, -1, 0]) == (facing == "right")
        verdict = check_points(points, 10.0)
        assert verdict.facing == facing
        assert rep_faults(verdict) == [("spinal_flexion",)]

    @both
    def test_tolerances_are_those_given(self, what):
        check, _ = CHECKS[what]
        lax = Tolerances(cervical_flexion_deg=80.0, end_stray_cm=50.0)
        made = neck_flexion(1)
        assert check(seen(what, made), made.fps).faults == ("cervical_flexion",)
        assert check(seen(what, made), made.fps, tolerances=lax).faults == ()

    def test_a_taller_person_strays_by_more(self):
        made = neck_flexion(1)
        short, tall = (
            check_points(made.points, 30, tolerances=Tolerances(stature_cm=cm))
            .reps[0]
            .stray_cm.head
            for cm in (150.0, 200.0)
        )
        assert tall / short == pytest.approx(200 / 150, rel=0.05)


@both
class TestTheSameFaults:
    """What changes the picture and not the movement changes no verdict."""

    def hold(self, what, made, alter=lambda xy: xy):
        shown(what, made)
        verdict = CHECKS[what][0](altered(getattr(made, what), alter), made.fps)
        assert_verdict(verdict, made, blind=BLIND[what])
        return verdict

    @few
    @given(made=motions, x=st.floats(-1e5, 1e5), y=st.floats(-1e5, 1e5))
    def test_moved(self, what, made, x, y):
        self.hold(what, made, lambda xy: np.add(xy, (x, y)))

    @few
    @given(made=motions, exponent=st.floats(-3, 4))
    def test_scaled(self, what, made, exponent):
        self.hold(what, made, lambda xy: xy * 10**exponent)

    @few
    @given(made=motions)
    def test_mirrored(self, what, made):
        straight = self.hold(what, made)
        mirrored = self.hold(what, made, lambda xy: xy * (-1.0, 1.0))
        assert {straight.facing, mirrored.facing} == {"left", "right"}

    @few
    @given(made=motions, degrees=st.floats(-5, 5))
    def test_by_a_camera_that_leans(self, what, made, degrees):
        self.hold(what, made, lambda xy: xy @ turned(degrees))

    @few
    @given(made=motions, share=st.floats(0.4, 1.5))
    def test_resampled_in_time(self, what, made, share):
        """The same movement at another rate, between the frames a straight line."""
        shown(what, made)
        time = np.arange(0, made.time_s[-1], share / made.fps)
        array = getattr(made, what)
        flat = array.reshape(len(array), -1)
        again = np.stack([np.interp(time, made.time_s, column) for column in flat.T], axis=-1)
        verdict = CHECKS[what][0](again.reshape(-1, *array.shape[1:]), made.fps / share)
        assert_verdict(verdict, made, blind=BLIND[what])

    @few
    @given(made=motions, seed=st.integers(0, 1000))
    def test_at_an_uneven_rate(self, what, made, seed):
        """Every frame in the middle of the time between its neighbours, or up to 40 % off."""
        shown(what, made)
        kept = np.sort(
            np.random.default_rng(seed).choice(
                len(made.time_s), size=int(0.8 * len(made.time_s)), replace=False
            )
        )
        verdict = CHECKS[what][0](getattr(made, what)[kept], time_s=made.time_s[kept] + 1000.0)
        assert_verdict(verdict, made, blind=BLIND[what])
        assert all(rep.bottom_s > 1000 for rep in verdict.reps)

    @few
    @given(made=motions)
    def test_as_shares_of_a_picture_with_its_size(self, what, made):
        shown(what, made)
        size = (1280.0, 720.0)
        whole = CHECKS[what][0](getattr(made, what), made.fps)
        array = altered(getattr(made, what), lambda xy: xy / size)
        if what == "landmarks":
            array[..., 2] /= size[0]
        verdict = CHECKS[what][0](array, made.fps, size_px=size)
        assert [rep.faults for rep in verdict.reps] == [rep.faults for rep in whole.reps]
        assert_verdict(verdict, made, blind=BLIND[what])

    @pytest.mark.parametrize("size", [(1280.0, 720.0), (720.0, 1280.0)])
    def test_as_shares_of_a_picture_whose_sides_were_exchanged(self, what, size):
        made = mix([HINGE, NECK_FLEXION], noise_cm=0.2)
        check, truth = CHECKS[what]
        shares = (seen(what, made)[..., :2] - [300.0, 0.0]) / size
        verdict = check(shares, 30, size_px=size[::-1])
        assert rep_faults(verdict) == [truth["hinge"], truth["neck"]]
        assert any("{:g}x{:g}".format(*size) in warning for warning in verdict.warnings)
        assert not any("pictur" in w for w in check(shares, 30, size_px=size).warnings)

    @quick
    @given(
        bottoms=st.lists(names, min_size=1, max_size=4),
        facing=st.sampled_from(["left", "right"]),
    )
    def test_backwards_in_time(self, what, bottoms, facing):
        check, truth = CHECKS[what]
        made = mix([BOTTOMS[name] for name in bottoms], fps=20.0, facing=facing)
        verdict = check(seen(what, made)[::-1], 20.0)
        assert rep_faults(verdict) == [truth[name] for name in reversed(bottoms)]
        assert verdict.facing == facing

    @quick
    @given(name=names, yaw=st.floats(-10, 10))
    def test_from_somewhat_aside(self, what, name, yaw):
        check, truth = CHECKS[what]
        made = motion(BOTTOMS[name], 2, fps=20.0, camera_yaw_deg=yaw)
        assert rep_faults(check(seen(what, made), 20.0)) == [truth[name]] * 2


def test_phases_have_words():
    series = check_points(rounding(1).points, 30).series
    assert series.phase_name[[0, 60, 90, 130]].tolist() == [
        "standing",
        "lowering",
        "lowering",
        "lifting",
    ]


class TestMirror:
    @pytest.mark.slow
    @settings(max_examples=10)
    @given(seed=st.integers(0, 2**32 - 1))
    def test_a_mirrored_clip_gets_the_mirrored_verdict(self, seed):
        """With outlines too, and whatever they show: to the last digit that is told."""
        rng = np.random.default_rng(seed)
        made = motion(HINGE, 2, fps=15.0, noise_cm=0.3, seed=seed)
        rays = np.full((len(made.landmarks), OUTLINE_SIZE), 0.3)
        rays += 0.05 * rng.standard_normal(rays.shape) + 0.1 * rng.standard_normal(rays.shape[1])
        mirrored, mirrored_rays = face_right(made.landmarks, rays, "left")
        verdict = check_keypoints(made.landmarks, 15.0, outlines=rays)
        other = check_keypoints(mirrored, 15.0, outlines=mirrored_rays)
        assert verdict.facing == "right"
        assert other.facing == "left"
        assert dataclasses.replace(other, facing="right").to_dict() == verdict.to_dict()


@pytest.mark.parametrize("place", list(PLACES))
@pytest.mark.parametrize(
    "kept",
    [range(7), [OCCIPUT, C7, T4, T8, SACRUM], [OCCIPUT, C7, T8, SACRUM]],
    ids=["seven", "five", "four"],
)
class TestOnePlace:
    @settings(max_examples=6)
    @given(share=st.floats(0, 1), facing=st.sampled_from(["left", "right"]))
    @example(share=1.0, facing="right")
    def test_beyond_its_tolerance_is_named_and_no_other(self, place, kept, share, facing):
        _, fault, tolerance_cm = PLACES[place]
        forward_cm = tolerance_cm + 0.3 + 8.0 * share
        verdict = check_points(displaced(place, forward_cm, kept=kept, facing=facing), 20.0)
        assert rep_faults(verdict) == [(fault,)] * 2
        for rep in verdict.reps:
            assert rep.notes == ()
            assert getattr(rep.stray_cm, place) == pytest.approx(forward_cm, abs=0.5)
            others = [getattr(rep.stray_cm, other) for other in PLACES if other != place]
            assert max(others) < 1.0

    @settings(max_examples=6)
    @given(share=st.floats(0, 0.99), facing=st.sampled_from(["left", "right"]))
    @example(share=0.99, facing="right")
    def test_below_it_nothing_is_named(self, place, kept, share, facing):
        points = displaced(place, share * PLACES[place][2], kept=kept, facing=facing)
        assert rep_faults(check_points(points, 20.0)) == [()] * 2


class TestLandmarksAlone:
    @pytest.mark.parametrize("name", list(BOTTOMS))
    def test_say_nothing_of_the_back(self, name):
        verdict = check_keypoints(motion(BOTTOMS[name], 2).landmarks, 30)
        assert "spinal_flexion" not in verdict.faults
        assert any("Landmarks alone do not show the back" in text for text in verdict.warnings)
        for rep in verdict.reps:
            assert rep.spinal_flexion_deg is None
            assert rep.stray_cm.to_dict() == {"head": None, "upper_back": None, "sacrum": None}
            assert "unsure_spine" in rep.notes

    @pytest.mark.parametrize("columns", [2, 3])
    @pytest.mark.parametrize("name", list(BOTTOMS))
    def test_need_neither_depth_nor_visibility(self, name, columns):
        landmarks = motion(BOTTOMS[name], 2).landmarks
        whole = check_keypoints(landmarks, 30)
        assert check_keypoints(landmarks[..., :columns], 30).to_dict() == whole.to_dict()

    def test_a_rounded_back_is_not_mistaken_for_a_bent_neck(self):
        """It tips the head in the picture by half of its own 40 degrees."""
        verdict = check_keypoints(rounding(2).landmarks, 30)
        assert verdict.faults == ()
        assert verdict.reps[0].cervical_flexion_deg > DEFAULT.cervical_flexion_deg

    @pytest.mark.parametrize("yaw", [-60, 60, 80])
    def test_from_the_front_or_the_rear_are_refused(self, yaw):
        verdict = check_keypoints(hinge(2, camera_yaw_deg=yaw).landmarks, 30)
        assert verdict.status == "unusable"
        assert "degrees from side-on" in verdict.reason
        assert verdict.view_angle_deg > DEFAULT.view_far_deg
        assert verdict.reps == ()

    def test_from_an_angle_are_judged_with_a_warning(self):
        verdict = check_keypoints(squat(2, camera_yaw_deg=28).landmarks, 30)
        assert verdict.faults == ("squatting",)
        assert all("oblique_view" in rep.notes for rep in verdict.reps)
        assert any("degrees from side-on" in text for text in verdict.warnings)

    def test_held_at_the_bottom_has_an_assumed_neutral(self):
        landmarks = np.repeat(hinge(1).landmarks[90:91], 90, axis=0)
        verdict = check_keypoints(landmarks, 30)
        assert verdict.neutral == "assumed"
        assert verdict.faults == ()
        assert "held" in verdict.reps[0].notes
        assert any("No standing is seen" in text for text in verdict.warnings)


def test_a_back_alone_does_not_pass_over_the_legs_in_silence():
    made = squat(2)
    verdict = check_points(made.points, made.fps)
    assert [rep.knee_flexion_deg for rep in verdict.reps] == [None] * 2
    assert any("do not show the legs" in warning for warning in verdict.warnings)
    assert not any("legs" in said for said in check_keypoints(made.landmarks, made.fps).warnings)


class TestPointsWithLandmarks:
    """Points tell the back, landmarks the legs."""

    @pytest.mark.parametrize("facing", ["left", "right"])
    @pytest.mark.parametrize("size", [None, (1280, 720)])
    def test_every_preset_gets_its_verdict(self, facing, size):
        made = mix([HINGE, ROUNDING, SQUAT, NECK_FLEXION], facing=facing)
        scale = np.ones(2) if size is None else np.array(size)
        verdict = check_points(
            made.points / scale,
            made.fps,
            landmarks=made.landmarks[..., :2] / scale,
            size_px=size,
        )
        assert [rep.faults for rep in verdict.reps] == [rep.faults for rep in made.reps]
        assert verdict.facing == facing
        assert verdict.warnings == ()
        assert verdict.reps[2].knee_flexion_deg == pytest.approx(100.0, abs=3.0)
        assert verdict.series.landmarks_px.shape[1] == 33

    def test_without_a_knee_they_are_points_alone(self):
        made = squat(2)
        legless = made.landmarks.copy()
        legless[:, 25:27] = np.nan
        verdict = check_points(made.points, made.fps, landmarks=legless)
        assert verdict.reps == check_points(made.points, made.fps).reps
        assert any("do not show the legs" in warning for warning in verdict.warnings)

    def test_of_who_kneels_the_back_alone_is_judged(self):
        made = mix([HINGE])
        made.landmarks[:, 27:, :2] = made.landmarks[:, [25, 26] * 3, :2] + (-120, 5)
        verdict = check_points(made.points, made.fps, landmarks=made.landmarks)
        assert verdict.status == "clean"
        assert verdict.reps[0].knee_flexion_deg is None
        (warning,) = verdict.warnings
        assert warning.startswith("The shins lie on the floor")
        asked = check_points(made.points, made.fps, landmarks=made.landmarks, exercise="kneeling")
        assert asked.warnings == ()

    @pytest.mark.parametrize("shape", [(90, 33, 2), (91, 32, 2), (91, 33, 1), (91, 33)])
    def test_of_another_shape_are_refused(self, shape):
        made = squat(1)
        with pytest.raises(ValueError, match="landmarks must be"):
            check_points(made.points[:91], made.fps, landmarks=np.ones(shape))


@pytest.mark.parametrize("kept", [range(7), (0, 2, 6)], ids=["seven", "three"])
@pytest.mark.parametrize("phase", ["lowering", "bottom", "lifting"])
def test_a_back_that_rounds_on_one_way_only(phase, kept):
    """The dowel is left for as long as anybody would see it, if not at the bottom."""
    options = {"tempo_s": 5.0, "pause_s": 2.0}
    made, other = mix([HINGE, HINGE], **options), mix([HINGE, ROUNDING], **options)
    rounds = (made.phase == phase) & (made.hip_flexion_deg > 30)
    share = np.convolve(rounds, np.ones(15) / 15, "same")[:, None, None]
    points = ((1 - share) * made.points + share * other.points)[:, list(kept)]
    first, second = check_points(points, made.fps).reps
    assert first.faults == ()
    assert "spinal_flexion" in second.faults
    assert len(second.faults) == 1 or second.notes == ("ambiguous",)


def test_who_kneels_unasked_is_told_the_exercise():
    made = mix([HINGE])
    made.landmarks[:, 27:, :2] = made.landmarks[:, [25, 26] * 3, :2] + (-120, 5)
    reason = check_keypoints(made.landmarks, made.fps).reason
    assert "name the exercise, kneeling" in reason


def test_a_nose_on_the_ears_tells_no_neck():
    """As depth cameras find them: what is left of its direction is noise."""
    made = mix([NECK_FLEXION])
    ears = made.landmarks[:, [7, 8], :2].mean(axis=1, keepdims=True)
    made.landmarks[:, :7, :2] = ears + 0.2 * (made.landmarks[:, :7, :2] - ears)
    (rep,) = check_keypoints(made.landmarks, made.fps).reps
    assert rep.cervical_flexion_deg is None
    assert rep.faults == ()
    assert "unsure_head" in rep.notes


@pytest.mark.parametrize("side", [0, 1])
def test_a_lifted_leg_is_not_passed_over_in_silence(side):
    """On one leg, the other goes back as far as the trunk forward."""
    made = mix([HINGE, HINGE])
    lifted, turn = made.landmarks.copy(), np.radians(made.hip_flexion_deg)
    leg = np.stack([-np.sin(turn), np.cos(turn)], axis=1)
    for number, way_cm in ((25, 41), (27, 82), (29, 86), (31, 86)):
        lifted[:, number + side, :2] = lifted[:, 23 + side, :2] + 3 * way_cm * leg
    said, known = (check_keypoints(seen, 30).warnings for seen in (lifted, made.landmarks))
    assert any("One foot lies far above" in warning for warning in said)
    assert not any("foot" in warning for warning in known)


class Tensor:
    """As one of torch's that needs its gradient."""

    def __array__(self, *_: object) -> np.ndarray:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")


class TestUnusable:
    """Of the right shape, and still nothing to judge: a reason, no traceback, no guess."""

    def assert_unusable(self, verdict, reason):
        assert verdict.status == "unusable"
        assert reason in verdict.reason
        assert verdict.faults == ()
        assert verdict.reps == ()
        assert str(verdict).endswith(f"unusable: {verdict.reason}")

    @pytest.mark.parametrize("frames", [0, 1, 2, 4])
    def test_too_few_frames(self, frames):
        made = hinge(1)
        self.assert_unusable(check_points(made.points[:frames], 30), "Too few frames")
        self.assert_unusable(check_keypoints(made.landmarks[:frames], 30), "Too few frames")

    def test_nothing_seen(self):
        self.assert_unusable(check_points(np.full((300, 7, 2), np.nan), 30), "Too few frames")
        self.assert_unusable(
            check_keypoints(np.full((300, 33, 4), np.nan), 30), "Shoulders and hips are missing"
        )

    @pytest.mark.parametrize("place", [0, 3, 6])
    def test_a_place_never_seen(self, place):
        points = rounding(1).points
        points[:, place] = np.nan
        self.assert_unusable(check_points(points, 30), "Too few frames")

    def test_a_back_that_turns_round(self):
        right, left = mix([HINGE, ROUNDING]).points, mix([HINGE], facing="left").points
        share = np.linspace(0, 1, 30)[:, None, None]
        turning = (1 - share) * right[-1] + share * left[0]
        points = np.concatenate([right, turning, left])
        self.assert_unusable(check_points(points, 30), "where somebody turns round")

    @pytest.mark.parametrize("value", [0.0, 1e-300, 7.0, 1e8])
    def test_all_in_one_place(self, value):
        self.assert_unusable(check_points(np.full((300, 7, 2), value), 30), "in one place")
        self.assert_unusable(
            check_keypoints(np.full((300, 33, 4), value), 30), "Shoulders and hips are missing"
        )

    def test_nobody_moves(self):
        made = hinge(0, stand_s=3.0)
        for verdict in (check_points(made.points, 30), check_keypoints(made.landmarks, 30)):
            self.assert_unusable(verdict, "No hip hinge is seen")
            assert verdict.refusal == "nothing"

    def test_points_that_few_frames_show(self):
        points = hinge(1).points
        points[4:, 0] = np.nan
        verdict = check_points(points, 30)
        self.assert_unusable(verdict, "Too few frames show every point")
        assert verdict.refusal == "few"

    def test_points_upside_down(self):
        """y up, as in motion capture: nobody stands on the head."""
        self.assert_unusable(check_points(hinge(2).points * [1, -1], 30), "")
        upside = altered(hinge(2).landmarks, lambda xy: xy * [1, -1])
        self.assert_unusable(check_keypoints(upside, 30), "y seems to point up")

    def test_a_forward_fold_that_is_held_is_the_right_way_up(self):
        fold = motion(Bottom(hip_deg=130.0), 1, tempo_s=4.0, pause_s=30.0, stand_s=1.0)
        (rep,) = check_keypoints(fold.landmarks, 30).reps
        assert rep.hip_flexion_deg == pytest.approx(130.0, abs=3.0)

    @pytest.mark.parametrize("name", ["hinge", "squat", "rounding"])
    def test_points_upside_down_and_from_sacrum_to_head(self, name):
        """Which look like a back again, but for that it goes up as it bends."""
        turned_twice = motion(BOTTOMS[name], 2).points[:, ::-1] * [1, -1]
        self.assert_unusable(check_points(turned_twice, 30), "The back goes up")

    @pytest.mark.parametrize("name", ["hinge", "rounding"])
    def test_points_of_which_no_standing_is_seen(self, name):
        """A back that is round throughout must not become its own neutral, and be called clean."""
        made = motion(BOTTOMS[name], 1)
        cut = made.points[50:130]
        self.assert_unusable(check_points(cut, 30), "No standing is seen")


class TestDropouts:
    @pytest.mark.parametrize("seed", range(3))
    @pytest.mark.parametrize("name", list(BOTTOMS))
    def test_points_come_and_go(self, name, seed):
        """One place in ten: every second frame lacks one."""
        made = motion(BOTTOMS[name], 2, dropout=0.1, seed=seed)
        assert rep_faults(check_points(made.points, 30)) == [BY_POINTS[name]] * 2

    @pytest.mark.parametrize("seed", range(3))
    @pytest.mark.parametrize("name", list(BOTTOMS))
    def test_landmarks_come_and_go(self, name, seed):
        """One in two hundred: every sixth frame lacks one."""
        made = motion(BOTTOMS[name], 2, dropout=0.005, seed=seed)
        assert rep_faults(check_keypoints(made.landmarks, 30)) == [BY_LANDMARKS[name]] * 2

    @both
    @quick
    @given(name=names, dropout=st.floats(0, 0.6), seed=st.integers(0, 1000))
    def test_no_fault_is_ever_made_up(self, what, name, dropout, seed):
        check, truth = CHECKS[what]
        made = motion(BOTTOMS[name], 2, fps=20.0, dropout=dropout, seed=seed)
        verdict = check(seen(what, made), 20.0)
        assert set(verdict.faults) <= set(truth[name])
        assert (verdict.status == "unusable") == (not verdict.reps)

    @both
    def test_a_rep_behind_a_gap_is_not_guessed(self, what):
        check, _ = CHECKS[what]
        made = hinge(3)
        array = seen(what, made).copy()
        array[made.time_s < 5.2] = np.nan
        verdict = check(array, 30)
        assert [rep.bottom_s for rep in verdict.reps] == pytest.approx([7.5, 12.0], abs=0.1)

    @both
    @pytest.mark.parametrize("each", [2, 3])
    def test_every_second_frame_or_third(self, what, each):
        made = mix([HINGE, NECK_FLEXION], fps=60.0)
        array = seen(what, made).copy()
        array[np.arange(len(array)) % each != 1] = np.nan
        check, truth = CHECKS[what]
        verdict = check(array, 60)
        assert rep_faults(verdict) == [truth["hinge"], truth["neck"]]
        assert [rep.bottom_s for rep in verdict.reps] == pytest.approx([3.0, 7.5], abs=0.1)

    def test_single_frames_between_lost_ones_are_first_guesses(self):
        landmarks = squat(2).landmarks
        alone = np.cumsum([2, 3, 2, 4] * len(landmarks))
        landmarks[np.setdiff1d(np.arange(len(landmarks)), alone)] = np.nan
        verdict = check_keypoints(landmarks, 30)
        assert verdict.status == "unusable"
        assert "Shoulders and hips are missing in most frames" in verdict.reason

    @both
    def test_one_wild_frame_changes_nothing(self, what):
        check, truth = CHECKS[what]
        for name, bottom in BOTTOMS.items():
            array = seen(what, motion(bottom, 2)).copy()
            array[85, :, :2] = array[85, ::-1, :2] * -3.0
            assert rep_faults(check(array, 30)) == [truth[name]] * 2


@both
class TestRefused:
    """What is no such array at all: a ValueError, in a sentence."""

    @pytest.mark.parametrize(
        "shape",
        [
            (),
            (5,),
            (90, 7),
            (90, 2, 2),
            (90, 7, 3),
            (90, 33),
            (90, 32, 3),
            (90, 33, 5),
            (90, 33, 1),
        ],
    )
    def test_wrong_shapes(self, what, shape):
        with pytest.raises(ValueError, match=rf"^{what} must be \(frames, .*not \("):
            CHECKS[what][0](np.zeros(shape), 30)

    @pytest.mark.parametrize("bad", [np.inf, -np.inf])
    def test_infinities(self, what, bad):
        array = seen(what, hinge(1)).copy()
        array[50, 3, 1] = bad
        with pytest.raises(ValueError, match=f"^{what} must be finite, or NaN where missing"):
            CHECKS[what][0](array, 30)

    @pytest.mark.parametrize("scale", [1e8, 1e150, 1e300])
    def test_huge_numbers(self, what, scale):
        with pytest.raises(ValueError, match=f"^{what} must lie within"):
            CHECKS[what][0](seen(what, hinge(1)) * scale, 30)

    @pytest.mark.parametrize(
        "make",
        [
            lambda shape: np.full(shape, "x"),
            lambda shape: np.full(shape, b"1"),
            lambda shape: np.ones(shape, complex),
            lambda shape: np.zeros(shape, "datetime64[s]"),
            lambda shape: np.zeros(shape, "timedelta64[s]"),
            lambda shape: np.full(shape, {}, dtype=object),
            lambda shape: np.full(shape, 10**400, dtype=object),
            lambda shape: [[1.0, 2.0], [3.0]],
            lambda shape: {"points": 1},
            lambda shape: "points.csv",
            lambda shape: Tensor(),
        ],
    )
    def test_what_is_no_number(self, what, make):
        with pytest.raises(ValueError, match=f"^{what} must be an array of numbers"):
            CHECKS[what][0](make(seen(what, hinge(1)).shape), 30)

    @pytest.mark.parametrize(
        "fps", [0, -30, np.nan, np.inf, -np.inf, 1e-320, 1e300, None, "fast", [30, 30], 3j, 10**400]
    )
    def test_rates_that_are_none(self, what, fps):
        with pytest.raises(ValueError, match=r"^fps must"):
            CHECKS[what][0](seen(what, hinge(1)), fps)


class TestRefusedOutlines:
    LANDMARKS = hinge(1).landmarks

    @pytest.mark.parametrize("shape", [(3, 88), (), (88,), (181, 87)])
    def test_wrong_shapes(self, shape):
        with pytest.raises(ValueError, match=r"^outlines must be \(181, 88\), not \("):
            check_keypoints(self.LANDMARKS, 30, outlines=np.zeros(shape))

    def test_infinities(self):
        with pytest.raises(ValueError, match=r"^outlines must be finite"):
            check_keypoints(self.LANDMARKS, 30, outlines=np.full((181, 88), np.inf))

    def test_without_depth(self):
        with pytest.raises(ValueError, match=r"^outlines need landmarks with depth"):
            check_keypoints(self.LANDMARKS[..., :2], 30, outlines=np.zeros((181, 88)))


@both
class TestKindsOfArrays:
    @pytest.mark.parametrize(
        "convert",
        [
            lambda a: a.tolist(),
            lambda a: a.astype(np.float32),
            lambda a: a.astype(object),
            lambda a: np.asfortranarray(a),
            lambda a: np.repeat(a, 2, axis=0)[::2],
            lambda a: a.astype(">f8"),
            lambda a: np.ma.masked_invalid(a),
        ],
        ids=["lists", "float32", "objects", "fortran", "strided", "big-endian", "masked"],
    )
    def test_are_all_the_same(self, what, convert):
        check, truth = CHECKS[what]
        made = neck_flexion(2)
        verdict = check(convert(seen(what, made)), 30)
        assert rep_faults(verdict) == [truth["neck"]] * 2

    def test_signs_of_missing_places(self, what):
        check, truth = CHECKS[what]
        array = seen(what, hinge(2)).copy()
        lost = np.random.default_rng(0).random(array.shape[:2]) < 0.04
        for sign in (0.0, -1.0):
            array[lost] = sign
            assert rep_faults(check(array, 30)) == [truth["hinge"]] * 2

    def test_whole_pixels(self, what):
        check, _ = CHECKS[what]
        array = np.nan_to_num(seen(what, neck_flexion(2))).round().astype(int)
        assert check(array, 30).faults == ("cervical_flexion",)

    def test_what_a_mask_hides_is_missing(self, what):
        """Under it there may be anything."""
        check, truth = CHECKS[what]
        array = seen(what, hinge(2)).copy()
        array[60:70] = -999.0
        hidden = np.zeros(array.shape, dtype=bool)
        hidden[60:70] = True
        bare = np.where(hidden, np.nan, array)
        verdict = check(np.ma.masked_array(array, hidden), 30)
        assert verdict.to_dict() == check(bare, 30).to_dict()
        assert rep_faults(verdict) == [truth["hinge"]] * 2

    @pytest.mark.parametrize("facing", ["left", "right"])
    def test_stay_as_they_were(self, what, facing):
        check, _ = CHECKS[what]
        array = seen(what, motion(ROUNDING, 1, facing=facing, dropout=0.01)).copy()
        array.flags.writeable = False
        before = array.copy()
        check(array, 30)
        assert np.array_equal(array, before, equal_nan=True)


@both
class TestAnything:
    """Numbers without meaning: a verdict or a ValueError, and no warning on the way."""

    @settings(max_examples=60)
    @given(data=st.data(), fps=st.floats(1, 240))
    def test_never_a_traceback_of_another_kind(self, what, data, fps):
        middle = {"points": (5, 2), "landmarks": (33, 2)}[what]
        frames = data.draw(st.integers(0, 12))
        few = data.draw(
            npst.arrays(
                float,
                (frames, *middle),
                elements=st.one_of(st.floats(-500, 500), st.floats(), st.just(0.0)),
                fill=st.floats(-500, 500),
            )
        )
        try:
            verdict = CHECKS[what][0](np.repeat(few, data.draw(st.integers(1, 4)), axis=0), fps)
        except ValueError:
            return
        assert verdict.status in {"clean", "faulty", "unusable"}
        assert (verdict.status == "unusable") == (verdict.reason is not None)
        assert (verdict.status == "faulty") == bool(verdict.faults)
        assert verdict.to_json()


def test_shares_of_a_picture_for_lengths_are_warned_of():
    made = hinge(2)
    shares = (made.points - made.points.min((0, 1)) + 20) / 1400
    verdict = check_points(shares, made.fps)
    assert verdict.status == "clean"
    assert "\n  warning: All x and y lie between 0 and 1." in str(verdict)


@both
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (640, 480)])
def test_shares_of_a_picture_without_its_size_are_never_judged_in_silence(what, size):
    made = motion(HINGE, 2, facing="right")
    array = altered(
        getattr(made, what), lambda xy: (xy - xy.min((0, 1)) + 20) / (4 * np.array(size))
    )
    verdict = CHECKS[what][0](array, made.fps)
    assert verdict.status == "unusable"
    assert "one scale" in verdict.reason
    even = altered(array, lambda xy: xy * (size[0] / max(size), size[1] / max(size)))
    verdict = CHECKS[what][0](even, made.fps)
    assert verdict.status == "clean"
    assert any("between 0 and 1" in warning for warning in verdict.warnings)


@pytest.mark.parametrize(
    "scale", [(100 / 1280, 100 / 720), (1000 / 720, 1000 / 1280), (640 / 1280, 640 / 720)]
)
@both
def test_a_picture_squeezed_to_any_other_range_is_never_judged_in_silence(what, scale):
    made = motion(HINGE, 2, facing="right")
    verdict = CHECKS[what][0](altered(getattr(made, what), lambda xy: xy * scale), made.fps)
    # Points do not show where the camera stands: that alone may make a back look shorter bent.
    assert verdict.status == "unusable" or what == "points"
    assert "one scale" in " ".join([verdict.reason or "", *verdict.warnings])


@pytest.mark.parametrize(("wide", "warned"), [(1.25, True), (1.0, False)])
def test_a_picture_stretched_a_little_is_warned_of(wide, warned):
    seen = mix([HINGE, HINGE])
    body = check_keypoints(seen.landmarks * [wide, 1, 1, 1], seen.fps)
    back = check_points(seen.points * [wide, 1], seen.fps)
    for verdict in (body, back):
        assert len(verdict.reps) == 2
        assert any("longer bent than upright" in said for said in verdict.warnings) == warned


def test_a_picture_squeezed_a_little_is_warned_of():
    made = motion(HINGE, 2, facing="right")
    squeezed = altered(made.landmarks, lambda xy: xy * (720 / 1280, 576 / 720))
    assert any("one scale" in warning for warning in check_keypoints(squeezed, made.fps).warnings)
    assert not any("scale" in one for one in check_keypoints(made.landmarks, made.fps).warnings)


def test_x_and_y_exchanged_as_movenet_writes_them():
    made = motion(HINGE, 2, facing="right")
    for exchanged in (made.landmarks[..., [1, 0]], made.landmarks[..., [1, 0]] * (-1, 1)):
        verdict = check_keypoints(exchanged, made.fps)
        assert verdict.status == "unusable"
        assert "exchanged" in verdict.reason


def test_shares_from_the_middle_of_a_picture_with_its_size():
    made = motion(HINGE, 2, facing="right")
    shares = altered(made.landmarks, lambda xy: xy / (640, 360) - 1.0)
    verdict = check_keypoints(shares, made.fps, size_px=(1280, 720))
    whole = check_keypoints(made.landmarks, made.fps)
    assert verdict.status == "clean"
    for rep, known in zip(verdict.reps, whole.reps, strict=True):
        assert rep.hip_flexion_deg == pytest.approx(known.hip_flexion_deg, abs=0.5)


class TestPartsOfTheBody:
    """A landmark that is missing takes with it what rests on it, and nothing else."""

    def verdict(self, lost):
        landmarks = mix([HINGE, NECK_FLEXION, Bottom(knee_deg=100, shin_deg=30)]).landmarks.copy()
        landmarks[:, list(lost)] = np.nan
        return check_keypoints(landmarks, 30)

    @pytest.mark.parametrize(
        "lost", [range(17, 23), (1, 3, 4, 6, 9, 10), range(29, 33), range(13, 23)]
    )
    def test_fingers_mouth_feet_or_arms(self, lost):
        assert_verdict(self.verdict(lost), ["clean", "cervical_flexion", "squatting"])

    def test_the_face(self):
        verdict = self.verdict(range(11))
        assert_verdict(verdict, ["clean", "clean", "squatting"])
        assert all("unsure_head" in rep.notes for rep in verdict.reps)
        assert all(rep.cervical_flexion_deg is None for rep in verdict.reps)

    def test_neither_face_nor_feet(self):
        """Knees and trunk bend one way only, which tells how the person faces."""
        verdict = self.verdict((*range(11), *range(29, 33)))
        assert_verdict(verdict, ["clean", "clean", "squatting"])

    @pytest.mark.parametrize("sign", [np.nan, 0.0, -1.0])
    def test_a_fifth_lost_here_and_there(self, sign):
        """However it is written, the other side stands for what is missing."""
        motion = mix([HINGE, SQUAT, NECK_FLEXION], fps=20)
        seen = motion.landmarks.copy()
        seen[np.random.default_rng(1).random(seen.shape[:2]) < 0.2, :3] = sign
        assert_verdict(check_keypoints(seen, 20), ["clean", "squatting", "cervical_flexion"])

    @pytest.mark.parametrize(
        ("alone", "lost"), [("one side", (11,)), ("the left side", range(12, 33, 2))]
    )
    def test_one_side_stands_for_both_and_is_told(self, alone, lost):
        verdict = self.verdict(lost)
        assert_verdict(verdict, ["clean", "cervical_flexion", "squatting"])
        assert any(f"of {alone} alone" in warning for warning in verdict.warnings)

    @pytest.mark.parametrize("sign", [np.nan, 0.0, -1.0])
    @pytest.mark.parametrize("landmark", [0, 11, 25])
    def test_one_landmark_that_was_never_found(self, landmark, sign):
        """In pixels it lies in the corner, and is no skeleton's root."""
        seen = mix([HINGE, NECK_FLEXION, SQUAT], fps=20).landmarks
        seen[:, landmark] = sign
        assert_verdict(check_keypoints(seen, 20), ["clean", "cervical_flexion", "squatting"])

    @pytest.mark.parametrize("root", [0, 11, 23])
    def test_places_that_count_from_one_of_them(self, root):
        motion = mix([HINGE, SQUAT], fps=20, noise_cm=0.2)
        seen = motion.landmarks[..., :2] - motion.landmarks[:, [root], :2]
        assert_verdict(check_keypoints(seen, 20), ["clean", "squatting"])

    @pytest.mark.parametrize(
        ("lost", "reason"),
        [
            (range(25, 33), "legs are never seen"),
            ((11, 12), "Shoulders and hips are missing"),
        ],
    )
    def test_what_cannot_be_done_without(self, lost, reason):
        verdict = self.verdict(lost)
        assert verdict.status == "unusable"
        assert reason in verdict.reason


@pytest.mark.parametrize("dropped", [0, range(1, 7)], ids=["nose", "eyes"])
def test_of_nose_and_eyes_one_is_enough_for_the_neck(dropped):
    made = mix([HINGE, NECK_FLEXION])
    made.landmarks[:, dropped] = np.nan
    angles = [rep.cervical_flexion_deg for rep in check_keypoints(made.landmarks, 30).reps]
    assert angles == pytest.approx([0, 35], abs=3)


@both
class TestNoise:
    """Numbers that are no body: never a fault made up."""

    @pytest.mark.parametrize("kind", ["uniform", "normal", "scattered"])
    @settings(max_examples=8)
    @given(seed=st.integers(0, 10_000))
    def test_pure_noise_is_unusable(self, what, kind, seed):
        rng = np.random.default_rng(seed)
        made = getattr(motion(HINGE, 1, fps=20.0), what)[..., :2]
        arrays = {
            "uniform": rng.random(made.shape) * 500,
            "normal": rng.normal(300, 60, made.shape),
            "scattered": made + rng.normal(0, 120, made.shape),
        }
        assert CHECKS[what][0](arrays[kind], 20).status == "unusable"

    @pytest.mark.parametrize("places", [3, 4])
    def test_few_points_of_noise(self, what, places):
        rng = np.random.default_rng(0)
        size = (300, places if what == "points" else 33, 2)
        verdicts = [CHECKS[what][0](rng.normal(300, 60, size), 30) for _ in range(15)]
        assert {verdict.status for verdict in verdicts} == {"unusable"}


class TestHugeArrays:
    @pytest.mark.slow
    def test_twenty_minutes_are_judged_like_one(self):
        """At 30 frames/s: every repetition named as in a short set."""
        made = mix([HINGE, ROUNDING, HINGE, NECK_FLEXION] * 70, noise_cm=0.3)
        assert len(made.points) > 35_000
        assert_verdict(check_points(made.points, 30), made)

    def test_a_thousand_places(self):
        made = motion(ROUNDING, 1)
        along = np.linspace(0, 6, 1000)
        low = np.minimum(along.astype(int), 5)
        part = (along - low)[:, None]
        points = made.points[:, low] * (1 - part) + made.points[:, low + 1] * part
        assert check_points(points, 30).faults == ("spinal_flexion",)


def test_a_long_recording_takes_little_more_room_than_it_has():
    made = mix([HINGE, SQUAT] * 8, fps=100)
    tracemalloc.start()
    try:
        assert len(check_keypoints(made.landmarks, made.fps).reps) == 16
        assert tracemalloc.get_traced_memory()[1] < 2.8 * made.landmarks.nbytes
    finally:
        tracemalloc.stop()


def test_only_outlines_bring_ranges_and_without_one_a_fault_is_sure() -> None:
    seen = recorded_person.record()
    drawn = check_keypoints(seen.landmarks, time_s=seen.time_s, outlines=seen.outlines)
    bare = check_keypoints(seen.landmarks, time_s=seen.time_s)
    round_backed = rounding(1)
    points = check_points(round_backed.points, round_backed.fps)
    assert [bool(rep.intervals_deg) for rep in drawn.reps] == [True] * 4
    assert not any(rep.intervals_deg for rep in (*bare.reps, *points.reps))
    assert (points.faults, points.maybe_faults) == (("spinal_flexion",), ())
