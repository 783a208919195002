"""Exports landmarks, back and dowel of every frame: TRC (OpenSim, Sports2D) and npz."""

from __future__ import annotations

import io
import json

import numpy as np

from hinge_dowel.batch.arrays import arrays_of, pack_arrays
from hinge_dowel.batch.results_folder import ResultsFolder
from hinge_dowel.batch.storage import file_name
from hinge_dowel.body import landmarks
from hinge_dowel.body.array_types import Array
from hinge_dowel.verdict import Series, Verdict

_PAIRS = {
    "Eye": landmarks.EYES,
    "Ear": landmarks.EARS,
    "Shoulder": landmarks.SHOULDERS,
    "Elbow": landmarks.ELBOWS,
    "Wrist": landmarks.WRISTS,
    "Pinky": landmarks.PINKIES,
    "Index": landmarks.INDEX_FINGERS,
    "Thumb": landmarks.THUMBS,
    "Hip": landmarks.HIPS,
    "Knee": landmarks.KNEES,
    "Ankle": landmarks.ANKLES,
    "Heel": landmarks.HEELS,
    "FootIndex": landmarks.TOES,
}
BODY = {landmarks.NOSE: "Nose"} | {
    place: side + part
    for part, pair in _PAIRS.items()
    for side, place in zip("LR", pair, strict=True)
}
"""Marker names of Pose2Sim and Sports2D by MediaPipe's landmark number."""
BACK = ("Occiput", "C7", "T4", "T8", "T12", "L3", "S2")
"""Marker names of the points on the skin of the back, `back_points.SITES`."""
DOWEL = ("DowelTop", "DowelBottom")


def write(folder: ResultsFolder, verdict: Verdict, kinds: tuple[str, ...]) -> None:
    """Write the files of one clip into the folder; nothing for a clip that has no frames.

    Raises `OutputError` when they cannot be written.
    """
    if verdict.series is None:
        return
    name = file_name(verdict.clip)
    if "trc" in kinds:
        folder.storage.write(f"trc/{name}.trc", trc(verdict.series, f"{name}.trc").encode())
    if "npz" in kinds:
        folder.storage.write(f"npz/{name}.npz", npz(verdict))


def npz(verdict: Verdict) -> bytes:
    """Return an npz file: the fields of the series, and `verdict`, its JSON as a string."""
    assert verdict.series is not None
    text = json.dumps(verdict.to_dict(), allow_nan=False)
    return pack_arrays(arrays_of(verdict.series) | {"verdict": np.array(text)})


def trc(series: Series, name: str) -> str:
    """Return landmarks, back points and dowel as a TRC file: metres, x rightward, y up, z 0.

    The lowest point of the feet in the clip is at y = 0, the hips at the start at x = 0. Cells of
    places not seen are empty. `name` is the file's own name.
    """
    markers, places_m = _markers(series)
    frames, count = places_m.shape[:2]
    time_s = series.time_s
    span_s = float(time_s[-1] - time_s[0]) if frames > 1 else 0.0
    rate_hz = (frames - 1) / span_s if span_s > 0 else 1.0
    out = io.StringIO()
    out.write(f"PathFileType\t4\t(X/Y/Z)\t{name}\n")
    out.write(
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\t"
        "OrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n"
    )
    rate = f"{rate_hz:.6g}"
    out.write(f"{rate}\t{rate}\t{frames}\t{count}\tm\t{rate}\t1\t{frames}\n")
    out.write("Frame#\tTime\t" + "\t\t\t".join(markers) + "\t\t\n")
    axes = (f"{axis}{marker}" for marker in range(1, count + 1) for axis in "XYZ")
    out.write("\t\t" + "\t".join(axes) + "\n\n")
    depth = np.where(np.isnan(places_m[..., :1]), np.nan, 0.0)
    table = np.concatenate([places_m, depth], axis=2).reshape(frames, -1)
    for number, (time, row) in enumerate(zip(time_s.tolist(), table.tolist(), strict=True), 1):
        cells = ("" if value != value else f"{value:.5f}" for value in row)  # NaN is not itself
        out.write(f"{number}\t{time:.6f}\t" + "\t".join(cells) + "\n")
    return out.getvalue()


def _markers(series: Series) -> tuple[list[str], Array]:
    """Return the names of all K markers, and their places (T, K, 2) in m, x right and y up."""
    groups: list[tuple[list[str], Array]] = []
    if series.landmarks_px.shape[1]:
        body = sorted(BODY)
        groups.append(([BODY[place] for place in body], series.landmarks_px[:, body].astype(float)))
    back = series.back_px.shape[1]
    names = list(BACK) if back == len(BACK) else [f"Back{i}" for i in range(1, back + 1)]
    groups.append((names, series.back_px))
    groups.append((list(DOWEL), series.dowel_px))
    markers = [name for names, _ in groups for name in names]
    places = np.concatenate([array for _, array in groups], axis=1) * (series.cm_per_px / 100)
    places = places * (1.0, -1.0)
    return markers, places - _origin(markers, places)


def _origin(markers: list[str], places: Array) -> Array:
    """Return the point (2,) that becomes x = 0 and y = 0."""

    def of(names: tuple[str, ...], axis: int) -> Array:
        chosen = [i for i, marker in enumerate(markers) if marker in names]
        values = places[:, chosen, axis].ravel()
        return values[np.isfinite(values)]

    hips, feet = (
        of(("LHip", "RHip", "S2"), 0),
        of(("LHeel", "RHeel", "LFootIndex", "RFootIndex"), 1),
    )
    return np.array([hips[:2].mean() if hips.size else 0.0, feet.min() if feet.size else 0.0])
