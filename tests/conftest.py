"""What several tests share: the pose bundle, the samples, and what the checker says of them."""

from __future__ import annotations

import fcntl
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# No example fails for taking long: the machine may be busy.
settings.register_profile("whole", deadline=None)
# For `make quick`: a change that breaks a property breaks it mostly within a few examples.
settings.register_profile("quick", deadline=None, max_examples=15)
settings.load_profile("whole")

SAMPLES = Path(__file__).parents[1] / "samples"

# Run in the background of a script (`make test &`, nohup) this process and all that it starts would
# ignore these signals, and tests that send them would wait in vain.
for _name, _answer in (
    ("SIGINT", signal.default_int_handler),
    ("SIGQUIT", signal.SIG_DFL),
    ("SIGHUP", signal.SIG_DFL),
):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, _answer)


@pytest.fixture(scope="session")
def pose_model() -> Path:
    """The real pose bundle; fetched once if this machine does not have it."""
    from hinge_dowel.pose.model_file import locate

    return locate()


@pytest.fixture(scope="session")
def truth() -> dict[str, dict[str, Any]]:
    """What the samples show, by clip."""
    data = json.loads((SAMPLES / "truth.json").read_text("utf-8"))
    return {clip["clip"]: clip for clip in data["clips"]}


@pytest.fixture(scope="session")
def checked(pose_model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the command says of all samples: its exit status, and the clips by name.

    It takes half a minute: of the processes that tests run in the first that asks has it done.
    """
    from hinge_dowel.cli import main

    place = tmp_path_factory.getbasetemp()
    place = place.parent if "PYTEST_XDIST_WORKER" in os.environ else place
    target, ended = place / "samples.json", place / "samples.status"
    with (place / "samples.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ended.exists():
            arguments = ["check", str(SAMPLES), "--no-cache", "--json", str(target)]
            status = main([*arguments, "--model", str(pose_model)])
            ended.write_text(str(status))
    results = json.loads(target.read_text("utf-8"))
    return {
        "status": int(ended.read_text()),
        "schema": results["schema"],
        "clips": {clip["clip"]: clip for clip in results["clips"]},
    }
