"""Which moment of a clip is shown, and which repetition is the best."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import verdicts

from hinge_dowel.report import contacts, highlights


def test_sure_faults_of_whole_reps_come_first() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",), ("spinal_flexion",), ("spinal_flexion",)])
    maybe = replace(one.reps[0], intervals_deg={"spinal_flexion_deg": (7.0, 80.0)})
    maybe = replace(maybe, spinal_flexion_deg=60.0)
    half = replace(one.reps[1], notes=("partial",), spinal_flexion_deg=70.0)
    found = highlights.worst(replace(one, reps=(maybe, half, one.reps[2])))
    assert found is not None
    assert found.rep.number == 3
    found = highlights.worst(replace(one, reps=(maybe, half)))
    assert found is not None
    assert found.rep.number == 1
    found = highlights.worst(replace(one, reps=(half,)))
    assert found is not None
    assert found.rep.number == 2


def test_the_best_rep_is_clean_whole_and_without_notes() -> None:
    one = verdicts.verdict(reps=[("squatting",), (), (), ()])
    noted = replace(one.reps[1], notes=("shallow",), hip_flexion_deg=99.0)
    half = replace(one.reps[2], notes=("partial",), hip_flexion_deg=99.0)
    found = highlights.best(replace(one, reps=(one.reps[0], noted, half, one.reps[3])))
    assert found is not None
    assert found.number == 4
    assert highlights.best(verdicts.unusable()) is None


def test_the_worst_moment_is_at_the_bottom_of_the_rep_furthest_past_its_limit() -> None:
    one = verdicts.verdict(reps=[("cervical_flexion",), (), ("squatting", "spinal_flexion")])
    found = highlights.worst(one)
    assert found is not None
    assert (found.rep.number, found.fault) == (3, "spinal_flexion")
    assert found.time_s == pytest.approx(12.0, abs=0.1)
    assert one.series is not None
    assert one.series.time_s[found.frame] == found.time_s


def test_of_a_clean_clip_the_deepest_bottom_is_shown() -> None:
    one = verdicts.verdict(reps=[(), ()])
    deeper = replace(one, reps=(one.reps[0], replace(one.reps[1], hip_flexion_deg=99.0)))
    found = highlights.worst(deeper)
    assert found is not None
    assert (found.rep.number, found.fault) == (2, None)
    assert found.time_s == pytest.approx(8.0, abs=0.1)


def test_a_moment_that_cannot_be_drawn_is_not_shown() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)])
    assert one.series is not None
    dowel = one.series.dowel_px.copy()
    dowel[(one.series.time_s > 3.5) & (one.series.time_s < 4.5)] = np.nan
    found = highlights.worst(replace(one, series=replace(one.series, dowel_px=dowel)))
    assert found is not None
    assert abs(found.time_s - 4.0) == pytest.approx(0.5, abs=0.1)
    unseen = replace(one.series, dowel_px=np.full_like(dowel, np.nan))
    assert highlights.worst(replace(one, series=unseen)) is None
    assert highlights.worst(verdicts.without_frames(one)) is None


def test_limits_are_those_that_were_applied() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)])
    wider = replace(one, limits={**one.limits, "spinal_flexion_deg": 40.0})
    rep = one.reps[0]
    assert highlights.excess(rep, "spinal_flexion", wider.limits) == 45.0 / 40.0
    off = [np.array(contacts.of_frames(seen)["sacrum"]) == "off" for seen in (one, wider)]
    assert 0 < off[1].sum() < off[0].sum()


def test_a_fault_that_no_angle_tells_is_judged_by_its_stray_or_by_none() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)])
    strays = {"end_stray_cm": 4.0, "upper_back_stray_cm": 2.5}
    assert highlights.excess(one.reps[0], "spinal_flexion", strays) == 9.0 / 4.0
    assert highlights.excess(one.reps[0], "spinal_flexion", {}) == 1.0
    lights = contacts.of_frames(replace(one, limits=strays))["sacrum"]
    assert {"off", "on"} < set(lights)
