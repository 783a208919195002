"""When frames are: the seconds that were meant, whatever a file writes for them."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from hinge_dowel.keypoints import clock
from hinge_dowel.keypoints.moments import TIMECODE_FPS

FPS = 20.0
TIMES = np.arange(300) / FPS


def seconds(*given):
    """Return the seconds alone, where nothing is to be said of them."""
    found, doubt = clock.seconds(*given)
    assert doubt == ""
    return found


START = datetime(2024, 5, 31, 23, 59, 58)


@pytest.mark.parametrize(
    ("name", "spell"),
    [
        ("timestamp", lambda s: 1000 * s),
        ("time", lambda s: round(45987.25 + s / 86400, 10)),
        ("timestamp_us", lambda s: int(1e6 * s)),
        ("timestamp", lambda s: int(1.7e18 + 1e9 * s)),
        ("time_s", lambda s: 1000 * s),
        ("unix_time", lambda s: 1717171717 + s),
        ("timestamp", lambda s: int(1717171717000 + 1000 * s)),
        ("unix_time", lambda s: int(1717171717 + s)),
        ("time", lambda s: round(s, 1)),
        ("timestamp_ms", lambda s: int(1000 * s // 100 * 100)),
        ("Time (Seconds)", lambda s: s),
        ("Time [ms]", lambda s: 1000 * s),
        ("time_min", lambda s: s / 60),
        ("time", lambda s: f"{s:.3f} s"),
        ("date", lambda s: f"{START + timedelta(seconds=s):%d/%m/%Y %H:%M:%S.%f}"),
        ("date", lambda s: f"{START + timedelta(seconds=s):%m/%d/%Y %I:%M:%S.%f %p}"),
        ("Zeit", lambda s: f"{START + timedelta(seconds=s):%d.%m.%Y %H:%M:%S,%f}"),
        ("time", lambda s: f"{s:.3f}".replace(".", ",")),
        ("datetime", lambda s: f"{(START + timedelta(seconds=s)).isoformat()}Z"),
        ("time", lambda s: str(START + timedelta(seconds=s))),
        ("time", lambda s: f"{int(s // 60):02d}:{s % 60:06.3f}"),
        ("timestamp", lambda s: f"00:00:{s:06.3f}"),
        ("time", lambda s: f"{1000 * s:.0f} ms"),
        ("Time", lambda s: f"0:00:{int(s):02d}:{100 * s % 100:02.0f}"),
    ],
)
@pytest.mark.parametrize("written", [str, lambda value: value])
def test_in_any_unit(name, spell, written):
    found = seconds([written(spell(s)) for s in TIMES.tolist()], name)
    assert (np.diff(found) > 0).all()
    assert found - found[0] == pytest.approx(TIMES, abs=2 / FPS)


@pytest.mark.parametrize("fps", TIMECODE_FPS)
@pytest.mark.parametrize("sign", ":;")
def test_timecodes_count_frames_up_to_the_rate(fps, sign):
    codes = [f"01:00:{i // fps:02d}{sign}{i % fps:02d}" for i in range(150)]
    assert seconds(codes, "timecode") == pytest.approx(np.arange(150) / fps)


def test_timecodes_that_do_not_show_their_rate():
    with pytest.raises(ValueError, match="not up to a rate"):
        seconds([f"00:00:00:{i:02d}" for i in range(20)], "timecode")


@pytest.mark.parametrize("per_second", [1e4, 15_360, 12_800, 44_100, 100])
def test_units_that_nothing_tells(per_second):
    """Tenths of thousandths, and most of what films count in, are told from no other unit."""
    with pytest.raises(ValueError, match="no unit that is known"):
        seconds([round(per_second * i / 30) for i in range(200)], "timestamp")


def test_a_clock_of_the_day_begins_at_nothing():
    found = seconds([f"10:11:{s:06.3f}" for s in TIMES.tolist()], "time")
    assert found == pytest.approx(TIMES)


@pytest.mark.parametrize("begins", [12.5, 5e5])
def test_a_device_that_was_switched_on_hours_ago(begins):
    """Its clock says nothing of the film's beginning, but one within the film does."""
    found = seconds([int(1e9 * (begins + s)) for s in TIMES.tolist()], "elapsedRealtimeNanos")
    assert found == pytest.approx(TIMES + (begins if begins < 3600 else 0))


def test_rounded_times_of_even_frames_are_even_again():
    found = seconds([round(k / 30, 1) for k in range(200)], "time")
    assert np.diff(found) == pytest.approx(1 / 30, abs=1e-4)


def test_written_twice_now_and_then():
    times = TIMES.copy()
    times[100::40] = times[99:-1:40]
    found = seconds(times.tolist(), "time")
    assert (np.diff(found) > 0).all()
    assert found == pytest.approx(TIMES, abs=2 / FPS)


@pytest.mark.parametrize("at", [3, 297])
def test_a_pause_between_rounded_times_stays_one(at):
    times = np.arange(300) / 30 + np.where(np.arange(300) < at, 0.0, 0.3)
    assert seconds(times.round(1).tolist(), "time") == pytest.approx(times, abs=0.1)


def test_missing_now_and_then():
    times = [None if i % 37 == 5 else s for i, s in enumerate(TIMES.tolist())]
    assert seconds(times, "time") == pytest.approx(TIMES)


def test_those_that_begin_again_go_on():
    times = np.where(np.arange(300) < 150, TIMES, TIMES - TIMES[150])
    assert seconds(times.tolist(), "time_s") == pytest.approx(TIMES)


def test_a_hole_in_the_frames_is_one_in_the_times():
    """What is missing between two frames with times is laid by their numbers."""
    frame = np.array([0.0, 1.0, 2.0, 10.0, 11.0])
    found = seconds([0.0, 0.1, None, None, 1.1], "time_s", frame)
    assert found == pytest.approx([0.0, 0.1, 0.2, 1.0, 1.1])


@pytest.mark.parametrize(
    "values",
    [[], [1.0], [None, None, None, 0.1, 0.2], [0.3] * 5, [5, 4, 3, 2, 1], [0, 1, 2, 3, 4]],
)
def test_what_tells_no_time(values):
    """Too few, all alike, backwards, or frame numbers by another name."""
    assert seconds(values, "time") is None


def test_what_a_frame_took_is_no_time_of_it():
    took_s = np.random.default_rng(0).normal(0.05, 0.005, 50)
    with pytest.raises(ValueError, match="falls again and again"):
        seconds(took_s, "time")


def test_whole_seconds_are_times_where_the_name_says_so():
    assert seconds([0, 1, 2, 3], "time_s") == pytest.approx([0, 1, 2, 3])


def test_words_are_no_times():
    with pytest.raises(ValueError, match="soon"):
        seconds(["0.1", "soon"], "time")


@pytest.mark.parametrize(("second", "fps"), [(1e7, 30.0), (9e4, 25.0), (9e4, 30 / 1.001)])
def test_ticks(second, fps):
    found = seconds([round(i * second / fps) for i in range(30)], "timestamp")
    assert found == pytest.approx(np.arange(30) / fps, abs=1e-4)


def test_whole_numbers_under_the_name_of_times():
    """By one they count frames, unless the name says a unit."""
    assert seconds(list(range(5)), "time") is None
    assert seconds(list(range(5)), "time_ms") == pytest.approx(np.arange(5) / 1000)
    assert seconds(list(range(5)), "time_us") is None


@pytest.mark.parametrize(
    ("at", "value"),
    [(100, 5000.0), (100, 9.0), (100, 0.0), (0, 5000.0), (-1, 5000.0), ([100, 101], 5000.0)],
)
@pytest.mark.parametrize("begins", [0.0, 1717171717.0])
def test_a_time_that_leaps_away_and_back_is_laid_between_its_neighbours(at, value, begins):
    times = TIMES + begins
    times[at] = value
    assert clock.ranks(times.tolist()) is None
    assert seconds(times.tolist(), "time") == pytest.approx(TIMES, abs=1e-6)


def test_a_clock_that_was_set_goes_on():
    """Back, it goes on from where it was; ahead, nobody knows what was in between."""
    for hours in (-1.0, 1.0):
        times = 4000.0 + TIMES + np.where(np.arange(300) < 150, 0.0, 3600.0 * hours)
        assert clock.ranks(times.tolist()) is None
        gone = 3600.0 if hours > 0 else 0.0
        found = seconds(times.tolist(), "time")
        assert found[149:151] - found[0] == pytest.approx([149 / FPS, 150 / FPS + gone])


@pytest.mark.parametrize(
    ("step", "fps", "told", "doubt"),
    [
        (20, None, 50.0, "30 or 60 or 120"),
        (40, None, 25.0, "15 or 30 or 60"),
        (24, None, 25.0, "50 or 100 or 41.67"),
        (20, 30.0, 30.0, ""),
        (20, 29.97, 30.0, ""),
        (8, None, 125.0, ""),
    ],
)
def test_whole_steps_that_are_all_alike_do_not_tell_their_unit(step, fps, told, doubt):
    values = [step * i for i in range(300)]
    found, said = clock.seconds(values, "timestamp", None, fps)
    assert found == pytest.approx(np.arange(300) / told)
    assert (doubt in said) if doubt else not said
    assert seconds(values, "timestamp_ms") == pytest.approx(np.arange(300) * step / 1000)
    since = [1717171717000 + value for value in values]
    assert seconds(since, "timestamp") == pytest.approx(np.arange(300) * step / 1000)


@pytest.mark.parametrize(("name", "unit_s"), [("t", 1.0), ("time_ms", 1e-3)])
def test_times_that_pass_faster_than_the_file_says(name, unit_s):
    said = clock.seconds(TIMES / unit_s, name, None, 10)[1]
    assert "gives 20 frames per second, and the file says 10" in said
    assert clock.seconds(TIMES / unit_s, name, None, 60)[1] == ""


def test_uneven_times_pass_as_fast_as_the_file_says_by_their_mean():
    """Two steps of 1/15 s for one of 2/15 s, as films of 15 pictures a second thinned out have."""
    uneven = np.cumsum(np.tile([1, 1, 2], 40)) / 15
    assert clock.seconds(uneven, "t", None, 11.25)[1] == ""
    assert "gives 11.2" in clock.seconds(uneven, "t", None, 9)[1]


def test_what_a_file_says_of_its_times():
    assert clock.times_of("a.csv", [None] * 9, "t", None, None) == (None, "")
    found, said = clock.times_of("a.csv", [333 * i for i in range(9)], "t", None, None)
    assert found is None
    assert said == "a.csv: 't' counts by 333 a frame, in no unit that is known."


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([0.0, 0.2, 0.1, 0.3], [0, 2, 1, 3]),
        ([0.3, 0.2, 0.1, 0.0], [3, 2, 1, 0]),
        ([0.0, 0.1, 0.2, 0.3], None),
        ([0.0, 0.1, 0.2, 0.0, 0.1], None),
        ([0.0, 0.1, 0.2, 0.3, 0.01, 0.11, 0.21, 0.31], None),
        (["soon", "now"], None),
    ],
)
def test_rows_out_of_order(values, found):
    """In order, or begun again, they stay as they are."""
    ranks = clock.ranks(values)
    assert (None if ranks is None else ranks.tolist()) == found


@pytest.mark.parametrize(
    ("name", "step", "rate"),
    [
        *[("dt", 0.04, 25.0), ("frame_interval_ms", 33.3333, 30.0), ("deltatime", 16.6667, 60.0)],
        *[("sampling_period_us", 1e4, 100.0), ("dt", 1.0, None), ("dt", 700.0, None)],
    ],
)
def test_the_step_from_frame_to_frame_tells_the_rate(name, step, rate):
    found = clock.rate_of_step(name, step)
    assert found == (rate if rate is None else pytest.approx(rate, rel=1e-4))
