"""The line of words on a session's screen: which of them comes first, and for how long."""

from __future__ import annotations

import pytest

from hinge_dowel.live.estimator import NEUTRAL_S
from hinge_dowel.live.framing import Problem
from hinge_dowel.live.messages import NOTICE_S, Messages
from hinge_dowel.live.snapshot import LiveFrame

UNSEEN = LiveFrame(0.0)


def shown(messages, stage="moving", lasting=None, now_s=10.0):
    return messages.shown(stage, UNSEEN, lasting, now_s)[0]


@pytest.fixture
def messages():
    return Messages(live=True, kneels=False, begun_s=0.0)


def test_the_camera_comes_first_then_what_has_happened_then_what_is_wrong(messages):
    messages.trouble = "The camera is gone."
    messages.notice("Lost you: that rep again", 10.0, of_no_rep=False)
    said = []
    for trouble in ("The camera is gone.", ""):
        messages.trouble = trouble
        said.append(shown(messages, lasting=Problem.FAR))
    said.append(shown(messages, lasting=Problem.FAR, now_s=10.0 + NOTICE_S))
    said.append(shown(messages, now_s=10.0 + NOTICE_S))
    far = Problem.FAR.words(live=True)
    assert said == ["The camera is gone.", "Lost you: that rep again", far, ""]


def test_a_movement_that_does_not_count_is_marked_while_it_is_told(messages):
    messages.notice("Not counted: sitting", 10.0, of_no_rep=True)
    assert messages.shown("moving", UNSEEN, None, 11.0) == ("Not counted: sitting", True)
    # At rest large figures tell the set: no message on an event.
    assert messages.shown("rest", UNSEEN, None, 11.0) == ("Rest", False)


@pytest.mark.parametrize(
    ("live", "kneels", "said"),
    [
        (True, False, "Stand tall and still"),
        (True, True, "Kneel tall and still"),
        (False, True, "No standing seen yet"),
    ],
)
def test_the_posture_that_is_measured_is_asked_for(live, kneels, said):
    messages = Messages(live=live, kneels=kneels, begun_s=0.0)
    assert shown(messages, "neutral") == said


def test_a_film_has_time_to_show_somebody_standing():
    film = Messages(live=False, kneels=False, begun_s=5.0)
    assert shown(film, "setup", now_s=5.0 + 0.9 * NEUTRAL_S) == ""
    assert shown(film, "setup", now_s=5.0 + NEUTRAL_S) == "No standing seen yet"
