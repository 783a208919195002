"""Records of filmed clips, kept beside them so that judging again is quick.

A record is used again only while the clip and all code between file and outline are the same.
"""

from __future__ import annotations

import hashlib
import json
import time
import zipfile
import zlib
from concurrent.futures import as_completed
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
from accuracy.crew import crew

from hinge_dowel.analysis import pipeline
from hinge_dowel.analysis.pipeline import Record
from hinge_dowel.batch.fingerprint import pose_version
from hinge_dowel.body.outline import outline_rays
from hinge_dowel.pose import model_file

KEY = "key"


@cache
def outline_key() -> str:
    """Return a digest of `outline_rays` on invented bodies: changes when the evidence does."""
    rng = np.random.default_rng(5)
    told = hashlib.sha256()
    y, x = np.mgrid[:240, :200]
    for _ in range(3):
        landmarks = rng.uniform(40, 160, (33, 4))
        landmarks[[23, 24], :2] = rng.normal((100, 170), 3, (2, 2))
        landmarks[[11, 12], :2] = rng.normal((120, 80), 3, (2, 2))
        round_it = np.hypot(x - 105 - 0.1 * (120 - y), (y - 120) / 2) - rng.uniform(30, 50)
        silhouette = np.clip(0.5 - round_it / 4, 0, 1).astype(np.float32)
        told.update(np.round(outline_rays(landmarks, silhouette), 5).tobytes())
    return told.hexdigest()[:16]


@cache
def sight_key() -> str:
    """Return a digest of code, libraries and model from file to landmarks."""
    told = hashlib.sha256(pose_version().encode())
    told.update(model_file.locate().read_bytes())
    return told.hexdigest()[:16]


def save(path: Path, record: Record, key: dict[str, str]) -> None:
    """Write a record, whole or not at all."""
    values = {f.name: getattr(record, f.name) for f in fields(record)}
    arrays = {k: np.asarray(v) for k, v in values.items() if v is not None}
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        np.savez_compressed(file, **arrays, **{KEY: np.array(json.dumps(key))})
    part.replace(path)


def load(path: Path) -> tuple[Record, dict[str, str]] | None:
    """Read a record and its keys; None where there is none that can be read."""
    try:
        with path.open("rb") as file, np.load(file) as data:
            key = json.loads(str(data[KEY]))
            values = {f.name: data.get(f.name) for f in fields(Record)}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    if values["size_px"] is not None:
        values["size_px"] = tuple(int(v) for v in values["size_px"])
    values["remarks"] = tuple(str(said) for said in values["remarks"])
    return Record(**values), key


def _observe(clip: str, target: str, key: dict[str, str]) -> int:
    record = pipeline.follow_person(Path(clip))
    save(Path(target), record, key)
    return len(record.time_s)


def watched(path: Path, digest: str, *, strict: bool = True) -> bool:
    """Return whether there is an up-to-date record of the clip with this sha256.

    Not `strict`: one made by other code between file and landmarks is accepted, as long as the
    outline is measured in the same way; for quick rounds while something else changes.
    """
    there = load(path)
    asked = {"clip": digest, "outline": outline_key()}
    if strict:
        asked["observation"] = sight_key()
    return there is not None and all(there[1].get(k) == v for k, v in asked.items())


def observe_all(folder: Path, digests: dict[str, str], workers: int) -> None:
    """Read every clip (name -> sha256 of its file) without an up-to-date record."""
    missing = {
        name: {"clip": digest, "outline": outline_key(), "observation": sight_key()}
        for name, digest in digests.items()
        if not watched(folder / f"{name}.npz", digest)
    }
    print(f"{len(digests) - len(missing)} of {len(digests)} clips are watched.", flush=True)
    if not missing:
        return
    start = time.monotonic()
    with crew(workers) as pool:
        jobs = {
            pool.submit(_observe, str(folder / f"{n}.mp4"), str(folder / f"{n}.npz"), key): n
            for n, key in missing.items()
        }
        for count, job in enumerate(as_completed(jobs), 1):
            left = (time.monotonic() - start) / count * (len(missing) - count)
            print(
                f"watched {jobs[job]}: {job.result()} pictures; {count} of {len(missing)}, "
                f"about {left / 60:.0f} min left",
                flush=True,
            )
