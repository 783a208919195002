"""Frames to landmarks and silhouette: the only module that knows MediaPipe."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.array_types import Array
from hinge_dowel.body.landmarks import LANDMARK_COUNT
from hinge_dowel.errors import HingeDowelError, ModelError
from hinge_dowel.pose import model_file
from hinge_dowel.pose.exposure import exposed
from hinge_dowel.pose.network import no_answer
from hinge_dowel.pose.system_libraries import missing_library, not_loaded
from hinge_dowel.video.orientation import WIDTH_STEP_PX
from hinge_dowel.video.reader import Frame


@dataclass(frozen=True, slots=True)
class PoseObservation:
    """What the pose model saw in one frame.

    `landmarks` (33, 4): x and y in pixels (y down), depth in the same scale (nearer is smaller),
    visibility 0 to 1; all NaN when nobody was found. `silhouette` (height, width) is 0 to 1, None
    when nobody was found. It is a copy of a person's outline: use it and drop it. `alone`: found
    in this picture by itself (`SinglePictureTracker`), not followed from the one before. `network`
    is what our own network said of the same picture (`pose.network`), NaN where it was not asked.
    """

    time_s: float
    landmarks: Array
    silhouette: NDArray[np.float32] | None
    alone: bool = False
    network: Array = field(default_factory=no_answer)


def no_person(time_s: float) -> PoseObservation:
    """What is seen in a frame where nobody is."""
    return PoseObservation(time_s, np.full((LANDMARK_COUNT, 4), np.nan), None)


_quieting = threading.Lock()
_quiet: list[contextlib.ExitStack] = []
"""One for each who wants the C++ side quiet; the first holds what lets it through again."""


@contextlib.contextmanager
def quiet_native_output() -> Iterator[None]:
    """Discard what the C++ side writes to file descriptor 2 as long as any thread wants it so."""
    with _quieting:
        _quiet.append(_discarded() if not _quiet else contextlib.ExitStack())
    try:
        yield
    finally:
        with _quieting:
            _quiet.pop().close()


def _discarded() -> contextlib.ExitStack:
    """Discard what is written to file descriptor 2 until this is closed."""
    undo = contextlib.ExitStack()
    try:
        sys.stderr.flush()
        kept = os.dup(2)
    except (OSError, ValueError, AttributeError):  # no standard error to keep quiet
        return undo
    undo.callback(os.close, kept)
    undo.callback(os.dup2, kept, 2)
    with open(os.devnull, "wb") as devnull:  # noqa: PTH123  (a plain descriptor)
        os.dup2(devnull.fileno(), 2)
    return undo


class _Deferred(ModuleType):
    """Stands in for a module and loads it when something of it is wanted."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or sys.modules.get(self.__name__) is self:
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


_NOT_NEEDED = ("cv2", "matplotlib", "matplotlib.pyplot", "sounddevice")
"""mediapipe imports them for drawing and for sound: three quarters of its loading time."""


@contextlib.contextmanager
def _deferred() -> Iterator[None]:
    """Meanwhile, imports of modules that are not needed here get stand-ins."""
    stand_ins = {name: _Deferred(name) for name in _NOT_NEEDED if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


_loading = threading.Lock()


def _mediapipe() -> Any:
    """Import mediapipe, or say in a sentence which system library it misses."""
    with _loading:  # or another thread would meet the stand-ins
        known = "mediapipe.tasks.python.vision" in sys.modules
        try:
            with quiet_native_output(), contextlib.nullcontext() if known else _deferred():
                import mediapipe
                import mediapipe.tasks.python.vision
        except (ImportError, OSError) as error:
            raise not_loaded("MediaPipe", error) from error
        return mediapipe


class _Landmarker:
    """MediaPipe's pose landmarker, set up and cleaned up; a context manager.

    Raises `ModelError` when MediaPipe is missing a library, and where the model cannot be read or
    used.
    """

    def __init__(self, model: Path, mode: str, **options: object) -> None:
        self._mp = _mediapipe()
        vision = self._mp.tasks.vision
        # By its name a file loads a quarter faster, but C++ cannot encode every name.
        plain = os.name == "posix" and str(model).isascii()
        try:
            kind, asset = ("path", str(model)) if plain else ("buffer", model.read_bytes())
            self._options = vision.PoseLandmarkerOptions(
                base_options=self._mp.tasks.BaseOptions(**{f"model_asset_{kind}": asset}),
                running_mode=vision.RunningMode[mode],
                **options,
            )
            self._landmarker = self._created()
        except FileNotFoundError as error:  # deleted since it was located
            raise ModelError(f"The pose model {model} is gone: run the command again.") from error
        except (OSError, RuntimeError, ValueError) as error:
            # Some versions load what they need from the system only now.
            missing = missing_library(str(error))
            why = str(error).rstrip(".")
            raise ModelError(
                missing or f"MediaPipe cannot use the pose model {model}: {why}."
            ) from error

    def _created(self) -> Any:
        with quiet_native_output():
            return self._mp.tasks.vision.PoseLandmarker.create_from_options(self._options)

    def _image(self, frame: Frame) -> Any:
        # Strided views would be read as garbage without an error.
        pixels = np.ascontiguousarray(exposed(frame.rgb))
        return self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=pixels)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with quiet_native_output():
            self._landmarker.close()


class PoseTracker(_Landmarker):
    """A pose landmarker for one clip: give it frames in order, as a context manager.

    It tracks from frame to frame and smooths landmarks in time, so every clip needs a new one.
    """

    def __init__(self, model: Path) -> None:
        super().__init__(model, "VIDEO", output_segmentation_masks=True)
        self._last_ms = -1
        self._warm = False

    def restart(self) -> None:
        """Forget the frames so far: the next one shows another scene."""
        with quiet_native_output():
            self._landmarker.close()
        self._landmarker = self._created()

    def see(self, frame: Frame) -> PoseObservation:
        """Find the person in the next frame.

        Raises ValueError for a picture whose width is not a multiple of 4: with masks on,
        MediaPipe would abort the process.
        """
        _refuse_width(frame)
        # Integer and strictly increasing, whatever the clip's clock does.
        self._last_ms = max(self._last_ms + 1, round(frame.time_s * 1000))
        image = self._image(frame)
        # The C++ side talks at the first frame, and at the first with a person.
        with contextlib.nullcontext() if self._warm else quiet_native_output():
            result = self._landmarker.detect_for_video(image, self._last_ms)
        self._warm |= bool(result.pose_landmarks)
        return _observation(frame, result)


_ready: deque[Future[PoseTracker]] = deque()


def make_ready(explicit: Path | None, count: int) -> None:
    """Begin to load so many pose trackers in a thread, for `ready_tracker` to hand out.

    `explicit` is the model that the user named; there is only one whose bytes are accepted. What
    goes wrong is told to whoever needs a tracker.
    """
    thread = ThreadPoolExecutor(1, "ready")
    path = thread.submit(model_file.locate, explicit, fetch=False)
    with contextlib.suppress(ModelError):
        _mediapipe()
    _ready.extend(thread.submit(lambda: PoseTracker(path.result())) for _ in range(count))
    thread.shutdown(wait=False)


def ready_tracker(model: Path) -> PoseTracker:
    """Return a pose tracker that `make_ready` has loaded, else a new one."""
    with contextlib.suppress(IndexError, HingeDowelError):
        return _ready.popleft().result()
    return PoseTracker(model)


class SinglePictureTracker(_Landmarker):
    """Finds the person in each picture by itself, for pictures that come too seldom to follow.

    It costs half as much again as `PoseTracker`, but does not lose head and legs between two
    pictures: in sample clips thinned out to 3 a second no angle of a repetition was off by more
    than 9 degrees, where `PoseTracker` was off by 29.
    """

    def __init__(self, model: Path) -> None:
        super().__init__(model, "IMAGE", output_segmentation_masks=True)

    def see(self, frame: Frame) -> PoseObservation:
        """Find the person in a picture. Raises ValueError as `PoseTracker.see`."""
        _refuse_width(frame)
        with quiet_native_output():
            found = self._landmarker.detect(self._image(frame))
        return replace(_observation(frame, found), alone=True)


def _refuse_width(frame: Frame) -> None:
    width = frame.rgb.shape[1]
    if width % WIDTH_STEP_PX:
        raise ValueError(f"frame width must be a multiple of {WIDTH_STEP_PX}, not {width}")


def _observation(frame: Frame, result: Any) -> PoseObservation:
    """MediaPipe's result for a frame in pixels."""
    if not result.pose_landmarks or not result.segmentation_masks:
        return no_person(frame.time_s)
    landmarks = _in_pixels(frame, result.pose_landmarks[:1])[0]
    # Copied before the result, which owns the pixels, goes away.
    silhouette = np.array(result.segmentation_masks[0].numpy_view(), dtype=np.float32)
    return PoseObservation(frame.time_s, landmarks, silhouette.reshape(frame.rgb.shape[:2]))


def _in_pixels(frame: Frame, found: Any) -> Array:
    """MediaPipe's landmarks of some people, (N, 33, 4), in pixels of a frame."""
    height, width = frame.rgb.shape[:2]
    poses = [[(p.x, p.y, p.z, p.visibility) for p in pose] for pose in found]
    return np.array(poses).reshape(-1, LANDMARK_COUNT, 4) * (width, height, width, 1.0)


class MultiPoseTracker(_Landmarker):
    """Finds people in single pictures; a landmarker of its own, as `PoseTracker` follows one."""

    def __init__(self, model: Path, most: int = 2) -> None:
        super().__init__(model, "IMAGE", num_poses=most)

    def boxes(self, frame: Frame) -> Array:
        """Where people are: (N, 4), left, top, right, bottom of their landmarks in pixels."""
        xy = self.poses(frame)[..., :2]
        return np.concatenate([xy.min(axis=1), xy.max(axis=1)], axis=1)

    def poses(self, frame: Frame) -> Array:
        """The landmarks of everybody found, (N, 33, 4), as those of a `PoseObservation`."""
        with quiet_native_output():
            found = self._landmarker.detect(self._image(frame))
        return _in_pixels(frame, found.pose_landmarks)
