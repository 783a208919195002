"""Sagittal figures with known joint angles, as the arrays an estimator would give.

    >>> motion = mix([HINGE, ROUNDING], fps=10, noise_cm=0.5)
    >>> motion.points.shape, motion.landmarks.shape
    ((106, 7, 2), (106, 33, 4))
    >>> [rep.faults for rep in motion.reps]
    [(), ('spinal_flexion',)]

Angles are those of `figure.figure`: degrees of change from the figure's own standing posture,
sagittal plane, flexion and leaning forward positive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from functools import partial
from typing import Any, Literal, TypedDict, Unpack, get_args

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.array_types import Array
from hinge_dowel.body.figure import LANDMARKS, LEFT, Figure, figure

Facing = Literal["left", "right"]
Phase = Literal["standing", "lowering", "bottom", "lifting"]

ANKLE_PX = (640.0, 640.0)
"""Place of the ankle in the picture, say of 1280 x 720; facing left mirrors the figure about it."""

NEAR_VISIBILITY = 0.99
FAR_VISIBILITY = 0.7
"""Visibility of landmarks on the camera's side and on the other one, by choice: MediaPipe's medians
for limbs in 60 clips are 0.98 and 0.48, the far side's range 0.25 to 0.93."""

SPINAL_FAULT_DEG = 20.0
"""From this angle on a figure has `spinal_flexion`; between 10 and this it is a matter of opinion
and of no use as an example of either."""
CERVICAL_FAULT_DEG = 20.0
"""From this angle on a figure has `cervical_flexion`."""
SQUAT_KNEE_DEG = 60.0
"""From this knee flexion on a figure squats; a hinge stays within 30."""


@dataclass(frozen=True, slots=True)
class Bottom:
    """The posture at the bottom of a repetition, by the angles of `figure.figure`.

    Raises ValueError for angles that are not finite and shares outside 0 to 1.
    """

    hip_deg: float = 75.0
    knee_deg: float = 18.0
    shin_deg: float = 2.0
    spinal_deg: float = 4.0
    cervical_deg: float = 0.0
    lumbar_share: float = 0.7

    def __post_init__(self) -> None:
        if not np.isfinite(astuple(self)).all():
            raise ValueError(f"Every angle must be a finite number, not {self}.")
        if not 0 <= self.lumbar_share <= 1:
            raise ValueError(f"lumbar_share must lie between 0 and 1, not {self.lumbar_share}.")

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults by the limits of this module's constants, worst first."""
        found = {
            "spinal_flexion": self.spinal_deg >= SPINAL_FAULT_DEG,
            "squatting": self.knee_deg >= SQUAT_KNEE_DEG,
            "cervical_flexion": self.cervical_deg >= CERVICAL_FAULT_DEG,
        }
        return tuple(fault for fault, there in found.items() if there)


HINGE = Bottom()
"""Hips back, soft knees, upright shins, back and neck as in standing."""
SQUAT = Bottom(hip_deg=105.0, knee_deg=100.0, shin_deg=30.0)
"""Knees and shins forward, hips down, back straight."""
ROUNDING = Bottom(spinal_deg=40.0)
"""A hinge with a rounded back."""
NECK_FLEXION = Bottom(cervical_deg=35.0)
"""A hinge with the chin to the chest."""
EXTENSION = Bottom(spinal_deg=-20.0, cervical_deg=-15.0)
"""A hinge with the back arched and the face lifted: none of the three faults. A stick on the bare
points of such a back lies 3 cm off the upper back, as in a squat: `check_points` says so."""


class Options(TypedDict, total=False):
    """The keywords of `mix` and of the presets, for type checkers; defaults are `Setting`'s."""

    tempo_s: float
    pause_s: float
    top_s: float
    stand_s: float
    fps: float
    noise_cm: float
    dropout: float
    camera_yaw_deg: float
    facing: Facing
    seed: int
    stature_cm: float
    px_per_cm: float


@dataclass(frozen=True, slots=True)
class Setting:
    """Timing and camera of a motion. Raises `ValueError` for impossible values."""

    tempo_s: float = 4.0
    """Time of lowering and lifting together, half each, without the pause at the bottom."""
    pause_s: float = 0.0
    """Pause at the bottom of every repetition."""
    top_s: float = 0.5
    """Standing between repetitions."""
    stand_s: float = 1.0
    """Standing before the first repetition and after the last."""
    fps: float = 30.0
    noise_cm: float = 0.0
    """Standard deviation of the noise on every coordinate of every place in every frame."""
    dropout: float = 0.0
    """Share of places not seen (NaN, visibility 0), independent for each place and frame."""
    camera_yaw_deg: float = 0.0
    """0 is side-on; positive shows the chest, negative the back."""
    facing: Facing = "right"
    """The side to which the nose points in the picture."""
    seed: int = 0
    """The same seed gives the same noise and dropouts."""
    stature_cm: float = 170.0
    px_per_cm: float = 3.0

    def __post_init__(self) -> None:
        for name in ("tempo_s", "fps", "stature_cm", "px_per_cm"):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)}.")
        for name in ("pause_s", "top_s", "stand_s", "noise_cm"):
            if not 0 <= getattr(self, name) < np.inf:
                raise ValueError(f"{name} must not be negative, not {getattr(self, name)}.")
        if not 0 <= self.dropout <= 1:
            raise ValueError(f"dropout must lie between 0 and 1, not {self.dropout}.")
        if not -90 < self.camera_yaw_deg < 90:
            raise ValueError(f"camera_yaw_deg must lie within 90, not {self.camera_yaw_deg}.")
        if self.facing not in get_args(Facing):
            raise ValueError(f"facing must be left or right, not {self.facing!r}.")


_ANGLES = (
    *("hip_flexion_deg", "knee_flexion_deg", "shin_angle_deg"),
    *("spinal_flexion_deg", "cervical_flexion_deg"),
)
"""The names in results of the angles of a `Bottom`, in its order."""


@dataclass(frozen=True, slots=True)
class RepTruth:
    """The truth about one repetition: times in seconds, angles at its bottom in degrees."""

    start_s: float
    bottom_s: float
    """The middle of the bottom, pause included."""
    end_s: float
    hip_flexion_deg: float
    knee_flexion_deg: float
    shin_angle_deg: float
    spinal_flexion_deg: float
    cervical_flexion_deg: float
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """A motion as a camera sees it, and the truth about it; read-only arrays of T frames."""

    time_s: Array
    """(T,) seconds from 0."""
    fps: float
    points: Array
    """(T, 7, 2) `figure.POINTS` on the skin of the back: pixels, y down, NaN if dropped."""
    landmarks: Array
    """(T, 33, 4) in MediaPipe's order: x and y in pixels, y down, z in pixels away from the camera
    counted from mid-hip, visibility from 0 to 1. Dropped ones are NaN with visibility 0."""
    hip_flexion_deg: Array
    knee_flexion_deg: Array
    shin_angle_deg: Array
    spinal_flexion_deg: Array
    cervical_flexion_deg: Array
    """These five (T,): the true change from standing, degrees."""
    phase: NDArray[np.str_]
    """(T,) of `Phase`."""
    reps: tuple[RepTruth, ...]

    def __repr__(self) -> str:
        span = float(self.time_s[-1] - self.time_s[0]) if len(self.time_s) else 0.0
        faults = [" ".join(rep.faults) or "clean" for rep in self.reps]
        return (
            f"Motion({len(self.time_s)} frames, {span:.1f} s at {self.fps:g} fps, "
            f"{len(faults)} reps: {', '.join(faults) or 'none'})"
        )

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the same in hypothesis and IPython, instead of every number in it."""
        printer.text(repr(self))


def mix(bottoms: Iterable[Bottom], **options: Unpack[Options]) -> Motion:
    """Return a motion with a repetition for each of `bottoms`, standing before, between and after.

    All angles go from standing to the bottom and back together, as half a cosine of time each way.
    Keywords are the fields of `Setting`. Without bottoms the figure just stands. The projection is
    parallel: a camera at infinity. Raises `ValueError` for impossible settings.
    """
    setting, bottoms = Setting(**options), tuple(bottoms)
    move_s = setting.tempo_s + setting.pause_s
    cycle_s = move_s + setting.top_s
    starts = setting.stand_s + cycle_s * np.arange(len(bottoms))
    total_s = (starts[-1] + move_s if bottoms else setting.stand_s) + setting.stand_s
    time = np.arange(int(total_s * setting.fps + 1e-6) + 1) / setting.fps
    number = np.clip((time - setting.stand_s) // cycle_s, 0, max(len(bottoms) - 1, 0)).astype(int)
    since = time - setting.stand_s - cycle_s * number
    left = move_s - since
    half_s = setting.tempo_s / 2
    share = (1 - np.cos(np.pi * np.clip(np.minimum(since, left) / half_s, 0.0, 1.0))) / 2
    if not bottoms:
        share = np.zeros(len(time))
    phase: NDArray[np.str_] = np.select(
        [share == 0, since < half_s, left < half_s], ["standing", "lowering", "lifting"], "bottom"
    )
    *made, lumbar_share = np.array([astuple(bottom) for bottom in bottoms or (HINGE,)])[number].T
    angles = np.array(made) * share
    shape = figure(*angles, lumbar_share=lumbar_share, stature_cm=setting.stature_cm)
    points, landmarks = _seen(shape, setting)
    return Motion(
        time_s=time,
        fps=setting.fps,
        points=points,
        landmarks=landmarks,
        **dict(zip(_ANGLES, angles, strict=True)),
        phase=phase,
        reps=tuple(
            RepTruth(
                start_s=float(start),
                bottom_s=float(start + move_s / 2),
                end_s=float(start + move_s),
                **dict(zip(_ANGLES, astuple(bottom)[:-1], strict=True)),
                faults=bottom.faults,
            )
            for start, bottom in zip(starts, bottoms, strict=True)
        ),
    )


def _seen(shape: Figure, setting: Setting) -> tuple[Array, Array]:
    """Return a figure as a camera sees it: points (T, 7, 2) and landmarks (T, 33, 4), pixels."""
    rng = np.random.default_rng(setting.seed)
    yaw = np.radians(setting.camera_yaw_deg)
    # The camera stands at the figure's right when it faces right, else at its left.
    mirror = 1.0 if setting.facing == "right" else -1.0

    def picture(places: Array) -> Array:
        """Project places in cm (..., forward, up, left) to pixels (..., right, down, away)."""
        forward, up, aside = places[..., 0], places[..., 1], mirror * places[..., 2]
        across = np.cos(yaw) * forward + np.sin(yaw) * aside
        away = np.cos(yaw) * aside - np.sin(yaw) * forward
        cm = np.stack([mirror * across, -up, away], axis=-1)
        noise_cm = setting.noise_cm * rng.standard_normal(cm.shape)
        return setting.px_per_cm * (cm + noise_cm) + (*ANKLE_PX, 0.0)

    points = picture(np.insert(shape.points, 2, 0.0, axis=-1))[..., :2]
    hip = shape.landmarks[:, LANDMARKS.index(("hip", LEFT)), 0]
    places = picture(shape.landmarks)
    places[..., 2] += setting.px_per_cm * np.sin(yaw) * hip[:, None]
    far = np.array([side * mirror > 0 for _, side in LANDMARKS])
    visibility = np.where(far, FAR_VISIBILITY, NEAR_VISIBILITY)[None, :, None]
    visibility = visibility.repeat(len(places), axis=0)
    lost = rng.random(places.shape[:2]) < setting.dropout
    places[lost], visibility[lost] = np.nan, 0.0
    points[rng.random(points.shape[:2]) < setting.dropout] = np.nan
    return points, np.concatenate([places, visibility], axis=-1)


def motion(bottom: Bottom, reps: int = 3, **options: Unpack[Options]) -> Motion:
    """Return the same repetition `reps` times; keywords as for `mix`."""
    return mix([bottom] * reps, **options)


hinge, squat = partial(motion, HINGE), partial(motion, SQUAT)
rounding, neck_flexion = partial(motion, ROUNDING), partial(motion, NECK_FLEXION)
extension = partial(motion, EXTENSION)
"""The same of these postures: `squat(2, fps=60)` is `motion(SQUAT, 2, fps=60)`."""
