"""Verdicts in sentences, for every view: what was seen, in which repetitions, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hinge_dowel.exercises.cues import CONTACTS, FAULTS, note
from hinge_dowel.report import contacts
from hinge_dowel.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do: about a fault, or (`fault` False) about a note."""

    fault: bool
    head: str
    """What it is about, and in which repetitions."""
    text: str
    """What to do, in full sentences; what leaves the dowel comes first."""


def sentence(verdict: Verdict, unseen: str = "?") -> str:
    """What was seen of a clip, in one sentence; `unseen` is the mark that views give such places.

    Of an unusable clip, why.
    """
    if verdict.status == "unusable":
        return verdict.reason or "No reason is known."
    reps = [rep for rep in verdict.reps if rep.judged]
    total = len(reps)
    unclear = len(verdict.reps) - total
    everywhere = {1: "the only rep", 2: "both reps"}.get(total, f"all {total} reps")
    if unclear:
        everywhere = f"the {counted(total, 'rep')} judged"
    left = f" Too few pictures show {counted(unclear, 'other rep')}." if unclear else ""
    if verdict.faults:
        parts: list[str] = []
        for key in (key for key in FAULTS if key in verdict.faults):
            hit = sum(key in rep.faults for rep in verdict.reps)
            where = everywhere if hit == total else str(hit) if parts else f"{hit} of {total} reps"
            parts.append(f"{FAULTS[key].name} in {where}")
        return capital(", ".join(parts)) + "." + left
    if any(contacts.of_rep(rep, contact) == "unseen" for rep in reps for contact in CONTACTS):
        return f"No fault seen in {everywhere}; what is marked {unseen} was out of sight." + left
    return f"Head, upper back and sacrum stayed on the dowel in {everywhere}." + left


def setting(verdict: Verdict, degree: str = "°") -> str:
    """How the clip was seen: what a person may want to put right before trusting the rest."""
    parts = []
    if verdict.facing:
        parts.append(f"facing {verdict.facing}")
    if verdict.view_angle_deg is not None:
        unit = degree or " degrees"
        parts.append(f"camera {abs(verdict.view_angle_deg):.0f}{unit} from side-on")
    if verdict.neutral == "measured":
        parts.append("compared with your own standing")
    elif verdict.neutral == "assumed":
        parts.append("no standing seen, a typical one assumed")
    return capital(", ".join(parts))


def advice(verdict: Verdict) -> list[Advice]:
    """What to do about each fault, then about each note, naming the reps it is about."""
    items = []
    for key, fault in FAULTS.items():
        if key in verdict.faults:
            reps = [rep.number for rep in verdict.reps if key in rep.faults]
            text = f"the {fault.place} leaves the dowel. {fault.cue}"
            items.append(Advice(True, f"{capital(fault.name)} ({which(reps, verdict)})", text))
    for key in dict.fromkeys(key for rep in verdict.reps for key in rep.notes):
        reps = [rep.number for rep in verdict.reps if key in rep.notes]
        words = note(key)
        head = f"{capital(words.label)} ({which(reps, verdict)})"
        items.append(Advice(False, head, words.sentence))
    return items


def which(numbers: Sequence[int], verdict: Verdict) -> str:
    """Rep numbers in words: `rep 2`, `reps 1, 3-5`, `every rep`."""
    if len(numbers) == len(verdict.reps) > 1:
        return "every rep"
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ("rep " if len(numbers) == 1 else "reps ") + ", ".join(parts)


def capital(words: str) -> str:
    """With a capital first letter; the rest stays as it is."""
    return words[:1].upper() + words[1:]


def counted(number: int, thing: str) -> str:
    """`1 clip`, `2 clips`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
