"""Clips in, as upright pictures with true times.

Nothing here keeps more than a few pictures in memory, however long the clip.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from hinge_dowel.body.array_types import Pixels
from hinge_dowel.errors import ClipError
from hinge_dowel.video.clock import RESTART_S, Clock
from hinge_dowel.video.container import FilmStream, named, opened, undecodable
from hinge_dowel.video.frame_sampling import ANALYSIS_RATE_HZ, on_grid
from hinge_dowel.video.numbered_pictures import series_of
from hinge_dowel.video.options import WHOLE, FilmOptions
from hinge_dowel.video.orientation import WIDTH_STEP_PX, FrameScaler
from hinge_dowel.video.parts import breaks_off, film_offsets

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_WORTH_A_LEAP_S = 1.0
"""Nearer to the start of a clip than this, decoding all is as fast as leaping. One leaps to half of
it before the time wanted, where the file's index may be out by some pictures."""

WORKING_SIDE_PX = 640
"""Longest side of a picture looked at. The pose model itself works on 256 px around the person."""

VIDEO_SUFFIXES = frozenset(
    {".3g2", ".3gp", ".asf", ".avi", ".dv", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4"}
    | {".mpeg", ".mpg", ".mts", ".mxf", ".ogv", ".vob", ".webm", ".wmv"}
)
"""What counts as a clip in a folder (.ts is left out: it is TypeScript far more often than video).

A file named on its own is read whatever its suffix.
"""

_LEAST_OFF_DURATIONS = 0.75
"""A picture may be skipped undecoded when it is further than this many of its own durations from
the time grid: one half would do, the rest allows for rounded times."""
_ASSUMED_RATE_HZ = 25.0
"""Pictures a second of a film of which FFmpeg guesses none: the usual rate of Europe's films."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture, the way a viewer would see it.

    `time_s` counts seconds of life from the clip's first picture: of a film in slow motion fewer
    than it plays. `rgb` is (height, width, 3), uint8, C-contiguous, upright, with square pixels and
    a width that is a multiple of 4; of one clip all are as large.
    """

    time_s: float
    rgb: Pixels


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture, not yet converted: cheap to glance at and to pass over."""

    time_s: float
    _decoded: VideoFrame
    _scaler: FrameScaler

    def thumbnail(self) -> Pixels:
        """The picture in grey, at most 80 px on a side, not turned: to tell what moved."""
        return self._scaler.thumbnail(self._decoded)

    def frame(self) -> Frame:
        """The picture upright, at working size, in colour."""
        return Frame(self.time_s, self._scaler.rgb(self._decoded))


@dataclass(frozen=True, slots=True)
class ClipInfo:
    """What a clip is: its upright size on display, and its length.

    `start_s` and `duration_s` are when the part to look at begins and ends, in seconds of life from
    the clip's first picture; the end is None when the file does not tell. `remarks` are sentences
    on what is unusual. `indexed`: one film whose file knows where each picture lies, in rising
    time. `breaks_off`: the file ends in the midst of what it should hold. `first` is the first
    picture.
    """

    width_px: int
    height_px: int
    duration_s: float | None
    first: Frame
    start_s: float = 0.0
    remarks: tuple[str, ...] = ()
    indexed: bool = False
    breaks_off: bool = False


def probe(path: Path, options: FilmOptions = WHOLE) -> ClipInfo:
    """Say what a clip is, by decoding its first picture only.

    Raises `ClipError` as `read_frames` does, except that it cannot tell a clip of a single picture.
    """
    parts = _parts(path)
    with opened(path, parts[0], options.fps) as film:
        first = next(_pictures(film, Clock()), None)
        if first is None:
            raise undecodable(path)
        scaler = FrameScaler(film.pixel_aspect, WORKING_SIDE_PX)
        width, height = scaler.film_size(first[1])
        end_s = None if len(parts) > 1 else film.duration_s
        if options.to_s is not None:
            end_s = options.to_s if end_s is None else min(end_s, options.to_s)
        slow = _slow_motion(film, options)
        return ClipInfo(
            width_px=round(width),
            height_px=round(height),
            duration_s=None if end_s is None else end_s / slow,
            start_s=(options.from_s or 0.0) / slow,
            first=Frame(0.0, scaler.rgb(first[1])),
            remarks=tuple(_remarks(film, options, len(parts))),
            indexed=len(parts) == 1 and film.container.format.name.startswith("mov"),
            breaks_off=breaks_off(path),
        )


def decoded_from_s(path: Path, time_s: float, options: FilmOptions = WHOLE) -> float:
    """From where on an indexed film must be decoded to show a time, both as in `ClipInfo`."""
    with opened(path) as film:
        start, slow = film.stream.start_time or 0, _slow_motion(film, options)
        unit_s = float(film.stream.time_base or 1) / slow
        film.container.seek(start + int(time_s / unit_s), stream=film.stream)
        landed = next(film.packets(), None)
        return time_s if landed is None else ((landed.pts or 0) - start) * unit_s


def _slow_motion(film: FilmStream, options: FilmOptions) -> float:
    return film.slow_motion if options.slow_motion is None else options.slow_motion


def _remarks(film: FilmStream, options: FilmOptions, parts: int) -> Iterator[str]:
    yield from film.remarks
    if parts > 1:
        yield f"The file holds {parts} films one behind the other: time goes on through them."
    if options.slow_motion is None and film.slow_motion > 1:
        yield (
            f"The file says that it is slowed down {film.slow_motion:.3g} times: times and tempo "
            "are those of life. Where that is wrong, give --slow-motion 1."
        )


def read_frames(
    path: Path,
    *,
    rate_hz: float = ANALYSIS_RATE_HZ,
    side_px: int = WORKING_SIDE_PX,
    options: FilmOptions = WHOLE,
) -> Iterator[Frame]:
    """Read a clip as upright pictures, at most about `rate_hz` a second, in rising time.

    Times are the clip's own, however uneven; of a faster clip the pictures nearest to a grid of
    1/`rate_hz` are taken, and a slower one is given whole. Where the clip's time goes back, as in
    joined films, it goes on from where it was. Pictures are shrunk, never enlarged, to `side_px` on
    the longer side. Damaged stretches are left out. Of `options` the part to look at and the slow
    motion count.

    Raises `ClipError`, before the first picture, for whatever is not a film: no such file, empty,
    cut off, not video, sound only, undecodable, or one single picture.
    """
    for picture in read_pictures(path, rate_hz=rate_hz, side_px=side_px, options=options):
        yield picture.frame()


def read_pictures(
    path: Path,
    *,
    rate_hz: float = ANALYSIS_RATE_HZ,
    side_px: int = WORKING_SIDE_PX,
    options: FilmOptions = WHOLE,
    since_s: float = 0.0,
) -> Iterator[Picture]:
    """Read a clip as `read_frames` does, but convert only the pictures that are asked for.

    And give only those from `since_s` on, in seconds as `read_frames` counts them.
    """
    if not rate_hz > 0 or side_px < WIDTH_STEP_PX:
        raise ValueError(f"rate_hz must be above 0 and side_px at least {WIDTH_STEP_PX}")
    pictures = (
        picture
        for picture in _of_all_parts(path, rate_hz, side_px, options, since_s)
        if picture.time_s >= since_s
    )
    opening = list(itertools.islice(pictures, 2))
    if len(opening) < 2:
        raise _too_few(path, options, len(opening))
    yield from on_grid(itertools.chain(opening, pictures), rate_hz)


def _too_few(path: Path, options: FilmOptions, count: int) -> ClipError:
    """What is said of a film, or the part of it, without two pictures."""
    if options.from_s is not None or options.to_s is not None:
        until = "the end" if options.to_s is None else f"{options.to_s:g} s"
        return ClipError(
            f"{named(path)} has no two pictures from {options.from_s or 0:g} s to {until}: give "
            "another --from and --to."
        )
    if not count:
        return undecodable(path)
    if series := series_of(path):
        return ClipError(
            f"{named(path)} is one of {len(series)} numbered pictures: say how many of them were "
            "taken a second, as --fps 30."
        )
    return ClipError(f"{named(path)} holds a single picture, not a movement: film the whole drill.")


def _of_all_parts(
    path: Path, rate_hz: float | None, side_px: int, options: FilmOptions, leap_s: float
) -> Iterator[Picture]:
    """The pictures of the part to look at, through all films of a file, from about `leap_s` on."""
    clock = Clock()
    size = None
    for part in _parts(path):
        with opened(path, part, options.fps) as film:
            slow = _slow_motion(film, options)
            scaler = FrameScaler(film.pixel_aspect, side_px, options.shown, size)
            clock.restart(_step_s(film))
            wanted_s = 0.0 if clock.started else max(options.from_s or 0.0, leap_s * slow)
            film_hz = None if rate_hz is None else rate_hz / slow
            for film_s, decoded in _pictures(film, clock, film_hz, wanted_s):
                size = scaler.film_size(decoded)  # of the first in the file, looked at or not
                if options.to_s is not None and film_s > options.to_s:
                    return
                if options.within(film_s):
                    yield Picture(film_s / slow, decoded, scaler)


def _parts(path: Path) -> tuple[tuple[int, int] | None, ...]:
    """The films of a file, as its parts; None for a whole file."""
    if not path.is_file():
        return (None,)  # nobody may ever write into a pipe: `opened` refuses it
    try:
        offsets = film_offsets(path)
        if len(offsets) < 2:
            return (None,)
        return tuple(pairwise((*offsets, path.stat().st_size)))
    except OSError:
        return (None,)  # `opened` says in a sentence what is wrong with it


def frame_near(
    path: Path, time_s: float, *, side_px: int = WORKING_SIDE_PX, options: FilmOptions = WHOLE
) -> Frame:
    """The picture nearest to a time as `read_frames` counts it, and little else decoded.

    Raises `ClipError` as `probe` does.
    """
    parts = _parts(path)
    with opened(path, parts[0], options.fps) as film:
        rises = len(parts) == 1 and not _restarts(film)
    found: Picture | None = None
    for picture in _of_all_parts(path, None, side_px, options, time_s if rises else 0.0):
        if found is not None and abs(picture.time_s - time_s) > abs(found.time_s - time_s):
            break
        found = picture
    if found is None:
        raise undecodable(path)
    return found.frame()


def _restarts(film: FilmStream) -> bool:
    """Whether the file's time goes back somewhere: then one cannot leap to a time in it."""
    if film.container.format.name.startswith(("mov", "avi", "gif")):
        return False  # their index rises, or is none
    unit_s = float(film.stream.time_base or 1)
    last_s = -math.inf
    for packet in film.packets():
        if packet.dts is not None:
            if packet.dts * unit_s < last_s - RESTART_S:
                return True
            last_s = packet.dts * unit_s
    return False


def _step_s(film: FilmStream) -> float:
    """The usual time from one picture to the next."""
    return 1 / float(film.stream.guessed_rate or _ASSUMED_RATE_HZ)


def _pictures(
    film: FilmStream, clock: Clock, rate_hz: float | None = None, since_s: float = 0.0
) -> Iterator[tuple[float, VideoFrame]]:
    """Decode a film to (seconds since the first picture, picture), strictly rising in time.

    With `rate_hz`, pictures that no other refers to and that are off its grid stay undecoded. On
    1080p at 60 Hz with B-frames that saves nearly a third of the decoding: 9 ms for each picture
    taken, where the pose model takes 14. Where the file has an index, what lies well before
    `since_s` is leapt over.
    """
    decoded = _decoded(film, clock, rate_hz)
    opening = next(decoded, None)
    if opening is None:
        return
    step_s = _step_s(film)
    first_s, start = clock.tick(opening[0], step_s), opening[1].pts
    if first_s is not None:
        yield first_s, opening[1]
    if since_s > _WORTH_A_LEAP_S and start is not None and film.tells_times:
        stream = film.stream
        units = (since_s - _WORTH_A_LEAP_S / 2) / float(stream.time_base or 1)
        film.container.seek(start + int(units), stream=stream)
        decoded = _decoded(film, clock, rate_hz, since_s - _WORTH_A_LEAP_S / 2)
        landed = next(decoded, None)
        if landed is None or (clock.since_start(landed[0]) or 0.0) > since_s:
            film.container.seek(min(0, start), stream=stream)
            decoded = _decoded(film, clock, rate_hz)
        else:
            decoded = itertools.chain([landed], decoded)
    for file_s, frame in decoded:
        now_s = clock.tick(file_s, step_s)
        if now_s is not None:
            yield now_s, frame


def _decoded(
    film: FilmStream, clock: Clock, rate_hz: float | None, since_s: float = 0.0
) -> Iterator[tuple[float, VideoFrame]]:
    """Every whole picture from here on, with its time in the file.

    Of those before `since_s`, with `rate_hz`, only what others refer to.
    """
    from av.error import InvalidDataError

    stream, timed, step_s = film.stream, film.tells_times, _step_s(film)
    unit_s = float(stream.time_base or 1)
    file_s = -step_s
    for packet in itertools.chain(film.packets(), [None]):
        if packet is not None and rate_hz is not None and timed:
            keep = _may_count(packet, unit_s, clock, rate_hz, since_s)
            stream.codec_context.skip_frame = "DEFAULT" if keep else "NONREF"
        try:
            frames = stream.decode(packet)
        except InvalidDataError:
            continue
        for frame in frames:
            if frame.is_corrupt:
                continue
            told = frame.pts if timed else None
            file_s = file_s + step_s if told is None else told * unit_s
            yield file_s, frame


def _may_count(
    packet: Packet[VideoStream], unit_s: float, clock: Clock, rate_hz: float, since_s: float
) -> bool:
    """Whether a packet's picture may be the one nearest to a point of the time grid."""
    if packet.pts is None or not packet.duration:
        return True
    now_s = clock.since_start(packet.pts * unit_s)
    if now_s is not None and now_s < since_s:
        return False
    if now_s is None or not clock.near(now_s):
        return True  # the clock may begin again there
    position = now_s * rate_hz
    return (
        abs(position - round(position)) <= _LEAST_OFF_DURATIONS * packet.duration * unit_s * rate_hz
    )
