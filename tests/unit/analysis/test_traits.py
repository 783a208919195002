"""What is measured of a movement: time at the bottom, bends, and where the hands are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.postures import posture_of

from hinge_dowel.analysis import back_points, posture
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.traits import UNSEEN, Scene, measured
from hinge_dowel.body.facing import face_right
from hinge_dowel.testing.synthetic import HINGE, motion

FPS = 20


def test_times_are_those_deeper_than_shares_of_the_depth() -> None:
    time_s = np.arange(10 * FPS) / FPS
    hip = np.interp(time_s, [1, 2, 5, 7, 8, 9], [0, 50, 50, 100, 100, 0])
    one = RepSpan(1.0, 7.5, 9.0, FPS, round(7.5 * FPS), 9 * FPS, "full")
    (traits,) = measured([one], Scene.unseen(posture_of(time_s, hip=hip)))
    # Past 85: from 6.4 to 8.15 s; past 40: from 1.8 to 8.6 s.
    assert traits.held_s == pytest.approx(1.7, abs=2 / FPS)
    assert traits.bent_s == pytest.approx(6.8, abs=2 / FPS)
    assert traits.bottom_deg[0] == 100.0
    assert traits.hands_bottom == UNSEEN
    assert np.isnan(traits.hands_low)


def test_of_several_times_at_the_bottom_the_longest_counts() -> None:
    time_s = np.arange(11 * FPS) / FPS
    hip = np.interp(time_s, [1, 2, 5, 6, 7, 8, 9, 10], [0, 100, 100, 0, 0, 100, 100, 0])
    one = RepSpan(1.0, 3.5, 10.0, FPS, round(3.5 * FPS), 10 * FPS, "full")
    (traits,) = measured([one], Scene.unseen(posture_of(time_s, hip=hip)))
    assert traits.bent_s == pytest.approx(4.2, abs=2 / FPS)


def test_hands_on_the_way_up_are_those_off_the_floor_and_before_standing() -> None:
    time_s = np.arange(6 * FPS) / FPS
    hip = np.interp(time_s, [1, 3, 5], [0, 100, 0])
    between = (time_s > 3) & (hip > 50) & (hip <= 85)
    scene = replace(
        Scene.unseen(posture_of(time_s, hip=hip)),
        hands=np.where(between, 1.0, 0.0)[:, None] * np.array([0.1, -1.1, 0.2, -1.2]),
    )
    one = RepSpan(1.0, 3.0, 5.0, 20, 60, 100, "full")
    (traits,) = measured([one], scene)
    assert traits.hands_rising == (0.1, -1.1, 0.2, -1.2)


def test_hands_count_only_where_both_the_picture_s_and_the_trunk_s_axes_are_seen() -> None:
    time_s = np.arange(5 * FPS) / FPS
    hip = 80 * np.sin(np.pi * time_s / 5)
    scene = Scene.unseen(posture_of(time_s, hip=hip))
    hands = np.tile([0.1, -1.1, 0.2, -1.2], (len(time_s), 1))
    hands[::2, 2:] = np.nan
    hands[::2, :2] = 9.0
    one = RepSpan(0.5, 2.5, 4.5, 10, 50, 90, "full")
    (traits,) = measured([one], replace(scene, hands=hands))
    assert traits.hands_bottom == traits.hands_before == (0.1, -1.1, 0.2, -1.2)


@pytest.mark.parametrize("facing", ["left", "right"])
def test_hands_are_measured_from_the_shoulders_whichever_way_one_faces(facing) -> None:
    seen = motion(HINGE, 1, fps=FPS, facing=facing)
    right = face_right(seen.landmarks, None, facing)[0]
    found = back_points.from_landmarks(right)
    told = posture.from_spine(seen.time_s, found, 170.0)
    rep = seen.reps[0]
    span = RepSpan(
        rep.start_s, rep.bottom_s, rep.end_s,
        *(round(FPS * t) for t in (rep.start_s, rep.bottom_s, rep.end_s)), "full",
    )  # fmt: skip
    (traits,) = measured([span], Scene.of(told, found, right))
    # Arms of 1.15 trunk lengths hang straight down all the time.
    before, bottom = traits.hands_before, traits.hands_bottom
    for place in (before, bottom, traits.hands_rising, traits.hands_after):
        assert place[:2] == pytest.approx((0.03, -1.15), abs=0.05)
    assert before[2:] == pytest.approx(before[:2], abs=0.05)
    pitch = np.radians(traits.bottom_deg[2])
    assert bottom[2:] == pytest.approx((1.15 * np.sin(pitch), -1.15 * np.cos(pitch)), abs=0.08)
    assert traits.hands_low == pytest.approx(1.03, abs=0.02)
