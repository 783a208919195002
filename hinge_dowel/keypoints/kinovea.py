"""Kinovea's exports of trajectories: times and places of each track, one track after the other.

Tracks begin and end when they like, so that only their times say which places belong together. Its
.csv is a table as any other (`headers.column_of` knows its names); .txt and .json are read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hinge_dowel.keypoints.headers import Cell, Table
from hinge_dowel.keypoints.text import is_number, number

_TITLE = "#kinovea trajectory data export"

Moment = Sequence[str]
"""A time, and x and y of what is tracked, as they are written."""


def table_of_text(what: str, text: str) -> Table | None:
    """The table of what Kinovea writes as text; None for any other text.

    Behind its title there is `# name` above the rows of each track: time, x and y.
    """
    title, *lines = text.lstrip().splitlines() or [""]
    if title.strip().lower() != _TITLE:
        return None
    tracks: dict[str, list[Moment]] = {}
    own: list[Moment] = []
    for line in lines:
        if line.startswith("#"):
            own = tracks.setdefault(line.lstrip("# ").strip(), [])
        elif len(cells := line.split()) == 3 and is_number(cells[0]):
            own.append(cells)
    return _table(what, tracks)


def table_of_series(what: str, series: Any) -> Table | None:
    """The table of `timeseries` in what Kinovea writes as JSON; None for anything else."""
    try:
        return _table(what, {name: own for one in series for name, own in _tracks(one)})
    except (TypeError, KeyError, AttributeError, ValueError):
        return None


def _tracks(one: dict[str, Any]) -> Iterator[tuple[str, list[Moment]]]:
    """The points of one thing that is tracked, by its name: a track has one, an angle several."""
    points = one["data"]
    for key, places in points.items():
        name = one["name"] if len(points) == 1 else f"{one['name']} {key}"
        moments = zip(one["time"], places, strict=True)
        yield name, [tuple(map(str, (time, x, y))) for time, (x, y) in moments]


def _table(what: str, tracks: dict[str, list[Moment]]) -> Table | None:
    """A row for each time that any of the tracks has, empty where the others have none."""
    whole = {name: own for name, own in tracks.items() if own}
    rows: dict[str, list[str]] = {}
    for at, own in enumerate(whole.values()):
        for time, x, y in own:
            row = rows.setdefault(time, [time] + [""] * (2 * len(whole)))
            row[2 * at + 1 : 2 * at + 3] = x, y
    cells = [Cell("Time"), *(Cell(f"{name}/{a}", name, a) for name in whole for a in "xy")]
    in_order = sorted(rows.values(), key=lambda row: number(row[0]))
    return Table(what, tuple(cells), in_order) if rows else None
