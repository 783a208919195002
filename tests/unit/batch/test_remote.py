"""Clips and results behind URLs; memory:// stands for all of them, in this process."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import ClassVar

import fsspec
import numpy as np
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from fsspec.registry import _registry
from support import stand_ins
from support.keypoint_files import COCO, places_of

from hinge_dowel import cli
from hinge_dowel.batch import named_clips, remote, runner, worker_process
from hinge_dowel.batch.results_folder import ResultsFolder
from hinge_dowel.errors import OutputError, UsageError

# Worker processes are started.
pytestmark = pytest.mark.slow

CONTENTS = {
    "mon/a.mp4": "clean",
    "mon/b.mp4": "squat",
    "tue/a.MOV": "damaged",
    "tue/notes.txt": "text",
    ".trash/c.mp4": "clean",
}
CLIPS = [f"memory://class/{name}" for name in ("mon/a.mp4", "mon/b.mp4", "tue/a.MOV")]


@pytest.fixture(autouse=True)
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(stand_ins.LOG, str(tmp_path / "begun.log"))
    monkeypatch.setattr(worker_process, "_PROGRAM", stand_ins.WORKER)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    return tmp_path / "begun.log"


@pytest.fixture
def memory():
    """A folder class/ with clips in it, behind memory://."""
    fs = fsspec.filesystem("memory")
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]
    for name, content in CONTENTS.items():
        fs.pipe_file(f"/class/{name}", content.encode())
    yield fs
    fs.store.clear()


def check(out, clips=CLIPS, **options):
    folder = ResultsFolder(remote.RemoteStorage(out))
    given = ["memory://class"]
    names = named_clips.clip_names(clips, given)
    verdicts = list(runner.check_many(clips, names=names, jobs=2, folder=folder, **options))
    folder.write_results(verdicts)
    return folder, verdicts


def test_a_folder_is_searched_whole(memory):
    assert remote.find_clips("memory://class").clips == CLIPS
    assert remote.find_clips("memory://class/mon/").clips == CLIPS[:2]
    assert remote.find_clips(CLIPS[1]).clips == [CLIPS[1]]
    assert named_clips.clip_names(CLIPS, ["memory://class"]) == [
        "mon/a.mp4",
        "mon/b.mp4",
        "tue/a.MOV",
    ]
    assert named_clips.clip_names(CLIPS, CLIPS) == ["a.mp4", "b.mp4", "a.MOV"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("memory://nothing-here", "There is no video clip below memory://nothing-here"),
        ("nosuch://bucket", r"Cannot open nosuch://bucket .*: check the address, or name a copy"),
        (
            "memory://broken.zip",
            r"Cannot open memory://broken\.zip .*: check the address, or name a copy",
        ),
    ],
)
def test_what_cannot_be_searched_is_one_sentence(memory, url, told):
    memory.pipe_file("/broken.zip", b"no archive")
    with pytest.raises(UsageError, match=told) as error:
        remote.find_clips(url)
    assert "\n" not in str(error.value)


def test_the_same_results_and_the_same_resume(memory, log, tmp_path):
    folder, verdicts = check("memory://results/run")
    assert [verdict.status for verdict in verdicts] == ["clean", "faulty", "unusable"]
    assert verdicts[2].reason == (
        "tue/a.MOV is not a video that can be read: save it again as MP4."
    )
    assert len(stand_ins.begun(log)) == 3
    results = memory.cat_file("/results/run/results.json")
    assert check("memory://results/run")[1] == verdicts
    assert len(stand_ins.begun(log)) == 3
    assert memory.cat_file("/results/run/results.json") == results
    # Only what has changed is done again.
    memory.pipe_file("/class/mon/a.mp4", b"squat and more")
    assert [v.status for v in check("memory://results/run")[1]] == ["faulty", "faulty", "unusable"]
    assert len(stand_ins.begun(log)) == 4
    # The frames are there, and nothing is left on this machine.
    full = folder.with_series(verdicts[1])
    seed = len(CONTENTS["mon/b.mp4"])
    expected = stand_ins.series(seed=seed).head_cm
    np.testing.assert_allclose(full.series.head_cm, expected, rtol=1e-6)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not [name for name in memory.find("/results") if name.endswith(".tmp")]


def test_a_clip_that_cannot_be_fetched_is_tried_again(memory, log):
    gone = "memory://class/mon/gone.mp4"
    _, verdicts = check("memory://results", [CLIPS[0], gone])
    assert [verdict.status for verdict in verdicts] == ["clean", "unusable"]
    assert "cannot be fetched" in verdicts[1].reason
    memory.pipe_file("/class/mon/gone.mp4", b"squat")
    _, verdicts = check("memory://results", [CLIPS[0], gone])
    assert [verdict.status for verdict in verdicts] == ["clean", "faulty"]
    assert len(stand_ins.begun(log)) == 2


def test_a_place_that_cannot_be_written_is_one_sentence(memory, monkeypatch):
    def refused(*_, **__):
        raise PermissionError("Access Denied\nrequest 123")

    monkeypatch.setattr(type(memory), "put_file", refused)
    with pytest.raises(OutputError, match=r"Cannot write to memory://results \(Access Denied\);"):
        ResultsFolder(remote.RemoteStorage("memory://results")).try_out()


def test_object_stores_get_each_file_in_one_go(memory, monkeypatch):
    """There a move is a copy, which would take [1] for a pattern."""
    put_file, put = type(memory).put_file, []

    def putting(self, path, target, **options):
        put.append(target)
        put_file(self, path, target, **options)

    monkeypatch.setattr(type(memory), "put_file", putting)
    place = remote.RemoteStorage("memory://results/run[1]")
    place.write("a/b.json", b"1")
    assert put == ["/results/run[1]/a/b.json"]
    assert place.sizes("a") == {"a/b.json": 1}
    assert list(place.read_many(["a/c.json", "a/b.json"])) == [("a/b.json", b"1")]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("s3://anna:secret@class/a#1?.mp4", "a#1?.mp4"),
        ("https://anna:secret@host/class/a.mp4?key=secret#x", "a.mp4"),
    ],
)
def test_names_of_clips_hold_no_secrets(url, name):
    assert named_clips.clip_names([url], [url]) == [name]
    other = url.replace("class", "other")
    both = named_clips.clip_names([url, other, f"{other}2"], [url])
    assert len(set(both)) == 3
    assert "secret" not in " ".join(both)


def test_no_sentence_shows_a_password(memory):
    with pytest.raises(UsageError, match=r"^There is no video clip below memory://nothing\.$"):
        remote.find_clips("memory://anna:secret@nothing")
    with pytest.raises(UsageError, match="Cannot open nosuch://bucket") as error:
        remote.find_clips("nosuch://anna:secret@bucket")
    assert "secret" not in str(error.value)


def test_the_command_takes_urls_for_both(memory, monkeypatch, capsys):
    monkeypatch.setattr("hinge_dowel.pose.model_file.locate", lambda explicit, **_: None)
    status = cli.main(
        ["check", "memory://class", "--out", "memory://class/results", "--export", "trc", "--quiet"]
    )
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert err.startswith("tue/a.MOV could not be checked. ")
    written = {n for n in memory.find("/class/results") if "/.hinge-dowel/" not in n}
    names = ("results.json", "results.csv", "report.html", "trc/mon_")
    assert len(written) == 5
    assert all(any(n.startswith(f"/class/results/{name}") for n in written) for name in names)
    assert b"mon/b.mp4" in memory.cat_file("/class/results/report.html")


def test_without_fsspec_it_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(UsageError, match=r"needs fsspec: .* -m pip install fsspec"):
        remote.find_clips("s3://bucket")


@pytest.mark.parametrize(
    ("url", "packages"),
    [
        ("http://a/b.mp4", "aiohttp and requests"),
        ("https://a/b.zip", "aiohttp and requests"),
        ("simplecache::s3://bucket", "s3fs"),
        ("s3://bucket", "s3fs"),
        ("sftp://a", "paramiko"),
    ],
)
def test_what_a_kind_of_url_needs_is_said_as_it_is_typed(monkeypatch, url, packages):
    def missing(*_, **__):
        raise ImportError("Install something to access that")

    monkeypatch.setattr("fsspec.core.url_to_fs", missing)
    with pytest.raises(UsageError) as caught:
        remote.find_clips(url)
    names = packages.replace(" and", "")
    assert f"needs {packages}: " in str(caught.value)
    assert str(caught.value).endswith(f"-m pip install {names}")


@pytest.mark.parametrize("name", ["set #1.csv", "really?.csv", "100%.csv", "a b.trc"])
def test_names_may_hold_any_sign(memory, name):
    url = f"memory://class/keypoints/{name}"
    memory.pipe_file(f"/class/keypoints/{name}", b"numbers")
    assert remote.find_clips(url).clips == [url]
    assert named_clips.clip_names([url], [url]) == [name]
    with remote.fetched(url) as path:
        assert path.read_bytes() == b"numbers"
        assert path.suffix == f".{name[-3:]}"


def test_a_series_of_keypoints_is_one_clip(memory):
    for number in range(6):
        memory.pipe_file(f"/poses/f_{number:03d}.json", b'{"people": []}')
    (url,) = remote.find_clips("memory://poses").clips
    assert url == "memory://poses/f_000.json"
    with remote.fetched(url) as path:
        assert len(list(path.parent.iterdir())) == 6
    before = remote.stamp(url)
    memory.pipe_file("/poses/f_004.json", b'{"people": [1]}')
    assert remote.stamp(url) != before


def test_an_archive_is_the_folder_in_it(tmp_path, memory):
    with zipfile.ZipFile(tmp_path / "a #1.zip", "w") as archive:
        archive.writestr("mon/a.mp4", "first")
        archive.writestr("mon/a.csv", "numbers")
        archive.writestr("tue/b.mp4", "second")
    memory.put_file(str(tmp_path / "a #1.zip"), "/a #1.zip")
    for place in (f"file://{tmp_path.as_posix()}/a #1.zip", "memory://a #1.zip"):
        folder = f"zip://::{place}"
        clips = remote.find_clips(place).clips
        assert clips == [f"zip://{name}::{place}" for name in ("mon/a.mp4", "tue/b.mp4")]
        assert named_clips.clip_names(clips, [folder]) == ["mon/a.mp4", "tue/b.mp4"]
        with remote.fetched(f"zip://mon/a.csv::{place}") as path:
            assert path.read_text() == "numbers"
            assert path.name == "a.csv"


class WholeFiles(MemoryFileSystem):
    """A web server that gives no parts of a file, as Python's own; behind it memory://."""

    protocol = "http"
    fetched: ClassVar[list[str]] = []

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.removeprefix("http://server"))

    def _open(self, path, mode="rb", **_):
        raise ValueError("The HTTP server doesn't appear to support range requests. Only ...")

    def get_file(self, rpath, lpath, **_):
        self.fetched.append(rpath)
        Path(lpath).write_bytes(self.store[self._strip_protocol(rpath)].getvalue())


def test_an_archive_whose_server_gives_no_parts_is_fetched_whole(tmp_path, memory, monkeypatch):
    monkeypatch.setitem(_registry, "http", WholeFiles)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("mon/a.mp4", "first")
    memory.put_file(str(tmp_path / "a.zip"), "/a.zip")
    place = "http://server/a.zip"
    folder = remote._archives().name
    assert remote.find_clips(place).clips == [f"zip://mon/a.mp4::{place}"]
    with remote.fetched(f"zip://mon/a.mp4::{place}") as path:
        assert path.read_text() == "first"
    # Once, and its folder goes when the process ends.
    assert WholeFiles.fetched == ["/a.zip"]
    assert len(list(Path(folder).iterdir())) == 1
    remote._archives().cleanup()
    remote._archives.cache_clear()
    assert not Path(folder).exists()
    monkeypatch.setattr(remote, "_LARGEST_ARCHIVE_BYTES", 10)
    with pytest.raises(UsageError, match=r"server/a.zip is 0.0 GB large, and its server gives it"):
        remote.find_clips(place)


def test_all_kinds_of_keypoints_in_an_archive_count_and_the_others_say_why_not(tmp_path):
    frames = places_of(COCO)[:9]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(6):
            archive.writestr(f"one/f{number}.json", json.dumps({"people": [frames[0].tolist()]}))
            archive.writestr(f"two/f{number + 6}.json", json.dumps({"people": []}))
        archive.writestr("one/a.json", json.dumps(frames.tolist()))
        archive.writestr("two/a.json", "{}")
    place = f"file://{tmp_path.as_posix()}/a.zip"
    found = remote.find_clips(place)
    names = ("one/a.json", "one/f0.json", "two/f10.json")
    assert found.clips == [f"zip://{name}::{place}" for name in names]
    ((left_out, why),) = found.left_out
    assert left_out == f"zip://two/a.json::{place}"
    assert why.startswith("a.json holds no frames of keypoints")


@pytest.mark.parametrize("name", ["a.csv", "in/b.json", "c.npz"])
def test_an_archive_of_one_file_of_keypoints_is_that_file(tmp_path, name):
    place = f"file://{tmp_path.as_posix()}/a.zip"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, "")
        archive.writestr("__MACOSX/._a", "")
    assert remote.find_clips(place).clips == [f"zip://{name}::{place}"]
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as archive:
        archive.writestr("other.csv", "")
    with pytest.raises(UsageError, match="no video clip below"):
        remote.find_clips(place)
