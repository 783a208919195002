"""The words for faults, notes and what to do next."""

from __future__ import annotations

import dataclasses

import pytest

from hinge_dowel import verdict
from hinge_dowel.analysis.rules import STRAY_OF
from hinge_dowel.analysis.technique import NOTES
from hinge_dowel.exercises import cues
from hinge_dowel.verdict import Strays

STRAY_FIELDS = [field.name for field in dataclasses.fields(Strays)]


def test_every_fault_has_words_in_the_same_order_and_names_real_fields():
    assert tuple(cues.FAULTS) == verdict.FAULTS
    assert list(cues.CONTACTS) == STRAY_FIELDS
    assert {place for place, _ in STRAY_OF.values()} == set(cues.CONTACTS)


@pytest.mark.parametrize("fault", cues.FAULTS.values(), ids=list(cues.FAULTS))
def test_a_cue_is_told_in_two_words_a_few_and_whole_sentences(fault):
    assert len(fault.shout.split()) == 2
    assert len(fault.hint.split()) <= 5
    assert fault.cue.endswith(".")
    assert len({fault.name, fault.hint, fault.cue, fault.shout}) == 4


def test_every_note_that_a_limit_gives_has_words():
    assert set(NOTES) <= set(cues.NOTES)


@pytest.mark.parametrize("note", cues.NOTES.values(), ids=list(cues.NOTES))
def test_a_note_is_a_label_a_sentence_and_perhaps_two_words(note):
    assert 1 <= len(note.label.split()) <= 4
    assert note.sentence.endswith(".")
    assert len(note.shout.split()) in (0, 1, 2)


def test_a_note_without_words_is_shown_as_it_is():
    assert cues.note("shallow") is cues.NOTES["shallow"]
    assert cues.note("seen_by_martians") == cues.Note("seen by martians", "")
