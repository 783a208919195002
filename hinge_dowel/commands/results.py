"""What `hinge-dowel check` leaves: its exit status, the folder of results, the report."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hinge_dowel.errors import EXIT_CLEAN, EXIT_ERROR, EXIT_FAULT, UsageError
from hinge_dowel.system.console import tell
from hinge_dowel.system.names import ESCAPED, is_url
from hinge_dowel.system.typed_commands import own_command, quoted

if TYPE_CHECKING:
    from hinge_dowel.batch.results_folder import ResultsFolder
    from hinge_dowel.keypoints.formats import CheckOptions
    from hinge_dowel.verdict import Verdict

REPORT = "report.html"
"""The report's name in the folder of results."""
REPEATED = (
    *("exercise", "wall_cm", "config", "model", "who", "note", "dask"),
    *("from_s", "to_s", "slow_motion", "person", "height", "fps", "size", "columns"),
)
"""The options by which clips are judged and told; a proposed command has them too."""
MOST_TYPED_CHARACTERS = 60
"""Longest paths repeated in a proposed command. Layout: with the rest they fit a line of 100."""


def exit_status(verdicts: Sequence[Verdict], *, strict: bool = False) -> int:
    """0 when no clip has a sure fault, 1 when one has, 2 when a clip could not be checked.

    `strict`: a fault that is a maybe counts too.
    """
    if any(verdict.status == "unusable" for verdict in verdicts):
        return EXIT_ERROR
    faulty = any(verdict.faults if strict else verdict.sure_faults for verdict in verdicts)
    return EXIT_FAULT if faulty else EXIT_CLEAN


def with_report(arguments: argparse.Namespace) -> str:
    """Return the command that makes and opens the report of the same clips, judged alike."""
    from hinge_dowel.exercises import AUTO

    typed = " ".join(quoted(path) for path in arguments.paths)
    words = [own_command(), "check", typed if len(typed) <= MOST_TYPED_CHARACTERS else "CLIPS"]
    for option in REPEATED:
        value = getattr(arguments, option, None)
        if value not in (None, AUTO):
            parts = value if isinstance(value, tuple) else (value,)
            text = "x".join(str(part).removesuffix(".0") for part in parts)
            words += [f"--{option.removesuffix('_s').replace('_', '-')}", quoted(text)]
    return " ".join([*words, "--out report --open"])


def open_report(report: Path) -> None:
    """Show the report in the browser; where there is none, print its path."""
    import webbrowser

    if not webbrowser.open(report.resolve().as_uri()):
        tell(f"No browser could be opened here: open {report} in one.")


def dates(verdicts: Sequence[Verdict], clips: Sequence[Path | str]) -> dict[str, str]:
    """Return when each clip was made (ISO 8601), by its name; unknown ones are left out."""
    from hinge_dowel.history.clips import made_at

    made = {verdict.clip: made_at(clip) for verdict, clip in zip(verdicts, clips, strict=True)}
    return {name: at.isoformat(timespec="seconds") for name, at in made.items() if at is not None}


def folder_for(arguments: argparse.Namespace, check_options: CheckOptions) -> ResultsFolder | None:
    """Return the folder for results, known to be writable; None without --out."""
    from hinge_dowel.batch import remote
    from hinge_dowel.batch.results_folder import ResultsFolder
    from hinge_dowel.batch.storage import LocalStorage

    if arguments.out is None:
        for option in ("video", "no_pictures", "title", "open", "export"):
            if getattr(arguments, option):
                name = option.replace("_", "-")
                raise UsageError(f"--{name} needs --out DIR, the folder that the files go to.")
        return None
    on_web = is_url(arguments.out)
    if on_web and arguments.open:
        raise UsageError("--open needs a folder on this machine: give --out a path, not a URL.")
    storage = remote.RemoteStorage(arguments.out) if on_web else LocalStorage(Path(arguments.out))
    folder = ResultsFolder(storage, check_options, films=arguments.video)
    folder.try_out()
    return folder


def write_out(
    folder: ResultsFolder,
    verdicts: Sequence[Verdict],
    clips: Sequence[Path | str],
    check_options: CheckOptions,
    arguments: argparse.Namespace,
) -> None:
    """Write the results of all clips together, the report and what --export names."""
    from hinge_dowel.batch import frame_export
    from hinge_dowel.report import page

    folder.write_results(verdicts, dates(verdicts, clips))
    for verdict in verdicts if arguments.export else ():
        frame_export.write(folder, folder.with_series(verdict), tuple(arguments.export))

    report = page.render(
        verdicts,
        clips=[clip if isinstance(clip, Path) else None for clip in clips],
        films=folder.drawn(verdict.clip for verdict in verdicts),
        pictures=not arguments.no_pictures,
        tolerances=check_options.tolerances,
        options=check_options.film,
        title=arguments.title,
        full=folder.with_series,
    )
    folder.storage.write(REPORT, report.encode("utf-8", ESCAPED))
