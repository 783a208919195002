"""The folder of a batch: its results, and the state to go on from after an interruption.

    results.json  results.csv  report.html      for people and programs
    videos/  trc/  npz/                         a file for each clip, where asked for
    .hinge-dowel/xx/....json and .npz           one finished clip each: its verdict, its frames

A finished clip is found again by its name, the options and the version of the program, and is
trusted while the clip's file is unchanged. Its .json is written last and in one step, so that it is
whole or absent whenever a batch is killed; a clip whose entry cannot be read is done again. Several
batches may work in one folder at once: they write the same files with the same content.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from hinge_dowel.batch.arrays import unpack_series
from hinge_dowel.batch.cache import content_key
from hinge_dowel.batch.fingerprint import program_version
from hinge_dowel.batch.storage import Storage, file_name
from hinge_dowel.batch.task import Job, Outcome
from hinge_dowel.errors import OutputError
from hinge_dowel.keypoints.formats import AS_THE_FILE_SAYS, DEFAULT_OPTIONS, CheckOptions
from hinge_dowel.report.files import write_clips, write_csv
from hinge_dowel.system.names import ESCAPED
from hinge_dowel.system.plain_values import built, plain
from hinge_dowel.verdict import Series, Verdict

STATE = ".hinge-dowel"
"""The hidden folder of finished clips; without it a batch begins anew."""
FILMS = "videos"
"""The folder of annotated clips."""
MADE = (f"{FILMS}/", "trc/", "npz/", "results.json", "results.csv")
"""How the places of files begin that a batch makes, and that are no clips of the next."""
_DAMAGED = (ValueError, KeyError, TypeError, RecursionError)
"""The exceptions raised while reading an entry that this program has not written."""


def film_name(clip: str) -> str:
    """Return the name of a clip's annotated clip in the folder."""
    return f"{FILMS}/{file_name(clip)}.mp4"


class ResultsFolder:
    """A folder of finished clips and results, all checked with the same options.

    With `films` a clip is finished only when its annotated clip is there too.
    """

    def __init__(
        self, storage: Storage, options: CheckOptions = DEFAULT_OPTIONS, *, films: bool = False
    ) -> None:
        self.storage = storage
        self.films = films
        # Not `reading`, which only concerns files of keypoints and is part of their stamps.
        films_only = dataclasses.replace(options, reading=AS_THE_FILE_SAYS)
        self._settings = f"{program_version()} {films_only.key}"

    def finished(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Verdict]]:
        """Yield the clips that need not be done again: index in `jobs`, and verdict."""
        sizes = self.storage.sizes(STATE)
        indices = {self._entry(job.name): i for i, job in enumerate(jobs)}
        drawn = self._drawn(job.name for job in jobs) if self.films else None
        for entry, data in self.storage.read_many(name for name in indices if name in sizes):
            job = jobs[indices[entry]]
            verdict = None
            with suppress(*_DAMAGED):
                kept = json.loads(data)
                if _holds(kept, job, entry, sizes, drawn):
                    verdict = built(Verdict, kept["verdict"])
            if verdict is not None and verdict.clip == job.name:
                yield indices[entry], verdict

    def keep(self, job: Job, outcome: Outcome) -> None:
        """Store one finished clip. Raises `OutputError` when it cannot be written."""
        if not outcome.keep:
            return
        entry = self._entry(job.name)
        # The frames first: an entry means that they are there.
        if outcome.series is not None:
            self.storage.write(_frames(entry), outcome.series)
        kept = {
            "stamp": job.stamp,
            "content": outcome.content,
            "limit_s": job.limit_s if outcome.gave_up else None,
            "series_bytes": None if outcome.series is None else len(outcome.series),
            "verdict": plain(outcome.verdict),
        }
        sign = None if outcome.series is None else _sign(entry, outcome.content)
        if self.films and sign is not None:
            if outcome.film is not None:
                self.storage.write(film_name(job.name), outcome.film)
            self.storage.write(_sign_name(job.name), sign)
        self.storage.write(entry, json.dumps(kept, allow_nan=False).encode())

    def series(self, name: str) -> Series | None:
        """Return the frames behind a clip's verdict; None when missing or damaged."""
        for _, data in self.storage.read_many([_frames(self._entry(name))]):
            try:
                return unpack_series(data)
            except ValueError:
                return None
        return None

    def with_series(self, verdict: Verdict) -> Verdict:
        """Return a verdict with its series, read now: those of many clips do not fit in memory."""
        return dataclasses.replace(verdict, series=self.series(verdict.clip))

    def drawn(self, names: Iterable[str]) -> dict[str, str]:
        """Return the annotated clips that show the current verdicts: file name, by clip."""
        signs = self._drawn(names)
        entries = {self._entry(name): name for name in signs}
        films = {}
        for entry, data in self.storage.read_many(entries):
            clip = entries[entry]
            with suppress(*_DAMAGED):
                if signs[clip] == _sign(entry, json.loads(data)["content"]):
                    films[clip] = film_name(clip)
        return films

    def write_results(
        self, verdicts: Sequence[Verdict], started: Mapping[str, str] | None = None
    ) -> None:
        """Write results.json and results.csv; `started` is when clips were made, by name.

        Raises `OutputError` when they cannot be written.
        """
        self.storage.make("results.json", _text(lambda file: write_clips(verdicts, file)))
        self.storage.make(
            "results.csv", _text(lambda file: write_csv(verdicts, file, started or {}))
        )

    def try_out(self) -> None:
        """Raise `OutputError` if the folder cannot be written; called before long work."""
        root = self.storage.local()
        if root is not None and root.exists() and not root.is_dir():
            raise OutputError(f"Cannot write to {root}: it is a file; give the name of a folder.")
        self.storage.write(f"{STATE}/README", _README)

    def _drawn(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return, for each clip whose annotated clip is there, the sign of its verdict."""
        there = self.storage.sizes(FILMS)
        signs = {_sign_name(name): name for name in names if film_name(name) in there}
        return {signs[sign]: made for sign, made in self.storage.read_many(signs)}

    def _entry(self, name: str) -> str:
        key = hashlib.sha256(json.dumps([name, self._settings]).encode()).hexdigest()[:40]
        return f"{STATE}/{key[:2]}/{key[2:]}.json"


_README = b"""Finished clips of a batch of hinge-dowel, so that it can go on where it was cut off.
Numbers and words only, no picture. This folder may be removed: the next run looks at every clip
again.
"""


def _frames(entry: str) -> str:
    return entry.removesuffix(".json") + ".npz"


def _sign_name(clip: str) -> str:
    return f"{STATE}/films/{hashlib.sha256(json.dumps(clip).encode()).hexdigest()[:40]}"


def _sign(entry: str, content: str | None) -> bytes | None:
    """Return a sign that an annotated clip shows this verdict on this content.

    None without a content hash, as for keypoints, which have no pictures to draw on.
    """
    return None if content is None else f"{entry} {content}".encode()


def _holds(
    kept: dict[str, Any],
    job: Job,
    entry: str,
    sizes: Mapping[str, int],
    drawn: Mapping[str, bytes] | None,
) -> bool:
    """Return whether what is kept of a clip is whole, and what this job would give.

    `sizes` are those of the frames that are there, `drawn` the signs of the annotated clips, None
    where none are wanted.
    """
    frames = kept["series_bytes"]
    whole = frames is None or sizes.get(_frames(entry)) == frames
    settled = kept["limit_s"] in (None, job.limit_s)
    sign = None if frames is None else _sign(entry, kept["content"])
    shown = drawn is None or sign is None or drawn.get(job.name) == sign
    return whole and settled and shown and _unchanged(kept, job)


def _unchanged(kept: dict[str, Any], job: Job) -> bool:
    """Return whether the clip is still the one that was judged."""
    if job.stamp is not None and kept["stamp"] == list(job.stamp):
        return True
    # Copied or touched: compare the content.
    if kept["content"] is None or not isinstance(job.source, Path):
        return False
    return bool(content_key(job.source) == kept["content"])


def _text(write: Callable[[IO[str]], None]) -> Callable[[Path], None]:
    def maker(path: Path) -> None:
        with path.open("w", encoding="utf-8", errors=ESCAPED, newline="") as file:
            write(file)

    return maker
