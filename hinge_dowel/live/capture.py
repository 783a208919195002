"""Open cameras and streams, from which `camera.Camera` reads. Only here: OpenCV's capture.

OpenCV comes with MediaPipe and opens the cameras of Linux, macOS and Windows by number. Streams are
decoded by PyAV and turned upright, as clips are.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from hinge_dowel.body.array_types import Pixels
from hinge_dowel.errors import CameraError, ClipError
from hinge_dowel.pose.system_libraries import opencv
from hinge_dowel.video.clock import Clock
from hinge_dowel.video.container import pick_film
from hinge_dowel.video.orientation import FrameScaler, working_size
from hinge_dowel.video.reader import WORKING_SIDE_PX

AHEAD_S = 0.25
"""A stream whose pictures come earlier than its clock says by more than this is a recording and is
held back to its own speed. A choice: live pictures come in bursts of a few."""
USUAL_STEP_S = 1 / 30
"""Assumed time between two pictures where a stream's clock begins again: that of most cameras."""
STREAM_TIMEOUT_S = 8.0
"""Time-out for opening a stream and for its next picture. A choice of patience."""
LONGEST_SLEEP_S = 1.0
"""Longest wait for one picture of a recording: a leap of its clock is no pause. A choice."""


class CaptureDevice(Protocol):
    """An open camera or stream."""

    def read(self) -> Pixels | None:
        """Return the next picture (height, width, 3), RGB, unscaled; None if the device is gone."""

    def close(self) -> None:
        """Release the device."""

    finite: bool
    """Whether the source has a regular end, as a recording behind a URL has."""


def fitted(picture: Pixels) -> Pixels:
    """Shrink a picture to working size, its width a multiple of 4; C-contiguous."""
    cv2 = opencv()
    height, width = picture.shape[:2]
    size = working_size(width, height, WORKING_SIDE_PX)
    if size == (width, height):
        return np.ascontiguousarray(picture)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small, dtype=np.uint8)


class CvCamera:
    """A camera, opened by number through OpenCV. Raises `CameraError` if it gives no picture."""

    finite = False

    def __init__(self, number: int) -> None:
        cv2 = opencv()
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        refuse_device(number)
        self._capture: Any = cv2.VideoCapture(number)
        if not self._capture.isOpened() or not self._capture.grab():
            self._capture.release()
            raise CameraError(
                f"Camera {number} gives no picture: close other programs that use it and allow "
                "this terminal to use the camera."
            )
        # Where the driver allows it, one picture in its queue and not four.
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def read(self) -> Pixels | None:
        """Return the next picture, None when the camera is gone."""
        import cv2

        try:
            came, picture = self._capture.read()
        except cv2.error:  # some drivers fail so when the cable is pulled
            return None
        if not came:
            return None
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)

    def close(self) -> None:
        """Release the camera."""
        self._capture.release()


def refuse_device(number: int, devices: Path = Path("/dev")) -> None:
    """Raise `CameraError` for a camera that is missing or not permitted; checks Linux only."""
    if sys.platform != "linux":
        return
    device = devices / f"video{number}"
    if not device.exists():
        found = sorted(int(p.name[5:]) for p in devices.glob("video*") if p.name[5:].isdigit())
        there = (
            f"there is {', '.join(map(str, found))}" if found else "there is none on this machine"
        )
        raise CameraError(
            f"There is no camera {number} ({there}): plug one in, or name a video file or a "
            "stream's address with --source."
        )
    if not os.access(device, os.R_OK | os.W_OK):
        raise CameraError(
            f"Camera {number} may not be used by this user: add yourself to the group video "
            "and log in again."
        )


def downloaded(url: str, folder: Path) -> Path | None:
    """Download a recording behind a web address into `folder`; return its path.

    Returns None for an answer of unknown length (a camera's picture), for a playlist, and where the
    server fails: `Stream` then opens the address or says what is wrong.
    """
    from http.client import HTTPException
    from urllib.request import urlopen

    try:
        with urlopen(url, timeout=STREAM_TIMEOUT_S) as answer:  # noqa: S310  (http or https)
            kind = answer.headers.get_content_type()
            if answer.headers.get("Content-Length") is None or "mpegurl" in kind:
                return None
            path = folder / "film"
            with path.open("wb") as file:
                shutil.copyfileobj(answer, file)
            return path
    except (OSError, HTTPException, ValueError):
        return None


class Stream:
    """A stream, opened by its URL through PyAV; a recording plays at its own speed.

    Raises `CameraError` if it cannot be opened.
    """

    finite = True

    def __init__(self, url: str) -> None:
        import av

        try:
            self._container = av.open(url, timeout=(STREAM_TIMEOUT_S, STREAM_TIMEOUT_S))
            film = pick_film(self._container, "The stream", seekable=False)
        except ClipError as error:
            raise CameraError(str(error)) from error
        except (av.FFmpegError, OSError) as error:
            reason = getattr(error, "strerror", None) or "it holds no video"
            raise CameraError(
                f"The stream cannot be opened ({reason}): check its address and that the camera's "
                "app is running."
            ) from error
        self._frames = self._container.decode(film.stream)
        self._scaler = FrameScaler(film.pixel_aspect, WORKING_SIDE_PX)
        self._clock = Clock()
        self._begun_s: float | None = None
        self._recorded = False

    def read(self) -> Pixels | None:
        """Return the next picture, upright and with square pixels; None when the stream is over or
        has broken off (`finite` is then False).
        """
        import av

        try:
            frame = next(self._frames, None)
        except (av.FFmpegError, OSError):
            self.finite = False
            return None
        if frame is None:
            return None
        if frame.time is not None:
            now_s = time.monotonic()
            film_s = self._clock.tick(frame.time, USUAL_STEP_S)
            if self._begun_s is None:
                self._begun_s = now_s
            ahead_s = self._begun_s + film_s - now_s if film_s is not None else 0.0
            self._recorded |= ahead_s > AHEAD_S
            if self._recorded and ahead_s > 0:
                time.sleep(min(ahead_s, LONGEST_SLEEP_S))
        return self._scaler.rgb(frame)

    def close(self) -> None:
        """Close the stream."""
        self._container.close()
