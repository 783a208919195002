"""Comparing two clips: closed figures, and what may be called a change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.verdicts import rep, verdict, without_frames

from hinge_dowel.report import highlights
from hinge_dowel.report.comparison import (
    MEASURES,
    Measured,
    Side,
    change,
    changes,
    over,
    sentence,
)
from hinge_dowel.report.tally import clean_share

SPINE = MEASURES[0]


def spines(*values_deg: float, half_deg: float | None = 5.0):
    """Reps with these spines, each with an interval of `half_deg` to both sides."""
    reps = []
    for number, value in enumerate(values_deg, 1):
        ends = {} if half_deg is None else {SPINE.key: (value - half_deg, value + half_deg)}
        one = rep(number, ["spinal_flexion"] if value > 16 else [])
        reps.append(replace(one, spinal_flexion_deg=value, intervals_deg=ends))
    return reps


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (24.0, 12.0, "less"),
        (12.0, 24.0, "more"),
        (24.0, 18.0, "same"),
        # Two halves of 5 make 7.07: the squares add up.
        (20.0, 12.95, "same"),
        (20.0, 12.9, "less"),
    ],
)
def test_a_change_is_one_beyond_both_intervals_together(before, after, expected):
    (found,) = [c for c in changes(spines(before), spines(after)) if c.measure is SPINE]
    assert found.change == expected


def test_a_change_in_words():
    (found,) = [c for c in changes(spines(24.0), spines(12.0)) if c.measure is SPINE]
    said = "spine 24 -> 12 degrees: less, by more than the measuring error"
    assert sentence(found) == said
    (unclear,) = [
        c for c in changes(spines(24.0), spines(-0.2, half_deg=None)) if c.measure is SPINE
    ]
    assert sentence(unclear) == "spine 24 -> 0 degrees: the measuring error is not known"


def test_repetitions_do_not_make_the_interval_closer():
    assert over(spines(10.0, 12.0, 50.0), SPINE) == Measured(12.0, 7.0, 17.0)
    assert over(spines(*[10.0] * 50), SPINE) == Measured(10.0, 5.0, 15.0)


def test_half_reps_and_unjudged_ones_do_not_count():
    reps = spines(10.0, 60.0, 70.0)
    reps[1] = replace(reps[1], notes=("partial",))
    reps[2] = replace(reps[2], notes=("unsure_pictures",))
    assert over(reps, SPINE) == Measured(10.0, 5.0, 15.0)
    assert clean_share(reps) == 1.0
    assert clean_share(reps[1:]) is None


def test_what_was_never_seen_is_not_compared():
    unseen = [replace(one, spinal_flexion_deg=None) for one in spines(10.0)]
    assert over(unseen, SPINE) is None
    assert SPINE not in [c.measure for c in changes(unseen, spines(10.0))]


MEASURED = st.builds(
    lambda value, below, above: Measured(value, value - below, value + above),
    st.floats(-90, 90),
    st.floats(0, 30),
    st.floats(0, 30),
)


@given(MEASURED, MEASURED)
def test_the_other_way_round_it_is_the_other_way(before, after):
    turned = {"less": "more", "more": "less", "same": "same"}
    assert change(after, before) == turned[change(before, after)]
    assert change(before, before) == "same"


def test_the_best_and_the_worst_repetition():
    found = verdict(reps=[["squatting"], [], ["spinal_flexion", "squatting"], ["squatting"]])
    best, worst = Side("", found).best_and_worst
    assert (best.number, worst.number) == (2, 3)
    # Half a rep is neither, unless there is no whole one.
    halved = tuple(
        replace(one, notes=("partial",)) if one.number == 3 else one for one in found.reps
    )
    assert Side("", replace(found, reps=halved)).best_and_worst[1].number == 4


def test_the_best_is_never_further_past_a_limit_than_the_worst():
    found = replace(verdict(reps=[["spinal_flexion"]] * 3), limits={"spinal_flexion_deg": 16.0})
    reps = [
        replace(one, spinal_flexion_deg=spine_deg, hip_flexion_deg=hip_deg)
        for one, spine_deg, hip_deg in zip(found.reps, (41, 38, 44), (95, 60, 70), strict=True)
    ]
    best, worst = Side("", replace(found, reps=tuple(reps))).best_and_worst
    assert (best.number, worst.number) == (2, 3)
    # Of two as far past it the deeper one is better.
    alike = [replace(one, spinal_flexion_deg=41.0) for one in reps]
    assert [r.number for r in highlights.in_order(alike, found.limits)] == [1, 3, 2]


def test_the_worst_of_clean_ones_comes_nearest_to_a_limit():
    found = replace(verdict(reps=[[], [], []]), limits={"spinal_flexion_deg": 16.0})
    reps = [replace(r, spinal_flexion_deg=d) for r, d in zip(found.reps, (3, 9, 5), strict=True)]
    assert Side("", replace(found, reps=tuple(reps))).best_and_worst[1].number == 2


def test_a_curve_is_the_angle_over_its_repetition():
    found = verdict(reps=[[], ["spinal_flexion"]])
    drawn = Side("", found).curve(found.reps[1], "spinal_flexion_deg", 41)
    at = np.linspace(0, 1, 41)
    assert np.allclose(drawn, 45.0 * np.sin(np.pi * at) ** 2, atol=0.5)
    assert Side("", without_frames(found)).curve(found.reps[1], "spinal_flexion_deg", 41) is None
    endless = replace(found.reps[1], end_s=None)
    assert Side("", found).curve(endless, "spinal_flexion_deg", 41) is None


def test_a_curve_has_gaps_where_nothing_was_seen():
    found = verdict(reps=[[]])
    series = found.series
    spine = series.spinal_flexion_deg.copy()
    spine[(series.time_s > 3.0) & (series.time_s < 5.0)] = np.nan
    gone = replace(found, series=replace(series, spinal_flexion_deg=spine))
    drawn = Side("", gone).curve(gone.reps[0], "spinal_flexion_deg", 41)
    at = np.linspace(2.0, 6.0, 41)
    assert np.isnan(drawn[(at > 3.6) & (at < 4.4)]).all()
    assert np.isfinite(drawn[(at < 3.4) | (at > 4.6)]).all()
