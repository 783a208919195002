"""Sources of live pictures: a camera, a stream, or a file that plays at its own speed.

A thread reads; `take` returns the newest picture. A picture that is not taken before the next one
comes is dropped, so a slow machine sees fewer pictures but never lags behind.
"""

from __future__ import annotations

import re
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import numpy as np

from hinge_dowel.body.array_types import Pixels
from hinge_dowel.errors import CameraError, HingeDowelError, UsageError
from hinge_dowel.keypoints.formats import is_keypoints
from hinge_dowel.live.capture import (
    CaptureDevice,
    CvCamera,
    Stream,
    downloaded,
    fitted,
    refuse_device,
)
from hinge_dowel.pose.picture_bars import shown_part
from hinge_dowel.system.names import is_url, without_secrets
from hinge_dowel.video import numbered_pictures
from hinge_dowel.video.options import WHOLE, FilmOptions
from hinge_dowel.video.reader import Frame, probe, read_frames

SHORTEST_GAP_S = 0.045
"""Shortest time between two pictures of a camera; those in between are dropped. It lies between one
and two steps of 1/30 s, so that 30 pictures a second become 15, as in a clip."""
STALLED_S = 3.0
"""A camera without a new picture for this long has stopped, or its picture is frozen. A choice."""
RETRY_S = 2.0
"""Pause before a camera is opened again. A choice."""
GIVE_UP_S = 60.0
"""A camera that cannot be opened again for this long ends the session. A choice of patience."""
LONGEST_WAIT_S = 0.1
"""Longest single sleep of a film between pictures, so that it notices a pause soon. A choice."""


@dataclass(frozen=True, slots=True)
class CapturedFrame:
    """A picture; `frame.time_s` is on the source's clock, `arrived_s` on the session's."""

    frame: Frame
    arrived_s: float


class Source(ABC):
    """A source of pictures. Use it in a `with` block, which starts and ends the reading.

    `trouble` is a sentence on what is wrong now, "" while all is well. `ended` is True when no
    picture will come any more; `failure` then is the reason, None at the end of a film. `dropped`
    counts the pictures that were replaced by newer ones before they were taken.
    """

    live = True
    """True where pictures show what happens now; False for a film, which can be paused."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.trouble = ""
        self.failure: HingeDowelError | None = None
        self.dropped = 0
        self._newest: CapturedFrame | None = None
        self._changed = threading.Condition()
        self._over = threading.Event()
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def start(self) -> None:
        """Begin to read. Raises `CameraError` or `ClipError` when nothing can be read."""

    def take(self, timeout_s: float) -> CapturedFrame | None:
        """Return the newest picture not taken yet, None when none comes within `timeout_s`."""
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None, timeout_s)
            shot, self._newest = self._newest, None
            return shot

    def _put(self, shot: CapturedFrame) -> None:
        """Have a picture taken next; one that was not taken yet is dropped."""
        with self._changed:
            self.dropped += self._newest is not None
            self._newest = shot
            self._changed.notify_all()

    def pause(self, paused: bool) -> None:  # noqa: B027  (what happens now cannot be stopped)
        """Pause a film (True) or let it play on (False); a camera ignores it."""

    def close(self) -> None:
        """Stop reading."""
        self._closed.set()

    @property
    def ended(self) -> bool:
        """Whether the last picture was taken and no more will come."""
        return self._over.is_set() and self._newest is None


class Film(Source):
    """A video file that plays at its own speed, with the same pictures as `check` looks at.

    `folder` is a temporary folder that holds the file and is deleted on `close`.
    """

    live = False

    def __init__(
        self,
        path: Path,
        *,
        name: str = "",
        options: FilmOptions = WHOLE,
        folder: TemporaryDirectory[str] | None = None,
    ) -> None:
        super().__init__(name or str(path))
        self._options = options
        self._folder = folder
        self._path = path
        self._frames: Iterator[Frame] = iter(())
        self._running = threading.Event()
        self._running.set()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Cut away bars beside what the film shows, decode the first picture, then play."""
        whole = next(read_frames(self._path, options=self._options))
        shown = shown_part(self._path, self._options, whole.rgb)
        self._frames = read_frames(self._path, options=replace(self._options, shown=shown))
        first = next(self._frames)
        self._thread = threading.Thread(target=self._play, args=(first,), daemon=True)
        self._thread.start()

    def pause(self, paused: bool) -> None:
        """Pause the film, or let it play on from where it paused."""
        if paused:
            self._running.clear()
        else:
            self._running.set()

    def close(self) -> None:
        """Stop reading and close the file."""
        super().close()
        self._running.set()
        if self._thread is not None:
            self._thread.join()
        if self._folder is not None:
            self._folder.cleanup()

    def _play(self, first: Frame) -> None:
        begun_s = time.monotonic() - first.time_s
        frame: Frame | None = first
        try:
            while frame is not None and not self._closed.is_set():
                if not self._running.is_set():
                    stopped_s = time.monotonic()
                    self._running.wait()
                    begun_s += time.monotonic() - stopped_s
                    continue
                left_s = begun_s + frame.time_s - time.monotonic()
                if left_s > 0:
                    self._closed.wait(min(left_s, LONGEST_WAIT_S))
                    continue
                self._put(CapturedFrame(frame, time.monotonic()))
                frame = next(self._frames, None)
        except HingeDowelError as error:
            self.failure = error
        finally:
            self._frames = iter(())
            self._over.set()


class Camera(Source):
    """A camera or stream; opened again when it stops, given up after `GIVE_UP_S`.

    `opener` opens the device; `words` names its kind in messages.
    """

    def __init__(
        self, name: str, opener: Callable[[], CaptureDevice], *, words: str = "camera"
    ) -> None:
        super().__init__(name)
        self._opener = opener
        self._words = words
        self._lock = threading.Lock()
        self._reader = 0
        self._came_s = self._fresh_s = self._begun_s = time.monotonic()

    def start(self) -> None:
        """Open the device and begin to read."""
        grabber = self._opener()
        self._begun_s = self._came_s = self._fresh_s = time.monotonic()
        self._read_on(grabber)

    def take(self, timeout_s: float) -> CapturedFrame | None:
        """Return the newest picture or None; have a camera that hangs opened again."""
        shot = super().take(timeout_s)
        now_s = time.monotonic()
        if shot is not None or self._over.is_set():
            return shot
        if now_s - self._fresh_s > GIVE_UP_S:
            self._give_up()
        elif now_s - self._came_s > STALLED_S and not self.trouble:
            # The reader hangs inside the driver, where nothing can reach it: leave it there.
            self.trouble = f"The {self._words} has stopped: check its cable and its app."
            self._read_on(None)
        return None

    def _give_up(self) -> None:
        self.failure = CameraError(
            f"The {self._words} {self.name} gave no picture for {GIVE_UP_S:.0f} s: check it "
            "and begin again; every finished rep is kept."
        )
        self._over.set()
        self.close()

    def _read_on(self, grabber: CaptureDevice | None) -> None:
        with self._lock:
            self._reader += 1
            mine = self._reader
        threading.Thread(target=self._read, args=(grabber, mine), daemon=True).start()

    def _mine(self, reader: int) -> bool:
        return reader == self._reader and not self._closed.is_set()

    def _read(self, grabber: CaptureDevice | None, mine: int) -> None:
        """Read until another reader takes over; open the camera again when it is gone."""
        while self._mine(mine):
            if grabber is None:
                if self._closed.wait(RETRY_S) or not self._mine(mine):
                    return
                try:
                    grabber = self._opener()
                except HingeDowelError as error:
                    self.trouble = str(error)
                    continue
            try:
                finite = self._drain(grabber, mine)
            finally:
                grabber.close()
            if finite and self._mine(mine):
                self._over.set()
                return
            grabber = None

    def _drain(self, grabber: CaptureDevice, mine: int) -> bool:
        """Read until pictures stop or freeze; return whether the source has come to its end."""
        last: Pixels | None = None
        put_s = -np.inf
        while self._mine(mine):
            picture = grabber.read()
            now_s = time.monotonic()
            if not self._mine(mine):
                return False
            if picture is None:
                if not grabber.finite:
                    self.trouble = f"The {self._words} is gone: plug it in or turn it on again."
                return grabber.finite
            self._came_s = now_s
            if now_s - put_s < SHORTEST_GAP_S:
                continue
            # Sensors have noise: a picture that is the same to the last bit is not a new one.
            if last is None or not np.array_equal(picture, last):
                self._fresh_s, self.trouble = now_s, ""
            elif now_s - self._fresh_s > STALLED_S:
                self.trouble = f"The picture of the {self._words} is frozen: restart it."
                return False
            last, put_s = picture, now_s
            self._put(CapturedFrame(Frame(now_s - self._begun_s, fitted(picture)), now_s))
        return False


def open_source(text: str, *, options: FilmOptions = WHOLE) -> Source:
    """Return the source that `text` names: a camera's number, a stream's URL, or a file.

    A recording behind a web address is downloaded at once and played as a file; no camera is opened
    before `start`. Raises `CameraError` for a camera that does not exist or may not be used,
    `ClipError` for a file that is not there or cannot be read, and `UsageError` for what is no
    film, and where `options`, which are for films, are given with a camera or a stream.
    """
    shown = without_secrets(text)
    if re.match(r"https?://", text):
        folder = TemporaryDirectory(prefix="hinge-dowel-", ignore_cleanup_errors=True)
        path = downloaded(text, Path(folder.name))
        if path is not None:
            return Film(path, name=shown, options=options, folder=folder)
        folder.cleanup()
    if options != WHOLE and (is_url(text) or text.isdigit()):
        raise UsageError("--from, --to and --slow-motion are for a film, not for a camera.")
    if re.fullmatch(r"\d+", text):
        number = int(text)
        refuse_device(number)
        return Camera(text, lambda: CvCamera(number))
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", text):
        return Camera(shown, lambda: Stream(text), words="stream")
    if is_keypoints(text) or Path(text).suffix.lower() in numbered_pictures.SUFFIXES:
        raise UsageError(f"{text} is no film: keypoints and numbered pictures are for check.")
    probe(Path(text), options)  # before a model is fetched for it and a screen put up
    return Film(Path(text), options=options)
