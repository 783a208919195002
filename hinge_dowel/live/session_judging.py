"""Judges a session's frames like a clip; fewer are enough where each was searched by itself.

Where no repetition was judged, it says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from hinge_dowel.analysis.frame_rate import too_few, withheld
from hinge_dowel.analysis.not_counted import Count
from hinge_dowel.analysis.pipeline import Record, judge
from hinge_dowel.analysis.refusal import FILMED, TOO_DARK
from hinge_dowel.analysis.rules import Rules, RulesChooser
from hinge_dowel.body.array_types import Mask
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Rep, Verdict

TOO_SLOW = (
    "Too few pictures a second were looked at to judge any repetition: close other programs, put "
    "on more light, and begin again; check takes its time over a film."
)
TOO_DARK_LIVE = "It was too dark to see you in most pictures: put on more light and begin again."
BROKEN_OFF_LIVE = "It was ended before a rep was seen: stand still for two seconds, then hinge."
BROKEN_OFF = "The film was ended before a rep was seen: let it play on."
NOTHING = Verdict("", "unusable", FILMED.nothing, refusal="nothing")
"""The verdict on frames that show no repetition."""


def judged(
    record: Record,
    alone: Mask,
    *,
    tolerances: Tolerances,
    rules: Rules | RulesChooser,
    count: Count,
) -> Verdict:
    """Return the verdict on the frames kept of a session that goes on.

    `count` leaves out movements that are no repetitions. `alone` (T,) marks the pictures that
    were searched by themselves. A repetition that has other pictures too needs as many a second as
    in a clip, or it is not judged.
    """
    ask = partial(judge, record, clip="", rules=rules, going_on=True, count=count)
    if not alone.any():
        return ask(tolerances=tolerances)
    patient = replace(
        tolerances,
        least_rate_hz=min(tolerances.least_alone_hz, tolerances.least_rate_hz),
        longest_gap_s=max(tolerances.longest_alone_gap_s, tolerances.longest_gap_s),
    )
    verdict = ask(tolerances=patient)
    reps = tuple(
        withheld(rep) if rep.judged and _lost_on_the_way(rep, record, alone, tolerances) else rep
        for rep in verdict.reps
    )
    return replace(verdict, reps=reps)


def _lost_on_the_way(rep: Rep, record: Record, alone: Mask, tolerances: Tolerances) -> bool:
    """Return whether a repetition has pictures in which the person was followed, but too few."""
    time_s = record.time_s
    start_s = time_s[0] if rep.start_s is None else rep.start_s
    end_s = time_s[-1] if rep.end_s is None else rep.end_s
    inside = (time_s >= start_s) & (time_s <= end_s)
    if alone[inside].all():
        return False
    seen = np.isfinite(record.landmarks[:, 0, 0])
    return too_few(time_s[seen], float(start_s), float(end_s), tolerances)


def summed_up(
    clip: str, told: tuple[Rep, ...], last: Verdict, refusal: Verdict, not_counted: Sequence[str]
) -> Verdict:
    """Return the verdict on a whole session with the repetitions `told`.

    `last` is the latest verdict on the frames kept, `refusal` the latest unusable one;
    `not_counted` has a sentence on each movement that is no repetition.
    """
    if not told:
        return replace(refusal, clip=clip)
    last = replace(last, warnings=(*last.warnings, *not_counted))
    if not any(rep.judged for rep in told):
        return replace(
            last, clip=clip, status="unusable", reason=TOO_SLOW, refusal="slow", reps=told
        )
    return replace(last, clip=clip, series=None).with_reps(told)


@dataclass(frozen=True, slots=True)
class SessionCourse:
    """How a session went, which tells why no repetition of it was judged.

    `live`: before a camera, not with a film. `dark`: most pictures were too dark to see anybody.
    `broken_off`: the person ended it; `began`: it got past the set-up. `hardly_looked`: more
    pictures were left out than looked at; `behind`: pictures were left out most of the time.
    `rate_hz` is how many pictures a second were read lately, None while unknown, `least_hz` how
    many are needed.
    """

    live: bool
    dark: bool = False
    broken_off: bool = False
    began: bool = True
    hardly_looked: bool = False
    behind: bool = False
    rate_hz: float | None = None
    least_hz: float = DEFAULT.least_rate_hz


def explained(refused: Verdict, course: SessionCourse) -> Verdict:
    """Return an unusable verdict with the reason that the session's course gives, else its own.

    It is want of light, that the person ended it, that the machine left pictures out, or that a
    film has too few of them.
    """
    few, slow = refused.refusal == "few", refused.refusal == "slow"
    if course.dark:
        reason = TOO_DARK_LIVE if course.live else TOO_DARK
        return replace(refused, reason=reason, refusal="dark")
    # Of a film that was not seen to its end nobody knows what it shows; a camera shows all.
    unseen = refused.refusal == "nothing" and not course.live
    if course.broken_off and (few or unseen or not course.began):
        reason = BROKEN_OFF_LIVE if course.live else BROKEN_OFF
        return replace(refused, reason=reason, refusal="nothing")
    if (few and course.hardly_looked) or (slow and (course.live or course.behind)):
        return replace(refused, reason=TOO_SLOW, refusal="slow")
    if slow and course.rate_hz is not None:
        reason = FILMED.slow.format(rate=course.rate_hz, least=course.least_hz)
        return replace(refused, reason=reason)
    return refused
