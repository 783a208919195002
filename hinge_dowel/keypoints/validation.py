"""Arrays from anywhere: whether they are numbers of the right shape, and can be a body at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from hinge_dowel.analysis.proportions import BENT_DEG
from hinge_dowel.analysis.refusal import UnusableError
from hinge_dowel.analysis.time_series import known_median, smooth
from hinge_dowel.body.array_types import Array, Mask
from hinge_dowel.body.facing import BENT_TRUNKS
from hinge_dowel.body.landmarks import ANKLES
from hinge_dowel.keypoints.clock import SINCE_1970_S, SLOWEST_STEP_S
from hinge_dowel.tolerances import Tolerances
from hinge_dowel.verdict import Facing

MOST_SHARE = 3.0
"""Shares of a picture further out than this are none; trackers guess what lies outside of it. A
choice: steady at 1.5 and 6."""
PERCENT = 100.0
EVEN_SHARE, UNEVEN_SHARE = 0.8, 0.7
LENGTH_PERCENTILES = (5, 95)
"""A trunk's shortest against its longest look, between these percentiles: 0.99 in one scale from
the side, 0.81 from 35 degrees off it or rounded, 0.6 and less in 16:9 whose sides are exchanged.
Choices."""
REGULAR_SHARE = 0.8
"""Frames are filled now and then, or numbered by a stride, where this share of their steps
is alike: a choice, steady at 0.6 and 0.95. So much of the rows with the same time must leap for
people to share it."""
UPRIGHT_PERCENTILES = (20, 80)
RISING_LENGTHS = 0.1
"""A back whose y is turned round goes up by more than this share of its length between the fifth of
frames that is most upright and that most bent: by 75 degrees its middle sinks by 0.37. Choices."""
CORNER_SHARE = 0.4
"""Nobody is filmed in so small a part of the picture, and in its corner: a choice."""
MOST_COORDINATE = 1e9
"""Larger coordinates are no picture's and no laboratory's, in any unit: a kilometre in
micrometres."""
LONGEST_S = 1e7
"""No recording is longer (four months)."""
RATES_FPS = (0.01, 1e5)
"""A rate beyond these is a slip, by choice: cameras take 10,000 a second, time lapse one a
minute."""
LENGTH_SHARES = (0.5, 1.5)
"""Shortest and longest a back or a trunk looks in the movement, as shares of its usual length:
rounding by 60 degrees takes it to 0.8, a camera at 35 degrees from side-on to 0.8 of that."""
STEP_SHARES = (0.4, 2.0)
"""The same for the way from one point to the next, a choice: the first is steady at 0.2 and 0.55,
the second at 1.6 and 3 ..."""
SHORT_STEP_SHARE = 0.2
"""... where that is not so short, as a share of the back, that noise may take it there: steady at
0.1 and 0.3."""
PLAUSIBLE_SHARE = 0.6
"""Where a smaller share of the frames looks like a body, it is something else: a choice, steady at
0.4 and 0.8."""
BULGE_SHARE = 0.3
"""Nor does a place of a back lie so far off the way from first to last, as a share of it: bent
evenly by 120 degrees it lies off by 0.29; of nose, eyes, ears and shoulders the ears by 0.43."""
BACKWARD_SHARE = 0.2
"""No point of a back lies further up the way than the one before, by this share of its length: a
choice, steady at 0.1 and 0.4."""
JUMPING_DEG = 5.0
"""A trunk's pitch scatters by less than this from frame to frame (median, as sd): good landmarks by
1, noise of 6 percent of its length by 5."""
LEAST_FACE = 0.1
"""A nose usually nearer than this to the middle of the ears, in trunk lengths, tells no direction:
seen from the side it lies 0.24 to 0.36 away, found by a depth camera 0.06. A choice."""
NEGATIVE_SHARE = 0.2
"""Shares of a picture of which so many are negative count from its middle and not from a corner: a
choice. Steady at 0.1 and 0.3."""
UPSIDE_DOWN_SHARE = 0.8
"""With the shoulders below the hips for so much of the time, y points up: a hinge stays above.
Steady at 0.5 and 0.95."""
SIDEWAYS_DEG = (60.0, 135.0)
"""Between these from upright, most of the time, trunk and legs alike lie on the side: by choice."""
FASTEST_DEG_S = 450.0
"""No trunk turns faster: half a second down, in a repetition too fast to be any use, is 200."""
SLOWEST_DEG_S = 10.0
"""Nor does one bend slower than this all but a twentieth of the time: of 60 films the slowest come
to 23, synthetic repetitions of 16 s to 13, those of 4 s ten times slower to 6 or 8."""
BOTH_WAYS_SHARE = 0.05
"""A back that bends the other way in more of its bent frames has turned. Steady at 0.02, 0.2."""
LIFTED_LENGTHS, LIFTED_SHARE = 0.6, 0.15
"""A foot so far above the other, in trunk lengths, for so large a share of the time, is lifted or
lost: of 84 films of people on both feet three show it, whose far foot the pose model loses."""
LEAST_FPS = 4.0
"""With fewer frames a second than this a movement itself looks like jumping: a choice, steady at 2
and 8."""
MOST_FPS = 260.0
"""Nor does scatter show in less than a body moves in, where more than this may be no rate at all: a
choice, as cameras take up to 240."""
LEAST_LOOKS = 5
"""So many frames are needed to tell speed and scatter; speed is taken over as many, so that noise
is none."""
MOSTLY_PERCENT = 95
"""What holds for so much of the numbers holds: a twentieth may be slips, by choice."""
SD_OF_MEDIAN = 1.48
"""A normal distribution's standard deviation, in medians of what lies off its middle."""


def numbers(values: ArrayLike, name: str, most: float = MOST_COORDINATE) -> Array:
    """The values as an array of finite floats or NaN; ValueError for anything else."""
    try:
        given = np.asarray(values)
        # Complex numbers and dates would turn into floats, and into nonsense.
        if given.dtype.kind not in "biufO":
            raise TypeError(given.dtype)
        out = given.astype(float)
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:  # the last of tensors
        raise ValueError(f"{name} must be an array of numbers.") from error
    if isinstance(values, np.ma.MaskedArray):
        out[np.ma.getmaskarray(values)] = np.nan
    low, high = np.fmin.reduce(out, None, initial=0.0), np.fmax.reduce(out, None, initial=0.0)
    furthest = max(high, -low)
    if np.isinf(furthest):
        raise ValueError(f"{name} must be finite, or NaN where missing.")
    if furthest > most:
        raise ValueError(f"{name} must lie within {most:g}.")
    return out


def times(frames: int, fps: float | None, time_s: ArrayLike | None) -> Array:
    """Seconds of each frame (T,), from a rate or from the times themselves."""
    if time_s is not None:
        given = numbers(time_s, "time_s", np.inf)
        if given.shape != (frames,):
            raise ValueError(f"time_s must be ({frames},), one a frame, not {given.shape}.")
        if np.isnan(given).any() or np.any(np.diff(given) <= 0):
            raise ValueError("time_s must increase from frame to frame.")
        if frames and given[-1] - given[0] > LONGEST_S:
            raise ValueError("time_s must be seconds; these span more than four months.")
        step = float(np.median(np.diff(given))) if frames > 1 else 0.0
        if step >= SLOWEST_STEP_S or step == 1:
            raise ValueError(
                f"time_s must be seconds; with {step:.4g} from frame to frame these look like "
                "milliseconds or frame numbers: divide them by 1000, or by the frames per second."
            )
        # Clocks of computers count from 1970, which nobody reads; any other is the caller's own.
        return given - given[:1] if frames and given[0] >= SINCE_1970_S[0] else given
    if fps is None:
        raise ValueError(
            "fps must be a positive number of frames per second: give it (fps=30), or the time of "
            "each frame in seconds (time_s=)."
        )
    try:
        # A string would pass, and a list of one.
        if isinstance(fps, str | bytes | bool) or np.ndim(fps) != 0:
            raise TypeError(fps)
        rate = float(fps)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"fps must be a positive number, not {fps!r}.") from error
    if not RATES_FPS[0] <= rate <= RATES_FPS[1]:
        raise ValueError(f"fps must lie between {RATES_FPS[0]:g} and {RATES_FPS[1]:g}, not {fps}.")
    return np.arange(frames) / rate


def picture_size(size_px: object) -> Array | None:
    """Width and height (2,) of the picture that normalised coordinates count in, or None."""
    if size_px is None:
        return None
    try:
        size = numbers(size_px, "size_px")  # type: ignore[arg-type]
    except ValueError:
        size = np.empty(0)
    if size.shape != (2,) or not np.all(size > 0):
        raise ValueError(f"size_px must be (width, height) in pixels, not {size_px!r}.")
    return size


def shares_of_a_picture(places: Array) -> None:
    """Raise ValueError where x and y (..., 2) are pixels already, and not shares of a picture."""
    if not like_shares(places):
        raise ValueError(
            "size_px is for x and y that are shares of a picture, between 0 and 1; these go up to "
            f"{np.nanmax(np.abs(places)):.4g}, so they are pixels already: leave size_px out."
        )


def tolerances_given(given: object) -> None:
    """Raise ValueError for tolerances that are none, such as a dict."""
    if not isinstance(given, Tolerances):
        like = ", ".join(f"{k}={v}" for k, v in given.items()) if isinstance(given, dict) else ""
        raise ValueError(
            f"tolerances must be Tolerances({like or 'stature_cm=180'}), from hinge_dowel, "
            f"not {type(given).__name__}."
        )


def require_possible_speed(time_s: Array, pitch_deg: Array) -> None:
    """Raise UnusableError for a trunk that turns faster than anybody moves."""
    seen = np.isfinite(pitch_deg)
    if seen.sum() < LEAST_LOOKS:
        return
    time = time_s[seen]
    pitch = np.degrees(np.unwrap(np.radians(pitch_deg[seen])))
    over = LEAST_LOOKS - 1
    speed = np.abs(pitch[over:] - pitch[:-over]) / (time[over:] - time[:-over])
    fastest = float(np.percentile(speed, MOSTLY_PERCENT))
    if fastest > FASTEST_DEG_S:
        rate = 1 / float(np.median(np.diff(time)))
        raise UnusableError(
            f"The trunk turns by {fastest:.0f} degrees a second, faster than anybody moves: "
            f"{rate:.4g} frames per second cannot be right (300 for 30, or times that count "
            "frames or minutes?); give those of the film (fps=, or --fps)."
        )


def too_slow(time_s: Array, pitch_deg: Array) -> str | None:
    """What to say of times in which a trunk bends slower than anybody; None where it does not."""
    seen = np.isfinite(pitch_deg)
    if seen.sum() < LEAST_LOOKS:
        return None
    pitch = smooth(time_s[seen], pitch_deg[seen])
    # However long somebody rests between: of what lies off the usual posture.
    moved = np.abs(pitch - np.median(pitch)) > BENT_DEG / 2
    if np.ptp(pitch) < BENT_DEG or not moved.any():
        return None
    speed = np.abs(np.gradient(pitch, time_s[seen]))
    fastest = float(np.percentile(speed[moved], MOSTLY_PERCENT))
    if fastest >= SLOWEST_DEG_S:
        return None
    return (
        f"By these times the trunk bends by no more than {fastest:.0f} degrees a second, slower "
        "than anybody: their unit is another one, or the film plays slowed down; give the frames "
        "per second with --fps."
    )


def looks_normalised(places: Array) -> bool:
    """Whether x and y (..., 2) all lie between 0 and 1, as shares of a picture do."""
    low = np.fmin.reduce(places, None, initial=np.inf)
    high = np.fmax.reduce(places, None, initial=-np.inf)
    return bool(0 <= low < high <= 1)


def like_shares(places: Array) -> bool:
    """Whether x and y (..., 2) can be shares of a picture: not far outside of it."""
    known = np.abs(places[np.isfinite(places)])
    return bool(not len(known) or np.percentile(known, MOSTLY_PERCENT) <= MOST_SHARE)


def like_percent(places: Array, size_px: tuple[float, float]) -> bool:
    """Whether x and y (..., 2) count from 0 to 100, in a picture far larger than so many pixels."""
    known = places[np.isfinite(places)]
    inside = len(known) and known.min() >= 0 and known.max() <= PERCENT
    return bool(inside and min(size_px) * CORNER_SHARE > PERCENT)


def even(way: Array) -> float:
    """How short ways (T, 2) get against how long they get: 1 for a trunk in one scale."""
    length = np.linalg.norm(way, axis=1)
    length = length[np.isfinite(length)]
    short, long = np.percentile(length, LENGTH_PERCENTILES) if len(length) else (1.0, 1.0)
    return float(short / long) if long > 0 else 1.0


def kept_frames(landmarks: Array) -> Mask:
    """Which frames (T,) count: all, but of every second one (or fewer) that is filled only those.

    Programs that look at every second picture keep a row for each.
    """
    shown = np.isfinite(landmarks[..., :2]).any(axis=(1, 2))
    steps = np.diff(np.flatnonzero(shown))
    usual = np.median(steps) if len(steps) else 1
    return np.asarray(shown | (usual < 2 or np.mean(steps == usual) < REGULAR_SHARE))


def rises(pitch_deg: Array, points: Array) -> bool:
    """Whether a back (T, K, 2) with such a pitch (T,) goes up as it bends: upside down, twice."""
    seen = np.isfinite(pitch_deg)
    pitch, height = np.abs(pitch_deg[seen]), points[seen].mean(axis=1)[:, 1]
    upright, bent = np.percentile(pitch, UPRIGHT_PERCENTILES)
    length = float(np.nanmedian(np.linalg.norm(points[:, 0] - points[:, -1], axis=1)))
    rise = np.median(height[pitch <= upright]) - np.median(height[pitch >= bent])
    return bool(rise > RISING_LENGTHS * length)


def like_certainties(third: Array) -> bool:
    """Whether the third numbers of places may be certainties: all that are known from 0 to 1."""
    known = third[np.isfinite(third)]
    return bool(len(known) and known.min() >= 0 and known.max() <= 1)


def from_the_middle(places: Array) -> bool:
    """Whether shares of a picture (..., 2) count from its middle: from -1 to 1."""
    known = np.count_nonzero(np.isfinite(places))
    return bool(known and np.count_nonzero(places < 0) / known > NEGATIVE_SHARE)


def like_a_back(points: Array) -> Mask:
    """Which frames (T,) of (T, K, 2) show points one after the other along something steady.

    Frames with NaN are not among them.
    """
    run = points[:, -1] - points[:, 0]
    length = np.linalg.norm(run, axis=1)
    usual = max(known_median(length), np.finfo(float).tiny)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        along = np.einsum("tki,ti->tk", points - points[:, :1], run / length[:, None] ** 2)
        ordered = (np.diff(along, axis=1) > -BACKWARD_SHARE).all(axis=1)
        steps = np.linalg.norm(np.diff(points, axis=1), axis=-1)
        often = np.nanmedian(steps, axis=0)
        shares = np.where(often > SHORT_STEP_SHARE * usual, steps / often, 1.0)
        held = ((shares > STEP_SHARES[0]) & (shares < STEP_SHARES[1])).all(axis=1)
    return np.asarray(ordered & held & like_a_trunk(length))


def facing_of_back(run: Array) -> Facing:
    """The side that a back faces, by its way (T, 2) from sacrum to head in lengths of its own.

    In a hinge the head goes forward of the sacrum; a back upside down is refused.
    """
    run = run[np.isfinite(run).all(axis=1)]
    if np.mean(run[:, 1] > 0) > 0.5:
        raise UnusableError(
            "The head lies below the sacrum: if y points up, turn it round (points * [1, -1]); "
            "else give the points in order from head to sacrum."
        )
    bent = run[np.abs(run[:, 0]) > BENT_TRUNKS, 0] > 0
    rightward = float(np.mean(bent)) if len(bent) else 1.0
    if BOTH_WAYS_SHARE < rightward < 1 - BOTH_WAYS_SHARE:
        raise UnusableError(
            "The back bends to the left and to the right: where somebody turns round in between, "
            "give each side as an array of its own."
        )
    return "right" if rightward >= 0.5 else "left"


def on_one_leg(landmarks: Array, trunk: Array) -> bool:
    """Whether one foot of a body (T, 33, 2+) often lies far above the other; `trunk` (T,) long."""
    apart = landmarks[:, ANKLES[0], 1] - landmarks[:, ANKLES[1], 1]
    higher = np.abs(apart[np.isfinite(apart)]) / known_median(trunk)
    return bool(len(higher) and np.mean(higher > LIFTED_LENGTHS) > LIFTED_SHARE)


def bulges(points: Array) -> bool:
    """Whether points (T, K, 2) mostly lie too far off one line for those of a back."""
    off = points - points[:, :1]
    run = off[:, -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        across = off[..., 0] * run[:, None, 1] - off[..., 1] * run[:, None, 0]
        shares = np.abs(across).max(axis=1) / np.einsum("ti,ti->t", run, run)
    return bool(np.nanmedian(shares) > BULGE_SHARE)


def like_a_trunk(length: Array) -> Mask:
    """Which frames (T,) show a trunk of about its usual length (T,)."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        share = length / known_median(length)
        return np.asarray((share > LENGTH_SHARES[0]) & (share < LENGTH_SHARES[1]))


def sideways(pitch_deg: Array, legs_deg: Array) -> bool:
    """Whether trunk and legs (T,) mostly lie on the side, since x and y are exchanged."""
    usual = [np.abs(own[np.isfinite(own)]) for own in (pitch_deg, legs_deg)]
    low, high = SIDEWAYS_DEG
    return all(len(own) > 0 and low < float(np.median(own)) < high for own in usual)


def jumps(time_s: Array, pitch_deg: Array) -> bool:
    """Whether a pitch (T,) scatters from frame to frame as no body can move."""
    seen = np.isfinite(pitch_deg)
    if seen.sum() < LEAST_LOOKS:
        return False
    time, pitch = time_s[seen], pitch_deg[seen]
    step = float(np.median(np.diff(time)))
    if step > 1 / LEAST_FPS:
        return False
    time = time * max(1.0, 1 / (MOST_FPS * step))
    # Against its own past and future; a turn through 180 is no jump.
    pitch = np.degrees(np.unwrap(np.radians(pitch)))
    away = np.abs(pitch - smooth(time, pitch))
    return bool(SD_OF_MEDIAN * np.median(away) > JUMPING_DEG)
