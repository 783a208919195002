"""Marker sets of laboratories: what they show of pelvis, thorax and head, and where the joints are.

Plug-in Gait and its kin (Vicon), OpenCap, Rizzoli (IOR) and CMU name their markers differently and
stick them to the same bones. The angles are the usual ones, in the sagittal plane:

- **pelvis**: from the middle of the back markers (PSIS, or SACR) to that of the front ones (ASIS),
  down from level (Plug-in Gait's and Wu 2002's pelvic tilt; waist markers LFWT, LBWT stand in);
- **thorax**: from the middle of T10 and STRN to that of C7 and CLAV, forward from upright
  (Plug-in Gait's thorax; Wu 2005 takes T8 and PX, C7 and IJ); with fewer of them the line that is
  left, C7 to T10 or C7 to CLAV;
- **head**: from the middle of the back markers (LBHD, RBHD) to that of the front ones (LFHD, RFHD),
  down from level (Plug-in Gait's head).

Only their change from standing is judged, so it matters little how markers lie on a bone. Markers
that are hidden for a while do not stop it: a segment is laid as a rigid body on those of its
markers that are seen (Söderkvist and Wedin 1993), here in the plane. The hip joint is Bell's
(1990): from the middle of the ASIS 22 % of their distance back, 30 % down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from hinge_dowel.analysis.time_series import known_median
from hinge_dowel.body.array_types import Array, Indices, Mask
from hinge_dowel.body.landmarks import HIPS, KNEES, LANDMARK_COUNT, SHOULDERS
from hinge_dowel.body.trunk import pitch_deg
from hinge_dowel.keypoints.axes import middle_of
from hinge_dowel.keypoints.skeletons import landmarks_of

HIP_BACK_SHARE = 0.22
HIP_DOWN_SHARE = 0.30
HIP_ASIDE_SHARE = 0.36
"""The hip joint's place as shares of the distance between the ASIS (Bell 1990): behind and below
them, and from their middle (14 % inside of each)."""
LEAST_APART_SHARE = 0.25
"""Markers that lie closer together, seen from the side, do not tell how a segment is turned: left
and right of the back of the pelvis, when its front is hidden. A share of all its markers' spread;
a choice."""


def _both(*parts: str) -> tuple[str, ...]:
    """Left and right spellings of places."""
    return tuple(name for part in parts for name in (f"l{part}", f"r{part}"))


PELVIS_FRONT = _both("asi", "fwt")
PELVIS_BACK = (*_both("psi", "bwt"), "sacr", "sacrum", "sac")
PELVIS_SIDE = _both("mwt", "ilcr", "icr", "iliaccrest", "hjc")
THORAX_HIGH_BACK = ("c7", "t1", "t2")
THORAX_LOW_BACK = ("t10", "t8", "t9", "t7", "t12", "mai")
THORAX_HIGH_FRONT = ("clav", "sjn", "ij", "jn", "sternum", *_both("sternum", "clav"))
THORAX_LOW_FRONT = ("strn", "px", "sxs", "xiph", "xp")
HEAD_FRONT = (*_both("fhd", "fhead"), "headfront", "fhead")
HEAD_BACK = (*_both("bhd", "bhead"), "headback", "occiput", "bhead")
HEAD_BEHIND = (*_both("head"), "headtop")
"""Markers behind the front of the head that tell how it is turned, and lie not on its back."""
_JOINTS = {
    # Of each joint the first of these groups that is there, and of that the middle.
    11: "sjc, sho shoulder acr acromion a, fsh bsh",
    13: "ejc, elb iel elbowlat elbowmed, elbow",
    15: "wjc, wra wrb wristradius wristulna, owr iwr, wrist",
    23: "hjc",
    25: "kjc, kne kni mkne kneemed knee mknee, le me, lfe mfe",
    27: "ajc, ank mank ankle mankle anklemed, lm mm",
    29: "hee hel heel calc ca",
    31: "toe mt2 bigtoe, mt1 mt5, fm vm, 5meta",
}
"""Markers about the joints by MediaPipe's number of the left one, without the side."""


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """What markers show, a row a frame, seen from the side and facing right.

    `landmarks` (T, 33, 3) the joints, y down; `points` (T, K, 2) occiput, places of the upper back
    and sacrum, K 0 where one of them has no marker; `pelvis_deg`, `thorax_deg` and `head_deg` (T,)
    by the definitions above, forward positive, NaN where not seen. All but their change from
    standing depends on where markers were stuck.
    """

    landmarks: Array
    points: Array
    pelvis_deg: Array
    thorax_deg: Array
    head_deg: Array

    def each(self, of: Callable[[Array], Array]) -> Anatomy:
        """The same of each of its arrays."""
        return Anatomy(*(of(getattr(self, field.name)) for field in fields(self)))


def joined(parts: Sequence[Anatomy], order: Indices) -> Anatomy:
    """The rows of several one after the other, in this order."""
    columns = ([getattr(part, field.name) for part in parts] for field in fields(Anatomy))
    return Anatomy(*(np.concatenate(column)[order] for column in columns))


def anatomy_of(known: Mapping[str, int], places: Array) -> Anatomy | None:
    """The anatomy that markers show; None where pelvis or thorax or legs have none.

    `known`: plain names and their column in `places` (T, N, 3), in space, seen from the side.
    """
    found = _pelvis_of(known, places)
    if found is None:
        return None
    seen, pelvis = found
    front, back = _there(known, PELVIS_FRONT), _there(known, PELVIS_BACK)
    high_back, high_front = _there(known, THORAX_HIGH_BACK), _there(known, THORAX_HIGH_FRONT)
    low_back, low_front = _there(known, THORAX_LOW_BACK), _there(known, THORAX_LOW_FRONT)
    if not (high_back and (low_back or high_front)):
        return None
    above, below = [*high_back, *high_front], [*low_back, *low_front]
    thorax = _Segment.of(seen, [*above, *below])
    head_front, head_back = _there(known, HEAD_FRONT), _there(known, HEAD_BACK)
    behind = head_back or _there(known, HEAD_BEHIND)
    head = _Segment.of(seen, [*head_front, *behind]) if head_front and behind else None
    if thorax is None:
        return None
    landmarks = _joints(known, seen, pelvis, thorax)
    if not np.isfinite(landmarks[:, KNEES, 0]).any():
        return None
    lean: Array | float = _down(thorax.line(high_back, high_front))
    if low_back:
        lean = pitch_deg(thorax.line(below, above))
    unknown = np.full(len(seen), np.nan)
    return Anatomy(
        landmarks=landmarks,
        points=_points(known, seen, head_back, back),
        pelvis_deg=pelvis.turn_deg + _down(pelvis.line(back, front)),
        thorax_deg=thorax.turn_deg + lean,
        head_deg=unknown if head is None else head.turn_deg + _down(head.line(behind, head_front)),
    )


def body_of(known: Mapping[str, int], places: Array) -> Array | None:
    """The joints (T, 33, 3), y down, where markers show a pelvis and no thorax.

    None where shoulders, hips or knees have none. `known` and `places` as for `anatomy_of`.
    """
    found = _pelvis_of(known, places)
    if found is None:
        return None
    landmarks = _joints(known, *found)
    shown = np.asarray(np.isfinite(landmarks[..., 0]).any(axis=0))
    whole = all(shown[list(pair)].all() for pair in (SHOULDERS, HIPS, KNEES))
    return landmarks if whole else None


def lacking(names: Iterable[str]) -> list[str]:
    """What markers of these plain names do not show beside a pelvis; nothing where that is missing.

    Many sets have the knees in standing alone, and rebuild them from clusters on the thigh.
    """
    given = set(names)
    if not (given & set(PELVIS_FRONT) and given & set(PELVIS_BACK)):
        return []
    found = landmarks_of(given)
    parts = {"shoulders": SHOULDERS, "knees": KNEES}
    marked = {part: _both(*re.split("[ ,]+", _JOINTS[own[0]])) for part, own in parts.items()}
    return [p for p, own in parts.items() if not (set(own) & set(found) or given & set(marked[p]))]


def _pelvis_of(known: Mapping[str, int], places: Array) -> tuple[Array, _Segment] | None:
    """The places facing right, and the pelvis among them; None where its markers are missing."""
    if places.shape[2] < 3:
        return None
    front, back = _there(known, PELVIS_FRONT), _there(known, PELVIS_BACK)
    if not (front and back):
        return None
    facing = np.nanmedian(places[:, front, 0]) - np.nanmedian(places[:, back, 0])
    # Some laboratories' axes are left-handed: a front that lies behind tells, and is mirrored.
    seen = places * [np.sign(facing) or 1.0, 1.0, 1.0]
    pelvis = _Segment.of(seen, [*front, *back, *_there(known, PELVIS_SIDE)])
    return None if pelvis is None else (seen, pelvis)


def _there(known: Mapping[str, int], names: Sequence[str]) -> list[int]:
    """The columns of those of the names that are there."""
    return [known[name] for name in names if name in known]


def _down(way: Array) -> float:
    """How far a way forward (2,), y down, points down, in degrees."""
    return float(np.degrees(np.arctan2(way[1], way[0])))


@dataclass(frozen=True, slots=True, eq=False)
class _Segment:
    """A rigid body of markers: its shape, and how it lies in each frame.

    `shape` maps columns to places (2,) about the shape's middle; `turn_deg` (T,) is how far it has
    turned forward from there, `middle` (T, 2) where its middle is; NaN where too little is seen.
    """

    shape: dict[int, Array]
    turn_deg: Array
    middle: Array

    @classmethod
    def of(cls, seen: Array, columns: Sequence[int]) -> _Segment | None:
        """Two markers or more that some frame shows together."""
        columns = list(dict.fromkeys(columns))
        flat = seen[:, columns, :2]
        known = np.asarray(np.isfinite(flat).all(axis=2))
        # Markers that are hardly ever seen with the others would leave no frame to learn from.
        while len(columns) > 2 and not np.all(known, axis=1).any():
            worst = int(np.argmin(known.sum(axis=0)))
            columns.pop(worst)
            flat, known = np.delete(flat, worst, axis=1), np.delete(known, worst, axis=1)
        whole = np.flatnonzero(np.all(known, axis=1))
        if len(columns) < 2 or not len(whole):
            return None
        shape = flat[whole[0]] - flat[whole[0]].mean(axis=0)
        if np.linalg.norm(shape, axis=1).max() <= 0:
            return None
        for _ in range(2):
            turn, middle = _laid(flat[whole], known[whole], shape)
            back = _turned(flat[whole] - middle[:, None], -turn)
            shape = np.median(back, axis=0)
            shape -= shape.mean(axis=0)
        turn, middle = _laid(flat, known, shape)
        usual = np.angle(np.nanmean(np.exp(1j * turn)))
        turn = usual + np.angle(np.exp(1j * (turn - usual)))  # within half a turn of it
        return cls(dict(zip(columns, shape, strict=True)), np.degrees(turn), middle)

    def line(self, start: Sequence[int], end: Sequence[int]) -> Array:
        """From the middle of some of its markers to that of others (2,), as the shape lies."""
        first = [self.shape[c] for c in start if c in self.shape]
        last = [self.shape[c] for c in end if c in self.shape]
        if not first or not last:
            return np.full(2, np.nan)
        return np.asarray(np.mean(last, axis=0) - np.mean(first, axis=0))

    def place(self, local: Array) -> Array:
        """Where a place (2,) of the shape is in each frame (T, 2)."""
        turn = np.radians(self.turn_deg)
        return self.middle + _turned(np.broadcast_to(local, (len(turn), 1, 2)), turn)[:, 0]

    def carried(self, places: Array) -> Array:
        """Places (T, 2) that ride on it, those that are missing where they usually are on it."""
        local = _turned((places - self.middle)[:, None], -np.radians(self.turn_deg))[:, 0]
        known = np.isfinite(local[:, 0])
        if not known.any():
            return places
        return np.where(np.isnan(places), self.place(np.median(local[known], axis=0)), places)


def _laid(flat: Array, known: Mask, shape: Array) -> tuple[Array, Array]:
    """How a shape (K, 2) lies on what is seen of (T, K, 2): turn (T,) in radians, middle (T, 2).

    Two markers at least; the turn is the least-squares one in the plane.
    """
    count = known.sum(axis=1)
    weight = known[..., None] / np.maximum(count, 1)[:, None, None]
    own = (weight * np.where(known[..., None], flat, 0.0)).sum(axis=1)
    its = (weight * shape).sum(axis=1)
    a = np.where(known[..., None], flat - own[:, None], 0.0)
    b = np.where(known[..., None], shape - its[:, None], 0.0)
    cross = (b[..., 0] * a[..., 1] - b[..., 1] * a[..., 0]).sum(axis=1)
    dot = (a * b).sum(axis=(1, 2))
    whole = np.linalg.norm(shape - shape.mean(axis=0))
    apart = np.linalg.norm(b, axis=(1, 2)) > LEAST_APART_SHARE * whole
    turned = (count >= 2) & apart & ((cross != 0) | (dot != 0))
    turn = np.where(turned, np.arctan2(cross, dot), np.nan)
    return turn, own - _turned(its[:, None], turn)[:, 0]


def _turned(ways: Array, turn: Array) -> Array:
    """Ways (T, K, 2) turned by angles (T,): with y down, forward and down."""
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    return np.stack(
        [cos * ways[..., 0] - sin * ways[..., 1], sin * ways[..., 0] + cos * ways[..., 1]], axis=-1
    )


def _joints(
    known: Mapping[str, int], seen: Array, pelvis: _Segment, thorax: _Segment | None = None
) -> Array:
    """The joints as MediaPipe's landmarks (T, 33, 3); NaN for those without markers.

    Shoulders that are hidden ride on the thorax.
    """
    out = np.full((len(seen), LANDMARK_COUNT, 3), np.nan)
    for number, name in landmarks_of(known).items():
        if number >= min(SHOULDERS) and number not in HIPS:
            out[:, number] = seen[:, known[name]]
    for left, groups in _JOINTS.items():
        for number, side in ((left, "l"), (left + 1, "r")):
            for group in groups.split(","):
                columns = _there(known, [side + part for part in group.split()])
                if columns:
                    with np.errstate(invalid="ignore"):
                        out[:, number] = seen[:, columns].mean(axis=1)
                    break
    if thorax is not None:
        for number in SHOULDERS:
            out[:, number, :2] = thorax.carried(out[:, number, :2])
    if not np.isfinite(out[:, HIPS, 0]).any():
        _bell(out, known, seen, pelvis)
    return out


def _bell(out: Array, known: Mapping[str, int], seen: Array, pelvis: _Segment) -> None:
    """Put the hip joints into landmarks (T, 33, 3), from the pelvis as it lies in each frame."""
    front, back = _there(known, PELVIS_FRONT), _there(known, PELVIS_BACK)
    sides = [[c for n, c in known.items() if c in front and n[0] == side] for side in "lr"]
    if not all(sides):
        return
    apart = np.linalg.norm(seen[:, sides[0]].mean(axis=1) - seen[:, sides[1]].mean(axis=1), axis=1)
    wide = known_median(apart)
    ahead = pelvis.line(back, front)
    ahead = ahead / np.linalg.norm(ahead)
    under = np.array([-ahead[1], ahead[0]])
    middle = np.mean([pelvis.shape[c] for c in front if c in pelvis.shape], axis=0)
    hip = pelvis.place(middle + wide * (HIP_DOWN_SHARE * under - HIP_BACK_SHARE * ahead))
    top = middle_of(out[:, SHOULDERS, :2])
    for side in (back, front):
        lost = np.isnan(hip).any(axis=1)
        hip[lost] = _along_trunk(hip, middle_of(seen[:, side, :2]), top)[lost]
    centre = middle_of(seen[:, back])[:, 2]
    for number, way in zip(HIPS, (1.0, -1.0), strict=True):
        out[:, number, :2] = hip
        out[:, number, 2] = centre + way * HIP_ASIDE_SHARE * wide


def _along_trunk(hip: Array, end: Array, top: Array) -> Array:
    """Hip joints (T, 2) where they usually are on the way from an end of the pelvis to the
    shoulders: bent over, the belly hides the front of the pelvis.

    Exact for a straight back. Of 3 recordings of laboratories it reads the knee 5 degrees wrong;
    rounded by 40 degrees it takes the pelvis to have turned by so much more: up to 13.
    """
    up = top - end
    up = up / np.linalg.norm(up, axis=1, keepdims=True)
    across = np.stack([-up[:, 1], up[:, 0]], axis=1)
    forth, down = (((hip - end) * own).sum(axis=1) for own in (across, up))
    if not np.isfinite(forth).any():
        return hip
    return np.asarray(end + np.nanmedian(forth) * across + np.nanmedian(down) * up)


def _points(known: Mapping[str, int], seen: Array, head_back: list[int], back: list[int]) -> Array:
    """Occiput, upper back, sacrum (T, K, 2); K 0 where one of them has no marker."""
    upper = _there(known, ("c7", *(f"t{i}" for i in range(1, 13)), "mai"))
    if not head_back or not upper:
        return np.empty((len(seen), 0, 2))
    groups = (head_back, *([column] for column in upper), back)
    return np.stack([seen[:, group, :2].mean(axis=1) for group in groups], axis=1)
