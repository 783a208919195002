"""Places that a program did not see are missing, however it writes that."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import COCO, places_of

from hinge_dowel.keypoints.missing import seen

PLACES = places_of(COCO)[:60]
LOST = np.zeros(PLACES.shape[:2], dtype=bool)
LOST[30:33, 4:] = True


def missing(places, sure=None, *, scored=True):
    """Which of the places (T, N) are not seen."""
    return np.isnan(seen(places, sure, scored=scored)).all(axis=2)


@pytest.mark.parametrize("sign", [-1.0, -999.0, 9999.0, 1e10])
@pytest.mark.parametrize("depth", [None, 0.0, np.nan, "sign"])
def test_a_number_for_a_missing_place_is_none(sign, depth):
    places = np.where(LOST[..., None], sign, PLACES)
    if depth is not None:
        third = np.where(LOST, sign if depth == "sign" else depth, 5.0)
        places = np.dstack([places, third])
    np.testing.assert_array_equal(missing(places), LOST)


@pytest.mark.parametrize("most", [1.0, 100.0])
def test_a_place_of_hardly_any_score_is_a_guess(most):
    sure = np.where(LOST, 0.03, 0.9) * most
    np.testing.assert_array_equal(missing(PLACES, sure), LOST)
    assert not missing(PLACES, sure, scored=False).any()
    assert not missing(PLACES, np.where(LOST, 0.2, 0.9) * most).any()


def test_at_the_origin_several_places_are_missing_however_sure():
    places = np.full((9, 4, 2), 300.0)
    places[:, 1:3] = 0.0
    found = seen(places, np.full((9, 4), 0.9), scored=False)
    assert np.isnan(found).any(axis=2)[0].tolist() == [False, True, True, False]


@pytest.mark.parametrize("at", [(0.5, 720), (-640.0, -360.0)])
def test_where_most_places_lie_now_and_then_is_nobody_s(at):
    """As 0, 0 is that was moved along when y was turned round, or counted from the middle."""
    lost = np.random.default_rng(0).random(LOST.shape) < 0.1
    given = np.where(lost[..., None], at, PLACES)
    assert np.array_equal(missing(given), lost)
    alone = lost & (np.arange(lost.shape[1]) < lost.shape[1] // 2)
    assert not missing(np.where(alone[..., None], (0.5, 720), PLACES)).any()
