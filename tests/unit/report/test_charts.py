"""Angles over time, as numbers."""

from __future__ import annotations

import numpy as np
import pytest
from support import verdicts
from support.verdicts import altered, frames

from hinge_dowel.report import charts
from hinge_dowel.report.charts import Panel, Timeline
from hinge_dowel.verdict import Verdict

BINS = 250


def timeline(one: Verdict) -> Timeline:
    found = charts.timeline(one, "t1", None, BINS)
    assert found is not None
    return found


def points(panel: Panel) -> np.ndarray:
    """The points of a panel's line (N, 2), from its steps."""
    return np.concatenate([np.reshape(run, (-1, 2)) for run in panel.runs]).cumsum(axis=0)


def test_lines_run_through_their_angles() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",), ()])
    panel = timeline(one).panels[0]
    xs, ys = points(panel).T
    time = frames(one).time_s
    assert xs == pytest.approx(time / time[-1] * charts.PANEL_WIDE, abs=0.6)
    assert panel.high_deg - ys * panel.deg_per_px == pytest.approx(
        frames(one).spinal_flexion_deg, abs=0.1
    )
    assert panel.limit is not None
    assert panel.high_deg - panel.limit * panel.deg_per_px == pytest.approx(16.0)


def test_long_lines_are_thinned_to_their_highs_and_lows() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)] * 100)
    spike = frames(one).spinal_flexion_deg.copy()
    spike[3000] = 120.0
    panel = timeline(altered(one, spinal_flexion_deg=spike)).panels[0]
    assert len(points(panel)) <= 2 * BINS
    assert points(panel)[:, 1].min() < 5  # the spike reaches the top


def test_lines_break_where_nothing_was_seen() -> None:
    one = verdicts.verdict(reps=[()])
    hidden = frames(one).knee_flexion_deg.copy()
    hidden[30:60] = np.nan
    knee = timeline(altered(one, knee_flexion_deg=hidden)).panels[2]
    assert [len(run) // 2 for run in knee.runs] == [30, len(hidden) - 60]
    never = timeline(altered(one, knee_flexion_deg=np.full_like(hidden, np.nan)))
    assert [panel.word for panel in never.panels] == ["Spine", "Neck", "Hip"]


def test_a_piece_of_one_point_leaves_the_others_where_they_are() -> None:
    seen = charts.runs(np.arange(6.0), np.array([np.nan, 5.0, np.nan, 6.04, 7.06, np.nan]))
    assert seen == (pytest.approx((1.0, 5.0)), pytest.approx((2.0, 1.0, 1.0, 1.1)))
    assert charts.runs(np.arange(2.0), np.full(2, np.nan)) == ()


def test_reps_are_marked_where_they_are() -> None:
    back, neck, *_ = timeline(verdicts.verdict(reps=[("spinal_flexion",), ()])).panels
    # 2 to 6 and 6 to 10 s of 12 s less one frame.
    assert [band.left for band in back.bands] == pytest.approx([16.8, 50.3], abs=0.05)
    assert [band.width for band in back.bands] == pytest.approx([33.5, 33.5], abs=0.05)
    assert [band.light for band in back.bands] == ["off", "on"]
    assert [band.light for band in neck.bands] == ["on", "on"]


@pytest.mark.parametrize(("reps", "told"), [(3, "1 2 3"), (45, "5 10 15 20 25 30 35 40 45")])
def test_numbers_of_reps_do_not_crowd(reps: int, told: str) -> None:
    heads = timeline(verdicts.verdict(reps=[()] * reps)).heads
    assert " ".join(tick.text for tick in heads) == told


@pytest.mark.parametrize(
    ("reps", "told"),
    [
        (1, ["0 s", "1 s", "2 s", "3 s", "4 s", "5 s", "6 s", "7 s"]),
        (30, ["0 s", "30 s", "1:00", "1:30", "2:00"]),
    ],
)
def test_times_are_told_shortly(reps: int, told: list[str]) -> None:
    assert [tick.text for tick in timeline(verdicts.verdict(reps=[()] * reps)).axis] == told
