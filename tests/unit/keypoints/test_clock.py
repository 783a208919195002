"""When frames are: the seconds that were meant, whatever a file writes for them."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from hinge_dowel.keypoints import clock

FPS = 20.0
TIMES = np.arange(300) / FPS
START = datetime(2024, 5, 31, 23, 59, 58)


@pytest.mark.parametrize(
    ("name", "spell"),
    [
        ("timestamp", lambda s: 1000 * s),
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
    ],
)
@pytest.mark.parametrize("written", [str, lambda value: value])
def test_in_any_unit(name, spell, written):
    found = clock.seconds([written(spell(s)) for s in TIMES.tolist()], name)
    assert (np.diff(found) > 0).all()
    assert found - found[0] == pytest.approx(TIMES, abs=2 / FPS)


@pytest.mark.parametrize("fps", clock.TIMECODE_FPS)
@pytest.mark.parametrize("sign", ":;")
def test_timecodes_count_frames_up_to_the_rate(fps, sign):
    codes = [f"01:00:{i // fps:02d}{sign}{i % fps:02d}" for i in range(150)]
    assert clock.seconds(codes, "timecode") == pytest.approx(np.arange(150) / fps)


def test_timecodes_that_do_not_show_their_rate():
    with pytest.raises(ValueError, match="not up to a rate"):
        clock.seconds([f"00:00:00:{i:02d}" for i in range(20)], "timecode")


@pytest.mark.parametrize("per_second", [1e4, 15_360, 12_800, 44_100, 100])
def test_units_that_nothing_tells(per_second):
    """Tenths of thousandths, and most of what films count in, are told from no other unit."""
    with pytest.raises(ValueError, match="no unit that is known"):
        clock.seconds([round(per_second * i / 30) for i in range(200)], "timestamp")


def test_a_clock_of_the_day_begins_at_nothing():
    found = clock.seconds([f"10:11:{s:06.3f}" for s in TIMES.tolist()], "time")
    assert found == pytest.approx(TIMES)


def test_rounded_times_of_even_frames_are_even_again():
    found = clock.seconds([round(k / 30, 1) for k in range(200)], "time")
    assert np.diff(found) == pytest.approx(1 / 30, abs=1e-4)


def test_written_twice_now_and_then():
    times = TIMES.copy()
    times[100::40] = times[99:-1:40]
    found = clock.seconds(times.tolist(), "time")
    assert (np.diff(found) > 0).all()
    assert found == pytest.approx(TIMES, abs=2 / FPS)


def test_missing_now_and_then():
    times = [None if i % 37 == 5 else s for i, s in enumerate(TIMES.tolist())]
    assert clock.seconds(times, "time") == pytest.approx(TIMES)


def test_those_that_begin_again_go_on():
    times = np.where(np.arange(300) < 150, TIMES, TIMES - TIMES[150])
    assert clock.seconds(times.tolist(), "time_s") == pytest.approx(TIMES)


def test_a_hole_in_the_frames_is_one_in_the_times():
    """What is missing between two frames with times is laid by their numbers."""
    frame = np.array([0.0, 1.0, 2.0, 10.0, 11.0])
    found = clock.seconds([0.0, 0.1, None, None, 1.1], "time_s", frame)
    assert found == pytest.approx([0.0, 0.1, 0.2, 1.0, 1.1])


@pytest.mark.parametrize(
    "values",
    [[], [1.0], [None, None, None, 0.1, 0.2], [0.3] * 5, [5, 4, 3, 2, 1], [0, 1, 2, 3, 4]],
)
def test_what_tells_no_time(values):
    """Too few, all alike, backwards, or frame numbers by another name."""
    assert clock.seconds(values, "time") is None


def test_whole_seconds_are_times_where_the_name_says_so():
    assert clock.seconds([0, 1, 2, 3], "time_s") == pytest.approx([0, 1, 2, 3])


def test_words_are_no_times():
    with pytest.raises(ValueError, match="soon"):
        clock.seconds(["0.1", "soon"], "time")


@pytest.mark.parametrize(
    ("value", "number"),
    [(7, 7.0), ("7.0", 7.0), ("clips/take2/img_00012.png", 12.0), ("frame-3", 3.0)],
)
def test_the_number_of_a_frame(value, number):
    assert clock.number_in(value) == number


@pytest.mark.parametrize("value", [True, None, "first.png", "1234567890123456789.png", [3]])
def test_no_number_of_a_frame(value):
    assert np.isnan(clock.number_in(value))


@pytest.mark.parametrize(("second", "fps"), [(1e7, 30.0), (9e4, 25.0), (9e4, 30 / 1.001)])
def test_ticks(second, fps):
    found = clock.seconds([round(i * second / fps) for i in range(30)], "timestamp")
    assert found == pytest.approx(np.arange(30) / fps, abs=1e-4)


@pytest.mark.parametrize(
    ("values", "counts"),
    [([3, 4, 5], True), ([0.0, 0.5, 1.0], False), ([0, 1, 3], False), ([0], False)],
)
def test_counting_frames(values, counts):
    assert clock.counts_frames(values) is counts


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
