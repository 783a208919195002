"""Summaries of a set or a session as text, and one line per rep where there is no screen."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from hinge_dowel.exercises import describe
from hinge_dowel.exercises.cues import CONTACTS, FAULTS, NOTES
from hinge_dowel.live.advice import Best, Review, whole_or_all
from hinge_dowel.live.lights import knees_light, place_light
from hinge_dowel.live.screen.styles import DIM, MAYBE, OFF, ON, PLAIN, STRONG, styles
from hinge_dowel.report import contacts
from hinge_dowel.report.contacts import KNEES_LIGHT, Light
from hinge_dowel.report.sentences import clock, counted, outcome, percent
from hinge_dowel.report.terminal import MAX_WIDTH
from hinge_dowel.verdict import JOINTS, Rep

_CROSS = "\N{BOX DRAWINGS LIGHT DIAGONAL CROSS}"
MARKS: dict[Light, str] = {"on": "●", "close": "○", "off": _CROSS, "unseen": "?"}
ASCII_MARKS: dict[Light, str] = {"on": "o", "close": "~", "off": "X", "unseen": "?"}
LIGHT_INKS: dict[Light, int] = {"on": ON, "close": MAYBE, "off": OFF, "unseen": DIM}

_NAME = 12
"""Width of the column of names. Layout."""
_CELL = 3
"""Width of a rep's column, for numbers of up to two digits. Layout."""
_LEAST_TEXT = 20
"""Width of a paragraph on the narrowest terminal. Layout."""

Line = list[tuple[str, int]]
"""Pieces of one line of text with their inks."""


def contact_table(reps: Sequence[Rep], width: int, *, unicode: bool = True) -> list[Line]:
    """Return a table with a column per rep and a row per place, wrapped at `width` columns."""
    marks = MARKS if unicode else ASCII_MARKS
    numbered = list(enumerate(reps, 1))
    cell = max(_CELL, len(str(len(reps))) + 1)
    most = max((width - _NAME) // cell, 1)
    lines: list[Line] = []
    for start in range(0, len(reps), most):
        part = numbered[start : start + most]
        lines.append([(" " * _NAME, DIM), *((f"{number:>{cell}}", DIM) for number, _ in part)])
        for name, lights in rows_of([rep for _, rep in part], squats(reps)).items():
            cells = [(f"{marks[light]:>{cell}}", LIGHT_INKS[light]) for light in lights]
            lines.append([(f"{name:<{_NAME}}", PLAIN), *cells])
    return lines


def squats(reps: Iterable[Rep]) -> bool:
    """Return whether any rep has the fault squatting, so that the knees get a row."""
    return any("squatting" in rep.faults for rep in reps)


def rows_of(reps: Sequence[Rep], knees: bool | None = None) -> dict[str, list[Light]]:
    """Return each place's state in each rep, by name; with the knees if `knees` or, by default,
    if somebody squats.
    """
    rows = {name: [place_light(rep, place) for rep in reps] for place, name in CONTACTS.items()}
    if squats(reps) if knees is None else knees:
        rows[KNEES_LIGHT] = [knees_light(rep) for rep in reps]
    return rows


def session_summary(
    sets: Sequence[Sequence[Rep]],
    seen: Review,
    *,
    width: int,
    color: bool,
    elapsed_s: float | None = None,
    unicode: bool = True,
    exercise: str = "hinge",
    not_counted: Sequence[str] = (),
) -> RenderableType:
    """Return the summary of a session: every set, most common fault and cue, best rep, advice.

    `seen` is `advice.review` of the same sets. `unicode=False` is for terminals and files that
    have ASCII only. `exercise` is the name of the exercise, which has its own words for cues;
    `not_counted` has a sentence on each movement that is no repetition.
    """
    width = min(width, MAX_WIDTH)
    lines: list[Line] = []

    def paragraphs(head: str, *said: str) -> None:
        """Add texts, each wrapped in lines of its own, with a heading in a column beside them."""
        for text in said:
            for part in textwrap.wrap(text, max(width - _NAME - 1, _LEAST_TEXT)):
                lines.append([(f"{head:<{_NAME}} ", STRONG), (part, PLAIN)])
                head = ""

    done = [(number, reps) for number, reps in enumerate(sets, 1) if reps]
    for number, reps in done:
        lines += [*_set_lines(reps, number, len(sets), width, unicode), []]
    if done:
        lines += [_legend(sets, unicode), []]
        took = "" if elapsed_s is None else f" in {clock(elapsed_s)}"
        halves = all(rep.partial for _, reps in done for rep in reps)
        kind = "half rep" if halves else "rep"
        among = counted(seen.judged, kind if seen.judged == seen.total else f"judged {kind}")
        share = "" if halves else f" ({percent(seen.clean / max(seen.judged, 1))})"
        clean = f"{seen.clean} of {among} clean{share}"
        paragraphs("Session", f"{clean if seen.judged else 'no rep judged'}{took}.")
    if seen.fault is not None:
        fault = FAULTS[seen.fault]
        name = fault.name if seen.sure else f"maybe {fault.name}"
        where = f"{name.capitalize()}, in {seen.fault_count} of {counted(seen.judged, 'rep')}"
        cue = describe.cue(exercise, seen.fault)
        paragraphs("Most common", f"{where}: {fault.sign}. {cue}")
    if seen.best is not None:
        paragraphs("Best", _best_sentence(seen.best, len(sets)))
    paragraphs("Next time", *seen.next_time)
    paragraphs("Not counted", *not_counted)
    kinds = styles(color)
    parts = (Text.assemble(*((text, kinds[ink]) for text, ink in line)) for line in lines)
    text = Text("\n", no_wrap=True).join(parts)
    text.rstrip()
    return text


def plain_line(rep: Rep, number: int, *, set_number: int = 1) -> str:
    """Return a finished rep as one line of ASCII, for pipes and logs; no line break at its end."""
    told = outcome(rep)
    notes = [NOTES[key].label for key in rep.notes if key in NOTES]
    if notes:
        told += f" ({', '.join(notes)})"
    angles = {joint: getattr(rep, name) for joint, name in JOINTS.items()}
    parts = [
        f"set {set_number} rep {number}: {told}",
        ", ".join(_place(rep, place) for place in CONTACTS),
        ", ".join(f"{name} {'?' if v is None else round(v)}" for name, v in angles.items())
        + " deg",
    ]
    if rep.duration_s is not None:
        parts.append(f"{rep.duration_s:.1f} s")
    if rep.faults:
        parts.append(f"cue: {FAULTS[rep.faults[0]].hint}")
    return "; ".join(parts)


def _place(rep: Rep, place: str) -> str:
    light = place_light(rep, place)
    gap_cm = contacts.told_gap_cm(rep, place)
    words = "on" if light == "on" else contacts.SHORT_WORDS[light]
    if light == "off" and gap_cm is not None:
        words += f" {gap_cm:.1f} cm"
    return f"{CONTACTS[place]} {words}"


def _set_lines(
    reps: Sequence[Rep], number: int, sets: int, width: int, unicode: bool
) -> Iterator[Line]:
    shared = whole_or_all(reps)
    clean = sum(rep.clean for rep in shared)
    said = f"{clean} of {len(shared)} clean"
    if unclear := sum(not rep.judged for rep in shared):
        said += f", {unclear} not judged"
    if halves := len(reps) - len(shared):
        said += f", {halves} half seen and not counted"
    elif all(rep.partial for rep in shared):
        said += ", half seen"
    yield [(f"Set {number} of {sets}: ", STRONG), (said, ON if clean == len(shared) else OFF)]
    yield from contact_table(reps, width, unicode=unicode)


def _best_sentence(best: Best, sets: int) -> str:
    """Return one sentence on the best rep."""
    where = f"Rep {best.number}" + (f" of set {best.set_number}" if sets > 1 else "")
    parts = [] if best.rep.clean else ["though not clean"]
    if best.rep.hip_flexion_deg is not None:
        parts.append(f"hips bent {best.rep.hip_flexion_deg:.0f} degrees")
    strays = [getattr(best.rep.stray_cm, place) for place in CONTACTS]
    known = [stray for stray in strays if stray is not None]
    if known:
        gap = f"{max(0.0, *known):.1f}"
        far = f"no place further than {gap} cm off" if gap != "0.0" else "every place on"
        parts.append(f"{far} the dowel")
    return f"{where}: {', '.join(parts)}." if parts else f"{where}."


def _legend(sets: Iterable[Sequence[Rep]], unicode: bool) -> Line:
    marks = MARKS if unicode else ASCII_MARKS
    reps = [rep for done in sets for rep in done]
    lights = {light for row in rows_of(reps).values() for light in row}
    line: Line = []
    for light, words in contacts.SHORT_WORDS.items():
        if light in lights:
            gap = "   " if line else ""
            line += [(gap + marks[light], LIGHT_INKS[light]), (f" {words}", DIM)]
    return line
