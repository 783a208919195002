"""Scenes stitched from the samples: frames, silhouettes, truth, and what can happen to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from support.clips import Picture, write_clip

from hinge_dowel.body.landmarks import EARS, NOSE
from hinge_dowel.video.reader import read_frames

SAMPLES = Path(__file__).parents[2] / "samples"
RATE_HZ = 15
"""As many pictures as the program looks at."""
SIZE_PX = (480, 480)
"""Width and height of every scene."""

Mask = NDArray[np.float32]
Warp = NDArray[np.float64]
Change = Callable[[int, Picture], Picture]


@dataclass(frozen=True)
class TrueRep:
    """A repetition that a scene shows, in seconds of the scene.

    A `whole` one must be found; one that is cut or hidden in part may be left out, but no other
    fault than its own may be named. Start and end are those of what is shown of it.
    """

    start_s: float
    bottom_s: float
    end_s: float
    faults: tuple[str, ...]
    whole: bool = True


@dataclass(frozen=True)
class Film:
    """A scene: its pictures, the repetitions of whoever is to be followed, and where it is cut.

    `others` are the repetitions of another person who may be followed in the first one's place,
    from beginning to end.
    """

    pictures: list[Picture]
    reps: tuple[TrueRep, ...]
    cuts_s: tuple[float, ...] = ()
    others: tuple[TrueRep, ...] | None = None

    def write(self, path: Path) -> Path:
        return write_clip(
            path, self.pictures, rate_hz=RATE_HZ, codec_options={"crf": "20", "preset": "veryfast"}
        )

    def each(self, change: Change) -> Film:
        """The same with every picture changed."""
        return replace(self, pictures=[change(i, p) for i, p in enumerate(self.pictures)])

    def spoilt(self, first_s: float, last_s: float) -> Film:
        """The same, but what touches this time need not be found."""
        return replace(
            self,
            reps=tuple(
                replace(rep, whole=rep.whole and (rep.end_s < first_s or rep.start_s > last_s))
                for rep in self.reps
            ),
        )

    def part(self, first_s: float, last_s: float) -> Film:
        """A stretch of it, on a clock of its own."""
        shown = [
            replace(
                rep,
                start_s=max(rep.start_s, first_s) - first_s,
                bottom_s=rep.bottom_s - first_s,
                end_s=min(rep.end_s, last_s) - first_s,
                whole=rep.whole and rep.start_s >= first_s and rep.end_s <= last_s,
            )
            for rep in self.reps
            if rep.end_s > first_s and rep.start_s < last_s
        ]
        pictures = self.pictures[round(first_s * RATE_HZ) : round(last_s * RATE_HZ)]
        return Film(pictures, tuple(shown))

    def then(self, other: Film) -> Film:
        """This and, after a cut, another."""
        at = len(self.pictures) / RATE_HZ
        later = tuple(
            replace(rep, start_s=rep.start_s + at, bottom_s=rep.bottom_s + at, end_s=rep.end_s + at)
            for rep in other.reps
        )
        return Film(self.pictures + other.pictures, self.reps + later, (*self.cuts_s, at))


@cache
def told() -> dict[str, Any]:
    """What the samples show, by clip."""
    data = json.loads((SAMPLES / "truth.json").read_text("utf-8"))
    return {clip["clip"]: clip for clip in data["clips"]}


def reps_of(clip: dict[str, Any]) -> tuple[TrueRep, ...]:
    """The repetitions in an entry of truth.json."""
    return tuple(
        TrueRep(rep["start_s"], rep["bottom_s"], rep["end_s"], tuple(rep["faults"]))
        for rep in clip["reps"]
    )


def fitted(picture: Picture) -> Picture:
    """The middle of a picture, as large as a scene."""
    wide, high = SIZE_PX
    scale = max(wide / picture.shape[1], high / picture.shape[0])
    scale = 1.0 if scale <= 1.0 else scale
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    if size != picture.shape[1::-1]:
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    left, top = (picture.shape[1] - wide) // 2, (picture.shape[0] - high) // 2
    return np.ascontiguousarray(picture[top : top + high, left : left + wide])


@cache
def sample(name: str) -> Film:
    """A sample as a scene."""
    clip = told()[f"{name}.mp4"]
    frames = read_frames(SAMPLES / f"{name}.mp4", rate_hz=float(RATE_HZ))
    by_time = [(frame.time_s, fitted(frame.rgb)) for frame in frames]
    times = np.array([time_s for time_s, _ in by_time])
    count = int(times[-1] * RATE_HZ) + 1
    nearest = [int(np.argmin(np.abs(times - k / RATE_HZ))) for k in range(count)]
    return Film([by_time[k][1] for k in nearest], reps_of(clip))


@dataclass(frozen=True)
class Cutout:
    """A person without the room: colour and silhouette (0 to 1) in every picture, and landmarks."""

    pictures: list[Picture]
    masks: list[Mask]
    landmarks: list[NDArray[np.float64]]


@cache
def cutout(name: str, model: Path, most: int | None = None) -> Cutout:
    """The person of a sample, cut out of its first `most` pictures (all of them)."""
    from hinge_dowel.pose.tracker import PoseTracker
    from hinge_dowel.video.reader import Frame

    pictures = sample(name).pictures[:most]
    masks, landmarks = [], []
    with PoseTracker(model) as pose_tracker:
        for i, picture in enumerate(pictures):
            observation = pose_tracker.see(Frame(i / RATE_HZ, picture))
            assert observation.silhouette is not None
            masks.append(np.clip((observation.silhouette - 0.2) / 0.6, 0, 1).astype(np.float32))
            landmarks.append(observation.landmarks)
    return Cutout(pictures, masks, landmarks)


def moved(dx: float = 0.0, dy: float = 0.0, scale: float = 1.0, mirror: bool = False) -> Warp:
    """An affine change of a picture about the middle of its floor, (2, 3)."""
    wide, high = SIZE_PX
    side = -scale if mirror else scale
    x, y = wide / 2, high * 0.88
    return np.array([[side, 0, x - side * x + dx], [0, scale, y - scale * y + dy]])


def warped(picture: NDArray[Any], warp: Warp, border: int = cv2.BORDER_CONSTANT) -> NDArray[Any]:
    return np.asarray(
        cv2.warpAffine(picture, warp, SIZE_PX, flags=cv2.INTER_LINEAR, borderMode=border)
    )


def pasted(picture: Picture, person: Picture, mask: Mask, warp: Warp) -> Picture:
    """A cut-out person laid over a picture."""
    alpha = warped(mask, warp)[..., None]
    return (picture * (1 - alpha) + warped(person, warp) * alpha).astype(np.uint8)


def empty_room(name: str, model: Path) -> Picture:
    """The room of a sample without its person."""
    seen = cutout(name, model)
    kernel = np.ones((15, 15), np.uint8)
    wide = [cv2.dilate((m > 0.05).astype(np.uint8), kernel) for m in seen.masks[::6]]
    pictures = np.array(seen.pictures[::6], np.float32)
    pictures[np.array(wide, bool)] = np.nan
    never = np.isnan(pictures[..., 0]).all(axis=0)
    pictures[:, never] = 0.0
    room = np.nanmedian(pictures, axis=0).astype(np.uint8)
    return np.asarray(cv2.inpaint(room, never.astype(np.uint8), 5, cv2.INPAINT_TELEA), np.uint8)


def head_px(landmarks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Middle of the face (2,) and its forward direction (2,) in landmarks (33, 4)."""
    ears = landmarks[list(EARS), :2].mean(axis=0)
    nose = landmarks[NOSE, :2]
    return np.array([(ears + nose) / 2, nose - ears])


def smoothstep(x: float) -> float:
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)


def shaken(first: int, seed: int, strength_px: float = 10.0, settle: float = 4.0) -> Iterator[Warp]:
    """Warps of a bumped camera: still, a shove that dies away, and a new resting place."""
    rng = np.random.default_rng(seed)
    rest = rng.uniform(-1, 1, 2) * 2.5 * strength_px
    i = 0
    while True:
        k = i - first
        shove = rng.normal(0, strength_px, 2) * np.exp(-max(k, 0) / settle) if k >= 0 else (0, 0)
        place = (rest if k >= 0 else np.zeros(2)) + shove
        yield moved(float(place[0]), float(place[1]))
        i += 1


def sequence(warps: Sequence[Warp] | Iterator[Warp], film: Film) -> Film:
    """A film seen through one warp a picture."""
    pictures = [
        np.asarray(warped(p, w, cv2.BORDER_REPLICATE), np.uint8)
        for p, w in zip(film.pictures, warps, strict=False)
    ]
    return replace(film, pictures=pictures)
