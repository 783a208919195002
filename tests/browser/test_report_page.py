"""The report as a person meets it: in a browser, on a phone, on paper, by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support import verdicts
from support.browsing import CONTRAST, PAPER_IN, pages, pdf
from support.clips import card, write_clip

from hinge_dowel.report import page
from hinge_dowel.system.atomic_files import write_text
from hinge_dowel.verdict import Verdict

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>.mp4"
MIXED = [
    verdicts.verdict("class/rounded.mp4", [("spinal_flexion",), ()]),
    verdicts.verdict(HOSTILE, [("squatting",), ("cervical_flexion", "spinal_flexion")], scale=1.3),
    verdicts.unusable("front.mp4", "The camera stands 75 degrees from side-on: film side-on."),
    verdicts.verdict("clean-10.mp4", [(), ()]),
    verdicts.verdict("clean-9.mp4", [()], facing="left"),
    verdicts.verdict("a-very-long-name-without-any-place-to-break-" * 4 + ".mp4", [()] * 40),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    clip = write_clip(folder / "clip.mp4", [card(480, 480)] * 80, rate_hz=10)
    return written(folder / "report.html", MIXED, clip)


def written(path: Path, found: Sequence[Verdict], clip: Path | None = None) -> Path:
    write_text(path, page.render(found, clips=[clip] * len(found)))
    return path


def press(browser, *keys: str) -> None:
    ActionChains(browser.driver).send_keys(*keys).perform()


def open_all(browser) -> None:
    browser.run("document.getElementById('toggle-all').click()")


def test_it_opens_without_a_word_on_the_console_or_a_request(browser, report: Path) -> None:
    browser.open(report)
    assert browser.shown()[:2] == [HOSTILE, "class/rounded.mp4"]
    assert browser.messages() == []
    assert {url for url in browser.requests() if not url.startswith("data:")} == {report.as_uri()}
    heading = browser.driver.find_element(By.TAG_NAME, "h1").text
    assert heading == "44 of 47 reps clean"


def test_the_picture_and_its_drawing_are_shown(browser, report: Path) -> None:
    browser.open(report)
    size = browser.run(
        "const i = new Image(); i.src = document.querySelector('image').getAttribute('href');"
        "return i.decode().then(() => [i.naturalWidth, i.naturalHeight])"
    )
    assert min(size) > 200
    box = browser.driver.find_element(By.CSS_SELECTOR, ".moment-svg .dowel").rect
    assert box["width"] > 50


@pytest.mark.parametrize("width", [390, 1100])
def test_bars_of_as_many_reps_are_as_long(browser, tmp_path: Path, width: int) -> None:
    """However long the words beside them are."""
    seen = verdicts.verdict("a.mp4", [("squatting",), ("spinal_flexion",), ("spinal_flexion",)])
    doubtful = replace(seen.reps[2], intervals_deg={"spinal_flexion_deg": (2.0, 30.0)})
    seen = replace(seen, reps=(*seen.reps[:2], doubtful))
    browser.open(written(tmp_path / "report.html", [seen, verdicts.unusable()]), width)
    bars = browser.driver.find_elements(By.CSS_SELECTOR, ".faults .bar")
    counts = [one.text for one in browser.driver.find_elements(By.CSS_SELECTOR, ".fault-count")]
    assert len(set(map(len, counts))) == 2
    assert len(bars) == 2
    assert len({bar.rect["width"] for bar in bars}) == 1
    assert bars[0].rect["width"] > 150


@pytest.mark.parametrize("width", [320, 390, 1100])
def test_the_marks_of_many_reps_leave_the_status_to_be_read(
    browser, tmp_path: Path, width: int
) -> None:
    seen = verdicts.verdict("a.mp4", [("squatting",)] * 14)
    browser.open(written(tmp_path / "report.html", [seen]), width)
    status, marks = (
        browser.driver.find_element(By.CSS_SELECTOR, f"summary {one}").rect
        for one in (".badge", ".strip")
    )
    assert status["x"] + status["width"] <= marks["x"]
    assert marks["x"] + marks["width"] <= width


def test_a_hostile_name_is_only_text(browser, report: Path) -> None:
    browser.open(report)
    assert browser.run("return document.querySelectorAll('.clips img').length") == 0
    assert browser.messages() == []
    # And should anything slip in one day, the policy stops it.
    browser.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=hit=1>')")
    browser.run(
        "const s = document.createElement('script'); s.text = 'hit = 2'; document.body.append(s)"
    )
    assert browser.run("return typeof hit") == "undefined"
    assert any("Content Security Policy" in message for message in browser.messages())


def test_filters_work_by_keyboard_and_say_what_they_do(browser, report: Path) -> None:
    browser.open(report)
    status = browser.driver.find_element(By.ID, "shown")
    assert status.get_attribute("aria-live") == "polite"
    assert status.text == "Showing all 6 clips."
    press(browser, Keys.TAB)  # the skip link
    assert browser.driver.switch_to.active_element.text == "Skip to the clips"
    press(browser, Keys.TAB, Keys.ARROW_RIGHT)  # from "all" to "faulty"
    assert sorted(browser.shown()) == sorted([HOSTILE, "class/rounded.mp4"])
    assert status.text == "Showing 2 of 6 clips."
    press(browser, Keys.TAB, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)  # the faults
    chosen = browser.driver.switch_to.active_element
    assert chosen.get_attribute("name") == "fault"
    assert chosen.get_attribute("value") in {"squatting", "cervical_flexion"}
    assert browser.shown() == [HOSTILE]
    press(browser, Keys.TAB, "rounded")  # the name
    assert browser.shown() == []
    assert browser.driver.find_element(By.ID, "nothing").is_displayed()
    press(browser, Keys.ESCAPE)
    assert len(browser.shown()) == 6
    assert status.text == "Showing all 6 clips."


def test_focus_is_seen(browser, report: Path) -> None:
    browser.open(report)
    press(browser, Keys.TAB, Keys.TAB)
    style = browser.run(
        "return getComputedStyle(document.activeElement.nextElementSibling).outlineStyle"
    )
    assert style == "solid"


def test_clips_open_by_keyboard(browser, report: Path) -> None:
    browser.open(report)
    browser.run("document.querySelectorAll('summary')[1].focus()")
    table = browser.driver.find_elements(By.TAG_NAME, "table")[1]
    assert not table.is_displayed()
    press(browser, Keys.ENTER)
    assert table.is_displayed()
    assert "Rounded back" in table.text


def test_order_by_name_counts_as_people_do(browser, report: Path) -> None:
    browser.open(report)
    browser.run(
        "const s = document.querySelector('select'); s.value = 'name';"
        "s.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    found = browser.shown()
    assert found.index("clean-9.mp4") < found.index("clean-10.mp4")


def test_all_clips_open_and_close(browser, report: Path) -> None:
    browser.open(report)
    button = browser.driver.find_element(By.ID, "toggle-all")
    opened = "return document.querySelectorAll('details[open]').length"
    open_all(browser)
    assert browser.run(opened) == 6
    assert button.text == "Close all"
    button.send_keys(Keys.SPACE)
    assert browser.run(opened) == 0


@pytest.mark.parametrize("width", [320, 360, 768, 1100])
def test_no_width_scrolls_sideways(browser, report: Path, width: int) -> None:
    browser.open(report, width, 800)
    open_all(browser)
    assert browser.run("return document.documentElement.scrollWidth") <= width
    beyond = browser.run(
        "return [...document.querySelectorAll('main *')].filter(e => e.checkVisibility() &&"
        "!e.closest('.sr, thead, .choice input') && e.getBoundingClientRect().right >"
        "innerWidth + 1).map(e => e.outerHTML.slice(0, 90))"
    )
    assert beyond == []


def test_screen_readers_find_landmarks_names_and_headers(browser, report: Path) -> None:
    browser.open(report)
    tree = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    seen = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree
        if not node.get("ignored") and "role" in node
    ]
    roles = {role for role, _ in seen}
    assert {"banner", "main", "contentinfo", "form", "status", "article", "table"} <= roles
    assert ("article", HOSTILE) in seen
    assert ("form", "Filter the clips") in seen
    assert [name for role, name in seen if role == "columnheader"][:3] == [
        "Rep",
        "Bottom",
        "Head cm",
    ]
    figures = [name for role, name in seen if role == "image" and name]
    assert any("The worst moment: rep 2" in name for name in figures)
    assert not [
        role for role, name in seen if role in {"radio", "searchbox", "combobox"} and not name
    ]
    levels = browser.run(
        "return [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])"
    )
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("dark", [False, True])
def test_words_stand_out_in_light_and_dark(browser, report: Path, dark: bool) -> None:
    browser.open(report, dark=dark)
    open_all(browser)
    assert browser.run(CONTRAST) == []
    page = browser.run("return getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(part) for part in page.strip("rgb()").split(","))
    assert (brightness < 150) == dark


def measured(one: Verdict) -> Verdict:
    """With everything that a clip's table can hold, and a remark."""
    angles = {"hip", "knee", "spinal", "cervical"}
    fields = [*(f"{angle}_flexion_deg" for angle in angles), "shin_angle_deg"]
    reps = tuple(
        replace(
            rep,
            intervals_deg={f: (getattr(rep, f) - 9, getattr(rep, f) + 9) for f in fields},
            notes=("shins_forward", "too_fast") if rep.number % 3 == 1 else (),
            hip_travel_cm=16.0,
            weight_share=0.46,
            knee_lead_s=0.1,
            hip_knee_ratio=4.4,
        )
        for rep in one.reps
    )
    return replace(one, reps=reps, who="Anna", note="second week", warnings=("A warning." * 9,))


def test_a_table_with_everything_in_it_is_not_cut_off(browser, tmp_path: Path) -> None:
    """What is beyond the edge of its clip is not painted, and nothing scrolls there."""
    one = measured(verdicts.verdict("one.mp4", [("spinal_flexion", "squatting"), ()]))
    path = written(tmp_path / "report.html", [one])
    for width in (900, 1000):
        browser.open(path, width, 800)
        right = "return document.querySelector('{}').getBoundingClientRect().right"
        assert browser.run(right.format("table")) < browser.run(right.format("article")), width


@pytest.mark.parametrize("paper", PAPER_IN)
@pytest.mark.parametrize("reps", [1, 8, 12, 24])
def test_on_paper_a_clip_takes_one_page(browser, tmp_path: Path, reps: int, paper: str) -> None:
    kinds = [("spinal_flexion",), ("squatting",), ("cervical_flexion",), ()]
    one = measured(verdicts.verdict("one.mp4", [kinds[i % 4] for i in range(reps)]))
    clip = write_clip(tmp_path / "clip.mp4", [card(480, 480)] * 40, rate_hz=10)
    browser.open(written(tmp_path / "report.html", [one], clip))
    assert pages(pdf(browser, paper)) == 1


@pytest.mark.parametrize("width", [360, 600, 900, 1400])
@pytest.mark.parametrize("reps", [3, 10, 20])
def test_on_paper_a_clip_takes_one_page_from_any_window(
    browser, tmp_path: Path, reps: int, width: int
) -> None:
    one = measured(verdicts.verdict("one.mp4", [("spinal_flexion",), ("squatting",), ()] * reps))
    one = replace(one, reps=one.reps[:reps])
    clip = write_clip(tmp_path / "clip.mp4", [card(480, 480)] * 40, rate_hz=10)
    browser.open(written(tmp_path / "report.html", [one], clip), width)
    for paper in PAPER_IN:
        assert pages(pdf(browser, paper)) == 1, paper
    # And the window is as it was.
    assert browser.run("return [...document.querySelectorAll('style')].map(s => s.media)") == [
        "",
        "screen",
        "print",
    ]


def test_on_paper_every_clip_of_many_begins_a_page_after_the_summary(browser, report: Path) -> None:
    browser.open(report)
    # The one of forty reps may run over.
    assert len(MIXED) + 1 <= pages(pdf(browser)) <= len(MIXED) + 2


# -- the cursor on the curves ----------------------------------------------------------------------


def test_the_cursor_moves_by_keyboard_and_tells_the_angles(browser, report: Path) -> None:
    browser.open(report)
    curves = browser.driver.find_element(By.CSS_SELECTOR, ".curves")
    assert curves.get_attribute("role") == "slider"
    assert curves.get_attribute("aria-label") == "Time in the clip"
    readout = browser.driver.find_element(By.CSS_SELECTOR, ".readout")
    assert not readout.is_displayed()
    browser.run("arguments[0].focus()", curves)
    press(browser, Keys.HOME)
    assert readout.text.startswith("0.0 s: Spine 0°, Neck 0°, Knee 0°, Hip 0°")
    press(browser, *[Keys.PAGE_UP] * 4)
    first = MIXED[1].reps[0]  # the worst clip comes first; its first rep is at its bottom at 4 s
    assert readout.text == (
        f"4.0 s: Spine {first.spinal_flexion_deg:.0f}°, Neck {first.cervical_flexion_deg:.0f}°, "
        f"Knee {first.knee_flexion_deg:.0f}°, Hip {first.hip_flexion_deg:.0f}°"
    )
    assert curves.get_attribute("aria-valuenow") == "4.00"
    assert curves.get_attribute("aria-valuetext") == readout.text
    press(browser, Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert curves.get_attribute("aria-valuenow") == "3.80"
    press(browser, Keys.END)
    assert curves.get_attribute("aria-valuenow") == curves.get_attribute("aria-valuemax")
    assert browser.messages() == []


def test_the_cursor_follows_the_pointer(browser, report: Path) -> None:
    browser.open(report, 1100, 2400)
    curves = browser.driver.find_element(By.CSS_SELECTOR, ".curves")
    width = curves.size["width"]
    actions = ActionChains(browser.driver)
    actions.move_to_element(curves).click_and_hold().move_by_offset(round(width / 4), 0).perform()
    span = float(curves.get_attribute("aria-valuemax"))
    assert float(curves.get_attribute("aria-valuenow")) == pytest.approx(0.75 * span, rel=0.01)
    head = browser.driver.find_element(By.CSS_SELECTOR, ".playhead").rect
    middle = head["x"] + head["width"] / 2
    assert middle == pytest.approx(curves.rect["x"] + 0.75 * width, abs=3)
    actions.release().move_by_offset(-50, 0).perform()
    assert float(curves.get_attribute("aria-valuenow")) == pytest.approx(0.75 * span, rel=0.01)


def test_the_picture_of_a_rep_puts_the_cursor_there(browser, report: Path) -> None:
    browser.open(report, 1100, 2400)
    shots = browser.driver.find_elements(By.CSS_SELECTOR, ".clip:first-of-type .shot")
    assert [shot.get_attribute("title") for shot in shots] == ["Rep 1: faulty", "Rep 2: faulty"]
    shots[1].send_keys(Keys.ENTER)
    curves = browser.driver.find_element(By.CSS_SELECTOR, ".curves")
    assert float(curves.get_attribute("aria-valuenow")) == pytest.approx(8.0, abs=0.1)


def test_on_paper_every_clip_is_open_and_filters_are_gone(browser, report: Path) -> None:
    browser.open(report)
    browser.run(
        "addEventListener('beforeprint', () => {"
        "window.opened = document.querySelectorAll('details[open]').length })"
    )
    assert len(pdf(browser)) > 10_000
    assert browser.run("return window.opened") == 6
    assert browser.run("return document.querySelectorAll('details[open]').length") == 1
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not browser.driver.find_element(By.ID, "filters").is_displayed()
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_a_link_to_a_clip_opens_it(browser, report: Path) -> None:
    browser.open(report)
    browser.run("location.hash = '#clip-2'")
    opened = browser.run(
        "return new Promise(done => setTimeout(() =>"
        "done(document.querySelector('#clip-2 details').open)))"
    )
    assert opened is True


def test_a_long_report_stays_small_and_fills_clips_when_opened(browser, tmp_path: Path) -> None:
    """Details of 1,500 clips would be half a million elements; they come when asked for."""
    kinds = [("spinal_flexion",), ("squatting",), ()]
    found = [verdicts.verdict(f"{i:04d}.mp4", [kinds[i % 3]] * 3) for i in range(1500)]
    found[4] = verdicts.verdict(HOSTILE, [("squatting",)], scale=2.0)
    browser.open(written(tmp_path / "report.html", found))
    assert browser.run("return document.getElementsByTagName('*').length") < 40_000
    browser.run("document.querySelector('[name=fault][value=squatting]').click()")
    assert len(browser.shown()) == 500
    assert browser.shown()[0] == HOSTILE
    second = browser.driver.find_elements(By.CSS_SELECTOR, ".clip:not([hidden])")[1]
    assert second.find_elements(By.TAG_NAME, "table") == []
    browser.run("arguments[0].querySelector('summary').click()", second)
    assert "Squatting" in second.find_element(By.TAG_NAME, "table").text
    assert browser.run("return document.querySelectorAll('img').length") == 0
    assert browser.messages() == []
