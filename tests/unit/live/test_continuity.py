"""A session in which somebody else comes, or the person turns: nothing is judged across it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import moving
from support.records import mirrored, moved, part, then

from hinge_dowel.analysis.frame_rate import withheld
from hinge_dowel.exercises.cues import NEXT_TIME
from hinge_dowel.history.records import UNJUDGED, RecordedRep, SessionRecord, streaks
from hinge_dowel.live import framing
from hinge_dowel.live.advice import review
from hinge_dowel.live.estimator import LiveEstimator
from hinge_dowel.live.frames import LiveFrame
from hinge_dowel.live.screen.layout import compose
from hinge_dowel.live.screen.summary import plain_line, set_summary
from hinge_dowel.live.session import LOST_REP, SOMEBODY_ELSE, Drill
from hinge_dowel.live.snapshot import Plan, Snapshot
from hinge_dowel.pose.extraction import Record
from hinge_dowel.verdict import Rep, Strays

pytestmark = pytest.mark.slow
"""Each goes through a whole session."""

CLEAN, ROUNDED, NECK = (), ("spinal_flexion",), ("cervical_flexion",)


@pytest.fixture(scope="module")
def whole() -> Record:
    return moving.record()


def watched(record: Record) -> tuple[list[Rep], list[LiveFrame]]:
    live = LiveEstimator()
    with moving.outlines_known():
        moments = [live.see(sight, record.size_px) for sight in moving.sights(record)]
        return [*(rep for m in moments for rep in m.finished), *live.finish()], moments


def held(record: Record, plan: Plan) -> tuple[Drill, list[Snapshot], list[str]]:
    """A session on a record, from the set on: the drill, its snapshots, what was said."""
    drill, shown, said = Drill(plan, LiveEstimator()), [], []
    drill._stage = "moving"
    with moving.outlines_known():
        for sight in moving.sights(record):
            shown.append(drill.see(sight, record.size_px, sight.time_s))
            said += [news.said for news in drill.news() if news.said]
    return drill, shown, said


def taken_over(whole: Record) -> Record:
    """At the bottom of the second repetition somebody else is followed, standing elsewhere."""
    other = moved(part(whole, 0.0, 6.0), right_px=170, scale=0.8)
    return then(part(whole, 0, 7.0), other, cut=False)


def test_nothing_happens_where_nothing_breaks(whole: Record) -> None:
    _, moments = watched(whole)
    assert not any(moment.broken or moment.somebody_else for moment in moments)


def test_a_repetition_across_a_jump_to_somebody_else_is_left_out(whole: Record) -> None:
    reps, moments = watched(taken_over(whole))
    assert [rep.faults for rep in reps] == [CLEAN, CLEAN]
    assert all(rep.start_s is not None and rep.end_s is not None for rep in reps)
    assert sum(moment.broken for moment in moments) == 1
    assert sum(moment.somebody_else for moment in moments) == 1
    at = next(moment.time_s for moment in moments if moment.broken)
    assert 6.9 < at < 7.5
    other = next(moment.time_s for moment in moments if moment.somebody_else)
    assert 7.9 < other < 8.7
    # The other one is measured against their own standing.
    after = [moment for moment in moments if 7.6 < moment.time_s < 8.0]
    assert all(abs(moment.hip_deg or 0.0) < 15 for moment in after)


def test_who_is_back_at_once_is_no_other(whole: Record) -> None:
    away = moved(part(whole, 6.6, 7.2), right_px=170, scale=0.8)
    record = then(then(part(whole, 0, 6.6), away, cut=False), part(whole, 7.2, 18.0), cut=False)
    reps, moments = watched(record)
    assert [rep.faults for rep in reps] == [CLEAN, CLEAN, NECK]
    assert any(moment.broken for moment in moments)
    assert not any(moment.somebody_else for moment in moments)


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


def test_before_a_camera_somebody_else_sets_up_anew(whole: Record) -> None:
    _, shown, said = held(taken_over(whole), Plan(1, 12))
    assert LOST_REP in {snapshot.message for snapshot in shown}
    assert SOMEBODY_ELSE in {snapshot.message for snapshot in shown}
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
    assert {LOST_REP, SOMEBODY_ELSE} <= messages
    assert shown[-1].message not in (LOST_REP, SOMEBODY_ELSE)
    assert {snapshot.stage for snapshot in shown} == {"moving"}
    drill.finish(shown[-1].elapsed_s)
    assert [rep.faults for rep in drill.verdict("a").reps] == [CLEAN, CLEAN]


# -- too slow, on the screen and after it ---------------------------------------------------------


def thinned(record: Record, step: int) -> Record:
    assert record.outlines is not None
    span = slice(None, None, step)
    return replace(
        record,
        time_s=record.time_s[span],
        landmarks=record.landmarks[span],
        outlines=record.outlines[span],
    )


@pytest.mark.parametrize(("dropping", "words"), [(True, framing.SLOW), (False, framing.FEW)])
def test_too_slow_is_said_with_what_helps(whole: Record, dropping: bool, words: str) -> None:
    drill = Drill(Plan(live=False), LiveEstimator())
    record = thinned(whole, 4)
    with moving.outlines_known():
        shown = [
            drill.see(sight, record.size_px, sight.time_s, dropping=dropping)
            for sight in moving.sights(record)
        ]
    late = [snapshot for snapshot in shown if snapshot.elapsed_s > 3]
    assert words in {snapshot.message for snapshot in late}
    assert all(snapshot.slow for snapshot in late)
    assert late[-1].pace == "4 pictures a second: lights and count only"
    assert {snapshot.sacrum for snapshot in late} == {"unseen"}
    assert len(late[-1].set_reps) >= 3
    assert late[-1].cue in ("", "once more")


@pytest.mark.parametrize("words", [framing.SLOW, framing.FEW, LOST_REP, SOMEBODY_ELSE])
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)])
@pytest.mark.parametrize("stage", ["moving", "setup"])
def test_what_is_said_is_there_to_be_read(words: str, size: tuple[int, int], stage: str) -> None:
    """Large letters where they fit, plain ones else: never nothing, never cut."""
    said = compose(Snapshot(stage, message=words), width=size[0], height=size[1])
    silent = compose(Snapshot(stage, message=" "), width=size[0], height=size[1])
    assert said.lines() != silent.lines()


GOOD = Rep(1, 0.0, 1.5, 3.0, 80.0, 10.0, 2.0, 1.0, 0.0, Strays(0.2, 0.1, 0.3))
UNCLEAR = withheld(replace(GOOD, number=2, notes=("too_fast", "shins_forward")))


def test_a_rep_that_was_not_judged_is_neither_clean_nor_faulty() -> None:
    assert (UNCLEAR.judged, UNCLEAR.clean, UNCLEAR.faults) == (False, False, ())
    assert UNCLEAR.notes == ("too_fast", "unsure_pictures")
    line = plain_line(UNCLEAR, 2)
    assert "rep 2: not judged (too fast, too few pictures); head not seen" in line
    text = str(set_summary([GOOD, UNCLEAR], 1, 1, width=80, color=False))
    assert text.startswith("Set 1 of 1: 1 of 2 clean, 1 not judged")
    head = compose(Snapshot("moving", set_reps=(GOOD, UNCLEAR)), width=80, height=24).lines()[0]
    assert "● ?" in head
    done = compose(Snapshot("done", set_reps=(UNCLEAR, GOOD)), width=80, height=24)
    praised = compose(Snapshot("done", set_reps=(GOOD, GOOD)), width=80, height=24)
    assert done.lines()[-6:] != praised.lines()[-6:]


def test_the_review_asks_for_what_would_help() -> None:
    seen = review([[GOOD, UNCLEAR, UNCLEAR]], planned=3)
    assert (seen.total, seen.clean, seen.fault) == (3, 1, None)
    assert seen.best is not None
    assert seen.best.number == 1
    assert seen.next_time[0] == NEXT_TIME["pictures"].format(count=2, reps=3)
    assert review([[UNCLEAR]], planned=3).next_time == (
        NEXT_TIME["pictures"].format(count=1, reps=1),
    )


def kept(number: int, *reps: Rep) -> SessionRecord:
    from datetime import UTC, datetime

    return SessionRecord(
        number=number,
        started=datetime(2026, 1, number, tzinfo=UTC),
        source="0",
        sets=1,
        reps_a_set=2,
        facing="right",
        view_angle_deg=3.0,
        neutral="measured",
        finished=True,
        duration_s=60.0,
        reps=tuple(RecordedRep(1, 5.0 * n, rep.to_dict()) for n, rep in enumerate(reps)),
    )


def test_a_session_that_was_not_judged_neither_ends_nor_lengthens_a_streak() -> None:
    bad = replace(GOOD, faults=("squatting",))
    clean, unclear = kept(1, GOOD, GOOD), kept(2, UNCLEAR, UNCLEAR)
    assert streaks([clean, unclear, clean]) == (2, 2)
    assert streaks([clean, kept(3, GOOD, UNCLEAR)]) == (1, 1)
    assert streaks([clean, kept(3, bad, UNCLEAR)]) == (0, 1)
    entry = unclear.to_dict()
    assert (entry["status"], entry["reason"]) == ("unusable", UNJUDGED)
    assert kept(3, GOOD, UNCLEAR).clean_share == 1.0
    assert np.isclose(unclear.clean_share, 0.0)
