"""Checks every file of a folder with known answers; run by hand.

    python tests/accuracy/cases.py FOLDER

The folder holds `expected.tsv` with a header and three columns: a file or folder below it, options
of `hinge-dowel check`, and what is right, in the words that `met` understands. Films are tried
with --films only: they take the pose model and a minute.
"""

from __future__ import annotations

import argparse
import csv
import re
import shlex
import sys
from pathlib import Path

from hinge_dowel.batch.remote import fetched
from hinge_dowel.batch.remote import find_clips as find_remote
from hinge_dowel.errors import HingeDowelError
from hinge_dowel.keypoints.discovery import find_clips
from hinge_dowel.keypoints.files import check_clip
from hinge_dowel.keypoints.formats import is_keypoints
from hinge_dowel.verdict import Verdict

WITHIN_S = 0.3
FAULTS = ("clean", "squatting", "cervical_flexion", "spinal_flexion")


def judged(path: Path | str, fps: float | None) -> Verdict | str:
    """Return the verdict on a file, folder or URL, or the error's sentence."""
    try:
        if isinstance(path, str):
            (source,) = find_remote(path).clips
            with fetched(source) as here:
                return check_clip(here, fps=fps)
        (clip,) = find_clips([path]).clips
        return check_clip(clip, fps=fps)
    except HingeDowelError as error:
        return f"{error}"


def told(found: Verdict | str) -> str:
    """Return a verdict in a line."""
    if isinstance(found, str):
        return f"sentence: {found}"
    if found.status == "unusable":
        return f"unusable: {found.reason}"
    reps = [
        f"{'+'.join(rep.faults) or 'clean'}@{-1.0 if rep.bottom_s is None else rep.bottom_s:.1f}"
        + ("/too_fast" if "too_fast" in rep.notes else "")
        + ("/no_head" if rep.cervical_flexion_deg is None else "")
        for rep in found.reps
    ]
    return f"{' '.join(reps)} neutral {found.neutral}"


def met(right: str, found: Verdict | str, root: Path, case: str, fps: float | None) -> bool:
    """Return whether the result is as expected."""
    said = told(found)
    if right.startswith("the same as the file ending in"):
        other = judged(root / case.replace("_null", "").replace(".json", "_null.json"), fps)
        return told(other) == said and not isinstance(found, str)
    if "memory://" in right:
        return same_by_url(root / case, fps, said)
    sentence = isinstance(found, str) or found.status == "unusable"
    if sentence:
        return "sentence" in right or "missing" in right
    wanted = re.findall(rf"({'|'.join(FAULTS)})@([\d.]+)", right)
    reps = [("+".join(rep.faults) or "clean", rep.bottom_s or 0.0) for rep in found.reps]
    if "no too_fast" in right and "/too_fast" in said:
        return False
    if wanted:
        return len(reps) == len(wanted) and all(
            fault == name and abs(time - float(when)) < WITHIN_S
            for (fault, time), (name, when) in zip(reps, wanted, strict=True)
        )
    if many := re.match(r"(\d) x (\w+)", right):
        good = [fault for fault, _ in reps] == [many[2]] * int(many[1])
        return good and ("neutral measured" not in right or found.neutral == "measured")
    if listed := re.match(r"(clean|squatting), (clean|squatting), (clean|then)", right):
        last = "clean" if listed[3] == "then" else listed[3]
        return [fault for fault, _ in reps] == [listed[1], listed[2], last]
    return bool(reps)


def same_by_url(path: Path, fps: float | None, said: str) -> bool:
    """Return whether a file: URL of it gives the same, in an archive for every table in it."""
    if path.suffix == ".zip":
        return "clean" in told(judged(f"zip://ok.csv::file://{path}", fps))
    return told(judged(f"file://{path}", fps)) == said


def main() -> int:
    """Check all rows; print a line each, and how many are right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--films", action="store_true", help="try films as well")
    parser.add_argument("--only", default="", help="rows whose case holds this")
    given = parser.parse_args()
    root = given.folder.resolve()
    options = argparse.ArgumentParser()
    options.add_argument("--fps", type=float)
    good = tried = 0
    with (root / "expected.tsv").open(newline="", encoding="utf-8") as file:
        for case, extra, right in list(csv.reader(file, delimiter="\t"))[1:]:
            path = root / case
            film = path.is_file() and not is_keypoints(path) and path.suffix != ".zip"
            if given.only not in case or (film and not given.films):
                continue
            fps = options.parse_args(shlex.split(extra)).fps
            found = judged(path, fps)
            right_now = met(right, found, root, case, fps)
            good, tried = good + right_now, tried + 1
            print("ok   " if right_now else "WRONG", case, "|", told(found)[:220], flush=True)
    print(f"{good} of {tried} right")
    return 0 if good == tried else 1


if __name__ == "__main__":
    sys.exit(main())
