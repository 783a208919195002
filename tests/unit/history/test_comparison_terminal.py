"""Two clips or sessions side by side on a terminal."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console
from support.verdicts import known, without_frames

from hinge_dowel.history.comparison_terminal import changed_lines, render
from hinge_dowel.report.comparison import Side

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


def test_curves_lie_over_one_another_on_one_scale():
    lines = drawn(OLD, NEW)
    first = next(i for i, line in enumerate(lines) if line.startswith("spine   A"))
    best_a, worst_a = lines[first].split()[2:]
    best_b, worst_b = lines[first + 1].split()[1:]
    assert len(worst_a) == len(worst_b) == 32
    assert "█" in worst_a
    assert set(worst_b) == set(best_a) == set(best_b) == {"▁"}
    # As high in the middle as it is there, and as low at the ends.
    assert (worst_a[0], worst_a[-1]) == ("▁", "▁")
    assert worst_a.index("█") == len(worst_a) - 1 - worst_a.rindex("█")


def test_what_changed_is_told_in_sentences():
    assert changed_lines(OLD, NEW, "->") == [
        "Clean reps 33 % -> 50 %.",
        "Spinal flexion 45 -> 4 degrees: less, by more than the measuring error.",
        "Cervical flexion 4 -> 20 degrees: more, by more than the measuring error.",
        "About the same, within the measuring error: knee 4 -> 4, hip 90 -> 90.",
        "Not weighed, as the measuring error is not known: shin 2 -> 2, tempo 4.0 -> 4.0 s.",
    ]


def test_a_session_is_shown_rep_by_rep():
    lines = drawn(replace(OLD, verdict=without_frames(OLD.verdict)), NEW)
    first = next(i for i, line in enumerate(lines) if line.startswith("spine   A"))
    assert "rep by rep" in lines[first - 1]
    assert lines[first].split()[2] == "█▁█"
    assert lines[first + 1].split()[1] == "▁▁"
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
        assert any(line.startswith("neck    A") for line in lines)
