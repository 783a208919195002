"""Figures: how far from the truth, how often right, how sure. Plain statistics on arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

FAULT_DEG = {"spinal_flexion": 20.0, "cervical_flexion": 20.0, "squatting": 60.0}
"""At least so much is a true fault; squatting wants the upright shin gone as well."""
CLEAN_DEG = {"spinal_flexion": 8.0, "cervical_flexion": 8.0, "squatting": 30.0}
"""At most so much is clean; what lies between is not scored."""
UPRIGHT_SHIN_DEG = 10.0
Z95 = 1.96


@dataclass(frozen=True)
class Agreement:
    """How found values agree with true ones; the limits hold 95 % of the differences."""

    count: int
    mae: float
    rmse: float
    bias: float
    low: float
    high: float


def agreement(found: ArrayLike, true: ArrayLike) -> Agreement:
    """Bland and Altman's figures over the pairs that are both known (NaN is unknown)."""
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
    """A fault said or not said, against the truth."""

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
    """Whether a repetition truly has a fault: True, False (clean), or None (not scored).

    `angle_deg` is spinal or cervical flexion, or the knee's for squatting; extension is no flexion.
    """
    if angle_deg <= CLEAN_DEG[fault]:
        return False
    if angle_deg < FAULT_DEG[fault] or (fault == "squatting" and not shin_deg > UPRIGHT_SHIN_DEG):
        return None
    return True


def counts(true: Sequence[bool | None], said: Sequence[bool]) -> Counts:
    """Count what was said against the truth; None is not scored."""
    pairs = [(t, bool(s)) for t, s in zip(true, said, strict=True) if t is not None]
    return Counts(
        hit=pairs.count((True, True)),
        missed=pairs.count((True, False)),
        false=pairs.count((False, True)),
        right=pairs.count((False, False)),
    )


def named(faults: Sequence[str]) -> str:
    """The row or column of the confusion matrix that a set of faults belongs to."""
    if not faults:
        return "clean"
    return faults[0] if len(faults) == 1 else "several"


def confusion(
    true: Sequence[Sequence[str]], said: Sequence[Sequence[str]], order: Sequence[str]
) -> NDArray[np.int64]:
    """(len(order), len(order)): rows what was true, columns what was said."""
    out = np.zeros((len(order), len(order)), dtype=np.int64)
    for t, s in zip(true, said, strict=True):
        out[order.index(named(t)), order.index(named(s))] += 1
    return out


def coverage(true: ArrayLike, low: ArrayLike, high: ArrayLike) -> tuple[int, float, float]:
    """How many intervals there are, the share that holds the truth, and their mean half width."""
    t, a, b = (np.asarray(v, float) for v in (true, low, high))
    known = np.isfinite(t) & np.isfinite(a) & np.isfinite(b)
    if not known.any():
        return 0, np.nan, np.nan
    t, a, b = t[known], a[known], b[known]
    return len(t), float(((a <= t) & (t <= b)).mean()), float((b - a).mean() / 2)


def match(true_s: ArrayLike, found_s: ArrayLike, reach_s: ArrayLike) -> list[tuple[int, int]]:
    """Which found repetition is which true one, by the time of the bottom: nearest pairs first.

    A pair lies no further apart than `reach_s`, one value for each true repetition. Each is used
    once; what remains of the true was missed, what remains of the found is false.
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
    """The interval of a statistic when subjects are drawn anew, with replacement.

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
