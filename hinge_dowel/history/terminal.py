"""The history on a terminal: sessions in a table, then how angles and clean reps went over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from hinge_dowel.exercises.cues import FAULTS
from hinge_dowel.history.records import Practice, streaks, weeks_in_a_row
from hinge_dowel.report.terminal import Pen, counted, plain_table
from hinge_dowel.tolerances import DEFAULT

if TYPE_CHECKING:
    from rich.console import Console

TREND_SESSIONS = 30
"""The trend is drawn over as many of the latest sessions, a character each."""
ENDS_SESSIONS = 3
"""A trend leads from the mean of so many sessions at its beginning to that of as many at its end,
so that one odd session does not make it; of fewer, while there are fewer than twice as many."""

EMPTY = """\
No session yet.

Put a camera at hip height, 3 m away, side-on to you, and begin one:

  hinge-dowel drill

Its repetitions are then kept here: numbers only, no picture, on this machine."""

_GAP = 2
_BAR_WIDTH = 8
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_BLOCKS, _ASCII_BLOCKS = "▁▂▃▄▅▆▇█", "_.-:=+*#"
_ANGLES = (
    ("spinal_flexion_deg", "spine", DEFAULT.spinal_flexion_deg),
    ("cervical_flexion_deg", "neck", DEFAULT.cervical_flexion_deg),
    ("knee_flexion_deg", "knee", DEFAULT.squat_knee_deg),
)
# Angle, its word, and where its fault begins.


def render(sessions: Sequence[Practice], console: Console, today: date, last: int = 10) -> None:
    """Print a history: its `last` sessions one by one, and the trend over all of them."""
    if not sessions:
        console.print(EMPTY)
        return
    pen = Pen(console)
    pen.print(_heading(sessions))
    pen.print()
    shown = sessions[-last:]
    pen.print(_table(shown, pen))
    if not all(session.finished for session in shown):
        pen.print(Text("* cut off before its end, or still going on", "dim"))
    if len(sessions) > 1:
        pen.print()
        pen.print(Text("Over time; angles are medians of a session's reps", "dim"))
        pen.print(_trends(sessions, pen))
    pen.print()
    pen.print(_streaks(sessions, today))


def describe(session: Practice) -> str:
    """One session in a few words: its number, when it was, how much it holds."""
    return f"session {session.number} of {_when(session)} ({counted(len(session.reps), 'rep')})"


def _heading(sessions: Sequence[Practice]) -> Text:
    reps = [rep for session in sessions for rep in session.reps]
    clean = sum(rep.clean for rep in reps) / len(reps)
    return Text.assemble(
        (counted(len(sessions), "session"), "bold"),
        f" since {sessions[0].started:%Y-%m-%d}, {counted(len(reps), 'rep')}, ",
        f"{_percent(clean)} of them clean." if len(reps) > 1 else f"{_percent(clean)} clean.",
    )


def _when(session: Practice) -> str:
    return f"{session.started:%Y-%m-%d %H:%M}"


# -- the table -----------------------------------------------------------------------------------


def _table(sessions: Sequence[Practice], pen: Pen) -> Table:
    """One row a session; columns go from the right where the terminal is narrow."""
    for angles, fault in ((True, True), (True, False), (False, True)):
        table = _columns(sessions, pen, angles=angles, fault=fault)
        if pen.fits(table):
            return table
    return _columns(sessions, pen, angles=False, fault=False)


def _columns(sessions: Sequence[Practice], pen: Pen, *, angles: bool, fault: bool) -> Table:
    table = plain_table()
    table.add_column("#", justify="right")
    table.add_column("begun")
    table.add_column("reps", justify="right")
    table.add_column("clean")
    if angles:
        for _, joint, _ in _ANGLES:
            table.add_column(joint, justify="right")
    if fault:
        table.add_column("main fault")
    for session in sessions:
        cells = [
            Text(f"{'' if session.finished else '*'}{session.number}"),
            Text(_when(session)),
            Text(f"{len(session.reps)}/{session.sets * session.reps_a_set}"),
            _share(session.clean_share, pen),
        ]
        if angles:
            cells += [_angle(session.angle(name), limit, pen) for name, _, limit in _ANGLES]
        if fault:
            cells.append(_fault(session))
        table.add_row(*cells)
    return table


def _share(share: float, pen: Pen) -> Text:
    if pen.shows(_EIGHTHS):
        full, rest = divmod(int(share * _BAR_WIDTH * 8), 8)
        bar = _EIGHTHS[8] * full + (_EIGHTHS[rest] if rest else "")
    else:
        bar = "#" * int(share * _BAR_WIDTH)
    style = "green" if share == 1 else ""
    return Text.assemble((bar.ljust(_BAR_WIDTH), style), f" {_percent(share):>5}")


def _angle(value_deg: float | None, limit_deg: float, pen: Pen) -> Text:
    style = "red" if value_deg is not None and value_deg >= limit_deg else ""
    return Text(_degrees(value_deg, pen), style)


def _fault(session: Practice) -> Text:
    counts = Counter(key for rep in session.reps for key in rep.faults)
    if not counts:
        return Text("none" if session.status != "unusable" else "not judged", "dim")
    # The worse one of two that are as common.
    key = max(FAULTS, key=lambda key: counts[key])
    return Text(FAULTS[key].name)


def _degrees(value_deg: float | None, pen: Pen) -> str:
    return pen.glyphs.unseen if value_deg is None else f"{value_deg:.0f}{pen.glyphs.degree}"


def _percent(share: float) -> str:
    # Rounded down: 100 % means every rep.
    return f"{int(share * 100)} %"


# -- the trend -----------------------------------------------------------------------------------


def _trends(sessions: Sequence[Practice], pen: Pen) -> Table:
    """One row a measure. What it means goes, then older sessions, where the terminal is narrow."""
    for length in (TREND_SESSIONS, 20):
        for meaning in (True, False):
            table = _rows(sessions[-length:], pen, meaning=meaning)
            if pen.fits(table):
                return table
    return _rows(sessions[-10:], pen, meaning=False)


def _rows(sessions: Sequence[Practice], pen: Pen, *, meaning: bool) -> Table:
    table = Table.grid(padding=(0, _GAP, 0, 0))

    def add(
        word: str,
        values: Sequence[float | None],
        top: float,
        tell: Callable[[float], str],
        about: str,
    ) -> None:
        known = [value for value in values if value is not None]
        if len(known) > 1:
            first, now = _ends(known)
            way = f"{tell(first)} {pen.glyphs.arrow} {tell(now)}"
            cells = [Text(word), Text(_spark(values, top, pen)), Text(way)]
            table.add_row(*cells, *([Text(about, "dim")] if meaning else []))

    def degrees(value: float) -> str:
        return _degrees(value, pen)

    shares = [session.clean_share for session in sessions]
    add("clean reps", shares, 1.0, _percent, "")
    for name, joint, limit in _ANGLES:
        values = [session.angle(name) for session in sessions]
        add(joint, values, 2 * limit, degrees, f"fault from {degrees(limit)}")
    depths = [session.angle("hip_flexion_deg") for session in sessions]
    add("hip", depths, DEFAULT.too_deep_deg, degrees, "how deep")
    return table


def _ends(values: Sequence[float]) -> tuple[float, float]:
    count = max(1, min(ENDS_SESSIONS, len(values) // 2))
    return sum(values[:count]) / count, sum(values[-count:]) / count


def _spark(values: Sequence[float | None], top: float, pen: Pen) -> str:
    """One character a session; from nothing to `top` the blocks grow, whatever the others are."""
    blocks = _BLOCKS if pen.shows(_BLOCKS) else _ASCII_BLOCKS
    heights = len(blocks)
    return "".join(
        " " if value is None else blocks[min(max(int(value / top * heights), 0), heights - 1)]
        for value in values
    )


def _streaks(sessions: Sequence[Practice], today: date) -> Text:
    run, longest = streaks(sessions)
    if not longest:
        said = "No clean session yet."
    elif run == longest:
        said = f"Clean sessions in a row: {run}, your longest run."
    else:
        said = f"Clean sessions in a row: {run}; your longest run was {longest}."
    weeks = weeks_in_a_row(sessions, today)
    if weeks:
        said += f" Weeks in a row with a session: {weeks}."
    return Text(said)
