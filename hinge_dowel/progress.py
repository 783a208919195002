"""Bars on a terminal while long work goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

_NAME_WIDTH = 32


@contextmanager
def clips(names: Sequence[str], console: Console) -> Iterator[Callable[[int, float], None]]:
    """Show a bar for every clip under way and, for several clips, one for all of them.

    Yields a function to call with a clip's place in `names` and its share done, 0 to 1.
    """
    count = len(names)
    shares: dict[int, float] = {}
    under_way: dict[int, TaskID] = {}
    bars = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
        refresh_per_second=5,
    )

    def title() -> str:
        done = sum(share >= 1 for share in shares.values())
        return f"clip {min(done + 1, count)} of {count}"

    with bars:
        whole = bars.add_task(title(), total=count) if count > 1 else None

        def report(index: int, share: float) -> None:
            share = min(max(share, 0.0), 1.0)
            if shares.get(index) == share:
                return
            shares[index] = share
            if index not in under_way and share < 1:
                under_way[index] = bars.add_task(_short(names[index]), total=1.0)
            if index in under_way:
                bars.update(under_way[index], completed=share)
                if share >= 1:
                    bars.remove_task(under_way.pop(index))
            if whole is not None:
                bars.update(whole, completed=sum(shares.values()), description=title())

        yield report


@contextmanager
def download(what: str, console: Console) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar for a download; it appears with the first call.

    Yields a function to call with the bytes fetched so far and the total, None when unknown.
    """
    bars = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        DownloadColumn(),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
        refresh_per_second=5,
    )
    with bars:
        task = bars.add_task(what, total=None, visible=False)

        def report(fetched: int, total: int | None) -> None:
            bars.update(task, completed=fetched, total=total, visible=True)

        yield report


def _short(name: str) -> str:
    name = "".join(c if c.isprintable() else "?" for c in name)
    return name if len(name) <= _NAME_WIDTH else "..." + name[3 - _NAME_WIDTH :]
