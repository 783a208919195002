"""Numbers over time, with gaps: medians, lines, runs and moments whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hinge_dowel.analysis import time_series
from hinge_dowel.analysis.repetitions import RepSpan

FPS = 20.0
quick = settings(max_examples=30)


def clock(frames, fps=FPS):
    return np.arange(frames) / fps


class TestSmooth:
    def test_a_single_bad_frame_goes(self):
        values = np.linspace(0, 10, 40)
        spiked = values.copy()
        spiked[20] = 90.0
        assert time_series.smooth(clock(40), spiked)[3:-3] == pytest.approx(values[3:-3], abs=0.3)

    def test_the_span_is_in_seconds(self):
        """Bad for 0.1 s: gone at any frame rate; bad for 0.4 s: stays."""
        for fps in (20.0, 60.0):
            for seconds, stays in ((0.1, False), (0.4, True)):
                values = np.zeros(round(3 * fps))
                values[round(fps) : round((1 + seconds) * fps)] = 50.0
                assert time_series.smooth(clock(len(values), fps), values).any() == stays

    @pytest.mark.parametrize("fps", [10.0, 30.0, 60.0])
    def test_the_top_of_a_fast_repetition_stays(self, fps):
        time = clock(round(fps) + 1, fps)
        values = 35 * (1 - np.cos(2 * np.pi * time))
        assert time_series.smooth(time, values).max() > 0.9 * 70

    def test_unseen_frames_stay_so_and_do_not_spread(self):
        values = np.full(30, 7.0)
        values[[0, 10, 11, 29]] = np.nan
        out = time_series.smooth(clock(30), values)
        assert np.flatnonzero(np.isnan(out)).tolist() == [0, 10, 11, 29]
        assert (out[np.isfinite(out)] == 7.0).all()

    @pytest.mark.parametrize(
        "values",
        [[], [3.0], [3.0, 5.0], [np.nan, 3.0, np.nan, 5.0], [np.nan] * 4],
        ids=["none", "one", "two", "two of four", "none of four"],
    )
    def test_next_to_nothing_is_left_alone(self, values):
        out = time_series.smooth(clock(len(values)), np.array(values))
        assert np.array_equal(out, values, equal_nan=True)

    def test_slow_pictures_are_left_alone(self):
        values = np.array([0.0, 50.0, 0.0, 50.0, 0.0])
        assert time_series.smooth(clock(5, fps=2.0), values).tolist() == values.tolist()

    @quick
    @given(st.lists(st.floats(-100, 100), min_size=5, max_size=60), st.floats(-50, 50))
    def test_shifts_and_signs_pass_through(self, values, shift):
        series, time = np.array(values), clock(len(values))
        smooth = time_series.smooth(time, series)
        assert time_series.smooth(time, series + shift) == pytest.approx(smooth + shift)
        assert time_series.smooth(time, -series) == pytest.approx(-smooth)
        assert set(smooth) <= set(series)


class TestBridged:
    def test_a_straight_line_over_the_gap(self):
        values = np.array([np.nan, 1.0, np.nan, np.nan, 4.0, np.nan])
        time = np.array([0.0, 1.0, 1.5, 3.0, 4.0, 5.0])
        assert time_series.bridged(time, values).tolist() == [1.0, 1.0, 1.5, 3.0, 4.0, 4.0]

    def test_nothing_to_hold_on_to(self):
        assert np.isnan(time_series.bridged(clock(3), np.full(3, np.nan))).all()


@pytest.mark.parametrize(
    ("marks", "spans"),
    [("", []), ("000", []), ("111", [(0, 3)]), ("0110010", [(1, 3), (5, 6)])],
)
def test_runs(marks, spans):
    found = time_series.runs(np.array([mark == "1" for mark in marks], dtype=bool))
    assert found == [slice(*span) for span in spans]


@pytest.mark.parametrize(("frames", "span_s", "count"), [(50, 0.3, 6), (50, 0.01, 1), (1, 9, 1)])
def test_frames_within_a_span_of_time(frames, span_s, count):
    assert time_series.frames_within(clock(frames), span_s) == count


@given(st.floats(0.0, 4.0), st.integers(0, 79))
@example(3.2, 60)
@example(0.8, 20)
def test_the_frames_of_a_bottom(bottom_s, bottom):
    """Those near its time, and the one that shows it, if that is elsewhere."""
    time_s = clock(80, 20.0)
    span = RepSpan(1.0, bottom_s, 3.0, 20, bottom, 60, "full")
    near = np.abs(time_s - bottom_s) <= time_series.SMOOTHING_S / 2
    near[bottom] = True
    assert time_series.bottom_frames(time_s, span).tolist() == np.flatnonzero(near).tolist()
    assert time_series.bottom_inside(time_s, span).tolist() == np.flatnonzero(near[20:61]).tolist()


@pytest.mark.parametrize(
    ("first_s", "last_s", "frames"),
    [
        (0.1, 0.3, [1, 2, 3]),
        (-1.0, 0.05, [0]),
        (0.35, 9.0, [4]),
        (np.nan, np.nan, []),
    ],
)
def test_frames_between_two_times(first_s, last_s, frames):
    time_s = np.array([0.0, 0.1, 0.2, 0.3, 0.4])
    assert np.arange(5)[time_series.frames_between(time_s, first_s, last_s)].tolist() == frames
