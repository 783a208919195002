"""One moment of a session in words."""

from __future__ import annotations

import pytest
from support.screens import DONE

from hinge_dowel.live.snapshot import Snapshot


@pytest.mark.parametrize(("done", "said"), [(0, "rep 0 of 3"), (3, "rep 3 of 3"), (4, "rep 4")])
def test_where_a_session_is_is_told_past_its_plan_too(done: int, said: str) -> None:
    snapshot = Snapshot("moving", set_number=2, sets=3, reps=3, set_reps=DONE[:done])
    assert snapshot.place == f"set 2 of 3   {said}"
