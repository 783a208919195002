"""The report of `hinge-dowel check`: how to get it, how to open it, when its clips were made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hinge_dowel.system.console import own_command, quoted, tell
from hinge_dowel.system.file_times import made_at

if TYPE_CHECKING:
    from hinge_dowel.verdict import Verdict

REPORT = "report.html"
"""The report's name in the folder of results."""
MOST_TYPED_CHARACTERS = 60
"""Longest paths repeated in a proposed command. Layout: with the rest they fit a line of 100."""


def with_report(paths: Sequence[str]) -> str:
    """Return the command that makes and opens the report of the same clips."""
    typed = " ".join(quoted(path) for path in paths)
    clips = typed if len(typed) <= MOST_TYPED_CHARACTERS else "CLIPS"
    return f"{own_command()} check {clips} --out report --open"


def open_report(report: Path) -> None:
    """Show the report in the browser; where there is none, print its path."""
    import webbrowser

    if not webbrowser.open(report.resolve().as_uri()):
        tell(f"No browser could be opened here: open {report} in one.")


def dates(verdicts: Sequence[Verdict], clips: Sequence[Path | str]) -> dict[str, str]:
    """Return when each clip was made (ISO 8601), by its name; unknown ones are left out."""
    made = {verdict.clip: made_at(clip) for verdict, clip in zip(verdicts, clips, strict=True)}
    return {name: at.isoformat(timespec="seconds") for name, at in made.items() if at is not None}
