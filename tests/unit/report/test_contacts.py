"""Which light when, and which moment is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import verdicts

from hinge_dowel.report import contacts
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import FAULTS, Strays, Verdict

PLACES = list(verdicts.PLACE.items())


@pytest.mark.parametrize(("fault", "place"), PLACES)
def test_a_place_is_off_only_around_the_bottom_of_its_faulty_rep(fault: str, place: str) -> None:
    one = verdicts.verdict(reps=[(), (fault,), ()])
    found = contacts.of_frames(one)
    assert one.series is not None
    off = one.series.time_s[np.array(found[place]) == "off"]
    assert 6.3 < off.min() < 8.0 < off.max() < 9.7  # rep 2 goes from 6 to 10 s
    others = {light for name in found if name != place for light in found[name]}
    assert others == {"on"}


def test_an_angle_past_its_limit_is_not_off_where_the_verdict_names_no_fault() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)])
    pardoned = replace(one, reps=(replace(one.reps[0], faults=()),))
    assert set(contacts.of_frames(pardoned)["sacrum"]) == {"on", "close"}


def test_what_was_not_seen_has_no_light() -> None:
    one = verdicts.verdict()
    assert one.series is not None
    hidden = one.series.head_cm.copy()
    hidden[10:20] = np.nan
    unseen = replace(one, series=replace(one.series, head_cm=hidden))
    found = contacts.of_frames(unseen)["head"]
    assert [i for i, light in enumerate(found) if light == "unseen"] == list(range(10, 20))


@pytest.mark.parametrize(("fault", "place"), PLACES)
def test_the_light_of_a_rep(fault: str, place: str) -> None:
    faulty = verdicts.rep(1, [fault])
    assert {name: contacts.of_rep(faulty, name) for name in contacts.UNSURE} == {
        name: "off" if name == place else "on" for name in contacts.UNSURE
    }
    clean = replace(faulty, faults=(), stray_cm=Strays(0, 0, 0), notes=(contacts.UNSURE[place],))
    assert contacts.of_rep(clean, place) == "close"
    far = replace(clean, notes=(), stray_cm=replace(clean.stray_cm, **{place: contacts.CLOSE_CM}))
    assert contacts.of_rep(far, place) == "close"
    hidden = replace(clean, notes=(), stray_cm=replace(clean.stray_cm, **{place: None}))
    assert contacts.of_rep(hidden, place) == "unseen"


def test_the_worst_moment_is_at_the_bottom_of_the_rep_furthest_past_its_limit() -> None:
    one = verdicts.verdict(reps=[("cervical_flexion",), (), ("squatting", "spinal_flexion")])
    found = contacts.worst(one)
    assert found is not None
    assert (found.rep.number, found.fault) == (3, "spinal_flexion")
    assert found.time_s == pytest.approx(12.0, abs=0.1)
    assert one.series is not None
    assert one.series.time_s[found.frame] == found.time_s


def test_of_a_clean_clip_the_deepest_bottom_is_shown() -> None:
    one = verdicts.verdict(reps=[(), ()])
    deeper = replace(one, reps=(one.reps[0], replace(one.reps[1], hip_flexion_deg=99.0)))
    found = contacts.worst(deeper)
    assert found is not None
    assert (found.rep.number, found.fault) == (2, None)
    assert found.time_s == pytest.approx(8.0, abs=0.1)


def test_a_moment_that_cannot_be_drawn_is_not_shown() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)])
    assert one.series is not None
    dowel = one.series.dowel_px.copy()
    dowel[(one.series.time_s > 3.5) & (one.series.time_s < 4.5)] = np.nan
    found = contacts.worst(replace(one, series=replace(one.series, dowel_px=dowel)))
    assert found is not None
    assert abs(found.time_s - 4.0) == pytest.approx(0.5, abs=0.1)
    nowhere = replace(one.series, dowel_px=np.full_like(dowel, np.nan))
    assert contacts.worst(replace(one, series=nowhere)) is None
    assert contacts.worst(verdicts.without_frames(one)) is None


def test_limits_are_the_clips_own() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)])
    assert contacts.limits_deg(one)["spinal_flexion"] == DEFAULT.spinal_flexion_deg
    assumed = replace(one, neutral="assumed")
    more = DEFAULT.assumed_neutral_extra_deg
    plain = contacts.limits_deg(one)
    assert contacts.limits_deg(assumed) == {key: plain[key] + more for key in FAULTS}


def test_feet_lie_on_the_dowel_square_below_their_places() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)], facing="left")
    drawn = contacts.drawing(one)
    way = drawn.dowel_px[:, 0] - drawn.dowel_px[:, 1]
    gap = drawn.places_px - drawn.feet_px
    reach = drawn.feet_px - drawn.dowel_px[:, 1:]
    cross = reach[..., 0] * way[:, None, 1] - reach[..., 1] * way[:, None, 0]
    assert np.abs((gap * way[:, None]).sum(-1)).max() < 1e-6
    assert np.abs(cross).max() < 1e-6


def test_nothing_seen_draws_nothing() -> None:
    nothing: Verdict = verdicts.unusable()
    assert contacts.of_frames(nothing) == {"head": [], "upper_back": [], "sacrum": []}
    assert len(contacts.drawing(nothing).dowel_px) == 0
