"""The messages between a worker process and the process that gives it work.

A message is a line of JSON, followed by bytes (the frames behind a verdict) of the length that the
line gives, if any. Workers read untrusted files, so their messages are only taken as data: they are
built into the types named here or refused.
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

READY, PROGRESS, DONE, RAISED = "ready", "progress", "done", "raised"
"""Kinds of a worker's messages: it can begin; progress; a job's outcome; an error for all jobs."""

_LONGEST_LINE_BYTES = 1 << 26
"""Longest line accepted. A choice, 64 MiB: the verdict on an hour of repetitions, 1,200 of them,
takes well under one."""


def send(
    stream: IO[bytes],
    kind: str,
    content: Mapping[str, Any] | None = None,
    data: bytes | None = None,
) -> None:
    """Send a message; `data` follows it unchanged. Raises `OSError` if the other side is gone."""
    line = {"kind": kind, "content": content, "bytes": None if data is None else len(data)}
    stream.write(json.dumps(line, allow_nan=False).encode() + b"\n")
    if data is not None:
        stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[str, dict[str, Any], bytes | None]:
    """Read the next message; return its kind, its content, its data.

    Raises `EOFError` when the other side is gone, `ValueError` for anything but a message.
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
    """Send a job to a worker."""
    send(stream, "job", plain(job))


def receive_job(stream: IO[bytes]) -> Job:
    """Read the next job. Raises as `receive` does."""
    return built(Job, receive(stream)[1])


def send_outcome(stream: IO[bytes], outcome: Outcome) -> None:
    """Send a job's outcome, its frames as data."""
    send(stream, DONE, plain(replace(outcome, series=None)), outcome.series)


def send_error(stream: IO[bytes], error: errors.HingeDowelError) -> None:
    """Send an error that makes every clip fail."""
    send(stream, RAISED, {"type": type(error).__name__, "text": str(error)})


def error_of(content: Mapping[str, Any]) -> errors.HingeDowelError:
    """Return the error sent by `send_error`: always a `HingeDowelError`, of the class named."""
    kind = getattr(errors, str(content.get("type")), None)
    if not (isinstance(kind, type) and issubclass(kind, errors.HingeDowelError)):
        kind = errors.HingeDowelError
    return kind(str(content.get("text")))
