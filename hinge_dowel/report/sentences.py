"""Verdicts as sentences, for every view: what was seen, in which repetitions, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hinge_dowel.exercises.catalogue import EXERCISES
from hinge_dowel.exercises.cues import CONTACTS, FAULTS, note
from hinge_dowel.exercises.describe import cue, sign
from hinge_dowel.report import contacts
from hinge_dowel.report.wording import capital, counted, number, numbers_in_runs
from hinge_dowel.verdict import Rep, Verdict


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a fault (`fault` is True) or a note; `sure` is False for a maybe."""

    fault: bool
    sure: bool
    head: str
    """The fault or note, and the repetitions that have it."""
    text: str
    """What to do, in full sentences; for a fault, first what was seen of it."""


MAYBE = "maybe"
"""The word for a fault whose interval reaches into "held well"."""


def sentence(verdict: Verdict, unseen: str = "?") -> str:
    """Return what was seen in a clip, in a sentence or two; for an unusable clip, the reason.

    Partial repetitions are named separately. `unseen` is the view's mark for a place not seen.
    """
    if verdict.status == "unusable":
        return verdict.reason or "No reason is known."
    reps = [rep for rep in verdict.reps if rep.counted]
    halves = [rep for rep in verdict.reps if rep.judged and rep.partial]
    unclear = len(verdict.reps) - len(reps) - len(halves)
    left = f" Too few pictures show {counted(unclear, 'other rep')}." if unclear else ""
    if halves and not reps:
        return _seen(halves, unseen, "half rep") + left
    said = _seen(reps, unseen, "rep", others=bool(unclear))
    return f"{said}{_beside(len(reps), halves, unseen)}{left}"


def _beside(whole: int, halves: Sequence[Rep], unseen: str) -> str:
    """Return what was seen in half repetitions beside the `whole` ones, "" without any."""
    beside = "Beside it" if whole == 1 else "Beside them"
    if any(rep.faults for rep in halves):
        said = _seen(halves, unseen, "half rep")
        return f" {beside}: {said[:1].lower()}{said[1:]}"
    return f" {beside} {counted(len(halves), 'half rep')} without a fault." if halves else ""


def _seen(reps: Sequence[Rep], unseen: str, thing: str, *, others: bool = False) -> str:
    """Return what was seen in `reps`, in one sentence; `others` were not judged."""
    total = len(reps)
    everywhere = {1: f"the only {thing}", 2: f"both {thing}s"}.get(total, f"all {total} {thing}s")
    if others:
        everywhere = f"the {counted(total, thing)} judged"
    if faults := _faults_seen(reps, thing, everywhere):
        return f"{capital(', '.join(faults))}."
    lights = {name: {contacts.of_rep(rep, name) for rep in reps} for name in CONTACTS}
    if any("unseen" in seen for seen in lights.values()):
        return f"No fault seen in {everywhere}; what is marked {unseen} was out of sight."
    if unsure := sum(not rep.sure for rep in reps):
        return f"No fault seen in {everywhere}, but {_of_them(unsure, total)} unsure."
    if near := [words for name, words in CONTACTS.items() if "close" in lights[name]]:
        *first, last = near
        places = f"{', '.join(first)} and {last} are" if first else f"{last} is"
        return f"No fault seen in {everywhere}, but the {places} borderline."
    return f"Head, upper back and sacrum stayed on the dowel in {everywhere}."


def _faults_seen(reps: Sequence[Rep], thing: str, everywhere: str) -> list[str]:
    """Return each fault and in how many repetitions it is, maybes beside sure ones in brackets."""
    said: list[str] = []
    for key in FAULTS:
        sure = sum(key in rep.sure_faults for rep in reps)
        maybe = sum(key in rep.maybe_faults for rep in reps)
        count = sure or maybe
        if not count:
            continue
        where = str(count) if said else f"{count} of {counted(len(reps), thing)}"
        more = f" ({MAYBE} in {maybe} more)" if sure and maybe else ""
        where = everywhere if count == len(reps) else where
        said.append(f"{fault_name(key, sure=bool(sure))} in {where}{more}")
    return said


def _of_them(some: int, total: int) -> str:
    """Return `it is`, `they are` or `2 of them are`, for `some` of `total`."""
    if some < total:
        return f"{some} of them {'is' if some == 1 else 'are'}"
    return "it is" if total == 1 else "they are"


ShownStatus = Literal["clean", "faulty", "maybe", "unusable"]
"""A clip's status as views show it; "maybe" where all of its faults are maybes."""
STATUS_WORDS: dict[ShownStatus, str] = {
    "faulty": "faulty",
    "maybe": "maybe faulty",
    "clean": "clean",
    "unusable": "not checked",
}


def shown_status(verdict: Verdict) -> ShownStatus:
    """Return the status of a clip as views show it."""
    return "maybe" if verdict.faults and not verdict.sure_faults else verdict.status


def fault_name(fault: str, *, sure: bool) -> str:
    """Return the name of a fault, "maybe" before one in doubt."""
    return FAULTS[fault].name if sure else f"{MAYBE} {FAULTS[fault].name}"


def fault_names(seen: Verdict | Rep) -> list[str]:
    """Return the faults of a clip or repetition by their `fault_name`, worst first."""
    return [fault_name(key, sure=key in seen.sure_faults) for key in FAULTS if key in seen.faults]


def outcome(rep: Rep) -> str:
    """Return the faults of a repetition in words, else whether it is clean or not judged."""
    return ", ".join(fault_names(rep)) or ("clean" if rep.judged else "not judged")


def exercise(verdict: Verdict) -> str:
    """Return the exercise in words; with "judged as" where it was not recognised for sure."""
    known = EXERCISES.get(verdict.exercise)
    title = known.title if known else exercise_words(verdict.exercise)
    return title if verdict.exercise_sure else f"judged as a {title}"


def exercise_words(name: str) -> str:
    """Return the name of an exercise for tables and short lines."""
    return name.replace("_", " ")


def setting(verdict: Verdict, degree: str = "°") -> str:
    """Return exercise, facing, camera angle and neutral in words; `degree` is "" for ASCII."""
    parts = [exercise(verdict)] if verdict.reps else []
    if verdict.facing:
        parts.append(f"facing {verdict.facing}")
    if verdict.view_angle_deg is not None:
        unit = degree or " degrees"
        parts.append(f"camera {number(abs(verdict.view_angle_deg))}{unit} from side-on")
    if verdict.neutral == "measured":
        parts.append("compared with your own standing")
    elif verdict.neutral == "assumed":
        parts.append("no standing seen, a typical one assumed")
    return capital(", ".join(parts))


def advice(verdict: Verdict) -> list[Advice]:
    """Return what to do about each fault, then about each note, with the reps concerned."""
    items = []
    for key in FAULTS:
        if key in verdict.faults:
            sure = key in verdict.sure_faults
            name = fault_name(key, sure=sure)
            doubt = "" if sure else _doubt(verdict, key)
            text = f"{doubt}{sign(verdict.exercise, key)}. {cue(verdict.exercise, key)}"
            items.append(Advice(True, sure, f"{capital(name)} ({_seen_in(key, verdict)})", text))
    for key in dict.fromkeys(key for rep in verdict.reps for key in rep.notes):
        reps = [rep.number for rep in verdict.reps if key in rep.notes]
        words = note(key)
        head = f"{capital(words.label)} ({which(reps, verdict)})"
        items.append(Advice(False, True, head, cue(verdict.exercise, key)))
    return items


def _seen_in(fault: str, verdict: Verdict) -> str:
    """Return the repetitions with a fault, those in doubt apart where others are not."""
    sure = [rep.number for rep in verdict.reps if fault in rep.sure_faults]
    maybe = [rep.number for rep in verdict.reps if fault in rep.maybe_faults]
    if fault not in verdict.sure_faults or not maybe:
        return which(sorted(sure + maybe), verdict)
    return f"{which(sure, verdict)}, {MAYBE} {which(maybe, verdict)}"


def _doubt(verdict: Verdict, fault: str) -> str:
    """Return why a fault is a maybe, as the beginning of a sentence."""
    if any(fault in rep.sure_faults for rep in verdict.reps):
        return "only half a rep shows it; "
    return "it may be fine too, the pictures do not tell; if not, "


def which(numbers: Sequence[int], verdict: Verdict) -> str:
    """Return rep numbers in words: `rep 2`, `reps 1, 3-5`, `every rep`."""
    if len(numbers) == len(verdict.reps) > 1:
        return "every rep"
    return ("rep " if len(numbers) == 1 else "reps ") + numbers_in_runs(numbers)
