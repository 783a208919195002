"""The history: what is kept, whatever happens to the program, the disk and the file."""

from __future__ import annotations

import csv
import ctypes
import io
import json
import os
import pty
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from rich.console import Console

from hinge_dowel import cli
from hinge_dowel.batch import tables
from hinge_dowel.errors import HistoryError, UsageError
from hinge_dowel.history import database as ledger
from hinge_dowel.history import session_log
from hinge_dowel.history.records import KeptRep, Practice, document, streaks, table, weeks_in_a_row
from hinge_dowel.history.session_log import History
from hinge_dowel.history.terminal import render
from hinge_dowel.verdict import Rep, Strays

HERE = Path(__file__).parent
SPRING = datetime(2026, 3, 1, 18, 30, tzinfo=timezone(timedelta(hours=1)))


def rep(number: int = 1, *faults: str, spine: float | None = 3.0) -> Rep:
    strays = Strays(0.1, 0.2, 0.3)
    return Rep(number, 1.0, 2.5, 4.0, 80.0, 20.0, 2.0, spine, 1.0, strays, faults)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command keeps its history; there is none yet."""
    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "history.sqlite3"


@pytest.fixture
def command(path, monkeypatch, capsys):
    """Runs `hinge-dowel history ...`; returns exit status, stdout, stderr."""
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR", "HINGE_DOWEL_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        status = cli.main(["history", *map(str, arguments)])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def keep(path: Path, *sessions: list[Rep], finish: bool = True, **begin: object) -> None:
    with History.open(path) as kept:
        for reps in sessions:
            session = kept.begin(**{"source": "0", "sets": 3, "reps": 12, **begin})
            for one in reps:
                session.add(1, one)
            if finish:
                session.end()


PROLOGUE = """
import os, sys, time
from pathlib import Path
from hinge_dowel.history.session_log import History
from hinge_dowel.verdict import Rep, Strays
def rep(number=1):
    return Rep(number, 1.0, 2.5, 4.0, 80.0, 20.0, 2.0, 3.0, 1.0, Strays(0.1, 0.2, 0.3))
path = Path(sys.argv[1])
"""


def start(code: str, path: Path, **options) -> subprocess.Popen[str]:
    """Another process that has a history to work on."""
    return subprocess.Popen(
        [sys.executable, "-c", PROLOGUE + code, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def assert_one_sentence(said: str) -> None:
    assert said.startswith("hinge-dowel: ")
    assert said.endswith(".\n")
    assert said.count("\n") == 1


# -- what is kept --------------------------------------------------------------------------------


def test_a_session_comes_back_as_it_was(path):
    clock = iter([100.0, 105.0, 110.25, 160.0]).__next__
    reps = [rep(1), rep(2, "spinal_flexion", "cervical_flexion", spine=30.0)]
    with History.open(path) as kept:
        session = kept.begin(source="me.mp4", sets=2, reps=10, started=SPRING, clock=clock)
        session.add(1, reps[0])
        session.describe(facing="left", neutral="measured")
        session.describe(view_angle_deg=4.5)
        session.add(2, reps[1])
        session.end()
    (back,) = session_log.read(path)
    assert back.started == SPRING
    assert back.started.utcoffset() == timedelta(hours=1)
    assert (back.source, back.sets, back.reps_a_set) == ("me.mp4", 2, 10)
    assert (back.facing, back.view_angle_deg, back.neutral) == ("left", 4.5, "measured")
    assert (back.finished, back.duration_s) == (True, 60.0)
    assert [(one.set_number, one.at_s) for one in back.reps] == [(1, 5.0), (2, 10.25)]
    assert [one.entry for one in back.reps] == [one.to_dict() for one in reps]
    assert back.faults == ("spinal_flexion", "cervical_flexion")
    assert back.clean_share == 0.5


def test_nothing_is_kept_before_the_first_rep(path):
    with History.open(path) as kept:
        session = kept.begin(source="0", sets=1, reps=1)
        session.describe(facing="right")
        session.end()
        assert kept.sessions() == ()
        session = kept.begin(source="0", sets=1, reps=1)
        session.describe(facing="right")
        session.add(1, rep())
        assert [one.facing for one in kept.sessions()] == ["right"]


def test_a_start_without_a_time_zone_gets_one(path):
    keep(path, [rep()], started=datetime(2026, 3, 1, 12, 0))
    keep(path, [rep()])
    first, second = session_log.read(path)
    assert first.started.tzinfo is not None
    assert abs(datetime.now(UTC) - second.started) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("0", "0"),
        ("clips/me.mp4", "clips/me.mp4"),
        ("C:\\clips\\me.mp4", "C:\\clips\\me.mp4"),
        ("rtsp://anna:secret@10.0.0.7:554/live?token=abc#x", "rtsp://10.0.0.7:554/live"),
        ("http://phone.local/video", "http://phone.local/video"),
        ("http://[anna:secret@x/video", "http://x/video"),
    ],
)
def test_no_password_of_a_stream_is_kept(path, source, kept):
    keep(path, [rep()], source=source)
    assert session_log.read(path)[0].source == kept
    assert b"secret" not in path.read_bytes()


def test_nothing_is_made_by_looking(path):
    assert session_log.read(path) == ()
    assert not path.parent.exists()


def test_several_threads_may_add(path):
    with History.open(path) as kept:
        sessions = [kept.begin(source=str(i), sets=1, reps=8) for i in range(3)]

        def work(session: session_log.Session) -> None:
            for number in range(1, 9):
                session.add(1, rep(number))

        threads = [threading.Thread(target=work, args=[session]) for session in sessions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = session_log.read(path)
    assert sorted(one.source for one in found) == ["0", "1", "2"]
    for one in found:
        assert [kept.entry["number"] for kept in one.reps] == list(range(1, 9))


def test_numbers_are_never_given_twice(path):
    keep(path, [rep()], [rep()])
    with History.open(path) as kept:
        kept.delete([2])
    keep(path, [rep()])
    assert [one.number for one in session_log.read(path)] == [1, 3]


# -- what may happen to the program --------------------------------------------------------------


def test_a_killed_session_keeps_every_rep_it_had(path):
    killed = start(
        """
session = History.open(path).begin(source="0", sets=3, reps=12)
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


def test_a_kill_at_any_moment_loses_nothing_that_was_stored(path):
    """In the midst of writing too: what was said to be stored is there, and the file is sound."""
    said = 0
    for attempt in range(8):
        writer = start(
            """
session = History.open(path).begin(source="0", sets=1, reps=1)
for number in range(1, 10_000):
    session.add(1, rep(number))
    os.write(1, f"{number}\\n".encode())
""",
            path,
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "1\n"
        time.sleep(0.01 * attempt)
        writer.send_signal(signal.SIGKILL)
        said = int(["1", *writer.stdout.read().split()][-1])
        writer.communicate()
        sessions = session_log.read(path)
        assert len(sessions) == attempt + 1
        numbers = [one.entry["number"] for one in sessions[-1].reps]
        assert numbers == list(range(1, len(numbers) + 1))
        # The kill may fall between storing a rep and saying so.
        assert said <= len(numbers) <= said + 1
    assert said > 1


def test_two_sessions_at_once(path):
    """They also race to make the file."""
    code = """
session = History.open(path).begin(source=str(os.getpid()), sets=1, reps=25)
for number in range(1, 26):
    session.add(1, rep(number))
session.end()
"""
    writers = [start(code, path) for _ in range(3)]
    for writer in writers:
        assert writer.communicate(timeout=60) == ("", "")
        assert writer.returncode == 0
    found = session_log.read(path)
    assert {one.source for one in found} == {str(writer.pid) for writer in writers}
    for one in found:
        assert one.finished
        assert [kept.entry["number"] for kept in one.reps] == list(range(1, 26))


def test_another_program_that_does_not_let_go(path, monkeypatch):
    keep(path, [rep()])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(ledger, "_WAIT_S", 0.2)
    with pytest.raises(HistoryError, match="in use by another program"):
        session_log.read(path)
    other.execute("ROLLBACK")
    assert len(session_log.read(path)) == 1
    other.close()


def test_a_session_outlives_the_deletion_of_the_whole_history(path):
    with History.open(path) as kept:
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
    with History.open(path) as kept, History.open(path) as other:
        session = kept.begin(source="0", sets=1, reps=1)
        session.add(1, rep(1))
        other.delete([1])
        session.add(1, rep(2))
    assert [(one.number, len(one.reps)) for one in session_log.read(path)] == [(2, 1)]


# -- what may happen to the disk -----------------------------------------------------------------


def test_a_full_disk_is_one_sentence_and_loses_nothing(path):
    """A limit on the file's size stands for the end of the disk; then there is room again."""
    limited = start(
        """
import resource
from hinge_dowel.errors import HistoryError
session = History.open(path).begin(source="0", sets=1, reps=1)
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
    History.open(path)
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
    History.open(path).begin(source="0", sets=1, reps=1)
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
        History.open(path.parent.parent / "file" / "history.sqlite3")


# -- what may happen to the file -----------------------------------------------------------------


def garbage(path: Path) -> None:
    path.write_bytes(b"this is not a history\n" * 100)


def torn(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwritten(path: Path) -> None:
    """Noise where the reps are, behind a sound header."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))


def half_a_rep(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("""UPDATE rep SET entry = '{"number": 1,'""")
    database.close()


def no_object(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE rep SET entry = '[]'")
    database.close()


def no_date(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE session SET started = 'yesterday'")
    database.close()


@pytest.mark.parametrize("harm", [garbage, torn, overwritten, half_a_rep, no_object, no_date])
def test_a_damaged_history_is_one_sentence_and_left_alone(path, command, harm):
    keep(path, *([rep(number) for number in range(1, 13)] for _ in range(2)))
    harm(path)
    before = path.read_bytes()
    for arguments in ([], ["--json"], ["delete", "1", "--yes"]):
        status, out, err = command(*arguments)
        assert (status, out) == (2, "")
        assert_one_sentence(err)
        assert "is damaged" in err
        assert str(path) in err
    assert path.read_bytes() == before
    assert command("delete", "--all", "--yes")[0] == 0
    assert list(path.parent.iterdir()) == []


def test_somebody_elses_database_is_left_alone(path):
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(HistoryError, match="is not a history of hinge-dowel"):
        History.open(path)
    assert path.read_bytes() == before


def test_an_empty_file_is_an_empty_history(path):
    """As a full disk may leave it."""
    path.parent.mkdir()
    path.touch()
    assert session_log.read(path) == ()
    keep(path, [rep()])
    assert len(session_log.read(path)) == 1


# -- versions of the file ------------------------------------------------------------------------


def version_1(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as database:
        database.executescript((HERE / "history_v1.sql").read_text("utf-8"))
    database.close()


def test_a_history_of_version_1_is_read(path):
    version_1(path)
    first, second = session_log.read(path)
    assert (first.started, first.source, first.duration_s) == (SPRING, "camera 0", 20.0)
    assert (first.facing, first.view_angle_deg, first.neutral) == ("left", 4.0, "measured")
    assert (first.faults, first.reps[0].angle("knee_flexion_deg")) == (("squatting",), 96.0)
    assert first.reps[1].angle("cervical_flexion_deg") is None
    assert (second.number, second.finished, second.duration_s) == (2, False, 5.0)
    # What version 1 did not know.
    assert {(one.exercise, one.who, one.note, one.kind) for one in (first, second)} == {
        ("hinge", None, None, "drill")
    }
    keep(path, [rep()])
    assert [one.number for one in session_log.read(path)] == [1, 2, 3]


def test_the_stored_version_1_is_what_version_1_made(path, tmp_path):
    """Migrations are only added: the first step still makes the tables of the dump."""
    version_1(path)
    assert [*_schema(path)] == [*_schema_of(ledger.MIGRATIONS[:1], tmp_path / "made")]


def _schema_of(steps, path: Path):
    database = sqlite3.connect(path)
    for step in steps:
        for statement in step:
            database.execute(statement)
    database.close()
    return _schema(path)


def _schema(path: Path):
    database = sqlite3.connect(path)
    for name, sql in database.execute("SELECT name, sql FROM sqlite_master ORDER BY name"):
        yield name, re.sub(r"\s+", " ", sql or "")
    database.close()


LATER = ("ALTER TABLE session ADD COLUMN mood TEXT", "UPDATE session SET mood = 'fine'")


def test_an_older_history_is_brought_up_to_date(path, monkeypatch):
    version_1(path)
    before = session_log.read(path)
    monkeypatch.setattr(ledger, "MIGRATIONS", (*ledger.MIGRATIONS, LATER))
    assert session_log.read(path) == before
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA user_version").fetchone() == (len(ledger.MIGRATIONS),)
    assert database.execute("SELECT DISTINCT mood FROM session").fetchall() == [("fine",)]
    database.close()
    # Once only: the step would fail the second time.
    assert session_log.read(path) == before


def test_a_step_that_fails_leaves_the_history_as_it_was(path, monkeypatch):
    version_1(path)
    before = session_log.read(path)
    known = ledger.MIGRATIONS
    monkeypatch.setattr(ledger, "MIGRATIONS", (*known, (*LATER, "INSERT INTO nowhere VALUES (1)")))
    with pytest.raises(HistoryError):
        session_log.read(path)
    monkeypatch.setattr(ledger, "MIGRATIONS", known)
    assert session_log.read(path) == before
    assert "mood" not in str(list(_schema(path)))


def test_a_newer_history_is_one_sentence_and_left_alone(path, command):
    keep(path, [rep()])
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {len(ledger.MIGRATIONS) + 1}")
    database.close()
    before = path.read_bytes()
    status, out, err = command()
    assert (status, out) == (2, "")
    assert_one_sentence(err)
    assert "newer hinge-dowel" in err
    assert path.read_bytes() == before


# -- private -------------------------------------------------------------------------------------


def test_only_this_user_can_read_it(path):
    """Also what SQLite puts beside the file while it writes, and whatever the umask is."""
    before = os.umask(0)
    try:
        keep(path, [rep()])
        with History.open(path) as kept, kept._file.writing():
            kept._file.delete_session(1)
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == {"history.sqlite3": 0o600, "history.sqlite3-journal": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_deleted_session_is_overwritten(path):
    keep(path, [rep()], source="before-the-birthday.mp4")
    keep(path, [rep()], source="another.mp4")
    assert b"birthday" in path.read_bytes()
    with History.open(path) as kept:
        kept.delete([1])
    assert b"birthday" not in path.read_bytes()
    assert [one.source for one in session_log.read(path)] == ["another.mp4"]


def test_deleting_is_all_or_nothing(path):
    keep(path, [rep()], [rep()])
    with History.open(path) as kept:
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


# -- streaks -------------------------------------------------------------------------------------


def practice(*faulty: bool, number: int = 1, begun: datetime = SPRING, planned: int = 12):
    reps = [
        KeptRep(1, 4.0 * i, rep(i + 1, *(["squatting"] if bad else [])).to_dict())
        for i, bad in enumerate(faulty)
    ]
    return Practice(
        number, begun, "0", 3, planned, "left", 3.0, "measured", True, 300.0, tuple(reps)
    )


CLEAN, FAULTY, SHORT = [False] * 12, [False] * 11 + [True], [False] * 4


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ([], (0, 0)),
        ([CLEAN, CLEAN], (2, 2)),
        ([CLEAN, CLEAN, FAULTY, CLEAN], (1, 2)),
        ([CLEAN, SHORT, CLEAN], (2, 2)),
        ([SHORT, SHORT], (0, 0)),
        ([CLEAN, [True]], (0, 1)),
    ],
)
def test_clean_sessions_in_a_row(sessions, expected):
    assert streaks([practice(*reps) for reps in sessions]) == expected


def test_short_sets_count_when_they_were_planned(path):
    assert streaks([practice(*SHORT, planned=3)]) == (1, 1)
    keep(path, [rep()], [rep(1, "squatting")], [rep()], [rep()], reps=1)
    assert streaks(session_log.read(path)) == (2, 2)


def test_weeks_in_a_row():
    days = [date(2026, 3, day) for day in (1, 2, 13, 16, 31)]  # a Sunday, a Monday, ...
    sessions = [practice(False, begun=datetime(d.year, d.month, d.day, tzinfo=UTC)) for d in days]
    assert weeks_in_a_row(sessions, date(2026, 3, 31)) == 1
    assert weeks_in_a_row(sessions[:4], date(2026, 3, 18)) == 4
    assert weeks_in_a_row(sessions[:4], date(2026, 3, 29)) == 4
    assert weeks_in_a_row(sessions[:4], date(2026, 3, 30)) == 0
    assert weeks_in_a_row([], date(2026, 3, 30)) == 0


# -- the command ---------------------------------------------------------------------------------


def test_json_is_the_contract(path, command, tmp_path):
    version_1(path)
    status, out, err = command("--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert list(found) == ["schema", "sessions"]
    assert found["schema"] == 1
    first = found["sessions"][0]
    expected = {"number": 1, "started": SPRING.isoformat(), "duration_s": 20.0, "finished": True}
    expected |= {"planned_sets": 3, "planned_reps": 10, "clip": "camera 0", "status": "faulty"}
    expected |= {"reason": None, "facing": "left", "view_angle_deg": 4.0, "neutral": "measured"}
    expected |= {"source": "drill", "exercise": "hinge", "who": None, "note": None}
    expected |= {"exercise_sure": False, "limits": {}, "sure": True}
    assert {key: first[key] for key in first if key not in ("faults", "reps")} == expected
    assert first["faults"] == ["squatting"]
    assert first["reps"][0]["set"] == 1
    assert first["reps"][0]["stray_cm"] == {"head": 0.4, "upper_back": 5.1, "sacrum": 0.2}
    assert command("--json", "-") == (0, out, "")
    assert command("--json", tmp_path / "h.json") == (0, "", "")
    assert (tmp_path / "h.json").read_text("utf-8") == out


def test_a_session_has_all_that_a_clip_has(path):
    from hinge_dowel.verdict import Verdict

    keep(path, [rep()])
    (session,) = document(session_log.read(path))["sessions"]
    clip = Verdict("me.mp4", "clean", reps=(rep(),)).to_dict()
    assert set(clip) - {"warnings"} <= set(session)
    assert set(clip["reps"][0]) <= set(session["reps"][0])


def test_csv_has_a_row_a_rep(path, command, tmp_path):
    version_1(path)
    assert command("--csv", tmp_path / "h.csv") == (0, "", "")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "h.csv").read_text("utf-8"))))
    assert [(row["session"], row["set"], row["rep"]) for row in rows] == [
        ("1", "1", "1"),
        ("1", "1", "2"),
        ("2", "1", "1"),
    ]
    assert (rows[0]["knee_flexion_deg"], rows[0]["upper_back_stray_cm"]) == ("96.0", "5.1")
    assert (rows[0]["faults"], rows[0]["notes"]) == ("squatting", "shins_forward")
    assert (rows[1]["cervical_flexion_deg"], rows[1]["head_stray_cm"]) == ("", "")
    assert [row["finished"] for row in rows] == ["yes", "yes", "no"]


def test_a_table_has_the_columns_of_a_batch(path):
    """So that results of check and of drill can be put under one another."""
    flexions = [f"{joint}_flexion_deg" for joint in ("hip", "knee", "spinal", "cervical")]
    ends = dict.fromkeys((*flexions, "shin_angle_deg"), (1.0, 2.0))
    keep(path, [replace(rep(), intervals_deg=ends)])
    (row,) = csv.DictReader(io.StringIO(table(session_log.read(path))))
    assert set(tables.COLUMNS) <= set(row)
    assert (row["spinal_flexion_low_deg"], row["spinal_flexion_high_deg"]) == ("1.0", "2.0")
    assert (row["sure"], row["finished"], row["exercise"]) == ("yes", "yes", "hinge")


def test_a_spreadsheet_takes_nothing_for_a_formula(path):
    keep(path, [rep()], source="=1+1.mp4")
    (row,) = csv.DictReader(io.StringIO(table(session_log.read(path))))
    assert row["clip"] == "'=1+1.mp4"


def test_both_exports_at_once(path, command, tmp_path):
    keep(path, [rep()])
    assert command("--json", tmp_path / "a", "--csv", "-")[1].startswith("session,started,")
    assert json.loads((tmp_path / "a").read_text())["schema"] == 1
    status, out, err = command("--json", "--csv", "-")
    assert (status, out) == (2, "")
    assert_one_sentence(err)


def test_an_export_that_cannot_be_written(path, command, tmp_path):
    status, out, err = command("--json", tmp_path / "none" / "h.json")
    assert (status, out) == (2, "")
    assert_one_sentence(err)


def test_an_empty_history_says_what_to_do(path, command):
    status, out, err = command()
    assert (status, err) == (0, "")
    assert out.startswith("No session yet.\n")
    assert "  hinge-dowel drill\n" in out
    assert not path.parent.exists()
    assert json.loads(command("--json")[1]) == {"schema": 1, "sessions": []}


def test_deleting_without_a_terminal_needs_a_yes(path, command):
    keep(path, [rep()], [rep()])
    status, out, err = command("delete", "1")
    assert (status, out) == (2, "")
    assert_one_sentence(err)
    assert "--yes" in err
    assert len(session_log.read(path)) == 2
    status, out, err = command("delete", "1", "--yes")
    assert (status, out) == (0, "")
    assert re.fullmatch(r"Deleted: session 1 of \d{4}-\d\d-\d\d \d\d:\d\d \(1 rep\)\.\n", err)
    assert [one.number for one in session_log.read(path)] == [2]


def test_deleting_all_of_one_person(path, command):
    keep(path, [rep()], [rep()], who="Anna")
    keep(path, [rep()], who="Ben")
    keep(path, [rep()])
    assert command("delete", "--who", "anna", "--yes")[:2] == (0, "")
    assert [one.who for one in session_log.read(path)] == ["Ben", None]
    status, _, err = command("delete", "--who", "Carl", "--yes")
    assert (status, err) == (0, "There is no session of Carl; nothing to delete.\n")
    assert command("delete", "--who", "Ben", "--all", "--yes")[0] == 2
    assert b"Anna" not in path.read_bytes()


@pytest.mark.parametrize("arguments", [[], ["1", "--all"], ["0"], ["one"], ["9", "--yes"]])
def test_a_deletion_that_makes_no_sense(path, command, arguments):
    keep(path, [rep()])
    status, out, err = command("delete", *arguments)
    assert (status, out) == (2, "")
    assert_one_sentence(err)
    assert len(session_log.read(path)) == 1


def test_deleting_all(path, command):
    assert command("delete", "--all", "--yes") == (
        0,
        "",
        "There is no history; nothing to delete.\n",
    )
    keep(path, [rep()], [rep()])
    status, out, err = command("delete", "--all", "--yes")
    assert (status, out, err) == (0, "", "Deleted: the whole history (2 sessions).\n")
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(("answer", "left"), [("y", 0), ("Yes", 0), ("", 1), ("n", 1), ("\x04", 1)])
def test_on_a_terminal_it_asks(path, answer, left):
    keep(path, [rep()])
    terminal, end = pty.openpty()
    asked = subprocess.Popen(
        [sys.executable, "-m", "hinge_dowel", "history", "delete", "--all"],
        stdin=end,
        stdout=end,
        stderr=end,
    )
    os.close(end)
    said = b""
    while b"[y/N]" not in said:
        said += os.read(terminal, 1000)
    os.write(terminal, answer.encode() + (b"" if answer == "\x04" else b"\n"))
    assert asked.wait(timeout=30) == 0
    said += os.read(terminal, 1000)
    os.close(terminal)
    assert b"Delete the whole history (1 session) for good? [y/N]" in said
    assert (b"Nothing was deleted." in said) == bool(left)
    assert len(session_log.read(path)) == left


# -- the screen ----------------------------------------------------------------------------------


def drawn(sessions, width: int = 80, encoding: str = "utf-8", last: int = 10) -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, width=width, no_color=True, highlight=False, markup=False)
    render(sessions, console, date(2026, 3, 18), last)
    file.flush()
    return [line.rstrip() for line in file.buffer.getvalue().decode(encoding).splitlines()]


def month() -> list[Practice]:
    """Seven sessions in which the back gets straighter; one was cut off."""
    sessions = []
    for i, spine in enumerate([28.0, 25.0, 22.0, 18.0, 9.0, 6.0, 4.0]):
        faults = ["spinal_flexion"] if spine > 16 else []
        reps = [rep(1, *faults, spine=spine)] * 2 + [rep(2, spine=spine)] * 2
        sessions.append(
            Practice(
                *(i + 1, SPRING + timedelta(days=2 * i, hours=i), "0", 2, 3),
                *("left", 3.0, "measured", i != 3, 90.0),
                tuple(KeptRep(1, 4.0, one.to_dict()) for one in reps),
            )
        )
    return sessions


def test_the_screen():
    assert drawn(month()) == [
        "7 sessions since 2026-03-01, 28 reps, 71 % of them clean.",
        "",
        " #  begun             reps  clean           spine  neck  knee  main fault",
        " 1  2026-03-01 18:30   4/6  ████      50 %    28°    1°   20°  rounded back",
        " 2  2026-03-03 19:30   4/6  ████      50 %    25°    1°   20°  rounded back",
        " 3  2026-03-05 20:30   4/6  ████      50 %    22°    1°   20°  rounded back",
        "*4  2026-03-07 21:30   4/6  ████      50 %    18°    1°   20°  rounded back",
        " 5  2026-03-09 22:30   4/6  ████████ 100 %     9°    1°   20°  none",
        " 6  2026-03-11 23:30   4/6  ████████ 100 %     6°    1°   20°  none",
        " 7  2026-03-14 00:30   4/6  ████████ 100 %     4°    1°   20°  none",
        "* cut off before its end, or still going on",
        "",
        "            over time  first   best   last",
        "clean reps  ▅▅▅▅███     50 %  100 %  100 %",
        "spine       █▇▆▅▃▂▂      28°     4°     4°",
        "neck        ▁▁▁▁▁▁▁       1°     1°     1°",
        "knee        ▂▂▂▂▂▂▂      20°    20°    20°",
        "hip         ▅▅▅▅▅▅▅      80°    80°    80°",
        "",
        "Clean sessions in a row: 3, your longest run. Weeks in a row with a session: 3.",
    ]


def test_the_screen_without_unicode():
    lines = drawn(month(), encoding="ascii")
    assert " 7  2026-03-14 00:30   4/6  ######## 100 %      4     1    20  none" in lines
    assert "clean reps  ====###     50 %  100 %  100 %" in lines


@pytest.mark.parametrize("width", [60, 50, 40])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_narrow_screen(width, encoding):
    lines = drawn(month(), width, encoding)
    assert max(map(len, lines)) <= width
    assert sum("2026-03-14" in line for line in lines) == 1
    assert any(line.startswith("spine ") for line in lines)
    assert ("rounded back" in "".join(lines)) == (width == 60)


def test_long_histories_fit_the_screen():
    sessions = month() * 20
    lines = drawn(sessions)
    assert len(lines) <= 23
    assert max(map(len, lines)) <= 80
    assert len(drawn(sessions, last=140)) == len(lines) + 130
    (clean,) = [line for line in lines if line.startswith("clean reps")]
    assert len(re.findall("[▁-█]", clean)) == 30


def test_one_session_has_no_trend():
    lines = drawn(month()[:1])
    assert len(lines) == 6
    assert lines[-1] == "No clean session yet."


def test_angles_that_were_never_seen():
    sessions = [
        Practice(
            *(i, SPRING, "0", 1, 1, None, None, None, True, 9.0),
            (KeptRep(1, 4.0, {"number": 1, "faults": [], "notes": []}),),
        )
        for i in (1, 2)
    ]
    lines = drawn(sessions)
    assert "1  2026-03-01 18:30   1/1  ████████ 100 %      ?     ?     ?  none" in lines
    assert not any(line.startswith("spine ") for line in lines)


def test_the_last_sessions_only(path, command):
    keep(path, *([rep()] for _ in range(4)))
    out = command("--last", "2")[1]
    assert re.findall(r"^ *(\d) +20\d\d-", out, re.MULTILINE) == ["3", "4"]
    assert command("--last", "0")[0] == 2
