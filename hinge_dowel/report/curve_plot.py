"""Two curves over one another in a plot of characters, told apart by letters, not by colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Curve = Sequence[float | None]
"""A value for each column of the plot, None where there is none to draw."""

A, B, BOTH = "A", "B", "="
"""The characters of the curves, and of a place where both are: closer than the height of a row."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An upright axis of `rows` rows, from `high` in the first to `low` in the last."""

    low: float
    high: float
    rows: int

    @classmethod
    def over(cls, values: Sequence[float], top: float, rows: int) -> Axis:
        """Return the axis that shows `values`, from 0 to `top` at least.

        It begins below 0 only for values that are lower by more than the height of a row.
        """
        high = max([top, *values])
        low = min([0.0, *values])
        return cls(low if -low > high / rows else 0.0, high, rows)

    def row(self, value: float) -> int:
        """Return the row of a value; what is beyond an end is drawn there."""
        share = (self.high - value) / (self.high - self.low)
        return min(max(round(share * (self.rows - 1)), 0), self.rows - 1)


def overlaid(a: Curve, b: Curve, axis: Axis, *, line_at: float | None, mark: str) -> list[str]:
    """Return a plot's rows, top first, as wide as the longer curve.

    `line_at` is a value at which every other character is `mark`, behind the curves.
    """
    cells = [[" "] * max(len(a), len(b)) for _ in range(axis.rows)]
    if line_at is not None:
        line = cells[axis.row(line_at)]
        line[::2] = mark * len(line[::2])
    for letter, curve in ((A, a), (B, b)):
        for column, value in enumerate(curve):
            if value is not None:
                row = cells[axis.row(value)]
                row[column] = BOTH if letter == B and row[column] == A else letter
    return ["".join(row) for row in cells]


def furthest_apart(a: Curve, b: Curve) -> float:
    """Return the largest distance of two curves in one column, 0 where they share none."""
    both = zip(a, b, strict=False)
    return max((abs(x - y) for x, y in both if x is not None and y is not None), default=0.0)
