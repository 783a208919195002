"""Watching a clip: which pictures the pose model gets, and what stands for those it does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from robustness.stitching import sample
from support import clips
from support.locations import SAMPLES

from hinge_dowel.analysis import refusal
from hinge_dowel.analysis.pipeline import follow_person, judge
from hinge_dowel.body.landmarks import HIPS
from hinge_dowel.errors import ClipError, ModelError
from hinge_dowel.pose import extraction, tracker
from hinge_dowel.pose.network import ANSWER_SIZE, SpineNetwork
from hinge_dowel.pose.tracker import PoseObservation
from hinge_dowel.video.options import FilmOptions
from hinge_dowel.video.reader import Frame, probe


class TestAhead:
    def test_items_are_made_elsewhere_in_order_and_not_far_ahead(self) -> None:
        made: list[int] = []
        threads = set()
        another = threading.Condition()

        def items() -> Iterator[int]:
            for number in range(50):
                threads.add(threading.current_thread())
                with another:
                    made.append(number)
                    another.notify()
                yield number

        with extraction.ahead(items(), 3) as coming:
            for number in coming:
                wanted = list(range(min(number + 4, 50)))
                with another:
                    assert another.wait_for(lambda: made == wanted, 30)  # noqa: B023
        assert made == list(range(50))
        assert threading.current_thread() not in threads

    def test_what_goes_wrong_there_is_heard_here(self) -> None:
        def items() -> Iterator[int]:
            yield 1
            raise ClipError("The film tore.")

        with extraction.ahead(items(), 3) as coming:
            assert next(coming) == 1
            with pytest.raises(ClipError, match="The film tore"):
                next(coming)

    def test_leaving_early_ends_the_thread(self) -> None:
        before = set(threading.enumerate())
        endless = iter(int, 1)
        with extraction.ahead(endless, 3) as coming:
            next(coming)
            assert not set(threading.enumerate()) <= before
        assert set(threading.enumerate()) <= before


class _Blind:
    """Stands in for the pose model: sees nobody, and notes when it looked."""

    looked: list[float]

    def __init__(self, model: Path) -> None:
        _Blind.looked = []

    def __enter__(self) -> _Blind:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def see(self, frame: Frame) -> PoseObservation:
        _Blind.looked.append(frame.time_s)
        return PoseObservation(frame.time_s, np.full((33, 4), np.nan), None)


class TestObserve:
    def test_every_picture_of_the_grid_has_a_row(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tracker, "PoseTracker", _Blind)
        clip = clips.write_clip(tmp_path / "a.mp4", clips.drifting(1, 320, 240) * 60, rate_hz=24)
        shares: list[float] = []
        record = follow_person(clip, model=tmp_path, progress=shares.append)
        assert record.time_s == pytest.approx([*np.arange(30) / 12, 59 / 24], abs=1e-3)
        assert record.landmarks.shape == (31, 33, 4)
        assert record.outlines is not None
        assert len(record.outlines) == 31
        assert record.size_px == (320, 240)
        assert len(_Blind.looked) < 10
        assert shares == sorted(shares)
        assert 0.9 < shares[-1] <= 1

    def test_every_picture_means_every_one(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tracker, "PoseTracker", _Blind)
        clip = clips.write_clip(tmp_path / "a.mp4", clips.scene(*[80] * 60), rate_hz=60)
        record = follow_person(clip, model=tmp_path, every_picture=True)
        assert _Blind.looked == record.time_s.tolist()
        assert len(record.time_s) == 60

    def test_a_broken_clip_is_told_and_leaves_nothing_running(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tracker, "PoseTracker", _Blind)
        clip = clips.write_clip(tmp_path / "a.mp4", clips.scene(80), rate_hz=15)
        before = set(threading.enumerate())
        with pytest.raises(ClipError, match="single picture"):
            follow_person(clip, model=tmp_path)
        assert set(threading.enumerate()) <= before


def answer(picture: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """What our own network is made to say: numbers of the picture and of who is in it."""
    return np.full(ANSWER_SIZE, picture.mean() + landmarks[0, 0])


class _Walker:
    """Stands in for the pose model: sees somebody who is wherever the time says."""

    fails_s = np.inf
    """From then on it fails."""
    looked: list[float]

    def __init__(self, model: Path) -> None:
        pass

    def __enter__(self) -> _Walker:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def restart(self) -> None:
        pass

    def see(self, frame: Frame) -> PoseObservation:
        if frame.time_s >= _Walker.fails_s:
            raise ModelError("The model broke.")
        _Walker.looked.append(frame.time_s)
        landmarks = np.zeros((33, 4))
        landmarks[..., 0] = frame.time_s
        landmarks[list(HIPS), 1] = 50 + 10 * np.sin(frame.time_s)
        return PoseObservation(frame.time_s, landmarks, None)


class TestInHalves:
    """One clip, two trackers: the same record, and the same errors."""

    @pytest.fixture(autouse=True)
    def walker(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tracker, "PoseTracker", _Walker)
        monkeypatch.setattr(_Walker, "fails_s", np.inf)
        monkeypatch.setattr(_Walker, "looked", [], raising=False)
        monkeypatch.setattr(SpineNetwork, "look", lambda _, picture, seen: answer(picture, seen))

    def clip(self, tmp_path: Path, *, cut_at: int = 0, name: str = "a.mp4") -> Path:
        pictures = clips.scene(*range(60, 160))
        if cut_at:
            pictures[cut_at:] = [255 - picture for picture in pictures[cut_at:]]
        return clips.write_clip(tmp_path / name, pictures, rate_hz=12)

    def both(self, clip: Path, **options: Any) -> list[extraction.Record]:
        return [
            extraction.extract_pose(clip, model=clip, halves=halves, **options)
            for halves in (False, True)
        ]

    def test_the_record_is_that_of_one_tracker(self, tmp_path: Path) -> None:
        one, two = self.both(self.clip(tmp_path))
        again = sum(later < before for before, later in pairwise(_Walker.looked))
        assert again >= 2  # two trackers looked, and then one
        for name in ("time_s", "landmarks", "outlines", "light", "network", "cuts_s"):
            np.testing.assert_allclose(getattr(two, name), getattr(one, name), atol=0.5)
        assert (two.time_s == one.time_s).all()
        assert (two.size_px, two.remarks) == (one.size_px, one.remarks)

    @pytest.mark.parametrize("cut_at", range(53, 60))
    def test_a_cut_near_the_middle_is_seen_once(self, tmp_path: Path, cut_at: int) -> None:
        one, two = self.both(self.clip(tmp_path, cut_at=cut_at))
        assert one.cuts_s is not None
        assert len(one.cuts_s) == 1
        assert two.cuts_s is not None
        assert two.cuts_s.tolist() == one.cuts_s.tolist()
        np.testing.assert_allclose(two.light, one.light, atol=1.0)

    def test_the_second_half_is_shorter_where_much_is_decoded_before_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clip = self.clip(tmp_path)
        info = replace(probe(clip), width_px=1000, height_px=1000)
        monkeypatch.setattr(extraction, "decoded_from_s", lambda path, time_s, _: time_s)
        short_s = extraction._middle_s(clip, info, FilmOptions())
        monkeypatch.setattr(extraction, "decoded_from_s", lambda *_: 0.0)
        long_s = extraction._middle_s(clip, info, FilmOptions())
        assert short_s is not None
        assert long_s is not None
        assert 3.9 < short_s < 4.2 < long_s < 5

    def test_what_is_done_meanwhile_is_done_once(self, tmp_path: Path) -> None:
        clip = self.clip(tmp_path)
        done: list[bool] = []
        for halves in (True, False):
            extraction.extract_pose(
                clip, model=clip, halves=halves, meanwhile=lambda halves=halves: done.append(halves)
            )
        assert done == [True]

    def test_only_a_part_of_the_film(self, tmp_path: Path) -> None:
        one, two = self.both(self.clip(tmp_path), options=FilmOptions(from_s=0.8, to_s=7.9))
        assert (two.time_s == one.time_s).all()
        assert one.time_s[0] >= 0.8

    def test_a_part_of_a_film_that_plays_faster_than_life(self, tmp_path: Path) -> None:
        """Its middle lies before where the part begins on the film's own clock."""
        part = FilmOptions(from_s=6.0, slow_motion=0.5)
        one, two = self.both(self.clip(tmp_path), options=part)
        assert two.size_px == one.size_px == (320, 240)
        assert (two.time_s == one.time_s).all()

    def test_a_short_clip_and_a_file_without_an_index_are_not_divided(self, tmp_path: Path) -> None:
        short = clips.write_clip(tmp_path / "b.mp4", clips.scene(*range(60, 90)), rate_hz=12)
        for clip in (short, self.clip(tmp_path, name="a.mkv")):
            _Walker.looked.clear()
            extraction.extract_pose(clip, model=clip, halves=True)
            assert _Walker.looked == sorted(_Walker.looked)

    @pytest.mark.parametrize("fails_s", [0.0, 2.0, 6.0])
    def test_what_goes_wrong_in_either_half_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_s: float
    ) -> None:
        monkeypatch.setattr(_Walker, "fails_s", fails_s)
        clip = self.clip(tmp_path)
        before = set(threading.enumerate())
        with pytest.raises(ModelError, match="broke"):
            extraction.extract_pose(clip, model=clip, halves=True)
        assert set(threading.enumerate()) <= before

    def test_an_interrupt_in_one_half_ends_both(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(_: float) -> None:
            raise KeyboardInterrupt

        clip = self.clip(tmp_path)
        before = set(threading.enumerate())
        with pytest.raises(KeyboardInterrupt):
            extraction.extract_pose(clip, model=clip, halves=True, progress=interrupt)
        assert set(threading.enumerate()) <= before

    def test_where_the_file_holds_less_than_it_says_one_tracker_looks(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clip = self.clip(tmp_path)
        whole = extraction.extract_pose(clip, model=clip)
        longer = replace(probe(clip), duration_s=60.0)
        monkeypatch.setattr(extraction, "probe", lambda *_: longer)
        found = extraction.extract_pose(clip, model=clip, halves=True)
        assert (found.time_s == whole.time_s).all()
        assert (found.landmarks == whole.landmarks).all()
        assert whole.remarks == ()
        assert found.remarks[0].startswith("The file shows nothing after 8.2 of its 60.0 s")

    @pytest.mark.parametrize("to_s", [None, 4.0])
    def test_a_file_that_breaks_off_is_said_to_unless_its_end_is_not_looked_at(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to_s: float | None
    ) -> None:
        clip = self.clip(tmp_path)
        half = replace(probe(clip), duration_s=None, indexed=False, breaks_off=True)
        monkeypatch.setattr(extraction, "probe", lambda *_: half)
        said = extraction.extract_pose(clip, model=clip, options=FilmOptions(to_s=to_s)).remarks
        assert [one.startswith("The file breaks off after 8.2 s") for one in said] == [True][
            : to_s is None
        ]

    def test_progress_rises_to_its_end(self, tmp_path: Path) -> None:
        clip = self.clip(tmp_path)
        shares: list[float] = []
        extraction.extract_pose(clip, model=clip, halves=True, progress=shares.append)
        assert shares == sorted(shares)
        assert 0.9 < shares[-1] <= 1


@pytest.mark.slow
def test_the_verdict_is_that_of_every_picture(pose_model: Path) -> None:
    clip = SAMPLES / "mixed_right.mp4"
    few, all_ = (
        follow_person(clip, model=pose_model, every_picture=every) for every in (False, True)
    )
    assert len(all_.time_s) == 448
    fast, full = (judge(record, clip=clip.name) for record in (few, all_))
    assert [rep.faults for rep in fast.reps] == [rep.faults for rep in full.reps]
    for rep, other in zip(fast.reps, full.reps, strict=True):
        assert rep.bottom_s == pytest.approx(other.bottom_s, abs=0.1)
        assert rep.spinal_flexion_deg == pytest.approx(other.spinal_flexion_deg, abs=4)
        assert rep.cervical_flexion_deg == pytest.approx(other.cervical_flexion_deg, abs=4)
        assert rep.knee_flexion_deg == pytest.approx(other.knee_flexion_deg, abs=4)


@pytest.mark.slow
@pytest.mark.parametrize("halves", [False, True])
def test_a_film_of_three_pictures_a_second_is_refused(
    tmp_path: Path, pose_model: Path, halves: bool
) -> None:
    """Also where a film of 15 shows each of them five times."""
    whole = sample("clean_right")
    held = whole.each(lambda k, _: whole.pictures[k // 5 * 5]).write(tmp_path / "held.mp4")
    record = follow_person(held, model=pose_model, halves=halves)
    assert refusal.shown_hz(record) == pytest.approx(3, abs=0.4)
    assert judge(record, clip="held.mp4").refusal == "slow"
