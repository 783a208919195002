"""Views of a session: on the whole terminal, as plain lines, or none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from hinge_dowel.live.screen.layout import compose, render
from hinge_dowel.live.screen.summary import plain_line
from hinge_dowel.live.snapshot import SessionEvent, Snapshot
from hinge_dowel.tolerances import DEFAULT, Tolerances

if TYPE_CHECKING:
    from rich.console import Console


class View:
    """Base of all views; shows nothing. Leaving its `with` block restores the terminal."""

    screen = False
    """Whether the view covers the terminal, so that nothing else may be written there."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, snapshot: Snapshot) -> None:
        """Show the session as it is now."""

    def happened(self, event: SessionEvent) -> None:
        """Show a repetition that has just been finished, or why a movement is none."""

    def bell(self, text: str) -> None:
        """Write `text`, the terminal's bell, if there is a terminal."""


class LinesView(View):
    """One line per repetition, for pipes and logs; problems with the picture go to `tell`."""

    def __init__(self, console: Console, tell: Callable[[str], None]) -> None:
        self._console = console
        self._tell = tell
        self._told = ""

    def show(self, snapshot: Snapshot) -> None:
        """Report a problem with the picture, once."""
        if snapshot.not_counted:
            return  # it has a line of its own
        wrong = snapshot.message if snapshot.stage in ("setup", "lost", "moving") else ""
        if wrong and wrong != self._told:
            self._tell(f"{wrong}.".replace("..", "."))
        self._told = wrong or self._told

    def happened(self, event: SessionEvent) -> None:
        """Print the repetition's line, or the sentence on what is not counted and taken out."""
        if event.rep is not None:
            line = plain_line(event.rep, event.number, set_number=event.set_number)
        elif event.not_counted:
            place = f"set {event.set_number} rep {event.number} is taken out: "
            line = (place if event.number else "") + event.not_counted
        else:
            return
        print(line, file=self._console.file, flush=True)


class ScreenView(View):
    """The full-screen view, drawn anew for each snapshot in the terminal's current size."""

    screen = True

    def __init__(
        self, console: Console, *, mirror: bool = False, tolerances: Tolerances = DEFAULT
    ) -> None:
        from rich.live import Live

        self._console = console
        self._mirror, self._tolerances = mirror, tolerances
        self._color = not console.no_color and console.color_system is not None
        self._live = Live(
            console=console,
            screen=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
            vertical_overflow="crop",
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # the terminal was closed
            self._live.stop()

    def show(self, snapshot: Snapshot) -> None:
        """Draw the snapshot."""
        width, height = self._console.size
        sheet = compose(
            snapshot, width=width, height=height, mirror=self._mirror, tolerances=self._tolerances
        )
        self._live.update(render(sheet, color=self._color), refresh=True)

    def bell(self, text: str) -> None:
        """Ring the terminal's bell."""
        with suppress(OSError):
            self._console.file.write(text)
            self._console.file.flush()
