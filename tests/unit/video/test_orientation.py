"""Pictures as a viewer would see them: upright, square pixels, at working size."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import clips
from support.clips import corners

from hinge_dowel.video.options import FilmOptions
from hinge_dowel.video.orientation import THUMBNAIL_SIDE_PX, FrameScaler, Rotation, working_size
from hinge_dowel.video.reader import frame_near, probe, read_frames

SHOWN = {
    "upright": ["red", "green", "blue", "white"],
    "clockwise": ["blue", "red", "white", "green"],
    "upside down": ["white", "blue", "green", "red"],
    "counter-clockwise": ["green", "white", "red", "blue"],
    "mirrored": ["green", "red", "white", "blue"],
    "mirrored and clockwise": ["red", "blue", "green", "white"],
}


TURNS = {
    "upright": (False, False, False),
    "clockwise": (True, True, False),
    "upside down": (False, True, True),
    "counter-clockwise": (True, False, True),
    "mirrored": (False, True, False),
    "mirrored and clockwise": (True, False, False),
}
"""Swaps the axes, mirrors x, mirrors y."""


class TestUpright:
    @pytest.mark.parametrize("held", clips.MATRICES)
    def test_a_clip_is_shown_as_a_player_shows_it(self, tmp_path: Path, held: str) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", [clips.card(96, 48)] * 3)
        clips.turn(clip, clips.MATRICES[held])
        frame = next(read_frames(clip))
        info = probe(clip)
        assert corners(frame.rgb) == SHOWN[held]
        assert frame.rgb.shape == (info.height_px, info.width_px, 3)
        assert frame.rgb.flags.c_contiguous

    @pytest.mark.parametrize("held", ["clockwise", "upside down", "counter-clockwise"])
    def test_turns_agree_with_ffmpeg(self, tmp_path: Path, held: str) -> None:
        """FFmpeg's own reading of the matrix counts counter-clockwise, as numpy's rot90 does."""
        clip = clips.write_clip(tmp_path / "a.mp4", [clips.card()] * 3)
        clips.turn(clip, clips.MATRICES[held])
        with av.open(str(clip)) as container:
            stored = next(container.decode(video=0))
        turned = np.rot90(stored.to_ndarray(format="rgb24"), k=stored.rotation // 90)
        assert stored.rotation != 0
        assert corners(next(read_frames(clip)).rgb) == corners(turned)

    def test_square_pixels(self, tmp_path: Path) -> None:
        clip = clips.write_clip(
            tmp_path / "a.mp4", [clips.card(64, 48)] * 3, pixel_aspect=Fraction(2)
        )
        assert (probe(clip).width_px, probe(clip).height_px) == (128, 48)
        assert next(read_frames(clip)).rgb.shape == (48, 128, 3)
        assert next(read_frames(clip, side_px=64)).rgb.shape == (24, 64, 3)

    def test_square_pixels_of_a_turned_clip(self, tmp_path: Path) -> None:
        clip = clips.write_clip(
            tmp_path / "a.mp4", [clips.card(64, 48)] * 3, pixel_aspect=Fraction(2)
        )
        clips.turn(clip, clips.MATRICES["clockwise"])
        assert (probe(clip).width_px, probe(clip).height_px) == (48, 128)
        frame = next(read_frames(clip))
        assert frame.rgb.shape == (128, 48, 3)
        assert corners(frame.rgb) == SHOWN["clockwise"]


class TestSize:
    @given(st.integers(1, 8000), st.integers(1, 8000), st.integers(4, 2000))
    def test_working_size(self, width: int, height: int, side_px: int) -> None:
        new_width, new_height = working_size(width, height, side_px)
        assert new_width % 4 == 0
        assert 1 <= new_height <= max(1, height)
        assert new_height <= side_px
        assert 4 <= new_width <= max(4, min(width, side_px))
        if new_width > 4:
            assert new_height == pytest.approx(height * new_width / width, abs=0.51) or (
                new_height == 1
            )
        # No more is given up than the step in width asks for.
        fits = min(1.0, side_px / max(width, height))
        assert new_width > width * fits - 4

    @pytest.mark.parametrize(
        ("width", "height", "shape"),
        [
            (641, 481, (480, 640, 3)),
            (639, 400, (398, 636, 3)),
            (1280, 720, (360, 640, 3)),
            (182, 640, (633, 180, 3)),
            (64, 48, (48, 64, 3)),
            (3, 5, (5, 4, 3)),
            (1, 1, (1, 4, 3)),
            (200, 1, (1, 200, 3)),
            (2, 2000, (640, 4, 3)),
        ],
    )
    def test_clips_of_any_size(
        self, tmp_path: Path, width: int, height: int, shape: tuple[int, int, int]
    ) -> None:
        clip = clips.write_lossless(tmp_path / "a.mkv", clips.greys(3, width, height))
        frames = list(read_frames(clip))
        assert [frame.rgb.shape for frame in frames] == [shape] * 3
        assert all(frame.rgb.flags.c_contiguous for frame in frames)
        assert [float(frame.rgb.mean()) for frame in frames] == pytest.approx([20, 125, 230])
        assert (probe(clip).width_px, probe(clip).height_px) == (width, height)

    def test_pictures_that_change_size_midway(self, tmp_path: Path) -> None:
        small, large = (
            clips.write_clip(tmp_path / name, clips.greys(4, *size), file_format="h264")
            for name, size in (("a.h264", (64, 48)), ("b.h264", (128, 96)))
        )
        clips.edit(small, lambda data: data + large.read_bytes())
        shapes = [frame.rgb.shape for frame in read_frames(small, side_px=100)]
        assert shapes == [(48, 64, 3)] * 8


def test_a_thumbnail_is_small_grey_and_as_stored() -> None:
    frame = av.VideoFrame.from_ndarray(np.full((240, 320, 3), 90, np.uint8), format="rgb24")
    thumbnail = FrameScaler(2.0, 640).thumbnail(frame)
    assert thumbnail.shape == (60, THUMBNAIL_SIDE_PX)
    assert np.unique(thumbnail) == pytest.approx(90, abs=1)
    tiny = av.VideoFrame.from_ndarray(np.full((6, 16, 3), 90, np.uint8), format="rgb24")
    assert FrameScaler(1.0, 640).thumbnail(tiny).shape == (6, 16)


@pytest.mark.parametrize("held", SHOWN)
def test_a_picture_is_turned_upright(held: str) -> None:
    rotation = Rotation(*TURNS[held])
    picture = rotation.apply(clips.card(96, 48))
    assert corners(picture) == SHOWN[held]
    assert picture.flags.c_contiguous
    assert picture.shape == ((96, 48, 3) if rotation.swaps else (48, 96, 3))


@pytest.mark.parametrize(
    ("turned_deg", "held"),
    [(0, "upright"), (90, "counter-clockwise"), (-90, "clockwise"), (180, "upside down")],
)
def test_side_data_that_has_no_name_leaves_the_turn(turned_deg: int, held: str) -> None:

    class Frame:
        rotation = turned_deg

        @property
        def side_data(self) -> object:
            raise ValueError("1 is not a valid SideDataType")

    assert Rotation.of(Frame()) == Rotation(*TURNS[held])


def test_pictures_that_change_their_shape_midway_come_between_bars() -> None:
    scaler = FrameScaler(1.0, 640)
    sizes = [(640, 360), (320, 180), (160, 90), (360, 640), (640, 240)]
    frames = (av.VideoFrame.from_ndarray(clips.card(*size)) for size in sizes)
    *alike, upright, flat = (scaler.rgb(frame) for frame in frames)
    for picture in (*alike, upright[:, 219:421], flat[60:300]):
        assert corners(picture) == SHOWN["upright"]
    assert {picture.shape for picture in (*alike, upright, flat)} == {(360, 640, 3)}
    for bar in (upright[:, :219], upright[:, 421:], flat[:60], flat[300:]):
        assert not bar.any()


def test_films_joined_end_to_end_come_out_as_large_as_the_first(tmp_path: Path) -> None:
    first = clips.write_clip(tmp_path / "a.mp4", [clips.card(96, 48)] * 20)
    other = clips.write_clip(tmp_path / "b.mp4", [clips.card(48, 96)] * 20)
    clips.edit(first, lambda data: data + other.read_bytes())
    assert {frame.rgb.shape for frame in read_frames(first)} == {(48, 96, 3)}
    assert frame_near(first, 3.0).rgb.shape == (48, 96, 3)
    late = list(read_frames(first, options=FilmOptions(from_s=2.5)))
    assert {frame.rgb.shape for frame in late} == {(48, 96, 3)}


@pytest.mark.parametrize("held", SHOWN)
def test_only_what_is_shown_comes_out_at_working_size(tmp_path: Path, held: str) -> None:
    """The left half of the upright picture."""
    clip = clips.write_clip(tmp_path / "a.mp4", [clips.card(96, 96)] * 3)
    clips.turn(clip, clips.MATRICES[held])
    half = FilmOptions(shown=(0.0, 0.0, 0.5, 1.0))
    picture = next(read_frames(clip, options=half, side_px=48)).rgb
    assert picture.shape == (48, 24, 3)
    assert picture.flags.c_contiguous
    above, _, below, _ = SHOWN[held]
    assert corners(picture) == [above, above, below, below]
