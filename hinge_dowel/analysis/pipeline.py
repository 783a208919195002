"""The pipeline: what the pose model saw in, a verdict out."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.analysis import back_points, frame_rate, framing, posture, repetitions, segments
from hinge_dowel.analysis.judging import sum_up
from hinge_dowel.body.facing import face_right, facing_of
from hinge_dowel.body.landmarks import HIPS, SHOULDERS
from hinge_dowel.body.limbs import hands_behind
from hinge_dowel.body.trunk import pitch_deg, trunk_frame
from hinge_dowel.pose.extraction import Record
from hinge_dowel.pose.masking import follow_person
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Facing, Verdict

__all__ = ["Record", "follow_person", "judge"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

TOO_DARK = (
    "It is too dark to see a person in most of this clip: put on more light, best from where the "
    "camera stands, and film again."
)
DARK_THERE = "It is too dark there to see anybody: put on more light."
DARK_S = 1.0
"""A shorter spell of darkness is not worth a word: no repetition is in it."""
LEAST_FRAMES = 5
"""Fewer frames with a person than this hold no movement."""
VIEW_TRUNK_DEG = 60.0
"""Less pitched than this the view angle is known to 7 degrees (sd), more pitched to 12."""
HEAD_DOWN_DEG = 130.0
"""A trunk pitched further than this is no hinge; the deepest of the drill come to 110."""
HANDS_SHARE = 0.5
"""Hands behind the back in at least this share of the repetitions are said to be there."""
CUT_SHARE = 0.5
"""Cut off in at least this share of the frames of its repetitions, a place cannot be judged."""


def judge(
    record: Record, *, clip: str, tolerances: Tolerances = DEFAULT, going_on: bool = False
) -> Verdict:
    """Judge what was seen. Never raises for a record of the right shape: says `unusable`.

    Where too few pictures show any repetition that is `unusable`, but not in a session that is
    `going_on`: there each is told as it comes.
    """
    try:
        verdict = _judge_stretches(record, clip, tolerances)
        if not going_on and not any(rep.judged for rep in verdict.reps):
            raise _UnusableError(
                "Too few pictures show the repetitions: film with 15 a second or more, in one "
                "take, with nothing between camera and person.",
                verdict.facing,
                verdict.view_angle_deg,
            )
        return verdict
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
        self,
        reason: str,
        facing: Facing | None = None,
        view_angle_deg: float | None = None,
        *,
        nothing_there: bool = False,
    ) -> None:
        super().__init__(reason)
        self.nothing_there = nothing_there
        self.facing: Facing | None = facing
        self.view_angle_deg = view_angle_deg


def _judge_stretches(record: Record, clip: str, tolerances: Tolerances) -> Verdict:
    """Judge what lies between cuts, jumps and turns, each with its own standing."""
    record, seen = trusted(record)
    parts = segments.split(record, seen)
    dark = _in_the_dark(record, seen, tolerances)
    if parts is None:
        verdict = _judge(record, seen, clip, tolerances)
        warnings = [_left_out(record, span, DARK_THERE) for span in dark]
        return replace(verdict, warnings=(*verdict.warnings, *warnings))
    usable: list[tuple[segments.Stretch, Verdict]] = []
    refused: list[tuple[segments.Stretch, _UnusableError]] = []
    for stretch in parts.own:
        part, shown = segments.part_of(record, seen, stretch)
        try:
            usable.append((stretch, _judge(part, shown, clip, tolerances)))
        except _UnusableError as error:
            refused.append((stretch, error))
    if not usable:
        if _too_dark(record, seen, tolerances):
            raise _UnusableError(TOO_DARK)
        if not refused:
            raise _UnusableError(
                "This clip is cut into pieces too short to judge: film one set in one take."
            )
        raise max(refused, key=lambda known: known[0].stop - known[0].first)[1]
    warnings = []
    if len(parts.own) > 1:
        breaks = ", ".join(f"{record.time_s[stretch.first]:.1f}" for stretch in parts.own[1:])
        warnings.append(
            f"The film is cut or the picture jumps at {breaks} s: each part is judged by itself, "
            "and a rep that this divides counts only as far as it is shown, or not at all. Film a "
            "set in one take."
        )
    said = [(stretch, f"{error}") for stretch, error in refused if not error.nothing_there]
    said += [(stretch, "Somebody else is seen there.") for stretch in parts.others]
    said += [(stretch, "Nobody is seen there.") for stretch in parts.empty]
    spans = [(slice(stretch.first, stretch.stop), why) for stretch, why in said]
    warnings += [
        _left_out(record, span, why)
        for span, why in spans
        if not any(span.start < other.stop and other.start < span.stop for other in dark)
    ]
    warnings += [_left_out(record, span, DARK_THERE) for span in dark]
    return segments.joined(record, usable, warnings)


def _left_out(record: Record, span: slice, why: str) -> str:
    """Which part of a clip is not judged, and why."""
    first_s, last_s = record.time_s[span.start], record.time_s[span.stop - 1]
    return f"From {first_s:.1f} to {last_s:.1f} s the clip is not judged. {why}"


def _too_dark(record: Record, seen: Mask, tolerances: Tolerances) -> bool:
    """Whether nobody is seen in most frames, and mostly for want of light."""
    if record.light is None:
        return False
    dark = ~seen & (record.light < tolerances.dark_level)
    return framing.too_dark(len(seen), int((~seen).sum()), int(dark.sum()), tolerances)


def _in_the_dark(record: Record, seen: Mask, tolerances: Tolerances) -> list[slice]:
    """The frames, a second of them or more, in which nobody is seen for want of light."""
    if record.light is None:
        return []
    dark = ~seen & (record.light < tolerances.dark_level)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], dark, [False]]).astype(int)))
    spans = [slice(int(first), int(stop)) for first, stop in edges.reshape(-1, 2)]
    time_s = record.time_s
    return [span for span in spans if time_s[span.stop - 1] - time_s[span.start] >= DARK_S]


def _judge(record: Record, seen: Mask, clip: str, tolerances: Tolerances) -> Verdict:
    """Judge one unbroken stretch. `seen` (T,): frames with the person."""
    if seen.sum() < LEAST_FRAMES or seen.mean() < tolerances.seen_share:
        if _too_dark(record, seen, tolerances):
            raise _UnusableError(TOO_DARK)
        raise _UnusableError(
            "No person is seen in most of this clip: film the whole body from the side, in good "
            "light, with nothing between camera and person."
        )
    facing = facing_of(record.landmarks)
    if facing is None:
        raise _UnusableError("Which way the person faces cannot be told: film from the side.")
    if record.outlines is None:
        found = back_points.from_landmarks(face_right(record.landmarks, None, facing)[0])
    else:
        estimate = partial(back_points.estimate, record.landmarks, record.outlines, side=facing)
        # Once more, knowing how this person looks standing.
        found = estimate(posture.standing_of(record.time_s, estimate()))
    if not np.isfinite(found.trunk_deg[seen]).any():
        raise _UnusableError(
            "The outlines or depths of the person are missing: give them, or landmarks alone.",
            facing,
        )
    head_cut, feet_cut = framing.cut_off(record.landmarks, record.size_px)
    found = found.without(head=head_cut, legs=feet_cut)
    motion = posture.from_spine(record.time_s, found, tolerances.stature_cm)
    spans = repetitions.find_reps(record.time_s, motion.hip_deg, motion.trunk_deg)
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
    if not np.isfinite(found.knee_deg[seen]).any():
        raise _UnusableError(
            "The legs are never seen: hips, knees and ankles are needed.", facing, view_deg
        )
    if not spans:
        raise _UnusableError(
            "No hip hinge is seen: begin standing, push the hips back and come up again while the "
            "camera runs.",
            facing,
            view_deg,
            nothing_there=True,
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
    elif hands_behind(record.landmarks, facing)[moving & seen].mean() >= HANDS_SHARE:
        warnings.append(
            "Hands behind the back hide some of it: it is judged by what they leave to be seen."
        )
    verdict = sum_up(
        clip,
        motion,
        spans,
        facing,
        record.landmarks,
        tolerances=tolerances,
        size_px=record.size_px,
        view_deg=view_deg,
        notes=notes,
        spare_deg=spare_deg,
        warnings=tuple(warnings),
    )
    # Landmarks alone are somebody else's, whose tracker may have seen more than was passed on.
    if record.outlines is None:
        return verdict
    return frame_rate.with_enough(verdict, record.time_s, seen, spans, tolerances)


def trusted(record: Record) -> tuple[Record, Mask]:
    """The record with frames nobody can be in made NaN, and which frames (T,) remain.

    A single frame found between lost ones is a first guess that tracking has not yet borne out;
    a trunk that hangs head down is somebody lost.
    """
    # Whoever lacks a landmark elsewhere lacks what rests on it, and no more.
    trunk = record.landmarks[:, (*SHOULDERS, *HIPS), :2]
    seen = np.isfinite(trunk).all(axis=(1, 2))
    _, up, _ = trunk_frame(record.landmarks)
    pitch = np.abs(pitch_deg(up))
    with np.errstate(invalid="ignore"):
        seen &= pitch < HEAD_DOWN_DEG
    beside = np.zeros_like(seen)
    beside[1:] |= seen[:-1]
    beside[:-1] |= seen[1:]
    seen &= beside
    if seen.all():
        return record, seen
    landmarks = np.where(seen[:, None, None], record.landmarks, np.nan)
    return replace(record, landmarks=landmarks), seen
