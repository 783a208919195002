"""A stand-in for the check of one clip, which worker processes import by its name."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from hinge_dowel.batch import runner, worker_process
from hinge_dowel.errors import ClipError
from hinge_dowel.verdict import Rep, Series, Strays, Verdict
from support import verdicts, workers

LOG = "HINGE_DOWEL_TEST_LOG"
"""Environment variable: a file to which the name of each clip begun is added."""


def series(frames: int = 6, seed: int = 0) -> Series:
    """Return a series of noise and gaps."""
    rng = np.random.default_rng(seed)

    def noise(*shape: int) -> np.ndarray:
        array = rng.normal(size=(frames, *shape)) * 100
        array[rng.random(array.shape) < 0.1] = np.nan
        return array

    return Series(
        time_s=np.arange(frames) / 15,
        hip_flexion_deg=noise(),
        knee_flexion_deg=noise(),
        shin_angle_deg=noise(),
        spinal_flexion_deg=noise(),
        cervical_flexion_deg=noise(),
        head_cm=noise(),
        upper_back_cm=noise(),
        sacrum_cm=noise(),
        phase=rng.integers(0, 4, frames).astype(np.int8),
        landmarks_px=noise(33, 2),
        back_px=noise(7, 2),
        dowel_px=noise(2, 2),
        cm_per_px=0.47,
        size_px=(480, 360),
    )


def verdict(name: str, faults: tuple[str, ...] = (), seed: int = 0) -> Verdict:
    """Return a verdict with one rep, whose numbers have more digits than the results show."""
    strays = Strays(head=0.1 / 3, upper_back=5.1 if faults else None, sacrum=0.3)
    rep = Rep(1, 1.6, 10 / 3, None, 71.0, 96.0, 30.0, 2.95, -2.0, strays, faults, ("partial",))
    return Verdict(
        name,
        "faulty" if faults else "clean",
        facing="left",
        view_angle_deg=20 / 3,
        neutral="measured",
        faults=faults,
        reps=(rep,),
        warnings=("A warning.",),
        series=series(seed=seed),
    )


def check(path, progress):
    """Check a clip, with the outcome named by the first word of its content."""
    if log := os.environ.get(LOG):
        with Path(log).open("a") as file:
            file.write(f"{path.name}\n")
    content = path.read_text()
    outcome = content.split()[0]
    progress(0.5)
    if outcome == "damaged":
        raise ClipError(f"{path} is not a video that can be read: save it again as MP4.")
    if outcome == "slow":
        time.sleep(0.3)
    if outcome == "endless":
        time.sleep(600)
    if outcome == "stuck":  # in native code that never gives the interpreter back
        path.with_suffix(".pid").write_text(str(os.getpid()))
        ctypes.PyDLL(None).sleep(600)
    if outcome == "crashing":
        os.kill(os.getpid(), signal.SIGSEGV)
    if outcome == "greedy":
        taken = [np.ones(25_000_000)]
        while True:
            taken.append(np.ones(25_000_000))  # 200 MB, each page written to
    if outcome == "front":
        return Verdict(path.name, "unusable", reason="Film from the side.")
    faults = ("squatting",) if outcome == "squat" else ()
    return verdict(path.name, faults, seed=len(content))


def check_anything(path, progress):
    """Return a verdict of one clean rep of a drawn body, whatever the clip shows."""
    return verdicts.verdict(path.name)


WORKER = workers.program(check)
"""The program of a worker with the stand-in, for `worker_process._PROGRAM`."""
real_attempt = runner.attempt


def attempt(worker, job, tell):
    """Do what `runner.attempt` does, on a machine of a cluster, with the stand-in."""
    worker_process._PROGRAM = WORKER
    return real_attempt(worker, job, tell)


ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
from support import stand_ins
from hinge_dowel import cli
from hinge_dowel.batch import worker_process
from hinge_dowel.pose import model_file
model_file.locate = lambda explicit, **_: Path("model.task")
worker_process._PROGRAM = stand_ins.WORKER
sys.exit(cli.main(sys.argv[1:]))
"""
"""Program: the command with the stand-in."""
REAL = "import sys; from hinge_dowel import cli; sys.exit(cli.main(sys.argv[1:]))"
"""Program: the real command."""


def environment() -> dict[str, str]:
    """Return an environment in which a process finds the program and this stand-in."""
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}


def start(*arguments: object, program: str = PROGRAM) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def write_clips(folder: Path, *contents: str) -> list[Path]:
    """Write clips with these contents for the stand-in, named by number."""
    folder.mkdir()
    paths = [folder / f"{number:02}.mp4" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_text(content)
    return paths


def begun(log: Path) -> list[str]:
    """Return the clips that were begun, in order."""
    return log.read_text().splitlines() if log.exists() else []
