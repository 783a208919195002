"""Verdicts on a terminal: a table for every clip, then a summary.

Meaning is carried by words and shapes; colour only repeats it. Where a terminal cannot show the
shapes, plain ASCII stands in. No line is longer than the terminal is wide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from shutil import get_terminal_size
from typing import IO, NamedTuple, NoReturn

from rich.console import Console, ConsoleDimensions, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from hinge_dowel.exercises.cues import CONTACTS, FAULTS, note
from hinge_dowel.report import contacts, measures, sentences
from hinge_dowel.report.contacts import Light
from hinge_dowel.report.tally import tally
from hinge_dowel.report.wording import capital, counted, number
from hinge_dowel.verdict import ANGLE_OF, Rep, Verdict

MAX_WIDTH = 100
"""Most columns used of a wider terminal: longer lines are hard to read. Layout."""

_MAYBE = "yellow"
"""The style of whatever is in doubt."""
LIGHT_STYLES = {"on": "green", "close": _MAYBE, "off": "bold red", "unseen": "dim"}
_STATUS_STYLES = {"clean": "green", "faulty": "red", "maybe": _MAYBE, "unusable": "magenta"}
_GAP = 2
"""Columns of space between cells. Layout."""
_LEAST_NAME = 8
"""Least columns of a clip's name. Layout."""


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError  # rich would exit with status 1, which here means "a fault found"


MOST_CLIPS = 24
"""Most clips shown one by one; more are summed up. A choice: as many as a person reads."""


def console_for(file: IO[str], *, no_color: bool = False) -> Console:
    """Return a console without markup; it obeys `NO_COLOR` and the terminal's abilities."""
    console = _Console(
        file=file, no_color=no_color or None, highlight=False, markup=False, emoji=False
    )
    if console.is_dumb_terminal:  # which rich takes for 80 columns wide
        console.size = ConsoleDimensions(*get_terminal_size())
    return console


def render(verdicts: Sequence[Verdict], console: Console) -> None:
    """Print every clip, then, for several clips, a summary.

    Of more than `MOST_CLIPS` only those that could not be checked are shown before the summary.
    """
    pen = TerminalPen(console)
    few = len(verdicts) <= MOST_CLIPS
    for verdict in verdicts:
        if few or verdict.status == "unusable":
            _clip(verdict, pen)
            pen.print()
    if few and any(verdict.reps for verdict in verdicts):
        pen.print(_legend(verdicts, pen))
    if len(verdicts) > 1:
        pen.print()
        pen.print(_summary(verdicts, pen))
        pen.print()
        pen.print(Text(counts(verdicts), "bold"))


def hint(text: str, command: str, console: Console) -> None:
    """Print what can be done next, and the command in a line of its own that is never broken."""
    pen = TerminalPen(console)
    pen.print()
    pen.print(Text(pen.plain(text), "dim"))
    console.print(Text(f"  {pen.plain(command)}"), soft_wrap=True)


def counts(verdicts: Sequence[Verdict]) -> str:
    """Return one line of totals: clips by status, reps, clean reps."""
    statuses = [sentences.shown_status(verdict) for verdict in verdicts]
    words = sentences.STATUS_WORDS | {"unusable": "could not be checked"}
    order: tuple[sentences.ShownStatus, ...] = ("clean", "faulty", "maybe", "unusable")
    parts = [f"{statuses.count(key)} {words[key]}" for key in order if key in statuses]
    count = tally(rep for verdict in verdicts for rep in verdict.reps)
    reps = f"{counted(count.whole, 'rep')}, {count.clean} clean"
    reps += f", {count.maybe} {sentences.MAYBE} faulty" if count.maybe else ""
    reps += f"; {counted(count.halves, 'half rep')} not counted" if count.halves else ""
    return f"{counted(len(verdicts), 'clip')}: {', '.join(parts)}; {reps}"


class _Glyphs(NamedTuple):
    on: str
    close: str
    off: str
    unseen: str
    idle: str
    arrow: str
    bullet: str
    rule: str
    degree: str
    ellipsis: str


UNICODE = _Glyphs(*"●◐\N{BOX DRAWINGS LIGHT DIAGONAL CROSS}?•→·─°…")
ASCII = _Glyphs("o", "~", "X", "?", ".", ">", "-", "-", "", "...")
"""The characters of all views on a terminal, the live screen too; a cross is off everywhere."""


class TerminalPen:
    """A console, its usable width, and the characters it can show."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.width = min(console.width, MAX_WIDTH)
        self.glyphs = UNICODE if self.shows("".join(UNICODE)) else ASCII

    def shows(self, text: str) -> bool:
        """Return whether the terminal's encoding has these characters."""
        try:
            text.encode(self._console.encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True

    def plain(self, text: str) -> str:
        """Return text from outside (a file name, a reason) with unprintable characters escaped."""
        return "".join(
            c if c.isprintable() and self.shows(c) else c.encode("unicode_escape").decode()
            for c in text
        )

    def end_of(self, name: str, width: int) -> str:
        """Return the last `width` columns of a name: the file matters more than its folders."""
        name = self.plain(name)
        if len(name) <= width:
            return name
        return self.glyphs.ellipsis + name[len(name) - width + len(self.glyphs.ellipsis) :]

    def fits(self, table: Table) -> bool:
        """Return whether a table fits the width without breaking a line of its cells."""
        ample = self._console.options.update(width=1000)
        return self._console.measure(table, options=ample).maximum <= self.width

    def lines(self, part: RenderableType) -> int:
        """Return how many lines a part takes when it is printed."""
        options = self._console.options.update(width=self.width)
        return len(self._console.render_lines(part, options))

    def print(self, part: RenderableType = "") -> None:
        """Print, no wider than `MAX_WIDTH`."""
        self._console.print(part, width=self.width)

    def lamp(self, light: Light, gap_cm: float | None = None) -> Text:
        """Return a contact light, with the gap to the dowel behind it if any is given."""
        gap = "" if gap_cm is None else f" {gap_cm:.1f} cm"
        return Text(getattr(self.glyphs, light) + gap, LIGHT_STYLES[light])

    def legend(self, words: Mapping[Light, str], lights: Set[Light | None]) -> Text:
        """Return in one line what those of `lights` mean that `words` have a meaning for."""
        parts = [
            Text.assemble(self.lamp(light), (f" {told}", "dim"))
            for light, told in words.items()
            if light in lights
        ]
        return Text("   ").join(parts)


def plain_table(
    heads: Sequence[str], rows: Iterable[Sequence[Text | str]], right: Collection[str] = ()
) -> Table:
    """Return a table without lines, its columns two spaces apart, those in `right` aligned there.

    Of rows that have more cells than there are `heads` only the first cells are shown.
    """
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="dim")
    for head in heads:
        table.add_column(head, justify="right" if head in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row[: len(heads)])
    return table


def paragraphs(parts: Iterable[tuple[Text, Text]], width: int, gap: int = 1) -> Table:
    """Return paragraphs beside their marks or headings, which are up to `width` columns wide."""
    grid = Table.grid(padding=(0, gap, 0, 0))
    grid.add_column(width=width)
    grid.add_column(overflow="fold")
    for part in parts:
        grid.add_row(*part)
    return grid


# -- one clip ------------------------------------------------------------------------------------


def _clip(verdict: Verdict, pen: TerminalPen) -> None:
    name = pen.end_of(verdict.clip, pen.width - 6)
    pen.print(Rule(Text(name, "bold"), characters=pen.glyphs.rule, align="left", style="dim"))
    pen.print(_sentence(verdict, pen))
    said = ": ".join(filter(None, [verdict.who, verdict.note]))
    if said:
        pen.print(Text(pen.plain(said)))
    if verdict.status == "unusable":
        return
    setting = sentences.setting(verdict, pen.glyphs.degree)
    if setting:
        pen.print(Text(setting, "dim"))
    technique = measures.in_words(verdict)
    if technique:
        pen.print(Text(pen.plain(f"{technique}."), "dim"))
    for warning in verdict.warnings:
        pen.print(_item("!", Text(pen.plain(warning)), "yellow"))
    if verdict.reps:
        pen.print()
        pen.print(_rep_table(verdict.reps, pen))
    advice = _advice(verdict, pen.glyphs)
    if advice:
        pen.print()
    for item in advice:
        pen.print(item)


def _sentence(verdict: Verdict, pen: TerminalPen) -> Text:
    status = sentences.shown_status(verdict)
    head = f"{capital(sentences.STATUS_WORDS[status])}."
    text = Text.assemble((head, f"bold {_STATUS_STYLES[status]}"), " ")
    return text.append(pen.plain(sentences.sentence(verdict, pen.glyphs.unseen)))


def _rep_table(reps: Sequence[Rep], pen: TerminalPen) -> Table:
    """Return a table of one row per rep, without the last column (cues) where it does not fit."""
    # The knees get a column only where some bend too much or are in doubt.
    legs = any(contacts.of_knees(rep) not in (None, "on") for rep in reps)
    rows = [_row(rep, pen, legs) for rep in reps]
    bottom = all(rep.bottom_s is not None for rep in reps)
    angle = "angle" if pen.glyphs.degree else "degrees"
    hints = "cue" if any(rep.faults for rep in reps) else "note"
    heads = ["rep", "bottom" if bottom else "time", *CONTACTS.values(), angle, hints]
    if legs:
        heads.insert(5, contacts.KNEES_LIGHT)
    if not any(row[-1] for row in rows):
        heads.pop()
    without_cues = heads[: heads.index(angle) + 1]
    tables = [plain_table(shown, rows, heads[:2]) for shown in (heads, without_cues)]
    return tables[0] if pen.fits(tables[0]) else tables[1]


def _row(rep: Rep, pen: TerminalPen, legs: bool) -> list[Text]:
    style = "" if _faults(rep) else "dim"
    knees = contacts.of_knees(rep)
    return [
        Text(str(rep.number)),
        Text(_time(rep, pen.glyphs)),
        *(_light(rep, contact, pen) for contact in CONTACTS),
        *([pen.lamp(knees) if knees else Text("")] if legs else []),
        Text("\n").join(Text(angle, style) for angle in _angles(rep, pen.glyphs)),
        Text("\n").join(_hints(rep)),
    ]


def _angles(rep: Rep, glyphs: _Glyphs) -> Iterator[str]:
    """Yield the angle that shows each fault of a repetition; of one without, the spine's."""
    for key in _faults(rep) or ["spinal_flexion"]:
        if key == "squatting" and rep.thigh_above_level_deg is not None:
            yield _angle("thigh", rep.thigh_above_level_deg, glyphs)
        else:
            yield _angle(FAULTS[key].joint, getattr(rep, ANGLE_OF[key]), glyphs)
        if key == "squatting" and rep.hip_knee_ratio is not None:
            yield f"hip:knee {number(rep.hip_knee_ratio, 1)}"


def _hints(rep: Rep) -> Iterator[Text]:
    """Yield a cue for each fault, else the notes; those beside a fault are below the table."""
    faults = _faults(rep)
    for key in faults:
        hint, doubt = FAULTS[key].hint, key in rep.maybe_faults
        yield Text(f"{sentences.MAYBE}: {hint}", _MAYBE) if doubt else Text(hint)
    if not faults:
        yield from (Text(note(key).label, "dim") for key in rep.notes)


def _faults(rep: Rep) -> list[str]:
    return [key for key in FAULTS if key in rep.faults]


def _time(rep: Rep, glyphs: _Glyphs) -> str:
    if rep.bottom_s is not None:
        return f"{rep.bottom_s:.1f} s"
    if rep.start_s is not None and rep.end_s is not None:
        return f"{rep.start_s:.1f}-{rep.end_s:.1f} s"
    if rep.start_s is not None:
        return f"from {rep.start_s:.1f} s"
    return f"to {rep.end_s:.1f} s" if rep.end_s is not None else glyphs.unseen


def _angle(joint: str, value_deg: float | None, glyphs: _Glyphs) -> str:
    said = glyphs.unseen if value_deg is None else f"{round(value_deg)}{glyphs.degree}"
    return f"{joint:<5} {said:>4}"


def _light(rep: Rep, contact: str, pen: TerminalPen) -> Text:
    light = contacts.of_rep(rep, contact)
    return pen.lamp(light, contacts.told_gap_cm(rep, contact) if light == "off" else None)


def _legend(verdicts: Sequence[Verdict], pen: TerminalPen) -> Text:
    reps = [rep for verdict in verdicts for rep in verdict.reps]
    lights = {contacts.of_rep(rep, contact) for rep in reps for contact in CONTACTS}
    knees = {contacts.of_knees(rep) for rep in reps}
    words = dict(contacts.KEY_WORDS)
    if "off" in knees:
        words["off"] = "off, or bent too much" if "off" in lights else "bent too much"
    return pen.legend(words, lights | knees)


def _advice(verdict: Verdict, glyphs: _Glyphs) -> list[RenderableType]:
    """Return a marked paragraph for each of `sentences.advice`."""
    items: list[RenderableType] = []
    for item in sentences.advice(verdict):
        if item.fault:
            text = Text.assemble((item.head, "bold"), f": {item.text}")
            items.append(_item(glyphs.arrow, text, "red" if item.sure else _MAYBE))
        else:
            items.append(_item(glyphs.bullet, Text(f"{item.head}. {item.text}"), "dim"))
    return items


def _item(mark: str, text: Text, style: str) -> Table:
    """Return a marked paragraph with a hanging indent."""
    return paragraphs([(Text(mark, style), text)], width=1)


# -- several clips -------------------------------------------------------------------------------


def _summary(verdicts: Sequence[Verdict], pen: TerminalPen) -> Table:
    """Return a table of one row per clip; names have the room that the other columns leave."""
    heads = ["clip", "verdict", "reps", "clean", "faults"]
    rows = [_summary_cells(verdict) for verdict in verdicts]
    taken = sum(
        max(len(line) for cell in column for line in cell.plain.split("\n")) + _GAP
        for column in zip(map(Text, heads[1:]), *rows, strict=True)
    )
    room = max(pen.width - taken, _LEAST_NAME)
    names = [Text(pen.end_of(verdict.clip, room)) for verdict in verdicts]
    named = [[name, *cells] for name, cells in zip(names, rows, strict=True)]
    return plain_table(heads, named, ("reps", "clean"))


def _summary_cells(verdict: Verdict) -> list[Text]:
    """Return the cells of a clip's row behind its name."""
    checked, status = verdict.status != "unusable", sentences.shown_status(verdict)
    count = tally(verdict.reps)
    reps = str(count.whole) if count.whole or not count.halves else f"{count.halves} half"
    return [
        Text(sentences.STATUS_WORDS[status], _STATUS_STYLES[status]),
        Text(reps if checked else "-"),
        Text(str(count.clean) if checked and count.whole else "-"),
        Text("\n".join(sentences.fault_names(verdict))),
    ]
