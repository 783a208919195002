"""How many repetitions are of each kind: the one home of what headlines and shares count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from hinge_dowel.exercises.cues import FAULTS
from hinge_dowel.verdict import Rep


@dataclass(frozen=True, slots=True)
class RepTally:
    """Numbers of repetitions, each counted once.

    Whole ones are `clean`, have a fault past doubt (`faulty`), or only faults in doubt (`maybe`).
    `halves` were judged, but seen only down or up; `unjudged` are shown by too few pictures.
    """

    clean: int = 0
    faulty: int = 0
    maybe: int = 0
    halves: int = 0
    unjudged: int = 0

    @property
    def whole(self) -> int:
        """The number that stands in headlines and shares."""
        return self.clean + self.faulty + self.maybe


def tally(reps: Iterable[Rep]) -> RepTally:
    """Count repetitions by kind."""
    return RepTally(**Counter(map(_kind, reps)))


def _kind(rep: Rep) -> str:
    if not rep.judged:
        return "unjudged"
    if rep.partial:
        return "halves"
    return "clean" if rep.clean else "faulty" if rep.sure_faults else "maybe"


def done(reps: Iterable[Rep]) -> int:
    """Return how many reps are done of those planned, judged or not: half ones are not."""
    return sum(not rep.partial for rep in reps)


def clean_share(reps: Iterable[Rep]) -> float | None:
    """Return the share of clean ones among the whole repetitions, 0 to 1; None without any."""
    count = tally(reps)
    return count.clean / count.whole if count.whole else None


def most_common(faults: Iterable[Iterable[str]]) -> tuple[str | None, int]:
    """Return the fault that most reps have (of two the worse) and how many; None, 0 without any.

    `faults` are those of each rep.
    """
    counts = Counter(chain.from_iterable(faults))
    fault = max(FAULTS, key=lambda fault: counts[fault])
    return (fault, counts[fault]) if counts[fault] else (None, 0)
