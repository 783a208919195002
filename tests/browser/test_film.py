"""Annotated clips in a browser: they play, and from the middle too."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support import verdicts
from support.clips import drifting, write_clip
from support.waiting import within

from hinge_dowel.batch.results_folder import film_name
from hinge_dowel.report import page
from hinge_dowel.report.films import annotate
from hinge_dowel.system.atomic_files import write_text

HOSTILE = "<img src=x onerror=alert(1)> 100%.mp4"

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


# -- in the report ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two clips, both with an annotated one beside the page, of which one is then taken away."""
    folder = tmp_path_factory.mktemp("report")
    found = [
        verdicts.verdict(HOSTILE, [("spinal_flexion",), ()]),
        verdicts.verdict("gone.mp4", [("squatting",)]),
    ]
    clip = write_clip(folder / "clip.mkv", drifting(120, 480, 480), rate_hz=10)
    films = {one.clip: film_name(one.clip) for one in found}
    (folder / "videos").mkdir()
    annotate(clip, found[0], folder / films[HOSTILE])
    write_text(folder / "report.html", page.render(found, clips=[clip, clip], films=films))
    return folder / "report.html"


FILM = """
const film = document.querySelector('video');
return film && [film.videoWidth, film.currentTime, film.paused, film.error && film.error.message]
"""


def played(browser) -> list[object]:
    found: object = None

    def plays() -> bool:
        nonlocal found
        found = browser.run(FILM)
        return isinstance(found, list) and found[0] > 0 and not found[2]

    assert within(20, plays), (found, browser.messages())
    assert isinstance(found, list)
    return found


def films_asked_for(browser) -> set[str]:
    return {url for url in browser.requests() if url.endswith(".mp4")}


def clip(browser, name: str):
    (found,) = [
        c
        for c in browser.driver.find_elements(By.CSS_SELECTOR, ".clip")
        if c.get_attribute("data-name") == name
    ]
    return found


def test_nothing_is_loaded_until_it_is_asked_for(browser, report: Path) -> None:
    browser.open(report)
    assert browser.run("return document.querySelectorAll('video').length") == 0
    assert films_asked_for(browser) == set()


def test_the_clip_plays_in_place_of_its_picture_and_goes_away_again(browser, report: Path) -> None:
    browser.open(report)
    card = clip(browser, HOSTILE)
    link = card.find_element(By.CSS_SELECTOR, ".watch a")
    picture = card.find_element(By.CSS_SELECTOR, ".moment-svg")
    before = picture.size
    browser.run("arguments[0].focus()", link)
    link.send_keys(Keys.ENTER)
    assert played(browser)[0] == 480
    film = card.find_element(By.TAG_NAME, "video")
    assert browser.driver.switch_to.active_element == film
    assert film.get_attribute("aria-label") == f"Annotated clip of {HOSTILE}"
    assert not picture.is_displayed()
    assert film.size["width"] == before["width"]
    assert film.size["height"] == pytest.approx(before["height"], abs=2)
    assert films_asked_for(browser) == {(report.parent / film_name(HOSTILE)).as_uri()}
    assert browser.messages() == []
    card.find_element(By.CSS_SELECTOR, ".watch button").send_keys(Keys.ENTER)
    assert picture.is_displayed()
    assert browser.run("return document.querySelectorAll('video').length") == 0
    assert browser.driver.switch_to.active_element == link


def test_a_time_in_the_table_plays_that_repetition(browser, report: Path) -> None:
    browser.open(report)
    times = clip(browser, HOSTILE).find_elements(By.CSS_SELECTOR, ".time a")
    assert [time.get_attribute("title") for time in times] == ["Watch rep 1", "Watch rep 2"]
    times[1].send_keys(Keys.ENTER)
    now_s = played(browser)[1]
    assert isinstance(now_s, int | float)
    assert 5.9 < now_s < 12
    times[0].send_keys(Keys.ENTER)
    now_s = played(browser)[1]
    assert isinstance(now_s, int | float)
    assert 1.9 < now_s < 6
    assert browser.run("return document.querySelectorAll('video').length") == 1


def test_a_clip_that_is_not_there_any_more_is_told(browser, report: Path) -> None:
    browser.open(report)
    card = clip(browser, "gone.mp4")
    link = card.find_element(By.CSS_SELECTOR, ".watch a")
    link.send_keys(Keys.ENTER)
    told = ".watch [role=alert]"
    assert within(20, lambda: card.find_elements(By.CSS_SELECTOR, told))
    words = card.find_element(By.CSS_SELECTOR, told).text
    assert (
        words == "The annotated clip cannot be played: keep the folder “videos” beside this file."
    )
    assert card.find_element(By.CSS_SELECTOR, ".moment-svg").is_displayed()


def test_the_cursor_on_the_curves_moves_the_film_and_goes_with_it(browser, report: Path) -> None:
    browser.open(report)
    card = clip(browser, HOSTILE)
    card.find_element(By.CSS_SELECTOR, ".watch a").send_keys(Keys.ENTER)
    played(browser)
    curves = card.find_element(By.CSS_SELECTOR, ".curves")

    def at_s() -> float:
        return float(curves.get_attribute("aria-valuenow"))

    before = at_s()
    assert within(20, lambda: at_s() > before)
    browser.run("document.querySelector('video').pause()")
    browser.run("arguments[0].focus()", curves)
    curves.send_keys(Keys.HOME)
    curves.send_keys(*[Keys.PAGE_UP] * 7)
    now = "return document.querySelector('video').currentTime"
    assert within(20, lambda: abs(browser.run(now) - 7.0) < 0.05)
    assert at_s() == 7.0
    curves.send_keys(Keys.SPACE)
    assert within(20, lambda: at_s() > 7.2)
    assert browser.messages() == []


def test_on_paper_there_is_the_picture_and_no_film(browser, report: Path) -> None:
    browser.open(report)
    card = clip(browser, HOSTILE)
    card.find_element(By.CSS_SELECTOR, ".watch a").send_keys(Keys.ENTER)
    played(browser)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert card.find_element(By.CSS_SELECTOR, ".moment-svg").is_displayed()
    assert not card.find_element(By.TAG_NAME, "video").is_displayed()
    assert not card.find_element(By.CSS_SELECTOR, ".watch").is_displayed()
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_without_its_script_the_link_opens_the_clip(browser, report: Path) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.open(report)
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    clip(browser, HOSTILE).find_element(By.CSS_SELECTOR, ".watch a").send_keys(Keys.ENTER)
    film = (report.parent / film_name(HOSTILE)).as_uri()
    assert within(10, lambda: browser.driver.current_url == film)
    assert played(browser)[0] == 480
