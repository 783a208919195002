"""What is heard: a tick for every repetition, and cues when a voice is asked for.

Ticks are played by PortAudio where it is there (it comes with MediaPipe; on Linux it needs
libportaudio2), else by the terminal's bell: one for a good repetition, two for a fault. The voice
is a process of its own, so that a speech engine that hangs or crashes cannot harm a session.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.errors import UsageError
from hinge_dowel.verdict import FAULTS, Rep

RATE_HZ = 44_100
"""Samples a second: what every sound card plays."""
LOUDNESS = 0.35
"""Of a tick, of the loudest that there is."""
GOOD_HZ, FAULT_HZ = (1320.0,), (440.0, 330.0)
"""A good repetition ticks high and once, a fault low and twice: told apart without counting."""
TONE_S = 0.09
"""How long one tone of a tick lasts."""
AGAIN_AFTER = 3
"""The same cue is spoken again only after so many repetitions: nobody mends a fault in one."""
START_S = 20.0
"""A speech engine that is not there by then will not come."""


class Ticks(Protocol):
    """Plays a tick without waiting for its end."""

    def tick(self, good: bool) -> None:
        """The sound of a repetition."""


def tone(frequencies_hz: tuple[float, ...]) -> NDArray[np.float32]:
    """Short tones one after the other, each dying away: (N,), -1 to 1."""
    time = np.arange(round(RATE_HZ * TONE_S)) / RATE_HZ
    fade = np.minimum(time / 0.004, 1.0) * np.exp(-time / (TONE_S / 4))
    tones = [LOUDNESS * fade * np.sin(2 * np.pi * hz * time) for hz in frequencies_hz]
    return np.concatenate(tones).astype(np.float32)


class Played:
    """Ticks through the loudspeaker."""

    def __init__(self, device: Any) -> None:
        self._device = device
        self._tones = {True: tone(GOOD_HZ), False: tone(FAULT_HZ)}

    def tick(self, good: bool) -> None:
        """Play; a loudspeaker that was unplugged is not worth a session."""
        with suppress(Exception):
            self._device.play(self._tones[good], RATE_HZ)


class Bell:
    """Ticks by the terminal's bell."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def tick(self, good: bool) -> None:
        """Once for good, twice for a fault."""
        self._write("\a" if good else "\a\a")


class Silence:
    """No ticks."""

    def tick(self, good: bool) -> None:
        """Nothing."""


def ticks(bell: Callable[[str], object]) -> Ticks:
    """The best there is; `bell` writes to the terminal."""
    try:
        import sounddevice

        sounddevice.check_output_settings(samplerate=RATE_HZ, channels=1)
    except Exception:  # no PortAudio, no loudspeaker, no sound server: each fails its own way
        return Bell(bell)
    return Played(sounddevice)


class Cues:
    """Which cue to speak: at most one a repetition, worst fault first, not every time."""

    def __init__(self) -> None:
        self._last: str | None = None
        self._since = 0

    def after(self, rep: Rep) -> str | None:
        """The fault to speak of after a repetition, None to keep quiet."""
        self._since += 1
        fault = next((key for key in FAULTS if key in rep.faults), None)
        if fault is None:
            # A good one: should it come back, it is news again.
            self._last = None
            return None
        if fault == self._last and self._since < AGAIN_AFTER:
            return None
        self._last, self._since = fault, 0
        return fault


class Voice:
    """Speaks short sentences, the newest one; what could not be said in time is left out."""

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
        """Let it finish its sentence, then end it."""
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
    """A voice that is ready to speak. Raises `UsageError` where this machine has none."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    watchdog = _Watchdog(process)
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


class _Watchdog:
    """Ends a process that does not answer."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        import threading

        self._timer = threading.Timer(START_S, process.kill)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        self._timer.cancel()
