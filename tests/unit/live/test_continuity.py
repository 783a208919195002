"""A session in which somebody else comes, or the person turns: nothing is judged across it."""

from __future__ import annotations

import pytest
from support import recorded_person
from support.records import mirrored, moved, part, then

from hinge_dowel.live.continuity import side_faced
from hinge_dowel.live.estimator import LiveEstimator
from hinge_dowel.live.frames import FrameRow
from hinge_dowel.live.framing import Problem, pace
from hinge_dowel.live.messages import LOST_REP, OTHER_PERSON
from hinge_dowel.live.session import Drill
from hinge_dowel.live.snapshot import LiveFrame, Plan, Snapshot
from hinge_dowel.pose.extraction import Record
from hinge_dowel.verdict import Rep

pytestmark = pytest.mark.slow
"""Each goes through a whole session."""

CLEAN, ROUNDED, NECK = (), ("spinal_flexion",), ("cervical_flexion",)


@pytest.fixture(scope="module")
def whole() -> Record:
    return recorded_person.record()


def watched(record: Record) -> tuple[list[Rep], list[LiveFrame]]:
    live = LiveEstimator()
    with recorded_person.outlines_known():
        moments = [
            live.see(observation, record.size_px)
            for observation in recorded_person.observations(record)
        ]
        return [*(rep for m in moments for rep in m.finished), *live.finish()], moments


def held(record: Record, plan: Plan) -> tuple[Drill, list[Snapshot], list[str]]:
    """A session on a record, from the set on: the drill, its snapshots, what was said."""
    drill, shown, said = Drill(plan, LiveEstimator()), [], []
    drill.stage = "moving"
    with recorded_person.outlines_known():
        for observation in recorded_person.observations(record):
            shown.append(drill.see(observation, record.size_px, observation.time_s))
            said += [event.said for event in drill.events() if event.said]
    return drill, shown, said


def taken_over(whole: Record) -> Record:
    """At the bottom of the second repetition somebody else is followed, standing elsewhere."""
    other = moved(part(whole, 0.0, 6.0), right_px=170, scale=0.8)
    return then(part(whole, 0, 7.0), other, cut=False)


def test_nothing_happens_where_nothing_breaks(whole: Record) -> None:
    _, moments = watched(whole)
    assert not any(moment.broken or moment.other_person for moment in moments)


def test_a_repetition_across_a_jump_to_somebody_else_is_left_out(whole: Record) -> None:
    reps, moments = watched(taken_over(whole))
    assert [rep.faults for rep in reps] == [CLEAN, CLEAN]
    assert all(rep.start_s is not None and rep.end_s is not None for rep in reps)
    assert sum(moment.broken for moment in moments) == 1
    assert sum(moment.other_person for moment in moments) == 1
    at = next(moment.time_s for moment in moments if moment.broken)
    assert 6.9 < at < 7.5
    other = next(moment.time_s for moment in moments if moment.other_person)
    assert 7.9 < other < 8.7
    # The other one is measured against their own standing.
    after = [moment for moment in moments if 7.6 < moment.time_s < 8.0]
    assert all(abs(moment.hip_flexion_deg or 0.0) < 15 for moment in after)


def test_who_is_back_at_once_is_no_other(whole: Record) -> None:
    away = moved(part(whole, 6.6, 7.2), right_px=170, scale=0.8)
    record = then(then(part(whole, 0, 6.6), away, cut=False), part(whole, 7.2, 18.0), cut=False)
    reps, moments = watched(record)
    assert [rep.faults for rep in reps] == [CLEAN, CLEAN, NECK]
    assert any(moment.broken for moment in moments)
    assert not any(moment.other_person for moment in moments)


def test_a_turn_in_mid_repetition_makes_no_repetition(whole: Record) -> None:
    turned = mirrored(part(whole, 7.0, 18.0))
    reps, moments = watched(then(part(whole, 0, 7.0), turned, cut=False))
    assert [rep.faults for rep in reps] == [CLEAN, CLEAN, NECK]
    assert any(moment.broken for moment in moments)
    assert moments[-1].facing == "left"


def test_a_turn_while_standing_costs_nothing(whole: Record) -> None:
    reps, moments = watched(then(part(whole, 0, 5.0), mirrored(part(whole, 5.0, 18.0)), cut=False))
    assert [rep.faults for rep in reps] == [CLEAN, ROUNDED, CLEAN, NECK]
    assert not any(moment.broken for moment in moments)


def test_before_a_camera_somebody_else_sets_up_again(whole: Record) -> None:
    _, shown, said = held(taken_over(whole), Plan(1, 12))
    assert LOST_REP in {snapshot.message for snapshot in shown}
    assert OTHER_PERSON in {snapshot.message for snapshot in shown}
    assert said[:2] == [
        "I lost you. Do that rep again",
        "Somebody else is in the picture. One at a time",
    ]
    stages = [snapshot.stage for snapshot in shown]
    assert stages[0] == "moving"
    assert "setup" in stages


def test_a_film_says_it_and_goes_on(whole: Record) -> None:
    drill, shown, _ = held(taken_over(whole), Plan(1, 12, live=False))
    messages = {snapshot.message for snapshot in shown}
    assert {LOST_REP, OTHER_PERSON} <= messages
    assert shown[-1].message not in (LOST_REP, OTHER_PERSON)
    assert {snapshot.stage for snapshot in shown} == {"moving"}
    drill.finish(shown[-1].elapsed_s)
    assert [rep.faults for rep in drill.verdict("a").reps] == [CLEAN, CLEAN]


# -- too slow, on the screen and after it ---------------------------------------------------------


@pytest.mark.parametrize(("dropping", "words"), [(True, Problem.SLOW), (False, Problem.FEW)])
def test_too_slow_is_said_with_what_helps(whole: Record, dropping: bool, words: Problem) -> None:
    drill = Drill(Plan(live=False), LiveEstimator())
    record = recorded_person.thinned(whole, 4)
    with recorded_person.outlines_known():
        shown = [
            drill.see(observation, record.size_px, observation.time_s, dropping=dropping)
            for observation in recorded_person.observations(record)
        ]
    late = [snapshot for snapshot in shown if snapshot.elapsed_s > 3]
    assert words.words(live=False) in {snapshot.message for snapshot in late}
    assert all(snapshot.body.slow for snapshot in late)
    assert pace(late[-1].body) == "4 pictures a second: lights and count only"
    assert {snapshot.body.sacrum for snapshot in late} == {"unseen"}
    assert len(late[-1].set_reps) >= 3
    assert late[-1].cue in ("", "once more")


def test_who_faces_the_other_way_has_turned_once_it_lasts_and_only_upright(whole: Record) -> None:
    def rows(record: Record, begin_s: float, hip_deg: float) -> list[FrameRow]:
        marks = record.landmarks[:45]
        return [
            FrameRow(begin_s + k / 15, one, record.outlines[k], hip_deg=hip_deg)
            for k, one in enumerate(marks)
        ]

    right, left = rows(whole, 0.0, 2.0), rows(mirrored(whole), 3.0, 2.0)
    assert side_faced(right[:2], right[2], None) is None
    assert side_faced(right[:9], right[9], None) == "right"
    assert side_faced(right + left[:20], left[20], "right") == "right"
    assert side_faced(right + left[:40], left[40], "right") == "left"
    bent = rows(mirrored(whole), 3.0, 60.0)
    assert side_faced(right + bent[:40], bent[40], "right") == "right"
