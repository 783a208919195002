"""From what the pose model saw to a verdict: which frames are trusted, what is said of the film."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person
from support.altering import altered
from support.records import mirrored, part

from hinge_dowel.analysis import back_points
from hinge_dowel.analysis.pipeline import HEAD_DOWN_DEG, judge, trusted
from hinge_dowel.analysis.rules import HINGE, ChosenRules
from hinge_dowel.body.landmarks import ANKLES, NOSE, SHOULDERS
from hinge_dowel.body.outline import OUTLINE_SIZE
from hinge_dowel.body.trunk import pitch_deg, trunk_frame
from hinge_dowel.pose.extraction import Record
from hinge_dowel.testing.synthetic import Bottom, hinge, motion
from hinge_dowel.tolerances import DEFAULT

FAULTS = [(), ("spinal_flexion",), (), ("cervical_flexion",)]


@pytest.fixture(scope="module")
def whole() -> Record:
    return recorded_person.record()


def alone(**options: float) -> Record:
    """Landmarks of a figure, without outline: what another program saw."""
    made = hinge(2, **options)
    return Record(made.time_s, made.landmarks, None, None)


class TestTrusted:
    def test_everything_that_is_there(self, whole: Record) -> None:
        record, seen = trusted(whole)
        assert record is whole
        assert seen.all()

    def test_not_a_frame_between_lost_ones(self, whole: Record) -> None:
        landmarks = whole.landmarks.copy()
        landmarks[[10, 12, 20]] = np.nan
        record, seen = trusted(replace(whole, landmarks=landmarks))
        assert np.flatnonzero(~seen).tolist() == [10, 11, 12, 20]
        assert np.isnan(record.landmarks[11]).all()

    def test_not_who_hangs_head_down(self, whole: Record) -> None:
        landmarks = whole.landmarks.copy()
        landmarks[5:8, :, 1] *= -1
        _, seen = trusted(replace(whole, landmarks=landmarks))
        assert np.flatnonzero(~seen).tolist() == [5, 6, 7]

    def test_who_folds_to_the_floor_over_standing_feet(self) -> None:
        fold = motion(Bottom(hip_deg=150.0, spinal_deg=40.0), 1)
        record = Record(fold.time_s, fold.landmarks, None, None)
        deep = np.abs(pitch_deg(trunk_frame(fold.landmarks)[1])) >= HEAD_DOWN_DEG
        assert deep.any()
        assert trusted(record)[1].all()
        landmarks = fold.landmarks.copy()
        landmarks[:, ANKLES] = np.nan
        assert np.array_equal(trusted(replace(record, landmarks=landmarks))[1], ~deep)

    def test_who_lacks_a_shoulder_but_not_who_lacks_a_nose(self, whole: Record) -> None:
        landmarks = whole.landmarks.copy()
        landmarks[30:33, NOSE] = np.nan
        landmarks[40:43, SHOULDERS[0]] = np.nan
        _, seen = trusted(replace(whole, landmarks=landmarks))
        assert np.flatnonzero(~seen).tolist() == [40, 41, 42]


class TestJudge:
    @pytest.mark.parametrize("facing", ["right", "left"])
    def test_a_set_from_either_side(self, whole: Record, facing: str) -> None:
        verdict = judge(whole if facing == "right" else mirrored(whole), clip="me.mp4")
        assert (verdict.clip, verdict.facing, verdict.neutral) == ("me.mp4", facing, "measured")
        assert [rep.faults for rep in verdict.reps] == FAULTS
        assert verdict.view_angle_deg < DEFAULT.view_warn_deg

    def test_a_head_that_hangs_in_a_deep_fold_is_not_told(
        self, whole: Record, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(back_points, "HANGING_DEG", 40.0)
        verdict = judge(whole, clip="a")
        assert [rep.faults for rep in verdict.reps] == [(), ("spinal_flexion",), (), ()]
        assert all("unsure_head" in rep.notes for rep in verdict.reps)
        assert not any("looking_up" in rep.notes for rep in verdict.reps)

    def test_what_the_film_remarks_comes_first_and_is_kept_when_unusable(
        self, whole: Record
    ) -> None:
        told = replace(whole, remarks=("It plays four times slower than life.",))
        others = judge(alone(), clip="a").warnings
        assert others
        assert judge(replace(alone(), remarks=told.remarks), clip="a").warnings == (
            *told.remarks,
            *others,
        )
        unseen = replace(told, landmarks=np.full_like(told.landmarks, np.nan))
        verdict = judge(unseen, clip="a")
        assert (verdict.status, verdict.warnings) == ("unusable", told.remarks)

    def test_what_is_not_counted_is_for_the_caller_to_say(self, whole: Record) -> None:
        bottom_s = judge(whole, clip="a").reps[1].bottom_s
        cut = part(whole, 0, bottom_s + 0.2)
        assert [rep.end_s is None for rep in judge(cut, clip="a").reps] == [False]
        every = judge(cut, clip="a", count=lambda spans, _: (tuple(spans), ("Told.",)))
        assert [rep.end_s is None for rep in every.reps] == [False, True]
        assert "Told." in every.warnings

    def test_too_few_pictures_are_unusable_but_for_a_session_that_goes_on(
        self, whole: Record
    ) -> None:
        kept = np.zeros(len(whole.time_s), dtype=bool)
        kept[::12] = kept[1::12] = True
        landmarks = np.where(kept[:, None, None], whole.landmarks, np.nan)
        few, lenient = replace(whole, landmarks=landmarks), replace(DEFAULT, seen_share=0.1)
        verdict = judge(few, clip="a", tolerances=lenient)
        assert verdict.status == "unusable"
        going_on = judge(few, clip="a", tolerances=lenient, going_on=True)
        assert not any(rep.judged for rep in going_on.reps)

    def test_who_chooses_the_exercise_sees_the_movement(self, whole: Record) -> None:
        seen = []

        def choose(movement):
            seen.append(movement)
            return ChosenRules(replace(HINGE, exercise="rdl"), sure=False)

        verdict = judge(whole, clip="a", rules=choose)
        assert (verdict.exercise, verdict.exercise_sure) == ("rdl", False)
        assert [len(movement.reps) for movement in seen] == [4]
        assert not seen[0].kneeling

    def test_a_told_exercise_that_kneels_is_refused_to_who_stands(self, whole: Record) -> None:
        verdict = judge(whole, clip="a", rules=replace(HINGE, start="kneeling"))
        assert verdict.status == "unusable"
        assert "shins are not on the floor" in verdict.reason

    def test_hands_behind_the_back_are_told(self, whole: Record) -> None:
        landmarks = whole.landmarks.copy()
        landmarks[:, [15, 16]] = (landmarks[:, [23, 24]] + landmarks[:, [11, 12]]) / 2
        landmarks[:, [15, 16], 0] -= 15  # facing right
        verdict = judge(replace(whole, landmarks=landmarks), clip="a")
        assert any("Hands behind the back" in said for said in verdict.warnings)
        assert not any("Hands behind" in said for said in judge(whole, clip="a").warnings)

    @pytest.mark.parametrize("gone", ["outlines", "depth"])
    def test_outlines_or_depths_that_are_all_missing(self, gone: str) -> None:
        record = alone()
        outlines = np.full((len(record.time_s), OUTLINE_SIZE), 0.3)
        landmarks = record.landmarks.copy()
        if gone == "outlines":
            outlines[:] = np.nan
        else:
            landmarks[..., 2] = np.nan
        verdict = judge(replace(record, landmarks=landmarks, outlines=outlines), clip="a")
        assert verdict.status == "unusable"
        assert "outlines or depths" in verdict.reason

    def test_a_trunk_alone_that_stands_tells_no_direction(self) -> None:
        record = alone()
        landmarks = np.repeat(record.landmarks[:1], len(record.time_s), axis=0)
        landmarks[:, [*range(11), *range(25, 33)]] = np.nan
        verdict = judge(replace(record, landmarks=landmarks), clip="a")
        assert "It is not clear which way the person faces" in verdict.reason
        assert verdict.facing is None


def test_the_view_is_that_of_the_repetitions() -> None:
    """Who walks in toward the camera, and out again, has still hinged side-on."""
    side = alone(stand_s=8.0)
    crouched = Bottom(hip_deg=15, knee_deg=45, shin_deg=25, spinal_deg=0)
    front = motion(crouched, 1, tempo_s=2, camera_yaw_deg=40).landmarks
    (low,) = front[[len(front) // 2]]
    middle = (side.time_s > 7.0) & (side.time_s < side.time_s[-1] - 7.0)
    landmarks = np.where(middle[:, None, None], side.landmarks, low)
    verdict = judge(replace(side, landmarks=landmarks), clip="a")
    assert [rep.faults for rep in verdict.reps] == [(), ()]
    assert verdict.view_angle_deg == pytest.approx(0.0, abs=3.0)


@pytest.mark.parametrize(
    ("yaw_deg", "room", "told"), [(0, False, False), (20, True, False), (30, True, True)]
)
def test_an_oblique_view_has_room_for_error_before_it_is_said(yaw_deg, room, told) -> None:
    """Who films from the side is often taken for some degrees off."""
    verdict = judge(alone(camera_yaw_deg=yaw_deg), clip="a")
    assert ["oblique_view" in rep.notes for rep in verdict.reps] == [told] * 2
    warned = "The camera stands about 30 degrees from side-on"
    assert any(warned in said for said in verdict.warnings) is told
    plain = judge(alone(), clip="a").limits["cervical_flexion_deg"]
    wider = verdict.limits["cervical_flexion_deg"] - plain
    assert wider == pytest.approx(DEFAULT.oblique_extra_deg if room else 0.0)


def test_far_from_side_on_there_is_more_doubt() -> None:
    """The same body, told by where "far" begins: only the doubt differs."""
    near, far = (
        judge(
            recorded_person.record(), clip="a", tolerances=replace(DEFAULT, view_far_deg=begins_deg)
        )
        for begins_deg in (40.0, 0.0)
    )
    assert len(near.reps) == 4
    for one, other in zip(near.reps, far.reps, strict=True):
        assert one.knee_flexion_deg == other.knee_flexion_deg
        assert one.weight_share is not None
        assert other.weight_share is None
        ends, wider = (rep.intervals_deg["knee_flexion_deg"] for rep in (one, other))
        wide = (wider[1] - wider[0]) / (ends[1] - ends[0])
        assert wide == pytest.approx(DEFAULT.far_view_doubt_ratio)


def test_landmarks_alone_are_not_judged_from_there() -> None:
    oblique = alone(camera_yaw_deg=45)
    assert judge(oblique, clip="a").status == "unusable"
    assert judge(oblique, clip="a", tolerances=replace(DEFAULT, view_far_deg=50.0)).reps


def test_upside_down_is_no_body() -> None:
    record = alone()
    upside = replace(record, landmarks=altered(record.landmarks, lambda xy: xy * [1, -1]))
    assert "Shoulders and hips are missing" in judge(upside, clip="a").reason


def test_few_pictures_each_unlike_the_last_are_not_taken_for_something_in_the_way(
    whole: Record,
) -> None:
    """What never moves is not told from what does in a film that hardly moves."""
    hidden = replace(whole, hidden=True)
    assert judge(hidden, clip="a").refusal == "hidden"
    few = replace(hidden, time_s=hidden.time_s * 12)
    assert judge(few, clip="a").refusal == "slow"
