"""Painters of a live session's screen: each fills a box of the sheet as large as it can."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from hinge_dowel.exercises.cues import CONTACTS
from hinge_dowel.live.screen import font
from hinge_dowel.live.screen.canvas import Codes, Dots, Sheet, braille, disc, halves, ring, stroke
from hinge_dowel.live.screen.figure import GHOST_SIZE_PX, Stickman, draw, ghost, picture_box
from hinge_dowel.live.screen.styles import DIM, DOWEL, LIGHT_INKS, MARKS, OFF, ON, PLAIN, STRONG
from hinge_dowel.live.snapshot import Phase, Snapshot
from hinge_dowel.report.contacts import SHORT_WORDS, Light
from hinge_dowel.tolerances import Tolerances

BIG_NAMES_COLUMNS = 80
"""From this width there is room for the contacts' names in large letters. Layout, as is every
number of rows, columns and dots below."""
LEAST_NAME_COLUMNS = 25
"""Width of the longest word among the names in small letters."""
FURTHEST_CM = 50.0
"""Full length of the bar for hips going back without a goal. A choice: further than hips go."""
_PHASES = {"standing": "standing", "lowering": "going down", "lifting": "coming up"}


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the sheet: its upper left corner and its size."""

    row: int
    column: int
    rows: int
    columns: int


class Painter:
    """Paints the parts of a snapshot on a sheet."""

    def __init__(
        self, snapshot: Snapshot, sheet: Sheet, mirror: bool, tolerances: Tolerances
    ) -> None:
        self.now, self.body = snapshot, snapshot.body
        self.sheet = sheet
        self.mirror = mirror
        self.tolerances = tolerances
        self.height, self.width = sheet.shape

    def large(self, text: str, box: Box, ink: int, most: int = 4, *, left: bool = False) -> None:
        """Paint text as large as the box allows, in the terminal's own letters if it must be."""
        dots = font.fit(text, box.rows, box.columns, most)
        if dots is None:
            self.words(text, box, STRONG if ink == PLAIN else ink)
        else:
            self.letters(dots, box, ink, left=left)

    def letters(self, dots: Dots, box: Box, ink: int, *, left: bool = False) -> None:
        """Paint letters in the middle of a box, or at its `left`."""
        codes = halves(dots)
        row = box.row + (box.rows - codes.shape[0]) // 2
        column = box.column + (0 if left else (box.columns - codes.shape[1]) // 2)
        self.sheet.paint(row, column, codes, ink)

    def words(self, text: str, box: Box, ink: int = PLAIN) -> None:
        """Write small text in the middle of a box; lines that do not fit are left out."""
        lines = textwrap.wrap(text, max(box.columns, 1))[: box.rows]
        row = box.row + (box.rows - len(lines)) // 2
        for i, line in enumerate(lines):
            self.sheet.write(row + i, box.column + (box.columns - len(line)) // 2, line, ink)

    def figure_and_lights(self, box: Box) -> None:
        """Paint figure and lights side by side; the names get the space the figure leaves."""
        each = box.rows // len(CONTACTS)
        size = min(2 * each - (1 if each < 7 else 2), box.columns // 5)
        name_rows = each - 1
        names = tuple(CONTACTS.values())
        dots = None
        if self.width >= BIG_NAMES_COLUMNS:
            figure = min(round(box.rows * 1.9), box.columns - size - LEAST_NAME_COLUMNS - 4)
            room = box.columns - figure - size - 4
            dots = font.fit_alike(names, name_rows, room, 2)
        taken = max(map(len, names)) + 2 if dots is None else max(d.shape[1] for d in dots)
        light = box.columns - taken - size - 4
        self.figure(Box(box.row, 0, box.rows, light))
        self.tempo(Box(box.row, 0, box.rows, light))
        for i, place in enumerate(CONTACTS):
            row = box.row + (box.rows - 3 * each) // 2 + i * each
            self._light(
                place,
                Box(row, light + 1, each, size),
                Box(row, light + size + 3, each, taken),
                None if dots is None else dots[i],
            )

    def tempo(self, box: Box) -> None:
        """Paint how long the last rep took, in front of the person, unless the figure is there."""
        if self.now.tempo_s is None:
            return
        facing = self.body.figure.facing if self.body.figure else None
        right = (facing != "left") != self.mirror
        columns, rows = box.columns // 2 - 1, 4 if box.rows > 20 else 3
        left = box.column + (columns + 2) * right
        if (
            self.sheet.codes[box.row : box.row + rows + 1, left : left + columns] != ord(" ")
        ).any():
            return
        self.large(f"{self.now.tempo_s:.1f}", Box(box.row, left, rows, columns), PLAIN, most=1)
        self.words("s last rep", Box(box.row + rows, left, 1, columns), DIM)

    def _light(self, place: str, lamp: Box, beside: Box, name: Dots | None) -> None:
        """Paint one contact: a shape for its state, its name, and the state in words."""
        light: Light = getattr(self.body, place)
        ink = LIGHT_INKS[light]
        shape = halves(_lamp(light, lamp.columns))
        row = lamp.row + (lamp.rows - shape.shape[0] + 1) // 2
        self.sheet.paint(row, lamp.column, shape, ink)
        codes: Codes | None = None if name is None else halves(name)
        rows = 1 if codes is None else codes.shape[0]
        row = beside.row + (beside.rows - rows) // 2
        if codes is None:
            self.sheet.write(row, beside.column, CONTACTS[place].upper(), STRONG)
        else:
            self.sheet.paint(row, beside.column, codes, PLAIN if light in ("on", "idle") else ink)
        words = SHORT_WORDS[light]
        words = words.upper() if light == "off" else words
        self.sheet.write(row + rows, beside.column, words, ink)

    def figure(self, box: Box) -> None:
        """Paint the person with the dowel on a floor, and mark the three places on the back."""
        man = draw(self.body.figure, (4 * box.rows, 2 * box.columns), mirror=self.mirror)
        self._man(man, box)
        if self.now.stage != "moving" or not np.isfinite(man.places).all():
            return
        marked = [
            (getattr(self.body, place), *at) for place, at in zip(CONTACTS, man.places, strict=True)
        ]
        # Squatting is seen in the knees: knee and shin are marked while they bend too much.
        if self.body.knees in ("off", "close") and np.isfinite(man.leg).all():
            marked += [(self.body.knees, *at) for at in man.leg]
        for light, x, y in marked:
            row, column = int(y // 4), int(x // 2)
            if 0 <= row < box.rows and 0 <= column < box.columns:
                row, column = box.row + row, box.column + column
                self.sheet.write(row, column, MARKS[light], LIGHT_INKS[light])

    def _man(self, man: Stickman, box: Box, body: int = STRONG) -> None:
        """Paint all layers in braille, the dowel last, as a character has only one ink."""
        wood = braille(man.dowel)
        near = braille(man.body)
        codes = braille(man.floor | man.far | man.body)
        inks = np.where(near != ord(" "), body, DIM)
        for ink in sorted({DIM, body}):
            self.sheet.paint(box.row, box.column, np.where(inks == ink, codes, ord(" ")), ink)
        self.sheet.paint(box.row, box.column, wood, DOWEL)

    def picture(self, box: Box) -> None:
        """Paint the whole picture in a frame, with the person where they are in it.

        While nobody is seen, a faint figure shows where to stand.
        """
        figure = self.body.figure
        size_px = figure.size_px if figure else GHOST_SIZE_PX
        rows, columns = box.rows - 2, box.columns - 2
        left, top, width, height = picture_box(size_px, (4 * rows, 2 * columns))
        inner = Box(
            box.row + 1 + top // 4, box.column + 1 + left // 2, height // 4, max(width // 2, 1)
        )
        for row in range(inner.rows + 2):
            edge = row in (0, inner.rows + 1)
            line = ("─" if edge else " ") * inner.columns
            ends = ("┌┐" if row == 0 else "└┘") if edge else "││"
            self.sheet.write(inner.row - 1 + row, inner.column - 1, ends[0] + line + ends[1], DIM)
        shape = (4 * inner.rows, 2 * inner.columns)
        man = draw(figure or ghost(), shape, mirror=self.mirror, whole=True)
        self._man(man, inner, PLAIN if figure else DIM)

    def depth(self, box: Box) -> None:
        """Paint an arrow for the phase and a bar for depth, from 0 to `too_deep_deg`."""
        arrow = halves(_arrow(self.body.phase, 2 * (box.rows if box.rows > 2 else 1)))
        self.sheet.paint(box.row + (box.rows <= 2), box.column, arrow, STRONG)
        left = box.column + arrow.shape[1] + 1
        columns = box.columns - arrow.shape[1] - 1
        if self.now.plan.reaching:
            self._reach(replace(box, column=left, columns=columns))
            return
        goal_deg, end_deg = self.tolerances.shallow_deg, self.tolerances.too_deep_deg
        depth_deg = self.body.hip_flexion_deg or 0.0
        goal = round(columns * goal_deg / end_deg)
        filled = round(columns * min(max(depth_deg / end_deg, 0.0), 1.0))
        ink, mark = PLAIN, "goal"
        if depth_deg >= end_deg:
            ink, mark = OFF, "too deep"
        elif depth_deg >= goal_deg:
            ink, mark = ON, "deep enough"
        self._bar(Box(box.row + 1, left, box.rows - 1, columns), filled, goal, ink)
        self.sheet.write(box.row, left, _PHASES[self.body.phase], STRONG)
        end = left + columns - len(mark)
        at = end if depth_deg >= end_deg else left + max(goal - len(mark) // 2, 12)
        self.sheet.write(box.row, min(at, end), mark, ink)

    def _reach(self, box: Box) -> None:
        """Paint a bar for how far back the hips are, in cm, and how far they should go."""
        reach, goal = self.body.hip_travel_cm or 0.0, self.now.hip_travel_goal_cm
        end = FURTHEST_CM if goal is None else max(goal * 4 / 3, reach)
        filled = round(box.columns * min(max(reach / end, 0.0), 1.0))
        there = goal is not None and reach >= goal
        at = -1 if goal is None else min(round(box.columns * goal / end), box.columns - 1)
        ink = ON if there else PLAIN
        self._bar(replace(box, row=box.row + 1, rows=box.rows - 1), filled, at, ink)
        said = f"hips back {max(reach, 0.0):.0f} cm" + ("" if goal is None else f" of {goal:.0f}")
        self.sheet.write(box.row, box.column, said, ON if there else STRONG)

    def _bar(self, box: Box, filled: int, goal: int, ink: int) -> None:
        bar = "".join("█" if i < filled else "│" if i == goal else "·" for i in range(box.columns))
        for row in range(box.row, box.row + box.rows):
            self.sheet.write(row, box.column, bar, ink)


@lru_cache(maxsize=64)
def _lamp(light: Light, size: int) -> Dots:
    """Draw a light: on a disc, close a ring, off a broken ring with a cross, unseen of points.

    Idle is a small disc.
    """
    shape, middle = (size, size), (size / 2, size / 2)
    if light in ("on", "idle"):
        return disc(shape, middle, size / (2 if light == "on" else 4))
    if light == "close":
        return ring(shape, middle, size / 2, max(1.0, size / 6))
    if light == "off" and size < 9:
        # Too small for a ring around it.
        return stroke(shape, [(1, 1), (size - 1, size - 1)], 1.7) | stroke(
            shape, [(1, size - 1), (size - 1, 1)], 1.7
        )
    if light == "off":
        width, arm = max(1.0, size / 7), size * 0.25
        low, high = size / 2 - arm, size / 2 + arm
        return (
            ring(shape, middle, size / 2, max(1.0, size / 10), gaps=4)
            | stroke(shape, [(low, low), (high, high)], width)
            | stroke(shape, [(low, high), (high, low)], width)
        )
    radius = max(0.75, size / 14)
    turns = (np.arange(8) + 0.5) * np.pi / 4
    dots = np.zeros(shape, dtype=bool)
    for x, y in zip(np.cos(turns), np.sin(turns), strict=True):
        reach = size / 2 - radius
        dots |= disc(shape, (size / 2 + x * reach, size / 2 + y * reach), radius)
    return dots


def _arrow(phase: Phase, size: int) -> Dots:
    """Draw an arrow down or up, or a bar for standing: `size` dots high, one wider."""
    half = np.arange(size)[:, None] / max(size - 1, 1)
    across = np.abs(np.arange(size + 1) - size / 2) / (size / 2)
    if phase == "standing":
        return np.broadcast_to(np.abs(half - 0.5) < 0.25, (size, size + 1)).copy()
    wide: Dots = across <= (1 - half if phase == "lowering" else half) + 1e-9
    return wide
