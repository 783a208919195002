"""Which film of a file is looked at, and whether it is slowed down."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import av
import pytest
from av.stream import Disposition
from support import clips

from hinge_dowel.errors import ClipError
from hinge_dowel.video.options import FilmOptions
from hinge_dowel.video.reader import frame_near, probe, read_frames

SMALL, LARGE = (64, 48), (128, 96)


def write_films(
    path: Path,
    *films: tuple[tuple[int, int], int],
    disposition: Disposition | None = None,
    late: int = 0,
) -> Path:
    """A file with a film for each of (size, number of pictures at 10 a second).

    The first begins so many pictures `late`.
    """
    with av.open(str(path), "w") as container:
        streams = []
        for (width, height), _ in films:
            stream = container.add_stream("mpeg4", rate=10)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            streams.append(stream)
        if disposition is not None:
            streams[0].disposition = disposition
        for stream, ((width, height), count) in zip(streams, films, strict=True):
            for index, picture in enumerate(clips.greys(count, width, height)):
                frame = av.VideoFrame.from_ndarray(picture)
                frame.pts = index + (late if stream is streams[0] else 0)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_films(tmp_path / "me.mp4", (SMALL, 3))
    monkeypatch.setattr(Path, "open", Mock(side_effect=PermissionError(13, "Permission denied")))
    with pytest.raises(ClipError, match=r"me\.mp4 may not be read: check its permissions"):
        probe(film)


@pytest.mark.parametrize("late", [0, 1])
@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_a_thumbnail_before_the_film_is_passed_over(tmp_path: Path, suffix: str, late: int) -> None:
    clip = write_films(tmp_path / f"a{suffix}", (LARGE, 1), (SMALL, 20), late=late)
    assert len(list(read_frames(clip, rate_hz=1000))) == 20
    assert probe(clip).width_px == SMALL[0]
    assert probe(clip).remarks == ()


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("films", [((LARGE, 8), (SMALL, 20)), ((SMALL, 20), (LARGE, 8))])
def test_of_several_films_the_longest_counts(
    tmp_path: Path, suffix: str, films: tuple[tuple[tuple[int, int], int], ...]
) -> None:
    clip = write_films(tmp_path / f"a{suffix}", *films)
    assert len(list(read_frames(clip, rate_hz=1000))) == 20
    (said,) = probe(clip).remarks
    assert "holds 2 films: the longest was looked at" in said
    assert "64 x 48" in said


def test_of_two_as_long_the_larger_counts(tmp_path: Path) -> None:
    clip = write_films(tmp_path / "a.mp4", (SMALL, 20), (LARGE, 20))
    assert probe(clip).width_px == LARGE[0]


def test_a_moving_gif_is_a_film(tmp_path: Path) -> None:
    clip = clips.write_clip(tmp_path / "a.gif", clips.greys(12), codec="gif", pix_fmt="rgb8")
    frames = list(read_frames(clip, rate_hz=1000))
    assert len(frames) == 12
    assert frames[-1].time_s == pytest.approx(1.1, abs=0.05)


def write_tagged(path: Path, tag: str, rate_hz: int = 30) -> Path:
    """A second of film at this rate, with what Android phones note of slow motion."""
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as container:
        container.metadata["com.android.capture.fps"] = tag
        stream = container.add_stream("mpeg4", rate=rate_hz)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for picture in clips.greys(rate_hz):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        container.mux(stream.encode(None))
    return path


def write_stretched(path: Path, times: int = 4) -> Path:
    """0.4 s taken at 120 pictures a second, stretched without coding it again."""
    taken = clips.write_clip(path.with_name("taken.mp4"), clips.drifting(48), rate_hz=120)
    with av.open(str(taken)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.pts is None or packet.dts is None:
                continue
            packet.pts, packet.dts = packet.pts * times, packet.dts * times
            packet.duration = (packet.duration or 0) * times
            packet.stream = copy
            target.mux(packet)
    return path


class TestSlowMotion:
    def length_s(self, clip: Path, options: FilmOptions | None = None) -> float:
        return list(read_frames(clip, rate_hz=1000, options=options or FilmOptions()))[-1].time_s

    def test_what_the_phone_noted_counts(self, tmp_path: Path) -> None:
        clip = write_tagged(tmp_path / "a.mp4", "120.0")
        assert self.length_s(clip) == pytest.approx(29 / 30 / 4, abs=0.01)
        assert probe(clip).duration_s == pytest.approx(0.25, abs=0.02)
        (said,) = probe(clip).remarks
        assert "slowed down 4 times" in said

    def test_a_film_that_was_stretched_says_so_in_its_coding(self, tmp_path: Path) -> None:
        clip = write_stretched(tmp_path / "a.mp4")
        assert self.length_s(clip) == pytest.approx(47 / 120, abs=0.01)

    @pytest.mark.parametrize(("tag", "rate_hz"), [("30", 30), ("120", 120), ("nonsense", 30)])
    def test_a_film_at_its_own_speed_is_left_so(
        self, tmp_path: Path, tag: str, rate_hz: int
    ) -> None:
        clip = write_tagged(tmp_path / "a.mp4", tag, rate_hz)
        assert probe(clip).remarks == ()
        assert self.length_s(clip) == pytest.approx(1.0, abs=0.05)

    def test_what_the_person_says_counts_more(self, tmp_path: Path) -> None:
        clip = write_tagged(tmp_path / "a.mp4", "120.0")
        assert self.length_s(clip, FilmOptions(slow_motion=1.0)) == pytest.approx(0.967, abs=0.02)
        assert self.length_s(clip, FilmOptions(slow_motion=2.0)) == pytest.approx(0.483, abs=0.02)
        assert probe(clip, FilmOptions(slow_motion=1.0)).remarks == ()

    def test_pictures_are_found_by_the_time_of_life(self, tmp_path: Path) -> None:
        clip = write_tagged(tmp_path / "a.mp4", "120.0")
        frames = list(read_frames(clip, rate_hz=1000))
        assert frame_near(clip, frames[20].time_s).rgb.mean() == frames[20].rgb.mean()
