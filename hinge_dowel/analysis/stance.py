"""Feet that do not stand side by side: a split stance, or one foot off the floor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hinge_dowel.analysis.measures import MeasureSeries
from hinge_dowel.analysis.rules import ChosenRules
from hinge_dowel.analysis.time_series import known_median
from hinge_dowel.body.array_types import Array

WIDEST_LENGTHS = 1.6
"""The widest stance side to side, that of a sumo deadlift, in trunk lengths of 50 cm. The farther
round the camera stands, the more of it is across the picture."""
SPLIT_LENGTHS = 0.4
"""One foot is ahead of the other where they are further apart across the picture than by this and
what the widest stance shows. Of 250 real clips the six with a split stance or one foot in the air
that are judged have 0.43 to 1.7, all others 0.15 at most."""
NOTES = frozenset(
    {
        *("shins_forward", "locked_knees", "hips_not_back", "short_of_the_wall"),
        *("on_the_toes", "knees_first"),
    }
)
"""The notes on legs, hips and balance that hold for two legs which do the same."""
WARNING = (
    "One foot stands far ahead of the other, or is off the floor: knees and shins are told as the "
    "mean of both legs, hips and balance are not judged."
)


def split(feet: Array, view_deg: float) -> bool:
    """Return whether one foot is far ahead of the other, or in the air, most of the time.

    `feet` (N, 2, 2): the ankles' places in the picture, in trunk lengths, NaN where not seen;
    `view_deg`: how far the camera stands from side-on.
    """
    apart = known_median(np.abs(feet[:, 0, 0] - feet[:, 1, 0]))
    # Where no foot is seen this is NaN, and nothing is said.
    return apart > SPLIT_LENGTHS + WIDEST_LENGTHS * float(np.sin(np.radians(view_deg)))


def without_legs(choice: ChosenRules, measures: MeasureSeries) -> tuple[ChosenRules, MeasureSeries]:
    """Return rules and measures of such a stance, without what two like legs would tell."""
    rules = replace(choice.rules, notes=choice.rules.notes - NOTES)
    return replace(choice, rules=rules), measures.of_split_stance()
