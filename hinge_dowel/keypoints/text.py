"""Text of any encoding as lines and numbers."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.errors import ClipError

MOST_BYTES = 2_000_000_000
"""A larger table is no table of one clip: a day of landmarks takes a tenth of it."""
_GZIP = b"\x1f\x8b"
_NOTHING = frozenset(
    {
        *("", "nan", "na", "n/a", "none", "null", "inf", "-inf", "nat", "undefined"),
        *("<na>", "(null)", "\\n", "missing", ".", "?", "*", "nil", "nd", "n.d.", "k.a."),
        *("\u2013", "\u2014", "[]", "#na", "#nv"),
    }
)
"""What programs write for a number that they do not have, without case ..."""
_NO_NUMBER = re.compile(r"-+|[-+]?(nan(\(\w*\))?|inf(inity)?|1\.#\w+)|#\S+[!?]|#n/\w", re.I)
"""... and how Windows spells it, -nan(ind), 1.#QNAN, and spreadsheets, in any language: #WERT!"""
_THIN = r"(?<=\d)['\u2019\xa0\u2009\u202f](?=\d{3})"
"""Between thousands; a plain space parts two numbers."""
_DRESSED = re.compile(
    rf"'?([-+]?\d(?:[\d.,]|{_THIN})*(?:e[-+]?\d+)?)"
    r"\s*(px|pixels?|mm|cm|m|%)?",
    re.IGNORECASE,
)
"""A number as spreadsheets show it: 1'024.5, \u22125.0, '5.0 as text, 5.0 px, 95%."""
_COMMENT = re.compile(r"(#(?!n/?[adv]\b|[\w/¡¿]+[!?])|%|//)", re.IGNORECASE)
"""How lines begin that are no rows; spreadsheets begin their errors like comments."""
_WORD = re.compile(r'"[^"]*"|\S+')
_CUT_LINE = 40
"""What cuts this line into cells, or the last one, cuts all: behind any header, by choice. Steady
at 10 and 200."""


_CODE_PAGES = ("gb18030", "big5", "cp932")
_OF_A_BODY = frozenset("左右肩膝踝")
"""Left, right, shoulder, knee and ankle: of bytes read by another code page there are hardly any
..."""
LEAST_SIGNS = 3
"""... and so many only in text that is meant so: a choice, steady at 2."""


def text_of(path: Path) -> str:
    """The whole file as text; `ClipError` in a sentence when it cannot be."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MOST_BYTES else b""
        if data.startswith(_GZIP):
            with gzip.open(path) as packed:
                data = packed.read(MOST_BYTES + 1)
        if max(size, len(data)) > MOST_BYTES:
            raise ClipError(f"{path.name} is too large for keypoints of one clip.")
    except (EOFError, zlib.error) as error:
        raise ClipError(f"{path.name} is damaged: pack it again.") from error
    except OSError as error:
        raise ClipError(f"Cannot read {path.name}: {error.strerror or error}.") from error
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError:
        text = _of_a_code_page(data)
    if "\0" in text:
        raise ClipError(
            f"{path.name} is not a text file of keypoints: if it is a film, name it so (.mp4)."
        )
    return text


def _of_a_code_page(data: bytes) -> str:
    """Text as spreadsheets save it in China, Taiwan and Japan, where it names joints in that."""
    for code in _CODE_PAGES:
        with suppress(UnicodeDecodeError):
            text = data.decode(code)
            if len(set(text) & _OF_A_BODY) >= LEAST_SIGNS:
                return text
    # What Windows calls ANSI, or close: the names that count here are the same letters.
    return data.decode("cp1252", "replace")


def number(cell: str) -> float:
    """A cell as a number, with a point or a comma; NaN for nothing, ValueError for all else."""
    cell = cell.strip()
    try:
        value = float(cell)
    except ValueError:
        if cell.lower() in _NOTHING or _NO_NUMBER.fullmatch(cell):
            return np.nan
        if match := _DRESSED.fullmatch(cell.replace("\u2212", "-")):
            bare = re.sub(_THIN, "", match[1])
            if bare != cell:
                return number(bare) / (100 if match[2] == "%" else 1)
        if re.fullmatch(r"[-+]?[\d.]*,\d+(e[-+]?\d+)?", cell, re.IGNORECASE):
            return float(cell.replace(".", "").replace(",", "."))
        if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+\.\d+", cell):
            return float(cell.replace(",", ""))
        raise
    return value if np.isfinite(value) else np.nan


def is_number(cell: str) -> bool:
    """Whether a cell is a number or says that there is none."""
    try:
        number(cell)
    except ValueError:
        return False
    return True


def numbers(cells: list[str]) -> Array:
    """Cells as numbers (T,); ValueError where one is something else, but for one word again and
    again, here and there, which is said of what is not seen.
    """
    try:
        out = np.array(cells, dtype=float)
    except ValueError:
        others = [cell for cell in cells if not is_number(cell)]
        lost = others[:1] if len(set(others)) == 1 < len(others) < len(cells) / 2 else []
        return np.array([np.nan if cell in lost else number(cell) for cell in cells])
    out[~np.isfinite(out)] = np.nan
    return out


_SECTIONS = ("trajectories", "devices", "model outputs", "joints", "segments", "events")
"""What stands alone in the first line of each part of Vicon's tables."""


def trajectories_of(text: str) -> str:
    """Of the parts of one of Vicon's tables that of the markers; any other text as it is."""
    lines = text.splitlines()
    titles = [line.strip(' ",;\t').lower() for line in lines]
    begins = [i for i, title in enumerate(titles) if title in _SECTIONS]
    named = [i for i in begins if titles[i] == _SECTIONS[0]]
    if len(begins) < 2 or not named:
        return text
    end = min((i for i in begins if i > named[0]), default=len(lines))
    return "\n".join(lines[named[0] : end])


def rows_of(text: str) -> tuple[list[list[str]], list[str]]:
    """The cells of a table, without empty lines, and the comments before them.

    Rows of empty cells stay.
    """
    lines = text.splitlines()
    comments, said, first = _above(lines)
    body = [line for line in lines[first:] if not _COMMENT.match(line.lstrip())]
    cut = said or _cut(body)
    if comments and body and (header := _header_in(comments[-1], body[0], cut)):
        body.insert(0, header)
        comments.pop()
    rows = [_cells(line, cut) for line in body]
    if cut != " ":
        with suppress(csv.Error):
            rows = list(csv.reader(io.StringIO("\n".join(body)), delimiter=cut))
    # A row of empty cells may be a frame of nobody; an empty line is nothing.
    return [row for row in rows if len(row) > 1 or any(cell.strip() for cell in row)], comments


def _above(lines: list[str]) -> tuple[list[str], str | None, int]:
    """The comments above a table, the sign that they say cuts its cells, and its first line."""
    comments: list[str] = []
    said = None
    for index, line in enumerate(lines):
        bare = line.strip().strip('"')
        if match := re.fullmatch(r"sep=(.)", bare, re.IGNORECASE):
            said = match[1]
        elif line.startswith("sep=\t"):
            said = "\t"
        elif _COMMENT.match(bare):
            comments.append(bare)
        elif bare:
            return comments, said, index
    return comments, said, len(lines)


def _header_in(comment: str, line: str, cut: str) -> str:
    """The header behind the sign of a comment above a line of numbers; "" where it is none.

    As in # frame, x0, y0.
    """
    inner, cells = comment.lstrip("#%/ "), _cells(line, cut)
    counted = any(cell[:1].isdigit() for cell in cells)
    return inner if counted and len(_cells(inner, cut)) == len(cells) > 1 else ""


def _cells(line: str, cut: str) -> list[str]:
    # R puts names into quotes.
    return [own.strip('"') for own in _WORD.findall(line)] if cut == " " else line.split(cut)


def _cut(lines: list[str]) -> str:
    """What stands between cells: the sign that cuts most lines into as many."""
    last = next((line for line in reversed(lines[:_CUT_LINE]) if line.strip()), "")
    other = " " if "," not in last and len(last.split()) > 2 else ","
    # A decimal comma is in cells, so that another sign that is there at all comes first.
    return next((cut for cut in "\t;|" if last.count(cut) >= 2), other)


_NUMBER = r"(\d+(?:[.,]\d+)?)"
_RATES = (
    # Before a number the word is surer than after one: width=1280 height=720 fps=30.
    re.compile(rf"\b(?:fps|frame[_ ]?rate|hz)\s*[:=]\s*{_NUMBER}", re.IGNORECASE),
    re.compile(rf"\b{_NUMBER}\s*(?:fps|hz|frames ?(?:/|per) ?s(?:ec(?:ond)?)?)\b", re.IGNORECASE),
    re.compile(rf"\b(?:fps|frame[_ ]?rate|hz)\W{{1,3}}{_NUMBER}", re.IGNORECASE),
)


def rate_in(comments: list[str]) -> float | None:
    """Frames a second, where a comment says them: 30 fps, fps=29.97, 120 Hz."""
    found = (spelling.search(comment) for comment in comments for spelling in _RATES)
    rates = (float(match[1].replace(",", ".")) for match in found if match)
    return next((rate for rate in rates if rate > 0), None)
