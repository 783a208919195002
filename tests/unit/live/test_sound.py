"""Ticks and the voice."""

from __future__ import annotations

import os
import queue
import subprocess
import sys

import numpy as np
import pytest
from support.locations import ROOT

from hinge_dowel.errors import UsageError
from hinge_dowel.live import sound, speech_process
from hinge_dowel.verdict import Rep, Strays


def rep(*faults):
    return Rep(1, 0.0, 1.0, 2.0, 80.0, 10.0, 2.0, 0.0, 0.0, Strays(0.0, 0.0, 0.0), faults)


def test_good_and_fault_are_tones_that_differ_and_do_not_clip():
    good, fault = sound.tone(sound.GOOD_HZ), sound.tone(sound.FAULT_HZ)
    assert len(fault) == 2 * len(good)
    for wave in (good, fault):
        assert 0.1 < np.abs(wave).max() <= 0.5
        assert abs(wave[0]) < 0.01
        assert abs(wave[-1]) < 0.02

    def pitch(wave):
        spectrum = np.abs(np.fft.rfft(wave))
        return np.argmax(spectrum) * sound.RATE_HZ / len(wave)

    assert pitch(good) > 2 * pitch(fault)


def test_ticks_are_played_where_there_is_a_loudspeaker(monkeypatch):
    played = []

    class Device:
        @staticmethod
        def check_output_settings(**_):
            pass

        @staticmethod
        def play(wave, rate_hz):
            played.append((len(wave), rate_hz))

    monkeypatch.setitem(sys.modules, "sounddevice", Device)
    ticks = sound.ticks(lambda _: pytest.fail("rang"))
    ticks.tick(True)
    ticks.tick(False)
    assert played[0][0] * 2 == played[1][0]


@pytest.mark.parametrize(
    "error", [OSError("PortAudio library not found"), RuntimeError("no device")]
)
def test_without_a_loudspeaker_the_bell_rings(monkeypatch, error):
    class Device:
        @staticmethod
        def check_output_settings(**_):
            raise error

    monkeypatch.setitem(sys.modules, "sounddevice", Device)
    rung = []
    ticks = sound.ticks(rung.append)
    ticks.tick(True)
    ticks.tick(False)
    assert rung == ["\a", "\a\a"]


def test_a_cue_names_the_worst_fault_and_is_not_repeated_every_time():
    cues = sound.Cues()
    assert cues.after(rep()) is None
    assert cues.after(rep("cervical_flexion", "spinal_flexion")) == "spinal_flexion"
    assert cues.after(rep("spinal_flexion")) is None
    assert cues.after(rep("spinal_flexion")) is None
    assert cues.after(rep("spinal_flexion")) == "spinal_flexion"
    assert cues.after(rep("squatting")) == "squatting"
    assert cues.after(rep()) is None
    assert cues.after(rep("squatting")) == "squatting"


def test_without_an_engine_the_voice_is_one_sentence():
    with pytest.raises(UsageError, match="espeak-ng"):
        sound.voice((sys.executable, "-c", "raise OSError('no engine')"))


def test_an_engine_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(sound, "START_S", 0.3)
    with pytest.raises(UsageError, match="espeak-ng"):
        sound.voice((sys.executable, "-c", "import time; time.sleep(60)"))


def test_what_is_said_reaches_the_voice_in_one_line(tmp_path):
    heard = tmp_path / "heard"
    code = "import sys; print('ready', flush=True); open(sys.argv[1], 'w').write(sys.stdin.read())"
    voice = sound.voice((sys.executable, "-c", code, str(heard)))
    voice.say("chest\nlong")
    voice.say("hips back")
    voice.close()
    assert heard.read_text() == "chest long\nhips back\n"
    voice.say("too late")  # says nothing, and harms nobody


def test_a_voice_that_died_or_hangs_harms_nobody():
    dead = sound.voice((sys.executable, "-c", "print('ready', flush=True)"))
    dead._process.wait(10)
    dead.say("hello")
    dead.close()
    code = "import time; print('ready', flush=True); time.sleep(60)"
    stuck = sound.voice((sys.executable, "-c", code))
    stuck.close(wait_s=0.2)
    assert stuck._process.returncode is not None


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


def speaking(words, *, path, library=None):
    """The speaker's own process with these programs to be found, and what it says."""
    environment = os.environ | {"PATH": str(path)}
    if library is not None:
        environment["PYTHONPATH"] = os.pathsep.join([str(library), os.environ["PYTHONPATH"]])
    return subprocess.run(
        [sys.executable, "-c", SPEAKER],
        input=words,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


@pytest.fixture
def importable(monkeypatch):
    """The package is found from anywhere."""
    found = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(part for part in found if part))


def test_without_a_system_voice_the_speaker_drives_the_speech_library(tmp_path, importable):
    (tmp_path / "pyttsx3.py").write_text(
        "class Engine:\n"
        "    def setProperty(self, name, value): print(name, value)\n"
        "    def say(self, words): print('say', words)\n"
        "    def runAndWait(self): print('spoken', flush=True)\n"
        "def init(): return Engine()\n"
    )
    done = speaking("hips back\n", path=tmp_path, library=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["rate 185", "ready", "say hips back", "spoken"]


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
