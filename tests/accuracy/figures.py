"""Statistics of errors, of faults found, and of intervals, on arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

FAULT_DEG = {"spinal_flexion": 20.0, "cervical_flexion": 20.0, "squatting": 60.0}
"""From this angle on a fault is true; squatting also needs a shin that is not upright."""
CLEAN_DEG = {"spinal_flexion": 8.0, "cervical_flexion": 8.0, "squatting": 30.0}
"""Up to this angle a repetition is clean; between the two it is not scored."""
UPRIGHT_SHIN_DEG = 10.0
Z95 = 1.96


@dataclass(frozen=True)
class Agreement:
    """Agreement of found with true values; the limits hold 95 % of the differences."""

    count: int
    mae: float
    rmse: float
    bias: float
    low: float
    high: float


def agreement(found: ArrayLike, true: ArrayLike) -> Agreement:
    """Return Bland and Altman's statistics over pairs of which both are known (NaN is unknown)."""
    error = np.asarray(found, float) - np.asarray(true, float)
    error = error[np.isfinite(error)]
    if not len(error):
        return Agreement(0, *[np.nan] * 5)
    bias = float(error.mean())
    spread = Z95 * float(error.std(ddof=1)) if len(error) > 1 else np.nan
    return Agreement(
        len(error),
        float(np.abs(error).mean()),
        float(np.sqrt((error**2).mean())),
        bias,
        bias - spread,
        bias + spread,
    )


@dataclass(frozen=True)
class Counts:
    """Counts of a fault reported or not, against the truth."""

    hit: int
    missed: int
    false: int
    right: int
    """Clean and called clean."""

    @property
    def precision(self) -> float:
        return _share(self.hit, self.hit + self.false)

    @property
    def recall(self) -> float:
        return _share(self.hit, self.hit + self.missed)

    @property
    def f1(self) -> float:
        return _share(2 * self.hit, 2 * self.hit + self.missed + self.false)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else np.nan


def grade(fault: str, angle_deg: float, shin_deg: float = np.nan) -> bool | None:
    """Return whether a repetition truly has a fault: True, False (clean), or None (not scored).

    `angle_deg` is spinal or cervical flexion, or the knee's for squatting; extension is no flexion.
    """
    if angle_deg <= CLEAN_DEG[fault]:
        return False
    if angle_deg < FAULT_DEG[fault] or (fault == "squatting" and not shin_deg > UPRIGHT_SHIN_DEG):
        return None
    return True


def counts(true: Sequence[bool | None], said: Sequence[bool]) -> Counts:
    """Count the faults reported against the truth; None is not scored."""
    pairs = [(t, bool(s)) for t, s in zip(true, said, strict=True) if t is not None]
    return Counts(
        hit=pairs.count((True, True)),
        missed=pairs.count((True, False)),
        false=pairs.count((False, True)),
        right=pairs.count((False, False)),
    )


def named(faults: Sequence[str]) -> str:
    """Return the row or column of the confusion matrix for a set of faults."""
    if not faults:
        return "clean"
    return faults[0] if len(faults) == 1 else "several"


def confusion(
    true: Sequence[Sequence[str]], said: Sequence[Sequence[str]], order: Sequence[str]
) -> NDArray[np.int64]:
    """Return the confusion matrix (len(order), len(order)): rows are true, columns reported."""
    out = np.zeros((len(order), len(order)), dtype=np.int64)
    for t, s in zip(true, said, strict=True):
        out[order.index(named(t)), order.index(named(s))] += 1
    return out


def coverage(true: ArrayLike, low: ArrayLike, high: ArrayLike) -> tuple[int, float, float]:
    """Return the number of intervals, the share that holds the truth, and the mean half width."""
    t, a, b = (np.asarray(v, float) for v in (true, low, high))
    known = np.isfinite(t) & np.isfinite(a) & np.isfinite(b)
    if not known.any():
        return 0, np.nan, np.nan
    t, a, b = t[known], a[known], b[known]
    return len(t), float(((a <= t) & (t <= b)).mean()), float((b - a).mean() / 2)


def match(true_s: ArrayLike, found_s: ArrayLike, reach_s: ArrayLike) -> list[tuple[int, int]]:
    """Return pairs (true, found) of repetitions, matched by the time of the bottom, nearest first.

    A pair is at most `reach_s` apart, one value for each true repetition. Each repetition is used
    once; true ones left over were missed, found ones left over are false.
    """
    true, found = np.asarray(true_s, float), np.asarray(found_s, float)
    apart = np.abs(true[:, None] - found[None, :])
    apart = np.where(apart <= np.asarray(reach_s, float)[:, None], apart, np.inf)
    pairs = []
    while apart.size and np.isfinite(apart.min()):
        i, j = np.unravel_index(apart.argmin(), apart.shape)
        pairs.append((int(i), int(j)))
        apart[i], apart[:, j] = np.inf, np.inf
    return sorted(pairs)


def bootstrap(
    rows: Sequence[Any],
    subject: Callable[[Any], object],
    statistic: Callable[[list[Any]], float],
    *,
    draws: int = 300,
    share: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the bootstrap interval of a statistic over subjects drawn with replacement.

    Repetitions of one subject resemble each other, so whole subjects are drawn. Draws in which
    the statistic is not defined (NaN) are left out; NaN when none is left.
    """
    groups: dict[object, list[Any]] = {}
    for row in rows:
        groups.setdefault(subject(row), []).append(row)
    blocks = list(groups.values())
    if not blocks:
        return np.nan, np.nan
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        chosen = rng.integers(0, len(blocks), len(blocks))
        value = statistic([row for k in chosen for row in blocks[k]])
        if np.isfinite(value):
            found.append(value)
    if not found:
        return np.nan, np.nan
    low, high = np.quantile(found, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)
