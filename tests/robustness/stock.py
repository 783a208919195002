"""Healthy little clips of a person, in every container and coding, to be damaged or not."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorTrc

SAMPLES = Path(__file__).parents[2] / "samples"
SIDE_PX = 160
RATE_HZ = 15

CONTAINERS = {
    "mp4": ("mp4", "libx264"),
    "mov": ("mov", "libx264"),
    "mkv": ("matroska", "libx264"),
    "webm": ("webm", "libvpx"),
    "avi": ("avi", "mpeg4"),
    "mts": ("mpegts", "libx264"),
    "mpg": ("mpeg", "mpeg2video"),
    "flv": ("flv", "flv1"),
    "3gp": ("3gp", "h263"),
    "wmv": ("asf", "wmv2"),
    "ogv": ("ogg", "libvpx"),
    "mjpg.avi": ("avi", "mjpeg"),
    "frag.mp4": ("mp4", "libx264"),
    "hevc.mp4": ("mp4", "libx265"),
}
"""By name: what PyAV calls the container, and the coding in it."""

_QUICK = {
    "libx264": {"preset": "ultrafast", "bf": "2", "threads": "1"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:pools=none"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12"},
    "prores_ks": {"profile": "0"},
}
_SIZES = {"h263": (176, 144), "libsvtav1": (176, 144)}


@cache
def pictures(sample: str = "mixed_right", first_s: float = 2.0, seconds: float = 1.4) -> np.ndarray:
    """Pictures (T, side, side, 3) of a sample, small, at `RATE_HZ`."""
    found = []
    with av.open(str(SAMPLES / f"{sample}.mp4")) as film:
        for frame in film.decode(video=0):
            time_s = frame.time or 0.0
            if time_s >= first_s + len(found) / RATE_HZ:
                small = frame.reformat(SIDE_PX, SIDE_PX, format="rgb24")
                found.append(small.to_ndarray())
            if len(found) >= seconds * RATE_HZ:
                break
    return np.array(found)


def encode(
    film: Sequence[np.ndarray] | np.ndarray,
    *,
    container: str = "mp4",
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    options: Mapping[str, str] | None = None,
    file_options: Mapping[str, str] | None = None,
    size: tuple[int, int] | None = None,
    rate_hz: Fraction | int = RATE_HZ,
    pts: Sequence[int] | None = None,
    unit: Fraction | None = None,
    aspect: Fraction | None = None,
    hdr: int | None = None,
    interlaced: bool = False,
    beside: int = 0,
    sound_s: float = 0.0,
) -> bytes:
    """RGB pictures as a file. `pts` count in `unit`; `beside` further streams show the same.

    `hdr` is the transfer function's number. `sound_s` of silence are put beside the film.
    """
    target = io.BytesIO()
    with av.open(target, "w", format=container, options=dict(file_options or {})) as out:
        streams = []
        for _ in range(1 + beside):
            stream = out.add_stream(codec, rate=rate_hz)
            assert isinstance(stream, av.VideoStream)
            context = stream.codec_context
            context.options = {**_QUICK.get(codec, {}), **(options or {})}
            context.thread_count = 1
            context.pix_fmt = pix_fmt
            context.width, context.height = size or _SIZES.get(codec, film[0].shape[1::-1])
            context.time_base = unit or 1 / Fraction(rate_hz)
            if aspect is not None:
                context.sample_aspect_ratio = aspect
            if interlaced:
                context.flags |= 0x20040000  # interlaced coding and motion estimation
            if hdr is not None:
                context.color_primaries = int(ColorPrimaries.BT2020)
                context.color_trc = hdr
            streams.append(stream)
        silent = None
        if sound_s:
            silent = out.add_stream(
                "libopus" if container in ("webm", "ogg") else "aac", rate=48000
            )
        for index, picture in enumerate(film):
            for stream in streams:
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture))
                frame = frame.reformat(stream.width, stream.height, format=pix_fmt)
                frame.time_base = stream.codec_context.time_base
                frame.pts = index if pts is None else pts[index]
                out.mux(stream.encode(frame))
        if silent is not None:
            for frame in _silence(sound_s):
                out.mux(silent.encode(frame))
            out.mux(silent.encode(None))
        for stream in streams:
            out.mux(stream.encode(None))
    return target.getvalue()


def _silence(seconds: float) -> Iterator[av.AudioFrame]:
    for start in range(0, round(seconds * 48000), 960):
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 960), np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate, frame.pts = 48000, start
        yield frame


@cache
def healthy(name: str) -> bytes:
    """One of `CONTAINERS`."""
    container, codec = CONTAINERS[name]
    file_options = {"movflags": "frag_keyframe+empty_moov"} if name == "frag.mp4" else None
    pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    rate = 25 if codec in ("mpeg2video",) else RATE_HZ
    return encode(
        pictures(),
        container=container,
        codec=codec,
        pix_fmt=pix_fmt,
        file_options=file_options,
        rate_hz=rate,
    )


HDR_TRANSFERS = (int(ColorTrc.SMPTE2084), int(ColorTrc.ARIB_STD_B67))
