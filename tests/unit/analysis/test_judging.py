"""Faults and notes of one repetition whose every series is made by hand."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np
import pytest
from support.judged_reps import FRAMES, FULL, LIMITS, SHARE, TIME, at_bottom, judged, posture

from hinge_dowel.analysis.judging import MARGIN_DEG, judge_rep
from hinge_dowel.analysis.measures import MeasureSeries
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.rules import Rules
from hinge_dowel.tolerances import Tolerances

EPS = 1e-6


def test_a_clean_rep():
    rep = judged()
    assert rep.faults == ()
    assert rep.notes == ()
    assert (rep.number, rep.start_s, rep.bottom_s, rep.end_s) == (1, 0.5, 2.5, 4.5)
    angles = dataclasses.asdict(rep)
    assert {
        name: angles[name] for name in angles if name.endswith(("flexion_deg", "angle_deg"))
    } == pytest.approx(
        {
            "hip_flexion_deg": 80.0,
            "knee_flexion_deg": 18.0,
            "shin_angle_deg": 2.0,
            "spinal_flexion_deg": 4.0,
            "cervical_flexion_deg": 0.0,
        },
        abs=0.5,
    )


class TestEachFault:
    """Just below its tolerance, and at it."""

    @pytest.mark.parametrize("below", [False, True])
    @pytest.mark.parametrize(
        ("angle", "limit_deg", "fault"),
        [("spinal", 16.0, "spinal_flexion"), ("cervical", 14.0, "cervical_flexion")],
    )
    def test_spine_and_neck(self, angle, limit_deg, fault, below):
        rep = judged(**{angle: at_bottom(limit_deg - below * EPS)})
        assert rep.faults == (() if below else (fault,))

    @pytest.mark.parametrize(
        ("knee_deg", "shin_deg", "faults"),
        [
            (45.0, 10.0, ("squatting",)),
            (45.0 - EPS, 10.0, ()),
            (45.0, 10.0 - EPS, ()),
            (45.0 - EPS, 40.0, ()),
            (90.0 - EPS, 10.0 - EPS, ()),
            (90.0, -20.0, ("squatting",)),
            (90.0, 0.0, ("squatting",)),
            (120.0, 30.0, ("squatting",)),
        ],
    )
    def test_squatting_is_knees_and_shins_or_very_deep_knees(self, knee_deg, shin_deg, faults):
        rep = judged(knee=at_bottom(knee_deg), shin=at_bottom(shin_deg))
        assert rep.faults == faults

    def test_extension_is_no_fault(self):
        assert judged(spinal=-40.0, cervical=-60.0, knee=-5.0, shin=-30.0).faults == ()

    def test_the_limits_are_the_tolerances(self):
        """Those of the file a person gives, not the ones written here."""
        strict = Tolerances(
            spinal_flexion_deg=3.0,
            cervical_flexion_deg=1.0,
            squat_knee_deg=10.0,
            squat_shin_deg=1.0,
        )
        rep = judged(tolerances=strict, cervical=1.5)
        assert rep.faults == ("spinal_flexion", "squatting", "cervical_flexion")
        lax = Tolerances(spinal_flexion_deg=50.0, cervical_flexion_deg=60.0, squat_knee_deg=99.0)
        rep = judged(tolerances=lax, spinal=49.0, cervical=59.0, knee=80.0, shin=30.0)
        assert rep.faults == ()

    def test_a_rep_tells_how_bent_knees_are_a_squat_whatever_the_shins(self):
        assert judged().deep_knee_deg == LIMITS.deep_knee_deg
        assert judged(tolerances=Tolerances(deep_knee_deg=77.0)).deep_knee_deg == 77.0
        assert judged(tolerances=Tolerances(upper_back_stray_cm=3.1)).borderline_cm == 3.1


def test_with_the_shanks_on_the_floor_feet_and_knees_tell_nothing_of_the_weight():
    """How far the hips go back does, as in any other hinge."""
    body, series = posture(knee=at_bottom(40.0)), MeasureSeries(*[np.full(FRAMES, 0.5)] * 4)
    told = [
        judge_rep(body, FULL, 1, rules=Rules(legs=legs), series=series) for legs in (True, False)
    ]
    assert [rep.hip_travel_cm for rep in told] == [0.5, 0.5]
    for name in ("weight_share", "knee_lead_s", "hip_knee_ratio"):
        standing, kneeling = (getattr(rep, name) for rep in told)
        assert standing is not None
        assert kneeling is None


BAD = {
    "spinal_flexion": {"spinal": 30.0},
    "squatting": {"knee": 100.0, "shin": 30.0},
    "cervical_flexion": {"cervical": 30.0},
}


@pytest.mark.parametrize(
    "faults",
    [
        ("spinal_flexion", "squatting"),
        ("spinal_flexion", "cervical_flexion"),
        ("squatting", "cervical_flexion"),
        ("spinal_flexion", "squatting", "cervical_flexion"),
    ],
)
def test_several_faults_come_worst_first(faults):
    together = {name: angle for fault in reversed(faults) for name, angle in BAD[fault].items()}
    assert judged(**together).faults == faults


class TestRoomForDoubt:
    """What each of them widens is tried in test_limits."""

    @pytest.mark.parametrize("below", [False, True])
    def test_both_add_up(self, below):
        rep = judged(neutral="assumed", spare_deg=5.0, spinal=at_bottom(27.0 - below * EPS))
        assert rep.faults == (() if below else ("spinal_flexion",))

    @pytest.mark.parametrize(
        ("neutral", "angle_deg", "faults", "notes"),
        [
            ("measured", 28.0, ("spinal_flexion",), ("unsure_spine",)),
            ("assumed", 28.0, (), ("unsure_spine",)),
            ("assumed", 35.0, (), ("unsure_spine",)),
            ("assumed", 60.0, ("spinal_flexion",), ()),
        ],
    )
    def test_against_a_typical_neutral_only_what_is_past_doubt_is_a_fault(
        self, neutral, angle_deg, faults, notes
    ):
        rep = judged(usual={"spinal": 12.0}, neutral=neutral, spinal=at_bottom(angle_deg))
        assert (rep.faults, rep.notes) == (faults, notes)
        assert rep.spinal_flexion_deg == pytest.approx(angle_deg)

    @pytest.mark.parametrize(
        ("knee_deg", "angle_deg", "faults"),
        [
            (110.0, 28.0, ("squatting",)),
            (110.0, 50.0, ("spinal_flexion", "squatting")),
            (50.0, 28.0, ("spinal_flexion", "squatting")),
        ],
    )
    def test_in_a_plain_squat_only_a_plainly_rounded_back_is_a_fault(
        self, knee_deg, angle_deg, faults
    ):
        usual = {"spinal": 12.0, "knee": 15.0, "shin": 2.0}
        rep = judged(usual=usual, knee=knee_deg, shin=20.0, spinal=at_bottom(angle_deg))
        assert rep.faults == faults
        assert ("squatting" in rep.sure_faults) is (knee_deg > 100)


class TestNotes:
    """Each at its limit is tried in test_technique."""

    def test_a_deep_squat_is_not_too_deep_as_well(self):
        rep = judged(hip=140.0, knee=110.0, shin=5.0)
        assert rep.faults == ("squatting",)
        assert rep.notes == ()

    def test_locked_knees_are_not_worth_saying_beside_a_fault(self):
        assert judged(knee=0.0, spinal=30.0).notes == ()

    def test_over_arching_at_the_top(self):
        """15 degrees of extension as the rep ends, and never while bent."""

        def arched(by, at_s):
            return np.where(np.abs(TIME - at_s) < 0.2, -by, 4 * SHARE)

        assert judged(spinal=arched(15.0 + EPS, 4.9)).notes == ("over_arching",)
        assert judged(spinal=arched(15.0 - EPS, 4.9)).notes == ()
        assert judged(spinal=arched(25.0, 2.5)).notes == ()
        assert judged(spinal=arched(20.0, 4.9), neutral="assumed").notes == ()
        assert judged(spinal=arched(20.0, 4.9), spare_deg=6.0).notes == ()

    def test_where_the_end_is_not_seen_nothing_arches_there(self):
        span = dataclasses.replace(FULL, end_s=None, kind="partial")
        arched = np.where(TIME > 4.2, -40.0, 0.0)
        assert judged(span, spinal=arched).notes == ("partial",)

    @pytest.mark.parametrize("kind", ["partial", "held"])
    def test_what_is_seen_of_it(self, kind):
        """Neither is shallow or too fast: who knows what was not seen."""
        span = RepSpan(None, 2.5, None, first=10, bottom=50, last=90, kind=kind)
        rep = judged(span, hip=30.0)
        assert rep.notes == (kind,)
        assert (rep.start_s, rep.end_s) == (None, None)

    def test_those_given_come_last_and_once(self):
        rep = judged(hip=30.0, notes=("oblique_view", "shallow", "unsure_spine"))
        assert rep.notes == ("shallow", "oblique_view", "unsure_spine")

    def test_many(self):
        span = dataclasses.replace(FULL, end_s=1.5)
        rep = judged(span, hip=30.0, shin=12.0, knee=1.0)
        assert rep.notes == ("shallow", "shins_forward", "locked_knees", "too_fast")


class TestExtreme:
    """The bottom speaks for a rep, unless elsewhere is clearly further from neutral."""

    def spinal(self, bottom, elsewhere):
        """`bottom` about the bottom, `elsewhere` 1.25 s before it, 0 else."""
        series = np.zeros(FRAMES)
        series[45:56] = bottom
        series[20:30] = elsewhere
        return judged(spinal=series).spinal_flexion_deg

    @pytest.mark.parametrize(
        ("bottom", "elsewhere", "extreme"),
        [
            (12.0, 12.0 + MARGIN_DEG, 12.0),
            (12.0, 12.1 + MARGIN_DEG, 12.1 + MARGIN_DEG),
            (12.0, 3.0, 12.0),
            (-12.0, -12.0 - MARGIN_DEG, -12.0),
            (-12.0, -12.1 - MARGIN_DEG, -12.1 - MARGIN_DEG),
            (0.0, 20.0, 20.0),
            (0.0, -20.0, -20.0),
        ],
    )
    def test_bottom_or_elsewhere(self, bottom, elsewhere, extreme):
        assert self.spinal(bottom, elsewhere) == pytest.approx(extreme)

    def test_leaning_back_elsewhere_does_not_hide_a_round_bottom(self):
        assert self.spinal(20.0, -40.0) == 20.0
        series = np.where(TIME > 4, -40.0, 25.0 * SHARE)
        assert "spinal_flexion" in judged(spinal=series).faults

    def test_rounding_on_the_way_is_a_fault(self):
        series = np.zeros(FRAMES)
        series[60:75] = 25.0
        assert judged(spinal=series).faults == ("spinal_flexion",)

    def test_outside_the_rep_nothing_counts(self):
        series = np.zeros(FRAMES)
        series[:10] = series[91:] = 60.0
        rep = judged(spinal=series, cervical=series)
        assert rep.spinal_flexion_deg == 0
        assert rep.faults == ()

    def test_the_bottom_is_a_median_over_a_third_of_a_second(self):
        series = np.zeros(FRAMES)
        series[48:53] = [5.0, 5.0, 9.0, 5.0, 5.0]
        assert judged(spinal=series).spinal_flexion_deg == 5.0

    def test_strays_are_those_of_the_bottom(self):
        head = np.where(np.abs(TIME - 2.5) < 0.2, 3.0, 50.0)
        strays = judged(head=head, sacrum=at_bottom(1.5)).stray_cm
        assert (strays.head, strays.upper_back, strays.sacrum) == (3.0, 0.0, 1.5)


class TestUnseen:
    NOTHING = np.full(FRAMES, np.nan)

    @pytest.mark.parametrize(
        ("part", "angle", "notes"),
        [
            ("knee", "knee_flexion_deg", ("unsure_knee",)),
            ("cervical", "cervical_flexion_deg", ("unsure_head",)),
            ("spinal", "spinal_flexion_deg", ("unsure_spine",)),
            ("hip", "hip_flexion_deg", ()),
        ],
    )
    def test_is_not_known_and_no_fault(self, part, angle, notes):
        rep = judged(**{part: self.NOTHING})
        assert getattr(rep, angle) is None
        assert rep.faults == ()
        assert rep.notes == notes

    @pytest.mark.parametrize(("hidden", "known"), [(20, True), (21, False)])
    def test_half_of_a_rep_must_be_seen(self, hidden, known):
        """The rep has 41 frames here."""
        span = dataclasses.replace(FULL, first=30, last=70)
        knee = at_bottom(70.0)
        knee[30 : 30 + hidden] = np.nan
        rep = judged(span, knee=knee, shin=30.0)
        assert (rep.knee_flexion_deg is not None) == known
        assert ("unsure_knee" in rep.notes) == (not known)
        assert rep.faults == (("squatting",) if known else ())

    def test_the_shin_alone_makes_no_squat(self):
        rep = judged(knee=self.NOTHING, shin=40.0)
        assert rep.faults == ()
        assert rep.notes == ("shins_forward", "unsure_knee")

    @pytest.mark.parametrize(("deg", "faults"), [(20.0, ("spinal_flexion",)), (10.0, ())])
    def test_with_the_bottom_hidden_what_is_seen_beside_it_speaks(self, deg, faults):
        spinal = deg * SHARE
        spinal[46:55] = np.nan
        rep = judged(spinal=spinal)
        assert rep.spinal_flexion_deg == pytest.approx(deg, abs=0.5)
        assert rep.faults == faults

    def test_strays(self):
        rep = judged(head=self.NOTHING, upper_back=self.NOTHING, sacrum=self.NOTHING)
        assert rep.stray_cm.to_dict() == {"head": None, "upper_back": None, "sacrum": None}
        assert rep.faults == ()


class TestPointsAlone:
    """Without legs the strays name the place."""

    NO_LEGS: ClassVar = {
        "knee": np.full(FRAMES, np.nan),
        "shin": np.full(FRAMES, np.nan),
        "by_strays": True,
    }

    @pytest.mark.parametrize("below", [False, True])
    @pytest.mark.parametrize(
        ("place", "limit_cm", "fault"),
        [
            ("sacrum", 4.0, "spinal_flexion"),
            ("head", 4.0, "cervical_flexion"),
            ("upper_back", 2.5, "squatting"),
        ],
    )
    def test_the_place_that_left(self, place, limit_cm, fault, below):
        rep = judged(**self.NO_LEGS, **{place: at_bottom(limit_cm - below * EPS)})
        assert rep.faults == (() if below else (fault,))
        assert getattr(rep.stray_cm, place) == pytest.approx(limit_cm)

    def test_places_behind_the_dowel_have_not_left_it(self):
        rep = judged(**self.NO_LEGS, head=-9.0, sacrum=-9.0, upper_back=-9.0)
        assert rep.faults == ()

    def test_only_the_faults_of_the_exercise_count(self):
        away = posture(**self.NO_LEGS, head=9.0, upper_back=9.0, sacrum=9.0)
        rep = judge_rep(away, FULL, 1, rules=Rules(faults=("spinal_flexion",)))
        assert rep.faults == ("spinal_flexion",)
        assert rep.stray_cm.head == pytest.approx(9.0, rel=0.01)

    def test_angles_are_told_but_not_judged(self):
        rep = judged(**self.NO_LEGS, spinal=60.0, cervical=60.0)
        assert rep.faults == ()
        assert rep.spinal_flexion_deg == pytest.approx(60.0, abs=0.5)

    def test_knees_that_are_known_tell_squatting_and_not_the_upper_back(self):
        def found(knee, upper_back):
            knees = {"knee": at_bottom(knee), "shin": at_bottom(20.0)}
            return judged(by_strays=True, **knees, upper_back=at_bottom(upper_back)).faults

        assert found(44.0, 5.0) == ()
        assert found(46.0, 0.0) == ("squatting",)
        assert judged(by_strays=True, knee=20.0, sacrum=9.0).faults == ("spinal_flexion",)

    def test_of_angles_strays_are_told_but_not_judged(self):
        rep = judged(head=20.0, upper_back=20.0, sacrum=20.0)
        assert rep.faults == ()
        assert rep.stray_cm.head == pytest.approx(20.0, rel=0.01)

    def test_missing_knees_and_necks_are_no_surprise(self):
        rep = judged(**self.NO_LEGS, cervical=np.full(FRAMES, np.nan))
        assert rep.notes == ()
        assert rep.knee_flexion_deg is rep.shin_angle_deg is rep.cervical_flexion_deg is None

    def test_faults_come_worst_first(self):
        rep = judged(**self.NO_LEGS, head=9.0, upper_back=9.0, sacrum=9.0)
        assert rep.faults == ("spinal_flexion", "squatting", "cervical_flexion")


@pytest.mark.parametrize(
    ("angle", "on_the_way", "kept"),
    [("cervical", 11.0, None), ("cervical", 18.0, 18.0), ("knee", 20.0, None), ("hip", 40.0, 40.0)],
)
def test_what_the_bottom_does_not_show_is_known_only_if_it_is_too_much_already(
    angle, on_the_way, kept
):
    series = np.full(FRAMES, on_the_way)
    series[35:66] = np.nan
    rep = judged(**{angle: series})
    field = {"cervical": "cervical_flexion_deg", "knee": "knee_flexion_deg"}.get(
        angle, "hip_flexion_deg"
    )
    assert getattr(rep, field) == kept
    assert (f"unsure_{'head' if angle == 'cervical' else angle}" in rep.notes) == (kept is None)
