"""The history on a terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from rich.console import Console
from support.histories import SPRING, keep, practice, recorded, rep

from hinge_dowel.history.records import SessionRecord
from hinge_dowel.history.terminal import render


def drawn(sessions, width: int = 80, encoding: str = "utf-8", last: int = 10) -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, width=width, no_color=True, highlight=False, markup=False)
    render(sessions, console, date(2026, 3, 18), last)
    file.flush()
    return [line.rstrip() for line in file.buffer.getvalue().decode(encoding).splitlines()]


def month() -> list[SessionRecord]:
    """Seven sessions in which the back gets straighter; one was cut off."""
    sessions = []
    for i, spine in enumerate([28.0, 25.0, 22.0, 18.0, 9.0, 6.0, 4.0]):
        faults = ["spinal_flexion"] if spine > 16 else []
        reps = [rep(1, *faults, spine=spine)] * 2 + [rep(2, spine=spine)] * 2
        begun = SPRING + timedelta(days=2 * i, hours=i)
        sessions.append(recorded(i + 1, begun, reps, sets=2, planned=3, finished=i != 3))
    return sessions


def test_the_screen():
    assert drawn(month()) == [
        "7 sessions since 2026-03-01, 28 reps judged, 71 % of them clean.",
        "",
        " #  begun             reps  clean           spine  neck  knee  main fault",
        " 1  2026-03-01 18:30   4/6  ████      50 %    28°    1°   20°  rounded back",
        " 2  2026-03-03 19:30   4/6  ████      50 %    25°    1°   20°  rounded back",
        " 3  2026-03-05 20:30   4/6  ████      50 %    22°    1°   20°  rounded back",
        "*4  2026-03-07 21:30   4/6  ████      50 %    18°    1°   20°  rounded back",
        " 5  2026-03-09 22:30   4/6  ████████ 100 %     9°    1°   20°  none",
        " 6  2026-03-11 23:30   4/6  ████████ 100 %     6°    1°   20°  none",
        " 7  2026-03-14 00:30   4/6  ████████ 100 %     4°    1°   20°  none",
        "* cut off before its end, or still going on",
        "",
        "            over time  first   best   last",
        "clean reps  ▅▅▅▅███     50 %  100 %  100 %",
        "spine       █▇▆▅▃▂▂      28°     4°     4°",
        "neck        ▁▁▁▁▁▁▁       1°     1°     1°",
        "knee        ▂▂▂▂▂▂▂      20°    20°    20°",
        "hip         ▅▅▅▅▅▅▅      80°    80°    80°",
        "",
        "Clean sessions in a row: 3, your longest run. Weeks in a row with a session: 3.",
    ]


def test_the_screen_without_unicode():
    lines = drawn(month(), encoding="ascii")
    assert " 7  2026-03-14 00:30   4/6  ######## 100 %      4     1    20  none" in lines
    assert "clean reps  ====###     50 %  100 %  100 %" in lines


@pytest.mark.parametrize("width", [60, 50, 40])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_narrow_screen(width, encoding):
    lines = drawn(month(), width, encoding)
    assert max(map(len, lines)) <= width
    assert sum("2026-03-14" in line for line in lines) == 1
    assert any(line.startswith("spine ") for line in lines)
    assert ("rounded back" in "".join(lines)) == (width == 60)


def test_long_histories_fit_the_screen():
    sessions = month() * 20
    lines = drawn(sessions)
    assert len(lines) <= 23
    assert max(map(len, lines)) <= 80
    assert len(drawn(sessions, last=140)) == len(lines) + 130
    (clean,) = [line for line in lines if line.startswith("clean reps")]
    assert len(re.findall("[▁-█]", clean)) == 30


def test_notes_stand_in_the_table_or_below_it():
    first, second, third = (
        replace(one, about={**one.about, "note": note})
        for one, note in zip(month(), ("pain 3 of 10", None, "new shoes"), strict=False)
    )
    told = drawn([first, second, third], 80)
    assert "Notes: 1 pain 3 of 10; 3 new shoes" in told
    alike = replace(second, about={**second.about, "note": "pain 3 of 10"})
    assert "Notes: 1, 2 pain 3 of 10; 3 new shoes" in drawn([first, alike, third], 80)
    wide = drawn([first, second, third], 120)
    assert any(line.endswith("  pain 3 of 10") for line in wide)
    assert not any(line.startswith("Notes") for line in wide)


def test_one_session_has_no_trend():
    lines = drawn(month()[:1])
    assert len(lines) == 6
    assert lines[-1] == "No clean session yet."
    assert drawn([practice(False, False)])[-1] == "No clean session long enough to count yet."


def test_angles_that_were_never_seen():
    unseen = {"number": 1, "faults": [], "notes": []}
    sessions = [recorded(i, SPRING, [unseen], planned=1) for i in (1, 2)]
    lines = drawn(sessions)
    assert "1  2026-03-01 18:30   1/1  ████████ 100 %      ?     ?     ?  none" in lines
    assert not any(line.startswith("spine ") for line in lines)


@pytest.mark.parametrize(
    ("limits", "red"), [({"knee_flexion_deg": 20.0}, True), ({"knee_flexion_deg": 20.1}, False)]
)
def test_an_angle_is_red_from_the_limit_of_its_own_session_on(limits, red):
    """Where none was applied, as to the spine here, no value is red."""
    file = io.StringIO()
    console = Console(file=file, width=80, force_terminal=True, color_system="standard")
    session = replace(month()[0], about={"clip": "0", "limits": limits})
    render([session], console, date(2026, 3, 18))
    assert re.findall("\x1b\\[31m *([0-9]+)", file.getvalue()) == ["20"] * red


def test_a_film_without_a_target_shows_what_was_done():
    (film,) = (replace(one, sets=0) for one in month()[-1:])
    line = next(line for line in drawn([film]) if "2026-03-14 00:30" in line)
    assert re.search(rf"00:30 +{len(film.reps)} +█", line)
    told = film.to_dict()
    assert told["planned_sets"] is told["planned_reps"] is None


def test_clips_are_named_and_half_reps_alone_give_no_share():
    doubtful = replace(rep(1, "squatting"), intervals_deg={"knee_flexion_deg": (12.0, 60.0)})
    half = replace(rep(), notes=("partial",))
    first, second = (
        recorded(1, SPRING, [one], sets=0, kind="check", clip=f"{name}.mp4", note=note)
        for name, note, one in (("a", "week 2", doubtful), ("b", None, half))
    )
    told = [line for line in drawn([first, second], 120) if line.startswith("1 ")]
    assert [re.split("  +", line)[-3:] for line in told] == [
        ["20°", "squatting?", "a.mp4: week 2"],
        ["20°", "none", "b.mp4"],
    ]
    assert [re.search(r"clip 1( half|) +(\S+(?: %)?)", line).groups() for line in told] == [
        ("", "0 %"),
        (" half", "?"),
    ]


def test_the_last_sessions_only(path, command):
    keep(path, *([rep()] for _ in range(4)))
    out = command("--last", "2")[1]
    assert re.findall(r"^ *(\d) +20\d\d-", out, re.MULTILINE) == ["3", "4"]
    assert command("--last", "0")[0] == 2
