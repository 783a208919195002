"""What changes nothing about a movement changes nothing about its faults; and hostile arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.altering import altered, turned

from hinge_dowel import check_keypoints, check_points
from hinge_dowel.testing import strategies
from hinge_dowel.testing.pytest_plugin import assert_verdict
from hinge_dowel.testing.synthetic import HINGE, NECK_FLEXION, ROUNDING, Bottom, mix, motion

few = settings(max_examples=8, deadline=None)
motions = strategies.motions(max_reps=1, fps=20.0, noise_cm=0.2)
BLIND = {"points": ("squatting",), "landmarks": ("spinal_flexion",)}
CHECKS = {"points": check_points, "landmarks": check_keypoints}
both = pytest.mark.parametrize("what", list(CHECKS))


def shown(what, made):
    """Leave out what the input cannot show, and may take for something else.

    Of the back alone an upright squat shows no movement; of landmarks alone a rounded back shows
    as a head that tips.
    """
    blind = {"points": "squatting", "landmarks": "spinal_flexion"}[what]
    assume(not any(blind in rep.faults for rep in made.reps))


@both
class TestTheSameFaults:
    """Of every motion that the strategies draw."""

    def hold(self, what, made, alter=lambda xy: xy, fps=None, **options):
        shown(what, made)
        array = altered(getattr(made, what), alter)
        verdict = CHECKS[what](array, None if "time_s" in options else fps or made.fps, **options)
        assert_verdict(verdict, made, blind=BLIND[what])
        return verdict

    @few
    @given(made=motions)
    def test_as_it_is(self, what, made):
        self.hold(what, made)

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
        verdict = CHECKS[what](again.reshape(-1, *array.shape[1:]), made.fps / share)
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
        verdict = CHECKS[what](getattr(made, what)[kept], time_s=made.time_s[kept] + 1000.0)
        assert_verdict(verdict, made, blind=BLIND[what])
        assert all(rep.bottom_s > 1000 for rep in verdict.reps)

    @few
    @given(made=motions)
    def test_as_shares_of_a_picture_with_its_size(self, what, made):
        shown(what, made)
        size = (1280.0, 720.0)
        whole = CHECKS[what](getattr(made, what), made.fps)
        array = altered(getattr(made, what), lambda xy: xy / size)
        if what == "landmarks":
            array[..., 2] /= size[0]
        verdict = CHECKS[what](array, made.fps, size_px=size)
        assert [rep.faults for rep in verdict.reps] == [rep.faults for rep in whole.reps]
        assert_verdict(verdict, made, blind=BLIND[what])


@both
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (640, 480)])
def test_shares_of_a_picture_without_its_size_are_never_judged_in_silence(what, size):
    made = motion(HINGE, 2, facing="right")
    array = altered(
        getattr(made, what), lambda xy: (xy - xy.min((0, 1)) + 20) / (4 * np.array(size))
    )
    verdict = CHECKS[what](array, made.fps)
    assert verdict.status == "unusable"
    assert "one scale" in verdict.reason
    even = altered(array, lambda xy: xy * (size[0] / max(size), size[1] / max(size)))
    verdict = CHECKS[what](even, made.fps)
    assert verdict.status == "clean"
    assert any("between 0 and 1" in warning for warning in verdict.warnings)


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

    @pytest.mark.parametrize(
        ("lost", "reason"),
        [
            (range(25, 33), "legs are never seen"),
            ((11,), "Shoulders and hips are missing"),
        ],
    )
    def test_what_cannot_be_done_without(self, lost, reason):
        verdict = self.verdict(lost)
        assert verdict.status == "unusable"
        assert reason in verdict.reason


@both
class TestNoise:
    """Numbers that are no body: never a fault made up."""

    @pytest.mark.parametrize("kind", ["uniform", "normal", "scattered"])
    @settings(max_examples=8, deadline=None)
    @given(seed=st.integers(0, 10_000))
    def test_pure_noise_is_unusable(self, what, kind, seed):
        rng = np.random.default_rng(seed)
        made = getattr(motion(HINGE, 1, fps=20.0), what)[..., :2]
        arrays = {
            "uniform": rng.random(made.shape) * 500,
            "normal": rng.normal(300, 60, made.shape),
            "scattered": made + rng.normal(0, 120, made.shape),
        }
        assert CHECKS[what](arrays[kind], 20).status == "unusable"

    @pytest.mark.parametrize("places", [3, 4])
    def test_few_points_of_noise(self, what, places):
        rng = np.random.default_rng(0)
        size = (300, places if what == "points" else 33, 2)
        verdicts = [CHECKS[what](rng.normal(300, 60, size), 30) for _ in range(15)]
        assert {verdict.status for verdict in verdicts} == {"unusable"}


class TestTimes:
    POINTS = motion(ROUNDING, 1).points

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda t: t[::-1],
            lambda t: np.zeros_like(t),
            lambda t: np.where(t > 3, t - 2, t),
            lambda t: np.where(t > 3, np.nan, t),
        ],
        ids=["decreasing", "standing still", "jumping back", "missing"],
    )
    def test_that_do_not_increase(self, spoil):
        time = spoil(np.arange(len(self.POINTS)) / 30)
        with pytest.raises(ValueError, match=r"^time_s must increase"):
            check_points(self.POINTS, time_s=time)

    @pytest.mark.parametrize("count", [0, 1, 90])
    def test_that_are_not_one_a_frame(self, count):
        with pytest.raises(ValueError, match=r"^time_s must be "):
            check_points(self.POINTS, time_s=np.arange(count))

    def test_infinite_or_endless(self):
        time = np.arange(len(self.POINTS)) / 30
        with pytest.raises(ValueError, match=r"^time_s must be finite"):
            check_points(self.POINTS, time_s=np.where(time > 3, np.inf, time))
        with pytest.raises(ValueError, match=r"^time_s must be seconds"):
            check_points(self.POINTS, time_s=time * 1e7)

    def test_neither_rate_nor_times(self):
        with pytest.raises(ValueError, match=r"^fps must be a positive number"):
            check_points(self.POINTS)

    @pytest.mark.parametrize("size", [(1280,), (0, 720), (1280, -1), "1280x720", (np.nan, 1), 5])
    def test_sizes_that_are_none(self, size):
        with pytest.raises(ValueError, match=r"^size_px must be"):
            check_points(self.POINTS, 30, size_px=size)


class TestHugeArrays:
    @pytest.mark.slow
    def test_an_hour_is_judged_like_its_minutes(self):
        """An hour at 30 frames/s: every repetition named as in a short set."""
        made = mix([HINGE, ROUNDING, HINGE, NECK_FLEXION] * 200, noise_cm=0.3)
        assert len(made.points) > 100_000
        assert_verdict(check_points(made.points, 30), made)

    def test_a_thousand_places(self):
        made = motion(ROUNDING, 1)
        along = np.linspace(0, 6, 1000)
        low = np.minimum(along.astype(int), 5)
        part = (along - low)[:, None]
        points = made.points[:, low] * (1 - part) + made.points[:, low + 1] * part
        assert check_points(points, 30).faults == ("spinal_flexion",)
