"""One clip as the page of the report shows it: words, drawings, the table of repetitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from hinge_dowel.errors import ClipError
from hinge_dowel.exercises.cues import CONTACTS, FAULTS, note
from hinge_dowel.report import charts, contacts, pictures
from hinge_dowel.report import text as telling
from hinge_dowel.report.charts import Timeline
from hinge_dowel.report.contacts import Light, WorstFrame
from hinge_dowel.report.text import Advice, capital
from hinge_dowel.system.names import printable
from hinge_dowel.tolerances import Tolerances
from hinge_dowel.verdict import Rep, Verdict

SLIGHT_CM = 0.5
"""Off the dowel by less than this, the distance is not told."""
STRIP = 24
"""So many repetitions of a clip are shown as lights beside its name."""

STATUS = {"faulty": "Faulty", "clean": "Clean", "unusable": "Not checked"}
LAMP = {"faulty": "off", "clean": "on", "unusable": "unseen"}
LEGEND: tuple[tuple[Light, str], ...] = (
    ("on", "on the dowel"),
    ("close", "borderline, or hard to judge"),
    ("off", "left the dowel"),
    ("unseen", "not seen"),
)
ANGLES = (
    ("spine", "spinal_flexion_deg", "spinal_flexion"),
    ("neck", "cervical_flexion_deg", "cervical_flexion"),
    ("knee", "knee_flexion_deg", "squatting"),
    ("hip", "hip_flexion_deg", ""),
    ("shin", "shin_angle_deg", ""),
)
"""Columns of the table: word, field of `Rep`, and the fault that it shows."""


@dataclass(frozen=True, slots=True)
class Angle:
    """One cell of the table: an angle in words, with its interval where one is known."""

    label: str
    text: str
    interval: str
    past: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell of the table: a contact's light."""

    contact: str
    state: str
    words: str
    stray: str


@dataclass(frozen=True, slots=True)
class RepRow:
    """One repetition in the table."""

    number: int
    time: str
    start_s: str
    lights: tuple[Spot, ...]
    angles: tuple[Angle, ...]
    said: str
    bad: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One clip as the page shows it."""

    number: int
    name: str
    status: str
    status_word: str
    lamp: str
    faults: str
    sentence: str
    open: bool
    body: bool
    strip: tuple[str, ...]
    more: int
    setting: str
    warnings: tuple[str, ...]
    moment: Markup | None
    caption: str
    film: str
    advice: tuple[Advice, ...]
    timeline: Timeline | None
    rows: tuple[RepRow, ...]


def card(
    place: int,
    verdict: Verdict,
    clip: Path | None,
    film: str | None,
    side_px: int,
    tolerances: Tolerances,
    clips: int,
) -> Card:
    """The clip that comes `place`-th (from 0) among `clips` of them.

    `clip` is the file for a picture with at most `side_px` on its longer side, None for a drawn
    figure; `film` is the annotated clip, from the folder of the report.
    """
    limits = contacts.limits_deg(verdict, tolerances)
    worst = contacts.worst(verdict, tolerances)
    number = place + 1
    caption = _caption(worst, limits) if worst else ""
    return Card(
        number=number,
        name=printable(verdict.clip),
        status=verdict.status,
        status_word=STATUS[verdict.status],
        lamp=LAMP[verdict.status],
        faults=" ".join(verdict.faults),
        sentence=printable(telling.sentence(verdict)),
        open=bool(verdict.reps) and (clips <= 3 or place == 0),
        body=bool(verdict.reps or verdict.warnings or film),
        strip=tuple("off" if rep.faults else "on" for rep in verdict.reps[:STRIP]),
        more=max(0, len(verdict.reps) - STRIP),
        setting=telling.setting(verdict),
        warnings=tuple(map(printable, verdict.warnings)),
        moment=_moment(verdict, worst, clip, side_px, caption) if worst else None,
        caption=caption,
        film=quote(film or ""),
        advice=tuple(telling.advice(verdict)),
        timeline=charts.timeline(verdict, limits, f"t{number}", worst.time_s if worst else None),
        rows=tuple(_row(rep, limits) for rep in verdict.reps),
    )


def _moment(
    verdict: Verdict, shown: WorstFrame, clip: Path | None, side_px: int, caption: str
) -> Markup:
    assert verdict.series is not None
    box, picture = charts.surroundings(verdict, shown.frame), None
    size_px = verdict.series.size_px
    if clip is not None and size_px is not None:
        try:
            picture = pictures.still(clip, shown.time_s, size_px, box, side_px)
        except ClipError:
            picture = None  # gone or changed since it was checked: the figure is drawn instead
    return charts.moment(verdict, shown, box, picture, caption)


def _caption(shown: WorstFrame, limits: Mapping[str, float]) -> str:
    rep = shown.rep
    where = f"rep {rep.number} at {shown.time_s:.1f} s"
    if shown.fault is None:
        return (
            f"The deepest rep: {where}, all on the dowel."
            if _all_on(rep)
            else (f"The deepest rep: {where}.")
        )
    fault = FAULTS[shown.fault]
    stray_cm = getattr(rep.stray_cm, fault.contact)
    # Squatting is told by the knees, whatever the stick does.
    told = stray_cm is not None and stray_cm >= 1.5 and shown.fault != "squatting"
    gap = f" by {stray_cm:.0f} cm" if told else ""
    angle = getattr(rep, fault.angle)
    said = (
        ""
        if angle is None
        else (f" {capital(fault.joint)} {angle:.0f}°, limit {limits[shown.fault]:.0f}°.")
    )
    if shown.fault not in rep.sure_faults:
        return f"The moment in doubt: {where}. {capital(telling.MAYBE)} {fault.sign}{gap}.{said}"
    return f"The worst moment: {where}. {capital(fault.sign)}{gap}.{said}"


def _all_on(rep: Rep) -> bool:
    return all(contacts.of_rep(rep, contact) == "on" for contact in CONTACTS)


def _row(rep: Rep, limits: Mapping[str, float]) -> RepRow:
    words = dict(LEGEND)
    spots = []
    for contact, name in CONTACTS.items():
        state = contacts.of_rep(rep, contact)
        stray_cm = getattr(rep.stray_cm, contact)
        # A fault may be plain from the joints while the place itself has hardly strayed.
        slight = stray_cm is None or (state == "off" and stray_cm < SLIGHT_CM)
        stray = "" if slight else f"{max(stray_cm, 0.0):.1f}"
        spots.append(Spot(name, state, words[state], stray))
    said = [FAULTS[key].name for key in FAULTS if key in rep.faults]
    said += [note(key).label for key in rep.notes]
    return RepRow(
        number=rep.number,
        time=_time(rep),
        start_s=f"{next((s for s in (rep.start_s, rep.bottom_s) if s is not None), 0.0):.2f}",
        lights=tuple(spots),
        angles=tuple(_angle(rep, *angle) for angle in ANGLES),
        said=capital(", ".join(said)),
        bad=bool(rep.faults),
    )


def _angle(rep: Rep, word: str, field: str, fault: str) -> Angle:
    value = getattr(rep, field)
    interval = rep.intervals_deg.get(field)
    return Angle(
        label=f"{word} °",
        text="" if value is None else _whole(value),
        interval="" if interval is None else f"{_whole(interval[0])} to {_whole(interval[1])}",
        past=fault in rep.faults,
    )


def _whole(value: float) -> str:
    return f"{round(value) + 0:d}".replace("-", "\N{MINUS SIGN}")


def _time(rep: Rep) -> str:
    for at_s in (rep.bottom_s, rep.start_s, rep.end_s):
        if at_s is not None:
            return f"{at_s:.1f} s" if at_s < 60 else charts.clock(at_s)
    return "?"
