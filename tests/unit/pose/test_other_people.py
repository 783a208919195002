"""Somebody else in the picture is told, whoever was followed without any doubt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from robustness.scenes import cutout, moved, pasted, repeat, sample, sequence
from support import recorded_person
from support.pose_trackers import SeesNobody

from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.body.facing import facing_of
from hinge_dowel.body.landmarks import ANKLES
from hinge_dowel.pose import masking, model_file, other_people
from hinge_dowel.pose.other_people import KEPT_FRAMES, OtherPeople
from hinge_dowel.video.reader import Frame


def watched(*times_s: float) -> OtherPeople:
    """Those of a clip of which a tracker was shown pictures at these times."""
    people = OtherPeople(None)
    through = people.through(SeesNobody())
    for time_s in times_s:
        through.see(picture(float(time_s)))
    return people


def crowd_of(*poses: np.ndarray) -> Any:
    """Stands in for the pose model: these people are in every picture."""

    class Crowd:
        opened = closed = 0
        looked: ClassVar[list[float]] = []

        def __init__(self, _: Path) -> None:
            Crowd.opened += 1

        def __enter__(self) -> Crowd:
            return self

        def __exit__(self, *_: object) -> None:
            Crowd.closed += 1

        def poses(self, frame: Frame) -> np.ndarray:
            Crowd.looked.append(frame.time_s)
            return np.array(poses)

    return Crowd


def picture(time_s: float) -> Frame:
    return Frame(time_s, np.zeros((8, 8, 3), np.uint8))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 100, 5000])
def test_a_few_pictures_are_kept_from_the_whole_clip(count: int) -> None:
    kept, tracker = OtherPeople(None), SeesNobody()
    through = kept.through(tracker)
    for k in range(count):
        through.see(picture(float(k)))
    through.restart()
    assert (tracker.looks, tracker.starts) == (count, 1)
    times = [frame.time_s for frame in kept.frames]
    assert len(times) == min(count, KEPT_FRAMES)
    if count >= 7:
        assert times[0] == 0.0
        assert times[-1] > count / 2 - 1


def test_a_clip_that_is_watched_again_from_its_start_gives_no_picture_twice() -> None:
    kept = OtherPeople(None)
    for seen in (range(4), range(5, 9), range(10)):
        tracker = kept.through(SeesNobody())
        for k in seen:
            tracker.see(picture(float(k)))
    times = [frame.time_s for frame in kept.frames]
    assert times == sorted(set(times))
    assert len(times) == KEPT_FRAMES


@pytest.mark.parametrize(
    ("right_px", "scale", "told"), [(0.0, 1.0, False), (150.0, 1.0, True), (0.0, 0.5, True)]
)
def test_who_is_elsewhere_or_much_smaller_is_somebody_else(
    monkeypatch: pytest.MonkeyPatch, right_px: float, scale: float, told: bool
) -> None:
    record = recorded_person.record()
    own = record.landmarks[20]
    other = own * (scale, scale, scale, 1.0) + (right_px, 0.0, 0.0, 0.0)

    crowd = crowd_of(own, other)
    monkeypatch.setattr(other_people, "MultiPoseTracker", crowd)
    monkeypatch.setattr(model_file, "locate", Path)
    with watched(record.time_s[20]) as people:
        (beside,) = people.beside(record)
        assert len(beside) == told
        nobody = replace(record, landmarks=np.full_like(record.landmarks, np.nan))
        assert people.beside(nobody) == []
    with watched() as people:
        assert people.beside(record) == []
    assert (crowd.opened, crowd.closed) == (1, 1)


@pytest.mark.parametrize(
    ("right_px", "mirrored", "told"), [(6.0, False, False), (12.0, True, True), (0.0, True, True)]
)
def test_who_stands_before_a_mirror_that_overlaps_is_not_alone(
    monkeypatch: pytest.MonkeyPatch, right_px: float, mirrored: bool, told: bool
) -> None:
    """The same place and size: found twice, or somebody who faces the other way."""
    record = recorded_person.record()
    own = record.landmarks[np.argmin(np.abs(record.time_s - 3.0))]
    other = own.copy()
    if mirrored:
        feet = own[list(ANKLES), 0].mean()
        other[:, 0] = 2 * feet - own[:, 0]
    other[:, 0] += right_px
    monkeypatch.setattr(other_people, "MultiPoseTracker", crowd_of(other, own))
    monkeypatch.setattr(model_file, "locate", Path)
    with watched(3.0) as people:
        (beside,) = people.beside(record)
    assert [pose.tolist() for pose in beside] == [other.tolist()] * told


@pytest.mark.parametrize(("right_px", "told"), [(0.0, False), (-300.0, True)])
def test_who_stands_where_the_rest_of_the_clip_has_them_is_the_same(
    monkeypatch: pytest.MonkeyPatch, right_px: float, told: bool
) -> None:
    """Though the landmarks of this one picture are astray."""
    record = recorded_person.record()
    at = int(np.argmin(np.abs(record.time_s - 3.0)))
    there, landmarks = record.landmarks[at].copy(), record.landmarks.copy()
    there[:, 0] += right_px
    landmarks[at, :, 0] += 300.0
    monkeypatch.setattr(other_people, "MultiPoseTracker", crowd_of(there))
    monkeypatch.setattr(model_file, "locate", Path)
    with watched(3.0) as people:
        (beside,) = people.beside(replace(record, landmarks=landmarks))
    assert [pose.tolist() for pose in beside] == [there.tolist()] * told


def test_what_was_begun_with_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    record = recorded_person.record()
    crowd = crowd_of(record.landmarks[20])
    monkeypatch.setattr(other_people, "MultiPoseTracker", crowd)
    monkeypatch.setattr(model_file, "locate", Path)
    times = record.time_s[[5, 20, 40, 60]]
    with watched(*times[:2]) as people:
        second = people.through(SeesNobody())
        second.see(picture(float(times[2])))
        people.begin()
        assert crowd.looked == times[[0, 2]].tolist()
        second.see(picture(float(times[3])))
        people.begin()
        people.beside(record)
        assert crowd.looked == times[[0, 2, 3]].tolist()
        assert crowd.looked == [frame.time_s for frame in people.frames]
    assert len(crowd.looked) == KEPT_FRAMES


def test_which_of_two_trackers_is_faster_changes_nothing() -> None:
    kept = []
    for turns in ([0, 0, 0, 1, 1, 1], [1, 1, 0, 1, 0, 0]):
        with OtherPeople(None) as people:
            trackers = [people.through(SeesNobody()) for _ in range(2)][:: 1 if turns[0] else -1]
            clocks = [iter([1.0, 2.0, 3.0]), iter([4.0, 5.0, 6.0])]
            for which in turns:
                trackers[which].see(picture(next(clocks[which])))
            kept.append([frame.time_s for frame in people.frames])
    assert kept[0] == kept[1] == [1.0, 4.0, 6.0]


@pytest.mark.slow
@pytest.mark.parametrize("scale", [0.8, 0.45])
def test_a_mirror_is_told_and_the_person_before_it_followed(
    tmp_path: Path, pose_model: Path, scale: float
) -> None:
    film, own = sample("mixed_left"), cutout("mixed_left", pose_model)
    where = moved(140, -20, scale, mirror=True)
    apart = sequence(repeat(moved(-60)), film)
    mirror = apart.each(lambda i, p: pasted(p, own.pictures[i], own.masks[i], where))
    found = masking.follow_person(mirror.write(tmp_path / "mirror.mp4"), model=pose_model)
    assert found.remarks == (other_people.OTHER_PERSON.format(side=", on the left,"),)
    # A mirror shows the other side.
    assert facing_of(found.landmarks) == "left"
    assert judge(found, clip="mirror.mp4").facing == "left"
