"""Protocol buffers of a known motion, as MediaPipe's landmarks print themselves."""

from __future__ import annotations

import pytest
from support.keypoint_files import BODY, FPS, judged

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers
from hinge_dowel.keypoints.protocol_text import messages


@pytest.mark.parametrize("suffix", [".txt", ".pbtxt"])
@pytest.mark.parametrize("begins", ["", "time: {}\n", "pose_landmarks {{"])
def test_landmarks_as_protocol_buffers_are_printed(tmp_path, suffix, begins):
    path, close = tmp_path / f"a{suffix}", "}" * begins.count("{{")
    path.write_text(
        "".join(
            begins.format(i / FPS)
            + "".join(
                f"landmark {{\n  x: {x}\n  y: {y}\n  z: {z}\n  visibility: {v}\n}}\n"
                for x, y, z, v in frame
            )
            + close
            for i, frame in enumerate(BODY.landmarks)
        )
    )
    judged(path, fps=None if "time" in begins else FPS)


def test_where_nobody_is_seen_protocol_buffers_print_none():
    place = "landmark {\n  x: 1.0\n  y: 2.0\n}\n"
    told = messages(f"{3 * place}None\nNone\n{2 * place}")
    assert [len(frame.get("landmarks", ())) for frame in told] == [3, 0, 0, 2]


def test_other_text_is_none(tmp_path):
    (tmp_path / "a.pbtxt").write_text("person { age: 3 }")
    with pytest.raises(ClipError, match="holds no landmarks as MediaPipe prints them"):
        readers.read(tmp_path / "a.pbtxt")
