"""Watching a clip: what the pose model sees of it, as numbers.

It is shown the pictures that `sampled_frames` chooses; in between, its numbers run in a straight
line. A thread of its own decodes and shrinks the next pictures while the model is busy with this
one.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.outline import OUTLINE_SIZE, outline_rays
from hinge_dowel.pose.network import ANSWER_SIZE, SpineNetwork
from hinge_dowel.pose.tracker import PoseObservation
from hinge_dowel.video.frame_sampling import Movement, SampledFrame, sampled_frames, spared
from hinge_dowel.video.options import WHOLE, FilmOptions
from hinge_dowel.video.reader import ANALYSIS_RATE_HZ, Frame, probe, read_pictures

T = TypeVar("T")
Array = NDArray[np.float64]
Floats = NDArray[np.floating[Any]]

EVERY_PICTURE_HZ = 1000.0
"""A rate that no clip reaches: every picture is analysed."""
FRESH_S = 1.0
"""The pose model starts again at a cut, but no more often than this: it takes 0.2 s."""
NETWORK_EVERY_S = 0.12
"""Our own network is asked no more often than this: bodies bend slowly, and a look takes 6 ms."""
_AHEAD = 3
"""Pictures at working size that wait for the model; each takes 1 MB at most."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the pose model saw of one clip: numbers only, no pixel of anybody.

    `time_s` (T,), `landmarks` (T, 33, 4) in pixels (NaN rows where nobody was found), `outlines`
    (T, back.OUTLINE_SIZE) or None, and the size of the analysed picture, None when not known.
    `cuts_s` are the times of the first pictures after cuts, `light` (T,) the `brightness` of
    pictures, `network` (T, pose.network.ANSWER_SIZE) what our own network said; None where nobody
    looked. `remarks` are sentences on the film itself. What was watched is in single precision,
    good to a ten-thousandth of a pixel; it is reckoned with in double, a part at a time.
    """

    time_s: Array
    landmarks: Floats
    outlines: Floats | None
    size_px: tuple[int, int] | None
    cuts_s: Array | None = None
    light: Floats | None = None
    remarks: tuple[str, ...] = ()
    network: Floats | None = None


class ObservesFrames(Protocol):
    """Whatever finds a person in frames that come in order: a `PoseTracker`, or what wraps one."""

    def see(self, frame: Frame) -> PoseObservation:
        """Find the person in the next frame."""
        ...

    def restart(self) -> None:
        """Forget the frames so far."""
        ...


def extract_pose(
    path: Path,
    *,
    model: Path | None = None,
    progress: Callable[[float], None] | None = None,
    every_picture: bool = False,
    through: Callable[[ObservesFrames], ObservesFrames] | None = None,
    options: FilmOptions = WHOLE,
) -> Record:
    """Watch a clip once; masks are measured and dropped, so memory does not grow with them.

    `progress` is called with the share of the clip that is done. `every_picture` shows all of them
    to the pose model, at four times the cost: what the faster way is measured against. `through`
    makes of the tracker what is looked through. `options` say which part of the film is looked at.

    Raises `ClipError` for a file that is not a readable video, `ModelError` without a pose model.
    """
    from hinge_dowel.pose import model_file as bundle
    from hinge_dowel.pose.tracker import PoseTracker

    info = probe(path, options)
    size = (0, 0)
    times: list[float] = []
    cuts: list[float] = []
    fresh_s = 0.0
    landmarks, outlines, light = Sparse(), Sparse(), Sparse()
    rate_hz = EVERY_PICTURE_HZ if every_picture else ANALYSIS_RATE_HZ
    pictures = read_pictures(path, rate_hz=rate_hz, options=options)
    frames = (
        (SampledFrame(picture.time_s, picture.frame(), due=True) for picture in pictures)
        if every_picture
        else sampled_frames(pictures)
    )
    model = model or bundle.locate()
    # Loading the pose model and decoding the first pictures take about as long.
    with ahead(frames, _AHEAD) as coming, PoseTracker(model) as own, NetworkLooks() as network:
        tracker: ObservesFrames = through(own) if through else own
        movement = Movement()
        for moment in spared(coming, movement):
            time_s, frame = moment.time_s, moment.frame
            if moment.cut:
                cuts.append(time_s)
                # What was seen before a cut holds up to it, and nothing is carried past it.
                for seen in (landmarks, outlines, light):
                    seen.hold(times[-1])
                network.hold(times[-1])
                if time_s - fresh_s >= FRESH_S:
                    tracker.restart()
                    fresh_s = time_s
            times.append(time_s)
            if frame is None:
                continue
            observation = tracker.see(frame)
            movement.saw(time_s, observation.landmarks)
            network.look(time_s, frame.rgb, observation.landmarks)
            size = (frame.rgb.shape[1], frame.rgb.shape[0])
            light.append(time_s, np.array(brightness(frame.rgb)))
            landmarks.append(time_s, observation.landmarks)
            outlines.append(
                time_s,
                np.full(OUTLINE_SIZE, np.nan)
                if observation.silhouette is None
                else outline_rays(observation.landmarks, observation.silhouette),
            )
            if progress and info.duration_s:
                progress(min(time_s / info.duration_s, 1.0))
    clock = np.array(times)
    return Record(
        clock,
        landmarks.drain(clock),
        outlines.drain(clock),
        size,
        np.array(cuts),
        light.drain(clock),
        info.remarks,
        network.drain(clock),
    )


def brightness(picture: NDArray[np.uint8]) -> float:
    """Mean grey level, 0 to 255, of a picture (height, width, 3)."""
    return float(picture[::8, ::8].mean())


class NetworkLooks:
    """Our own network's answers to the pictures of a clip, found in a thread beside.

    As a context manager; the thread is gone with it. Few pictures wait at any time.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "network")
        # Loaded there too, while the pose model has its first pictures.
        self._network = self._thread.submit(SpineNetwork)
        self._waiting: deque[tuple[float, Future[Array]]] = deque()
        self._answers = Sparse()
        self._last_s = -np.inf

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(cancel_futures=kind is not None)

    def look(self, time_s: float, picture: NDArray[np.uint8], landmarks: Array) -> None:
        """Have the network look at a picture, unless it has just looked at one."""
        if time_s - self._last_s < NETWORK_EVERY_S:
            return
        self._last_s = time_s
        self._keep(_AHEAD - 1)
        self._waiting.append((time_s, self._thread.submit(self._ask, picture, landmarks)))

    def hold(self, time_s: float) -> None:
        """What was said last holds up to `time_s`, and the next picture is looked at."""
        self._keep(0)
        self._answers.hold(time_s)
        self._last_s = -np.inf

    def drain(self, time_s: Array) -> NDArray[np.float32]:
        """An answer for each of `time_s` (T,), between looks in a straight line."""
        self._keep(0)
        if self._answers.empty:
            return np.full((len(time_s), ANSWER_SIZE), np.nan, np.float32)
        return self._answers.drain(time_s)

    def _ask(self, picture: NDArray[np.uint8], landmarks: Array) -> Array:
        return self._network.result().look(picture, landmarks)

    def _keep(self, most: int) -> None:
        """Take in what was asked first, until no more than so many pictures wait."""
        while len(self._waiting) > most:
            time_s, work = self._waiting.popleft()
            self._answers.append(time_s, work.result())


class Sparse:
    """Rows of numbers that come now and then, in rising time; between them a straight line.

    Kept packed and in single precision: an hour of movement holds 50,000 rows.
    """

    def __init__(self) -> None:
        self._times = array("d")
        self._numbers = array("f")
        self._shape: tuple[int, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is no row."""
        return not self._times

    def append(self, time_s: float, row: Array) -> None:
        """Add a row, of the same shape as all before."""
        self._times.append(time_s)
        self._numbers.frombytes(row.astype(np.float32).tobytes())
        self._shape = row.shape

    def hold(self, time_s: float) -> None:
        """The last row once more at `time_s`, unless it was there or there is none."""
        if self._times and self._times[-1] < time_s:
            size = len(self._numbers) // len(self._times)
            self._numbers.extend(self._numbers[-size:])
            self._times.append(time_s)

    def drain(self, time_s: Array) -> NDArray[np.float32]:
        """A row for each of `time_s` (T,), which the times of the rows bound; at least one row.

        NaN between two rows of which one is NaN. The rows are gone then: they need not fill memory
        beside what came of them.
        """
        times, numbers = self._times, self._numbers
        self._times, self._numbers = array("d"), array("f")
        rows = np.frombuffer(numbers, np.float32).reshape(len(times), -1)
        out = np.empty((len(time_s), rows.shape[1]), np.float32)
        for column in range(rows.shape[1]):
            out[:, column] = np.interp(time_s, times, rows[:, column])
        return out.reshape(len(time_s), *self._shape)


@contextmanager
def ahead(items: Iterator[T], count: int) -> Iterator[Iterator[T]]:
    """The same items, made in a thread of its own, from now on and `count` of them in advance.

    What making them raises is raised where they are taken. At the end the thread is too.
    """

    def one() -> tuple[T, ...]:
        return tuple(islice(items, 1))

    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = deque(thread.submit(one) for _ in range(count))

        def taken() -> Iterator[T]:
            while item := coming.popleft().result():
                coming.append(thread.submit(one))
                yield item[0]

        yield taken()
