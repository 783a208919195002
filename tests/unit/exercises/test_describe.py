"""An exercise in words, for a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hinge_dowel.exercises.catalogue import EXERCISES
from hinge_dowel.exercises.cues import FAULTS, HIPS_SINK, NOTES
from hinge_dowel.exercises.describe import cue, in_full, listed, sign
from hinge_dowel.tolerances import DEFAULT

ALL = pytest.mark.parametrize("known", EXERCISES.values(), ids=list(EXERCISES))
HINGE, RDL = EXERCISES["hinge"], EXERCISES["rdl"]


@pytest.mark.parametrize("columns", [120, 60])
@ALL
def test_words_for_a_terminal(known, columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    text = in_full(known)
    assert text.startswith(listed(known))
    assert max(map(len, text.splitlines())) <= min(columns, 78)
    assert all(FAULTS[fault].name in text for fault in known.rules.faults)


@ALL
def test_the_head_names_it_its_level_and_what_it_needs(known):
    head, *rest = listed(known).splitlines()
    level = "" if known.name == "bench" else f" (level {list(EXERCISES).index(known.name) + 1})"
    assert head == f"{known.name}: {known.title}{level}"
    assert f"You need: {known.equipment}." in " ".join(rest)
    assert known.picture.strip("\n") in listed(known)


def test_only_the_notes_that_count_are_told():
    quiet = replace(HINGE, rules=replace(HINGE.rules, notes=frozenset({"too_fast"})))
    told = [note.label for note in NOTES.values() if f"  - {note.label}: " in in_full(quiet)]
    assert told == [NOTES["too_fast"].label]


def test_limits_of_its_own_are_the_ones_in_force():
    (place, name), *_ = RDL.rules.limits.items()
    assert f"{name} = {getattr(DEFAULT, name):g} " in in_full(RDL)
    assert place not in name
    assert "Its limits are the usual ones." in in_full(HINGE)


def test_a_cue_is_the_exercises_own_or_the_usual_one():
    assert cue("bench", "shins_forward") == EXERCISES["bench"].cues["shins_forward"]
    assert cue("bench", "spinal_flexion") == FAULTS["spinal_flexion"].cue
    assert cue("of another version", "too_fast") == NOTES["too_fast"].sentence


def test_hips_tell_the_squatting_of_a_lift_from_the_floor():
    assert sign("deadlift", "squatting") == HIPS_SINK
    assert sign("deadlift", "spinal_flexion") == FAULTS["spinal_flexion"].sign
    for usual in ("hinge", "of another version"):
        assert sign(usual, "squatting") == FAULTS["squatting"].sign
