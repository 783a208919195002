"""Ticks and the voice."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from support import verdicts

from hinge_dowel.errors import UsageError
from hinge_dowel.live import sound


def rep(*faults):
    return verdicts.rep(1, faults)


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
    ticks(True)
    ticks(False)
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
    ticks(True)
    ticks(False)
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
