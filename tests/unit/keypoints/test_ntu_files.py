"""NTU RGB+D's skeletons: bodies in frames, as text of its own form."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import BODY, FAULTS, in_space, titled

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers
from hinge_dowel.testing.pytest_plugin import assert_verdict

JOINTS = titled("Kinect v2").joints
SPACE = in_space(JOINTS)
"""Forward, up and to the right, in metres: seen from the side by a camera at the right."""


def written(path, frames):
    """Write frames of bodies by their number: joints (25, 3), NaN for those not tracked."""
    lines = [str(len(frames))]
    for bodies in frames:
        lines.append(str(len(bodies)))
        for number, joints in bodies.items():
            lines += [f"{number} 0 1 1 0 0 0 0.1 -0.2 2", str(len(joints))]
            for place in joints:
                state = 2 if np.isfinite(place).all() else 0
                lines.append(" ".join(map(str, [*np.nan_to_num(place), *[0.5] * 8, state])))
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_body(tmp_path):
    path = written(tmp_path / "S001C001P001R001A008.skeleton", [{7: own} for own in SPACE])
    found = readers.read(path)
    assert found.about.fps == 30
    assert len(found.places) == len(BODY.landmarks)
    # Kinect has no face, so that the neck is not judged.
    expected = ["squatting" if fault == "squatting" else "clean" for fault in FAULTS]
    assert_verdict(check_clip(path, fps=BODY.fps), expected)


def test_frames_of_nobody_and_of_two(tmp_path):
    beside = SPACE * 0.9 + [3.0, 0.0, 1.0]
    frames = [
        {7: own, 8: other} for own, other in zip(SPACE, beside[[0] * len(SPACE)], strict=True)
    ]
    frames[3:5] = [{}, {}]
    found = readers.read(written(tmp_path / "a.skeleton", frames))
    seen = np.isfinite(found.places[:, 23, 0])
    assert not seen[3:5].any()
    assert seen.sum() == len(SPACE) - 2


@pytest.mark.parametrize("text", ["", "2\n1\n", "1\n1\n7 0 1\n2\n0 1\n", "a,b\n1,2\n", "1\n0\n"])
def test_what_is_none(tmp_path, text):
    path = tmp_path / "a.skeleton"
    path.write_text(text)
    with pytest.raises(ClipError, match=r"a\.skeleton "):
        readers.read(path)
