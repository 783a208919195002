"""The whole command `drill`, in pipes and in a real terminal."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time

import av
import numpy as np
import pytest
from bench.films import looped
from support.clips import write_clip
from support.locations import SAMPLES

from hinge_dowel.exercises.catalogue import EXERCISES
from hinge_dowel.history.session_log import read
from hinge_dowel.live.session_judging import TOO_SLOW
from hinge_dowel.verdict import FAULTS as FAULT_KEYS
from hinge_dowel.verdict import NOT_JUDGED
from hinge_dowel.video.reader import read_frames

pytestmark = pytest.mark.slow
"""Each goes through a whole session."""

CLIP = SAMPLES / "mixed_right.mp4"


LINE = re.compile(r"set (\d+) rep (\d+): ")


def dimmed(path, share, *, seconds):
    """A film's pictures with so much of their light."""
    for frame in read_frames(path, rate_hz=15.0):
        if frame.time_s >= seconds:
            return
        yield (frame.rgb * share).astype(np.uint8)


@pytest.fixture
def long_film(tmp_path):
    """A minute and a half: a busy machine may miss reps, and has others to come."""
    looped(CLIP, tmp_path / "long.mp4", 90.0)
    return tmp_path / "long.mp4"


@pytest.fixture
def drill(pose_model, tmp_path):
    environment = os.environ | {
        "HINGE_DOWEL_HOME": str(tmp_path / "home"),
        "TERM": "xterm-256color",
    }
    for name in ("NO_COLOR", "COLUMNS", "LINES"):  # the terminal itself tells its size
        environment.pop(name, None)
    base = [sys.executable, "-m", "hinge_dowel", "drill", "--model", str(pose_model)]

    def command(*arguments, source=CLIP):
        return [*base, "--source", str(source), *map(str, arguments)], environment

    return command


def run(drill, *arguments, **options):
    command, environment = drill(*arguments, **options)
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_film_through_a_pipe_is_one_line_a_rep_and_agrees_with_check(drill, checked, tmp_path):
    out, film = tmp_path / "session.json", tmp_path / "session.mp4"
    film.write_bytes(b"of another day")
    done = run(drill, "--json", out, "--record", film, "--stats")
    assert film.read_bytes() == b"of another day"
    assert f"this session goes to {tmp_path / 'session-2.mp4'}" in done.stderr
    film = tmp_path / "session-2.mp4"
    lines = [line for line in done.stdout.splitlines() if LINE.match(line)]
    wanted = checked["clips"][CLIP.name]
    assert len(wanted["reps"]) == 4
    assert "\x1b" not in done.stdout
    (clip,) = json.loads(out.read_text("utf-8"))["clips"]
    assert clip.keys() == wanted.keys()
    assert clip["clip"] == CLIP.name
    # On a busy machine pictures are left out: what is judged all the same is judged right.
    status = {"clean": 0, "faulty": 1, "unusable": 2}
    assert done.returncode == status[clip["status"]], done.stderr
    judged = [rep for rep in clip["reps"] if NOT_JUDGED not in rep["notes"]]
    assert (clip["status"] == "unusable") is (not judged)
    assert clip["faults"] == [f for f in FAULT_KEYS if any(f in rep["faults"] for rep in judged)]
    # On a busy machine some may not be seen at all.
    assert 1 <= len(clip["reps"]) == len(lines) <= 4
    for mine in clip["reps"]:
        other = min(wanted["reps"], key=lambda rep: abs(rep["bottom_s"] - mine["bottom_s"]))
        if mine not in judged:  # too few pictures to tell its bottom by more than that it is of it
            assert other["start_s"] < mine["bottom_s"] < other["end_s"]
            assert not mine["faults"]
            continue
        assert set(mine["faults"]) == set(other["faults"])
        assert mine["bottom_s"] == pytest.approx(other["bottom_s"], abs=0.4)
        assert mine["hip_flexion_deg"] == pytest.approx(other["hip_flexion_deg"], abs=10)
    from hinge_dowel.video.reader import probe

    told = re.search(r"median (\d+) ms, 95 % within (\d+) ms.* in ([\d.]+) s", done.stderr)
    # Begun with the pictures, ended with the last: never before the film's own end.
    assert float(told[3]) > probe(CLIP).duration_s - 1
    assert int(told[1]) <= int(told[2])
    with av.open(film) as recorded:
        assert recorded.streams.video[0].codec_context.name == "h264"
    assert 1.0 < probe(film).duration_s < probe(CLIP).duration_s + 1.5
    (kept,) = read(tmp_path / "home" / "history.sqlite3")
    assert [list(r.faults) for r in kept.verdict.reps] == [r["faults"] for r in clip["reps"]]
    assert kept.finished


def test_a_film_too_dark_to_see_anybody_says_so(drill, tmp_path):
    """The sample's own pictures at a hundredth of their light."""
    dark = write_clip(tmp_path / "dark.mp4", dimmed(CLIP, 1 / 100, seconds=3.0), rate_hz=15)
    done = run(drill, "--json", tmp_path / "x.json", source=dark)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-2] == "Too dark: more light."
    assert done.stderr.splitlines()[-1].startswith("No rep was judged. It is too dark to see")
    (clip,) = json.loads((tmp_path / "x.json").read_text("utf-8"))["clips"]
    assert clip["reason"].startswith("It is too dark to see a person")


def test_a_session_that_is_killed_keeps_its_finished_reps(drill, tmp_path):
    command, environment = drill()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert LINE.match(process.stdout.readline())
        process.kill()
    (kept,) = read(tmp_path / "home" / "history.sqlite3")
    assert len(kept.reps) >= 1
    assert not kept.finished


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--source", "no such.mp4"], "no such.mp4"),
        (["--source", "97"], "camera 97"),
        (["--reps", "0"], "1 to 999"),
        (["--rest", "-1"], "3600"),
        (["--json", "/no/such/folder/x.json"], "/no/such/folder"),
        (["--record", "/no/such/folder/x.mp4"], "/no/such/folder"),
        (["another.mp4"], "name one of them"),
    ],
)
def test_what_cannot_work_is_one_sentence(
    arguments, words, capfd, monkeypatch, tmp_path, pose_model
):
    from hinge_dowel.cli import main

    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path))
    status = main(["drill", "--source", str(CLIP), "--model", str(pose_model), *arguments])
    error = capfd.readouterr().err
    assert status == 2
    assert words in error
    assert error.startswith("hinge-dowel: ")
    assert len(error.splitlines()) == 1


def test_a_history_that_cannot_be_written_names_the_way_round(
    capfd, monkeypatch, tmp_path, pose_model
):
    from hinge_dowel.cli import main

    (tmp_path / "home").write_text("a file where the folder should be")
    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path / "home"))
    assert main(["drill", str(CLIP), "--model", str(pose_model)]) == 2
    error = capfd.readouterr().err
    assert "--no-history" in error
    assert len(error.splitlines()) == 1


class Terminal:
    """The command in a real pseudo-terminal."""

    def __init__(self, command, environment, rows=24, columns=80):
        import pty

        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.execve(command[0], command, environment)  # noqa: S606  (no shell wanted)
        self.resize(rows, columns)
        self.text = ""

    def resize(self, rows, columns):
        import fcntl
        import termios

        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, wanted, timeout_s=60):
        """Read until the pattern is seen in what comes from now on."""
        start, end = len(self.text), time.monotonic() + timeout_s
        while not re.search(wanted, self.text[start:]):
            left = end - time.monotonic()
            assert left > 0, f"no {wanted!r} in {self.text[-3000:]!r}"
            if select.select([self.fd], [], [], left)[0] and not self._read():
                raise AssertionError(f"ended without {wanted!r}: {self.text[-3000:]!r}")
        return self.text[start:]

    def _read(self):
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:  # Linux's way to say that the other end is closed
            return False
        self.text += data.decode("utf-8", "replace")
        return bool(data)

    def write(self, keys):
        os.write(self.fd, keys)

    def end(self):
        while self._read():
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


def test_in_a_terminal_there_is_a_screen_that_follows_resizes_and_is_gone_after_ctrl_c(
    drill, long_film
):
    terminal = Terminal(*drill("--mute", source=long_film))
    terminal.until(r"\x1b\[\?1049h")
    terminal.until("rep 0")
    loading = terminal.text.partition("rep 0")[0]
    assert "██████" in loading  # LOADING in large letters, from the first moment
    terminal.resize(15, 50)
    terminal.until("60 x 20 at least")
    terminal.resize(30, 100)
    terminal.until("space pauses   q ends")
    terminal.write(b"r")  # is not offered for a film, and does nothing
    terminal.write(b" ")
    terminal.until("space goes on   q ends")
    assert "measures standing" not in terminal.text
    terminal.write(b" ")
    terminal.until("rep 1")
    terminal.write(b" ")
    terminal.until("space goes on")
    assert "clean reps" in terminal.text
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.text)
    assert "█▄▄▄█ █▄▄▄  █▄▄▄█ █   █" in plain  # the table's HEAD, in large letters
    terminal.write(b" ")
    terminal.write(b"\x03")
    last = terminal.until("Session|No rep was judged")
    assert "\x1b[?1049l" in last  # the screen is left ...
    assert "\x1b[?25h" in last  # ... and the cursor is back
    assert terminal.end() in (0, 1, 2)
    assert "W0000" not in terminal.text
    assert "Traceback" not in terminal.text


@pytest.mark.parametrize("way", ["q", "SIGTERM", "SIGHUP"])
def test_every_kind_end_is_clean(drill, way, tmp_path, long_film):
    terminal = Terminal(*drill("--mute", "--json", tmp_path / "x.json", source=long_film))
    terminal.until("rep 1")
    if way == "q":
        terminal.write(b"q")
    else:
        os.kill(terminal.pid, getattr(signal, way))
    assert terminal.end() in (0, 1, 2)
    assert "\x1b[?1049l" in terminal.text
    assert "Traceback" not in terminal.text
    (clip,) = json.loads((tmp_path / "x.json").read_text("utf-8"))["clips"]
    assert len(clip["reps"]) >= 1
    # What was under way when the person had enough is no rep: what came late was over.
    shown = int(re.findall(r"rep (\d+)", terminal.text)[-1])
    assert all(rep["end_s"] is not None for rep in clip["reps"][shown:])
    (kept,) = read(tmp_path / "home" / "history.sqlite3")
    assert (len(kept.reps), kept.finished) == (len(clip["reps"]), True)


def test_a_film_with_a_plan_ends_in_the_terminal_after_its_last_set(drill, tmp_path, long_film):
    """And its recording leaves an earlier one as it is."""
    earlier = tmp_path / "kept.mp4"
    earlier.write_bytes(b"an earlier session")
    options = ("--mute", "--sets", "1", "--reps", "2", "--record", earlier)
    terminal = Terminal(*drill(*options, "--json", tmp_path / "x.json", source=long_film))
    terminal.until("Session|No rep was judged")
    assert terminal.end() in (0, 1, 2)
    assert earlier.read_bytes() == b"an earlier session"
    (recorded,) = set(tmp_path.glob("kept*.mp4")) - {earlier}
    assert recorded.stat().st_size > 10_000
    assert "rep 3" not in terminal.text
    (clip,) = json.loads((tmp_path / "x.json").read_text("utf-8"))["clips"]
    assert len(clip["reps"]) == 2


def test_on_a_busy_machine_the_session_coaches_or_says_that_it_is_too_slow(
    drill, tmp_path, long_film
):
    """As slow as four processes that take all they can make it, and whatever else runs beside.

    The lights go on. On two cores the reps are judged too; how many pictures a second that takes
    is tested without a clock, in test_session_judging and test_pacing.
    """
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        terminal = Terminal(
            *drill(
                "--mute",
                "--sets",
                "1",
                "--reps",
                "3",
                "--json",
                tmp_path / "x.json",
                source=long_film,
            )
        )
        terminal.until("on the dowel")
        terminal.until("Session|No rep was judged", timeout_s=300)
        assert terminal.end() in (0, 1, 2)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    (clip,) = json.loads((tmp_path / "x.json").read_text("utf-8"))["clips"]
    assert clip["reps"]
    judged = [rep for rep in clip["reps"] if NOT_JUDGED not in rep["notes"]]
    assert clip["reason"] == (None if judged else TOO_SLOW)


@pytest.mark.rare
@pytest.mark.parametrize("name", EXERCISES)
def test_a_session_of_every_exercise_in_a_terminal(drill, name):
    """Of the wrong one too: it may find no repetition, but it shows itself and ends cleanly."""
    terminal = Terminal(*drill("--mute", "--exercise", name))
    terminal.until("rep 0")
    last = terminal.until("Session|No rep was judged")
    assert "\x1b[?1049l" in last
    assert terminal.end() in (0, 1, 2)
    assert "Traceback" not in terminal.text
