"""A folder of numbered pictures is a film, once it is said how many a second."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from support import clips

from hinge_dowel.batch.cache import content_key
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.discovery import find_clips
from hinge_dowel.video.numbered_pictures import firsts, series_of
from hinge_dowel.video.options import FilmOptions
from hinge_dowel.video.reader import probe, read_frames


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures 1 to 40, dark to bright, the 21st missing, in a folder whose name needs care."""
    folder = tmp_path / "Anna's set"
    folder.mkdir()
    for number, picture in enumerate(clips.greys(40), 1):
        if number != 21:
            av.VideoFrame.from_ndarray(picture).to_image().save(folder / f"f_{number}.png")
    return folder


def test_it_is_read_in_the_order_and_at_the_times_of_its_numbers(folder: Path) -> None:
    (first,) = find_clips([folder]).clips
    assert first.name == "f_1.png"
    frames = list(read_frames(first, rate_hz=1000, options=FilmOptions(fps=20)))
    times = [n / 20 for n in range(40) if n != 20]
    assert [frame.time_s for frame in frames] == pytest.approx(times, abs=0.002)
    levels = [frame.rgb.mean() for frame in frames]
    assert levels == sorted(levels)
    assert probe(first, FilmOptions(fps=20)).width_px == 64


def test_any_of_them_and_their_pattern_stand_for_all(folder: Path) -> None:
    first = folder / "f_1.png"
    assert find_clips([folder / "f_%d.png"]).clips == [first]
    assert find_clips(sorted(folder.iterdir())).clips == [first]
    before = content_key(first)
    (folder / "f_30.png").unlink()
    assert content_key(first) != before


def test_without_a_rate_it_is_asked_for(folder: Path) -> None:
    with pytest.raises(ClipError, match=r"one of 39 numbered pictures: .* --fps 30"):
        list(read_frames(folder / "f_1.png"))


def test_a_few_photographs_are_no_film(tmp_path: Path) -> None:
    for name in ("IMG_1.jpg", "IMG_2.jpg", "a3.png"):
        (tmp_path / name).touch()
    assert series_of(tmp_path / "IMG_1.jpg") == []
    assert find_clips([tmp_path / "IMG_1.jpg"]).clips == [tmp_path / "IMG_1.jpg"]


def test_thousands_of_photographs_are_listed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photographs = [tmp_path / f"IMG-{day}-WA{k:04d}.jpg" for day in range(20) for k in range(3)]
    for path in photographs:
        path.touch()
    listed: list[Path] = []
    listing = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda self: listed.append(self) or listing(self))
    assert firsts(photographs) == photographs
    assert firsts(photographs, only=True) == []
    assert listed == [tmp_path, tmp_path]
