"""The voice's own process: what it speaks with, and of several lines the newest."""

from __future__ import annotations

import os
import queue
import subprocess
import sys

import pytest
from support.locations import ROOT

from hinge_dowel.live import speech_process


def test_of_what_waits_only_the_newest_is_spoken():
    waiting = queue.SimpleQueue()
    for line in ("one", "two", "three"):
        waiting.put(line)
    assert speech_process.newest(waiting) == "three"
    waiting.put("four")
    waiting.put(None)
    assert speech_process.newest(waiting) == "four"
    assert speech_process.newest(waiting) is None


def test_the_speaker_ends_with_its_input():
    spoken = []
    speech_process.serve(iter(["only\n"]), spoken.append)
    assert spoken == ["only"]


SPEAKER = (
    "import sys; sys.platform = 'linux'; "
    "from hinge_dowel.live import speech_process; speech_process.main()"
)


def speaking(words, *, path):
    """The speaker's own process with these programs to be found, and what it says."""
    return subprocess.run(
        [sys.executable, "-c", SPEAKER],
        input=words,
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": str(path)},
        check=False,
    )


@pytest.fixture
def importable(monkeypatch):
    """The package is found from anywhere."""
    found = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(part for part in found if part))


def test_where_nothing_speaks_it_is_never_ready(tmp_path, importable):
    done = speaking("hips back\n", path=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")


def test_the_speaker_speaks_with_what_the_system_has(tmp_path, importable):
    """The first engine fails as one does without a sound server; the second works."""
    heard = tmp_path / "heard"
    for name, body in (("spd-say", "exit 1"), ("espeak-ng", f'echo "$*" >> {heard}')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    done = speaking("hips back\n", path=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["ready"]
    assert heard.read_text().splitlines()[-1] == "-s 185 -- hips back"


@pytest.mark.parametrize(
    ("platform", "there", "first"),
    [
        ("darwin", {"say"}, "say"),
        ("win32", {"powershell"}, "powershell"),
        ("linux", {"spd-say", "espeak"}, "spd-say"),
        ("linux", {"espeak"}, "espeak"),
        ("linux", set(), None),
        ("freebsd14", {"espeak-ng", "say"}, "espeak-ng"),
    ],
)
def test_each_system_has_its_voice(platform, there, first):
    voices = speech_process.system_voices(platform, lambda name: name if name in there else None)
    assert next((voice.command[0] for voice in voices), None) == first


def test_windows_hears_the_words_on_standard_input():
    (voice,) = speech_process.system_voices("win32", lambda name: name)
    assert voice.listens
    assert "hips" not in " ".join(voice.command)
