"""Repetitions on motions whose answer is known in closed form."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hinge_dowel.analysis.repetitions import RepSpan, find_reps

FPS = 15.0


class Track:
    """Raised-cosine moves between postures, so that every start, bottom and end is known."""

    def __init__(self, stand_s=1.5, level=0.0):
        self.times, self.angles, self.truth = [0.0], [level], []
        self.to(level, stand_s)

    def to(self, angle, seconds):
        self.times.append(self.times[-1] + seconds)
        self.angles.append(angle)
        return self

    def rep(self, depth=70.0, tempo_s=4.0, pause_s=0.0, back=0.0, stand_s=0.0):
        start = self.times[-1]
        self.to(depth, tempo_s / 2).to(depth, pause_s)
        bottom = self.times[-1] - pause_s / 2
        self.to(back, tempo_s / 2)
        self.truth.append((start, bottom, self.times[-1]))
        return self.to(back, stand_s)

    def series(self, fps=FPS, noise=0.0, seed=0):
        time = np.arange(0.0, self.times[-1], 1 / fps)
        knots, angles = np.array(self.times), np.array(self.angles)
        at = np.clip(np.searchsorted(knots, time, side="right") - 1, 0, len(knots) - 2)
        share = (time - knots[at]) / np.maximum(knots[at + 1] - knots[at], 1e-9)
        hip = angles[at] + (angles[at + 1] - angles[at]) * (1 - np.cos(np.pi * share)) / 2
        return time, hip + noise * np.random.default_rng(seed).standard_normal(len(time))


def drill(reps=3, stand_s=1.0, **rep):
    track = Track()
    for _ in range(reps):
        track.rep(stand_s=stand_s, **rep)
    return track


def walking(seconds, fps=FPS, hertz=1.0):
    time = np.arange(0.0, seconds, 1 / fps)
    return 25 * np.sin(2 * np.pi * hertz * time)


def appended(*parts, fps=FPS):
    hip = np.concatenate(parts)
    return np.arange(len(hip)) / fps, hip


def bottoms(spans):
    return [span.bottom_s for span in spans]


def assert_found(spans, truth, bottom_s=0.15):
    assert [span.kind for span in spans] == ["full"] * len(truth)
    for span, (start, bottom, end) in zip(spans, truth, strict=True):
        assert span.bottom_s == pytest.approx(bottom, abs=bottom_s)
        assert start - 0.1 < span.start_s < span.bottom_s < span.end_s < end + 0.1
        assert span.end_s - span.start_s > 0.65 * (end - start)


@pytest.mark.parametrize("tempo_s", [1.0, 2.0, 4.0, 8.0])
@pytest.mark.parametrize("fps", [10.0, 25.0, 60.0])
@pytest.mark.parametrize("reps", [1, 5])
def test_clean_reps(tempo_s, fps, reps):
    track = drill(reps, tempo_s=tempo_s)
    assert_found(find_reps(*track.series(fps)), track.truth, bottom_s=0.05)


def test_five_frames_a_second_are_enough():
    track = drill(4, tempo_s=1.5)
    assert_found(find_reps(*track.series(5.0)), track.truth)


@pytest.mark.parametrize("pause_s", [0.5, 3.0, 12.0])
def test_the_bottom_of_a_pause_is_its_middle(pause_s):
    track = drill(3, pause_s=pause_s)
    assert_found(find_reps(*track.series(noise=2.0)), track.truth, bottom_s=0.25)


@pytest.mark.parametrize("back", [10.0, 20.0, 28.0])
def test_touch_and_go_makes_as_many_reps_as_bottoms(back):
    track = Track()
    for _ in range(4):
        track.rep(back=back)
    track.rep()
    spans = find_reps(*track.series(noise=2.0))
    assert [span.kind for span in spans] == ["full"] * 5
    assert bottoms(spans) == pytest.approx([rep[1] for rep in track.truth], abs=0.2)
    assert all(a.end_s < b.start_s for a, b in pairwise(spans))


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_a_pause_midway_does_not_make_two(share):
    track = Track().to(70 * share, 1.0).to(70 * share, 2.0).to(70, 1.0)
    track.to(70 * share, 1.0).to(70 * share, 1.0).to(0, 1.0).to(0, 1.0)
    (span,) = find_reps(*track.series(noise=2.0))
    assert span.bottom_s == pytest.approx(5.5, abs=0.2)


@pytest.mark.parametrize("bounced", [60, 47])
def test_a_bounce_at_the_bottom_does_not_make_two(bounced):
    track = Track().to(70, 2).to(bounced, 0.4).to(70, 0.4).to(0, 2).to(0, 1)
    (span,) = find_reps(*track.series(noise=2.0))
    assert span.bottom_s == pytest.approx(3.9, abs=0.2)


@pytest.mark.parametrize("depth", [25.0, 32.0, 40.0])
def test_half_reps_among_full_ones_count(depth):
    track = Track().rep(stand_s=1).rep(depth, stand_s=1).rep(stand_s=1).rep(depth, stand_s=1)
    assert_found(find_reps(*track.series(noise=2.0)), track.truth, bottom_s=0.25)


@pytest.mark.parametrize("seed", range(10))
def test_swaying_and_noise_are_no_reps(seed):
    rng = np.random.default_rng(seed)
    track = Track()
    for sway in rng.uniform(-12, 12, 15):
        track.to(sway, rng.uniform(0.5, 2)).to(0, rng.uniform(0.5, 2))
    assert find_reps(*track.series(noise=3.0, seed=seed)) == ()


def test_spikes_and_gaps_change_nothing():
    track = drill(4)
    time, hip = track.series(noise=2.0)
    for at in (5, 40, 41, 100, 180, 181):
        hip[at] += 70.0
    for gap_start in (3.0, 9.5, 14.0):
        hip[(time > gap_start) & (time < gap_start + 0.7)] = np.nan
    assert_found(find_reps(time, hip), track.truth, bottom_s=0.25)


@pytest.mark.parametrize("hertz", [0.85, 1.0, 1.2])
def test_walking_in_is_no_rep(hertz):
    track = drill(3)
    walk = walking(5, hertz=hertz)
    time, hip = appended(walk, track.series()[1])
    truth = [tuple(t + len(walk) / FPS for t in rep) for rep in track.truth]
    assert_found(find_reps(time, hip), truth)


def test_the_trunk_tells_a_quick_half_rep_from_a_step():
    """Thigh lifts of 35 degrees: with an upright trunk steps on the spot, with a bowed one reps."""
    time, hip = drill(4, depth=35, tempo_s=1.1).series(30)
    assert find_reps(time, hip, 4 + 3 * np.sin(2 * np.pi * 1.1 * time)) == ()
    assert len(find_reps(time, hip, 0.9 * hip)) == 4
    assert len(find_reps(time, hip)) == 4


@pytest.mark.parametrize(("depth", "tempo_s"), [(100, 2.0), (70, 1.1), (35, 2.5)])
def test_an_upright_trunk_vetoes_no_squat_that_is_deep_or_slow(depth, tempo_s):
    time, hip = drill(3, depth=depth, tempo_s=tempo_s).series(30)
    assert len(find_reps(time, hip, np.full(len(hip), 5.0))) == 3


def test_a_flicker_is_no_rep():
    """The estimate jumps to 60 degrees for 0.3 s: longer than a spike, too short for a person."""
    time, hip = Track(stand_s=6).series(30)
    hip[60:69] = 60.0
    assert find_reps(time, hip) == ()


@pytest.mark.parametrize("before", [True, False])
def test_a_lone_movement_beyond_steps_is_an_errand(before):
    """Picked up, three steps, the set: the pick-up is no rep. Picked up in place, it is."""
    errand = drill(1, tempo_s=1.6).series()[1]
    exercise = drill(4).series()[1]
    walk = walking(4)
    parts = [errand, walk, exercise] if before else [exercise, walk, errand]
    assert len(find_reps(*appended(*parts))) == 4
    del parts[1]
    assert len(find_reps(*appended(*parts))) == 5


def test_beside_fewer_than_a_set_nothing_is_an_errand():
    one = drill(1).series()[1]
    assert len(find_reps(*appended(one, walking(4), one))) == 2


def test_a_lift_alone():
    time, hip = Track(stand_s=0.5, level=70.0).to(0, 2).to(0, 1).series()
    (span,) = find_reps(time, hip)
    assert (span.kind, span.start_s) == ("partial", None)
    assert span.bottom_s == pytest.approx(0.5, abs=0.3)
    assert time[span.first] < span.bottom_s
    assert 2.0 < span.end_s < 2.6


def test_a_lowering_alone():
    time, hip = Track().to(70, 2).to(70, 0.5).series()
    (span,) = find_reps(time, hip)
    assert (span.kind, span.end_s) == ("partial", None)
    assert span.bottom_s == pytest.approx(3.6, abs=0.3)
    assert time[span.last] > span.bottom_s
    assert 1.5 < span.start_s < 2.1


def test_what_is_done_at_the_bottom_before_a_lift_is_not_the_lift():
    """Reaching for the bell and back, at nearly the same depth."""
    track = Track(stand_s=2, level=70.0).to(66, 1).to(70, 1).to(0, 2).to(0, 1)
    time, hip = track.series()
    (span,) = find_reps(time, hip)
    assert 3.4 < time[span.first] < 4.2
    assert 3.4 < span.bottom_s < 4.3


def test_what_is_done_at_the_bottom_after_a_lowering_is_not_the_lowering():
    time, hip = Track().to(70, 2).to(67, 1).to(70, 2).series()
    (span,) = find_reps(time, hip)
    assert 3.4 < span.bottom_s < time[span.last] < 4.3


@pytest.mark.parametrize("level", [40.0, 70.0, 100.0])
def test_only_held(level):
    time, hip = Track(stand_s=8, level=level).series(noise=2.0)
    (span,) = find_reps(time, hip)
    assert (span.kind, span.start_s, span.end_s) == ("held", None, None)
    assert (span.first, span.last) == (0, len(time) - 1)
    assert span.bottom_s == pytest.approx(4, abs=1.5)


@pytest.mark.parametrize(("seconds", "edge"), [(0.8, 92.0), (4.0, 60.0)])
def test_the_turn_of_a_rep_alone_is_no_hold(seconds, edge):
    """Cut on both sides: too short to be a hold, or moving too much."""
    time, hip = Track(stand_s=0, level=edge).to(100, seconds / 2).to(edge, seconds / 2).series(30)
    (span,) = find_reps(time, hip)
    assert (span.kind, span.start_s, span.end_s) == ("partial", None, None)
    assert span.bottom_s == pytest.approx(seconds / 2, abs=0.1)


def test_a_hold_that_is_entered_and_left_is_a_rep():
    track = drill(1, pause_s=20)
    assert_found(find_reps(*track.series(noise=2.0)), track.truth, bottom_s=0.3)


def test_starting_at_the_bottom_then_full_reps():
    track = Track(stand_s=0.3, level=70.0).to(0, 2).to(0, 1)
    track.rep(stand_s=1).rep(stand_s=1)
    spans = find_reps(*track.series(noise=2.0))
    assert [span.kind for span in spans] == ["partial", "full", "full"]
    assert [span.start_s is None for span in spans] == [True, False, False]


@pytest.mark.parametrize(("reached", "kinds"), [(0.4, []), (0.75, ["partial"])])
def test_ending_in_a_descent_counts_when_deep_enough(reached, kinds):
    track = drill(3, depth=90)
    track.to(90 * reached, 1.5)
    spans = find_reps(*track.series())
    assert [span.kind for span in spans] == ["full"] * 3 + kinds


def test_a_clip_trimmed_to_the_movement_is_full():
    time, hip = Track(stand_s=0).rep(depth=80).series()
    inner = hip > 12
    (span,) = find_reps(time[inner], hip[inner])
    assert span.kind == "full"


@pytest.mark.parametrize("tempo_s", [1.5, 2.5, 5.0])
@pytest.mark.parametrize("offset", [-15.0, 0.0, 15.0])
def test_a_set_trimmed_on_both_sides_that_never_stands_still(tempo_s, offset):
    track = Track(stand_s=0)
    for depth in (60, 30, 80, 45):
        track.rep(depth, tempo_s)
    time, hip = track.series(noise=1.5)
    spans = find_reps(time, hip + offset)
    assert [span.kind for span in spans] == ["full"] * 4
    assert bottoms(spans) == pytest.approx([rep[1] for rep in track.truth], abs=0.25)


@pytest.mark.parametrize("offset", [-15.0, 15.0])
def test_standing_is_not_always_zero(offset):
    track = Track().rep(30, stand_s=1).rep(stand_s=1).rep(stand_s=2)
    time, hip = track.series(noise=2.0)
    assert_found(find_reps(time, hip + offset), track.truth, bottom_s=0.25)


def test_standing_may_drift():
    track = drill(12, tempo_s=4, stand_s=1)
    time, hip = track.series(noise=2.0)
    assert_found(find_reps(time, hip + 15 * time / time[-1]), track.truth, bottom_s=0.25)


@pytest.mark.parametrize(("reps", "gap_s"), [(1, 1.4), (3, 1.4), (3, 2.8)])
def test_a_hidden_bottom_cuts_no_rep_in_two(reps, gap_s):
    track = drill(reps, pause_s=1)
    time, hip = track.series()
    _, bottom_s, _ = track.truth[0]
    hip[np.abs(time - bottom_s) < gap_s / 2] = np.nan
    spans = find_reps(time, hip)
    assert [span.kind for span in spans] == ["partial"] + ["full"] * (reps - 1)
    assert [(span.start_s, span.end_s) for span in spans] == [
        (pytest.approx(start, abs=0.45), pytest.approx(end, abs=0.45))
        for start, _, end in track.truth
    ]
    assert np.isfinite(hip[spans[0].frames]).all()


@pytest.mark.parametrize(("reps", "gap_s"), [(2, 2.4), (4, 2.4), (2, 4.5), (4, 4.5)])
def test_a_hidden_top_does(reps, gap_s):
    time, hip = drill(reps, stand_s=0).series()
    hip[np.abs(time - 5.5) < gap_s / 2] = np.nan
    halves = [(span.start_s is None, span.end_s is None) for span in find_reps(time, hip)]
    assert halves[:2] == [(False, True), (True, False)]


def test_a_lift_after_a_long_wait_at_the_bottom_is_half_a_repetition_and_none_held():
    """Held is what shows neither end."""
    time = np.arange(0, 9, 1 / 15)
    up = np.interp(time, [0, 4, 5.5, 9], [90, 90, 0, 0])
    assert [span.kind for span in find_reps(time, up)] == ["partial"]
    assert [span.kind for span in find_reps(time, up[::-1])] == ["partial"]
    assert [span.kind for span in find_reps(time[time < 4], up[time < 4])] == ["held"]


def test_a_half_rep_counts_whose_first_bit_is_hidden():
    """Beside deep ones: a lift alone from there would not, but it is seen to go down and up."""
    time, hip = Track().rep(40).rep(120, stand_s=1).rep(120, stand_s=1).series()
    spans = find_reps(time[time > 2.3], hip[time > 2.3])
    assert [span.kind for span in spans] == ["partial", "full", "full"]


def test_frames_are_those_nearest_in_time_that_were_seen():
    time, hip = drill(2).series()
    hip[3::4] = np.nan
    spans = find_reps(time, hip)
    assert len(spans) == 2
    for span in spans:
        for frame, moment in (
            (span.first, span.start_s),
            (span.bottom, span.bottom_s),
            (span.last, span.end_s),
        ):
            assert not np.isnan(hip[frame])
            assert abs(time[frame] - moment) <= 1 / FPS


@pytest.mark.parametrize(
    ("time", "hip"),
    [([], []), ([0.0], [80.0]), ([0.0, 1.0, 2.0], [np.nan] * 3), ([0.0, 9.0], [0.0, 80.0])],
)
def test_nothing_to_see(time, hip):
    assert find_reps(np.array(time), np.array(hip)) == ()


def test_inputs_are_left_alone():
    time, hip = drill(2).series(noise=2.0)
    time.flags.writeable = hip.flags.writeable = False
    assert len(find_reps(time, hip, hip)) == 2


depths = st.lists(st.floats(28, 110), min_size=1, max_size=6)
tempos = st.floats(1.2, 8)
rates = st.floats(10, 60)
seeds = st.integers(0, 2**32 - 1)


def random_drill(depths_deg, tempo_s):
    track = Track()
    for depth in depths_deg:
        track.rep(depth, tempo_s, stand_s=1)
    return track


@settings(max_examples=60)
@given(depths, tempos, rates, seeds)
def test_every_rep_is_found_in_noise(depths_deg, tempo_s, fps, seed):
    track = random_drill(depths_deg, tempo_s)
    spans = find_reps(*track.series(fps, noise=2.0, seed=seed))
    assert [span.kind for span in spans] == ["full"] * len(depths_deg)
    for span, (_, bottom, _) in zip(spans, track.truth, strict=True):
        assert span.bottom_s == pytest.approx(bottom, abs=0.08 * tempo_s + 0.1)


@settings(max_examples=30)
@given(depths, tempos, st.floats(-15, 15), st.floats(-100, 1e6))
def test_moving_zero_and_the_clock_changes_nothing(depths_deg, tempo_s, offset, later_s):
    time, hip = random_drill(depths_deg, tempo_s).series()
    still = find_reps(time, hip)
    moved = find_reps(time + later_s, hip + offset)
    assert [span.kind for span in moved] == [span.kind for span in still]
    for one, other in zip(still, moved, strict=True):
        assert other.bottom_s - later_s == pytest.approx(one.bottom_s, abs=0.05)
        assert other.start_s - later_s == pytest.approx(one.start_s, abs=0.2)


@settings(max_examples=30)
@given(depths, st.floats(2, 4), st.floats(0.6, 1.8))
def test_tempo_stretches_the_answer(depths_deg, tempo_s, factor):
    time, hip = random_drill(depths_deg, tempo_s).series(30)
    still = find_reps(time, hip)
    assert len(still) == len(depths_deg)
    for one, other in zip(still, find_reps(time * factor, hip), strict=True):
        assert other.kind == one.kind
        assert other.bottom_s == pytest.approx(one.bottom_s * factor, abs=0.1)
        assert other.start_s == pytest.approx(one.start_s * factor, abs=0.1)


@settings(max_examples=30)
@given(depths, tempos, st.floats(0, 2), seeds)
def test_time_reversed_swaps_start_and_end(depths_deg, tempo_s, cut_s, seed):
    time, hip = random_drill(depths_deg, tempo_s).series(noise=1.5, seed=seed)
    late = time >= cut_s
    time, hip = time[late], hip[late]
    mirror = time[0] + time[-1]
    forward = find_reps(time, hip)
    backward = find_reps(mirror - time[::-1], hip[::-1])[::-1]

    def turned(span: RepSpan) -> RepSpan:
        def at(moment):
            return None if moment is None else pytest.approx(mirror - moment, abs=1e-6)

        end = len(time) - 1
        return dataclasses.replace(
            span,
            start_s=at(span.end_s),
            bottom_s=at(span.bottom_s),
            end_s=at(span.start_s),
            first=end - span.last,
            bottom=end - span.bottom,
            last=end - span.first,
        )

    # Before a lift alone another part of the bottom counts than after a lowering alone.
    backward = [turned(span) for span in backward]
    assert [(s.kind, s.start_s, s.end_s) for s in backward] == [
        (s.kind, s.start_s, s.end_s) for s in forward
    ]
    whole = [s for s in backward if s.kind != "partial"]
    assert whole == [s for s in forward if s.kind != "partial"]
