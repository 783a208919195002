"""Rows of numbers for the pictures that were looked at, and what lies between them."""

from __future__ import annotations

from array import array
from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.array_types import Array


class SparseRows:
    """Rows of numbers that come now and then, in rising time; between them a straight line.

    Kept packed and in single precision: an hour of movement holds 50,000 rows.
    """

    def __init__(self) -> None:
        self._times = array("d")
        self._numbers = array("f")
        self._shape: tuple[int, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is no row."""
        return not self._times

    def append(self, time_s: float, row: Array) -> None:
        """Add a row, of the same shape as all before."""
        self._times.append(time_s)
        self._numbers.frombytes(row.astype(np.float32).tobytes())
        self._shape = row.shape

    def extend(self, later: SparseRows, since_s: float) -> None:
        """Add the rows of another that come after `since_s`, which is not before the last here."""
        if later.empty:
            return
        first = bisect_right(later._times, since_s)
        size = len(later._numbers) // len(later._times)
        self._times.extend(later._times[first:])
        self._numbers.extend(later._numbers[first * size :])
        self._shape = later._shape

    def hold(self, time_s: float) -> None:
        """The last row once more at `time_s`, unless it was there or there is none."""
        if self._times and self._times[-1] < time_s:
            size = len(self._numbers) // len(self._times)
            self._numbers.extend(self._numbers[-size:])
            self._times.append(time_s)

    def drain(self, time_s: Array) -> NDArray[np.float32]:
        """A row for each of `time_s` (T,), which the times of the rows bound; at least one row.

        NaN between two rows of which one is NaN. The rows are gone then: they need not fill memory
        beside what came of them.
        """
        times, numbers = self._times, self._numbers
        self._times, self._numbers = array("d"), array("f")
        rows = np.frombuffer(numbers, np.float32).reshape(len(times), -1)
        out = np.empty((len(time_s), rows.shape[1]), np.float32)
        for column in range(rows.shape[1]):
            out[:, column] = np.interp(time_s, times, rows[:, column])
        return out.reshape(len(time_s), *self._shape)
