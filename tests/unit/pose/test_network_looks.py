"""When our own network is asked, in a thread beside, and what its answers become."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from hinge_dowel.body.landmarks import HIPS
from hinge_dowel.pose import network_looks
from hinge_dowel.pose.network import ANSWER_SIZE, CropPlan
from hinge_dowel.pose.network_looks import (
    FIRST_LOOKS,
    NETWORK_EVERY_S,
    FirstSizes,
    NetworkLooks,
)


class _Counting:
    """Stands in for our own network: says how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def forget_trunk(self) -> None:
        self.asked += 100

    def look(self, picture: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
        self.asked += 1
        return np.full(ANSWER_SIZE, float(self.asked))


def upright(trunk_px: float) -> np.ndarray:
    """Landmarks of somebody whose trunk is so long."""
    landmarks = np.zeros((33, 4))
    landmarks[list(HIPS), 1] = trunk_px
    return landmarks


class TestNetworkLooks:
    PICTURE = np.zeros((8, 8, 3), np.uint8)
    LANDMARKS = np.zeros((33, 4))

    def looked(self, times: list[float], monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
        monkeypatch.setattr(network_looks, "SpineNetwork", _Counting)
        with NetworkLooks() as looks:
            for time_s in times:
                looks.look(time_s, self.PICTURE, self.LANDMARKS)
            looks.finish()
        return looks.answers.drain(np.array(times))[:, 0]

    def test_it_is_asked_now_and_then_and_lies_between(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        step = NETWORK_EVERY_S / 2
        found = self.looked([k * step for k in range(9)], monkeypatch)
        assert found.tolist() == [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]

    def test_a_cut_is_looked_at_anew_and_nothing_is_carried_past_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(network_looks, "SpineNetwork", _Counting)
        with NetworkLooks() as looks:
            looks.look(0.0, self.PICTURE, self.LANDMARKS)
            looks.start_again()
            looks.answers.hold(0.05)
            looks.look(0.06, self.PICTURE, self.LANDMARKS)
            looks.finish()
        found = looks.answers.drain(np.array([0.0, 0.05, 0.06]))[:, 0]
        assert found.tolist() == [1, 1, 102]

    def test_a_clip_without_a_look_has_no_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(network_looks, "SpineNetwork", _Counting)
        with NetworkLooks() as looks:
            looks.finish()
        assert looks.answers.empty

    def test_what_goes_wrong_there_is_told_here(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> np.ndarray:
            raise ValueError("broken")

        monkeypatch.setattr(network_looks, "SpineNetwork", _Counting)
        monkeypatch.setattr(_Counting, "look", fail)
        before = set(threading.enumerate())
        with NetworkLooks() as looks:
            looks.look(0.0, self.PICTURE, self.LANDMARKS)
            with pytest.raises(ValueError, match="broken"):
                looks.finish()
        assert set(threading.enumerate()) <= before

    def test_who_goes_on_in_the_middle_knows_how_large_the_person_is(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sizes = FirstSizes()
        known: list[list[float]] = []

        class Sized(_Counting):
            def __init__(self) -> None:
                super().__init__()
                self.plan = CropPlan()

            def look(self, picture: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
                known.append(list(self.plan.trunks_px))
                return super().look(picture, landmarks)

        monkeypatch.setattr(network_looks, "SpineNetwork", Sized)
        with NetworkLooks(sizes, begins=False) as later:
            later.look(9.0, self.PICTURE, self.LANDMARKS)
            assert not known  # it waits for those who begin
            with NetworkLooks(sizes) as first:
                for k in range(FIRST_LOOKS + 3):
                    first.look(k * NETWORK_EVERY_S, self.PICTURE, upright(100.0 + k))
                first.finish()
            later.finish()
        assert [100.0 + k for k in range(FIRST_LOOKS)] in known

    def test_of_a_short_beginning_what_there_is_is_known(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sizes = FirstSizes()
        monkeypatch.setattr(network_looks, "SpineNetwork", _Counting)
        with NetworkLooks(sizes) as first:
            first.look(0.0, self.PICTURE, upright(80.0))
            first.look(1.0, self.PICTURE, np.full((33, 4), np.nan))
        assert sizes.wait() == [80.0]
