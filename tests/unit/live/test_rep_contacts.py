"""How places and knees fared in a repetition: as the report shows them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import verdicts

from hinge_dowel.live.rep_contacts import knees_contact, place_contact, whole_contact
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import NOT_JUDGED, Rep, Strays

CLEAN = verdicts.rep(1)
ROUND = replace(CLEAN, faults=("spinal_flexion",), spinal_flexion_deg=40.0)
SQUAT = replace(CLEAN, faults=("squatting",), knee_flexion_deg=95.0, shin_angle_deg=28.0)


def test_a_place_is_off_where_its_fault_is_sure_and_maybe_where_it_is_not() -> None:
    assert place_contact(CLEAN, "sacrum") == "touching"
    assert place_contact(ROUND, "sacrum") == "left"
    assert place_contact(ROUND, "head") == "touching"
    unsure = replace(ROUND, intervals_deg={"spinal_flexion_deg": (4.0, 44.0)})
    assert place_contact(unsure, "sacrum") == "maybe"
    unseen = replace(CLEAN, stray_cm=Strays(None, None, None))
    assert place_contact(unseen, "head") == "unseen"


def test_who_squats_has_the_stick_on_the_upper_back_until_it_really_leaves() -> None:
    assert knees_contact(SQUAT) == "left"
    assert place_contact(SQUAT, "upper_back") == "touching"
    far = replace(SQUAT, stray_cm=Strays(0.0, DEFAULT.upper_back_stray_cm + 1, 0.0))
    assert place_contact(far, "upper_back") == "left"
    assert knees_contact(CLEAN) == "touching"
    assert knees_contact(replace(CLEAN, knee_flexion_deg=None)) == "unseen"


@pytest.mark.parametrize(
    ("rep", "state"),
    [
        (CLEAN, "touching"),
        (ROUND, "left"),
        (replace(CLEAN, notes=(NOT_JUDGED,)), "unseen"),
    ],
)
def test_one_state_for_a_whole_rep(rep: Rep, state: str) -> None:
    assert whole_contact(rep) == state
