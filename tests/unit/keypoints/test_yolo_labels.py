"""YOLO's labels: a text file a frame."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import COCO, FAULTS, FPS, places_of, standing

from hinge_dowel.batch import remote
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.discovery import find_clips
from hinge_dowel.keypoints.files import check_clip
from hinge_dowel.keypoints.yolo_labels import is_label
from hinge_dowel.testing.pytest_plugin import assert_verdict

SIZE = (1280.0, 720.0)
PLACES = places_of(COCO)


def labels(folder, *, scored=True, behind=(), lost=(), people=(PLACES,)):
    """Write a label a frame, the first of number 1; frames of nobody have none."""
    folder.mkdir()
    for frame in range(len(PLACES)):
        lines = []
        for person, places in enumerate(people, 1):
            cells = np.c_[places[frame] / SIZE, np.full(len(COCO), 0.9)][:, : 3 if scored else 2]
            last = [{"conf": 0.87, "track": person}[what] for what in behind]
            lines.append(" ".join(map(str, [0, 0.5, 0.5, 0.2, 0.6, *cells.ravel(), *last])))
        if frame not in lost:
            (folder / f"clip_{frame + 1}.txt").write_text("\n".join(lines) + "\n")
    return folder


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"scored": False},
        {"behind": ["conf"], "lost": range(20, 24)},
        {"behind": ["conf", "track"], "people": (standing(PLACES), PLACES)},
    ],
)
def test_a_folder_of_them(tmp_path, how):
    (clip,) = find_clips([labels(tmp_path / "labels", **how)]).clips
    verdict = check_clip(clip, fps=FPS, size_px=SIZE)
    assert_verdict(verdict, FAULTS)
    assert [rep.bottom_s for rep in verdict.reps] == pytest.approx([3.0, 7.5, 12.0], abs=0.15)


def test_by_url(tmp_path):
    (url,) = remote.find_clips(f"file://{labels(tmp_path / 'labels')}").clips
    with remote.fetched(url) as here:
        assert_verdict(check_clip(here, fps=FPS, size_px=SIZE), FAULTS)


def test_neighbours_that_are_none(tmp_path):
    folder = labels(tmp_path / "labels")
    (folder / "clip_7.txt").write_text("0 0.5 0.5\n")
    with pytest.raises(ClipError, match=r"clip_7\.txt is no label of YOLO"):
        check_clip(folder / "clip_1.txt", fps=FPS, size_px=SIZE)


@pytest.mark.parametrize("text", ["", "0 0.5 0.5 0.2 0.6", "0 300 200 0.2 40" + " 1" * 51, "a b"])
def test_other_texts(tmp_path, text):
    (tmp_path / "a1.txt").write_text(text)
    assert not is_label(tmp_path / "a1.txt")
