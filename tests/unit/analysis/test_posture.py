"""Angles and strays as change from standing, on series whose answer is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import settings

from hinge_dowel.analysis import posture
from hinge_dowel.analysis.back_points import Spine, typical
from hinge_dowel.body.limbs import limb_angles
from hinge_dowel.testing.synthetic import Bottom, motion

FPS = 20.0
quick = settings(max_examples=30)


def clock(frames, fps=FPS):
    return np.arange(frames) / fps


def moves(*stops):
    """A share 0 to 1 through (share, seconds) stops, raised cosines between them, 20 frames/s."""
    out, last = [np.zeros(0)], stops[0][0]
    for share, seconds in stops:
        t = np.arange(round(seconds * FPS)) / (seconds * FPS)
        out.append(last + (share - last) * (1 - np.cos(np.pi * t)) / 2)
        last = share
    return np.concatenate(out)


STAND_FIRST = moves((0, 1.5), (1, 2.0), (1, 0.5), (0, 2.0), (0, 1.5))
STAND_LAST = moves((1, 1.0), (0, 2.0), (0, 2.0))
NEVER = moves((1, 1.0), (0.5, 1.0), (1, 1.0), (0.5, 1.0))


def standing(share, *, trunk=(3.0, 80.0), thigh=(0.0, -20.0), knee=(5.0, 20.0)):
    """`standing_frames` of somebody who goes from the first to the second angle by `share`."""
    pitch, leg, bend = (a + (b - a) * share for a, b in (trunk, thigh, knee))
    return posture.standing_frames(clock(len(share)), pitch, bend, leg)


class TestStandingFrames:
    def test_still_at_the_start(self):
        found = standing(STAND_FIRST)
        assert found[:25].all()
        assert found[-25:].all()
        assert STAND_FIRST[found].max() < 0.1

    def test_only_at_the_end(self):
        found = standing(STAND_LAST)
        assert not found[:50].any()
        assert found[-35:].all()

    def test_never(self):
        assert not standing(NEVER).any()

    def test_held_at_the_bottom(self):
        assert not standing(np.ones(100)).any()

    def test_trimmed_to_the_movement(self):
        """Down and up at 50 degrees a second, never still, yet upright as it begins and ends."""
        share = 1 - np.abs(np.linspace(-1, 1, 81))
        found = standing(share, trunk=(0.0, 80.0))
        assert found[:3].all()
        assert found[-3:].all()
        assert (80.0 * share[found]).max() < posture.ERECT_DEG

    @pytest.mark.parametrize(
        ("name", "angle"),
        [("knee", 30.0), ("trunk", 30.0), ("trunk", -30.0), ("thigh", 30.0), ("thigh", -30.0)],
    )
    def test_still_but_not_upright(self, name, angle):
        """Waiting with bent knees, bent over, leaning back, or in a lunge is no standing."""
        assert not standing(np.zeros(60), **{name: (angle, angle)}).any()

    def test_soft_knees_and_a_slouch_are_standing(self):
        assert standing(np.zeros(60), trunk=(14.0, 0.0), knee=(15.0, 0.0)).all()

    def test_a_squat_between_does_not_count(self):
        found = standing(STAND_FIRST, trunk=(3.0, 20.0), thigh=(0.0, -80.0), knee=(5.0, 110.0))
        assert found[:25].all()
        assert STAND_FIRST[found].max() < 0.1

    def test_the_most_upright_standing_counts(self):
        """Half of the time with the trunk 12 degrees further forward: that half does not count."""
        trunk = np.repeat([2.0, 14.0], 60)
        found = posture.standing_frames(clock(120), trunk, np.zeros(120), np.zeros(120))
        assert found[:55].all()
        assert not found[65:].any()

    def test_walking_in_is_not_standing(self):
        """The thigh swings 20 degrees to and fro once a second for 3 s, then stands."""
        time = clock(100)
        walks = time < 3
        thigh = np.where(walks, 20 * np.sin(2 * np.pi * time), 0.0)
        knee = np.where(walks, 12 + 12 * np.cos(2 * np.pi * time), 3.0)
        found = posture.standing_frames(time, np.full(100, 3.0), knee, thigh)
        assert found[62:].all()
        assert found[:60].mean() < 0.2

    def test_unseen_frames_never_stand(self):
        share = STAND_FIRST.copy()
        share[5:10] = np.nan
        found = standing(share)
        assert found[:4].all()
        assert not found[5:10].any()
        assert found[11:25].all()

    def test_nothing_seen(self):
        assert not standing(np.full(50, np.nan)).any()

    @pytest.mark.parametrize("frames", [0, 1, 2])
    def test_too_short(self, frames):
        assert standing(np.zeros(frames)).tolist() == [False] * frames

    def test_a_moment_is_not_enough(self):
        """2 frames of 20 a second are 0.1 s."""
        share = np.ones(60)
        share[:2] = 0
        assert not standing(share).any()


def chain(head_deg, thorax_deg, low_deg):
    """Points (T, 7, 2) in cm: three straight pieces of a back with these pitches (T,) each.

    Occiput to C7 15 cm, C7 to T8 18 cm, T12 to sacrum 18 cm, and between T8 and T12, 10 cm, the
    pitch of the low back.
    """
    pieces = [(low_deg, 9.0)] * 2 + [(low_deg, 10.0)] + [(thorax_deg, 9.0)] * 2 + [(head_deg, 15.0)]
    points = [np.zeros((len(head_deg), 2))]
    for pitch_deg, length in pieces:
        pitch = np.radians(pitch_deg)
        points.append(points[-1] + length * np.stack([np.sin(pitch), -np.cos(pitch)], axis=-1))
    return np.stack(points[::-1], axis=1)


class TestFromPoints:
    TIME = clock(len(STAND_FIRST))
    BOTTOM = 80  # in the pause

    def bent(self, head, thorax, low):
        """Posture of somebody who stands with pitches 12, -4, 6 and bends by these angles more."""
        return posture.from_points(
            self.TIME,
            chain(12 + head * STAND_FIRST, -4 + thorax * STAND_FIRST, 6 + low * STAND_FIRST),
        )

    def test_a_rigid_back(self):
        found = self.bent(60.0, 60.0, 60.0)
        assert found.neutral == "measured"
        assert found.by_strays
        assert found.trunk_deg[self.BOTTOM] == pytest.approx(60.0)
        assert found.hip_deg == pytest.approx(found.trunk_deg)
        assert np.abs(found.spinal_deg).max() < 1e-9
        assert np.abs(found.cervical_deg).max() < 1e-9
        assert found.fit.pitch_deg[self.BOTTOM] - found.fit.pitch_deg[0] == pytest.approx(60.0)
        for stray in (found.fit.head_cm, found.fit.upper_back_cm, found.fit.sacrum_cm):
            assert np.abs(stray).max() < 1e-3

    @pytest.mark.parametrize("spinal", [-15.0, 20.0, 45.0])
    @pytest.mark.parametrize("cervical", [-20.0, 0.0, 30.0])
    def test_spine_and_neck(self, spinal, cervical):
        found = self.bent(50.0 + spinal + cervical, 50.0 + spinal, 50.0)
        assert found.spinal_deg[self.BOTTOM] == pytest.approx(spinal)
        assert found.cervical_deg[self.BOTTOM] == pytest.approx(cervical)

    def test_knees_are_not_known(self):
        found = self.bent(60.0, 60.0, 60.0)
        assert np.isnan(found.knee_deg).all()
        assert np.isnan(found.shin_deg).all()

    @pytest.mark.parametrize("bottom", [Bottom(75, 18, 2, 0, 0), Bottom(100, 90, 30, 0, 0)])
    def test_with_limbs_hips_and_knees_are_those_of_the_figure(self, bottom):
        seen = motion(bottom, 1, fps=FPS)
        limbs = limb_angles(seen.landmarks)
        found = posture.from_points(seen.time_s, seen.points / 3, limbs=limbs)
        low = np.argmax(seen.hip_flexion_deg)
        assert found.hip_deg[low] == pytest.approx(bottom.hip_deg, abs=2.0)
        assert found.knee_deg[low] == pytest.approx(bottom.knee_deg, abs=1.0)
        assert found.shin_deg[low] == pytest.approx(bottom.shin_deg, abs=1.0)

    def test_standing_is_the_clips_own_zero(self):
        found = self.bent(60.0, 80.0, 60.0)
        assert found.standing[:25].all()
        for series in (found.hip_deg, found.spinal_deg, found.cervical_deg):
            assert np.abs(series[:25]).max() < 1e-9

    def test_without_standing(self):
        share = NEVER
        found = posture.from_points(clock(len(share)), chain(80 * share, 80 * share, 80 * share))
        assert found.neutral == "assumed"
        assert not found.standing.any()

    def test_four_points_have_no_low_back_of_their_own(self):
        points = chain(60 * STAND_FIRST, 60 * STAND_FIRST, 60 * STAND_FIRST)[:, [0, 1, 3, 6]]
        found = posture.from_points(self.TIME, points)
        assert np.isnan(found.spinal_deg).all()
        assert np.abs(found.cervical_deg).max() < 1e-9

    def test_three_points_show_the_trunk_alone(self):
        points = chain(60 * STAND_FIRST, 60 * STAND_FIRST, 60 * STAND_FIRST)[:, [0, 2, 6]]
        found = posture.from_points(self.TIME, points)
        assert found.hip_deg[self.BOTTOM] == pytest.approx(60.0)
        assert np.isnan(found.spinal_deg).all()
        assert np.isnan(found.cervical_deg).all()

    def test_frames_with_gaps(self):
        points = chain(60 * STAND_FIRST, 60 * STAND_FIRST, 60 * STAND_FIRST)
        points[[60, 90], 0] = np.nan
        found = posture.from_points(self.TIME, points)
        assert np.flatnonzero(np.isnan(found.cervical_deg)).tolist() == [60, 90]
        assert np.flatnonzero(np.isnan(found.fit.head_cm)).tolist() == [60, 90]
        assert np.isfinite(found.hip_deg).all()

    @pytest.mark.parametrize(
        ("bottom", "trunk_deg"),
        [(Bottom(75, 18, 2, 0, 0), 59.0), (Bottom(100, 90, 30, 0, 0), 40.0)],
        ids=["hinge", "squat"],
    )
    def test_figures_with_a_rigid_back(self, bottom, trunk_deg):
        """The trunk's pitch is hip flexion less what the thigh goes forward: 75 - (18 - 2)."""
        seen = motion(bottom, 1, fps=FPS)
        found = posture.from_points(seen.time_s, seen.points / 3)
        low = np.argmax(seen.hip_flexion_deg)
        assert found.hip_deg[low] == pytest.approx(trunk_deg, abs=0.5)
        assert found.spinal_deg[low] == pytest.approx(0.0, abs=0.1)
        assert found.cervical_deg[low] == pytest.approx(0.0, abs=0.1)

    @pytest.mark.parametrize("bottom", [Bottom(spinal_deg=40.0), Bottom(cervical_deg=40.0)])
    def test_figures_that_bend(self, bottom):
        """Skin points show part of it only: the bend is spread over the places between them."""
        seen = motion(bottom, 1, fps=FPS)
        found = posture.from_points(seen.time_s, seen.points / 3)
        low = np.argmax(seen.hip_flexion_deg)
        spinal, cervical = found.spinal_deg[low], found.cervical_deg[low]
        assert (spinal > 15) == (bottom.spinal_deg == 40)
        assert (cervical > 15) == (bottom.cervical_deg == 40)


TRUNK_PX = 150.0
BACK_PX = np.array([[4, -18], [-3, 0], [-9, 25], [-9, 55], [-4, 85], [0, 110], [-2, 140.0]])
"""Occiput to sacrum of a standing back, hips at (0, 150)."""


def spine_of(share, *, trunk=55.0, spinal=0.0, cervical=0.0, thigh=-15.0, knee=18.0, head_px=0.0):
    """A `Spine` that goes from standing to these changes by `share` (T,).

    It stands with pelvis 4, thorax 9, head 2, trunk 3, knee 6 and shin 1 degrees.
    """
    pitch = np.radians(trunk * share)[:, None]
    back = np.repeat(BACK_PX[None], len(share), axis=0)
    back[:, 0, 0] += head_px * share
    x, y = back[..., 0], back[..., 1] - 150.0
    points = np.stack(
        [x * np.cos(pitch) - y * np.sin(pitch), x * np.sin(pitch) + y * np.cos(pitch)]
    )
    moved = trunk * share
    return Spine(
        points_px=np.add(np.moveaxis(points, 0, -1), (300.0, 400.0)),
        trunk_px=np.full(len(share), TRUNK_PX),
        pelvis_deg=4.0 + moved,
        thorax_deg=9.0 + moved + spinal * share,
        head_deg=2.0 + moved + (spinal + cervical) * share,
        trunk_deg=3.0 + moved,
        knee_deg=6.0 + knee * share,
        shin_deg=1.0 + (thigh + knee) * share,
        view_angle_deg=np.zeros(len(share)),
        usual_error_deg=np.full((len(share), 5), 3.0),
    )


def cm_per_px(stature_cm=170.0):
    return typical().trunk_share * stature_cm / TRUNK_PX


class TestFromSpine:
    TIME = clock(len(STAND_FIRST))
    BOTTOM = 80

    def found(self, spine, stature_cm=170.0):
        return posture.from_spine(clock(len(spine.trunk_px)), spine, stature_cm)

    def test_every_angle_is_the_change_from_standing(self):
        found = self.found(spine_of(STAND_FIRST, spinal=21.0, cervical=-8.0, head_px=0.0))
        assert found.neutral == "measured"
        assert not found.by_strays
        at_bottom = {
            "hip": found.hip_deg,
            "knee": found.knee_deg,
            "shin": found.shin_deg,
            "spinal": found.spinal_deg,
            "cervical": found.cervical_deg,
            "trunk": found.trunk_deg,
        }
        assert {name: series[self.BOTTOM] for name, series in at_bottom.items()} == pytest.approx(
            {
                "hip": 70.0,
                "knee": 18.0,
                "shin": 3.0,
                "spinal": 21.0,
                "cervical": -8.0,
                "trunk": 55.0,
            }
        )
        assert all(np.abs(series[:20]).max() < 1e-9 for series in at_bottom.values())

    @pytest.mark.parametrize(("spinal", "told"), [(32.0, 35.5), (10.0, 10.0), (-16.0, -21.0)])
    def test_of_an_estimate_the_shrinkage_is_undone(self, spinal, told):
        estimated = spine_of(STAND_FIRST, spinal=spinal)
        found = posture.from_estimate(self.TIME, estimated, 170.0)
        assert found.spinal_deg[self.BOTTOM] == pytest.approx(told)
        never_standing = spine_of(np.ones(10), spinal=spinal)
        found = posture.from_estimate(clock(10), never_standing, 170.0)
        plain = posture.from_spine(clock(10), never_standing, 170.0)
        assert found.neutral == "assumed"
        assert found.spinal_deg == pytest.approx(plain.spinal_deg)

    def test_a_rigid_back_stays_on_its_dowel(self):
        found = self.found(spine_of(STAND_FIRST))
        for stray in (found.fit.head_cm, found.fit.upper_back_cm, found.fit.sacrum_cm):
            assert np.abs(stray).max() < 1e-3

    @pytest.mark.parametrize("stature_cm", [150.0, 190.0])
    def test_strays_are_in_centimetres_of_that_stature(self, stature_cm):
        """The head 60 px forward, and the trunk of 150 px a known share of stature."""
        found = self.found(spine_of(STAND_FIRST, head_px=60.0), stature_cm)
        expected_cm = 60.0 * cm_per_px(stature_cm)
        assert found.fit.head_cm[self.BOTTOM] == pytest.approx(expected_cm, rel=0.02)
        assert found.fit.sacrum_cm[self.BOTTOM] == pytest.approx(0.0, abs=0.3)
        assert found.fit.upper_back_cm[self.BOTTOM] == 0

    def test_how_large_the_picture_is_does_not_matter(self):
        spine = spine_of(STAND_FIRST, head_px=30.0)
        twice = spine_of(STAND_FIRST, head_px=30.0)
        object.__setattr__(twice, "points_px", 2 * spine.points_px)
        object.__setattr__(twice, "trunk_px", 2 * spine.trunk_px)
        small, large = self.found(spine).fit, self.found(twice).fit
        assert large.head_cm == pytest.approx(small.head_cm, abs=1e-3)

    def test_without_standing_the_typical_one_is_neutral(self):
        spine = spine_of(np.ones(60), spinal=21.0)
        found = self.found(spine)
        assert found.neutral == "assumed"
        assert not found.standing.any()
        usual = typical()
        assert found.spinal_deg == pytest.approx(np.full(60, 26.0 - usual.angles["spinal"]))
        assert found.cervical_deg == pytest.approx(np.full(60, -7.0 - usual.angles["cervical"]))
        assert found.knee_deg == pytest.approx(np.full(60, 24.0 - usual.angles["knee"]))
        assert found.shin_deg == pytest.approx(np.full(60, 4.0 - usual.angles["shin"]))
        assert found.hip_deg == pytest.approx(np.full(60, 78.0 - usual.angles["hip"]))

    def test_the_typical_back_is_scaled_to_the_person_too(self):
        """Somebody shaped just like the typical standing back, held upright with bent knees."""
        usual = typical()
        spine = spine_of(np.zeros(60))
        spine.points_px[:] = TRUNK_PX * usual.points + (300.0, 400.0)
        spine.thorax_deg[:] = usual.thorax
        spine.knee_deg[:] = 60.0
        found = self.found(spine)
        assert found.neutral == "assumed"
        for stray in (found.fit.head_cm, found.fit.upper_back_cm, found.fit.sacrum_cm):
            assert stray == pytest.approx(np.zeros(60), abs=1e-3)

    def test_without_standing_the_longest_trunk_stands_in_for_it(self):
        """A trunk that half of the time looks half as long does not double the strays."""
        spine = spine_of(np.ones(60), head_px=60.0)
        shorter = spine_of(np.ones(60), head_px=60.0)
        shorter.trunk_px[30:] = TRUNK_PX / 2
        assert self.found(shorter).fit.head_cm == pytest.approx(self.found(spine).fit.head_cm)

    def test_a_head_cut_in_passing(self):
        cut = np.zeros(len(STAND_FIRST), dtype=bool)
        cut[70:90] = True
        legs = np.zeros_like(cut)
        found = self.found(spine_of(STAND_FIRST).without(head=cut, legs=legs))
        whole = self.found(spine_of(STAND_FIRST))
        for series in (found.spinal_deg, found.cervical_deg, found.fit.head_cm):
            assert (np.isnan(series) == cut).all()
        for name in ("hip_deg", "knee_deg", "shin_deg", "trunk_deg"):
            assert getattr(found, name) == pytest.approx(getattr(whole, name))
        assert found.neutral == "measured"

    def test_a_head_cut_while_standing_leaves_no_neutral_of_the_back(self):
        """It comes into the picture on the way down; spine and neck are held to the typical one."""
        cut = STAND_FIRST < 0.3
        spine = spine_of(STAND_FIRST, spinal=21.0)
        found = self.found(spine.without(head=cut, legs=np.zeros_like(cut)))
        assert found.neutral == "assumed"
        assert found.standing.any()
        assert found.hip_deg[self.BOTTOM] == pytest.approx(70.0)
        assert found.spinal_deg[self.BOTTOM] == pytest.approx(26.0 - typical().angles["spinal"])

    def test_hidden_legs(self):
        """The trunk still tells the repetition; knee and shin are not known while hidden."""
        hidden = np.zeros(len(STAND_FIRST), dtype=bool)
        hidden[70:90] = True
        spine = spine_of(STAND_FIRST).without(head=np.zeros_like(hidden), legs=hidden)
        found = self.found(spine)
        assert (np.isnan(found.knee_deg) == hidden).all()
        assert (np.isnan(found.shin_deg) == hidden).all()
        assert found.hip_deg[self.BOTTOM] == pytest.approx(70.0, abs=1.5)
        assert found.spinal_deg == pytest.approx(np.zeros(len(hidden)), abs=1e-9)

    def test_without_points_there_is_no_dowel_but_there_are_angles(self):
        spine = spine_of(STAND_FIRST)
        spine.points_px[:] = np.nan
        found = self.found(spine)
        assert np.isnan([found.fit.head_cm, found.fit.upper_back_cm, found.fit.sacrum_cm]).all()
        assert found.hip_deg[self.BOTTOM] == pytest.approx(70.0)
        assert found.neutral == "measured"

    def test_nobody_seen(self):
        everywhere = np.full(len(STAND_FIRST), np.nan)
        spine = spine_of(everywhere)
        spine.trunk_px[:] = np.nan
        found = self.found(spine)
        assert found.neutral == "assumed"
        assert np.isnan([found.hip_deg, found.knee_deg, found.spinal_deg, found.trunk_deg]).all()
