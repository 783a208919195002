"""Every repetition is counted once, as one kind."""

from __future__ import annotations

import pytest

from hinge_dowel.report.tally import RepTally, most_common, tally
from hinge_dowel.verdict import Rep

CLEAN = Rep(1)
FAULTY = Rep(2, faults=("squatting",))
MAYBE = Rep(
    3,
    spinal_flexion_deg=18.0,
    faults=("spinal_flexion",),
    intervals_deg={"spinal_flexion_deg": (5.0, 31.0)},
)
HALF = Rep(4, notes=("partial",))
UNJUDGED = Rep(5, notes=("unsure_pictures",))
UNJUDGED_HALF = Rep(6, notes=("partial", "unsure_pictures"))


@pytest.mark.parametrize(
    ("rep", "kind"),
    [
        (CLEAN, "clean"),
        (FAULTY, "faulty"),
        (MAYBE, "maybe"),
        (HALF, "halves"),
        (UNJUDGED, "unjudged"),
        # As in a clip's sentence: of what too few pictures show nothing more is said.
        (UNJUDGED_HALF, "unjudged"),
    ],
)
def test_a_repetition_is_of_one_kind(rep: Rep, kind: str) -> None:
    none = {"clean": 0, "faulty": 0, "maybe": 0, "halves": 0, "unjudged": 0}
    assert tally([rep]) == RepTally(**none | {kind: 1})


def test_whole_ones_are_those_in_headlines() -> None:
    reps = [CLEAN, CLEAN, FAULTY, MAYBE, HALF, UNJUDGED, UNJUDGED_HALF]
    assert tally(reps) == RepTally(clean=2, faulty=1, maybe=1, halves=1, unjudged=2)
    assert tally(reps).whole == sum(rep.counted for rep in reps) == 4


def test_of_two_equally_common_faults_the_worse_is_told():
    neck, spine = ("cervical_flexion",), ("spinal_flexion", "squatting")
    assert most_common([neck, spine, neck, ()]) == ("cervical_flexion", 2)
    assert most_common([neck, spine]) == ("spinal_flexion", 1)
    assert most_common([(), ()]) == (None, 0)
