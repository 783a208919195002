"""The screen of a live session, made to be read from three metres by someone who looks down.

Every screen is a pure function of one `Snapshot`: a sheet of characters filled by painters, each
of which fills the box it is given. Shapes and words show everything; colour only repeats it.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from rich.console import RenderableType
from rich.segment import Segment, Segments

from hinge_dowel.exercises.cues import CONTACTS, FAULTS
from hinge_dowel.live.advice import Review, review
from hinge_dowel.live.framing import pace
from hinge_dowel.live.screen import font
from hinge_dowel.live.screen.canvas import Sheet
from hinge_dowel.live.screen.styles import (
    DIM,
    LIGHT_INKS,
    MARKS,
    MAYBE,
    OFF,
    ON,
    PLAIN,
    STRONG,
    styles,
)
from hinge_dowel.live.screen.summary import rows_of
from hinge_dowel.live.screen.widgets import BIG_NAMES_COLUMNS, Box, Painter
from hinge_dowel.live.snapshot import Snapshot
from hinge_dowel.report import contacts
from hinge_dowel.report.contacts import Light
from hinge_dowel.report.wording import clock
from hinge_dowel.tolerances import DEFAULT, Tolerances

LEAST_COLUMNS = 60
LEAST_ROWS = 20
"""Smallest terminal on which anything can be read from three metres. Layout, as is every other
number of rows and columns here."""
HIGH_ROWS = 24
"""From this height, on a wide sheet, names and counts are large too."""
LEAST_PICTURE_ROWS = 6
"""Fewest rows in which the camera's picture is drawn."""
VERY_WIDE_COLUMNS = 116
VERY_HIGH_ROWS = 36
"""From this size cues are in letters of twice the size."""

CHARACTERS = "⣿▀▄█·│─┌┐└┘" + "".join(MARKS.values())
"""The characters of the screen beside ASCII; one braille character stands for all."""


def render(sheet: Sheet, *, color: bool) -> RenderableType:
    """Return a composed sheet for rich to print; without `color` in bold and dim only."""
    kinds = styles(color)
    found = []
    for line, inks in zip(sheet.lines(), sheet.inks, strict=True):
        # One segment for each run of one ink.
        edges = [0, *(np.flatnonzero(np.diff(inks)) + 1).tolist(), len(line)]
        for start, stop in itertools.pairwise(edges):
            found.append(Segment(line[start:stop], kinds[inks[start]]))
        found.append(Segment.line())
    return Segments(found)


def compose(
    snapshot: Snapshot,
    *,
    width: int,
    height: int,
    mirror: bool = False,
    tolerances: Tolerances = DEFAULT,
) -> Sheet:
    """Return the screen for a snapshot: `height` lines of `width` columns, characters and inks.

    `mirror` swaps left and right of the figure, as for a camera that is looked at like a mirror.
    `tolerances` give the depth to reach. Below 60 x 20 the sheet only asks for a larger window.
    """
    sheet = Sheet(height, width)
    if width < LEAST_COLUMNS or height < LEAST_ROWS:
        _too_small(sheet)
        return sheet
    page = _Page(snapshot, sheet, mirror, tolerances)
    page.head_and_foot()
    {
        "loading": page.loading,
        "setup": page.setting_up,
        "lost": page.setting_up,
        "countdown": page.counting,
        "neutral": page.counting,
        "moving": page.moving,
        "paused": page.resting,
        "rest": page.resting,
        "done": page.resting,
    }[snapshot.stage]()
    return sheet


def _too_small(sheet: Sheet) -> None:
    rows, columns = sheet.shape
    least = f"{LEAST_COLUMNS} x {LEAST_ROWS} at least"
    lines = ["Make this window larger:", least, f"(now {columns} x {rows})"]
    top = max((rows - len(lines)) // 2, 0)
    for i, line in enumerate(lines):
        sheet.write(top + i, max((columns - len(line)) // 2, 0), line)


class _Page(Painter):
    """Paints one screen."""

    # -- small print, for somebody near the machine ----------------------------------------------

    def head_and_foot(self) -> None:
        """Paint the first line (set, reps, time) and the last line (keys)."""
        now = self.now
        if now.stage == "loading":
            return
        left = f"{now.place}   "
        right = clock(now.elapsed_s)
        if self.body.rate_hz is not None:
            right = f"{self.body.rate_hz:.0f} frames/s   {right}"
        self.sheet.write(0, 0, left, DIM)
        room = self.width - len(left) - len(right) - 2
        fit = max(room // 2, 1)
        for i, rep in enumerate(now.set_reps[-fit:]):
            light = contacts.of_whole(rep)
            self.sheet.write(0, len(left) + 2 * i, MARKS[light], LIGHT_INKS[light])
        self.sheet.write(0, self.width - len(right), right, DIM)
        # For a film there is no key to measure standing again.
        again = "   r measures standing again" if now.plan.live else ""
        keys = {"paused": f"space goes on{again}   q ends", "done": "q ends"}
        if now.plan.live:
            keys["setup"] = "r starts over   q ends"
        usual = f"space pauses{again}   q ends"
        self.sheet.write(self.height - 1, 0, keys.get(now.stage, usual), DIM)

    # -- the stages ------------------------------------------------------------------------------

    def moving(self) -> None:
        """Paint a set under way: figure, lights, count, depth, cue."""
        if self.width < BIG_NAMES_COLUMNS or self.height < HIGH_ROWS:
            self._moving_small()
            return
        if self.width >= VERY_WIDE_COLUMNS and self.height >= VERY_HIGH_ROWS:
            scale = 3 if self.width >= 175 and self.height >= 54 else 2
            rows = (7 * scale + 1) // 2
            cue = Box(self.height - 1 - rows, 0, rows, self.width)
            reps = Box(cue.row - rows - 1, 0, rows, 11 * scale)
            number = Box(reps.row, self.width - 20 * scale, rows, 20 * scale)
            left = reps.columns + 3
            bar = Box(reps.row + 1, left, rows - 2, number.column - left - 4 * scale)
        else:
            reps = Box(self.height - 8, 0, 7, 22)
            bar = Box(self.height - 8, 24, 3, self.width - 24 - 21)
            number = Box(self.height - 8, self.width - 19, 3, 19)
            cue = Box(self.height - 5, 23, 4, self.width - 23)
        self.figure_and_lights(Box(1, 0, reps.row - 1, self.width))
        if self._said_instead(cue, reps.row):
            return
        self.large(str(self.now.done), reps, STRONG, left=True)
        self.depth(bar)
        if self.now.plan.sets:
            self.large(f"set {self.now.set_number}", number, PLAIN, most=2)
        self._cue(cue)

    def _moving_small(self) -> None:
        self.figure_and_lights(Box(1, 0, self.height - 8, self.width - 13))
        self.large(str(self.now.done), Box(2, self.width - 12, 4, 12), STRONG, most=1)
        if self.now.plan.sets:
            self.words(f"of {self.now.plan.reps}", Box(6, self.width - 12, 1, 12))
            self.words("set", Box(8, self.width - 12, 1, 12))
            number = f"{self.now.set_number}/{self.now.plan.sets}"
            self.large(number, Box(9, self.width - 12, 3, 12), PLAIN, most=1)
        cue = Box(self.height - 5, 0, 4, self.width)
        if self._said_instead(cue, self.height - 7):
            return
        self.depth(Box(self.height - 7, 0, 2, self.width))
        self._cue(cue)

    def setting_up(self) -> None:
        """Paint the camera's picture and, in large letters, what is wrong with it."""
        lost = self.now.stage == "lost"
        message = self.now.message or ("step back in" if lost else "get into the picture")
        rows = self._rows_for(message, max(9, self.height // 3), 11) or self.height - 2
        below = Box(self.height - 1 - rows, 0, rows, self.width)
        if below.row > LEAST_PICTURE_ROWS:
            self.picture(Box(1, 0, below.row - 1, self.width))
        self.large(message, below, OFF if lost else STRONG, most=3)

    def loading(self) -> None:
        """Paint the message while the first picture is awaited."""
        self.large(self.now.message or "loading", Box(0, 0, self.height, self.width), STRONG)

    def counting(self) -> None:
        """Paint the countdown, and the seconds of standing still."""
        standing = self.now.stage == "neutral"
        message = self.now.message or ("stand tall" if standing else "get ready")
        very = self.width >= VERY_WIDE_COLUMNS and self.height >= VERY_HIGH_ROWS
        rows = self._rows_for(message, 8 if very else 4, 6, 9) or 4
        top = Box(1, 0, self.height - 3 - rows, self.width)
        half = top.columns // 2
        self.figure(Box(top.row, 0, top.rows, half))
        left = self.now.left_s
        if left is not None:
            number = Box(top.row, half, top.rows, top.columns - half)
            self.large(str(max(math.ceil(left), 0)), number, ON if standing else STRONG, most=6)
        self.large(message, Box(self.height - 1 - rows, 0, rows, self.width), STRONG)
        gap = Box(self.height - 2 - rows, 0, 1, self.width)
        self.words(pace(self.body), gap, OFF if self.body.slow else DIM)

    def resting(self) -> None:
        """Paint the rest, the pause or the end, with a review of the set so far."""
        now = self.now
        seen = review([now.set_reps], planned=now.plan.reps)
        each = 3 if self.height < HIGH_ROWS else 4 if self.height < VERY_HIGH_ROWS else 6
        table = each * len(CONTACTS) if seen.total else 0
        top = Box(2, 0, max((self.height - 4 - table) // 2, 4), self.width)
        half = self.width // 2
        left, right = (Box(top.row, side * half, top.rows, half) for side in (0, 1))
        if now.stage == "rest":
            upcoming = f"set {now.set_number + 1} of {now.plan.sets}"
            self.words(f"rest, then {upcoming}", Box(1, 0, 1, half))
            self.large(clock(max(math.ceil(now.left_s or 0.0), 0)), left, STRONG, most=3)
        else:
            self.large(now.stage, left, STRONG, most=3)
        self.words("clean reps" if seen.total else "no reps", Box(1, half, 1, half))
        if seen.total:
            sure = seen.fault is not None and seen.sure
            ink = OFF if sure else ON if seen.clean == seen.total else MAYBE
            self.large(f"{seen.clean}/{seen.total}", right, ink, most=3)
        row = top.row + top.rows + (self.height >= HIGH_ROWS)
        self._places(Box(row, 0, table, self.width), each)
        row += table + (self.height >= HIGH_ROWS)
        below = Box(row, 0, self.height - 1 - row, self.width)
        said, ink = self._said_of(seen)
        if said:
            self.large(said, below, ink, most=2)

    def _said_of(self, seen: Review) -> tuple[str, int]:
        """Return what is said below the review of a set, and its ink."""
        if self.now.stage == "paused":
            return "space goes on", PLAIN
        if seen.fault:
            return FAULTS[seen.fault].shout, OFF if seen.sure else MAYBE
        if self.now.cue:
            return self.now.cue, STRONG
        if seen.clean < seen.total:
            return f"{seen.total - seen.clean} not judged", PLAIN
        return "all on the dowel" if seen.total else "", ON

    def _lights_seen(self) -> dict[str, list[Light]]:
        """Return each place's lights in the judged reps that show it, by name.

        There is room for three: the knees take the place of the upper back if that is fine.
        """
        judged = [rep for rep in self.now.set_reps if rep.judged]
        known: dict[str, list[Light]] = {
            name: [light for light in lights if light != "unseen"]
            for name, lights in rows_of(judged).items()
        }
        if len(known) > len(CONTACTS):
            spare = CONTACTS["upper_back"]
            known.pop(contacts.KNEES_LIGHT if {"off", "close"} & set(known[spare]) else spare)
        return known

    def _places(self, box: Box, each: int) -> None:
        """Paint in how many reps each place stayed on the dowel, in large letters."""
        known = self._lights_seen()
        counts = tuple(f"{s.count('on')}/{len(s)}" if s else "?" for s in known.values())
        margin = 2 if self.width >= BIG_NAMES_COLUMNS else 0
        room = box.columns - 2 * margin
        numbers = font.fit_alike(counts, each, room // 3, 2)
        taken = 0 if numbers is None else max(dots.shape[1] for dots in numbers)
        names = font.fit_alike(tuple(known), each, room - taken - 1, 2)
        if not box.rows or numbers is None:
            return
        for i, name in enumerate(known):
            worst = next((s for s in ("off", "close", "on") if s in known[name]), None)
            ink = PLAIN if worst is None else LIGHT_INKS[worst]
            row = box.row + i * each
            if names is None:
                self.words(name, Box(row, margin, each, room - taken), ink)
            else:
                self.letters(names[i], Box(row, margin, each, room), ink, left=True)
            right = box.columns - margin - numbers[i].shape[1]
            self.letters(numbers[i], Box(row, right, each, taken), ink, left=True)

    # -- parts of stages -------------------------------------------------------------------------

    def _said_instead(self, cue: Box, row: int) -> bool:
        """Paint a message too long for the cue's box from `row` down; return whether it was one."""
        said = self.now.message.strip()
        if not said or font.fit(said, cue.rows, cue.columns) is not None:
            return False
        self.large(said, Box(row, 0, self.height - 1 - row, self.width), STRONG)
        return True

    def _rows_for(self, text: str, *rows: int) -> int | None:
        """Return the first of the numbers of rows in which the text fits in large letters."""
        return next((n for n in rows if font.fit(text, n, self.width) is not None), None)

    def _cue(self, box: Box) -> None:
        """Paint the most important message: on the picture, else on the rep, else praise.

        Where there is none, whoever stands and is seen is told so: their lights are grey.
        """
        now = self.now
        if now.message.strip():
            self.large(now.message, box, STRONG)
        elif now.cue:
            self.large(now.cue, box, OFF)
        elif now.set_reps and now.set_reps[-1].clean and not self._under_way():
            self.large("good", box, ON)
        elif "idle" in (self.body.head, self.body.upper_back, self.body.sacrum):
            self.large("ready", box, PLAIN)

    def _under_way(self) -> bool:
        """Return whether the next rep is deep enough, or faulty, so that praise must end."""
        body = self.body
        deep = (body.hip_flexion_deg or 0.0) >= self.tolerances.shallow_deg
        return deep or "off" in (body.head, body.upper_back, body.sacrum, body.knees)
