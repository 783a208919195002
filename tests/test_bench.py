"""What `make bench` measures by."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import stages
from bench.films import enlarged, looped

from hinge_dowel.model import locate
from hinge_dowel.video import probe

SAMPLE = Path(__file__).parents[1] / "samples" / "squat_right.mp4"


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
