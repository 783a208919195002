"""Sounds of a session: a tick for every repetition, and spoken cues when a voice is asked for.

Ticks are played by PortAudio where it is installed (it comes with MediaPipe; on Linux it needs
libportaudio2), else by the terminal's bell: one for a good repetition, two for a fault. The voice
is a process of its own, so that a speech engine that hangs or crashes cannot harm a session.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.errors import UsageError
from hinge_dowel.verdict import Rep

RATE_HZ = 44_100
"""Samples a second, at which every sound card plays."""
TICK_AMPLITUDE = 0.35
"""Amplitude of a tick, where 1 is the loudest possible. A choice."""
GOOD_HZ = (1320.0,)
FAULT_HZ = (440.0, 330.0)
"""Pitches of the ticks: high and once (E6) for a good repetition, low and twice (A4, E4) for a
fault, distinct without counting. A choice."""
TONE_S = 0.09
"""Length of one tone of a tick. A choice: short as a tick, and long enough to have a pitch."""
ATTACK_S = 0.004
"""Time in which a tone fades in, so that it does not begin with a click. A choice."""
AGAIN_AFTER_REPS = 3
"""A cue is repeated only after this many repetitions: faults are rarely mended in one. A choice."""
START_S = 20.0
"""Time-out for a speech engine to start. A choice of patience."""


Ticks = Callable[[bool], object]
"""Plays the tick of a good repetition (True) or a faulty one, without waiting for its end."""


def tone(frequencies_hz: tuple[float, ...]) -> NDArray[np.float32]:
    """Return short tones one after the other, each fading out: (N,), -1 to 1."""
    time = np.arange(round(RATE_HZ * TONE_S)) / RATE_HZ
    fade = np.minimum(time / ATTACK_S, 1.0) * np.exp(-time / (TONE_S / 4))
    tones = [TICK_AMPLITUDE * fade * np.sin(2 * np.pi * hz * time) for hz in frequencies_hz]
    return np.concatenate(tones).astype(np.float32)


def tick_waves() -> dict[bool, NDArray[np.float32]]:
    """Return the sound of a tick, by whether the repetition was good."""
    return {True: tone(GOOD_HZ), False: tone(FAULT_HZ)}


def loudspeaker() -> Any:
    """Return the `sounddevice` module, None where this machine has no loudspeaker."""
    try:
        import sounddevice

        sounddevice.check_output_settings(samplerate=RATE_HZ, channels=1)
    except Exception:  # no PortAudio, no loudspeaker, no sound server: each fails its own way
        return None
    return sounddevice


def ticks(bell: Callable[[str], object]) -> Ticks:
    """Return a player of ticks: the loudspeaker, or else `bell`, which writes to the terminal."""
    device = loudspeaker()
    if device is None:
        return lambda good: bell("\a" if good else "\a\a")
    waves = tick_waves()

    def play(good: bool) -> None:
        with suppress(Exception):  # an unplugged loudspeaker must not end the session
            device.play(waves[good], RATE_HZ)

    return play


class Cues:
    """Decides which cue to speak: at most one per repetition, worst fault first, not every time."""

    def __init__(self) -> None:
        self._last: str | None = None
        self._since = 0

    def after(self, rep: Rep) -> str | None:
        """Return the fault to speak of after a repetition, None for silence."""
        self._since += 1
        fault = next(iter(rep.faults), None)
        if fault is None:
            # After a good repetition the fault is news again.
            self._last = None
            return None
        if fault == self._last and self._since < AGAIN_AFTER_REPS:
            return None
        self._last, self._since = fault, 0
        return fault


class Voice:
    """Speaks short sentences; of those that wait, only the newest."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def say(self, words: str) -> None:
        """Speak, without waiting."""
        pipe = self._process.stdin
        if pipe is not None and self._process.poll() is None:
            with suppress(OSError, ValueError):
                pipe.write(" ".join(words.split()) + "\n")
                pipe.flush()

    def close(self, *, wait_s: float = 4.0) -> None:
        """Let the process finish its sentence for up to `wait_s` seconds, then end it."""
        with suppress(OSError, ValueError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        try:
            self._process.wait(wait_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        finally:
            if self._process.stdout is not None:
                self._process.stdout.close()


def voice(
    command: tuple[str, ...] = (sys.executable, "-m", "hinge_dowel.live.speech_process"),
) -> Voice:
    """Return a voice that is ready to speak. Raises `UsageError` where this machine has none."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    watchdog = threading.Timer(START_S, process.kill)
    watchdog.daemon = True
    watchdog.start()
    assert process.stdout is not None
    answer = process.stdout.readline().strip()
    watchdog.cancel()
    spoken = Voice(process)
    if answer != "ready":
        spoken.close(wait_s=0.5)
        raise UsageError(
            "--voice finds nothing that speaks on this machine: install a speech engine (Debian "
            "and Ubuntu: apt-get install espeak-ng), or leave it out."
        )
    return spoken
