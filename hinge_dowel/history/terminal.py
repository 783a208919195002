"""Prints the history on a terminal: a table of sessions, then angles and clean reps over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hinge_dowel.exercises.cues import FAULTS
from hinge_dowel.history.records import SessionRecord, alike, persons, streaks, weeks_in_a_row
from hinge_dowel.history.trends import Trend, best_session, by_exercise, trends
from hinge_dowel.report.comparison import Change, Measured, over
from hinge_dowel.report.measures import MAIN_ANGLES, Measure, top_of
from hinge_dowel.report.sentences import exercise_words
from hinge_dowel.report.tally import clean_share, done, most_common
from hinge_dowel.report.terminal import TerminalPen, plain_table
from hinge_dowel.report.wording import capital, counted, numbers_in_runs, percent
from hinge_dowel.system.typed_commands import own_command

TREND_SESSIONS = (30, 20, 10)
"""Numbers of latest sessions that a trend may show, a character each: the first that fits."""

EMPTY = """\
No session yet.

Put a camera at hip height, 3 m away, side-on to you, and begin one:

  {command} drill

Its repetitions are then kept here: numbers only, no picture, on this machine."""

TOLD: tuple[Change, ...] = ("less", "more")
"""The changes that are told."""
_BAR_WIDTH = 8
"""Width of the bar that shows a share, in characters."""
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_BLOCKS, _ASCII_BLOCKS = "▁▂▃▄▅▆▇█", "_.-:=+*#"


def render(
    sessions: Sequence[SessionRecord],
    console: Console,
    today: date,
    last: int = 10,
    who: str | None = None,
) -> None:
    """Print a history: its `last` sessions one by one, and the trend of each exercise over all.

    `who` is the person whose sessions these are, None where none was asked for.
    """
    pen = TerminalPen(console)
    if not sessions:
        pen.print(
            f"No session of {pen.plain(who)} yet." if who else EMPTY.format(command=own_command())
        )
        return
    pen.print(_heading(sessions, who, pen))
    shown = sessions[-last:]
    more = f"The last {len(shown)} of them; --last {len(sessions)} shows all."
    pen.print(Text(more if len(shown) < len(sessions) else "", "dim"))
    listed, noted = _table(shown, pen)
    pen.print(listed)
    if not noted and (notes := _notes(shown, pen)):
        pen.print(Text(f"Notes: {'; '.join(notes)}", "dim"))
    if not all(session.finished for session in shown):
        pen.print(Text("* cut off before its end, or still going on", "dim"))
    if _of_several(sessions):
        names = ", ".join(map(pen.plain, persons(sessions)))
        pen.print()
        pen.print(Text(f"--who NAME shows one person over time: {names}."))
        return
    exercises = by_exercise(sessions)
    any_change = False
    for exercise, practised in exercises.items():
        over_time = trends(practised)
        table = trend_table(practised, pen, over_time)
        if table is not None:
            pen.print()
            if len(exercises) > 1:
                pen.print(Text(capital(exercise_words(exercise)), "bold"))
            pen.print(table)
            any_change |= any(trend.change in TOLD for trend in over_time)
    if any_change:
        pen.print(
            Text("Medians of a session; less, more: by more than the measuring error.", "dim")
        )
    pen.print()
    pen.print(_streaks(sessions, today))


def after_session(history: Sequence[SessionRecord], number: int | None, console: Console) -> None:
    """Print a session just done against the same person's first and best of the same exercise.

    `number` is the session's in the history; prints nothing if it was not stored, or is the first.
    """
    sessions = alike(history, number)
    pen = TerminalPen(console)
    table = trend_table(sessions, pen, trends(sessions))
    if table is not None:
        exercise = capital(_exercise(sessions[-1]))
        pen.print()
        pen.print(Text(f"{exercise}, this session last", "bold"))
        pen.print(table)


def describe(session: SessionRecord) -> str:
    """Return one session in a few words: its number, time, and number of reps."""
    return f"session {session.number} of {_when(session)} ({counted(len(session.reps), 'rep')})"


def _heading(sessions: Sequence[SessionRecord], who: str | None, pen: TerminalPen) -> Text:
    reps = [rep for session in sessions for rep in session.counted]
    clean = clean_share(reps) or 0.0
    return Text.assemble(
        (f"{pen.plain(who)}: " if who else "", "bold"),
        (counted(len(sessions), "session"), "bold"),
        f" since {sessions[0].started:%Y-%m-%d}, {counted(len(reps), 'rep')} judged",
        f", {percent(clean)} of them clean." if len(reps) > 1 else f", {percent(clean)} clean.",
    )


def _of_several(sessions: Sequence[SessionRecord]) -> bool:
    """Return whether the sessions are of several persons; those without a name count as one."""
    return len(persons(sessions)) + any(session.who is None for session in sessions) > 1


def _notes(sessions: Sequence[SessionRecord], pen: TerminalPen) -> list[str]:
    """Return each note behind the numbers of the sessions that have it."""
    numbers: dict[str, list[int]] = {}
    for session in sessions:
        if session.verdict.note:
            numbers.setdefault(session.verdict.note, []).append(session.number)
    return [f"{numbers_in_runs(sorted(some))} {pen.plain(note)}" for note, some in numbers.items()]


def _when(session: SessionRecord) -> str:
    return f"{session.started:%Y-%m-%d %H:%M}"


# -- the table -----------------------------------------------------------------------------------


Column = tuple[str, str, Callable[[SessionRecord], Text]]
"""The part of the table a column belongs to ("": always shown), its heading, and cells."""
_RIGHT = ("#", "reps", *(angle.word for angle in MAIN_ANGLES[:3]))
"""The headings of the columns that are aligned right."""
_PARTS = (
    ("who", "exercise", "angles", "fault", "note"),
    ("who", "exercise", "angles", "fault"),
    ("who", "exercise", "angles"),
    ("who", "exercise", "fault"),
    ("who", "exercise"),
    ("exercise",),
)
"""Sets of optional columns, in the order in which they are tried until one fits the terminal."""


def _table(sessions: Sequence[SessionRecord], pen: TerminalPen) -> tuple[Table, bool]:
    """Return a table of one row per session, with as many columns as fit; and if notes did."""
    useful = {"angles", "fault"}
    if _of_several(sessions):
        useful.add("who")
    if len({session.verdict.exercise for session in sessions}) > 1:
        useful.add("exercise")
    if any(map(_remark, sessions)):
        useful.add("note")
    for parts in _PARTS:
        table = _columns(sessions, pen, useful & set(parts))
        if pen.fits(table):
            return table, "note" in parts
    return _columns(sessions, pen, set()), False


def _columns(sessions: Sequence[SessionRecord], pen: TerminalPen, parts: set[str]) -> Table:
    """Return the table with the columns always shown and those in `parts`."""
    angles: list[Column] = [
        ("angles", angle.word, partial(_angle, angle=angle, pen=pen)) for angle in MAIN_ANGLES[:3]
    ]
    columns: list[Column] = [
        ("", "#", lambda one: Text(f"{'' if one.finished else '*'}{one.number}")),
        ("", "begun", lambda one: Text(_when(one))),
        ("who", "who", lambda one: Text(pen.plain(one.who or ""))),
        ("exercise", "exercise", lambda one: Text(pen.plain(_exercise(one)))),
        ("", "reps", lambda one: Text(_amount(one))),
        ("", "clean", lambda one: _share(one.clean_share, pen)),
        *angles,
        ("fault", "main fault", _fault),
        ("note", "note", lambda one: Text(pen.plain(_remark(one)), "dim")),
    ]
    shown = [column for column in columns if not column[0] or column[0] in parts]
    rows = [[cell(session) for *_, cell in shown] for session in sessions]
    return plain_table([head for _, head, _ in shown], rows, _RIGHT)


def _exercise(session: SessionRecord) -> str:
    return exercise_words(session.verdict.exercise)


def _remark(session: SessionRecord) -> str:
    """Return the name of a clip, and the note."""
    said = (session.verdict.clip if session.kind == "check" else None, session.verdict.note)
    return ": ".join(filter(None, said))


def _amount(session: SessionRecord) -> str:
    """Return reps done of those planned; without a plan, the number of reps, half ones as such."""
    reps = session.verdict.reps
    count = done(reps)
    if session.kind == "drill" and session.sets:
        return f"{count}/{session.sets * session.reps_a_set}"
    number = f"{count}" if count else f"{len(reps)} half"
    return f"clip {number}" if session.kind == "check" else number


def _share(share: float | None, pen: TerminalPen) -> Text:
    if share is None:
        return Text(pen.glyphs.unseen.rjust(_BAR_WIDTH + 6))
    if pen.shows(_EIGHTHS):
        full, rest = divmod(int(share * _BAR_WIDTH * 8), 8)
        bar = _EIGHTHS[8] * full + (_EIGHTHS[rest] if rest else "")
    else:
        bar = "#" * int(share * _BAR_WIDTH)
    style = "green" if share == 1 else ""
    return Text.assemble((bar.ljust(_BAR_WIDTH), style), f" {percent(share):>5}")


def _angle(session: SessionRecord, angle: Measure, pen: TerminalPen) -> Text:
    """Return the median of an angle, red from the limit that was applied in that session on."""
    seen, limit_deg = over(session.verdict.reps, angle), session.verdict.limits.get(angle.key)
    past = seen is not None and limit_deg is not None and seen.value >= limit_deg
    return Text(_written(angle, seen, pen), "red" if past else "")


def _fault(session: SessionRecord) -> Text:
    fault, _ = most_common(rep.sure_faults for rep in session.verdict.reps)
    maybe, _ = most_common(rep.faults for rep in session.verdict.reps)
    if fault is not None:
        return Text(FAULTS[fault].name)
    if maybe is not None:
        return Text(f"{FAULTS[maybe].name}?")
    return Text("none" if session.verdict.status != "unusable" else "not judged", "dim")


# -- the trend -----------------------------------------------------------------------------------


def trend_table(
    sessions: Sequence[SessionRecord], pen: TerminalPen, over_time: Sequence[Trend]
) -> Table | None:
    """Return a table of trends over sessions of one exercise: curve, first, best and last value.

    `over_time` are their `trends`, a row each. On a narrow terminal the words on change are left
    out, then older sessions. None for fewer than two sessions.
    """
    if len(sessions) < 2:
        return None
    for length in TREND_SESSIONS:
        for with_change in (True, False):
            table = _trend_rows(sessions, over_time, pen, length=length, with_change=with_change)
            if pen.fits(table):
                return table
    return _trend_rows(sessions, over_time, pen, length=0, with_change=False)


def _trend_rows(
    sessions: Sequence[SessionRecord],
    over_time: Sequence[Trend],
    pen: TerminalPen,
    *,
    length: int,
    with_change: bool,
) -> Table:
    """Return the table with curves of the `length` latest sessions."""
    ends_of = ("first", "best", "last")
    heads = ["", f"last {length}" if len(sessions) > length > 0 else "over time", *ends_of]
    shares = [session.clean_share for session in sessions]
    ends = [shares[0], best_session(sessions).clean_share, shares[-1]]
    rows = [["clean reps", spark(shares[-length:] if length else (), 1.0, pen)]]
    rows[0] += [pen.glyphs.unseen if one is None else percent(one) for one in ends] + [""]
    for trend in over_time:
        measure = trend.measure
        top = top_of(measure.key, sessions[-1].verdict.limits)
        drawn = spark(trend.values[-length:] if length else (), top, pen)
        written = [_written(measure, one, pen) for one in (trend.first, trend.best, trend.last)]
        rows.append([measure.word, drawn, *written, trend.change if trend.change in TOLD else ""])
    cells = [[*map(Text, row[:-1]), Text(row[-1], "dim")] for row in rows]
    return plain_table([*heads, ""] if with_change else heads, cells, ends_of)


def _written(measure: Measure, value: Measured | None, pen: TerminalPen) -> str:
    if value is None:
        return pen.glyphs.unseen
    return measure.written(value.value) + measure.suffix(pen.glyphs.degree)


def spark(values: Sequence[float | None], top: float, pen: TerminalPen) -> str:
    """Return a block character per value, its height from 0 to `top`; a space for None."""
    blocks = _BLOCKS if pen.shows(_BLOCKS) else _ASCII_BLOCKS
    heights = len(blocks)
    return "".join(
        " " if value is None else blocks[min(max(int(value / top * heights), 0), heights - 1)]
        for value in values
    )


def _streaks(sessions: Sequence[SessionRecord], today: date) -> Text:
    run, longest = streaks(sessions)
    if not longest:
        too_short = any(one.short and one.verdict.status == "clean" for one in sessions)
        said = f"No clean session{' long enough to count' if too_short else ''} yet."
    elif run == longest:
        said = f"Clean sessions in a row: {run}, your longest run."
    else:
        said = f"Clean sessions in a row: {run}; your longest run was {longest}."
    weeks = weeks_in_a_row(sessions, today)
    if weeks:
        said += f" Weeks in a row with a session: {weeks}."
    return Text(said)
