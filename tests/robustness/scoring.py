"""Counting what a verdict says of a scene: right, unsure, not judged, confidently wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from robustness.stitching import Film, TrueRep

from hinge_dowel.verdict import NOT_JUDGED

NEAR_S = 0.6
"""A bottom found within this of a true one is the same repetition."""
EDGE_S = 0.4
"""A repetition that reaches further than this past a cut to both sides never was."""
UNSURE = {
    "spinal_flexion": "unsure_spine",
    "cervical_flexion": "unsure_head",
    "squatting": "unsure_knee",
}
"""The note that takes back what is said of a fault."""
LEFT_OUT = "not judged"
"""A warning with these words says that part of the clip was left out."""


@dataclass(frozen=True)
class Score:
    """Repetitions of one or more scenes."""

    reps: int = 0
    right: int = 0
    unsure: int = 0
    not_judged: int = 0
    wrong: int = 0
    remarks: tuple[str, ...] = field(default=(), compare=False)

    def __add__(self, other: Score) -> Score:
        return Score(
            self.reps + other.reps,
            self.right + other.right,
            self.unsure + other.unsure,
            self.not_judged + other.not_judged,
            self.wrong + other.wrong,
            self.remarks + other.remarks,
        )


def score(film: Film, verdict: Mapping[str, Any]) -> Score:
    """How a verdict, an entry of `clips`, compares with what the scene shows."""
    own = _score(film.reps, film.cuts_s, verdict)
    if film.others is None:
        return own
    # Either may be followed, but not now one and now the other.
    return min(own, _score(film.others, film.cuts_s, verdict), key=lambda s: (s.wrong, -s.right))


def _score(reps: Sequence[TrueRep], cuts_s: Sequence[float], verdict: Mapping[str, Any]) -> Score:
    left_out = verdict["status"] == "unusable" or any(
        LEFT_OUT in warning for warning in verdict["warnings"]
    )
    waiting = list(reps)
    total = Score(reps=len(reps))
    for found in verdict["reps"]:
        true = _match(found, waiting)
        if true is not None:
            waiting.remove(true)
        total += _one(found, true, cuts_s)
    for true in waiting:
        if left_out or not true.whole or verdict["status"] == "unusable":
            total += Score(not_judged=1)
        else:
            said = f"rep at {true.bottom_s:.1f} s ({_listed(true.faults)}) was not found"
            total += Score(
                wrong=int(bool(true.faults)), not_judged=int(not true.faults), remarks=(said,)
            )
    return total


def _match(found: Mapping[str, Any], reps: Sequence[TrueRep]) -> TrueRep | None:
    """The true repetition that a found one is."""
    at = found["bottom_s"]
    near = [
        rep
        for rep in reps
        if (abs(rep.bottom_s - at) <= NEAR_S if rep.whole else rep.start_s <= at <= rep.end_s)
    ]
    return min(near, key=lambda rep: abs(rep.bottom_s - at), default=None)


def _one(found: Mapping[str, Any], true: TrueRep | None, cuts_s: Sequence[float]) -> Score:
    said, notes = set(found["faults"]), set(found["notes"])
    at = f"rep at {found['bottom_s']:.1f} s"
    start, end = found["start_s"], found["end_s"]
    spans = [
        cut
        for cut in cuts_s
        if start is not None and end is not None and start + EDGE_S < cut < end - EDGE_S
    ]
    doubt = any(note in notes for note in (*UNSURE.values(), NOT_JUDGED))
    if true is None or spans:
        why = f"{at} never was ({_listed(said)}; {_listed(notes)})"
        return Score(
            unsure=int(doubt and not said), wrong=int(not (doubt and not said)), remarks=(why,)
        )
    # Of a repetition seen in part its fault may not have shown yet.
    differing = (said - set(true.faults)) | ((set(true.faults) - said) if true.whole else set())
    if NOT_JUDGED in notes:
        return Score(unsure=1)
    if not differing:
        return Score(right=1)
    if all(UNSURE[fault] in notes for fault in differing):
        return Score(unsure=1)
    why = f"{at}: {_listed(said)}, not {_listed(true.faults)} ({_listed(notes)})"
    return Score(wrong=1, remarks=(why,))


def _listed(names: Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(names)) or "clean"
