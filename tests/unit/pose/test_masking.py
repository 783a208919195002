"""Following the one who hinges: what is looked at the second time, and what that brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from robustness.scenes import bystander
from robustness.scoring import score
from support import recorded_person

from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.errors import ClipError
from hinge_dowel.pose import extraction, masking, other_people
from hinge_dowel.pose.extraction import ObservesFrames, Record
from hinge_dowel.pose.masking import MaskedTracker, PersonMask, moving_places, person_mask
from hinge_dowel.pose.person_tracks import PersonTrack, hinging_track, person_tracks_of
from hinge_dowel.pose.tracker import PoseObservation
from hinge_dowel.video.options import WHOLE_PICTURE, FilmOptions
from hinge_dowel.video.reader import ClipInfo, Frame

CLIP = Path("clip.mp4")
WALL = 90


@pytest.fixture(scope="module")
def alone() -> Record:
    return recorded_person.record()


@pytest.fixture(scope="module")
def own(alone: Record) -> PersonTrack:
    return person_tracks_of(alone)[0]


def standing(alone: Record, right_px: float, scale: float = 1.0) -> Record:
    """Somebody who stands still elsewhere, seen in all of the clip."""
    one = alone.landmarks[:1] * (scale, scale, scale, 1.0) + (right_px, 0.0, 0.0, 0.0)
    return replace(alone, landmarks=np.repeat(one, len(alone.time_s), axis=0))


class Script:
    """Stands in for the pose model: sees what it is told to, and keeps what it was shown."""

    def __init__(self, *observations: np.ndarray | None) -> None:
        self.observations = list(observations)
        self.shown: list[np.ndarray] = []
        self.starts = 0

    def restart(self) -> None:
        self.starts += 1

    def see(self, frame: Frame) -> PoseObservation:
        self.shown.append(frame.rgb.copy())
        found = self.observations.pop(0)
        if found is None:
            return PoseObservation(frame.time_s, np.full((33, 4), np.nan), None)
        return PoseObservation(frame.time_s, found, np.ones(frame.rgb.shape[:2], np.float32))


def picture(time_s: float, *people: np.ndarray) -> Frame:
    """A bare wall with a white spot on every landmark of people."""
    rgb = np.full((480, 480, 3), WALL, np.uint8)
    for landmarks in people:
        for x, y in landmarks[:, :2].round().astype(int):
            rgb[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2] = 255
    return Frame(time_s, rgb)


def looked_at(rgb: np.ndarray, landmarks: np.ndarray) -> float:
    """The share of somebody's landmarks that a picture shows."""
    x, y = landmarks[:, :2].round().astype(int).T
    return float((rgb[y, x, 0] > 200).mean())


class TestMovingPlaces:
    def test_repetitions_move_and_a_passer_by_does_not(self) -> None:
        pictures = [np.full((60, 80), 90, np.float32) for _ in range(60)]
        for k, grey in enumerate(pictures):
            grey[10:30, 20 : 30 if k % 4 else 24] = 160
            grey[10:50, 50 + 4 * k : 54 + 4 * k] = 20
        found = moving_places(pictures)
        assert found[10:30, 24:30].all()
        assert found.sum() == 120

    def test_noise_is_no_movement(self) -> None:
        rng = np.random.default_rng(1)
        pictures = [rng.normal(90, 6, (60, 80)).astype(np.float32) for _ in range(60)]
        assert not moving_places(pictures).any()


class TestBlinkers:
    def test_the_window_has_room_for_the_person_and_fits_the_pose_model(
        self, own: PersonTrack
    ) -> None:
        moving = np.zeros((60, 60), bool)
        left, top, right, bottom = (own.box / 8).astype(int)
        moving[top : (top + bottom) // 2, left:right] = True
        plan = person_mask(moving, own, ())
        assert plan is not None
        assert plan.own is own
        assert (np.array(plan.window[:2]) <= own.box[:2]).all()
        assert (np.array(plan.window[2:]) >= own.box[2:].clip(max=480)).all()
        assert (plan.window[2] - plan.window[0]) % 4 == 0

    def test_where_nobody_is_known_the_largest_movement_and_legs_below_count(self) -> None:
        moving = np.zeros((60, 60), bool)
        moving[20:35, 12:20] = True
        moving[5:8, 50:53] = True
        plan = person_mask(moving, None, ())
        assert plan is not None
        left, top, right, bottom = plan.window
        assert left < 12 * 8 < 20 * 8 < right < 50 * 8
        assert top < 20 * 8
        assert bottom >= 45 * 8

    def test_nothing_moves_or_everything_does(self, own: PersonTrack) -> None:
        assert person_mask(np.zeros((60, 60), bool), own, ()) is None
        assert person_mask(np.ones((60, 60), bool), own, ()) is None

    def test_who_fidgets_is_not_whom_to_look_for(self, own: PersonTrack) -> None:
        moving = np.zeros((60, 60), bool)
        x, y = (own.landmarks[0] / 8).astype(int)
        moving[y, x] = True
        assert person_mask(moving, None, (own,)) is None


class TestBlinkered:
    WINDOW = (80, 40, 440, 480)

    def test_places_are_those_of_the_whole_picture(self, alone: Record, own: PersonTrack) -> None:
        there = alone.landmarks[0]
        tracker = Script(there - (80, 40, 0, 0))
        observation = MaskedTracker(PersonMask(self.WINDOW, (), own), tracker).see(
            picture(0.0, there)
        )
        assert observation.landmarks == pytest.approx(there)
        assert observation.silhouette is not None
        assert observation.silhouette.shape == (480, 480)
        assert observation.silhouette[40:, 80:440].all()
        assert observation.silhouette.sum() == 440 * 360
        assert tracker.shown[0].shape == (440, 360, 3)

    def test_others_are_painted_over_and_the_own_person_is_not(
        self, alone: Record, own: PersonTrack
    ) -> None:
        there = alone.landmarks[0]
        (other,) = person_tracks_of(standing(alone, 140))
        shift = (80, 40, 0, 0)
        tracker = Script(there - shift)
        frame = picture(0.0, there, standing(alone, 140).landmarks[0])
        before = frame.rgb.copy()
        MaskedTracker(PersonMask(self.WINDOW, (other,), own), tracker).see(frame)
        other_there = np.column_stack([other.landmarks, np.zeros((33, 2))])
        assert looked_at(frame.rgb, other_there) == 1
        assert looked_at(tracker.shown[0], other_there - shift) < 0.1
        assert looked_at(tracker.shown[0], there - shift) == 1
        assert (frame.rgb == before).all()

    def test_whom_they_bend_in_front_of_does_not_hide_them(
        self, alone: Record, own: PersonTrack
    ) -> None:
        there = alone.landmarks[0]
        (other,) = person_tracks_of(standing(alone, 30))
        shift = (80, 40, 0, 0)
        tracker = Script(there - shift, there - shift)
        blinkered = MaskedTracker(PersonMask(self.WINDOW, (other,), own), tracker)
        for k in range(2):
            blinkered.see(picture(k / 15, there))
        hidden, known = (looked_at(rgb, there - shift) for rgb in tracker.shown)
        assert hidden < 0.7
        assert known == 1

    def test_whoever_else_is_found_is_nobody_and_the_search_begins_again(
        self, alone: Record, own: PersonTrack
    ) -> None:
        there, elsewhere = alone.landmarks[0], standing(alone, 140)
        (other,) = person_tracks_of(elsewhere)
        shift = (80, 40, 0, 0)
        wrong = elsewhere.landmarks[0] - shift
        tracker = Script(there - shift, wrong, wrong, there - shift, None)
        blinkered = MaskedTracker(PersonMask(self.WINDOW, (other,), own), tracker)
        observations = [blinkered.see(picture(t, there)) for t in (0.0, 2.0, 2.1, 2.2, 2.3)]
        assert [observation.silhouette is None for observation in observations] == [
            False,
            True,
            True,
            False,
            True,
        ]
        assert [bool(np.isnan(observation.landmarks).all()) for observation in observations] == [
            observation.silhouette is None for observation in observations
        ]
        assert tracker.starts == 1

    @pytest.mark.parametrize(("right_px", "scale"), [(200.0, 1.0), (60.0, 0.5)])
    def test_whom_nobody_knew_before_is_somebody_else_too(
        self, alone: Record, own: PersonTrack, right_px: float, scale: float
    ) -> None:
        stranger = standing(alone, right_px, scale).landmarks[0]
        tracker = Script(stranger - (80, 40, 0, 0))
        observation = MaskedTracker(PersonMask(self.WINDOW, (), own), tracker).see(
            picture(5.0, stranger)
        )
        assert observation.silhouette is None


class TestObserve:
    """Which of several watchings is kept."""

    def run(
        self, monkeypatch: pytest.MonkeyPatch, *records: Record, moving: np.ndarray | None = None
    ) -> tuple[Record, list[PersonMask]]:
        waiting, plans = list(records), []

        def watched(
            path: Path,
            *,
            through: Callable[[ObservesFrames], ObservesFrames] | None = None,
            **_: object,
        ) -> Record:
            if isinstance(through, partial):
                plans.append(through.args[0])
            return waiting.pop(0)

        somewhere = np.zeros((60, 60), bool)
        somewhere[15:40, 25:40] = True
        first = Frame(0.0, np.zeros((8, 8, 3), np.uint8))
        monkeypatch.setattr(masking, "probe", lambda *_: ClipInfo(8, 8, None, first))
        monkeypatch.setattr(masking, "shown_part", lambda *_: WHOLE_PICTURE)
        monkeypatch.setattr(extraction, "extract_pose", watched)
        places = somewhere if moving is None else moving
        monkeypatch.setattr(masking._Film, "moving", lambda *_: places)
        found = masking.follow_person(CLIP)
        assert not waiting
        return found, plans

    def test_one_person_is_watched_once(
        self, alone: Record, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found, plans = self.run(monkeypatch, alone)
        assert found is alone
        assert not plans

    def test_who_stands_and_watches_is_painted_over(
        self, alone: Record, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found, plans = self.run(monkeypatch, standing(alone, 140), alone)
        assert found.landmarks is alone.landmarks
        assert found.remarks == (other_people.OTHER_PERSON.format(side=", on the left,"),)
        assert [len(plan.others) for plan in plans] == [1]
        assert plans[0].own is None

    @pytest.mark.parametrize(
        ("right_px", "side"), [(140, ", on the left,"), (-140, ", on the right,")]
    )
    def test_who_was_followed_is_said(
        self, alone: Record, monkeypatch: pytest.MonkeyPatch, right_px: float, side: str
    ) -> None:
        found, _ = self.run(monkeypatch, standing(alone, right_px), alone)
        assert found.remarks == (other_people.OTHER_PERSON.format(side=side),)

    def test_between_two_others_no_side_is_said(self, alone: Record, own: PersonTrack) -> None:
        first, second = (person_tracks_of(standing(alone, off))[0] for off in (140, -140))
        for others, side in (([first, second], ""), ([first], ", on the left,"), ([], "")):
            told = other_people.remark_on(others, alone)
            assert told == other_people.OTHER_PERSON.format(side=side)

    def test_who_shows_up_behind_them_is_painted_over_next(
        self, alone: Record, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = standing(alone, 140), standing(alone, -150)
        found, plans = self.run(monkeypatch, first, second, alone)
        assert found.landmarks is alone.landmarks
        assert [len(plan.others) for plan in plans] == [1, 2]

    def test_where_it_brings_nothing_the_first_watching_counts(
        self, alone: Record, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        still = standing(alone, 140)
        no_person = replace(still, landmarks=np.full_like(still.landmarks, np.nan))
        found, _ = self.run(monkeypatch, still, no_person)
        assert found.landmarks is still.landmarks
        assert not found.remarks, "who stands alone is nobody else"

    def test_a_cut_leaves_it_as_it_is(self, alone: Record, monkeypatch: pytest.MonkeyPatch) -> None:
        cut = replace(standing(alone, 140), cuts_s=alone.time_s[40:41])
        found, plans = self.run(monkeypatch, cut)
        assert found is cut
        assert not plans

    def test_a_camera_that_moves_does_too(
        self, alone: Record, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        still = standing(alone, 140)
        found, plans = self.run(monkeypatch, still, moving=np.ones((60, 60), bool))
        assert found.landmarks is still.landmarks
        assert not plans


@pytest.mark.slow
def test_the_one_who_hinges_is_found_beside_one_who_watches(
    tmp_path: Path, pose_model: Path
) -> None:
    film = bystander("mixed_left", pose_model)
    clip = film.write(tmp_path / "two.mp4")
    assert hinging_track(person_tracks_of(extraction.extract_pose(clip, model=pose_model))) is None
    verdict = judge(masking.follow_person(clip, model=pose_model), clip="two.mp4")
    got = score(film, verdict.to_dict())
    assert (got.right, got.wrong) == (len(film.reps), 0)
    assert verdict.warnings == (other_people.OTHER_PERSON.format(side=", on the left,"),)


@pytest.mark.slow
def test_who_was_asked_for_is_followed(tmp_path: Path, pose_model: Path) -> None:
    film = bystander("mixed_left", pose_model)
    clip = film.write(tmp_path / "two.mp4")
    rights = []
    for side in ("left", "right"):
        record = masking.follow_person(clip, model=pose_model, options=FilmOptions(person=side))
        verdict = judge(record, clip="two.mp4").to_dict()
        got = score(film, verdict)
        assert got.wrong == 0
        rights.append(got.right)
    assert sorted(rights) == [0, len(film.reps)]
    with pytest.raises(ClipError, match="There is no person 5"):
        masking.follow_person(clip, model=pose_model, options=FilmOptions(person=5))
