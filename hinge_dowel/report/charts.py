"""Angles over time as numbers; `templates/drawings.html` draws them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.report import contacts
from hinge_dowel.report.contacts import Light
from hinge_dowel.report.measures import MAIN_ANGLES, Measure
from hinge_dowel.report.wording import capital, clip_time
from hinge_dowel.verdict import Series, Verdict

Runs = tuple[tuple[float, ...], ...]
"""A line in pieces: each the steps from point to point, the first from the last piece's end; x and
y in turn."""

PANEL_PX = 64
"""Height of one angle's panel. Layout."""
PANEL_WIDE = 1000
"""Width of a panel, in units of its drawing. Layout."""
MOST_NUMBERS = 20
"""Most numbers of repetitions above the panels, as a phone has room for. Layout."""
MOST_TICKS = 8
"""Most times on the axis below the panels. Layout."""
LEAST_TOP_DEG = 45.0
"""Least upper end of a panel without a limit, so that small angles do not look large. A choice."""
LIMIT_SHARE = 1 / 1.6
"""Highest place of a limit in its panel as a share of the height, so that there is room for what is
past it. A choice."""
LEAST_BOTTOM_DEG = -8.0
"""A panel's lower end is at this angle or below: backs held well extend that far. A choice."""


@dataclass(frozen=True, slots=True)
class Band:
    """A repetition over a panel: its left edge and width, in per cent of the panel's width."""

    left: float
    width: float
    light: Light


@dataclass(frozen=True, slots=True)
class Tick:
    """A word at a place along the width, in per cent."""

    at: float
    text: str
    anchor: str = "middle"
    light: Light = "on"


@dataclass(frozen=True, slots=True)
class Panel:
    """One angle over time: `high_deg` at the top; `zero` and `limit` are px below the top.

    `word` and `term` are the angle's (`measures.Measure`).
    """

    key: str
    word: str
    term: str
    runs: Runs
    high_deg: float
    deg_per_px: float
    zero: float
    limit: float | None
    limit_deg: float | None
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All panels of a clip; `at` marks the moment of the picture, in per cent of the width."""

    heads: tuple[Tick, ...]
    panels: tuple[Panel, ...]
    axis: tuple[Tick, ...]
    begin_s: float
    span_s: float
    at: float | None


def timeline(verdict: Verdict, key: str, at_s: float | None, bins: int) -> Timeline | None:
    """Return angles over time with the limits applied; `at_s` is the moment of the picture.

    A curve is drawn through the least and the greatest value of each of `bins` stretches of time.
    `key` is a prefix that makes the names in this drawing unique on the page. Returns None when
    there are no frames.
    """
    series = verdict.series
    if series is None or len(series) < 2:
        return None
    begin_s = float(series.time_s[0])
    span_s = max(float(series.time_s[-1]) - begin_s, 1e-6)

    def percent_along(time_s: float) -> float:
        return (time_s - begin_s) / span_s * 100

    spans = [(percent_along(a), percent_along(b)) for a, b in contacts.spans_s(verdict)]
    panels = tuple(
        _panel(verdict, series, angle, key, spans, bins)
        for angle in MAIN_ANGLES
        if np.isfinite(getattr(series, angle.key)).any()
    )
    at = None if at_s is None else percent_along(at_s)
    axis = _axis(begin_s, span_s)
    return Timeline(_rep_heads(verdict, spans), panels, axis, begin_s, span_s, at)


def _panel(
    verdict: Verdict,
    series: Series,
    angle: Measure,
    key: str,
    spans: list[tuple[float, float]],
    bins: int,
) -> Panel:
    """Return the panel of an angle; `spans` are the repetitions', in per cent of the width."""
    fault = contacts.FAULT_OF_ANGLE.get(angle.key)
    values, time_s = getattr(series, angle.key), series.time_s
    limit_deg = verdict.limits.get(angle.key)
    low = min(LEAST_BOTTOM_DEG, float(np.nanmin(values)))
    least = LEAST_TOP_DEG if limit_deg is None else limit_deg / LIMIT_SHARE
    high = max(least, float(np.nanmax(values)) * 1.05)
    step = (high - low) / PANEL_PX
    x = (time_s - time_s[0]) / max(float(time_s[-1] - time_s[0]), 1e-6) * PANEL_WIDE
    return Panel(
        key=f"{key}-{fault or 'hip'}",
        word=capital(angle.word),
        term=angle.term,
        runs=runs(*_thinned(np.round(x), (high - values) / step, bins)),
        high_deg=high,
        deg_per_px=step,
        zero=high / step,
        limit=None if limit_deg is None else (high - limit_deg) / step,
        limit_deg=limit_deg,
        bands=tuple(
            Band(a, b - a, contacts.of_fault(rep, fault))
            for rep, (a, b) in zip(verdict.reps, spans, strict=True)
        ),
    )


def runs(x: Array, y: Array) -> Runs:
    """Return a line through points x, y (T,), broken where y is NaN, as steps in tenths.

    Steps are shorter to write than places; rounded places keep their errors from adding up.
    """
    seen = np.flatnonzero(np.isfinite(y))
    steps = np.diff(np.round(np.column_stack([x, y])[seen], 1), axis=0, prepend=0.0)
    pieces = np.split(steps, np.flatnonzero(np.diff(seen) > 1) + 1)
    return tuple(tuple(piece.ravel().tolist()) for piece in pieces if len(piece))


def _thinned(x: Array, y: Array, bins: int) -> tuple[Array, Array]:
    """Return the lowest and the highest point of each of `bins` stretches of time, in order."""
    if len(x) <= 2 * bins:
        return x, y
    keep: list[int] = []
    for rows in np.array_split(np.arange(len(x)), bins):
        seen = rows[np.isfinite(y[rows])]
        if len(seen):
            keep += sorted({int(seen[np.argmin(y[seen])]), int(seen[np.argmax(y[seen])])})
        else:
            keep.append(int(rows[0]))
    return x[keep], y[keep]


def _rep_heads(verdict: Verdict, spans: list[tuple[float, float]]) -> tuple[Tick, ...]:
    """Return the numbers of repetitions above the panels: a cross for faulty, ? for maybe."""
    every = next(
        step for step in (1, 2, 5, 10, 20, 50, 100, 10**9) if len(spans) <= MOST_NUMBERS * step
    )
    signs = {"off": " ✕", "close": " ?"}
    return tuple(
        Tick((a + b) / 2, f"{rep.number}{signs.get(light, '')}", light=light)
        for rep, (a, b) in zip(verdict.reps, spans, strict=True)
        if rep.number % every == 0
        for light in [contacts.of_whole(rep)]
    )


def _axis(begin_s: float, span_s: float) -> tuple[Tick, ...]:
    steps_s = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600)
    step_s = next((s for s in steps_s if span_s / s <= MOST_TICKS), span_s)
    ticks_s = np.arange(math.ceil(begin_s / step_s) * step_s, begin_s + span_s + 1e-9, step_s)
    places = [(clip_time(time_s), (time_s - begin_s) / span_s * 100) for time_s in ticks_s.tolist()]
    return tuple(
        Tick(at, said.replace(".0 s", " s"), "start" if at < 4 else "end" if at > 96 else "middle")
        for said, at in places
    )
