"""What a file lists, a row for somebody in a frame, as the arrays that are judged.

Every reader of a format ends here, so that a rule has one home whatever a file is: what is
missing, who is followed, when frames are, which way is up, what a joint is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.landmarks import PAIRS
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import clock, people, skeletons
from hinge_dowel.keypoints.axes import picture
from hinge_dowel.keypoints.marker_sets import Anatomy, anatomy_of
from hinge_dowel.keypoints.recorded import Keypoints
from hinge_dowel.keypoints.validation import like_a_back

Array = NDArray[np.float64]

DOUBTED = 0.5
"""A place at the origin of the picture whose certainty is less than this is a missing one."""
ROOT_SHARE = 0.9
"""A place that lies at the origin in so many frames is the origin: a skeleton's root."""
HOLE_S = 0.25
"""So long without a row between two is a hole, in which nobody was seen."""
REGULAR_SHARE = 0.8
"""So many steps of frame numbers alike make a stride: what does not fit in is a hole as well."""
MOST_ROWS = 20
"""Holes are filled up to so many rows for one that is there."""


@dataclass(frozen=True, slots=True, eq=False)
class Sightings:
    """Somebody in a frame, S rows in any order, N places each.

    `what` is what sentences call the file. `names` (N,) or None where the order alone tells what
    the places are. `places` (S, N, 2 or 3) as the file has them, NaN for missing; `certainty` (S,
    N) or None, where `scored` says that 0 means not seen. `frame` (S,) numbers, `time` (S,) what
    the file says of time under the name `time_name`; `person` (S,) what it calls somebody. `y_up`
    where the file says so. `space`: markers in space, of which no camera has taken a picture.
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
    fps: float | None = None
    size_px: tuple[float, float] | None = None
    y_up: bool | None = None
    space: bool = False
    warnings: tuple[str, ...] = field(default=())


def gather(given: Sightings) -> Keypoints:
    """One person, a row a frame in order, with names sorted into what is judged.

    Raises `ClipError` when no person or back is there by names or an order that are known.
    """
    if not len(given.places) or not given.places.shape[1]:
        raise ClipError(f"{given.what} holds no keypoints.")
    given = replace(given, places=_seen(given))
    if not np.isfinite(given.places[..., :2]).all(axis=2).any():
        raise ClipError(f"{given.what} holds no keypoint that is seen.")
    given = _by_subject(given)
    order, row_of = _frames(given)
    time_s = _times(given, order, row_of)
    named = [given] if given.names is not None else _candidates(given)
    kinds = [kind for one in named if (kind := _kind(one)) is not None]
    if given.names is None and len(kinds) > 1:
        kinds = [kind for kind in kinds if kind.like_a_body()]
    if len(kinds) != 1:
        raise ClipError(_unknown(given))
    kind = kinds[0]
    rows = np.full(len(order), -1, dtype=np.intp)
    rows[row_of] = np.arange(len(row_of))
    if len(order) < len(row_of):
        when = np.arange(len(order)) / (given.fps or 30.0) if time_s is None else time_s
        person = given.person or [None] * len(row_of)
        rows = people.followed(kind.trunks(), row_of, when, person)
    return kind.recorded(rows, order, time_s, given)


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """What the places of a file are: a body, points along a back, or markers on a body.

    `landmarks` (S, 33, C) or None, `back` (S, K, 2) or None, `anatomy` or None; y down.
    """

    landmarks: Array | None
    back: Array | None
    anatomy: Anatomy | None
    warnings: tuple[str, ...] = ()

    def trunks(self) -> Array:
        """Landmarks (S, 33, 2) that tell people apart."""
        if self.landmarks is not None:
            return self.landmarks[..., :2]
        assert self.back is not None
        out = np.full((len(self.back), 33, 2), np.nan)
        out[:, [11, 12]] = self.back[:, :1]
        out[:, 23:] = self.back[:, -1:]
        return out

    def like_a_body(self) -> bool:
        """Whether the places lie as joints of a body do: legs alike, trunk in proportion."""
        return self.landmarks is not None and _like_a_body(self.landmarks)

    def recorded(
        self, rows: NDArray[np.intp], order: Array, time_s: Array | None, given: Sightings
    ) -> Keypoints:
        """The rows chosen for each frame; -1 where nobody is seen."""
        frames, rows, time_s = _with_holes(order, rows, time_s, given)

        def taken(values: Array) -> Array:
            out = values[np.maximum(rows, 0)].copy()
            out[rows < 0] = np.nan
            return out

        warnings = (*given.warnings, *self.warnings)
        common = {
            "time_s": time_s,
            "fps": given.fps,
            "size_px": given.size_px,
            "frame": frames,
            "warnings": warnings,
        }
        if self.anatomy is not None and self.landmarks is not None:
            landmarks = _both_sides(taken(self.landmarks))
            return Keypoints("markers", landmarks, anatomy=self.anatomy.taken(taken), **common)
        if self.back is not None:
            return Keypoints("points", taken(self.back), **common)
        assert self.landmarks is not None
        return Keypoints("landmarks", _both_sides(taken(self.landmarks)), **common)


def _seen(given: Sightings) -> Array:
    """The places (S, N, C), NaN where they are not seen.

    Programs write what they did not see as nothing, as 0, 0, or with a certainty of 0.
    """
    places = given.places.astype(float)
    origin = (places[..., :2] == 0).all(axis=2)
    if places.shape[2] > 2:
        origin &= (places[..., 2] == 0) | np.isnan(places[..., 2])
    root = origin.mean(axis=0) > ROOT_SHARE
    sure = given.certainty
    if sure is not None and np.any(sure > 0):
        lost = origin & ~(sure >= DOUBTED)
        if given.scored:
            lost |= sure <= 0
    else:
        lost = origin & ~(root & (root.sum() == 1))
    lost |= ~np.isfinite(places[..., :2]).all(axis=2)
    places[lost] = np.nan
    return places


def _by_subject(given: Sightings) -> Sightings:
    """Markers of several subjects in one row as a row for each: Anna:LKNE, Ben:LKNE."""
    if given.names is None:
        return given
    owners = [skeletons.subject_of(name) for name in given.names]
    by_owner: dict[str, list[int]] = {}
    for index, owner in enumerate(owners):
        if skeletons.is_known(given.names[index]):
            by_owner.setdefault(owner, []).append(index)
    whole = {
        owner: columns
        for owner, columns in by_owner.items()
        if len(set(skeletons.plain(given.names[i]) for i in columns)) == len(columns) >= 4
    }
    if len(whole) < 2:
        return given
    names = list(dict.fromkeys(skeletons.plain(given.names[i]) for c in whole.values() for i in c))
    count, rows = len(whole), len(given.places)
    places = np.full((count, rows, len(names), given.places.shape[2]), np.nan)
    for subject, columns in enumerate(whole.values()):
        at = [names.index(skeletons.plain(given.names[i])) for i in columns]
        places[subject][:, at] = given.places[:, columns]
    frame = np.arange(rows, dtype=float) if given.frame is None else given.frame
    return replace(
        given,
        names=names,
        places=places.reshape(count * rows, len(names), -1),
        certainty=None,
        frame=np.tile(frame, count),
        time=None if given.time is None else list(given.time) * count,
        person=[owner for owner in whole for _ in range(rows)],
    )


def _frames(given: Sightings) -> tuple[Array, NDArray[np.intp]]:
    """The numbers of the frames in order (T,), and which of them each row belongs to (S,)."""
    if given.frame is not None and np.isfinite(given.frame).all():
        order, row_of = np.unique(given.frame, return_inverse=True)
        return order, row_of
    if given.person is not None and given.time is not None:
        # Who shares a time shares a frame.
        keys = [str(value) for value in given.time]
        first = {key: index for index, key in enumerate(dict.fromkeys(keys))}
        return np.arange(len(first), dtype=float), np.array([first[key] for key in keys])
    count = len(given.places)
    return np.arange(count, dtype=float), np.arange(count)


def _times(given: Sightings, order: Array, row_of: NDArray[np.intp]) -> Array | None:
    """Seconds of the frames (T,), where the file says any."""
    if given.time is None:
        return None
    values: list[object] = [None] * len(order)
    for row, value in zip(row_of.tolist(), given.time, strict=True):
        values[row] = value
    try:
        return clock.seconds(values, given.time_name, order)
    except ValueError as error:
        raise ClipError(
            f"{given.what}: {given.time_name!r} holds something that is no time."
        ) from error


def _with_holes(
    order: Array, rows: NDArray[np.intp], time_s: Array | None, given: Sightings
) -> tuple[Array | None, NDArray[np.intp], Array | None]:
    """Frame numbers, rows and times with the frames put in that the file leaves out.

    Where nobody is seen many programs write nothing at all.
    """
    has_numbers = given.frame is not None
    steps = np.diff(order) if time_s is None else np.diff(time_s)
    if not len(steps) or (time_s is None and not has_numbers):
        return (order if has_numbers else None), rows, time_s
    usual = float(np.median(steps))
    regular = np.mean(np.abs(steps - usual) < 1e-6 * max(usual, 1.0)) >= REGULAR_SHARE
    rate = (given.fps or 30.0) if time_s is None else 1.0
    least = 1.5 * usual if time_s is None and regular else max(HOLE_S * rate, 2.5 * usual)
    extra = np.where(steps > least, np.round(steps / usual) - 1, 0).astype(int)
    if not extra.any() or extra.sum() > MOST_ROWS * len(order):
        return (order if has_numbers else None), rows, time_s
    index = np.arange(len(order)) + np.concatenate([[0], np.cumsum(extra)])
    every = np.arange(index[-1] + 1)
    filled = np.full(len(every), -1, dtype=np.intp)
    filled[index] = rows
    frames = np.interp(every, index, order) if has_numbers else None
    return frames, filled, None if time_s is None else np.interp(every, index, time_s)


def _candidates(given: Sightings) -> list[Sightings]:
    """The file with the names of each skeleton that has as many places."""
    count = given.places.shape[1]
    out = []
    for skeleton in skeletons.of_size(count):
        used = len(skeleton.joints)
        sure = None if given.certainty is None else given.certainty[:, :used]
        out.append(
            replace(
                given, names=skeleton.joints, places=given.places[:, :used], certainty=sure
            )
        )
    return out


def _kind(given: Sightings) -> Kind | None:
    """What the named places are; None when they are nothing that can be judged."""
    assert given.names is not None
    shown = np.isfinite(given.places[..., :2]).all(axis=2).any(axis=0)
    # A place that no frame shows is not there.
    names = [skeletons.plain(name) for name in given.names]
    known = {name: i for i, name in reversed(list(enumerate(names))) if shown[i]}
    places = picture(names, given.places, y_up=given.y_up, space=given.space)
    back = skeletons.back_of(list(known))
    anatomy = anatomy_of(known, places)
    if anatomy is not None:
        return Kind(anatomy.landmarks, None, anatomy)
    if back:
        return Kind(None, places[:, [known[name] for name in back], :2], None)
    found = skeletons.landmarks_of(known)
    sided, warnings = _whole(set(found), given.what)
    if sided is None:
        return None
    deep = places.shape[2] > 2 and bool(np.isfinite(places[..., 2]).any())
    out = np.full((len(places), 33, 4 if deep else 2), np.nan)
    columns = [known[name] for name in found.values()]
    out[:, list(found), : places.shape[2] if deep else 2] = places[:, columns, : 3 if deep else 2]
    if deep and given.certainty is not None:
        out[:, list(found), 3] = given.certainty[:, columns]
    return Kind(out, None, None, warnings)


def _whole(found: set[int], what: str) -> tuple[bool | None, tuple[str, ...]]:
    """Whether shoulders and hips are there; and what is said where only one side is."""
    shoulders, hips = found & {11, 12}, found & {23, 24}
    if not shoulders or not hips:
        return None, ()
    if len(shoulders) == len(hips) == 2:
        return True, ()
    side = "left" if shoulders | hips <= {11, 23} else "right" if shoulders | hips <= {12, 24} else "one"
    return True, (
        f"{what} gives shoulder or hip of {side} side alone: it stands for both, as seen from the "
        "side.".replace("of left", "of the left").replace("of right", "of the right"),
    )


def _both_sides(landmarks: Array) -> Array:
    """Landmarks (T, 33, C) with those of one side, where missing, put where the other one is.

    From the side they lie together, but for what they are usually apart in this file.
    """
    out = landmarks.copy()
    for left, right in PAIRS:
        for missing, other in ((left, right), (right, left)):
            apart = landmarks[:, missing, :2] - landmarks[:, other, :2]
            known = apart[np.isfinite(apart).all(axis=1)]
            usual = np.median(known, axis=0) if len(known) else np.zeros(2)
            lost = np.isnan(landmarks[:, missing, :2]).any(axis=1)
            out[lost, missing] = landmarks[lost, other]
            out[lost, missing, :2] += usual
    return out


LEG_SHARES = (0.6, 1.7)
"""A thigh against a shank, and a leg's part against the other leg's, in the frames where they look
longest: 1 and a quarter either way, for the camera's sake."""
TRUNK_SHARES = (0.6, 2.2)
"""The trunk against a thigh: 1.1 to 1.3 in a body."""


def _like_a_body(landmarks: Array) -> bool:
    def longest(a: int, b: int) -> float:
        way = np.linalg.norm(landmarks[:, a, :2] - landmarks[:, b, :2], axis=1)
        way = way[np.isfinite(way)]
        return float(np.percentile(way, 90)) if len(way) else float("nan")

    trunk = (longest(11, 23) + longest(12, 24)) / 2
    thighs, shanks = (longest(23, 25), longest(24, 26)), (longest(25, 27), longest(26, 28))
    upper_arms, forearms = (longest(11, 13), longest(12, 14)), (longest(13, 15), longest(14, 16))
    shares = (
        *((a / b, LEG_SHARES) for a, b in zip(thighs, shanks, strict=True)),
        (thighs[0] / thighs[1], LEG_SHARES),
        (shanks[0] / shanks[1], LEG_SHARES),
        (upper_arms[0] / upper_arms[1], LEG_SHARES),
        (forearms[0] / forearms[1], LEG_SHARES),
        *((trunk / thigh, TRUNK_SHARES) for thigh in thighs),
    )
    return all(low < share < high for share, (low, high) in shares if np.isfinite(share))


def _unknown(given: Sightings) -> str:
    """Why the places of a file are nothing that can be judged."""
    count = given.places.shape[1]
    if given.names is None:
        alike = [skeleton.title for skeleton in skeletons.of_size(count)]
        if alike:
            return (
                f"{given.what} has {count} keypoints a person without names, as many as "
                f"{' and '.join(alike)}, and they lie as in none of them or in several: give them "
                "names."
            )
        return (
            f"{given.what} has {count} keypoints a person without names, and no skeleton that is "
            f"known has so many: give them names, or use {skeletons.KNOWN}."
        )
    found = skeletons.landmarks_of(skeletons.plain(name) for name in given.names)
    if found:
        lacking = [
            part
            for part, numbers in (("shoulders", {11, 12}), ("hips", {23, 24}))
            if not numbers & set(found)
        ]
        return (
            f"{given.what} names joints, but its {' and '.join(lacking) or 'places'} are missing: "
            "a body needs shoulders and hips, and knees and ankles for its legs."
        )
    return (
        f"{given.what} has neither a back (occiput, upper back, sacrum) nor a body (shoulders and "
        f"hips) by names that are known: name joints as {skeletons.KNOWN} do, or for a table say "
        "which columns they are with --columns."
    )


def points_or_unknown(given: Sightings) -> Keypoints:
    """Places without names and of no known number as points along a back, where they lie so."""
    sizes = skeletons.of_size(given.places.shape[1])
    flat = replace(given, places=_seen(given))
    seen = np.isfinite(flat.places[..., :2]).all(axis=(1, 2))
    if given.names is None and not sizes and given.places.shape[1] >= 3 and seen.any():
        backs = like_a_back(flat.places[..., :2])
        order, row_of = _frames(given)
        if backs.sum() > seen.sum() / 2 and len(order) == len(row_of):
            kind = Kind(None, flat.places[..., :2], None)
            return kind.recorded(np.argsort(row_of), order, _times(given, order, row_of), given)
    return gather(given)
