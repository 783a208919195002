"""Bodies as programs put them into JSON: lists, flat lists, objects, names, scores beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.keypoints import words
from hinge_dowel.keypoints.headers import column_of
from hinge_dowel.keypoints.skeletons import flat_width, is_known

BODY_KEYS = words.spelled(
    "people persons bodies body_list instances tracks skeletons poses predictions detections "
    "annotations objects result results observations recognized_points pose_landmarks landmarks "
    "landmark normalized_landmarks keypoints keypoints_2d pose_keypoints_2d pose_keypoints joints "
    "joints_2d points pose kpts data pose_world_landmarks world_landmarks keypoints_3d "
    "pose_keypoints_3d pred_keypoints preds joint_positions tracked_points keypoint keypoint_2d xy "
    "xyn skeleton shapes instance_info annots bodyparts"
)
"""Under what programs put people and their keypoints, without case; the first that holds some."""
_WORLD = frozenset(key for key in BODY_KEYS if "world" in key or "3d" in key)
_CROWDS = frozenset(words.spelled("people persons bodies instances tracks skeletons poses objects"))
"""Those of them under which an object holds people by their names."""
_PERSON = re.compile(rf"(?:{'|'.join(words.PEOPLE)})[\W_]*\d+", re.IGNORECASE)
"""Who has a key of a number: person_1, Player 2."""
SCORE_KEYS = words.spelled(
    "keypoint_scores keypoints_scores scores score confidences confidence visible visibility conf "
    "likelihood"
)
_OWN_SCORES = words.spelled("score confidence conf likelihood prob c visible in_frame_likelihood")
_NAME_KEYS = words.spelled(
    "name part label keypoint_labels joint keypoint landmark marker type joint_name class body_part"
)
_PLACE_KEYS = words.spelled(
    "position pos coordinates location position_3d position_2d point coord coords coordinate pixel "
    "real value translation transform columns matrix model_transform image screen"
)
_NUMBER_KEYS = ("index", "idx", "id", "landmark_id", "joint_id", "type")
LEAST_LIST = 13
"""So many places in a list of any name are a body's: a polygon has fewer corners, or is flat."""
_ONE = 1e-3
"""The last number of a matrix is 1 to this, by choice: floats of 32 bits lose less."""
LEAST_PLACES = 3
"""So many places by names, by numbers or in cells are somebody's; fewer may be anything: a
choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Somebody's places in one frame.

    `names` of the N places or None, `places` (N, 3), `sure` (N,) how certain each is, `scored`
    whether 0 then means not seen; `person` what the file calls somebody, `world` whether places are
    metres and not of the picture.
    """

    names: tuple[str, ...] | None
    places: Array
    sure: Array
    scored: bool
    person: object = None
    world: bool = False


def lowered(part: Any) -> dict[str, Any]:
    """An object of JSON with its keys in small letters; nothing for anything else."""
    return {str(k).lower(): v for k, v in part.items()} if isinstance(part, dict) else {}


def alone(value: Any) -> Any:
    """What a list of one holds; anything else as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def bodies_in(value: Any, *, crowd: bool = False) -> list[Body]:
    """Everybody in what a file holds for a frame; of a `crowd` it holds people by their names.

    ValueError for a place that is none.
    """
    if isinstance(value, list):
        return _in_list(value)
    if not isinstance(value, dict) or not value:
        return []
    low = lowered(value)
    ways = (way(value, low) for way in (_SURE + ((_everybody,) if crowd else ()) + _LESS_SURE))
    return next(filter(None, ways), [])


def _in_list(values: list[Any]) -> list[Body]:
    if all(value is None or _is_number(value) for value in values):
        return [_flat(values)] if len(values) >= 6 else []
    if any(is_joint(value) for value in values):
        # Beside points LabelMe has boxes.
        there = [value for value in values if is_joint(value) or "points" not in lowered(value)]
        joints = [_joint(value) if value else _MISSING for value in there]
        # Where they stand tells joints without names, so that one of which nothing is known counts.
        named = [joint for joint in joints if joint.name is not None]
        return [_body_of(named or joints)]
    return [body for value in values for body in bodies_in(value)]


def _typed_array(given: dict[Any, Any], low: dict[str, Any]) -> list[Body]:
    """A body of numbers under their places: JavaScript writes its typed arrays like this."""
    numbers = _is_numbered(given) and all(map(_is_number, given.values()))
    return _in_list(list(given.values())) if numbers else []


def _joints(given: dict[Any, Any], low: dict[str, Any]) -> list[Body]:
    """A body of places by name or number. Markers that are no joints are of use beside them."""
    joints = {str(key): value for key, value in given.items() if is_joint(value)}
    numbered = _is_numbered(given)
    named = {str(key): value for key, value in given.items() if numbered or is_known(str(key))}
    whole = all(value is None or name in joints for name, value in named.items())
    there = (whole and len(named) >= LEAST_PLACES) or len(joints) >= LEAST_LIST
    return [_named(joints)] if there else []


def _in_parts(given: dict[Any, Any], low: dict[str, Any]) -> list[Body]:
    """A body in parts, with joints of its own beside them."""
    parts = _parts(given)
    joints = {str(key): value for key, value in given.items() if is_joint(value)}
    return [_with(_named(joints | parts), low)] if parts else []


def _under_a_key(given: dict[Any, Any], low: dict[str, Any]) -> list[Body]:
    """Who stands under the first of the usual keys that holds somebody."""
    for key in BODY_KEYS:
        found = bodies_in(low.get(key), crowd=key in _CROWDS)
        found = [replace(body, world=body.world or key in _WORLD) for body in found]
        if found:
            return found if len(found) > 1 else [_with(found[0], low)]
    return []


def _of_a_row(given: dict[Any, Any], low: dict[str, Any]) -> list[Body]:
    """A body as a row of a table."""
    row = _row(given)
    return [_named(row)] if len(row) >= LEAST_PLACES else []


def _numbered_people(given: dict[Any, Any], low: dict[str, Any]) -> list[Body]:
    """Everybody under a number: 1, person_1."""
    numbered = {key: own for key, own in given.items() if _PERSON.fullmatch(str(key))}
    return _everybody(given if _is_numbered(given) else numbered, low)


def _everybody(given: dict[Any, Any], low: dict[str, Any]) -> list[Body]:
    """Everybody under what the file calls them."""
    found = [(key, body) for key, own in given.items() for body in bodies_in(own)]
    return [b if b.person is not None else replace(b, person=str(key)) for key, b in found]


def _under_any_key(given: dict[Any, Any], low: dict[str, Any]) -> list[Body]:
    """A body under a name that says nothing, where it can be nothing else."""
    for key, own in low.items():
        if key not in BODY_KEYS and _is_a_body(own):
            return [_with(bodies_in(own)[0], low)]
    return []


def _is_a_body(own: Any) -> bool:
    """Whether a list or an object holds enough places, or enough of joints."""
    if isinstance(own, list):
        some = [value for value in own if is_joint(value)]
        known = sum(is_known(name_of(lowered(value)) or "") for value in some)
        return len(some) >= LEAST_LIST or known >= LEAST_PLACES
    known = sum(is_known(str(name)) for name in own) if isinstance(own, dict) else 0
    return known >= LEAST_PLACES and all(map(is_joint, own.values()))


def _wrapped(given: dict[Any, Any], low: dict[str, Any]) -> list[Body]:
    """Who is in what was sent as a message, or kept as a document; of two nothing says which."""
    inside = (bodies_in(own) for own in given.values() if isinstance(own, dict))
    wrapped = [own for own in inside if any(b.names or len(b.places) >= LEAST_LIST for b in own)]
    return wrapped[0] if len(wrapped) == 1 else []


def _parts(given: dict[Any, Any]) -> dict[str, Any]:
    """Places by name of a body in parts (left and right, face and legs, joints of two sides)."""
    parts: list[dict[str, Any]] = []
    for key, own in given.items():
        there = [v for v in own.values() if v is not None] if isinstance(own, dict) else []
        if there and all(map(is_joint, there)):
            pairs = ((_sided(key, str(name)), value) for name, value in lowered(own).items())
            parts.append({name: value for name, value in pairs if value is not None})
    parts = [part for part in parts if any(map(is_known, part))]
    whole = {name: value for part in parts for name, value in part.items()}
    return whole if len(parts) > 1 and len(whole) == sum(map(len, parts)) else {}


def _sided(side: object, name: str) -> str:
    """The name of a joint with its side, which stands elsewhere, before it."""
    return whole if is_known(whole := f"{side}_{name}") else name


def _named(places: dict[str, Any]) -> Body:
    """A body of places by name."""
    return _body_of([replace(_joint(value), name=name) for name, value in places.items()])


def _row(given: dict[Any, Any]) -> dict[str, Any]:
    """Places by name of a row of a table, which has a key for each coordinate: left_hip_x."""
    found: dict[str, dict[str, Any]] = {}
    for key, value in given.items():
        cell = column_of(str(key))
        if cell.axis and cell.place and (value is None or _is_number(value)):
            found.setdefault(cell.place, {})[cell.axis] = value
    whole = {name: own for name, own in found.items() if {"x", "y"} <= set(own)}
    numbered = {name: own for name, own in whole.items() if name[-1:].isdigit()}
    if len(numbered) >= LEAST_LIST:
        return numbered
    return {name: own for name, own in whole.items() if is_known(name)}


def _with(body: Body, low: dict[str, Any]) -> Body:
    """The body with whose it is and the scores that stand beside it."""
    if body.person is None:
        body = replace(body, person=_owner(low))
    for key in () if np.isfinite(body.sure).any() else SCORE_KEYS:
        beside = low.get(key)
        flat = [alone(value) for value in beside] if isinstance(beside, list) else []
        if len(flat) == len(body.places) and all(v is None or _is_number(v) for v in flat):
            return replace(body, sure=np.array(flat, dtype=float), scored=key != "visibility")
    return body


def _owner(low: dict[str, Any]) -> object:
    """What an object with keys in small letters calls its person, None for nothing."""
    owners = (low[key] for key in (*words.PEOPLE, "idx") if key in low)
    owners = (own[0] if isinstance(own, list) and own else own for own in owners)
    told = (own for own in owners if isinstance(own, str | int) and own not in (-1, ""))
    return next(told, None)


def is_joint(value: Any) -> bool:
    """Whether something is one place: an object with x and y, 2 to 5 numbers, or a matrix."""
    if isinstance(value, list):
        own = 2 <= len(value) <= 5 and all(v is None or _is_number(v) for v in value)
        return own or bool(_moved_to(value))
    low = lowered(value)
    one = _one_point(low)
    # Of somebody with places of its own that is the middle.
    if not low or (not one and any(isinstance(low.get(k), list | dict) for k in ("x", *BODY_KEYS))):
        return False
    inside = [low[key] for key in _PLACE_KEYS if key in low]
    return {"x", "y"} <= set(low) or any(map(is_joint, inside + one))


def _one_point(low: dict[str, Any]) -> list[Any]:
    """The place of a point of LabelMe, which is a polygon of one corner; else nothing."""
    points = low.get("points")
    return points if isinstance(points, list) and len(points) == 1 and is_joint(points[0]) else []


def _moved_to(matrix: list[Any]) -> list[float]:
    """Where a 4x4 matrix moves to, as ARKit has joints: flat or not, by columns or by rows."""
    nested = len(matrix) == 4 and all(isinstance(own, list) for own in matrix)
    flat = [value for own in matrix for value in own] if nested else matrix
    if len(flat) != 16 or not all(map(_is_number, flat)) or abs(flat[15] - 1) > _ONE:
        return []
    by_rows, by_columns = flat[3:15:4], flat[12:15]
    return [] if any(by_rows) and any(by_columns) else by_columns if any(by_columns) else by_rows


@dataclass(frozen=True, slots=True)
class _Joint:
    place: tuple[float, float, float]
    sure: float = np.nan
    scored: bool = False
    name: str | None = None


_MISSING = _Joint((np.nan, np.nan, np.nan))


def _joint(value: Any) -> _Joint:
    if isinstance(value, list):
        value = _moved_to(value) or value
        # Three are x, y and depth or certainty: told apart when all are known, see `_triples`.
        x, y, z, sure, *_ = [np.nan if v is None else float(v) for v in [*value, None, None]]
        return _Joint((x, y, z), sure)
    if not isinstance(value, dict):
        raise ValueError(value)
    low = lowered(value)
    inner = [low[key] for key in _PLACE_KEYS if isinstance(low.get(key), dict | list)]
    inner = inner or _one_point(low)
    if inner:
        joint = _joint(inner[0])
    else:
        x, y, z = (np.nan if low.get(axis) is None else float(low[axis]) for axis in "xyz")
        joint = _Joint((x, y, z))
        if _is_number(low.get("visibility")):
            return replace(joint, sure=float(low["visibility"]), name=name_of(low))
    if not (joint.name and is_known(joint.name)):
        joint = replace(joint, name=name_of(low) or joint.name)
    own = next((low[key] for key in _OWN_SCORES if _is_number(low.get(key))), None)
    return joint if own is None else replace(joint, sure=float(own), scored=True)


def name_of(low: dict[str, Any]) -> str | None:
    """What an object of JSON with keys in small letters calls itself, or its number."""
    for key in _NAME_KEYS:
        own = alone(low.get(key))
        if isinstance(own, str):
            return _sided(low["side"], own) if isinstance(low.get("side"), str) else own
    for key in _NUMBER_KEYS:
        if isinstance(low.get(key), int) and not isinstance(low[key], bool):
            return str(low[key])
    return None


def _body_of(joints: list[_Joint]) -> Body:
    names = tuple(joint.name for joint in joints if joint.name is not None)
    whole = len(names) == len(joints) and len(set(names)) == len(names)
    return Body(
        names if whole else None,
        np.array([joint.place for joint in joints]).reshape(-1, 3),
        np.array([joint.sure for joint in joints]),
        any(joint.scored for joint in joints),
    )


def _flat(values: list[Any]) -> Body:
    """A body as one list of numbers: x, y and certainty of each place in turn, or x and y."""
    cells = np.array(values, dtype=float)
    width = flat_width(len(cells)) or next((n for n in (3, 2) if len(cells) % n == 0), 0)
    if not width:
        raise ValueError(f"{len(cells)} numbers")
    rows = cells.reshape(-1, width)
    scored = width == 3 and not (rows[:, 2] < 0).any()  # else depths, from the hips
    deep = 2 if scored else min(width, 3)
    places = np.full((len(rows), 3), np.nan)
    places[:, :deep] = rows[:, :deep]
    sure = rows[:, -1] if width == 4 or scored else np.full(len(rows), np.nan)
    return Body(None, places, sure, scored)


def _columns(given: dict[Any, Any], low: dict[str, Any]) -> list[Body]:
    """A body as lists of x and of y, which a table may have flat (keypoints.x)."""
    for head in ("", *(f"{key}." for key in BODY_KEYS)):
        if isinstance(low.get(head + "x"), list) and isinstance(low.get(head + "y"), list):
            return [_of_axes({key.removeprefix(head): own for key, own in low.items()})]
    return []


def _of_axes(low: dict[str, Any]) -> Body:
    """The body of lists x and y and what stands beside them."""
    count = len(low["x"])
    columns = [low.get(axis) for axis in "xyz"]
    lists = [c if isinstance(c, list) and len(c) == count else [None] * count for c in columns]
    listed = low.get("names") or low.get("name")
    names = tuple(map(str, listed)) if isinstance(listed, list) and len(listed) == count else None
    return _with(Body(names, np.array(lists, dtype=float).T, np.full(count, np.nan), False), low)


def _is_numbered(given: dict[Any, Any]) -> bool:
    """Whether the keys are numbers."""
    return all(str(key).isdecimal() for key in given)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_SURE = (_columns, _typed_array, _joints, _in_parts, _under_a_key, _of_a_row)
_LESS_SURE = (_numbered_people, _under_any_key, _wrapped)
"""The ways in which an object may hold somebody: the first that finds a body counts."""
