"""Judges the virtual subjects of `technique.py` and writes TECHNIQUE.md.

    PYTHONPATH=tests python -m accuracy.measure_technique build/accuracy/technique

Reports errors of the measures of technique, how often each note is right, and which exercise `auto`
recognises. Films what is missing first.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from accuracy.technique import AGAIN, TRIALS, film_all

from hinge_dowel.analysis.pipeline import Record, judge
from hinge_dowel.exercises.catalogue import EXERCISES
from hinge_dowel.exercises.recognition import recognise
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import Rep, Verdict

GOALS = {"hip_travel_cm": 3.0, "weight_share": 0.12, "knee_lead_s": 0.15}
"""Greatest mean absolute error of each measure that is accepted."""
NOTES = ("hips_not_back", "on_the_toes", "knees_first", "hips_first", "looking_up", "shins_forward")
STAY_CM, GO_CM = 0.6, 1.2
"""Travel per 10 degrees below which hips plainly stay, and above which they plainly go back."""
NEAR_S = 0.6
RESULTS = Path(__file__).with_name("TECHNIQUE.md")


OTHER_BODIES = (
    "Other bodies: no limit was chosen on them but hips_first (10 to 8 degrees after one miss)"
)


def record_of(place: Path) -> Record:
    """Return the pose model's record of a trial."""
    with np.load(place) as data:
        width, height = (int(side) for side in data["size_px"])
        seen = (data[name] for name in ("time_s", "landmarks", "outlines"))
        return Record(*seen, (width, height), network=data["network"])


def judged(folder: Path, name: str, *, auto: bool) -> tuple[dict[str, Any], Verdict]:
    """Return truth and verdict of a trial, judged as its own exercise or by `auto`."""
    truth = json.loads((folder / f"{name}.json").read_text("utf-8"))
    own = EXERCISES.get(truth["exercise"], EXERCISES["hinge"]).rules
    tolerances = replace(DEFAULT, stature_cm=truth["stature_cm"])
    rules = recognise if auto else own
    record = record_of(folder / f"{name}.npz")
    return truth, judge(record, clip=name, tolerances=tolerances, rules=rules)


def pairs(truth: dict[str, Any], verdict: Verdict) -> list[tuple[dict[str, Any], Rep | None]]:
    """Return every true repetition with the one found nearest to its bottom."""
    out = []
    for true in truth["reps"]:
        near = [r for r in verdict.reps if abs((r.bottom_s or 0) - true["bottom_s"]) <= NEAR_S]
        found = min(near, key=lambda r: abs((r.bottom_s or 0) - true["bottom_s"]), default=None)
        out.append((true, found))
    return out


def deserved(note: str, truth: dict[str, Any], rep: dict[str, Any]) -> bool | None:
    """Return whether a true repetition should have a note; None where that is not clear."""
    if note == "hips_not_back":
        travel = rep["hip_travel_cm_per_10_deg"]
        return None if STAY_CM < travel < GO_CM else bool(travel <= STAY_CM)
    if note == "shins_forward":
        return None if truth["exercise"] != "bench" else note in truth["notes"]
    return note in truth["notes"]


def measure(folder: Path, names: list[str]) -> dict[str, Any]:
    """Return errors of the measures, right and wrong notes and faults, exercises recognised."""
    errors: dict[str, list[float]] = defaultdict(list)
    notes: dict[str, Counter[str]] = defaultdict(Counter)
    confusion: dict[str, Counter[str]] = defaultdict(Counter)
    missed, wrong_faults = [], []
    for name in names:
        truth, verdict = judged(folder, name, auto=False)
        counted = EXERCISES.get(truth["exercise"], EXERCISES["hinge"]).rules.notes
        for true, found in pairs(truth, verdict):
            if found is None:
                missed.append(name)
                continue
            for key in GOALS:
                value = getattr(found, key)
                if true[key] is not None and value is not None:
                    errors[key].append(value - true[key])
            for note in NOTES:
                due = deserved(note, truth, true)
                if note in counted and due is not None:
                    notes[note][f"{due} {note in found.notes}"] += 1
        if set(verdict.faults) != set(truth["faults"]):
            wrong_faults.append(f"{name}: {', '.join(verdict.faults) or 'none'}")
        _, free = judged(folder, name, auto=True)
        told = free.exercise if free.status != "unusable" else "unusable"
        confusion[truth["exercise"]][told] += 1
    return {
        "errors": errors,
        "notes": notes,
        "confusion": confusion,
        "missed": missed,
        "wrong_faults": wrong_faults,
    }


HEAD = """# The exercises, measured on virtual subjects

Plain subjects, each at one exercise (`technique.py`), written by `measure_technique.py`. Each was
judged as its own exercise; which exercise `auto` takes it for stands below.
"""


def told(title: str, found: dict[str, Any], subjects: int) -> str:
    """Return the part of the page on some subjects."""
    lines = [
        f"## {title}: {subjects} subjects",
        "",
        "| measure | repetitions | mean absolute error | bias | goal |",
        "|---|---|---|---|---|",
    ]
    for key, goal in GOALS.items():
        values = np.array(found["errors"][key])
        lines.append(
            f"| `{key}` | {len(values)} | {np.abs(values).mean():.2f} | {values.mean():+.2f} | "
            f"{goal:g} |"
        )
    lines += ["", "| note | due and told | due, not told | told, not due | rightly silent |"]
    lines += ["|---|---|---|---|---|"]
    for note, counts in found["notes"].items():
        cells = [counts[f"{due} {said}"] for due, said in DUE_AND_SAID]
        lines.append(f"| `{note}` | " + " | ".join(map(str, cells)) + " |")
    lines += ["", "| exercise | taken by `auto` for |", "|---|---|"]
    for exercise, counts in found["confusion"].items():
        taken = ", ".join(f"{name} {count}" for name, count in counts.most_common())
        lines.append(f"| {exercise} | {taken} |")
    missed, wrong = found["missed"], found["wrong_faults"]
    lines += ["", f"Repetitions not found: {', '.join(missed) or 'none'}."]
    lines += [f"Other faults than the true ones: {'; '.join(wrong) or 'none'}."]
    return "\n".join(lines) + "\n"


DUE_AND_SAID = ((True, True), (True, False), (False, True), (False, False))


def main() -> None:
    """Measure from the command line."""
    from hinge_dowel.pose.model_file import locate

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--filmed", action="store_true", help="measure what is there")
    parser.add_argument("--write", action="store_true", help="write TECHNIQUE.md")
    given = parser.parse_args()
    if not given.filmed:
        film_all(given.folder, locate(), list(TRIALS))
    names = [name for name in TRIALS if (given.folder / f"{name}.json").exists()]
    parts = [
        (title, [name for name in names if name.endswith(AGAIN) == other])
        for title, other in (
            (
                OTHER_BODIES,
                True,
            ),
            ("The others", False),
        )
    ]
    page = "\n".join(
        [
            HEAD,
            *(told(title, measure(given.folder, some), len(some)) for title, some in parts if some),
        ]
    )
    print(page)
    if given.write:
        RESULTS.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
