"""The inks of a live session: told apart by who cannot tell red from green, and without colour."""

import itertools

import numpy as np
import pytest
from rich.style import Style

from hinge_dowel.live.screen.styles import DIM, MAYBE, OFF, ON, PLAIN, STRONG, styles

# How who lacks one kind of cones sees linear RGB (Vienot, Brettel and Mollon 1999).
PROTAN = [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]
DEUTAN = [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]


def seen(style: Style, eyes: list[list[float]]) -> np.ndarray:
    """A style's colour as such eyes see it, about as far apart as it looks (gamma 2.2)."""
    assert style.color is not None
    linear = (np.array(style.color.get_truecolor()) / 255) ** 2.2
    return np.clip(np.array(eyes) @ linear, 0, 1) ** (1 / 2.2)


@pytest.mark.parametrize("eyes", [np.eye(3), PROTAN, DEUTAN], ids=["all", "protan", "deutan"])
def test_colours_of_the_lights_are_told_apart_by_all_eyes(eyes) -> None:
    inks = [styles(True)[ink] for ink in (ON, OFF, MAYBE)]
    for one, other in itertools.combinations(inks, 2):
        assert np.abs(seen(one, eyes) - seen(other, eyes)).max() > 0.15


def test_without_colour_only_weight_is_left() -> None:
    bare = styles(False)
    assert all(style.color is None for style in bare)
    assert [bool(bare[ink].bold) for ink in (PLAIN, STRONG, ON, OFF, MAYBE)] == [False] + [True] * 4
    assert bare[DIM].dim
