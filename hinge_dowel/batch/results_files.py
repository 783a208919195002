"""Writes results.csv and results.json, one clip after the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import IO, Any

from hinge_dowel.report.files import rep_row, write_table
from hinge_dowel.verdict import SCHEMA, Verdict

NO_DATES: Mapping[str, str] = MappingProxyType({})
_ANGLES = ("hip_flexion", "knee_flexion", "shin_angle", "spinal_flexion", "cervical_flexion")
COLUMNS = (
    *("clip", "status", "reason", "facing", "view_angle_deg", "neutral"),
    *("rep", "start_s", "bottom_s", "end_s"),
    *(f"{angle}_deg" for angle in _ANGLES),
    *("head_stray_cm", "upper_back_stray_cm", "sacrum_stray_cm"),
    *("faults", "notes", "sure", "maybe_faults"),
    *(f"{angle}_{end}_deg" for angle in _ANGLES for end in ("low", "high")),
    *("hip_travel_cm", "hip_travel_cm_per_10_deg", "weight_share", "knee_lead_s"),
    *("hip_knee_ratio", "started", "exercise", "who", "note"),
)
"""The header of the table; every measure carries its unit: degrees, seconds, centimetres, shares.

The true angle lies between `..._low_deg` and `..._high_deg` nine times in ten. `started`,
`exercise`, `who` and `note` are named as in the table of `history`."""
_OF_CLIP = (*COLUMNS[:6], "exercise", "who", "note")


def rows(verdict: Verdict, started: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield one row per rep, or for a clip without reps one row without the rep's columns.

    `started` is when the clip was made, as ISO 8601.
    """
    clip = verdict.to_dict()
    head = {name: clip[name] for name in _OF_CLIP} | {"started": started}
    if not clip["reps"]:
        yield head
    for rep in clip["reps"]:
        row = head | rep_row(rep)
        yield {name: row.get(name) for name in COLUMNS}


def write_csv(
    verdicts: Iterable[Verdict], file: IO[str], started: Mapping[str, str] = NO_DATES
) -> None:
    """Write a table with a header, one row per rep, for spreadsheets and data frames.

    `started` is when each clip was made (ISO 8601), by its name.
    """
    found = (row for verdict in verdicts for row in rows(verdict, started.get(verdict.clip)))
    write_table(found, COLUMNS, file, "\n")


def write_json(verdicts: Iterable[Verdict], file: IO[str]) -> None:
    """Write the JSON of `report.files.document` clip by clip, in memory for one clip at a time."""
    file.write(f'{{\n  "schema": {SCHEMA},\n  "clips": [')
    between = "\n    "
    for verdict in verdicts:
        text = json.dumps(verdict.to_dict(), indent=2, allow_nan=False, ensure_ascii=False)
        file.write(between + text.replace("\n", "\n    "))
        between = ",\n    "
    file.write("]\n}\n" if between == "\n    " else "\n  ]\n}\n")
