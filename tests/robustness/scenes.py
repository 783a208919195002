"""Hard scenes, by name: each a list of films with truth.

Stitched from the samples, so that nothing needs rendering; `subjects.py` renders those that need
other bodies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import cv2
import numpy as np
from robustness.stitching import (
    RATE_HZ,
    SIZE_PX,
    Film,
    cutout,
    empty_room,
    head_px,
    moved,
    pasted,
    sample,
    sequence,
    shaken,
    smoothstep,
    warped,
)
from support.clips import Picture

Scene = Callable[[str, Path], Film]

SOURCES = ("mixed_right", "mixed_left", "rounded_right", "clean_left_folded")
"""Clean reps and every fault, both directions."""
OTHERS = {
    "mixed_right": "clean_left_folded",
    "mixed_left": "rounded_right",
    "rounded_right": "squat_left",
    "clean_left_folded": "neck_right",
}
"""Who else comes into the picture."""


def plain(name: str, model: Path) -> Film:
    """Nothing hard: what the others are held against."""
    return sample(name)


def bystander(name: str, model: Path) -> Film:
    """Somebody smaller stands and watches."""
    other = cutout(OTHERS[name], model, 10)
    side = 1 if name.endswith("right") else -1
    where = moved(-side * 150, -10, 0.75, mirror=True)
    return sample(name).each(lambda i, p: pasted(p, other.pictures[5], other.masks[5], where))


def two_do_it(name: str, model: Path) -> Film:
    """A second person, as tall, does other repetitions behind the first one's back."""
    film, other = sample(name), cutout(OTHERS[name], model)
    side = 1 if name.endswith("right") else -1
    where = moved(-side * 150, 0, 0.9, mirror=True)
    apart = sequence(repeat(moved(side * 60)), film)

    def change(i: int, p: Picture) -> Picture:
        k = min(i, len(other.pictures) - 1)
        return pasted(p, other.pictures[k], other.masks[k], where)

    return replace(apart.each(change), others=sample(OTHERS[name]).reps)


def _crossing(name: str, model: Path, scale: float, behind: bool) -> Film:
    """Somebody crosses the picture during the second repetition, in front or behind."""
    film, other = sample(name), cutout(OTHERS[name], model, 10)
    own = cutout(name, model) if behind else None
    first = round((film.reps[1].start_s - 0.3) * RATE_HZ)
    length = round(3.0 * RATE_HZ)

    def change(i: int, p: Picture) -> Picture:
        k = (i - first) / length
        if not 0 <= k <= 1:
            return p
        where = moved((k - 0.5) * 1.6 * SIZE_PX[0], 8 if not behind else -12, scale)
        out = pasted(p, other.pictures[5], other.masks[5], where)
        if own is not None:
            out = pasted(out, p, own.masks[i], moved())
        return out

    return film.each(change).spoilt(first / RATE_HZ, (first + length) / RATE_HZ)


def through_front(name: str, model: Path) -> Film:
    """Somebody walks between camera and person."""
    return _crossing(name, model, 1.25, behind=False)


def through_behind(name: str, model: Path) -> Film:
    """Somebody walks behind the person."""
    return _crossing(name, model, 0.85, behind=True)


def enters_and_leaves(name: str, model: Path) -> Film:
    """The room is empty, the person comes in, does the set, leaves; the room stays empty."""
    film, own, room = sample(name), cutout(name, model), empty_room(name, model)
    side = 1 if name.endswith("right") else -1

    def gliding(picture: int, inward: bool) -> Iterator[Picture]:
        count = round(1.8 * RATE_HZ)
        for k in range(count):
            far = 1 - k / count if inward else k / count
            where = moved(-side * far * 0.75 * SIZE_PX[0])
            yield pasted(room, own.pictures[picture], own.masks[picture], where)

    still = [room] * (3 * RATE_HZ)
    before = Film(still + list(gliding(0, True)), ())
    after = Film(list(gliding(-1, False)) + still, ())
    return replace(before.then(film).then(after), cuts_s=())


def bumped(name: str, model: Path) -> Film:
    """The camera is shoved in the middle of a repetition and comes to rest elsewhere."""
    film = sample(name)
    at = film.reps[1].bottom_s
    return sequence(shaken(round(at * RATE_HZ), len(name)), film).spoilt(at - 0.1, at + 1.5)


def shaky(name: str, model: Path) -> Film:
    """A camera held in the hand."""
    film = sample(name)
    rng = np.random.default_rng(3)
    t = np.arange(len(film.pictures)) / RATE_HZ
    x, y = (
        sum(a * np.sin(2 * np.pi * f * t + rng.uniform(0, 6)) for a, f in ((6, 0.3), (3, 1.1)))
        for _ in range(2)
    )
    return sequence([moved(float(a), float(b)) for a, b in zip(x, y, strict=True)], film)


def zoomed(name: str, model: Path) -> Film:
    """The camera zooms out and in again, slowly, through the repetitions."""
    film = sample(name)
    t = np.arange(len(film.pictures)) / RATE_HZ
    scales = 0.8 + 0.2 * np.cos(2 * np.pi * t / 9.0)
    return sequence([moved(scale=float(s)) for s in scales], film)


def zoomed_at_once(name: str, model: Path) -> Film:
    """A jerk of the zoom within a third of a second, during a lowering."""
    film = sample(name)
    at = (film.reps[1].start_s + film.reps[1].bottom_s) / 2
    t = np.arange(len(film.pictures)) / RATE_HZ
    warps = [moved(scale=1 - 0.3 * smoothstep((s - at) / 0.3)) for s in t]
    return sequence(warps, film).spoilt(at - 0.1, at + 0.5)


def cut_standing(name: str, model: Path) -> Film:
    """A cut from one person standing to another standing."""
    film, other = sample(name), sample(OTHERS[name])
    half = (film.reps[1].end_s + film.reps[2].start_s) / 2 if len(film.reps) > 2 else 5.0
    return film.part(0, half).then(other)


def cut_at_bottom(name: str, model: Path) -> Film:
    """A cut in mid-repetition to another's mid-repetition."""
    film, other = sample(name), sample(OTHERS[name])
    a, b = film.reps[1].bottom_s, other.reps[1].bottom_s
    return film.part(0, a).then(other.part(b, len(other.pictures) / RATE_HZ))


def jump_cut(name: str, model: Path) -> Film:
    """The same camera and person, with seconds taken out from one bottom to the next."""
    film = sample(name)
    a, b = film.reps[0].bottom_s, film.reps[1].bottom_s
    joined = film.part(0, a).then(film.part(b, len(film.pictures) / RATE_HZ))
    # Nobody can see such a cut: half of each may pass for one repetition with the faults of both.
    both = tuple(sorted({*film.reps[0].faults, *film.reps[1].faults}))
    reps = tuple(rep if rep.whole else replace(rep, faults=both) for rep in joined.reps)
    return replace(joined, reps=reps, cuts_s=())


def mirrored_half_way(name: str, model: Path) -> Film:
    """From the middle on the picture is mirrored, between two repetitions."""
    film = sample(name)
    half = (film.reps[0].end_s + film.reps[1].start_s) / 2
    first = round(half * RATE_HZ)
    mirror = moved(mirror=True)
    return film.each(lambda i, p: p if i < first else warped(p, mirror, cv2.BORDER_REPLICATE))


def mirrored_at_bottom(name: str, model: Path) -> Film:
    """From the bottom of a repetition on the picture is mirrored."""
    film = sample(name)
    at = film.reps[1].bottom_s
    mirror = moved(mirror=True)
    turned = film.each(
        lambda i, p: p if i < at * RATE_HZ else warped(p, mirror, cv2.BORDER_REPLICATE)
    )
    rep = film.reps[1]
    halves = (replace(rep, end_s=at, whole=False), replace(rep, start_s=at, whole=False))
    reps = (film.reps[0], *halves, *film.reps[2:])
    return replace(turned, reps=reps, cuts_s=(at,))


def _dark(film: Film, gain: list[float]) -> Film:
    rng = np.random.default_rng(5)

    def change(i: int, p: Picture) -> Picture:
        grain = rng.normal(0, 2.5, p.shape) * (gain[i] < 0.9)
        return np.clip(p * gain[i] + grain, 0, 255).astype(np.uint8)

    return film.each(change)


def lights_off(name: str, model: Path) -> Film:
    """The light goes out during the second repetition and stays out."""
    film = sample(name)
    at = film.reps[1].bottom_s - 0.5
    gain = [1.0 if i < at * RATE_HZ else 0.01 for i in range(len(film.pictures))]
    return _dark(film, gain).spoilt(at, 1e9)


def lights_blink(name: str, model: Path) -> Film:
    """The light is out for two seconds around a bottom."""
    film = sample(name)
    at = film.reps[1].bottom_s
    gain = [0.01 if abs(i / RATE_HZ - at) < 1.0 else 1.0 for i in range(len(film.pictures))]
    return _dark(film, gain).spoilt(at - 1, at + 1)


def dim(name: str, model: Path) -> Film:
    """A dark room, with the grain that brings."""
    film = sample(name)
    return _dark(film, [0.12] * len(film.pictures))


def face_hidden(name: str, model: Path) -> Film:
    """A stick before the face, in every picture."""
    own = cutout(name, model)

    def change(i: int, p: Picture) -> Picture:
        out = p.copy()
        (face, forward) = head_px(own.landmarks[i])
        across = np.array([-forward[1], forward[0]]) / max(float(np.hypot(*forward)), 1e-6)
        a, b = face + forward * 0.3 + across * 130, face + forward * 0.3 - across * 130
        ends = [(round(float(e[0])), round(float(e[1]))) for e in (a, b)]
        cv2.line(out, ends[0], ends[1], (150, 115, 70), 12, cv2.LINE_AA)
        return out

    return sample(name).each(change)


def chair(name: str, model: Path) -> Film:
    """A chair stands before the legs."""

    def change(i: int, p: Picture) -> Picture:
        out = p.copy()
        colour = (95, 65, 45)
        for x in (200, 275):
            cv2.rectangle(out, (x, 335), (x + 7, 430), colour, -1)
        cv2.rectangle(out, (196, 330), (286, 340), colour, -1)
        cv2.rectangle(out, (196, 250), (203, 335), colour, -1)
        return out

    return sample(name).each(change)


def wheelchair(name: str, model: Path) -> Film:
    """A wheelchair stands beside the person, its wheel over the feet."""
    side = -1 if name.endswith("right") else 1

    def change(i: int, p: Picture) -> Picture:
        out = p.copy()
        x = 240 + side * 75
        grey, dark = (110, 115, 120), (35, 35, 40)
        cv2.circle(out, (x, 375), 58, dark, 6, cv2.LINE_AA)
        for turn in np.linspace(0, np.pi, 6, endpoint=False):
            dx, dy = int(56 * np.cos(turn)), int(56 * np.sin(turn))
            cv2.line(out, (x - dx, 375 - dy), (x + dx, 375 + dy), grey, 1, cv2.LINE_AA)
        cv2.rectangle(out, (x - 55, 320), (x + 35, 335), dark, -1)
        cv2.rectangle(out, (x + side * 40, 240), (x + side * 40 + 8, 330), dark, -1)
        cv2.circle(out, (x - side * 70, 420), 14, dark, 5, cv2.LINE_AA)
        return out

    return sample(name).each(change)


STITCHED: dict[str, Scene] = {
    "nothing hard": plain,
    "somebody watches": bystander,
    "two people, both hinge": two_do_it,
    "walking through, in front": through_front,
    "walking through, behind": through_behind,
    "enters late and leaves": enters_and_leaves,
    "camera bumped": bumped,
    "camera in the hand": shaky,
    "slow zoom": zoomed,
    "zoom at once": zoomed_at_once,
    "cut to another person": cut_standing,
    "cut from bottom to bottom": cut_at_bottom,
    "seconds cut out": jump_cut,
    "mirrored half way": mirrored_half_way,
    "mirrored at the bottom": mirrored_at_bottom,
    "lights off": lights_off,
    "lights off for two seconds": lights_blink,
    "dark room": dim,
    "stick before the face": face_hidden,
    "chair before the legs": chair,
    "wheelchair beside": wheelchair,
}
