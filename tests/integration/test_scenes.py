"""Hard scenes, stitched from the samples, through the whole program: none confidently wrong.

All of them, and those that need rendering: `make scenes`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from robustness.scenes import STITCHED
from robustness.scoring import Score, score
from robustness.stitching import Film, TrueRep

from hinge_dowel.keypoints.files import check_clip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scene", "source", "least"),
    [
        ("two people, both hinge", "rounded_right", 2),
        ("walking through, in front", "mixed_right", 3),
        ("cut from bottom to bottom", "mixed_left", 2),
        ("mirrored half way", "rounded_right", 2),
        ("lights off for two seconds", "mixed_left", 3),
    ],
)
def test_no_repetition_is_confidently_wrong(
    scene: str, source: str, least: int, tmp_path: Path, pose_model: Path
) -> None:
    film = STITCHED[scene](source, pose_model)
    verdict = check_clip(film.write(tmp_path / "a.mp4"), model=pose_model)
    got = score(film, verdict.to_dict())
    assert got.wrong == 0, got.remarks
    assert got.right >= least, verdict


FILM = Film([], (TrueRep(2, 3, 4, ()), TrueRep(6, 7, 8, ("squatting",))))


def told(*reps: tuple[float, list[str], list[str]], status: str = "faulty") -> dict[str, object]:
    return {
        "status": status,
        "warnings": [],
        "reps": [
            {"start_s": at - 1, "bottom_s": at, "end_s": at + 1, "faults": said, "notes": notes}
            for at, said, notes in reps
        ],
    }


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (told((3, [], []), (7, ["squatting"], [])), Score(2, right=2)),
        (told((3, [], ["unsure_pictures"]), (7, ["squatting"], [])), Score(2, right=1, unsure=1)),
        (told((3, ["squatting"], []), (7, ["squatting"], [])), Score(2, right=1, wrong=1)),
        (told((3, [], []), (7, [], ["unsure_knee"])), Score(2, right=1, unsure=1)),
        (told((3, [], []), (7, [], ["unsure_head"])), Score(2, right=1, wrong=1)),
        (told((3, [], [])), Score(2, right=1, wrong=1)),
        (told((3, [], []), (5, [], []), (7, ["squatting"], [])), Score(2, right=2, wrong=1)),
        (told(status="unusable"), Score(2, not_judged=2)),
    ],
)
def test_what_counts_as_wrong(verdict: dict[str, object], expected: Score) -> None:
    assert score(FILM, verdict) == expected
