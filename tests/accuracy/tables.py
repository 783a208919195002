"""The tables of RESULTS.md."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from accuracy import figures

if TYPE_CHECKING:
    from accuracy.measure import Clip, Row

NAMES = {
    "spinal_flexion_deg": "spinal flexion",
    "cervical_flexion_deg": "cervical flexion",
    "knee_flexion_deg": "knee flexion",
    "shin_angle_deg": "shin angle",
    "hip_flexion_deg": "hip flexion",
    "head_cm": "head off the dowel",
    "sacrum_cm": "sacrum off the dowel",
    "upper_back_cm": "upper back off the dowel",
}
GOALS = {
    "spinal_flexion_deg": 4.5,
    "cervical_flexion_deg": 3.5,
    "knee_flexion_deg": 3.0,
    "shin_angle_deg": 2.5,
    "head_cm": 1.0,
    "sacrum_cm": 1.2,
    "upper_back_cm": 1.0,
}
"""Goals for mean absolute errors."""
FAULTS = ("spinal_flexion", "squatting", "cervical_flexion")
F1_GOAL, FOUND_GOAL = 0.95, 0.99
ORDER = ("clean", *FAULTS, "several")
PACKAGES = ("hinge-dowel", "mediapipe", "numpy", "scipy", "av")
BOTTOM_S = 0.25
FEW = 8
"""Groups of fewer repetitions than this have no row."""

Rows = Sequence["Row"]


def number(value: float, digits: int = 1) -> str:
    """Format a figure for a cell; a dash for NaN."""
    if not np.isfinite(value):
        return "-"
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def percent(value: float) -> str:
    """Format a share in per cent; 100 only for all."""
    if not np.isfinite(value):
        return "-"
    return f"{100 * value:.1f} %" if 0.985 < value < 1 else f"{100 * value:.0f} %"


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown: first column to the left, the others to the right."""
    rows = [list(head), *(list(line) for line in lines)]
    wide = [max(len(row[k]) for row in rows) for k in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = [
            c.ljust(w) if k == 0 else c.rjust(w)
            for k, (c, w) in enumerate(zip(row, wide, strict=True))
        ]
        return "| " + " | ".join(cells) + " |"

    rule = ["-" * wide[0], *("-" * (w - 1) + ":" for w in wide[1:])]
    return "\n".join([line(rows[0]), line(rule), *(line(row) for row in rows[1:])])


def error(rows: Rows, name: str, source: str = "found") -> figures.Agreement:
    """Return the agreement of one measure over the repetitions found."""
    pairs = [(getattr(r, source).get(name, np.nan), r.true[name]) for r in rows]
    return figures.agreement([f for f, _ in pairs], [t for _, t in pairs])


def told(rows: Rows, fault: str, source: str = "faults") -> figures.Counts:
    """Return the counts of one fault over the repetitions found."""
    found = [r for r in rows if r.seen]
    return figures.counts(
        [r.graded[fault] for r in found], [fault in getattr(r, source) for r in found]
    )


def cover(rows: Rows, name: str) -> tuple[int, float, float]:
    """Return number, coverage and mean half width of one angle's intervals."""
    got = [(r.true[name], *r.intervals.get(name, (np.nan, np.nan))) for r in rows]
    return figures.coverage(*np.array(got, float).T) if got else (0, np.nan, np.nan)


def spread(rows: Rows, statistic: Callable[[Rows], float], digits: int) -> str:
    low, high = figures.bootstrap(rows, lambda r: r.subject, statistic)
    return f"{number(low, digits)} to {number(high, digits)}"


def mark(reached: bool) -> str:
    """Format for a cell whether a goal is reached."""
    return "yes" if reached else "no"


def detection(clips: Sequence[Clip], rows: Rows) -> str:
    """Return the table of repetitions found, missed and false."""
    judged = [c for c in clips if c.status != "unusable"]
    numbers = {c.number for c in judged}
    of_judged = [r for r in rows if r.subject in numbers]
    late = np.array([r.late_s for r in rows if r.seen])
    false = sum(len(c.false_s) for c in clips)
    seen = sum(r.seen for r in rows)
    view = np.array([c.view_deg - abs(c.yaw_deg) for c in clips])
    lines = [
        ("clips", f"{len(clips)}", ""),
        ("clips judged", f"{len(judged)}", percent(len(judged) / len(clips))),
        ("facing the wrong way", f"{sum(not c.faced for c in clips)}", ""),
        ("own standing found", f"{sum(c.neutral == 'measured' for c in clips)}", ""),
        ("repetitions", f"{len(rows)}", ""),
        ("found", f"{seen}", percent(seen / len(rows))),
        (
            "found, of clips judged",
            f"{sum(r.seen for r in of_judged)} of {len(of_judged)}",
            percent(sum(r.seen for r in of_judged) / max(len(of_judged), 1)),
        ),
        ("false", f"{false}", percent(false / max(seen + false, 1))),
        (
            f"bottom within {BOTTOM_S} s",
            f"{int((np.abs(late) <= BOTTOM_S).sum())}",
            percent(float((np.abs(late) <= BOTTOM_S).mean())) if len(late) else "-",
        ),
        (
            "view angle, mean absolute error",
            f"{number(float(np.nanmean(np.abs(view))))} degrees",
            "",
        ),
    ]
    refused = [c for c in clips if c.status == "unusable"]
    text = table(("", "count", "share"), lines)
    if refused:
        text += "\n\nNot judged: " + " ".join(f"{c.number:03d}: {c.reason}" for c in refused)
    return text


def angles(rows: Rows) -> str:
    """Return the table of every measure against the truth."""
    lines = []
    for name, words in NAMES.items():
        a = error(rows, name)
        goal = GOALS.get(name)
        count, share, half = cover(rows, name)
        lines.append(
            (
                words + (", cm" if name.endswith("_cm") else ""),
                f"{a.count}",
                number(a.mae, 2),
                spread(rows, lambda some, n=name: error(some, n).mae, 1),
                number(error(rows, name, "bottom").mae, 2),
                number(a.rmse, 2),
                number(a.bias, 2),
                f"{number(a.low)} to {number(a.high)}",
                "" if goal is None else f"{goal:g}: {mark(a.mae <= goal)}",
                percent(share) if count else "-",
                number(half),
            )
        )
    head = ("", "reps", "MAE", "95 % CI", "at the bottom", "RMSE", "bias", "95 % limits")
    return table((*head, "goal", "in its 90 % interval", "half width"), lines)


def faults(rows: Rows, sources: Sequence[tuple[str, str]]) -> str:
    """Return precision, recall and F1 of every fault, by program and baselines."""
    lines = []
    for words, source in sources:
        for fault in FAULTS:
            c = told(rows, fault, source)
            lines.append(
                (
                    f"{words}: {fault.replace('_', ' ')}",
                    *(str(n) for n in (c.hit, c.missed, c.false, c.right)),
                    number(c.precision, 3),
                    number(c.recall, 3),
                    number(c.f1, 3),
                    spread(rows, lambda some, f=fault, s=source: told(some, f, s).f1, 2),
                    mark(c.f1 >= F1_GOAL),
                )
            )
    head = ("", "said rightly", "missed", "said wrongly", "rightly not said")
    return table((*head, "precision", "recall", "F1", "95 % CI", f"F1 >= {F1_GOAL}"), lines)


def matrix(rows: Rows, source: str = "faults") -> str:
    """Return the confusion matrix over repetitions whose every fault is scored."""
    plain = [r for r in rows if r.seen and None not in r.graded.values()]
    found = figures.confusion(
        [[f for f in FAULTS if r.graded[f]] for r in plain],
        [getattr(r, source) for r in plain],
        ORDER,
    )
    head = ("true, down; said, across", *(name.replace("_", " ") for name in ORDER))
    return table(
        head,
        (
            (name.replace("_", " "), *(str(n) for n in row))
            for name, row in zip(ORDER, found, strict=True)
        ),
    )


def baselines(rows: Rows) -> str:
    """Return the table of angles by landmarks alone, beside the program's."""
    lines = []
    for name in (
        "spinal_flexion_deg",
        "cervical_flexion_deg",
        "knee_flexion_deg",
        "shin_angle_deg",
    ):
        ours, bare = error(rows, name), error(rows, name, "landmark_found")
        lines.append(
            (NAMES[name], number(ours.mae), number(bare.mae), number(ours.rmse), number(bare.rmse))
        )
    return table(
        ("degrees", "MAE", "landmarks only", "RMSE", "landmarks only"),
        lines,
    )


def unsure(rows: Rows) -> str:
    """Return how often the program is unsure, and its accuracy without those repetitions."""
    noted = {f"unsure_{part}": 0 for part in ("spine", "head", "knee")}
    for row in rows:
        for note in row.notes:
            if note.startswith("unsure"):
                noted[note] = noted.get(note, 0) + 1
    sure = [r for r in rows if not any(n.startswith("unsure") for n in r.notes)]
    said = ", ".join(f"{k} {v}" for k, v in noted.items())
    f1 = ", ".join(f"{f.replace('_', ' ')} {number(told(sure, f).f1, 3)}" for f in FAULTS)
    return f"Noted as unsure: {said}. F1 of the other {len(sure)} repetitions: {f1}."


LIMITED = {"spinal_flexion": "spinal_flexion_deg", "cervical_flexion": "cervical_flexion_deg"}
"""Faults that depend on one angle and one limit."""
LIMITS_DEG = (10, 12, 14, 16, 18, 20, 22)


def by_limit(rows: Rows) -> str:
    """Return F1 of each fault (false, missed) if one limit were applied to every repetition."""
    lines = []
    for fault, angle in LIMITED.items():
        found = [r for r in rows if r.seen]
        grades = [r.graded[fault] for r in found]
        cells = []
        for limit_deg in LIMITS_DEG:
            said = [r.found.get(angle, np.nan) > limit_deg for r in found]
            c = figures.counts(grades, said)
            cells.append(f"{number(c.f1, 3)} ({c.false}, {c.missed})")
        lines.append((fault.replace("_", " "), *cells))
    return table(("limit, degrees", *(str(limit) for limit in LIMITS_DEG)), lines)


def by_condition(rows: Rows) -> str:
    """Return the table of all figures for every value of every condition."""
    lines: list[Sequence[str]] = []
    for condition in dict.fromkeys(key for row in rows for key in row.conditions):
        values = {row.conditions[condition] for row in rows} - {""}
        for value in sorted(values, key=_natural):
            group = [row for row in rows if row.conditions[condition] == value]
            if len(group) >= FEW:
                lines.append((f"{condition}: {value}", *_figures(group)))
    return table(("", *COLUMNS), lines)


COLUMNS = (
    "subjects", "reps", "found", "spine", "bias", "neck", "bias", "knee", "shin", "head cm",
    "sacrum cm", "F1 spine", "squat", "neck", "90 % spine", "neck",
)  # fmt: skip


def _figures(group: Rows) -> tuple[str, ...]:
    spine, neck = error(group, "spinal_flexion_deg"), error(group, "cervical_flexion_deg")
    return (
        f"{len({r.subject for r in group})}",
        f"{len(group)}",
        percent(sum(r.seen for r in group) / len(group)),
        number(spine.mae),
        number(spine.bias),
        number(neck.mae),
        number(neck.bias),
        number(error(group, "knee_flexion_deg").mae),
        number(error(group, "shin_angle_deg").mae),
        number(error(group, "head_cm").mae),
        number(error(group, "sacrum_cm").mae),
        *(number(told(group, fault).f1, 2) for fault in FAULTS),
        percent(cover(group, "spinal_flexion_deg")[1]),
        percent(cover(group, "cervical_flexion_deg")[1]),
    )


def _natural(value: str) -> tuple[float, str]:
    """Sort key: ranges in the order of their numbers, words after them."""
    if value.startswith("under"):
        return -np.inf, value
    first = value.split()[0].rstrip("p")
    try:
        return float(first), value
    except ValueError:
        return np.inf, value


def worst(rows: Rows, name: str, count: int = 12) -> str:
    """Return the table of the repetitions with the largest errors, and their conditions."""
    known = [r for r in rows if np.isfinite(r.found.get(name, np.nan))]
    known.sort(key=lambda r: -abs(r.found[name] - r.true[name]))
    keys = ("arms", "shirt's fit", "hood", "hair", "camera's angle", "light", "lines", "faults")
    return table(
        ("clip, bottom", "true", "found", "under"),
        (
            (
                f"{r.subject:03d}, {r.true['bottom_s']:.1f} s",
                number(r.true[name]),
                number(r.found[name]),
                "; ".join(f"{k} {r.conditions[k]}" for k in keys),
            )
            for r in known[:count]
        ),
    )


def report(clips: Sequence[Clip], rows: Rows) -> str:
    """Return the text of RESULTS.md."""
    versions = ", ".join(f"{p} {importlib.metadata.version(p)}" for p in PACKAGES)
    judging = [r for r in rows if r.split == "judging"]
    others = [r for r in rows if r.split != "judging"]
    near = [r for r in judging if _drill(r)]
    ours = ("hinge-dowel", "faults")
    parts = [
        "# Accuracy on virtual subjects",
        f"Written by `make accuracy` on {datetime.date.today()}: {versions}, Python "
        f"{platform.python_version()}.",
        f"{len(rows)} repetitions of {len(clips)} subjects, filmed, encoded, and judged by the "
        "whole program. No model learnt from any of them; tolerances may be calibrated on "
        f"{len(others)} repetitions of {len({r.subject for r in others})} of them. How both "
        "estimates are weighed, and how wide intervals are, was chosen with all of them in view. "
        f"All tables but the last are of the other {len(judging)} repetitions of "
        f"{len({r.subject for r in judging})} subjects. Intervals (CI) come from drawing subjects "
        "anew. Angles are degrees of change from standing at the bottom of a repetition, strays "
        "centimetres against a dowel laid on the mesh's own midline, with the subject's stature "
        'given to the program. "At the bottom" is the MAE of the median over 0.3 s at the true '
        "bottom, where the program also looks elsewhere in the repetition for its extreme; limits "
        "are Bland and Altman's limits of agreement. A true fault is at least 20 degrees of spine "
        "or neck, or a knee of at least 60 with a shin past 10; clean is at most 8, 8 and 30; what "
        "lies between is not scored.",
        "## Repetitions",
        detection([c for c in clips if c.split == "judging"], judging),
        f"Goal: {percent(FOUND_GOAL)} found, none false.",
        "## Angles and strays",
        angles(judging),
        "Strays with a stature of 170 cm assumed of everybody: mean absolute error "
        + ", ".join(
            f"{NAMES[n].split(' off')[0]} {number(error(judging, n, 'assumed_cm').mae)} cm"
            for n in ("head_cm", "upper_back_cm", "sacrum_cm")
        )
        + ".",
        f"### In the drill's own range: camera within 14 degrees, knee under 50 ({len(near)} reps)",
        angles(near),
        "## Faults",
        faults(
            judging, [ours, ("three points", "three_faults"), ("landmarks only", "landmark_faults")]
        ),
        unsure(judging),
        "F1 (wrongly said, missed) if one limit stood for every repetition, of the calibrating and "
        "then of the judging ones:",
        by_limit(others) if others else "",
        by_limit(judging),
        "### hinge-dowel",
        matrix(judging),
        "### Three points and the largest residual",
        matrix(judging, "three_faults"),
        "### Landmarks only",
        matrix(judging, "landmark_faults"),
        baselines(judging),
        "Three points are ear, shoulder and hip, against standing, with the least residual that "
        "counts chosen on the calibrating subjects; the repetitions are the program's. Landmarks "
        "only is the program without outlines, and ridge regression on landmarks for the spine.",
        "## By condition",
        "Mean absolute errors in degrees (head and sacrum in cm) and biases; F1 of each fault; the "
        "share of truths inside their 90 % intervals.",
        by_condition(judging),
        "## Furthest off",
        "### Spine",
        worst(judging, "spinal_flexion_deg"),
        "### Neck",
        worst(judging, "cervical_flexion_deg"),
        "### Knee",
        worst(judging, "knee_flexion_deg", 6),
        "## Calibrating subjects",
        angles(others) if others else "None.",
        faults(others, [ours]) if others else "",
    ]
    return "\n\n".join(p for p in parts if p) + "\n"


def _drill(row: Row) -> bool:
    return row.yaw_deg < 14 and row.true["knee_flexion_deg"] < 50
