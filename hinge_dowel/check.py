"""The pipeline: a clip or arrays in, a verdict out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hinge_dowel import back, posture, reps, spine
from hinge_dowel.judging import judge_rep
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import FAULTS, Facing, Rep, Verdict

Array = NDArray[np.float64]

LEAST_FRAMES = 5
"""Fewer frames with a person than this hold no movement."""
ANKLE_SPARE, EAR_SPARE = (-0.15, -0.15), (0.08, 0.2)
"""How far from the picture's sides, and from its top and bottom, ankles and ears must be, in trunk
lengths. Ankles found 7 cm outside still give the shin; over an ear there are 10 cm of head."""
VIEW_TRUNK_DEG = 60.0
"""Less pitched than this the view angle is known to 7 degrees (sd), more pitched to 12."""
HEAD_DOWN_DEG = 130.0
"""A trunk pitched further than this is no hinge; the deepest of the drill come to 110."""
CUT_SHARE = 0.5
"""Cut off in at least this share of the frames of its repetitions, a place cannot be judged."""
UPRIGHT_LEAN = 0.3
"""Head before or behind the sacrum, as a share of their distance: standing stays within 0.2."""
SMALLEST_BACK = 1e-9
"""Shorter than this share of its distance from the origin, a back is lost to rounding."""
MOST = 1e9
"""Larger coordinates are no picture's."""
RATES_FPS = (0.01, 1e5)
"""A rate beyond these is a slip."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the pose model saw of one clip: numbers only, no pixel of anybody.

    `time_s` (T,), `landmarks` (T, 33, 4) in pixels (NaN rows where nobody was found), `outlines`
    (T, back.OUTLINE_SIZE) or None, and the size of the analysed picture, None when not known.
    """

    time_s: Array
    landmarks: Array
    outlines: Array | None
    size_px: tuple[int, int] | None


def check_clip(
    path: str | Path,
    *,
    model: Path | None = None,
    tolerances: Tolerances = DEFAULT,
    progress: Callable[[float], None] | None = None,
) -> Verdict:
    """Judge one video clip.

    `model` is the pose bundle (default: found, or fetched once, by `model.locate`). `progress` is
    called with the share of the clip that is done. Raises `ClipError` for a file that is not a
    readable video and `ModelError` when there is no pose model; a clip that can be read but not
    judged comes back `unusable` with the reason.
    """
    path = Path(path)
    record = observe(path, model=model, progress=progress)
    return judge(record, clip=path.name, tolerances=tolerances)


def observe(
    path: Path, *, model: Path | None = None, progress: Callable[[float], None] | None = None
) -> Record:
    """Watch a clip once; masks are measured and dropped, so memory does not grow with them."""
    from hinge_dowel import model as bundle
    from hinge_dowel.pose import Eye
    from hinge_dowel.video import probe, read_frames

    duration_s = probe(path).duration_s
    times, landmarks, outlines = [], [], []
    size = None
    with Eye(model or bundle.locate()) as eye:
        for frame in read_frames(path):
            sight = eye.see(frame)
            size = (frame.rgb.shape[1], frame.rgb.shape[0])
            times.append(sight.time_s)
            landmarks.append(sight.landmarks)
            outlines.append(
                np.full(back.OUTLINE_SIZE, np.nan)
                if sight.silhouette is None
                else back.outline(sight.landmarks, sight.silhouette)
            )
            if progress and duration_s:
                progress(min(frame.time_s / duration_s, 1.0))
    return Record(np.array(times), np.array(landmarks), np.array(outlines), size)


def judge(record: Record, *, clip: str, tolerances: Tolerances = DEFAULT) -> Verdict:
    """Judge what was seen. Never raises for a record of the right shape: says `unusable`."""
    try:
        return _judge(record, clip, tolerances)
    except _UnusableError as error:
        return Verdict(
            clip,
            "unusable",
            reason=str(error),
            facing=error.facing,
            view_angle_deg=error.view_angle_deg,
        )


class _UnusableError(Exception):
    """Why a clip cannot be judged, in a sentence, with what is known all the same."""

    def __init__(
        self, reason: str, facing: Facing | None = None, view_angle_deg: float | None = None
    ) -> None:
        super().__init__(reason)
        self.facing: Facing | None = facing
        self.view_angle_deg = view_angle_deg


def _judge(record: Record, clip: str, tolerances: Tolerances) -> Verdict:
    record, seen = _trusted(record)
    if seen.sum() < LEAST_FRAMES or seen.mean() < tolerances.seen_share:
        raise _UnusableError(
            "No person is seen in most of this clip: film the whole body from the side, in good "
            "light, with nothing between camera and person."
        )
    facing = back.facing(record.landmarks[seen])
    if facing is None:
        raise _UnusableError("Which way the person faces cannot be told: film from the side.")
    right, rays = back.face_right(record.landmarks, record.outlines, facing)
    found = spine.from_landmarks(right) if rays is None else spine.estimate(right, rays)
    if not np.isfinite(found.trunk_deg[seen]).any():
        raise _UnusableError(
            "The outlines or depths of the person are missing: give them, or landmarks alone.",
            facing,
        )
    head_cut, feet_cut = _cut_off(record)
    found = found.without(head=head_cut, legs=feet_cut)
    motion = posture.from_spine(record.time_s, found, tolerances.stature_cm)
    spans = reps.find_reps(record.time_s, motion.hip_deg, motion.trunk_deg)
    moving = np.zeros(len(record.time_s), dtype=bool)
    for span in spans:
        moving[span.first : span.last + 1] = True
    # Asked of the reps and the standing around them, since people turn before and after; and of
    # upright moments, where the view angle is known twice as well as bent over.
    shown = seen & (moving | motion.standing) if spans else seen
    with np.errstate(invalid="ignore"):
        upright = shown & (found.trunk_deg < VIEW_TRUNK_DEG)
    view_deg = float(np.nanmedian(found.view_angle_deg[upright if upright.any() else shown]))
    if view_deg > tolerances.view_refuse_deg:
        raise _UnusableError(
            f"The camera stands about {view_deg:.0f} degrees from side-on: film square from the "
            "side, at hip height.",
            facing,
            view_deg,
        )
    if not spans:
        raise _UnusableError(
            "No hip hinge is seen: begin standing, push the hips back and come up again while the "
            "camera runs.",
            facing,
            view_deg,
        )
    for cut, part in ((head_cut, "head is"), (feet_cut, "feet are")):
        if cut[moving & seen].mean() >= CUT_SHARE:
            raise _UnusableError(
                f"The {part} out of the picture: step back until the whole body fits, also when "
                "bent.",
                facing,
                view_deg,
            )
    oblique = view_deg > tolerances.view_warn_deg
    notes = ["oblique_view"] if oblique else []
    spare_deg = tolerances.oblique_extra_deg if oblique else 0.0
    if record.outlines is None:
        notes.append("unsure_spine")
        spare_deg += tolerances.landmarks_extra_deg
    warnings = []
    if oblique:
        warnings.append(
            f"The camera stands about {view_deg:.0f} degrees from side-on: figures are rougher."
        )
    if record.outlines is None:
        warnings.append(
            "Landmarks alone do not show the back: rounding cannot be judged without an outline."
        )
    return _verdict(
        clip, motion, spans, tolerances, facing, view_deg, notes, spare_deg, tuple(warnings)
    )


def _verdict(
    clip: str,
    motion: posture.Posture,
    spans: tuple[reps.RepSpan, ...],
    tolerances: Tolerances,
    facing: Facing,
    view_deg: float | None = None,
    notes: Sequence[str] = (),
    spare_deg: float = 0.0,
    warnings: tuple[str, ...] = (),
    three: bool = False,
) -> Verdict:
    """Judge every repetition and sum up; `three`: of three points along the back."""
    judged = tuple(
        judge_rep(motion, span, number, tolerances=tolerances, notes=notes, spare_deg=spare_deg)
        for number, span in enumerate(spans, 1)
    )
    if three:
        judged = tuple(_either_end(rep) for rep in judged)
    faults = tuple(f for f in FAULTS if any(f in rep.faults for rep in judged))
    if motion.neutral == "assumed":
        warnings += (
            "No standing is seen, so a typical posture stands in for this person's own: begin "
            "each clip standing still for two seconds.",
        )
    return Verdict(
        clip,
        "faulty" if faults else "clean",
        facing=facing,
        view_angle_deg=view_deg,
        neutral=motion.neutral,
        faults=faults,
        reps=judged,
        warnings=warnings,
    )


def check_keypoints(
    landmarks: ArrayLike,
    fps: float,
    *,
    outlines: ArrayLike | None = None,
    tolerances: Tolerances = DEFAULT,
) -> Verdict:
    """Judge pose landmarks without a video.

    `landmarks` (frames, 33, 2 to 4): MediaPipe's order and axes, x and y in pixels or any unit
    that is the same both ways, y down, then depth in that unit, then visibility; NaN for missing.
    `fps` frames per second. `outlines` (frames, `back.OUTLINE_SIZE`), optional, from
    `back.outline`; it needs depth in the landmarks.

    Without outlines hips, knees, shins and head are judged, but not the back: landmarks alone do
    not show it (30 degrees of lumbar flexion move the hip-shoulder distance by 16 mm), so
    `spinal_flexion_deg` and the strays are None and every rep says `unsure_spine`.

    Raises ValueError for arrays of another shape or kind, infinities, or a rate that is none.
    """
    seen = _array(landmarks, "landmarks")
    if seen.ndim != 3 or seen.shape[1] != 33 or not 2 <= seen.shape[2] <= 4:
        raise ValueError(f"landmarks must be (frames, 33, 2 to 4), not {seen.shape}.")
    rays = None
    if outlines is not None:
        rays = _array(outlines, "outlines")
        if rays.shape != (len(seen), back.OUTLINE_SIZE):
            raise ValueError(
                f"outlines must be ({len(seen)}, {back.OUTLINE_SIZE}), not {rays.shape}."
            )
        if seen.shape[2] < 3:
            raise ValueError("outlines need landmarks with depth: (frames, 33, 3 or 4).")
    record = Record(_times(len(seen), fps), seen, rays, None)
    return judge(record, clip="keypoints", tolerances=tolerances)


def check_points(points: ArrayLike, fps: float, *, tolerances: Tolerances = DEFAULT) -> Verdict:
    """Judge points along the back: which place leaves the dowel.

    `points` (frames, K >= 3, 2), ordered head to sacrum (occiput, neck and thoracic points, upper
    back, lumbar points, sacrum), y down as in images, any unit, facing either way; NaN for
    missing. `fps` frames per second. Centimetres assume `tolerances.stature_cm`.

    With four points or more the upper back gives the dowel its direction, and the place that left
    it is the one named. Three points cannot always name it. The least-squares line through three
    leaves one degree of freedom; its residuals are orthogonal to (1, 1, 1) and to the positions
    (0, a, a + b), hence always in the ratio b : -(a + b) : a. So only the middle one's sign
    carries information: in front of the chord the upper back has left it; behind it head or
    sacrum has. If either would then have left by more than its tolerance, both are named and the
    rep is marked `ambiguous`.

    Without legs, hip flexion is the trunk's pitch, and knee and shin are None. Backs of which no
    standing is seen are `unusable`: there is nothing to hold them against. Raises ValueError for
    arrays of another shape or kind, infinities, or a rate that is none.
    """
    given = _array(points, "points")
    if given.ndim != 3 or given.shape[1] < 3 or given.shape[2] != 2:
        raise ValueError(f"points must be (frames, 3 or more, 2), not {given.shape}.")
    time = _times(len(given), fps)
    seen = np.isfinite(given).all(axis=(1, 2))
    if seen.sum() < LEAST_FRAMES:
        return Verdict("points", "unusable", reason="Too few frames show every point.")
    run = given[:, 0] - given[:, -1]
    chord = np.linalg.norm(run, axis=1)
    longest = float(np.nanpercentile(chord, 90))
    if not longest > SMALLEST_BACK * float(np.nanmax(np.abs(given))):
        return Verdict("points", "unusable", reason="All points lie in one place.")
    # In a hinge the head goes forward of the sacrum, whichever way that is.
    lean = run[seen, 0] / longest
    facing: Facing = "right" if lean[np.abs(lean) > UPRIGHT_LEAN].sum() >= 0 else "left"
    right = given * [1.0 if facing == "right" else -1.0, 1.0]
    usual = spine.typical()
    reach_cm = np.linalg.norm(usual.points[0, 0] - usual.points[0, -1])
    reach_cm *= usual.trunk_share * tolerances.stature_cm
    motion = posture.from_points(time, right * (reach_cm / longest))
    spans = reps.find_reps(time, motion.hip_deg)
    if not spans:
        return Verdict("points", "unusable", reason="No hip hinge is seen.", facing=facing)
    if motion.neutral == "assumed":
        # A back held round throughout would be its own neutral.
        return Verdict(
            "points",
            "unusable",
            reason="No standing is seen, against which to judge: begin standing upright.",
            facing=facing,
        )
    return _verdict("points", motion, spans, tolerances, facing, three=given.shape[1] == 3)


def _either_end(rep: Rep) -> Rep:
    """Of three points: where one end may have left, so may the other, and both are named."""
    ends = {"spinal_flexion", "cervical_flexion"}
    if not ends & set(rep.faults):
        return rep
    both = tuple(fault for fault in FAULTS if fault in ends | set(rep.faults))
    return replace(rep, faults=both, notes=(*rep.notes, "ambiguous"))


def _array(values: ArrayLike, name: str) -> Array:
    try:
        given = np.asarray(values)
        # Complex numbers and dates would turn into floats, and into nonsense.
        if given.dtype.kind not in "biufO":
            raise TypeError(given.dtype)
        out = given.astype(float)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} must be an array of numbers.") from error
    if isinstance(values, np.ma.MaskedArray):
        out[np.ma.getmaskarray(values)] = np.nan
    if np.isinf(out).any():
        raise ValueError(f"{name} must be finite, or NaN where missing.")
    if np.any(np.abs(out) > MOST):
        raise ValueError(f"{name} must lie within {MOST:g}.")
    return out


def _times(frames: int, fps: float) -> Array:
    try:
        rate = float(fps)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"fps must be a positive number, not {fps!r}.") from error
    if not RATES_FPS[0] <= rate <= RATES_FPS[1]:
        raise ValueError(f"fps must lie between {RATES_FPS[0]:g} and {RATES_FPS[1]:g}, not {fps}.")
    return np.arange(frames) / rate


def _trusted(record: Record) -> tuple[Record, NDArray[np.bool_]]:
    """The record with frames nobody can be in made NaN, and which frames (T,) remain.

    A single frame found between lost ones is a first guess that tracking has not yet borne out;
    a trunk that hangs head down is somebody lost.
    """
    seen = np.isfinite(record.landmarks[:, :, :2]).all(axis=(1, 2))
    _, up, _ = back.trunk_frame(record.landmarks)
    pitch = np.degrees(np.arctan2(np.abs(up[:, 0]), -up[:, 1]))
    with np.errstate(invalid="ignore"):
        seen &= pitch < HEAD_DOWN_DEG
    beside = np.zeros_like(seen)
    beside[1:] |= seen[:-1]
    beside[:-1] |= seen[1:]
    seen &= beside
    landmarks = np.where(seen[:, None, None], record.landmarks, np.nan)
    return replace(record, landmarks=landmarks), seen


def _cut_off(record: Record) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """In which frames head and feet lie outside the picture: two (T,) masks."""
    frames = len(record.landmarks)
    if record.size_px is None:
        return np.zeros(frames, dtype=bool), np.zeros(frames, dtype=bool)
    xy = record.landmarks[..., :2]
    _, _, trunk = back.trunk_frame(record.landmarks)
    size = np.array(record.size_px)

    def outside(places: tuple[int, ...], spare: tuple[float, float]) -> NDArray[np.bool_]:
        margin = np.array(spare) * trunk[:, None, None]
        with np.errstate(invalid="ignore"):
            out = (xy[:, places] < margin) | (xy[:, places] > size - margin)
        lost: NDArray[np.bool_] = np.logical_and.reduce(np.logical_or.reduce(out, axis=2), axis=1)
        return lost

    return outside(back.EARS, EAR_SPARE), outside(back.ANKLES, ANKLE_SPARE)
