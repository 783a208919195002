"""The pipeline: a clip or arrays in, a verdict out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hinge_dowel import back, posture, reps, spine
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import FAULTS, Facing, Verdict, judge_rep

if TYPE_CHECKING:
    from hinge_dowel.pose import Sight

Array = NDArray[np.float64]

LEAST_FRAMES = 5
"""Fewer frames with a person than this hold no movement."""
OUTSIDE_TRUNKS = 0.15
"""A place this far outside the picture, in trunk lengths (about 7 cm), is cut off."""
CUT_SHARE = 0.5
"""Cut off in at least this share of the frames of its repetitions, a place cannot be judged."""

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
    seen = np.isfinite(record.landmarks[:, :, :2]).all(axis=(1, 2))
    if seen.sum() < LEAST_FRAMES or seen.mean() < tolerances.seen_share:
        raise _UnusableError(
            "No person is seen in most of this clip: film the whole body from the side, in good "
            "light, with nothing between camera and person."
        )
    facing = back.facing(record.landmarks[seen])
    if facing is None:
        raise _UnusableError("Which way the person faces cannot be told: film from the side.")
    right, rays = back.face_right(record.landmarks, record.outlines, facing)
    found = spine.estimate(right, rays)
    view_deg = float(np.nanmedian(found.view_angle_deg))
    if view_deg > tolerances.view_refuse_deg:
        raise _UnusableError(
            f"The camera stands about {view_deg:.0f} degrees from side-on: film square from the "
            "side, at hip height.",
            facing,
            view_deg,
        )
    head_cut, feet_cut = _cut_off(record)
    found = found.without(head=head_cut, legs=feet_cut)
    motion = posture.from_spine(record.time_s, found, tolerances.stature_cm)
    spans = reps.find_reps(record.time_s, motion.hip_deg, motion.trunk_deg)
    if not spans:
        raise _UnusableError(
            "No hip hinge is seen: begin standing, push the hips back and come up again while the "
            "camera runs.",
            facing,
            view_deg,
        )
    moving = np.zeros(len(record.time_s), dtype=bool)
    for span in spans:
        moving[span.first : span.last + 1] = True
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
    if record.outlines is None:
        notes.append("unsure_spine")
    judged = tuple(
        judge_rep(motion, span, number, tolerances=tolerances, notes=notes)
        for number, span in enumerate(spans, 1)
    )
    faults = tuple(f for f in FAULTS if any(f in rep.faults for rep in judged))
    warnings = []
    if oblique:
        warnings.append(
            f"The camera stands about {view_deg:.0f} degrees from side-on: figures are rougher."
        )
    if motion.neutral == "assumed":
        warnings.append(
            "No standing is seen, so a typical posture stands in for this person's own: begin "
            "each clip standing still for two seconds."
        )
    return Verdict(
        clip,
        "faulty" if faults else "clean",
        facing=facing,
        view_angle_deg=view_deg,
        neutral=motion.neutral,
        faults=faults,
        reps=judged,
        warnings=tuple(warnings),
    )


def _cut_off(record: Record) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """In which frames head and feet lie outside the picture: two (T,) masks."""
    frames = len(record.landmarks)
    if record.size_px is None:
        return np.zeros(frames, dtype=bool), np.zeros(frames, dtype=bool)
    xy = record.landmarks[..., :2]
    _, _, trunk = back.trunk_frame(record.landmarks)
    margin = OUTSIDE_TRUNKS * trunk[:, None, None]
    size = np.array(record.size_px)

    def outside(places: tuple[int, ...]) -> NDArray[np.bool_]:
        with np.errstate(invalid="ignore"):
            out = (xy[:, places] < -margin) | (xy[:, places] > size + margin)
        return np.asarray(out.any(axis=2).all(axis=1))

    return outside(back.EARS), outside(back.ANKLES)
