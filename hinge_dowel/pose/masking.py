"""Watching a clip so that the person who hinges is followed, whoever else is in the picture.

A clip is watched once. Where that leaves a doubt about who was followed, it is watched again with
blinkers: cut to where the one person moves, others painted over, and whoever is seen in spite of
that not taken for them. Of a clip without such a doubt only a few pictures are looked at once more,
for whoever else is in it (`other_people`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.array_types import Array, Mask, Pixels
from hinge_dowel.body.landmarks import ARM, EARS, LEG, NOSE, SHOULDERS, TOES
from hinge_dowel.body.trunk import trunk_frame
from hinge_dowel.pose import extraction, model_file
from hinge_dowel.pose.extraction import FRESH_S, ObservesFrames, Record
from hinge_dowel.pose.hidden_body import HiddenBody
from hinge_dowel.pose.kept_looks import BLOCK_PX, block_means
from hinge_dowel.pose.other_people import OtherPeople, besides, nearer, remark_on
from hinge_dowel.pose.person_tracks import (
    BENT_SHORTER_LOG,
    PersonTrack,
    chosen,
    doubtful,
    hinging_track,
    locate,
    person_tracks_of,
    same_person,
    side_by_side,
)
from hinge_dowel.pose.picture_bars import in_whole_picture, shown_part
from hinge_dowel.pose.tracker import MultiPoseTracker, PoseObservation, no_person
from hinge_dowel.video.frame_sampling import ANALYSIS_RATE_HZ
from hinge_dowel.video.options import WHOLE, FilmOptions, Person
from hinge_dowel.video.reader import ClipInfo, Frame, probe, read_frames

MOST_ROUNDS = 2
"""A clip is watched again so many times at most: the second time for people who showed up only
when the first ones were painted over."""
GAIN_SHARE = 0.03
"""What is seen the second time counts where it shows so much more of the clip of somebody who
hinges; else the first time does. A choice: three pictures in a hundred are a slip."""
SEARCH_PICTURES = 60
"""So many pictures, evenly over the clip, tell in which places of `BLOCK_PX` somebody moves: ..."""
RARE_PERCENT = 8.0
"""... each of which looks otherwise in at least this percentage of them: a passer-by crosses a
place in less, a set of repetitions bends over it in more. All three are choices: no unit test of
masking changes from 30 to 120 pictures, or from 4 to 15 percent."""
MOVED_LEVELS = 5.0
"""Otherwise by so many grey levels of 256 ..."""
MOVED_NOISE_RATIO = 4.0
"""... and by so many times what is usual in this clip. Choices as well: nor from 3 to 10 levels,
nor from 2 to 8 times."""
MOST_MOVING_SHARE = 0.5
"""Where more of the picture than this moves, it is the camera. A choice, from 0.3 to 0.7 alike."""
ROOM_SHARES = (0.35, 0.15, 0.35, 0.2)
"""Room left around a person: left, top, right and bottom, as shares of their height: a choice, as
much as arms and steps take."""
LEGS_SHARE = 0.9
"""Legs of somebody who hinges hardly move: what moves is extended downwards by this share of its
height. Trunk and head are about as long as legs."""
BODY_TRUNKS = 0.35
"""A body reaches as far as this from its bones, in lengths of the trunk: so far others are painted
over, and nothing is as near to the followed person. A choice: no unit test of masking changes from
0.2 to 0.6."""
SEARCHED_PICTURES = 12
"""Where one of several is asked for, so many pictures, evenly over the clip, are looked at for
everybody; who is in three of them stays (`STAYS_SHARE`). A choice: 6 and 24 change no unit test."""
SEARCHED_PEOPLE = 6
"""So many people are looked for in each, by choice: a group before one camera."""
STEP_PX = 4
"""Bones are measured to the middle of squares of so many pixels, half of a place."""
_CHAINS = ((EARS, *ARM), (SHOULDERS, *LEG, TOES), ((NOSE,), EARS))
_BONES = np.array(
    [bone for chain in _CHAINS for pair in pairwise(chain) for bone in zip(*pair, strict=False)]
)
"""Pairs of landmarks: each lies on the person whom it belongs to, and so does what is between."""


@dataclass(frozen=True, slots=True)
class PersonMask:
    """What is to be looked at: the `window` (left, top, right, bottom, in pixels of the picture).

    `others` are painted over. `own` is the person to follow, None while nobody knows them.
    """

    window: tuple[int, int, int, int]
    others: tuple[PersonTrack, ...] = ()
    own: PersonTrack | None = None


def follow_person(
    path: Path,
    *,
    model: Path | None = None,
    progress: Callable[[float], None] | None = None,
    every_picture: bool = False,
    options: FilmOptions = WHOLE,
    halves: bool = False,
) -> Record:
    """Watch a clip once, and once or twice more where that leaves a doubt about who was seen.

    All landmarks are in pixels of the whole picture, however little of it was looked at. Bars
    beside what the film shows are never looked at.
    `progress` begins at 0 again each time. The rest is as for `extract_pose`.
    """
    info = probe(path, options)
    options = replace(options, shown=shown_part(path, options, info.first.rgb))
    watch = partial(
        extraction.extract_pose,
        path,
        model=model,
        progress=progress,
        every_picture=every_picture,
        options=options,
        halves=halves,
        info=info,
    )
    film = _Film(path, options, info, watch)
    if options.person is not None:
        return in_whole_picture(_watch_chosen(film, options.person, model), options.shown)
    with OtherPeople(model) as beside:
        return in_whole_picture(_follow(film, beside), options.shown)


@dataclass(frozen=True, slots=True)
class _Film:
    """A clip, the part of it to look at, and what watches it."""

    path: Path
    options: FilmOptions
    info: ClipInfo
    watch: Callable[..., Record]

    def moving(self, length_s: float) -> Mask:
        """Where, of this length, it often changes: a mask of places of `BLOCK_PX`, upright."""
        rate_hz = min(ANALYSIS_RATE_HZ, SEARCH_PICTURES / max(length_s, 1.0))
        pictures = read_frames(self.path, rate_hz=rate_hz, options=self.options)
        return moving_places([block_means(frame.rgb).mean(axis=2) for frame in pictures])

    def watch_one(
        self,
        own: PersonTrack,
        others: tuple[PersonTrack, ...],
        size: tuple[int, int],
        length_s: float,
    ) -> Record:
        """Watch it with blinkers, following one of several people."""
        plan = person_mask(self.moving(length_s), own, others)
        plan = plan or PersonMask(_window(own.box, size), others, own)
        return self.watch(through=partial(MaskedTracker, plan))


def _follow(film: _Film, beside: OtherPeople) -> Record:
    """Follow whoever hinges, and say whether anybody is `beside` them."""
    hidden = HiddenBody()
    best = seen = film.watch(
        through=lambda tracker: beside.through(hidden.through(tracker)), meanwhile=beside.begin
    )
    if hidden.found:
        return replace(best, hidden=True)
    others: tuple[PersonTrack, ...] = ()
    for again in range(MOST_ROUNDS):
        people = person_tracks_of(seen)
        # After a cut the camera may stand elsewhere; stretches between cuts are told apart later.
        if len(best.time_s) < 2 or (seen.cuts_s is not None and len(seen.cuts_s)):
            break
        strangers = tuple(one for one in people if not one.trains)
        if not doubtful(seen, people) or (again and not strangers):
            break
        others += strangers
        own = hinging_track(people) or hinging_track(person_tracks_of(best))
        plan = person_mask(film.moving(float(np.ptp(best.time_s))), own, others)
        if plan is None:
            break
        seen = film.watch(through=partial(MaskedTracker, plan))
        if _shown(seen) > _shown(best) + GAIN_SHARE:
            best = seen
    strange = besides(others, best)
    if not strange:
        if not any(map(len, found := beside.beside(best))):
            return best
        crowd = side_by_side(found)
        followed = person_tracks_of(best)
        best = _watch_the_nearer(film, best, crowd)
        strange = besides((*followed, *crowd), best)
    return replace(best, remarks=(*best.remarks, remark_on(strange, best)))


def _watch_the_nearer(film: _Film, seen: Record, beside: Sequence[PersonTrack]) -> Record:
    """Watch the larger of two who hinge; `beside` are those who were not followed in `seen`."""
    own = hinging_track(person_tracks_of(seen))
    larger = own and nearer(own, beside)
    if own is None or larger is None:
        return seen
    size, length_s = seen.size_px or (0, 0), float(np.ptp(seen.time_s))
    again = film.watch_one(larger, (own,), size, length_s)
    return again if _shown(again) > _shown(seen) - GAIN_SHARE else seen


def _watch_chosen(film: _Film, person: Person, model: Path | None) -> Record:
    """Watch a clip so that the person who was asked for is followed, hinging or not."""
    length_s = (film.info.duration_s or SEARCHED_PICTURES) - film.info.start_s
    rate_hz = SEARCHED_PICTURES / max(length_s, 1.0)
    with MultiPoseTracker(model or model_file.locate(), most=SEARCHED_PEOPLE) as crowd:
        poses: list[Array] = []
        size, last_s, first_s = (0, 0), 0.0, 0.0
        for frame in read_frames(film.path, rate_hz=rate_hz, options=film.options):
            first_s = first_s if poses else frame.time_s
            poses.append(crowd.poses(frame))
            size, last_s = (frame.rgb.shape[1], frame.rgb.shape[0]), frame.time_s
    people = side_by_side(poses)
    own = chosen(people, person)
    others = tuple(one for one in people if one is not own)
    if not others:
        return film.watch()
    return film.watch_one(own, others, size, last_s - first_s)


def _shown(record: Record) -> float:
    """The share of a record that shows one person who hinges."""
    own = hinging_track(person_tracks_of(record))
    return 0.0 if own is None else len(own.frames) / len(record.time_s)


def moving_places(coarse: Sequence[NDArray[np.float32]]) -> Mask:
    """Which places (rows, columns) look otherwise in some of these `block_means` of a clip."""
    low, high = np.percentile(np.array(coarse), (RARE_PERCENT, 100.0 - RARE_PERCENT), axis=0)
    return np.asarray(high - low > max(MOVED_LEVELS, MOVED_NOISE_RATIO * np.median(high - low)))


def person_mask(
    moving: Mask, own: PersonTrack | None, others: tuple[PersonTrack, ...]
) -> PersonMask | None:
    """Where to look for whoever moves, None where nothing does, or everything.

    `moving` (rows, columns) is that of `moving_places`.
    """
    from scipy.ndimage import binary_dilation, find_objects, label

    if not moving.any() or moving.mean() > MOST_MOVING_SHARE:
        return None
    size = np.array(moving.shape[::-1]) * BLOCK_PX
    middles = _middles(moving.shape, BLOCK_PX)
    for other in others:
        moving = moving & (_to_bones(middles, other.landmarks) > BODY_TRUNKS * other.trunk_px)
    regions, _ = label(binary_dilation(moving, np.ones((3, 3), dtype=bool)))
    boxes = [
        np.array([across.start, down.start, across.stop, down.stop]) * BLOCK_PX
        for down, across in find_objects(regions)
    ]
    if own is not None:
        touching = [(np.minimum(b, own.box)[2:] > np.maximum(b, own.box)[:2]).all() for b in boxes]
        boxes = [own.box, *(box for box, touches in zip(boxes, touching, strict=True) if touches)]
    elif boxes:
        sizes = np.bincount(regions[moving], minlength=len(boxes) + 1)[1:]
        boxes = [boxes[int(sizes.argmax())]]
        boxes[0] = boxes[0] + [0, 0, 0, LEGS_SHARE * (boxes[0][3] - boxes[0][1])]
    else:
        return None
    box = np.concatenate([np.min(boxes, axis=0)[:2], np.max(boxes, axis=0)[2:]])
    window = _window(box, (int(size[0]), int(size[1])))
    least_px = min(window[2] - window[0], window[3] - window[1])
    return PersonMask(window, others, own) if least_px >= BLOCK_PX else None


def _window(box: Array, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A box with room around it, within a picture of this size, as whole places."""
    roomy = box + np.array([-1, -1, 1, 1]) * ROOM_SHARES * (box[3] - box[1])
    # What is left over of the picture at the right and at the bottom counts as beyond it.
    most = [side // BLOCK_PX * BLOCK_PX for side in size]
    left, top, right, bottom = (
        round(v / BLOCK_PX) * BLOCK_PX for v in np.clip(roomy, 0, [*most, *most])
    )
    return left, top, right, bottom


def _middles(shape: tuple[int, ...], step_px: int) -> Array:
    """The middles (rows, columns, 2) of squares, x and y in pixels."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    return (np.stack([x, y], axis=-1) + 0.5) * step_px


def _to_bones(places: Array, landmarks: Array) -> Array:
    """How far `places` (..., 2) are from somebody's bones, in pixels."""
    start, end = landmarks[_BONES.T, :2]
    along = end - start
    from_start = places[..., None, :] - start
    share = (from_start * along).sum(axis=-1) / np.maximum((along**2).sum(axis=-1), 1e-6)
    ways = from_start - np.clip(share, 0, 1)[..., None] * along
    return np.asarray(np.sqrt((ways**2).sum(axis=-1).min(axis=-1)))


class MaskedTracker:
    """A tracker that is shown what a `PersonMask` leaves of each picture, and nothing else."""

    def __init__(self, plan: PersonMask, tracker: ObservesFrames) -> None:
        self._plan = plan
        self._tracker = tracker
        self._now: Array | None = None
        self._fresh_s = 0.0
        left, top, right, bottom = plan.window
        shape = (-(-(bottom - top) // STEP_PX), -(-(right - left) // STEP_PX))
        self._middles = _middles(shape, STEP_PX) + np.array([left, top])
        self._painted = [
            _to_bones(self._middles, one.landmarks) < BODY_TRUNKS * one.trunk_px
            for one in plan.others
        ]

    def restart(self) -> None:
        """Forget the frames so far."""
        self._tracker.restart()
        self._now = None

    def see(self, frame: Frame) -> PoseObservation:
        """Find the person to follow in the next frame; whoever else is found counts as nobody."""
        left, top, right, bottom = self._plan.window
        rgb = frame.rgb[top:bottom, left:right].copy()
        self._paint(rgb)
        observation = self._tracker.see(Frame(frame.time_s, rgb))
        if observation.silhouette is None:
            self._now = None
            return observation
        landmarks = observation.landmarks + np.array([left, top, 0, 0])
        if self._other_person(landmarks):
            self._now = None
            if frame.time_s - self._fresh_s >= FRESH_S:
                self._tracker.restart()
                self._fresh_s = frame.time_s
            return no_person(frame.time_s)
        self._now = landmarks
        silhouette = np.zeros(frame.rgb.shape[:2], dtype=np.float32)
        silhouette[top:bottom, left:right] = observation.silhouette
        return replace(observation, landmarks=landmarks, silhouette=silhouette)

    def _other_person(self, landmarks: Array) -> bool:
        here = locate(landmarks[None])
        apart = np.inf
        if self._plan.own is not None:
            own = self._plan.own.location
            apart = here.apart(own)
            if not same_person(here, own, spare=BENT_SHORTER_LOG):
                return True
        others = [one.location for one in self._plan.others]
        return any(here.apart(one) < apart for one in others if same_person(here, one))

    def _paint(self, rgb: Pixels) -> None:
        """Paint the others over with what lies to their sides, but not near the own person."""
        for painted in self._painted:
            spots = painted.copy()
            if self._now is not None and spots.any():
                _, _, trunk_px = trunk_frame(self._now)
                near = _to_bones(self._middles[spots], self._now) < BODY_TRUNKS * trunk_px
                spots[spots] = ~near
            for row in np.flatnonzero(spots.any(axis=1)):
                columns = np.flatnonzero(painted[row])
                first, stop = columns[0] * STEP_PX, (columns[-1] + 1) * STEP_PX
                lines = slice(row * STEP_PX, (row + 1) * STEP_PX)
                ends = [
                    rgb[lines, x].astype(float) for x in (first - 1, stop) if 0 <= x < rgb.shape[1]
                ]
                if not ends:
                    continue
                share = np.linspace(0, 1, stop - first)[:, None]
                band = ends[0][:, None] * (1 - share) + ends[-1][:, None] * share
                where = np.repeat(spots[row], STEP_PX)
                inside = where[first:stop]
                rgb[lines, first:stop][:, inside] = band[:, inside].astype(np.uint8)
