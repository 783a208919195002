"""The reader of C3D, the format of motion capture (c3d.org).

A file is blocks of 512 bytes: a header, parameters by group and name, and frames, each of points
and of what plates and muscles gave. Numbers are a PC's, DEC's or SGI's, whole or floating.
"""

from __future__ import annotations

import struct
from itertools import product
from math import prod
from pathlib import Path

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.sightings import Keypoints, Sightings, gather
from hinge_dowel.keypoints.stated import About

_BLOCK = 512
_KEY = 80
"""What the second byte of every such file is."""
_DEC, _SGI = 85, 86
"""What the parameters say of a processor that is not a PC's."""
_TEXT, _WHOLE, _FLOAT = -1, 2, 4
"""What a parameter is made of, and how many bytes its numbers have."""


def read_c3d(path: Path) -> Keypoints:
    """Read the named points of a C3D file, at the rate it says.

    Axes and unit may be any. Points with a negative residual were not seen. Programs write sizes
    several times, and not always alike: those count that the file has room for. Raises `ClipError`.
    """
    try:
        file = _File(path.read_bytes())
        labels, values, rate = file.labels(), file.points(), file.number("POINT:RATE", 10)
    except (ArithmeticError, IndexError, ValueError, struct.error) as error:
        raise ClipError(f"{path.name} is not a C3D file, or is damaged.") from error
    count = min(len(labels), values.shape[1])
    if not count or not len(values):
        raise ClipError(f"{path.name} holds no markers with names: label them, and export again.")
    return gather(
        Sightings(
            what=path.name,
            names=labels[:count],
            places=values[:, :count],
            frame=np.arange(float(len(values))),
            about=About(rate if np.isfinite(rate) and rate > 0 else None),
            space=True,
        )
    )


class _File:
    """The bytes of a file, and what its parameters say by their names (POINT:RATE)."""

    def __init__(self, data: bytes) -> None:
        at = _BLOCK * (data[0] - 1)
        if data[1] != _KEY or at <= 0:
            raise ValueError(data[:2])
        self.data, self.processor = data, data[at + 3]
        self.order = ">" if self.processor == _SGI else "<"
        self.header = np.frombuffer(data, self.order + "u2", _BLOCK // 2)
        self.said = self._parameters(at + 4)

    def _parameters(self, at: int) -> dict[str, bytes]:
        """What each parameter holds: what it is made of, its dimensions and its values."""
        groups: dict[int, str] = {}
        found: dict[tuple[int, str], bytes] = {}
        while at + 2 <= len(self.data):
            size, group = struct.unpack_from("bb", self.data, at)
            end = at + 2 + abs(size)
            name = self.data[at + 2 : end].decode("latin-1").strip().upper()
            if not size or not group:
                break
            (step,) = struct.unpack_from(self.order + "h", self.data, end)
            at = end + step if step > 0 else len(self.data)
            if group < 0:
                groups[-group] = name
            else:  # the first counts of those that are there twice
                found.setdefault((group, name), self.data[end + 2 : at])
        return {f"{groups.get(group, '')}:{name}": own for (group, name), own in found.items()}

    def floats(self, data: bytes) -> Array:
        """Numbers of 32 bits."""
        if self.processor == _DEC:
            words = np.frombuffer(data, "<u2").reshape(-1, 2)[:, ::-1]
            return np.frombuffer(words.tobytes(), "<f4") / 4.0
        return np.frombuffer(data, self.order + "f4").astype(float)

    def number(self, name: str, word: int | None = None) -> float:
        """What a parameter says, or else the header in the two words from `word` on; NaN where
        neither does. Two whole numbers are one of twice as many bits.
        """
        own = self.said.get(name, b"")
        values = own[2 + own[1] :] if len(own) > 1 else b""
        kind = struct.unpack_from("b", own)[0] if own else 0
        if kind == _FLOAT and len(values) >= _FLOAT:
            return float(self.floats(values[:_FLOAT])[0])
        if kind == _WHOLE and len(values) >= _WHOLE:
            words = np.frombuffer(values[: len(values) // 2 * 2], self.order + "u2")[:2]
            return float(words @ [1, 65536][: len(words)])
        if word is None:
            return np.nan
        return float(self.floats(self.header[word : word + 2].tobytes())[0])

    def labels(self) -> list[str]:
        """The names of the points: of so many that one parameter cannot hold them, of several."""
        out: list[str] = []
        for name in ("POINT:LABELS", *(f"POINT:LABELS{n}" for n in range(2, 10))):
            own = self.said.get(name, b"")
            if len(own) < 4 or struct.unpack_from("b", own)[0] != _TEXT or own[1] != 2:
                break
            wide, count, text = own[2], own[3], own[4:]
            cells = (text[i * wide : (i + 1) * wide] for i in range(count))
            out += [cell.decode("utf-8", "replace").strip(" \0") for cell in cells]
        return out

    @np.errstate(all="ignore")
    def points(self) -> Array:
        """Places (T, N, 3), NaN where not seen."""
        scale, count = self.number("POINT:SCALE", 6), int(self.header[1])
        whole = not scale < 0
        size = _WHOLE if whole else _FLOAT
        data = self.data[_BLOCK * (int(self.header[8]) - 1) :]
        rates = self.number("ANALOG:RATE") / self.number("POINT:RATE", 10)
        beside = {float(self.header[2]), self.number("ANALOG:USED") * round(np.nan_to_num(rates))}
        begin, end = self.number("TRIAL:ACTUAL_START_FIELD"), self.number("TRIAL:ACTUAL_END_FIELD")
        lengths = {float(self.header[4]) - float(self.header[3]) + 1, end - begin + 1}
        lengths.add(self.number("POINT:FRAMES"))
        room = len(data) // size
        wide = [4 * count + int(n) for n in beside if np.isfinite(n)]
        long = [int(n) for n in lengths if np.isfinite(n) and n > 0]
        pairs = sorted((own for own in product(long, wide) if own[1]), key=prod)
        if not count or not pairs:
            return np.empty((0, 0, 3))
        frames, words = next((own for own in pairs[::-1] if prod(own) <= room), pairs[0])
        frames = min(frames, room // words)
        data = data[: frames * words * size]
        cells = np.frombuffer(data, self.order + "i2").astype(float) if whole else self.floats(data)
        values = cells.reshape(frames, words)[:, : 4 * count].reshape(frames, count, 4)
        places = values[..., :3] * (abs(scale) if whole and scale else 1.0)
        places[~np.isfinite(places).all(axis=2) | (values[..., 3] <= -1)] = np.nan
        return places
