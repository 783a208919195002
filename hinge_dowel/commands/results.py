"""Where results go: text for other programs, and the report of `hinge-dowel check`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hinge_dowel.system.atomic_files import write_text
from hinge_dowel.system.console import own_command, quoted, stdout, tell
from hinge_dowel.system.file_times import made_at

if TYPE_CHECKING:
    from hinge_dowel.verdict import Verdict

REPORT = "report.html"
"""The report's name in the folder of results."""
MOST_TYPED_CHARACTERS = 60
"""Of paths that are repeated in the command that is proposed. Layout: with the rest of it they fit
a line of 100."""


def export(text: str, target: Path | Literal["-"]) -> None:
    """Write text to a file, all or nothing, or to standard output for `-`."""
    if target == "-":
        with stdout():
            print(text)
    else:
        write_text(target, text + "\n")


def export_json(document: Mapping[str, Any], target: Path | Literal["-"]) -> None:
    """Write JSON likewise, in pure ASCII: valid whatever encoding a terminal or pipe has."""
    export(json.dumps(document, indent=2, allow_nan=False), target)


def with_report(paths: Sequence[str]) -> str:
    """The command that makes and opens the report of the same clips, to be typed here."""
    typed = " ".join(quoted(path) for path in paths)
    clips = typed if len(typed) <= MOST_TYPED_CHARACTERS else "CLIPS"
    return f"{own_command()} check {clips} --out report --open"


def open_report(report: Path) -> None:
    """Show the report in the browser; where there is none, say where it lies."""
    import webbrowser

    if not webbrowser.open(report.resolve().as_uri()):
        tell(f"No browser could be opened here: open {report} in one.")


def dates(verdicts: Sequence[Verdict], clips: Sequence[Path | str]) -> dict[str, str]:
    """By the name of a clip when it was made, as ISO 8601; unknown ones are left out."""
    made = {verdict.clip: made_at(clip) for verdict, clip in zip(verdicts, clips, strict=True)}
    return {name: at.isoformat(timespec="seconds") for name, at in made.items() if at is not None}
