"""The hum as numbers: margin in, loudness, pitch and roughness out; and as a file of sound."""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hinge_dowel.live import hum
from hinge_dowel.live.hum import (
    GLIDE_S,
    HEARD_FROM_SHARE,
    LOUD_AMPLITUDE,
    PITCH_HZ,
    SOFT_AMPLITUDE,
    Hum,
    Synthesis,
    voicing,
)
from hinge_dowel.live.sound import RATE_HZ

Floats = NDArray[np.floating]

BLOCK = 512


def test_a_place_is_silent_with_margin_fades_in_near_its_limit_and_is_rough_past_it() -> None:
    for silent in (None, float("nan"), -0.5, 0.0, HEARD_FROM_SHARE):
        assert voicing(silent) == (0.0, 0.0)
    near, smooth = zip(*map(voicing, np.linspace(HEARD_FROM_SHARE, 0.999, 30)), strict=True)
    assert np.all(np.diff(near) > 0)
    assert near[-1] == pytest.approx(SOFT_AMPLITUDE, rel=0.01)
    assert set(smooth) == {0.0}
    for left in (1.0, 3.0):
        assert voicing(left) == (LOUD_AMPLITUDE, 1.0)


def test_the_places_lie_low_middle_and_high() -> None:
    assert PITCH_HZ["sacrum"] < PITCH_HZ["upper_back"] / 1.5 < PITCH_HZ["head"] / 2.9


def test_all_at_once_stays_below_what_can_be_played() -> None:
    assert 3 * LOUD_AMPLITUDE + 1.5 * SOFT_AMPLITUDE < 1.0


def played(synthesis: Synthesis, seconds: float) -> Floats:
    blocks = [synthesis.render(BLOCK) for _ in range(round(seconds * RATE_HZ / BLOCK))]
    return np.concatenate(blocks).astype(float)


def pitches(sound: Floats) -> list[float]:
    """The frequencies that stand out, in Hz, low to high."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    at = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    peaks = (spectrum[1:-1] > spectrum[:-2]) & (spectrum[1:-1] > spectrum[2:])
    strong = np.flatnonzero(peaks & (spectrum[1:-1] > 0.6 * spectrum.max())) + 1
    return [float(at[k]) for k in strong]


def test_a_hinge_is_heard_in_a_file(tmp_path: Path) -> None:
    """Standing, the back nearing its limit, past it, held well again with the chin down: as WAV."""
    synthesis = Synthesis()
    parts = []
    for shares in ({"sacrum": 0.3}, {"sacrum": 0.9}, {"sacrum": 1.2}, {"head": 0.95}, {}):
        synthesis.shares(shares)
        parts.append(played(synthesis, 0.5))
    path = tmp_path / "hinge.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((np.concatenate(parts) * 32767).astype("<i2").tobytes())
    with wave.open(str(path), "rb") as file:
        assert file.getframerate() == RATE_HZ
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32767
    glide = round(2 * GLIDE_S * RATE_HZ)
    standing, near, left, chin, still = (
        part[glide:] for part in np.split(samples, np.cumsum([len(p) for p in parts])[:-1])
    )
    assert not standing.any()
    assert not still.any()
    assert pitches(near) == [pytest.approx(PITCH_HZ["sacrum"], abs=3)]
    assert pitches(chin) == [pytest.approx(PITCH_HZ["head"], abs=3)]
    assert np.std(left) > 2 * np.std(near)
    loudness = np.abs(left)
    swing = np.abs(np.fft.rfft(loudness - loudness.mean()))
    at = np.fft.rfftfreq(len(loudness), 1 / RATE_HZ)
    low = at < 150
    assert at[low][np.argmax(swing[low])] == pytest.approx(hum.ROUGHNESS_HZ, abs=3)


def test_nothing_clicks() -> None:
    synthesis = Synthesis()
    parts = []
    for share in (1.5, 0.0, 0.95, 1.5):
        synthesis.shares({"sacrum": share, "upper_back": share, "head": share})
        parts.append(played(synthesis, 0.2))
    sound = np.concatenate(parts)
    # The steepest that the three tones themselves are, and a little for the glides.
    steepest = sum(2 * np.pi * hz * LOUD_AMPLITUDE for hz in PITCH_HZ.values()) / RATE_HZ
    assert np.abs(np.diff(sound)).max() < 1.3 * steepest


def test_without_news_there_is_silence() -> None:
    synthesis = Synthesis()
    synthesis.shares({"sacrum": 1.5})
    assert played(synthesis, 0.5).any()
    played(synthesis, hum.STALE_S)
    assert not played(synthesis, 0.5).any()


def test_the_voice_is_never_hummed_over() -> None:
    synthesis = Synthesis()
    synthesis.shares({"sacrum": 0.99})
    before = np.std(played(synthesis, 0.3)[-5000:])
    synthesis.duck(1.0)
    synthesis.shares({"sacrum": 0.99})
    during = np.std(played(synthesis, 0.5)[-5000:])
    synthesis.shares({"sacrum": 0.99})
    played(synthesis, 0.55)
    synthesis.shares({"sacrum": 0.99})
    after = np.std(played(synthesis, 0.3)[-5000:])
    assert during < 0.2 * before
    assert after == pytest.approx(before, rel=0.05)


class Device:
    """A loudspeaker that keeps what it is given."""

    class OutputStream:
        latency = 0.01

        def __init__(self, *, callback, samplerate, channels, dtype, latency):
            assert (samplerate, channels, dtype) == (RATE_HZ, 1, "float32")
            self.fill, self.open = callback, False
            Device.stream = self

        def start(self):
            self.open = True

        def close(self):
            self.open = False

        def play(self, seconds):
            out = np.zeros((round(seconds * RATE_HZ), 1), dtype=np.float32)
            self.fill(out, len(out), None, None)
            return out[:, 0]

    @staticmethod
    def check_output_settings(**_):
        pass


def test_depth_is_told_once_a_repetition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", Device)
    heard = hum.opened(goal_deg=45.0)
    assert heard is not None
    sounds = []
    for depth_deg in (10.0, 50.0, 70.0, 44.0, 50.0, 10.0, 46.0, None):
        heard.follow({}, depth_deg)
        sounds.append(bool(Device.stream.play(0.3).any()))
    assert sounds == [False, True, False, False, False, False, True, False]
    heard.close()
    assert not Device.stream.open


def test_the_depth_tone_rises() -> None:
    tone = hum.rising().astype(float)
    first, last = np.split(tone[: len(tone) // 2 * 2], 2)
    assert np.mean(pitches(last)) > 1.2 * np.mean(pitches(first))


def test_ticks_go_through_the_same_loudspeaker() -> None:
    heard = Hum(Device, goal_deg=45.0)
    heard.tick(True)
    assert Device.stream.play(0.1).any()
    assert heard.latency_s == 0.01


@pytest.mark.parametrize("error", [OSError("PortAudio library not found"), RuntimeError("none")])
def test_without_a_loudspeaker_there_is_no_hum(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    class Nothing:
        @staticmethod
        def check_output_settings(**_):
            raise error

    monkeypatch.setitem(sys.modules, "sounddevice", Nothing)
    assert hum.opened(goal_deg=45.0) is None
