"""What looks like a repetition and is none: sitting, turning, putting something down."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from support import recorded_person
from support.postures import posture_of
from support.records import part, stepping

from hinge_dowel import check_keypoints
from hinge_dowel.analysis.not_counted import counted, reasons
from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.analysis.repetitions import Kind, RepSpan
from hinge_dowel.analysis.traits import UNSEEN, MovementTraits, Scene
from hinge_dowel.body.landmarks import HIPS, WRISTS
from hinge_dowel.testing.synthetic import HINGE, Bottom, mix

FPS = 15


def span(start_s: float | None, bottom_s: float, end_s: float | None) -> RepSpan:
    kind: Kind = "full" if start_s is not None and end_s is not None else "partial"
    first, bottom, last = (round(FPS * (t or bottom_s)) for t in (start_s, bottom_s, end_s))
    return RepSpan(start_s, bottom_s, end_s, first, bottom, last, kind)


def scene(seconds: float = 60.0, **about: Any) -> Scene:
    """Somebody who stands, seen from the side; `about` names series of the posture or the view."""
    time_s = np.arange(round(seconds * FPS)) / FPS
    view = about.pop("view", np.zeros(len(time_s)))
    feet = about.pop("feet", np.full((len(time_s), 2, 2), 3.0))
    return replace(Scene.unseen(posture_of(time_s, **about)), view_deg=view, feet=feet)


def within(first_s: float, last_s: float, value: float, seconds: float = 60.0) -> np.ndarray:
    """`value` between two times, 0 elsewhere."""
    time_s = np.arange(round(seconds * FPS)) / FPS
    return np.where((time_s >= first_s) & (time_s <= last_s), value, 0.0)


FIRST_LIFT, WHOLE, DESCENT = span(None, 1.0, 2.0), span(3.0, 4.0, 5.0), span(6.0, 8.0, None)


@pytest.mark.parametrize("before", [[FIRST_LIFT], [WHOLE], [FIRST_LIFT, WHOLE]])
def test_a_last_lowering_beside_others_is_no_repetition(before: list[RepSpan]) -> None:
    rest, told = counted([*before, DESCENT], scene())
    assert rest == tuple(before)
    assert told == (
        "The lowering from 6.0 s on, after which nobody stands up again, is not counted as a "
        "repetition.",
    )


@pytest.mark.parametrize(("shifts_deg", "counts"), [(40.0, True), (60.0, False)])
def test_a_fold_that_is_held_counts_after_hardly_any_bend(shifts_deg: float, counts: bool) -> None:
    hip_deg = within(3.0, 5.0, shifts_deg) + within(6.0, 60.0, 110.0)
    rest, _ = counted([WHOLE, DESCENT], scene(hip=hip_deg))
    assert (DESCENT in rest) is counts


@pytest.mark.parametrize(
    "spans", [[], [DESCENT], [FIRST_LIFT], [FIRST_LIFT, WHOLE], [WHOLE, span(None, 8.0, None)]]
)
def test_nothing_else_is_left_out(spans: list[RepSpan]) -> None:
    assert counted(spans, scene()) == (tuple(spans), ())


def test_without_a_picture_only_the_movement_tells() -> None:
    motion = posture_of(np.arange(900) / FPS)
    assert counted([FIRST_LIFT, WHOLE, DESCENT], Scene.unseen(motion))[0] == (FIRST_LIFT, WHOLE)


def test_where_a_last_lowering_is_left_out_is_said() -> None:
    record = part(recorded_person.record(), 0.0, 7.0)
    verdict = judge(record, clip="a")
    assert [rep.faults for rep in verdict.reps] == [()]
    assert "after which nobody stands up again, is not counted" in verdict.warnings[0]
    whole = judge(record, clip="a", count=lambda spans, _: (tuple(spans), ()))
    assert len(whole.reps) == 2


SET = [span(start, start + 1.5, start + 3) for start in (10.0, 14.0, 18.0)]


@pytest.mark.parametrize(("bends_deg", "counts"), [(12.0, False), (25.0, True)])
def test_hardly_a_bend_beside_repetitions_is_none(bends_deg: float, counts: bool) -> None:
    """Somebody waits and looks at the floor; half repetitions bend further."""
    slight = span(4.0, 5.0, 6.0)
    hip_deg = within(4.0, 6.0, bends_deg) + within(10.0, 22.0, 110.0)
    rest, told = counted([slight, *SET], scene(hip=hip_deg))
    assert (slight in rest) is counts
    assert set(SET) <= set(rest)
    assert counts or "the hips hardly bend there" in told[0]
    # Of two movements neither says what the clip is about.
    assert counted([slight, SET[0]], scene(hip=hip_deg)) == ((slight, SET[0]), ())


@pytest.mark.parametrize("start_s", [4.0, 30.0])
@pytest.mark.parametrize("first", [SET[0], span(None, 11.5, 13.0)])
def test_who_faces_the_camera_does_no_repetition(start_s: float, first: RepSpan) -> None:
    """Beside a set of which one repetition at least is seen whole."""
    turned = span(start_s, start_s + 1, start_s + 2)
    own = [first, *SET[1:]]
    spans = sorted([*own, turned], key=lambda each: each.bottom_s)
    rest, told = counted(spans, scene(view=within(start_s, start_s + 2, 27.0)))
    assert rest == tuple(own)
    assert "not seen from the side there" in told[0]
    # Views of one set differ by some degrees, and none of them is left out.
    assert counted(spans, scene(view=within(start_s, start_s + 2, 10.0)))[0] == tuple(spans)


def test_a_camera_that_is_carried_round_the_set_loses_nothing() -> None:
    view = np.linspace(0.0, 60.0, 60 * FPS)
    spans = [span(start, start + 1.5, start + 3) for start in range(4, 40, 5)]
    assert counted(spans, scene(view=view))[0] == tuple(spans)


def test_getting_up_from_a_seat_is_no_repetition() -> None:
    up = span(None, 2.0, 3.0)
    seated = {"hip": within(0, 2, 95), "knee": within(0, 2, 90), "trunk": within(0, 1.5, 10)}
    rest, told = counted([up, *SET], scene(**seated))
    assert rest == tuple(SET)
    assert told == ("Getting up from a seat, at 2.0 s, is not counted as a repetition.",)
    lift = seated | {"trunk": within(0, 2, 50)}
    assert counted([up, *SET], scene(**lift)) == ((up, *SET), ())
    assert counted([up], scene(**seated)) == ((up,), ())


@pytest.mark.parametrize(("knee_deg", "seat"), [(136.0, False), (60.0, True), (np.nan, True)])
def test_the_bottom_of_a_squat_is_no_seat(knee_deg: float, seat: bool) -> None:
    """A film that begins at the bottom of a set whose repetitions are as low."""
    begun = replace(LIFT, kind="partial", sat_s=0.6, bottom_deg=(105.0, 125.0, 18.0))
    low = replace(LIFT, bottom_deg=(120.0, knee_deg, 21.0))
    first, *rest = following(begun, low, low)
    assert set(reasons([replace(first, start_s=None), *rest])) == ({0} if seat else set())


@pytest.mark.parametrize(("held_s", "one"), [(1.5, True), (20.0, False)])
def test_a_rest_on_a_seat_is_no_repetition_and_a_box_squat_is_one(held_s: float, one: bool) -> None:
    end_s = 24 + held_s
    on_it = span(22.0, 23 + held_s / 2, end_s)
    rest, _ = counted(
        [*SET, on_it],
        scene(hip=within(23, end_s - 1, 95), knee=within(23, end_s - 1, 90)),
    )
    assert rest == ((*SET, on_it) if one else tuple(SET))


def feet(lengths: float, until_s: float, walking_s: float) -> np.ndarray:
    """Ankles (T, 2, 2) that stand so many trunk lengths to the left first, and then walk."""
    time_s = np.arange(60 * FPS) / FPS
    share = np.clip((time_s - until_s) / walking_s, 0, 1)
    middle = 3 - lengths * (1 - share)
    stride = np.where((share > 0) & (share < 1), np.sin(6 * (time_s - until_s)), 0.0) / 2
    out = np.full((len(time_s), 2, 2), 3.0)
    out[..., 0] = np.stack([middle + stride, middle - stride], axis=1)
    return out


def test_a_lone_movement_away_from_the_set_fetched_something() -> None:
    fetched = span(4.0, 5.0, 6.0)
    walked = scene(feet=feet(0.8, 7.0, 2.0))
    rest, told = counted([fetched, *SET], walked)
    assert rest == tuple(SET)
    assert "at 5.0 s is not counted as a repetition: it was done away from the set" in told[0]
    # Beside fewer than a set nobody can say which is which.
    assert counted([fetched, *SET[:2]], walked)[0] == (fetched, *SET[:2])
    # A camera that is pushed moves the feet too, but not one before the other.
    pushed = scene(feet=feet(0.8, 7.0, 1e-3))
    assert counted([fetched, *SET], pushed)[0] == (fetched, *SET)


def test_picking_up_the_stick_is_no_repetition() -> None:
    fetched, put_down = span(4.0, 5.0, 6.0), span(24.0, 25.0, 26.0)
    held = scene()
    held = replace(held, hands_behind=within(9.0, 22.0, 1.0).astype(bool))
    rest, told = counted([fetched, *SET, put_down], held)
    assert rest == tuple(SET)
    assert len(told) == 2
    assert "the stick is not in the hands yet, or no more" in told[0]
    # Who practises without one, or lets it go within the set, loses nothing.
    assert counted([fetched, *SET], scene())[0] == (fetched, *SET)
    dropped = replace(held, hands_behind=within(9.0, 16.0, 1.0).astype(bool))
    assert counted([*SET, put_down], dropped)[0] == (*SET, put_down)


def test_a_clip_tells_what_was_done_away_from_its_set() -> None:
    whole = recorded_person.record()
    usual = judge(whole, clip="a").reps
    assert usual[0].end_s is not None
    assert usual[1].start_s is not None
    record = stepping(whole, usual[0].end_s, usual[1].start_s, 90.0)
    verdict = judge(record, clip="a")
    assert [rep.faults for rep in verdict.reps] == [rep.faults for rep in usual[1:]]
    assert any("done away from the set" in said for said in verdict.warnings)


def test_while_a_session_goes_on_nothing_is_known_to_be_its_last() -> None:
    done = [MovementTraits(t, t + 1.5, t + 3, place=(3.0, 0.0)) for t in (10.0, 14.0, 18.0)]
    away = MovementTraits(24.0, 25.0, 26.0, place=(4.0, 0.0), stride=1.0)
    assert reasons([*done, away], going_on=True) == {}
    assert reasons([*done, away])[3].short == "away from the set"
    back = MovementTraits(30.0, 31.0, 32.0, place=(3.0, 0.0), stride=1.0)
    assert set(reasons([*done, away, back], going_on=True)) == {3}
    lowered = MovementTraits(24.0, 25.0, None, "partial", place=(3.0, 0.0))
    assert reasons([*done, lowered], going_on=True) == {}
    assert reasons([*done, lowered])[3].short == "put down"


HELD, EMPTY = (0.2, -1.0, 0.2, -1.0), (0.0, -1.0, 0.0, -1.0)
LIFT = MovementTraits(
    0.0,
    1.0,
    2.0,
    held_s=0.8,
    bent_s=1.6,
    bottom_deg=(110.0, 60.0, 60.0),
    hands_low=0.4,
    hands_before=HELD,
    hands_bottom=(0.1, -1.1, 0.9, -0.6),
    hands_rising=(0.1, -1.1, 0.6, -0.9),
    hands_after=HELD,
)


def following(*movements: MovementTraits) -> list[MovementTraits]:
    """The movements one after the other."""
    return [
        replace(one, start_s=4.0 * i, bottom_s=4.0 * i + 1, end_s=4.0 * i + 2)
        for i, one in enumerate(movements)
    ]


SIGNS: dict[str, dict[str, Any]] = {
    "empty afterwards": {"hands_after": EMPTY},
    "elsewhere on the way up": {"hands_rising": (-0.1, -1.1, 0.5, -0.9)},
    "longer at the bottom": {"held_s": 1.2},
    "bent for longer": {"bent_s": 7.0},
}


@pytest.mark.parametrize("signs", [*combinations(SIGNS, 1), *combinations(SIGNS, 2)])
def test_a_weight_is_set_down_by_two_signs_of_three(signs: tuple[str, ...]) -> None:
    told = {key: value for sign in signs for key, value in SIGNS[sign].items()}
    last = replace(LIFT, **told)
    told_by_time = {"longer at the bottom", "bent for longer"}
    found = reasons(following(LIFT, LIFT, LIFT, last))
    assert set(found) == ({3} if len(signs) == 2 and set(signs) != told_by_time else set())
    assert reasons(following(LIFT, LIFT, LIFT, last), going_on=True) == {}
    # Nothing is set down at the height of the knees, and who lifts once may do as he likes.
    assert reasons(following(LIFT, LIFT, LIFT, replace(last, hands_low=0.9))) == {}
    assert reasons(following(LIFT, last)) == {}
    # Nor in a set of squats, with the arms in front.
    squats = [replace(one, hands_bottom=(1.0, -0.1, 1.0, 0.1)) for one in (LIFT, LIFT, last)]
    assert reasons(following(*squats)) == {}
    # Nor in half a lift, of which the film shows too little to tell.
    assert reasons(following(LIFT, LIFT, LIFT, replace(last, kind="partial"))) == {}


def test_how_long_the_first_was_gripped_tells_nothing_of_letting_go() -> None:
    first = replace(LIFT, held_s=4.0, bent_s=5.0)
    last = replace(LIFT, hands_after=EMPTY, held_s=1.2)
    assert set(reasons(following(first, LIFT, last))) == {2}
    assert reasons(following(first, first, last)) == {}


def test_hands_that_are_never_seen_are_no_sign_of_a_weight_set_down() -> None:
    hidden = replace(LIFT, hands_after=UNSEEN, hands_rising=UNSEEN)
    last = replace(LIFT, hands_after=EMPTY, held_s=1.2)
    assert reasons(following(hidden, hidden, hidden, last)) == {}
    assert reasons(following(LIFT, LIFT, LIFT, replace(hidden, held_s=1.2))) == {}


def test_hands_that_vary_within_a_set_are_no_sign_of_a_weight_set_down() -> None:
    varied = [replace(LIFT, hands_after=(x, -1.0, x, -1.0)) for x in (0.2, 0.1, 0.3, 0.0)]
    last = replace(LIFT, hands_after=EMPTY, held_s=1.2)
    assert reasons(following(*varied, last)) == {}


AT_THE_FACE = replace(
    LIFT,
    hands_low=0.9,
    hands_bottom=(0.9, -0.1, -0.2, -0.9),
    hands_rising=(0.9, -0.3, -0.3, -0.9),
)


@pytest.mark.parametrize("at", [0, 2, 4])
@pytest.mark.parametrize(
    ("change", "counted"),
    [
        ({"bottom_deg": (110.0, 85.0, 60.0)}, False),
        ({"bottom_deg": (110.0, 60.0, 85.0)}, False),
        ({"bent_s": 6.0}, False),
        ({"bent_s": 6.0, "hands_behind": 0.8}, True),
        ({}, True),
    ],
)
def test_something_else_has_the_hands_elsewhere_and_bends_otherwise(at, change, counted) -> None:
    other = replace(AT_THE_FACE, **change)
    movements = [LIFT] * 4
    movements.insert(at, other)
    assert (at not in reasons(following(*movements))) is counted
    # A rep that bends otherwise with the hands in their place is a bad one.
    movements[at] = replace(LIFT, hands_low=0.9, **change)
    assert reasons(following(*movements)) == {}
    assert reasons(following(other, LIFT, LIFT)) == {}
    # Nor do hands do something else that are elsewhere at the bottom alone.
    movements[at] = replace(other, hands_rising=LIFT.hands_rising, bent_s=LIFT.bent_s)
    assert reasons(following(*movements)) == {}


def test_while_a_session_goes_on_something_else_may_become_a_set() -> None:
    other = replace(AT_THE_FACE, bent_s=6.0)
    assert reasons(following(LIFT, LIFT, LIFT, other), going_on=True) == {}
    assert set(reasons(following(LIFT, LIFT, LIFT, other, LIFT), going_on=True)) == {3}


def test_picking_the_weight_up_for_hinges_with_it_is_none_of_them() -> None:
    hinge = replace(LIFT, bottom_deg=(95.0, 25.0, 65.0), hands_low=0.8)
    pick = replace(LIFT, hands_before=EMPTY)
    assert reasons(following(pick, hinge, hinge, hinge))[0].short == "picked up"
    down = replace(LIFT, hands_after=EMPTY, held_s=1.2)
    assert set(reasons(following(pick, hinge, hinge, hinge, down))) == {0, 4}
    # The first of several lifts begins with empty hands too; a bad first hinge does not.
    assert reasons(following(pick, LIFT, LIFT, LIFT)) == {}
    assert reasons(following(LIFT, hinge, hinge, hinge)) == {}


def test_keypoints_tell_a_bottle_picked_up_after_the_set() -> None:
    floor = Bottom(hip_deg=115.0, knee_deg=40.0, shin_deg=8.0)
    seen = mix([HINGE] * 4 + [floor], fps=FPS, noise_cm=0.5)
    assert len(check_keypoints(seen.landmarks, FPS).reps) == 5
    # Before, the hands are on the hips.
    on_hips = seen.landmarks.copy()
    busy = seen.time_s < seen.reps[3].end_s
    on_hips[np.ix_(busy, WRISTS)] = seen.landmarks[np.ix_(busy, HIPS)]
    verdict = check_keypoints(on_hips, FPS)
    assert len(verdict.reps) == 4
    assert any("do something else than in the set" in said for said in verdict.warnings)


def test_keypoints_tell_a_bar_that_is_let_go_after_the_last_lift() -> None:
    seen = mix([Bottom(hip_deg=120.0, knee_deg=62.0, shin_deg=10.0)] * 4, fps=FPS, noise_cm=0.5)
    held, to_cm = seen.landmarks.copy(), 3.0
    held[:, WRISTS, 0] += 12.0 * to_cm
    assert len(check_keypoints(held, FPS, exercise="deadlift").reps) == 4
    empty = seen.time_s >= seen.reps[3].bottom_s
    held[empty] = seen.landmarks[empty]
    verdict = check_keypoints(held, FPS, exercise="deadlift")
    assert len(verdict.reps) == 3
    assert any("let go of the weight" in said for said in verdict.warnings)
