"""The reader of protocol buffers as they are printed: .pbtxt, or a .txt that holds the same."""

from __future__ import annotations

import re
from pathlib import Path

from hinge_dowel.body.landmarks import LANDMARK_COUNT
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.json_files import of_objects
from hinge_dowel.keypoints.packed_cells import MOMENT, PART
from hinge_dowel.keypoints.sightings import Keypoints
from hinge_dowel.keypoints.text import number, text_of

_MESSAGE = re.compile(r"\b(?:landmark|keypoint)s?\s*\{([^{}]*)\}")


def read_messages(path: Path) -> Keypoints:
    """Read MediaPipe's landmarks of a film as protocol buffers are printed. Raises `ClipError`."""
    if told := messages(text_of(path)):
        return of_objects(path, told)
    raise ClipError(
        f"{path.name} holds no landmarks as MediaPipe prints them: landmark {{ x: 0.5 y: 0.3 }}."
    )


def messages(text: str) -> list[dict[str, object]]:
    """Frames of MediaPipe's landmarks as protocol buffers are printed: landmark { x: 0.5 y: 0.3 }.

    A frame begins behind whatever stands between two places, or where a body is whole; None, which
    is printed where nobody is seen, is one as well.
    """
    frames: list[dict[str, object]] = []
    places: list[dict[str, float]] = []
    end = 0
    for found in _MESSAGE.finditer(text):
        between = text[end : found.start()]
        end = found.end()
        if between.strip() or len(places) in (0, LANDMARK_COUNT):
            places = []
            frames += [{}] * len(re.findall(r"\bNone\b", between))
            frames.append({**dict(MOMENT.findall(between)), "landmarks": places})
        places.append({axis.lower(): number(own) for axis, own in PART.findall(found[1])})
    return frames
