"""Records of a dozen clips, by which the ordinary tests guard the estimate's accuracy.

    PYTHONPATH=tests python -m accuracy.guard build/accuracy

packs the records and the truth of some judging subjects into guard.npz beside this file; a test
judges them again and compares the errors with earlier ones. It needs no film and no pose model.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from accuracy import figures, seen
from numpy.typing import NDArray

from hinge_dowel.analysis.pipeline import Record, judge
from hinge_dowel.verdict import Verdict

Array = NDArray[np.float64]

PACK = Path(__file__).with_name("guard.npz")
CLIPS = (1, 5, 11, 17, 23, 29, 35, 41, 47, 53, 62, 70)
"""Judging subjects, spread over the conditions."""
ANGLES = (
    "spinal_flexion_deg",
    "cervical_flexion_deg",
    "knee_flexion_deg",
    "shin_angle_deg",
    "hip_flexion_deg",
)
_PX, _SHARE, _DEGREES, _MISSING = 5.0, 1_000.0, 20.0, -32_768
# A fifth of a pixel, a thousandth of a trunk (half a millimetre), a twentieth of a degree: below
# what is known of them.


@dataclass(frozen=True)
class Guarded:
    """One clip: its record, and the bottom and five angles of each true repetition."""

    record: Record
    bottom_s: Array
    angles_deg: Array


def _shrunk(values: Array, scale: float) -> NDArray[np.int16]:
    whole = np.clip(np.nan_to_num(values) * scale, -32_767, 32_767).round().astype(np.int16)
    whole[np.isnan(values)] = _MISSING
    return whole


def _grown(values: NDArray[np.int16], scale: float) -> Array:
    return np.where(values == _MISSING, np.nan, values / scale)


def pack(folder: Path) -> None:
    """Write guard.npz from clips that have been filmed and read."""
    out: dict[str, NDArray[np.generic]] = {}
    for number in CLIPS:
        truth = json.loads((folder / f"{number:03d}.json").read_text("utf-8"))
        stored = seen.load(folder / f"{number:03d}.npz")
        if stored is None:
            raise SystemExit(f"Clip {number:03d} is not watched yet: run make accuracy first.")
        record = stored[0]
        out[f"{number}_time"] = np.asarray(record.time_s, np.float64)
        out[f"{number}_landmarks"] = _shrunk(np.asarray(record.landmarks, float), _PX)
        out[f"{number}_outlines"] = _shrunk(np.asarray(record.outlines, float), _SHARE)
        out[f"{number}_network"] = _shrunk(np.asarray(record.network, float), _DEGREES)
        out[f"{number}_size"] = np.array(record.size_px)
        out[f"{number}_bottom"] = np.array([r["bottom_s"] for r in truth["reps"]])
        out[f"{number}_angles"] = np.array([[r[a] for a in ANGLES] for r in truth["reps"]])
    np.savez_compressed(PACK, **out)


def guarded() -> Iterator[Guarded]:
    """Yield the clips of guard.npz."""
    with np.load(PACK) as data:
        for number in CLIPS:
            size = data[f"{number}_size"]
            yield Guarded(
                Record(
                    data[f"{number}_time"],
                    _grown(data[f"{number}_landmarks"], _PX),
                    _grown(data[f"{number}_outlines"], _SHARE),
                    (int(size[0]), int(size[1])),
                    network=_grown(data[f"{number}_network"], _DEGREES),
                ),
                data[f"{number}_bottom"],
                data[f"{number}_angles"],
            )


@dataclass(frozen=True)
class Outcome:
    """The results on the clips: true and found angles (N, 5), intervals (N, 5, 2), verdicts."""

    true: Array
    found: Array
    intervals: Array
    missed: int
    false: int
    counts: dict[str, figures.Counts]


def outcome() -> Outcome:
    """Judge the clips again and return the results."""
    true, found, intervals, faults = [], [], [], []
    missed = false = 0
    for clip in guarded():
        verdict: Verdict = judge(clip.record, clip="guarded")
        bottoms = [rep.bottom_s or 0.0 for rep in verdict.reps]
        pairs = figures.match(clip.bottom_s, bottoms, np.full(len(clip.bottom_s), 0.8))
        missed += len(clip.bottom_s) - len(pairs)
        false += len(bottoms) - len(pairs)
        for k, m in pairs:
            rep = verdict.reps[m]
            true.append(clip.angles_deg[k])
            found.append([np.nan if (v := getattr(rep, a)) is None else v for a in ANGLES])
            nothing = (np.nan, np.nan)
            intervals.append([rep.intervals_deg.get(a, nothing) for a in ANGLES])
            faults.append(rep.faults)
    spinal, cervical, knee, shin, _ = np.array(true).T
    graded = {
        "spinal_flexion": [figures.grade("spinal_flexion", a) for a in spinal],
        "cervical_flexion": [figures.grade("cervical_flexion", a) for a in cervical],
        "squatting": [figures.grade("squatting", a, s) for a, s in zip(knee, shin, strict=True)],
    }
    return Outcome(
        np.array(true),
        np.array(found),
        np.array(intervals),
        missed,
        false,
        {f: figures.counts(g, [f in said for said in faults]) for f, g in graded.items()},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    pack(parser.parse_args().folder)
    print(f"{PACK.name}: {PACK.stat().st_size / 1024:.0f} kB")
    told = outcome()
    error = np.abs(told.found - told.true)
    print("MAE", dict(zip(ANGLES, np.nanmean(error, axis=0).round(2), strict=True)))
    low, high = np.moveaxis(told.intervals, -1, 0)
    held = (told.true >= low) & (told.true <= high)
    print("held", held.mean(axis=0).round(3), "missed", told.missed, "false", told.false)
    print({fault: (c.hit, c.missed, c.false, c.right) for fault, c in told.counts.items()})


if __name__ == "__main__":
    main()
