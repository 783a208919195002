"""The same batch on a real dask cluster of worker processes."""

from __future__ import annotations

import threading
from functools import partial

import psutil
import pytest
from distributed import LocalCluster
from support import stand_ins
from support.waiting import within

from hinge_dowel.batch import cluster, runner, worker_process
from hinge_dowel.batch.results_folder import ResultsFolder
from hinge_dowel.batch.storage import LocalStorage
from hinge_dowel.errors import UsageError

# dask's own processes and event loops are not ours to tidy.
pytestmark = [
    pytest.mark.rare,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(stand_ins.LOG, str(tmp_path / "begun.log"))
    monkeypatch.setattr(runner, "attempt", stand_ins.attempt)
    monkeypatch.setattr(worker_process, "_PROGRAM", stand_ins.WORKER)
    return tmp_path / "begun.log"


@pytest.fixture
def two_workers(log, tmp_path):
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        # Any free port: None would take a fixed one, which a cluster beside this one may hold.
        dashboard_address=":0",
        silence_logs=50,
        local_directory=str(tmp_path / "dask"),
    ) as running:
        yield running


@pytest.fixture
def clips(tmp_path):
    return partial(stand_ins.write_clips, tmp_path / "clips")


def check(paths, address, out, **options):
    folder = ResultsFolder(LocalStorage(out))
    verdicts = list(runner.check_many(paths, dask=address, folder=folder, **options))
    folder.write_results(verdicts)
    return verdicts


def test_a_worker_killed_midway_loses_nothing_and_doubles_nothing(
    two_workers, clips, tmp_path, log, monkeypatch
):
    kinds = ["slow", "squat", "damaged", "slow", "crashing", "front"]
    paths = clips(*(kinds[number % 6] for number in range(30)))
    here = list(runner.check_many(paths))
    log.unlink()
    kept = []
    keep = ResultsFolder.keep
    monkeypatch.setattr(
        ResultsFolder, "keep", lambda self, t, o: (kept.append(t.name), keep(self, t, o))[1]
    )

    def kill():
        assert within(60, lambda: len(stand_ins.begun(log)) >= 8)
        first = next(iter(two_workers.workers.values()))
        victim = psutil.Process(first.pid)
        # After a clip that crashes it has no process of ours until the next clip.
        assert within(60, lambda: orphans.extend(victim.children(recursive=True)) or orphans)
        victim.kill()

    orphans: list[psutil.Process] = []
    killer = threading.Thread(target=kill)
    killer.start()
    found = check(paths, two_workers.scheduler_address, tmp_path / "out")
    killer.join()
    assert found == here
    assert sorted(kept) == [path.name for path in paths]
    # Each clip once, a crash twice, and again what was given to the killed worker and not fetched:
    # less than is given out at a time, however fast either is.
    given_out = cluster._JOBS_A_THREAD * 2
    assert len(stand_ins.begun(log)) <= 30 + 5 + 2 * given_out
    # Our own worker process there has ended with the worker of dask.
    assert orphans
    assert within(60, lambda: not any(orphan.is_running() for orphan in orphans))
    # And there is nothing left to do.
    count = len(stand_ins.begun(log))
    assert check(paths, two_workers.scheduler_address, tmp_path / "out") == here
    assert len(stand_ins.begun(log)) == count


def test_a_clip_that_hangs_costs_itself_there_too(two_workers, clips, tmp_path):
    paths = clips("clean", "endless", "squat")
    found = check(paths, two_workers.scheduler_address, tmp_path / "out", timeout_s=1.5)
    assert [verdict.status for verdict in found] == ["clean", "unusable", "faulty"]
    assert "took longer than 1.5 s" in found[1].reason


def test_other_versions_there_are_one_sentence(two_workers, clips, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "program_version", lambda: "another")
    with pytest.raises(UsageError, match="The workers run another version of hinge-dowel"):
        check(clips("clean"), two_workers.scheduler_address, tmp_path / "out")


def test_no_cluster_is_one_sentence(clips, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_ANSWER_S", 0.5)
    with pytest.raises(UsageError, match="No dask scheduler answers at"):
        check(clips("clean"), "tcp://127.0.0.1:9", tmp_path / "out")


def test_without_dask_it_is_one_sentence(clips, tmp_path, monkeypatch):
    def no_dask(name):
        raise ImportError(name)

    monkeypatch.setattr(cluster, "import_module", no_dask)
    with pytest.raises(
        UsageError, match=r"--dask needs dask: .* -m pip install distributed fsspec"
    ):
        check(clips("clean"), "tcp://127.0.0.1:9", tmp_path / "out")
