"""Compares two clips or sessions on a terminal: best and worst rep, curves, what changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from hinge_dowel.report import contacts, sentences, wording
from hinge_dowel.report.comparison import (
    CHANGE_WORDS,
    Changed,
    Side,
    changes,
    curved,
    most_reps,
    sentence,
)
from hinge_dowel.report.curve_plot import BOTH, A, Axis, B, Curve, furthest_apart, overlaid
from hinge_dowel.report.measures import MAIN_ANGLES, Measure, top_of
from hinge_dowel.report.tally import clean_share
from hinge_dowel.report.terminal import LIGHT_STYLES, TerminalPen, plain_table
from hinge_dowel.report.wording import capital
from hinge_dowel.verdict import Rep

CURVE_STYLES = {A: "magenta", B: "cyan", BOTH: "bold"}
_MOST_COLUMNS = {1: 80, 2: 40}
"""The most characters of a curve, by the number of plots side by side. Layout."""
_PLOT_ROWS = (5, 8)
"""The fewest and the most rows of a plot. Layout."""
_LEAST_ROWS = 4
"""The fewest rows where there is room for one plot only. Layout."""
_LINES_AROUND = 2
"""Lines of the plots' table beside the plots: what they are, and the axis below."""
_REP_COLUMNS = 4
"""Columns from one rep to the next, where there is room. Layout."""
_HEAD = 10
"""Width of the column of the measures' names and the axis. Layout."""


def render(a: Side, b: Side, console: Console) -> None:
    """Print the comparison; both sides must have at least one repetition."""
    pen = TerminalPen(console)
    above: list[RenderableType] = [_heading("A", a, pen), _heading("B", b, pen)]
    if a.verdict.exercise != b.verdict.exercise:
        differ = "Two exercises: what is right in one may be wrong in the other."
        above.append(Text(differ, "yellow"))
    reps = _rep_columns(a, b, pen, intervals=True)
    if not pen.fits(reps):
        reps = _rep_columns(a, b, pen, intervals=False)
    above += [Text(), reps, _legend(b, pen)]
    below: list[RenderableType] = [Text()]
    below += [Text(pen.plain(line)) for line in changed_lines(a, b, pen.glyphs.arrow)]
    # The last line of the terminal is the prompt's.
    room = console.height - 1 - sum(map(pen.lines, (*above, *below)))
    for part in (*above, _curves(a, b, pen, room), *below):
        pen.print(part)


def changed_lines(a: Side, b: Side, arrow: str) -> list[str]:
    """Return the changes from A to B, a sentence each, and one for all that has not changed."""
    measures = changes(a.verdict.reps, b.verdict.reps)
    lines = []
    before, after = (clean_share(side.verdict.reps) for side in (a, b))
    if before is not None and after is not None:
        lines.append(f"Clean reps {wording.percent(before)} {arrow} {wording.percent(after)}.")
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


def _legend(b: Side, pen: TerminalPen) -> Text:
    """Return what the characters of the plots mean."""
    text = Text.assemble(
        (A, CURVE_STYLES[A]), " and ", (B, CURVE_STYLES[B]), ", ", (BOTH, CURVE_STYLES[BOTH])
    )
    text.append(" where both are; degrees of change from standing")
    if any(measure.key in b.verdict.limits for measure in MAIN_ANGLES):
        text.append(f"; {pen.glyphs.bullet} {pen.glyphs.bullet} the limit of B")
    text.stylize("dim")
    return text


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


def _curves(a: Side, b: Side, pen: TerminalPen, most_lines: int) -> Table:
    """Return a table of plots, A and B over one another, of the best and the worst rep.

    Of the angles those are drawn that fit `most_lines`, the ones in which A and B differ most; one
    at least. Where they have no curves (`curved`), they go rep by rep.
    """
    drawn = curved(a, b)
    heads = ("best rep", "worst rep") if drawn else ("rep by rep",)
    columns = min((pen.width - _HEAD - 3) // len(heads) - 2, _MOST_COLUMNS[len(heads)])
    lines_of = _of_times if drawn else _of_reps
    panels = [_Panel(measure, lines_of(a, b, measure, columns), a, b) for measure in MAIN_ANGLES]
    room = most_lines - _LINES_AROUND
    count = min(max(room // _PLOT_ROWS[0], 1), len(panels))
    rows = min(max(room // count, _LEAST_ROWS), _PLOT_ROWS[1])
    shown = sorted(panels, key=lambda panel: panel.apart, reverse=True)[:count]
    cells = [row for panel in panels if panel in shown for row in panel.rows(rows, pen)]
    ends = ("start", "end") if drawn else ("rep 1", str(most_reps(a, b)))
    return plain_table(
        ["", *heads], [*cells, ["", *[_axis(*ends, panels[0].columns)] * len(heads)]]
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Panel:
    """One angle: a plot of A and B for each of `pairs`, all on one scale."""

    measure: Measure
    pairs: Sequence[tuple[Curve, Curve]]
    a: Side
    b: Side

    @property
    def columns(self) -> int:
        return max(len(curve) for pair in self.pairs for curve in pair)

    @property
    def top(self) -> float:
        return max(top_of(self.measure.key, side.verdict.limits) for side in (self.a, self.b))

    @property
    def apart(self) -> float:
        """How far apart A and B are at most, as a share of the scale."""
        return max(furthest_apart(*pair) for pair in self.pairs) / self.top

    def rows(self, count: int, pen: TerminalPen) -> list[list[Text]]:
        """Return the table's rows: labels of the axis, then a plot for each of the pairs."""
        values = [value for pair in self.pairs for curve in pair for value in curve]
        seen = [value for value in values if value is not None]
        axis = Axis.over(seen, self.top, count)
        limit_deg = self.b.verdict.limits.get(self.measure.key)
        labels = dict.fromkeys(range(count), "")
        for value in (limit_deg, axis.low, axis.high):
            if value is not None:
                labels[axis.row(value)] = self.measure.written(value) + pen.glyphs.degree
        plots = [
            overlaid(*pair, axis, line_at=limit_deg, mark=pen.glyphs.bullet) for pair in self.pairs
        ]
        words = [self.measure.word, *[""] * (count - 1)]
        return [
            [Text(f"{words[row]:<5}{labels[row]:>5}"), *(_inked(plot[row]) for plot in plots)]
            for row in range(count)
        ]


def _inked(row: str) -> Text:
    """Return a row of a plot between bars, in the colours of its curves."""
    text = Text("|", "dim")
    for char in row:
        text.append(char, CURVE_STYLES.get(char, "dim"))
    return text


def _axis(first: str, last: str, columns: int) -> Text:
    return Text(f" {first}{last.rjust(max(columns - len(first), len(last) + 1))}", "dim")


def _of_times(a: Side, b: Side, measure: Measure, columns: int) -> list[tuple[Curve, Curve]]:
    """Return the curves of the best reps and of the worst, each from its start to its end."""
    return [
        (_curve(a, one, measure.key, columns), _curve(b, other, measure.key, columns))
        for one, other in zip(a.best_and_worst, b.best_and_worst, strict=True)
    ]


def _curve(side: Side, rep: Rep, key: str, columns: int) -> Curve:
    values = side.curve(rep, key, columns)
    shown = [math.nan] * columns if values is None else values.tolist()
    return [None if math.isnan(value) else value for value in shown]


def _of_reps(a: Side, b: Side, measure: Measure, columns: int) -> list[tuple[Curve, Curve]]:
    """Return the values of a measure rep by rep, the same rep of both in the same column."""
    count = most_reps(a, b)
    columns = min(columns, _REP_COLUMNS * (count - 1) + 1)
    curves = []
    for side in (a, b):
        curve: list[float | None] = [None] * columns
        for place, value in enumerate(side.by_rep(measure, count)):
            curve[round(place * (columns - 1) / max(count - 1, 1))] = value
        curves.append(curve)
    return [(curves[0], curves[1])]
