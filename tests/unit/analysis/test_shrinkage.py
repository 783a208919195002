"""What undoes the estimates' regression to the mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hinge_dowel.analysis.shrinkage import redone, undone
from hinge_dowel.tolerances import DEFAULT

angles = st.floats(-90, 90)


@given(angles)
def test_one_is_the_inverse_of_the_other(deg):
    assert redone(undone(deg)) == pytest.approx(deg)


@given(angles, angles)
def test_what_is_rounder_is_told_rounder(one, other):
    assert (undone(one) - undone(other)) * (one - other) >= 0


@given(angles)
def test_no_fault_comes_or_goes(deg):
    limit = DEFAULT.spinal_flexion_deg
    assert (undone(deg) > limit) == (deg > limit)


@given(angles)
def test_backs_are_told_further_from_straight_if_at_all(deg):
    assert abs(undone(deg)) >= abs(deg) - 1e-9
    assert abs(undone(deg) - deg) <= 5.0 + 1e-9


def test_what_is_not_known_stays_so():
    assert np.isnan(undone([np.nan, 3.0])).tolist() == [True, False]
