"""Lifts from the floor: what is lifted of a hump, and what is not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from support.postures import posture_of

from hinge_dowel.analysis.pulls import pulls
from hinge_dowel.analysis.repetitions import find_reps

RATE = 20.0


def series(*parts):
    """A hip curve that goes in half cosines through (seconds, degrees)."""
    time = np.arange(0, parts[-1][0], 1 / RATE)
    curve = np.full(len(time), float(parts[0][1]))
    for (t0, a), (t1, b) in pairwise(parts):
        share = (1 - np.cos(np.pi * np.clip((time - t0) / (t1 - t0), 0, 1))) / 2
        curve = np.where(time >= t0, a + (b - a) * share, curve)
    return time, curve


def lifts(*parts):
    time, hip = series(*parts)
    return pulls(posture_of(time, hip=hip), find_reps(time, hip))


def test_a_lift_that_begins_on_the_floor_is_whole():
    (lift,) = lifts((0, 120), (0.5, 120), (1.8, 0), (3, 0))
    assert lift.kind == "full"
    assert lift.start_s == lift.bottom_s < 1.0 < lift.end_s


def test_the_set_up_is_no_part_of_it():
    """Bending to the bar and fiddling there for two seconds."""
    (lift,) = lifts((0, 0), (1.5, 0), (2.8, 118), (3.8, 122), (4.8, 118), (6, 0), (7.5, 0))
    assert 4.0 < lift.bottom_s < 5.2
    assert lift.first / RATE > 3.8


def test_the_weight_is_lowered_between_two_lifts():
    first, second = lifts(
        (0, 120), (0.5, 120), (1.8, 0), (2.8, 0), (4, 120), (4.3, 120), (5.5, 0), (7, 0)
    )
    assert first.end_s < second.start_s < second.bottom_s < second.end_s
    assert second.first / RATE < 3.6


def test_setting_it_down_at_the_end_is_none():
    found = lifts((0, 120), (0.5, 120), (1.8, 0), (3, 0), (4.2, 120), (4.5, 120))
    assert [lift.kind for lift in found] == ["full"]


def test_a_way_down_alone_is_all_there_is():
    (lift,) = lifts((0, 0), (1.5, 0), (2.8, 120), (3.1, 120))
    assert (lift.kind, lift.end_s) == ("partial", None)


@pytest.mark.parametrize("hidden", [False, True])
def test_a_lift_that_the_clip_s_end_cuts_short_is_one(hidden):
    """It comes up to 60 of 120 degrees, also where the plates hide the hips on the way."""
    time, hip = series((0, 120), (1.5, 120), (3.1, 0))
    time, hip = time[time < 2.35], hip[time < 2.35]
    hip[(time > 1.9) & (time < 2.1) & hidden] = np.nan
    (lift,) = pulls(posture_of(time, hip=hip), find_reps(time, hip))
    assert lift.end_s is None
    assert lift.start_s == lift.bottom_s == pytest.approx(1.2, abs=0.2)
