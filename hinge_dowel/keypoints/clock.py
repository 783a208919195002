"""When the frames of a file are: seconds from whatever it says of time.

Programs write seconds, thousandths, the time of day or the number of a frame, round them, and
repeat one now and then. Steps between frames tell the unit: a body is filmed at 0.5 to 2000
pictures a second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.keypoints.text import number

Array = NDArray[np.float64]

TIME_NAMES = (
    *("time_s", "time", "timestamp_s", "t", "seconds", "timestamp", "timestamp_ms", "time_ms"),
    *("times", "time_sec", "time_seconds", "t_s", "sec"),
    *("secs", "ms", "milliseconds", "time_us", "timestamp_us", "timestamp_ns"),
    *("time_ns", "unix", "unix_time", "unixtime", "epoch", "datetime", "date_time", "date"),
    *("timestampms", "timestampinmilliseconds", "presentationtime", "pts_s", "pts_time"),
    *("video_time", "videotime", "relative_time", "elapsed", "elapsed_s", "elapsed_ms"),
    *("ts", "t_ms", "t_us", "time_stamp", "timestamp_sec", "timestamp_seconds", "time_in_s"),
    *("time_in_sec", "time_in_seconds", "time_in_ms", "frame_time", "frame_time_s", "time_min"),
    *("time_minutes", "frame_timestamp", "video_timestamp", "videotimestamp", "frametimestamp"),
    *("timesec", "timestampsec", "timestampseconds", "timecode", "smpte", "tc", "zeit", "zeit_s"),
    *("temps", "tiempo", "tempo"),
)
"""What a column or key of times is called, without case and brackets; the first there counts."""
FRAME_NAMES = (
    *("frame", "frame_idx", "frame_id", "frame_number", "frame_no", "frame_num", "frame_index"),
    *("frameid", "frameidx", "framenumber", "frameindex", "frame#", "frames", "frame_count"),
    *("image_id", "img_id", "imageid", "image", "image_name", "filename", "file_name", "img"),
    *("#frame", "video_frame", "fr"),
)
"""What a column or key of frame numbers is called, without case."""

SLOWEST_STEP_S = 2.0
"""Pictures further apart than this are no film: their times count in another unit."""
UNITS_S = (1e-3, 1e-6, 1e-9)
"""Units of larger numbers, in seconds ..."""
GUESSED_STEPS_S = (1 / 260, 1 / 5)
"""... of which that is taken in which steps lie between these: a choice, cameras take 10 to 240
pictures a second. Tenths of a thousandth, and the ticks in which films count, fall between."""
TICKS_S = (1e-7, 1 / 90_000)
"""Ticks of .NET, as of Kinect, and of films, in seconds: of times in none of those units they are
told by giving one of these rates, to a part in 2000."""
TICKED_FPS = (15.0, 24 / 1.001, 24.0, 25.0, 30 / 1.001, 30.0, 50.0, 60 / 1.001, 60.0, 120.0)
_UNITS_S = {
    r"ms\W*$|millis": 1e-3,
    r"_min\W*$|minutes?\W*$|[(\[]min[)\]]$": 60.0,
    r"_us\W*$|micros": 1e-6,
    r"_ns\W*$|nanos": 1e-9,
    r"(_s|secs?|seconds|\(s\)|\[s\])$": 1.0,
}
"""How names say their unit, in seconds."""
NAMED_STEPS_S = (1e-4, 5.0)
"""Where a name says its unit that is believed for steps between these: a choice, wider than any
camera and narrower than a mistake by a thousand."""
LONGEST_S = 1e7
"""No recording is longer (four months): later times count from some year, not from its
beginning."""
HOUR_S = 3600.0
"""Clocks (10:11:12) that begin later are of the day, and not of the recording: a choice."""
LINE_ROUNDINGS = 1.01
"""Rounded times lie this near to a straight line over the frames, in steps of the rounding: one,
and what the numbers themselves are rounded by."""
EVEN_SHARE, EVEN_LEAST = 0.25, 0.8
"""Steps that are, most of them, so near to the usual one are those of one film: a choice."""


def number_in(value: object) -> float:
    """A frame's number from a number, or from the last digits of a file's name; else NaN."""
    if isinstance(value, bool):
        return np.nan
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return np.nan
    try:
        return float(value)
    except ValueError:
        stem = re.sub(r"\.\w+$", "", value.rpartition("/")[2])
        digits = re.findall(r"\d+", stem)
        exact = digits and len(digits[-1]) <= np.finfo(float).precision
        return float(digits[-1]) if exact else np.nan


_DATE = re.compile(
    r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}),?[ T]+"
    r"(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?(?: ?([AP])M)?",
    re.IGNORECASE,
)
"""Dates as people write them, the year last."""


def _spelled_date(told: re.Match[str]) -> float:
    """Seconds since 1970 of a date. The day comes first unless that cannot be."""
    day, month, year, hour, minute = (int(part) for part in told.groups()[:5])
    if month > 12:
        day, month = month, day
    if told[7]:
        hour = hour % 12 + (12 if told[7].upper() == "P" else 0)
    seconds_s = float((told[6] or "0").replace(",", "."))
    start = datetime(year, month, day, hour, minute, tzinfo=UTC)
    return start.timestamp() + seconds_s


def moment(text: str) -> float:
    """Seconds of a time as text: a number, a date with time, or hours, minutes and seconds.

    ValueError for anything else; NaN for nothing.
    """
    text = text.strip().strip("\"'")
    with suppress(ValueError):
        return number(text)
    if told := re.fullmatch(r"(-?\d+(?:[.,]\d+)?) ?(m?)(?:s|secs?|seconds)", text, re.IGNORECASE):
        return number(told[1]) / (1000 if told[2] else 1)
    spell = re.fullmatch(r"(?:(\d+) days? )?(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)", text)
    if spell:
        days, hours, minutes, seconds = spell.groups()
        whole = 86400 * int(days or 0) + 3600 * int(hours or 0) + 60 * int(minutes)
        return whole + float(seconds.replace(",", "."))
    if told := _DATE.fullmatch(text):
        return _spelled_date(told)
    date = text.replace("/", "-").replace(",", ".")
    stamp = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", date))
    return stamp.timestamp()


def ranks(values: Sequence[object]) -> NDArray[np.intp] | None:
    """Which in time each of the rows is (T,), where they are out of order; None where they are not.

    Times that begin again are no such: put in order they would not be even.
    """
    try:
        raw = _raw(values)
    except ValueError:
        return None
    steps = np.diff(np.sort(raw))
    if not np.isfinite(raw).all() or not (np.diff(raw) < 0).any() or not (steps > 0).all():
        return None
    usual = np.median(steps)
    if np.mean(np.abs(steps - usual) < EVEN_SHARE * usual) < EVEN_LEAST:
        return None
    return np.argsort(np.argsort(raw))


def _raw(values: Sequence[object]) -> Array:
    """What a file says as numbers (T,), NaN for nothing; ValueError for texts that are no times."""
    codes = [_TIMECODE.fullmatch(v.strip()) if isinstance(v, str) else None for v in values]
    if codes and all(codes):
        return _timecodes([[int(part) for part in told.groups()] for told in codes if told])
    return np.array([_told(v) if isinstance(v, str) else number_in(v) for v in values])


def _told(text: str) -> float:
    try:
        return moment(text)
    except ValueError as error:
        raise ValueError(f"holds {text!r}, which is no time") from error


_TIMECODE = re.compile(r"(\d+):(\d\d):(\d\d)[:;](\d\d)")
"""Hours, minutes, seconds and frames, as films are cut by."""
TIMECODE_FPS = (24, 25, 30, 48, 50, 60)
"""The rates of such codes: their frames count up to one less."""


def _timecodes(codes: list[list[int]]) -> Array:
    """Seconds (T,) of codes whose frames count up to the rate; ValueError where they do not."""
    fps = 1 + max(frames for *_, frames in codes)
    if fps not in TIMECODE_FPS:
        raise ValueError("counts frames, and not up to a rate that is usual")
    return np.array([3600 * h + 60 * m + s + frames / fps for h, m, s, frames in codes])


def seconds(values: Sequence[object], name: str = "", frame: Array | None = None) -> Array | None:
    """Increasing seconds (T,) of frames in order, from what a file says; None where it says none.

    `values` are numbers or texts, NaN or None where missing, `name` what the file calls them,
    `frame` (T,) the frames' numbers where it has them. Raises ValueError for what is no time, or in
    no unit that can be told.
    """
    raw = _raw(values)
    known = np.isfinite(raw)
    if known.sum() < 2 or known.sum() < len(raw) / 2:
        return None
    index = np.arange(len(raw), dtype=float) if frame is None else frame
    if not known.all():
        raw = np.interp(index, index[known], raw[known])
    steps = np.diff(raw)
    forward = steps[steps > 0]
    if not len(forward):
        return None
    usual = float(np.median(forward))
    if steps.min() == 0:  # rounded, so that some are alike
        usual = float(raw[-1] - raw[0]) / len(steps)
    if (raw == np.round(raw)).all() and usual == 1.0 and _said_unit_s(name) != 1.0:
        return None  # frame numbers by another name
    unit_s = _unit_s(name, usual)
    # What goes back goes on from where it was: a second take in one file.
    back = steps < 0
    if back.any():
        steps = np.where(back, usual, steps)
        raw = np.concatenate([raw[:1], raw[0] + np.cumsum(steps)])
    # The time of day, or since some year, is not that of a film.
    of_day = isinstance(values[0], str) and ":" in values[0]
    first = raw[0] if raw[0] * unit_s >= (HOUR_S if of_day else LONGEST_S) else 0.0
    return _spread((raw - first) * unit_s, index)


def counts_frames(values: Sequence[float]) -> bool:
    """Whether what is called times are numbers of frames, each one more than the last."""
    raw = np.array(values)
    return bool(len(raw) > 1 and np.isfinite(raw).all() and (np.diff(raw) == 1).all())


def _said_unit_s(name: str) -> float | None:
    """The unit that a name ends with, in seconds."""
    low = name.lower()
    return next((unit_s for ending, unit_s in _UNITS_S.items() if re.search(ending, low)), None)


def _unit_s(name: str, step: float) -> float:
    """In what unit times with such steps are, in seconds. ValueError where none is usual."""
    said = _said_unit_s(name)
    if said is not None and NAMED_STEPS_S[0] <= step * said <= NAMED_STEPS_S[1]:
        return said
    if step < SLOWEST_STEP_S:
        return 1.0
    least, most = GUESSED_STEPS_S
    for unit_s in UNITS_S:
        if least <= step * unit_s <= most:
            return unit_s
    for unit_s in TICKS_S:
        if np.isclose(1 / (step * unit_s), TICKED_FPS, rtol=1 / 2000).any():
            return unit_s
    raise ValueError(f"counts by {step:.6g} a frame, in no unit that is known")


def _spread(time: Array, index: Array) -> Array:
    """Times without repetition: those that were rounded, or written twice, take turns again."""
    steps = np.diff(time)
    if (steps > 0).all():
        return time
    rounding = float(steps[steps > 0].min())
    line = np.polynomial.Polynomial.fit(index, time, 1)
    if np.ptp(index) > 0 and np.abs(line(index) - time).max() < LINE_ROUNDINGS * rounding:
        return np.asarray(line(index) - line(index[0]) + time[0])
    # Each run of one time reaches half of the way to the next.
    first = np.concatenate([[True], steps > 0])
    starts = np.flatnonzero(first)
    ends = np.append(starts[1:], len(time))
    values = time[starts]
    usual = float(np.median(np.diff(values))) if len(values) > 1 else 1.0
    after = np.append(values[1:], values[-1] + usual)
    out = np.empty_like(time)
    for start, end, value, until in zip(starts, ends, values, after, strict=True):
        out[start:end] = value + (until - value) * np.arange(end - start) / (end - start)
    return out
