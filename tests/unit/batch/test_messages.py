"""What worker processes and whoever gives them work say to each other."""

from __future__ import annotations

import io
import json
import queue
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import stand_ins

from hinge_dowel import errors
from hinge_dowel.batch import messages, pool
from hinge_dowel.batch.task import BRING, Job, Outcome
from hinge_dowel.keypoints.formats import CheckOptions, Columns, Reading
from hinge_dowel.tolerances import Tolerances
from hinge_dowel.verdict import Verdict

JOB = Job(
    source="memory://class/a.mp4",
    name="a.mp4",
    model=Path("/models/pose.task"),
    limit_s=300.1,
    options=CheckOptions(
        Tolerances(too_deep_deg=101.5),
        reading=Reading(30.0, Columns({"C7": ("c7x", "c7y")}, time_s="t"), (640.0, 480.0)),
    ),
    film=BRING,
)


def heard(said: bytes) -> list[tuple[str, Any]]:
    """What a listener makes of a stream, to its end."""
    inbox: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    pool._listen(io.BytesIO(said), inbox)
    return [inbox.get_nowait() for _ in range(inbox.qsize())]


def test_a_job_arrives_as_it_was_given() -> None:
    pipe = io.BytesIO()
    messages.send(pipe, messages.JOB, JOB)
    pipe.seek(0)
    assert messages.receive(pipe) == (messages.JOB, JOB)


def test_a_film_beside_the_clip_stays_a_path() -> None:
    pipe = io.BytesIO()
    messages.send(pipe, messages.JOB, replace(JOB, film=Path("/films/film.mp4")))
    pipe.seek(0)
    assert messages.receive(pipe)[1].film == Path("/films/film.mp4")


def test_an_outcome_arrives_with_its_frames() -> None:
    outcome = Outcome(replace(stand_ins.verdict("a.mp4"), series=None), b"\n\x00PK", "c0")
    pipe = io.BytesIO()
    messages.send(pipe, messages.DONE, outcome)
    messages.send(pipe, messages.PROGRESS, (0.5, "looking"))
    assert heard(pipe.getvalue()) == [
        (messages.DONE, outcome),
        (messages.PROGRESS, (0.5, "looking")),
        ("gone", None),
    ]


@pytest.mark.parametrize("kind", [errors.ModelError, errors.UsageError, errors.OutputError])
def test_an_error_arrives_as_what_it_was(kind: type[errors.HingeDowelError]) -> None:
    pipe = io.BytesIO()
    messages.send(pipe, messages.RAISED, kind("Why not."))
    (_, error), _ = heard(pipe.getvalue())
    assert type(error) is kind
    assert str(error) == "Why not."


@pytest.mark.parametrize("name", ["annotations", "EXIT_CLEAN", "SystemExit", "__doc__", 7, None])
def test_an_error_of_another_name_is_still_only_a_sentence(name: object) -> None:
    line = {"kind": "raised", "content": [name, "Why not."]}
    (_, error), _ = heard(json.dumps(line).encode() + b"\n")
    assert type(error) is errors.HingeDowelError


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"no json\n",
        b"[]\n",
        b'{"kind": 1}\n',
        b'{"kind": "done", "content": {}}\n',
        b'{"kind": "done", "content": {"verdict": {"clip": "a", "evil": 1}}}\n',
        b'{"kind": "done", "content": null, "bytes": -4}\n',
        b'{"kind": "done", "content": null, "bytes": 99999999999}\n',
        b'{"kind": "progress", "content": ["much", "looking"]}\n',
        b'{"kind": "progress", "content": 7}\n',
        b'{"kind": "job", "content": null}\n',
        b'{"kind": "ready"',
        b"[" * 100_000 + b"\n",
    ],
)
def test_what_is_no_message_counts_as_gone(said: bytes) -> None:
    """A worker that was taken over by a hostile file can say nothing else."""
    assert heard(said) == [("gone", None)]


def test_data_that_breaks_off_counts_as_gone() -> None:
    line = {"kind": "done", "content": {"verdict": {"clip": "a", "status": "clean"}}, "bytes": 9}
    assert heard(json.dumps(line).encode() + b"\n1234") == [("gone", None)]


@given(st.binary(max_size=200))
def test_noise_never_becomes_an_outcome(noise: bytes) -> None:
    assert not any(isinstance(content, Outcome | Verdict) for _, content in heard(noise))
