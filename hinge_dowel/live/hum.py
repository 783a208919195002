"""`--hum`: the dowel made audible, for people who look down and cannot see the screen.

Three soft tones, one per place: low for the sacrum, middle for the upper back, high for the head.
Each is silent while its place touches with margin, fades in as it nears its limit, and is loud and
rough once it has left. A short rising tone says that the hinge is deep enough.

`voicing` and `Synthesis` are pure; `Hum` plays their samples through PortAudio.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.array_types import Array
from hinge_dowel.live.sound import RATE_HZ, loudspeaker, tick_waves

Wave = NDArray[np.float32]

PITCH_HZ: Mapping[str, float] = {"sacrum": 196.0, "upper_back": 330.0, "head": 660.0}
"""Pitch by place: G3, E4, E5, far enough apart to be told from one another, and none too low for a
laptop's loudspeaker. A choice."""
HEARD_FROM_SHARE = 0.6
"""A place's tone sets in once it has used up this share of its limit: while standing, angles
scatter by up to half of the limit."""
LOUD_AMPLITUDE = 0.25
"""Amplitude past the limit: three such tones and the rising one stay below 1, where sound clips."""
SOFT_AMPLITUDE = 0.10
"""Amplitude just before the limit, so that passing it is heard as a leap. A choice."""
RISING_AMPLITUDE = 1.5 * SOFT_AMPLITUDE
"""Amplitude of the rising tone, between the two others."""
ROUGHNESS_HZ = 70.0
"""Amplitude modulation at this rate is heard as roughest (Fastl and Zwicker, Psychoacoustics,
2007)."""
GLIDE_S = 0.04
"""Time in which loudness and roughness go from 0 to 1: no click, and not felt as late. A choice."""
STALE_S = 0.6
"""Without news of the body for this long all tones fall silent. A choice."""
DUCKED_SHARE = 0.15
"""Share of the loudness that is left while the voice speaks. A choice."""
RISING_HZ = (500.0, 1000.0)
"""First and last pitch of the rising tone: an octave. A choice."""
RISING_S = 0.22
"""Length of the rising tone. A choice."""
WORD_S = 0.4
"""Assumed time of a spoken word: 60 / 185 at `speech_process.PACE_WPM`, and part of a pause."""


def voicing(used: float | None) -> tuple[float, float]:
    """Return amplitude (0 to 1) and roughness (0 smooth, 1 rough) of a place's tone.

    `used` is the share of its limit that it has used up: 0 is touching as in standing, 1 is the
    limit, more has left. None and NaN (not seen, not asked for) are silent.
    """
    if used is None or not used > HEARD_FROM_SHARE:
        return 0.0, 0.0
    if used >= 1.0:
        return LOUD_AMPLITUDE, 1.0
    near = (used - HEARD_FROM_SHARE) / (1.0 - HEARD_FROM_SHARE)
    return SOFT_AMPLITUDE * near**2, 0.0


def rising() -> Wave:
    """Return the rising tone, which says that the hinge is deep enough: (N,), -1 to 1."""
    time = np.arange(round(RATE_HZ * RISING_S)) / RATE_HZ
    low, high = RISING_HZ
    phase = 2 * np.pi * (low * time + (high - low) * time**2 / (2 * RISING_S))
    loudness = RISING_AMPLITUDE * np.sin(np.pi * time / RISING_S) ** 2
    return (loudness * np.sin(phase)).astype(np.float32)


class Synthesis:
    """Makes the sound block by block; without clock, device or thread.

    `shares` sets the places' tones from now on, `add` mixes in another wave, `duck` makes room for
    a voice; `render` returns the next samples.
    """

    def __init__(self) -> None:
        self._used: Mapping[str, float | None] = {}
        self._loudness = dict.fromkeys(PITCH_HZ, 0.0)
        self._roughness = dict.fromkeys(PITCH_HZ, 0.0)
        self._at = 0
        self._news_at = 0
        self._ducked_until = 0
        self._room = 1.0
        self._waves: list[Wave] = []
        self._added: deque[Wave] = deque()  # by another thread than the one that renders

    def shares(self, used: Mapping[str, float | None]) -> None:
        """Set the share of its limit that each place has used up; see `voicing`."""
        self._used = used
        self._news_at = self._at

    def add(self, wave: Wave) -> None:
        """Mix in a wave (N,), beginning with the next block."""
        self._added.append(wave)

    def duck(self, seconds: float) -> None:
        """Lower the loudness for `seconds`."""
        self._ducked_until = self._at + round(seconds * RATE_HZ)

    def render(self, frames: int) -> Wave:
        """Return the next `frames` samples, -1 to 1."""
        if self._at - self._news_at > STALE_S * RATE_HZ:
            self._used = {}
        time = (self._at + np.arange(frames)) / RATE_HZ
        swing = 0.5 - 0.5 * np.cos(2 * np.pi * ROUGHNESS_HZ * time)
        out = np.zeros(frames)
        for place, pitch_hz in PITCH_HZ.items():
            loudness, roughness = voicing(self._used.get(place))
            self._loudness[place], loud = _glide(self._loudness[place], loudness, frames)
            self._roughness[place], rough = _glide(self._roughness[place], roughness, frames)
            if loud.any():
                pure = np.sin(2 * np.pi * pitch_hz * time)
                out += loud * pure * (1.0 - rough * swing)
        room = DUCKED_SHARE if self._at < self._ducked_until else 1.0
        self._room, gain = _glide(self._room, room, frames)
        out *= gain
        while self._added:
            self._waves.append(self._added.popleft())
        for wave in self._waves:
            part = wave[:frames]
            out[: len(part)] += part * gain[: len(part)]
        self._waves = [wave[frames:] for wave in self._waves if len(wave) > frames]
        self._at += frames
        return np.clip(out, -1.0, 1.0).astype(np.float32)


def _glide(now: float, wanted: float, frames: int) -> tuple[float, Array]:
    """Move a value toward `wanted` by 1 in `GLIDE_S`; return its last value, and all (frames,)."""
    step = 1.0 / (GLIDE_S * RATE_HZ)
    reach = step * np.arange(1, frames + 1)
    values = now + np.clip(wanted - now, -reach, reach)
    return (float(values[-1]) if frames else now), values


class Hum:
    """Plays the hum through PortAudio, which asks for samples in a thread of its own.

    Ticks are mixed in too, as a loudspeaker may be opened only once.
    """

    def __init__(self, device: Any, *, goal_deg: float) -> None:
        self._synthesis = Synthesis()
        self._goal_deg = goal_deg
        self._deep = False
        self._ticks = tick_waves()
        self._stream = device.OutputStream(
            samplerate=RATE_HZ, channels=1, dtype="float32", latency="low", callback=self._fill
        )
        self._stream.start()

    def _fill(self, out: Any, frames: int, _time: object, _status: object) -> None:
        out[:, 0] = self._synthesis.render(frames)

    @property
    def latency_s(self) -> float:
        """Time from here to the loudspeaker in seconds, as PortAudio reports it."""
        return float(self._stream.latency)

    def follow(self, used: Mapping[str, float | None], hip_flexion_deg: float | None) -> None:
        """Take in the body now: shares of limits by place, and hip flexion.

        The rising tone sounds when hip flexion reaches the goal, and again only after it has gone
        below half the goal.
        """
        self._synthesis.shares(used)
        if hip_flexion_deg is None:
            return
        if not self._deep and hip_flexion_deg >= self._goal_deg:
            self._deep = True
            self._synthesis.add(rising())
        elif self._deep and hip_flexion_deg < self._goal_deg / 2:
            self._deep = False

    def tick(self, good: bool) -> None:
        """Play the sound of a finished repetition, by whether it was good."""
        self._synthesis.add(self._ticks[good])

    def make_room(self, words: str) -> None:
        """Lower the loudness while `words` are spoken."""
        self._synthesis.duck(WORD_S * (len(words.split()) + 1))

    def close(self) -> None:
        """Release the loudspeaker; one that was unplugged is gone already."""
        with suppress(Exception):
            self._stream.close()


def opened(goal_deg: float) -> Hum | None:
    """Return a hum that plays, None where this machine has no free loudspeaker.

    `goal_deg` is the hip flexion at which a hinge is deep enough.
    """
    device = loudspeaker()
    if device is not None:
        with suppress(Exception):  # the loudspeaker may be taken by another program
            return Hum(device, goal_deg=goal_deg)
    return None
