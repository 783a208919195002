"""Every exercise says what a person needs to do it, and what it is judged by."""

from __future__ import annotations

import dataclasses
from importlib.resources import files

import pytest

from hinge_dowel.errors import UsageError
from hinge_dowel.exercises import AUTO
from hinge_dowel.exercises.catalogue import EXERCISES, exercise, rules_for
from hinge_dowel.exercises.cues import NOTES
from hinge_dowel.exercises.describe import cue
from hinge_dowel.exercises.ladder import RUNGS
from hinge_dowel.exercises.recognition import recognise
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import FAULTS as WORST_FIRST

LIMITS = {field.name: field.metadata for field in dataclasses.fields(Tolerances)}
ALL = pytest.mark.parametrize("known", EXERCISES.values(), ids=list(EXERCISES))


def test_they_are_those_of_the_texts():
    assert list(EXERCISES) == [
        *("kneeling", "wall_tap", "hinge", "band", "rdl", "good_morning", "deadlift", "swing"),
        "bench",
    ]


@ALL
def test_name_and_rules_agree(known):
    assert EXERCISES[known.name] is known
    assert known.rules.exercise == known.name
    assert set(known.rules.faults) <= set(WORST_FIRST)
    assert known.rules.notes <= set(NOTES)


@ALL
def test_it_has_cues_and_how_to_film_it(known):
    assert known.title
    assert known.equipment
    assert len(known.steps) >= 3
    assert all(text.endswith(".") for text in (known.summary, known.filming, *known.steps))
    assert set(known.cues) <= {*known.rules.faults, *known.rules.notes}
    assert all(
        cue(known.name, key).endswith(".") for key in (*known.rules.faults, *known.rules.notes)
    )


@ALL
def test_its_limits_say_where_they_come_from(known):
    for place, name in known.rules.limits.items():
        assert place in LIMITS
        assert len(LIMITS[name]["source"]) > 20


@ALL
def test_the_guide_has_a_part_on_it_and_its_level(known):
    text = files("hinge_dowel").joinpath("guide", "exercises.md").read_text("utf-8")
    headings = [line[3:].lower() for line in text.splitlines() if line.startswith("## ")]
    assert known.title.lower() in headings
    rung = RUNGS.get(known.name)
    assert f"| `{known.name}` | {'' if rung is None else f'{rung + 1} '}| " in text


def test_a_name_that_is_not_known_is_an_error_that_says_which_are():
    with pytest.raises(UsageError, match="kneeling, wall_tap"):
        exercise("plank")


@pytest.mark.parametrize(
    "wall", [("hinge", 30.0), (AUTO, 30.0), ("wall_tap", 0), ("wall_tap", 151), ("wall_tap", "30")]
)
def test_a_wall_that_cannot_be_is_a_mistake_of_the_caller(wall):
    with pytest.raises(ValueError, match="wall"):
        rules_for(wall[0], wall_cm=wall[1])


def test_auto_chooses_and_a_name_is_told():
    assert rules_for(AUTO) is recognise
    assert rules_for("wall_tap", wall_cm=35.0).wall_cm == 35.0
    assert rules_for("hinge").applied(DEFAULT) == DEFAULT
