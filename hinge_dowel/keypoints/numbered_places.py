"""Places that are called by numbers: kp_11, landmarks[11], results.pose_landmarks.11."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from hinge_dowel.body.array_types import Indices
from hinge_dowel.body.landmarks import LANDMARK_COUNT
from hinge_dowel.keypoints import skeletons

_NUMBERED = re.compile(
    r"(?:pose[ _.]?)?(?:(?:landmark|keypoint|kpt|kp|joint|marker|point|lm|pt)s?|p)?"
    r"[ _\-.\[]?(\d+)\]?"
)


def in_a_skeleton(names: Sequence[str]) -> Indices | None:
    """Which of the names stands for each place of a skeleton with so many (N,), -1 for none.

    They count from 0 or from 1. None where they are no numbers.
    """
    bare = _unshared(names)
    matches = map(_NUMBERED.fullmatch, map(str.lower, bare))
    number = {i: int(match[1]) for i, match in enumerate(matches) if match}
    own = list(number)
    pose = [i for i in own if names[i].lower().startswith("pose")]
    # The body of MediaPipe's Holistic beside its face and hands.
    own = pose if len(pose) == LANDMARK_COUNT else own
    if not skeletons.of_size(len(own)) or any(map(skeletons.is_known, bare)):
        own = list(range(len(bare)))  # no other columns stand beside them
    if not own or not all(i in number for i in own):
        return None
    at = _places([number[i] for i in own])
    return np.where(at < 0, -1, np.array(own)[at])


def _unshared(names: Sequence[str]) -> list[str]:
    """Names without what they all begin with, where as many are a skeleton.

    So has a table what JSON nests: results.pose_landmarks.0.
    """
    shared = names[0].rstrip("0123456789]") if names else ""
    whole = skeletons.of_size(len(names)) and all(name.startswith(shared) for name in names)
    return [name[len(shared) :] for name in names] if whole else list(names)


def _places(numbers: Sequence[int]) -> Indices:
    """Which of so many numbers is that of each place of a skeleton (N,), -1 for none."""
    base = 0 if 0 in numbers else 1
    count = max(numbers) + 1 - base
    whole = bool(skeletons.of_size(count)) and len(set(numbers)) == count
    if not whole and max(numbers) < LANDMARK_COUNT:
        # Some of MediaPipe's, by its own numbers.
        base, count = 0, LANDMARK_COUNT
    at = np.full(count, -1)
    at[[number - base for number in numbers]] = np.arange(len(numbers))
    return at
