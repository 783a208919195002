"""A part of a film, and what makes no sense."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support import clips

from hinge_dowel.errors import ClipError
from hinge_dowel.video.options import WHOLE, FilmOptions
from hinge_dowel.video.reader import probe, read_frames


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """6 s, a key picture every half second."""
    path = tmp_path_factory.mktemp("part") / "a.mp4"
    return clips.write_clip(path, clips.greys(60), rate_hz=10, codec_options={"g": "5"})


@pytest.mark.parametrize(
    ("from_s", "to_s", "first_s", "last_s"),
    [(None, 2.0, 0.0, 2.0), (0.4, None, 0.4, 5.9), (3.2, 4.5, 3.2, 4.5), (5.0, 99.0, 5.0, 5.9)],
)
def test_a_part_keeps_the_times_of_the_film(
    clip: Path, from_s: float | None, to_s: float | None, first_s: float, last_s: float
) -> None:
    part = list(read_frames(clip, options=FilmOptions(from_s, to_s)))
    assert part[0].time_s == pytest.approx(first_s, abs=0.01)
    assert part[-1].time_s == pytest.approx(last_s, abs=0.01)
    levels = {round(f.time_s, 2): f.rgb.mean() for f in read_frames(clip)}
    for frame in part:
        assert frame.rgb.mean() == levels[round(frame.time_s, 2)]


def test_how_long_a_part_is(clip: Path) -> None:
    assert probe(clip, FilmOptions(to_s=2.0)).duration_s == pytest.approx(2.0)
    assert probe(clip, FilmOptions(slow_motion=2.0)).duration_s == pytest.approx(3.0)


def test_a_part_behind_the_end_is_a_sentence(clip: Path) -> None:
    with pytest.raises(ClipError, match=r"has no two pictures from 70 s to the end: give another"):
        next(read_frames(clip, options=FilmOptions(from_s=70.0)))


@pytest.mark.parametrize(
    "given",
    [
        {"from_s": -1.0},
        {"from_s": float("nan")},
        {"from_s": 2.0, "to_s": 2.0},
        {"to_s": 0.0},
        {"slow_motion": 0.0},
        {"slow_motion": 1000.0},
        {"fps": 0.0},
        {"fps": float("nan")},
        {"person": 0},
        {"person": "middle"},
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        FilmOptions(**given)


def test_the_key_differs_where_the_film_is_seen_otherwise() -> None:
    keys = [WHOLE, FilmOptions(from_s=1.0), FilmOptions(to_s=1.0), FilmOptions(person=1)]
    keys += [FilmOptions(slow_motion=1.0), FilmOptions(person="left")]
    assert len({options.key for options in keys}) == len(keys)
    assert WHOLE.key == ""
