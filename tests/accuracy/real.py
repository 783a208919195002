"""Measure the program on real clips with labels.

    PYTHONPATH=tests python -m accuracy.real CLIPS build/accuracy [--rejudge]

CLIPS holds videos and labels.tsv: `file`, `label` (good, a fault, or unsure, which is not scored),
`must_not` (faults that would be wrong there, with commas between; on a good clip without any,
every fault is wrong). Only the pose model's records of the clips are kept, outside the
repository's files.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from accuracy import figures, seen, tables

from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.verdict import FAULTS, Verdict

GOOD, UNSURE = "good", "unsure"


@dataclass(frozen=True)
class Label:
    """What a clip shows, and faults that must not be reported."""

    file: str
    label: str
    must_not: tuple[str, ...]


def read_labels(path: Path) -> list[Label]:
    """Read the lines of labels.tsv."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Label(
            row["file"],
            row["label"],
            tuple(f.strip() for f in (row["must_not"] or "").split(",") if f.strip())
            or (FAULTS if row["label"] == GOOD else ()),
        )
        for row in rows
    ]


def mistakes(label: Label, verdict: Verdict) -> list[str]:
    """Return what is wrong with a verdict, in words; nothing for a clip that is not scored."""
    if label.label == UNSURE:
        return []
    if verdict.status == "unusable":
        return ["not judged"]
    out = [f"{f} said" for f in verdict.faults if f in label.must_not]
    if label.label != GOOD and label.label not in verdict.faults:
        out.append(f"{label.label} not said")
    return out


def report(labels: Sequence[Label], verdicts: Sequence[Verdict]) -> str:
    """Return a line per clip, then a table of labels against verdicts."""
    lines = []
    for label, verdict in zip(labels, verdicts, strict=True):
        said = Counter(fault for rep in verdict.reps for fault in rep.faults)
        spine = [r.spinal_flexion_deg for r in verdict.reps if r.spinal_flexion_deg is not None]
        lines.append(
            (
                label.file,
                label.label,
                f"{len(verdict.reps)}",
                ", ".join(f"{f} {n}" for f, n in said.items()) or verdict.status,
                " ".join(f"{v:.0f}" for v in spine) or "-",
                verdict.neutral or "-",
                "; ".join(mistakes(label, verdict)) or "",
            )
        )
    head = ("clip", "label", "reps", "said, reps", "spinal flexion", "neutral", "wrong")
    columns = (*tables.ORDER, "unusable")
    count = Counter(
        (x.label, "unusable" if v.status == "unusable" else figures.named(v.faults))
        for x, v in zip(labels, verdicts, strict=True)
    )
    matrix = [
        (name, *(str(count[name, column]) for column in columns))
        for name in dict.fromkeys(x.label for x in labels)
    ]
    scored = [(x, v) for x, v in zip(labels, verdicts, strict=True) if x.label != UNSURE]
    right = sum(not mistakes(x, v) for x, v in scored)
    return "\n\n".join(
        [
            "## Real clips",
            tables.table(head, lines),
            tables.table(("labelled, down; said, across", *columns), matrix),
            f"{right} of {len(scored)} clips have nothing wrong.",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rejudge", action="store_true", help="keep every record that fits")
    args = parser.parse_args()
    labels = read_labels(args.clips / "labels.tsv")
    keep = args.folder / "real"
    keep.mkdir(parents=True, exist_ok=True)
    digests = {}
    for label in labels:
        clip = (args.clips / label.file).resolve()
        digest = hashlib.sha256(clip.read_bytes()).hexdigest()
        name = digest[:16]
        digests[name] = digest
        link = keep / f"{name}.mp4"
        if not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(clip)
    if not args.rejudge or not all((keep / f"{name}.npz").exists() for name in digests):
        seen.observe_all(keep, digests, args.workers)
    verdicts = []
    for label, name in zip(labels, digests, strict=True):
        stored = seen.load(keep / f"{name}.npz")
        assert stored is not None
        verdicts.append(judge(stored[0], clip=label.file))
    print(report(labels, verdicts))


if __name__ == "__main__":
    main()
