"""Verdicts in sentences, for every view: what was seen, in which repetitions, what to do."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hinge_dowel.exercises import describe
from hinge_dowel.exercises.catalogue import EXERCISES
from hinge_dowel.exercises.cues import CONTACTS, FAULTS, NOTES, note
from hinge_dowel.report import contacts
from hinge_dowel.verdict import Rep, Verdict


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do: about a fault, or about a note. `sure` is False for what may be no fault."""

    fault: bool
    sure: bool
    head: str
    """What it is about, and in which repetitions."""
    text: str
    """What to do, in full sentences; what leaves the dowel comes first."""


MAYBE = "maybe"
"""The word for a fault whose interval reaches into "held well"."""


def sentence(verdict: Verdict, unseen: str = "?") -> str:
    """What was seen of a clip, in one sentence; `unseen` is the mark that views give such places.

    Half repetitions are told by themselves. Of an unusable clip, why.
    """
    if verdict.status == "unusable":
        return verdict.reason or "No reason is known."
    reps = [rep for rep in verdict.reps if rep.counted]
    halves = [rep for rep in verdict.reps if rep.judged and rep.partial]
    unclear = len(verdict.reps) - len(reps) - len(halves)
    left = f" Too few pictures show {counted(unclear, 'other rep')}." if unclear else ""
    said = _seen(reps, unseen, "rep", beside=bool(unclear)) if reps or not halves else ""
    if halves and not said:
        said = _seen(halves, unseen, "half rep", beside=False)
    elif any(rep.faults for rep in halves):
        half = _seen(halves, unseen, "half rep", beside=False)
        said += f" Beside them: {half[:1].lower()}{half[1:]}"
    elif halves:
        said += f" Beside them {counted(len(halves), 'half rep')} without a fault."
    return said + left


def _seen(reps: Sequence[Rep], unseen: str, thing: str, beside: bool) -> str:
    """What was seen in some repetitions, in one sentence; `beside`: there are others."""
    total = len(reps)
    everywhere = {1: f"the only {thing}", 2: f"both {thing}s"}.get(total, f"all {total} {thing}s")
    if beside:
        everywhere = f"the {counted(total, thing)} judged"
    parts: list[str] = []
    for key in FAULTS:
        hit = sum(key in rep.sure_faults for rep in reps)
        maybe = sum(key in rep.maybe_faults for rep in reps)
        if not hit + maybe:
            continue
        first = hit or maybe
        where = everywhere if first == total else f"{first} of {counted(total, thing)}"
        if parts and first != total:
            where = str(first)
        name = FAULTS[key].name if hit else f"{MAYBE} {FAULTS[key].name}"
        more = f" ({MAYBE} in {maybe} more)" if hit and maybe else ""
        parts.append(f"{name} in {where}{more}")
    if parts:
        return capital(", ".join(parts)) + "."
    if any(contacts.of_rep(rep, contact) == "unseen" for rep in reps for contact in CONTACTS):
        return f"No fault seen in {everywhere}; what is marked {unseen} was out of sight."
    return f"Head, upper back and sacrum stayed on the dowel in {everywhere}."


def shares(reps: Sequence[Rep]) -> str:
    """How many whole repetitions there are, how many are clean and how many maybe faulty."""
    whole = [rep for rep in reps if rep.counted]
    clean = sum(rep.clean for rep in whole)
    maybe = sum(bool(rep.faults) and not rep.sure_faults for rep in whole)
    halves = sum(rep.partial for rep in reps)
    said = f"{counted(len(whole), 'rep')}, {clean} clean"
    said += f", {maybe} {MAYBE} faulty" if maybe else ""
    said += f"; {counted(halves, 'half rep')} not counted" if halves else ""
    return said


ShownStatus = Literal["clean", "faulty", "maybe", "unusable"]
"""How a view heads a clip: its status, or that its faults are all maybes."""
STATUS_WORDS: dict[ShownStatus, str] = {
    "faulty": "faulty",
    "maybe": "maybe faulty",
    "clean": "clean",
    "unusable": "not checked",
}


def shown_status(verdict: Verdict) -> ShownStatus:
    """The status of a clip, with those apart whose faults are all maybes."""
    return "maybe" if verdict.faults and not verdict.sure_faults else verdict.status


def fault_names(seen: Verdict | Rep) -> list[str]:
    """The faults of a clip or repetition in words, those that are maybes as such."""
    names = {key: FAULTS[key].name for key in FAULTS if key in seen.faults}
    return [name if key in seen.sure_faults else f"{MAYBE} {name}" for key, name in names.items()]


def exercise(verdict: Verdict) -> str:
    """What the clip was judged as, in words, and whether that is plain."""
    known = EXERCISES.get(verdict.exercise)
    title = known.title if known else exercise_words(verdict.exercise)
    return title if verdict.exercise_sure else f"judged as a {title}"


def exercise_words(name: str) -> str:
    """The name of an exercise as tables and short lines have it."""
    return name.replace("_", " ")


def sign(verdict: Verdict, fault: str) -> str:
    """What is seen to go wrong, as a clause."""
    known = EXERCISES.get(verdict.exercise)
    if fault == "squatting" and known is not None and known.rules.squat == "hips":
        return "the hips sink as low as the knees"
    return FAULTS[fault].sign


def cue(verdict: Verdict, key: str) -> str:
    """What to do about a fault or note in this exercise, in full sentences."""
    known = EXERCISES.get(verdict.exercise, EXERCISES["hinge"])
    return describe.cue(known, key) if key in FAULTS or key in NOTES else ""


LEAST_LEAD_S = 0.05
"""Less than this is told as none: with one decimal it is rounded to nothing."""


@dataclass(frozen=True, slots=True)
class TechniqueWords:
    """How a measure of how the hinge is done is told: a field of `Rep`, and its words.

    `word` and `unit` head a column; `clause` has room for the number, which is told with `factor`
    and `decimals`.
    """

    field: str
    word: str
    unit: str
    clause: str
    factor: float = 1.0
    decimals: int = 0

    def told(self, rep: Rep) -> str:
        """Its number in one repetition; "" where it is not known."""
        value = getattr(rep, self.field)
        return "" if value is None else number(value * self.factor, self.decimals)


MEASURES = (
    TechniqueWords("hip_travel_cm", "hips back", "cm", "the hips go back {} cm"),
    TechniqueWords(
        *("weight_share", "weight", "%", "the weight is over {} % of the foot from the heel"), 100.0
    ),
    TechniqueWords("knee_lead_s", "knees first", "s", "", decimals=1),
    TechniqueWords(
        *("hip_knee_ratio", "hip : knee", "", "{} degrees of hip to one of knee"), decimals=1
    ),
)


def measures(verdict: Verdict) -> str:
    """How the hinge is done, the middle one of the whole repetitions; "" where nothing is known."""
    whole = [rep for rep in verdict.reps if rep.counted]
    parts = []
    for one in MEASURES:
        found = [value for rep in whole if (value := getattr(rep, one.field)) is not None]
        if found:
            clause, value = one.clause, statistics.median(found) * one.factor
            if one.field == "knee_lead_s":
                clause, value = _lead(value)
            parts.append(clause.format(number(value, one.decimals)))
    return capital(", ".join(parts))


def _lead(lead_s: float) -> tuple[str, float]:
    """The words for how much the knees lead, and the number in them."""
    if abs(lead_s) < LEAST_LEAD_S:
        return "knees and hips begin together", lead_s
    first, then = ("knees", "hips") if lead_s > 0 else ("hips", "knees")
    return f"the {first} begin {{}} s before the {then}", abs(lead_s)


def number(value: float, decimals: int = 0) -> str:
    """A number for reading: a true minus sign, and never minus nothing."""
    rounded = round(value, decimals) + 0.0
    return f"{rounded:.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def setting(verdict: Verdict, degree: str = "°") -> str:
    """How the clip was seen: what a person may want to put right before trusting the rest."""
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
    """What to do about each fault, then about each note, naming the reps it is about."""
    items = []
    for key, fault in FAULTS.items():
        if key in verdict.faults:
            sure = key in verdict.sure_faults
            reps = [rep.number for rep in verdict.reps if key in rep.faults]
            name = fault.name if sure else f"{MAYBE} {fault.name}"
            doubt = "" if sure else _doubt(verdict, key)
            text = f"{doubt}{sign(verdict, key)}. {cue(verdict, key)}"
            items.append(Advice(True, sure, f"{capital(name)} ({which(reps, verdict)})", text))
    for key in dict.fromkeys(key for rep in verdict.reps for key in rep.notes):
        reps = [rep.number for rep in verdict.reps if key in rep.notes]
        words = note(key)
        head = f"{capital(words.label)} ({which(reps, verdict)})"
        items.append(Advice(False, True, head, cue(verdict, key)))
    return items


def _doubt(verdict: Verdict, fault: str) -> str:
    """Why a fault is a maybe, as the beginning of a sentence."""
    if any(fault in rep.sure_faults for rep in verdict.reps):
        return "only half a rep shows it; "
    return "it may be held well too, the pictures do not tell; "


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


def clock(seconds: float) -> str:
    """Whole minutes and seconds: `2:05`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def counted(number: int, thing: str) -> str:
    """`1 clip`, `2 clips`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
