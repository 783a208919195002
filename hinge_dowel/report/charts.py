"""What a verdict is drawn from, as inline SVG: the worst moment, and angles over time.

Colours are classes, so that a style sheet gives them for light, dark and paper. Everything that
has meaning by colour has it by shape or words too. Nothing here needs a `style` attribute.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
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
from hinge_dowel.exercises.cues import CONTACTS, FAULTS
from hinge_dowel.report import contacts
from hinge_dowel.report.contacts import Light, WorstFrame
from hinge_dowel.report.pictures import CropBox
from hinge_dowel.verdict import Facing, Verdict

Array = NDArray[np.float64]

PANEL_PX = 64
"""Height of one angle's panel."""
WIDE = 1000
"""Width of a panel, and the longer side of a picture, in the units of its drawing."""
BINS = 150
"""A line is drawn from the least and the greatest value of this many stretches of time."""
HEADS = 20
"""So many numbers of repetitions find room above the panels of a phone."""
PANELS = {
    "spinal_flexion": ("Back", "spinal flexion"),
    "cervical_flexion": ("Neck", "cervical flexion"),
    "squatting": ("Knee", "flexion"),
}
"""By fault: what a panel shows, in a word and by its name."""


# -- the worst moment ----------------------------------------------------------------------------


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
    verdict: Verdict, shown: WorstFrame, box: CropBox, picture: str | None, label: str
) -> Markup:
    """One frame with dowel and contacts, over a picture (a data URI) or over a drawn figure."""
    series = verdict.series
    assert series is not None
    scale = WIDE / max(box.width, box.height)
    width, height = box.width * scale, box.height * scale

    def to(places: Array) -> Array:
        """From the series' own unit, whatever it is, to that of the drawing."""
        return np.asarray((places - np.array([box.left, box.top])) * scale)

    parts = [
        Markup('<svg class="moment-svg" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            _n(width), _n(height), label
        )
    ]
    frame = shown.frame
    if picture is None:
        parts += _person(to(series.landmarks_px[frame]), to(series.back_px[frame]), verdict.facing)
    else:
        parts.append(
            Markup('<image href="{}" width="{}" height="{}" preserveAspectRatio="none"/>').format(
                picture, _n(width), _n(height)
            )
        )
    drawn = contacts.drawing(verdict)
    knees, leg = contacts.of_knees(shown.rep), to(drawn.leg_px[frame])
    if knees in ("off", "close") and np.isfinite(leg).all():
        parts.append(_line(leg, f"leg {knees}", 14))
        parts.append(light_mark(knees, float(leg[1, 0]), float(leg[1, 1]), 30))
    for name, thick in (("dowel-edge", 26), ("dowel", 17)):
        parts.append(_line(to(drawn.dowel_px[frame]), name, thick))
    for row, contact in enumerate(CONTACTS):
        place, foot = to(drawn.places_px[frame, row]), to(drawn.feet_px[frame, row])
        if np.isfinite(place).all() and np.isfinite(foot).all():
            parts += _mark(contacts.of_rep(shown.rep, contact), place, foot)
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)


def _mark(light: Light, place: Array, foot: Array) -> Iterator[Markup]:
    """One contact: a disc with a tick on the dowel, or a cross where the back has left it."""
    if light == "off":
        yield Markup(
            '<line class="gap" x1="{}" y1="{}" x2="{}" y2="{}" stroke-width="10"'
            ' stroke-dasharray="18"/>'
        ).format(*map(_n, (*foot, *place)))
    x, y = place if light == "off" else foot
    yield light_mark(light, float(x), float(y), 30)


def light_mark(light: Light, x: float, y: float, radius: float) -> Markup:
    """A contact light: disc with a tick, half disc, ring with a cross, ring with a question."""
    r = radius
    ring = Markup('<circle class="light {}" cx="{}" cy="{}" r="{}" stroke-width="{}"/>').format(
        light, *map(_n, (x, y, r, r * 0.28))
    )
    strokes = {
        "on": f"M{_n(x - 0.45 * r)} {_n(y)}l{_n(0.32 * r)} {_n(0.34 * r)}l{_n(0.55 * r)} "
        f"{_n(-0.68 * r)}",
        "close": f"M{_n(x - 0.5 * r)} {_n(y)}h{_n(r)}",
        "off": f"M{_n(x - 0.4 * r)} {_n(y - 0.4 * r)}l{_n(0.8 * r)} {_n(0.8 * r)}"
        f"m0 {_n(-0.8 * r)}l{_n(-0.8 * r)} {_n(0.8 * r)}",
        "unseen": f"M{_n(x - 0.1 * r)} {_n(y)}h{_n(0.2 * r)}",
    }
    return ring + Markup('<path class="glyph" d="{}" stroke-width="{}"/>').format(
        strokes[light], _n(r * 0.3)
    )


def _person(marks: Array, back: Array, facing: Facing | None) -> Iterator[Markup]:
    """A figure in place of the person: limbs, trunk and head, the far side paler.

    `marks` (33, 2) in MediaPipe's order, or none where only the back (K, 2) is known.
    """
    if len(marks):
        near, far = (0, 1) if facing == "left" else (1, 0)  # facing left shows the left side
        for side, name in ((far, "limb far"), (near, "limb near")):
            for chain in ((HIPS, KNEES, ANKLES, TOES), (SHOULDERS, ELBOWS, WRISTS)):
                yield _line(marks[[pair[side] for pair in chain]], name, 42)
            yield _line(marks[[HEELS[side], TOES[side]]], name, 32)
        shoulder, hip, ears = (marks[list(pair)].mean(0) for pair in (SHOULDERS, HIPS, EARS))
        # The chest lies about as far in front of the shoulders as the back lies behind them.
        front = np.stack([hip * 2 - back[-1], shoulder + 0.6 * (shoulder - back[1])])
        outline = np.concatenate([back[1:], front])
        if np.isfinite(outline).all():
            yield Markup('<polygon class="trunk" points="{}" stroke-width="25"/>').format(
                _points(outline)
            )
        if np.isfinite([ears, shoulder, hip]).all():
            yield _line(np.stack([ears, back[1]]), "limb near", 45)
            yield Markup('<circle class="head" cx="{}" cy="{}" r="{}"/>').format(
                *map(_n, (*ears, 0.2 * float(np.hypot(*(shoulder - hip)))))
            )
    yield _line(back, "spine", 14)


def _line(points: Array, name: str, width: float) -> Markup:
    points = points[np.isfinite(points).all(axis=1)]
    return Markup('<polyline class="{}" points="{}" stroke-width="{}"/>').format(
        name, _points(points), _n(width)
    )


def _points(points: Array) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


# -- angles over time ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Panel:
    """One angle over time: what it is called, its limit in degrees, and the drawing."""

    word: str
    name: str
    limit_deg: float
    svg: Markup


@dataclass(frozen=True, slots=True)
class Timeline:
    """The angles of a clip over time, one under the other, and the axis below them."""

    heads: Markup
    panels: tuple[Panel, ...]
    axis: Markup


def timeline(
    verdict: Verdict, limits: Mapping[str, float], key: str, at_s: float | None
) -> Timeline | None:
    """Angles over time with tolerance bands and repetitions; `at_s` marks the moment shown.

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
    for fault, (word, name) in PANELS.items():
        values = getattr(series, FAULTS[fault].angle)
        if not np.isfinite(values).any():
            continue
        bands = Markup("").join(
            Markup('<rect class="rep{}" x="{}%" width="{}%" height="{}"/>').format(
                " bad" if fault in rep.faults else "", _n(a), _n(b - a), PANEL_PX
            )
            for rep, (a, b) in zip(verdict.reps, spans, strict=True)
        )
        cursor = Markup("")
        if at_s is not None:
            cursor = Markup('<line class="cursor" x1="{0}%" x2="{0}%" y2="{1}"/>').format(
                _n((at_s - begin) / span * 100), PANEL_PX
            )
        svg = _panel(series.time_s, values, limits[fault], f"{key}-{fault}", bands, cursor)
        panels.append(Panel(word, name, limits[fault], svg))
    return Timeline(_rep_heads(verdict, spans), tuple(panels), _axis(begin, span))


def _panel(
    time_s: Array, values: Array, limit_deg: float, key: str, bands: Markup, cursor: Markup
) -> Markup:
    low = min(-8.0, float(np.nanmin(values)))
    high = max(1.6 * limit_deg, float(np.nanmax(values)) * 1.05)

    def y(angle_deg: float) -> float:
        return PANEL_PX * (high - angle_deg) / (high - low)

    path = _path(time_s, PANEL_PX * (high - values) / (high - low))
    limit = y(limit_deg)
    return Markup(
        '<svg class="panel" height="{height}" aria-hidden="true">'
        '<rect class="within" y="{limit}" width="100%" height="{rest}"/>{bands}'
        '<line class="zero" x2="100%" y1="{zero}" y2="{zero}"/>'
        '<line class="limit" x2="100%" y1="{limit}" y2="{limit}"/>{cursor}'
        '<svg viewBox="0 0 {wide} {height}" height="{height}" preserveAspectRatio="none">'
        '<path id="{key}" class="trace" d="{path}"/></svg>'
        '<svg viewBox="0 0 {wide} {limit}" height="{limit}" preserveAspectRatio="none">'
        '<use class="past" href="#{key}"/></svg>'
        '<text class="tick" x="100%" dx="-4" y="{text}">{degrees}°</text></svg>'
    ).format(
        height=PANEL_PX,
        wide=WIDE,
        limit=_n(limit),
        rest=_n(PANEL_PX - limit),
        zero=_n(y(0.0)),
        bands=bands,
        cursor=cursor,
        key=key,
        path=path,
        text=_n(limit - 4),
        degrees=round(limit_deg),
    )


def _path(time_s: Array, y: Array) -> str:
    """A line through (T,) points, broken where they are NaN, thinned to its highs and lows."""
    x = (time_s - time_s[0]) / max(float(time_s[-1] - time_s[0]), 1e-6) * WIDE
    if len(x) > 2 * BINS:
        x, y = _thinned(x, y)
    # Steps from point to point, in whole units and tenths, are short and do not add up errors.
    commands: list[str] = []
    at: tuple[int, int] | None = None
    for px, py in zip(x.tolist(), y.tolist(), strict=True):
        if not math.isfinite(py):
            at = None
            continue
        to = round(px), round(py * 10)
        if at is None:
            commands.append(f"M{to[0]} {_n(to[1] / 10)}l")
        else:
            commands.append(f"{to[0] - at[0]} {_n((to[1] - at[1]) / 10)} ")
        at = to
    return "".join(commands)


def _thinned(x: Array, y: Array) -> tuple[Array, Array]:
    """Of each stretch of time the lowest and the highest point, in their order."""
    keep: list[int] = []
    for rows in np.array_split(np.arange(len(x)), BINS):
        seen = rows[np.isfinite(y[rows])]
        if len(seen):
            keep += sorted({int(seen[np.argmin(y[seen])]), int(seen[np.argmax(y[seen])])})
        else:
            keep.append(int(rows[0]))
    return x[keep], y[keep]


def _rep_heads(verdict: Verdict, spans: list[tuple[float, float]]) -> Markup:
    """The numbers of the repetitions above the panels, faulty ones with a cross."""
    every = next(step for step in (1, 2, 5, 10, 20, 50, 100, 10**9) if len(spans) <= HEADS * step)
    texts = [
        Markup('<text class="rep-number{}" x="{}%" y="13">{}{}</text>').format(
            " bad" if rep.faults else "", _n((a + b) / 2), rep.number, " ✕" if rep.faults else ""
        )
        for rep, (a, b) in zip(verdict.reps, spans, strict=True)
        if rep.number % every == 0
    ]
    return Markup('<svg class="heads" height="17" aria-hidden="true">{}</svg>').format(
        Markup("").join(texts)
    )


def _axis(begin: float, span: float) -> Markup:
    steps = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600)
    step = next((s for s in steps if span / s <= 8), span)
    ticks = np.arange(math.ceil(begin / step) * step, begin + span + 1e-9, step)
    texts = []
    for tick in ticks.tolist():
        share = (tick - begin) / span * 100
        anchor = "start" if share < 4 else "end" if share > 96 else "middle"
        texts.append(
            Markup('<text class="tick" text-anchor="{}" x="{}%" y="12">{}</text>').format(
                anchor, _n(share), clock(tick)
            )
        )
    return Markup('<svg class="axis" height="16" aria-hidden="true">{}</svg>').format(
        Markup("").join(texts)
    )


def clock(time_s: float) -> str:
    """A time in a clip: `7.5 s`, `14 s`, from a minute on `2:05`."""
    if time_s >= 60:
        return f"{int(time_s) // 60}:{int(time_s) % 60:02d}"
    return f"{time_s:g} s" if time_s == round(time_s, 1) else f"{time_s:.1f} s"


def _n(value: float) -> str:
    """A number in as few characters as a drawing needs."""
    text = f"{float(value):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
