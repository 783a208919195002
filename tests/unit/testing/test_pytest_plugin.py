"""The pytest plugin, in test runs of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from support import verdicts

from hinge_dowel import check_keypoints, check_points
from hinge_dowel.testing.pytest_plugin import assert_verdict
from hinge_dowel.testing.synthetic import HINGE, NECK_FLEXION, ROUNDING, SQUAT, mix
from hinge_dowel.verdict import Strays, Verdict

pytest_plugins = ["pytester"]

MOTION = mix([HINGE, ROUNDING, NECK_FLEXION])


@pytest.mark.slow
def test_it_loads_by_itself_and_its_fixtures_work(pytester):
    pytester.makepyfile(
        """
        from hinge_dowel import check_keypoints, check_points

        def test_a_rep(hinge_rep, assert_verdict):
            motion = hinge_rep("rounding", noise_cm=0.3, facing="left")
            assert len(motion.reps) == 1
            assert_verdict(check_points(motion.points, motion.fps), motion)

        def test_a_set(hinge_set, assert_verdict):
            motion = hinge_set("hinge", "squat", "neck_flexion", "extension")
            assert_verdict(check_keypoints(motion.landmarks, motion.fps), motion)

        def test_three_clean_ones(hinge_set, assert_verdict):
            motion = hinge_set()
            assert_verdict(check_points(motion.points, motion.fps), ["clean"] * 3)

        def test_a_posture_of_its_own(hinge_rep, assert_verdict):
            from hinge_dowel.testing.synthetic import Bottom

            motion = hinge_rep(Bottom(cervical_deg=45))
            assert_verdict(check_points(motion.points, motion.fps), ["cervical_flexion"])
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=4)


@pytest.mark.slow
def test_a_wrong_verdict_fails_with_a_line_for_each_rep(pytester):
    pytester.makepyfile(
        """
        from hinge_dowel import check_points

        def test_it(hinge_set, assert_verdict):
            motion = hinge_set("hinge", "rounding", "hinge")
            straight = motion.points.copy()
            straight[140:] = straight[0]
            assert_verdict(check_points(straight, motion.fps), motion)
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E *AssertionError: 2 of 3 repetitions are not as expected",
            "E *rep  expected        found",
            "E *1    clean           clean",
            "E *> *2    spinal_flexion  not found",
            "E *> *3    clean           not found",
        ]
    )
    assert "pytest_plugin.py" not in result.stdout.str(), "the helper's own frames stay hidden"


def test_fixtures_are_listed_with_what_they_do(pytester):
    result = pytester.runpytest_inprocess("--fixtures", "-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(["hinge_rep -- *", "    Make a motion of one repetition: *"])
    result.stdout.fnmatch_lines(["hinge_set -- *"])
    result.stdout.fnmatch_lines(["assert_verdict -- *"])


def test_loading_it_costs_next_to_nothing():
    code = "import sys, hinge_dowel.testing.pytest_plugin; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "scipy", "mediapipe", "hypothesis"} & set(done.stdout.split())


class TestAssertVerdict:
    def test_the_truth_of_a_motion_less_what_the_input_cannot_show(self):
        motion = mix([SQUAT, ROUNDING])
        assert_verdict(check_points(motion.points, 30), motion)
        assert_verdict(check_keypoints(motion.landmarks, 30), motion)
        with pytest.raises(AssertionError, match="squatting"):
            assert_verdict(check_points(motion.points, 30), motion, blind=())

    def test_plain_names(self):
        verdict = check_points(MOTION.points, 30)
        assert_verdict(verdict, ["clean", "spinal_flexion", ("cervical_flexion",)])
        assert_verdict(verdict, [(), ["spinal_flexion"], "cervical_flexion"])

    def test_a_difference_shows_the_figures_behind_it(self):
        with pytest.raises(AssertionError) as raised:
            assert_verdict(check_points(MOTION.points, 30), ["clean"] * 4)
        lines = str(raised.value).splitlines()
        assert lines[0] == "3 of 4 repetitions are not as expected"
        assert lines[2].split() == ["1", "clean", "clean"]
        assert lines[3].startswith(">  2    clean     spinal_flexion")
        assert "sacrum 1" in lines[3]
        assert lines[3].endswith("cm)")
        assert lines[5].split() == [">", "4", "clean", "not", "found"]

    def test_no_figure_is_minus_zero(self):
        rep = replace(verdicts.rep(1), stray_cm=Strays(-0.02, 0.0, -0.04))
        with pytest.raises(AssertionError, match=r"head 0\.0 cm, upper back 0\.0 cm, sacrum 0\.0"):
            assert_verdict(Verdict("a", "clean", reps=(rep,)), ["spinal_flexion"])

    def test_a_repetition_too_many(self):
        with pytest.raises(AssertionError, match="no such rep"):
            assert_verdict(check_points(MOTION.points, 30), ["clean"])

    def test_what_is_unusable_says_why(self):
        with pytest.raises(AssertionError, match=r"^the verdict is unusable: Too few frames"):
            assert_verdict(check_points(MOTION.points[:3], 30), MOTION)


def test_an_unknown_name_is_refused(hinge_rep):
    with pytest.raises(ValueError, match=r"^unknown repetition 'deadlift'; known are hinge, squat"):
        hinge_rep("deadlift")
