"""Single frames of a live session, and repetitions told apart."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from support import verdicts

from hinge_dowel.analysis.back_points import Spine
from hinge_dowel.live.frames import (
    SLACK_S,
    FrameRow,
    joined,
    phase_at,
    same,
    shows_person,
    split,
    when,
)
from hinge_dowel.live.snapshot import Phase
from hinge_dowel.verdict import Rep


def rep(start_s: float | None, bottom_s: float | None, end_s: float | None) -> Rep:
    return replace(verdicts.rep(1), start_s=start_s, bottom_s=bottom_s, end_s=end_s)


def test_a_spine_goes_to_pieces_and_together_again() -> None:
    shapes = {"points_px": (4, 7, 2), "usual_error_deg": (4, 5)}
    rng = np.random.default_rng(0)
    whole = Spine(**{f.name: rng.normal(size=shapes.get(f.name, (4,))) for f in fields(Spine)})
    parts = split(whole)
    assert [len(part.trunk_px) for part in parts] == [1, 1, 1, 1]
    again = joined(parts)
    for field in fields(Spine):
        np.testing.assert_array_equal(getattr(again, field.name), getattr(whole, field.name))


def test_a_frame_without_anybody() -> None:
    seen = np.zeros((33, 4))
    assert shows_person(FrameRow(0.0, seen, np.zeros(1)))
    assert not shows_person(FrameRow(0.0, seen * np.nan, np.zeros(1)))


def test_a_repetition_is_known_by_its_bottom_or_what_is_seen_of_it() -> None:
    assert when(rep(1.0, 2.0, 3.0)) == 2.0
    assert when(rep(1.0, None, 3.0)) == 1.0
    assert when(rep(None, None, 3.0)) == 3.0


@pytest.mark.parametrize(
    ("start_s", "bottom_s", "end_s", "alike"),
    [
        (2.0, 4.0, 6.0, True),
        (2.0, 6.0 + 0.9 * SLACK_S, 9.0, True),  # its bottom within the other
        (5.0, 6.0 + 1.1 * SLACK_S, 9.0, False),  # neither bottom within the other
        (3.5, 7.0, 9.0, True),  # the other's bottom within it
        (None, 1.0, None, False),
        (None, 2.5, None, True),
        (6.0, 8.0, 10.0, False),
    ],
)
def test_two_repetitions_are_one_where_a_bottom_of_one_is_in_the_other(
    start_s: float | None, bottom_s: float, end_s: float | None, alike: bool
) -> None:
    assert same(rep(start_s, bottom_s, end_s), rep(2.0, 4.0, 6.0)) is alike


def moving(*hip_deg: float) -> list[FrameRow]:
    """Return frames at 10 pictures a second."""
    none = np.zeros((33, 4))
    return [FrameRow(k / 10, none, np.zeros(1), hip_deg=one) for k, one in enumerate(hip_deg)]


@pytest.mark.parametrize(
    ("hips_deg", "before", "told"),
    [
        ((2.0, 3.0, 4.0), "lifting", "standing"),
        ((16.0, 20.0, 24.0), "standing", "lowering"),
        ((60.0, 50.0, 40.0), "lowering", "lifting"),
        ((80.0, 80.1, 80.0), "lowering", "lowering"),
        ((16.0, 16.2, 16.1), "standing", "standing"),
        # Down at 5 degrees a second: slow, and yet no standing.
        ((39.0, 39.5, 40.0), "standing", "lowering"),
    ],
)
def test_the_phase_follows_the_hip(hips_deg: tuple[float, ...], before: Phase, told: Phase) -> None:
    *rows, newest = moving(*hips_deg)
    assert phase_at(rows, newest.time_s, newest.hip_deg, before) == told
    assert phase_at(rows, newest.time_s, None, before) == before
