"""Watching a clip: what the pose model sees of it, as numbers.

It is shown the pictures that `sampled_frames` chooses; in between, its numbers run in a straight
line. Of a film that shows each picture for a while only new ones count. A thread of its own decodes
and shrinks the next pictures while the model is busy with this one.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from hinge_dowel.body.array_types import Array, Floats
from hinge_dowel.body.outline import OUTLINE_SIZE, outline_rays
from hinge_dowel.errors import ClipError
from hinge_dowel.pose import model_file
from hinge_dowel.pose.exposure import brightness
from hinge_dowel.pose.network import ANSWER_SIZE
from hinge_dowel.pose.network_looks import FirstSizes, NetworkLooks
from hinge_dowel.pose.sparse_rows import SparseRows
from hinge_dowel.pose.tracker import PoseObservation, ready_tracker
from hinge_dowel.video.frame_sampling import (
    ANALYSIS_RATE_HZ,
    EVERY_PICTURE_HZ,
    MovementSpeed,
    SampledFrame,
    apart_from_held,
    sampled_frames,
    thinned_while_slow,
)
from hinge_dowel.video.options import WHOLE, FilmOptions
from hinge_dowel.video.reader import ClipInfo, Frame, decoded_from_s, probe, read_pictures

T = TypeVar("T")

FRESH_S = 1.0
"""The pose model starts again at a cut, but no more often than this: it takes 0.2 s. A choice: no
test of extraction changes from 0.3 to 3."""
LEAST_DIVIDED_S = 6.0
"""Shorter clips are not divided: a second pose model takes as long as would be gained."""
WARM_UP_S = 0.3
"""The tracker of a second half begins so much earlier: four looks. A choice: no test of extraction
changes from 0.2 to 1."""
DECODED_SHARE = 0.07
"""Half of what decoding a second takes of the time that looking at it takes, for each megapixel."""
BREAKS_OFF_S = 1.0
"""A file whose pictures end so much before it should is said to break off. A choice."""
AGAIN = "where more was filmed, copy or record it again."
_AHEAD_COUNT = 3
"""So many pictures at working size wait for the model; each takes 1 MB at most."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the pose model saw of one clip: numbers only, no pixel of anybody.

    `time_s` (T,), `landmarks` (T, 33, 4) in pixels (NaN rows where nobody was found), `outlines`
    (T, `outline.OUTLINE_SIZE`) or None, and the size of the analysed picture, None when not known.
    `cuts_s` are the times of the first pictures after cuts, `light` (T,) the `brightness` of
    pictures, `network` (T, pose.network.ANSWER_SIZE) what our own network said; None where nobody
    looked. `remarks` are sentences on the film itself. `shown_px` (4,) is left, top, right and
    bottom of what the picture shows within bars; None without them. `hidden`: something that never
    moves lies over the body, such as a caption. What was watched is in single
    precision, good to a ten-thousandth of a pixel; it is reckoned with in double, a part at a time.
    """

    time_s: Array
    landmarks: Floats
    outlines: Floats | None
    size_px: tuple[int, int] | None
    cuts_s: Array | None = None
    light: Floats | None = None
    remarks: tuple[str, ...] = ()
    network: Floats | None = None
    shown_px: Array | None = None
    hidden: bool = False


class ObservesFrames(Protocol):
    """Whatever finds a person in frames that come in order: a `PoseTracker`, or what wraps one."""

    def see(self, frame: Frame) -> PoseObservation:
        """Find the person in the next frame."""
        ...

    def restart(self) -> None:
        """Forget the frames so far."""
        ...


@dataclass(slots=True)
class _Watched:
    """What was seen of a clip, or of one stretch of it."""

    network: SparseRows
    times: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    cuts: list[float] = field(default_factory=list)
    size: tuple[int, int] = (0, 0)
    landmarks: SparseRows = field(default_factory=SparseRows)
    outlines: SparseRows = field(default_factory=SparseRows)
    light: SparseRows = field(default_factory=SparseRows)

    def hold(self) -> None:
        """What was seen last holds up to the last picture, and is not carried past it."""
        for seen in (self.landmarks, self.outlines, self.light, self.network):
            seen.hold(self.times[-1])

    def go_on(self, later: _Watched, since_s: float) -> None:
        """Add what was seen of a later stretch after `since_s`, where this one ends."""
        kept = bisect_right(later.times, since_s)
        if later.times[kept] in later.cuts:
            self.hold()
        self.times += later.times[kept:]
        self.changes += later.changes[kept:]
        self.cuts += [cut for cut in later.cuts if cut > since_s]
        for name in ("landmarks", "outlines", "light", "network"):
            getattr(self, name).extend(getattr(later, name), since_s)


def extract_pose(
    path: Path,
    *,
    model: Path | None = None,
    progress: Callable[[float], None] | None = None,
    every_picture: bool = False,
    through: Callable[[ObservesFrames], ObservesFrames] | None = None,
    options: FilmOptions = WHOLE,
    halves: bool = False,
    meanwhile: Callable[[], None] | None = None,
    info: ClipInfo | None = None,
) -> Record:
    """Watch a clip once; masks are measured and dropped, so memory does not grow with them.

    `progress` is called with the share of the clip that is done. `every_picture` shows all of them
    to the pose model, at four times the cost: what the faster way is measured against. `through`
    wraps the tracker, for instance to mask other people. `options` say which part of the film is
    looked at. With `halves` two trackers look at one half each, at the same time, where the file
    allows it: for a second core that has nothing else to do; `meanwhile` is called when one half is
    done. `info`: what `probe` said of it, where that is known.

    Raises `ClipError` for a file that is not a readable video, `ModelError` without a pose model.
    """
    info = info or probe(path, options)
    watch = _Watch(
        path,
        model or model_file.locate(),
        info.duration_s,
        progress,
        every_picture,
        through,
        options,
    )
    middle_s = _middle_s(path, info, options) if halves and not every_picture else None
    seen = watch.whole() if middle_s is None else watch.in_halves(middle_s, meanwhile)
    clock = apart_from_held(np.array(seen.times), np.array(seen.changes))
    remarks = info.remarks
    last_s = seen.times[-1]
    if info.indexed and info.duration_s and info.duration_s - last_s > BREAKS_OFF_S:
        remarks += (
            f"The file shows nothing after {last_s:.1f} of its {info.duration_s:.1f} s: {AGAIN}",
        )
    elif info.breaks_off and options.to_s is None:
        remarks += (f"The file breaks off after {last_s:.1f} s: {AGAIN}",)
    return Record(
        clock,
        seen.landmarks.drain(clock),
        seen.outlines.drain(clock),
        seen.size,
        np.array(seen.cuts),
        seen.light.drain(clock),
        remarks,
        np.full((len(clock), ANSWER_SIZE), np.nan, np.float32)
        if seen.network.empty
        else seen.network.drain(clock),
    )


def _middle_s(path: Path, info: ClipInfo, options: FilmOptions) -> float | None:
    """Where a clip is divided between two trackers, None where it is not worth it or not safe."""
    if not info.indexed or info.duration_s is None:
        return None
    length_s = info.duration_s - info.start_s
    if length_s < LEAST_DIVIDED_S:
        return None
    # The first half is a little shorter, so that one of them is done early and does the rest, ...
    middle_s = info.start_s + length_s / 2 - WARM_UP_S / 4
    # ... and longer, as the second is decoded from further back.
    share = min(DECODED_SHARE * info.width_px * info.height_px / 1e6, 0.5)
    return middle_s + share * (middle_s - decoded_from_s(path, middle_s - WARM_UP_S, options))


@dataclass(slots=True)
class _Watch:
    """One watching of a clip: what it needs, as for `extract_pose`, and how far it is."""

    path: Path
    model: Path
    duration_s: float | None
    progress: Callable[[float], None] | None
    every_picture: bool
    through: Callable[[ObservesFrames], ObservesFrames] | None
    options: FilmOptions
    _done_s: dict[float, float] = field(default_factory=dict)
    _telling: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _sizes: FirstSizes = field(default_factory=FirstSizes)

    def whole(self) -> _Watched:
        """The clip from one end to the other."""
        self._done_s.clear()
        self._stop.clear()
        return self._stretch()

    def in_halves(self, middle_s: float, meanwhile: Callable[[], None] | None) -> _Watched:
        """The same, by two trackers at once; the second has `WARM_UP_S` to find the person.

        Which of them is faster changes nothing; it does what is to be done `meanwhile`.
        """
        to_do = iter([] if meanwhile is None else [meanwhile])

        def half(since_s: float, until_s: float) -> _Watched:
            seen = self._stretch(since_s, until_s)
            for work in to_do:  # nothing for whoever comes second
                work()
            return seen

        with ThreadPoolExecutor(1, "second half") as beside:
            second = beside.submit(half, middle_s - WARM_UP_S, np.inf)
            second.add_done_callback(self._stop_if_failed)
            try:
                first = half(0.0, middle_s)
            except BaseException:
                self._stop.set()
                raise
            finally:
                self._sizes.close()  # whatever became of the first half, nobody waits for it
            try:
                first.go_on(second.result(), middle_s)
            except (ClipError, IndexError):
                # The file does not hold what its index says there.
                return self.whole()
            return first

    def _stop_if_failed(self, done: Future[_Watched]) -> None:
        if done.exception() is not None:
            self._stop.set()

    def _stretch(self, since_s: float = 0.0, until_s: float = np.inf) -> _Watched:
        """What is seen from `since_s` on, up to `until_s`."""
        fresh_s = since_s
        rate_hz = EVERY_PICTURE_HZ if self.every_picture else ANALYSIS_RATE_HZ
        pictures = read_pictures(self.path, rate_hz=rate_hz, options=self.options, since_s=since_s)
        frames = (
            (SampledFrame(picture.time_s, picture.frame(), due=True) for picture in pictures)
            if self.every_picture
            else sampled_frames(pictures)
        )
        # Loading the pose model and decoding the first pictures take about as long.
        with (
            ahead(frames, _AHEAD_COUNT) as coming,
            ready_tracker(self.model) as own,
            NetworkLooks(self._sizes, begins=not since_s) as network,
        ):
            seen = _Watched(network.answers)
            tracker: ObservesFrames = self.through(own) if self.through else own
            movement = MovementSpeed()
            for moment in thinned_while_slow(coming, movement):
                time_s, frame = moment.time_s, moment.frame
                if time_s > until_s or self._stop.is_set():
                    break
                if moment.cut:
                    seen.cuts.append(time_s)
                    network.start_again()
                    seen.hold()
                    if time_s - fresh_s >= FRESH_S:
                        tracker.restart()
                        fresh_s = time_s
                seen.times.append(time_s)
                seen.changes.append(moment.change)
                if frame is None:
                    continue
                observation = tracker.see(frame)
                movement.saw(time_s, observation.landmarks)
                network.look(time_s, frame.rgb, observation.landmarks)
                seen.size = (frame.rgb.shape[1], frame.rgb.shape[0])
                seen.light.append(time_s, np.array(brightness(frame.rgb)))
                seen.landmarks.append(time_s, observation.landmarks)
                seen.outlines.append(
                    time_s,
                    np.full(OUTLINE_SIZE, np.nan)
                    if observation.silhouette is None
                    else outline_rays(observation.landmarks, observation.silhouette),
                )
                self._tell(since_s, time_s)
            network.finish()
        return seen

    def _tell(self, since_s: float, now_s: float) -> None:
        """Tell how much is done, by whichever of the trackers."""
        if not self.progress or not self.duration_s:
            return
        with self._telling:
            self._done_s[since_s] = now_s - since_s
            self.progress(min(sum(self._done_s.values()) / self.duration_s, 1.0))


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
