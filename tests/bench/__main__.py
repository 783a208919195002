"""`make bench`: how fast the checker is, beside the bare loop that form-check scripts run.

The programs that are compared take turns, and of every figure the median is kept, so that a busy
machine slows all alike. The figures go to the screen, to RESULTS.md beside this file, and between
the marks in guide/speed.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from compileall import compile_dir
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import films
import numpy as np
import stages

from hinge_dowel import check_keypoints, check_points
from hinge_dowel.analysis.pipeline import follow_person, judge
from hinge_dowel.batch.worker_process import cores
from hinge_dowel.pose.model_file import locate
from hinge_dowel.testing.synthetic import HINGE, NECK_FLEXION, ROUNDING, SQUAT, mix

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SAMPLES = ROOT / "samples"
MARKS = "<!-- bench: written by make bench -->", "<!-- bench: end -->"

STUDY_CLIPS, STUDY_CLIP_S = 400_000, 20
HOUR = 108_000
"""Frames in an hour at 30 Hz."""
ANGLES = ("spinal_flexion_deg", "cervical_flexion_deg", "knee_flexion_deg", "shin_angle_deg")
LOOPS = (1, 2, 3)
"""How often each sample is looped for a folder like that of a class."""
SAME_DEG = 4.0
"""Nine in ten angles of a rep must lie this near to those of the analysis of every picture."""


@dataclass(frozen=True)
class Run:
    """What one program took, its workers included."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def run(command: Sequence[str]) -> Run:
    """Run a program to its end in a fresh home, so that nothing is remembered from before."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, str(HERE / "launch.py"), *command],
            env={**os.environ, "HINGE_DOWEL_HOME": home},
            capture_output=True,
            check=True,
        )
    status, wall_s, cpu_s, peak_kb = json.loads(done.stdout)
    if status not in (0, 1):  # 1: a fault was found
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr.decode(errors='replace')}")
    return Run(wall_s, cpu_s, peak_kb / 1024)


def in_turns(rounds: int, **programs: Callable[[], Run]) -> dict[str, Run]:
    """Run programs in turns; the median of each figure of each."""
    runs: dict[str, list[Run]] = {name: [] for name in programs}
    for turn in range(rounds):
        for name in list(programs)[:: 1 if turn % 2 else -1]:
            runs[name].append(programs[name]())
    return {
        name: Run(
            *(
                statistics.median(getattr(r, f) for r in all_)
                for f in ("wall_s", "cpu_s", "peak_mb")
            )
        )
        for name, all_ in runs.items()
    }


class Report:
    """The tables, on the screen as they come."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, *lines: str) -> None:
        """Lines of Markdown."""
        print(*lines, sep="\n", flush=True)
        self.lines += lines

    def table(self, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table, its first column words and the others figures."""
        cells = [[str(cell) for cell in row] for row in (head, *rows)]
        widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        lines = [
            [
                row[0].ljust(widths[0]),
                *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
            for row in (cells[0], rule, *cells[1:])
        ]
        self.say("", *(f"| {' | '.join(line)} |" for line in lines), "")


@contextmanager
def footage() -> Iterator[Path]:
    """A folder for films, removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="hinge-dowel-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def checker(model: Path, *paths: Path) -> list[str]:
    """The command that checks clips."""
    own = [sys.executable, "-m", "hinge_dowel", "check", "--quiet", "--model", str(model)]
    return [*own, *map(str, paths)]


def bare(model: Path, path: Path) -> list[str]:
    """The command that runs the bare loop."""
    return [sys.executable, str(HERE / "bare_loop.py"), str(path), str(model)]


def one_clip(report: Report, folder: Path, model: Path, rounds: int) -> list[float]:
    """Check and bare loop on one clip, each a whole command from start to end."""
    small, large = folder / "one.mp4", folder / "one-1080p.mp4"
    length_s = films.looped(SAMPLES / "mixed_right.mp4", small)
    films.enlarged(small, large, 1080)
    rows, ratios = [], []
    for name, clip in (("480 px high", small), ("1080 px high", large)):
        found = in_turns(
            rounds,
            bare=lambda clip=clip: run(bare(model, clip)),
            check=lambda clip=clip: run(checker(model, clip)),
        )
        ratios.append(found["check"].wall_s / found["bare"].wall_s)
        rows.append(
            (
                f"one clip of {length_s:.0f} s at 30 Hz, {name}",
                f"{found['bare'].wall_s:.1f} s",
                f"{found['check'].wall_s:.1f} s",
                f"{ratios[-1]:.2f}",
                f"{found['check'].cpu_s / found['bare'].cpu_s:.2f}",
            )
        )
    report.say("", "## One clip", "", "Whole commands, from start to end, loading included.")
    report.table(("", "bare loop", "check", "ratio", "ratio of processor time"), rows)
    return ratios


def side_views() -> list[Path]:
    """The samples that are filmed from the side, so that all of them are judged."""
    return [path for path in sorted(SAMPLES.glob("*.mp4")) if path.stem != "front"]


def a_folder(report: Report, folder: Path, model: Path, rounds: int) -> tuple[float, float]:
    """Check on a folder: times real time, and core-seconds a second of film.

    As many clips as a coach has of a class, none the same as another: what was seen of a film is
    not looked at twice.
    """
    clips = folder / "class"
    clips.mkdir()
    total_s = 0.0
    for path in side_views():
        once_s = films.looped(path, folder / "once.mp4")
        for times in LOOPS:
            target = clips / f"{path.stem}-{times}.mp4"
            total_s += films.looped(path, target, times * once_s)
    count = len(list(clips.iterdir()))
    found = in_turns(
        rounds,
        check=lambda: run(checker(model, clips)),
        bare=lambda: run(bare(model, clips / "mixed_right-1.mp4")),
    )
    speed, cost = total_s / found["check"].wall_s, found["check"].cpu_s / total_s
    bare_s = films.looped(SAMPLES / "mixed_right.mp4", folder / "once.mp4")
    bare_cost = found["bare"].cpu_s / bare_s
    report.say(
        "",
        "## A folder",
        "",
        f"{count} side-view clips at 30 Hz, {total_s:.0f} s in all, on {cores()} cores with the "
        "default number of jobs.",
    )
    hours = STUDY_CLIPS * STUDY_CLIP_S / 3600
    report.table(
        ("", "bare loop", "check", "ratio"),
        [
            ("times real time", f"{bare_s / found['bare'].wall_s:.1f}", f"{speed:.1f}", ""),
            (
                "core-seconds for a second of film",
                f"{bare_cost:.2f}",
                f"{cost:.2f}",
                f"{cost / bare_cost:.2f}",
            ),
            (
                f"core-hours for {STUDY_CLIPS:,} clips of {STUDY_CLIP_S} s",
                f"{bare_cost * hours:,.0f}",
                f"{cost * hours:,.0f}",
                f"{cost / bare_cost:.2f}",
            ),
        ],
    )
    return speed, cost


def same_verdicts(report: Report, folder: Path, model: Path) -> bool:
    """The verdicts of the samples at 30 Hz against those of every picture."""
    off: list[list[float]] = []
    others = []
    seen = [0, 0]
    for sample in side_views():
        clip = folder / sample.name
        films.looped(sample, clip)
        records = [follow_person(clip, model=model, every_picture=every) for every in (False, True)]
        fast, every = (judge(record, clip=clip.name) for record in records)
        if [rep.faults for rep in fast.reps] != [rep.faults for rep in every.reps]:
            others.append(clip.name)
            continue
        seen[0] += len(fast.reps)
        off += [
            [abs(getattr(a, angle) - getattr(b, angle)) for angle in ANGLES]
            for a, b in zip(fast.reps, every.reps, strict=True)
        ]
    spread = np.array(off)
    report.say(
        "",
        "## The same verdicts",
        "",
        f"Against the analysis of every picture, on the same clips, {seen[0]} reps: "
        + (f"other faults in {', '.join(others)}." if others else "same reps, same faults.")
        + " Angles differ by, in degrees:",
    )
    report.table(
        ("", "mean", "nine in ten within", "most"),
        [
            (
                angle.removesuffix("_deg").replace("_", " "),
                *(
                    f"{f(spread[:, i]):.1f}"
                    for f in (np.mean, lambda a: np.percentile(a, 90), np.max)
                ),
            )
            for i, angle in enumerate(ANGLES)
        ],
    )
    return not others and bool((np.percentile(spread, 90, axis=0) <= SAME_DEG).all())


def by_stage(report: Report, folder: Path, model: Path) -> None:
    """Processor time by stage."""
    rows = []
    for name in ("one.mp4", "one-1080p.mp4"):
        spent, length_s = stages.measure(folder / name, model)
        rows.append((spent, length_s))
    report.say("", "## By stage", "", "Processor milliseconds for a second of film at 30 Hz.")
    report.table(
        ("stage", "480 px high", "1080 px high"),
        [
            (stage, *(f"{1000 * spent[stage] / length_s:.1f}" for spent, length_s in rows))
            for stage in rows[0][0]
        ],
    )


def memory(report: Report, folder: Path, model: Path, minutes: Sequence[float]) -> None:
    """Peak memory by length."""
    rows = []
    for length in minutes:
        clip = folder / "long.mp4"
        length_s = films.looped(SAMPLES / "mixed_right.mp4", clip, length * 60)
        took = run(checker(model, clip))
        clip.unlink()
        rows.append(
            (f"{length_s / 60:.1f} min", f"{took.peak_mb:.0f} MB", f"{length_s / took.wall_s:.1f}")
        )
    report.say("", "## Memory", "", "Peak of the largest process, by the length of the clip.")
    report.table(("length", "peak", "times real time"), rows)


def on_arrays(report: Report) -> tuple[float, float]:
    """Keypoints a second, and how long an hour of back points takes."""
    hour = mix([HINGE, SQUAT, ROUNDING, NECK_FLEXION] * 200, fps=30, noise_cm=0.3, seed=1)
    count = len(hour.time_s)
    spent = {}
    for name, work in (
        ("check_keypoints", lambda: check_keypoints(hour.landmarks, hour.fps)),
        ("check_points", lambda: check_points(hour.points, hour.fps)),
    ):
        times = []
        for _ in range(3):
            before = time.process_time()
            assert work().reps
            times.append(time.process_time() - before)
        spent[name] = statistics.median(times)
    report.say(
        "", "## Arrays", "", f"{count:,} frames at 30 Hz, {count / 108_000:.2f} h, one core."
    )
    report.table(
        ("", "time", "frames a second"),
        [(name, f"{s:.2f} s", f"{count / s:,.0f}") for name, s in spent.items()],
    )
    return count / spent["check_keypoints"], spent["check_points"] * HOUR / count


def keep(report: Report, summary: Sequence[str]) -> None:
    """Write the tables and the guide's block."""
    (HERE / "RESULTS.md").write_text("\n".join(report.lines).rstrip() + "\n", "utf-8")
    guide = ROOT / "hinge_dowel" / "guide" / "speed.md"
    text = guide.read_text("utf-8")
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    block = "\n".join(summary)
    guide.write_text(f"{before}{MARKS[0]}\n\n{block}\n\n{MARKS[1]}{after}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often the programs take turns")
    parser.add_argument(
        "--minutes",
        type=float,
        nargs="*",
        default=[1 / 6, 1, 10, 60],
        help="lengths of the clips whose memory is measured",
    )
    arguments = parser.parse_args()
    model = locate()
    compile_dir(ROOT / "hinge_dowel", quiet=1)  # as it is once it is installed
    report = Report()
    libraries = ", ".join(f"{name} {version(name)}" for name in ("mediapipe", "av", "numpy"))
    report.say(
        "# How fast",
        "",
        f"Written by `make bench` on {time.strftime('%Y-%m-%d')}: {platform.machine()}, {cores()} "
        f"cores, {platform.system()}, Python {platform.python_version()}, {libraries}. Programs "
        f"took turns, medians of {arguments.rounds}; other work on the machine at the start took "
        f"{os.getloadavg()[0]:.1f} cores.",
    )
    with footage() as folder:
        ratios = one_clip(report, folder, model, arguments.rounds)
        speed, cost = a_folder(report, folder, model, arguments.rounds)
        same = same_verdicts(report, folder, model)
        by_stage(report, folder, model)
        keypoints, points_s = on_arrays(report)
        memory(report, folder, model, arguments.minutes)
    hours = cost * STUDY_CLIPS * STUDY_CLIP_S / 3600
    keep(
        report,
        [
            "| | measured | goal |",
            "|---|---:|---:|",
            f"| one clip, time against the bare loop (480, 1080 px) | {ratios[0]:.2f}, "
            f"{ratios[1]:.2f} | 0.25 |",
            f"| a folder at 30 Hz, times real time on {cores()} cores | {speed:.1f} | 8 |",
            f"| verdicts of the analysis of every picture | {'the same' if same else 'others'} "
            "| the same |",
            f"| `check_keypoints`, frames a second | {keypoints:,.0f} | 50,000 |",
            f"| `check_points`, an hour at 30 Hz | {points_s:.1f} s | 3 s |",
            f"| {STUDY_CLIPS:,} clips of {STUDY_CLIP_S} s | {hours:,.0f} core-hours | |",
        ],
    )


if __name__ == "__main__":
    main()
