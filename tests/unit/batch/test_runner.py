"""Many clips: broken, hanging and greedy ones among them, killed midway, on a full disk."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psutil
import pytest
from support import stand_ins
from support.clips import write_sound
from support.locations import SAMPLES
from support.waiting import gone, within

from hinge_dowel.batch import pool, runner, worker_process
from hinge_dowel.batch.cache import RecordCache
from hinge_dowel.batch.results_folder import STATE, ResultsFolder
from hinge_dowel.batch.storage import LocalStorage
from hinge_dowel.errors import OutputError

# Worker processes are started.
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def log(tmp_path, monkeypatch):
    """A home of its own for every test, and the list of clips that were begun."""
    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(stand_ins.LOG, str(tmp_path / "begun.log"))
    monkeypatch.setattr(worker_process, "_PROGRAM", stand_ins.WORKER)
    return tmp_path / "begun.log"


@pytest.fixture
def clips(tmp_path):
    """Makes clips of the given contents, named by number."""
    return partial(stand_ins.write_clips, tmp_path / "clips")


def check(paths, **options):
    return list(runner.check_many(paths, **options))


def folder_at(path):
    return ResultsFolder(LocalStorage(path))


def statuses(verdicts):
    return [verdict.status for verdict in verdicts]


# -- limits ---------------------------------------------------------------------------------------


def test_a_clip_that_hangs_is_ended_and_named(clips):
    found = check(clips("endless", "clean", "squat"), jobs=2, timeout_s=1.5)
    assert statuses(found) == ["unusable", "clean", "faulty"]
    assert found[0].reason == (
        "Checking this clip took longer than 1.5 s: save it again as MP4, cut it shorter, or allow "
        "more with --timeout."
    )


def test_native_code_that_never_returns_is_ended_too(clips):
    paths = clips("stuck", "clean")
    found = check(paths, jobs=1, timeout_s=1.5)
    assert statuses(found) == ["unusable", "clean"]
    assert gone(int(paths[0].with_suffix(".pid").read_text()))


def test_a_crash_in_native_code_costs_its_clip_alone(clips, log):
    found = check(clips("slow", "crashing", "slow", "clean"), jobs=2)
    assert statuses(found) == ["clean", "unusable", "clean", "clean"]
    assert "The process that checked this clip died" in found[1].reason
    # Once in company, once alone: it could have been a victim.
    assert sorted(stand_ins.begun(log)) == ["00.mp4", "01.mp4", "01.mp4", "02.mp4", "03.mp4"]


@pytest.mark.parametrize("bounded", ["by the system", "from outside"])
def test_a_clip_that_eats_memory_costs_itself_alone(clips, monkeypatch, bounded):
    if bounded == "from outside":  # as on systems without such limits
        spawn = pool.spawn
        monkeypatch.setattr(pool, "spawn", lambda most: spawn(1 << 50))
    monkeypatch.setattr(worker_process, "MEMORY_BYTES", 1 << 30)
    monkeypatch.setattr(worker_process, "LEAST_MEMORY_BYTES", 1 << 30)
    found = check(clips("clean", "greedy", "clean"), jobs=1)
    assert statuses(found) == ["clean", "unusable", "clean"]
    assert "needs more memory than a clip may take" in found[1].reason


def test_the_last_clips_are_begun_largest_first(clips, monkeypatch):
    """Or one worker would be at a long clip when the others have nothing left to do."""
    sizes = dict(enumerate((9, 0, 0, 3, 1, 3, 8, 5, 9, 2)))
    assert runner.in_turn(sizes, 2) == [0, 1, 8, 6, 7, 3, 5, 9, 4, 2]
    assert runner.in_turn({i: sizes[i] for i in (3, 8, 6)}, 2) == [8, 6, 3]
    assert runner.in_turn(sizes, 1) == [*range(10)]
    given = []
    here = runner._run_jobs
    monkeypatch.setattr(
        runner, "_run_jobs", lambda pending, *more: given.extend(pending) or here(pending, *more)
    )
    paths = clips("clean", "squat", "clean")
    paths[1].write_text(paths[1].read_text() + " " * 99)
    found = check(paths, jobs=2)
    assert given == [1, 0, 2]
    assert [verdict.clip for verdict in found] == ["00.mp4", "01.mp4", "02.mp4"]


def test_large_files_may_take_longer():
    assert runner.default_timeout_s(0) == 300
    assert runner.default_timeout_s(70_000_000) > 3600
    assert runner.default_timeout_s(10**12) == 4 * 3600


def test_the_cache_is_trimmed_now_and_then_and_at_the_end(clips, monkeypatch):
    trims = []
    monkeypatch.setattr(runner, "TRIM_EVERY_CLIPS", 2)
    monkeypatch.setattr(RecordCache, "trim", lambda cache: trims.append(cache.folder))
    paths = clips("clean", "squat", "clean", "squat", "clean")
    check(paths, jobs=1, cache=False)
    assert trims == []
    check(paths, jobs=1)
    assert trims == [RecordCache.own().folder] * 3


def test_a_reader_that_stops_early_leaves_no_process(clips):
    paths = clips("clean", "endless", "endless")
    paths[0].write_text(paths[0].read_text() + " " * 99)  # of the last few the largest goes first
    found = runner.check_many(paths, jobs=2)
    assert next(found).status == "clean"
    mine = [p for p in psutil.Process().children() if "import serve" in " ".join(p.cmdline())]
    assert mine
    found.close()
    assert within(60, lambda: all(gone(process.pid) for process in mine))


# -- the folder ------------------------------------------------------------------------------------


def test_finished_clips_are_not_done_again(clips, tmp_path, log):
    paths = clips("clean", "damaged", "front", "squat", "crashing")
    first = check(paths, folder=folder_at(tmp_path / "out"))
    count = len(stand_ins.begun(log))
    told = []
    again = check(
        paths, folder=folder_at(tmp_path / "out"), progress=lambda *report: told.append(report)
    )
    assert again == first
    assert len(stand_ins.begun(log)) == count
    assert told == [(index, 1.0, "kept") for index in range(5)]
    paths[0].write_text("squat")
    assert statuses(check(paths, folder=folder_at(tmp_path / "out")))[0] == "faulty"
    assert stand_ins.begun(log)[count:] == ["00.mp4"]


def test_reasons_name_the_clip_and_not_where_it_lies(clips):
    (found,) = check(clips("damaged"), names=["mon/one.mp4"])
    assert found.reason == "mon/one.mp4 is not a video that can be read: save it again as MP4."


def test_results_so_far_are_there_while_the_work_goes_on(clips, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "_WRITING_INTERVAL_S", 0.0)
    paths = clips("clean", "slow", "endless")
    found = runner.check_many(paths, jobs=1, folder=folder_at(tmp_path / "out"))
    next(found)
    next(found)
    data = json.loads((tmp_path / "out" / "results.json").read_text())
    assert [clip["clip"] for clip in data["clips"]] == ["00.mp4", "01.mp4"]
    found.close()


def start(out, *arguments):
    """The command with the stand-in on the clips beside the folder."""
    return stand_ins.start("check", out.with_name("clips"), "--out", out, *arguments)


def entries(out):
    return {path: path.stat().st_mtime_ns for path in (out / STATE).rglob("*.json")}


def test_killed_at_any_moment_it_goes_on_and_ends_the_same(clips, tmp_path, log):
    kinds = ["slow", "clean", "squat", "damaged", "slow", "front"]
    clips(*(kinds[number % len(kinds)] for number in range(36)))
    with start(tmp_path / "whole", "--quiet") as process:
        process.communicate(timeout=300)
    assert process.returncode == 2
    begun = len(stand_ins.begun(log))
    assert begun == 36
    rng = random.Random(5)  # noqa: S311
    out = tmp_path / "out"
    finished = {}
    for _ in range(5):
        with start(out, "--quiet") as process:
            more = len(finished) + rng.randrange(5)
            assert within(
                60, lambda most=more: len(entries(out)) > most or process.poll() is not None
            )
            time.sleep(rng.random() * 0.3)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=120)
        now = entries(out)
        assert finished.items() <= now.items()  # nothing that was done is done again
        finished = now
    assert finished
    with start(out, "--quiet") as process:
        process.communicate(timeout=300)
    assert finished.items() <= entries(out).items()
    for name in ("results.json", "results.csv"):
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    # What was cut off, at most one clip a worker each time, was all that was begun twice.
    assert len(stand_ins.begun(log)) - begun <= 36 + 5 * runner.cores()


def test_ctrl_c_says_how_to_go_on(clips, tmp_path, log):
    clips("clean", "endless")
    with start(tmp_path / "out", "--jobs", "1") as process:
        assert within(120, lambda: len(stand_ins.begun(log)) == 2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, "")
    assert err == (
        "What is finished is kept: run the same command again to go on.\n"
        "hinge-dowel: interrupted.\n"
    )
    assert len(entries(tmp_path / "out")) == 1


def test_two_batches_in_one_folder_do_no_harm(clips, tmp_path):
    clips(*["slow", "clean", "squat", "damaged"] * 4)
    with start(tmp_path / "whole", "--quiet") as process:
        process.communicate(timeout=60)
    with start(tmp_path / "out", "--quiet") as one, start(tmp_path / "out", "--quiet") as two:
        for process in (one, two):
            _, err = process.communicate(timeout=60)
            assert (process.returncode, err.count("\n")) == (2, 4), err
    for name in ("results.json", "results.csv"):
        same = (tmp_path / "whole" / name).read_bytes()
        assert (tmp_path / "out" / name).read_bytes() == same
    assert list((tmp_path / "out").rglob("*.tmp")) == []


MOUNT = 'mount -t tmpfs -o size=400k tmpfs "$1"'


def test_a_full_disk_is_one_sentence_and_loses_nothing(clips, tmp_path, log):
    """A real small disk where this user may mount one; else a limit on the size of files."""
    clips(*["front", "clean", "squat"] * 5)
    disk, kept = tmp_path / "disk", tmp_path / "kept"
    disk.mkdir()
    alone = ["unshare", "-rm", "sh", "-c", f'{MOUNT} && shift && exec "$@"', "sh", str(disk)]
    mountable = subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0
    fill, free = f"head -c 380000 /dev/zero > {disk}/filler", f"rm {disk}/filler"
    why = "No space left on device"
    if not mountable:
        alone, fill, free, why = [], "ulimit -S -f 1", "ulimit -S -f unlimited", "File too large"
    # Fill it, see the batch fail, make room, see it go on; all in the one place that sees the disk.
    script = f"""
    mkdir {disk}/out && ln -s {tmp_path}/clips {disk}/clips
    {fill}
    "$@" 2> {kept}.first; echo $? >> {kept}.first
    {free}
    cp -r {disk}/out {kept} && cp {log} {kept}.log
    "$@" 2> {kept}.second; echo $? >> {kept}.second
    cp {disk}/out/results.json {kept}.json
    """
    command = [sys.executable, "-c", stand_ins.PROGRAM]
    command += ["check", f"{disk}/clips", "--out", f"{disk}/out", "--quiet"]
    subprocess.run(
        [*alone, "sh", "-c", script, "sh", *command],
        env=stand_ins.environment(),
        timeout=120,
        check=True,
    )
    assert Path(f"{kept}.first").read_text() == (
        f"hinge-dowel: Cannot write to {disk}/out ({why}); put that right and run the same command "
        "again, which goes on where this one stopped.\n2\n"
    )
    done = entries(kept)
    assert 0 < len(done) < 15
    assert Path(f"{kept}.second").read_text().splitlines()[-1] == "2"
    assert len(json.loads(Path(f"{kept}.json").read_text())["clips"]) == 15
    # The clips that were kept were not begun again.
    assert len(stand_ins.begun(log)) - len(stand_ins.begun(Path(f"{kept}.log"))) == 15 - len(done)


def test_a_folder_that_cannot_be_written_is_found_before_the_work(clips, tmp_path, log):
    clips("clean")
    (tmp_path / "out").write_text("mine")
    with start(tmp_path / "out") as process:
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err.count("\n")) == (2, 1)
    assert "it is a file; give the name of a folder" in err
    assert stand_ins.begun(log) == []


def test_a_write_that_fails_midway_ends_the_batch(clips, tmp_path, monkeypatch):
    folder = folder_at(tmp_path / "out")

    def full(self, name, data):
        raise OutputError("Cannot write.")

    monkeypatch.setattr(LocalStorage, "write", full)
    with pytest.raises(OutputError, match="Cannot write"):
        check(clips("clean", "endless"), jobs=2, folder=folder)


# -- real clips ------------------------------------------------------------------------------------


def mixed(folder):
    """100 files: every sample several times under other names, and 22 broken ones among them."""
    samples = sorted(SAMPLES.glob("*.mp4"))
    whole = [path.read_bytes() for path in samples]
    rng = random.Random(1)  # noqa: S311
    broken = {
        "empty.mp4": b"",
        "text.mp4": b"This is not a video. " * 50,
        "page.webm": b"<html><script>alert(1)</script></html>",
        "zeros.mov": bytes(5000),
        "noise.avi": rng.randbytes(5000),
        "archive.mkv": b"PK\3\4" + rng.randbytes(500),
    }
    for number in range(8):
        data = whole[number]
        broken[f"cut {number}.mp4"] = data[: len(data) * (number + 1) // 10]
    for number in range(7):
        data = bytearray(whole[number])
        data[: 200 * number] = rng.randbytes(200 * number)
        data[4:12] = b"ftypxxxx" if number % 2 else data[4:12]
        broken[f"<b>header&{number}.mp4"] = bytes(data)
    folder.mkdir()
    for name, data in broken.items():
        (folder / name).write_bytes(data)
    write_sound(folder / "sound.mp4")
    for number in range(100 - len(broken) - 1):
        path = samples[number % len(samples)]
        day = folder / f"day {number // len(samples)}"
        day.mkdir(exist_ok=True)
        shutil.copyfile(path, day / path.name)
    return folder


def start_real(out, *arguments):
    return stand_ins.start("check", *arguments, "--out", out, "--quiet", program=stand_ins.REAL)


@pytest.mark.rare
def test_a_hundred_mixed_clips(tmp_path, pose_model, truth):
    folder = mixed(tmp_path / "clips")
    assert sum(path.is_file() for path in folder.rglob("*")) == 100
    arguments = [str(folder), "--model", str(pose_model)]
    out = tmp_path / "out"
    rng = random.Random(3)  # noqa: S311
    finished: dict[Path, int] = {}
    for share in (0, 10, 40):
        with start_real(out, *arguments) as process:
            assert within(240, lambda most=share: len(entries(out)) > most)
            time.sleep(rng.random() * 2)
            process.kill()
            process.communicate(timeout=120)
        assert finished.items() <= entries(out).items()
        finished = entries(out)
    assert len(finished) < 100
    with start_real(out, *arguments) as process:
        _, err = process.communicate(timeout=600)
    assert process.returncode == 2
    assert finished.items() <= entries(out).items()
    assert not [line for line in err.splitlines() if line.startswith("hinge-dowel: ")], err

    # The same from the store alone, in one go: the very same bytes, and nothing is looked at again.
    seen = {path: path.read_bytes() for path in RecordCache.own().folder.rglob("*.npz")}
    with start_real(tmp_path / "again", *arguments) as process:
        process.communicate(timeout=600)
    assert {path: path.read_bytes() for path in RecordCache.own().folder.rglob("*.npz")} == seen
    for name in ("results.json", "results.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (out / name).read_bytes()

    clips = json.loads((out / "results.json").read_text("utf-8"))["clips"]
    assert len(clips) == 100
    by_name = {clip["clip"]: clip for clip in clips}
    for name, clip in by_name.items():
        sample = name.rpartition("/")[2]
        if name.startswith("day"):
            assert (clip["status"], clip["faults"]) == (
                truth[sample]["status"],
                truth[sample]["faults"],
            ), name
        elif not name.startswith(("cut", "<b>")):
            assert clip["status"] == "unusable"
        if clip["status"] == "unusable":
            assert len(clip["reason"]) > 20
            assert "HINGE_DOWEL_DEBUG" not in clip["reason"], name
            assert str(tmp_path) not in clip["reason"]
    page = (out / "report.html").read_text("utf-8")
    assert "<b>header&" not in page
