from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import find_peaks

from hinge_dowel.analysis.peaks import prominent_peaks

# Few levels, so that stretches are level and peaks equally high.
CURVES = st.lists(st.integers(-6, 6), max_size=60)


@given(CURVES, st.sampled_from([0.0, 1.0, 2.5, 4.0]))
def test_peaks_are_those_of_scipy(levels: list[int], least: float) -> None:
    curve = np.array(levels, dtype=float)
    expected, properties = find_peaks(curve, prominence=least)
    found, prominence = prominent_peaks(curve, least)
    assert found.tolist() == expected.tolist()
    assert prominence.tolist() == properties["prominences"].tolist()


def test_a_long_wavy_curve() -> None:
    curve = np.random.default_rng(3).normal(size=5000).cumsum()
    expected, properties = find_peaks(curve, prominence=5.0)
    found, prominence = prominent_peaks(curve, 5.0)
    assert len(found) > 20
    assert found.tolist() == expected.tolist()
    assert prominence == pytest.approx(properties["prominences"])


def test_judging_does_not_load_what_takes_longest() -> None:
    code = "import sys, hinge_dowel.analysis.pipeline; sys.exit('scipy.signal' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
