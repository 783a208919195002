"""Annotated clips in a browser: they play, and from the middle too."""

from __future__ import annotations

from pathlib import Path

import pytest
import verdicts
from clips import drifting, write_clip

from hinge_dowel.report.annotate import annotate

pytestmark = pytest.mark.browser

PLAY = """
const done = arguments[0], film = document.querySelector('video');
const told = () => [film.videoWidth, film.videoHeight, film.duration, film.currentTime];
film.muted = true;
film.onerror = () => done(film.error.message);
film.onloadeddata = () => { film.currentTime = 3; };
film.onseeked = () => film.play().then(() => setTimeout(() => done(told()), 600));
film.src = 'film.mp4';
"""


def test_a_film_plays_from_its_middle(browser, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mkv", drifting(80, 480, 480), rate_hz=10)
    annotate(clip, verdicts.verdict(reps=[("spinal_flexion",)]), tmp_path / "film.mp4")
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>film</title><video></video>")
    browser.open(page)
    played = browser.driver.execute_async_script(PLAY)
    assert isinstance(played, list), played
    width, height, duration_s, now_s = played
    assert (width, height) == (480, 480)
    assert duration_s == pytest.approx(8.0, abs=0.01)
    assert 3.2 < now_s < 4.5
