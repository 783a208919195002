"""Letters to be read from three metres: two faces of dots, shown as half blocks.

In the sheets `#` is a dot and `.` none; letters are separated by spaces and vary in width.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np

from hinge_dowel.live.screen.canvas import Dots, enlarged

LARGE_SHEET = """
A     B     C     D     E     F     G     H     I
.###. ####. .#### ####. ##### ##### .#### #...# ###
#...# #...# #.... #...# #.... #.... #.... #...# .#.
#...# #...# #.... #...# #.... #.... #.... #...# .#.
##### ####. #.... #...# ####. ####. #.### ##### .#.
#...# #...# #.... #...# #.... #.... #...# #...# .#.
#...# #...# #.... #...# #.... #.... #...# #...# .#.
#...# ####. .#### ####. ##### #.... .#### #...# ###

J     K     L     M       N      O     P     Q      R
..### #...# #.... #.....# #....# .###. ####. .###.. ####.
...#. #..#. #.... ##...## ##...# #...# #...# #...#. #...#
...#. #.#.. #.... #.#.#.# #.#..# #...# #...# #...#. #...#
...#. ##... #.... #..#..# #.##.# #...# ####. #...#. ####.
...#. #.#.. #.... #.....# #..#.# #...# #.... #.#.#. #.#..
#..#. #..#. #.... #.....# #...## #...# #.... #..##. #..#.
.##.. #...# ##### #.....# #....# .###. #.... .####. #...#

S     T     U     V     W       X     Y     Z
.#### ##### #...# #...# #.....# #...# #...# #####
#.... ..#.. #...# #...# #.....# #...# #...# ....#
#.... ..#.. #...# #...# #..#..# .#.#. .#.#. ...#.
.###. ..#.. #...# #...# #..#..# ..#.. ..#.. ..#..
....# ..#.. #...# .#.#. #.#.#.# .#.#. ..#.. .#...
....# ..#.. #...# .#.#. ##...## #...# ..#.. #....
####. ..#.. .###. ..#.. #.....# #...# ..#.. #####

0     1   2     3     4     5     6     7     8     9
.###. .#. .###. ####. #..#. ##### .###. ##### .###. .###.
#...# ##. #...# ....# #..#. #.... #.... ....# #...# #...#
#...# .#. ....# ....# #..#. #.... #.... ...#. #...# #...#
#...# .#. ..##. .###. ##### ####. ####. ..#.. .###. .####
#...# .#. .#... ....# ...#. ....# #...# ..#.. #...# ....#
#...# .#. #.... ....# ...#. ....# #...# .#... #...# ....#
.###. ### ##### ####. ...#. ####. .###. .#... .###. .###.

. , : ' - ! ? / % +
. .. . # ... # .###. ....# ##..# .....
. .. . # ... # #...# ....# ##..# ..#..
. .. # . ... # ....# ...#. ...#. ..#..
. .. . . ### # ..##. ..#.. ..#.. #####
. .. # . ... # ..#.. .#... .#... ..#..
. .# . . ... . ..... #.... #..## ..#..
# #. . . ... # ..#.. #.... #..## .....
"""

SMALL_SHEET = """
A   B   C   D   E   F   G   H   I J   K   L   M
### ##. ### ##. ### ### ### #.# # ..# #.# #.. #...#
#.# #.# #.. #.# #.. #.. #.. #.# # ..# #.# #.. ##.##
### ##. #.. #.# ##. ##. #.# ### # ..# ##. #.. #.#.#
#.# #.# #.. #.# #.. #.. #.# #.# # #.# #.# #.. #...#
#.# ##. ### ##. ### #.. ### #.# # ### #.# ### #...#

N    O   P   Q    R   S   T   U   V   W     X   Y   Z
#..# ### ### ###. ### ### ### #.# #.# #...# #.# #.# ###
##.# #.# #.# #.#. #.# #.. .#. #.# #.# #...# #.# #.# ..#
#.## #.# ### #.#. ##. ### .#. #.# #.# #.#.# .#. .#. .#.
#..# #.# #.. ###. #.# ..# .#. #.# #.# ##.## #.# .#. #..
#..# ### #.. ..## #.# ### .#. ### .#. #...# #.# .#. ###

0   1   2   3   4   5   6   7   8   9   . , : ' - ! ? / % +
### .#. ### ### #.# ### ### ### ### ### . .. . # .. # ### ..# #.# ...
#.# ##. ..# ..# #.# #.. #.. ..# #.# #.# . .. # . .. # ..# ..# ..# .#.
#.# .#. ### ### ### ### ### ..# ### ### . .. . . ## # .## .#. .#. ###
#.# .#. #.. ..# ..# ..# #.# .#. #.# ..# . .# # . .. . ... #.. #.. .#.
### ### ### ### ..# ### ### .#. ### ### # #. . . .. # .#. #.. #.# ...
"""

Face = dict[str, Dots]
"""Letters of one height: character -> its dots."""

_WORD_GAP = {5: 2, 7: 3}
"""Dots between words beyond those between letters, by the height of the face."""


def _face(sheet: str) -> Face:
    face: Face = {}
    for block in sheet.strip().split("\n\n"):
        names, *rows = (line.split() for line in block.splitlines())
        for letter in zip(names, *rows, strict=True):
            face[letter[0]] = np.array([[dot == "#" for dot in row] for row in letter[1:]])
    height = len(next(iter(face.values())))
    face[" "] = np.zeros((height, _WORD_GAP[height] - 1), dtype=bool)
    return face


@cache
def large() -> Face:
    """Letters 7 dots high."""
    return _face(LARGE_SHEET)


@cache
def small() -> Face:
    """Letters 5 dots high."""
    return _face(SMALL_SHEET)


def height(face: Face) -> int:
    """Return the height of the letters in dots."""
    return len(face["A"])


def spell(text: str, face: Face, scale: int = 1) -> Dots:
    """Return a line of text in capitals as dots (height, width); missing letters become `?`."""
    gap = np.zeros((height(face), 1), dtype=bool)
    parts: list[Dots] = []
    for letter in text.upper():
        parts += [gap, face.get(letter, face["?"])]
    return enlarged(np.hstack(parts[1:] or [gap[:, :0]]), scale)


def fit(text: str, rows: int, columns: int, most: int = 4) -> Dots | None:
    """Fit one text as in `fit_alike`."""
    found = fit_alike((text,), rows, columns, most)
    return None if found is None else found[0]


@lru_cache(maxsize=256)
def fit_alike(
    texts: tuple[str, ...], rows: int, columns: int, most: int = 4
) -> tuple[Dots, ...] | None:
    """Return texts in the largest size in which all fit; None when even the smallest does not.

    Each is dots of at most (2 * rows, columns). Texts are wrapped where that makes them larger,
    lines are centred, and the large face is magnified up to `most` times.
    """
    faces = [(large(), scale) for scale in range(most, 0, -1)] + [(small(), 1)]
    for face, scale in faces:
        # An even step from line to line keeps every line on whole characters.
        step = (height(face) + 1) * scale
        step += step % 2
        wrapped = [_wrap(text.split(), face, columns // scale) for text in texts]
        tallest = max(map(len, wrapped), default=0)
        if all(wrapped) and (tallest - 1) * step + height(face) * scale <= 2 * rows:
            return tuple(
                _stack([spell(line, face, scale) for line in lines], step) for lines in wrapped
            )
    return None


def _wrap(words: list[str], face: Face, columns: int) -> list[str]:
    """Wrap words into lines of at most `columns` dots; no lines when a word alone is too long."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and spell(longer, face).shape[1] <= columns:
            lines[-1] = longer
        elif spell(word, face).shape[1] <= columns:
            lines.append(word)
        else:
            return []
    return lines


def _stack(lines: list[Dots], step: int) -> Dots:
    width = max(line.shape[1] for line in lines)
    dots = np.zeros((step * (len(lines) - 1) + len(lines[-1]), width), dtype=bool)
    for i, line in enumerate(lines):
        left = (width - line.shape[1]) // 2
        dots[i * step : i * step + len(line), left : left + line.shape[1]] = line
    return dots
