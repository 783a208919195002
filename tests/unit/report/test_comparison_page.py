"""The page of a comparison: whole, self-contained, and safe whatever things are called."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from support.verdicts import verdict, without_frames

from hinge_dowel.report.comparison import Side
from hinge_dowel.report.comparison_page import render
from hinge_dowel.system.atomic_files import write_text
from hinge_dowel.verdict import Verdict

KEYS = ("spinal_flexion_deg", "cervical_flexion_deg", "knee_flexion_deg")


def known(found: Verdict, half_deg: float = 5.0) -> Verdict:
    """With an interval for every angle."""
    reps = []
    for rep in found.reps:
        values = {key: getattr(rep, key) for key in KEYS}
        ends = {key: (value - half_deg, value + half_deg) for key, value in values.items()}
        reps.append(replace(rep, intervals_deg=ends))
    return replace(found, reps=tuple(reps), limits={"spinal_flexion_deg": 16.0})


A = Side("old.mp4", known(verdict(reps=[["spinal_flexion"], []])), datetime(2026, 3, 1))
B = Side("new.mp4", replace(known(verdict(reps=[[], []])), who="Anna"), datetime(2026, 3, 14))


class Tags(HTMLParser):
    """Checks that tags close in their order, and gathers what could load something."""

    VOID = ("meta", "link", "img", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.names: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.loads += [value for name, value in attrs if name in ("src", "href", "style")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.names.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def parsed(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


def row(page: str, head: str) -> list[str]:
    """The cells of a table's row."""
    (found,) = re.findall(rf"<tr[^>]*><th[^>]*>{head}</th>(.*?)</tr>", page)
    return re.findall(r"<td[^>]*>(.*?)</td>", found)


def test_the_page_tells_the_change_and_both_reps():
    page = render(A, B)
    parsed(page)
    said = "Less, by more than the measuring error"
    term = ' <span class="term">{}</span>'
    assert row(page, "Spine" + term.format("spinal flexion")) == [
        "24° (20 to 30)",
        "4° (\N{MINUS SIGN}1 to 9)",
        said,
    ]
    assert row(page, "Clean reps") == ["50 %", "100 %", ""]
    # Best of A and of B, worst of A and of B.
    assert row(page, "Spine") == ["4°", "4°", "45°", "4°"]
    assert row(page, "Seen") == ["Clean", "Clean", "Rounded back", "Clean"]
    assert row(page, "Knee" + term.format("flexion"))[2].startswith("About the same")
    assert "Two exercises" not in page


def test_curves_lie_over_one_another():
    page = render(A, B)
    panels = re.findall(r'<figure class="curve">.*?</figure>', page, re.S)
    assert len(panels) == 8
    for panel in panels:
        assert len(re.findall(r'<path class="[ab]" d="m0 [^"]+"/>', panel)) == 2
    # Rounded to 45 degrees at the middle of the worst rep, on a scale that ends a little above.
    worst = next(panel for panel in panels if "Spine, worst rep" in panel)
    path = re.search(r'class="a" d="([^"]+)"', worst).group(1)
    heights = np.cumsum([float(step) for step in path[1:].split()[1::2]])
    assert min(heights) == pytest.approx(110 * (1 - 1 / 1.08), abs=1.0)
    assert heights[0] == pytest.approx(heights[-1], abs=3.0)


@pytest.mark.parametrize("limit_deg", [16.0, 28.0, 41.0, 46.0, 90.0])
def test_the_limit_is_clear_of_the_label_above_it(limit_deg):
    strict = replace(B, verdict=replace(B.verdict, limits={"spinal_flexion_deg": limit_deg}))
    page = render(A, strict)
    (line,) = set(re.findall(r'class="limit" x2="300" y1="([\d.]+)"', page)[1:])
    # In the axis' own line of letters, 9 units, and that of the limit above its line.
    assert float(line) >= 22.0


def test_an_angle_that_one_side_never_saw_in_its_rep_leaves_its_line_out():
    first = A.verdict.series
    early = np.where(first.time_s < 1.0, first.spinal_flexion_deg, np.nan)
    hidden = replace(A.verdict, series=replace(first, spinal_flexion_deg=early))
    page = render(replace(A, verdict=hidden), B)
    best = re.search(r"<figcaption>Spine, best rep.*?</figure>", page, re.S).group()
    assert '<path class="a" d=""/><path class="b" d="m0 ' in best


def test_without_curves_the_page_shows_both_rep_by_rep():
    longer = replace(A, verdict=without_frames(known(verdict(reps=[["spinal_flexion"], [], []]))))
    for sides in ((longer, B), (B, longer)):
        page = render(*sides)
        parsed(page)
        panels = re.findall(r'<figure class="curve">.*?</figure>', page, re.S)
        assert len(panels) == 4
        assert "<figcaption>Spine, rep by rep</figcaption>" in panels[0]
        letters = "ab" if sides[0] is longer else "ba"
        places = [
            [
                (float(x), float(y))
                for x, y in re.findall(rf'"{c}" cx="([\d.]+)" cy="([\d.]+)"', panels[0])
            ]
            for c in letters
        ]
        # Three reps and two, each in its column; the rounded one is the highest of all.
        assert [[x for x, _ in side] for side in places] == [[50.0, 150.0, 250.0], [50.0, 150.0]]
        assert min(y for side in places for _, y in side) == places[0][0][1] < places[1][0][1]
        assert "no curve is kept of a session" in page


def test_a_rep_whose_ends_are_not_known_is_compared_rep_by_rep():
    halves = tuple(replace(rep, start_s=None) for rep in A.verdict.reps)
    page = render(replace(A, verdict=replace(A.verdict, reps=halves)), B)
    assert page.count("rep by rep</figcaption>") == 4


def test_both_reps_are_drawn_where_there_are_frames():
    page = render(A, B)
    assert page.count('class="moment-svg"') == 4
    assert "It holds no picture of anybody" in page
    assert render(replace(A, verdict=without_frames(A.verdict)), B).count('"moment-svg"') == 2
    # A film that is gone: figures are drawn.
    assert "<image" not in render(replace(A, clip=Path("gone.mp4")), B)


def test_two_exercises_are_told():
    page = render(A, replace(B, verdict=replace(B.verdict, exercise="rdl")))
    assert "These are two exercises" in page


def test_the_page_loads_and_runs_nothing():
    tags = parsed(render(A, B))
    # The lamps, which lie in the page itself.
    assert {value for value in tags.loads if not value.startswith("#")} == set()
    assert "script" not in tags.names


def test_a_name_is_no_markup():
    page = render(replace(A, name='<script>alert("x")</script>.mp4'), B)
    assert "script" not in parsed(page).names
    assert "&lt;script&gt;" in page


def test_a_name_that_is_not_utf8_can_be_written(tmp_path: Path):
    path = tmp_path / "compare.html"
    write_text(path, render(replace(A, name="half \udcff.mp4"), B))
    assert path.read_text("utf-8").rstrip().endswith("</html>")
