"""What is still wrong with the picture, in words."""

from __future__ import annotations

import numpy as np
import pytest
from support import recorded_person

from hinge_dowel.body.landmarks import ANKLES, KNEES
from hinge_dowel.live import framing
from hinge_dowel.live.framing import Problem
from hinge_dowel.live.snapshot import LiveFigure, LiveFrame


@pytest.fixture(scope="module")
def seen():
    return recorded_person.record()


def test_a_dim_room_is_not_a_light_that_went():
    blackout = framing.PictureWatch()
    assert not any(blackout.hides(level, at / 10) for at, level in enumerate([5, 7, 4, 11, 5]))
    assert not blackout.hides(90.0, 1.0)
    assert blackout.hides(4.0, 1.1)
    assert blackout.hides(4.0, 1.9)
    assert not blackout.hides(4.0, 2.1)
    assert not blackout.hides(90.0, 2.2)


def moment(seen, change=lambda xy: xy, size=None, **about):
    unknown = np.full((7, 2), np.nan)
    xy = change(seen.landmarks[0, :, :2].copy())
    figure = LiveFigure(xy, unknown, unknown[:2], size or seen.size_px, "right")
    return LiveFrame(0.0, figure=figure, facing="right", **about)


def test_each_thing_wrong_with_the_picture_has_its_words(seen):
    width, height = seen.size_px

    def said(shown, **asked):
        found = framing.problem(shown, **asked)
        return "" if found is None else found.words(live=True)

    assert said(moment(seen)) == ""
    assert said(moment(seen, view_angle_deg=40.0)) == "Turn side on"
    assert said(moment(seen, view_angle_deg=40.0), turned=False) == ""
    assert said(moment(seen, size=(width, height // 2))) == "Step back: feet are out"
    above = moment(seen, lambda xy: xy - [0, xy[:, 1].min() + 20])
    assert said(above) == "Step back: head is out"
    centre = np.array(seen.size_px) / 2
    large = moment(seen, lambda xy: centre + (xy - centre) * 3)
    assert said(large) == "Step back: head and feet are out"
    small = moment(seen, lambda xy: centre + (xy - centre) / 5)
    assert said(small) == "Come closer"
    assert said(moment(seen), kneels=True) == "Kneel upright"

    def knelt(xy):
        xy[list(ANKLES)] = xy[list(KNEES)] - [80, 0]
        return xy

    assert said(moment(seen, knelt), kneels=True) == ""
    assert said(moment(seen, knelt), kneels=False) == "Stand up"
    assert said(moment(seen), kneels=False) == ""


def test_what_nobody_can_mend_in_a_film_is_told_otherwise():
    assert Problem.NOT_KNEELING.words(live=False) == "Not kneeling: name the exercise"
    assert Problem.KNEELING.words(live=False) == "Kneeling: name the exercise"
    assert Problem.FEW.words(live=False) == "Few pictures in this film"
    for problem in set(Problem) - {Problem.NOT_KNEELING, Problem.KNEELING, Problem.FEW}:
        assert problem.words(live=False) == problem.words(live=True)


def test_a_problem_is_news_once_when_it_has_lasted():
    watch = framing.PictureWatch()
    told = []
    for k, wrong in enumerate([Problem.AWAY] * 12 + [Problem.DARK] * 3 + [Problem.AWAY] * 12):
        watch.note(wrong, k / 15, missed=True)
        told.append(watch.news(k / 15))
    assert [(k, wrong) for k, wrong in enumerate(told) if wrong] == [
        (8, Problem.AWAY),
        (23, Problem.AWAY),
    ]
    assert watch.wrong_since_s == 0.0
    watch.note(None, 3.0, missed=False)
    assert (watch.fine_since_s, watch.lasting(4.0)) == (3.0, None)


def test_people_are_counted_by_their_boxes():
    one, beside = [100, 50, 200, 400], [300, 60, 400, 400]
    twice, far = [105, 55, 210, 395], [320, 100, 350, 200]
    assert framing.people(np.zeros((0, 4))) == 0
    assert framing.people(np.array([one])) == 1
    assert framing.people(np.array([one, beside])) == 2
    assert framing.people(np.array([one, twice])) == 1
    assert framing.people(np.array([one, far])) == 1


@pytest.mark.parametrize(
    ("rate_hz", "slow", "said"),
    [
        (None, False, ""),
        (14.6, False, "15 pictures a second: every rep is judged"),
        (4.2, True, "4 pictures a second: lights and count only"),
    ],
)
def test_the_pace_is_told_with_what_it_allows(rate_hz, slow, said):
    assert framing.pace(LiveFrame(0.0, rate_hz=rate_hz, slow=slow)) == said


@pytest.mark.parametrize(
    ("fine", "dark", "empty", "blamed"),
    [(10, 11, 0, False), (10, 20, 0, True), (5, 15, 10, True), (5, 10, 15, False)],
)
def test_the_dark_is_blamed_where_it_hid_most(fine, dark, empty, blamed):
    """Of a clip two fifths with a person are enough."""
    missed = framing.PictureWatch()
    for count, of_no_use, wrong in (
        (fine, False, Problem.DARK),
        (dark, True, Problem.DARK),
        (empty, True, Problem.AWAY),
    ):
        for _ in range(count):
            missed.note(wrong, 0.0, missed=of_no_use)
    assert missed.too_dark is blamed
