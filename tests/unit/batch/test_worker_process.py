"""Worker processes: started, early or not, and what is said when they cannot be."""

from __future__ import annotations

import os
import signal
import sys

import psutil
import pytest
from support.outcomes import fake_check

from hinge_dowel.batch import pool, runner, worker_process
from hinge_dowel.batch.worker_process import StartError, started_early


def check_all(paths, **options):
    return list(runner.check_many(paths, **options))


@pytest.mark.parametrize(
    ("jobs", "machine_gb", "share_bytes"),
    [
        (1, 64, worker_process.MEMORY_BYTES),
        (16, 64, 64 * 2**30 * 8 // 10 // 16),
        (10_000, 64, worker_process.LEAST_MEMORY_BYTES),
        (0, 4, 4 * 2**30 * 8 // 10),
    ],
)
def test_memory_is_shared_out(monkeypatch, jobs, machine_gb, share_bytes):
    sizes = {"SC_PHYS_PAGES": machine_gb * 2**18, "SC_PAGE_SIZE": 2**12}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__, raising=False)
    assert worker_process.memory_for(jobs) == share_bytes
    whole = psutil.virtual_memory()._replace(total=machine_gb * 2**30)
    monkeypatch.delattr(os, "sysconf")  # Windows has none
    monkeypatch.setattr(psutil, "virtual_memory", lambda: whole)
    assert worker_process.memory_for(jobs) == share_bytes


def test_a_worker_that_cannot_start_is_one_sentence(named_clips, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(StartError, match=r"cannot be started \(No such file"):
        check_all(named_clips("clean.mp4"), jobs=1)


def test_a_worker_that_ends_at_once_is_one_sentence(named_clips, monkeypatch):
    monkeypatch.setattr(worker_process, "_PROGRAM", "raise SystemExit(3)")
    with pytest.raises(StartError, match="ends before it begins"):
        check_all(named_clips("clean.mp4"), jobs=1)


def test_one_started_early_does_the_job(named_clips, monkeypatch):
    with started_early() as process:
        monkeypatch.setattr(pool, "spawn", lambda _: pytest.fail("started another"))
        assert check_all(named_clips("clean.mp4"), started=process)[0].status == "clean"
    assert process.returncode is not None


def test_one_started_early_for_nothing_is_gone(named_clips):
    with started_early() as process:
        assert [
            one.status for one in check_all(named_clips("clean.mp4", "squat.mp4"), started=process)
        ] == [
            "clean",
            "faulty",
        ]
        assert process.poll() is None  # several clips have their own
    assert process.returncode is not None
    with pytest.raises(KeyboardInterrupt), started_early() as process:
        raise KeyboardInterrupt
    assert process.returncode is not None


def test_one_that_dies_early_is_one_sentence(named_clips, monkeypatch):
    monkeypatch.setattr(worker_process, "_PROGRAM", "raise SystemExit(3)")
    with started_early() as process, pytest.raises(StartError, match="ends before it begins"):
        check_all(named_clips("clean.mp4"), started=process)


def test_ctrl_c_is_heard_again_after_the_start():
    with worker_process.interrupts_ignored():
        assert signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


@pytest.mark.parametrize(
    ("count", "jobs", "cores", "halves"),
    [(1, None, 2, True), (1, None, 1, False), (1, 1, 2, False), (2, None, 4, False)],
)
def test_two_trackers_share_a_clip_where_it_is_alone(
    named_clips, monkeypatch, count, jobs, cores, halves
):
    asked = []

    def run(worker, job, tell):
        asked.append(job)
        return pool.Outcome(fake_check(job.source, abs))

    monkeypatch.setattr(pool.Worker, "run", run)
    monkeypatch.setattr(runner, "cores", lambda: cores)
    check_all(named_clips("clean.mp4", "squat.mp4")[:count], jobs=jobs, cache=False)
    assert [job.halves for job in asked] == [halves] * count
