"""Motion capture markers on a body of rigid segments with known angles.

Metres; x forward, y up, z to the right. Pitches are degrees from upright, forward positive.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import c3d
import numpy as np

RATE = 30.0


@dataclass(frozen=True)
class Bend:
    """Posture at the bottom: pitch of shank, thigh and pelvis, flexion of spine and neck."""

    shank: float = 2.0
    thigh: float = -16.0
    pelvis: float = 60.0
    spinal: float = 4.0
    cervical: float = 0.0


HINGE, ROUNDED, NECK = Bend(), Bend(pelvis=40.0, spinal=40.0), Bend(cervical=35.0)
SQUAT = Bend(shank=30.0, thigh=-70.0, pelvis=35.0)


def markers(bends, *, seconds=4.0, still=1.0):
    """Return Plug-in Gait's markers, name -> (T, 3), of standing, all bends, and standing."""
    step = np.arange(0, 1, 1 / (seconds * RATE))
    wave = (1 - np.cos(2 * np.pi * step)) / 2
    rest = np.zeros(int(still * RATE))
    parts = [rest]
    which = [0 * rest]
    for number, _ in enumerate(bends):
        parts += [wave, rest]
        which += [np.full(len(wave) + len(rest), number)]
    share, which = np.concatenate(parts), np.concatenate(which).astype(int)
    shank, thigh, pelvis, spinal, cervical = (
        share * np.array([getattr(b, name) for b in bends])[which]
        for name in ("shank", "thigh", "pelvis", "spinal", "cervical")
    )
    thorax = pelvis + spinal
    head = thorax + cervical

    def at(origin, pitch, ahead, above):
        """Return the place ahead of and above an origin (T, 2) in a segment of this pitch."""
        a = np.radians(pitch)
        up, forward = np.stack([np.sin(a), np.cos(a)], -1), np.stack([np.cos(a), -np.sin(a)], -1)
        return origin + ahead * forward + above * up

    ankle = np.zeros((len(share), 2)) + np.array([0.0, 0.1])
    knee = at(ankle, shank, 0.0, 0.42)
    hip = at(knee, thigh, 0.0, 0.42)
    waist = at(hip, pelvis, -0.02, 0.12)
    neck = at(waist, thorax, -0.02, 0.45)
    middle = {
        "SACR": at(hip, pelvis, -0.10, 0.07),
        "C7": at(waist, thorax, -0.08, 0.43),
        "T10": at(waist, thorax, -0.10, 0.18),
        "CLAV": at(waist, thorax, 0.06, 0.38),
        "STRN": at(waist, thorax, 0.11, 0.22),
    }
    paired = {
        "ASI": (at(hip, pelvis, 0.06, 0.07), 0.12),
        "PSI": (at(hip, pelvis, -0.10, 0.07), 0.05),
        "SHO": (at(waist, thorax, -0.01, 0.42), 0.18),
        "FHD": (at(neck, head, 0.10, 0.15), 0.07),
        "BHD": (at(neck, head, -0.09, 0.15), 0.06),
        "KNE": (knee, 0.12),
        "ANK": (ankle, 0.10),
        "HEE": (ankle + np.array([-0.05, -0.06]), 0.09),
        "TOE": (ankle + np.array([0.15, -0.06]), 0.09),
    }
    out = {name: np.insert(places, 2, 0.0, axis=1) for name, places in middle.items()}
    for name, (places, aside) in paired.items():
        out[f"L{name}"] = np.insert(places, 2, -aside, axis=1)
        out[f"R{name}"] = np.insert(places, 2, aside, axis=1)
    return out


def both_sides(pattern: str, **names: str) -> dict[str, str]:
    """Return our name -> the file's name for markers of the left and of the right side.

    `pattern` is the file's name with ? for the side and * for the marker.
    """
    return {
        f"{side}{ours}": pattern.replace("*", theirs).replace("?", side)
        for side in "LR"
        for ours, theirs in names.items()
    }


VICON = {name: name for name in markers([HINGE]) if name != "SACR"}
"""Our name -> the file's name, for Plug-in Gait. Other sets have fewer markers."""
SETS = {
    "Plug-in Gait": VICON,
    "Plug-in Gait, sacrum": {n: n for n in (*VICON, "SACR") if "PSI" not in n},
    "CMU": {n: n.replace("ASI", "FWT").replace("PSI", "BWT") for n in VICON},
    "OpenCap": {
        **{"C7": "C7_study", "CLAV": "Sternum_study"},
        **{
            ours: theirs.replace("R", "r", 1)
            for ours, theirs in both_sides(
                "?*_study",
                ASI=".ASIS",
                PSI=".PSIS",
                SHO="_shoulder",
                KNE="_knee",
                ANK="_ankle",
                HEE="_calc",
                TOE="_toe",
            ).items()
        },
    },
    "Rizzoli": {
        **{"C7": "C7", "T10": "MAI", "CLAV": "SJN", "STRN": "SXS"},
        **both_sides("?*", ASI="ASIS", PSI="PSIS", SHO="A", KNE="LE", ANK="LM", HEE="CA", TOE="FM"),
    },
    "Rizzoli, condyles": {
        **{"C7": "C7", "T10": "MAI", "CLAV": "IJ", "STRN": "PX"},
        **both_sides(
            "?*", ASI="ASIS", PSI="PSIS", SHO="AC", KNE="LFC", ANK="LMAL", HEE="CAL", TOE="MT2"
        ),
    },
    "Qualisys": {
        **{"C7": "CV7", "T10": "TV10", "CLAV": "SJN", "STRN": "SXS"},
        **both_sides(
            "?_*", ASI="IAS", PSI="IPS", SHO="SAE", KNE="FLE", ANK="FAL", HEE="FCC", TOE="FM2"
        ),
    },
    "OptiTrack": {
        **{"C7": "BackTop", "CLAV": "Chest", "LFHD": "HeadFront", "LBHD": "HeadTop"},
        **both_sides("Waist?*", ASI="Front", PSI="Back"),
        **both_sides(
            "?*", SHO="ShoulderTop", KNE="KneeOut", ANK="AnkleOut", HEE="Heel", TOE="ToeTip"
        ),
    },
}
WITHOUT_THORAX = {
    "OpenSim gait2392": {
        "SACR": "V.Sacral",
        **both_sides(
            "?.*",
            ASI="ASIS",
            SHO="Acromium",
            KNE="Knee.Lat",
            ANK="Ankle.Lat",
            HEE="Heel",
            TOE="Toe.Tip",
        ),
    },
    "Helen Hayes": {
        "SACR": "V.Sacral",
        **both_sides(
            "?.*", ASI="ASIS", SHO="Shoulder", KNE="Knee", ANK="Ankle", HEE="Heel", TOE="Toe"
        ),
    },
}
"""Marker sets that show pelvis and joints, but not the thorax's pitch."""


def write_trc(path, named, scale=1.0, axes=(0, 1, 2), turn=None):
    """Write `named`, name -> (T, 3) in metres, as a TRC file in other axes and another unit."""
    turn = np.eye(3) if turn is None else turn
    seen = np.stack([places @ turn for places in named.values()], axis=1)[..., list(axes)] * scale
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits",
        f"{RATE}\t{RATE}\t{len(seen)}\t{len(named)}\tmm",
        "Frame#\tTime\t" + "\t\t\t".join(named) + "\t\t",
        "",
    ]
    for i, frame in enumerate(seen):
        cells = ["" if np.isnan(v) else f"{v:.5f}" for v in frame.ravel()]
        lines.append("\t".join([str(i + 1), f"{i / RATE:.5f}", *cells]))
    path.write_text("\n".join(lines))
    return path


def write_c3d(path, named):
    """Write `named`, name -> (T, 3) in metres, as C3D in millimetres; NaN has a residual of -1."""
    writer = c3d.Writer(point_rate=RATE)
    seen = np.stack(list(named.values()), axis=1) * 1000
    lost = np.isnan(seen).any(axis=2)
    points = np.zeros((*lost.shape, 5), dtype=np.float32)
    points[..., :3] = np.nan_to_num(seen, nan=777.0)
    points[..., 3] = np.where(lost, -1, 0)
    writer.add_frames([(frame, np.empty((0, 1))) for frame in points])
    writer.set_point_labels(list(named))
    with path.open("wb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of every parameter that is not there
        writer.write(file)
    return path


BENDS = [HINGE, SQUAT, ROUNDED, NECK]
FAULTS = [(), ("squatting",), ("spinal_flexion",), ("cervical_flexion",)]
"""The expected faults of each repetition of `MADE`."""
MADE = markers(BENDS)


def renamed(names, made=MADE):
    """Return markers under the names of a set."""
    return {theirs: made[ours] for ours, theirs in names.items()}


def faults(verdict):
    """Return the faults of each repetition."""
    return [rep.faults for rep in verdict.reps]
