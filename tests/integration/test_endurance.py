"""What `make endurance` measures by, and a few minutes of it."""

from __future__ import annotations

import gc
import re
from bisect import bisect_left
from pathlib import Path

import av
import pytest
from bench.films import looped
from robustness import endurance

from hinge_dowel.video.reader import read_frames

KEPT_MB = 25
"""Most that two minutes of film may leave behind: three dozen of its pictures."""


def test_the_slope_is_that_after_the_warm_up() -> None:
    minutes = [m / 10 for m in range(100)]
    mb = [100 * min(m, 2.0) + 0.5 * m for m in minutes]
    assert endurance.slope_mb_min(minutes, mb) == pytest.approx(0.5)


def test_drift_is_how_much_later_a_turn_is_told() -> None:
    bottoms = [(10 + 0.002) * turn + place for turn in range(100) for place in (1, 3, 5, 7)]
    assert endurance.drift_ms(bottoms, 10.002) == pytest.approx(0, abs=1e-6)
    assert endurance.drift_ms(bottoms, 10.0) == pytest.approx(2 * 90, abs=1)


def test_a_rep_is_held_to_its_own_place_in_the_film() -> None:
    told = [
        (10 * turn + 1 + 2 * place, list(faults))
        for turn in range(3)
        for place, faults in enumerate(endurance.FAULTS)
    ]
    assert endurance.right_faults(told, 10) == 12
    assert endurance.right_faults([*told, told[-1]], 10) == 12  # once only
    missed = told[:4] + told[5:]
    assert endurance.right_faults(missed, 10) == 11
    assert endurance.right_faults([*told[:5], (13.1, []), *told[6:]], 10) == 11
    assert endurance.right_faults(told[:3], 10) == 0


@pytest.mark.rare
def test_minutes_of_a_session_keep_time_and_little_memory() -> None:
    found = endurance.apart("session", "--hours", "0.05")
    reps = found["reps"]
    told = [(bottom_s, faults) for bottom_s, _, faults in reps]
    assert endurance.right_faults(told, found["loop_s"]) == found["loops"] * 4
    assert abs(endurance.drift_ms([bottom_s for bottom_s, *_ in reps], found["loop_s"])) < 5
    assert max(late_s for _, late_s, _ in reps) < 1.5
    assert found["mb"][-1] - found["mb"][1] < 10


@pytest.mark.rare
def test_minutes_of_film_are_watched_in_little_memory(tmp_path: Path) -> None:
    clip = tmp_path / "long.mp4"
    length_s = looped(endurance.CLIP, clip, 180)
    found = endurance.apart(
        "watch", "--recorded", "--clip", str(clip), "--minutes", str(length_s / 60)
    )
    assert found["minutes"][-1] == pytest.approx(length_s / 60, rel=0.02)
    # What the allocator holds goes up and down by 10 MB (too much for a slope of two minutes); the
    # pictures would take hundreds.
    warm = bisect_left(found["minutes"], 1.0)
    assert max(found["mb"]) - found["mb"][warm] < KEPT_MB


@pytest.mark.rare
def test_the_whole_drill_in_real_time(tmp_path: Path) -> None:
    film = tmp_path / "once.mp4"
    length_s = looped(endurance.CLIP, film)
    row = endurance.real_time(film, length_s, length_s)
    assert row[5] == "4 of 4"
    assert re.match(r"median \d+ ms, 95 % within \d+ ms", row[-1])


def test_pictures_are_let_go_without_the_help_of_the_collector() -> None:
    """One that is asked for its side data lives on in a circle: 12 MB each, in 4K."""

    def held() -> int:
        return sum(isinstance(thing, av.VideoFrame) for thing in gc.get_objects())

    gc.collect()
    before = held()  # what other tests keep
    gc.disable()
    try:
        count = sum(1 for _ in read_frames(endurance.CLIP))
        after = held()
    finally:
        gc.enable()
    assert count > 200
    assert after - before <= 5
