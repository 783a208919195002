"""`--hum`: the dowel made audible, for who looks down and cannot see the screen.

Three soft tones, one a place: low the sacrum, middle the upper back, high the head. Each is silent
while its place touches with margin, fades in as it nears its limit, and is loud and rough once it
has left. A short rising tone tells that the hinge is deep enough.

`voicing` and `Synthesis` are pure; `Hum` plays what they make through PortAudio.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.live.sound import FAULT_HZ, GOOD_HZ, RATE_HZ, loudspeaker, tone

Wave = NDArray[np.float32]

PITCH_HZ: Mapping[str, float] = {"sacrum": 196.0, "upper_back": 330.0, "head": 660.0}
"""G3, E4, E5: apart enough to be told from one another, and none too low for a laptop. A choice."""
HEARD_FROM_SHARE = 0.6
"""The share of its limit that a place has used up when its tone sets in: standing, angles scatter
by up to half of it."""
LOUD_AMPLITUDE = 0.25
"""Past the limit: three such tones and the rising one still stay below 1, where sound is cut."""
SOFT_AMPLITUDE = 0.10
"""At the limit, so that leaving it is heard as a leap. A choice."""
RISING_AMPLITUDE = 1.5 * SOFT_AMPLITUDE
"""Of the tone that tells depth, between the two others."""
ROUGHNESS_HZ = 70.0
"""Loudness that swings so often is heard as roughest (Fastl and Zwicker, Psychoacoustics, 2007)."""
GLIDE_S = 0.04
"""Loudness and roughness change over so long: no click, and nothing that is felt as late. A
choice."""
STALE_S = 0.6
"""Without news of the body for so long, all is silent: no pictures come, or nobody is there. A
choice."""
DUCKED_SHARE = 0.15
"""Share of its loudness that is left while the voice speaks. A choice."""
RISING_HZ = (500.0, 1000.0)
"""From where to where the tone that tells depth rises: an octave. A choice."""
RISING_S = 0.22
"""How long it takes. A choice."""
WORD_S = 0.4
"""A spoken word takes so long: 60 / 185 at `speech_process.PACE_WPM`, and part of a pause."""


@dataclass(frozen=True, slots=True)
class Voicing:
    """How one place sounds: pitch, amplitude (0 to 1), and roughness (0 smooth to 1 rough)."""

    pitch_hz: float
    loudness: float
    roughness: float


def voicing(place: str, used: float | None) -> Voicing:
    """How a place sounds that has used up this share of its limit.

    0 is touching as in standing, 1 the limit; more has left. None or NaN (not seen, not
    asked for) is silent, and so is a place that lies on the other side of the dowel.
    """
    pitch_hz = PITCH_HZ[place]
    if used is None or not used > HEARD_FROM_SHARE:
        return Voicing(pitch_hz, 0.0, 0.0)
    if used >= 1.0:
        return Voicing(pitch_hz, LOUD_AMPLITUDE, 1.0)
    near = (used - HEARD_FROM_SHARE) / (1.0 - HEARD_FROM_SHARE)
    return Voicing(pitch_hz, SOFT_AMPLITUDE * near**2, 0.0)


def rising() -> Wave:
    """The tone that tells depth: (N,), -1 to 1."""
    time = np.arange(round(RATE_HZ * RISING_S)) / RATE_HZ
    low, high = RISING_HZ
    phase = 2 * np.pi * (low * time + (high - low) * time**2 / (2 * RISING_S))
    loudness = RISING_AMPLITUDE * np.sin(np.pi * time / RISING_S) ** 2
    return (loudness * np.sin(phase)).astype(np.float32)


class Synthesis:
    """The sound itself, block by block; without clock, device or thread.

    `shares` says how each place stands from now on, `add` mixes in a wave of its own, `duck` makes
    room for a voice. `render` gives the next samples.
    """

    def __init__(self) -> None:
        self._wanted: dict[str, Voicing] = {place: voicing(place, None) for place in PITCH_HZ}
        self._loudness = dict.fromkeys(PITCH_HZ, 0.0)
        self._roughness = dict.fromkeys(PITCH_HZ, 0.0)
        self._at = 0
        self._news_at = 0
        self._ducked_until = 0
        self._room = 1.0
        self._waves: list[Wave] = []
        self._added: deque[Wave] = deque()  # by another thread than the one that renders

    def shares(self, used: Mapping[str, float | None]) -> None:
        """How much of its limit each place has used up; see `voicing`."""
        self._wanted = {place: voicing(place, used.get(place)) for place in PITCH_HZ}
        self._news_at = self._at

    def add(self, wave: Wave) -> None:
        """Mix in a wave from now on."""
        self._added.append(wave)

    def duck(self, seconds: float) -> None:
        """Keep low for so long."""
        self._ducked_until = self._at + round(seconds * RATE_HZ)

    def render(self, frames: int) -> Wave:
        """The next so many samples, -1 to 1."""
        if self._at - self._news_at > STALE_S * RATE_HZ:
            self._wanted = {place: voicing(place, None) for place in PITCH_HZ}
        time = (self._at + np.arange(frames)) / RATE_HZ
        swing = 0.5 - 0.5 * np.cos(2 * np.pi * ROUGHNESS_HZ * time)
        out = np.zeros(frames)
        for place, wanted in self._wanted.items():
            self._loudness[place], loud = _glide(self._loudness[place], wanted.loudness, frames)
            self._roughness[place], rough = _glide(self._roughness[place], wanted.roughness, frames)
            if loud.any():
                pure = np.sin(2 * np.pi * wanted.pitch_hz * time)
                out += loud * pure * (1.0 - rough * swing)
        room = DUCKED_SHARE if self._at < self._ducked_until else 1.0
        self._room, gain = _glide(self._room, room, frames)
        out *= gain
        while self._added:
            self._waves.append(self._added.popleft())
        waiting = []
        for wave in self._waves:
            part = wave[:frames]
            out[: len(part)] += part * gain[: len(part)]
            if len(wave) > frames:
                waiting.append(wave[frames:])
        self._waves = waiting
        self._at += frames
        return np.clip(out, -1.0, 1.0).astype(np.float32)


def _glide(now: float, wanted: float, frames: int) -> tuple[float, NDArray[np.float64]]:
    """From one value toward another at a speed that takes `GLIDE_S` from 0 to 1; the last value."""
    step = 1.0 / (GLIDE_S * RATE_HZ)
    way = now + np.sign(wanted - now) * step * np.arange(1, frames + 1)
    values = np.minimum(way, wanted) if wanted >= now else np.maximum(way, wanted)
    return (float(values[-1]) if frames else now), values


class Hum:
    """A hum that plays: through a stream of PortAudio, which asks for samples in its own thread.

    Ticks go through it too, as a loudspeaker may be open only once.
    """

    def __init__(self, device: Any, *, goal_deg: float) -> None:
        self._synthesis = Synthesis()
        self._goal_deg = goal_deg
        self._deep = False
        self._good, self._fault = tone(GOOD_HZ), tone(FAULT_HZ)
        self._stream = device.OutputStream(
            samplerate=RATE_HZ, channels=1, dtype="float32", latency="low", callback=self._fill
        )
        self._stream.start()

    def _fill(self, out: Any, frames: int, _time: object, _status: object) -> None:
        out[:, 0] = self._synthesis.render(frames)

    @property
    def latency_s(self) -> float:
        """How long a sample takes from here to the loudspeaker, as PortAudio says."""
        return float(self._stream.latency)

    def follow(self, used: Mapping[str, float | None], depth_deg: float | None) -> None:
        """The body now: shares of limits by place, and how deep the hips are bent.

        A rise through the goal is told once, and again after coming up well above it.
        """
        self._synthesis.shares(used)
        if depth_deg is None:
            return
        if not self._deep and depth_deg >= self._goal_deg:
            self._deep = True
            self._synthesis.add(rising())
        elif self._deep and depth_deg < self._goal_deg / 2:
            self._deep = False

    def quiet(self) -> None:
        """Nothing to follow: nobody moves."""
        self._synthesis.shares({})

    def tick(self, good: bool) -> None:
        """The sound of a repetition."""
        self._synthesis.add(self._good if good else self._fault)

    def make_room(self, words: str) -> None:
        """Keep low while these words are spoken."""
        self._synthesis.duck(WORD_S * (len(words.split()) + 1))

    def close(self) -> None:
        """Let go of the loudspeaker; one that was unplugged is gone already."""
        with suppress(Exception):
            self._stream.close()


def opened(goal_deg: float) -> Hum | None:
    """A hum that plays, None where this machine has no loudspeaker.

    `goal_deg` is the hip flexion from which on a hinge is deep enough.
    """
    device = loudspeaker()
    if device is not None:
        with suppress(Exception):  # the loudspeaker may be taken by another program
            return Hum(device, goal_deg=goal_deg)
    return None
