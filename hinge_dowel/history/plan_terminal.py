"""Prints the plan on a terminal: the ladder, the next session, the sessions that led there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hinge_dowel.exercises.catalogue import EXERCISES
from hinge_dowel.exercises.cues import FAULTS
from hinge_dowel.exercises.describe import cue
from hinge_dowel.exercises.ladder import (
    CLEAN_TO_MOVE_ON,
    LEARNING_WEEKS,
    LEVELS,
    WEIGHTS_WEEKS,
    LadderPlace,
    NextSession,
    Step,
)
from hinge_dowel.history import plan
from hinge_dowel.history.records import SessionRecord
from hinge_dowel.report.sentences import exercise_words
from hinge_dowel.report.terminal import TerminalPen, paragraphs
from hinge_dowel.report.wording import capital, counted
from hinge_dowel.system.typed_commands import command_for

SHOWN_STEPS = 5
"""Number of latest sessions listed, so that all fits 24 lines."""
_BETWEEN = "  "
_HEAD = 8
"""Width of the column of headings beside the paragraphs."""
_MARKS = {"done": "✓", "here": "▶", "ahead": "·"}
_ASCII_MARKS = {"done": "x", "here": ">", "ahead": "-"}
_COUNTED = {
    "short": "too few judged reps to count",
    "easier": "of a level below: does not count here",
    "harder": "faults at a level above: does not count here",
    "elsewhere": "not on the ladder",
}
_BACK = "Two sessions in a row with faults in half of the reps or more lead one level down."
_MOVED = {"": "", "began": ", entered here", "up": ", moved up here", "down": ", one level down"}


def render(
    now: LadderPlace, upcoming: NextSession, who: str | None, console: Console, today: date
) -> None:
    """Print a person's place on the ladder, what to do next, and why."""
    pen = TerminalPen(console)
    rung = LEVELS.index(now.level) + 1
    pen.print(
        Text.assemble(
            (f"{pen.plain(who)}: level" if who else "Level", "bold"),
            (f" {rung} of {len(LEVELS)}, {exercise_words(now.level.name)}", "bold"),
            f". {now.level.aim}",
        )
    )
    pen.print()
    pen.print(_ladder(now, pen))
    pen.print()
    parts = _paragraphs(now, upcoming, who, today)
    told = [(Text(head, "bold"), Text(pen.plain(text))) for head, text in parts]
    pen.print(paragraphs(told, _HEAD, gap=2))
    if now.steps:
        pen.print()
        pen.print(_steps(now.steps, pen))


def print_next(
    history: Sequence[SessionRecord], number: int | None, console: Console, today: date
) -> None:
    """Print the plan's next session in one line; nothing if session `number` was not stored."""
    session = next((one for one in history if one.number == number), None)
    if session is not None:
        upcoming = plan.next_session(history, session.who, today)
        pen = TerminalPen(console)
        said = f"{exercise_words(upcoming.exercise)}, {upcoming.sets} x {upcoming.reps}, "
        said += f"{_due(upcoming.due, today)} (why: {command_for('plan', session.who)})."
        pen.print()
        pen.print(Text.assemble(("The plan: ", "bold"), pen.plain(said)))


def _ladder(now: LadderPlace, pen: TerminalPen) -> Text:
    """Return all levels, marked as done, here or ahead; no level is broken over two lines."""
    marks = _MARKS if pen.shows("".join(_MARKS.values())) else _ASCII_MARKS
    here = LEVELS.index(now.level)
    text, column = Text(), 0
    for place, level in enumerate(LEVELS):
        state = "done" if place < here else "here" if place == here else "ahead"
        style = {"done": "green", "here": "bold", "ahead": "dim"}[state]
        part = f"{marks[state]} {exercise_words(level.name)}"
        if column and column + len(_BETWEEN) + len(part) > pen.width:
            text.append("\n")
            column = 0
        between = _BETWEEN if column else ""
        text.append(between).append(part, style)
        column += len(between) + len(part)
    return text


def _paragraphs(
    now: LadderPlace, upcoming: NextSession, who: str | None, today: date
) -> list[tuple[str, str]]:
    dose = f"{counted(upcoming.sets, 'set')} of {counted(upcoming.reps, 'rep')}"
    due = _due(upcoming.due, today)
    title = capital(EXERCISES[upcoming.exercise].title)
    said = f"{title}, {dose}, {upcoming.rest_s:.0f} s rest; {due}."
    parts = [("Next", said), ("Cue", _cue(upcoming)), ("Begin", command_for("drill", who))]
    return [*parts, ("Move on", _move_on(now)), ("Time", _time(now, today))]


def _due(due: date, today: date) -> str:
    days = (due - today).days
    when = {0: "due today", 1: "due tomorrow"}.get(days)
    return when or f"due on {due:%A}, {due.isoformat()}"


def _cue(upcoming: NextSession) -> str:
    """Return the one thing to think of: the cue for the last fault, or how the movement goes."""
    if upcoming.fault is not None:
        return cue(upcoming.exercise, upcoming.fault)
    # Step 0 is how to stand, step 1 the way down.
    return EXERCISES[upcoming.exercise].steps[1]


def _move_on(now: LadderPlace) -> str:
    rung = LEVELS.index(now.level)
    if now.finished:
        return "You are at the end of the ladder: keep it clean, add reps, then weight."
    if now.weights_from is not None:
        return (
            f"All clean here. The next level carries a weight, which is due {WEIGHTS_WEEKS[0]} "
            f"weeks after the first session: from {now.weights_from.isoformat()}."
        )
    left = CLEAN_TO_MOVE_ON - now.clean
    to = (
        f"then {exercise_words(LEVELS[rung + 1].name)}"
        if rung + 1 < len(LEVELS)
        else "and it is done"
    )
    need = f"{counted(left, 'clean session')} in a row" if left > 1 else "One more clean session"
    back = f" {_BACK}" if rung else ""
    return f"{need}, {to}.{back}"


def _time(now: LadderPlace, today: date) -> str:
    learn, weights = ("{} to {}".format(*weeks) for weeks in (LEARNING_WEEKS, WEIGHTS_WEEKS))
    often = "every other day" if now.level.loaded else "every day"
    began = ""
    if now.began is not None:
        weeks = max((today - now.began).days, 0) // 7
        began = f" You began {counted(weeks, 'week')} ago." if weeks else " You began this week."
    return f"The pattern takes {learn} weeks to learn, {weights} until weights; {often}.{began}"


def _steps(steps: tuple[Step, ...], pen: TerminalPen) -> Table:
    """Return a table of the latest sessions and what each counted as."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(4):
        table.add_column(overflow="fold")
    shown = steps[-SHOWN_STEPS:]
    for place, step in enumerate(shown):
        session = step.session
        head = "Why" if place == 0 else ""
        table.add_row(
            Text(f"{head:<{_HEAD}}", "bold"),
            Text(f"{session.day.isoformat()} #{session.number}", "dim"),
            Text(pen.plain(exercise_words(session.exercise))),
            Text(_counted(step), {"clean": "green", "faulty": "red"}.get(step.counted, "dim")),
        )
    return table


def _counted(step: Step) -> str:
    session = step.session
    if step.counted == "clean":
        said = "clean"
    elif step.counted == "faulty":
        name = FAULTS[session.fault].name if session.fault else "a fault"
        said = f"{name}, {session.faulty} of {session.judged} reps faulty"
    else:
        said = _COUNTED[step.counted]
    return said + _MOVED[step.moved]
