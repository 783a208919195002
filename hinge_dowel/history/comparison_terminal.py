"""Compares two clips or sessions on a terminal: best and worst rep, curves, what changed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hinge_dowel.history.terminal import spark
from hinge_dowel.history.trends import top_of
from hinge_dowel.report import contacts, sentences
from hinge_dowel.report.comparison import CHANGE_WORDS, Changed, Side, changes, sentence
from hinge_dowel.report.sentences import MAIN_ANGLES, Measure, capital
from hinge_dowel.report.tally import clean_share
from hinge_dowel.report.terminal import LIGHT_STYLES, TerminalPen, plain_table
from hinge_dowel.verdict import Rep

SPINE_AND_KNEE = (MAIN_ANGLES[0], MAIN_ANGLES[2])
"""The angles drawn on a terminal with too few lines for all."""
TALL_LINES = 30
"""Fewest lines of a terminal that shows the curves of all angles without scrolling."""
_CURVE_WIDTHS = (8, 40)
"""The fewest and the most characters of one curve: a choice."""
_HEAD = 8
"""Width of the column of the measures' names."""


def render(a: Side, b: Side, console: Console) -> None:
    """Print the comparison; both sides must have at least one repetition."""
    pen = TerminalPen(console)
    for letter, side in (("A", a), ("B", b)):
        pen.print(_heading(letter, side, pen))
    if a.verdict.exercise != b.verdict.exercise:
        pen.print(Text("Two exercises: what is right in one may be wrong in the other.", "yellow"))
    pen.print()
    reps = _rep_columns(a, b, pen, intervals=True)
    pen.print(reps if pen.fits(reps) else _rep_columns(a, b, pen, intervals=False))
    pen.print()
    pen.print(_curves(a, b, pen, MAIN_ANGLES if console.height >= TALL_LINES else SPINE_AND_KNEE))
    pen.print()
    for line in changed_lines(a, b, pen.glyphs.arrow):
        pen.print(Text(pen.plain(line)))


def changed_lines(a: Side, b: Side, arrow: str) -> list[str]:
    """Return the changes from A to B, a sentence each, and one for all that has not changed."""
    measures = changes(a.verdict.reps, b.verdict.reps)
    lines = []
    before, after = (clean_share(side.verdict.reps) for side in (a, b))
    if before is not None and after is not None:
        lines.append(f"Clean reps {sentences.percent(before)} {arrow} {sentences.percent(after)}.")
    lines += [
        f"{capital(sentence(one, arrow))}." for one in measures if one.change in ("less", "more")
    ]
    same = [_short(one, arrow) for one in measures if one.change == "same"]
    if same:
        lines.append(f"{capital(CHANGE_WORDS['same'])}: {', '.join(same)}.")
    unknown = [_short(one, arrow) for one in measures if one.change == "unknown"]
    if unknown:
        lines.append(f"Not weighed, as {CHANGE_WORDS['unknown']}: {', '.join(unknown)}.")
    return lines


def _short(one: Changed, arrow: str) -> str:
    return f"{one.measure.word} {one.values(arrow)}{one.measure.suffix('')}"


def _heading(letter: str, side: Side, pen: TerminalPen) -> Text:
    setting = f" ({side.setting})" if side.setting else ""
    said = sentences.sentence(side.verdict, pen.glyphs.unseen)
    return Text.assemble(
        (f"{letter}  {pen.plain(side.name)}", "bold"), pen.plain(f"{setting}: "), pen.plain(said)
    )


def _rep_columns(a: Side, b: Side, pen: TerminalPen, *, intervals: bool) -> Table:
    """Return a table of the best and worst reps."""
    (best_a, worst_a), (best_b, worst_b) = a.best_and_worst, b.best_and_worst
    shown = (best_a, best_b, worst_a, worst_b)
    words = ("best A", "best B", "worst A", "worst B")
    heads = [f"{word} ({rep.number})" for word, rep in zip(words, shown, strict=True)]
    rows = [
        [Text(measure.word), *(_value(measure, rep, pen, intervals) for rep in shown)]
        for measure in MAIN_ANGLES
    ]
    rows.append([Text(f"{'seen':<{_HEAD}}"), *map(_seen, shown)])
    return plain_table(["", *heads], rows)


def _value(measure: Measure, rep: Rep, pen: TerminalPen, intervals: bool) -> Text:
    value = measure.of(rep)
    if value is None:
        return Text(pen.glyphs.unseen, "dim")
    text = Text(f"{measure.written(value):>3}{pen.glyphs.degree}")
    ends = rep.intervals_deg.get(measure.key)
    if ends is not None and intervals:
        text.append(f" {measure.written(ends[0])} to {measure.written(ends[1])}", "dim")
    return text


def _seen(rep: Rep) -> Text:
    return Text(sentences.outcome(rep).replace(", ", "\n"), LIGHT_STYLES[contacts.of_whole(rep)])


def _curves(a: Side, b: Side, pen: TerminalPen, measures: Sequence[Measure]) -> Table:
    """Return a table of curves, A over B on one scale, of the best and the worst rep.

    Where a side has no curves (sessions store one value per rep), they go rep by rep.
    """
    drawn = all(side.verdict.series is not None for side in (a, b))
    heads = ("best rep", "worst rep") if drawn else ("rep by rep",)
    rows = []
    room = max((pen.width - _HEAD - 3) // len(heads) - 2, _CURVE_WIDTHS[0])
    for measure in measures:
        lines = [
            _drawn(side, measure.key, min(room, _CURVE_WIDTHS[1]))
            if drawn
            else [_by_rep(side, measure, room)]
            for side in (a, b)
        ]
        values = [value for both in lines for line in both for value in line if value is not None]
        top = max([*(top_of(measure.key, side.verdict.limits) for side in (a, b)), *values])
        for letter, both in zip("AB", lines, strict=True):
            word = measure.word if letter == "A" else ""
            curves = [spark(line, top, pen) for line in both]
            rows.append([f"{word:<{_HEAD - 2}}", letter, *curves])
    return plain_table(["", "", *heads], rows)


def _drawn(side: Side, key: str, points: int) -> list[list[float | None]]:
    lines: list[list[float | None]] = []
    for rep in side.best_and_worst:
        values = side.curve(rep, key, points)
        shown = [] if values is None else values.tolist()
        lines.append([None if math.isnan(value) else value for value in shown])
    return lines


def _by_rep(side: Side, measure: Measure, most: int) -> list[float | None]:
    """Return a measure of every rep, or of `most` evenly spaced ones."""
    values = [measure.of(rep) for rep in side.verdict.reps]
    if len(values) <= most:
        return values
    return [values[int(i * len(values) / most)] for i in range(most)]
