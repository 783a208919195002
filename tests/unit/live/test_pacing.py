"""How often is drawn, and what is told of the time that pictures took."""

from __future__ import annotations

from dataclasses import replace

from support.screens import altered, moment

from hinge_dowel.live.pacing import BUSY_DRAW_S, DrawingRate, LatencyStats

CALM = moment("moving", head="on", upper_back="on", sacrum="on")


def test_with_time_enough_every_picture_is_drawn() -> None:
    rate = DrawingRate()
    assert all(rate.due(CALM, at / 15, busy=False) for at in range(30))


def test_a_busy_machine_draws_seldom_but_a_light_at_once() -> None:
    rate = DrawingRate()
    drawn = [at for at in range(30) if rate.due(CALM, at / 15, busy=True)]
    assert 2.0 / BUSY_DRAW_S - 1 < len(drawn) < 2.0 / BUSY_DRAW_S + 1
    off = altered(CALM, sacrum="off")
    assert rate.due(off, drawn[-1] / 15 + 0.01, busy=True)
    assert not rate.due(off, drawn[-1] / 15 + 0.02, busy=True)
    assert rate.due(replace(off, cue="chest long"), drawn[-1] / 15 + 0.03, busy=True)


def test_what_pictures_took_is_one_sentence() -> None:
    stats = LatencyStats()
    assert stats.sentence() == "No picture was looked at."
    for took_ms in range(1, 101):
        stats.add(float(took_ms))
    stats.seconds, stats.dropped = 10.0, 5
    assert "median 50 ms" in stats.sentence()
    assert "(10.0 a second, 5 left out)" in stats.sentence()
