"""Which pictures the pose model gets: what has moved, and how fast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from support import clips

from hinge_dowel.video.frame_sampling import (
    LATELY_S,
    SLOW_TRUNKS_S,
    MovementSpeed,
    SampledFrame,
    apart_from_held,
    changed,
    on_grid,
    sampled_frames,
    thinned_while_slow,
)
from hinge_dowel.video.reader import Frame, Picture, read_frames, read_pictures


def looked_at(path: Path) -> tuple[list[float], list[float]]:
    """The times of all pictures, and of those that show something new."""
    found = list(sampled_frames(read_pictures(path)))
    return [m.time_s for m in found], [m.time_s for m in found if m.frame is not None]


class TestOnGrid:
    @given(
        st.lists(st.floats(1e-3, 0.5), min_size=1, max_size=60),
        st.floats(1, 60),
    )
    def test_every_grid_point_gets_its_nearest(self, steps: list[float], rate_hz: float) -> None:
        at = np.cumsum([0.0, *steps])
        taken = [picture.time_s for picture in on_grid(clips.only_times(at), rate_hz)]
        assert taken[0] == 0
        assert taken[-1] == at[-1]
        assert taken == sorted(set(taken))
        assert len(taken) <= at[-1] * rate_hz + 2.5
        for point in np.arange(0, at[-1], 1 / rate_hz):
            nearest = np.abs(at - point).min()
            assert np.abs(np.array(taken) - point).min() == pytest.approx(nearest, abs=1e-9)


class TestSampledFrames:
    def test_stillness_is_looked_at_three_times_a_second(self, tmp_path: Path) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", clips.scene(*[80] * 60), rate_hz=12)
        every, some = looked_at(clip)
        assert len(every) == 60
        assert (some[0], some[-1]) == (0, every[-1])
        assert np.diff(some[:-1]) == pytest.approx(np.full(len(some) - 2, 1 / 3), abs=0.01)

    def test_movement_is_looked_at_all_the_time(self, tmp_path: Path) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", clips.scene(*range(20, 200, 6)), rate_hz=12)
        every, some = looked_at(clip)
        assert some == every

    def test_slow_movement_is_not_taken_for_stillness(self, tmp_path: Path) -> None:
        """Each picture is held against the last that was looked at, not against the one before."""
        # A step changes the places at the square's sides by a quarter of the 20 levels between.
        film = clips.scene(*range(20, 140), level=110)
        clip = clips.write_clip(tmp_path / "a.mp4", film, rate_hz=12, codec_options={"crf": "5"})
        every, some = looked_at(clip)
        assert len(every) / 3.5 < len(some) < len(every) / 1.5
        assert max(np.diff(some)) < 3.5 / 12

    def test_the_first_picture_of_a_movement_is_looked_at(self, tmp_path: Path) -> None:
        clip = clips.write_clip(
            tmp_path / "a.mp4", clips.scene(*[80] * 20, *range(86, 146, 6)), rate_hz=12
        )
        _, some = looked_at(clip)
        assert {round(at * 12) for at in some} >= set(range(20, 30))

    def test_noise_is_no_movement(self, tmp_path: Path) -> None:
        noise = np.random.default_rng(1)
        film = (
            (picture + noise.normal(0, 6, picture.shape)).clip(0, 255).astype(np.uint8)
            for picture in clips.scene(*[80] * 30)
        )
        clip = clips.write_clip(tmp_path / "a.mp4", film, rate_hz=12)
        every, some = looked_at(clip)
        assert len(some) < len(every) / 3

    def test_a_turned_clip_is_looked_at_upright(self, tmp_path: Path) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", [clips.card(160, 120)] * 10, rate_hz=12)
        clips.turn(clip, clips.MATRICES["clockwise"])
        found = sampled_frames(read_pictures(clip))
        assert {m.frame.rgb.shape for m in found if m.frame is not None} == {(160, 120, 3)}

    def test_pictures_that_are_looked_at_are_those_of_read_frames(self, tmp_path: Path) -> None:
        clip = clips.write_clip(tmp_path / "a.mp4", clips.scene(*range(20, 200, 9)), rate_hz=12)
        for moment, plain in zip(
            sampled_frames(read_pictures(clip)), read_frames(clip), strict=True
        ):
            assert moment.frame is not None
            assert moment.time_s == moment.frame.time_s == plain.time_s
            assert np.array_equal(moment.frame.rgb, plain.rgb)

    def test_another_size_midway_is_movement(self) -> None:
        small, large = (np.full(shape, 90, np.uint8) for shape in ((60, 80), (80, 60)))
        assert changed(small, large, 8) == 1
        assert changed(small, small, 8) == 0

    def test_darker_is_movement_as_much_as_brighter(self) -> None:
        """Unsigned levels must not wrap round."""
        bright, dark = np.full((60, 80), 250, np.uint8), np.full((60, 80), 5, np.uint8)
        assert changed(bright, dark, 8) == 1
        assert changed(dark, bright, 8) == 1

    def test_the_first_and_the_last_picture_and_a_cut_are_due(self, tmp_path: Path) -> None:
        film = [
            *clips.scene(*range(20, 80, 6)),
            *(255 - picture for picture in clips.scene(*range(80, 140, 6))),
        ]
        clip = clips.write_clip(tmp_path / "a.mp4", film, rate_hz=12)
        found = list(sampled_frames(read_pictures(clip)))
        assert [k for k, moment in enumerate(found) if moment.cut] == [10]
        assert {0, 10, 19} <= {k for k, moment in enumerate(found) if moment.due}
        assert not all(moment.due for moment in found)

    @pytest.mark.parametrize(
        ("changes", "cut"),
        [
            ([0.03, 0.02, 0.03, 0.02, 0.3, 0.03, 0.02, 0.03], True),
            ([0.06, 0.14, 0.06, 0.08, 0.3, 0.06, 0.05, 0.05], False),  # a hand that shakes before
            ([0.03, 0.02, 0.03, 0.02, 0.3, 0.06, 0.05, 0.16], False),  # ... and after
            (
                [0.06, 0.2, 0.12, 0.1, 0.5, 0.3, 0.2, 0.3],
                True,
            ),  # a fade: nothing else changes as much
            ([0.03, 0.02, 0.03, 0.02, 0.3], True),  # the last picture
            ([0.03, 0.02, 0.03, 0.12, 0.3, 0.03, 0.02, 0.03], False),
            ([0.03, 0.02, 0.03, 0.02, 0.15, 0.03, 0.02, 0.03], False),
        ],
    )
    def test_a_cut_stands_out_from_the_changes_beside_it(
        self, changes: list[float], cut: bool
    ) -> None:
        """Each picture has so many of its places inverted, against the one before."""
        found = list(sampled_frames(flickering([0.0, *changes])))
        assert [moment.cut for moment in found] == [k == 5 and cut for k in range(len(found))]


def flickering(shares: list[float]) -> Iterator[Picture]:
    """Pictures of 100 x 60 places, of which such shares turn from dark to bright or back."""
    bright = np.zeros(6000, dtype=bool)
    for k, share in enumerate(shares):
        bright[: round(share * len(bright))] ^= True
        grey = np.where(bright, 200, 50).astype(np.uint8).reshape(60, 100)
        yield cast("Picture", Flicker(k / 12, grey))


@dataclass(frozen=True)
class Flicker:
    """As much of a `Picture` as is asked of it."""

    time_s: float
    grey: NDArray[np.uint8]

    def thumbnail(self) -> NDArray[np.uint8]:
        return self.grey

    def frame(self) -> Frame:
        return Frame(self.time_s, np.repeat(self.grey[..., None], 3, axis=2))


TRUNK_PX = 100.0
PICTURE = np.zeros((8, 8, 3), np.uint8)


def person(at_px: float) -> np.ndarray:
    """Landmarks of somebody upright, so far from the left."""
    landmarks = np.zeros((33, 4))
    landmarks[:, 0] = at_px
    landmarks[:, 1] = 300 - TRUNK_PX / 2
    landmarks[[11, 12], 1] = 300 - TRUNK_PX
    landmarks[[23, 24], 1] = 300
    return landmarks


def looks(
    trunks: Callable[[float], float | None],
    *,
    seconds: float = 4.0,
    rate_hz: float = 12.0,
    still: Callable[[float], bool] = lambda at: False,
    due: Callable[[float], bool] = lambda at: False,
) -> tuple[list[float], list[float]]:
    """The times of all moments, and of the looks at somebody who is so many trunks along."""
    movement = MovementSpeed()

    def coming():
        for k in range(round(seconds * rate_hz)):
            at = k / rate_hz
            frame = None if still(at) else Frame(at, PICTURE)
            yield SampledFrame(at, frame, due=due(at))

    every, some = [], []
    for moment in thinned_while_slow(coming(), movement):
        every.append(moment.time_s)
        if moment.frame is not None:
            some.append(moment.time_s)
            along = trunks(moment.time_s)
            seen = np.full((33, 4), np.nan) if along is None else person(along * TRUNK_PX)
            movement.saw(moment.time_s, seen)
    return every, some


class TestSpared:
    def test_slow_movement_is_looked_at_every_other_time(self) -> None:
        every, some = looks(lambda at: 0.9 * SLOW_TRUNKS_S * at)
        assert every == [k / 12 for k in range(48)]
        assert np.diff([at for at in some if at > 2 * LATELY_S]) == pytest.approx(2 / 12)

    def test_fast_movement_is_looked_at_all_the_time(self) -> None:
        every, some = looks(lambda at: 1.1 * SLOW_TRUNKS_S * at)
        assert some == every

    def test_what_was_fast_of_late_is_not_slow_at_its_turning_point(self) -> None:
        """The bottom of a fast repetition is where it counts."""
        every, some = looks(lambda at: np.sin(2 * np.pi * at / 1.6), seconds=6)
        assert some == every

    def test_no_look_is_spared_where_a_fast_repetition_begins(self) -> None:
        """How fast it is must be known before a look is spared."""
        starts = 2.0
        every, some = looks(
            lambda at: 4 * max(0.0, at - starts),
            still=lambda at: at < starts and round(at * 12) % 4 != 0,
        )
        assert [at for at in some if at >= starts] == [at for at in every if at >= starts]

    def test_what_is_due_is_looked_at(self) -> None:
        _, slow = looks(lambda at: 0.1 * at)
        _, some = looks(lambda at: 0.1 * at, due=lambda at: 1 < at < 2)
        assert [at for at in some if 1 < at < 2] == [k / 12 for k in range(13, 24)]
        assert len([at for at in slow if 1 < at < 2]) < 7

    def test_where_it_comes_to_rest_is_seen(self) -> None:
        """Else the line between two looks would go on where nothing moves."""
        for last in (24, 25):
            _, some = looks(lambda at: 0.5 * at, still=lambda at, last=last: at > last / 12)
            assert some[-1] == last / 12

    def test_nobody_is_looked_for_all_the_time(self) -> None:
        every, some = looks(lambda at: None)
        assert some == every
        every, some = looks(lambda at: None if at < 1 else 0.1 * at)
        first = 1 + LATELY_S
        assert [at for at in some if at <= first] == [at for at in every if at <= first]
        assert len(some) < len(every)

    def test_a_film_of_few_pictures_has_none_to_spare(self) -> None:
        every, some = looks(lambda at: 0.1 * at, rate_hz=10)
        assert some == every


class TestApartFromHeld:
    TIMES = np.arange(120) / 12

    def kept(self, change: np.ndarray) -> np.ndarray:
        return apart_from_held(self.TIMES, change)

    @pytest.mark.parametrize("every", [3, 4, 6])
    def test_pictures_shown_again_are_left_out(self, every: int) -> None:
        new = np.arange(120) % every == 0
        kept = self.kept(np.where(new, 0.1, 0.0))
        assert kept.tolist() == [*self.TIMES[new], self.TIMES[-1]]

    def test_a_pause_has_as_many_as_movement(self) -> None:
        """Or it would look as if nobody had filmed."""
        new = (np.arange(120) % 4 == 0) & ((self.TIMES < 3) | (self.TIMES > 7))
        kept = self.kept(np.where(new, 0.1, 0.0))
        assert set(self.TIMES[new]) <= set(kept)
        assert np.diff(kept).max() < 0.6

    @pytest.mark.parametrize(
        ("new", "else_"),
        [
            (lambda k: k % 60 > 20, 0.0),  # somebody moves, and rests
            (lambda k: k == 60, 0.0),  # a cut
            (lambda k: k % 4 == 0, 0.001),  # somebody small moves slowly
            (lambda k: (k % 4 == 0) | (k > 60), 0.0),  # the rest of it plays
        ],
    )
    def test_all_of_another_film_are_kept(
        self, new: Callable[[np.ndarray], np.ndarray], else_: float
    ) -> None:
        change = np.where(new(np.arange(120)), 0.1, else_)
        assert self.kept(change).tolist() == self.TIMES.tolist()
