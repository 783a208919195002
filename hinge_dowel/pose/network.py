"""What pixels show of the spine, where the pose model's landmarks stop: a small network of our own.

It looks at a crop round the trunk, which the pose model's landmarks place, turn and scale and its
own last looks correct, and answers with angles and with how far off each usually is. It was trained
on drawn people alone (tests/network); its weights are in network.onnx beside this module, and
OpenCV, which comes with mediapipe, reads them.
"""

from __future__ import annotations

from collections import deque
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hinge_dowel.body.array_types import Array, Pixels
from hinge_dowel.body.facing import rightward_reach
from hinge_dowel.body.trunk import pitch_deg, trunk_frame
from hinge_dowel.errors import ModelError
from hinge_dowel.pose.system_libraries import opencv

SIDE_PX, TRUNK_PX, MIDDLE_PX = 96, 30.0, (34.0, 44.0)
"""The crop is a square of this side; the trunk, from mid-hip to mid-shoulder, stands upright in it,
so long in standing and with its middle there, and the person faces right."""
ANGLES = ("pelvis", "thorax", "head", "knee", "shin", "view", "spinal", "cervical")
"""What the network answers, degrees: three pitches and the shin's, forward positive, knee flexion,
how far the camera stands from side-on, thorax against pelvis, head against thorax."""
_FROM_TRUNK = np.array([1, 1, 1, 0, 1, 0, 0, 0])
"""These of them turn from the trunk's own line in the crop."""
ANSWER_SIZE = 2 * len(ANGLES) + 1
"""The angles, how far off each usually is, and the side that the crop took the person to face:
1 right, -1 left."""
_PLACES = 22 * 3
"""Places, each x, y and spread, that come before the angles in the file's output."""
_SHOULDERS, _HIPS = (3, 4), (5, 6)
"""These of the places: near and far side."""
TRUNK_SHARE = 0.92
"""Length of the trunk that the network saw in films of the virtual subjects over the pose model's:
the drawn people that it learnt from have shorter ones (tests/network/RESULTS.md)."""
LOWER_SHARE = 0.06
"""How much lower the network saw the middle of the trunk there, in lengths of the trunk."""
OWN_SHARE = 0.7
"""Share of the difference between the trunk that the network saw and the landmarks' trunk by which
the next crop is corrected: at 0 the network alone is 0.7 degrees of spine further off in films
(tests/network/RESULTS.md)."""
OWN_NEW = 0.5
"""Weight of the last look in the running mean of that difference; a choice, not varied."""
OWN_MOST_PX = 10.0
"""Hips or shoulders that the network saw further than this from the landmarks' are taken as this
far off: a third of the trunk in the crop, beyond which the crop shows somebody else's."""
REMEMBERED = 25
"""Facing is the median of this many looks, 2 to 3 s of film: one look may be wrong. A choice."""
LONG_SHARE = 85.0
"""Percentile of the trunk's lengths seen that stands for its length in standing: bent, the trunk
looks shorter, and the longest are errors. A choice."""
SHRINK_BELOW = 0.7
"""A crop that shows the picture smaller than this is cut from a picture that was shrunk before by
averaging, so that fine texture does not turn into patterns."""
SHRUNK_TO = 0.85
"""Scale of the crop against that shrunk picture: what is left for the cutting to shrink."""


def levelled(answers: ArrayLike, right_deg: float) -> Array:
    """Answers (..., `ANSWER_SIZE`) about a picture that is tilted to the right by `right_deg`, as
    they were if it were level: its pitches are turned back, whatever lies between two parts of the
    body stays.
    """
    told = np.array(answers, dtype=float)
    told[..., : len(ANGLES)] -= right_deg * told[..., -1:] * _FROM_TRUNK
    return told


def no_answer() -> Array:
    """What stands for a look that was not taken: (`ANSWER_SIZE`,) NaN."""
    return np.full(ANSWER_SIZE, np.nan)


class CropPlan:
    """Which way the person faces and how large they are, from the looks so far."""

    def __init__(self) -> None:
        self._leans: deque[float] = deque(maxlen=REMEMBERED)
        self.trunks_px: deque[float] = deque(maxlen=4 * REMEMBERED)

    def note(self, landmarks: ArrayLike) -> tuple[float, float] | None:
        """Side (1 right, -1 left) and trunk length in pixels with one more look, (33, >= 2).

        None where that is not known yet.
        """
        seen = np.asarray(landmarks, dtype=float)
        _, _, length = trunk_frame(seen)
        lean = rightward_reach(seen[None])[0]
        if np.isfinite(lean):
            self._leans.append(float(lean))
        if np.isfinite(length):
            self.trunks_px.append(float(length))
        if not np.isfinite(length) or not self._leans:
            return None
        side = 1.0 if float(np.median(self._leans)) >= 0 else -1.0
        return side, float(np.percentile(self.trunks_px, LONG_SHARE))


class OwnTrunk:
    """Where the network itself has seen hips and shoulders, which is where the next crop looks.

    In the crop's pixels, against where the landmarks put them.
    """

    def __init__(self) -> None:
        self._off: Array | None = None
        self._side = 0.0

    def known(self, side: float) -> bool:
        """Whether there is something to go by for a person who faces this side."""
        if side != self._side:
            self._off, self._side = None, side
        return self._off is not None

    def correction(self) -> tuple[Array, float]:
        """From the landmarks' crop to the corrected one, (3, 3), and the turn of the trunk between
        them, degrees, forward positive.
        """
        if self._off is None:
            return np.eye(3), 0.0
        hip, shoulder = _TRUNK_AT + OWN_SHARE * self._off
        along = shoulder - hip
        out = np.eye(3)
        out[:2, :2], turn_deg = _upright(along)
        out[:2, 2] = _TRUNK_AT.mean(axis=0) - out[:2, :2] @ (hip + shoulder) / 2
        return out, turn_deg

    def note(self, places: Array, correction: Array) -> None:
        """Take in places (22, 2) that were seen in a corrected crop."""
        trunk = np.array([places[list(pair)].mean(axis=0) for pair in (_HIPS, _SHOULDERS)])
        there = (trunk - correction[:2, 2]) @ correction[:2, :2]
        off = np.clip(there - _TRUNK_AT, -OWN_MOST_PX, OWN_MOST_PX)
        self._off = off if self._off is None else self._off + OWN_NEW * (off - self._off)


_TRUNK_AT = np.add(MIDDLE_PX, [[0.0, TRUNK_PX / 2], [0.0, -TRUNK_PX / 2]])
"""Where mid-hip and mid-shoulder are in a crop that is cut as it should be."""


def _upright(line: Array) -> tuple[Array, float]:
    """What turns a line (2,) upright, (2, 2), and its pitch, degrees."""
    leans_deg = float(pitch_deg(line))
    c, s = np.cos(np.radians(leans_deg)), np.sin(np.radians(leans_deg))
    return np.array([[c, s], [-s, c]]), leans_deg


def crop_from(landmarks: ArrayLike, side: float, trunk_px: float) -> tuple[Array, float]:
    """From the picture's pixels to the crop's, (2, 3), and the trunk's pitch there, degrees.

    `landmarks` (33, >= 2) pixels, y down; `side` -1 mirrors a person who faces left, whose pitch is
    forward positive too. NaN where hips or shoulders are.
    """
    hip, up, length = trunk_frame(landmarks)
    mirror = np.array([side, 1.0])
    up = up * mirror
    turn, leans_deg = _upright(up)
    turn = turn * (TRUNK_PX / (TRUNK_SHARE * trunk_px))
    middle = hip * mirror + up * (length / 2 - LOWER_SHARE * TRUNK_SHARE * trunk_px)
    shift = np.array(MIDDLE_PX) - turn @ middle
    return np.column_stack([turn * mirror, shift]), leans_deg


def crop(picture: Pixels, to_crop: Array) -> Pixels:
    """Cut the crop (SIDE_PX, SIDE_PX, 3) out of a picture (height, width, 3).

    Black beyond the picture. Shrunk by averaging first, so that nothing fine turns into a pattern.
    """
    import cv2

    scale = float(np.sqrt(abs(np.linalg.det(to_crop[:, :2]))))
    part: Any = picture
    if scale < SHRINK_BELOW:
        # Only what the crop shows, and a little round it.
        corners = np.array([[0, 0], [SIDE_PX, 0], [0, SIDE_PX], [SIDE_PX, SIDE_PX]], dtype=float)
        places = (corners - to_crop[:, 2]) @ np.linalg.inv(to_crop[:, :2]).T
        size = picture.shape[1::-1]
        left, top = (int(v) for v in np.clip(np.floor(places.min(axis=0)) - 2, 0, size))
        right, low = (int(v) for v in np.clip(np.ceil(places.max(axis=0)) + 2, 0, size))
        if right - left < 2 or low - top < 2:
            return np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8)
        wide = max(1, round((right - left) * scale / SHRUNK_TO))
        high = max(1, round((low - top) * scale / SHRUNK_TO))
        part = cv2.resize(part[top:low, left:right], (wide, high), interpolation=cv2.INTER_AREA)
        across, down = (right - left) / wide, (low - top) / high
        shift = to_crop[:, 2] + to_crop[:, :2] @ [left + across / 2 - 0.5, top + down / 2 - 0.5]
        to_crop = np.column_stack([to_crop[:, :2] * [across, down], shift])
    cut: Any = cv2.warpAffine(part, to_crop, (SIDE_PX, SIDE_PX))
    return np.asarray(cut, np.uint8)


def normalised(picture: Pixels) -> NDArray[np.float32]:
    """A crop as the network takes it, (1, 3, SIDE_PX, SIDE_PX).

    Its mean is 0 and its spread 1, whatever the light.
    """
    values = picture.transpose(2, 0, 1)[None].astype(np.float32)
    return np.ascontiguousarray((values - values.mean()) / (values.std() + np.float32(4.0)))


class SpineNetwork:
    """The network for one clip or session; give it the looks in order."""

    def __init__(self, path: Path | None = None) -> None:
        """Raises `ModelError` where the file cannot be read."""
        self._net = _load(path or Path(str(files("hinge_dowel.pose").joinpath("network.onnx"))))
        self.plan, self._own = CropPlan(), OwnTrunk()

    def forget_trunk(self) -> None:
        """The next picture is no continuation of the last: a cut, or another picture altogether."""
        self._own = OwnTrunk()

    def look(self, picture: Pixels, landmarks: ArrayLike) -> Array:
        """What a picture (height, width, 3) shows of whoever has these landmarks (33, >= 2).

        (`ANSWER_SIZE`,), pitches from upright; NaN where hips and shoulders are not seen.
        """
        known = self.plan.note(landmarks)
        if known is None:
            return no_answer()
        side, trunk_px = known
        if not self._own.known(side):
            self._see(picture, landmarks, side, trunk_px)
        return self._see(picture, landmarks, side, trunk_px)

    def _see(self, picture: Pixels, landmarks: ArrayLike, side: float, trunk_px: float) -> Array:
        to_crop, leans_deg = crop_from(landmarks, side, trunk_px)
        correction, turn_deg = self._own.correction()
        to_crop = correction[:2] @ np.vstack([to_crop, [0, 0, 1]])
        self._net.setInput(normalised(crop(picture, to_crop)))
        told = np.asarray(self._net.forward(), dtype=float).ravel()
        self._own.note(told[:_PLACES].reshape(-1, 3)[:, :2], correction)
        angles, doubts = told[_PLACES:].reshape(2, len(ANGLES))
        angles = angles + (leans_deg + turn_deg) * _FROM_TRUNK
        return np.concatenate([angles, np.exp(doubts), [side]])


def _load(path: Path) -> Any:
    cv2 = opencv()
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
        net = cv2.dnn.readNetFromONNX(data)
    except (OSError, cv2.error) as error:
        raise ModelError(
            f"The network {path.name} of hinge-dowel cannot be read: reinstall hinge-dowel and try "
            "again."
        ) from error
    return net
