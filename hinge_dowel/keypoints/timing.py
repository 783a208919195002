"""Which columns, keys or arrays of a file say when: numbers of frames, and times.

Every reader asks here, whatever the file is; `clock` then makes seconds of the times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import words
from hinge_dowel.keypoints.clock import RISING_SHARE, said_unit_s
from hinge_dowel.keypoints.moments import number_in, numbers_in, raw_of
from hinge_dowel.keypoints.text import is_number

MOST_STRIDES = 2
"""Frames that are left out are not so many that steps are usually longer than so many strides."""
LEAST_RUN = 10
"""Frames that begin again after so many, or more, are of another clip ..."""
ONCE_SHARE = 0.9
"""... where fewer of the rows are the first of theirs. Choices."""
_OTHERS = {*words.PEOPLE, *words.ABOUT} - {*words.TIMES, "id"}
"""What says something else, however it counts."""
_MAY_TIME = re.compile("time|stamp|elapsed|epoch|unix|pts|ms$|datenum|se[ckg]o?und|hundredth")
"""What names of times hold that are not among `words.TIMES`."""


def when_of(
    what: str,
    columns: Mapping[str, Sequence[object]],
    *,
    long: bool = False,
    together: bool = False,
) -> tuple[Array | None, list[object] | None, str]:
    """Numbers of the frames and times of rows (S,), None where no column says them, and the name
    of the times.

    Times stand in the likeliest of the columns that are called so, or else in the first that may
    hold times; numbers of frames in one that is called so, or else in the first that counts. Of
    `long` tables several rows are of one frame, of others perhaps where they stand `together`.
    Raises `ClipError` for pictures of several clips, and for examples of several kinds that nothing
    numbers.
    """
    name_of: dict[str, str] = {}
    for name in columns:
        name_of.setdefault(words.spoken(name), name)
    own = {said: columns[name] for said, name in name_of.items() if said not in _OTHERS}
    called = words.time_name(own) or next((n for n in own if may_time(n, own[n])), "")
    # Rows of one time are of one frame, so that what differs in them numbers the rows.
    shared = long or (called != "" and len(set(own[called])) < len(own[called]))
    if together and called in words.STEPS:
        called = ""
    frame, named = _frame_numbers(what, own, called, together, shared, long)
    if not called:
        if not (long or named):
            _require_film(what, {name_of[n]: own[n] for n in words.CLASSES if n in own})
        return frame, None, ""
    times = running(called, own[called], frame)
    if frame is None and counts_frames(counted := numbers_in(times), called):
        return counted, None, ""
    return frame, times, name_of[called]


def _frame_numbers(
    what: str,
    own: Mapping[str, Sequence[object]],
    called: str,
    together: bool,
    shared: bool,
    long: bool,
) -> tuple[Array | None, bool]:
    """The numbers of the frames (S,), and whether a column is called so.

    `called` is the column of times. Of those that are called after frames the first counts that is
    all of numbers; of `long` tables it need not be, as where one is missing the row says so.
    """
    named = [own[n] for n in words.FRAMES if n in own]
    for names in named:
        _require_one_clip(what, names)
    if not named:
        others = [own[n] for n in own if n not in (called, *words.TIMES)]
        return next(
            (v for v in map(numbers_in, others) if _counts(v, together, shared)), None
        ), False
    for values in map(numbers_in, named):
        if long or np.isfinite(values).all() or _counts(values, together, shared):
            return values, True
    return None, True


def _counts(values: Array, together: bool, shared: bool) -> bool:
    """Whether a column (S,) counts frames, of which several rows may stand `together`.

    Where frames are `shared` by rows, what is another number in each row counts those.
    """
    each = np.unique(values) if together and (np.diff(values) >= 0).all() else values
    return counts_frames(each) and not (shared and len(each) == len(values))


def running(
    name: str, values: Sequence[object], frame: Sequence[float] | Array | None = None
) -> list[object]:
    """What a file says of time (T,), of steps from frame to frame by their name the sums.

    Steps that are all alike count for each of the numbers `frame` (T,), where those are known.
    """
    try:
        steps = np.nan_to_num(raw_of(values)) if name in words.STEPS else np.empty(0)
    except ValueError:
        steps = np.empty(0)
    if len(steps) < 2 or (np.diff(steps) > 0).mean() >= RISING_SHARE:
        return list(values)  # dates are called dt as well
    if frame is not None and np.ptp(steps) == 0:
        return list(steps * np.asarray(frame))
    return list(np.cumsum(steps) - steps[0])


def counts_frames(raw: Array, time_name: str | None = None) -> bool:
    """Whether numbers (T,) are those of frames: whole, rising by a stride, and here and there more.

    Under a name of times they are so by a stride of 1, where that says no unit.
    """
    steps = np.diff(raw)
    if not len(steps) or not (steps > 0).all() or not (raw == np.round(raw)).all():
        return False
    least = steps.min()
    counts = not (steps % least).any() and np.median(steps) <= MOST_STRIDES * least
    return bool(
        counts and (time_name is None or (least == 1 and said_unit_s(time_name, 1.0) is None))
    )


def may_time(name: str, values: Sequence[object]) -> bool:
    """Whether what is called so, in small letters, may be times (T,): they rise as what a frame
    took does not. Clocks and dates are so by any name.
    """
    spelled = bool(len(values)) and isinstance(values[0], str) and not is_number(values[0])
    if not spelled and not _MAY_TIME.search(name):
        return False
    try:
        steps = np.diff(raw_of(values))
    except ValueError:
        return False
    return bool((steps > 0).any() and np.mean(steps >= 0) >= RISING_SHARE)


def require_one_run(what: str, frame: Array) -> None:
    """Raise `ClipError` where numbers of frames (S,) begin again, as those of another clip do.

    Rows of several people take turns, and rows out of order go back more often.
    """
    steps = np.diff(frame)
    again = np.count_nonzero(steps < 0)
    known = len(np.unique(frame)) < ONCE_SHARE * len(frame)
    if known and (steps != 0).all() and again * LEAST_RUN < len(steps):
        raise ClipError(
            f"{what} begins again with its frames: save a file for each clip, or say in a column "
            "'person' whose each row is."
        )


def _require_one_clip(what: str, names: Iterable[object]) -> None:
    """Raise `ClipError` where names of pictures have one number and stand in several folders."""
    clip_of: dict[float, str] = {}
    for name in dict.fromkeys(names):
        text = name if isinstance(name, str) and not is_number(name) else ""
        if np.isfinite(number := number_in(text)):
            clip = re.sub(r"\d+\D*$", "", text)
            first = clip_of.setdefault(number, clip)
            if first != clip:
                raise ClipError(
                    f"{what} holds several clips ({first}..., {clip}...): save a file for each."
                )


def _require_film(what: str, classes: Mapping[str, Sequence[object]]) -> None:
    """Raise `ClipError` for rows that nothing numbers, of several kinds by a column of `classes`.

    Those are examples to learn from, as a camera saw them here and there.
    """
    for name, own in classes.items():
        kinds = [] if None in own else list(dict.fromkeys(map(str, own)))
        if len(kinds) > 1:
            raise ClipError(
                f"{what} holds examples of several kinds, by {name!r} ({kinds[0]}, {kinds[1]}"
                f"{', ...' if kinds[2:] else ''}), and says of none which frame of a film it is: "
                "give the frames of one film, with a column frame or time."
            )
