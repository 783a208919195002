"""The exercises drawn in characters."""

from __future__ import annotations

import pytest

from hinge_dowel.exercises import pictures
from hinge_dowel.exercises.catalogue import EXERCISES

DRAWN = {name: text for name, text in vars(pictures).items() if name.isupper()}


@pytest.mark.parametrize("name", DRAWN)
def test_it_fits_a_terminal_of_any_kind(name):
    picture = DRAWN[name]
    lines = picture.strip("\n").splitlines()
    assert picture.isascii()
    assert 5 <= len(lines) <= 10
    assert max(map(len, lines)) <= 60
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("name", DRAWN)
def test_it_shows_a_person_twice(name):
    """The start beside the bottom: two heads."""
    assert DRAWN[name].count("o") == 2


def test_every_exercise_has_one_of_its_own():
    shown = [known.picture for known in EXERCISES.values()]
    assert sorted(shown) == sorted(DRAWN.values())
