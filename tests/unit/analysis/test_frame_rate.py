"""Too few pictures, and too little light: said, and never judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person
from support.records import only

from hinge_dowel.analysis import frame_rate
from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.live.estimator import LiveEstimator
from hinge_dowel.live.pacing import FrameRate
from hinge_dowel.live.session_judging import TOO_SLOW
from hinge_dowel.pose.extraction import Record
from hinge_dowel.report.sentences import advice, sentence
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import NOT_JUDGED, Rep

CLEAN, ROUNDED, NECK = (), ("spinal_flexion",), ("cervical_flexion",)
ALL = [CLEAN, ROUNDED, CLEAN, NECK]


def without(record: Record, first_s: float, last_s: float) -> Record:
    return only(record, (record.time_s < first_s) | (record.time_s > last_s))


def live_reps(record: Record) -> tuple[list[Rep], list, LiveEstimator]:
    live = LiveEstimator()
    with recorded_person.outlines_known():
        moments = [
            live.see(observation, record.size_px)
            for observation in recorded_person.observations(record)
        ]
        reps = [rep for moment in moments for rep in moment.finished]
        return reps + list(live.finish()), moments, live


@pytest.fixture(scope="module")
def whole() -> Record:
    return recorded_person.record()


@pytest.mark.parametrize(
    ("rate_hz", "hole_s", "enough"),
    [(15, 0, True), (6, 0, True), (5, 0, False), (3, 0, False), (15, 0.4, True), (15, 0.7, False)],
)
def test_how_many_pictures_are_enough(rate_hz: float, hole_s: float, enough: bool) -> None:
    time_s = np.arange(0, 6, 1 / rate_hz)
    time_s = time_s[(time_s < 2) | (time_s > 2 + hole_s - 1 / rate_hz)]
    assert frame_rate.too_few(time_s, 1.0, 4.0, DEFAULT) is not enough


def test_a_hole_at_the_edge_counts_as_far_as_it_reaches_into_the_repetition() -> None:
    time_s = np.concatenate([np.arange(0, 1, 0.06), np.arange(2, 6, 0.06)])
    assert frame_rate.too_few(time_s, 1.3, 4.0, DEFAULT)
    assert not frame_rate.too_few(time_s, 1.7, 4.0, DEFAULT)


@pytest.mark.parametrize("step", [1, 2])
def test_half_the_pictures_are_enough(whole: Record, step: int) -> None:
    verdict = judge(only(whole, np.arange(len(whole.time_s)) % step == 0), clip="a")
    assert [rep.faults for rep in verdict.reps] == ALL
    assert all(rep.judged for rep in verdict.reps)


def test_a_clip_of_too_few_pictures_a_second_is_refused(whole: Record) -> None:
    verdict = judge(only(whole, np.arange(len(whole.time_s)) % 5 == 0), clip="a")
    assert (verdict.status, verdict.reps, verdict.faults) == ("unusable", (), ())
    assert verdict.reason is not None
    assert "only about 3 a second" in verdict.reason
    assert "film with 15 or more" in verdict.reason


def test_of_a_repetition_with_a_hole_nothing_is_said(whole: Record) -> None:
    bottom_s = judge(whole, clip="a").reps[1].bottom_s
    assert bottom_s is not None
    verdict = judge(without(whole, bottom_s - 0.35, bottom_s + 0.35), clip="a")
    assert [rep.faults for rep in verdict.reps] == [CLEAN, CLEAN, CLEAN, NECK]
    assert [rep.judged for rep in verdict.reps] == [True, False, True, True]
    rep = verdict.reps[1]
    assert NOT_JUDGED in rep.notes
    assert not rep.clean
    assert rep.spinal_flexion_deg is rep.stray_cm.sacrum is rep.hip_travel_cm is None
    assert "not judged" in str(rep)
    assert verdict.faults == NECK
    assert sentence(verdict) == ("Chin to chest in 1 of 3 reps. Too few pictures show 1 other rep.")
    assert any("15 pictures a second" in item.text for item in advice(verdict))


def test_landmarks_of_others_are_taken_as_they_are(whole: Record) -> None:
    few = replace(only(whole, np.arange(len(whole.time_s)) % 3 == 0), outlines=None)
    verdict = judge(few, clip="a")
    assert len(verdict.reps) == 4
    assert all(rep.judged for rep in verdict.reps)


@pytest.mark.slow
def test_a_session_of_too_few_pictures_counts_says_so_and_judges_nothing(whole: Record) -> None:
    reps, moments, live = live_reps(only(whole, np.arange(len(whole.time_s)) % 4 == 0))
    assert len(reps) == 4
    assert not any(rep.judged or rep.faults for rep in reps)
    late = moments[15:]
    assert all(moment.slow for moment in late)
    assert {moment.sacrum for moment in late} == {"unseen"}
    assert not any(moment.fault for moment in late)
    verdict = live.verdict("session")
    assert (verdict.status, verdict.reason, verdict.faults) == ("unusable", TOO_SLOW, ())


@pytest.mark.slow
def test_a_hole_in_a_session_costs_that_repetition_alone(whole: Record) -> None:
    bottom_s = judge(whole, clip="a").reps[1].bottom_s
    assert bottom_s is not None
    reps, moments, live = live_reps(without(whole, bottom_s - 0.35, bottom_s + 0.35))
    assert [rep.judged for rep in reps] == [True, False, True, True]
    assert [rep.faults for rep in reps] == [CLEAN, CLEAN, CLEAN, NECK]
    assert not any(moment.slow for moment in moments)
    assert live.verdict("session").faults == NECK


def test_random_gaps_never_make_a_fault(whole: Record) -> None:
    """Half of the pictures left out at random, as on a busy machine."""
    rng = np.random.default_rng(1)
    seen = judged = 0
    for _ in range(5):
        verdict = judge(only(whole, rng.random(len(whole.time_s)) < 0.5), clip="a")
        for rep in verdict.reps:
            near = [
                k for k, true in enumerate((3.1, 7.1, 11.2, 15.4)) if abs(rep.bottom_s - true) < 1
            ]
            assert rep.faults in (CLEAN, ALL[near[0]])
            seen += 1
            judged += rep.judged
    assert seen >= 15
    assert 0 < judged < seen


def test_pictures_a_second_are_known_after_two_seconds_and_forgotten_in_a_pause() -> None:
    counted = FrameRate()
    for k in range(20):
        counted.note(k / 10)
    assert counted.rate_hz is None
    for k in range(20, 60):
        counted.note(k / 10)
    assert counted.rate_hz == pytest.approx(10)
    counted.note(30.0)
    assert counted.rate_hz is None
    for k in range(60):
        counted.note(30 + k / 4)
    assert counted.rate_hz == pytest.approx(4)


def test_a_film_that_plays_four_times_slower_than_life_is_suspected(whole: Record) -> None:
    slow = only(whole, np.repeat(np.arange(len(whole.time_s)), 4))
    slow = replace(slow, time_s=4 * np.linspace(*whole.time_s[[0, -1]], len(slow.time_s)))
    at_its_pace, slowed = (judge(film, clip="a", paced=False) for film in (whole, slow))
    assert "--slow-motion" not in " ".join(at_its_pace.warnings)
    assert "--slow-motion 4" in " ".join(slowed.warnings)
    assert [rep.faults for rep in slowed.reps] == ALL
    # Somebody may be as slow as that: before a camera, or when the film's pace was told.
    assert "--slow-motion" not in " ".join(judge(slow, clip="a").warnings)
