"""Who is in a clip: the people that one watching of it came across, and whom to follow.

The pose model follows one person, and which one is chance: whoever its detector likes best, and
somebody else once tracking is lost. People are told apart by where they stand and how large they
are, and the one to follow is the one who hinges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from hinge_dowel.body.array_types import Array, Floats, Indices
from hinge_dowel.body.landmarks import ANKLES, HIPS
from hinge_dowel.body.trunk import pitch_deg, trunk_frame
from hinge_dowel.errors import ClipError
from hinge_dowel.pose.extraction import Record
from hinge_dowel.video.options import Person

JUMP_TRUNKS = 0.35
"""No hip moves further than this, in lengths of the trunk, from one picture to the next ..."""
JUMP_TRUNKS_S = 3.0
"""... and so much a second between them. In walking it moves 2.8 a second; over 17 filmed people
and a hundred rendered ones 0.3 in 0.07 s, mostly errors. Where feet do so too, they are somebody
else's. In the records of 60 clips nobody is parted or joined otherwise from 0.25 and 2 to 0.5 and
5."""
SAME_PLACE_TRUNKS = 1.0
"""Feet within so many trunk lengths of where they were are those of the same person, however long
nobody saw them: side by side people stand further apart, and turning round takes a step of 0.8 at
most."""
SAME_TRUNK_LOG = 0.3
"""Nor does a trunk's length change so much, as a logarithm: errors reach 0.2."""
BENT_SHORTER_LOG = 0.2
"""A single picture may show a trunk that much shorter still, as bent trunks look shorter: a choice,
by a fifth. No unit test of masking changes from 0.1 to 0.3."""
BENT_DEG = 12.0
"""A person who never bends the trunk by as much does no hinge: people who stand and watch come to 2
to 6 degrees, the shallowest of 35 real and sample clips with a hinge or a squat to 14."""
STAYS_BENT_DEG = 30.0
"""Nor is somebody a bystander whose trunk is pitched by as much most of the time, as in rows: four
of those that are filmed reach 50 to 79, and swing by less than `BENT_DEG`. A choice."""
SINKS_TRUNKS = 0.3
"""Nor one whose hips sink by so many trunk lengths towards the ankles: two upright squats that
swing by less sink by 0.49 and 0.78, somebody who stood and watched by 0.16."""
SINKING_PERCENTILES = (10.0, 90.0)
"""Between these, as single frames slip: a choice."""
STANDING_PERCENTILE = 20.0
"""This percentile of the trunk's pitch stands for standing, which takes a fifth of a clip at least
..."""
BENT_PERCENTILE = 97.0
"""... and this for the deepest bend: a single slip of the pose model is none. Both are choices."""
BOX_PERCENTILES = (2.0, 98.0)
"""What a person fills in a clip, but for slips: a choice."""
LEAST_S = 0.5
"""Shorter observations of somebody are slips of the pose model: a choice. In the records of 60
clips none changes down to 0.3, at 1 one does."""
STAYS_SHARE = 0.25
"""A person in a smaller share of the pictures that are searched for everybody does not stay: a
choice. No unit test of masking changes from 0.1 to 0.5."""
UNSEEN_SHARE = 0.07
"""Seen in all but so much of a clip, nobody was lost for long enough to miss a repetition: a
choice. In the records of 60 clips there is no other doubt from 0.03 to 0.15."""


@dataclass(frozen=True, slots=True)
class BodyLocation:
    """Where somebody's feet are, x and y in pixels, and how long the trunk is; NaN: not seen."""

    x_px: float
    y_px: float
    trunk_px: float

    def apart(self, other: BodyLocation) -> float:
        """How far from another one, in that one's trunk lengths."""
        return float(np.hypot(self.x_px - other.x_px, self.y_px - other.y_px) / other.trunk_px)


def locate(landmarks: Floats) -> BodyLocation:
    """Where the person of some frames, landmarks (T, 33, 2 or more), mostly is.

    The feet tell, which stay where they are in a hinge; where they are never seen, the hips.
    """
    hip, _, trunk = trunk_frame(landmarks)
    return _usual(hip, trunk, landmarks[:, ANKLES, :2].mean(axis=1))


def _usual(hip: Array, trunk: Array, ankles: Array) -> BodyLocation:
    """The same from hips (T, 2), length of the trunk (T,) and middle of the ankles (T, 2)."""
    known = np.isfinite(trunk)
    if not known.any():
        return BodyLocation(np.nan, np.nan, np.nan)
    feet = ankles[known]
    stands = np.isfinite(feet).all(axis=1)
    x_px, y_px = np.median(feet[stands] if stands.any() else hip[known], axis=0)
    return BodyLocation(float(x_px), float(y_px), float(np.median(trunk[known])))


def same_person(one: BodyLocation, other: BodyLocation, *, spare: float = 0.0) -> bool:
    """Whether two are near enough, and their trunks as long, to be one person.

    `spare` widens how much the trunks may differ.
    """
    alike = abs(np.log(one.trunk_px / other.trunk_px)) < SAME_TRUNK_LOG + spare
    return bool(one.apart(other) < SAME_PLACE_TRUNKS and alike)


@dataclass(frozen=True, slots=True)
class PersonTrack:
    """One person: the `frames` (N,) of a record that show them.

    `landmarks` (33, 2) is where they usually are, `box` (4,) what they fill in all of the frames
    (left, top, right, bottom), both in pixels; `trunk_px` is the length of the trunk, `swing_deg`
    how far it bends, `pitch_deg` its usual pitch, 0 upright; `sinks_trunks` is how far the hips
    come down towards the ankles, 0 where these are not seen.
    """

    frames: Indices
    landmarks: Array
    box: Array
    trunk_px: float
    swing_deg: float
    pitch_deg: float = 0.0
    sinks_trunks: float = 0.0

    @property
    def hinges(self) -> bool:
        """Whether they bend the trunk as far as in a repetition."""
        return self.swing_deg >= BENT_DEG

    @property
    def trains(self) -> bool:
        """Whether they do an exercise: they hinge, stay bent or squat. Others stand by."""
        return self.hinges or self.pitch_deg >= STAYS_BENT_DEG or self.sinks_trunks >= SINKS_TRUNKS

    @property
    def location(self) -> BodyLocation:
        """Where they usually are, and how large."""
        x_px, y_px = self.landmarks[list(ANKLES)].mean(axis=0)
        return BodyLocation(float(x_px), float(y_px), self.trunk_px)


def person_tracks_of(record: Record) -> tuple[PersonTrack, ...]:
    """Everybody that a record shows for a while, who is seen longest first."""
    at = np.flatnonzero(np.isfinite(record.landmarks[..., :2]).all(axis=(1, 2)))
    if len(at) < 2:
        return ()
    hip, _, trunk = (part[at] for part in trunk_frame(record.landmarks))
    feet = record.landmarks[at[:, None], ANKLES, :2].mean(axis=1)
    gap_s = np.diff(record.time_s[at])
    usual = np.nanmedian(trunk)
    most = farthest(gap_s) * usual
    hips_jump = np.linalg.norm(np.diff(hip, axis=0), axis=1) > most
    feet_jump = np.linalg.norm(np.diff(feet, axis=0), axis=1) > most
    rescaled = np.abs(np.diff(np.log(trunk))) > SAME_TRUNK_LOG
    broken = hips_jump & (feet_jump | rescaled)
    parts = np.split(np.arange(len(at)), np.flatnonzero(broken) + 1)
    parts.sort(key=len, reverse=True)
    where = [_usual(hip[part], trunk[part], feet[part]) for part in parts]
    groups = [[parts[i] for i in group] for group in grouped_by_place(where)]
    shown = [at[np.sort(np.concatenate(group))] for group in groups]
    step_s = _step_s(record)
    lasting = [frames for frames in shown if len(frames) * step_s >= LEAST_S]
    lasting.sort(key=len, reverse=True)
    return tuple(person_track(frames, record.landmarks) for frames in lasting)


def farthest(gap_s: Array) -> Array:
    """How far, in trunk lengths, anybody's hips move in times (N,): (N,)."""
    return np.minimum(JUMP_TRUNKS + JUMP_TRUNKS_S * gap_s, SAME_PLACE_TRUNKS)


def grouped(items: Iterable[int], same: Callable[[int, int], bool]) -> list[list[int]]:
    """The items in groups, each in the first group whose first item is the same by `same`."""
    groups: list[list[int]] = []
    for item in items:
        group = next((known for known in groups if same(item, known[0])), None)
        if group is None:
            groups.append([item])
        else:
            group.append(item)
    return groups


def grouped_by_place(where: Sequence[BodyLocation], *, spare: float = 0.0) -> list[list[int]]:
    """Indices of locations, those of one person by `same_person` together."""
    return grouped(range(len(where)), lambda i, k: same_person(where[i], where[k], spare=spare))


def person_track(frames: Indices, landmarks: Floats) -> PersonTrack:
    """Who is seen in some `frames` (N,) of landmarks (T, 33, 2 or more); NaN for missing ones.

    Shoulders and hips must be seen in each of the frames.
    """
    _, up, trunk = (part[frames] for part in trunk_frame(landmarks))
    pitch = np.abs(pitch_deg(up))
    low, usually, high = np.percentile(pitch, (STANDING_PERCENTILE, 50.0, BENT_PERCENTILE))
    first = last = np.full((len(frames), 2), np.nan)
    usual = np.full((landmarks.shape[1], 2), np.nan)
    # One landmark at a time: an hour of all of them fills 20 MB.
    for place in range(landmarks.shape[1]):
        at = landmarks[frames, place, :2].astype(float)
        first, last = np.fmin(first, at), np.fmax(last, at)
        seen = at[np.isfinite(at).all(axis=1)]
        if len(seen):
            usual[place] = np.median(seen, axis=0)
    edges = zip((first, last), BOX_PERCENTILES, strict=True)
    box = np.concatenate([np.percentile(edge, most, axis=0) for edge, most in edges])
    trunk_px = float(np.median(trunk))
    return PersonTrack(
        frames,
        usual,
        box,
        trunk_px,
        swing_deg=float(high - low),
        pitch_deg=float(usually),
        sinks_trunks=_sinks_px(frames, landmarks) / trunk_px,
    )


def _sinks_px(frames: Indices, landmarks: Floats) -> float:
    """How far the hips come down towards the ankles in these frames, in pixels."""
    hips, ankles = (landmarks[frames[:, None], pair, 1].mean(axis=1) for pair in (HIPS, ANKLES))
    above = (ankles - hips).astype(float)
    above = above[np.isfinite(above)]
    if not len(above):
        return 0.0
    low, high = np.percentile(above, SINKING_PERCENTILES)
    return float(high - low)


def side_by_side(poses: Sequence[Floats]) -> tuple[PersonTrack, ...]:
    """Everybody in single pictures of a film, from left to right.

    `poses` holds what was found in each picture, (N, 33, 2 or more) in pixels. A person in fewer of
    them than `STAYS_SHARE` walked by, or is a mistake.
    """
    found = [(at, one) for at, picture in enumerate(poses) for one in picture]
    where = [locate(one[None]) for _, one in found]
    groups = grouped_by_place(where, spare=BENT_SHORTER_LOG)
    least = max(STAYS_SHARE * len(poses), 2)
    staying = [group for group in groups if len({found[i][0] for i in group}) >= least]
    people = [
        person_track(np.arange(len(group)), np.array([found[i][1] for i in group]))
        for group in staying
    ]
    return tuple(sorted(people, key=lambda one: one.location.x_px))


def chosen(people: Sequence[PersonTrack], person: Person) -> PersonTrack:
    """The one of people from left to right who was asked for.

    Raises `ClipError` where there is nobody like that.
    """
    if not people:
        raise ClipError("Nobody is seen in this clip: film the whole body, in good light.")
    if person == "left":
        return people[0]
    if person == "right":
        return people[-1]
    if person > len(people):
        count = "one person is" if len(people) == 1 else f"{len(people)} people are"
        raise ClipError(
            f"There is no person {person}: {count} seen, counted from the left. Give another "
            "--person."
        )
    return people[person - 1]


def hinging_track(people: Sequence[PersonTrack]) -> PersonTrack | None:
    """The person to follow: the one who hinges, and of several the one seen longest."""
    return next((one for one in people if one.hinges), None)


def doubtful(record: Record, people: Sequence[PersonTrack]) -> bool:
    """Whether somebody else may have been followed than the one who hinges."""
    own = next((one for one in people if one.trains), None)
    if own is None or len(people) > 1:
        return True
    unseen = len(record.time_s) - len(own.frames)
    return unseen > UNSEEN_SHARE * len(record.time_s) and unseen * _step_s(record) >= LEAST_S


def _step_s(record: Record) -> float:
    """The usual time from one picture to the next."""
    return float(np.median(np.diff(record.time_s)))
