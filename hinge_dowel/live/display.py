"""Where a session is shown: on the whole terminal, as plain lines, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from hinge_dowel.live.screen.layout import compose, render
from hinge_dowel.live.screen.summary import plain_line
from hinge_dowel.live.snapshot import NOT_COUNTED, Snapshot
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Rep

if TYPE_CHECKING:
    from rich.console import Console


class View:
    """Where a session is shown; this one shows nothing. A `with` block restores the terminal."""

    screen = False
    """Whether it covers the terminal, so that nothing else may be written there."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, snapshot: Snapshot) -> None:
        """The session as it is now."""

    def rep(self, rep: Rep, number: int, set_number: int) -> None:
        """A repetition has been finished."""

    def not_counted(self, sentence: str, number: int, set_number: int) -> None:
        """A movement is no repetition, told as the `number`th of its set, 0 if it was not told."""

    def bell(self, text: str) -> None:
        """Ring, if there is a terminal."""


class LinesView(View):
    """One line a repetition, for pipes and logs; what is wrong with the picture goes to `tell`."""

    def __init__(self, console: Console, tell: Callable[[str], None]) -> None:
        self._console = console
        self._tell = tell
        self._told = ""

    def show(self, snapshot: Snapshot) -> None:
        """Say what is wrong, once."""
        wrong = snapshot.message if snapshot.stage in ("setup", "lost", "moving") else ""
        if wrong.startswith(NOT_COUNTED):
            return  # it has a line of its own
        if wrong and wrong != self._told:
            self._tell(f"{wrong}.".replace("..", "."))
        self._told = wrong or self._told

    def rep(self, rep: Rep, number: int, set_number: int) -> None:
        """Write its line at once."""
        print(plain_line(rep, number, set_number=set_number), file=self._console.file, flush=True)

    def not_counted(self, sentence: str, number: int, set_number: int) -> None:
        """Write it at once, with what is taken out."""
        rep = f"set {set_number} rep {number} is taken out: " if number else ""
        print(f"{rep}{sentence}", file=self._console.file, flush=True)


class ScreenView(View):
    """The coach's screen, drawn with every snapshot, in the size the terminal has then."""

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
        """Draw it."""
        width, height = self._console.size
        sheet = compose(
            snapshot,
            width=width,
            height=height,
            mirror=self._mirror,
            tolerances=self._tolerances,
        )
        self._live.update(render(sheet, color=self._color), refresh=True)

    def bell(self, text: str) -> None:
        """Ring the terminal's bell."""
        with suppress(OSError):
            self._console.file.write(text)
            self._console.file.flush()
