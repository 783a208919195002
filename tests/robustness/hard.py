"""Hard scenes through the real check: `python tests/robustness/hard.py [SCENE ...]`.

Prints per condition how many repetitions were right, unsure, left out, and confidently wrong; all
of them run, it writes its block of RESULTS.md. Films are kept under build/robustness.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from robustness.scenes import SOURCES, STITCHED  # noqa: E402
from robustness.scoring import Score, score  # noqa: E402
from robustness.stitching import Film  # noqa: E402

from hinge_dowel.check import check_clip  # noqa: E402
from hinge_dowel.model import locate  # noqa: E402

BUILD = HERE.parents[1] / "build" / "robustness"


def films(name: str, model: Path) -> Iterator[tuple[str, Film]]:
    """The films of a scene, by source."""
    for source in SOURCES:
        yield source, STITCHED[name](source, model)


def run(name: str, model: Path, *, talk: bool) -> Score:
    """Check every film of a scene."""
    total = Score()
    for source, film in films(name, model):
        path = BUILD / "stitched" / f"{name.replace(',', '').replace(' ', '_')}-{source}.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        film.write(path)
        verdict = check_clip(path, model=model).to_dict()
        got = score(film, verdict)
        total += got
        if talk:
            what = verdict["reason"] or ", ".join(verdict["faults"]) or "clean"
            print(f"    {source}: {verdict['status']}: {what}; {verdict['warnings']}")
            for rep in verdict["reps"]:
                keys = ("start_s", "bottom_s", "end_s", "faults", "notes")
                print("       ", *(rep[key] for key in keys))
        for remark in got.remarks:
            print(f"    {source}: {remark}", flush=True)
    return total


def main() -> int:
    """Run the scenes named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help="part of a name (all)")
    parser.add_argument("--talk", action="store_true", help="print every repetition")
    args = parser.parse_args()
    model = locate()
    chosen = [name for name in STITCHED if not args.scenes or any(s in name for s in args.scenes)]
    total = Score()
    print(f"{'condition':28} reps right unsure not judged wrong")
    for name in chosen:
        start = time.monotonic()
        got = run(name, model, talk=args.talk)
        total += got
        figures = f"{got.reps:4} {got.right:5} {got.unsure:6} {got.not_judged:10} {got.wrong:5}"
        print(f"{name:28} {figures}   {time.monotonic() - start:.0f} s", flush=True)
    print(json.dumps({"reps": total.reps, "wrong": total.wrong}))
    return int(total.wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
