"""What is drawn of one frame, as numbers: figures, dowels, lights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import verdicts
from support.verdicts import altered, frames

from hinge_dowel.report import contacts, highlights, moments
from hinge_dowel.report.moments import Moment
from hinge_dowel.verdict import Verdict


def drawn(one: Verdict) -> Moment:
    shown = highlights.worst(one)
    assert shown is not None
    return moments.Stills(one, None, 480).large(shown, "")


def drawn_small(one: Verdict) -> Moment:
    small = moments.Stills(one, None, 480).small(one.reps[0])
    assert small is not None
    return small


def names(moment: Moment) -> list[str]:
    return [stroke.name for stroke in (*moment.limbs, *moment.lines)]


def test_contacts_are_drawn_where_they_are() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)])
    moment = drawn(one)
    assert [lamp.light for lamp in moment.lamps] == ["on", "on", "off"]
    frame = int(np.argmin(np.abs(frames(one).time_s - 4.0)))
    box = moments.surroundings(frames(one), contacts.drawing(one), frame)
    sacrum = (frames(one).back_px[frame, -1] - [box.left, box.top]) * moments.LARGE / box.width
    assert box.width > box.height
    assert (moment.width, moment.lamps[2].x) == pytest.approx((moments.LARGE, sacrum[0]))
    assert moment.lamps[2].y == pytest.approx(sacrum[1])
    assert names(moment).count("gap") == 1


def test_a_small_figure_shows_only_what_is_wrong() -> None:
    one = verdicts.verdict(reps=[("squatting",)])
    large, small = drawn(one), drawn_small(one)
    assert [lamp.light for lamp in large.lamps] == ["off", "on", "off", "on"]
    assert [lamp.light for lamp in small.lamps] == ["off", "off"]
    assert "leg off" in names(small)
    assert {"limb far", "spine", "dowel-edge"} <= set(names(large)) - set(names(small))


@pytest.mark.parametrize("metres_per_px", [0.005, 1.0, 300.0])
def test_keypoints_of_any_unit_are_drawn_alike(metres_per_px: float) -> None:
    plain = altered(verdicts.verdict(reps=[("spinal_flexion",)]), size_px=None)
    fields = ("landmarks_px", "back_px", "dowel_px")
    scaled = {name: getattr(plain.series, name) * metres_per_px for name in fields}
    first, second = drawn_small(plain), drawn_small(altered(plain, **scaled))
    assert replace(first, width=0.0, height=0.0, head=None) == replace(
        second, width=0.0, height=0.0, head=None
    )
    assert (first.width, first.height) == pytest.approx((second.width, second.height))
    assert first.head == pytest.approx(second.head)


def test_points_along_the_back_are_drawn_without_a_body() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)])
    bare = drawn(altered(one, landmarks_px=frames(one).landmarks_px[:, :0], size_px=None))
    assert "spine" in names(bare)
    assert (bare.limbs, bare.trunk, bare.head) == ((), (), None)


def test_what_is_not_known_is_not_drawn() -> None:
    one = verdicts.verdict(reps=[()])
    marks = frames(one).landmarks_px.copy()
    marks[:, 25:33] = np.nan  # nothing from the knees down
    marks[:, 7:9] = np.nan  # nor the ears
    figure = drawn(altered(one, landmarks_px=marks))
    assert figure.head is None
    assert len(figure.trunk) > 6
    strokes = (*figure.limbs, *figure.lines)
    assert np.isfinite(np.concatenate([s.points for s in strokes if s.points])).all()
