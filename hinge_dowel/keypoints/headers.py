"""Headers of tables, of one row or of several: what each column is of.

DeepLabCut writes rows of scorer, individuals, bodyparts and coords, pandas one row a level,
OptiTrack and Vicon a name above its X, Y, Z; each leaves some cells empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import words
from hinge_dowel.keypoints.skeletons import is_known
from hinge_dowel.keypoints.stated import rate_of
from hinge_dowel.keypoints.text import is_number, rate_in

_AXES = {
    word: axis
    for axis, spelled in (
        *(("x", "x"), ("y", "y"), ("z", "z"), ("visibility", "v vis visibility visible")),
        ("score", "score conf confidence likelihood inframelikelihood p c prob probability"),
    )
    for word in spelled.split()
}
AXES = ("x", "y", "z", "visibility", "score")
_OTHER_AXES = (
    *(("u", "v"), ("col(?:umn)?", "row"), ("px", "py"), ("cx", "cy"), ("tx", "ty")),
    *(("0", "1", "2"), ("1", "2", "3"), ("horizontal", "vertical")),
)
"""What stands for x, y (and z) in tables that have neither: Matlab numbers them."""
_AXIS = "|".join(sorted(_AXES, key=len, reverse=True))
_UNIT = re.compile(
    r"(?:[ _]+[(\[]?|[(\[])"
    r"(?:px|pixels?|mm|cm|m|in|inch|ft|norm|meters?|metres?|%|percent|pct)[)\]]?$",
    re.IGNORECASE,
)
_TIME_UNIT = re.compile(r"[(\[]?(?:s|secs?|ms|us)[)\]]?", re.IGNORECASE)
_POINT = "landmark|keypoint|joint|point|kpt|kp|lm|pt"
_SPELLINGS = (
    re.compile(
        rf"^(?P<place>.+?)[ _.:\-\[(/|#>]+(?:pos_?|coord_?)?(?P<axis>{_AXIS})[\])]?"
        r"(?:[_. ]?(?:coord(?:inate)?|px|pos(?:ition)?|raw|filt(?:ered)?|smooth(?:ed)?|ima?ge?"
        r"|world|2d|data))?$",
        re.I,
    ),
    re.compile(rf"^(?:{_POINT})[ _.]?(?P<axis>{_AXIS})[ _.]?(?P<place>\d+)$", re.I),
    re.compile(rf"^(?P<place>(?:{_POINT})?\d+)(?P<axis>[xyz])$", re.I),
    re.compile(rf"^(?P<axis>{_AXIS})[ _.\-]*(?P<place>\d+)$", re.I),
    re.compile(rf"^(?P<axis>{_AXIS})[ _.\-]+(?P<place>.+)$", re.I),
    re.compile(rf"^(?P<axis>{_AXIS})[(\[](?P<place>.+)[)\]]$", re.I),
    re.compile(r"^(?P<place>.*[a-z0-9])(?P<axis>[XYZ])$"),
)
_LEVELS = re.compile(r"['\"]([^'\"]*)['\"]")
"""pandas writes rows of names in one cell like this: ('nose', 'x')."""
_LONE = re.compile(
    rf"^(?:pos(?:ition)?|[ck]oord\w*|loc(?:ation)?|world)?[ _]*(?P<axis>{_AXIS})(?:[ _]*coord)?$",
    re.I,
)
_PERSON_ROWS = ("individuals", "individual", "tracks", "track", "instances", "subjects", "person")
MOST_HEADER_ROWS = 20
"""More rows without numbers than these are no header: OptiTrack writes 7, Qualisys 13. Steady at 14
and 30."""
NUMBERS_SHARE = 0.5
"""A row with at least this share of numbers among its filled cells is a frame: steady at 0.3 and
0.8."""
FULL_SHARE = 0.6
"""A frame has at least this share of the cells of the last rows, by choice: some programs end rows
where nothing more was seen."""
LONGEST_NUMBER = 24
"""So many signs has a number at most; OptiTrack's names of markers have 32, often digits alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a column is: its `whole` name, and of that the `place`, the `axis` (x, y, z, score or
    visibility) and the `person`, '' where not told.
    """

    whole: str
    place: str = ""
    axis: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by row, texts or numbers, and what their columns are; `fps` where the header says it.

    `what` is what sentences call it.
    """

    what: str
    columns: tuple[Cell, ...]
    rows: Sequence[Sequence[Any]]
    fps: float | None = None

    def column(self, index: int) -> list[Any]:
        """The cells of one column."""
        return [row[index] for row in self.rows]

    def texts(self, index: int) -> list[str]:
        """The same as texts, without the spaces around them."""
        return [str(cell).strip() for cell in self.column(index)]

    def spoken(self) -> list[str]:
        """What the columns are called, "" for those of places."""
        return ["" if cell.place else words.spoken(cell.whole) for cell in self.columns]

    def called(self, names: Sequence[str], but: str = "") -> int | None:
        """The column of the first of the names that is there."""
        low = self.spoken()
        return next((low.index(name) for name in names if name in low and name != but), None)

    def people(self, but: str = "") -> list[str] | None:
        """What each row calls its person, where a column of a usual name is there."""
        at = self.called(words.PEOPLE, but)
        return None if at is None else self.texts(at)


def table_of(rows: Sequence[list[str]], what: str) -> Table:
    """A table from its cells, of which rows may be empty. `ClipError` where it has no header."""
    first = _first_of_frames(rows)
    if first is None:
        raise ClipError(f"{what} holds no keypoints: it needs a header and a row a frame.")
    if first == 0:
        raise ClipError(
            f"{what} has no header: its first row must name the columns (nose_x, nose_y, ...)."
        )
    head, body = _parted(rows, first)
    body = _without_notes(body)
    wide = max(len(row) for row in (*head, body[0]))
    head = [row + [""] * (wide - len(row)) for row in _above_all(what, head, body)]
    # pandas leaves the cell above a row's index out of the line with its name: pad to equal width.
    body = [(row + [""] * wide)[:wide] for row in body]
    columns = columns_of(head[0]) if len(head) == 1 else _several(head, wide)
    return Table(what, tuple(columns), _frames(body, columns), _rate(head))


def _parted(rows: Sequence[list[str]], first: int) -> tuple[list[list[str]], list[list[str]]]:
    """The rows of the header and those below, of which `first` looks like the first frame."""
    head, body = list(rows[:first]), list(rows[first:])
    # Frames of nobody that come first are no part of the header.
    while len(head) > 1 and not any(cell.strip() for cell in head[-1]):
        body.insert(0, head.pop())
    # A file that was written on to has its header again.
    again = head[-1]
    return head, [row for row in body if row != again]


def _without_notes(body: list[list[str]]) -> list[list[str]]:
    """The rows below a header without what programs and people write below the frames."""
    body = list(body)
    # pandas says how many rows there are.
    while len(body) > 1 and len(body[-1]) < FULL_SHARE * len(body[0]) and body[-1][0][:1] == "[":
        body.pop()
    # Statisticians write the mean, as spreadsheets do.
    while body and body[0][0].strip() and is_number(body[0][0]) and body[-1][0].strip().isalpha():
        body.pop()
    return body


def _above_all(what: str, head: list[list[str]], body: list[list[str]]) -> list[list[str]]:
    """The rows of a header with a name above every column, or `ClipError`."""
    if len(head) == 1 and all(len(row) == len(head[0]) + 1 and row[-1].strip() for row in body):
        head = [["", *head[0]]]  # R names no rows
    over = sum(bool(cell.strip()) for cell in body[0][len(head[0]) :]) if body else 0
    if len(head) == 1 and over > 1:
        raise ClipError(
            f"{what} has {len(head[0])} names in its first row and {len(head[0]) + over} cells in "
            "those below: name every column."
        )
    return [[cell.strip() for cell in row] for row in head]


def _frames(body: list[list[str]], columns: Sequence[Cell]) -> list[list[str]]:
    """The rows that are frames: of empty ones those between others, which show nobody.

    Where every other row says what it is of, a row that says nothing is none.
    """
    filled = [any(cell.strip() for cell in row) for row in body]
    if all(filled) or not any(filled):
        return body
    said = [row for row, known in zip(body, filled, strict=True) if known]
    others = [i for i, cell in enumerate(columns) if not cell.place]
    if any(all(row[i].strip() for row in said) for i in others):
        return said
    return body[: len(filled) - filled[::-1].index(True)]


def _first_of_frames(rows: Sequence[list[str]]) -> int | None:
    """The first row that is a frame: as wide as the last one, and mostly of numbers."""
    wide = max((len(row) for row in rows[-3:]), default=0)
    for index, row in enumerate(rows[: MOST_HEADER_ROWS + 1]):
        filled = [cell for cell in row if cell.strip()]
        short = [cell for cell in filled if len(cell) <= LONGEST_NUMBER]
        counted = sum(bool(re.search(r"\d", cell)) and is_number(cell) for cell in short)
        full = len(row) >= FULL_SHARE * wide and len(filled) > 1
        # Numbers of markers above their axes are no frame.
        if sum(bool(lone_axis(cell)) for row in rows[index + 1 : index + 4] for cell in row) > 1:
            continue
        if full and counted >= NUMBERS_SHARE * len(filled):
            return index
    # Long tables hold names as well as numbers, and tables of nothing seen hold neither.
    return 1 if len(rows) > 1 else None


def _rate(head: Sequence[Sequence[str]]) -> float | None:
    """Frames a second, as OptiTrack and Vicon write them above their tables."""
    said = (dict(zip(map(words.spoken, row), row[1:], strict=False)) for row in head)
    if rate := next(filter(None, map(rate_of, said)), None):
        return rate
    alone = [row[0] for row in head if row[0] and not any(row[1:])]
    if alone and alone[0].lower().startswith("trajector"):
        rates = (float(cell) for cell in alone[1:] if re.fullmatch(r"\d+(\.\d+)?", cell))
        return next(rates, 0.0) or None
    return rate_in([" ".join(row) for row in head[:-1]])


def lone_axis(name: str) -> str:
    """The axis that is all that a cell names; '' where it names something else."""
    match = _LONE.match(_UNIT.sub("", name) or name)
    return _AXES[match["axis"].lower()] if match else ""


@lru_cache(maxsize=words.MOST_NAMES)
def column_of(name: str) -> Cell:
    """A column of a table with one row of names."""
    if axis := lone_axis(name):
        return Cell(name, axis=axis)
    levels = _LEVELS.findall(name) if name.startswith("(") else []
    bare = "_".join(levels[-2:]) or _UNIT.sub("", name).rstrip(".") or name
    for spelling in _SPELLINGS:
        if match := spelling.match(bare):
            place = match["place"].strip()
            # Kinovea counts the points of a track, of which there is one: left hip/0/X.
            alone = place.removesuffix("/0")
            place = alone if is_known(alone) else place
            return Cell(name, place, _AXES[match["axis"].lower()])
    axis = bare[-1:].lower()
    if axis in ("x", "y", "z") and is_known(bare[:-1]):
        return Cell(name, bare[:-1], axis)
    return Cell(name)


def columns_of(names: list[str]) -> list[Cell]:
    """The columns of a table with one row of names."""
    found = [column_of(name) for name in names]
    for pair in _OTHER_AXES:
        if any(cell.axis == "x" for cell in found):
            break
        spelled, seen = names, set()
        for axis, own in zip("xyz", pair, strict=False):
            word = re.compile(rf"(?<![a-z0-9]){own}(?=\W?$)|^{own}(?![a-z0-9])", re.IGNORECASE)
            seen |= {axis for name in spelled if word.search(name)}
            spelled = [word.sub(axis, name) for name in spelled]
        if {"x", "y"} <= seen:
            pairs = zip(spelled, names, strict=True)
            found = [replace(column_of(new), whole=name) for new, name in pairs]
    return found


def _several(head: list[list[str]], wide: int) -> list[Cell]:
    """The columns of a table with several rows of names."""
    if marked := _of_qualisys(head, wide):
        return marked
    axis_row = max(range(len(head)), key=lambda i: (_axes_in(head[i]), i))
    if _axes_in(head[axis_row]) < 2:
        return _below_titles(head)
    others = [row for i, row in enumerate(head) if i != axis_row]
    axes = list(map(lone_axis, head[axis_row]))
    names = _row_of_names(others)
    # A name may stand above a column of times, and goes no further there.
    joined = [bool(axis) or is_known(name) for axis, name in zip(axes, names, strict=True)]
    places = _merged(names, joined)
    people = next((row for row in others if row[0].lower() in _PERSON_ROWS), [""] * wide)
    owners = _merged(people, [True] * wide)
    kinds = next((row for row in others if "Position" in row), [""] * wide)
    return [
        Cell(f"{place}_{levels[axis_row]}", place, axis, person)
        if axis and place and kind in ("Position", "")
        else Cell(_title(levels))
        for levels, place, axis, person, kind in zip(
            zip(*head, strict=True), places, axes, owners, kinds, strict=True
        )
    ]


def _of_qualisys(head: list[list[str]], wide: int) -> list[Cell]:
    """The columns of Qualisys, which names each marker once, of three columns, behind frame and
    time or without them; empty for any other header.
    """
    marked = next((row[1:] for row in head if row[0].upper() == "MARKER_NAMES"), [])
    marked = [name for name in marked if name]
    if not marked or wide - 3 * len(marked) not in (0, 2):
        return []
    lead = [Cell("Frame"), Cell("Time")] if wide > 3 * len(marked) else []
    return [*lead, *(Cell(f"{name} {axis}", name, axis) for name in marked for axis in "xyz")]


def _below_titles(head: list[list[str]]) -> list[Cell]:
    """The columns of a usual header with titles above it: the row with most names of places."""
    named = [[column_of(name) for name in row] for row in head]
    return max(named, key=lambda cells: sum(bool(cell.place) for cell in cells))


def _axes_in(row: Sequence[str]) -> int:
    """How many cells of a row name an axis alone."""
    return sum(bool(lone_axis(cell)) for cell in row)


def _row_of_names(rows: list[list[str]]) -> list[str]:
    """The row that names places: that with most known joints, or else with most different cells."""
    known = [sum(is_known(cell) for cell in row if cell) for row in rows]
    different = [len({cell for cell in row if cell}) for row in rows]
    rank = known if any(known) else different
    return rows[rank.index(max(rank))]


def _merged(row: list[str], joined: list[bool]) -> list[str]:
    """The cells of a row with those that are merged: one stands above the first of its columns,
    and counts for the empty ones behind it, as far as columns are `joined`.
    """
    out = [""]
    for cell, joins in zip(row, joined, strict=True):
        out.append((cell or out[-1]) if joins else "")
    return out[1:]


def _title(levels: Sequence[str]) -> str:
    """What a column is called by its cells in all rows; a unit below a name belongs to it."""
    said = [cell for cell in levels if cell]
    return " ".join(said[-2:] if said and _TIME_UNIT.fullmatch(said[-1]) else said[-1:])
