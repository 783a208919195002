"""How many repetitions are of each kind: the one home of what headlines and shares count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hinge_dowel.verdict import Rep


@dataclass(frozen=True, slots=True)
class RepTally:
    """Numbers of repetitions, each counted once.

    Whole ones are `clean`, have a fault past doubt (`faulty`), or only faults in doubt (`maybe`).
    `halves` were judged, but seen only down or up; `unjudged` are shown by too few pictures.
    """

    clean: int
    faulty: int
    maybe: int
    halves: int
    unjudged: int

    @property
    def whole(self) -> int:
        """The number that stands in headlines and shares."""
        return self.clean + self.faulty + self.maybe


def tally(reps: Iterable[Rep]) -> RepTally:
    """Count repetitions by kind."""
    kinds = Counter(map(_kind, reps))
    return RepTally(
        clean=kinds["clean"],
        faulty=kinds["faulty"],
        maybe=kinds["maybe"],
        halves=kinds["half"],
        unjudged=kinds["unjudged"],
    )


def _kind(rep: Rep) -> str:
    if not rep.judged:
        return "unjudged"
    if rep.partial:
        return "half"
    if rep.clean:
        return "clean"
    return "faulty" if rep.sure_faults else "maybe"
