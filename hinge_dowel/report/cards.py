"""One clip on the report page: words, drawings, the table of repetitions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from hinge_dowel.analysis.rules import STRAY_OF
from hinge_dowel.exercises import describe
from hinge_dowel.exercises.cues import CONTACTS, FAULTS, note
from hinge_dowel.report import charts, contacts, highlights, measures, sentences, wording
from hinge_dowel.report.charts import Timeline
from hinge_dowel.report.contacts import Light
from hinge_dowel.report.highlights import Highlight
from hinge_dowel.report.measures import ANGLES, Measure
from hinge_dowel.report.moments import Moment, Stills
from hinge_dowel.report.sentences import Advice
from hinge_dowel.report.wording import capital, number
from hinge_dowel.system.names import printable
from hinge_dowel.verdict import ANGLE_OF, Rep, Verdict
from hinge_dowel.video.options import FilmOptions

OPEN_CLIPS = 3
"""In a report of up to this many clips all are open, in others only the first. Layout."""
TOLD_GAP_CM = 1.5
"""Smallest gap to the dowel named in a caption. A choice: a smaller one is hardly seen."""

LAMP: dict[str, Light] = {"faulty": "off", "maybe": "close", "clean": "on", "unusable": "unseen"}


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of the table: a contact, the knees, an angle, or a measure of the hinge.

    `label` is its column's heading, `text` its number ("" for none), `words` the meaning of its
    light, `interval` the interval of an angle ("low to high", "" where unknown).
    """

    label: str
    text: str
    light: Light = "on"
    words: str = ""
    interval: str = ""


@dataclass(frozen=True, slots=True)
class RepRow:
    """One repetition in the table; `shot` is its picture at its bottom, where one can be drawn."""

    number: int
    time: str
    start_s: str
    lights: tuple[TableCell, ...]
    angles: tuple[TableCell, ...]
    measures: tuple[TableCell, ...]
    faults: str
    notes: str
    light: Light
    half: bool
    shot: Moment | None


@dataclass(frozen=True, slots=True)
class Card:
    """All that the page shows of one clip.

    `worst` is the picture of the moment to look at, `good` that of a clean repetition beside it;
    `film` is the annotated clip's address, "" for none.
    """

    number: int
    name: str
    status: str
    status_word: str
    lamp: Light
    faults: str
    sentence: str
    open: bool
    who: str
    note: str
    setting: str
    measures: str
    warnings: tuple[str, ...]
    worst: Moment | None
    good: Moment | None
    film: str
    advice: tuple[Advice, ...]
    timeline: Timeline | None
    rows: tuple[RepRow, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """Settings shared by all clips of a report.

    `side_px` is the longer side of the large pictures, `small_px` that of each repetition's, None
    for drawn figures there; `legs`: there is a column for the knees; `measures` are those of
    `measures.TECHNIQUE` that any repetition has; `options` are those the films were checked with;
    `bins` is the number of stretches of time a curve is drawn from.
    """

    clips: int
    side_px: int
    small_px: int | None
    legs: bool
    measures: tuple[Measure, ...]
    options: FilmOptions
    bins: int


def card(number: int, verdict: Verdict, clip: Path | None, film: str | None, style: Style) -> Card:
    """Return the card of a clip, the `number`th (from 1) in the report.

    `clip` is the file for its pictures, None for drawn figures; `film` is the annotated clip's
    path relative to the report.
    """
    worst, best = highlights.worst(verdict), highlights.best(verdict)
    status = sentences.shown_status(verdict)
    stills = Stills(verdict, clip, style.side_px, style.small_px, style.options)
    good = highlights.at_bottom(verdict, best) if best is not None and best.clean else None
    if worst is not None and worst.fault is None:
        good = None  # `worst` shows the best repetition already
    return Card(
        number=number,
        name=printable(verdict.clip),
        status=status,
        status_word=capital(sentences.STATUS_WORDS[status]),
        lamp=LAMP[status],
        faults=" ".join(verdict.faults),
        sentence=printable(sentences.sentence(verdict)),
        open=bool(verdict.reps) and (style.clips <= OPEN_CLIPS or number == 1),
        who=printable(verdict.who or ""),
        note=printable(verdict.note or ""),
        setting=sentences.setting(verdict),
        measures=measures.in_words(verdict),
        warnings=tuple(map(printable, verdict.warnings)),
        worst=stills.large(worst, _caption(worst, verdict)) if worst else None,
        good=stills.large(good, _good_caption(good)) if good else None,
        film=quote(film or ""),
        advice=tuple(sentences.advice(verdict)),
        timeline=charts.timeline(
            verdict, f"t{number}", worst.time_s if worst else None, style.bins
        ),
        rows=tuple(
            _row(told, stills.small(rep), style)
            for rep, told in zip(verdict.reps, measures.as_told(verdict).reps, strict=True)
        ),
    )


def _caption(shown: Highlight, verdict: Verdict) -> str:
    rep = shown.rep
    where = f"{'half ' if rep.partial else ''}rep {rep.number} at {shown.time_s:.1f} s"
    if shown.fault is None:
        return f"The best rep: {where}{', all on the dowel' if _all_on(rep) else ''}."
    fault, limit = FAULTS[shown.fault], verdict.limits.get(ANGLE_OF[shown.fault])
    stray_cm = getattr(rep.stray_cm, STRAY_OF[shown.fault][0])
    # Squatting is judged by the knees, not by the gap to the dowel.
    wide = stray_cm is not None and stray_cm >= TOLD_GAP_CM and shown.fault != "squatting"
    gap = f" by {number(stray_cm)} cm" if wide else ""
    value_deg = getattr(rep, ANGLE_OF[shown.fault])
    angle = "" if value_deg is None else f" {capital(fault.joint)} {number(value_deg)}°"
    if angle:
        angle += "." if limit is None else f", limit {number(limit)}°."
    sign = describe.sign(verdict.exercise, shown.fault)
    if shown.fault not in rep.sure_faults:
        return f"The moment in doubt: {where}. {capital(sentences.MAYBE)} {sign}{gap}.{angle}"
    return f"The worst moment: {where}. {capital(sign)}{gap}.{angle}"


def _good_caption(shown: Highlight) -> str:
    where = f"rep {shown.rep.number} at {shown.time_s:.1f} s"
    return f"A good one: {where}{', all on the dowel' if _all_on(shown.rep) else ''}."


def _all_on(rep: Rep) -> bool:
    return all(contacts.of_rep(rep, contact) == "on" for contact in CONTACTS)


def _row(rep: Rep, shot: Moment | None, style: Style) -> RepRow:
    start_s = next((s for s in (rep.start_s, rep.bottom_s) if s is not None), 0.0)
    lights = []
    for contact, name in CONTACTS.items():
        light = contacts.of_rep(rep, contact)
        stray_cm = getattr(rep.stray_cm, contact)
        if light == "off":
            stray_cm = contacts.told_gap_cm(rep, contact)
        text = "" if stray_cm is None else number(max(stray_cm, 0.0), 1)
        lights.append(TableCell(f"{name} cm", text, light, contacts.WORDS[light]))
    if style.legs:
        knees = contacts.of_knees(rep) or "unseen"
        lights.append(TableCell(contacts.KNEES_LIGHT, "", knees, contacts.KNEE_WORDS[knees]))
    return RepRow(
        number=rep.number,
        time=_time(rep),
        start_s=f"{start_s:.2f}",
        lights=tuple(lights),
        angles=tuple(_angle(rep, angle) for angle in ANGLES),
        measures=tuple(
            TableCell(f"{one.word} {one.unit}".strip(), one.text_of(rep)) for one in style.measures
        ),
        faults=capital(", ".join(sentences.fault_names(rep))),
        notes=capital(", ".join(note(key).label for key in rep.notes)),
        light=contacts.of_whole(rep),
        half=rep.partial,
        shot=shot,
    )


def _angle(rep: Rep, angle: Measure) -> TableCell:
    interval = rep.intervals_deg.get(angle.key)
    return TableCell(
        label=f"{angle.word} °",
        text=angle.text_of(rep),
        interval="" if interval is None else f"{number(interval[0])} to {number(interval[1])}",
        light=contacts.of_fault(rep, contacts.FAULT_OF_ANGLE.get(angle.key)),
    )


def _time(rep: Rep) -> str:
    known = [at_s for at_s in (rep.bottom_s, rep.start_s, rep.end_s) if at_s is not None]
    return wording.clip_time(known[0]) if known else "?"
