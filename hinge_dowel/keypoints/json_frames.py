"""Frames of JSON: what each of them holds, and all in order as rows of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import timing, words
from hinge_dowel.keypoints.json_bodies import Body, bodies_in, lowered
from hinge_dowel.keypoints.json_text import read_texts
from hinge_dowel.keypoints.sightings import Keypoints, Sightings, gather, numbered
from hinge_dowel.keypoints.stated import NOTHING_SAID, About, rate_of
from hinge_dowel.keypoints.validation import like_certainties, like_shares

RESULTS = (
    "{} holds results of a check, not keypoints: name the clip itself (compare reads results.json)."
)
NO_FRAMES = (
    "{} holds no frames of keypoints in a form that is known, or nobody in any of them: save a "
    "list of frames, each with the x and y of its places, by name or in a skeleton's order."
)


@dataclass(frozen=True, slots=True)
class JsonFrame:
    """What a file holds for a moment; `beside` are numbers and texts by their names."""

    number: float
    bodies: tuple[Body, ...]
    beside: Mapping[str, object] = field(default_factory=dict)


def frame_of(value: Any, number: float) -> JsonFrame:
    """One frame, with what stands in it of its own number and time."""
    low = {words.spoken(name): own for name, own in lowered(value).items()}
    inner = [own for own in low.values() if isinstance(own, dict)]
    if len(inner) == 1:
        inside = {words.spoken(name): own for name, own in lowered(inner[0]).items()}
        low = {name: own for name, own in inside.items() if name in words.TIMES} | low
    low |= {name: read_texts(low[name]) for name in words.TIMES if name in low}
    beside = {name: own for name, own in low.items() if isinstance(own, int | float | str)}
    return JsonFrame(number, tuple(bodies_in(value)), beside)


def listed(values: Iterable[Any]) -> list[JsonFrame]:
    """A frame of each of the values, in order."""
    return [frame_of(value, index) for index, value in enumerate(values)]


def with_lists(low: dict[str, Any], frames: list[JsonFrame]) -> list[JsonFrame]:
    """The frames with what stands in lists of their own beside them."""
    whole = {
        words.spoken(key): own
        for key, own in low.items()
        if isinstance(own, list)
        and len(own) == len(frames)
        and words.spoken(key) not in words.CLASSES
        and not any(isinstance(value, list | dict) for value in own)
    }
    rows = zip(*whole.values(), strict=True) if whole else [()] * len(frames)
    beside = (dict(zip(whole, row, strict=True)) for row in rows)
    return [replace(f, beside={**b, **f.beside}) for f, b in zip(frames, beside, strict=True)]


def when_in(what: str, frames: Sequence[JsonFrame]) -> tuple[Array, list[object] | None, str]:
    """Numbers and times of frames, by what stands in them or else where they stand in the file."""
    names = dict.fromkeys(name for frame in frames for name in frame.beside)
    columns = {name: [frame.beside.get(name) for frame in frames] for name in names}
    known: list[object] = [frame.number for frame in frames]
    if known != list(range(len(frames))) and not set(columns) & set(words.FRAMES):
        columns[words.FRAMES[0]] = known
    number, time, name = timing.when_of(what, columns)
    return np.array(known, dtype=float) if number is None else number, time, name


def in_order(what: str, frames: list[JsonFrame], about: About = NOTHING_SAID) -> Keypoints:
    """Frames as rows of people. Raises `ClipError`."""
    owner = [index for index, frame in enumerate(frames) for _ in frame.bodies]
    rows = [body for frame in frames for body in frame.bodies]
    number, time, time_name = when_in(what, frames)
    if not rows:
        raise ClipError(NO_FRAMES.format(what))
    about = replace(about, fps=about.fps or rate_of(_alike(frames)))
    if all(body.world for body in rows):
        about = replace(about, size_px=None, of_picture=False)
    names, at = _columns_of(what, rows, about.names)
    count = len(rows[0].places) if names is None else len(names)
    places = np.full((len(rows), count, 3), np.nan)
    sure = np.full((len(rows), count), np.nan)
    for index, body in enumerate(rows):
        places[index, at[index]], sure[index, at[index]] = body.places, body.sure
    scored = any(body.scored for body in rows) | _triples(places, sure)
    # Frames of nobody before the first and after the last say when the film begins and ends.
    return gather(
        Sightings(
            what=what,
            names=names,
            places=places,
            certainty=sure,
            scored=scored,
            frame=number[owner],
            time=None if time is None else [time[index] for index in owner],
            time_name=time_name,
            person=[body.person for body in rows],
            about=about,
        )
    )


def _alike(frames: Sequence[JsonFrame]) -> dict[str, object]:
    """What all frames say alike."""
    first = frames[0].beside.items()
    return {k: v for k, v in first if all(frame.beside.get(k) == v for frame in frames)}


def _columns_of(
    what: str, rows: Sequence[Body], listed: tuple[str, ...] | None
) -> tuple[Sequence[str] | None, list[Any]]:
    """The names of all places, None where their order tells them, and for each of the bodies which
    of them it has. `listed` names places once for all.
    """
    if all(body.names is not None for body in rows):
        names, columns = numbered(name for body in rows for name in body.names or ())
        return names, np.split(columns, np.cumsum([len(body.places) for body in rows]))
    counts = {len(body.places) for body in rows}
    if len(counts) > 1:
        raise ClipError(f"{what} holds no frames with one number of keypoints throughout.")
    return (listed if {len(listed or ())} == counts else None), [slice(None)] * len(rows)


def _triples(places: Array, sure: Array) -> bool:
    """Third numbers that all lie from 0 to 1 are certainties where none stand beside them.

    Whether they are scores: a mere 0 or 1 may say as well that a place is hidden, and where it is.
    """
    if np.isfinite(sure).any():
        return False
    third = places[..., 2]
    if not like_certainties(third):
        return False
    # Depths have both signs, but for markers in space, which are no shares.
    if like_shares(places[..., :2]) and np.nanmedian(third) <= 0:
        return False
    sure[...] = third
    places[..., 2] = np.nan
    return bool(((sure > 0) & (sure < 1)).any())
