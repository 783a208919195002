"""Judging a session: pictures looked at one by one may be fewer; the rest is as of a clip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person

from hinge_dowel.analysis.not_counted import counted
from hinge_dowel.analysis.pipeline import Record, judge
from hinge_dowel.analysis.refusal import FILMED, TOO_DARK
from hinge_dowel.analysis.rules import HINGE
from hinge_dowel.live.session_judging import (
    BROKEN_OFF,
    BROKEN_OFF_LIVE,
    TOO_DARK_LIVE,
    TOO_SLOW,
    SessionCourse,
    explained,
    judged,
    summed_up,
)
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import NOT_JUDGED, Refusal, Rep, Strays, Verdict

GOOD = Rep(1, 0.0, 1.5, 3.0, 80.0, 12.0, 2.0, 3.0, 1.0, Strays(0.2, 0.1, 0.3))


@pytest.fixture(scope="module")
def record() -> Record:
    return recorded_person.record()


def test_followed_pictures_are_judged_as_a_clip_is(record: Record) -> None:
    alone = np.zeros(len(record.time_s), dtype=bool)
    mine = judged(record, alone, tolerances=DEFAULT, rules=HINGE, count=counted)
    assert [r.to_dict() for r in mine.reps] == [r.to_dict() for r in judge(record, clip="").reps]


@pytest.mark.parametrize(("step", "alone", "told"), [(4, True, 4), (4, False, 0), (9, True, 0)])
def test_how_many_pictures_are_enough(record: Record, step: int, alone: bool, told: int) -> None:
    """15 a second are thinned out to 3.75 and to 1.7."""
    few = recorded_person.thinned(record, step)
    marks = np.full(len(few.time_s), alone)
    verdict = judged(few, marks, tolerances=DEFAULT, rules=HINGE, count=counted)
    assert sum(NOT_JUDGED not in rep.notes for rep in verdict.reps) == told


def test_the_sum_of_a_session() -> None:
    last = Verdict("", "clean", facing="left")
    refusal = Verdict("", "unusable", reason="Too dark.")
    assert summed_up("a", (), last, refusal, ()).reason == "Too dark."
    clean = summed_up("a", (GOOD,), last, refusal, ())
    assert (clean.clip, clean.status, clean.facing) == ("a", "clean", "left")
    faulty = summed_up("a", (GOOD, replace(GOOD, faults=("squatting",))), last, refusal, ())
    assert (faulty.status, faulty.faults) == ("faulty", ("squatting",))
    unclear = replace(GOOD, notes=(NOT_JUDGED,))
    assert summed_up("a", (unclear,), last, refusal, ()).reason == TOO_SLOW


FILM, CAMERA = SessionCourse(live=False), SessionCourse(live=True)
OWN = "As judged."


@pytest.mark.parametrize(
    ("refusal", "course", "reason", "kind"),
    [
        ("few", FILM, OWN, "few"),
        ("few", replace(FILM, hardly_looked=True), TOO_SLOW, "slow"),
        ("view", replace(FILM, hardly_looked=True), OWN, "view"),
        # Of a film of a second or two the rate is not known.
        ("slow", replace(FILM, hardly_looked=True), OWN, "slow"),
        ("slow", replace(FILM, rate_hz=4.0), FILMED.slow.format(rate=4.0, least=6.0), "slow"),
        ("slow", replace(FILM, rate_hz=4.0, behind=True), TOO_SLOW, "slow"),
        ("slow", replace(CAMERA, rate_hz=4.0), TOO_SLOW, "slow"),
        ("few", replace(FILM, broken_off=True), BROKEN_OFF, "nothing"),
        ("few", replace(CAMERA, broken_off=True), BROKEN_OFF_LIVE, "nothing"),
        ("nothing", replace(CAMERA, broken_off=True), OWN, "nothing"),
        ("nothing", replace(FILM, broken_off=True), BROKEN_OFF, "nothing"),
        ("nothing", replace(CAMERA, broken_off=True, began=False), BROKEN_OFF_LIVE, "nothing"),
        ("few", replace(CAMERA, broken_off=True, dark=True), TOO_DARK_LIVE, "dark"),
        ("nothing", replace(FILM, dark=True), TOO_DARK, "dark"),
    ],
)
def test_why_no_repetition_was_judged(
    refusal: Refusal, course: SessionCourse, reason: str, kind: str
) -> None:
    refused = Verdict("x", "unusable", reason=OWN, refusal=refusal)
    told = explained(refused, course)
    assert (told.reason, told.refusal) == (reason, kind)
