"""Hostile files that are no films, places that are no files, and names: more kinds of cases."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from random import Random

import numpy as np
from PIL import Image
from robustness.hostile import Made, kind
from robustness.stock import healthy, pictures


def _image(form: str, rng: Random) -> bytes:
    target = io.BytesIO()
    images = [Image.fromarray(picture) for picture in pictures()[: rng.randint(1, 6)]]
    moves = form in ("GIF", "WEBP", "TIFF")
    images[0].save(
        target, form, **({"save_all": True, "append_images": images[1:]} if moves else {})
    )
    return target.getvalue()


@kind
def images(rng: Random) -> Made:
    if rng.random() < 0.15:
        size = struct.pack(">II", 60000, 60000)
        bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size + b"\x08\x02\0\0\0"
        return Made(bomb + bytes(4) + rng.randbytes(500))
    if rng.random() < 0.15:
        drawn = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
        return Made(drawn)
    form = rng.choice(("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "TGA", "PPM"))
    suffix = rng.choice((".mp4", ".avi", f".{form.lower()}"))
    return Made(_image(form, rng), suffix, named=suffix not in (".mp4", ".avi"))


@kind
def archives(rng: Random) -> Made:
    target = io.BytesIO()
    inside = rng.choice((healthy("mp4"), bytes(20_000_000), b"x"))
    if rng.random() < 0.5:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("../../clip.mp4", inside)
    else:
        with tarfile.open(fileobj=target, mode="w:gz", compresslevel=1) as archive:
            entry = tarfile.TarInfo("/clip.mp4")
            entry.size = len(inside)
            archive.addfile(entry, io.BytesIO(inside))
    suffix = rng.choice((".mp4", ".mov", ".zip", ".npz"))
    return Made(target.getvalue(), suffix, named=suffix in (".zip", ".npz"))


_TEXTS = (
    b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///dev/zero\n#EXT-X-ENDLIST\n",
    b"ffconcat version 1.0\nfile /dev/urandom\n",
    b"ffconcat version 1.0\nfile '/etc/passwd'\n",
    b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n",
    b'<?xml version="1.0"?><MPD><Period><BaseURL>http://127.0.0.1:9/</BaseURL></Period></MPD>',
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    b"<html><script>alert(1)</script></html>",
    b"1\n00:00:00,000 --> 00:00:09,000\nHello\n",
    b"%PDF-1.7\n%\xe2\xe3\n1 0 obj<</Type/Catalog>>endobj\n",
    b"WEBVTT\n\n00:00.000 --> 00:09.000\nHello\n",
    b"cposix\nsystem\n(S'true'\ntR.",
    b"import os\n",
)


@kind
def texts(rng: Random) -> Made:
    text = rng.choice(_TEXTS)
    return Made(text * rng.choice((1, 1, 50)), rng.choice((".mp4", ".mov", ".mkv")))


@kind
def keypoints(rng: Random) -> Made:
    """Files that claim to hold keypoints."""
    suffix = rng.choice((".trc", ".csv", ".json", ".npz"))
    whole = io.BytesIO()
    if suffix == ".npz":
        np.savez(whole, landmarks=np.random.default_rng(rng.randrange(99)).normal(size=(40, 33, 4)))
    elif suffix == ".json":
        row = "[" + "[0.5, 0.5, 0.0, 1.0]," * 33 + "[]]"
        deep = "[" * rng.choice((3, 100_000))
        odd = rng.choice((row, deep, '{"people": 1e999}', "NaN", '{"landmarks": [[]]}'))
        whole.write(odd.encode())
    elif suffix == ".csv":
        head = ",".join(f"left_hip_{axis}" for axis in "xy")
        whole.write((head + "\n1,nan\n1e400,-\n" * rng.randint(1, 200)).encode())
    else:
        frames = rng.choice((0, -1, 10**18))
        whole.write(b"PathFileType\t4\t(X/Y/Z)\tx.trc\nDataRate\tCameraRate\tNumFrames\n")
        whole.write(f"30\t30\t{frames}\nFrame#\tTime\tHip\n1\t0\t1\t2\t3\n".encode())
    data = bytearray(whole.getvalue())
    for _ in range(rng.randrange(20)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    end = rng.choice((len(data), rng.randrange(len(data))))
    return Made(bytes(data[:end]), suffix, named=True)


# -- places and names -----------------------------------------------------------------------------

SPECIALS = ("fifo", "socket", "link /dev/zero", "link /dev/urandom", "link /dev/null", "folder")
SPECIALS += ("loop", "link nowhere", "link ..", "sparse", "empty")


@kind
def special_files(rng: Random) -> Made:
    """Pipes, devices, folders, loops of links: named by themselves, or found in the folder."""
    special = rng.choice(SPECIALS)
    # Where there is nothing to name, a command line that names it ends at once: tested apart.
    given = special in ("fifo", "socket") or special.startswith("link /dev")
    suffix = rng.choice((".mp4", ".mp4", ".trc", ".json")) if given else ".mp4"
    named = given and (suffix != ".mp4" or rng.random() < 0.5)
    return Made(special=special, suffix=suffix, named=named)


_NAMES = (
    b"two  spaces ",
    b" leading",
    b"line\nbreak\r",
    "\N{SNAKE}\U0001f938\N{ZERO WIDTH JOINER}\N{FEMALE SIGN}".encode(),
    b"<script>alert(1)</script>".replace(b"/", b"\\"),
    b"\"'><img src=x onerror=alert(1)>",
    b"&lt;b&gt;{{ 7*7 }}{% raw %}",
    b"\xff\xfe invalid \x80",
    b"-rf",
    b"--out=x",
    b"%05d%s%n",
    b"a*?[b-c]",
    b"http:\\\\example.org\\",
    b"concat:a|b",
    b"pipe:0",
    b"\x1b[31mred\x1b]0;title\x07",
    "\N{RIGHT-TO-LEFT OVERRIDE}4pm.".encode(),
    b"[bold red]markup[\\]",
    b"$(touch x)`touch y`;touch z",
    b'comma, "quote"; =1+1',
    b"tab\tbell\x07null\x01",
    b"x" * 230,
    "\N{LATIN SMALL LETTER E}\N{COMBINING ACUTE ACCENT}".encode() * 20,
    b"con.aux.nul",
)


@kind
def names(rng: Random) -> Made:
    whole = rng.random() < 0.6
    data = healthy(rng.choice(("mp4", "mkv"))) if whole else b"not a film"
    return Made(data, readable=whole, name=rng.choice(_NAMES))
