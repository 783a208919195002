"""Hard scenes through the real check: `make scenes`, or part of them with names after it.

Prints per condition how many repetitions were right, unsure, left out, and confidently wrong; all
of them run, it writes its block of RESULTS.md. Films and what the pose model saw of them are kept
under build/robustness.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from robustness.results import made_on, write_block  # noqa: E402
from robustness.scenes import SOURCES, STITCHED  # noqa: E402
from robustness.scoring import Score, score  # noqa: E402
from robustness.stitching import Film, reps_of  # noqa: E402

from hinge_dowel.analysis.pipeline import follow_person, judge  # noqa: E402
from hinge_dowel.batch.cache import RecordCache, content_key  # noqa: E402
from hinge_dowel.pose.model_file import locate  # noqa: E402

BUILD = HERE.parents[1] / "build" / "robustness"
SUBJECTS = BUILD / "subjects"
Films = Callable[[], Iterator[tuple[Path, Film]]]


def stitched(name: str, model: Path) -> Iterator[tuple[Path, Film]]:
    """The films of a stitched scene, written."""
    folder = BUILD / "stitched"
    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        film = STITCHED[name](source, model)
        path = folder / f"{name.replace(',', '').replace(' ', '_')}-{source}.mp4"
        yield film.write(path), film


def conditions(model: Path) -> dict[str, Films]:
    """Every condition with its films; rendered ones only where they are there."""
    out: dict[str, Films] = {
        name: lambda name=name: stitched(name, model)  # type: ignore[misc]
        for name in STITCHED
    }
    rendered: dict[str, list[tuple[Path, Film]]] = {}
    for truth in sorted(SUBJECTS.glob("*.json")):
        name = truth.stem.rpartition("-")[0].replace("_", " ")
        film = Film([], reps_of(json.loads(truth.read_text("utf-8"))))
        rendered.setdefault(name, []).append((truth.with_suffix(".mp4"), film))
    return out | {name: lambda kept=kept: iter(kept) for name, kept in rendered.items()}  # type: ignore[misc]


def run(films: Films, model: Path, *, talk: bool) -> Score:
    """Check every film of a scene."""
    store = RecordCache(BUILD / "records")
    total = Score()
    for path, film in films():
        content = content_key(path)
        assert content is not None
        record = store.load(content)
        if record is None:
            record = follow_person(path, model=model)
            store.save(content, record)
        verdict = judge(record, clip=path.name).to_dict()
        got = score(film, verdict)
        total += got
        if talk:
            what = verdict["reason"] or ", ".join(verdict["faults"]) or "clean"
            print(f"    {path.stem}: {verdict['status']}: {what}; {verdict['warnings']}")
            for rep in verdict["reps"]:
                keys = ("start_s", "bottom_s", "end_s", "faults", "notes")
                print("       ", *(rep[key] for key in keys))
        for remark in got.remarks:
            print(f"    {path.stem}: {remark}", flush=True)
    return total


def table(scores: dict[str, Score]) -> str:
    """Every condition and what became of its repetitions, with heading and date."""
    rows = [
        f"| {name} | {s.reps} | {s.right} | {s.unsure} | {s.not_judged} | {s.wrong} |"
        for name, s in {**scores, "**all**": sum(scores.values(), Score())}.items()
    ]
    return "\n".join(
        [
            "## Hard scenes",
            "",
            f"`make scenes`, {made_on()}",
            "",
            "Stitched from the samples, the last ones rendered. A repetition is *right* when its "
            "faults are those of the truth; *unsure* when it is not, but its notes take that back; "
            "*left out* when the clip or that part of it is refused, or it is cut or hidden and "
            "not counted; *wrong* when a fault is named that is not there, a plain one is missed, "
            "or it never was.",
            "",
            "| condition | reps | right | unsure | left out | wrong |",
            "|---|---|---|---|---|---|",
            *rows,
        ]
    )


def write_results(scores: dict[str, Score]) -> None:
    """The block of RESULTS.md."""
    write_block("scenes", table(scores))


def main() -> int:
    """Run the scenes named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help="part of a name (all)")
    parser.add_argument("--talk", action="store_true", help="print every repetition")
    args = parser.parse_args()
    model = locate()
    scores: dict[str, Score] = {}
    print(f"{'condition':28} reps right unsure left out wrong")
    for name, films in conditions(model).items():
        if args.scenes and not any(part in name for part in args.scenes):
            continue
        start = time.monotonic()
        got = scores[name] = run(films, model, talk=args.talk)
        figures = f"{got.reps:4} {got.right:5} {got.unsure:6} {got.not_judged:8} {got.wrong:5}"
        print(f"{name:28} {figures}   {time.monotonic() - start:.0f} s", flush=True)
    wrong = sum(got.wrong for got in scores.values())
    print(f"{wrong} confidently wrong repetitions in {sum(got.reps for got in scores.values())}.")
    if not args.scenes:
        write_results(scores)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
