"""Somebody else in the picture is told, whoever was followed without any doubt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from robustness.scenes import cutout, moved, pasted, repeat, sample, sequence
from support import recorded_person

from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.body.facing import facing_of
from hinge_dowel.pose import masking, model_file, tracker
from hinge_dowel.pose.other_people import KEPT_FRAMES, KeptFrames, others_in
from hinge_dowel.pose.tracker import PoseObservation, no_person
from hinge_dowel.video.reader import Frame


class Tracker:
    """Sees nobody, and counts."""

    looks = starts = 0

    def see(self, frame: Frame) -> PoseObservation:
        self.looks += 1
        return no_person(frame.time_s)

    def restart(self) -> None:
        self.starts += 1


def picture(time_s: float) -> Frame:
    return Frame(time_s, np.zeros((8, 8, 3), np.uint8))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 100, 5000])
def test_a_few_pictures_are_kept_from_the_whole_clip(count: int) -> None:
    kept, tracker = KeptFrames(), Tracker()
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


@pytest.mark.parametrize(
    ("right_px", "scale", "told"), [(0.0, 1.0, False), (150.0, 1.0, True), (0.0, 0.5, True)]
)
def test_who_is_elsewhere_or_much_smaller_is_somebody_else(
    monkeypatch: pytest.MonkeyPatch, right_px: float, scale: float, told: bool
) -> None:
    record = recorded_person.record()
    own = record.landmarks[20]
    other = own * (scale, scale, scale, 1.0) + (right_px, 0.0, 0.0, 0.0)

    class Crowd:
        def __init__(self, _: Path) -> None: ...

        def __enter__(self) -> Crowd:
            return self

        def __exit__(self, *_: object) -> None: ...

        def poses(self, _: Frame) -> np.ndarray:
            return np.array([own, other])

    monkeypatch.setattr(tracker, "MultiPoseTracker", Crowd)
    monkeypatch.setattr(model_file, "locate", Path)
    frames = [picture(float(record.time_s[20]))]
    (beside,) = others_in(frames, record, None)
    assert [pose is not None for pose in beside] == [True] * told
    assert others_in([], record, None) == []
    nobody = replace(record, landmarks=np.full_like(record.landmarks, np.nan))
    assert others_in(frames, nobody, None) == []


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
    assert found.remarks == (masking.OTHER_PERSON,)
    # A mirror shows the other side.
    assert facing_of(found.landmarks) == "left"
    assert judge(found, clip="mirror.mp4").facing == "left"
