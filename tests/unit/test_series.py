"""The frames behind a verdict: read-only, with a phase in numbers and in words."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from support.verdicts import verdict as example

from hinge_dowel.series import PHASES, RepPhase


def test_no_array_of_a_series_can_be_written_to():
    series = example().series
    arrays = [getattr(series, known.name) for known in fields(series)]
    for array in (a for a in arrays if isinstance(a, np.ndarray)):
        with pytest.raises(ValueError, match="read-only"):
            array[:1] = 0


def test_a_phase_in_words_is_that_in_numbers():
    series = example().series
    assert set(series.phase_name) == {"standing", "lowering", "lifting"}
    assert [RepPhase[name.upper()] for name in series.phase_name] == series.phase.tolist()
    assert PHASES[RepPhase.BETWEEN] == "between"


def test_a_series_prints_in_a_line():
    series = example().series
    assert repr(series) == f"Series({len(series.time_s)} frames, {np.ptp(series.time_s):.1f} s)"
