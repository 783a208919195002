"""Watching a clip: which pictures the pose model gets, and what stands for those it does not."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import clips
from support.locations import SAMPLES

from hinge_dowel.analysis.pipeline import follow_person, judge
from hinge_dowel.errors import ClipError
from hinge_dowel.pose import extraction, tracker
from hinge_dowel.pose.network import ANSWER_SIZE
from hinge_dowel.pose.tracker import PoseObservation
from hinge_dowel.video.reader import Frame


class TestSparse:
    @given(
        st.lists(st.floats(-1000, 1000, width=32), min_size=2, max_size=20),
        st.integers(1, 4),
    )
    def test_rows_stay_and_what_is_between_lies_between(
        self, values: list[float], gap: int
    ) -> None:
        rows = extraction.Sparse()
        for place, value in enumerate(values):
            rows.append(float(place * gap), np.array([[value, -value]]))
        found = rows.drain(np.arange((len(values) - 1) * gap + 1.0))
        assert found.shape == ((len(values) - 1) * gap + 1, 1, 2)
        assert found[::gap, 0, 0].tolist() == values
        assert (found[:, 0, 0] == -found[:, 0, 1]).all()
        for at in range(len(found)):
            low, high = sorted((values[at // gap], values[-(-at // gap)]))
            assert low - 1e-3 <= found[at, 0, 0] <= high + 1e-3

    def test_beside_nobody_there_is_nobody_and_no_further(self) -> None:
        rows = extraction.Sparse()
        for at, value in enumerate((1.0, np.nan, 3.0, 4.0)):
            rows.append(float(at), np.array([value]))
        found = rows.drain(np.array([0, 0.5, 1, 1.5, 2, 2.5, 3]))[:, 0]
        assert np.isnan(found).tolist() == [False, True, True, True, False, False, False]
        assert found[[0, 4, 5, 6]].tolist() == [1, 3, 3.5, 4]


class _Counting:
    """Stands in for our own network: says how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def look(self, picture: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
        self.asked += 1
        return np.full(ANSWER_SIZE, float(self.asked))


class TestNetworkLooks:
    PICTURE = np.zeros((8, 8, 3), np.uint8)
    LANDMARKS = np.zeros((33, 4))

    def looked(self, times: list[float], monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
        monkeypatch.setattr(extraction, "SpineNetwork", _Counting)
        with extraction.NetworkLooks() as looks:
            for time_s in times:
                looks.look(time_s, self.PICTURE, self.LANDMARKS)
            return looks.drain(np.array(times))[:, 0]

    def test_it_is_asked_now_and_then_and_lies_between(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        step = extraction.NETWORK_EVERY_S / 2
        found = self.looked([k * step for k in range(9)], monkeypatch)
        assert found.tolist() == [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]

    def test_a_cut_is_looked_at_anew_and_nothing_is_carried_past_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(extraction, "SpineNetwork", _Counting)
        with extraction.NetworkLooks() as looks:
            looks.look(0.0, self.PICTURE, self.LANDMARKS)
            looks.hold(0.05)
            looks.look(0.06, self.PICTURE, self.LANDMARKS)
            found = looks.drain(np.array([0.0, 0.05, 0.06]))[:, 0]
        assert found.tolist() == [1, 1, 2]

    def test_a_clip_without_a_look_has_no_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(extraction, "SpineNetwork", _Counting)
        with extraction.NetworkLooks() as looks:
            assert np.isnan(looks.drain(np.array([0.0, 1.0]))).all()

    def test_what_goes_wrong_there_is_told_here(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> np.ndarray:
            raise ValueError("broken")

        monkeypatch.setattr(extraction, "SpineNetwork", _Counting)
        monkeypatch.setattr(_Counting, "look", fail)
        before = threading.active_count()
        with extraction.NetworkLooks() as looks:
            looks.look(0.0, self.PICTURE, self.LANDMARKS)
            with pytest.raises(ValueError, match="broken"):
                looks.drain(np.zeros(1))
        assert threading.active_count() == before


class TestAhead:
    def test_items_are_made_elsewhere_in_order_and_not_far_ahead(self) -> None:
        made: list[int] = []
        threads = set()

        def items() -> Iterator[int]:
            for number in range(50):
                threads.add(threading.current_thread())
                made.append(number)
                yield number

        with extraction.ahead(items(), 3) as coming:
            for number in coming:
                time.sleep(0.001)
                assert number in made
                assert len(made) <= number + 5
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
        before = threading.active_count()
        endless = iter(int, 1)
        with extraction.ahead(endless, 3) as coming:
            next(coming)
        assert threading.active_count() == before


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
        clip = clips.write_clip(tmp_path / "a.mp4", clips.scene(*[80] * 60), rate_hz=24)
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
        before = threading.active_count()
        with pytest.raises(ClipError, match="single picture"):
            follow_person(clip, model=tmp_path)
        assert threading.active_count() == before


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
