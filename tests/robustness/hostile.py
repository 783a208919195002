"""Hostile and broken clips, by kind: each maker draws one from a seeded generator."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import numpy as np
from robustness.stock import CONTAINERS, HDR_TRANSFERS, encode, healthy, pictures


@dataclass(frozen=True)
class Made:
    """One case: a file's content, or what is `special` about its place in the file system.

    `readable`: the program has no excuse not to read it. `name` takes the place of the plain one.
    `named`: given by itself on the command line, since a search of a folder does not list it.
    """

    data: bytes = b""
    suffix: str = ".mp4"
    readable: bool = False
    name: bytes | None = None
    special: str = ""
    named: bool = False


Maker = Callable[[Random], Made]
KINDS: dict[str, Maker] = {}


def kind(maker: Maker) -> Maker:
    KINDS[maker.__name__.replace("_", " ")] = maker
    return maker


def any_container(rng: Random) -> tuple[bytes, str]:
    name = rng.choice(sorted(CONTAINERS))
    return healthy(name), "." + name.rpartition(".")[2]


# -- bytes ----------------------------------------------------------------------------------------


@kind
def bit_flips(rng: Random) -> Made:
    data, suffix = any_container(rng)
    broken = bytearray(data)
    # Half of them in the first part, where most formats keep what everything rests on.
    end = len(broken) if rng.random() < 0.5 else min(len(broken), 2000)
    for _ in range(round(10 ** rng.uniform(0, 3.3))):
        broken[rng.randrange(end)] ^= 1 << rng.randrange(8)
    return Made(bytes(broken), suffix)


@kind
def truncations(rng: Random) -> Made:
    data, suffix = any_container(rng)
    first, last = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    how = rng.randrange(4)
    cut = (data[:first], data[first:], data[:first] + data[last:], data[:first] + data)[how]
    return Made(cut, suffix)


@kind
def swapped_headers(rng: Random) -> Made:
    one, suffix = any_container(rng)
    other, _ = any_container(rng)
    how = rng.randrange(3)
    if how == 0:
        size = rng.choice((4, 12, 64, 512, 4096))
        return Made(other[:size] + one[size:], suffix)
    data = bytearray(healthy("mp4"))
    boxes = [b"ftyp", b"moov", b"mdat", b"trak", b"stbl", b"stsz", b"stco", b"stsc", b"avcC"]
    if how == 1:
        a, b = rng.sample(boxes, 2)
        at = data.find(a), data.find(b)
        data[at[0] : at[0] + 4], data[at[1] : at[1] + 4] = b, a
    else:  # a box that says it is far longer or shorter than it is
        at = data.find(rng.choice(boxes))
        data[at - 4 : at] = struct.pack(">I", rng.choice((0, 1, 7, 2**31, 2**32 - 1)))
    return Made(bytes(data))


_MAGIC = (
    b"",
    b"\0\0\0\x18ftypmp42",
    b"\x1aE\xdf\xa3",
    b"RIFF\xff\xff\xff\xffAVI LIST",
    b"OggS",
    b"FLV\x01\x05",
    b"G" * 188,
    b"\0\0\x01\xba",
    b"DKIF\0\0 \0AV01",
    b"\xff\xd8\xff\xe0",
)


@kind
def garbage(rng: Random) -> Made:
    magic = rng.choice(_MAGIC)
    size = rng.choice((0, 1, 17, 1000, 100_000, 2_000_000))
    sync = b"G\0\0\x10" * (size // 4)
    body = rng.choice((rng.randbytes(size), bytes(size), b"\xff" * size, sync))
    suffix = rng.choice((".mp4", ".mkv", ".avi", ".webm", ".flv", ".mpg", ".mts"))
    return Made(magic + body, suffix)


# -- what headers say -----------------------------------------------------------------------------

_LARGE = (0, 1, 2, 0x7FFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1)


def patched(box: bytes, at: int, *numbers: int, data: bytes | None = None, size: int = 4) -> bytes:
    """An MP4 with unsigned numbers written `at` so many bytes after the name of a box."""
    whole = bytearray(healthy("mp4") if data is None else data)
    found = whole.index(box) + 4 + at
    for number in numbers:
        whole[found : found + size] = (number % (1 << 8 * size)).to_bytes(size, "big")
        found += size
    return bytes(whole)


@kind
def wrong_durations(rng: Random) -> Made:
    value = rng.choice((*_LARGE, rng.randrange(2**32)))
    box, at = rng.choice(((b"mvhd", 16), (b"tkhd", 20), (b"mdhd", 16)))
    return Made(patched(box, at, value), rng.choice((".mp4", ".mov")), readable=True)


_SIZES = ((1, 1), (2, 2), (16, 16), (641, 359), (2, 2000), (4096, 2), (3, 4001))
_SIZES += ((4320, 7680), (7680, 4320), (8192, 16), (16, 8192))


@kind
def absurd_sizes(rng: Random) -> Made:
    how = rng.randrange(5)
    if how == 0:
        at = rng.choice((76, 80))  # width and height on display
        return Made(patched(b"tkhd", at, rng.choice(_LARGE)))
    if how == 1:
        return Made(patched(b"avc1", 24, rng.choice(_LARGE), rng.choice(_LARGE), size=2))
    if how == 2:  # the picture's size as the coding has it
        data = bytearray(healthy(rng.choice(("mp4", "avi", "webm", "mpg", "flv", "3gp"))))
        at = rng.randrange(min(len(data) - 40, 1500))
        data[at : at + 4] = rng.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\x7f\xff"))
        return Made(bytes(data))
    if how == 3:
        aspect = rng.choice((Fraction(1, 1000), Fraction(1000, 1), Fraction(65535, 1)))
        return Made(encode(pictures()[:6], aspect=aspect))
    size = rng.choice(_SIZES)
    odd = size[0] % 2 or size[1] % 2
    codec, pix_fmt = ("ffv1", "bgr0") if odd else ("libx264", "yuv420p")
    return Made(
        encode(pictures()[:4], size=size, codec=codec, pix_fmt=pix_fmt, container="matroska"),
        ".mkv",
        readable=True,
    )


@kind
def absurd_rates(rng: Random) -> Made:
    how = rng.randrange(3)
    if how == 0:
        return Made(patched(b"mdhd", 12, rng.choice((*_LARGE, rng.randrange(2**32)))))
    if how == 1:  # how long each picture lasts
        return Made(patched(b"stts", 12, rng.choice((*_LARGE, rng.randrange(2**32)))))
    rate = rng.choice([Fraction(rate) for rate in ("1/100", "1/7", "240", "1000", "9000")])
    return Made(encode(pictures(), rate_hz=rate, container="matroska"), ".mkv", readable=True)


@kind
def ten_bit(rng: Random) -> Made:
    codec, pix_fmt, container = rng.choice(
        (
            ("libx264", "yuv420p10le", "mp4"),
            ("libx264", "yuv422p10le", "mov"),
            ("libx264", "yuv444p10le", "matroska"),
            ("libx264", "gray10le", "matroska"),
            ("libx264", "gray", "mp4"),
            ("libx265", "yuv420p10le", "mp4"),
            ("libx265", "yuv420p12le", "matroska"),
            ("prores_ks", "yuv422p10le", "mov"),
            ("ffv1", "yuv420p16le", "matroska"),
            ("ffv1", "gray16le", "avi"),
            ("qtrle", "argb", "mov"),
            ("libvpx-vp9", "yuv420p", "webm"),
        )
    )
    film = pictures()[: rng.randint(8, 21)]
    return Made(encode(film, codec=codec, pix_fmt=pix_fmt, container=container), readable=True)


@kind
def hdr(rng: Random) -> Made:
    codec = rng.choice(("libx264", "libx265"))
    transfer = rng.choice(HDR_TRANSFERS)
    return Made(encode(pictures(), codec=codec, pix_fmt="yuv420p10le", hdr=transfer), readable=True)


@kind
def interlaced(rng: Random) -> Made:
    if rng.random() < 0.5:
        order = rng.choice(("tff=1", "bff=1"))
        data = encode(pictures(), interlaced=True, options={"x264-params": order})
        return Made(data, readable=True)
    codec = rng.choice(("mpeg2video", "mpeg4"))
    container = "mpegts" if codec == "mpeg2video" else "avi"
    data = encode(pictures(), interlaced=True, codec=codec, container=container, rate_hz=25)
    return Made(data, ".mts" if container == "mpegts" else ".avi", readable=True)


# -- time -----------------------------------------------------------------------------------------


@kind
def variable_rate(rng: Random) -> Made:
    times = np.cumsum([rng.choice((1, 2, 33, 66, 67, 400, 5000)) for _ in pictures()])
    container = rng.choice(("mp4", "matroska"))
    data = encode(pictures(), container=container, pts=times.tolist(), unit=Fraction(1, 1000))
    return Made(data, readable=True)


_TURNS = ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0), (-1, 0, 0, 1), (0, 1, 1, 0))
_TURNS += ((0, 0, 0, 0), (5, 5, -5, 5))
# Upright, quarter turns, mirrored; nothing, and 45 degrees at seven times the size.


@kind
def rotated(rng: Random) -> Made:
    one = 1 << 16
    wild = tuple(rng.randrange(2**32) for _ in range(4))
    quarter = rng.choice((*(tuple(n * one for n in turn) for turn in _TURNS), wild))
    a, b, c, d = quarter
    data = patched(b"tkhd", 40, a, b, 0, c, d, 0, 0, 0, 1 << 30)
    return Made(data, rng.choice((".mp4", ".mov")), readable=True)


@kind
def timestamps(rng: Random) -> Made:
    """Negative, repeated and leaping times."""
    how = rng.randrange(4)
    if how == 0:  # all pictures at once
        return Made(patched(b"stts", 12, 0))
    if how == 1 and b"ctts" in healthy("mp4"):
        data = bytearray(healthy("mp4"))
        at = data.index(b"ctts") + 12
        count = struct.unpack(">I", data[at - 4 : at])[0]
        for entry in range(count):
            shift = rng.choice((0, -1, -(2**31), 2**31 - 1, rng.randrange(2**32)))
            data[at + 8 * entry + 4 : at + 8 * entry + 8] = struct.pack(">I", shift % 2**32)
        return Made(bytes(data))
    if how == 2:  # a transport stream's clock goes wild
        data = bytearray(healthy("mts"))
        for start in range(0, len(data) - 188, 188):
            found = data.find(b"\0\0\x01\xe0", start, start + 188)
            if 0 <= found < len(data) - 14 and rng.random() < 0.5:
                data[found + 9 : found + 14] = rng.choice(
                    (b"\x21\0\x01\0\x01", b"\x2f\xff\xff\xff\xff", data[found + 9 : found + 14])
                )
        return Made(bytes(data), ".mts")
    start = rng.choice((-(10**6), -3, 0, 10**9))
    times = [start + k for k in range(len(pictures()))]
    data = encode(
        pictures(),
        container=rng.choice(("matroska", "mov")),
        pts=times,
        file_options={"avoid_negative_ts": "disabled"},
    )
    return Made(data, ".mkv")


@kind
def edit_lists(rng: Random) -> Made:
    data = healthy("mp4")
    length = rng.choice((0, 1, 500, 2**32 - 1))
    first = rng.choice((-1, 0, 1024, 20000, 2**31 - 1, rng.randrange(2**32)))
    rate = rng.choice((0x10000, 0, 0x8000, 0x20000, -0x10000, 2**32 - 1))
    if rng.random() < 0.2:
        return Made(patched(b"elst", 4, rng.choice(_LARGE), data=data))  # so many entries
    return Made(patched(b"elst", 8, length, first, rate, data=data))


# -- streams --------------------------------------------------------------------------------------


@kind
def many_streams(rng: Random) -> Made:
    count = rng.choice((1, 2, 8, 30))
    film = pictures()[:12]
    return Made(
        encode(film, container=rng.choice(("mp4", "matroska")), beside=count), readable=True
    )


@kind
def long_sound(rng: Random) -> Made:
    container, suffix = rng.choice((("mp4", ".mp4"), ("matroska", ".mkv"), ("mov", ".mov")))
    seconds = rng.choice((3.0, 20.0, 60.0))
    return Made(encode(pictures(), container=container, sound_s=seconds), suffix, readable=True)


@kind
def changing_pictures(rng: Random) -> Made:
    """Size, coding and form change midway, as where streams are joined."""
    parts = [
        encode(
            pictures()[:10],
            container="mpegts",
            size=rng.choice(((160, 160), (320, 176), (64, 200), (1280, 720))),
            codec=(codec := rng.choice(("libx264", "mpeg2video"))),
            rate_hz=25 if codec == "mpeg2video" else 15,
            pix_fmt=rng.choice(("yuv420p", "yuv422p")),
        )
        for _ in range(rng.randint(2, 4))
    ]
    return Made(b"".join(parts), ".mts")


@kind
def still_pictures(rng: Random) -> Made:
    count = rng.choice((1, 2, 3, 30, 300))
    shade = rng.randrange(256)
    picture = rng.choice((pictures()[0], np.full((96, 128, 3), shade, np.uint8)))
    codec, container = rng.choice((("libx264", "mp4"), ("mpeg4", "avi"), ("png", "mov")))
    pix_fmt = "rgb24" if codec == "png" else "yuv420p"
    film = [picture] * (min(count, 30) if codec == "png" else count)
    return Made(encode(film, codec=codec, container=container, pix_fmt=pix_fmt), f".{container}")
