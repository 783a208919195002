"""The report as a file: what it says, that it is safe, that it stays small."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image
from support import verdicts
from support.clips import card, write_clip
from support.locations import ROOT

from hinge_dowel import check_keypoints, check_points
from hinge_dowel.report import page
from hinge_dowel.system.atomic_files import write_text
from hinge_dowel.testing.synthetic import Bottom, motion, rounding
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import Verdict

HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}</script>.mp4"


def rendered(found: Sequence[Verdict], **options: object) -> str:
    return page.render(found, clips=[None] * len(found), **options)  # type: ignore[arg-type]


class Elements(HTMLParser):
    """Every element of a page, in order: tag, attributes, the text directly behind its start."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._last = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._last = tag

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._last, []).append(data)


def names(text: str) -> list[str]:
    return [
        str(attributes["data-name"]) for tag, attributes in Elements(text).found if tag == "article"
    ]


MIXED = [
    verdicts.verdict("b_clean.mp4", [(), ()]),
    verdicts.unusable("front.mp4", "The camera stands 75 degrees from side-on: film side-on."),
    verdicts.verdict("bad.mp4", [("spinal_flexion",), ()]),
    verdicts.verdict("worse.mp4", [(), ("squatting", "cervical_flexion")], scale=1.6),
    verdicts.verdict("a_clean.mp4", [()]),
]


def test_the_worst_come_first_then_the_unchecked_then_the_clean() -> None:
    assert names(rendered(MIXED)) == [
        *("worse.mp4", "bad.mp4", "front.mp4", "a_clean.mp4", "b_clean.mp4"),
    ]


def test_the_summary_counts() -> None:
    texts = [" ".join(found.split()) for found in Elements(rendered(MIXED)).texts["dd"]]
    said = [text for text in texts if text]
    assert said[:2] == ["5", "2 faulty, 2 clean, 1 not checked"]
    assert said[2:4] == ["7", "5 clean, 2 with a fault"]
    assert said[4:6] == ["71 %", "5 of 7"]
    assert "7 reps" in rendered(MIXED)


def test_shares_are_never_rounded_to_all_or_none() -> None:
    one_of_many = verdicts.verdict(reps=[("squatting",), *[()] * 200])
    assert "99 %" in rendered([replace(one_of_many, series=None)])
    one_clean = verdicts.verdict(reps=[(), *[("squatting",)] * 200])
    assert "1 %" in rendered([replace(one_clean, series=None)])


def test_a_report_without_any_rep_says_so() -> None:
    text = rendered([verdicts.unusable(), Verdict("none.mp4", "unusable")])
    assert "No repetition could be checked" in text
    assert "Film from the side." in text
    assert "No reason is known." in text


def test_every_clip_says_its_sentence_cue_and_reps() -> None:
    text = rendered([verdicts.verdict(reps=[("spinal_flexion",), ()])])
    assert "Rounded back in 1 of 2 reps." in text
    assert "Rounded back (rep 1)" in text
    assert "Brace your belly" in text
    assert "The worst moment: rep 1 at 4.0 s. The sacrum leaves the dowel by 9 cm" in text
    assert "Spine 45°, limit 16°" in text
    rows = re.findall(r'<tr class="(\w+)">', text)
    assert rows == ["off", "on"]
    assert "A good one: rep 2 at 8.0 s, all on the dowel." in text


def test_nothing_comes_from_elsewhere_and_only_its_own_style_and_script_run() -> None:
    text = rendered(MIXED)
    elements = Elements(text)
    for tag, attributes in elements.found:
        assert tag not in {"link", "iframe", "object", "embed", "base"}
        assert not {a for a in attributes if a.startswith("on")} | ({"style"} & set(attributes))
        for name in ("href", "src", "xlink:href", "action"):
            assert (attributes.get(name) or "#").startswith(("#", "data:image/jpeg;base64,"))
    policy = next(
        str(attributes["content"])
        for tag, attributes in elements.found
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for kind, tag, count in (("style-src", "style", 3), ("script-src", "script", 1)):
        contents = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", text, re.DOTALL)
        digests = [hashlib.sha256(content.encode()).digest() for content in contents]
        allowed = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)
        assert len(contents) == count
        assert f"{kind} {allowed};" in policy


FILM = "videos/_img src=x_ 1+1 é.mp4"


def films_in(text: str) -> list[str]:
    found = Elements(text).found
    return [str(a["href"]) for tag, a in found if tag == "a" and a.get("class") == "film"]


def test_an_annotated_clip_is_linked_and_nothing_of_it_is_asked_for() -> None:
    found = [verdicts.verdict("one.mp4", [(), ()]), verdicts.verdict("two.mp4")]
    text = rendered(found, films={"one.mp4": FILM})
    address = "videos/_img%20src%3Dx_%201%2B1%20%C3%A9.mp4"
    # For the whole clip, and from the beginning of each repetition.
    assert films_in(text) == [address, f"{address}#t=2.00", f"{address}#t=6.00"]
    assert not [tag for tag, _ in Elements(text).found if tag in {"video", "source", "img"}]
    assert "media-src 'self' file:;" in text
    assert "It holds no picture of anybody; the annotated clips beside it do." in text


def test_without_annotated_clips_the_page_knows_of_none() -> None:
    text = rendered(MIXED, films={"another.mp4": FILM})
    assert films_in(text) == []
    assert "media-src" not in text
    assert "videos/" not in re.sub("<script>.*?</script>", "", text, flags=re.DOTALL)


def test_an_annotated_clip_without_a_rep_is_linked_too() -> None:
    none = replace(verdicts.verdict("one.mp4"), status="unusable", reason="No rep.", reps=())
    assert films_in(rendered([none], films={"one.mp4": "videos/one.mp4"})) == ["videos/one.mp4"]


@pytest.mark.parametrize("count", [1, page.MOST_CLIPS_AT_ONCE + 1])
def test_hostile_words_stay_words(count: int) -> None:
    one = replace(
        verdicts.verdict(HOSTILE, [("squatting",)]), warnings=("<script>alert(2)</script>",)
    )
    bad = Verdict("x.mp4", "unusable", reason="<b onclick=alert(3)>")
    text = rendered([one, bad, *[verdicts.verdict()] * (count - 1)])
    assert text.count("<script>") == 1
    assert "<img" not in text
    assert "<b onclick" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "{{7*7}}" in text  # never a template itself


def test_names_that_turn_text_round_or_are_not_utf8_are_spelled_out(tmp_path: Path) -> None:
    found = [verdicts.verdict("evil\u202e4pm.exe"), verdicts.verdict("half\udcff.mp4")]
    found.append(verdicts.unusable(reason="Cannot read half\udcff."))
    target = tmp_path / "report.html"
    write_text(target, page.render(found, clips=[None] * 3))
    text = target.read_text("utf-8")
    assert r"evil\u202e4pm.exe" in text
    assert r"half\udcff.mp4" in text
    assert "\u202e" not in text


def pictures_in(text: str) -> list[Image.Image]:
    found = re.findall(r'<image href="data:image/jpeg;base64,([^"]+)"', text)
    return [Image.open(io.BytesIO(base64.b64decode(data))) for data in found]


@pytest.mark.parametrize(("reps", "lights"), [(3, 3), (100, page.STRIP_REPS)])
def test_the_strip_shows_so_many_reps_and_counts_the_rest(reps: int, lights: int) -> None:
    text = rendered([verdicts.verdict(reps=[("squatting",), *[()] * (reps - 1)])])
    (strip,) = re.findall(r'<span class="strip".*?</summary>', text, re.DOTALL)
    assert re.findall(r'href="#(\w+)"', strip) == ["off", *["on"] * (lights - 1)]
    assert re.findall(r">\+(\d+)<", strip) == [str(reps - lights)] * (reps > lights)


def test_where_pictures_are_not_wanted_figures_are_drawn(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [card(480, 480)] * 80, rate_hz=10)
    one = verdicts.verdict(reps=[("spinal_flexion",)])
    assert "It holds pictures of people" in page.render([one], clips=[clip])
    text = page.render([one], clips=[clip], pictures=False)
    assert "<image" not in text
    assert 'class="trunk"' in text
    assert text.count('class="limb near') >= 3
    assert 'class="dowel"' in text
    assert 'class="mark off"' in text
    assert "It holds no picture of anybody." in text


def test_a_clean_clip_of_keypoints_shows_its_own_widened_limit_of_the_neck() -> None:
    """A limit of 14 was drawn beside a neck of 20 that was called clean: 22 had been applied."""
    seen = motion(Bottom(cervical_deg=18.0))
    found = check_keypoints(seen.landmarks, seen.fps)
    assert found.status == "clean"
    assert all(rep.cervical_flexion_deg > DEFAULT.cervical_flexion_deg for rep in found.reps)
    applied = DEFAULT.cervical_flexion_deg + DEFAULT.landmarks_extra_deg
    text = rendered([found])
    neck = text[text.index('id="t1-cervical_flexion"') :]
    assert f">{applied:.0f}°</text>" in neck[: neck.index('data-word="Knee"')]


def test_a_maybe_has_its_own_word_and_colour_everywhere() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",), ()])
    doubted = replace(one.reps[0], intervals_deg={"spinal_flexion_deg": (5.0, 85.0)})
    maybe = replace(one, reps=(doubted, one.reps[1]))
    text = rendered([maybe])
    assert '<span class="badge maybe">' in text
    assert "Maybe rounded back in 1 of 2 reps." in text
    assert "The moment in doubt: rep 1 at 4.0 s. Maybe the sacrum leaves the dowel" in text
    assert "<h1>1 of 2 reps clean, 1 maybe not</h1>" in text
    assert '<tr class="close">' in text
    assert '<li class="cue maybe"><b>Maybe rounded back (rep 1)</b>' in text
    body = text[text.index("<body") :]
    for red in ("badge faulty", 'class="mark off"', 'value off"', 'rep off"', 'class="cue">'):
        assert red not in body
    assert names(rendered([verdicts.unusable(), maybe, one])) == [
        *("clip.mp4", "clip.mp4", "front.mp4")
    ]


def test_half_reps_stand_in_no_share_and_in_no_headline() -> None:
    one = verdicts.verdict(reps=[(), ("squatting",), ()])
    half = replace(one.reps[1], notes=("partial",))
    text = rendered([replace(one, reps=(one.reps[0], half, one.reps[2]))])
    assert "<h1>All 2 reps are clean</h1>" in text
    assert "1 half rep not counted" in text
    assert "Beside them: squatting in the only half rep." in text
    assert "The worst moment" not in text
    alone = rendered([replace(one, reps=(half,))])
    assert "<h1>Only half reps were seen</h1>" in alone
    assert "The worst moment: half rep 2" in alone
    assert ">1 half rep in 1 clip. Hips back, not down.</dd>" in alone
    both = rendered([one, replace(one, reps=(one.reps[0], half)), replace(one, reps=(half,))])
    assert ">1 rep and 1 half rep in 2 clips, maybe 1 more</span>" in both
    assert 'width="25.0"' in both


def test_a_dashed_line_is_explained_where_there_is_one() -> None:
    """Of points along the back the limits are of centimetres, not of angles."""
    seen = rounding(1)
    lined = check_keypoints(seen.landmarks, seen.fps), check_points(seen.points, seen.fps)
    assert ["Shaded below the dashed line" in rendered([one]) for one in lined] == [True, False]


def test_title_person_remark_and_exercise_are_told_and_stay_words() -> None:
    one = replace(verdicts.verdict(reps=[()]), who="An<na", note="week 2 & tired", exercise="rdl")
    text = rendered([one], title="Tuesday <b>")
    assert "<title>Tuesday &lt;b&gt;</title>" in text
    assert "<h1>Tuesday &lt;b&gt;</h1>" in text
    assert "<b>An&lt;na</b>: week 2 &amp; tired" in text
    assert "An&lt;na, 1 clip, report of" in text
    assert "Judged as a Romanian deadlift, facing right" in text
    assert "Romanian deadlift, facing right" in rendered([replace(one, exercise_sure=True)])


def test_how_to_read_it_comes_before_everything_else() -> None:
    text = rendered(MIXED)
    assert text.index("How to read this") < text.index('class="tiles"') < text.index("<article")


def test_with_very_many_reps_their_pictures_are_drawn(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(page, "MOST_STILLS", 1)
    clip = write_clip(tmp_path / "clip.mp4", [card(480, 480)] * 120, rate_hz=10)
    text = page.render([verdicts.verdict(reps=[("spinal_flexion",), ()])], clips=[clip])
    assert len(pictures_in(text)) == 2
    assert text.count('class="shot-svg"') == 2


def test_measures_have_columns_where_they_are_known() -> None:
    one = verdicts.verdict(reps=[()])
    rep = replace(one.reps[0], hip_travel_cm=16.2, weight_share=0.46, knee_lead_s=-0.04)
    text = rendered([replace(one, reps=(rep,))])
    assert "Hips back" in text
    assert "Hip : knee" not in text
    assert (
        "The hips go back 16 cm, your body&#39;s weight is 46 % of the way from heel to toes"
        in text
    )
    assert "Hips back" not in rendered([one])
    assert not re.search(
        "[-\N{MINUS SIGN}]0(?![.\\d])", re.sub("<(style|script)>.*?</", "", text, flags=re.S)
    )


def test_a_verdict_without_frames_still_has_its_table() -> None:
    text = rendered([verdicts.without_frames(verdicts.verdict(reps=[("squatting",)]))])
    assert 'class="moment-svg"' not in text
    assert 'class="panel"' not in text
    assert '<tr class="off">' in text


def test_intervals_are_told_with_their_angles() -> None:
    one = verdicts.verdict(reps=[("spinal_flexion",)])
    sure = replace(one.reps[0], intervals_deg={"spinal_flexion_deg": (-3.4, 51.6)})
    text = rendered([replace(one, reps=(sure,))])
    assert '<span class="interval">\N{MINUS SIGN}3 to 52</span>' in text
    assert text.count('<span class="interval">') == 1
    told = "holds its true value nine times in ten"
    assert told in text
    assert told not in rendered([one])


def test_many_clips_stay_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_CLIPS_AT_ONCE", 30)
    found = [verdicts.verdict(f"{i}.mp4", [("squatting",)] * 4) for i in range(40)]
    few, many = rendered(found[:20]), rendered(found)
    assert (len(many) - len(few)) / 20 < 20_000
    closed = '<script type="text/html">'
    assert (few.count(closed), many.count(closed)) == (0, 40)


def test_as_many_clips_as_verdicts() -> None:
    with pytest.raises(ValueError, match="shorter"):
        page.render([verdicts.verdict()], clips=[])


def test_a_report_that_cannot_be_written_says_so_and_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("old")
    # The disk gives out after 4 kB, as far as this process is concerned.
    code = (
        "import resource, signal, sys, pathlib\n"
        "sys.path.insert(0, 'tests')\n"
        "from support import verdicts\n"
        "from hinge_dowel.report import page\n"
        "from hinge_dowel.system import atomic_files\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "try:\n"
        "    atomic_files.write_text(path, page.render([verdicts.verdict()], clips=[None]))\n"
        "except atomic_files.OutputError as error:\n"
        "    sys.exit(str(error))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(target)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert re.fullmatch(r"Cannot write \S+report.html: File too large; .*", done.stderr.strip())
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
