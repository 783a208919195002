"""Footage for the benchmark, made from samples/: at 30 pictures a second, looped, enlarged."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av

RATE_HZ = 30


def looped(source: Path, target: Path, least_s: float = 0.0) -> float:
    """Copy a film without re-encoding it, shown at 30 Hz, as often as `least_s` takes; its length.

    Once at least.
    """
    with av.open(str(source)) as film:
        stream = film.streams.video[0]
        step = 1 / (stream.average_rate * stream.time_base)
        packets = [
            (round(p.pts / step), round(p.dts / step), p.is_keyframe, bytes(p))
            for p in film.demux(stream)
            if p.size
        ]
        rounds = max(1, -(-round(least_s * RATE_HZ) // len(packets)))
        with av.open(str(target), "w") as copy:
            out = copy.add_stream_from_template(stream)
            unit = Fraction(1, RATE_HZ)
            for start in range(0, rounds * len(packets), len(packets)):
                for pts, dts, key, data in packets:
                    packet = av.Packet(data)
                    packet.stream, packet.time_base = out, unit
                    packet.pts, packet.dts, packet.is_keyframe = pts + start, dts + start, key
                    copy.mux(packet)
    return rounds * len(packets) / RATE_HZ


def enlarged(source: Path, target: Path, height_px: int) -> None:
    """Encode a film again with pictures `height_px` high, as a phone does: H.264, 10 Mbit/s."""
    with av.open(str(source)) as film, av.open(str(target), "w") as copy:
        stream = film.streams.video[0]
        out = copy.add_stream("libx264", rate=RATE_HZ, options={"preset": "veryfast", "crf": "23"})
        out.height = height_px
        out.width = round(stream.width * height_px / stream.height / 2) * 2
        out.pix_fmt = "yuv420p"
        for frame in film.decode(stream):
            large = frame.reformat(out.width, out.height, interpolation="BICUBIC")
            copy.mux(out.encode(large))
        copy.mux(out.encode(None))
