"""What kind of file a clip is, by its name, and how it is to be read and judged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from hinge_dowel.exercises import AUTO
from hinge_dowel.system.names import path_within
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.video.options import WHOLE, FilmOptions

if TYPE_CHECKING:
    from hinge_dowel.analysis.rules import Rules, RulesChooser


TABLES = (".csv", ".tsv", ".txt")
"""Suffixes of tables, for which --columns is."""
READABLE = (
    *(*TABLES, ".pbtxt", ".json", ".jsonl", ".ndjson", ".trc", ".c3d"),
    *(".npz", ".npy", ".mat", ".h5", ".hdf5", ".skeleton"),
)
"""Suffixes of the files that are read. Who writes them and what they hold says the guide, which has
a table of all kinds (guide/files.md)."""
_REASONS = {
    ".mot .sto": "holds joint angles of a model or forces, and not places of joints: give the .trc "
    "of markers that it was made from",
    ".bvh .fbx .amc .asf": "holds turns of bones, and not places of joints: export it as .c3d, "
    ".trc or .csv with positions",
    ".qtm .tak .x2d .trb .mvn .kva .trk": "is a project of the program that wrote it: export its "
    "markers or joints as .c3d, .trc or .csv",
    ".bz2 .xz .zst .lz4 .7z .rar .tar .tgz": "is packed: unpack it first, or pack it as .zip, or "
    "text as .gz",
    ".nwb .nc": "holds data of any kind, and nothing says which are places: save those as .csv, "
    ".npz or .h5 (frames, places, x and y), with the names of the places beside them",
    ".pkl .pickle .pckl .pt .pth .parquet .orc .slp .xlsx .xlsm .xls .joblib .feather .arrow .ipc "
    ".rds .rda .rdata .dta .sav .ods .yaml .yml .xml .mvnx": "is not opened, as such files may "
    "hold anything: save the keypoints as .csv (df.to_csv), .npz (numpy.savez) or .json",
}
REFUSED = {suffix: why for suffixes, why in _REASONS.items() for suffix in suffixes.split()}
"""Suffixes of other files of keypoints, and why they cannot be judged."""
KEYPOINT_SUFFIXES = frozenset({*READABLE, *REFUSED})
"""What counts as a file of keypoints when it is named on its own."""


def suffix_of(path: PurePath) -> str:
    """The suffix that tells the kind of a file, in small letters: of a.csv.gz that is .csv."""
    return (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()


def is_keypoints(source: Path | str) -> bool:
    """Whether a path or URL is taken for a file of keypoints: by its suffix alone."""
    path = path_within(source) if isinstance(source, str) else source
    return suffix_of(path) in KEYPOINT_SUFFIXES


_NUMBERED = re.compile(r"^(?P<stem>.*?)(?P<number>\d+)(?P<tail>(?:[_.-][A-Za-z]+)*\.json|\.txt)$")
"""A file for each frame, as OpenPose and YOLO write them: set_000000000012_keypoints.json,
frame12.json, and clip_12.txt."""


def series_of(path: Path) -> list[tuple[int, Path]]:
    """The numbered files of which `path` is one, a file a frame: number and path, in order."""
    pattern = series_pattern(path.name)
    if pattern is None:
        return [(0, path)]
    found = ((pattern.match(other.name), other) for other in path.parent.iterdir())
    return sorted((int(m[1]), other) for m, other in found if m)


def series_pattern(name: str) -> re.Pattern[str] | None:
    """What the names of all files of the same series match, with the number as first group."""
    match = _NUMBERED.match(name)
    if not match:
        return None
    return re.compile(rf"^{re.escape(match['stem'])}(\d+){re.escape(match['tail'])}$")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a CSV file are what, for files whose own names say nothing.

    `places`: place -> (column of x, column of y), the places named as landmarks (left_hip) or
    along the back (occiput, C7, T4, T8, L3, sacrum). `time_s`: the column of seconds. `fps` where
    there is none. `size_px`: the picture's (width, height) when x and y are shares of it. `y_up`:
    y counts upward.
    """

    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    time_s: str | None = None
    fps: float | None = None
    size_px: tuple[float, float] | None = None
    y_up: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file of keypoints may leave open: its rate, its columns, its picture's size.

    `fps` overrides what the file says of time, `size_px` only where the file does not say.
    """

    fps: float | None = None
    columns: Columns | None = None
    size_px: tuple[float, float] | None = None


AS_THE_FILE_SAYS = Reading()


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """All that a verdict depends on beside the clip itself.

    `exercise` and `wall_cm` are as for `check_clip`; `reading` is what files of keypoints do not
    say themselves; `film` is which part of films is read, and how.
    """

    tolerances: Tolerances = DEFAULT
    exercise: str = AUTO
    wall_cm: float | None = None
    reading: Reading = AS_THE_FILE_SAYS
    film: FilmOptions = WHOLE

    @property
    def key(self) -> str:
        """A text that is the same for the same options, and only for them."""
        return repr(self)

    @property
    def rules(self) -> Rules | RulesChooser:
        """The rules of the exercise, or what chooses them. Raises as `rules_for`."""
        from hinge_dowel.exercises.catalogue import rules_for  # takes time, and --help none

        return rules_for(self.exercise, wall_cm=self.wall_cm)


DEFAULT_OPTIONS = CheckOptions()
