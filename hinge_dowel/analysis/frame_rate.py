"""Withholds judgement of repetitions that too few pictures show.

The pose model follows a person from picture to picture. Where these come too seldom (a slow
machine drops pictures, a camera in the dark gives few) it loses the head first, then the legs, and
finds them in wrong places without any sign of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.body.array_types import Array, Mask
from hinge_dowel.tolerances import Tolerances
from hinge_dowel.verdict import NOT_JUDGED, Rep, Verdict

KEPT_NOTES = frozenset({"partial", "held", "too_fast", "oblique_view"})
"""Notes kept for such a repetition: they depend on no angle, and are not advice on filming."""

SLOWED_S = 8.0
"""Repetitions that take longer, in the median, may be slowed down: of 45 real and rendered clips
none takes more than 7.5 s, slowed down four times most take 5 to 14."""


def with_enough(
    verdict: Verdict, time_s: Array, seen: Mask, spans: Sequence[RepSpan], tolerances: Tolerances
) -> Verdict:
    """Return the verdict with `withheld` repetitions where too few pictures show them.

    `time_s` (T,) are the times of all pictures, `seen` (T,) marks those with the person, `spans`
    are the verdict's repetitions, in order.
    """
    shown_s = time_s[seen]
    return verdict.with_reps(
        withheld(rep)
        if too_few(shown_s, float(time_s[span.first]), float(time_s[span.last]), tolerances)
        else rep
        for rep, span in zip(verdict.reps, spans, strict=True)
    )


def too_few(time_s: Array, start_s: float, end_s: float, tolerances: Tolerances) -> bool:
    """Return whether pictures at `time_s` (N,), rising, are too few to judge a span of time."""
    inside = time_s[(time_s > start_s) & (time_s < end_s)]
    longest_s = float(np.diff([start_s, *inside, end_s]).max())
    return (
        longest_s > tolerances.longest_gap_s
        or len(inside) < tolerances.least_rate_hz * (end_s - start_s) - 1
    )


def withheld(rep: Rep) -> Rep:
    """Return a repetition without judgement: times, hip flexion, and the note `NOT_JUDGED`."""
    return Rep(
        number=rep.number,
        start_s=rep.start_s,
        bottom_s=rep.bottom_s,
        end_s=rep.end_s,
        hip_flexion_deg=rep.hip_flexion_deg,
        notes=(*(note for note in rep.notes if note in KEPT_NOTES), NOT_JUDGED),
        deep_knee_deg=rep.deep_knee_deg,
        borderline_cm=rep.borderline_cm,
    )


def rate_hz(time_s: Array | Sequence[float]) -> float:
    """Return pictures a second, from two or more rising times."""
    return (len(time_s) - 1) / max(float(time_s[-1] - time_s[0]), 1e-3)


def slowed_down(reps: Sequence[Rep]) -> tuple[str, ...]:
    """Return a hint where repetitions last so long that a film may play in slow motion."""
    lasted_s = [rep.duration_s for rep in reps if rep.duration_s is not None]
    if not lasted_s or (usual_s := float(np.median(lasted_s))) <= SLOWED_S:
        return ()
    return (
        f"A repetition takes about {usual_s:.0f} s: if the film plays in slow motion, say how many "
        "times slower than life, as --slow-motion 4, so that times and tempo are right.",
    )
