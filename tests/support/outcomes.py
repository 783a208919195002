"""Stand-in checks whose outcome depends on the file's name; workers import them by name."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

from hinge_dowel import cli
from hinge_dowel.batch import worker_process
from hinge_dowel.errors import ClipError, ModelError
from hinge_dowel.verdict import Rep, Strays, Verdict
from support import workers


def fake_check(path, progress):
    """Check a clip, with the outcome named by the first word of the file's name."""
    outcome = path.stem.split("_")[0]
    progress(0.5)
    if outcome == "damaged":
        raise ClipError(f"{path.name} is not a video that can be read: save it again as MP4.")
    if outcome == "bug":
        raise ZeroDivisionError("division by zero\nsecond line")
    if outcome == "nomodel":
        raise ModelError("The pose model is missing: place it here.")
    if outcome == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if outcome == "chatty":
        os.write(1, b"noise on stdout\n")
        os.write(2, b"noise on stderr\n")
    if outcome == "slow":
        time.sleep(0.5)
    if outcome == "endless":
        path.with_suffix(".pid").write_text(str(os.getpid()))
        time.sleep(120)
    if outcome == "front":
        return Verdict(path.name, "unusable", reason="Film from the side.")
    faults = ("squatting",) if outcome == "squat" else ()
    strays = Strays(head=0.1, upper_back=5.1 if faults else 0.2, sacrum=0.3)
    rep = Rep(1, 1.6, 3.1, 4.7, 71.0, 96.0, 30.0, 3.0, -2.0, strays, faults)
    return Verdict(path.name, "faulty" if faults else "clean", faults=faults, reps=(rep,))


WORKER = workers.program(fake_check)
"""The program of a worker with the stand-in, for `worker_process._PROGRAM`."""


def in_this_process(paths, *, names, **_):
    """Do what `run.check_many` does, without processes, for tests that are not about them."""
    for path, name in zip(paths, names, strict=True):
        yield replace(fake_check(path, lambda share: None), clip=name)


def main_with_fakes(arguments):
    """Run the command with the stand-in check in real worker processes."""
    from hinge_dowel.pose import model_file

    model_file.locate = lambda explicit, **_: Path("model.task")
    worker_process._PROGRAM = WORKER
    return cli.main(arguments)
