"""What `check` ends with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import verdicts

from hinge_dowel.commands.check import exit_status
from hinge_dowel.verdict import Verdict

SURE = verdicts.verdict(reps=[("spinal_flexion",), ()])
MAYBE = replace(
    SURE, reps=(replace(SURE.reps[0], intervals_deg={"spinal_flexion_deg": (5.0, 85.0)}),)
)
CLEAN = verdicts.verdict()


@pytest.mark.parametrize(
    ("found", "usual", "strict"),
    [
        ([CLEAN], 0, 0),
        ([CLEAN, MAYBE], 0, 1),
        ([MAYBE, SURE], 1, 1),
        ([SURE, verdicts.unusable()], 2, 2),
    ],
)
def test_only_sure_faults_count_unless_strict(
    found: list[Verdict], usual: int, strict: int
) -> None:
    assert exit_status(found) == usual
    assert exit_status(found, strict=True) == strict
