"""The person is followed, or on a busy machine looked for in each picture by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person

from hinge_dowel.live.adaptive_tracker import AdaptiveTracker
from hinge_dowel.live.estimator import LiveEstimator
from hinge_dowel.pose.tracker import PoseObservation, no_person
from hinge_dowel.verdict import NOT_JUDGED
from hinge_dowel.video.reader import Frame

BLACK = np.zeros((4, 4, 3), dtype=np.uint8)


class PoseTracker:
    def __init__(self) -> None:
        self.begun = 1

    def see(self, frame: Frame) -> PoseObservation:
        return no_person(frame.time_s)

    def restart(self) -> None:
        self.begun += 1


class SinglePictureTracker:
    opened = 0

    def __init__(self) -> None:
        type(self).opened += 1

    def see(self, frame: Frame) -> PoseObservation:
        return replace(no_person(frame.time_s), alone=True)


def test_the_way_to_look_follows_the_pace() -> None:
    SinglePictureTracker.opened = 0
    tracker, now_s = PoseTracker(), 0.0
    alone: list[list[bool]] = []
    adaptive = AdaptiveTracker(tracker, SinglePictureTracker)
    for rate_hz, seconds in ((15, 4), (4, 6), (10, 6), (15, 6)):
        alone.append([])
        for _ in range(rate_hz * seconds):
            now_s += 1 / rate_hz
            alone[-1].append(adaptive.see(Frame(now_s, BLACK)).alone)
    fast, slow, between, again = alone
    assert not any(fast)
    assert slow[-1]
    assert all(between)  # what costs more leaves fewer pictures: no going to and fro
    assert not again[-1]
    assert (tracker.begun, SinglePictureTracker.opened) == (2, 1)


def test_a_slow_machine_is_known_before_the_first_repetition() -> None:
    adaptive = AdaptiveTracker(PoseTracker(), SinglePictureTracker)
    seen = [adaptive.see(Frame(k / 4, BLACK)) for k in range(8)]
    assert next(observation.time_s for observation in seen if observation.alone) <= 1.0


@pytest.mark.slow
@pytest.mark.parametrize(("alone", "told"), [(True, 4), (False, 0)])
def test_few_pictures_are_enough_when_each_is_looked_at_by_itself(alone: bool, told: int) -> None:
    """Every fourth picture of a clip at 15 a second."""
    live = LiveEstimator()
    with recorded_person.outlines_known():
        record = recorded_person.record()
        shown = [
            live.see(replace(observation, alone=alone), record.size_px or (0, 0))
            for k, observation in enumerate(recorded_person.observations(record))
            if k % 4 == 0
        ]
        live.finish()
    assert len(live.reps.reported) == 4
    assert sum(NOT_JUDGED not in rep.notes for rep in live.reps.reported) == told
    assert any(moment.sacrum == "off" for moment in shown) is alone
    assert shown[-1].slow is not alone


@pytest.mark.slow
def test_a_repetition_partly_followed_through_few_pictures_is_not_judged() -> None:
    live = LiveEstimator()
    with recorded_person.outlines_known():
        record = recorded_person.record()
        for k, observation in enumerate(recorded_person.observations(record)):
            if k % 4 == 0:
                late = observation.time_s > record.time_s[-1] / 2
                live.see(replace(observation, alone=bool(late)), record.size_px or (0, 0))
        live.finish()
    judged = [NOT_JUDGED not in rep.notes for rep in live.reps.reported]
    assert judged == [False, False, True, True]
