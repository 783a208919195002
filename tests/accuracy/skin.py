"""Measures what skin colour does: the same films, of people drawn with the other skin.

    PYTHONPATH=tests python -m accuracy.skin build/accuracy build/skin [--clips 30]

The first folder is that of `accuracy.measure`, filmed and watched; the second gets the films with
the other skin (a minute each, kept). Everything else in a pair of films is the same. Needs
`pip install -e .[subjects]`.

Measured with 30 pairs, 15 of people whose own skin is dark, mean absolute errors in degrees: of the
spine 5.3 with dark and 4.9 with fair skin (apart 0.3, standard error 0.3), of the neck 3.6 and 3.5
(0.0, 0.3), of the knee 3.6 and 3.1 (0.5, 0.2); 178 and 175 repetitions are found. So what stands in
RESULTS.md for dark skin comes mostly from what else is in those films, such as noise. One person is
not found at all when fair.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from accuracy import film, measure, seen
from accuracy.clips import CLIPS, Spec, draw

from hinge_dowel.analysis.pipeline import Record, follow_person, judge
from hinge_dowel.tolerances import DEFAULT

SKINS = {"dark": (0.20, 0.156, 0.132), "fair": (0.80, 0.624, 0.528)}
DARK_BELOW = 0.92 / 3
"""Red of skin that `conditions` call dark."""
ANGLES = ("spinal_flexion_deg", "cervical_flexion_deg", "knee_flexion_deg")


def skin_of(spec: Spec) -> str:
    """Return whether somebody's skin is dark or fair, as they are drawn."""
    return "dark" if spec.look.skin[0] < DARK_BELOW else "fair"


def in_other_skin(spec: Spec) -> Spec:
    """Return the same clip of somebody with the other skin, bare where they were bare."""
    other = SKINS["fair" if skin_of(spec) == "dark" else "dark"]
    bare = tuple(spec.look.shirt) == tuple(spec.look.skin)
    look = replace(spec.look, skin=other, shirt=other if bare else spec.look.shirt)
    return replace(spec, look=look)


def chosen(count: int) -> list[int]:
    """Return so many clips, those of dark and of fair people in turns."""
    dark = [n for n in range(CLIPS) if skin_of(draw(n)) == "dark"]
    fair = [n for n in range(CLIPS) if draw(n).look.skin[0] > 2 * DARK_BELOW][::2]
    return [n for both in zip(dark, fair, strict=False) for n in both][:count]


def watched(folder: Path, spec: Spec) -> Record:
    """Return the record of a film, watched now if it was not."""
    stored = seen.load(folder / f"{spec.name}.npz")
    return follow_person(folder / f"{spec.name}.mp4") if stored is None else stored[0]


def errors(folder: Path, spec: Spec) -> tuple[list[float], int]:
    """Return the mean absolute error of each of `ANGLES`, NaN where unknown, and the reps found."""
    truth = json.loads((folder / f"{spec.name}.json").read_text("utf-8"))
    own = replace(DEFAULT, stature_cm=truth["stature_cm"])
    verdict = judge(watched(folder, spec), clip=spec.name, tolerances=own)
    pairs = measure.pair(truth, verdict)
    told = [[getattr(verdict.reps[found], a) for a in ANGLES] for found in pairs.values()]
    true = [[truth["reps"][number][a] for a in ANGLES] for number in pairs]
    off = np.array(told, dtype=float) - np.array(true)
    known = np.ma.masked_invalid(np.abs(off).reshape(-1, len(ANGLES)))
    return known.mean(axis=0).filled(np.nan).tolist(), len(pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("own", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--clips", type=int, default=30)
    args = parser.parse_args()
    args.other.mkdir(parents=True, exist_ok=True)
    from bodies import Mesh

    mesh = film.swift(Mesh())
    rows = []
    for number in chosen(args.clips):
        spec = in_other_skin(draw(number))
        if not film.filmed(spec, args.other):
            film.film(spec, args.other, mesh)
        found = {skin_of(spec): errors(args.other, spec)}
        found[skin_of(draw(number))] = errors(args.own, draw(number))
        rows.append(found["dark"][0] + found["fair"][0])
        told = "; ".join(f"{skin} {np.round(e, 1)}, {n} reps" for skin, (e, n) in found.items())
        print(f"{spec.name}: {told}", flush=True)
    dark, fair = np.split(np.array(rows), 2, axis=1)
    apart = np.ma.masked_invalid(dark - fair)
    error = apart.std(axis=0) / np.sqrt(apart.count(axis=0))
    for k, angle in enumerate(ANGLES):
        print(
            f"{angle}: dark {np.nanmean(dark[:, k]):.1f}, fair {np.nanmean(fair[:, k]):.1f}, "
            f"apart {apart.mean(axis=0)[k]:.1f}, standard error {error[k]:.1f}"
        )


if __name__ == "__main__":
    main()
