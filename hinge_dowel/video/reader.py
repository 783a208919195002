"""Clips in, as upright pictures with true times.

Nothing here keeps more than a few pictures in memory, however long the clip.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.errors import ClipError
from hinge_dowel.system.names import printable
from hinge_dowel.video.orientation import WIDTH_STEP_PX, Shrinker, Turn

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

T = TypeVar("T")

_WORTH_A_LEAP_S = 1.0
# Nearer to the start of a clip, decoding all is as fast as leaping.

ANALYSIS_RATE_HZ = 12.0
"""Pictures looked at per second. Over 33 reps of samples 12 are as near to every picture as 15
(spine 0.6 and 0.5 degrees), for a sixth less time; over 57 of real clips 2.5 and 2.2."""

WORKING_SIDE_PX = 640
"""Longest side of a picture looked at. The pose model itself works on 256 px around the person."""

VIDEO_SUFFIXES = frozenset(
    {".3g2", ".3gp", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4"}
    | {".mpeg", ".mpg", ".mts", ".ogv", ".webm", ".wmv"}
)
"""What counts as a clip in a folder (.ts is left out: it is TypeScript far more often than video).

A file named on its own is read whatever its suffix.
"""

_DECODER_THREADS = 4
# Frame threads decode ahead on idle cores while the pose model has one of its own. Each holds
# pictures at full size, so their number must not grow with the machine.

_LOOSE = 0.75
# A picture may be skipped undecoded when it is further than this many of its own durations from
# the time grid: one half would do, the rest allows for rounded times.


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture, the way a viewer would see it.

    `time_s` counts seconds from the clip's first picture. `rgb` is (height, width, 3), uint8,
    C-contiguous, upright, with square pixels and a width that is a multiple of 4.
    """

    time_s: float
    rgb: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture, not yet converted: cheap to glance at and to pass over."""

    time_s: float
    _decoded: VideoFrame
    _shrinker: Shrinker

    def glimpse(self) -> NDArray[np.uint8]:
        """The picture in grey, at most 80 px on a side, not turned: to tell what moved."""
        return self._shrinker.glimpse(self._decoded)

    def frame(self) -> Frame:
        """The picture upright, at working size, in colour."""
        return Frame(self.time_s, self._shrinker.rgb(self._decoded))


@dataclass(frozen=True, slots=True)
class ClipInfo:
    """What a clip is: its upright size on display, length, codec, and turn.

    `duration_s` is None when the file does not tell. `rotation_deg` (0, 90, 180 or 270) is how far
    the stored picture is turned clockwise to stand upright.
    """

    width_px: int
    height_px: int
    duration_s: float | None
    codec: str
    rotation_deg: int


def probe(path: Path) -> ClipInfo:
    """Say what a clip is, by decoding its first picture only.

    Raises `ClipError` as `read_frames` does, except that it cannot tell a clip of a single picture.
    """
    with _opened(path) as (container, stream):
        first = next(_pictures(container, stream), None)
        if first is None:
            raise _undecodable(path)
        frame = first[1]
        turn = Turn.of(frame)
        size = round(frame.width * float(stream.sample_aspect_ratio or 1)), frame.height
        width_px, height_px = size[::-1] if turn.swaps else size
        return ClipInfo(
            width_px=width_px,
            height_px=height_px,
            duration_s=_duration_s(container, stream),
            codec=stream.codec_context.codec.canonical_name,
            rotation_deg=turn.clockwise_deg,
        )


def read_frames(
    path: Path, *, rate_hz: float = ANALYSIS_RATE_HZ, side_px: int = WORKING_SIDE_PX
) -> Iterator[Frame]:
    """Read a clip as upright pictures, at most about `rate_hz` a second, in rising time.

    Times are the clip's own, however uneven; of a faster clip the pictures nearest to a grid of
    1/`rate_hz` are taken, and a slower one is given whole. Pictures are shrunk, never enlarged, to
    `side_px` on the longer side. Damaged stretches are left out.

    Raises `ClipError`, before the first picture, for whatever is not a film: no such file, empty,
    cut off, not video, sound only, undecodable, or one single picture.
    """
    for picture in read_pictures(path, rate_hz=rate_hz, side_px=side_px):
        yield picture.frame()


def read_pictures(
    path: Path, *, rate_hz: float = ANALYSIS_RATE_HZ, side_px: int = WORKING_SIDE_PX
) -> Iterator[Picture]:
    """Read a clip as `read_frames` does, but convert only the pictures that are asked for."""
    if not rate_hz > 0 or side_px < WIDTH_STEP_PX:
        raise ValueError(f"rate_hz must be above 0 and side_px at least {WIDTH_STEP_PX}")
    with _opened(path) as (container, stream):
        pictures = _pictures(container, stream, rate_hz)
        opening = list(itertools.islice(pictures, 2))
        if not opening:
            raise _undecodable(path)
        if len(opening) < 2:
            raise ClipError(
                f"{_named(path)} holds a single picture, not a movement: film the whole drill."
            )
        shrinker = Shrinker(float(stream.sample_aspect_ratio or 1), side_px)
        for time_s, decoded in _on_grid(itertools.chain(opening, pictures), rate_hz):
            yield Picture(time_s, decoded, shrinker)


def frame_near(path: Path, time_s: float, *, side_px: int = WORKING_SIDE_PX) -> Frame:
    """The picture nearest to a time, and little else of the clip decoded.

    Raises `ClipError` as `probe` does.
    """
    with _opened(path) as (container, stream):
        shrinker = Shrinker(float(stream.sample_aspect_ratio or 1), side_px)
        found: tuple[float, VideoFrame] | None = None
        for leap in (True, False):
            for now_s, decoded in _pictures_before(container, stream, time_s if leap else 0.0):
                if found is not None and abs(now_s - time_s) > abs(found[0] - time_s):
                    break
                found = now_s, decoded
            if found is not None:
                return Frame(found[0], shrinker.rgb(found[1]))
        raise _undecodable(path)


def _pictures_before(
    container: InputContainer, stream: VideoStream, time_s: float
) -> Iterator[tuple[float, VideoFrame]]:
    """`_pictures` from a little before `time_s` on, where the file has an index to leap by."""
    container.seek(0)
    pictures = _pictures(container, stream)
    opening = next(pictures, None)
    if opening is None:
        return
    start, unit_s = opening[1].pts, float(stream.time_base or 1)
    if time_s > _WORTH_A_LEAP_S and start is not None and _tells_times(container, stream):
        container.seek(start + int((time_s - _WORTH_A_LEAP_S / 2) / unit_s), stream=stream)
        landed = next(rest := _pictures(container, stream), None)
        if landed is None or landed[1].pts is None:
            return
        ahead_s = (landed[1].pts - start) * unit_s
        if ahead_s <= time_s:
            yield from (
                (ahead_s + now_s, frame) for now_s, frame in itertools.chain([landed], rest)
            )
        return
    yield opening
    yield from pictures


def _named(path: Path) -> str:
    return printable(str(path))


def _undecodable(path: Path) -> ClipError:
    return ClipError(f"No picture in {_named(path)} can be decoded: copy or record it again.")


@contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a clip and pick its film, turning whatever goes wrong meanwhile into `ClipError`."""
    import av

    _check_file(path)
    try:
        # The prefix keeps a colon in a name from being taken for a protocol, and the whitelist a
        # playlist in disguise from reaching for other places, the network above all. (As plain
        # `options` the whitelist crashes PyAV before 18 on MPEG program streams.)
        with av.open(
            f"file:{path}",
            mode="r",
            container_options={"protocol_whitelist": "file"},
            metadata_errors="replace",
        ) as container:
            yield container, _film(container, path)
    except av.FFmpegError as error:
        raise ClipError(_reason(path, error)) from error


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise ClipError(f"There is no file {_named(path)}: check the name.") from error
    except OSError as error:
        raise ClipError(f"Cannot read {_named(path)}: {error.strerror}.") from error
    if not path.is_file():
        raise ClipError(f"{_named(path)} is not a file: name the clip itself.")
    if not size:
        raise ClipError(f"{_named(path)} is empty (0 bytes): copy or record it again.")


def _film(container: InputContainer, path: Path) -> VideoStream:
    """The first stream of moving pictures: cover art and thumbnails are none."""
    from av.stream import Disposition

    stills = Disposition.attached_pic | Disposition.timed_thumbnails
    for stream in container.streams.video:
        if stream.disposition & stills:
            continue
        # The stubs promise a decoder, but a codec nobody knows has none.
        context: Any = stream.codec_context
        if context is None:
            raise ClipError(
                f"{_named(path)} uses a video codec that cannot be decoded here:"
                " export it as MP4 (H.264)."
            )
        context.thread_count = _DECODER_THREADS
        context.thread_type = "AUTO"
        return stream
    what = "sound but no film" if container.streams.audio else "no film"
    raise ClipError(f"{_named(path)} holds {what}: name a video clip.")


def _reason(path: Path, error: Exception) -> str:
    """One sentence on why a file could not be opened or read as video."""
    if isinstance(error, PermissionError):
        return f"{_named(path)} may not be read: check the file's permissions."
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as failure:
        return f"Cannot read {_named(path)}: {failure.strerror}."
    if head[4:8] in (b"ftyp", b"mdat", b"moov", b"wide", b"free", b"skip"):
        return (
            f"{_named(path)} is cut off, as when a recording or a copy is stopped midway:"
            " copy or record it again."
        )
    return f"{_named(path)} is not a video that can be read: export it as MP4 (H.264)."


def _duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / 1e6  # microseconds


def _pictures(
    container: InputContainer, stream: VideoStream, rate_hz: float | None = None
) -> Iterator[tuple[float, VideoFrame]]:
    """Decode a stream to (seconds since the first picture, picture), strictly rising in time.

    With `rate_hz`, pictures that no other refers to and that are off its grid stay undecoded. On
    1080p at 60 Hz with B-frames that saves nearly a third of the decoding: 9 ms for each picture
    taken, where the pose model takes 14.
    """
    from av.error import InvalidDataError

    unit_s = float(stream.time_base or 1)
    step_s = 1 / float(stream.guessed_rate or 25)  # between pictures that carry no time
    start_s = last_s = -math.inf
    now_s = -step_s
    timed = _tells_times(container, stream)
    for packet in itertools.chain(_packets(container, stream), [None]):
        if packet is not None and rate_hz is not None and timed:
            keep = _may_count(packet, unit_s, start_s, rate_hz)
            stream.codec_context.skip_frame = "DEFAULT" if keep else "NONREF"
        try:
            frames = stream.decode(packet)
        except InvalidDataError:
            continue
        for frame in frames:
            if frame.is_corrupt:
                continue
            now_s = frame.pts * unit_s if timed and frame.pts is not None else now_s + step_s
            if start_s == -math.inf:
                start_s = now_s
            if now_s > last_s:
                last_s = now_s
                yield now_s - start_s, frame


def _tells_times(container: InputContainer, stream: VideoStream) -> bool:
    """Whether pictures carry the time they are shown at.

    AVI stores the order of decoding alone, and times made up from that are wrong where B-frames
    change it; but its pictures are evenly spaced, so they can be counted.
    """
    return container.format.name != "avi" or not stream.codec_context.has_b_frames


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """The stream's packets, up to where the file ends or stops making sense."""
    from av.error import InvalidDataError

    try:
        yield from (packet for packet in container.demux(stream) if packet.size)
    except InvalidDataError:
        return


def _may_count(packet: Packet[VideoStream], unit_s: float, start_s: float, rate_hz: float) -> bool:
    """Whether a packet's picture may be the one nearest to a point of the time grid."""
    if packet.pts is None or not packet.duration or start_s == -math.inf:
        return True
    position = (packet.pts * unit_s - start_s) * rate_hz
    return abs(position - round(position)) <= _LOOSE * packet.duration * unit_s * rate_hz


def _on_grid(timed: Iterable[tuple[float, T]], rate_hz: float) -> Iterator[tuple[float, T]]:
    """Of items in rising time, take the nearest to each multiple of 1/`rate_hz` s, and the last.

    Items that come slower than the grid are all taken. The last one is, so that a clip which ends
    at the bottom of a rep shows it.
    """
    due = 0
    held: tuple[float, T] | None = None
    for later in timed:
        if held is not None:
            # The earlier one is nearest to all points of the grid up to halfway between the two.
            nearest_to = math.floor((held[0] + later[0]) / 2 * rate_hz)
            if nearest_to >= due:
                yield held
                due = nearest_to + 1
        held = later
    if held is not None:
        yield held
