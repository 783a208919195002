"""Checks one clip in a worker: read it or recall its record, judge it, pack the frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Literal

from hinge_dowel.batch.arrays import pack_series
from hinge_dowel.batch.cache import RecordCache, content_key
from hinge_dowel.batch.fingerprint import program_version
from hinge_dowel.batch.storage import unwritable
from hinge_dowel.errors import ClipError, HingeDowelError, UsageError
from hinge_dowel.keypoints.formats import DEFAULT_OPTIONS, CheckOptions, is_keypoints
from hinge_dowel.pose.extraction import Record
from hinge_dowel.system.console import unexpected
from hinge_dowel.verdict import Verdict

Tell = Callable[[float, str], None]
"""Receives the share of a clip that is done, 0 to 1, and what is done now, in a word."""

LOOKING, RECALLING, JUDGING, DRAWING = "looking", "recalling", "judging", "drawing"
BRING: Literal["bring"] = "bring"
_SEEING_SHARE = 0.7
"""Share of the progress bar for the time before the annotated clip is drawn. A choice: only the
evenness of the bar depends on it."""


@dataclass(frozen=True, slots=True)
class Job:
    """One clip to check, and how.

    `source` is a path on this machine or a URL, `name` the clip's name in the verdict. `limit_s`
    is how long checking may take. `stamp` changes when the clip's file does (size, time of change);
    None if unknown. `cache`: use and fill the cache. `series`: the frames behind the
    verdict are wanted. `film` is where the annotated clip goes: a path, or `BRING` to return it
    with the outcome. `program` is the version of the program that sends the job, "" if it is
    certainly the worker's own.
    """

    source: Path | str
    name: str
    model: Path | None
    limit_s: float
    stamp: tuple[int | str, ...] | None = None
    options: CheckOptions = DEFAULT_OPTIONS
    cache: bool = True
    series: bool = False
    program: str = ""
    film: Path | Literal["bring"] | None = None
    halves: bool = False
    """Whether two pose trackers share the clip, as a second core has nothing else to do."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of checking one clip.

    `verdict` comes without its series, which is in `series`, by `arrays.pack_series`.
    `content` is the hash of the clip, None when it was not read whole. `gave_up`: time or memory
    ran out, so other limits may give another result. `keep` is False for errors that may pass, such
    as a network that is down. `film` is the annotated clip, where the worker could not write it
    into the folder itself.
    """

    verdict: Verdict
    series: bytes | None = None
    content: str | None = None
    gave_up: bool = False
    keep: bool = True
    film: bytes | None = None


def recalled(job: Job, content: str | None) -> Outcome | None:
    """Return the cached verdict on the same content; None where none fits or frames are wanted."""
    if content is None or not job.cache or job.series:
        return None
    verdict = RecordCache.own().verdict(content, job.options.key)
    return None if verdict is None else Outcome(replace(verdict, clip=job.name), content=content)


def recalled_here(job: Job) -> Outcome | None:
    """As `recalled`, for a clip on this machine, whose content is hashed first."""
    path = Path(job.source)
    return None if is_keypoints(path) else recalled(job, content_key(path))


def do(job: Job, tell: Tell) -> Outcome:
    """Check one clip, whose `source` is a path; errors of the clip become its verdict.

    Raises only errors that make every clip fail, such as `ModelError`.
    """
    if job.program and job.program != program_version():
        raise UsageError(
            "The workers run another version of hinge-dowel than this command: install the same "
            "version (and the same mediapipe, av and numpy) on all machines."
        )
    path = Path(job.source)
    content: str | None = None
    try:
        # Keypoints are not cached: their content alone does not decide how they are read.
        content = None if is_keypoints(path) else content_key(path)
        if (known := recalled(job, content)) is not None:
            return known
        seeing = _SEEING_SHARE if isinstance(job.film, Path) else 1.0
        verdict = _verdict(job, path, content, lambda share, doing: tell(share * seeing, doing))
        series = None
        if job.series and verdict.series is not None:
            series = pack_series(verdict.series)
            if isinstance(job.film, Path) and not is_keypoints(path):
                _annotate(path, verdict, job, job.film, tell)
        return Outcome(replace(verdict, clip=job.name, series=None), series, content)
    except ClipError as error:
        return Outcome(unusable(job.name, _named(str(error), path, job.name)), content=content)
    except HingeDowelError:
        raise
    except MemoryError:
        return Outcome(unusable(job.name, OUT_OF_MEMORY), content=content, gave_up=True)
    except Exception as error:
        reason = unexpected("Checking this clip failed in a way that it should not", error)
        return Outcome(unusable(job.name, _named(reason, path, job.name)), content=content)


OUT_OF_MEMORY = (
    "Checking this clip needs more memory than a clip may take: save it again as MP4 in a smaller "
    "size."
)


def unusable(name: str, reason: str) -> Verdict:
    """Return the verdict on a clip that could not be checked."""
    return Verdict(clip=name, status="unusable", reason=reason)


def _verdict(job: Job, path: Path, content: str | None, tell: Tell) -> Verdict:
    options = job.options
    if is_keypoints(path):
        from hinge_dowel.keypoints.files import check_file

        tell(0.0, JUDGING)
        return check_file(path, options, name=job.name)
    store = RecordCache.own() if job.cache and content is not None else None
    record = _record(job, path, f"{content} {options.film.key}".strip(), store, tell)
    tell(1.0, JUDGING)
    from hinge_dowel.analysis.pipeline import judge

    verdict = judge(
        record,
        clip=job.name,
        tolerances=options.tolerances,
        rules=options.rules,
        paced=options.film.slow_motion is not None,
    )
    if store is not None and content is not None:
        store.keep_verdict(content, options.key, verdict)
    return verdict


def _record(job: Job, path: Path, seen: str, store: RecordCache | None, tell: Tell) -> Record:
    """Return what the pose model sees in a film; from the `store`, by the key `seen`, if known."""
    if store is not None:
        tell(0.0, RECALLING)
        if (known := store.load(seen)) is not None:
            return known
    from hinge_dowel.pose.masking import follow_person

    tell(0.0, LOOKING)
    loading = Thread(target=import_module, args=("hinge_dowel.analysis.pipeline",))

    def watching(share: float) -> None:
        tell(share, LOOKING)
        if loading.ident is None:  # not before, as it would hold up the pose model
            loading.start()

    record = follow_person(
        path, model=job.model, progress=watching, options=job.options.film, halves=job.halves
    )
    if store is not None:
        store.save(seen, record)
    return record


def _annotate(path: Path, verdict: Verdict, job: Job, film: Path, tell: Tell) -> None:
    from hinge_dowel.report.films import annotate

    def drawing(share: float) -> None:
        tell(_SEEING_SHARE + (1 - _SEEING_SHARE) * share, DRAWING)

    drawing(0.0)
    try:
        film.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(str(film.parent), error.strerror) from error
    annotate(path, verdict, film, progress=drawing, options=job.options.film)


def _named(text: str, path: Path, name: str) -> str:
    """Replace the path of a clip in a text by the clip's name."""
    shown = name if name.isprintable() else ascii(name)
    for spelling in (str(path), ascii(str(path))):
        text = text.replace(spelling, shown)
    return text
