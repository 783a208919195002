"""The command that finds, fetches and removes the pose model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.histories import assert_one_sentence

from hinge_dowel.errors import ModelError
from hinge_dowel.pose import model_file
from hinge_dowel.system import paths


def test_standard_output_ends_with_the_path(program, monkeypatch):
    def locate(explicit, *, progress, say):
        say("Fetching the pose model.")
        return explicit

    monkeypatch.setattr(model_file, "locate", locate)
    found = program("model", "--model", "/models/pose.task")
    assert found == (0, "/models/pose.task\n", "Fetching the pose model.\n")


def test_a_model_that_cannot_be_had_is_one_sentence(program, monkeypatch):
    def not_found(explicit, **_):
        raise ModelError("The pose model cannot be fetched: place it in /here.")

    monkeypatch.setattr(model_file, "locate", not_found)
    assert program("model") == (
        *(2, ""),
        "hinge-dowel: The pose model cannot be fetched: place it in /here.\n",
    )


@pytest.fixture
def cache(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with the model, and what it saw."""
    monkeypatch.delenv(model_file.MODEL_VARIABLE, raising=False)
    folder = paths.make_private(path.parent / "cache")
    seen = paths.make_private(folder / "records" / "ab")
    (seen / "abcd.npz").write_bytes(b"numbers")
    (folder / model_file.POSE.name).write_bytes(b"model")
    return folder


def test_removing_empties_the_cache(program, cache):
    told = f"Deleted: {cache / model_file.POSE.name}, {cache / 'records'}.\n"
    assert program("model", "--remove") == (0, "", told)
    assert list(cache.parent.iterdir()) == []
    assert program("model", "--remove") == (0, "", "There is no pose model here.\n")


def test_what_it_saw_goes_where_the_model_itself_is_elsewhere(program, cache):
    (cache / model_file.POSE.name).unlink()
    assert program("model", "--remove") == (0, "", f"Deleted: {cache / 'records'}.\n")
    assert list(cache.parent.iterdir()) == []


def test_it_is_either_named_or_removed(program, cache):
    assert program("model", "--remove", "--model", "x")[0] == 2
    assert (cache / model_file.POSE.name).exists()


def test_what_cannot_be_deleted_is_named_and_the_model_stays(program, cache, monkeypatch):
    def denied(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", denied)
    status, out, err = program("model", "--remove")
    assert (status, out) == (2, "")
    assert f"{cache / 'records'} (Permission denied): delete that folder" in err
    assert_one_sentence(err)
    assert (cache / model_file.POSE.name).exists()
