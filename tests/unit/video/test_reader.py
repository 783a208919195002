"""Clips become upright pictures with true times, or a sentence on why not."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import weakref
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from support import clips
from support.clips import corners
from support.serving import QuietHandler, served

from hinge_dowel.errors import ClipError
from hinge_dowel.video import reader
from hinge_dowel.video.clock import Clock
from hinge_dowel.video.container import opened
from hinge_dowel.video.frame_sampling import on_grid
from hinge_dowel.video.options import FilmOptions
from hinge_dowel.video.reader import decoded_from_s, probe, read_frames, read_pictures

ALL = 1000.0
"""A rate that no clip here reaches: every picture is taken."""


def times(path: Path, rate_hz: float = ALL) -> list[float]:
    return [frame.time_s for frame in read_frames(path, rate_hz=rate_hz)]


def levels(path: Path, rate_hz: float = ALL) -> list[float]:
    return [float(frame.rgb.mean()) for frame in read_frames(path, rate_hz=rate_hz)]


def message(path: Path) -> str:
    """What reading a bad clip says: one sentence, before any picture."""
    with pytest.raises(ClipError) as caught:
        next(read_frames(path))
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    assert path.name in text
    return text


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi"])
@pytest.mark.parametrize("since_s", [0.5, 3.0, 9.0])
def test_reading_from_the_middle_is_reading_the_rest(
    tmp_path: Path, suffix: str, since_s: float
) -> None:
    many = {"bf": "3", "b_strategy": "0", "g": "50"}
    clip = clips.write_clip(
        tmp_path / f"a.{suffix}", clips.drifting(300), rate_hz=25, codec_options=many
    )
    whole = [picture.frame() for picture in read_pictures(clip)]
    rest = [picture.frame() for picture in read_pictures(clip, since_s=since_s)]
    assert rest[0].time_s >= since_s
    # The first is there though another may be nearer to the grid.
    known = [frame for frame in whole if frame.time_s > rest[0].time_s]
    after = [frame for frame in rest[1:] if frame.time_s > rest[0].time_s + 1 / 12]
    assert [f.time_s for f in after] == [f.time_s for f in known][-len(after) :]
    assert len(known) - len(after) <= 2
    assert all((a.rgb == b.rgb).all() for a, b in zip(after, known[-len(after) :], strict=True))


@pytest.mark.parametrize(("time_s", "from_s"), [(0.5, 0.0), (1.9, 0.0), (2.1, 2.0), (9.0, 8.0)])
@pytest.mark.parametrize("slow", [None, 2.0])
def test_a_film_is_decoded_from_its_last_whole_picture_on(
    tmp_path: Path, time_s: float, from_s: float, slow: float | None
) -> None:
    many = {"bf": "3", "b_strategy": "0", "g": "50"}
    clip = clips.write_clip(tmp_path / "a.mp4", clips.drifting(300), rate_hz=25, codec_options=many)
    ratio = slow or 1.0
    found_s = decoded_from_s(clip, time_s / ratio, FilmOptions(slow_motion=slow))
    assert found_s * ratio == pytest.approx(from_s, abs=0.1)


class TestTimes:
    def test_uneven_times_are_kept(self, tmp_path: Path) -> None:
        written = [0, 0.1, 0.35, 0.4, 1.7]
        clip = clips.write_clip(tmp_path / "a.mp4", clips.greys(5), times_s=written)
        assert times(clip) == pytest.approx(written, abs=1e-3)

    def test_times_count_from_the_first_picture(self, tmp_path: Path) -> None:
        clip = clips.write_clip(tmp_path / "a.mkv", clips.greys(3), times_s=[5, 5.1, 5.4])
        assert times(clip) == pytest.approx([0, 0.1, 0.4], abs=1e-3)

    def test_pictures_come_in_the_order_they_are_shown(self, tmp_path: Path) -> None:
        clip = clips.write_clip(
            tmp_path / "a.mp4", clips.greys(20), codec_options={"bf": "3", "b_strategy": "0"}
        )
        with av.open(str(clip)) as container:
            stored = [packet.pts for packet in container.demux(video=0) if packet.pts is not None]
        assert stored != sorted(stored)
        seen = levels(clip)
        assert len(seen) == 20
        assert seen == sorted(seen)

    def test_pictures_without_times_are_spaced_by_the_rate(self, tmp_path: Path) -> None:
        clip = clips.write_clip(tmp_path / "a.h264", clips.greys(8), rate_hz=25, file_format="h264")
        assert times(clip) == pytest.approx(np.arange(8) / 25)

    def test_avi_with_b_frames_keeps_every_picture(self, tmp_path: Path) -> None:
        """AVI stores no presentation times: those that FFmpeg makes up go back and forth."""
        clip = clips.write_clip(tmp_path / "a.avi", clips.greys(30), rate_hz=30)
        assert times(clip) == pytest.approx(np.arange(30) / 30)
        assert levels(clip) == sorted(levels(clip))
        assert times(clip, 15)[:-1] == pytest.approx(np.arange(15) / 15)

    def test_repeated_times_are_dropped(self, tmp_path: Path) -> None:
        """A recording that was started again in the same file goes back to its first times."""
        clip = clips.write_clip(tmp_path / "a.mpg", clips.greys(10), codec="mpeg1video", rate_hz=25)
        clips.edit(clip, lambda data: data + data)
        seen = times(clip)
        assert len(seen) >= 10
        assert all(np.diff(seen) > 0)


class TestRate:
    @pytest.mark.parametrize("rate_hz", [5, 15, 24, 60])
    def test_pictures_nearest_to_the_grid_are_taken(self, tmp_path: Path, rate_hz: float) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", clips.greys(60), rate_hz=60)
        seen = times(clip, rate_hz)[:-1]
        grid = np.arange(len(seen)) / rate_hz
        assert len(seen) == pytest.approx(rate_hz, abs=1)
        assert np.abs(seen - grid).max() <= 1 / 120 + 1e-6

    def test_a_slower_clip_is_given_whole(self, tmp_path: Path) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", clips.greys(12), rate_hz=8)
        assert times(clip, 15) == pytest.approx(np.arange(12) / 8)

    def test_the_last_picture_is_taken(self, tmp_path: Path) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", clips.greys(32), rate_hz=30)
        assert times(clip, 15)[-1] == pytest.approx(31 / 30)

    @pytest.mark.parametrize("rate_hz", [15, 13, 11.3])
    def test_skipping_undecoded_pictures_changes_nothing_but_the_work(
        self, tmp_path: Path, rate_hz: float
    ) -> None:
        clip = clips.write_clip(
            tmp_path / "a.mp4",
            clips.drifting(60),
            rate_hz=60,
            codec_options={"bf": "3", "b_strategy": "0"},
        )

        def decoded(rate_hz: float | None) -> dict[float, np.ndarray]:
            with opened(clip) as film:
                pictures = reader._pictures(film, Clock(), rate_hz)
                return {at: frame.to_ndarray(format="rgb24") for at, frame in pictures}

        everything, needed = decoded(None), decoded(rate_hz)
        assert len(everything) == 60
        assert len(needed) < 50
        frames = list(read_frames(clip, rate_hz=rate_hz))
        nearest = on_grid(clips.only_times(everything), rate_hz)
        # The very last picture may be one that was skipped.
        assert [f.time_s for f in frames[:-1]] == [picture.time_s for picture in nearest][
            : len(frames) - 1
        ]
        for frame in frames:
            assert np.array_equal(frame.rgb, everything[frame.time_s])

    @pytest.mark.parametrize(
        ("rate_hz", "side_px"), [(0, 640), (-1, 640), (math.nan, 640), (15, 3)]
    )
    def test_senseless_arguments_are_refused(
        self, tmp_path: Path, rate_hz: float, side_px: int
    ) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", clips.greys(3))
        with pytest.raises(ValueError, match="rate_hz must be above 0 and side_px at least 4"):
            next(read_frames(clip, rate_hz=rate_hz, side_px=side_px))


class TestFormats:
    @pytest.mark.parametrize(
        ("name", "codec", "pix_fmt"),
        [
            ("a.mp4", "libx264", "yuv420p"),
            ("ten bits.mp4", "libx264", "yuv420p10le"),
            ("a.mov", "prores_ks", "yuv422p10le"),
            ("a.webm", "libvpx-vp9", "yuv420p"),
            ("a.avi", "mpeg4", "yuv420p"),
            ("a.avi", "mjpeg", "yuvj420p"),
            ("a.gif", "gif", "rgb8"),
        ],
    )
    def test_colours_and_times(self, tmp_path: Path, name: str, codec: str, pix_fmt: str) -> None:
        clip = clips.write_clip(tmp_path / name, [clips.card()] * 6, codec=codec, pix_fmt=pix_fmt)
        frames = list(read_frames(clip))
        assert [frame.time_s for frame in frames] == pytest.approx(np.arange(6) / 10, abs=0.011)
        assert all(corners(frame.rgb) == ["red", "green", "blue", "white"] for frame in frames)
        info = probe(clip)
        assert (info.width_px, info.height_px) == (64, 48)
        assert info.duration_s == pytest.approx(0.6, abs=0.1)

    def test_a_stream_that_does_not_tell_its_length(self, tmp_path: Path) -> None:
        clip = clips.write_clip(tmp_path / "a.h264", clips.greys(3), file_format="h264")
        assert probe(clip).duration_s is None

    @pytest.mark.parametrize(
        "name", ["with space.mp4", "a:b %03d.mp4", "-x.mp4", "good 🏋️.mp4", "new\nline.mp4"]
    )
    def test_any_name(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        monkeypatch.chdir(tmp_path)
        source = clips.write_clip(tmp_path / "source.mp4", clips.greys(3))
        clip = source.rename(name)
        assert len(times(clip)) == 3

    def test_a_title_that_is_not_unicode(self, tmp_path: Path) -> None:
        clip = clips.write_clip(tmp_path / "a.mkv", clips.greys(3), title="Kreuzheben")
        clips.edit(clip, lambda data: data.replace(b"Kreuzheben", b"Kreuz\xe4\xff\xfeen"))
        assert len(times(clip)) == 3

    def test_cover_art_beside_a_film_is_passed_over(self, tmp_path: Path) -> None:
        """Pictures are told by what they are, not by where in the file they stand."""
        film = clips.write_clip(tmp_path / "film.mkv", clips.greys(4))
        song = clips.write_sound(tmp_path / "song.mp3", clips.card(200, 200))
        with (
            av.open(str(song)) as art,
            av.open(str(film)) as moving,
            av.open(str(tmp_path / "both.mp4"), "w") as both,
        ):
            sources = [(source, source.streams.video[0]) for source in (art, moving)]
            copies = [both.add_stream_from_template(stream) for _, stream in sources]
            copies[0].disposition = Disposition.attached_pic
            for (source, stream), copy in zip(sources, copies, strict=True):
                for packet in source.demux(stream):
                    if packet.size:
                        packet.stream = copy
                        both.mux(packet)
        clip = tmp_path / "both.mp4"
        with av.open(str(clip)) as container:
            assert len(container.streams.video) == 2
        assert (probe(clip).width_px, probe(clip).height_px) == (64, 48)
        assert len(times(clip)) == 4


class TestBadInput:
    def test_no_such_file(self, tmp_path: Path) -> None:
        assert "There is no file" in message(tmp_path / "gone.mp4")
        (tmp_path / "link.mp4").symlink_to(tmp_path / "gone.mp4")
        assert "link.mp4 is a link that leads nowhere" in message(tmp_path / "link.mp4")

    def test_a_folder(self, tmp_path: Path) -> None:
        assert "is not a file" in message(tmp_path)

    def test_a_device_which_has_no_end(self) -> None:
        assert "is not a file" in message(Path(os.devnull))

    def test_below_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        assert "Not a directory" in message(tmp_path / "file" / "a.mp4")

    def test_empty(self, tmp_path: Path) -> None:
        (tmp_path / "a.mp4").touch()
        assert "is empty (0 bytes)" in message(tmp_path / "a.mp4")

    @pytest.mark.parametrize("kept", [0.5, 0.1])
    def test_cut_off_before_its_index(self, tmp_path: Path, kept: float) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", clips.drifting(10))
        clips.edit(clip, lambda data: data[: int(len(data) * kept)])
        assert "is cut off" in message(clip)

    @pytest.mark.parametrize("text", [b"I am not a film.\n" * 40, bytes(range(256)) * 20, b"x"])
    def test_not_video(self, tmp_path: Path, text: bytes) -> None:
        (tmp_path / "a.mp4").write_bytes(text)
        said = message(tmp_path / "a.mp4")
        assert "is not a video that can be read" in said
        assert ("name it .csv, .json or .trc" in said) == (len(set(text)) < 256)

    def test_a_web_page(self, tmp_path: Path) -> None:
        (tmp_path / "a.mp4").write_text("<!DOCTYPE html><html>Sign in</html>")
        assert "is a web page" in message(tmp_path / "a.mp4")

    @pytest.mark.parametrize("cover", [None, clips.card()], ids=["bare", "with cover"])
    def test_sound_only(self, tmp_path: Path, cover: np.ndarray | None) -> None:
        clip = clips.write_sound(tmp_path / "a.mp3", cover)
        assert "holds sound but no film" in message(clip)

    def test_subtitles_only(self, tmp_path: Path) -> None:
        (tmp_path / "a.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nBrace.\n")
        assert "holds no film" in message(tmp_path / "a.srt")

    @pytest.mark.parametrize(
        ("name", "codec", "pix_fmt"),
        [
            ("a.mp4", "libx264", "yuv420p"),
            ("a.png", "png", "rgb24"),
            ("a.jpg", "mjpeg", "yuvj420p"),
        ],
    )
    def test_a_single_picture(self, tmp_path: Path, name: str, codec: str, pix_fmt: str) -> None:
        clip = clips.write_clip(tmp_path / name, [clips.card()], codec=codec, pix_fmt=pix_fmt)
        assert "holds a single picture, not a movement" in message(clip)
        assert probe(clip).width_px == 64

    def test_a_codec_nobody_knows(self, tmp_path: Path) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", clips.greys(5))
        clips.edit(clip, lambda data: data.replace(b"avc1", b"zzzz"))
        assert "uses a video codec that cannot be decoded" in message(clip)

    @pytest.mark.parametrize("read", [probe, lambda path: next(read_frames(path))])
    def test_nothing_decodes(self, tmp_path: Path, read: Callable[[Path], object]) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", clips.drifting(10))
        clips.edit(clip, lambda data: blank(data, 0, 1))
        with pytest.raises(ClipError, match=r"No picture in .* can be decoded"):
            read(clip)

    def test_a_hostile_name_cannot_break_the_line(self, tmp_path: Path) -> None:
        with pytest.raises(ClipError) as caught:
            probe(tmp_path / "a\n\x1b[31m.mp4")
        assert str(caught.value).isprintable()

    def test_a_playlist_cannot_reach_the_network(self, tmp_path: Path) -> None:
        asked: list[str] = []

        class Listener(QuietHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(404)

        with served(Listener) as url:
            playlist = tmp_path / "a.m3u8"
            playlist.write_text(
                f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{url}/spy.ts\n#EXT-X-ENDLIST\n"
            )
            with pytest.raises(ClipError):
                next(read_frames(playlist))
        assert asked == []


def blank(data: bytes, start: float, end: float) -> bytes:
    """Overwrite a stretch (in parts of the whole) of an MP4's pictures, leaving its index whole."""
    begin = data.index(b"mdat") + 4
    length = int.from_bytes(data[begin - 8 : begin - 4]) - 8
    first, last = begin + int(length * start), begin + int(length * end)
    return data[:first] + b"\xa5" * (last - first) + data[last:]


class TestDamage:
    def test_a_damaged_stretch_is_left_out(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        clip = clips.write_clip(
            tmp_path / "a.mp4", clips.drifting(60), rate_hz=30, codec_options={"g": "10"}
        )
        clips.edit(clip, lambda data: blank(data, 0.4, 0.5))
        seen = times(clip)
        assert 30 <= len(seen) < 60
        assert seen[0] == 0
        assert seen[-1] == pytest.approx(59 / 30)
        assert all(np.diff(seen) > 0)
        # FFmpeg has much to say about such a clip, and none of it is for the screen.
        assert capfd.readouterr() == ("", "")

    def test_pictures_decoded_from_flipped_bits_are_left_out(self, tmp_path: Path) -> None:
        clip = clips.write_clip(
            tmp_path / "a.mkv", clips.drifting(40), codec="mpeg2video", rate_hz=25
        )
        whole = clip.read_bytes()
        first, last = len(whole) // 4, len(whole) * 3 // 4
        middle = bytes(byte ^ (at % 97 == 0) for at, byte in enumerate(whole[first:last]))
        clip.write_bytes(whole[:first] + middle + whole[last:])
        spoilt: list[int | None] = []
        with av.open(str(clip)) as container:
            for packet in container.demux(video=0):
                with suppress(av.InvalidDataError):
                    spoilt += [frame.pts for frame in packet.decode() if frame.is_corrupt]
        assert len(spoilt) > 1
        seen = [round(time_s * 1000) for time_s in times(clip)]
        assert len(seen) > 10
        assert not set(seen) & set(spoilt)

    @pytest.mark.parametrize(
        ("name", "file_options"), [("a.mp4", {"movflags": "faststart"}), ("a.mkv", {})]
    )
    def test_a_file_cut_off_after_its_index_is_read_that_far(
        self, tmp_path: Path, name: str, file_options: dict[str, str]
    ) -> None:
        clip = clips.write_clip(
            tmp_path / name, clips.drifting(60), rate_hz=30, file_options=file_options
        )
        clips.edit(clip, lambda data: data[: int(len(data) * 0.7)])
        seen = times(clip)
        assert 20 <= len(seen) < 60
        assert seen[:20] == pytest.approx(np.arange(20) / 30, abs=1e-3)
        assert all(np.diff(seen) > 0)


def is_open(file: int) -> bool:
    """Whether a file descriptor is in use (listing them takes one for itself)."""
    try:
        os.fstat(file)
    except OSError:
        return False
    return True


class TestEconomy:
    def test_pictures_are_let_go(self, tmp_path: Path) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", clips.greys(60), rate_hz=12)
        alive: list[weakref.ref[np.ndarray]] = []
        most = 0
        for frame in read_frames(clip):
            alive.append(weakref.ref(frame.rgb))
            most = max(most, sum(ref() is not None for ref in alive))
        assert len(alive) == 60
        assert most <= 2

    def test_pictures_that_are_kept_are_not_overwritten(self, tmp_path: Path) -> None:
        clip = clips.write_lossless(tmp_path / "a.mkv", clips.greys(8))
        kept = list(read_frames(clip))
        assert [float(frame.rgb.mean()) for frame in kept] == pytest.approx(
            [round(level) for level in np.linspace(20, 230, 8)]
        )

    def test_a_clip_is_read_as_it_is_needed_and_let_go_early(self, tmp_path: Path) -> None:
        def files_open() -> set[int]:
            listed = {int(path.name) for path in Path("/dev/fd").iterdir()}
            return {number for number in listed if is_open(number)}

        clip = clips.write_clip(tmp_path / "a.mkv", clips.greys(100, 320, 240), codec="rawvideo")
        before = files_open()
        frames = read_frames(clip)
        next(frames)
        (file,) = files_open() - before
        assert os.lseek(file, 0, os.SEEK_CUR) < clip.stat().st_size / 4
        assert isinstance(frames, Generator)
        frames.close()
        assert not is_open(file)

    def test_importing_does_not_load_ffmpeg(self) -> None:
        code = "import sys, hinge_dowel.video.reader; sys.exit('av' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
