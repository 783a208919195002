"""What the strategies draw is a plain example of what it is called."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from hinge_dowel.body.landmarks import EARS, NOSE
from hinge_dowel.testing import strategies
from hinge_dowel.testing.synthetic import SQUAT
from hinge_dowel.verdict import FAULTS

few = settings(max_examples=20)
unshrunk = settings(max_examples=200, phases=[Phase.generate], database=None)


@few
@given(strategies.clean_bottoms())
def test_clean_ones_have_no_fault(bottom):
    assert bottom.faults == ()


@pytest.mark.parametrize("fault", FAULTS)
@few
@given(data=st.data())
def test_faulty_ones_have_the_one_that_was_asked_for(fault, data):
    assert data.draw(strategies.faulty_bottoms(fault)).faults == (fault,)


@pytest.mark.parametrize("faults", [(), *((fault,) for fault in FAULTS)])
def test_any_of_them_may_be_drawn(faults):
    found = find(strategies.bottoms(), lambda bottom: bottom.faults == faults, settings=unshrunk)
    assert found.faults == faults


def test_a_fault_that_is_none():
    with pytest.raises(ValueError, match="unknown fault 'knees'"):
        strategies.faulty_bottoms("knees")


@few
@given(strategies.motions(min_reps=2, max_reps=4))
def test_motions_have_as_many_repetitions_as_asked_for(made):
    assert 2 <= len(made.reps) <= 4
    assert made.fps in (15.0, 24.0, 30.0, 60.0)
    for rep, following in pairwise(made.reps):
        assert rep.end_s < following.start_s
        # Differences of times: rounding may take them past the ends.
        assert 2.999 <= rep.end_s - rep.start_s <= 6.001


@few
@given(strategies.motions(st.just(SQUAT), max_reps=1, fps=12.0, facing="left"))
def test_options_that_are_given_stay_fixed(made):
    assert made.fps == 12.0
    nose, ear = made.landmarks[0, NOSE, 0], made.landmarks[0, EARS[0], 0]
    assert nose < ear
    assert [rep.faults for rep in made.reps] == [("squatting",)]


def test_without_hypothesis_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "hinge_dowel.testing.strategies")
    with pytest.raises(ModuleNotFoundError, match="pip install hypothesis"):
        import hinge_dowel.testing.strategies  # noqa: F401
