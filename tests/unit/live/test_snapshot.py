"""One moment of a session in words."""

from __future__ import annotations

import pytest
from support.screens import DONE

from hinge_dowel.live.snapshot import Snapshot


@pytest.mark.parametrize(("reps", "said"), [(3, "set 2 of 3   rep 2 of 3"), (0, "rep 2")])
def test_where_a_session_is_is_told_with_its_plan_and_without(reps: int, said: str) -> None:
    snapshot = Snapshot("moving", set_number=2, sets=3, reps=reps, set_reps=DONE[:2])
    assert snapshot.place == said
