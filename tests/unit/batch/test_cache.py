"""The cache of what the pose model saw."""

import os
import stat
import time
from dataclasses import replace

import numpy as np
import pytest
from support import stand_ins

from hinge_dowel.batch import cache as store_module
from hinge_dowel.batch.arrays import pack_arrays
from hinge_dowel.batch.cache import RecordCache, content_key
from hinge_dowel.body.outline import OUTLINE_SIZE
from hinge_dowel.pose.extraction import Record
from hinge_dowel.pose.network import ANSWER_SIZE
from hinge_dowel.verdict import Verdict


def record(frames=20, seed=0, **other):
    rng = np.random.default_rng(seed)
    landmarks = rng.normal(size=(frames, 33, 4)).astype(np.float32)
    landmarks[3] = np.nan
    given = {
        "time_s": np.arange(frames) / 15,
        "landmarks": landmarks,
        "outlines": rng.normal(size=(frames, OUTLINE_SIZE)).astype(np.float32),
        "size_px": (480, 360),
        "cuts_s": np.array([2, 7]) / 15,
        "light": rng.uniform(0, 255, frames).astype(np.float32),
        "remarks": ("It is slowed down.",),
        "network": rng.normal(0, 9, (frames, ANSWER_SIZE)).astype(np.float32),
        "shown_px": np.array([0, 45, 480, 315]),
        "hidden": True,
    }
    return Record(**given | other)


def same(one, other):
    for name in ("time_s", "landmarks", "outlines", "cuts_s", "light", "network", "shown_px"):
        was, now = getattr(one, name), getattr(other, name)
        if not (was is now is None or np.array_equal(was, now, equal_nan=True)):
            return False
    alone = ("size_px", "remarks", "hidden")
    return all(getattr(one, name) == getattr(other, name) for name in alone)


@pytest.fixture
def store(tmp_path):
    return RecordCache(tmp_path / "records")


def only_file(store):
    (path,) = store.folder.glob("*/*.npz")
    return path


@pytest.mark.parametrize(
    "other", [{}, {"outlines": None}, {"size_px": None}, {"shown_px": None}, {"remarks": ()}]
)
def test_a_record_comes_back_bit_for_bit(store, other):
    assert store.load("abc") is None
    store.save("abc", record(**other))
    assert same(store.load("abc"), record(**other))
    assert store.load("abd") is None


def test_a_record_of_another_pose_stage_is_not_found(store, monkeypatch):
    store.save("abc", record())
    monkeypatch.setattr(store_module, "pose_version", lambda: "another")
    assert store.load("abc") is None


def test_every_truncation_is_as_good_as_nothing_and_removed(store):
    store.save("abc", record(frames=4))
    path = only_file(store)
    whole = path.read_bytes()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        assert store.load("abc") is None
        assert not path.exists()


GOOD = {
    "time_s": np.arange(5) / 15,
    "landmarks": np.zeros((5, 33, 4), np.float32),
    "outlines": np.zeros((5, OUTLINE_SIZE), np.float32),
    "size_px": np.array([480, 360]),
    "cuts_s": np.array([2 / 15]),
    "light": np.zeros(0, np.float32),
    "remarks": np.array(["It is slowed down."]),
    "network": np.zeros(0, np.float32),
    "shown_px": np.array([60, 0, 420, 360]),
    "hidden": np.array(False),
}


def test_the_foreign_files_below_differ_from_a_good_one(store):
    store.save("abc", record())
    only_file(store).write_bytes(pack_arrays(GOOD))
    assert store.load("abc") is not None


@pytest.mark.parametrize(
    "change",
    [
        {"time_s": np.zeros(5)},
        {"cuts_s": np.array([1.0])},
        {"cuts_s": np.zeros((1, 1))},
        {"light": np.zeros(3, np.float32)},
        {"network": np.zeros((5, ANSWER_SIZE - 1), np.float32)},
        {"time_s": np.array([0, 1, 2, np.nan, 4.0])},
        {"time_s": np.zeros((5, 1))},
        {"landmarks": np.zeros((5, 33, 3), np.float32)},
        {"landmarks": np.zeros((4, 33, 4), np.float32)},
        {"landmarks": np.zeros((5, 33, 4))},
        {"landmarks": np.full((5, 33, 4), "x")},
        {"outlines": np.zeros((5, OUTLINE_SIZE + 1), np.float32)},
        {"size_px": np.array([480.0, 360.0])},
        {"size_px": np.array([480])},
        {"shown_px": np.array([480, 360])},
        {"hidden": np.array([True])},
        {"remarks": np.array([999])},
        {"remarks": np.array([["a"]])},
        {"remarks": np.array([b"bytes"])},
    ],
)
def test_foreign_arrays_are_as_good_as_nothing(store, change):
    store.save("abc", record())
    only_file(store).write_bytes(pack_arrays(GOOD | change))
    assert store.load("abc") is None
    assert list(store.folder.glob("*/*")) == []


def test_a_missing_array_is_as_good_as_nothing(store):
    store.save("abc", record())
    only_file(store).write_bytes(pack_arrays({"time_s": np.zeros(0)}))
    assert store.load("abc") is None


def test_what_was_used_longest_ago_goes_first(store):
    for number in range(6):
        store.save(str(number), record(seed=number))
    paths = {str(n): store._path(str(n)) for n in range(6)}
    old = time.time() - 1000
    for age, path in enumerate(paths.values()):
        os.utime(path, (old + age, old + age))
    assert store.load("0") is not None  # used now
    size = paths["0"].stat().st_size
    RecordCache(store.folder, limit_bytes=4 * size).trim()
    left = {name for name, path in paths.items() if path.exists()}
    assert left == {"0", "4", "5"}
    RecordCache(store.folder, limit_bytes=4 * size).trim()
    assert {name for name, path in paths.items() if path.exists()} == left


def test_half_written_files_are_swept_once_they_are_old(store):
    store.save("abc", record())
    old, young = (store.folder / "ab" / name for name in (".old.tmp", ".young.tmp"))
    old.parent.mkdir(exist_ok=True)
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (1, 1))
    store.trim()
    assert (old.exists(), young.exists()) == (False, True)
    assert store.load("abc") is not None


def test_files_are_for_this_user_alone(store):
    store.save("abc", record())
    path = only_file(store)
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (path, path.parent, store.folder)]
    assert modes == [0o600, 0o700, 0o700]


def test_a_store_that_cannot_be_written_keeps_nothing(tmp_path):
    (tmp_path / "file").write_text("in the way")
    store = RecordCache(tmp_path / "file" / "records")
    store.save("abc", record())
    assert store.load("abc") is None
    store.trim()


def test_content_counts_and_not_the_name(tmp_path):
    one, two, other = (tmp_path / name for name in ("a.mp4", "b.mp4", "c.mp4"))
    one.write_bytes(b"same")
    two.write_bytes(b"same")
    other.write_bytes(b"different")
    assert content_key(one) == content_key(two) != content_key(other)
    assert content_key(tmp_path) is None
    assert content_key(tmp_path / "missing.mp4") is None


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    assert content_key(tmp_path / "pipe.mp4") is None


def test_a_verdict_is_recalled_under_the_same_settings_by_the_same_program(store, monkeypatch):
    verdict = replace(stand_ins.verdict("a.mp4", ("squatting",)), series=None)
    assert store.verdict("abc", "{}") is None
    store.keep_verdict("abc", "{}", verdict)
    assert store.verdict("abc", "{}") == verdict
    assert store.verdict("abc", '{"exercise": "rdl"}') is None
    assert store.verdict("abd", "{}") is None
    monkeypatch.setattr(store_module, "program_version", lambda: "another")
    assert store.verdict("abc", "{}") is None


@pytest.mark.parametrize("damage", [b"", b"{}", b"no json", b"[" * 100_000, b'{"clip": "a"'])
def test_a_damaged_verdict_is_as_good_as_none(store, damage):
    store.keep_verdict("abc", "{}", Verdict("a.mp4", "clean"))
    (path,) = store.folder.glob("*/*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_bytes(damage)
    assert store.verdict("abc", "{}") is None
