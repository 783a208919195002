"""When the frames of a file are: seconds from whatever it says of time.

Programs write seconds, thousandths, the time of day or the number of a frame, round them, and
repeat one now and then. Steps between frames tell the unit: a body is filmed at 0.5 to 2000
pictures a second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from hinge_dowel.body.array_types import Array, Indices, Mask
from hinge_dowel.keypoints.moments import raw_of

RISING_SHARE = 0.9
"""Times rise in so many steps, whatever else they do: a choice."""

SLOWEST_STEP_S = 2.0
"""Pictures further apart than this are no film: their times count in another unit."""
DAY_S = 86_400.0
"""Spreadsheets count days: no camera takes so many pictures in a second."""
UNITS_S = (1e-3, 1e-6, 1e-9)
"""Units of larger numbers, in seconds ..."""
GUESSED_STEPS_S = (1 / 260, 1 / 5)
"""... of which that is taken in which steps lie between these: a choice, cameras take 10 to 240
pictures a second. Tenths of a thousandth, and the ticks in which films count, fall between."""
TICKS_S = (1 / 600, 1 / 1200, 1 / 2400, 1 / 2500, 1 / 3000, 1e-7, 1 / 90_000)
"""Ticks of films and of .NET, as of Kinect, in seconds: told by a usual rate where times
are in none of those units, or perhaps where whole steps are all alike."""
RATE_RTOL = 2e-3
"""Rates are the same to this share: ticks are whole, and 29.97 is called 30."""
USUAL_FPS = (
    *(10.0, 15.0, 20.0, 24 / 1.001, 24.0, 25.0, 30 / 1.001, 30.0, 50.0, 60 / 1.001, 60.0),
    *(100.0, 120.0, 200.0, 240.0),
)
FASTER = 1.1
"""Frames may be left out, so that there are fewer a second than a file says; so many times more
cannot be. A choice."""
SINCE_1970_S = (9.4e8, 4.2e9)
"""Times between these count from 1970, and so tell their unit: from 1999 to 2103."""
_UNITS_S = {
    r"ms\W*$|millis|msec": 1e-3,
    r"_min\W*$|minutes?\W*$|[(\[]min[)\]]$": 60.0,
    r"_cs\W*$|centis|hundredth|1/100": 1e-2,
    r"_h\W*$|hours?\W*$|[(\[]h[)\]]$": 3600.0,
    r"_us\W*$|micros": 1e-6,
    r"_ns\W*$|nanos": 1e-9,
    r"(_s|secs?|seconds|\(s\)|\[s\])$": 1.0,
}
"""How names say their unit, in seconds."""
_OF_MOVEMENT = re.compile(r"%|percent|norm")
_SPANS = (1.0, 100.0)
"""Shares of a movement have such names, or run evenly from 0 to one of these and no further."""
NAMED_STEPS_S = (1e-4, 5.0)
"""Where a name says its unit that is believed for steps between these: a choice, wider than any
camera and narrower than a mistake by a thousand."""
HOUR_S = 3600.0
"""Times that begin later are of the day, since some year, or since a device was switched on, and
not of the recording: a choice."""
LINE_ROUNDINGS = 1.01
"""Rounded times lie this near to a straight line over the frames, in steps of the rounding: one,
and what the numbers themselves are rounded by."""
EVEN_SHARE, EVEN_LEAST = 0.25, 0.8
"""Steps that are, most of them, so near to the usual one are those of one film: a choice."""
ALIKE_SHARE = 1e-3
"""Steps that differ by less than this share are alike, as in ticks; thousandths of 24, 30 or 60
pictures a second are not."""
WILD_BESIDE, WILD_STEPS = 2, 5.0
"""A time that lies so many steps off the middle of itself and so many on either side is a slip,
where without it all times rise: a choice."""


def rate_of_step(name: str, step: float) -> float | None:
    """Frames a second of such a step from frame to frame; None in no unit that is known."""
    try:
        time_s, _ = seconds([0.0, step, 2 * step], name)
    except ValueError:
        return None
    return None if time_s is None else 1 / float(time_s[1])


def ranks(values: Sequence[object]) -> Indices | None:
    """Which in time each of the rows is (T,), where they are out of order; None where they are not.

    Times that begin again are no such: put in order they would not be even. Nor is a clock that
    was set back: put in order its times leap as well.
    """
    try:
        raw = raw_of(values)
    except ValueError:
        return None
    given, steps = np.diff(raw), np.diff(np.sort(raw))
    if not np.isfinite(raw).all() or not (given < 0).any() or not (steps > 0).all():
        return None
    if _wild(raw).any():
        return None
    before, after = (
        np.count_nonzero(np.abs(own - np.median(steps)) > 1.5 * np.median(steps))
        for own in (given, steps)
    )
    if after >= before or not _alike(steps, EVEN_SHARE):
        return None
    return np.argsort(np.argsort(raw))


def seconds(
    values: Sequence[object], name: str = "", frame: Array | None = None, fps: float | None = None
) -> tuple[Array | None, str]:
    """Increasing seconds (T,) of frames in order, from what a file says; None where it says none.

    `values` are numbers or texts, NaN or None where missing, `name` what the file calls them,
    `frame` (T,) the frames' numbers and `fps` the rate where it has them. Beside them what is to be
    said of a unit that is only likely, or "". Raises ValueError for what is no time, or in no unit
    that can be told.
    """
    raw = raw_of(values)
    raw[_wild(raw)] = np.nan
    known = np.flatnonzero(np.isfinite(raw))
    if len(known) < len(raw) / 2 or not (np.diff(raw[known]) > 0).any():
        return None, ""
    index = np.arange(len(raw), dtype=float) if frame is None else frame
    raw = _filled(raw, index)
    steps = np.diff(raw)
    if np.mean(steps >= 0) < RISING_SHARE:
        raise ValueError("falls again and again, as what a frame took does: it is no time")
    usual = float(np.median(steps[steps > 0]))
    if steps.min() == 0:  # rounded, so that some are alike
        usual = float(raw[-1] - raw[0]) / len(steps)
    if _OF_MOVEMENT.search(name.lower()) or _shares(raw, usual):
        raise ValueError(f"runs to {raw[-1]:g} as shares of a movement do, which say no tempo")
    whole = bool((raw == np.round(raw)).all())
    said = said_unit_s(name, usual)
    if whole and usual == 1.0 and said is None:
        return None, ""  # frame numbers by another name
    ticking = whole and _alike(steps, ALIKE_SHARE)
    units_s = [said] if said is not None else _units_s(float(raw[0]), usual, fps, ticking=ticking)
    if not units_s:
        raise ValueError(f"counts by {usual:.6g} a frame, in no unit that is known")
    unit_s = units_s[0]
    # What goes back goes on from where it was: a second take in one file.
    back = steps < 0
    if back.any():
        steps = np.where(back, usual, steps)
        raw = np.concatenate([raw[:1], raw[0] + np.cumsum(steps)])
    first = raw[0] if raw[0] * unit_s >= HOUR_S else 0.0
    return _spread((raw - first) * unit_s, index), _doubt(usual, float(steps.mean()), units_s, fps)


def _shares(raw: Array, usual: float) -> bool:
    """Whether times (T,) with such steps are shares of a movement, and no seconds."""
    even = raw[0] == 0 and usual != 1.0 and _alike(np.diff(raw), EVEN_SHARE)
    film = raw[-1] > 1 and np.isclose(1 / usual, USUAL_FPS, rtol=RATE_RTOL).any()
    return bool(even and raw[-1] in _SPANS and not film)


def _doubt(step: float, mean: float, units_s: Sequence[float], fps: float | None) -> str:
    """What is to be said of times with such steps where their unit, or the rate, is not sure.

    The rate that a file says may be that of uneven steps, which is by their mean.
    """
    told, *others = (f"{1 / (step * unit_s):.4g}" for unit_s in units_s)
    if others:
        return (
            f"counts by {step:.6g} a frame and does not say its unit: taken for {told} frames per "
            f"second, but {' or '.join(others)} would be as likely; --fps says which"
        )
    rate_hz = 1 / (mean * units_s[0])
    if fps is not None and rate_hz > FASTER * fps:
        return (
            f"gives {rate_hz:.4g} frames per second, and the file says {fps:.4g}: the times are "
            "taken; --fps says which"
        )
    return ""


def _filled(raw: Array, index: Array) -> Array:
    """Times (T,) with those that are missing laid between their neighbours, or going on evenly."""
    known = np.flatnonzero(np.isfinite(raw))
    steps, row = np.diff(raw[known]), np.arange(len(raw))
    outside = row - np.clip(row, known[0], known[-1])
    between = np.interp(index, index[known], raw[known])
    return np.asarray(between + outside * np.median(steps[steps > 0]))


def times_of(
    what: str, values: Sequence[object], name: str, frame: Array | None, fps: float | None
) -> tuple[Array | None, str]:
    """Seconds (T,) by `seconds`, or None, and a sentence about them of the file `what`, or ""."""
    try:
        time_s, said = seconds(values, name, frame, fps)
    except ValueError as error:
        time_s, said = None, str(error)
    return time_s, said and f"{what}: {name!r} {said}."


def _wild(raw: Array) -> Mask:
    """Which times (T,) leap away from those around them, which rise without them."""
    out = np.zeros(len(raw), dtype=bool)
    known = np.flatnonzero(np.isfinite(raw))
    own = raw[known]
    steps = np.diff(own)
    if len(own) > 2 * WILD_BESIDE and (steps > 0).any():
        wide = np.pad(own, WILD_BESIDE, mode="reflect")
        middle = np.median(sliding_window_view(wide, 2 * WILD_BESIDE + 1), axis=1)
        wild = np.abs(own - middle) > WILD_STEPS * np.median(steps[steps > 0])
        out[known[wild]] = (np.diff(own[~wild]) >= 0).all()
    return out


def _alike(steps: Array, share: float) -> bool:
    """Whether most steps are as the usual one, but for a share of it."""
    usual = np.median(steps)
    return bool(np.mean(np.abs(steps - usual) < share * usual) >= EVEN_LEAST)


def said_unit_s(name: str, step: float) -> float | None:
    """The unit that a name ends with, in seconds, where such steps are possible in it."""
    low = name.lower()
    said = next((unit_s for ending, unit_s in _UNITS_S.items() if re.search(ending, low)), None)
    least, most = NAMED_STEPS_S
    return said if said is not None and least <= step * said <= most else None


def _units_s(first: float, step: float, fps: float | None, *, ticking: bool) -> list[float]:
    """In what units times with such steps may be, in seconds, the likeliest first.

    Those of a usual rate come first, and that of the file's own rate `fps` before them.
    """
    least, most = GUESSED_STEPS_S
    if step < SLOWEST_STEP_S:
        return [DAY_S if least <= step * DAY_S <= most else 1.0]
    found = [unit_s for unit_s in UNITS_S if least <= step * unit_s <= most]
    if dated := [u for u in found if SINCE_1970_S[0] <= first * u <= SINCE_1970_S[1]]:
        return dated

    def gives(unit_s: float, rates: Sequence[float]) -> bool:
        return bool(np.isclose(1 / (step * unit_s), rates, rtol=RATE_RTOL).any())

    if ticking or (not found and step * RATE_RTOL > 1):
        found += [unit_s for unit_s in TICKS_S if gives(unit_s, USUAL_FPS)]
    if fps is not None and (own := [unit_s for unit_s in found if gives(unit_s, (fps,))]):
        return own
    return sorted(found, key=lambda unit_s: not gives(unit_s, USUAL_FPS))


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
    starts = np.flatnonzero(np.concatenate([[True], steps > 0]))
    values = time[starts]
    last = values[-1] + np.median(np.diff(values))
    return np.asarray(np.interp(np.arange(len(time)), [*starts, len(time)], [*values, last]))
