"""What the drawings of the page are made of: figures, dowels and angles over time, as numbers.

The templates in `drawings.html` turn them into inline SVG. Colours are classes there, so that a
style sheet gives them for light, dark and paper, and what has meaning by colour has it by shape or
words too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.landmarks import (
    ANKLES,
    EARS,
    ELBOWS,
    HEELS,
    HIPS,
    KNEES,
    SHOULDERS,
    TOES,
    WRISTS,
)
from hinge_dowel.exercises.cues import CONTACTS
from hinge_dowel.report import contacts
from hinge_dowel.report.contacts import Light, WorstFrame
from hinge_dowel.report.pictures import CropBox
from hinge_dowel.verdict import Facing, Verdict

Array = NDArray[np.float64]

PANEL_PX = 64
"""Height of one angle's panel."""
WIDE, SMALL = 1000, 200
"""Width of a panel and longer side of a large and of a small picture, in units of its drawing."""
LAMP, SMALL_LAMP = 30, 10
"""Radius of a light in the same units."""
HEADS = 20
"""So many numbers of repetitions find room above the panels of a phone."""
LEAST_SPAN_DEG = 45.0
"""A panel without a limit reaches at least this high: small angles are not drawn as large ones."""
PANELS = (
    ("spinal_flexion_deg", "spinal_flexion", "Back", "spinal flexion"),
    ("cervical_flexion_deg", "cervical_flexion", "Neck", "cervical flexion"),
    ("knee_flexion_deg", "squatting", "Knee", "flexion"),
    ("hip_flexion_deg", "", "Hip", "flexion"),
)
"""What a panel shows: field of the series, the fault that shows in it, a word, a name."""


# -- one frame -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points, as SVG writes them, of a class and a width; 0: as the style says."""

    name: str
    points: str
    width: float


@dataclass(frozen=True, slots=True)
class Lamp:
    """A contact light and where it is."""

    light: Light
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame: a picture (a data URI) or a drawn figure, with dowel and lights over it."""

    label: str
    width: float
    height: float
    unit: float
    picture: str | None
    limbs: tuple[Stroke, ...]
    trunk: str
    head: tuple[float, float, float] | None
    lines: tuple[Stroke, ...]
    gaps: tuple[tuple[float, float, float, float], ...]
    lamps: tuple[Lamp, ...]


def surroundings(verdict: Verdict, frame: int) -> CropBox:
    """The part of the picture around person and dowel in one frame, with some room."""
    series = verdict.series
    assert series is not None
    drawn = contacts.drawing(verdict)
    points = np.concatenate(
        [series.landmarks_px[frame], drawn.dowel_px[frame], drawn.places_px[frame]]
    )
    points = points[np.isfinite(points).all(axis=1)]
    low, high = points.min(axis=0), points.max(axis=0)
    room = 0.1 * float((high - low).max())
    low, high = low - room, high + room
    middle, extent = (low + high) / 2, high - low
    # Neither a strip nor a tower, so that pictures of many clips look alike.
    extent = np.maximum(extent, extent[::-1] * 0.8)
    low, high = middle - extent / 2, middle + extent / 2
    if series.size_px is not None:
        size = np.array(series.size_px, dtype=float)
        low, high = np.clip(low, 0, size), np.clip(high, 0, size)
    return CropBox(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))


def moment(
    verdict: Verdict, shown: WorstFrame, box: CropBox, picture: str | None, label: str, longer: int
) -> Moment:
    """One frame, its longer side `longer` units: `WIDE` with every light, `SMALL` with the bad."""
    series = verdict.series
    assert series is not None
    scale = longer / max(box.width, box.height)
    # The style sheet says how wide the lines of all small pictures are.
    small = longer == SMALL
    unit = 0.0 if small else 1.0

    def to(places: Array) -> Array:
        """From the series' own unit, whatever it is, to that of the drawing."""
        moved = np.asarray((places - np.array([box.left, box.top])) * scale)
        return np.round(moved) if small else moved

    frame, drawn = shown.frame, contacts.drawing(verdict)
    marks, back = to(series.landmarks_px[frame]), to(series.back_px[frame])
    plain = picture is None
    lines = [] if picture or small else [_line(back, "spine", 14 * unit)]
    knees, leg = contacts.of_knees(shown.rep), to(drawn.leg_px[frame])
    lamps: list[Lamp] = []
    radius = SMALL_LAMP if small else LAMP
    if knees in ("off", "close") and np.isfinite(leg).all():
        lines.append(_line(leg, f"leg {knees}", 14 * unit))
        lamps.append(Lamp(knees, float(leg[1, 0]), float(leg[1, 1]), radius))
    dowel = to(drawn.dowel_px[frame])
    if not small:
        lines.append(_line(dowel, "dowel-edge", 26 * unit))
    lines.append(_line(dowel, "dowel", 17 * unit))
    gaps = []
    for row, contact in enumerate(CONTACTS):
        place, foot = to(drawn.places_px[frame, row]), to(drawn.feet_px[frame, row])
        light = contacts.of_rep(shown.rep, contact)
        if not np.isfinite([place, foot]).all() or (small and light in ("on", "unseen")):
            continue
        if light == "off" and not small:
            gaps.append((float(foot[0]), float(foot[1]), float(place[0]), float(place[1])))
        x, y = place if light == "off" else foot
        lamps.append(Lamp(light, float(x), float(y), radius))
    trunk, head = _torso(marks, back) if plain else ("", None)
    return Moment(
        label=label,
        width=box.width * scale,
        height=box.height * scale,
        unit=unit,
        picture=picture,
        limbs=tuple(_limbs(marks, back, verdict.facing, unit, small)) if plain else (),
        trunk=trunk,
        head=head,
        lines=tuple(lines),
        gaps=tuple(gaps),
        lamps=tuple(lamps),
    )


def _limbs(
    marks: Array, back: Array, facing: Facing | None, unit: float, small: bool
) -> Iterator[Stroke]:
    """Arms and legs of a figure in place of the person, the far side first and paler.

    `marks` (33, 2) in MediaPipe's order, or none where only the back (K, 2) is known.
    """
    if not len(marks):
        return
    near, far = (0, 1) if facing == "left" else (1, 0)  # facing left shows the left side
    for side, name in ((far, "limb far"), (near, "limb near")):
        if small and side == far:
            continue
        for chain in ((HIPS, KNEES, ANKLES, TOES), (SHOULDERS, ELBOWS, WRISTS)):
            yield _line(marks[[pair[side] for pair in chain]], name, 42 * unit)
        if not small:
            yield _line(marks[[HEELS[side], TOES[side]]], name, 32 * unit)
    yield _line(np.stack([marks[list(EARS)].mean(0), back[1]]), "limb near", 45 * unit)


def _torso(marks: Array, back: Array) -> tuple[str, tuple[float, float, float] | None]:
    """The outline of the trunk, and centre and radius of the head; nothing where unknown."""
    if not len(marks):
        return "", None
    shoulder, hip, ears = (marks[list(pair)].mean(0) for pair in (SHOULDERS, HIPS, EARS))
    # The chest lies about as far in front of the shoulders as the back lies behind them.
    front = np.stack([hip * 2 - back[-1], shoulder + 0.6 * (shoulder - back[1])])
    outline = np.concatenate([back[1:], front])
    trunk = _points(outline) if np.isfinite(outline).all() else ""
    if not np.isfinite([ears, shoulder, hip]).all():
        return trunk, None
    return trunk, (float(ears[0]), float(ears[1]), 0.2 * float(np.hypot(*(shoulder - hip))))


def _line(points: Array, name: str, width: float) -> Stroke:
    return Stroke(name, _points(points[np.isfinite(points).all(axis=1)]), width)


def _points(points: Array) -> str:
    return " ".join(f"{short(x)},{short(y)}" for x, y in points)


# -- angles over time ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Band:
    """A repetition over a panel: where it begins and how wide it is, in per cent of the width."""

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
    """One angle over time: heights from the top in px, `high_deg` at 0, `deg_per_px` below it."""

    key: str
    word: str
    name: str
    path: str
    high_deg: float
    deg_per_px: float
    zero: float
    limit: float | None
    limit_deg: float | None
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All panels of a clip; `at` is the picture's place along the width, in per cent."""

    heads: tuple[Tick, ...]
    panels: tuple[Panel, ...]
    axis: tuple[Tick, ...]
    begin_s: float
    span_s: float
    at: float | None


def timeline(verdict: Verdict, key: str, at_s: float | None, bins: int) -> Timeline | None:
    """Angles over time with the limits that were applied; `at_s` marks the moment shown.

    A line is drawn from the least and the greatest value of `bins` stretches of time.
    `key` keeps the names inside this drawing apart from those of others on the page. None when
    there are no frames.
    """
    series = verdict.series
    if series is None or len(series) < 2:
        return None
    begin, end = float(series.time_s[0]), float(series.time_s[-1])
    span = max(end - begin, 1e-6)
    spans = [
        ((a - begin) / span * 100, (b - begin) / span * 100) for a, b in contacts.spans_s(verdict)
    ]
    panels = []
    for field, fault, word, name in PANELS:
        values = getattr(series, field)
        if np.isfinite(values).any():
            bands = tuple(
                Band(a, b - a, contacts.of_fault(rep, fault) if fault else "on")
                for rep, (a, b) in zip(verdict.reps, spans, strict=True)
            )
            limit = contacts.limit_deg(verdict, fault) if fault else None
            panels.append(
                _panel(
                    series.time_s, values, limit, f"{key}-{fault or 'hip'}", word, name, bands, bins
                )
            )
    at = None if at_s is None else (at_s - begin) / span * 100
    return Timeline(_rep_heads(verdict, spans), tuple(panels), _axis(begin, span), begin, span, at)


def _panel(
    time_s: Array,
    values: Array,
    limit_deg: float | None,
    key: str,
    word: str,
    name: str,
    bands: tuple[Band, ...],
    bins: int,
) -> Panel:
    low = min(-8.0, float(np.nanmin(values)))
    least = LEAST_SPAN_DEG if limit_deg is None else 1.6 * limit_deg
    high = max(least, float(np.nanmax(values)) * 1.05)
    step = (high - low) / PANEL_PX
    return Panel(
        key=key,
        word=word,
        name=name,
        path=_path(time_s, (high - values) / step, bins),
        high_deg=high,
        deg_per_px=step,
        zero=high / step,
        limit=None if limit_deg is None else (high - limit_deg) / step,
        limit_deg=limit_deg,
        bands=bands,
    )


def _path(time_s: Array, y: Array, bins: int) -> str:
    """A line through (T,) points, broken where they are NaN, thinned to its highs and lows."""
    x = (time_s - time_s[0]) / max(float(time_s[-1] - time_s[0]), 1e-6) * WIDE
    if len(x) > 2 * bins:
        x, y = _thinned(x, y, bins)
    # Steps from point to point, in whole units and tenths, are short and do not add up errors.
    commands: list[str] = []
    at: tuple[int, int] | None = None
    for px, py in zip(x.tolist(), y.tolist(), strict=True):
        if not math.isfinite(py):
            at = None
            continue
        to = round(px), round(py * 10)
        if at is None:
            commands.append(f"M{to[0]} {short(to[1] / 10)}l")
        else:
            commands.append(f"{to[0] - at[0]} {short((to[1] - at[1]) / 10)} ")
        at = to
    # SVG needs neither a zero before the point nor a space before a minus.
    return re.sub(r" (?=-)| $", "", re.sub(r"(?<![\d.])0(?=\.)", "", "".join(commands)))


def _thinned(x: Array, y: Array, bins: int) -> tuple[Array, Array]:
    """Of each stretch of time the lowest and the highest point, in their order."""
    keep: list[int] = []
    for rows in np.array_split(np.arange(len(x)), bins):
        seen = rows[np.isfinite(y[rows])]
        if len(seen):
            keep += sorted({int(seen[np.argmin(y[seen])]), int(seen[np.argmax(y[seen])])})
        else:
            keep.append(int(rows[0]))
    return x[keep], y[keep]


def _rep_heads(verdict: Verdict, spans: list[tuple[float, float]]) -> tuple[Tick, ...]:
    """The numbers of the repetitions above the panels, faulty ones with a cross."""
    every = next(step for step in (1, 2, 5, 10, 20, 50, 100, 10**9) if len(spans) <= HEADS * step)
    signs = {"off": " ✕", "close": " ?"}
    return tuple(
        Tick((a + b) / 2, f"{rep.number}{signs.get(light, '')}", light=light)
        for rep, (a, b) in zip(verdict.reps, spans, strict=True)
        if rep.number % every == 0
        for light in [contacts.of_whole(rep)]
    )


def _axis(begin: float, span: float) -> tuple[Tick, ...]:
    steps = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600)
    step = next((s for s in steps if span / s <= 8), span)
    ticks = np.arange(math.ceil(begin / step) * step, begin + span + 1e-9, step)
    shares = [(tick, (tick - begin) / span * 100) for tick in ticks.tolist()]
    return tuple(
        Tick(share, clock(tick), "start" if share < 4 else "end" if share > 96 else "middle")
        for tick, share in shares
    )


def clock(time_s: float) -> str:
    """A time in a clip: `7.5 s`, `14 s`, from a minute on `2:05`."""
    if time_s >= 60:
        return f"{int(time_s) // 60}:{int(time_s) % 60:02d}"
    return f"{time_s:g} s" if time_s == round(time_s, 1) else f"{time_s:.1f} s"


def short(value: float) -> str:
    """A number in as few characters as a drawing needs."""
    text = f"{float(value):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
