"""Whether anybody else is in a clip of one person: a watcher, a mirror, a screen, a poster.

While the clip is watched a few of its pictures are kept; afterwards they are looked at for several
people. It costs 0.2 s a clip, and nothing where somebody else was noticed anyway. Those on a
television are seldom found: in 30 drawn films, in none beside the person before it, in 2 where that
one was painted over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import numpy as np

from hinge_dowel.body.array_types import Floats
from hinge_dowel.body.landmarks import COMPARED
from hinge_dowel.pose import model_file
from hinge_dowel.pose.extraction import ObservesFrames, Record
from hinge_dowel.pose.kept_looks import KeepingTracker
from hinge_dowel.pose.person_tracks import (
    BENT_SHORTER_LOG,
    PersonTrack,
    hinging_track,
    locate,
    person_tracks_of,
    same_person,
)
from hinge_dowel.pose.tracker import MultiPoseTracker
from hinge_dowel.video.reader import Frame

KEPT_FRAMES = 3
"""So many pictures are looked at: people in mirrors are found in every other one."""
OVERLAPPING_TRUNKS = 0.3
"""Two in one place whose joints are so far apart, in trunk lengths, are two: people and the mirror
behind them come to 0.37 and more. In 253 pictures of 64 clips of one person nobody was found twice.
"""
OTHER_PERSON = (
    "Somebody else is in the picture too (a person, a mirror, a screen or a poster): whoever "
    "hinges{side} was followed. Choose with --person left, right or a number from the left."
)
ASIDE_TRUNKS = 0.5
"""Less far apart, in lengths of the trunk, people are on neither side of one another: a choice."""
LARGER_RATIO = 1.15
"""Somebody whose trunk is so many times longer is nearer to the camera; in a mirror people are
smaller. A choice: no unit test of masking changes from 1.05 to 1.4."""


class OtherPeople:
    """Finds who else is in a clip, in a few pictures spread over it; a context manager.

    `through` keeps the pictures while the clip is watched; each of several trackers has its own.
    The pose model for several people is loaded when it is first needed.
    """

    def __init__(self, model: Path | None) -> None:
        self._model = model
        self._trackers: list[KeepingTracker[Frame]] = []
        self._open = ExitStack()
        self._crowd: MultiPoseTracker | None = None
        self._begun: dict[float, Floats] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def through(self, tracker: ObservesFrames) -> ObservesFrames:
        """A pose tracker of which some pictures are kept."""
        self._trackers.append(KeepingTracker(tracker, KEPT_FRAMES, lambda frame, _: frame))
        return self._trackers[-1]

    @property
    def frames(self) -> list[Frame]:
        """`KEPT_FRAMES` pictures of those kept, or as many as there are: first, middle and last."""
        kept = _in_time(frame for tracker in self._trackers for frame in tracker.kept)
        firsts = _in_time(tracker.kept[0] for tracker in self._trackers if tracker.kept)
        if len(firsts) > 1:
            return [*firsts[: KEPT_FRAMES - 1], kept[-1]]
        at = np.linspace(0, len(kept) - 1, min(KEPT_FRAMES, len(kept))).round()
        return [kept[int(i)] for i in at]

    def begin(self) -> None:
        """Look already at pictures that will most likely be looked at, however the clip goes on."""
        for frame in self.frames:
            self._begun[frame.time_s] = self._poses(frame)

    def beside(self, record: Record) -> list[Floats]:
        """Who is in each picture beside the person of a record: (N, 33, 4) in its pixels.

        Pictures in which that person is not seen are left out.
        """
        frames = self.frames
        at = [np.searchsorted(record.time_s, frame.time_s) for frame in frames]
        own = [record.landmarks[k].astype(float) for k in at]
        followed = _followed(record)
        return [
            _others(one, self._poses(frame), followed)
            for frame, one in zip(frames, own, strict=True)
            if np.isfinite(locate(one[None]).trunk_px)
        ]

    def _poses(self, frame: Frame) -> Floats:
        if frame.time_s in self._begun:
            return self._begun[frame.time_s]
        if self._crowd is None:
            crowd = MultiPoseTracker(self._model or model_file.locate())
            self._crowd = self._open.enter_context(crowd)
        return self._crowd.poses(frame)


def _in_time(frames: Iterable[Frame]) -> list[Frame]:
    """The pictures in order, each once: what two trackers could not do a third one does again."""
    return [frame for _, frame in sorted({frame.time_s: frame for frame in frames}.items())]


def _others(own: Floats, poses: Floats, followed: PersonTrack | None) -> Floats:
    """Of the poses in a picture those of others than the person of landmarks (33, 2 or more).

    Who stands in the same place may be that person found twice, or a mirror's before it. So may who
    stands where that person was `followed` in the rest of the clip: a single picture's landmarks
    may be astray.
    """
    place = locate(own[None])
    places = [place] if followed is None else [place, followed.location]
    same = [
        any(same_person(locate(pose[None]), one, spare=BENT_SHORTER_LOG) for one in places)
        for pose in poses
    ]
    apart = [_apart(pose, own) / place.trunk_px for pose in poses]
    nearest = min((apart[i] for i in np.flatnonzero(same)), default=np.inf)
    return np.asarray(
        [
            pose
            for pose, here, lengths in zip(poses, same, apart, strict=True)
            if not here or (lengths > nearest and lengths > OVERLAPPING_TRUNKS)
        ]
    )


def _apart(one: Floats, other: Floats) -> float:
    """How far the joints of two poses are from one another, in pixels (root mean square)."""
    off = one[COMPARED, :2] - other[COMPARED, :2]
    return float(np.sqrt(np.nanmean((off**2).sum(axis=1))))


def nearer(own: PersonTrack, others: Sequence[PersonTrack]) -> PersonTrack | None:
    """The one who is plainly nearer to the camera than `own`, who may be in a mirror."""
    largest = max(others, key=lambda one: one.trunk_px, default=own)
    return largest if largest.trunk_px > LARGER_RATIO * own.trunk_px else None


def besides(others: Sequence[PersonTrack], seen: Record) -> list[PersonTrack]:
    """Those who are not whom `seen` follows, who may do nothing or hinge but briefly."""
    followed = _followed(seen)
    return [
        one
        for one in others
        if followed is None
        or not same_person(one.location, followed.location, spare=BENT_SHORTER_LOG)
    ]


def _followed(seen: Record) -> PersonTrack | None:
    people = person_tracks_of(seen)
    return hinging_track(people) or next(iter(people), None)


def remark_on(others: Sequence[PersonTrack], seen: Record) -> str:
    """What to say of those who are beside the one whom `seen` follows.

    And on which side that one is, if all of the others are on the other.
    """
    side, followed = "", _followed(seen)
    if followed is not None and others:
        off = [(one.location.x_px - followed.location.x_px) / followed.trunk_px for one in others]
        if min(off) > ASIDE_TRUNKS:
            side = ", on the left,"
        elif max(off) < -ASIDE_TRUNKS:
            side = ", on the right,"
    return OTHER_PERSON.format(side=side)
