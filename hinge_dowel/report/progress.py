"""Progress of long work: bars on a terminal, elsewhere a line every half minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from hinge_dowel.report.terminal import TerminalPen
from hinge_dowel.system.console import spoken_s

Watch = Callable[[int, float, str], None]
"""Receives a clip's place in the list, the share of it done (0 to 1), and what is done now."""
DONE, KEPT = "done", "kept"
"""What is reported with the share 1: done now, or found done before."""

_NAME_COLUMNS = 26
_BAR_COLUMNS = 20
"""Widths of a clip's name and of a bar: with percentage and time they fit 80 columns. Layout."""
_MOST_BARS = 16
"""Most bars at once: more do not fit 24 lines, and a cluster has many clips under way. A choice."""
_BARS_HZ = 5.0
"""How often bars are drawn. A choice: they seem to move, and cost nothing."""
_LINE_S = 30.0
"""Time between lines where bars cannot be drawn. A choice of patience."""


@contextmanager
def clips(names: Sequence[str], console: Console) -> Iterator[Watch]:
    """Show a bar for each clip under way and, for several clips, one for all with the time left.

    Yields a function to call with a clip's place in `names`, its share done, and what is done.
    """
    finished = _Finished(len(names))
    under_way: dict[int, TaskID] = {}
    pen = TerminalPen(console)
    bars = _bars(console, TaskProgressColumn(), TextColumn("{task.fields[doing]}", markup=False))

    with bars:
        whole = None
        if len(names) > 1:
            whole = bars.add_task(finished.title(), total=len(names), doing="")

        def report(index: int, share: float, doing: str) -> None:
            over = finished.take(index, share, doing)
            if index in under_way:
                if over:
                    bars.remove_task(under_way.pop(index))
                else:
                    bars.update(under_way[index], completed=share, doing=doing)
            elif not over and len(under_way) < _MOST_BARS:
                under_way[index] = bars.add_task(
                    pen.end_of(names[index], _NAME_COLUMNS), total=1.0, doing=doing
                )
            if whole is None:
                return
            if finished.only_kept:
                # Clips kept from an earlier run must not count in the estimate of the time left.
                bars.reset(whole)
            bars.update(whole, completed=finished.done, description=finished.title())

        yield report


@contextmanager
def lines(names: Sequence[str], say: Callable[[str], None]) -> Iterator[Watch]:
    """Report by `say`, every half minute, the clips done and the time left.

    Yields a function as `clips` does. Work of less than half a minute is not reported.
    """
    finished = _Finished(len(names))
    began_s = said_s = time.monotonic()
    kept = 0.0

    def report(index: int, share: float, doing: str) -> None:
        nonlocal said_s, kept
        finished.take(index, share, doing)
        if finished.only_kept:
            kept = finished.done
        now_s = time.monotonic()
        if now_s - said_s < _LINE_S or finished.done <= kept:
            return
        said_s = now_s
        left_s = max(len(names) - finished.done, 0.0) * (now_s - began_s) / (finished.done - kept)
        say(f"{finished.over} of {len(names)} clips checked, about {spoken_s(left_s)} left.")

    yield report


@contextmanager
def download(what: str, console: Console) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar for a download; it appears with the first call.

    Yields a function to call with the bytes fetched so far and the total, None when unknown.
    """
    bars = _bars(console, DownloadColumn())
    with bars:
        task = bars.add_task(what, total=None, visible=False)

        def report(fetched: int, total: int | None) -> None:
            bars.update(task, completed=fetched, total=total, visible=True)

        yield report


def _bars(console: Console, measure: ProgressColumn, *more: ProgressColumn) -> Progress:
    # Cyan, as rich's default for an unfinished bar is red, here the colour of faults.
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(_BAR_COLUMNS, complete_style="cyan", finished_style="cyan", pulse_style="cyan"),
        measure,
        TimeRemainingColumn(compact=True),
        *more,
        console=console,
        transient=True,
        refresh_per_second=_BARS_HZ,
    )


class _Finished:
    """Running total of what is done; not summed anew, as there may be very many clips."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._shares: dict[int, float] = {}
        self._over: set[int] = set()
        self.done = 0.0
        self.only_kept = True

    @property
    def over(self) -> int:
        """The number of clips that are done."""
        return len(self._over)

    def take(self, index: int, share: float, doing: str) -> bool:
        """Take in a clip's progress; return whether the clip is done."""
        self.done += share - self._shares.get(index, 0.0)
        self._shares[index] = share
        if doing in (DONE, KEPT):
            self._over.add(index)
        if doing != KEPT:
            self.only_kept = False
        return index in self._over

    def title(self) -> str:
        return f"clip {min(self.over + 1, self._count)} of {self._count}"
