"""Verdicts in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import verdicts
from support.verdicts import of, rep, verdict

from hinge_dowel.report import sentences
from hinge_dowel.verdict import NOT_JUDGED, Rep, Verdict

MAYBE = {"spinal_flexion_deg": (5.0, 85.0)}
"""An interval that reaches into what is held well."""


def half(one: Rep) -> Rep:
    return replace(one, notes=("partial",))


def unjudged(one: Rep) -> Rep:
    return replace(one, notes=(NOT_JUDGED,))


def unsure(one: Rep) -> Rep:
    return replace(one, notes=("unsure_spine",))


ROUND, SQUAT = ("spinal_flexion",), ("squatting",)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (of(rep(1)), "Head, upper back and sacrum stayed on the dowel in the only rep."),
        (of(rep(1), rep(2)), "Head, upper back and sacrum stayed on the dowel in both reps."),
        (of(rep(1, ROUND), rep(2, ROUND), rep(3)), "Rounded back in 2 of 3 reps."),
        (
            of(rep(1, ROUND), rep(2, (*ROUND, *SQUAT)), rep(3)),
            "Rounded back in 2 of 3 reps, squatting in 1.",
        ),
        (of(*(rep(n, SQUAT) for n in (1, 2, 3))), "Squatting in all 3 reps."),
        (
            of(rep(1, ROUND), replace(rep(2, ROUND), intervals_deg=MAYBE), rep(3)),
            "Rounded back in 1 of 3 reps (maybe in 1 more).",
        ),
        (of(replace(rep(1, ROUND), intervals_deg=MAYBE)), "Maybe rounded back in the only rep."),
        (of(half(rep(1, SQUAT))), "Squatting in the only half rep."),
        (
            of(rep(1), half(rep(2))),
            "Head, upper back and sacrum stayed on the dowel in the only rep. Beside it 1 half "
            "rep without a fault.",
        ),
        (
            of(rep(1, ROUND), unjudged(rep(2)), unjudged(rep(3))),
            "Rounded back in the 1 rep judged. Too few pictures show 2 other reps.",
        ),
        (verdicts.unusable(reason="Film from the side."), "Film from the side."),
        (Verdict("a.mp4", "unusable"), "No reason is known."),
    ],
)
def test_a_clip_in_one_sentence(one: Verdict, said: str) -> None:
    assert sentences.sentence(one) == said


def test_what_was_out_of_sight_is_not_called_touching() -> None:
    one = rep(1)
    hidden = of(replace(one, stray_cm=replace(one.stray_cm, head=None)))
    assert sentences.sentence(hidden, "grey") == (
        "No fault seen in the only rep; what is marked grey was out of sight."
    )


@pytest.mark.parametrize(
    ("reps", "said"),
    [
        ([unsure(rep(1))], "No fault seen in the only rep, but it is unsure."),
        ([unsure(rep(1)), unsure(rep(2))], "No fault seen in both reps, but they are unsure."),
        ([rep(1), unsure(rep(2))], "No fault seen in both reps, but 1 of them is unsure."),
        (
            [unsure(rep(1)), rep(2), unsure(rep(3))],
            "No fault seen in all 3 reps, but 2 of them are unsure.",
        ),
    ],
)
def test_what_may_as_well_be_faulty_is_not_called_touching(reps: list[Rep], said: str) -> None:
    assert sentences.sentence(of(*reps)) == said


def test_a_clip_whose_faults_are_all_maybes_stands_apart() -> None:
    doubtful = replace(rep(1, ROUND), intervals_deg=MAYBE)
    assert sentences.shown_status(of(doubtful)) == "maybe"
    assert sentences.shown_status(of(doubtful, rep(2, SQUAT))) == "faulty"
    assert sentences.fault_names(of(doubtful, rep(2, SQUAT))) == ["maybe rounded back", "squatting"]


@pytest.mark.parametrize(
    ("hit", "said"),
    [
        ((1,), "rep 1"),
        ((1, 2), "reps 1, 2"),
        ((1, 3, 4, 5), "reps 1, 3-5"),
        ((1, 2, 3, 4, 5, 6), "every rep"),
    ],
)
def test_reps_are_named_in_few_words(hit: tuple[int, ...], said: str) -> None:
    assert sentences.which(hit, verdict(reps=[()] * 6)) == said
    assert sentences.which((1,), verdict()) == "rep 1"


@pytest.mark.parametrize(
    ("strays", "said"),
    [
        ({"sacrum": 3.0}, "but the sacrum is borderline"),
        ({"head": 3.0, "sacrum": 3.0}, "but the head and sacrum are borderline"),
        (
            {"head": 3.0, "upper_back": 3.0, "sacrum": 3.0},
            "but the head, upper back and sacrum are borderline",
        ),
    ],
)
def test_what_the_table_marks_as_borderline_did_not_stay_on_the_dowel(
    strays: dict[str, float], said: str
) -> None:
    one = rep(1)
    near = replace(one, stray_cm=replace(one.stray_cm, **strays), borderline_cm=2.5)
    assert sentences.sentence(of(rep(2), near)) == f"No fault seen in both reps, {said}."


def test_the_setting_is_told_with_and_without_a_sign_for_degrees() -> None:
    one = replace(verdict(facing="left"), view_angle_deg=-4.4, neutral="assumed")
    said = (
        "Judged as a hip hinge with a dowel, facing left, camera 4{} from side-on, no standing "
        "seen, a typical one assumed"
    )
    assert sentences.setting(one) == said.format("°")
    assert sentences.setting(one, "") == said.format(" degrees")
    assert sentences.setting(Verdict("a.mp4", "unusable")) == ""
    unknown = replace(one, exercise="my_lift", exercise_sure=True)
    assert sentences.setting(unknown).startswith("My lift, facing left")


def test_advice_comes_fault_by_fault_then_note_by_note() -> None:
    doubtful = replace(rep(1, ROUND), intervals_deg=MAYBE, notes=("too_fast", "new_key"))
    found = sentences.advice(of(doubtful, rep(2, SQUAT)))
    assert [(one.fault, one.sure, one.head) for one in found] == [
        (True, False, "Maybe rounded back (rep 1)"),
        (True, True, "Squatting (rep 2)"),
        (False, True, "Too fast (rep 1)"),
        (False, True, "New key (rep 1)"),
    ]
    assert found[0].text.startswith(
        "it may be fine too, the pictures do not tell; if not, the sacrum"
    )
    assert found[1].text.startswith("the knees bend too much. ")
    assert found[3].text == ""


def test_advice_tells_the_reps_in_doubt_apart_from_the_others() -> None:
    doubtful = replace(rep(2, ROUND), intervals_deg=MAYBE)
    heads = [one.head for one in sentences.advice(of(rep(1, ROUND), doubtful, rep(3, ROUND)))]
    assert heads == ["Rounded back (reps 1, 3, maybe rep 2)"]
