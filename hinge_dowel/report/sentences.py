"""Verdicts as sentences, for every view: what was seen, in which repetitions, what to do."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hinge_dowel.exercises.catalogue import EXERCISES
from hinge_dowel.exercises.cues import CONTACTS, FAULTS, note
from hinge_dowel.exercises.describe import cue, sign
from hinge_dowel.report import contacts
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


TEMPO = "rep_s"


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity of a repetition that views show: `key` is a field of `Rep` or `TEMPO`.

    `name` stands in sentences, `word` and `unit` head a column; a number shown is the field times
    `factor`, with `digits`.
    """

    key: str
    name: str
    word: str
    unit: str = "degrees"
    digits: int = 0
    factor: float = 1.0

    def of(self, rep: Rep) -> float | None:
        """Return its value in one repetition, in its unit; None where it was not seen."""
        value = getattr(rep, "duration_s" if self.key == TEMPO else self.key)
        return None if value is None else value * self.factor

    def written(self, value: float) -> str:
        """Format a value without its unit, in ASCII, never as minus zero."""
        return f"{round(value, self.digits) + 0.0:.{self.digits}f}"

    def suffix(self, degree: str = "°") -> str:
        """Return its unit as it follows a number; `degree` is the view's sign for degrees."""
        return degree if self.unit == "degrees" else f" {self.unit}"

    def text_of(self, rep: Rep) -> str:
        """Return its number in one repetition for reading, "" where it was not seen."""
        value = self.of(rep)
        return "" if value is None else self.end_of_foot(value) or number(value, self.digits)

    def end_of_foot(self, value: float) -> str:
        """Return which end of the foot a weight lies beyond, which is told without a number."""
        if self.key != "weight_share" or 0 < value < self.factor:
            return ""
        return "heels" if value <= 0 else "tips of the toes"


def known(measures: Iterable[Measure], reps: Sequence[Rep]) -> tuple[Measure, ...]:
    """Return those of the measures that any of the repetitions has."""
    return tuple(one for one in measures if any(one.of(rep) is not None for rep in reps))


MAIN_ANGLES = (
    Measure("spinal_flexion_deg", "spinal flexion", "spine"),
    Measure("cervical_flexion_deg", "cervical flexion", "neck"),
    Measure("knee_flexion_deg", "knee flexion", "knee"),
    Measure("hip_flexion_deg", "hip flexion", "hip"),
)
"""The angles drawn as curves, and into films."""
ANGLES = (*MAIN_ANGLES, Measure("shin_angle_deg", "shin angle", "shin"))
HIPS_BACK = Measure("hip_travel_cm", "hips going back", "hips back", "cm")
TECHNIQUE = (
    HIPS_BACK,
    Measure("weight_share", "weight over the foot", "weight", "%", factor=100.0),
    Measure("knee_lead_s", "lead of the knees", "knees first", "s", 1),
    Measure("hip_knee_ratio", "hip to knee", "hip : knee", "", 1),
)
"""The measures of how the hinge is done."""
_CLAUSES = {
    "hip_travel_cm": "the hips go back {} cm",
    "weight_share": "your body's weight is {} % of the way from heel to toes",
    "hip_knee_ratio": "the hips bend {} times as far as the knees",
}
LEAST_LEAD_S = 0.05
"""A shorter lead is given as none: it rounds to zero at one decimal."""


LEAST_WEIGHT_SHARE = 0.1
"""A weight told nearer to the heels is not where it is told: nobody stands so. In 20 clips of real
people it was, most with a load in front of them; virtual people in hinges have 0.36 and more, told
to 0.08."""


def as_told(verdict: Verdict) -> Verdict:
    """Return a verdict without the places of the weight that are not told to anybody.

    They are those of who carries a load, which is not counted in, and impossible ones.
    """
    known = EXERCISES.get(verdict.exercise)
    balance = "alone" if known is None else known.balance

    def told(rep: Rep) -> Rep:
        share = rep.weight_share
        lost = share is not None and share < LEAST_WEIGHT_SHARE
        if balance == "loaded" or (balance == "alone" and lost):
            return replace(rep, weight_share=None)
        return rep

    return replace(verdict, reps=tuple(map(told, verdict.reps)))


def measures(verdict: Verdict) -> str:
    """Return the medians of `TECHNIQUE` over whole repetitions, in words; "" for none."""
    clauses = []
    reps = [rep for rep in as_told(verdict).reps if rep.counted]
    for measure in TECHNIQUE:
        values = [measure.of(rep) for rep in reps]
        seen = [value for value in values if value is not None]
        if seen:
            clauses.append(_clause(measure, statistics.median(seen)))
    return capital(", ".join(clauses))


def _clause(measure: Measure, value: float) -> str:
    """Return a measure of `TECHNIQUE` as a clause."""
    if measure.key == "knee_lead_s":
        if abs(value) < LEAST_LEAD_S:
            return "knees and hips begin together"
        first, then = ("knees", "hips") if value > 0 else ("hips", "knees")
        return f"the {first} begin {number(abs(value), measure.digits)} s before the {then}"
    if end := measure.end_of_foot(value):
        return f"your body's weight is over the {end}"
    return _CLAUSES[measure.key].format(number(value, measure.digits))


def number(value: float, decimals: int = 0) -> str:
    """Format a number for reading: with a true minus sign, and never as minus zero."""
    rounded = round(value, decimals) + 0.0
    return f"{rounded:.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def percent(share: float) -> str:
    """Format a share (0 to 1) as whole percent; 0 only for none and 100 only for all."""
    rounded = round(100 * share)
    return f"{min(max(rounded, int(share > 0)), 100 if share == 1 else 99)} %"


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
            reps = [rep.number for rep in verdict.reps if key in rep.faults]
            name = fault_name(key, sure=sure)
            doubt = "" if sure else _doubt(verdict, key)
            text = f"{doubt}{sign(verdict.exercise, key)}. {cue(verdict.exercise, key)}"
            items.append(Advice(True, sure, f"{capital(name)} ({which(reps, verdict)})", text))
    for key in dict.fromkeys(key for rep in verdict.reps for key in rep.notes):
        reps = [rep.number for rep in verdict.reps if key in rep.notes]
        words = note(key)
        head = f"{capital(words.label)} ({which(reps, verdict)})"
        items.append(Advice(False, True, head, cue(verdict.exercise, key)))
    return items


def _doubt(verdict: Verdict, fault: str) -> str:
    """Return why a fault is a maybe, as the beginning of a sentence."""
    if any(fault in rep.sure_faults for rep in verdict.reps):
        return "only half a rep shows it; "
    return "it may be fine too, the pictures do not tell; if not, "


def which(numbers: Sequence[int], verdict: Verdict) -> str:
    """Return rep numbers in words: `rep 2`, `reps 1, 3-5`, `every rep`."""
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
    """Return `words` with a capital first letter; the rest stays as it is."""
    return words[:1].upper() + words[1:]


def clock(seconds: float) -> str:
    """Format seconds as whole minutes and seconds: `2:05`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def clip_time(time_s: float) -> str:
    """Format a time in a clip: `7.5 s`, from a minute on `2:05`."""
    return f"{time_s:.1f} s" if time_s < 60 else clock(time_s)


def counted(number: int, thing: str) -> str:
    """Return a number with its noun: `1 clip`, `2 clips`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
