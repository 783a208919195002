"""Divides a clip into unbroken stretches: one person, facing one way, without a cut.

Angles are changes from a person's own standing, and a repetition is one movement. So nothing may
be judged across a cut, a jump to another person, or a turn; and of two people one is followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np

from hinge_dowel.analysis.repetitions import LONGEST_GAP_S
from hinge_dowel.analysis.time_series import smooth
from hinge_dowel.body.array_types import Array, Floats, Mask
from hinge_dowel.body.facing import facing_of, rightward_reach
from hinge_dowel.body.landmarks import ANKLES, COMPARED
from hinge_dowel.body.limbs import limb_angles
from hinge_dowel.body.trunk import pitch_deg, trunk_frame
from hinge_dowel.pose.extraction import Record
from hinge_dowel.pose.person_tracks import SAME_TRUNK_LOG, farthest, grouped_by_place, locate
from hinge_dowel.verdict import BETWEEN, Rep, Series, Verdict

TURN_JUMP_DEG, TURN_SPEED_DEG_S = 40.0, 200.0
"""The trunk's pitch cannot change by more than the first plus the second per second: errors reach
14 from one picture to the next, repetitions 150 a second. Half and twice of either are steady."""
TURN_S = 0.8
"""Window of the running median of facing: noses may be lost. A choice: steady at 0.4 and 1.6."""
FACING_LENGTHS = 0.1
"""Least reach of face and feet to one side, in trunk lengths, of somebody who faces that way; 0.4
to 0.6 is usual. Steady at 0.05 and 0.2."""
SAME_SHAPE_LENGTHS, SAME_SIZE_LOG = 0.1, 0.08
"""Greatest change of shape (root mean square of joints, in trunk lengths) and of size (logarithm of
the trunk's length) at a jump that is only the camera's, pushed aside. Then they are 0.04 and 0.04
at most; from one person standing to another standing 0.2 and more."""
FEET_STAY_LENGTHS = 0.25
"""A trunk that is bent (`BENT_DEG`) over feet that move by no more than this from one picture to
the next, in trunk lengths, is the same person's, however long it looks: in quick bends it is seen
half as long for a moment. In four of 84 films whole repetitions are judged that were cut in two
(the hip of the judging ones 3.68 degrees off for 3.89). Without the bend four more real clips of
190 gain such a one, but a film loses one and a clip gains a false maybe."""
BESIDE_STEPS = 3
"""The picture changes as at a cut where a camera shakes, or somebody close to it moves fast. It is
none where the person moves no faster across it than in one of so many steps beside it: so in ten of
47 moments of 250 real clips, all of them in one take by eye or at a fade; from 1.2 times as fast on
most are cuts."""
LEAST_S = 1.0
"""Shortest stretch that is judged, and shortest darkness that is reported: a shorter one cannot
hold a repetition. A choice: steady at 0.5 and 1.25, not at 2."""
SHORT_S = 0.4
"""A movement in a piece shorter than `LEAST_S`, but not than this, is said not to be judged. Of 36
short pieces of 16 real clips 4 are such, ways up or down of 0.4 to 0.8 s; the others are a few
pictures, or show somebody who stands. A choice, at 0.2 it is the same."""
BENT_DEG = 20.0
"""A loss of the person does not divide a stretch if the trunk is pitched by more than this before
and after it, or, in a loss of up to `LONGEST_GAP_S`, before or after it. Of 84 clips of virtual
subjects 8 have such a moment, in which the pose model sees a body where none can be; in standing
the pitch is 9 at most in those clips."""


@dataclass(frozen=True, slots=True)
class ClipSegment:
    """Frames `first` up to, not including, `stop`; `cut`: it begins with a cut of the film.

    `lost` are the frames in it, as (first, stop), in which the person was lost for a moment.
    """

    first: int
    stop: int
    cut: bool
    lost: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The stretches of a clip: `own` show the person to follow, `others` another person.

    `empty` are stretches between cuts without anybody, `short` those too short to judge in which
    somebody moves. Others too short to judge are in none.
    """

    own: tuple[ClipSegment, ...]
    others: tuple[ClipSegment, ...] = ()
    empty: tuple[ClipSegment, ...] = ()
    short: tuple[ClipSegment, ...] = ()


def split(record: Record, seen: Mask) -> Segmentation | None:
    """Return the stretches of a clip, None if it is unbroken. `seen` (T,): frames with a person."""
    if seen.sum() < 2:
        return None
    starts = {0: True} | breaks(record, seen)
    ends = pairwise([*sorted(starts), len(seen)])
    parts = [ClipSegment(first, stop, starts[first]) for first, stop in ends]
    if len(parts) == 1:
        return None
    return _of_one_person(parts, record, seen)


def breaks(record: Record, seen: Mask) -> dict[int, bool]:
    """Return the frames at which a new stretch begins, and whether the film is cut there.

    `seen` (T,): frames with a person, two of them at least.
    """
    at = np.flatnonzero(seen)
    time_s = record.time_s
    hip, up, trunk = (part[at] for part in trunk_frame(record.landmarks))
    gap_s = np.diff(time_s[at])
    usual = np.median(trunk)
    jump = np.linalg.norm(np.diff(hip, axis=0), axis=1) / usual
    pitch = np.unwrap(pitch_deg(up), period=360.0)
    feet = record.landmarks[at[:, None], ANKLES, :2].mean(axis=1)
    stay = np.linalg.norm(np.diff(feet, axis=0), axis=1) <= FEET_STAY_LENGTHS * usual
    bent = np.abs(pitch) > BENT_DEG
    broken = jump > farthest(gap_s)
    broken |= (np.abs(np.diff(np.log(trunk))) > SAME_TRUNK_LOG) & ~(stay & bent[1:] & bent[:-1])
    broken |= np.abs(np.diff(pitch)) > TURN_JUMP_DEG + TURN_SPEED_DEG_S * gap_s
    joints = (record.landmarks[at[:, None], COMPARED, :2] - hip[:, None]) / trunk[:, None, None]
    with np.errstate(invalid="ignore"):
        other = (
            np.sqrt(np.nanmean(np.diff(joints, axis=0) ** 2, axis=(1, 2)) * 2) > SAME_SHAPE_LENGTHS
        )
    other |= np.abs(np.diff(np.log(trunk))) > SAME_SIZE_LOG
    broken &= other
    # From one picture to the next the shape of somebody who turns hardly changes.
    broken |= _turns(time_s[at], rightward_reach(record.landmarks)[at])
    cuts = np.isin(time_s, () if record.cuts_s is None else record.cuts_s)
    going_on = ~other | _as_fast_as_beside(record.landmarks[at[:, None], COMPARED, :2], gap_s)
    cuts[at[1:][going_on & (np.diff(at) == 1)]] = False
    return {int(i): False for i in at[1:][broken]} | {int(i): True for i in np.flatnonzero(cuts)}


def _as_fast_as_beside(joints: Floats, gap_s: Array) -> Mask:
    """Return a mask (T - 1,) of steps in which joints (T, J, 2) move no faster than in others near.

    `gap_s` (T - 1,) is how long each step takes.
    """
    with np.errstate(invalid="ignore"):
        speed = np.sqrt(np.nanmean(np.diff(joints, axis=0) ** 2, axis=(1, 2))) / gap_s
    steps = np.pad(np.nan_to_num(speed), BESIDE_STEPS)
    near = np.lib.stride_tricks.sliding_window_view(steps, 2 * BESIDE_STEPS + 1)
    return np.asarray(speed <= np.delete(near, BESIDE_STEPS, axis=1).max(axis=1))


def _turns(time_s: Array, lean: Array) -> Mask:
    """Return a mask (T - 1,) of frames after which the person faces the other way.

    `lean` (T,) is `rightward_reach`.
    """
    steady = smooth(time_s, np.nan_to_num(lean), TURN_S)
    side = np.where(np.abs(steady) < FACING_LENGTHS, 0.0, np.sign(steady))
    known = np.flatnonzero(side)
    turned = np.zeros(len(side) - 1, dtype=bool)
    changes = np.flatnonzero(np.diff(side[known]))
    turned[(known[changes] + known[changes + 1]) // 2] = True
    return turned


def _of_one_person(parts: Sequence[ClipSegment], record: Record, seen: Mask) -> Segmentation:
    """Follow one person between any two cuts: the one who is seen for longest."""
    takes: list[list[ClipSegment]] = []
    short = []
    for part in parts:
        if part.cut or not takes:
            takes.append([])
        shown_s = record.time_s[part.first : part.stop][seen[part.first : part.stop]]
        if len(shown_s) and shown_s[-1] - shown_s[0] >= LEAST_S:
            takes[-1].append(part)
        elif _moves(part, record, seen):
            short.append(part)
    own: list[ClipSegment] = []
    others: list[ClipSegment] = []
    empty = [
        part
        for part in parts
        if part.cut
        and not seen[part.first : part.stop].any()
        and record.time_s[part.stop - 1] - record.time_s[part.first] >= LEAST_S
    ]
    for take in filter(None, takes):
        frames = [slice(part.first, part.stop) for part in take]
        groups = grouped_by_place([locate(record.landmarks[span]) for span in frames])
        longest = max(groups, key=lambda group: sum(int(seen[frames[i]].sum()) for i in group))
        own += _rejoined([take[i] for i in longest], record, seen)
        others += [part for i, part in enumerate(take) if i not in longest]
    return Segmentation(tuple(own), tuple(others), tuple(empty), tuple(short))


def _moves(part: ClipSegment, record: Record, seen: Mask) -> bool:
    """Return whether somebody is seen for `SHORT_S` in a stretch and bends by `BENT_DEG` there."""
    shown = np.flatnonzero(seen[part.first : part.stop]) + part.first
    if not len(shown) or np.ptp(record.time_s[shown]) < SHORT_S:
        return False
    pitch = limb_angles(record.landmarks[shown].astype(float)).trunk
    return bool(np.ptp(pitch) > BENT_DEG)


def _rejoined(parts: Sequence[ClipSegment], record: Record, seen: Mask) -> list[ClipSegment]:
    """Return a person's stretches in one take, joined across moments of loss."""
    out = list(parts[:1])
    for part in parts[1:]:
        before = out[-1]
        if _lost_for_a_moment(before, part, record, seen):
            lost = (*before.lost, (before.stop, part.first))
            out[-1] = replace(before, stop=part.stop, lost=lost)
        else:
            out.append(part)
    return out


def _lost_for_a_moment(before: ClipSegment, after: ClipSegment, record: Record, seen: Mask) -> bool:
    """Return whether two stretches are divided only by a loss of the bent person (`BENT_DEG`)."""
    known = [np.flatnonzero(seen[s.first : s.stop]) + s.first for s in (before, after)]
    ends = [known[0][-1], known[1][0]]
    bent = np.abs(limb_angles(record.landmarks[ends].astype(float)).trunk) > BENT_DEG
    one, other = (facing_of(record.landmarks[s.first : s.stop]) for s in (before, after))
    short = np.diff(record.time_s[ends])[0] <= LONGEST_GAP_S
    return one == other and bool(bent.any() if short else bent.all())


def part_of(record: Record, seen: Mask, stretch: ClipSegment) -> tuple[Record, Mask]:
    """Return one stretch as a record of its own, and a mask of its frames with a person."""
    span = slice(stretch.first, stretch.stop)
    landmarks, shown = record.landmarks[span], seen[span]
    if stretch.lost:
        landmarks, shown = landmarks.copy(), shown.copy()
        for first, stop in stretch.lost:
            gap = slice(first - stretch.first, stop - stretch.first)
            landmarks[gap], shown[gap] = np.nan, False
    by_frame = {name: getattr(record, name) for name in ("outlines", "light", "network")}
    own: dict[str, Any] = {
        name: None if values is None else values[span] for name, values in by_frame.items()
    }
    part = replace(record, time_s=record.time_s[span], landmarks=landmarks, **own)
    return replace(part, cuts_s=None, remarks=()), shown


def joined(
    record: Record, parts: Sequence[tuple[ClipSegment, Verdict]], warnings: Sequence[str]
) -> Verdict:
    """Join the verdicts on several stretches, all of them usable; `warnings` come first."""
    _, longest = max(parts, key=lambda part: (len(part[1].reps), part[0].stop - part[0].first))
    reps: list[Rep] = []
    said = list(warnings)
    for _, verdict in parts:
        reps += [replace(rep, number=len(reps) + i) for i, rep in enumerate(verdict.reps, 1)]
        said += verdict.warnings
    measured = all(verdict.neutral == "measured" for _, verdict in parts)
    return replace(
        longest,
        view_angle_deg=max(v.view_angle_deg or 0.0 for _, v in parts),
        neutral="measured" if measured else "assumed",
        warnings=tuple(dict.fromkeys(said)),
        series=_series(record, parts, longest.series),
    ).with_reps(reps)


def _series(
    record: Record, parts: Sequence[tuple[ClipSegment, Verdict]], like: Series | None
) -> Series | None:
    """Return the series of all stretches on one clock, NaN between them; sizes as in `like`."""
    if like is None:
        return None
    values: dict[str, Any] = {}
    for field in fields(Series):
        sample = getattr(like, field.name)
        if not isinstance(sample, np.ndarray):
            continue
        empty = BETWEEN if field.name == "phase" else np.nan
        whole = np.full((len(record.time_s), *sample.shape[1:]), empty, dtype=sample.dtype)
        for stretch, verdict in parts:
            if verdict.series is not None:
                whole[stretch.first : stretch.stop] = getattr(verdict.series, field.name)
        values[field.name] = whole
    values["time_s"] = record.time_s
    return replace(like, **values)
