"""Sessions over time: the last against the first and the best, by exercise and by person."""

from __future__ import annotations

import io
from datetime import date, timedelta

from rich.console import Console
from support.histories import SPRING, recorded

from hinge_dowel.history.records import SessionRecord, of_person, persons
from hinge_dowel.history.terminal import after_session, render
from hinge_dowel.history.trends import best_session, by_exercise, trends
from hinge_dowel.verdict import Rep, Strays


def practice(
    number: int, spine: float | None, *, faulty: int = 0, reps: int = 6, **fields
) -> SessionRecord:
    """A session whose reps have this spine, within 6 degrees; `faulty` of them are rounded."""
    kept = []
    for i in range(1, reps + 1):
        faults = ("spinal_flexion",) if i <= faulty else ()
        ends = {} if spine is None else {"spinal_flexion_deg": (spine - 6, spine + 6)}
        strays = Strays(0.1, 0.2, 0.3)
        one = Rep(i, 1.0, 2.5, 4.0, 80.0, 20.0, 2.0, spine, 1.0, strays, faults, (), ends)
        kept.append(one)
    return recorded(number, SPRING + timedelta(days=number), kept, planned=6, **fields)


def drawn(sessions, width: int = 80, who: str | None = None, encoding: str = "utf-8") -> str:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, width=width, no_color=True, highlight=False, markup=False)
    render(sessions, console, date(2026, 3, 18), who=who)
    file.flush()
    return file.buffer.getvalue().decode(encoding)


def test_first_best_last_and_what_changed():
    sessions = [practice(1, 24.0, faulty=6), practice(2, 4.0), practice(3, 12.0, faulty=2)]
    spine, *others = trends(sessions)
    assert (spine.first.value, spine.best.value, spine.last.value) == (24.0, 4.0, 12.0)
    assert (spine.values, spine.change) == ((24.0, 4.0, 12.0), "less")
    # Both intervals together reach 8.5 degrees.
    assert trends([practice(1, 20.0), practice(2, 12.0)])[0].change == "same"
    assert {one.measure.word: one.change for one in others} == dict.fromkeys(
        ("neck", "knee", "hip"), "unknown"
    )


def test_of_what_the_first_or_the_last_session_does_not_show_no_change_is_known():
    spine = trends([practice(1, None), practice(2, 24.0), practice(3, 4.0)])[0]
    assert (spine.values, spine.first, spine.change) == ((None, 24.0, 4.0), None, "unknown")
    spine = trends([practice(1, 24.0), practice(2, 4.0), practice(3, None)])[0]
    assert (spine.values, spine.last, spine.change) == ((24.0, 4.0, None), None, "unknown")


def test_the_best_session_is_clean_then_straight_then_late():
    assert best_session([practice(1, 4.0, faulty=1), practice(2, 14.0)]).number == 2
    assert best_session([practice(1, 12.0), practice(2, 5.0), practice(3, 9.0)]).number == 2
    assert best_session([practice(1, 5.0), practice(2, 5.0)]).number == 2
    # By its own limits, as another exercise or --config has them.
    wide = practice(1, 12.0, limits={"spinal_flexion_deg": 30.0})
    assert best_session([wide, practice(2, 8.0)]).number == 1
    # One clean rep is no session, unless there is no other.
    short = practice(2, 2.0, reps=1)
    assert best_session([practice(1, 12.0, faulty=1), short]).number == 1
    assert best_session([short]).number == 2


def test_one_session_or_none_has_no_trend():
    assert trends([]) == ()
    assert trends([practice(1, 5.0)]) == ()


def test_what_was_practised_last_comes_first():
    names = ["hinge", "band", "hinge", "kneeling"]
    sessions = [practice(i, 5.0, exercise=name) for i, name in enumerate(names)]
    assert {name: len(own) for name, own in by_exercise(sessions).items()} == {
        "kneeling": 1,
        "hinge": 2,
        "band": 1,
    }
    assert list(by_exercise(sessions)) == ["kneeling", "hinge", "band"]


def test_persons_are_told_apart_whatever_the_capitals():
    names = ["Anna", None, "ANNA", "Ben"]
    sessions = [practice(i, 5.0, who=who) for i, who in enumerate(names)]
    assert persons(sessions) == ("Anna", "Ben")
    assert [one.number for one in of_person(sessions, "anna")] == [0, 2]
    assert [one.number for one in of_person(sessions, None)] == [1]


def test_the_screen_of_one_person_by_exercise():
    sessions = [practice(i, 24.0 - 4 * i, who="Anna") for i in range(1, 4)]
    sessions += [practice(i, 9.0, who="Anna", exercise="rdl") for i in (4, 5)]
    text = drawn(sessions, who="Anna")
    assert text.startswith("Anna: 5 sessions since 2026-03-02")
    assert "#  begun             exercise  reps" in text
    assert text.index("\nRdl\n") < text.index("\nHinge\n")
    assert "spine       ▆▅▄          20°    12°    12°" in text
    assert "less, more: by more than the measuring error" not in text
    sessions = [practice(1, 24.0, faulty=6, who="Anna"), practice(2, 4.0, who="Anna")]
    assert "24°     4°     4°  less\n" in drawn(sessions, who="Anna")


def test_several_persons_have_no_trend_in_common():
    text = drawn([practice(1, 24.0, who="Anna"), practice(2, 4.0), practice(3, 4.0, who="Ben")])
    assert "over time" not in text.splitlines()[-2]
    assert text.endswith("--who NAME shows one person over time: Anna, Ben.\n")
    assert "who" in text.splitlines()[2]


def test_clips_and_notes():
    clip = practice(1, 4.0, kind="check", note="new shoes", reps=3)
    text = drawn([clip, practice(2, 4.0)], width=100)
    assert "clip 3" in text
    assert ": new shoes\n" in text
    assert "Notes" not in text
    # A note gives way to what is more, and stands below.
    assert "\nNotes: 1 new shoes\n" in drawn([clip, practice(2, 4.0)], width=80)


def test_a_name_steers_no_terminal():
    text = drawn(
        [practice(1, 4.0, who="\x1b[31mAnna\N{RIGHT-TO-LEFT OVERRIDE}")] * 2, who="\x1b[2J"
    )
    assert "\x1b" not in text
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text


def test_after_a_session_it_stands_against_the_first_and_the_best():
    def told(history, number):
        file = io.StringIO()
        console = Console(file=file, width=80, no_color=True, highlight=False, markup=False)
        after_session(history, number, console)
        return file.getvalue()

    history = [practice(1, 24.0), practice(2, 4.0, who="Ben"), practice(3, 6.0), practice(4, 9.0)]
    text = told(history, 3)
    assert "Hinge, this session last" in text
    # Not those that came after it, and nobody else's.
    assert "24°     6°     6°  less" in text
    assert told(history, 1) == ""
    assert told(history, 2) == ""
    assert told(history, None) == ""
    assert told([*history[:3], practice(4, 9.0, exercise="band")], 4) == ""
