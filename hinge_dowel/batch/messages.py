"""What a worker process and whoever gives it work say to each other.

A message is a line of JSON, and after it, where there are any, bytes (the frames behind a verdict)
of the length that the line tells. Workers read files that anybody may send, so what they say is
taken for data and nothing else: it is built into the types named here or refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any

from hinge_dowel import errors
from hinge_dowel.batch.results_folder import Outcome
from hinge_dowel.batch.serialization import MOST_BYTES, built, plain
from hinge_dowel.batch.task import Job

READY, TOLD, DONE, RAISED = "ready", "told", "done", "raised"
"""What a worker says: that it can begin, how far it is, what came of a job, what failed."""

_LONGEST_LINE_BYTES = 1 << 26
"""A choice, 64 MiB: the verdict on an hour of repetitions, 1,200 of them, takes well under one."""


def send(
    stream: IO[bytes],
    kind: str,
    content: Mapping[str, Any] | None = None,
    data: bytes | None = None,
) -> None:
    """Say one thing. `data` goes along as it is. Raises `OSError` when nobody listens."""
    line = {"kind": kind, "content": content, "bytes": None if data is None else len(data)}
    stream.write(json.dumps(line, allow_nan=False).encode() + b"\n")
    if data is not None:
        stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[str, dict[str, Any], bytes | None]:
    """What is said next: its kind, its content, its data.

    Raises `EOFError` when the other side is gone, `ValueError` for what is no message of ours.
    """
    line = stream.readline(_LONGEST_LINE_BYTES)
    if not line.endswith(b"\n"):
        raise EOFError
    said = json.loads(line)
    if not isinstance(said, dict) or not isinstance(said.get("kind"), str):
        raise ValueError("not a message")
    content, size = said.get("content"), said.get("bytes")
    data = None
    if size is not None:
        if not isinstance(size, int) or not 0 <= size <= MOST_BYTES:
            raise ValueError("not a message")
        data = stream.read(size)
        if len(data) < size:
            raise EOFError
    return said["kind"], content if isinstance(content, dict) else {}, data


def send_job(stream: IO[bytes], job: Job) -> None:
    """Give a job."""
    send(stream, "job", plain(job))


def receive_job(stream: IO[bytes]) -> Job:
    """The job that is given next. Raises as `receive` does."""
    return built(Job, receive(stream)[1])


def send_outcome(stream: IO[bytes], outcome: Outcome) -> None:
    """Say what came of a job."""
    send(stream, DONE, plain(replace(outcome, series=None)), outcome.series)


def send_error(stream: IO[bytes], error: errors.HingeDowelError) -> None:
    """Say what makes every clip fail alike."""
    send(stream, RAISED, {"type": type(error).__name__, "text": str(error)})


def error_of(content: Mapping[str, Any]) -> errors.HingeDowelError:
    """What `send_error` said: one of our own errors, by its name, and never anything else."""
    kind = getattr(errors, str(content.get("type")), None)
    if not (isinstance(kind, type) and issubclass(kind, errors.HingeDowelError)):
        kind = errors.HingeDowelError
    return kind(str(content.get("text")))
