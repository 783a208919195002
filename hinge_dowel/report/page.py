"""The report as one self-contained HTML page: no network, no outside style or script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from hinge_dowel import __version__
from hinge_dowel.exercises.cues import CONTACTS, FAULTS
from hinge_dowel.report import contacts, highlights
from hinge_dowel.report.cards import Card, Style, card
from hinge_dowel.report.charts import PANEL_PX, PANEL_WIDE
from hinge_dowel.report.measures import ANGLES, TECHNIQUE, as_told, known
from hinge_dowel.report.sentences import STATUS_WORDS, shown_status
from hinge_dowel.report.tally import tally
from hinge_dowel.report.templating import environment, inlined
from hinge_dowel.report.wording import capital, counted, percent
from hinge_dowel.system.names import printable
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Rep, Verdict, telling
from hinge_dowel.video.options import WHOLE, FilmOptions

PICTURE_PX = ((200, 480), (1000, 320), (10**9, 240))
"""(Up to this many clips, longer side of a clip's picture): a report of 4,000 clips stays near
60 MB. A choice."""
SMALL_PX = 160
"""Longer side of the picture of a repetition: the posture is plain at about 4 kB. Layout."""
CURVE_BINS = ((20, 250), (10**9, 100))
"""(Up to this many clips, stretches of time that a curve is drawn from). A choice."""
MOST_STILLS = 300
"""In a report of more repetitions each is a drawn figure: pictures would take minutes. A choice."""
STRIP_REPS = 24
"""Most repetitions of a clip shown as lights beside its name. Layout: two lines of them."""
MOST_CLIPS_AT_ONCE = 150
"""In a report of more clips, each one's details stay inert text until it is opened. A choice."""
NO_FILMS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One fault over all clips."""

    key: str
    name: str
    reps: int
    clips: int
    percent: float
    count: str


def render(
    verdicts: Sequence[Verdict],
    *,
    clips: Sequence[Path | None],
    films: Mapping[str, str] = NO_FILMS,
    pictures: bool = True,
    tolerances: Tolerances = DEFAULT,
    options: FilmOptions = WHOLE,
    title: str | None = None,
    full: Callable[[Verdict], Verdict] = lambda verdict: verdict,
) -> str:
    """Return the report of any number of clips as one HTML file.

    `clips` are the verdicts' files, in the same order, for the pictures; None, or a file that
    cannot be read any more, gets drawn figures, as every clip does with `pictures=False`. `films`
    are the annotated clips' paths relative to the report, by the clips' names. `options` are those
    the clips were checked with, `title` is the page's. `full` loads the series of a verdict that
    comes without, for the drawings. Raises `ValueError` when there are not as many clips as
    verdicts.
    """
    reps = [rep for verdict in verdicts for rep in verdict.reps]
    told = [rep for verdict in verdicts for rep in as_told(verdict).reps]
    style = _style(len(verdicts), told, options)
    worst_first = sorted(zip(verdicts, clips, strict=True), key=lambda pair: _rank(pair[0]))
    shown = [(verdict, clip if pictures else None) for verdict, clip in worst_first]
    cards = _cards(shown, films, style, full)
    now = datetime.now().astimezone()
    faults = _fault_rows(verdicts)
    people = list(dict.fromkeys(verdict.who for verdict in verdicts if verdict.who))
    return (
        environment()
        .get_template("report.html")
        .render(
            page_title=printable(title or f"hinge-dowel: {counted(len(verdicts), 'clip')}"),
            title=printable(title or ""),
            people=printable(", ".join(people)),
            headline=_headline(reps),
            subline=f"{counted(len(verdicts), 'clip')}, report of {now.day} {now:%B %Y, %H:%M}",
            **inlined(
                style=("colours.css", "drawings.css", "report.css"),
                narrow=("narrow.css",),
                paper=("paper.css",),
                script=("report.js",),
            ),
            legend=tuple(contacts.PLACE_OR_KNEE_WORDS.items()),
            tiles=_tiles(verdicts, reps, faults),
            fault_rows=faults,
            statuses=_choices(verdicts),
            many=len(verdicts) > 1,
            lazy=len(verdicts) > MOST_CLIPS_AT_ONCE,
            intervals=any(rep.intervals_deg for rep in reps),
            clips_title="Clips, worst first" if len(verdicts) > 1 else "The clip",
            clips=cards,
            strip=STRIP_REPS,
            heads=_heads(style),
            weight=any(one.key == "weight_share" for one in style.measures),
            panel_px=PANEL_PX,
            panel_wide=PANEL_WIDE,
            stature=f"{tolerances.stature_cm:g}",
            films=any(shown.film for shown in cards),
            privacy=_privacy(cards),
            version="of unknown version" if __version__ == "unknown" else __version__,
        )
    )


def _cards(
    shown: Sequence[tuple[Verdict, Path | None]],
    films: Mapping[str, str],
    style: Style,
    full: Callable[[Verdict], Verdict],
) -> list[Card]:
    """Return the cards of verdicts, each with the file for its pictures; rest as for `render`."""

    def one(index: int) -> Card:
        verdict, clip = shown[index]
        return card(index + 1, full(verdict), clip, films.get(verdict.clip), style)

    # Threads: decoding the pictures takes longest, and releases the interpreter's lock.
    with ThreadPoolExecutor() as pool:
        return list(pool.map(one, range(len(shown))))


def _style(clips: int, reps: Sequence[Rep], options: FilmOptions) -> Style:
    """Return the settings for a report of so many clips and their repetitions."""
    return Style(
        clips=clips,
        side_px=next(side for most, side in PICTURE_PX if clips <= most),
        small_px=SMALL_PX if len(reps) <= MOST_STILLS else None,
        legs=any(contacts.of_knees(rep) for rep in reps),
        measures=known(TECHNIQUE, reps),
        options=options,
        bins=next(bins for most, bins in CURVE_BINS if clips <= most),
    )


def _heads(style: Style) -> list[tuple[str, str]]:
    """Return the columns of the table of repetitions: word and unit."""
    heads = [
        *(("rep", ""), ("bottom", "")),
        *((words, "cm") for words in CONTACTS.values()),
        *([(contacts.KNEES_LIGHT, "")] if style.legs else []),
        *((angle.word, "°") for angle in ANGLES),
        *((one.word, one.unit) for one in style.measures),
        ("faults and notes", ""),
    ]
    return [(capital(word), unit) for word, unit in heads]


def _privacy(cards: Sequence[Card]) -> str:
    if any(figure and figure.picture for one in cards for figure in (one.worst, one.good)):
        return "It holds pictures of people: share it as you would share the clips."
    if any(shown.film for shown in cards):
        return "It holds no picture of anybody; the annotated clips beside it do."
    return "It holds no picture of anybody."


def _rank(verdict: Verdict) -> tuple[int, float, str]:
    """Sort key, worst first: faulty by how far past the limit, maybes, not checked, clean."""
    found = highlights.worst_of(verdict)
    worst = 0.0 if found is None else highlights.excess(*found, verdict.limits)
    order = ("faulty", "maybe", "unusable", "clean")
    return order.index(shown_status(verdict)), -worst, verdict.clip


# -- all clips -----------------------------------------------------------------------------------


def _headline(reps: Sequence[Rep]) -> str:
    count = tally(reps)
    if not count.whole:
        return "Only half reps were seen" if reps else "No repetition could be checked"
    if count.clean == count.whole:
        return "The only rep is clean" if count.clean == 1 else f"All {count.clean} reps are clean"
    doubt = f", {count.maybe} maybe not" if count.maybe else ""
    return f"{count.clean} of {counted(count.whole, 'rep')} clean{doubt}"


def _tiles(
    verdicts: Sequence[Verdict], reps: Sequence[Rep], faults: Sequence[FaultRow]
) -> list[tuple[str, str, str]]:
    """Return the figures of the summary: label, value and detail; the last one's value is words."""
    count = tally(reps)
    clips = [f"{number} {word}" for _, word, number in _choices(verdicts)[1:]]
    common = next((row for row in faults if row.reps), None)  # the most common one comes first
    others = (
        (count.faulty, "with a fault"),
        (count.maybe, "maybe"),
        (count.unjudged, "not judged"),
    )
    kinds = [f"{count.clean} clean", *(f"{number} {words}" for number, words in others if number)]
    if count.halves:
        kinds.append(f"{counted(count.halves, 'half rep')} not counted")
    return [
        ("Clips", str(len(verdicts)), ", ".join(clips)),
        ("Reps", str(count.whole), ", ".join(kinds)),
        (
            "Clean reps",
            percent(count.clean / count.whole) if count.whole else "none",
            f"{count.clean} of {count.whole}" if count.whole else "no whole rep was checked",
        ),
        (
            "Most common fault",
            capital(common.name) if common else "none",
            f"{common.count}. {capital(FAULTS[common.key].hint)}." if common else "",
        ),
    ]


def _fault_rows(verdicts: Sequence[Verdict]) -> list[FaultRow]:
    """Return a row for each fault seen, the most common first."""
    seen = {fault for verdict in verdicts for rep in verdict.reps for fault in rep.faults}
    rows = [_fault_row(key, verdicts) for key in FAULTS if key in seen]
    return sorted(rows, key=lambda row: -row.reps)


def _fault_row(key: str, verdicts: Sequence[Verdict]) -> FaultRow:
    """Return one fault's row; only sure ones are counted, maybes named beside them.

    Half reps are named as such, and beside whole ones of their clip they are maybes.
    """
    reps = [rep for verdict in verdicts for rep in telling(verdict.reps)]
    sure = [rep for rep in reps if key in rep.sure_faults]
    halves = sum(rep.partial for rep in sure)
    whole = len(sure) - halves
    maybe = sum(key in rep.faults for verdict in verdicts for rep in verdict.reps) - len(sure)
    kinds = [counted(n, word) for n, word in ((whole, "rep"), (halves, "half rep")) if n]
    clips = counted(sum(key in verdict.sure_faults for verdict in verdicts), "clip")
    parts = [f"{' and '.join(kinds)} in {clips}"] if sure else []
    if maybe:
        parts.append(f"maybe {maybe}{' more' if sure else ''}")
    return FaultRow(
        key,
        FAULTS[key].name,
        reps=len(sure),
        clips=sum(key in verdict.faults for verdict in verdicts),
        percent=round(100 * whole / max(sum(rep.counted for rep in reps), 1), 1),
        count=", ".join(parts),
    )


def _choices(verdicts: Sequence[Verdict]) -> list[tuple[str, str, int]]:
    """Return the choices of the filter by status: key, label, and number of clips shown."""
    counts = Counter(map(shown_status, verdicts))
    shown = [(key, word, counts[key]) for key, word in STATUS_WORDS.items() if counts[key]]
    return [("", "all", len(verdicts)), *shown]
