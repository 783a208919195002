"""Two estimates of one back, made one."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import recorded_person

from hinge_dowel.analysis.back_points import DOUBTED, SITES, Spine
from hinge_dowel.analysis.blending import (
    APART_DEG,
    BENT_DEG,
    BLIND_DEG,
    DIFFERENCE_SHARE,
    DOUBTFUL_DEG,
    DOUBTFUL_SHARE,
    FLATTER_DEG,
    FLATTER_SHARE,
    LOOK_DEG,
    LOOK_POWER,
    MOST_DEG,
    NECK_SHARE,
    ROUNDER_DEG,
    ROUNDER_SHARE,
    SHARE,
    STRETCH,
    SURE_DEG,
    blended,
    clip_doubt_deg,
)
from hinge_dowel.analysis.pipeline import Record, judge
from hinge_dowel.body.trunk import pitch_deg, trunk_frame
from hinge_dowel.pose.network import ANGLES, ANSWER_SIZE

SPINAL, CERVICAL, KNEE, SHIN = map(ANGLES.index, ("spinal", "cervical", "knee", "shin"))
FRAMES = 7


def spine(spinal_deg: float = 10.0, cervical_deg: float = -5.0, frames: int = FRAMES) -> Spine:
    values = {field.name: np.zeros(frames) for field in fields(Spine)}
    values["points_px"] = np.zeros((frames, len(SITES), 2))
    values["thorax_deg"] = np.full(frames, 40.0)
    values["pelvis_deg"] = values["thorax_deg"] - spinal_deg
    values["head_deg"] = values["thorax_deg"] + cervical_deg
    values["usual_error_deg"] = np.full((frames, len(DOUBTED)), 4.0)
    return Spine(**values)


def said(
    spinal_deg: float, cervical_deg: float, side: float = 1.0, doubt_deg: float = 3.0
) -> np.ndarray:
    out = np.full((FRAMES, ANSWER_SIZE), doubt_deg)
    out[:, SPINAL], out[:, CERVICAL], out[:, -1] = spinal_deg, cervical_deg, side
    return out


def spinal_of(found: Spine) -> np.ndarray:
    return found.thorax_deg - found.pelvis_deg


def test_without_the_network_nothing_changes() -> None:
    found = spine()
    assert blended(found, None, "right") is found


@given(st.floats(0, 80), st.floats(-60, 60), st.sampled_from([1.0, -1.0]))
def test_the_answer_lies_between_the_two(spinal: float, cervical: float, side: float) -> None:
    facing = "right" if side > 0 else "left"
    found = blended(spine(), said(spinal, cervical, side), facing)
    between = spinal_of(found)
    assert (between >= min(10, spinal) - 1e-9).all()
    assert (between <= max(10, spinal) + 1e-9).all()
    near = -FLATTER_DEG[0] <= spinal - 10 <= ROUNDER_DEG[0]
    share = SHARE["spinal"]
    assert not near or between == pytest.approx((1 - share) * 10 + share * spinal)
    neck = found.head_deg - found.thorax_deg
    share = SHARE["cervical"]
    assert neck == pytest.approx(np.full(FRAMES, (1 - share) * -5 + share * cervical))
    assert (found.thorax_deg == 40).all()


def test_where_the_network_doubts_a_flatter_back_is_believed_more_than_the_outline() -> None:
    """What spoils a picture for it spoils landmarks more, until it sees nothing at all."""
    shares = (SHARE["spinal"], DOUBTFUL_SHARE)
    assert shares[0] < shares[1]
    low, high, falling, blind = DOUBTFUL_DEG
    told = {
        low - 1: shares[0],
        (low + high) / 2: sum(shares) / 2,
        falling: shares[1],
        blind + 1: shares[0],
    }
    for doubt_deg, share in told.items():
        found = blended(spine(), said(4, 0), "right", doubt_deg)
        assert spinal_of(found) == pytest.approx(np.full(FRAMES, 10 - 6 * share))


def test_a_look_that_is_less_sure_than_most_counts_for_less() -> None:
    says = said(20, 0)
    says[3, len(ANGLES) + SPINAL] = 2 * LOOK_DEG["spinal"]
    found = spinal_of(blended(spine(), says, "right"))
    share = np.full(FRAMES, SHARE["spinal"])
    share[3] /= 2**LOOK_POWER
    assert found == pytest.approx(10 + 10 * share)


def test_a_back_that_the_network_tells_much_flatter_is_flatter() -> None:
    begins, whole = FLATTER_DEG
    usual, flat = (
        spinal_of(blended(spine(40.0), said(40.0 - by, 0), "right")) for by in (begins, whole)
    )
    assert usual == pytest.approx(40.0 - SHARE["spinal"] * begins)
    assert flat == pytest.approx(40.0 - FLATTER_SHARE * whole)


@pytest.mark.parametrize("doubt_deg", [3.0, DOUBTFUL_DEG[1]])
def test_a_back_that_the_network_tells_much_rounder_is_hardly_rounder(doubt_deg: float) -> None:
    """However much it doubts: so it tells real people who squat."""
    begins, whole = ROUNDER_DEG
    usual, round_ = (
        spinal_of(blended(spine(), said(10.0 + by, 0), "right", doubt_deg)) for by in ROUNDER_DEG
    )
    assert usual == pytest.approx(10.0 + SHARE["spinal"] * begins)
    assert round_ == pytest.approx(10.0 + ROUNDER_SHARE * whole)


def test_a_part_of_a_clip_goes_by_the_doubt_of_the_whole() -> None:
    sure, doubtful = said(4, 0, doubt_deg=3.0), said(4, 0, doubt_deg=7.0)
    doubt_deg = clip_doubt_deg(np.concatenate([sure, doubtful, doubtful]))
    assert doubt_deg == 7.0
    part = blended(spine(), sure, "right", doubt_deg)
    assert spinal_of(part) == pytest.approx(np.full(FRAMES, 10 - 6 * DOUBTFUL_SHARE))


def test_both_say_how_far_off_they_usually_are() -> None:
    """The geometric mean: 4 degrees by the regression, 9 by the network."""
    says = said(10, -5, doubt_deg=9.0)
    says[:, [KNEE, SHIN]] = 0.0
    usual = blended(spine(), says, "right").usual_error_deg
    both = np.isin(DOUBTED, list(SHARE))
    assert usual[:, both] == pytest.approx(6.0)
    assert usual[:, ~both] == pytest.approx(4.0)


@pytest.mark.parametrize("by_deg", [-20.0, 20.0])
def test_the_further_apart_they_are_the_less_sure_are_both(by_deg: float) -> None:
    usual = blended(spine(), said(10 + by_deg, -5, doubt_deg=9.0), "right").usual_error_deg
    wider = np.hypot(6.0, 20 * DIFFERENCE_SHARE["spinal"])
    assert usual[:, DOUBTED.index("spinal")] == pytest.approx(wider)


def test_without_a_single_look_nobody_knows_a_clips_doubt() -> None:
    assert np.isnan(clip_doubt_deg(np.full((FRAMES, ANSWER_SIZE), np.nan)))


def test_where_neither_legs_nor_back_are_seen_the_back_is_not_told() -> None:
    """A plate draws the hips down with it: both estimates are of somebody who is not there."""
    says = said(40, -5)
    doubts = {2: ("spinal", "knee"), 4: ("spinal",), 5: ("knee",)}
    for frame, names in doubts.items():
        for name in names:
            says[frame, len(ANGLES) + ANGLES.index(name)] = BLIND_DEG[name] + 1.0
    found = blended(spine(), says, "right")
    assert np.flatnonzero(np.isnan(spinal_of(found))).tolist() == [2]
    assert np.flatnonzero(np.isnan(found.points_px).any(axis=(1, 2))).tolist() == [2]
    assert np.isfinite(found.head_deg - found.thorax_deg).all()
    says[3] = np.nan  # not looked at: as the nearer look
    assert np.isnan(spinal_of(blended(spine(), says, "right"))).sum() == 2


def test_who_was_taken_to_face_the_other_way_was_not_seen() -> None:
    found = blended(spine(), said(60, 40, side=-1.0), "right")
    assert spinal_of(found) == pytest.approx(np.full(FRAMES, 10.0))


def test_frames_that_were_not_looked_at_go_with_those_around_them() -> None:
    """So that a neutral from such frames fits a bottom from others."""
    says = said(30, 0)
    says[[0, 1, 4]] = np.nan
    whole = blended(spine(), said(30, 0), "right")
    assert spinal_of(blended(spine(), says, "right")) == pytest.approx(spinal_of(whole))


def test_between_looks_to_either_side_there_is_no_look() -> None:
    """A record's answers run in a straight line, from 1 to -1 too."""
    says = said(30, 0)
    says[3, -1] = 0.2
    whole = blended(spine(), said(30, 0), "right")
    assert spinal_of(blended(spine(), says, "right")) == pytest.approx(spinal_of(whole))


def test_what_is_not_seen_stays_unseen_and_the_rest_is_as_it_was() -> None:
    hidden = np.zeros(FRAMES, dtype=bool)
    hidden[2] = True
    found = spine().without(head=hidden, legs=hidden)
    told, whole = (spinal_of(blended(one, said(30, 0), "right")) for one in (found, spine()))
    assert np.isnan(told).tolist() == hidden.tolist()
    assert told[~hidden] == pytest.approx(whole[~hidden])


class TestLegs:
    """Knees of the regression (90 degrees, or given) and of the network."""

    @staticmethod
    def blended(told_deg: float, own_deg: float = 90.0, doubt_deg: float = SURE_DEG[0]) -> Spine:
        says = said(0, 0, doubt_deg=doubt_deg)
        says[:, KNEE] = told_deg
        return blended(replace(spine(), knee_deg=np.full(FRAMES, own_deg)), says, "right")

    def knee(self, told_deg: float, own_deg: float = 90.0, doubt_deg: float = SURE_DEG[0]) -> float:
        return float(self.blended(told_deg, own_deg, doubt_deg).knee_deg[0])

    def test_a_bent_knee_is_partly_the_networks(self) -> None:
        assert self.knee(95.0) == pytest.approx(STRETCH * (90 + SHARE["knee"] * 5))

    def test_a_straight_one_is_not_as_the_network_tells_it_bent(self) -> None:
        assert self.knee(8.0, 0.0) == 0.0
        half = BENT_DEG / 2
        assert self.knee(half + 4, half) == pytest.approx(STRETCH * (half + SHARE["knee"] * 2))

    def test_a_doubtful_network_that_is_far_off_does_little_harm(self) -> None:
        straighter, deeper = MOST_DEG
        doubtful = SURE_DEG[1]
        said_20, said_160 = (self.knee(told, doubt_deg=doubtful) for told in (20.0, 160.0))
        assert said_20 == pytest.approx(STRETCH * (90 + SHARE["knee"] * straighter))
        assert said_160 == pytest.approx(STRETCH * (90 + SHARE["knee"] * deeper))

    @pytest.mark.parametrize("told_deg", [20.0, 90.0 - APART_DEG[1], 90.0 + APART_DEG[1], 160.0])
    def test_a_sure_one_is_believed_where_they_are_far_apart(self, told_deg: float) -> None:
        assert self.knee(told_deg) == pytest.approx(STRETCH * told_deg)

    def test_in_between_it_is_believed_the_more_the_surer_it_is_and_the_further_apart(self) -> None:
        doubts = np.linspace(*SURE_DEG, 5)
        assert (np.diff([self.knee(30.0, doubt_deg=doubt) for doubt in doubts]) > 0).all()
        apart = np.linspace(0.0, 40.0, 9)
        weights = [(90 - self.knee(90 - by) / STRETCH) / by for by in apart[1:]]
        assert (np.diff(weights) > -1e-9).all()
        assert weights[0] == pytest.approx(SHARE["knee"])
        assert weights[-1] == pytest.approx(1.0)

    def test_legs_that_only_a_sure_network_sees_are_told_with_its_doubt(self) -> None:
        found = self.blended(95.0, np.nan)
        assert found.knee_deg == pytest.approx(STRETCH * 95.0)
        assert found.usual_error_deg[:, DOUBTED.index("knee")] == pytest.approx(SURE_DEG[0])
        assert np.isnan(self.knee(95.0, np.nan, doubt_deg=SURE_DEG[1]))


def test_the_points_turn_with_pelvis_and_head() -> None:
    """On a back that stands upright: the sacrum with the pelvis, the head with half its change."""
    upright = replace(spine(), points_px=np.zeros((FRAMES, len(SITES), 2)))
    upright.points_px[..., 1] = np.arange(len(SITES)) * 10.0
    found = blended(upright, said(60, 40), "right")
    turned = found.points_px - upright.points_px
    assert (turned[:, SITES.index("C7") : SITES.index("T12") + 1] == 0).all()
    low = found.points_px[:, SITES.index("S2")] - found.points_px[:, SITES.index("T12")]
    assert pitch_deg(-low) == pytest.approx(found.pelvis_deg - upright.pelvis_deg)
    head = found.points_px[:, 0] - found.points_px[:, SITES.index("C7")]
    assert pitch_deg(head) == pytest.approx(NECK_SHARE * (found.head_deg - upright.head_deg))


class TestInTheVerdict:
    """What the network says of a whole clip, by the judgement of clips and sessions alike."""

    @staticmethod
    def says(seen: Record, most_deg: float) -> np.ndarray:
        """Bent by as much at the bottoms, and not at all in standing."""
        trunk = trunk_frame(seen.landmarks)[1]
        bent = np.clip(np.abs(pitch_deg(trunk)) / 80, 0, 1)
        out = np.zeros((len(seen.time_s), ANSWER_SIZE))
        out[:, len(ANGLES) : -1] = 3.0
        out[:, SPINAL] = most_deg * bent
        out[:, -1] = 1.0
        return out

    def test_a_network_that_saw_nothing_changes_nothing(self) -> None:
        seen = recorded_person.record()
        nothing = np.full((len(seen.time_s), ANSWER_SIZE), np.nan)
        assert judge(replace(seen, network=nothing), clip="a") == judge(seen, clip="a")

    def test_a_back_that_it_sees_rounded_is_told_rounder(self) -> None:
        seen = recorded_person.record()
        before = judge(seen, clip="a").reps
        after = judge(replace(seen, network=self.says(seen, 90.0)), clip="a").reps
        for one, other in zip(before, after, strict=True):
            assert one.spinal_flexion_deg is not None
            assert other.spinal_flexion_deg is not None
            assert other.spinal_flexion_deg > one.spinal_flexion_deg + 5
