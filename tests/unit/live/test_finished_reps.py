"""Each repetition is told once, and what turns out to be none is told no longer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import verdicts
from support.postures import posture_of

from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.traits import Scene
from hinge_dowel.live import finished_reps
from hinge_dowel.live.finished_reps import LATEST_REPS, FinishedReps, without


def test_what_was_told_is_not_told_again():
    told = FinishedReps()
    (first,) = told.take([verdicts.rep(1)], np.inf, gone_s=-np.inf, broke_s=-np.inf)
    assert told.take([first], np.inf, gone_s=-np.inf, broke_s=-np.inf) == ()
    assert told.reported == (first,)


def test_the_thousandth_repetition_is_compared_with_no_more_than_the_hundredth(monkeypatch):
    asked = []
    monkeypatch.setattr(finished_reps, "same", lambda *_: asked.append(1))
    told = FinishedReps()
    one = verdicts.rep(1)
    for _ in range(1000):
        told.take([one], np.inf, gone_s=-np.inf, broke_s=-np.inf)
    assert len(told.reported) == 1000
    asked.clear()
    assert not told.known(one)
    assert len(asked) == LATEST_REPS


@pytest.mark.parametrize(
    ("told_s", "found", "left"),
    [
        ((2.0,), (1, 1), [[6.0], [12.0]]),
        ((6.0,), (1, 2), [[2.0], [12.0]]),
        ((12.0,), (2, 1), [[2.0, 6.0], []]),
        ((2.0, 6.0), (1, 1), [[], [12.0]]),
        ((7.0,), (2, 0), [[2.0, 6.0], [12.0]]),
        ((), (2, 0), [[2.0, 6.0], [12.0]]),
    ],
)
def test_what_is_taken_out_of_a_set_lets_those_after_it_move_up(told_s, found, left):
    sets = [
        [replace(verdicts.rep(number), bottom_s=at) for number, at in enumerate(bottoms, 1)]
        for bottoms in ((2.0, 6.0), (12.0,))
    ]
    told = [replace(verdicts.rep(1), bottom_s=at) for at in told_s]
    rest, numbers = without(sets, told)
    assert numbers == found
    assert [[one.bottom_s for one in reps] for reps in rest] == left
    assert all(one.number == n for reps in rest for n, one in enumerate(reps, 1))


def test_in_a_film_those_of_later_sets_move_up_too() -> None:
    bottoms = ((2.0, 6.0), (12.0, 15.0), (20.0,))
    sets = [[replace(verdicts.rep(9), bottom_s=at) for at in those] for those in bottoms]
    rest, numbers = without(sets, sets[0][:1], refill=2)
    assert numbers == (1, 9)
    assert [[(one.number, one.bottom_s) for one in reps] for reps in rest] == [
        [(1, 6.0), (2, 12.0)],
        [(1, 15.0), (2, 20.0)],
        [],
    ]


def test_half_reps_fill_no_set_of_a_film() -> None:
    half = replace(verdicts.rep(1), notes=("partial",), bottom_s=1.0)
    first, second, third = (replace(verdicts.rep(9), bottom_s=at) for at in (2.0, 6.0, 9.0))
    rest, _ = without([[half, first, second], [third]], [first], refill=2)
    assert [[one.bottom_s for one in reps] for reps in rest] == [[1.0, 6.0, 9.0], []]


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


def looked(told: FinishedReps, spans: list[RepSpan], scene: Scene, *, over: bool = False) -> tuple:
    """What is left of the spans, and what is new of movements that are none."""
    count = told.count(over=over)
    rest, _ = count(spans, scene)
    told.settle(count)
    at_s = {why: one.bottom_s for one, why in count.stretch.not_counted.items()}
    return rest, [(at_s[out.why], out.why.short) for out in told.newly_taken_out()]


TURNED, FIRST, SECOND = span(2.0, 4.0), span(8.0, 10.0), span(12.0, 14.0)


def test_what_a_movement_was_is_told_once_when_the_next_shows_it() -> None:
    told = FinishedReps()
    assert looked(told, [TURNED], kept(6, oblique_until_s=5)) == ((TURNED,), [])
    seen = [TURNED, FIRST]
    turned_away = [(TURNED.bottom_s, "turned away")]
    assert looked(told, seen, kept(11, oblique_until_s=5)) == ((FIRST,), turned_away)
    assert looked(told, seen, kept(12, oblique_until_s=5)) == ((FIRST,), [])


def test_where_nothing_moves_nothing_is_told() -> None:
    assert looked(FinishedReps(), [], kept(6)) == ((), [])


def test_what_is_kept_no_longer_still_tells_what_a_movement_is() -> None:
    told = FinishedReps()
    looked(told, [FIRST], kept(11))
    turned = span(100.0, 102.0)
    late = kept(103, from_s=20)
    late.view_deg[950:] = 40.0
    assert looked(told, [turned], late) == ((), [(turned.bottom_s, "turned away")])
    assert [one.bottom_s for one in told.count().movements] == [FIRST.bottom_s, turned.bottom_s]


def test_what_is_not_over_is_judged_by_no_rule_until_the_end() -> None:
    told = FinishedReps()
    lowering = span(12.0, None)
    assert looked(told, [FIRST, lowering], kept(14)) == ((FIRST, lowering), [])
    put_down = [(lowering.bottom_s, "put down")]
    assert looked(told, [FIRST, lowering], kept(14), over=True) == ((FIRST,), put_down)
    # Judged late, an earlier look changes nothing any more.
    assert looked(told, [FIRST, lowering], kept(14)) == ((FIRST, lowering), [])
    assert len(told.not_counted) == 1


def test_what_was_told_of_it_is_told_no_longer() -> None:
    told = FinishedReps()

    def see(spans: list[RepSpan], scene: Scene) -> list[float | None]:
        count = told.count()
        rest, _ = count(spans, scene)
        told.settle(count)
        reps = [
            replace(verdicts.rep(1), start_s=s.start_s, bottom_s=s.bottom_s, end_s=s.end_s)
            for s in rest
        ]
        told.take(reps, scene.motion.time_s[-1], gone_s=-np.inf, broke_s=-np.inf)
        return [rep.bottom_s for rep in told.reported]

    assert see([TURNED], kept(6, oblique_until_s=5)) == [TURNED.bottom_s]
    assert see([TURNED, FIRST], kept(11, oblique_until_s=5)) == [FIRST.bottom_s]
    (out,) = told.newly_taken_out()
    assert [rep.bottom_s for rep in out.reported] == [TURNED.bottom_s]
    assert told.newly_taken_out() == ()
    assert told.not_counted == (out.why.sentence,)
    assert told.known(TURNED)
    # What comes after a break has nothing to do with it, and what was said stays said.
    told.begin_stretch()
    assert see([SECOND], kept(16, oblique_until_s=15)) == [FIRST.bottom_s, SECOND.bottom_s]
    assert told.not_counted == (out.why.sentence,)
