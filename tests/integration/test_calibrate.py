"""What `calibrate.py` reads: single pictures and films of subjects, standing first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from accuracy import calibrate, clips, followed
from support import recorded_person

from hinge_dowel.body.facing import face_right
from hinge_dowel.body.limbs import limb_angles

FRAMES, LEAD_S = 60, 1.0


def film(path: Path, *, facing: str = "right", lead_s: float = LEAD_S) -> Path:
    """As `followed.py` keeps it: a second of standing and a rep, the truth made up."""
    seen = recorded_person.record()
    assert seen.outlines is not None
    landmarks, rays = seen.landmarks[:FRAMES], seen.outlines[:FRAMES]
    points = np.linspace((200.0, 100.0), (180.0, 240.0), 7)[None] + np.arange(FRAMES)[:, None, None]
    if facing == "left":
        landmarks, rays = face_right(landmarks, rays, "left")
        points = points * [-1.0, 1.0]
    time_s = seen.time_s[:FRAMES]
    angles = np.zeros((FRAMES, 7))
    right, _ = face_right(seen.landmarks[:FRAMES], None, "right")
    angles[:, 5] = limb_angles(right).trunk
    np.savez(
        path,
        landmarks=landmarks,
        rays=rays,
        angles=angles,
        points_px=points,
        points_cm=np.broadcast_to(np.linspace((0, 50.0), (0, 0.0), 7), (FRAMES, 7, 2)),
        time_s=time_s,
        depth=np.clip(time_s - LEAD_S, 0.0, 1.0),
        lead=lead_s,
        stature_m=1.7,
        facing=facing,
        arms=2,
    )
    return path


def test_a_film_begins_with_the_median_of_its_standing(tmp_path: Path) -> None:
    found = calibrate._read(film(tmp_path / "20001.npz"))
    assert found is not None
    seen = recorded_person.record()
    still = seen.time_s[:FRAMES] <= LEAD_S
    assert np.array_equal(found["landmarks"][0], np.median(seen.landmarks[:FRAMES][still], axis=0))
    assert set(found["subject"]) == {20001}
    assert set(found["arms"]) == {2}
    assert not found["standing"].any()
    assert found["kept"].mean() > 0.9
    deep = int((seen.time_s[:FRAMES] > LEAD_S + calibrate.DEEP).sum())
    between = int((~still).sum()) - deep
    assert len(found["angles"]) == pytest.approx(1 + deep + between / calibrate.EVERY, abs=1)
    for name, rows in found.items():
        assert len(rows) == len(found["angles"]), name


def test_who_faces_left_is_read_as_who_faces_right(tmp_path: Path) -> None:
    right = calibrate._read(film(tmp_path / "20001.npz"))
    left = calibrate._read(film(tmp_path / "20002.npz", facing="left"))
    assert right is not None
    assert left is not None
    for name in ("landmarks", "rays", "local", "trunk_cm"):
        assert np.allclose(right[name], left[name]), name


def test_what_was_lost_is_no_evidence(tmp_path: Path) -> None:
    path = film(tmp_path / "20001.npz")
    with np.load(path) as d:
        seen = dict(d)
    # The trunk is seen 60 degrees from where it is, and elsewhere the back far from the trunk.
    seen["angles"][-5:, 5] += 60.0
    seen["points_px"][-12:-7] += 2000.0
    np.savez(path, **seen)
    found = calibrate._read(path)
    assert found is not None
    assert not found["kept"][-5:].any()
    assert not found["kept"][-12:-7].any()
    assert found["kept"][1:-12].any()


def test_without_standing_or_whole_file_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert calibrate._read(film(tmp_path / "20001.npz", lead_s=-1.0)) is None
    cut = tmp_path / "20002.npz"
    cut.write_bytes(film(tmp_path / "20003.npz").read_bytes()[:3000])
    assert calibrate._read(cut) is None


def test_followed_subjects_are_none_of_the_clips_that_judge() -> None:
    first = followed.draw(20000)
    assert first == followed.draw(20000)
    assert first != followed.draw(20001)
    assert first.number >= clips.CLIPS
    assert (first.fps, first.held, len(first.actions)) == (followed.RATE_HZ, 1, followed.MOVEMENTS)
    drawn = [followed.draw(20000 + k) for k in range(40)]
    assert {min(s.camera.width_px, s.camera.height_px) for s in drawn} == set(followed.LINES)
    spines = np.array([[a.spinal_deg for a in s.actions] for s in drawn]).ravel()
    knees = np.array([[a.knee_deg for a in s.actions] for s in drawn]).ravel()
    # Drawn independently: 240 pairs of unrelated numbers stay below this 99 times in 100.
    assert abs(np.corrcoef(spines, knees)[0, 1]) < 0.17
    assert np.ptp(spines) > 60
