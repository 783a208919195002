"""The dowel as a stick on any back: what it no longer touches is named, and nothing else."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.backs import FAULT_OF, Back

from hinge_dowel import check_points
from hinge_dowel.analysis.dowel import PLACE_SD_CM

few = settings(max_examples=15)


@st.composite
def spacings(draw, least=4):
    """Where along the back 4 to 50 points lie: evenly, or each step up to three times another."""
    count = draw(st.integers(least, 50))
    if draw(st.booleans()):
        return np.linspace(0, 1, count)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    while True:
        steps = rng.uniform(1, 3, count - 1)
        places = np.concatenate([[0.0], np.cumsum(steps) / steps.sum()])
        places[-1] = 1.0
        if ((places > 0.28) & (places < 0.52)).any():
            return places


FEW_POINTS, FEW_NOISE_CM = 4, 0.2
"""Four points leave an end and its other end equally likely in 8 of 100 backs with noise of 0.5 cm
(sd), in none of 400 with 0.2; five in none of 150 with 0.5."""


def steady(back):
    """The same back with no more noise than its points can bear."""
    few = len(back.places) <= FEW_POINTS
    return dataclasses.replace(back, noise_cm=min(back.noise_cm, FEW_NOISE_CM)) if few else back


backs = st.builds(
    Back,
    places=spacings(),
    curves_cm=st.tuples(st.floats(0, 2), st.floats(0, 3), st.floats(0, 3)),
    hinge_deg=st.floats(50, 80),
    fps=st.sampled_from([15.0, 25.0, 30.0]),
    facing=st.sampled_from(["left", "right"]),
    scale=st.floats(0.01, 100),
    lean_deg=st.floats(-6, 6),
    at=st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000)),
    noise_cm=st.floats(0, 0.5),
    seed=st.integers(0, 2**32 - 1),
).map(steady)


def told(back):
    """The faults of both repetitions, which are the same; never ambiguous."""
    verdict = check_points(back.points(), back.fps)
    assert verdict.status != "unusable", verdict.reason
    first, second = verdict.reps
    assert first.faults == second.faults
    assert "ambiguous" not in first.notes + second.notes
    return first.faults


def with_(back, forward_cm=None, bend_deg=None):
    return dataclasses.replace(back, forward_cm=forward_cm or {}, bend_deg=bend_deg or {})


class TestOnePlace:
    @few
    @given(back=backs, cm=st.floats(6, 10))
    @example(back=Back(np.linspace(0, 1, 4)), cm=6.0)
    @pytest.mark.parametrize("place", ["head", "sacrum"])
    def test_an_end_that_leaves(self, place, back, cm):
        assert told(with_(back, {place: cm})) == (FAULT_OF[place],)

    @few
    @given(back=backs, cm=st.floats(5.5, 8))
    @example(back=Back(np.linspace(0, 1, 5)), cm=5.5)
    @pytest.mark.parametrize("shape", ["upper_back", "bump", "block"])
    def test_an_upper_back_that_leaves_in_whatever_shape(self, shape, back, cm):
        assert told(with_(back, {shape: cm})) == ("squatting",)

    @few
    @given(back=backs)
    def test_none(self, back):
        assert told(back) == ()

    @pytest.mark.slow
    @few
    @given(back=backs, cm=st.floats(1, 6))
    def test_a_hollow_low_back_is_no_fault(self, back, cm):
        assert told(with_(back, {"hollow": cm})) == ()


class TestBends:
    @few
    @given(
        back=backs, middle=st.floats(0.62, 0.76), width=st.floats(0.1, 0.3), deg=st.floats(42, 60)
    )
    @example(
        back=Back(np.array([0, 0.1, 0.2, 0.35, 0.7, 0.85, 1])), middle=0.65, width=0.2, deg=45.0
    )
    def test_rounding_wherever_it_bends(self, back, middle, width, deg):
        assert told(with_(back, bend_deg={(middle, width): deg})) == ("spinal_flexion",)

    @pytest.mark.slow
    @few
    @given(
        back=backs, middle=st.floats(0.2, 0.23), width=st.floats(0.05, 0.1), deg=st.floats(45, 58)
    )
    def test_chin_to_chest(self, back, middle, width, deg):
        assert told(with_(back, bend_deg={(middle, width): deg})) == ("cervical_flexion",)


@few
@given(back=backs, head_cm=st.floats(7, 10), sacrum_cm=st.floats(7, 10))
def test_two_ends_that_leave_are_two_faults(back, head_cm, sacrum_cm):
    if len(back.places) < 6:  # one point bears no stick alone
        back = dataclasses.replace(back, places=np.linspace(0, 1, 6))
    verdict = told(with_(back, {"head": head_cm, "sacrum": sacrum_cm}))
    assert verdict == ("spinal_flexion", "cervical_flexion")


@few
@given(back=backs, middle=st.floats(0.3, 0.55), cm=st.floats(6, 9))
@pytest.mark.parametrize("place", ["head", "sacrum"])
def test_of_three_points_the_true_end_is_among_those_named(place, back, middle, cm):
    back = dataclasses.replace(back, places=np.array([0.0, middle, 1.0]))
    verdict = check_points(with_(back, {place: cm}).points(), back.fps)
    assert len(verdict.reps) == 2
    for rep in verdict.reps:
        assert FAULT_OF[place] in rep.faults
        assert (len(rep.faults) == 2) == ("ambiguous" in rep.notes)


@pytest.mark.parametrize("count", range(3, 13))
def test_a_smooth_bump_is_never_clean(count):
    for cm, facing in itertools.product([3.2, 4.0, 5.0], ["left", "right"]):
        back = Back(np.linspace(0, 1, count), {"block": cm}, facing=facing)
        assert told(back) == ("squatting",)


def test_a_stray_is_told_in_centimetres_whatever_the_unit():
    found = []
    for scale in (0.004, 1.0, 12.0):
        back = Back(np.linspace(0, 1, 9), {"sacrum": 8.0}, scale=scale)
        found.append(check_points(back.points(), back.fps).reps[0].stray_cm)
    for strays in found:
        assert strays.sacrum == pytest.approx(found[0].sacrum, abs=1e-3)
        assert strays.sacrum == pytest.approx(8.0, rel=0.2)
        assert abs(strays.head) < PLACE_SD_CM
