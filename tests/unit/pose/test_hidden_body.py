"""A caption over hips or thighs is told from clothes, floors and walls that never change."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from robustness.stitching import sample

from hinge_dowel.analysis import refusal
from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.body.landmarks import HIPS, KNEES, SHOULDERS
from hinge_dowel.pose import masking
from hinge_dowel.pose.hidden_body import BLOCK_PX, KEPT_FRAMES, HiddenBody
from hinge_dowel.pose.tracker import PoseObservation
from hinge_dowel.video.reader import Frame

KNEE_PX, THIGH_PX, TRUNK_PX = np.array([160, 200]), 70.0, 90.0
BODY_PX = 24
GROUND = np.random.default_rng(1).integers(60, 200, (240, 320), dtype=np.uint8)
"""No two places of it are alike."""
BOX = (slice(120, 168), slice(40, 300))
"""Hips and thighs of the person below are behind it."""


def person(bent_deg: float) -> np.ndarray:
    """Landmarks of somebody bent so far, hips going back, 0 but for shoulders, hips and knees."""
    trunk, thigh = np.radians(bent_deg), np.radians(bent_deg / 2)
    hip = KNEE_PX - THIGH_PX * np.array([np.sin(thigh), np.cos(thigh)])
    shoulder = hip + TRUNK_PX * np.array([np.sin(trunk), -np.cos(trunk)])
    landmarks = np.zeros((33, 4))
    for pair, place in ((SHOULDERS, shoulder), (HIPS, hip), (KNEES, KNEE_PX)):
        landmarks[list(pair), :2] = place
    return landmarks


def picture(landmarks: np.ndarray, ground: np.ndarray, level: int, box: bool) -> np.ndarray:
    """The person, as bright as `level`, before a ground, perhaps behind a caption."""
    drawn = ground.copy()
    places = [tuple(map(int, landmarks[p[0], :2])) for p in (SHOULDERS, HIPS, KNEES)]
    for start, end in pairwise(places):
        cv2.line(drawn, start, end, level, BODY_PX)
    if box:
        drawn[BOX] = 0
        for column in range(0, 260, 24):
            drawn[BOX][8:40, column : column + 12] = 255
    return np.repeat(drawn[..., None], 3, axis=2)


class Follows:
    """Sees the person of a script, a picture at a time."""

    restarts = 0

    def __init__(self, script: list[np.ndarray]) -> None:
        self.script = iter(script)

    def see(self, frame: Frame) -> PoseObservation:
        return PoseObservation(frame.time_s, next(self.script), None)

    def restart(self) -> None:
        self.restarts += 1


def film(
    count: int = 60,
    *,
    most_deg: float = 80.0,
    ground: np.ndarray = GROUND,
    level: int = 230,
    box: bool = False,
    reps: int = 3,
    standing: int = 0,
) -> HiddenBody:
    """Whoever bends so far so many times, watched, before it in so many pictures of standing."""
    angles = most_deg * np.sin(np.pi * reps * np.arange(count) / count) ** 2
    angles = np.append(np.zeros(standing), angles)
    script = [person(angle) for angle in angles]
    body = HiddenBody()
    tracker = body.through(Follows(script))
    for k, landmarks in enumerate(script):
        tracker.see(Frame(k / 12, picture(landmarks, ground, level, box)))
    return body


@pytest.mark.parametrize("count", [30, 400])
def test_a_caption_over_the_hips_is_told(count: int) -> None:
    assert film(count, box=True).found
    assert not film(count).found


def test_clothes_as_dark_as_the_ground_are_no_caption() -> None:
    black = np.full_like(GROUND, 20)
    assert not film(ground=black, level=20).found


def test_whoever_stays_in_one_place_hides_it_from_nobody() -> None:
    """All of the picture is ever the same, light and dark, with a caption or without."""
    for box in (False, True):
        assert not film(most_deg=0.0, box=box).found
    assert not film(400, reps=1, most_deg=4.0).found


@pytest.mark.parametrize(("moving", "found"), [(18, False), (40, True)])
def test_a_few_pictures_of_a_quick_movement_tell_nothing(moving: int, found: bool) -> None:
    assert film(moving, reps=1, standing=36, box=True).found == found


def test_nobody_and_nothing_is_no_caption() -> None:
    assert not HiddenBody().found
    body = HiddenBody()
    tracker = body.through(Follows([np.full((33, 4), np.nan)] * 9))
    for k in range(9):
        tracker.see(Frame(k / 12, picture(person(0), GROUND, 230, box=True)))
    assert not body.found


def test_few_pictures_are_kept_of_any_length() -> None:
    body, script = HiddenBody(), [person(0)] * 1000
    inner = Follows(script)
    tracker = body.through(inner)
    for k in range(len(script)):
        tracker.see(Frame(k / 12, np.zeros((BLOCK_PX, BLOCK_PX, 3), np.uint8)))
    tracker.restart()
    kept = body._trackers[0].kept
    assert KEPT_FRAMES <= len(kept) <= 2 * KEPT_FRAMES
    assert inner.restarts == 1


@pytest.mark.slow
def test_a_film_with_a_caption_over_the_hips_is_refused(tmp_path: Path, pose_model: Path) -> None:
    """Judged, it is a rounded back."""

    def captioned(_: int, shown: np.ndarray) -> np.ndarray:
        shown = shown.copy()
        for y, line in ((260, "KEEP YOUR BACK FLAT"), (305, "AND PUSH THE FLOOR")):
            cv2.rectangle(shown, (40, y - 32), (440, y + 14), (0, 0, 0), -1)
            cv2.putText(shown, line, (48, y), cv2.FONT_HERSHEY_DUPLEX, 1.1, (255, 255, 255), 3)
        return shown

    clip = sample("clean_right").each(captioned).write(tmp_path / "captioned.mp4")
    verdict = judge(masking.follow_person(clip, model=pose_model), clip="captioned.mp4")
    assert (verdict.reason, verdict.refusal) == (refusal.HIDDEN, "hidden")
