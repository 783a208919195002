"""What the places of a file are: a body, points along a back, or markers on a body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from hinge_dowel.body.array_types import Array, Indices
from hinge_dowel.body.landmarks import (
    ARM,
    EARS,
    EYES,
    HIPS,
    LANDMARK_COUNT,
    LEG,
    NOSE,
    PAIRS,
    SHOULDERS,
)
from hinge_dowel.keypoints import skeletons
from hinge_dowel.keypoints.axes import picture
from hinge_dowel.keypoints.marker_sets import Anatomy, anatomy_of, body_of, joined


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """What S rows of places are, y down.

    `places` are (S, 33, 2 to 4) in MediaPipe's order, of "markers" the joints; of "points" (S, K,
    2), head to sacrum, and `body` (S, 33, 2) the landmarks beside them, None without knees.
    `anatomy` is what markers show, `one_sided` what `side_alone` says.
    """

    name: Literal["landmarks", "points", "markers"]
    places: Array
    anatomy: Anatomy | None = None
    one_sided: str = ""
    body: Array | None = None

    def trunks(self) -> Array:
        """Landmarks (S, 33, 2) that tell people apart."""
        if self.name != "points":
            return both_sides(self.places)[..., :2]
        out = np.full((len(self.places), LANDMARK_COUNT, 2), np.nan)
        out[:, list(SHOULDERS)] = self.places[:, :1]
        out[:, min(HIPS) :] = self.places[:, -1:]
        return out

    def of_rows(self, rows: Indices) -> Kind:
        """The same with such a row for each frame, NaN for -1; what one side lacks is put in."""
        places, anatomy = picked(self.places, rows), self.anatomy
        if self.name != "points":
            places = both_sides(places)
        if anatomy is not None:
            anatomy = replace(anatomy.each(lambda own: picked(own, rows)), landmarks=places)
        body = None if self.body is None else picked(self.body, rows)
        return replace(self, places=places, anatomy=anatomy, body=body)


def picked(values: Array, index: Indices, axis: int = 0) -> Array:
    """The values that lie at these places along an axis, NaN for -1."""
    out = np.take(values, index, axis=axis)
    np.moveaxis(out, axis, 0)[index < 0] = np.nan
    return out


def kind_of(
    names: Sequence[str],
    places: Array,
    certainty: Array | None = None,
    y_up: bool | None = None,
    space: bool = False,
    person: Sequence[object] | None = None,
) -> Kind | None:
    """What named places (S, N, 2 or 3) are; None when they are nothing that can be judged.

    Markers of pelvis and thorax come first, then a back from occiput to sacrum, then a body with
    a shoulder and a hip. `certainty` (S, N); `y_up` and `space` as for `picture`. `person` (S,)
    tells whose markers a row has: everybody's are stuck somewhere else.
    """
    plain = [skeletons.plain(name) for name in names]
    # A place that no frame shows is not there.
    shown = np.asarray(np.isfinite(places[..., :2]).all(axis=2).any(axis=0))
    # Of one that is there twice, as of the picture and of the world, the first counts.
    known: dict[str, int] = {}
    for index in np.flatnonzero(shown).tolist():
        known.setdefault(plain[index], index)
    seen = picture(plain, places, y_up=y_up, space=space)
    anatomy = _anatomy_of_each(known, seen, person)
    if anatomy is not None:
        return Kind("markers", anatomy.landmarks, anatomy)
    found = skeletons.landmarks_of(known)
    if back := skeletons.back_of(list(known)):
        return _back(back, found, known, seen)
    if not set(HIPS) & set(found) and len(set(person or [None])) == 1:
        joints = body_of(known, seen)
        if joints is not None:
            return Kind("landmarks", joints)
    if not set(SHOULDERS) & set(found) or not set(HIPS) & set(found):
        return None
    return _body(found, known, seen, certainty)


def _back(
    back: Sequence[str], found: Mapping[int, str], known: Mapping[str, int], seen: Array
) -> Kind:
    """Points along a back, by their plain names, with the legs beside them where all are there.

    `found` names the landmarks, `known` the columns of `seen` (S, N, 2 or 3).
    """
    beside = np.full((len(seen), LANDMARK_COUNT, 2), np.nan)
    beside[:, list(found)] = seen[:, [known[name] for name in found.values()], :2]
    legs = all(set(pair) & set(found) for pair in LEG)
    points = seen[:, [known[name] for name in back], :2]
    return Kind("points", points, body=beside if legs else None)


def _body(
    found: Mapping[int, str], known: Mapping[str, int], seen: Array, certainty: Array | None
) -> Kind:
    """Landmarks by their plain names `found`, which are `known` columns of places (S, N, C)."""
    deep = seen.shape[2] > 2 and bool(np.isfinite(seen[..., 2]).any())
    out = np.full((len(seen), LANDMARK_COUNT, 4 if deep else 2), np.nan)
    columns, axes = [known[name] for name in found.values()], 3 if deep else 2
    out[:, list(found), :axes] = seen[:, columns, :axes]
    if deep and certainty is not None:
        out[:, list(found), 3] = certainty[:, columns]
    side = side_alone(found)
    bare = side and any(found[k] in skeletons.BARE for k in {*SHOULDERS, *HIPS} & set(found))
    return Kind("landmarks", out, one_sided="one side" if bare else side)


def _anatomy_of_each(
    known: dict[str, int], seen: Array, person: Sequence[object] | None
) -> Anatomy | None:
    """The anatomy in every row, each person's from their own rows."""
    people = list(dict.fromkeys(person or [None]))
    if len(people) == 1:
        return anatomy_of(known, seen)
    rows = [np.flatnonzero([other == one for other in person or ()]) for one in people]
    found = [one for own in rows if (one := anatomy_of(known, seen[own]))]
    return joined(found, np.argsort(np.concatenate(rows))) if len(found) == len(rows) else None


def lacking(names: Sequence[str]) -> list[str]:
    """What a body of these joints is lacking; everything where there is none at all."""
    found = set(skeletons.landmarks_of(skeletons.plain(name) for name in names))
    parts = (("shoulders", SHOULDERS), ("hips", HIPS))
    return [part for part, numbers in parts if not found & set(numbers)]


ONE_SIDE = "gives a shoulder or a hip of {} alone: it stands for both, as seen from the side."


def side_alone(numbers: Iterable[int]) -> str:
    """The side of which alone shoulder or hip are among landmarks' numbers: left, right, or one.

    Nothing where all four of them are there, or no shoulder or no hip.
    """
    trunk = set(numbers) & {*SHOULDERS, *HIPS}
    if len(trunk) == 4 or not trunk & set(SHOULDERS) or not trunk & set(HIPS):
        return ""
    left, right = {SHOULDERS[0], HIPS[0]}, {SHOULDERS[1], HIPS[1]}
    return "the left side" if trunk <= left else "the right side" if trunk <= right else "one side"


def both_sides(landmarks: Array) -> Array:
    """Landmarks (T, 33, C) with those of one side, where missing, put where the other one is.

    From the side they lie together, but for what they are usually apart here. Where nothing is
    missing it is the same array: an hour of it is 100 MB.
    """
    if np.isfinite(landmarks[..., :2]).all():
        return landmarks
    out = landmarks.copy()
    for left, right in PAIRS:
        for missing, other in ((left, right), (right, left)):
            lost = np.isnan(landmarks[:, missing, :2]).any(axis=1)
            if not lost.any():
                continue
            apart = landmarks[:, missing, :2] - landmarks[:, other, :2]
            known = apart[np.isfinite(apart).all(axis=1)]
            usual = np.median(known, axis=0) if len(known) else np.zeros(2)
            out[lost, missing] = landmarks[lost, other]
            out[lost, missing, :2] += usual
    return out


def with_a_face(landmarks: Array) -> Array:
    """Landmarks (T, 33, C) with an eye for a nose that is missing throughout, or a nose for eyes.

    Each turns with the head by as much, seen from the ears, and only that change is judged. Where
    neither is missing it is the same array.
    """
    shown = np.isfinite(landmarks[..., 0]).sum(axis=0)
    eye = max(EYES, key=shown.__getitem__)
    if min(shown[NOSE], shown[eye]) > 0:
        return landmarks
    out = landmarks.copy()
    out[:, (NOSE, *EYES)] = out[:, [max(NOSE, eye, key=shown.__getitem__)]]
    return out


LEG_SHARES = (0.6, 1.7)
"""A thigh against a shank, where each looks longest: about 1 in a body. As the two that follow, it
is a choice that tells skeletons with as many places apart: the first is steady at 0.4 and 0.8, the
other at 1.3 and 2.2."""
SIDE_SHARES = (0.7, 1.4)
"""A leg against the other side's, where each looks longest: 1 and the camera's share. The first is
steady at 0.5 and 0.85, the other at 1.2 and 1.8."""
ARM_SIDE_SHARES = (0.6, 1.7)
"""The same of upper arms and forearms, of which the far one may never be seen whole: filmed from
near by it has 0.62 of the other."""
TRUNK_SIDE_SHARES = (0.77, 1.3)
"""The same of the trunk, from shoulder to hip, whose sides lie near each other: an order that is
off by one joint has 1.5."""
TRUNK_SHARES = (0.6, 2.2)
"""The trunk against a thigh: 1.1 to 1.3 in a body. The first is steady at 0.4 and 0.9, the other at
1.6 and 3."""
FACE_SHARES = (0.0, 0.7)
"""Eyes and ears against the trunk, as far as they get from the nose: to 0.4 in a body, a choice."""


def off_a_body(landmarks: Array) -> float:
    """How far off a body landmarks (S, 33, 2+) lie, legs alike and the trunk in proportion: 0 for
    one, else the logarithms by which ratios of lengths go beyond, added up.
    """

    def longest(start: tuple[int, ...], end: tuple[int, ...]) -> Array:
        reach = np.linalg.norm(landmarks[:, start, :2] - landmarks[:, end, :2], axis=2)
        seen = [way[np.isfinite(way)] for way in reach.T]
        return np.array([np.percentile(way, 90) if len(way) else np.nan for way in seen])

    thighs, shanks = longest(*LEG[:2]), longest(*LEG[1:])
    upper_arms, forearms = longest(*ARM[:2]), longest(*ARM[1:])
    sides = longest(SHOULDERS, HIPS)
    trunk = sides[np.isfinite(sides)].mean() if np.isfinite(sides).any() else np.nan

    def other_side(*limbs: Array) -> Array:
        return np.array([left / right for left, right in limbs])

    with np.errstate(divide="ignore", invalid="ignore"):
        shares = (
            (thighs / shanks, LEG_SHARES),
            (other_side(thighs, shanks), SIDE_SHARES),
            (other_side(upper_arms, forearms), ARM_SIDE_SHARES),
            (other_side(sides), TRUNK_SIDE_SHARES),
            (trunk / thighs, TRUNK_SHARES),
            (np.append(longest((NOSE,), EARS), longest((NOSE,), EYES)) / trunk, FACE_SHARES),
        )
        beyond = [
            np.maximum(np.log(low / share), np.log(share / high)) for share, (low, high) in shares
        ]
    return float(sum(np.nansum(np.maximum(own, 0.0)) for own in beyond))
