"""Frames of JSON: what each of them holds, and all in order as rows of people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import clock, words
from hinge_dowel.keypoints.json_about import NOTHING_SAID, About, rate_of
from hinge_dowel.keypoints.json_bodies import Body, bodies_in, lowered
from hinge_dowel.keypoints.json_text import read_texts
from hinge_dowel.keypoints.moments import number_in
from hinge_dowel.keypoints.sightings import Keypoints, Sightings, gather, numbered
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
    """What a file holds for a moment; `beside` are numbers and texts by other names."""

    number: float
    bodies: tuple[Body, ...]
    time: object = None
    time_name: str = ""
    beside: Mapping[str, object] = field(default_factory=dict)


def frame_of(value: Any, number: float) -> JsonFrame:
    """One frame, with its own number and time where it has them."""
    low = {words.spoken(name): own for name, own in lowered(value).items()}
    bodies = tuple(bodies_in(value))
    inner = [own for own in low.values() if isinstance(own, dict)]
    if len(inner) == 1:
        inside = {words.spoken(name): own for name, own in lowered(inner[0]).items()}
        low = {name: own for name, own in inside.items() if name in words.TIMES} | low
    own = [number_in(low[name]) for name in words.FRAMES if name in low]
    number = next((n for n in own if np.isfinite(n)), float(number))
    name = words.time_name(n for n, value in low.items() if value is not None)
    time = read_texts(low[name]) if name else None
    time = time if isinstance(time, int | float | str) else None
    beside = {k: v for k, v in low.items() if isinstance(v, int | float | str) and k != name}
    return JsonFrame(number, bodies, time, name, beside)


def listed(values: Iterable[Any]) -> list[JsonFrame]:
    """A frame of each of the values, in order."""
    return [frame_of(value, index) for index, value in enumerate(values)]


def with_lists(low: dict[str, Any], frames: list[JsonFrame]) -> list[JsonFrame]:
    """The frames with the numbers and times that stand in lists of their own beside them."""
    whole = {
        key: own
        for key, own in low.items()
        if isinstance(own, list)
        and len(own) == len(frames)
        and not any(isinstance(value, list | dict) for value in own)
    }
    numbers = ([number_in(n) for n in whole[k]] for k in words.FRAMES if k in whole)
    if found := next((own for own in numbers if np.isfinite(own).all()), None):
        frames = [replace(f, number=n) for f, n in zip(frames, found, strict=True)]
    name = words.time_name(whole)
    if not name or any(frame.time is not None for frame in frames):
        return frames
    return [replace(f, time=t, time_name=name) for f, t in zip(frames, whole[name], strict=True)]


def require_one_clip(what: str, names: Iterable[object]) -> None:
    """Raise `ClipError` where names of pictures have one number and stand in several folders."""
    clip_of: dict[float, str] = {}
    for name in names:
        if isinstance(name, str) and np.isfinite(number := number_in(name)):
            clip = re.sub(r"\d+\D*$", "", name)
            first = clip_of.setdefault(number, clip)
            if first != clip:
                raise ClipError(
                    f"{what} holds several clips ({first}..., {clip}...): save a file for each."
                )


def in_order(what: str, frames: list[JsonFrame], about: About = NOTHING_SAID) -> Keypoints:
    """Frames as rows of people."""
    frames = _timed(what, frames)
    require_one_clip(what, (f.beside[n] for f in frames for n in words.FRAMES if n in f.beside))
    rate = about.fps
    if frames and rate is None:
        alike = frames[0].beside.items()
        rate = rate_of({k: v for k, v in alike if all(f.beside.get(k) == v for f in frames)})
    rows = [(frame, body) for frame in frames for body in frame.bodies]
    if not rows:
        raise ClipError(NO_FRAMES.format(what))
    counts = {len(body.places) for _, body in rows}
    every: Sequence[str] | None
    if all(body.names is not None for _, body in rows):
        every, columns = numbered(name for _, body in rows for name in body.names or ())
        at: list[Any] = np.split(columns, np.cumsum([len(body.places) for _, body in rows]))
    elif len(counts) == 1:
        every = about.names if {len(about.names or ())} == counts else None
        at = [slice(None)] * len(rows)
    else:
        raise ClipError(f"{what} holds no frames with one number of keypoints throughout.")
    count = max(counts) if every is None else len(every)
    places = np.full((len(rows), count, 3), np.nan)
    sure = np.full((len(rows), count), np.nan)
    for index, (_, body) in enumerate(rows):
        places[index, at[index]], sure[index, at[index]] = body.places, body.sure
    scored = any(body.scored for _, body in rows) | _triples(places, sure)
    times: list[object] = [frame.time for frame, _ in rows]
    # Frames of nobody before the first and after the last say when the film begins and ends.
    return gather(
        Sightings(
            what=what,
            names=every,
            places=places,
            certainty=sure,
            scored=scored,
            frame=np.array([frame.number for frame, _ in rows]),
            time=times if any(time is not None for time in times) else None,
            time_name=next((frame.time_name for frame, _ in rows if frame.time_name), ""),
            person=[body.person for _, body in rows],
            fps=rate,
            size_px=None if all(body.world for _, body in rows) else about.size_px,
            stride=about.stride,
        )
    )


def _timed(what: str, frames: list[JsonFrame]) -> list[JsonFrame]:
    """The frames with the times and numbers that stand in each under names that say little.

    Raises `ClipError` where they are none of a film.
    """
    counted = [frame.number for frame in frames] != list(range(len(frames)))
    timed = any(frame.time is not None for frame in frames)
    first = frames[0].beside if frames else {}
    asked = () if counted and timed else first
    columns = {key: [frame.beside.get(key) for frame in frames] for key in asked}
    if not timed and (called := clock.time_name(columns)):
        timed, own = True, columns.pop(called)
        frames = [replace(f, time=t, time_name=called) for f, t in zip(frames, own, strict=True)]
    whole = {
        key: own
        for key, own in columns.items()
        if key not in words.FRAMES and all(type(value) is int for value in own)
    }
    if not counted and (found := clock.frame_numbers(whole, "")) is not None:
        frames = [replace(f, number=n) for f, n in zip(frames, found.tolist(), strict=True)]
    shared = {key for key in first if all(key in frame.beside for frame in frames)}
    for key in shared & set(words.CLASSES) if not (timed or shared & set(words.FRAMES)) else ():
        clock.require_film(what, key, [frame.beside[key] for frame in frames])
    for name in {frame.time_name for frame in frames} & set(words.STEPS):
        at = [frame.number for frame in frames]
        times = clock.running(name, [frame.time for frame in frames], at)
        frames = [replace(f, time=t) for f, t in zip(frames, times, strict=True)]
    return frames


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
