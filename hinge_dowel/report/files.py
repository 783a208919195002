"""Writes verdicts as files: JSON, tables, and the terminal's output as SVG."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from hinge_dowel.errors import OutputError
from hinge_dowel.system import atomic_files
from hinge_dowel.system.console import stdout
from hinge_dowel.system.names import no_formula
from hinge_dowel.verdict import SCHEMA, Verdict

if TYPE_CHECKING:
    from rich.console import Console

_ANGLES = ("hip_flexion", "knee_flexion", "shin_angle", "spinal_flexion", "cervical_flexion")
CLIP_COLUMNS = ("clip", "status", "reason", "facing", "view_angle_deg", "neutral")
REP_COLUMNS = (
    *("rep", "start_s", "bottom_s", "end_s"),
    *(f"{angle}_deg" for angle in _ANGLES),
    *("head_stray_cm", "upper_back_stray_cm", "sacrum_stray_cm"),
    *("faults", "notes"),
)
"""The columns that the tables of clips and of a history share: every measure carries its unit
(degrees, seconds, centimetres, shares), faults and notes are separated by spaces."""
COLUMNS = (
    *CLIP_COLUMNS,
    *REP_COLUMNS,
    *("sure", "maybe_faults"),
    *(f"{angle}_{end}_deg" for angle in _ANGLES for end in ("low", "high")),
    *("hip_travel_cm", "hip_travel_cm_per_10_deg", "weight_share", "knee_lead_s"),
    *("hip_knee_ratio", "started", "exercise", "who", "note"),
)
"""The columns of results.csv. The true angle lies between `..._low_deg` and `..._high_deg` nine
times in ten."""


def document(verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """Return the JSON object for any number of clips."""
    return {"schema": SCHEMA, "clips": [verdict.to_dict() for verdict in verdicts]}


def write(text: str, target: Path | Literal["-"]) -> None:
    """Write text to a file, all or nothing, or to standard output for `-`.

    Raises `OutputError` when it cannot be written.
    """
    if target == "-":
        with stdout():
            sys.stdout.write(text)
    else:
        atomic_files.write_text(target, text)


def write_json(document: Mapping[str, Any], target: Path | Literal["-"]) -> None:
    """Write a JSON object as `write` does."""
    # On standard output pure ASCII: valid JSON whatever encoding the terminal or pipe has.
    ascii_only = target == "-"
    text = json.dumps(document, indent=2, allow_nan=False, ensure_ascii=ascii_only)
    write(text + "\n", target)


def write_clips(verdicts: Iterable[Verdict], file: IO[str]) -> None:
    """Write `document` as `write_json` does, in memory for one clip at a time."""
    file.write(f'{{\n  "schema": {SCHEMA},\n  "clips": [')
    between = "\n    "
    for verdict in verdicts:
        text = json.dumps(verdict.to_dict(), indent=2, allow_nan=False, ensure_ascii=False)
        file.write(between + text.replace("\n", "\n    "))
        between = ",\n    "
    file.write("]\n}\n" if between == "\n    " else "\n  ]\n}\n")


def write_csv(verdicts: Iterable[Verdict], file: IO[str], started: Mapping[str, str]) -> None:
    """Write the table of `COLUMNS`, one row per rep, for spreadsheets and data frames.

    `started` is when each clip was made (ISO 8601), by its name.
    """
    of_all = (row for verdict in verdicts for row in rows(verdict, started.get(verdict.clip)))
    write_table(of_all, COLUMNS, file, "\n")


def rows(verdict: Verdict, started: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield one row per rep, or for a clip without reps one row without the rep's columns."""
    clip = verdict.to_dict()
    head = {name: clip[name] for name in (*CLIP_COLUMNS, "exercise", "who", "note")}
    head["started"] = started
    for rep in clip["reps"]:
        yield head | rep_row(rep)
    if not clip["reps"]:
        yield head


def rep_row(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry of `reps` as a flat row: a column for each stray and end of an interval."""
    single = {k: v for k, v in entry.items() if k != "number" and not isinstance(v, dict | list)}
    strays = {f"{place}_stray_cm": cm for place, cm in (entry.get("stray_cm") or {}).items()}
    ends = {
        f"{angle.removesuffix('_deg')}_{end}_deg": value
        for angle, both in (entry.get("intervals_deg") or {}).items()
        for end, value in zip(("low", "high"), both, strict=True)
    }
    listed = {name: " ".join(entry.get(name, ())) for name in ("faults", "notes", "maybe_faults")}
    return {**single, **strays, **ends, **listed, "rep": entry.get("number")}


def write_table(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], file: IO[str], line_end: str
) -> None:
    """Write rows as CSV below a header; a column that a row lacks is left empty.

    Booleans are written as yes and no; no text is a formula (see `no_formula`).
    """
    writer = csv.DictWriter(file, columns, lineterminator=line_end)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(row.get(name)) for name in columns})


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return no_formula(value) if isinstance(value, str) else value


def svg(verdicts: Sequence[Verdict], path: Path) -> None:
    """Save the output of `terminal.render`, 80 columns wide, as an SVG picture.

    Raises `OutputError` when the file cannot be written.
    """
    from rich.console import Console

    from hinge_dowel.report.terminal import render

    console = Console(
        file=io.StringIO(), width=80, record=True, color_system="truecolor", no_color=False
    )
    render(verdicts, console)
    atomic_files.write_text(path, picture(console, "hinge-dowel check"))


def picture(console: Console, title: str) -> str:
    """Return the output of a recording console as a self-contained SVG."""
    shown = console.export_svg(title=title)
    # Rich's SVG loads its font from a web server; opening a result must not use the network.
    shown = re.sub(r"@font-face\s*{.*?}\s*", "", shown, flags=re.DOTALL)
    fonts = '"Fira Code", "DejaVu Sans Mono", Menlo, Consolas, monospace'
    return shown.replace("Fira Code, monospace", fonts)


def ensure_writable(*targets: Path | str | None) -> None:
    """Raise `OutputError` if one of these paths cannot be written; called before long work.

    What is no path, None or "-" for standard output, needs no check.
    """
    for path in targets:
        if not isinstance(path, Path):
            continue
        if path.is_dir():
            raise OutputError(f"Cannot write {path}: it is a folder; give the name of a file.")
        if path.exists() and not os.access(path, os.W_OK):
            raise OutputError(f"Cannot write {path}: it is write-protected; choose another file.")
        if atomic_files.is_device(path):
            continue
        trial = atomic_files.temporary_for(path)
        with atomic_files.output_errors(path):
            atomic_files.create_exclusive(trial)
            trial.unlink()
