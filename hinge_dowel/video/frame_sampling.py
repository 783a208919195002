"""Which pictures of a clip the pose model gets: a few a second, of those what shows something new.

It takes most of the time that a clip costs. The reader takes pictures from the film at
`ANALYSIS_RATE_HZ` (`on_grid`). Of these, one in which nothing has moved tells the model nothing
(`sampled_frames`); nor does, while a person moves slowly, more than every other one: what lies
between two looks is then nearly on a straight line (`thinned_while_slow`).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hinge_dowel.body.array_types import Array, Pixels
from hinge_dowel.body.landmarks import HIPS, KNEES, NOSE, SHOULDERS
from hinge_dowel.body.trunk import trunk_frame

if TYPE_CHECKING:
    from hinge_dowel.video.reader import Frame, Picture

EVERY_PICTURE_HZ = 1000.0
"""A rate that keeps every picture: no camera is faster."""
ANALYSIS_RATE_HZ = 12.0
"""Pictures looked at per second. Over 33 reps of samples 12 are as near to every picture as 15
(spine 0.6 and 0.5 degrees), for a sixth less time; over 57 of real clips 2.5 and 2.2. In the films
of `make accuracy` 10 are further from the truth (spine 6.2 for 5.7 degrees, hip 4.0 for 3.7, two
reps of 332 fewer), 15 nearer only in the hip (3.1; spine 5.8)."""
STILL_S = 0.3
"""The model sees a picture at least this often, moved or not: most of a 1 s repetition would still
show if the thumbnails were blind. Standing for neutral takes 0.15 s."""
MOVED_LEVELS = 8
"""So many of 256 grey levels must a place have changed by to have moved ..."""
MOVED_SHARE = 0.0025
"""... and so much of the picture must have: 12 places of 8 px. Over 22 clips these two leave 99 %
of landmarks within 2.4 % of the trunk, about 1 cm, of where every picture shows them; twice the
levels, within 4.4 %. The noise of compression, at rest, changes the same share by 1 to 3 levels."""
CUT_LEVELS = 16
"""Where a place changes by so many grey levels from one picture to the next ..."""
CUT_SHARE = 0.17
"""... and so much of the picture does, the film is cut, or the light goes: mirrored pictures of
bare rooms change 0.19 of them and more; a camera that follows somebody, and a person who walks by
close to it, 0.15 at most ..."""
CUT_RATIO = 3.0
"""... and so many times as much as from the picture before, by choice: a camera in the hand
shakes."""
SURE_CUT_SHARE = 0.45
"""Where less of the picture changes, a cut also stands out from more of what is beside it: ..."""
CUT_BEFORE, CUT_AFTER, CUT_AFTER_RATIO = 4, 3, 2.0
"""... it is CUT_RATIO times as much as each of so many changes before, and so many times as much as
each of so many after. By the rules above alone 13 of 246 real films were told to be cut, seven of
them only shot with a shaking hand; of those two still are, by what the pose does there."""
HELD_LEVELS = 4
"""A place that changes by no more grey levels than this looks as before ..."""
HELD_SHARE = 0.0005
"""... and where no more of the picture does otherwise, it is the picture before, shown again."""
HELD_FRAMES_SHARE = 0.9
"""Where so many of the pictures that show something new (`MOVED_SHARE`) have none such beside them,
and so many of the others are repeated ones, a film holds each of its pictures for a while: a
time-lapse, a bad connection. All of them in 23 films of 2 to 5 pictures a second; in 280 others
0.54 at most, in one that is slowed down in its middle."""
LEAST_HELD = 5
"""So few pictures that show something new do not tell: a choice."""
SLOW_TRUNKS_S = 1.5
"""Trunk lengths a second: where the person moved no faster, every other picture is looked at. Over
84 films of virtual subjects a tenth fewer looks left spine and neck as near to the truth; with 2.5,
another sixth fewer, the spine is 5.9 degrees off for 5.7, hips and knees 4.1 and 3.0 for 3.7 and
2.8."""
LATELY_S = 0.5
"""The fastest movement of so long counts ..."""
LEAST_LOOKS = 3
"""... and so many looks in it are needed to know: after standing still a fast repetition would have
begun unseen. Both are choices: nearly all of the looks that half a second has at the usual rate."""
_USUAL_STEP_S = 1.1 / ANALYSIS_RATE_HZ
"""A film of fewer pictures a second than are looked at, but for rounding, has none to spare."""


def on_grid(pictures: Iterable[Picture], rate_hz: float) -> Iterator[Picture]:
    """Of pictures in rising time, take the nearest to each multiple of 1/`rate_hz` s, and the last.

    Pictures that come slower than the grid are all taken. The last one is, so that a clip which
    ends at the bottom of a rep shows it.
    """
    due = 0
    held: Picture | None = None
    for later in pictures:
        if held is not None:
            # The earlier one is nearest to all points of the grid up to halfway between the two.
            nearest_to = math.floor((held.time_s + later.time_s) / 2 * rate_hz)
            if nearest_to >= due:
                yield held
                due = nearest_to + 1
        held = later
    if held is not None:
        yield held


@dataclass(frozen=True, slots=True)
class SampledFrame:
    """One picture of a clip, or only when it was."""

    time_s: float
    frame: Frame | None = None
    due: bool = False
    """It must be looked at, whatever the person does."""
    cut: bool = False
    """Another scene begins here."""
    change: float = 1.0
    """The share of places that look otherwise than in the picture before, by `HELD_LEVELS`."""


def sampled_frames(pictures: Iterable[Picture]) -> Iterator[SampledFrame]:
    """All pictures, each with its colours where something has moved, else only when it was.

    They are also there, and due, for the first picture, the last, one after a cut, and `STILL_S`
    after the one before.
    """
    shown: Pixels | None = None
    shown_s = -math.inf
    before: deque[float] = deque(maxlen=CUT_BEFORE)
    for (picture, thumbnail, change, moved), after in _with_the_next(_glances(pictures), CUT_AFTER):
        cut = _stands_out(change, before, [later.change for later in after])
        before.append(change)
        due = not after or cut or picture.time_s - shown_s >= STILL_S
        if due or shown is None or changed(shown, thumbnail, MOVED_LEVELS) > MOVED_SHARE:
            shown, shown_s = thumbnail, picture.time_s
            yield SampledFrame(picture.time_s, picture.frame(), due, cut, moved)
        else:
            yield SampledFrame(picture.time_s, change=moved)


class _Glance(NamedTuple):
    """A picture, and the shares of its places that look otherwise than in the one before, by
    `CUT_LEVELS` and by `HELD_LEVELS`.
    """

    picture: Picture
    thumbnail: Pixels
    change: float
    moved: float


def _glances(pictures: Iterable[Picture]) -> Iterator[_Glance]:
    before: Pixels | None = None
    for picture in pictures:
        seen = picture.thumbnail()
        if before is None:
            yield _Glance(picture, seen, 0.0, 1.0)
        else:
            shares = (changed(before, seen, levels) for levels in (CUT_LEVELS, HELD_LEVELS))
            yield _Glance(picture, seen, *shares)
        before = seen


def _with_the_next(
    glances: Iterator[_Glance], count: int
) -> Iterator[tuple[_Glance, list[_Glance]]]:
    """Each one with so many that come after it, fewer at the end."""
    coming = deque(islice(glances, count + 1))
    while coming:
        yield coming.popleft(), list(coming)
        coming.extend(islice(glances, 1))


def _stands_out(change: float, before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether a picture that changes by so much begins another scene, by the changes beside it."""
    if not before or change <= max(CUT_SHARE, CUT_RATIO * before[-1]):
        return False
    return change >= SURE_CUT_SHARE or change > max(
        CUT_RATIO * max(before), CUT_AFTER_RATIO * max(after, default=0.0)
    )


def apart_from_held(time_s: Array, change: Array) -> Array:
    """Of times (T,) those of pictures that are not the one before shown again, where a film does so
    with all of its pictures; else all of them. `change` (T,) is that of `SampledFrame`.

    Where nothing moves a film of the same rate would still have pictures: some are kept, and the
    last, where the film ends.
    """
    new, again = change > MOVED_SHARE, change <= HELD_SHARE
    beside = np.convolve(new, (1, 0, 1), mode="same") > 0
    if (
        np.count_nonzero(new) < LEAST_HELD
        or np.mean(~beside[new]) < HELD_FRAMES_SHARE
        or np.mean(again[~new]) < HELD_FRAMES_SHARE
    ):
        return time_s
    longest_s = 1.1 * float(np.median(np.diff(time_s[new])))
    new[-1] = True
    kept = [time_s[0]]
    for now_s, shows_new in zip(time_s[1:], new[1:], strict=True):
        if shows_new or now_s - kept[-1] > longest_s:
            kept.append(now_s)
    return np.array(kept)


def changed(before: Pixels, after: Pixels, levels: int) -> float:
    """The share of places that changed by more than so many grey levels, of two thumbnails (height,
    width); 1 for another size.
    """
    if before.shape != after.shape:
        return 1.0
    change = np.maximum(before, after) - np.minimum(before, after)
    return float(np.count_nonzero(change > levels) / change.size)


class MovementSpeed:
    """How fast the person has moved lately, by what the pose model saw."""

    def __init__(self) -> None:
        self.seen_s = -math.inf
        """The time of the last look."""
        self._places: Array | None = None
        self._speeds: deque[tuple[float, float]] = deque()

    def saw(self, time_s: float, landmarks: Array) -> None:
        """Take in a look: landmarks (33, 2 or more) in pixels, NaN where nobody was found."""
        places, trunk = _places(landmarks)
        speed = math.inf
        if self._places is not None and np.isfinite(places).all():
            most = np.linalg.norm(places - self._places, axis=1).max()
            speed = float(most) / trunk / (time_s - self.seen_s)
        self._places, self.seen_s = places, time_s
        self._speeds.append((time_s, speed))
        while self._speeds[0][0] < time_s - LATELY_S:
            self._speeds.popleft()

    @property
    def slow(self) -> bool:
        """Whether it is known that nothing has moved faster than `SLOW_TRUNKS_S`."""
        speeds = [speed for _, speed in self._speeds]
        return len(speeds) >= LEAST_LOOKS and max(speeds) < SLOW_TRUNKS_S


def _places(landmarks: Array) -> tuple[Array, float]:
    """Nose and the middles of shoulders, hips and knees, (4, 2), and the trunk's length."""
    marks = ((NOSE,), SHOULDERS, HIPS, KNEES)
    places = np.array([landmarks[list(mark), :2].mean(axis=0) for mark in marks])
    return places, float(trunk_frame(landmarks)[2])


def thinned_while_slow(
    coming: Iterable[SampledFrame], movement: MovementSpeed
) -> Iterator[SampledFrame]:
    """The same moments, every other one without its picture while the movement is slow.

    `movement` is told of each look before the next moment is asked for. Where the movement comes
    to rest, so that the next moment has no picture, the one left out is there after all.
    """
    left_out: SampledFrame | None = None
    for moment in coming:
        before, left_out = left_out, None
        if before is not None:
            yield before if moment.frame is None else replace(before, frame=None)
        if (
            before is None
            and moment.frame is not None
            and not moment.due
            and movement.slow
            and moment.time_s - movement.seen_s <= _USUAL_STEP_S
        ):
            left_out = moment
        else:
            yield moment
