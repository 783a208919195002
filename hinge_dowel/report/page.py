"""The report as one self-contained page: no network, no style or script but its own."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata, resources
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hinge_dowel.exercises.cues import CONTACTS, FAULTS
from hinge_dowel.report import contacts
from hinge_dowel.report.cards import ANGLES, LEGEND, STATUS, Card, card
from hinge_dowel.report.charts import light_mark
from hinge_dowel.report.text import capital, counted
from hinge_dowel.system import atomic_files
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Verdict

PICTURE_PX = ((200, 480), (1000, 320), (10**9, 240))
"""Longest side of a clip's picture, by the most clips a report may have: 4,000 stay near 60 MB."""
LAZY = 150
"""With more clips, the details of each wait as text until it is opened."""
NO_FILMS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Head:
    """One column of the table of repetitions."""

    word: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the summary."""

    label: str
    value: str
    detail: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One fault over all clips."""

    key: str
    name: str
    reps: int
    clips: int
    percent: float
    count: str


def write(
    verdicts: Sequence[Verdict],
    path: Path,
    *,
    clips: Sequence[Path | None],
    films: Mapping[str, str] = NO_FILMS,
    pictures: bool = True,
    tolerances: Tolerances = DEFAULT,
) -> None:
    """Write the report of any number of clips as one HTML file, all or nothing.

    `clips` are the files the verdicts are about, in the same order, for the picture of each worst
    moment; None, or a file that cannot be read any more, gets a drawn figure, as every clip does
    with `pictures=False`. `films` are the annotated clips, by the names of theirs: where each lies,
    from the folder of the report. Raises `OutputError` when the file cannot be written.
    """
    page = render(verdicts, clips=clips, films=films, pictures=pictures, tolerances=tolerances)
    # Half a surrogate, from a file name that is not UTF-8, cannot be written as it is.
    atomic_files.write_bytes(path, page.encode("utf-8", "backslashreplace"))


def render(
    verdicts: Sequence[Verdict],
    *,
    clips: Sequence[Path | None],
    films: Mapping[str, str] = NO_FILMS,
    pictures: bool = True,
    tolerances: Tolerances = DEFAULT,
    now: datetime | None = None,
) -> str:
    """The page that `write` writes; `now` is the time it bears (default: the present)."""
    if len(clips) != len(verdicts):
        raise ValueError("clips and verdicts must be of the same number")
    order = sorted(range(len(verdicts)), key=lambda i: _rank(verdicts[i], tolerances))
    side_px = next(side for most, side in PICTURE_PX if len(verdicts) <= most)

    def one(place: int) -> Card:
        index = order[place]
        verdict, source = verdicts[index], clips[index] if pictures else None
        film = films.get(verdict.clip)
        return card(place, verdict, source, film, side_px, tolerances, len(verdicts))

    # Threads: decoding the one picture of each clip is what takes long, and frees the lock.
    with ThreadPoolExecutor() as pool:
        cards = list(pool.map(one, range(len(order))))
    files = resources.files("hinge_dowel.report") / "templates"
    style = (files / "report.css").read_text("utf-8")
    script = (files / "report.js").read_text("utf-8")
    environment = Environment(
        loader=PackageLoader("hinge_dowel.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    faults = _fault_rows(verdicts)
    return environment.get_template("report.html").render(
        title=f"hinge-dowel: {counted(len(verdicts), 'clip')}",
        headline=_headline(verdicts),
        subline=_subline(verdicts, now or datetime.now().astimezone()),
        style=Markup(style),
        style_hash=_hash(style),
        script=Markup(script),
        script_hash=_hash(script),
        lamps=[(state, light_mark(state, 0, 0, 8.5)) for state, _ in LEGEND],
        legend=LEGEND,
        tiles=_tiles(verdicts, faults),
        fault_rows=faults,
        statuses=_choices(verdicts),
        many=len(verdicts) > 1,
        lazy=len(verdicts) > LAZY,
        intervals=any(rep.intervals_deg for verdict in verdicts for rep in verdict.reps),
        clips_title="Clips, worst first" if len(verdicts) > 1 else "The clip",
        clips=cards,
        heads=[
            Head("Rep"),
            Head("Bottom"),
            *(Head(capital(words), "cm") for words in CONTACTS.values()),
            *(Head(capital(word), "°") for word, *_ in ANGLES),
            Head("What was seen"),
        ],
        limits={
            "spinal_flexion": f"{tolerances.spinal_flexion_deg:g}",
            "cervical_flexion": f"{tolerances.cervical_flexion_deg:g}",
            "squatting": f"{tolerances.squat_knee_deg:g}",
            "shin": f"{tolerances.squat_shin_deg:g}",
            "stature": f"{tolerances.stature_cm:g}",
        },
        films=any(shown.film for shown in cards),
        privacy=_privacy(cards),
        version=_version(),
    )


def _privacy(cards: Sequence[Card]) -> str:
    if any(shown.moment and "<image" in shown.moment for shown in cards):
        return "It holds pictures of people: share it as you would share the clips."
    if any(shown.film for shown in cards):
        return "It holds no picture of anybody; the annotated clips beside it do."
    return "It holds no picture of anybody."


def _version() -> str:
    try:
        return metadata.version("hinge-dowel")
    except metadata.PackageNotFoundError:
        return "of unknown version"  # run from its sources


def _hash(text: str) -> str:
    """What the page's security policy allows: this text and no other."""
    return "sha256-" + b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _rank(verdict: Verdict, tolerances: Tolerances) -> tuple[int, float, str]:
    """Sorts worst first: faulty by how far past the limit, then not checked, then clean."""
    limits = contacts.limits_deg(verdict, tolerances)
    worst = max(
        (contacts.excess(rep, fault, limits) for rep in verdict.reps for fault in rep.faults),
        default=0.0,
    )
    return ("faulty", "unusable", "clean").index(verdict.status), -worst, verdict.clip


# -- all clips -----------------------------------------------------------------------------------


def _headline(verdicts: Sequence[Verdict]) -> str:
    reps = [rep for verdict in verdicts for rep in verdict.reps]
    if not reps:
        return "No repetition could be checked"
    clean = sum(rep.clean for rep in reps)
    if clean == len(reps):
        return "The only rep is clean" if clean == 1 else f"All {clean} reps are clean"
    return f"{clean} of {counted(len(reps), 'rep')} clean"


def _subline(verdicts: Sequence[Verdict], now: datetime) -> str:
    when = f"{now.day} {now:%B %Y, %H:%M}"
    return f"{counted(len(verdicts), 'clip')}, report of {when}"


def _tiles(verdicts: Sequence[Verdict], faults: Sequence[FaultRow]) -> list[Tile]:
    reps = [rep for verdict in verdicts for rep in verdict.reps]
    clean = sum(rep.clean for rep in reps)
    statuses = [verdict.status for verdict in verdicts]
    parts = [
        f"{statuses.count(status)} {word.lower()}"
        for status, word in STATUS.items()
        if status in statuses
    ]
    common = max(faults, key=lambda row: row.reps, default=None)
    told = [f"{clean} clean", f"{sum(bool(rep.faults) for rep in reps)} with a fault"]
    if unclear := sum(not rep.judged for rep in reps):
        told.append(f"{unclear} not judged")
    return [
        Tile("Clips", str(len(verdicts)), ", ".join(parts)),
        Tile("Reps", str(len(reps)), ", ".join(told)),
        Tile(
            "Clean reps",
            f"{_percent(clean, len(reps))} %" if reps else "none",
            f"{clean} of {len(reps)}" if reps else "no rep was checked",
        ),
        Tile(
            "Most common fault",
            capital(common.name) if common else "none",
            f"{common.count}. {capital(FAULTS[common.key].hint)}." if common else "",
            words=True,
        ),
    ]


def _percent(part: int, whole: int) -> int:
    """Rounded, but never to 0 or 100 for what is not none or all."""
    share = round(100 * part / whole)
    return min(max(share, 1 if part else 0), 100 if part == whole else 99)


def _fault_rows(verdicts: Sequence[Verdict]) -> list[FaultRow]:
    total = sum(len(verdict.reps) for verdict in verdicts)
    rows = []
    for key, fault in FAULTS.items():
        reps = sum(key in rep.faults for verdict in verdicts for rep in verdict.reps)
        clips = sum(key in verdict.faults for verdict in verdicts)
        if reps:
            said = f"{counted(reps, 'rep')} in {counted(clips, 'clip')}"
            percent = round(100 * reps / total, 1)
            rows.append(FaultRow(key, fault.name, reps, clips, percent, said))
    return sorted(rows, key=lambda row: -row.reps)


def _choices(verdicts: Sequence[Verdict]) -> list[Choice]:
    statuses = [verdict.status for verdict in verdicts]
    return [
        Choice("", "all", len(verdicts)),
        *(
            Choice(status, word.lower(), statuses.count(status))
            for status, word in STATUS.items()
            if status in statuses
        ),
    ]
