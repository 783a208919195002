"""Where a session is shown: lines for pipes, the whole screen of a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from support.screens import MOMENTS, rep

from hinge_dowel.live.display import LinesView, ScreenView, View
from hinge_dowel.live.snapshot import SessionEvent, Snapshot

AWAY = Snapshot("setup", message="Step into the picture")
DARK = Snapshot("lost", message="Too dark: more light")


def screen(file: io.StringIO, **options: object) -> ScreenView:
    console = Console(
        file=file, width=80, height=24, force_terminal=True, color_system="truecolor", **options
    )
    return ScreenView(console)


def test_lines_say_once_what_is_wrong_with_the_picture() -> None:
    told: list[str] = []
    view = LinesView(Console(file=io.StringIO()), told.append)
    fine = Snapshot("moving")
    for snapshot in (AWAY, AWAY, fine, AWAY, DARK, fine, DARK):
        view.show(snapshot)
    view.show(Snapshot("rest", message="Rest now"))
    view.show(Snapshot("setup", message="The camera is gone."))
    assert told == ["Step into the picture.", "Too dark: more light.", "The camera is gone."]


def test_a_line_for_each_repetition_is_there_at_once() -> None:
    class Pipe(io.StringIO):
        flushed = 0

        def flush(self) -> None:
            self.flushed = len(self.getvalue())

    pipe = Pipe()
    view = LinesView(Console(file=pipe), pytest.fail)
    for number in (1, 2):
        view.happened(SessionEvent(3, rep(number), number))
        assert pipe.getvalue().splitlines()[-1].startswith(f"set 3 rep {number}: clean; ")
        assert pipe.flushed == len(pipe.getvalue())


def test_what_is_no_repetition_is_a_line_of_its_own() -> None:
    out = io.StringIO()
    view = LinesView(Console(file=out), pytest.fail)
    sitting = "Sitting, at 9.0 s, is not counted as a repetition."
    view.happened(SessionEvent(1, None, 2, "Not counted: sitting", sitting))
    view.happened(SessionEvent(1, said="Go"))
    view.show(Snapshot("moving", message="Not counted: sitting", not_counted=True))
    view.happened(SessionEvent(1, not_counted="The movement at 3.0 s is not counted."))
    assert out.getvalue().splitlines() == [
        "set 1 rep 2 is taken out: Sitting, at 9.0 s, is not counted as a repetition.",
        "The movement at 3.0 s is not counted.",
    ]


@pytest.mark.parametrize("options", [{}, {"no_color": True}])
def test_the_screen_is_covered_and_given_back(options) -> None:
    file = io.StringIO()
    with screen(file, **options) as view:
        assert "\x1b[?1049h" in file.getvalue()
        view.show(MOMENTS["clean"])
        view.happened(SessionEvent(2, rep(3), 3))
        assert "set 2 of 3" in file.getvalue()
        assert "rep 3: clean" not in file.getvalue()
        assert ("38;2;" in file.getvalue()) is (not options)
        assert "\x1b[?1049l" not in file.getvalue()
    assert "\x1b[?1049l" in file.getvalue()
    assert "\x1b[?25h" in file.getvalue()


def test_a_terminal_that_is_closed_does_not_stop_the_end() -> None:
    class Closing(io.StringIO):
        gone = False

        def write(self, text: str) -> int:
            if self.gone:
                raise OSError(5, "Input/output error")
            return super().write(text)

    file = Closing()
    with screen(file) as view:
        view.bell("\a")
        assert file.getvalue().endswith("\a")
        file.gone = True
        view.bell("\a")
    assert file.getvalue().count("\a") == 1


def test_nothing_is_shown_where_nothing_shall_be(capfd) -> None:
    with View() as view:
        view.show(AWAY)
        view.happened(SessionEvent(1, rep(1), 1))
        view.bell("\a")
    assert capfd.readouterr() == ("", "")
