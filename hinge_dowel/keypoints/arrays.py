"""Arrays in, a verdict out: pose landmarks or points along the back, from any source."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from hinge_dowel.analysis import back_points, not_counted, posture, proportions, repetitions, tilt
from hinge_dowel.analysis.judging import sum_up
from hinge_dowel.analysis.movement import as_exercise
from hinge_dowel.analysis.pipeline import KNEELING_SHARE, Record, judge
from hinge_dowel.analysis.refusal import KEYPOINTS, LEAST_FRAMES, UnusableError
from hinge_dowel.analysis.rules import HINGE_NAME, NOT_STATED, ChosenRules
from hinge_dowel.analysis.time_series import known_median
from hinge_dowel.analysis.traits import Scene
from hinge_dowel.body.array_types import Array
from hinge_dowel.body.facing import face_right
from hinge_dowel.body.landmarks import ANKLES, EARS, HIPS, LANDMARK_COUNT, NOSE, SHOULDERS
from hinge_dowel.body.limbs import LimbAngles, kneeling_share, limb_angles
from hinge_dowel.body.outline import OUTLINE_SIZE
from hinge_dowel.body.trunk import pitch_deg, trunk_frame
from hinge_dowel.exercises import AUTO
from hinge_dowel.exercises.catalogue import exercise as known_exercise
from hinge_dowel.exercises.catalogue import rules_for
from hinge_dowel.keypoints import back_shape, slips, validation, walking
from hinge_dowel.keypoints.kinds import ONE_SIDE, both_sides, side_alone, with_a_face
from hinge_dowel.keypoints.missing import unsigned
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Facing, Verdict

LEGLESS = (
    "Points along the back do not show the legs: squatting is told only where the upper back "
    "leaves the dowel."
)
KNEELING_LEGS = (
    "The shins lie on the floor: knees and shins are not judged. If it is the kneeling hinge, name "
    "the exercise, kneeling."
)
ONE_LEG = (
    "One foot lies far above the other in many frames: hips, knees and shins are the mean of both "
    "legs, and wrong where one is lifted or lost."
)
NORMALISED = (
    "All x and y lie between 0 and 1. If they are shares of a picture, as MediaPipe gives them, "
    "the angles are wrong: give the picture's size (size_px=, or --size)."
)
UPSIDE_DOWN = (
    "No person is seen the right way up: the shoulders lie below the hips, so y seems to point up; "
    "turn it round (y = -y)."
)
SIDEWAYS = (
    "The person lies on the side: if x and y are exchanged, as in MoveNet's own arrays (y, x, "
    "score), put x first; if the picture is turned by 90 degrees, turn it back."
)
STRETCHED = (
    "x and y have not one scale, since the trunk's length changes as it bends: they look like "
    "shares of a picture, so give its size (size_px=, or --size)."
)
SQUEEZED = (
    "x and y have not one scale, since the trunk's length changes as it bends: give both in pixels "
    "of the picture, or both as shares of it with its size (size_px=, or --size); if they are, the "
    "person does not bend in the picture's plane, and is to be seen from the side."
)
TURNED = (
    "The back goes up in the picture as it bends: if y points up and the sacrum comes first, turn "
    "both round; points are needed from head to sacrum, y down."
)
EXCHANGED = (
    "x and y are taken for shares of a picture of {:g}x{:g}: with width and height as they were "
    "given the trunk's length changes as it bends, with these it does not (size_px=, or --size)."
)
PERHAPS_SQUEEZED = (
    "The trunk looks shorter bent than upright: if the camera stood square to the side, x and y "
    "have not one scale and the angles are wrong; give both in pixels of the picture."
)
PERHAPS_STRETCHED = (
    "The trunk looks longer bent than upright, as no camera shows it: x and y seem to have not one "
    "scale, and then the angles are wrong; give both in pixels of the picture."
)


def check_keypoints(
    landmarks: ArrayLike,
    fps: float | None = None,
    *,
    time_s: ArrayLike | None = None,
    size_px: tuple[float, float] | None = None,
    outlines: ArrayLike | None = None,
    tolerances: Tolerances = DEFAULT,
    exercise: str = HINGE_NAME,
    wall_cm: float | None = None,
    name: str = "keypoints",
) -> Verdict:
    """Judge pose landmarks without a video.

    `landmarks` (frames, 33, 2 to 4): MediaPipe's order and axes, x and y in pixels or any unit
    that is the same both ways, y down, then depth in that unit, then visibility; NaN for missing,
    or all coordinates 0 or -1.
    MediaPipe's own `x` and `y` are shares of the picture and not of one length: give `size_px`,
    its (width, height) in pixels, and they are put right (all three axes).

    `fps` frames per second, or `time_s` (frames,) increasing seconds for an uneven rate.
    `outlines` (frames, `OUTLINE_SIZE`), optional, a frame each from `body.outline.outline_rays`;
    they need depth in the landmarks. `exercise` is what it is judged as: landmarks do not show
    what the hands hold, so it is not guessed unless asked for as "auto"; `wall_cm` says how far
    behind the heels a wall stands. `name` is what the verdict calls it.

    Shoulders and hips are needed in a frame, of one side at least, and face or feet somewhere. For
    what is missing of one side the other stands. What rests on a landmark that is missing on both
    is unknown there, and no more: without ankles there is no knee, without ears and eyes no neck.

    Without outlines hips, knees, shins and head are judged, but not the back: landmarks alone do
    not show it (30 degrees of lumbar flexion move the hip-shoulder distance by 16 mm), so
    `spinal_flexion_deg` and the strays are None and every rep says `unsure_spine`. Nor has an angle
    an interval then: what is past its limit is a sure fault.

    Raises ValueError for arrays of another shape or kind, infinities, a rate that is none, or
    times that do not increase. What has the right shape and cannot be judged is `unusable`.

        >>> from hinge_dowel.testing.synthetic import SQUAT, motion
        >>> seen = motion(SQUAT, reps=2)
        >>> verdict = check_keypoints(seen.landmarks, seen.fps)
        >>> verdict.status, verdict.faults
        ('faulty', ('squatting',))
        >>> verdict.reps[0].knee_flexion_deg > 90
        True
    """
    validation.tolerances_given(tolerances)
    seen = validation.numbers(landmarks, "landmarks")
    if seen.ndim != 3 or seen.shape[1] != LANDMARK_COUNT or not 2 <= seen.shape[2] <= 4:
        raise ValueError(
            f"landmarks must be (frames, 33, 2 to 4), not {seen.shape}: of another skeleton put "
            "the joints where MediaPipe has them, and NaN elsewhere, or save them for check_clip."
        )
    time = validation.times(len(seen), fps, time_s)
    rays = None if outlines is None else _outlines(outlines, seen)
    seen = unsigned(seen)
    alone = side_alone(np.flatnonzero(np.isfinite(seen[..., :2]).all(axis=2).any(axis=0)))
    seen = with_a_face(both_sides(seen))
    kept = validation.kept_frames(seen)
    if not kept.all():
        time, seen, rays = time[kept], seen[kept], None if rays is None else rays[kept]
    # Which places lie outside of a picture is told only where they count from its corner.
    cornered = not validation.from_the_middle(seen[..., :2])
    _, up, length = trunk_frame(seen)
    seen, picture, normalised, warnings = _in_one_scale(seen, size_px, up * length[:, None])
    if alone:
        warnings.append(f"The array {ONE_SIDE.format(alone)}")
    if validation.on_one_leg(seen, trunk_frame(seen)[2]):
        warnings.append(ONE_LEG)
    try:
        seen, share = _as_a_body(time, seen, normalised)
    except UnusableError as error:
        return error.verdict(name)
    verdict = judge(
        Record(time, seen, rays, picture if cornered else None),
        clip=name,
        tolerances=tolerances,
        rules=rules_for(exercise, wall_cm=wall_cm),
    )
    verdict = walking.left_out_of(verdict, time, seen)
    if verdict.reps and (verdict.view_angle_deg or 0.0) <= tolerances.view_extra_deg:
        if share <= proportions.SIDE_ON_LENGTH_SHARE:
            return Verdict(name, "unusable", reason=SQUEEZED)
        warnings += _perhaps_not_one_scale(share)
    return replace(verdict, warnings=(*verdict.warnings, *warnings))


def check_points(
    points: ArrayLike,
    fps: float | None = None,
    *,
    time_s: ArrayLike | None = None,
    size_px: tuple[float, float] | None = None,
    landmarks: ArrayLike | None = None,
    tolerances: Tolerances = DEFAULT,
    exercise: str = AUTO,
    name: str = "points",
) -> Verdict:
    """Judge points along the back: which place leaves the dowel.

    `points` (frames, K >= 3, 2), ordered head to sacrum (occiput, neck and thoracic points, upper
    back, lumbar points, sacrum), y down as in images, any unit that is the same both ways, facing
    either way; NaN for missing, or both 0 or -1. Where x and y are shares of a picture give
    `size_px`, its (width, height). `fps` frames per second, or `time_s` (frames,) increasing
    seconds. Centimetres assume `tolerances.stature_cm`. `name` is what the verdict calls it.

    `landmarks` (frames, 33, 2 or more), optional, are MediaPipe's in the same unit and axes, NaN
    for missing: by them hips, knees and shins are known, and squatting is judged by knees and
    shins. `exercise` is what it is judged as; a back alone does not tell it, so without landmarks
    "auto" is the hinge.

    The dowel lies on these points as a stick does on a back (`hinge_dowel.analysis.dowel` says
    how): the head, the upper back or the sacrum that it no longer touches has left it. Which point
    is which follows from how far along the back it lies in standing.

    Three points cannot always tell head from sacrum: behind the line between the two, the middle
    one fits a head that left as well as a sacrum that did. Which of them, the distances tell if
    one of them has grown against standing while the other has not changed (see
    `analysis.three_points`). Where they do not, and either would have left by more than its
    tolerance, both are named and the rep is marked `ambiguous`; the strays then say what each would
    be if it were the one. So it is with more points in the rare case that both fit equally.

    Without landmarks hip flexion is the trunk's pitch, and knee and shin are None. No angle has an
    interval: what is past its limit is a sure fault. Backs of which no
    standing is seen are `unusable`: there is nothing to hold them against. So are points that do
    not follow each other along a back. Raises ValueError for arrays of another shape or kind,
    infinities, a rate that is none, or times that do not increase.

        >>> from hinge_dowel.testing.synthetic import HINGE, ROUNDING, mix
        >>> seen = mix([HINGE, ROUNDING])
        >>> verdict = check_points(seen.points, seen.fps)
        >>> [rep.faults for rep in verdict.reps]
        [(), ('spinal_flexion',)]
        >>> head_and_ends = seen.points[:, [0, 2, 6]]
        >>> [rep.faults for rep in check_points(head_and_ends, seen.fps).reps]
        [(), ('spinal_flexion',)]
    """
    validation.tolerances_given(tolerances)
    given = validation.numbers(points, "points")
    if given.ndim != 3 or given.shape[1] < 3 or given.shape[2] != 2:
        raise ValueError(f"points must be (frames, 3 or more, 2), not {given.shape}.")
    time = validation.times(len(given), fps, time_s)
    signed = given[..., 0] == given[..., 1]
    if signed.any(axis=0).sum() > 1 and not signed.all():  # the origin may lie in one
        given = unsigned(given)
    body = given[:, :0] if landmarks is None else _body_beside(landmarks, len(given))
    count, trunk = given.shape[1], given[:, 0] - given[:, -1]
    both = np.concatenate([given, body], axis=1)
    both, _, normalised, warnings = _in_one_scale(both, size_px, trunk)
    given, body = both[:, :count], both[:, count:]
    try:
        length = back_shape.lengths(given)
        back = back_shape.as_a_back(time, given, length)
        run = back[:, 0] - back[:, -1]
        pitch = pitch_deg(run)
        if validation.jumps(time, pitch):
            raise UnusableError("The points jump about from frame to frame as no body can move.")
        shown = np.where(np.isfinite(pitch), length, np.nan)
        share = proportions.bent_share(pitch, shown)
        _require_one_scale(share, normalised)
        warnings += _perhaps_not_one_scale(share)
        validation.require_possible_speed(time, pitch)
        facing = validation.facing_of_back(run / back_shape.longest(length))
        right = back_shape.steadied(time, back * [1.0 if facing == "right" else -1.0, 1.0])
        usual = back_points.typical()
        reach_cm = np.linalg.norm(usual.points[0, 0] - usual.points[0, -1])
        reach_cm *= usual.trunk_share * tolerances.stature_cm
        if validation.rises(pitch, back):
            raise UnusableError(TURNED)
        joints, limbs = _legs(body, facing)
        scale = float(reach_cm / back_shape.longest(shown))
        motion = posture.from_points(time, right, scale, limbs)
        found = repetitions.find_reps(time, motion.hip_deg, motion.trunk_deg)
        spans, left_out = not_counted.counted(found, Scene.unseen(motion))
        if not spans:
            raise UnusableError(KEYPOINTS.nothing, facing, refusal="nothing")
        if motion.neutral == "assumed":
            # A back held round throughout would be its own neutral.
            raise UnusableError(
                "No standing is seen, against which to judge: begin standing upright.", facing
            )
    except UnusableError as error:
        return error.verdict(name, warnings)
    choice = NOT_STATED if exercise == AUTO else ChosenRules(known_exercise(exercise).rules)
    reps, measures = spans, None
    if limbs is not None:
        choice, reps, measures = as_exercise(
            rules_for(exercise), motion, spans, joints, tolerances.stature_cm
        )
    return sum_up(
        name,
        motion,
        reps,
        facing,
        body,
        tolerances=tolerances,
        choice=choice,
        measures=measures,
        warnings=(*_without_legs(joints, limbs, choice), *warnings, *left_out),
    )


def _body_beside(landmarks: ArrayLike, frames: int) -> Array:
    """Landmarks (T, 33, 2) that go with points of so many frames, what one side lacks put in."""
    body = validation.numbers(landmarks, "landmarks")
    if body.shape[:2] != (frames, LANDMARK_COUNT) or body.ndim != 3 or body.shape[2] < 2:
        raise ValueError(f"landmarks must be ({frames}, 33, 2 or more), not {body.shape}.")
    return both_sides(unsigned(body[..., :2]))


def _legs(body: Array, facing: Facing) -> tuple[Array, LimbAngles | None]:
    """Landmarks (T, 33 or 0, 2) as if facing right, and the angles of their limbs.

    None where no knee is seen, and where the shins lie on the floor: neither shows squatting.
    """
    if not body.size:
        return body, None
    joints, _ = face_right(body, None, facing)
    limbs = limb_angles(joints)
    shown = np.isfinite(limbs.knee).any() and kneeling_share(joints) < KNEELING_SHARE
    return joints, limbs if shown else None


def _without_legs(joints: Array, limbs: LimbAngles | None, choice: ChosenRules) -> list[str]:
    """What is to be said where legs are not judged and the exercise would have it."""
    if limbs is not None or not choice.rules.legs:
        return []
    kneels = joints.size and kneeling_share(joints) >= KNEELING_SHARE
    return [KNEELING_LEGS if kneels else LEGLESS]


def _outlines(given: ArrayLike, landmarks: Array) -> Array:
    """The outlines as an array; ValueError where they do not go with the landmarks."""
    rays = validation.numbers(given, "outlines")
    wanted = (len(landmarks), OUTLINE_SIZE)
    if rays.shape != wanted:
        raise ValueError(f"outlines must be {wanted}, not {rays.shape}.")
    if landmarks.shape[2] < 3:
        raise ValueError("outlines need landmarks with depth: (frames, 33, 3 or 4).")
    return rays


def _in_one_scale(
    places: Array, size_px: tuple[float, float] | None, trunk: Array
) -> tuple[Array, tuple[int, int] | None, bool, list[str]]:
    """The places (..., C) in one unit, the picture's size, and what is to be said of it.

    `trunk` (T, 2) is the way up the trunk. The third tells whether they look like shares of a
    picture whose size is not given.
    """
    size = validation.picture_size(size_px)
    if size is None:
        normalised = validation.looks_normalised(places[..., :2])
        return places, None, normalised, [NORMALISED] if normalised else []
    validation.shares_of_a_picture(places[..., :2])
    exchanged = validation.even(trunk * size[::-1]) > validation.EVEN_SHARE
    exchanged &= validation.even(trunk * size) < validation.UNEVEN_SHARE
    size = size[::-1] if exchanged else size
    scale = np.array([*size, size[0], 1.0])[: places.shape[-1]]
    said = [EXCHANGED.format(*size)] if exchanged else []
    return places * scale, (round(size[0]), round(size[1])), False, said


def _require_one_scale(share: float, normalised: bool) -> None:
    """Refuse a trunk whose length, bent against upright, no camera shows."""
    if normalised and proportions.beyond(share, proportions.EVEN_LENGTH_SHARES):
        raise UnusableError(STRETCHED)
    if proportions.beyond(share, proportions.POSSIBLE_LENGTH_SHARES):
        raise UnusableError(SQUEEZED)


def _perhaps_not_one_scale(share: float) -> list[str]:
    """What is to be said of a trunk that looks so long, bent against upright."""
    short = share <= proportions.EVEN_LENGTH_SHARES[0]
    # Landmarks in one scale come to no more than those of films do.
    long = share >= proportions.FILMED_LENGTH_SHARES[1]
    return [PERHAPS_SQUEEZED] * short + [PERHAPS_STRETCHED] * long


def _as_a_body(time_s: Array, given: Array, normalised: bool) -> tuple[Array, float]:
    """The landmarks (T, 33, C) with slips put back, NaN where they show none, or refuse them.

    And how long the trunk looks bent against upright.
    """
    given[..., :2] = slips.put_back(time_s, given[..., :2], known_median(trunk_frame(given)[2]))
    _, up, length = trunk_frame(given)
    steady, pitch = validation.like_a_trunk(length), pitch_deg(up)
    known = np.isfinite(length)
    if known.sum() >= LEAST_FRAMES and (
        steady.sum() < validation.PLAUSIBLE_SHARE * known.sum() or validation.jumps(time_s, pitch)
    ):
        raise UnusableError(
            "The landmarks jump about as no body can move: check their order, that x and y have "
            "one scale, and how well the person was tracked."
        )
    legs = tilt.line_pitch_deg(given, ANKLES, HIPS)
    if validation.sideways(pitch, legs):
        raise UnusableError(SIDEWAYS)
    share = proportions.bent_share(pitch, np.where(steady, length, np.nan))
    _require_one_scale(share, normalised)
    validation.require_possible_speed(time_s, pitch)
    # Who folds forward over standing legs is the right way up.
    head_down = (np.abs(pitch) > 90.0) & ~(np.abs(legs) < 90.0)
    if known.any() and np.mean(head_down[known]) > validation.UPSIDE_DOWN_SHARE:
        raise UnusableError(UPSIDE_DOWN)
    face = given[:, NOSE, :2] - given[:, list(EARS), :2].mean(axis=1)
    reach, usual = (known_median(own) for own in (np.linalg.norm(face, axis=1), length))
    if reach < validation.LEAST_FACE * usual:
        given[:, : min(SHOULDERS)] = np.nan
    given[~steady] = np.nan
    lost = slips.leaps(given)
    if lost.any():
        given[lost] = np.nan
        given[lost] = both_sides(given)[lost]
    return given, share
