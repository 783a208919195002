"""The plan from a history, and how it is told."""

from __future__ import annotations

from datetime import date

from support.histories import practised

from hinge_dowel.history import plan


def test_each_person_has_a_ladder_of_their_own():
    sessions = [
        practised(1, "hinge", who="Anna"),
        practised(2, "kneeling", who="Ben"),
        practised(3, "hinge", who="anna"),
        practised(4, "band"),
    ]
    today = date(2026, 3, 10)
    levels = {who: plan.ladder_place(sessions, who, today).level.name for who in ("ANNA", "Ben")}
    assert levels == {"ANNA": "hinge", "Ben": "kneeling"}
    assert plan.ladder_place(sessions, "Anna", today).clean == 2
    assert plan.next_session(sessions, None, today).exercise == "band"
    assert plan.next_session(sessions, "Carl", today).exercise == "kneeling"


def test_faults_in_doubt_and_halves_of_reps_are_no_faults_here():
    today = date(2026, 3, 10)
    maybe = {"intervals_deg": {"knee_flexion_deg": [12.0, 60.0]}}
    plain = {"intervals_deg": {"knee_flexion_deg": [46.0, 60.0]}}
    assert plan.ladder_place([practised(1, "hinge", 6, **maybe)], None, today).clean == 1
    assert plan.ladder_place([practised(1, "hinge", 6, **plain)], None, today).clean == 0
    # Half reps count neither as clean nor as faulty.
    (step,) = plan.ladder_place([practised(1, "hinge", 6, notes=["partial"])], None, today).steps
    assert step.counted == "short"
