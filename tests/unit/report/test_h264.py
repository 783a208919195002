"""Pictures encoded as H.264."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from hinge_dowel.report.h264 import UNIT_S, Encoder, even


@pytest.mark.parametrize(
    ("given", "cut"), [((48, 64), (48, 64)), ((49, 65), (48, 64)), ((1, 5), (1, 4))]
)
def test_sides_are_made_even(given, cut):
    assert even(np.zeros((*given, 3), np.uint8)).shape == (*cut, 3)


def written(path: Path, times_s: list[float]) -> Path:
    with av.open(str(path), "w", format="mp4") as film:
        encoder = Encoder(film, quality_crf=21, preset="ultrafast", key_frames=2)
        for time_s in times_s:
            encoder.put(np.full((48, 64, 3), (214, 40, 40), np.uint8), round(time_s / UNIT_S))
        encoder.finish()
    return path


def test_pictures_keep_their_times_and_colours(tmp_path: Path) -> None:
    times_s = [0.0, 0.1, 0.35, 0.4, 1.0]
    with av.open(str(written(tmp_path / "film.mp4", times_s))) as film:
        frames = list(film.decode(video=0))
    assert [frame.time for frame in frames] == pytest.approx(times_s, abs=1e-4)
    assert [frame.key_frame for frame in frames] == [True, False, True, False, True]
    red = frames[2].to_ndarray(format="rgb24").reshape(-1, 3).mean(axis=0)
    assert red == pytest.approx((214, 40, 40), abs=6)


def test_the_last_picture_stays_as_long_as_the_one_before(tmp_path: Path) -> None:
    with av.open(str(written(tmp_path / "film.mp4", [0.0, 0.5, 0.75]))) as film:
        stream = film.streams.video[0]
        assert stream.duration * stream.time_base == 1


def test_nothing_put_is_nothing_to_finish(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "film.mp4"), "w", format="mp4") as film:
        Encoder(film, quality_crf=21, preset="ultrafast", key_frames=2).finish()
