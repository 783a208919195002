"""Worker processes: started, told their limits, ended."""

from __future__ import annotations

import pytest

from hinge_dowel.batch import pool
from hinge_dowel.batch.runner import check_many
from hinge_dowel.batch.task import Job
from hinge_dowel.batch.worker_process import LEAST_MEMORY_BYTES, StartError


def test_an_ended_worker_begins_nothing_more(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "spawn", lambda _: pytest.fail("started"))
    worker = pool.Worker(LEAST_MEMORY_BYTES)
    worker.end()
    job = Job("a.mp4", tmp_path / "a.mp4", None, 1.0)
    with pytest.raises(StartError, match="over"):
        worker.run(job, lambda *_: None)


@pytest.mark.slow
def test_a_worker_that_dies_costs_only_its_clip(named_clips):
    names = ["killed.mp4", "slow_clean.mp4", "squat.mp4", "clean.mp4"]
    found = list(check_many(named_clips(*names), jobs=2))
    assert [verdict.clip for verdict in found] == names
    assert [verdict.status for verdict in found] == ["unusable", "clean", "faulty", "clean"]
    assert "process that checked this clip died" in found[0].reason


def test_what_libraries_print_in_workers_is_not_heard(named_clips, capfd):
    assert next(check_many(named_clips("chatty.mp4"))).status == "clean"
    assert capfd.readouterr() == ("", "")
