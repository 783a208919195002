"""Compares two clips or sessions on one self-contained HTML page: no network, no script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.report import contacts, highlights, sentences, wording
from hinge_dowel.report.charts import runs
from hinge_dowel.report.comparison import (
    MEASURES,
    Changed,
    Measured,
    Side,
    changes,
    curved,
    most_reps,
)
from hinge_dowel.report.measures import MAIN_ANGLES, Measure, known
from hinge_dowel.report.moments import Stills
from hinge_dowel.report.tally import clean_share
from hinge_dowel.report.templating import environment, inlined
from hinge_dowel.report.wording import capital
from hinge_dowel.system.names import printable
from hinge_dowel.verdict import Rep

POINTS = 80
"""Points of a curve: one for every four units of its width. Layout."""
WIDE = 300
HIGH = 110
"""Size of one curve's drawing, in its own units. Layout."""
SIDE_PX = 420
"""Longer side of a picture: four of them stand side by side. Layout."""
_LEAST_TOP_DEG = 30.0
"""Least upper end of a curve's drawing, so that small angles do not look large. A choice."""
_ROOM = 1.08
"""The drawing reaches beyond the curves' extremes by this factor. Layout."""
Drawn = dict[str, Any]
"""What the template draws: a row of changes, a column of a repetition, or a panel of curves."""
_LABELS = 22
"""The drawing reaches beyond its limit by this many units, for the labels of the axis and of the
limit, in lines of 11. Layout."""


def render(a: Side, b: Side) -> str:
    """Return the HTML page; both sides must have at least one repetition."""
    changed = changes(a.verdict.reps, b.verdict.reps)
    measures = known(MEASURES, [rep for side in (a, b) for rep in side.best_and_worst])
    columns = [
        _rep_column(f"{words} of {letter}", side, place, measures)
        for place, words in enumerate(("Best", "Worst"))
        for letter, side in (("A", a), ("B", b))
    ]
    return (
        environment()
        .get_template("compare.html")
        .render(
            **inlined(style=("colours.css", "drawings.css", "compare.css")),
            sides=[
                {
                    "letter": letter,
                    "name": printable(side.name),
                    "setting": side.setting,
                    "said": printable(sentences.sentence(side.verdict)),
                    "state": sentences.shown_status(side.verdict),
                }
                for letter, side in (("A", a), ("B", b))
            ],
            exercises_differ=a.verdict.exercise != b.verdict.exercise,
            changes=[_shares(a, b), *map(_change_row, changed)],
            measures=[capital(measure.word) for measure in measures],
            reps=columns,
            panels=_panels(a, b),
            curved=curved(a, b),
            most_reps=most_reps(a, b),
            wide=WIDE,
            high=HIGH,
            pictures=any(rep["picture"] for rep in columns),
            photographs=any(rep["picture"] and rep["picture"].picture for rep in columns),
        )
    )


def _shares(a: Side, b: Side) -> Drawn:
    shares = [clean_share(side.verdict.reps) for side in (a, b)]
    before, after = ("?" if share is None else wording.percent(share) for share in shares)
    return {
        "word": "Clean reps",
        "term": "",
        "before": before,
        "after": after,
        "said": "",
        "plain": False,
    }


def _change_row(one: Changed) -> Drawn:
    def with_interval(value: Measured) -> str:
        text = _written(one.measure, value.value)
        if value.low is None or value.high is None:
            return text
        low, high = (wording.number(end, one.measure.digits) for end in (value.low, value.high))
        return f"{text} ({low} to {high})"

    return {
        "word": capital(one.measure.word),
        "term": one.measure.term,
        "before": with_interval(one.before),
        "after": with_interval(one.after),
        "said": capital(one.words),
        "plain": one.change in ("less", "more"),
    }


def _rep_column(words: str, side: Side, place: int, measures: Sequence[Measure]) -> Drawn:
    rep = side.best_and_worst[place]
    head = f"{words}: rep {rep.number}"
    shown = highlights.at_bottom(side.verdict, rep)
    picture = None
    if shown is not None:
        stills = Stills(side.verdict, side.clip, SIDE_PX)
        picture = stills.large(shown, f"{head} at its bottom, {shown.time_s:.1f} s")
    return {
        "head": head,
        "seen": capital(sentences.outcome(rep)),
        "state": contacts.of_whole(rep),
        "cells": [_value(measure, rep) for measure in measures],
        "picture": picture,
    }


def _value(measure: Measure, rep: Rep) -> str:
    value = measure.of(rep)
    return "?" if value is None else _written(measure, value)


def _written(measure: Measure, value: float) -> str:
    return wording.number(value, measure.digits) + measure.suffix()


def _panels(a: Side, b: Side) -> list[Drawn]:
    """Return the panels of every angle: the best reps' curves and the worst's, or rep by rep."""
    return _curves(a, b) if curved(a, b) else _rep_by_rep(a, b)


def _curves(a: Side, b: Side) -> list[Drawn]:
    """Return a panel for each angle that both show, of the best reps and of the worst."""
    panels = []
    x = np.linspace(0.0, WIDE, POINTS)
    for measure in MAIN_ANGLES:
        for place, words in enumerate(("best rep", "worst rep")):
            a_deg, b_deg = (
                side.curve(side.best_and_worst[place], measure.key, POINTS) for side in (a, b)
            )
            if a_deg is not None and b_deg is not None:
                panels.append(_panel(measure, words, x, (a_deg, b_deg), b))
    return panels


def _rep_by_rep(a: Side, b: Side) -> list[Drawn]:
    """Return a panel for each angle, the same rep of both above one another."""
    count = most_reps(a, b)
    x = (np.arange(count) + 0.5) * WIDE / count
    panels = []
    for measure in MAIN_ANGLES:
        degrees = tuple(np.array(side.by_rep(measure, count), dtype=float) for side in (a, b))
        if any(np.isfinite(one).any() for one in degrees):
            panels.append(_panel(measure, "rep by rep", x, degrees, b, dots=True))
    return panels


def _panel(
    measure: Measure,
    words: str,
    x: Array,
    degrees: tuple[Array, ...],
    limits_of: Side,
    *,
    dots: bool = False,
) -> Drawn:
    """Return a drawing of A and B over `x` (T,), with `dots` one at every value too.

    `degrees` are A's and B's (T,), NaN where there is nothing to draw.
    """
    drawn = np.concatenate(degrees)
    low = _ROOM * float(np.nanmin(drawn, initial=0.0))
    top = max(_LEAST_TOP_DEG, _ROOM * float(np.nanmax(drawn, initial=0.0)))
    limit_deg = limits_of.verdict.limits.get(measure.key)
    if limit_deg is not None:
        share = _LABELS / HIGH
        top = max(top, (limit_deg - share * low) / (1 - share))
    per_deg = HIGH / (top - low)
    heights = dict(zip("ab", ((top - one) * per_deg for one in degrees), strict=True))
    return {
        "title": f"{capital(measure.word)}, {words}",
        "name": f"{measure.word} {measure.term}",
        "lines": {side: runs(x, y) for side, y in heights.items()},
        "dots": [
            (side, *place)
            for side, y in heights.items()
            for place in (np.column_stack([x, y])[np.isfinite(y)].tolist() if dots else ())
        ],
        "zero_y": top * per_deg,
        "limit_y": None if limit_deg is None else (top - limit_deg) * per_deg,
        "limit_deg": limit_deg,
        "top_deg": top,
    }
