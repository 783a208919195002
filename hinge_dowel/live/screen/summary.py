"""Summaries of a set or a session as text, and one line per rep where there is no screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from hinge_dowel.exercises import describe
from hinge_dowel.exercises.cues import CONTACTS, FAULTS, NOTES
from hinge_dowel.live.advice import Best, Review, whole_or_all
from hinge_dowel.live.lights import place_light
from hinge_dowel.report import contacts
from hinge_dowel.report.contacts import KNEES_LIGHT, Light
from hinge_dowel.report.sentences import fault_name, outcome
from hinge_dowel.report.terminal import TerminalPen, paragraphs
from hinge_dowel.report.wording import capital, clock, counted, percent
from hinge_dowel.verdict import JOINTS, Rep

_NAME = 12
"""Width of the column of names. Layout."""
_CELL = 3
"""Width of a rep's column, for numbers of up to two digits. Layout."""


def contact_table(reps: Sequence[Rep], pen: TerminalPen) -> Iterator[Text]:
    """Yield the lines of a table with a column per rep and a row per place, wrapped."""
    rows = rows_of(reps)
    cell = max(_CELL, len(str(len(reps))) + 1)
    most = max((pen.width - _NAME) // cell, 1)
    for start in range(0, len(reps), most):
        part = range(start, min(start + most, len(reps)))
        yield Text(" " * _NAME + "".join(f"{i + 1:>{cell}}" for i in part), "dim")
        for name, lights in rows.items():
            lamps = [Text(" " * (cell - 1)) + pen.lamp(lights[i]) for i in part]
            yield Text.assemble(f"{name:<{_NAME}}", *lamps)


def rows_of(reps: Sequence[Rep]) -> dict[str, list[Light]]:
    """Return each place's light in each rep, by name; with the knees if somebody squats."""
    rows = {name: [place_light(rep, place) for rep in reps] for place, name in CONTACTS.items()}
    if any("squatting" in rep.faults for rep in reps):
        rows[KNEES_LIGHT] = [place_light(rep, KNEES_LIGHT) for rep in reps]
    return rows


def print_summary(
    sets: Sequence[Sequence[Rep]],
    review: Review,
    console: Console,
    *,
    elapsed_s: float,
    exercise: str = "hinge",
    not_counted: Sequence[str] = (),
) -> None:
    """Print the summary of a session: every set, most common fault and cue, best rep, advice.

    `review` is `advice.review` of the same sets. `exercise` is the name of the exercise, which has
    its own words for cues; `not_counted` has a sentence on each movement that is no repetition.
    """
    pen = TerminalPen(console)
    reps = [rep for done in sets for rep in done]
    for number, done in enumerate(sets, 1):
        if done:
            pen.print(_set_line(done, number, len(sets)))
            for line in contact_table(done, pen):
                pen.print(line)
            pen.print()
    if reps:
        pen.print(pen.legend(contacts.SHORT_WORDS, set().union(*rows_of(reps).values())))
        pen.print()
    told = (
        ("Session", [f"{_clean_of_all(reps, review)} in {clock(elapsed_s)}."] if reps else []),
        ("Most common", _most_common(review, exercise)),
        ("Best", [] if review.best is None else [_best_sentence(review.best, len(sets))]),
        ("Next time", review.next_time),
        ("Not counted", not_counted),
    )
    parts = [
        (Text("" if place else head, "bold"), Text(pen.plain(text)))
        for head, texts in told
        for place, text in enumerate(texts)
    ]
    pen.print(paragraphs(parts, _NAME))


def _clean_of_all(reps: Sequence[Rep], review: Review) -> str:
    if not review.judged:
        return "no rep judged"
    halves = all(rep.partial for rep in reps)
    kind = "half rep" if halves else "rep"
    among = counted(review.judged, kind if review.judged == review.total else f"judged {kind}")
    share = "" if halves else f" ({percent(review.clean / review.judged)})"
    return f"{review.clean} of {among} clean{share}"


def _most_common(review: Review, exercise: str) -> list[str]:
    if review.fault is None:
        return []
    name = capital(fault_name(review.fault, sure=review.sure))
    where = f"{name}, in {review.fault_count} of {counted(review.judged, 'rep')}"
    return [
        f"{where}: {describe.sign(exercise, review.fault)}. {describe.cue(exercise, review.fault)}"
    ]


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


def _set_line(reps: Sequence[Rep], number: int, sets: int) -> Text:
    shared = whole_or_all(reps)
    clean = sum(rep.clean for rep in shared)
    said = f"{clean} of {len(shared)} clean"
    if unclear := sum(not rep.judged for rep in shared):
        said += f", {unclear} not judged"
    if halves := len(reps) - len(shared):
        said += f", {halves} half seen and not counted"
    elif all(rep.partial for rep in shared):
        said += ", half seen"
    faulty = any(rep.sure_faults for rep in shared)
    style = "red" if faulty else "green" if clean == len(shared) else "yellow"
    return Text.assemble((f"Set {number} of {sets}: ", "bold"), (said, f"bold {style}"))


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
