"""Measures the whole program on the filmed clips and writes RESULTS.md.

    PYTHONPATH=tests python -m accuracy.measure build/accuracy [--rejudge] [--workers 2]

Clips that are not filmed yet are filmed first (that needs `pip install -e .[subjects]`), then read
by the real pipeline, then judged. `--rejudge` only judges existing records, for quick rounds with
another calibration. `--filmed` measures the clips that are there.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from accuracy import baselines, conditions, figures, film, seen, tables
from accuracy.clips import CLIPS, draw
from accuracy.crew import crew
from numpy.typing import NDArray

from hinge_dowel.analysis import dowel
from hinge_dowel.analysis.pipeline import Record, judge
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import FAULTS, Rep, Verdict

Array = NDArray[np.float64]

ANGLES = (
    "spinal_flexion_deg",
    "cervical_flexion_deg",
    "knee_flexion_deg",
    "shin_angle_deg",
    "hip_flexion_deg",
)
STRAYS = ("head", "upper_back", "sacrum")
LEAST_REACH_S = 0.6
"""A found bottom this near to a true one is the same repetition, even of a short one."""
RESULTS = Path(__file__).with_name("RESULTS.md")
GRADED = {
    "spinal_flexion": "spinal_flexion_deg",
    "cervical_flexion": "cervical_flexion_deg",
    "squatting": "knee_flexion_deg",
}


@dataclass(frozen=True)
class Row:
    """One true repetition and the one found; angles in degrees, strays in cm, NaN where unknown.

    `found` is empty where the repetition was missed. `assumed_cm` has the strays for the default
    stature, `found` those for the subject's own.
    """

    subject: int
    split: str
    yaw_deg: float
    conditions: dict[str, str]
    true: dict[str, float]
    graded: dict[str, bool | None]
    found: dict[str, float] = field(default_factory=dict)
    assumed_cm: dict[str, float] = field(default_factory=dict)
    bottom: dict[str, float] = field(default_factory=dict)
    """The angles at the true bottom, without the search for the repetition's extreme."""
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    late_s: float = np.nan
    """Time of the bottom found less that of the true one."""
    landmark_found: dict[str, float] = field(default_factory=dict)
    landmark_faults: tuple[str, ...] = ()
    three: Array = field(default_factory=lambda: np.full(3, np.nan))
    three_faults: tuple[str, ...] = ()

    @property
    def seen(self) -> bool:
        """Whether the repetition was found."""
        return bool(self.found)


@dataclass(frozen=True)
class Clip:
    """The results on one clip."""

    number: int
    split: str
    conditions: dict[str, str]
    status: str
    reason: str | None
    faced: bool
    yaw_deg: float
    view_deg: float
    neutral: str | None
    false_s: tuple[float, ...]
    """Bottoms of false repetitions."""
    true_reps: int


def true_strays(truth: dict[str, Any]) -> dict[str, Array]:
    """Return the strays (T,) in cm of each place, of the dowel laid on the true back."""
    flip = [1.0, -1.0]
    standing = np.array(truth["neutral"]["points_cm"])[None] * flip
    rest = dowel.rest(standing, np.array([truth["neutral"]["thorax_deg"]]))
    frames = truth["frames"]
    fit = dowel.fit(np.array(frames["points_cm"]) * flip, rest, np.array(frames["thorax_deg"]))
    return {place: getattr(fit, f"{place}_cm") for place in STRAYS}


def _value(x: float | None) -> float:
    return np.nan if x is None else float(x)


def _found(rep: Rep) -> dict[str, float]:
    strays = {f"{place}_cm": _value(getattr(rep.stray_cm, place)) for place in STRAYS}
    return {name: _value(getattr(rep, name)) for name in ANGLES} | strays


def _at_bottom(verdict: Verdict, bottom_s: float) -> dict[str, float]:
    series = verdict.series
    if series is None:
        return {}
    near = np.abs(series.time_s - bottom_s) <= film.WINDOW_S / 2
    out = {}
    for name in ANGLES:
        told = getattr(series, name)[near]
        told = told[np.isfinite(told)]
        out[name] = float(np.median(told)) if len(told) else np.nan
    return out


def pair(truth: dict[str, Any], verdict: Verdict) -> dict[int, int]:
    """Return true repetition -> found one."""
    true = truth["reps"]
    length = [(r["end_s"] or 0.0) - (r["start_s"] or 0.0) for r in true]
    return dict(
        figures.match(
            [r["bottom_s"] for r in true],
            [r.bottom_s for r in verdict.reps],
            np.maximum(np.array(length) / 2, LEAST_REACH_S),
        )
    )


def judge_clip(number: int, folder: Path) -> tuple[Clip, list[Row], dict[str, Array]]:
    """Judge one clip by the program and by landmarks alone; also return the baselines' evidence."""
    spec = draw(number)
    truth = json.loads((folder / f"{spec.name}.json").read_text("utf-8"))
    stored = seen.load(folder / f"{spec.name}.npz")
    assert stored is not None
    record = stored[0]
    own = replace(DEFAULT, stature_cm=truth["stature_cm"])
    verdict = judge(record, clip=spec.name, tolerances=own)
    assumed = judge(record, clip=spec.name)
    bare = judge(replace(record, outlines=None), clip=spec.name)
    whole = conditions.of_clip(spec, truth)
    clip = Clip(
        number,
        spec.split,
        whole,
        verdict.status,
        verdict.reason,
        verdict.facing in (None, spec.camera.facing),
        spec.camera.yaw_deg,
        _value(verdict.view_angle_deg),
        verdict.neutral,
        tuple(
            rep.bottom_s
            for k, rep in enumerate(verdict.reps)
            if k not in pair(truth, verdict).values()
        ),
        len(truth["reps"]),
    )
    pairs, assumed_pairs, bare_pairs = (pair(truth, v) for v in (verdict, assumed, bare))
    strays = true_strays(truth)
    times = np.array(truth["frames"]["time_s"])
    evidence = _evidence(record, truth)
    rows = []
    for k, rep in enumerate(truth["reps"]):
        window = np.abs(times - rep["bottom_s"]) <= film.WINDOW_S / 2
        window[np.abs(times - rep["bottom_s"]).argmin()] = True
        true = {name: float(rep[name]) for name in (*ANGLES, "bottom_s")}
        true |= {f"{p}_cm": float(np.nanmedian(strays[p][window])) for p in STRAYS}
        row = Row(
            number,
            spec.split,
            abs(spec.camera.yaw_deg),
            whole | conditions.of_rep(rep),
            true,
            {
                fault: figures.grade(fault, rep[angle], rep["shin_angle_deg"])
                for fault, angle in GRADED.items()
            },
        )
        if k in pairs:
            found = verdict.reps[pairs[k]]
            near = np.abs(record.time_s - found.bottom_s) <= film.WINDOW_S / 2
            row = replace(
                row,
                found=_found(found),
                bottom=_at_bottom(verdict, rep["bottom_s"]),
                intervals=dict(getattr(found, "intervals_deg", None) or {}),
                faults=found.faults,
                notes=found.notes,
                late_s=found.bottom_s - rep["bottom_s"],
                three=baselines.strayed(evidence["residual"], evidence["standing"], near),
            )
        if k in assumed_pairs:
            row = replace(row, assumed_cm=_found(assumed.reps[assumed_pairs[k]]))
        if k in bare_pairs:
            plain = bare.reps[bare_pairs[k]]
            row = replace(row, landmark_found=_found(plain), landmark_faults=plain.faults)
        rows.append(row)
    return clip, rows, evidence


def _evidence(record: Record, truth: dict[str, Any]) -> dict[str, Array]:
    """Return the baselines' input in every frame, with the truth to fit them on."""
    right = baselines.facing_right(record)
    frames = truth["frames"]

    def at(name: str) -> Array:
        return np.interp(record.time_s, frames["time_s"], frames[name])

    upright = [at(name) for name in ANGLES]
    standing = np.logical_and.reduce([np.abs(a) < 3.0 for a in upright])
    return {
        "time_s": record.time_s,
        "standing": standing,
        "residual": baselines.three_points(right),
        "features": baselines.features(right, standing),
        "spinal": at("spinal_flexion_deg"),
        "subject": np.full(len(right), truth["number"]),
    }


def add_baselines(rows: list[Row], evidence: dict[int, dict[str, Array]]) -> list[Row]:
    """Fit the baselines on the calibrating subjects and let them judge every repetition."""
    learn = [e for n, e in evidence.items() if draw(n).split == "calibrating"]
    if not learn:
        return rows
    together = {
        k: np.concatenate([e[k][::2] for e in learn]) for k in ("features", "spinal", "subject")
    }
    ridge = baselines.fit_ridge(together["features"], together["spinal"], together["subject"])
    known = [r for r in rows if r.split == "calibrating" and r.seen]
    least = baselines.best_threshold(
        [r.three for r in known], [[r.graded[f] for f in baselines.PLACES] for r in known]
    )
    out = []
    for row in rows:
        if row.landmark_found:
            seen_here = evidence[row.subject]
            bottom = row.true["bottom_s"]
            near = np.abs(seen_here["time_s"] - bottom) <= film.WINDOW_S / 2
            told = ridge(seen_here["features"][near])
            told = told[np.isfinite(told)]
            spinal = float(np.median(told)) if len(told) else np.nan
            faults = {f for f in row.landmark_faults if f != "spinal_flexion"}
            if spinal >= DEFAULT.spinal_flexion_deg:
                faults.add("spinal_flexion")
            row = replace(
                row,
                landmark_found=row.landmark_found | {"spinal_flexion_deg": spinal},
                landmark_faults=tuple(f for f in FAULTS if f in faults),
            )
        out.append(replace(row, three_faults=baselines.largest(row.three, least)))
    return out


def judge_all(folder: Path, numbers: list[int], workers: int) -> tuple[list[Clip], list[Row]]:
    """Judge every clip."""
    clips, rows, evidence = [], [], {}
    with crew(workers) as pool:
        for clip, found, told in pool.map(judge_clip, numbers, [folder] * len(numbers)):
            clips.append(clip)
            rows += found
            evidence[clip.number] = told
    return clips, add_baselines(rows, evidence)


def _digest(folder: Path, number: int) -> str:
    truth = json.loads((folder / f"{draw(number).name}.json").read_text("utf-8"))
    return str(truth["sha256"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rejudge", action="store_true", help="only judge what was watched before")
    parser.add_argument("--filmed", action="store_true", help="measure the clips that are there")
    parser.add_argument("--results", type=Path, default=RESULTS)
    args = parser.parse_args()
    numbers = list(range(CLIPS))
    if args.filmed or args.rejudge:
        numbers = [n for n in numbers if film.filmed(draw(n), args.folder)]
    else:
        film.film_all(args.folder, numbers, args.workers)
    digests = {draw(n).name: _digest(args.folder, n) for n in numbers}
    if args.rejudge:
        numbers = [
            n
            for n, (name, digest) in zip(numbers, digests.items(), strict=True)
            if seen.watched(args.folder / f"{name}.npz", digest, strict=False)
        ]
    else:
        seen.observe_all(args.folder, digests, args.workers)
    if not numbers:
        sys.exit(f"Nothing to judge in {args.folder}: run without --rejudge and --filmed.")
    clips, rows = judge_all(args.folder, numbers, args.workers)
    text = tables.report(clips, rows)
    part = args.results.with_suffix(".part")
    part.write_text(text, "utf-8")
    part.replace(args.results)
    dump = [asdict(r) | {"three": r.three.tolist()} for r in rows]
    (args.folder / "rows.json").write_text(json.dumps(dump) + "\n", "utf-8")
    print(text)
    print(f"{args.results} is written; every repetition is in {args.folder / 'rows.json'}.")


if __name__ == "__main__":
    main()
