"""What a file lists, a row for somebody in a frame, as the arrays that are judged.

Every reader of a format ends here, so that a rule has one home whatever a file is: what is
missing, who is followed, when frames are, which way is up, what a joint is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, TypeVar

import numpy as np

from hinge_dowel.body.array_types import Array, Indices
from hinge_dowel.body.landmarks import LANDMARK_COUNT
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import (
    clock,
    marker_sets,
    numbered_places,
    people,
    skeletons,
    slips,
    timing,
)
from hinge_dowel.keypoints.formats import TABLES
from hinge_dowel.keypoints.kinds import ONE_SIDE, Kind, kind_of, lacking, off_a_body, picked
from hinge_dowel.keypoints.marker_sets import Anatomy
from hinge_dowel.keypoints.missing import seen
from hinge_dowel.keypoints.stated import NOTHING_SAID, About
from hinge_dowel.keypoints.validation import REGULAR_SHARE, like_a_back

T = TypeVar("T")

HOLE_S = 0.25
"""So long without a row between two is a hole, in which nobody was seen: a choice, steady at 0.12
and 0.5 ..."""
HOLE_STEPS = 2.5
"""... if it is so many usual steps too ..."""
STRIDE_STEPS = 1.5
"""... or so many, where the numbers of frames have a stride: one that is missing makes two."""
LEAP_SHARE = 0.3
"""Places that leap by this share of a body's size from one row to the next are somebody else's: a
choice, steady at 0.15 and 0.6."""
LEAST_JOINTS = 4
"""So many names of joints make a subject of what stands before them, as a trunk has: steady at 3
and 8."""
NEARLY_A_BODY, NO_BODY = 0.15, 0.5
"""Somebody who sits, or of whom little is seen, lies off a body by less than this, where all other
orders of joints lie off it by more: choices."""
ASSUMED_FPS = 30.0
"""The rate of a file that says none, for telling people apart before it is asked for."""
MOST_FILLED_RATIO = 20
"""Holes are filled up to so many rows for one that is there, so that a slip in a number does not
fill the memory: a choice, steady at 5 and 100."""


@dataclass(frozen=True, slots=True, eq=False)
class Sightings:
    """Somebody in a frame, S rows in any order, N places each.

    `what` is what sentences call the file. `names` (N,) or None where the order alone tells what
    the places are. `places` (S, N, 2 or 3) as the file has them, NaN for missing; `certainty` (S,
    N) or None, where `scored` says that 0 means not seen. `frame` (S,) numbers, `time` (S,) what
    the file says of time under the name `time_name`; `person` (S,) what it calls somebody; `about`
    what it says beside them. `y_up` where the file says so. `space`: markers in space, of which no
    camera has taken a picture.
    """

    what: str
    names: Sequence[str] | None
    places: Array
    certainty: Array | None = None
    scored: bool = True
    frame: Array | None = None
    time: Sequence[object] | None = None
    time_name: str = ""
    person: Sequence[object] | None = None
    about: About = NOTHING_SAID
    y_up: bool | None = None
    space: bool = False

    def of_columns(self, index: Indices, names: Sequence[str] | None) -> Sightings:
        """The places of these columns under other names, NaN for -1."""
        sure = None if self.certainty is None else picked(self.certainty, index, 1)
        return replace(self, names=names, places=picked(self.places, index, 1), certainty=sure)


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """What a file of keypoints holds, as it is judged.

    `places` is (T, 33, 2 to 4) for "landmarks" and "markers", (T, K, 2) for "points"; y down, NaN
    for missing. `time_s` (T,) or None: what the file says of time; `frame` (T,) the numbers of the
    frames in the film, where it says them; `about` what it says beside. `anatomy` is what markers
    show of pelvis, thorax and head, `body` (T, 33, 2) the landmarks beside points, where there are
    any. `warnings` are sentences for the verdict, `times_said` one of the file's times, where they
    are taken.
    """

    kind: Literal["landmarks", "points", "markers"]
    places: Array
    time_s: Array | None = None
    about: About = NOTHING_SAID
    frame: Array | None = None
    anatomy: Anatomy | None = None
    body: Array | None = None
    warnings: tuple[str, ...] = ()
    times_said: str = ""

    def clock(self, fps: float | None) -> tuple[float | None, Array | None, float]:
        """The rate, or the times of the frames (T,), and by how much those are numbered.

        `fps`, where given, overrides the file.
        """
        if fps is None and self.time_s is not None:
            return None, self.time_s, 1.0
        rate, frame = fps or self.about.fps, self.frame
        if fps is None and self.about.stride > 1:
            frame = np.arange(float(len(self.places))) if frame is None else frame
            frame = frame * (self.about.stride if np.median(np.diff(frame)) == 1 else 1.0)
        if rate is None or frame is None or len(frame) < 2:
            return rate, None, 1.0
        # What begins hours later has numbers of pictures, and not of a film's frames.
        first = frame[0] if frame[0] / rate > clock.HOUR_S else 0
        return None, (frame - first) / rate, float(np.median(np.diff(frame)))


def gather(given: Sightings) -> Keypoints:
    """One person, a row a frame in order, with names sorted into what is judged.

    Raises `ClipError` when no person or back is there by names or an order that are known.
    """
    if not len(given.places) or not given.places.shape[1]:
        raise ClipError(f"{given.what} holds no keypoints.")
    places = seen(given.places, given.certainty, scored=given.scored)
    given = _by_subject(_with_subjects(_by_number(replace(given, places=places))))
    if not np.isfinite(given.places[..., :2]).all(axis=2).any():
        raise ClipError(f"{given.what} holds no keypoint that is seen.")
    order, row_of = _frames(given)
    time_s, said = _times(given, order, row_of)
    when = np.arange(len(order)) / (given.about.fps or ASSUMED_FPS) if time_s is None else time_s
    if given.space:
        own = slips.put_back_each(when[row_of], given.places, given.person)
        given = replace(given, places=own)
    kind = _kind(given)
    rows = np.full(len(order), -1, dtype=np.intp)
    rows[row_of] = np.arange(len(row_of))
    if len(order) < len(row_of):
        person = given.person or [None] * len(row_of)
        rows = people.followed(kind.trunks(), row_of, when, person)
    frame, rows, time_s = _with_holes(order, rows, time_s, given)
    found = kind.of_rows(rows)
    side = (f"{given.what} {ONE_SIDE.format(kind.one_sided)}",) if kind.one_sided else ()
    return Keypoints(
        kind=found.name,
        places=found.places,
        time_s=time_s,
        about=replace(given.about, of_picture=given.about.of_picture and not given.space),
        frame=frame,
        anatomy=found.anatomy,
        body=found.body,
        warnings=side,
        times_said=said,
    )


def numbered(values: Iterable[T]) -> tuple[list[T], Indices]:
    """The different ones of values as they come first, and which of them each is."""
    given = list(values)
    where = {value: index for index, value in enumerate(dict.fromkeys(given))}
    return list(where), np.array([where[value] for value in given], dtype=np.intp)


def _kind(given: Sightings) -> Kind:
    """What the places are, by their names, or else by the skeleton that has as many."""
    if given.names is not None:
        found = [_of_names(given, given.names)]
    else:
        alike = [one.joints for one in skeletons.of_size(given.places.shape[1])]
        found = [_of_names(given, names) for names in alike]
        if given.places.shape[1] != LANDMARK_COUNT:
            found = _most_like_a_body(found)
        if not alike and (back := _bare_back(given.places[..., :2])):
            return back
    kind = found[0] if len(found) == 1 else None
    if kind is None:
        raise ClipError(_unknown(given))
    return kind


def _of_names(given: Sightings, names: Sequence[str]) -> Kind | None:
    """What the first of the places are by these names; None for nothing that can be judged."""
    own = given.of_columns(np.arange(len(names)), names)
    whose = given.person if given.space else None
    return kind_of(names, own.places, own.certainty, given.y_up, given.space, whose)


def _most_like_a_body(found: Sequence[Kind | None]) -> list[Kind | None]:
    """Those of several skeletons with as many places that lie least off a body, where that is sure.

    Others have as many in another order; MediaPipe's are its own, and not weighed.
    """
    kinds = [kind for kind in found if kind is not None]
    off = [off_a_body(kind.places) if kind.name == "landmarks" else 0.0 for kind in kinds]
    least, *others = sorted(off) or [0.0]
    sure = least == 0 or (least < NEARLY_A_BODY and all(own > NO_BODY for own in others))
    return [kind for kind, own in zip(kinds, off, strict=True) if sure and own == least]


def _bare_back(flat: Array) -> Kind | None:
    """Places (S, N, 2) without names or a skeleton that lie along a back in most of the frames."""
    seen = np.isfinite(flat).all(axis=(1, 2))
    if flat.shape[1] >= 3 and seen.any() and like_a_back(flat).sum() > seen.sum() / 2:
        return Kind("points", flat)
    return None


def _with_subjects(given: Sightings) -> Sightings:
    """Places whose subject stands before another sign than a colon: Anna_LKNE as Anna:LKNE."""
    names = list(given.names or ())
    # What stands beside a body that has no subject, as speeds of its joints, is no other one.
    if not given.space and sum(map(skeletons.is_known, names)) >= LEAST_JOINTS:
        return given
    for signs in (1, 2):
        begins = re.compile(rf"((?:[^_\-.:]+[_\-.]){{{signs}}})(?=.)")
        by_owner: dict[str, list[int]] = {}
        for index, name in enumerate(names):
            if match := begins.match(name):
                by_owner.setdefault(match[1], []).append(index)
        for owner, columns in by_owner.items():
            rest = [names[i][len(owner) :] for i in columns]
            # Known joints need no subject (Left_Knee), and what two cameras see is not two people.
            whole = any(skeletons.is_known(names[i]) for i in columns) or "cam" in owner.lower()
            if not whole and sum(map(skeletons.is_known, rest)) >= LEAST_JOINTS:
                for index, name in zip(columns, rest, strict=True):
                    names[index] = f"{owner[:-1]}:{name}"
    return replace(given, names=names or given.names)


def _by_subject(given: Sightings) -> Sightings:
    """Markers of several subjects in one row as a row for each: Anna:LKNE, Ben:LKNE."""
    if given.names is None:
        return given
    by_owner: dict[str, list[int]] = {}
    for index, name in enumerate(given.names):
        by_owner.setdefault(name.rpartition(":")[0].strip(), []).append(index)
    whole = {
        owner: columns
        for owner, columns in by_owner.items()
        if len({skeletons.plain(given.names[i]) for i in columns}) == len(columns)
        and sum(skeletons.is_known(given.names[i]) for i in columns) >= LEAST_JOINTS
    }
    if len(whole) < 2:
        return given
    names = list(dict.fromkeys(skeletons.plain(given.names[i]) for c in whole.values() for i in c))
    parts = []
    for columns in whole.values():
        at = {skeletons.plain(given.names[i]): i for i in columns}
        parts.append(given.of_columns(np.array([at.get(name, -1) for name in names]), names).places)
    count, rows = len(whole), len(given.places)
    frame = np.arange(rows, dtype=float) if given.frame is None else given.frame
    return replace(
        given,
        names=names,
        places=np.concatenate(parts),
        certainty=None,
        frame=np.tile(frame, count),
        time=None if given.time is None else list(given.time) * count,
        person=[owner for owner in whole for _ in range(rows)],
    )


def _frames(given: Sightings) -> tuple[Array, Indices]:
    """The numbers of the frames in order (T,), and which of them each row belongs to (S,)."""
    if given.frame is not None and np.isfinite(given.frame).all():
        order, row_of = np.unique(given.frame, return_inverse=True)
        if set(given.person or [None]) == {None}:
            timing.require_one_run(given.what, given.frame)
        return order, row_of
    if given.time is not None and (given.person is not None or _share_times(given)):
        # Rows with the same time are of the same frame.
        different, row_of = numbered(map(str, given.time))
        return np.arange(len(different), dtype=float), row_of
    count = len(given.places)
    rank = None if given.time is None else clock.ranks(given.time)
    return np.arange(count, dtype=float), np.arange(count) if rank is None else rank


def _share_times(given: Sightings) -> bool:
    """Whether rows of one time show several people, and not one whose times are rounded."""
    keys = [str(value) for value in given.time or ()]
    again = np.array([a == b for a, b in pairwise(keys)], dtype=bool)
    if not again.any():
        return False
    flat = given.places[..., :2]
    size = np.fmax.reduce(flat, axis=1) - np.fmin.reduce(flat, axis=1)
    size = size[np.isfinite(size).all(axis=1)]
    ways = np.linalg.norm(np.diff(flat, axis=0), axis=2)
    known = np.isfinite(ways)
    way = np.where(known, ways, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    far = LEAP_SHARE * float(np.median(size.max(axis=1))) if len(size) else np.inf
    return bool((way[again] > far).mean() > REGULAR_SHARE)


def _times(given: Sightings, order: Array, row_of: Indices) -> tuple[Array | None, str]:
    """Seconds of the frames (T,), where the file says any, and what is to be said of them."""
    if given.time is None:
        return None, ""
    values: list[object] = [None] * len(order)
    for row, value in zip(row_of.tolist(), given.time, strict=True):
        values[row] = value
    return clock.times_of(given.what, values, given.time_name, order, given.about.fps)


def _with_holes(
    order: Array, rows: Indices, time_s: Array | None, given: Sightings
) -> tuple[Array | None, Indices, Array | None]:
    """Frame numbers, rows and times with the frames put in that the file leaves out.

    Where nobody is seen many programs write nothing at all.
    """
    numbers = None if given.frame is None else order
    steps = np.diff(order) if time_s is None else np.diff(time_s)
    if not len(steps) or (time_s is None and numbers is None):
        return numbers, rows, time_s
    usual = float(np.median(steps))
    regular = np.mean(np.abs(steps - usual) < 1e-6 * max(usual, 1.0)) >= REGULAR_SHARE
    rate = (given.about.fps or ASSUMED_FPS) if time_s is None else 1.0
    least = max(HOLE_S * rate, HOLE_STEPS * usual)
    if time_s is None and regular:
        least = STRIDE_STEPS * usual
    extra = np.where(steps > least, np.round(steps / usual) - 1, 0).astype(int)
    if not extra.any() or extra.sum() > MOST_FILLED_RATIO * len(order):
        return numbers, rows, time_s
    index = np.arange(len(order)) + np.concatenate([[0], np.cumsum(extra)])
    every = np.arange(index[-1] + 1)
    filled = np.full(len(every), -1, dtype=np.intp)
    filled[index] = rows
    frames = None if numbers is None else np.interp(every, index, numbers)
    return frames, filled, None if time_s is None else np.interp(every, index, time_s)


def _by_number(given: Sightings) -> Sightings:
    """Places that are numbers as the places of a skeleton with so many."""
    at = None if given.names is None else numbered_places.in_a_skeleton(given.names)
    return given if at is None else given.of_columns(at, None)


def _unknown(given: Sightings) -> str:
    """Why the places of a file are nothing that can be judged."""
    if given.names is None:
        count = given.places.shape[1]
        alike = " and ".join(skeleton.title for skeleton in skeletons.of_size(count))
        why = (
            f"and no skeleton that is known has so many: give them names, or use {skeletons.KNOWN}"
        )
        if alike:
            lie = "they lie as in none of them or as in several"
            why = f"as many as {alike}, and {lie}: give them names"
        return f"{given.what} has {count} keypoints a person without names, {why}."
    shown = np.flatnonzero(np.isfinite(given.places[..., :2]).all(axis=2).any(axis=0))
    names = [given.names[index] for index in shown.tolist()]
    if unmarked := marker_sets.lacking(map(skeletons.plain, names)):
        return (
            f"{given.what} has markers of a pelvis, but none of {' and '.join(unmarked)} by names "
            "that are known: of a body shoulders, pelvis and knees are needed."
        )
    missing = lacking(names)
    if len(missing) == 1:
        return (
            f"{given.what} names joints, but its {missing[0]} are missing: a body needs shoulders "
            "and hips, and knees and ankles for its legs."
        )
    table = given.what.lower().endswith(TABLES)
    return (
        f"{given.what} has neither a back (occiput, upper back, sacrum) nor a body (shoulders and "
        f"hips) by names that are known: name joints as {skeletons.KNOWN} do"
        + (", or say which columns they are with --columns." if table else ".")
    )
