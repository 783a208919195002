"""Clips and results on a real server: the same as on this machine, killed and cut off midway."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import ftp_server
import pytest
import stand_ins
from test_cli import within

from hinge_dowel.batch.folder import STATE

pytestmark = [
    pytest.mark.slow,
    # Connections that a server has dropped are fsspec's to close.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

RESULTS = ("results.json", "results.csv")


class Server:
    """An FTP server over a folder; it can go away and come back."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._process: subprocess.Popen[str] | None = None
        self._port = "0"

    def begin(self, hang_up_s: int = 300) -> None:
        self._process = subprocess.Popen(
            [sys.executable, ftp_server.__file__, str(self.root), self._port, str(hang_up_s)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self._port = self._process.stdout.readline().strip()
        assert self._port

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def url(self, folder: str) -> str:
        user = f"{ftp_server.USER}:{ftp_server.PASSWORD}"
        return f"ftp://{user}@127.0.0.1:{self._port}/{folder}"

    def shown(self, folder: str) -> str:
        return f"ftp://127.0.0.1:{self._port}/{folder}"


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(stand_ins.LOG, str(tmp_path / "begun.log"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    return tmp_path / "begun.log"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "served").mkdir()
    running = Server(tmp_path / "served")
    running.begin()
    yield running
    running.end()


def write_clips(folder: Path) -> None:
    """Twelve clips in two folders."""
    kinds = ["slow", "clean", "squat", "damaged", "slow", "front"]
    stand_ins.write_clips(folder, *kinds)
    stand_ins.write_clips(folder / "tue sday", *kinds)


@pytest.fixture
def clips(server: Server) -> Path:
    """The clips, on the server."""
    write_clips(server.root / "class")
    return server.root / "class"


def ended(*arguments: object) -> tuple[int, str]:
    """The exit status of a check, and what it says."""
    with stand_ins.start("check", *arguments, "--quiet", "--no-pictures") as process:
        out, err = process.communicate(timeout=120)
    assert out == ""
    return process.returncode, err


def entries(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in (folder / STATE).rglob("*.json")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a batch on this machine makes of the same clips."""
    folder = tmp_path_factory.mktemp("here")
    write_clips(folder / "clips")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("HINGE_DOWEL_HOME", str(folder / "home"))
        assert ended(folder / "clips", "--out", folder / "whole", "--export", "npz")[0] == 2
    return folder / "whole"


def assert_same(folder: Path, whole: Path) -> None:
    for name in RESULTS:
        assert (folder / name).read_bytes() == (whole / name).read_bytes()


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_same_results_as_on_this_machine_and_the_same_resume(
    server, clips, whole, log, tmp_path
):
    out = server.root / "results" / "run[1]"
    arguments = (server.url("class"), "--out", server.url("results/run[1]"), "--export", "npz")
    status, err = ended(*arguments)
    assert (status, err.count("could not be checked")) == (2, 4)
    assert_same(out, whole)
    assert files(out) == files(whole)  # nothing half-written is left, nothing is missing
    for path in (whole / "npz").iterdir():
        assert (out / "npz" / path.name).read_bytes() == path.read_bytes()
    assert len(stand_ins.begun(log)) == 12
    assert ended(*arguments) == (status, err)
    assert len(stand_ins.begun(log)) == 12
    # Only what has changed is done again.
    (server.root / "class" / "01.mp4").write_text("squat and more")
    ended(*arguments)
    assert len(stand_ins.begun(log)) == 13
    assert list((tmp_path / "tmp").iterdir()) == []
    for path in (path for path in out.rglob("*") if path.is_file()):
        assert ftp_server.PASSWORD.encode() not in path.read_bytes()


def test_killed_midway_it_goes_on_and_ends_the_same(server, clips, whole, log):
    out = server.root / "results"
    arguments = (server.url("class"), "--out", server.url("results"))
    finished: dict[Path, int] = {}
    for most in (0, 4):
        with stand_ins.start("check", *arguments, "--quiet") as process:
            assert within(60, lambda most=most: len(entries(out)) > most)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=30)
        assert finished.items() <= entries(out).items()
        finished = entries(out)
    assert len(finished) < 12
    begun = len(stand_ins.begun(log))
    assert ended(*arguments)[0] == 2
    assert finished.items() <= entries(out).items()
    assert_same(out, whole)
    assert len(stand_ins.begun(log)) - begun == 12 - len(finished)


def test_a_server_that_goes_away_midway_is_one_sentence(server, clips, whole):
    out = server.root / "results"
    arguments = (server.url("class"), "--out", server.url("results"))
    with stand_ins.start("check", *arguments, "--quiet") as process:
        assert within(60, lambda: len(entries(out)) > 1)
        server.end()
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    # How a connection ends depends on the moment.
    assert re.sub(r"\(Connection [a-z ]+\)", "(why)", err) == (
        f"hinge-dowel: Cannot write to {server.shown('results')} (why); put that "
        "right and run the same command again, which goes on where this one stopped.\n"
    )
    finished = entries(out)
    server.begin()
    assert ended(*arguments)[0] == 2
    assert finished.items() <= entries(out).items()
    assert_same(out, whole)


def test_clips_that_cannot_be_fetched_any_more_are_named_and_done_later(
    server, clips, whole, tmp_path
):
    out = tmp_path / "out"
    with stand_ins.start("check", server.url("class"), "--out", out, "--quiet") as process:
        assert within(60, lambda: len(entries(out)) > 1)
        server.end()
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    refused = "This clip cannot be fetched (Connection refused): run again when it can be reached."
    assert refused in err
    assert ftp_server.PASSWORD not in err
    server.begin()
    assert ended(server.url("class"), "--out", out)[0] == 2
    assert_same(out, whole)


def test_a_server_that_hangs_up_on_the_silent_is_called_again(server, clips, tmp_path):
    shutil.rmtree(clips)
    stand_ins.write_clips(clips, *["slow and steady"] * 3)
    server.end()
    server.begin(hang_up_s=1)
    assert ended(server.url("class"), "--out", server.url("results"), "--jobs", "1") == (0, "")


@pytest.mark.parametrize("what", ["clips", "results"])
def test_a_server_that_is_not_there_is_one_sentence(server, clips, tmp_path, what):
    server.end()
    given, out = server.url("class"), tmp_path / "out"
    shown = server.shown("class")
    if what == "results":
        given, out, shown = clips, server.url("results"), server.shown("results")
    status, err = ended(given, "--out", out)
    assert status == 2
    assert err == f"hinge-dowel: Cannot reach {shown} (Connection refused): check the address.\n"
