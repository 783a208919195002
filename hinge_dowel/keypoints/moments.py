"""Moments as files write them: numbers, clocks, dates, timecodes, and the numbers of frames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.keypoints.text import number


def number_in(value: object) -> float:
    """A frame's number from a number, or from the last digits of a file's name; else NaN."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return np.nan
    try:
        return float(value) if isinstance(value, int | float) else number(value)
    except ValueError:
        stem = re.sub(r"\.\w+$", "", str(value).rpartition("/")[2])
        digits = re.findall(r"\d+", stem)
        exact = digits and len(digits[-1]) <= np.finfo(float).precision
        return float(digits[-1]) if exact else np.nan


def numbers_in(values: Iterable[object]) -> Array:
    """Numbers of frames (T,) by `number_in`, of cells without the spaces around them."""
    cells = (value.strip() if isinstance(value, str) else value for value in values)
    return np.array([number_in(cell) for cell in cells], dtype=float)


_DATE = re.compile(
    r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}),?[ T]+"
    r"(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?(?: ?([AP])M)?",
    re.IGNORECASE,
)
"""Dates as people write them, the year last."""


def _of_day_s(hour: str | None, minute: str, second: str | None, half: str | None) -> float:
    """Seconds since midnight, by a clock of 24 hours or, with A or P, of 12."""
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + 12 * (half.upper() == "P")
    return 3600 * hours + 60 * int(minute) + float((second or "0").replace(",", "."))


def _spelled_date(told: re.Match[str]) -> float:
    """Seconds since 1970 of a date. The day comes first unless that cannot be."""
    day, month, year = (int(part) for part in told.groups()[:3])
    if month > 12:
        day, month = month, day
    return datetime(year, month, day, tzinfo=UTC).timestamp() + _of_day_s(*told.groups()[3:])


def moment(text: str) -> float:
    """Seconds of a time as text: a number, a date with time, or hours, minutes and seconds.

    ValueError for anything else; NaN for nothing.
    """
    text = re.sub(r" ?(UTC|GMT)$", "", text.strip().strip("\"'"))
    text = re.sub(r"(?<=:\d\d):(\d{3})$", r".\1", text)
    with suppress(ValueError):
        return number(text)
    if told := re.fullmatch(r"(-?\d+(?:[.,]\d+)?) ?(m?)(?:s|secs?|seconds)", text, re.IGNORECASE):
        return number(told[1]) / (1000 if told[2] else 1)
    spell = re.fullmatch(
        r"(?:(\d+) days? )?(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)(?: ?([AP])M)?", text
    )
    if spell:
        return 86400 * int(spell[1] or 0) + _of_day_s(*spell.groups()[1:])
    date = re.sub(r"(\.\d{6})\d+", r"\1", text.replace("/", "-").replace(",", "."))
    try:
        told = _DATE.fullmatch(text)
        return _spelled_date(told) if told else datetime.fromisoformat(date).timestamp()
    except ValueError as error:
        raise ValueError(f"holds {text!r}, which is no time") from error


def raw_of(values: Sequence[object]) -> Array:
    """What a file says as numbers (T,), NaN for nothing; ValueError for texts that are no times."""
    codes = [_TIMECODE.fullmatch(v.strip()) if isinstance(v, str) else None for v in values]
    if codes and all(codes):
        return _timecodes([[int(part) for part in told.groups()] for told in codes if told])
    return np.array([moment(v) if isinstance(v, str) else number_in(v) for v in values])


_TIMECODE = re.compile(r"(\d+):(\d\d):(\d\d)[:;](\d\d)")
"""Hours, minutes, seconds and frames, as films are cut by."""
TIMECODE_FPS = (24, 25, 30, 48, 50, 60, 100)
"""The rates of such codes: their frames count up to one less, but for hundredths (Kinovea)."""


def _timecodes(codes: list[list[int]]) -> Array:
    """Seconds (T,) of codes whose frames count up to the rate; ValueError where they do not."""
    fps = 1 + max(frames for *_, frames in codes)
    fps = 100 if 90 < fps < 100 else fps
    if fps not in TIMECODE_FPS:
        raise ValueError("counts frames, and not up to a rate that is usual")
    return np.array([3600 * h + 60 * m + s + frames / fps for h, m, s, frames in codes])
