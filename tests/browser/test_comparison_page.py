"""The page of a comparison in a browser: quiet, readable, narrow, on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from support import verdicts
from support.browsing import CONTRAST, PAPER_IN, pages, pdf
from support.clips import card, write_clip

from hinge_dowel.report.comparison import Side
from hinge_dowel.report.comparison_page import render
from hinge_dowel.system.atomic_files import write_text

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>" + "a-very-long-name-without-any-place-to-break-" * 3


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("comparison")
    clip = write_clip(folder / "clip.mp4", [card(480, 480)] * 80, rate_hz=10)
    old = verdicts.verdict("old.mp4", [("spinal_flexion",), ("squatting", "cervical_flexion"), ()])
    page = render(
        Side(HOSTILE, replace(old, who="Anna"), datetime(2026, 3, 1), clip),
        Side("new.mp4", verdicts.verdict("new.mp4", [(), ()]), datetime(2026, 3, 14)),
    )
    write_text(folder / "compare.html", page)
    return folder / "compare.html"


def test_it_opens_without_a_word_on_the_console_or_a_request(browser, comparison: Path) -> None:
    browser.open(comparison)
    assert browser.messages() == []
    asked = {url for url in browser.requests() if not url.startswith("data:")}
    assert asked == {comparison.as_uri()}
    assert browser.driver.find_element(By.TAG_NAME, "h1").text == "What has changed"
    # Its own style is applied, and nothing of a name is markup.
    assert browser.run("return getComputedStyle(document.querySelector('path.a')).fill") == "none"
    assert browser.run("return document.querySelectorAll('img').length") == 0


def test_pictures_and_curves_are_drawn(browser, comparison: Path) -> None:
    browser.open(comparison)
    for selector, least in ((".moment-svg .dowel", 50), (".panels path.b", 100)):
        assert browser.driver.find_element(By.CSS_SELECTOR, selector).rect["width"] > least
    photographs = "return document.querySelectorAll('.moment-svg image').length"
    assert browser.run(photographs) == 2


@pytest.mark.parametrize("width", [320, 390, 800, 1400])
def test_no_width_scrolls_sideways(browser, comparison: Path, width: int) -> None:
    browser.open(comparison, width=width)
    assert browser.run("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True])
def test_words_stand_out_in_light_and_dark(browser, comparison: Path, dark: bool) -> None:
    browser.open(comparison, dark=dark)
    assert browser.run(CONTRAST) == []


@pytest.mark.parametrize("paper", PAPER_IN)
def test_it_takes_one_sheet_of_paper(browser, tmp_path: Path, paper: str) -> None:
    """With every measure in its tables, and tall pictures."""
    clip = write_clip(tmp_path / "clip.mp4", [card(480, 480)] * 40, rate_hz=10)
    sides = []
    for faults in (("spinal_flexion",), ()):
        one = verdicts.verdict("clip.mp4", [faults, ()])
        reps = tuple(replace(rep, hip_travel_cm=16.0) for rep in one.reps)
        told = replace(one, reps=reps, who="Anna")
        sides.append(Side(one.clip, told, datetime(2026, 3, 1), clip))
    write_text(tmp_path / "compare.html", render(*sides))
    browser.open(tmp_path / "compare.html")
    assert pages(pdf(browser, paper)) == 1
