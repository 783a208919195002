"""`make endurance`: a clip of an hour, and a live session of two, in real time.

The clip goes through the checker as it is, in a process of its own whose memory is noted minute by
minute of film. The session is the whole command on a looped film that plays at its own speed; as
long again passes by a clock of its own, from recorded numbers in place of camera and pose model.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import psutil
from bench.films import looped
from robustness.results import made_on, write_block
from robustness.stock import SAMPLES
from support import recorded_person

from hinge_dowel.analysis.pipeline import follow_person, judge
from hinge_dowel.live.estimator import LiveEstimator
from hinge_dowel.live.session import Drill
from hinge_dowel.live.snapshot import Plan
from hinge_dowel.pose.model_file import locate

CLIP = SAMPLES / "mixed_right.mp4"
FAULTS = [(), ("spinal_flexion",), (), ("cervical_flexion",)]
"""What the reps of the clip and of the recorded person are, over and over."""
WARM_UP_MIN = 2.0
GOAL_MB_MIN = 1.0


class Curve:
    """Resident memory of this process by minute of film, at most every few seconds of it."""

    def __init__(self, every_min: float = 0.05) -> None:
        self.minutes: list[float] = []
        self.mb: list[float] = []
        self._every_min = every_min
        self._process = psutil.Process()

    def note(self, minute: float) -> None:
        if not self.minutes or minute >= self.minutes[-1] + self._every_min:
            self.minutes.append(minute)
            self.mb.append(self._process.memory_info().rss / 1e6)

    def told(self) -> dict[str, list[float]]:
        return {"minutes": self.minutes, "mb": self.mb}


def slope_mb_min(minutes: Sequence[float], mb: Sequence[float]) -> float:
    """Growth of memory after the warm-up (a third of what is shorter than three of them)."""
    after = min(WARM_UP_MIN, minutes[-1] / 3)
    kept = [(m, v) for m, v in zip(minutes, mb, strict=True) if m >= after]
    return float(np.polyfit(*np.array(kept).T, 1)[0])


# -- in processes of their own --------------------------------------------------------------------


class RecordedEye:
    """In place of the pose model: the numbers it once saw of the same film, over and over."""

    def __init__(self, _: object) -> None:
        self._sights = list(recorded_person.observations(recorded_person.record()))
        self._next = 0

    def __enter__(self) -> RecordedEye:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def restart(self) -> None:
        """Nothing is carried over anyway."""

    def see(self, frame: object) -> object:
        self._next += 1
        return self._sights[self._next % len(self._sights)]


def watch(clip: Path, minutes: float, recorded: bool) -> dict[str, Any]:
    """Check a clip; memory over its minutes, and at the end."""
    from hinge_dowel.pose import masking, tracker

    curve = Curve()
    with ExitStack() as stand_ins:
        if recorded:
            stand_ins.enter_context(recorded_person.outlines_known())
            stand_ins.enter_context(mock.patch.object(tracker, "PoseTracker", RecordedEye))
            stand_ins.enter_context(
                mock.patch.object(masking.OtherPeople, "beside", return_value=[])
            )
        record = follow_person(clip, progress=lambda share: curve.note(share * minutes))
    verdict = judge(record, clip=clip.name)
    return {
        **curve.told(),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "cpu_s": sum(psutil.Process().cpu_times()[:2]),
        "reps": [(rep.bottom_s, rep.faults) for rep in verdict.reps],
    }


def session(hours: float) -> dict[str, Any]:
    """A session from recorded numbers, by a clock of its own."""
    seen = recorded_person.record()
    length_s = float(seen.time_s[-1]) + 1 / 15
    loops = round(hours * 3600 / length_s)
    drill = Drill(Plan(sets=1, reps=10**6, live=False), LiveEstimator())
    curve = Curve(every_min=1.0)
    reps: list[tuple[float, float, list[str]]] = []
    began_s = time.process_time()

    def note(now_s: float) -> None:
        for event in drill.events():
            if event.rep is not None and event.rep.bottom_s is not None:
                late_s = now_s - (event.rep.end_s or now_s)
                reps.append((event.rep.bottom_s, late_s, list(event.rep.faults)))

    with recorded_person.outlines_known():
        for loop in range(loops):
            for observation in recorded_person.observations(seen, start_s=loop * length_s):
                drill.see(observation, seen.size_px, observation.time_s)
                note(observation.time_s)
            curve.note((loop + 1) * length_s / 60)
        drill.finish(loops * length_s)
        note(loops * length_s)
    return {
        **curve.told(),
        "loops": loops,
        "loop_s": length_s,
        "length_s": loops * length_s,
        "reps": reps,
        "spent_s": time.process_time() - began_s,
    }


# -- what is asked and told -----------------------------------------------------------------------


def apart(part: str, *options: str) -> dict[str, Any]:
    """One part in a fresh process; what it found."""
    command = [sys.executable, "-m", "robustness.endurance", "--part", part, *options]
    found = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    environment = {**os.environ, "PYTHONPATH": found}
    run = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment)
    return dict(json.loads(run.stdout))


def real_time(clip: Path, length_s: float, loop_s: float) -> tuple[str, ...]:
    """The whole drill command on a film that plays at its own speed."""
    with tempfile.TemporaryDirectory() as home:
        out, told = Path(home) / "session.json", Path(home) / "told"
        began_s = time.monotonic()
        drill = [sys.executable, "-m", "hinge_dowel", "drill", "--stats", "--source", str(clip)]
        # A line a repetition: two hours of them would fill a pipe that nobody reads.
        with told.open("wb") as lines:
            process = subprocess.Popen(
                [*drill, "--sets", "9", "--reps", "999", "--rest", "0", "--json", str(out)],
                env={**os.environ, "HINGE_DOWEL_HOME": home, "HINGE_DOWEL_MODEL": str(locate())},
                stdin=subprocess.DEVNULL,
                stdout=lines,
                stderr=subprocess.STDOUT,
            )
        watched = psutil.Process(process.pid)
        minutes: list[float] = []
        mb: list[float] = []
        cpu_s = 0.0
        while process.poll() is None:
            with suppress(psutil.Error):
                now_mb, cpu_s = watched.memory_info().rss / 1e6, sum(watched.cpu_times()[:2])
                minutes.append((time.monotonic() - began_s) / 60)
                mb.append(now_mb)
            time.sleep(1.0)
        wall_s = time.monotonic() - began_s
        said = told.read_text("utf-8", "replace")
        if process.returncode not in (0, 1, 2):  # 2: too slow a machine to judge anything
            raise SystemExit(f"The drill ended with status {process.returncode}:\n{said}")
        reps = json.loads(out.read_text("utf-8"))["clips"][0]["reps"]
    placed = [rep for rep in reps if rep["bottom_s"] is not None]
    judged = [rep for rep in placed if "unsure_pictures" not in rep["notes"]]
    asked, few = round(length_s / loop_s) * len(FAULTS), len(placed) - len(judged)
    right = right_faults([(rep["bottom_s"], rep["faults"]) for rep in judged], loop_s)
    latency = re.search(r"From picture to verdict: (.*)", said)
    return (
        "the whole command in real time",
        f"{length_s / 60:.1f} min (took {wall_s - length_s:+.1f} s)",
        f"{slope_mb_min(minutes, mb):+.2f} MB/min",
        f"{max(mb):.0f} MB",
        f"{cpu_s / wall_s:.2f}",
        f"{right} of {asked}" + (f", {few} of too few pictures" if few else ""),
        f"{drift_ms([rep['bottom_s'] for rep in placed], loop_s):+.0f} ms",
        latency.group(1) if latency else "-",
    )


def session_row(found: dict[str, Any]) -> tuple[str, ...]:
    """What a session by a clock of its own came to: a row of the table."""
    reps, length_s = found["reps"], found["length_s"]
    late = sorted(late_s for _, late_s, _ in reps)
    return (
        "recorded numbers, a clock of its own",
        f"{length_s / 3600:.1f} h",
        f"{slope_mb_min(found['minutes'], found['mb']):+.3f} MB/min",
        f"{max(found['mb']):.0f} MB",
        f"{found['spent_s'] / length_s:.2f}",
        f"{right_faults([(at_s, faults) for at_s, _, faults in reps], found['loop_s'])} of "
        f"{found['loops'] * len(FAULTS)}",
        f"{drift_ms([bottom_s for bottom_s, *_ in reps], found['loop_s']):+.0f} ms",
        f"{statistics.median(late):.2f} s, at most {late[-1]:.2f} s",
    )


def clip_row(
    found: dict[str, Any], length_s: float, loop_s: float, *, recorded: bool
) -> tuple[str, ...]:
    """What a long clip came to: a row of the table. Recorded numbers are not those of its film."""
    title = "recorded numbers for the pose model" if recorded else "the pose model"
    places = [(bottom_s, faults) for bottom_s, faults in found["reps"] if bottom_s is not None]
    asked = round(length_s / loop_s) * len(FAULTS)
    right = f"{right_faults(places, loop_s)} of {asked}"
    drift = f"{drift_ms([bottom_s for bottom_s, _ in places], loop_s):.0f} ms"
    return (
        title,
        f"{length_s / 60:.0f} min",
        f"{slope_mb_min(found['minutes'], found['mb']):+.2f} MB/min",
        f"{found['mb'][-1]:.0f} MB",
        f"{found['peak_mb']:.0f} MB",
        f"{found['cpu_s'] / length_s:.2f}",
        *(("", "") if recorded else (right, drift)),
    )


def right_faults(told: Sequence[tuple[float, Sequence[str]]], loop_s: float) -> int:
    """How many reps of the film, bottom and faults, were called what they are, each once.

    Which of the film's reps one is, its place within the turn says: the nearest to where those of
    turns with all of them usually are. So one that is missed does not spoil all after it.
    """
    whole = _whole([bottom_s for bottom_s, _ in told], loop_s)
    if not whole:
        return 0
    usual_s = np.median(np.sort(whole, axis=1), axis=0)
    right = set()
    for bottom_s, faults in told:
        turn, place_s = divmod(bottom_s, loop_s)
        nearest = int(np.abs(usual_s - place_s).argmin())
        if tuple(faults) == FAULTS[nearest]:
            right.add((turn, nearest))
    return len(right)


def _whole(bottoms_s: Sequence[float], loop_s: float) -> list[list[float]]:
    """Where in its turn each bottom is, of the turns with as many reps as the film has."""
    turns: dict[int, list[float]] = {}
    for bottom_s in bottoms_s:
        turn, place_s = divmod(bottom_s, loop_s)
        turns.setdefault(int(turn), []).append(place_s)
    return [places for places in turns.values() if len(places) == len(FAULTS)]


def drift_ms(bottoms_s: Sequence[float], loop_s: float) -> float:
    """How much later within its turn a rep's bottom is told at the end than at the beginning.

    The median over the last tenth of all turns against that over the first.
    """
    whole = [statistics.mean(places) for places in _whole(bottoms_s, loop_s)]
    if not whole:
        return float("nan")
    tenth = max(1, len(whole) // 10)
    return 1000 * (statistics.median(whole[-tenth:]) - statistics.median(whole[:tenth]))


def clips(minutes: Sequence[tuple[float, bool]], folder: Path) -> Iterator[tuple[str, ...]]:
    """Rows of long clips: so many minutes each, with recorded numbers for the pose model or not."""
    for number, (length_min, recorded) in enumerate(minutes):
        clip = folder / f"{number}.mp4"
        length_s = looped(CLIP, clip, 60 * length_min)
        options = ["--clip", str(clip), "--minutes", str(length_s / 60)]
        found = apart("watch", *options, *(["--recorded"] if recorded else []))
        loop_s = looped(CLIP, folder / "once.mp4")
        yield clip_row(found, length_s, loop_s, recorded=recorded)


def table(rows: Sequence[Sequence[str]]) -> str:
    head, *rest = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rest))


_CLIP_HEAD = ("clip, with", "length", "slope", "watched", "peak", "CPU s/s", "reps right", "drift")
_LIVE_HEAD = ("session", "length", "slope", "peak", "CPU s/s", "reps right", "drift", "told after")


def write_results(
    clip_rows: Sequence[Sequence[str]], live: Sequence[Sequence[str]], busy: float
) -> None:
    """Both tables, each with its head, into the results."""
    write_block(
        "endurance",
        f"""## Long clips, long sessions

`make endurance`, {made_on()} Other work on the machine at the start took {busy:.1f} cores.

{table(clip_rows)}

*Slope*: of resident memory by minute of film after {WARM_UP_MIN:.0f} minutes of warm-up (goal: \
under {GOAL_MB_MIN:.0f} MB/min); *watched*: memory when the film ends; *peak*: with the judging \
after it. The film is one clip over and over; *drift*: how much later in its turn the bottom of a \
rep is told at the end than at the beginning.

{table(live)}

*Told after*: from the end of a rep to the word on it; in real time, from a picture to what the \
screen says of it. By a clock of its own, without a thread beside it, repetitions are judged \
within the frame. *Reps right* in real time are those that were judged: of one that too few \
pictures show nothing is said.""",
    )


def main() -> int:
    """Everything in turn, or one part of it for whoever asked for that."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="of clip, with the pose model")
    parser.add_argument("--hours", type=float, default=2.0, help="of the session")
    parser.add_argument("--real-minutes", type=float, default=120.0, help="of drill in real time")
    parser.add_argument("--part", choices=("watch", "session"), help=argparse.SUPPRESS)
    parser.add_argument("--clip", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--recorded", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part == "watch":
        print(json.dumps(watch(given.clip, given.minutes, given.recorded)))
        return 0
    if given.part == "session":
        print(json.dumps(session(given.hours)))
        return 0
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    with (
        tempfile.TemporaryDirectory(prefix="hinge-dowel-endurance-") as place,
        ThreadPoolExecutor(1) as beside,
    ):
        folder = Path(place)
        film = folder / "session.mp4"
        played_s = looped(CLIP, film, 60 * given.real_minutes)
        # It takes its own time, most of which it waits: meanwhile the rest is measured.
        playing = beside.submit(real_time, film, played_s, looped(CLIP, folder / "turn.mp4"))
        rows: list[Sequence[str]] = [_CLIP_HEAD]
        for row in clips([(60.0, True), (given.minutes, False)], folder):
            print(*row, sep="  ", flush=True)
            rows.append(row)
        fast = session_row(apart("session", "--hours", str(given.hours)))
        print(*fast, sep="  ", flush=True)
        real = playing.result()
        print(*real, sep="  ", flush=True)
    write_results(rows, [_LIVE_HEAD, fast, real], busy)
    return 0


if __name__ == "__main__":
    sys.exit(main())
