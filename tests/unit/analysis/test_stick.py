"""One way to lay a stick on a back."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel.analysis import dowel, stick

STANDING = np.stack([[0.0, 2.0, -1.0, 0.5, 1.0], np.linspace(0, 55, 5)], axis=1)
REST = dowel.rest(np.stack([STANDING]))
LEAVING = stick.Explanation(
    np.array([0.0, 0.0, 1.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.0, 0.0, 0.0]), (True, False)
)
"""The head has left: the stick rests on the three lowest points and stops at the second."""


def turned(pitch_deg: float, at: tuple[float, float] = (300.0, 200.0)) -> np.ndarray:
    """The standing points pitched forward about the picture's corner, elsewhere in it."""
    angle = np.radians(pitch_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return STANDING @ turn.T + np.array(at)


def test_on_a_back_as_in_standing_nothing_is_left_over():
    points = np.stack([turned(10.0), turned(70.0, (-40.0, 900.0))])
    found = stick.laid(points, REST, None, LEAVING)
    assert found.fit[0] - found.fit[0, 0] == pytest.approx([0, 60], abs=1e-6)
    assert found.fit[1:] == pytest.approx(0, abs=1e-6)
    assert found.cost == pytest.approx(0, abs=1e-9)


def test_what_has_left_is_measured_from_the_stick():
    points = turned(30.0)[None].copy()
    pitch_deg = stick.laid(points, REST, None, LEAVING).fit[0]
    points[:, 0] += 4.0 * stick.normal_of(np.radians(pitch_deg))
    found = stick.laid(points, REST, None, LEAVING)
    assert found.fit[1:, 0] == pytest.approx([4, 0, 0], abs=1e-4)
    assert found.stray_cm[0] == pytest.approx([4, 0, 0, 0, 0], abs=1e-4)


@pytest.mark.parametrize("thorax", [None, np.radians([25.0, 40.0, 61.0])])
def test_the_slopes_are_those_of_the_residuals(thorax):
    points = np.stack([turned(pitch) for pitch in (20.0, 45.0, 60.0)])
    points = points + np.random.default_rng(3).normal(0, 1, points.shape)
    problem = stick._Problem(points, REST, thorax, LEAVING)
    at = 1 + np.random.default_rng(4).normal(0, 0.1, 6)
    steps = 1e-6 * np.eye(6)
    slopes = [(problem.residuals(at + d) - problem.residuals(at - d)) / 2e-6 for d in steps]
    assert problem.jacobian(at).toarray() == pytest.approx(np.array(slopes).T, abs=1e-6)


def test_a_frame_alone_is_laid_as_among_others():
    rng = np.random.default_rng(5)
    points = np.stack([turned(pitch) for pitch in (5.0, 30.0, 80.0)])
    points = points + rng.normal(0, 1, points.shape)
    together = stick.laid(points, REST, None, LEAVING)
    for k in range(3):
        alone = stick.laid(points[k : k + 1], REST, None, LEAVING)
        assert alone.fit[:, 0] == pytest.approx(together.fit[:, k], abs=1e-4)
