"""What is kept of a session, whatever happens to the program and the disk."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.histories import SPRING, assert_one_sentence, keep, rep, start

from hinge_dowel.errors import HistoryError, UsageError
from hinge_dowel.history import database as history_database
from hinge_dowel.history import session_log
from hinge_dowel.history.session_log import History
from hinge_dowel.verdict import Verdict

SEEN = Verdict("me.mp4", "clean", facing="right")


def test_a_session_comes_back_as_it_was(path, monkeypatch):
    clock = iter([100.0, 105.0, 110.25, 160.0]).__next__
    monkeypatch.setattr(session_log, "time", SimpleNamespace(monotonic=clock))
    reps = [rep(1), rep(2, "spinal_flexion", "cervical_flexion", spine=30.0)]
    with History(path) as kept:
        session = kept.begin(source="me.mp4", sets=2, reps=10, started=SPRING)
        session.add(1, reps[0])
        session.describe(replace(SEEN, facing="left", view_angle_deg=4.5, neutral="measured"))
        session.add(2, reps[1])
        session.end()
    (back,) = session_log.read(path)
    assert back.started == SPRING
    assert back.started.utcoffset() == timedelta(hours=1)
    held = back.verdict
    assert (held.clip, back.sets, back.reps_a_set) == ("me.mp4", 2, 10)
    assert (held.facing, held.view_angle_deg, held.neutral) == ("left", 4.5, "measured")
    assert (back.finished, back.duration_s) == (True, 60.0)
    assert [(one.set_number, one.at_s) for one in back.reps] == [(1, 5.0), (2, 10.25)]
    assert [one.entry for one in back.reps] == [one.to_dict() for one in reps]
    assert held.faults == ("spinal_flexion", "cervical_flexion")
    assert back.clean_share == 0.5


def test_nothing_is_kept_before_the_first_rep(path):
    with History(path) as kept:
        session = kept.begin(source="0", sets=1, reps=1)
        session.describe(SEEN)
        session.end()
        assert kept.sessions() == ()
        session = kept.begin(source="0", sets=1, reps=1)
        session.describe(SEEN)
        session.add(1, rep())
        assert [one.verdict.facing for one in kept.sessions()] == ["right"]


def test_a_rep_that_was_none_is_taken_out_again(path):
    times = [(4.0, 5.0, 6.0), (8.0, 9.0, 10.0), (12.0, 13.0, 14.0)]
    reps = [
        replace(rep(n), start_s=first, bottom_s=low, end_s=last)
        for n, (first, low, last) in enumerate(times, 1)
    ]
    with History(path) as kept:
        session = kept.begin(source="me.mp4", sets=2, reps=10)
        for one in reps:
            session.add(1, one)
        # The last is not stored yet.
        session.keep_only([[replace(reps[1], number=1)], [replace(reps[2], number=1), rep(9)]])
        (back,) = kept.sessions()
        places = [(one.set_number, one.entry["number"], one.entry["bottom_s"]) for one in back.reps]
        assert places == [(1, 1, 9.0), (2, 1, 13.0)]
        session.add(2, replace(reps[0], number=2))
        assert [one.entry["number"] for one in kept.sessions()[0].reps] == [1, 1, 2]
        session.keep_only([[]])
        # A session without a rep is none.
        assert kept.sessions() == ()
        session.end()
        session.add(1, reps[1])
        (back,) = kept.sessions()
        assert [one.entry["bottom_s"] for one in back.reps] == [9.0]


def test_a_rep_of_a_session_that_was_deleted_is_not_brought_back(path):
    with History(path) as kept:
        session = kept.begin(source="me.mp4", sets=2, reps=10)
        session.add(1, replace(rep(1), bottom_s=1.0))
        kept.delete([session.number])
        session.keep_only([[]])
        assert kept.sessions() == ()
        for low in (5.0, 9.0):
            session.add(1, replace(rep(1), bottom_s=low))
        session.keep_only([[replace(rep(1), bottom_s=5.0)]])
        assert [one.entry["bottom_s"] for one in kept.sessions()[0].reps] == [5.0]


def test_a_session_that_is_moved_while_it_runs_stays_moved(path):
    with History(path) as kept, History(path) as other:
        session = kept.begin(source="0", sets=2, reps=10, who="Ana", note="slow")
        session.add(1, rep(1))
        other.move([session.number], "Anna")
        session.describe(SEEN)
        session.add(1, rep(2))
        session.end()
    (back,) = session_log.read(path)
    assert (back.who, back.verdict.note, back.finished, len(back.reps)) == ("Anna", "slow", True, 2)


def test_a_start_without_a_time_zone_gets_one(path):
    keep(path, [rep()], started=datetime(2026, 3, 1, 12, 0))
    before = datetime.now(UTC).replace(microsecond=0)  # whole seconds are stored
    keep(path, [rep()])
    first, second = session_log.read(path)
    assert first.started.tzinfo is not None
    assert before <= second.started <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("0", "0"),
        ("clips/me.mp4", "clips/me.mp4"),
        ("C:\\clips\\me.mp4", "C:\\clips\\me.mp4"),
        ("rtsp://anna:secret@10.0.0.7:554/live?token=abc#x", "rtsp://10.0.0.7:554/live"),
        ("http://phone.local/video", "http://phone.local/video"),
        ("http://[anna:secret@x/video", "http://x/video"),
        ("not utf-8 \udcff.mp4", "not utf-8 \\udcff.mp4"),
    ],
)
def test_no_password_of_a_stream_is_kept(path, source, kept):
    keep(path, [rep()], source=source)
    assert session_log.read(path)[0].verdict.clip == kept
    assert b"secret" not in path.read_bytes()


def test_nothing_is_made_by_looking(path):
    assert session_log.read(path) == ()
    assert not path.parent.exists()


def test_numbers_are_never_given_twice(path):
    keep(path, [rep()], [rep()])
    with History(path) as kept:
        kept.delete([2])
    keep(path, [rep()])
    assert [one.number for one in session_log.read(path)] == [1, 3]


def test_a_killed_session_keeps_every_rep_it_had(path):
    killed = start(
        """
session = History(path).begin(source="0", sets=3, reps=12)
for number in range(1, 6):
    session.add(1, rep(number))
print("stored", flush=True)
time.sleep(60)
""",
        path,
    )
    assert killed.stdout is not None
    assert killed.stdout.readline() == "stored\n"
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    (back,) = session_log.read(path)
    assert (back.finished, len(back.reps)) == (False, 5)
    assert back.duration_s == back.reps[-1].at_s
    keep(path, [rep()])
    assert [one.finished for one in session_log.read(path)] == [False, True]


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_nothing_that_was_stored(path):
    """While it writes, too: what was said to be stored is there, and the file is sound."""
    for attempt in range(8):
        writer = start(
            """
session = History(path).begin(source="0", sets=1, reps=1)
for number in range(1, 10_000):
    session.add(1, rep(number))
    os.write(1, f"{number}\\n".encode())
""",
            path,
        )
        assert writer.stdout is not None
        for number in range(1, attempt + 2):
            assert writer.stdout.readline() == f"{number}\n"
        writer.send_signal(signal.SIGKILL)
        said = int([str(number), *writer.stdout.read().split()][-1])
        writer.communicate()
        sessions = session_log.read(path)
        assert len(sessions) == attempt + 1
        numbers = [one.entry["number"] for one in sessions[-1].reps]
        assert numbers == list(range(1, len(numbers) + 1))
        # The kill may fall between storing a rep and saying so.
        assert said <= len(numbers) <= said + 1


@pytest.mark.slow
def test_two_sessions_at_once(path):
    """They also race to make the file."""
    code = """
session = History(path).begin(source=str(os.getpid()), sets=1, reps=25)
for number in range(1, 26):
    session.add(1, rep(number))
session.end()
"""
    writers = [start(code, path) for _ in range(3)]
    for writer in writers:
        assert writer.communicate(timeout=60) == ("", "")
        assert writer.returncode == 0
    found = session_log.read(path)
    assert {one.verdict.clip for one in found} == {str(writer.pid) for writer in writers}
    for one in found:
        assert one.finished
        assert [kept.entry["number"] for kept in one.reps] == list(range(1, 26))


def test_another_program_that_does_not_let_go(path, monkeypatch):
    keep(path, [rep()])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(history_database, "_WAIT_S", 0.2)
    with pytest.raises(HistoryError, match="in use by another program"):
        session_log.read(path)
    other.execute("ROLLBACK")
    assert len(session_log.read(path)) == 1
    other.close()


def test_a_session_outlives_the_deletion_of_the_whole_history(path):
    with History(path) as kept:
        session = kept.begin(source="0", sets=1, reps=1)
        session.add(1, rep(1))
        session_log.delete_all(path)
        assert not path.exists()
        session.add(1, rep(2))
        session.end()
    (back,) = session_log.read(path)
    assert [one.entry["number"] for one in back.reps] == [2]
    assert back.finished


def test_a_session_outlives_its_own_deletion(path):
    with History(path) as kept, History(path) as other:
        session = kept.begin(source="0", sets=1, reps=1)
        session.add(1, rep(1))
        other.delete([1])
        session.add(1, rep(2))
    assert [(one.number, len(one.reps)) for one in session_log.read(path)] == [(2, 1)]


def test_a_full_disk_is_one_sentence_and_loses_nothing(path):
    """A limit on the file's size stands for the end of the disk; then there is room again."""
    limited = start(
        """
import resource
from hinge_dowel.errors import HistoryError
session = History(path).begin(source="0", sets=1, reps=1)
session.add(1, rep(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, resource.RLIM_INFINITY))
number = 1
try:
    while True:
        session.add(1, rep(number + 1))
        number += 1
except HistoryError as error:
    print(number)
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
session.add(1, rep(number + 1))
session.end()
""",
        path,
    )
    out, err = limited.communicate(timeout=60)
    assert err == ""
    stored, sentence = out.splitlines()
    assert "cannot be written" in sentence
    assert "free some space" in sentence
    (back,) = session_log.read(path)
    assert [one.entry["number"] for one in back.reps] == list(range(1, int(stored) + 2))


def test_a_disk_full_from_the_start(path):
    limited = start(
        """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
try:
    History(path)
except Exception as error:
    print(type(error).__name__, error)
""",
        path,
    )
    out, err = limited.communicate(timeout=60)
    assert (err, out.split()[0]) == ("", "HistoryError")
    assert "free some space" in out
    assert session_log.read(path) == ()
    keep(path, [rep()])
    assert len(session_log.read(path)) == 1


def without_power() -> None:
    """Take from root, in a child about to be started, the right to write wherever it likes."""
    libc = ctypes.CDLL(None)
    if os.geteuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            assert libc.prctl(24, capability, 0, 0, 0) == 0  # PR_CAPBSET_DROP


def powerless(path: Path, *arguments: str) -> tuple[int, str, str]:
    run = subprocess.run(
        [sys.executable, "-m", "hinge_dowel", *arguments],
        env={**os.environ, "HINGE_DOWEL_HOME": str(path.parent)},
        capture_output=True,
        text=True,
        preexec_fn=without_power,
        check=False,
    )
    return run.returncode, run.stdout, run.stderr


@pytest.fixture
def read_only(path):
    """A history in a folder that may only be read."""
    keep(path, [rep()], [rep()])
    path.chmod(0o400)
    path.parent.chmod(0o500)
    yield path
    path.parent.chmod(0o700)


def test_a_history_in_a_read_only_folder_can_be_read(read_only):
    status, out, err = powerless(read_only, "history", "--json")
    assert (status, err) == (0, "")
    assert len(json.loads(out)["sessions"]) == 2


@pytest.mark.parametrize("which", [["1"], ["--all"]])
def test_what_cannot_be_written_cannot_be_deleted(read_only, which):
    before = read_only.read_bytes()
    status, out, err = powerless(read_only, "history", "delete", *which, "--yes")
    assert (status, out) == (2, "")
    assert_one_sentence(err)
    assert read_only.read_bytes() == before


def test_a_session_in_a_read_only_folder_is_told_before_it_begins(read_only):
    code = """
from hinge_dowel.errors import HistoryError
try:
    History(path).begin(source="0", sets=1, reps=1)
except HistoryError as error:
    print(error)
"""
    out, err = start(code, read_only, preexec_fn=without_power).communicate(timeout=60)
    assert err == ""
    assert "set HINGE_DOWEL_HOME to a folder you can write" in out
    assert out.count("\n") == 1


def test_a_folder_that_cannot_be_made(path):
    path.parent.parent.joinpath("file").touch()
    with pytest.raises(HistoryError, match="Cannot make the history"):
        History(path.parent.parent / "file" / "history.sqlite3")


def test_only_this_user_can_read_it(path):
    """Also what SQLite puts beside the file while it writes, and whatever the umask is."""
    before = os.umask(0)
    try:
        keep(path, [rep()])
        with History(path) as kept, kept.writing():
            kept.delete_session(1)
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == {"history.sqlite3": 0o600, "history.sqlite3-journal": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_deleted_session_is_overwritten(path):
    keep(path, [rep()], source="before-the-birthday.mp4")
    keep(path, [rep()], source="another.mp4")
    assert b"birthday" in path.read_bytes()
    with History(path) as kept:
        kept.delete([1])
    assert b"birthday" not in path.read_bytes()
    assert [one.verdict.clip for one in session_log.read(path)] == ["another.mp4"]


def test_deleting_is_all_or_nothing(path):
    keep(path, [rep()], [rep()])
    with History(path) as kept:
        with pytest.raises(UsageError, match="no session 7"):
            kept.delete([1, 7])
        assert len(kept.sessions()) == 2


def test_deleting_all_leaves_no_file_and_no_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.delenv("HINGE_DOWEL_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(sys, "platform", "linux")
    path = session_log.default_path()
    keep(path, [rep()])
    for end in session_log.BESIDE:
        path.with_name(path.name + end).touch()
    assert path.parent == tmp_path / "data" / "hinge-dowel"
    session_log.delete_all()
    assert list((tmp_path / "data").iterdir()) == []
