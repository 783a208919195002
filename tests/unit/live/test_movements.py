"""Movements of a session that turn out to be no repetitions, without the pictures of long ago."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from support import verdicts
from support.postures import posture_of

from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.traits import Scene
from hinge_dowel.live.finished_reps import FinishedReps
from hinge_dowel.live.movements import SetApartSoFar, Stretch

FPS = 10


def span(start_s: float, end_s: float | None) -> RepSpan:
    """A movement of a stretch whose clock is that of its frames."""
    bottom_s = start_s + 1.0
    last_s = bottom_s if end_s is None else end_s
    frames = (round(FPS * t) for t in (start_s, bottom_s, last_s))
    return RepSpan(start_s, bottom_s, end_s, *frames, "partial" if end_s is None else "full")


def kept(until_s: float, *, from_s: float = 0.0, oblique_until_s: float = 0.0) -> Scene:
    """What is kept of somebody who first does not stand side-on."""
    time_s = np.arange(round(until_s * FPS)) / FPS
    view_deg = np.where(time_s < oblique_until_s, 40.0, 3.0)
    view_deg[time_s < from_s] = np.nan
    return replace(Scene.unseen(posture_of(time_s)), view_deg=view_deg)


def looked(stretch: Stretch, spans: list[RepSpan], scene: Scene, *, over: bool = False) -> tuple:
    """What is left of the spans, and what is new of movements that are none."""
    apart = SetApartSoFar(stretch, over=over)
    rest, _ = apart(spans, scene)
    return rest, [(one.bottom_s, why.short) for one, why in apart.settle()]


TURNED, FIRST, SECOND = span(2.0, 4.0), span(8.0, 10.0), span(12.0, 14.0)


def test_what_a_movement_was_is_told_once_when_the_next_shows_it() -> None:
    stretch = Stretch()
    assert looked(stretch, [TURNED], kept(6, oblique_until_s=5)) == ((TURNED,), [])
    seen = [TURNED, FIRST]
    apart = [(TURNED.bottom_s, "turned away")]
    assert looked(stretch, seen, kept(11, oblique_until_s=5)) == ((FIRST,), apart)
    assert looked(stretch, seen, kept(12, oblique_until_s=5)) == ((FIRST,), [])


def test_where_nothing_moves_nothing_is_told() -> None:
    assert looked(Stretch(), [], kept(6)) == ((), [])


def test_what_is_kept_no_longer_still_tells_what_a_movement_is() -> None:
    stretch = Stretch()
    looked(stretch, [FIRST], kept(11))
    turned = span(100.0, 102.0)
    late = kept(103, from_s=20)
    late.view_deg[950:] = 40.0
    assert looked(stretch, [turned], late) == ((), [(turned.bottom_s, "turned away")])
    assert [one.bottom_s for one in stretch.movements] == [FIRST.bottom_s, turned.bottom_s]


def test_what_is_not_over_is_judged_by_no_rule_until_the_end() -> None:
    stretch = Stretch()
    lowering = span(12.0, None)
    assert looked(stretch, [FIRST, lowering], kept(14)) == ((FIRST, lowering), [])
    put_down = [(lowering.bottom_s, "put down")]
    assert looked(stretch, [FIRST, lowering], kept(14), over=True) == ((FIRST,), put_down)
    # Judged late, an earlier look changes nothing any more.
    assert looked(stretch, [FIRST, lowering], kept(14)) == ((FIRST, lowering), [])
    assert len(stretch.asides) == 1


def test_what_was_told_of_it_is_told_no_longer() -> None:
    told = FinishedReps()

    def see(spans: list[RepSpan], scene: Scene) -> list[float | None]:
        apart = told.set_apart()
        rest, _ = apart(spans, scene)
        told.settle(apart)
        reps = [
            replace(verdicts.rep(1), start_s=s.start_s, bottom_s=s.bottom_s, end_s=s.end_s)
            for s in rest
        ]
        told.take(reps, scene.motion.time_s[-1], gone_s=-np.inf, broke_s=-np.inf)
        return [rep.bottom_s for rep in told.reported]

    assert see([TURNED], kept(6, oblique_until_s=5)) == [TURNED.bottom_s]
    assert see([TURNED, FIRST], kept(11, oblique_until_s=5)) == [FIRST.bottom_s]
    (out,) = told.newly_not_counted()
    assert [rep.bottom_s for rep in out.reported] == [TURNED.bottom_s]
    assert told.newly_not_counted() == ()
    assert told.not_counted == (out.why.sentence,)
    assert told.known(TURNED)
    # What comes after a break has nothing to do with it, and what was said stays said.
    told.begin_stretch()
    assert see([SECOND], kept(16, oblique_until_s=15)) == [FIRST.bottom_s, SECOND.bottom_s]
    assert told.not_counted == (out.why.sentence,)
