"""Measure the program's network on drawn people that nothing was fitted on, and on real clips.

    PYTHONPATH=tests:samples python -m network.measure drawn BUILD [--subjects 60]
    PYTHONPATH=tests:samples python -m network.measure real BUILD CLIPS

`drawn` shows single pictures of subjects of `accuracy.population` to the whole pose stage and
compares changes from standing, for several shares of the network in the answer. `real` judges clips
with a labels.tsv (see `accuracy.real`), with the same shares. Records are kept in BUILD, of the
clips only numbers.
"""

from __future__ import annotations

import argparse
import pickle
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from accuracy.real import GOOD, read_labels
from accuracy.single_pictures import JOINTS, as_told, shoot

from hinge_dowel.analysis import blending
from hinge_dowel.analysis.pipeline import follow_person, judge
from hinge_dowel.batch.fingerprint import pose_version
from hinge_dowel.pose.extraction import Record
from hinge_dowel.pose.network import ANGLES, SpineNetwork

FIRST = 15000
"""First number of the subjects of `accuracy.population` on which nothing was fitted."""
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
NARROW_DEG = 30.0


def changes(folder: Path) -> tuple[Any, Any, Any, Any, Any]:
    """Return changes from standing (N, 4): true, without the network, by it alone; the network's
    own doubt (N, 4), and the camera's angle from side-on (N,)."""
    import cv2

    columns = [ANGLES.index(joint) for joint in JOINTS]
    out: list[list[Any]] = [[], [], [], [], []]
    for path in sorted(folder.glob("*.pkl")):
        facing, _, rows = pickle.loads(path.read_bytes())  # noqa: S301  (written by `shoot`)
        if len(rows) < 4:
            continue
        usual, _ = as_told(facing, rows)
        network = SpineNetwork()
        says = []
        for row in rows:
            network.forget_trunk()
            says.append(network.look(cv2.imdecode(row["code"], cv2.IMREAD_COLOR), row["lm"]))
        says = np.array(says)
        true = np.array([row["angles"] for row in rows])
        side = says[:, -1] == (1.0 if facing == "right" else -1.0)
        use = side & side[0] & (np.arange(len(rows)) > 0) & np.isfinite(usual).all(axis=1)
        out[0].append((true - true[0])[use][:, 1:5])
        out[1].append((usual - usual[0])[use])
        out[2].append((says - says[0])[use][:, columns])
        out[3].append(says[use][:, [len(ANGLES) + c for c in columns]])
        out[4].append(np.abs(true[use][:, 6]))
    true, usual, says, doubt, view = (np.concatenate(part) for part in out)
    return true, usual, says, doubt, view


def drawn(folder: Path) -> str:
    """Return tables of errors by share of the network, and of rounded against flat backs."""
    true, usual, says, _, view = changes(folder)
    narrow = view < NARROW_DEG
    true, usual, says = true[narrow], usual[narrow], says[narrow]
    lines = [
        f"{len(true)} pictures, camera within {NARROW_DEG:.0f} degrees; MAE in degrees by the "
        "network's share of the answer (for the spine also of true changes from -10 to 45, and "
        "how well 20 and more part from 8 and less: AUC):",
        "",
        "| | " + " | ".join(f"{share:g}" for share in SHARES) + " |",
        "|---|" + "---:|" * len(SHARES),
    ]

    def row(name: str, figures: list[float], digits: int) -> None:
        lines.append(f"| {name} | " + " | ".join(f"{f:.{digits}f}" for f in figures) + " |")

    for k, joint in enumerate(JOINTS):
        a, b, t = usual[:, k], says[:, k], true[:, k]
        told = [(1 - share) * a + share * b for share in SHARES]
        row(joint, [float(np.nanmean(np.abs(m - t))) for m in told], 2)
        if joint == "spinal":
            plain = (t > -10) & (t < 45)
            row("spinal, -10 to 45", [float(np.abs(m - t)[plain].mean()) for m in told], 2)
            row("spinal, AUC", [area(m[t >= 20], m[t <= 8]) for m in told], 3)
    return "\n".join(lines)


def area(above: Any, below: Any) -> float:
    """Return the probability that one of the first is above one of the second (area under ROC)."""
    a, b = np.array(above)[:, None], np.array(below)[None]
    return float((a > b).mean() + 0.5 * (a == b).mean())


def worst_spine(record: Record, share: float) -> float | None:
    """Return the largest spinal flexion of a clip's repetitions, with this share of the network."""
    shares = dict.fromkeys(("spinal", "cervical"), share)
    with (
        patch.dict(blending.SHARE, shares),
        patch.object(blending, "DOUBTFUL_SHARE", share),
    ):
        reps = judge(record, clip="").reps
    bends = [rep.spinal_flexion_deg for rep in reps if rep.spinal_flexion_deg is not None]
    return max(bends, default=None)


def real(folder: Path, clips: Path) -> str:
    """Return a table of how well rounded backs are told from flat ones, by share of the network."""
    rounded: list[Any] = []
    flat: list[Any] = []
    for label in read_labels(clips / "labels.tsv"):
        kept = folder / f"{Path(label.file).stem}.{pose_version()[:12]}"
        if not kept.exists():
            kept.write_bytes(pickle.dumps(follow_person(clips / label.file)))
        record = pickle.loads(kept.read_bytes())  # noqa: S301  (written here)
        worst = [worst_spine(record, share) for share in SHARES]
        if None in worst:
            continue
        if label.label == "spinal_flexion":
            rounded.append(worst)
        elif label.label == GOOD or "spinal_flexion" in label.must_not:
            flat.append(worst)
    a, b = np.array(rounded), np.array(flat)
    spread = np.sqrt((a.var(axis=0) + b.var(axis=0)) / 2)
    lines = [
        f"{len(a)} clips of rounded backs, {len(b)} of others:",
        "",
        "| | " + " | ".join(f"{share:g}" for share in SHARES) + " |",
        "|---|" + "---:|" * len(SHARES),
        "| AUC | " + " | ".join(f"{area(a[:, k], b[:, k]):.3f}" for k in range(len(SHARES))) + " |",
        "| apart, in standard deviations | "
        + " | ".join(f"{d:.2f}" for d in (a.mean(axis=0) - b.mean(axis=0)) / spread)
        + " |",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["drawn", "real"])
    parser.add_argument("build", type=Path)
    parser.add_argument("clips", type=Path, nargs="?")
    parser.add_argument("--subjects", type=int, default=60)
    args = parser.parse_args()
    folder = args.build / args.what
    folder.mkdir(parents=True, exist_ok=True)
    if args.what == "drawn":
        shoot(folder, range(FIRST, FIRST + args.subjects))
        print(drawn(folder))
    elif args.clips is None:
        parser.error("real needs a folder of clips with their labels.tsv")
    else:
        print(real(folder, args.clips))


if __name__ == "__main__":
    main()
