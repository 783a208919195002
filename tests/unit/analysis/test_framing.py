"""Cut off and too dark: the same for a clip and for the drill."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person

from hinge_dowel.analysis import framing
from hinge_dowel.body.trunk import trunk_frame
from hinge_dowel.pose.extraction import Record
from hinge_dowel.tolerances import DEFAULT


@pytest.fixture(scope="module")
def record() -> Record:
    return recorded_person.record()


def test_a_whole_body_is_not_cut_off(record: Record) -> None:
    head, feet = framing.cut_off(record.landmarks, record.size_px)
    assert head.shape == feet.shape == record.time_s.shape
    assert not head.any()
    assert not feet.any()


def test_one_frame_is_told_as_many_are(record: Record) -> None:
    assert record.size_px is not None
    low = (record.size_px[0], record.size_px[1] // 2)
    together = framing.cut_off(record.landmarks, low)
    for k in (0, 40, 90):
        assert framing.cut_off(record.landmarks[k], low) == (together[0][k], together[1][k])
    assert together[1].all()


def test_who_stands_too_high_has_no_head(record: Record) -> None:
    ears_px = record.landmarks[:, 7, 1].min()
    higher = record.landmarks - np.array([0.0, ears_px + 5.0, 0.0, 0.0])
    head, feet = framing.cut_off(higher, record.size_px)
    assert head.any()
    assert not feet.any()


def test_who_is_hidden_by_bars_is_cut_off_as_at_the_edge(record: Record) -> None:
    assert record.size_px is not None
    width, height = record.size_px
    ears_px, ankles_px = record.landmarks[:, 7, 1].max(), record.landmarks[:, 27, 1].min()
    for shown, expected in (
        ((0, 0, width, height), (False, False)),
        ((0, ears_px, width, height), (True, False)),
        ((0, 0, width, ankles_px - 60.0), (False, True)),
    ):
        head, feet = framing.cut_off(record.landmarks, record.size_px, np.array(shown))
        assert (bool(head.all()), bool(feet.all())) == expected


@pytest.mark.parametrize(("below_trunks", "out"), [(0.03, False), (0.07, True)])
def test_feet_are_out_where_one_is_guessed_below_the_picture(
    record: Record, below_trunks: float, out: bool
) -> None:
    assert record.size_px is not None
    one = record.landmarks[:1].astype(float)
    _, _, trunk_px = trunk_frame(one)
    one[:, 27, 1] = record.size_px[1] + below_trunks * trunk_px
    one[:, 28, 1] = record.size_px[1] - 0.1 * trunk_px
    head, feet = framing.cut_off(one, record.size_px)
    assert not head.any()
    assert feet.tolist() == [out]


def test_of_an_unknown_picture_nothing_is_cut_off(record: Record) -> None:
    head, feet = framing.cut_off(record.landmarks, None)
    assert not head.any()
    assert not feet.any()


def test_who_is_not_seen_is_not_outside(record: Record) -> None:
    head, feet = framing.cut_off(np.full_like(record.landmarks, np.nan), record.size_px)
    assert not head.any()
    assert not feet.any()


@pytest.mark.parametrize(
    ("missed", "dark", "answer"),
    [(0, 0, False), (50, 50, False), (61, 31, True), (61, 30, False), (100, 51, True)],
)
def test_too_dark_is_mostly_missed_and_mostly_for_want_of_light(
    missed: int, dark: int, answer: bool
) -> None:
    tolerances = replace(DEFAULT, seen_share=0.4)
    assert framing.too_dark(100, missed, dark, tolerances) is answer


@pytest.mark.parametrize(
    ("usual_deg", "by_shoulders_deg", "expected_deg"),
    [
        (10, 20, 15),
        (10, np.nan, 10),
        (40, 90, 50),
        (60, 20, 40),
        (60, 80, 70),
        (np.nan, 20, np.nan),
    ],
)
def test_both_views_count_alike_and_one_alone_refuses_nothing(
    usual_deg: float, by_shoulders_deg: float, expected_deg: float
) -> None:
    found_deg = framing.view_of_both_deg(usual_deg, by_shoulders_deg, 50.0)
    assert found_deg == pytest.approx(expected_deg, nan_ok=True)


@pytest.mark.parametrize("turned_deg", [0.0, 30.0, 90.0])
def test_shoulders_tell_how_far_a_standing_person_is_turned(turned_deg: float) -> None:
    stands, bends = np.zeros((9, 33, 2)), np.zeros((9, 33, 2))
    apart = framing.SHOULDERS_TRUNKS * 100 * np.sin(np.radians(turned_deg)) / 2
    stands[:, 11], stands[:, 12], stands[:, 23:] = (
        (300 - apart, 100),
        (300 + apart, 100),
        (300, 200),
    )
    bends[:, 11:13], bends[:, 23:] = (400, 200), (300, 200)
    seen = np.concatenate([stands, bends])
    everywhere = np.ones(len(seen), dtype=bool)
    found_deg = framing.view_by_shoulders_deg(seen, everywhere)
    assert found_deg == pytest.approx(turned_deg, abs=1e-6)
    few = np.arange(len(seen)) >= len(stands) - framing.LEAST_UPRIGHT + 1
    assert np.isnan(framing.view_by_shoulders_deg(seen, few))
    assert np.isnan(framing.view_by_shoulders_deg(np.full_like(seen, np.nan), everywhere))


@pytest.mark.parametrize(
    ("trunk_deg", "where", "expected_deg"),
    [
        ([10, 80, 80], [1, 1, 1], 5),
        ([80, 80, 80], [1, 1, 1], 12.5),
        ([10, 80, 80], [0, 0, 1], np.nan),
    ],
)
def test_the_view_is_that_of_upright_moments_if_there_are_any(trunk_deg, where, expected_deg):
    view_deg = np.array([5.0, 20.0, np.nan])
    found = framing.usual_view_deg(view_deg, np.array(trunk_deg), np.array(where, dtype=bool))
    assert found == pytest.approx(expected_deg, nan_ok=True)


@pytest.mark.parametrize(
    ("view_deg", "usual_deg"),
    [
        ([4.0, 6.0, 20.0, 30.0], 5.0),  # upright it is known twice as well
        ([np.nan, 6.0, 20.0, 30.0], 6.0),
        ([np.nan, np.nan, 20.0, 30.0], 25.0),
        ([np.nan] * 4, np.nan),
    ],
)
def test_the_view_is_that_of_upright_moments_where_these_show_it(view_deg, usual_deg) -> None:
    trunk_deg = np.array([2.0, 10.0, 70.0, 80.0])
    found = framing.usual_view_deg(np.array(view_deg), trunk_deg, np.ones(4, dtype=bool))
    assert found == pytest.approx(usual_deg, nan_ok=True)
