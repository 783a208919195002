"""How the hinge is done, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.verdicts import of, rep

from hinge_dowel.report import measures


@pytest.mark.parametrize(
    ("lead_s", "said"),
    [
        (0.31, "The knees begin 0.3 s before the hips"),
        (-0.31, "The hips begin 0.3 s before the knees"),
        (-0.04, "Knees and hips begin together"),
    ],
)
def test_who_begins_is_named_first(lead_s: float, said: str) -> None:
    assert measures.in_words(of(replace(rep(1), knee_lead_s=lead_s))) == said


def test_measures_are_the_middle_of_the_whole_reps() -> None:
    reps = [replace(rep(n), hip_travel_cm=cm) for n, cm in ((1, 10.0), (2, 12.0), (3, 30.0))]
    assert measures.in_words(
        of(*reps, replace(rep(4), hip_travel_cm=99.0, notes=("partial",)))
    ) == ("The hips go back 12 cm")
    assert measures.in_words(of(rep(1))) == ""


@pytest.mark.parametrize(
    ("hip_travel_cm", "said"),
    [(-9.8, "The hips move 10 cm forward"), (-0.3, "The hips go back 0 cm")],
)
def test_hips_that_come_forward_do_not_go_back(hip_travel_cm: float, said: str) -> None:
    assert measures.in_words(of(replace(rep(1), hip_travel_cm=hip_travel_cm))) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.66, "66 % of the way from heel to toes"),
        (1.03, "over the tips of the toes"),
        (-0.02, "over the heels"),
    ],
)
def test_a_weight_beside_the_foot_is_no_percentage(share: float, said: str) -> None:
    one = replace(rep(1), weight_share=share)
    leaning = replace(of(one), exercise="wall_tap")
    assert measures.in_words(leaning) == f"Your body's weight is {said}"
    weight = next(m for m in measures.TECHNIQUE if m.key == "weight_share")
    assert weight.text_of(one) == said.removeprefix("over the ").removesuffix(
        " % of the way from heel to toes"
    )


@pytest.mark.parametrize(
    ("exercise", "share", "told"),
    [
        ("hinge", 0.12, True),
        ("hinge", 0.05, False),
        ("hinge", -0.2, False),
        ("wall_tap", 0.05, True),
        ("band", -0.2, True),
        ("rdl", 0.4, False),
        ("deadlift", 0.4, False),
        ("of an older version", 0.4, True),
    ],
)
def test_a_weight_that_is_not_the_bodys_alone_or_nowhere_possible_is_not_told(
    exercise: str, share: float, told: bool
) -> None:
    one = replace(of(replace(rep(1), weight_share=share, hip_travel_cm=9.0)), exercise=exercise)
    assert ("weight" in measures.in_words(one)) == told
    assert measures.as_told(one).reps[0].hip_travel_cm == 9.0
