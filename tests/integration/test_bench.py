"""What `make bench` measures by."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bench import stages
from bench.films import enlarged, looped
from support.locations import SAMPLES, TESTS
from support.waiting import within

from hinge_dowel.pose.model_file import locate
from hinge_dowel.video.reader import probe

SAMPLE = SAMPLES / "squat_right.mp4"


def test_a_film_is_looped_as_often_as_its_length_asks(tmp_path: Path) -> None:
    once_s = looped(SAMPLE, tmp_path / "once.mp4")
    twice_s = looped(SAMPLE, tmp_path / "twice.mp4", 1.5 * once_s)
    assert twice_s == pytest.approx(2 * once_s)
    assert probe(tmp_path / "twice.mp4").duration_s == pytest.approx(twice_s, abs=0.1)


@pytest.mark.slow
def test_every_stage_of_a_check_has_its_cost(tmp_path: Path) -> None:
    once_s = looped(SAMPLE, tmp_path / "once.mp4")
    enlarged(tmp_path / "once.mp4", tmp_path / "large.mp4", 720)
    small, length_s = stages.measure(tmp_path / "once.mp4", locate())
    large, _ = stages.measure(tmp_path / "large.mp4", locate())
    assert length_s == pytest.approx(once_s, abs=0.1)
    assert all(spent_s >= 0 for spent_s in small.values())
    assert max(small, key=small.__getitem__) == "pose model"
    assert large["decode"] > small["decode"]


LAUNCH = str(TESTS / "bench" / "launch.py")


def test_what_a_command_took_is_told_with_its_status() -> None:
    command = [sys.executable, "-c", "import sys, time; time.sleep(0.3); sys.exit(3)"]
    done = subprocess.run([sys.executable, LAUNCH, *command], capture_output=True, check=True)
    status, wall_s, cpu_s, peak_kb = json.loads(done.stdout)
    assert status == 3
    assert 0.3 <= wall_s < 10.0
    assert 0 < cpu_s < wall_s
    assert peak_kb > 1000


def test_a_command_ends_when_the_benchmark_is_killed(tmp_path: Path) -> None:
    beat = tmp_path / "beat"
    command = [
        "-c",
        "import pathlib, sys, time\n"
        "while True:\n"
        "    with pathlib.Path(sys.argv[1]).open('a') as file: file.write('.')\n"
        "    time.sleep(0.05)",
        str(beat),
    ]
    launch = [sys.executable, LAUNCH, sys.executable, *command]
    benchmark = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess; subprocess.run({launch!r})"]
    )
    assert within(20.0, beat.exists)
    benchmark.kill()
    benchmark.wait()

    def still() -> bool:
        before = beat.stat().st_size
        return not within(0.5, lambda: beat.stat().st_size > before)

    assert within(20.0, still)
