"""Which light when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import verdicts

from hinge_dowel.exercises.cues import CONTACTS
from hinge_dowel.report import contacts
from hinge_dowel.tolerances import HELD_WELL_DEG
from hinge_dowel.verdict import ANGLE_OF, Strays, Verdict

PLACES = list(verdicts.PLACE.items())


@pytest.mark.parametrize(("fault", "place"), PLACES)
def test_a_place_is_off_only_around_the_bottom_of_its_faulty_rep(fault: str, place: str) -> None:
    one = verdicts.verdict(reps=[(), (fault,), ()])
    found = contacts.of_frames(one)
    assert one.series is not None
    wrong = [place, contacts.KNEES_LIGHT] if fault == "squatting" else [place]
    for name in wrong:
        off = one.series.time_s[np.array(found[name]) == "off"]
        assert 6.3 < off.min() < 8.0 < off.max() < 9.7  # rep 2 goes from 6 to 10 s
    others = {light for name in found if name not in wrong for light in found[name]}
    assert others == {"on", "idle"}


def test_who_stands_or_sets_up_has_no_tick() -> None:
    one = verdicts.verdict(reps=[("squatting",), ()])
    assert one.series is not None
    idle = (one.series.time_s < 2.0) | (one.series.time_s > 10.0)
    for lights in contacts.of_frames(one).values():
        assert (np.array(lights)[idle] == "idle").all()
        assert (np.array(lights)[~idle] != "idle").all()


def test_an_angle_past_its_limit_is_not_off_where_the_verdict_names_no_fault() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)])
    pardoned = replace(one, reps=(replace(one.reps[0], faults=()),))
    assert set(contacts.of_frames(pardoned)["sacrum"]) == {"on", "close", "idle"}


def test_what_was_not_seen_has_no_light() -> None:
    one = verdicts.verdict()
    assert one.series is not None
    hidden = one.series.head_cm.copy()
    hidden[40:50] = np.nan
    unseen = replace(one, series=replace(one.series, head_cm=hidden))
    found = contacts.of_frames(unseen)["head"]
    assert [i for i, light in enumerate(found) if light == "unseen"] == list(range(40, 50))


@pytest.mark.parametrize(("fault", "place"), PLACES)
def test_the_light_of_a_rep(fault: str, place: str) -> None:
    faulty = verdicts.rep(1, [fault])
    assert {name: contacts.of_rep(faulty, name) for name in CONTACTS} == {
        name: "off" if name == place else "on" for name in CONTACTS
    }
    clean = replace(faulty, faults=(), stray_cm=Strays(0, 0, 0))
    if place in contacts.BORDERLINE_NOTE_OF:
        unsure = replace(clean, notes=(contacts.BORDERLINE_NOTE_OF[place],))
        assert contacts.of_rep(unsure, place) == "close"
    far = replace(clean, notes=(), stray_cm=replace(clean.stray_cm, **{place: 2.5}))
    assert contacts.of_rep(far, place) == "close"
    # How far is the user's to say.
    assert contacts.of_rep(replace(far, borderline_cm=3.0), place) == "on"
    hidden = replace(clean, notes=(), stray_cm=replace(clean.stray_cm, **{place: None}))
    assert contacts.of_rep(hidden, place) == "unseen"


def test_squatting_shows_in_the_knees_and_not_on_a_back_that_still_touches() -> None:
    squat = verdicts.rep(1, ["squatting"])
    touching = replace(squat, stray_cm=replace(squat.stray_cm, upper_back=0.4))
    assert (contacts.of_knees(squat), contacts.of_rep(squat, "upper_back")) == ("off", "off")
    assert (contacts.of_knees(touching), contacts.of_rep(touching, "upper_back")) == ("off", "on")
    one = verdicts.verdict(reps=[("squatting",)])
    assert one.series is not None
    flat = replace(one.series, upper_back_cm=np.zeros(len(one.series)))
    found = contacts.of_frames(replace(one, series=flat))
    assert "off" in found[contacts.KNEES_LIGHT]
    assert "off" not in found["upper_back"]


def test_knees_without_a_fault() -> None:
    clean = verdicts.rep(1)
    assert contacts.of_knees(clean) == "on"
    assert contacts.of_knees(replace(clean, notes=("unsure_knee",))) == "close"
    hidden = replace(clean, knee_flexion_deg=None)
    assert contacts.of_knees(replace(hidden, notes=("unsure_knee",))) == "unseen"
    assert contacts.of_knees(hidden) is None


@pytest.mark.parametrize(("fault", "place"), PLACES)
def test_a_maybe_is_borderline_and_never_off(fault: str, place: str) -> None:
    sure = verdicts.rep(1, [fault])
    maybe = replace(sure, intervals_deg={ANGLE_OF[fault]: (HELD_WELL_DEG[fault] - 0.1, 99.0)})
    assert contacts.of_rep(maybe, place) == contacts.of_whole(maybe) == "close"
    assert contacts.of_whole(sure) == "off"
    if fault == "squatting":
        assert contacts.of_knees(maybe) == "close"
    one = verdicts.verdict(reps=[(fault,)])
    lights = contacts.of_frames(replace(one, reps=(maybe,)))
    assert "off" not in {light for found in lights.values() for light in found}
    assert "close" in lights[contacts.KNEES_LIGHT if fault == "squatting" else place]


def test_a_rep_whose_end_is_not_seen_reaches_to_the_next_one_or_to_the_clip_s_edge() -> None:
    one = verdicts.verdict(reps=[(), (), ()])
    first, middle, last = one.reps
    assert one.series is not None
    edge_s = float(one.series.time_s[-1])
    cut = (replace(first, start_s=None), replace(middle, start_s=None), replace(last, end_s=None))
    assert contacts.spans_s(replace(one, reps=cut)) == [(0.0, 6.0), (6.0, 10.0), (10.0, edge_s)]
    unseen = verdicts.without_frames(replace(one, reps=cut))
    assert contacts.spans_s(unseen) == [(0.0, 6.0), (6.0, 10.0), (10.0, np.inf)]


def test_feet_lie_on_the_dowel_square_below_their_places() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)], facing="left")
    drawn = contacts.drawing(one)
    way = drawn.dowel_px[:, 0] - drawn.dowel_px[:, 1]
    gap = drawn.places_px - drawn.feet_px
    reach = drawn.feet_px - drawn.dowel_px[:, 1:]
    cross = reach[..., 0] * way[:, None, 1] - reach[..., 1] * way[:, None, 0]
    assert np.abs((gap * way[:, None]).sum(-1)).max() < 1e-6
    assert np.abs(cross).max() < 1e-6


@pytest.mark.parametrize(("facing", "leg"), [("left", (23, 25, 27)), ("right", (24, 26, 28))])
def test_the_leg_on_the_camera_s_side_is_drawn(facing, leg) -> None:
    marks = np.arange(2 * 33 * 2.0).reshape(2, 33, 2)
    back, dowel = np.zeros((2, 7, 2)), np.ones((2, 2, 2))
    drawn = contacts.drawing_of(marks, back, dowel, facing).leg_px
    np.testing.assert_array_equal(drawn, marks[:, leg])
    assert np.isnan(contacts.drawing_of(marks[:, :0], back, dowel, facing).leg_px).all()


def test_nothing_seen_draws_nothing() -> None:
    nothing: Verdict = verdicts.unusable()
    assert set(contacts.of_frames(nothing)) == {*CONTACTS, contacts.KNEES_LIGHT}
    assert not any(contacts.of_frames(nothing).values())
    assert len(contacts.drawing(nothing).dowel_px) == 0
