"""Two clips or sessions side by side on a terminal."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console
from support.verdicts import known, without_frames

from hinge_dowel.report.comparison import Side
from hinge_dowel.report.comparison_terminal import changed_lines, render

OLD = Side("old.mp4", known([["spinal_flexion"], [], ["spinal_flexion", "squatting"]]))
NEW = Side("new.mp4", known([[], ["cervical_flexion"]]), datetime(2026, 3, 14, tzinfo=UTC))


def drawn(a: Side, b: Side, width: int = 80, height: int = 24, encoding: str = "utf-8"):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(
        file=file, width=width, height=height, no_color=True, highlight=False, markup=False
    )
    render(a, b, console)
    file.flush()
    return [line.rstrip() for line in file.buffer.getvalue().decode(encoding).splitlines()]


def test_best_and_worst_stand_side_by_side():
    lines = drawn(OLD, NEW)
    (head,) = [line for line in lines if "best A" in line]
    assert " ".join(head.split()) == "best A (2) best B (1) worst A (3) worst B (2)"
    assert " ".join(next(line for line in lines if line.startswith("spine")).split()) == (
        "spine 4° -1 to 9 4° -1 to 9 45° 40 to 50 4° -1 to 9"
    )
    assert "B  new.mp4 (2026-03-14, hinge): Chin to chest in 1 of 2 reps." in lines
    assert len(lines) <= 24


def plots(lines: list[str]) -> dict[str, list[list[str]]]:
    """Return the plots by angle: for each the rows of the plots that stand side by side."""
    found: dict[str, list[list[str]]] = {}
    word = ""
    for label, *parts in (line.split("|") for line in lines if "|" in line):
        word = label.split()[0] if label[0] != " " else word
        found.setdefault(word, []).append(parts)
    return {word: list(zip(*rows, strict=True)) for word, rows in found.items()}


def columns(rows: list[str]) -> list[set[str]]:
    """Return the characters in each column of a plot, its limit left out."""
    wide = max(map(len, rows))
    whole = [row.ljust(wide).replace("·", " ") for row in rows]
    return [set(column) - {" "} for column in zip(*whole, strict=True)]


def test_curves_lie_over_one_another_in_one_plot():
    lines = drawn(OLD, NEW, height=50)
    shown = plots(lines)
    assert list(shown) == ["spine", "neck", "knee", "hip"]
    best, worst = shown["spine"]
    assert columns(best)[:-2] == [{"="}] * 31
    assert columns(worst)[0] == {"="}
    assert {frozenset(one) for one in columns(worst)[5:-7]} == {frozenset("AB")}
    # Highest in the middle, where A is at 45 degrees, above the limit, and B at the bottom.
    assert set(worst[0].strip()) == {"A"}
    assert set(worst[-1].replace(" ", "")) == {"=", "B"}
    (top,) = [line for line in lines if line.startswith("spine  45°")]
    assert top.index("A") > 44
    assert any("16°" in line and "· · ·" in line for line in lines)
    assert sum(line.split() == ["start", "end", "start", "end"] for line in lines) == 1
    assert "A and B, = where both are; degrees of change from standing; · · the limit of B" in lines


def test_a_low_terminal_shows_the_angle_that_differs_most():
    assert list(plots(drawn(OLD, NEW))) == ["spine"]
    squat = Side("squat.mp4", known([["squatting"]]))
    clean = Side("clean.mp4", known([[]]))
    assert list(plots(drawn(squat, clean))) == ["knee"]
    assert list(plots(drawn(squat, NEW, height=32))) == ["neck", "knee"]


def test_what_changed_is_told_in_sentences():
    assert changed_lines(OLD, NEW, "->") == [
        "Clean reps 33 % -> 50 %.",
        "Spine 45 -> 4 degrees: less, by more than the measuring error.",
        "Neck 4 -> 20 degrees: more, by more than the measuring error.",
        "About the same, within the measuring error: knee 4 -> 4, hip 90 -> 90.",
        "Not weighed, as the measuring error is not known: shin 2 -> 2, tempo 4.0 -> 4.0 s.",
    ]


def test_a_session_is_shown_rep_by_rep():
    lines = drawn(replace(OLD, verdict=without_frames(OLD.verdict)), NEW)
    ((rows,),) = plots(lines).values()
    assert [row.replace("·", " ").strip() for row in (rows[0], rows[-1])] == ["A       A", "B   ="]
    assert any("rep by rep" in line for line in lines)
    assert any(line.split() == ["rep", "1", "3"] for line in lines)


def test_reps_whose_ends_are_not_known_are_shown_rep_by_rep():
    halves = tuple(replace(rep, start_s=None) for rep in OLD.verdict.reps)
    lines = drawn(replace(OLD, verdict=replace(OLD.verdict, reps=halves)), NEW)
    assert any("rep by rep" in line for line in lines)


def test_hundreds_of_reps_fit():
    side = Side("long", without_frames(known([[], ["squatting"]] * 50)))
    assert max(map(len, drawn(side, side))) <= 80


def test_two_exercises_are_told():
    other = replace(NEW, verdict=replace(NEW.verdict, exercise="rdl"))
    assert any(line.startswith("Two exercises") for line in drawn(OLD, other))
    assert not any(line.startswith("Two exercises") for line in drawn(OLD, NEW))


@pytest.mark.parametrize(("width", "height"), [(40, 24), (60, 24), (80, 24), (100, 50), (200, 60)])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_it_fits_the_screen(width, height, encoding):
    named = replace(OLD, name="grüße \x1b[31m.mp4")
    lines = drawn(named, NEW, width, height, encoding)
    assert max(map(len, lines)) <= width
    assert "\x1b" not in "".join(lines)
    if width >= 80:
        assert len(lines) <= height
    if height >= 50:
        assert list(plots(lines)) == ["spine", "neck", "knee", "hip"]
