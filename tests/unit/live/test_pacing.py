"""How pictures are read, how often is drawn, and what is told of the time that pictures took."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person
from support.screens import altered, moment

from hinge_dowel.live.estimator import LiveEstimator
from hinge_dowel.live.pacing import BUSY_DRAW_S, AdaptiveTracker, DrawingRate, LatencyStats
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


CALM = moment("moving", head="on", upper_back="on", sacrum="on")


def test_with_time_enough_every_picture_is_drawn() -> None:
    rate = DrawingRate()
    assert all(rate.due(CALM, at / 15, busy=False) for at in range(30))


def test_a_busy_machine_draws_seldom_but_a_light_at_once() -> None:
    rate = DrawingRate()
    drawn = [at for at in range(30) if rate.due(CALM, at / 15, busy=True)]
    assert 2.0 / BUSY_DRAW_S - 1 < len(drawn) < 2.0 / BUSY_DRAW_S + 1
    off = altered(CALM, sacrum="off")
    assert rate.due(off, drawn[-1] / 15 + 0.01, busy=True)
    assert not rate.due(off, drawn[-1] / 15 + 0.02, busy=True)
    assert rate.due(replace(off, cue="chest long"), drawn[-1] / 15 + 0.03, busy=True)


def test_what_pictures_took_is_one_sentence() -> None:
    stats = LatencyStats()
    assert stats.sentence() == "No picture was looked at."
    for took_ms in range(1, 101):
        stats.add(float(took_ms))
    stats.seconds, stats.dropped = 10.0, 5
    assert "median 50 ms" in stats.sentence()
    assert "(10.0 a second, 5 left out)" in stats.sentence()
