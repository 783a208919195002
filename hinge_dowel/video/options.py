"""How a film is to be looked at: from when to when, how far slowed down, where, whom to follow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Shares = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of the picture, as shares of its width and height."""
WHOLE_PICTURE: Shares = (0.0, 0.0, 1.0, 1.0)
"""No part of it is left out."""

Person = Literal["left", "right"] | int
"""The person to follow: the leftmost or rightmost, or the N-th from the left, from 1."""

MOST_SLOW_MOTION = 64.0
"""No camera for people slows down further: 1920 pictures a second shown at 30."""
MOST_PEOPLE = 99
"""No clip shows more: a larger number is a slip."""


@dataclass(frozen=True, slots=True)
class FilmOptions:
    """How a film is to be looked at.

    `from_s` and `to_s` bound the part to look at, seconds as a player shows them, None: the film's
    own ends. `slow_motion` is how many times slower than life the film plays, None: as the file
    says. `person` is the one to follow, None: the one who hinges. `fps` is how many numbered
    pictures are a second, for films of which each picture is a file. `shown` is the part of the
    upright picture that is looked at, which the program finds by itself (`pose.picture_bars`).
    Raises ValueError for what makes no sense.
    """

    from_s: float | None = None
    to_s: float | None = None
    slow_motion: float | None = None
    person: Person | None = None
    fps: float | None = None
    shown: Shares = WHOLE_PICTURE

    def __post_init__(self) -> None:
        for name, end_s in (("from_s", self.from_s), ("to_s", self.to_s)):
            if end_s is not None and not 0 <= end_s < math.inf:
                raise ValueError(f"{name} must be 0 or more seconds, not {end_s!r}.")
        if self.to_s is not None and self.to_s <= (self.from_s or 0.0):
            raise ValueError("The part to look at must end after it begins.")
        slow = self.slow_motion
        if slow is not None and not 1 / MOST_SLOW_MOTION <= slow <= MOST_SLOW_MOTION:
            raise ValueError(
                f"slow_motion must be from {1 / MOST_SLOW_MOTION:.2g} to {MOST_SLOW_MOTION:.0f} "
                f"times slower than life, not {slow!r}."
            )
        if self.fps is not None and not 0 < self.fps < math.inf:
            raise ValueError(f"fps must be above 0 pictures a second, not {self.fps!r}.")
        who = self.person
        numbered = isinstance(who, int) and 1 <= who <= MOST_PEOPLE
        if who not in (None, "left", "right") and not numbered:
            raise ValueError(f"person must be left, right or a number from 1, not {who!r}.")

    @property
    def key(self) -> str:
        """Differs wherever the same file may be seen otherwise; empty for the whole film."""
        return "" if self == WHOLE else repr(self)

    def within(self, film_s: float) -> bool:
        """Whether a time of the film, as a player shows it, belongs to the part to look at."""
        return (self.from_s or 0.0) <= film_s <= (math.inf if self.to_s is None else self.to_s)


WHOLE = FilmOptions()
"""All of a film, as it is."""
