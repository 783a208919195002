"""The messages between a worker process and the process that gives it work.

A message is a line of JSON, followed by bytes (the frames behind a verdict) of the length that the
line gives, if any. Workers read untrusted files, so their messages are only taken as data: they are
built into the types named here or refused.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import IO, Any

from hinge_dowel import errors
from hinge_dowel.batch.arrays import MOST_BYTES
from hinge_dowel.batch.task import Job, Outcome
from hinge_dowel.system.plain_values import built, plain

JOB, READY, PROGRESS, DONE, RAISED = "job", "ready", "progress", "done", "raised"
"""Kinds of messages: a `Job`; and of a worker: it can begin; the share done and what is done now;
an `Outcome`; an error that makes every clip fail."""

_LONGEST_LINE_BYTES = 1 << 26
"""Longest line accepted. A choice, 64 MiB: the verdict on an hour of repetitions, 1,200 of them,
takes well under one."""


def send(stream: IO[bytes], kind: str, said: Any = None) -> None:
    """Send a message of a kind with what goes with it. Raises `OSError` if nobody hears it."""
    data = None
    if isinstance(said, Outcome):
        said, data = replace(said, series=None), said.series
    elif isinstance(said, errors.HingeDowelError):
        said = type(said).__name__, str(said)
    line = {"kind": kind, "content": plain(said), "bytes": None if data is None else len(data)}
    stream.write(json.dumps(line, allow_nan=False).encode() + b"\n" + (data or b""))
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[str, Any]:
    """Read the next message; return its kind, and what goes with it.

    Raises `EOFError` when the other side is gone, `ValueError` for anything but a message.
    """
    line = stream.readline(_LONGEST_LINE_BYTES)
    if not line.endswith(b"\n"):
        raise EOFError
    said = json.loads(line)
    if not isinstance(said, dict) or not isinstance(said.get("kind"), str):
        raise ValueError("not a message")
    size = said.get("bytes")
    data = None
    if size is not None:
        if not isinstance(size, int) or not 0 <= size <= MOST_BYTES:
            raise ValueError("not a message")
        data = stream.read(size)
        if len(data) < size:
            raise EOFError
    try:
        return said["kind"], _understood(said["kind"], said.get("content"), data)
    except TypeError as error:
        raise ValueError("not a message") from error


def _understood(kind: str, content: Any, data: bytes | None) -> Any:
    if kind == JOB:
        return built(Job, content)
    if kind == DONE:
        return replace(built(Outcome, content), series=data)
    if kind == PROGRESS:
        share, doing = content
        return float(share), str(doing)
    if kind == RAISED:
        name, text = content
        kind_of_error = getattr(errors, str(name), None)
        if not (
            isinstance(kind_of_error, type) and issubclass(kind_of_error, errors.HingeDowelError)
        ):
            kind_of_error = errors.HingeDowelError
        return kind_of_error(str(text))
    return None
