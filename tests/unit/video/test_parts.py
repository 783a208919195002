"""Films joined byte by byte are read to their end, and one that ends too early is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import clips

from hinge_dowel.video.parts import breaks_off, film_offsets
from hinge_dowel.video.reader import frame_near, probe, read_frames

KINDS = {
    ".mp4": ("libx264", True),
    ".flv": ("libx264", True),
    ".wmv": ("wmv2", True),
    ".mts": ("libx264", False),
    ".mpg": ("mpeg2video", False),
    ".mkv": ("libx264", False),
    ".avi": ("mpeg4", False),
}


@pytest.fixture(params=KINDS, scope="module")
def joined(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two films of 2 s, dark to bright, as `cat` joins them."""
    codec, _ = KINDS[request.param]
    file_format = "mpegts" if request.param == ".mts" else None
    folder = tmp_path_factory.mktemp("joined")
    one = clips.write_clip(
        folder / f"one{request.param}",
        clips.greys(50),
        rate_hz=25,
        codec=codec,
        file_format=file_format,
    )
    path = folder / f"joined{request.param}"
    path.write_bytes(one.read_bytes() * 2)
    return path


def test_time_goes_on_through_all_films(joined: Path) -> None:
    frames = list(read_frames(joined, rate_hz=1000))
    assert len(frames) == pytest.approx(100, abs=2)
    assert frames[-1].time_s == pytest.approx(3.96, abs=0.1)
    levels = [frame.rgb.mean() for frame in frames]
    assert levels[-1] > 200
    assert min(levels[40:60]) < 40


def test_thinned_out_they_are_as_long(joined: Path) -> None:
    frames = list(read_frames(joined, rate_hz=10))
    assert frames[-1].time_s == pytest.approx(3.96, abs=0.1)
    assert len(frames) == pytest.approx(40, abs=2)


def test_a_picture_is_found_in_any_of_them(joined: Path) -> None:
    frames = list(read_frames(joined, rate_hz=1000))
    for time_s in (0.6, 1.4, 2.6, 3.4):
        nearest = min(frames, key=lambda frame: abs(frame.time_s - time_s))
        found = frame_near(joined, time_s)
        assert found.time_s == pytest.approx(nearest.time_s, abs=0.05)
        assert found.rgb.mean() == pytest.approx(nearest.rgb.mean(), abs=8)


def test_several_films_in_a_file_are_said(joined: Path) -> None:
    several = KINDS[joined.suffix][1]
    assert len(film_offsets(joined)) == (2 if several else 1)
    assert any("2 films one behind the other" in said for said in probe(joined).remarks) is several


@pytest.mark.parametrize("suffix", [".mp4", ".flv", ".wmv", ".avi"])
def test_one_film_is_one(tmp_path: Path, suffix: str) -> None:
    path = clips.write_clip(tmp_path / f"a{suffix}", clips.greys(30), codec=KINDS[suffix][0])
    assert film_offsets(path) == (0,)
    assert probe(path).remarks == ()


@pytest.mark.parametrize("head", [b"\0\0\0\x08ftyp", b"FLV\x01", b"", b"\xff" * 100])
def test_damaged_heads_end_the_search(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(head + b"\0" * 40)
    assert film_offsets(path) == (0,)


CUT = {
    "a.mkv": {},
    "a.webm": {"codec": "libvpx"},
    "a.avi": {"codec": "mpeg4"},
    "a.mts": {"file_format": "mpegts"},
    "a.m2ts": {"file_format": "mpegts", "file_options": {"mpegts_m2ts_mode": "1"}},
    "a.vob": {"codec": "mpeg2video", "rate_hz": 25},
    "a.flv": {},
    "a.wmv": {"codec": "wmv2"},
    "a.mp4": {"file_options": {"movflags": "frag_keyframe+empty_moov"}},
}


@pytest.mark.parametrize("name", CUT)
def test_half_a_file_breaks_off_and_a_whole_one_does_not(tmp_path: Path, name: str) -> None:
    path = clips.write_clip(tmp_path / name, clips.drifting(40, 320, 240), **CUT[name])
    assert not probe(path).breaks_off
    whole = path.read_bytes()
    for size in (len(whole) * 2 // 3 | 63, len(whole) * 9 // 10 | 63):  # amid any packet
        path.write_bytes(whole[:size])
        assert probe(path).breaks_off
    path.write_bytes(whole + b"and more of something else")
    assert not breaks_off(path)


@pytest.mark.parametrize(("name", "how"), [("a.mkv", {"live": "1"}), ("a.avi", {})])
def test_a_recording_that_never_says_its_size_does_not_break_off(
    tmp_path: Path, name: str, how: dict[str, str]
) -> None:
    path = clips.write_clip(tmp_path / name, clips.drifting(40), codec="mpeg4", file_options=how)
    data = bytearray(path.read_bytes())
    if name == "a.avi":
        data[4:8] = b"\xff" * 4
    path.write_bytes(data[: len(data) * 2 // 3])
    assert not breaks_off(path)
