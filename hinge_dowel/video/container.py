"""Opening a file of video, picking the film in it, and saying in a sentence what is wrong."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hinge_dowel.errors import ClipError
from hinge_dowel.system.names import printable
from hinge_dowel.video import numbered_pictures, webp
from hinge_dowel.video.options import MOST_SLOW_MOTION

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

_LARGE_PX = 1920 * 1088
"""Pictures of more pixels than 1080p are decoded by several threads. Smaller ones are decoded
faster than they are looked at by one, which takes 0.4 (480 px high) to 0.8 times the processor
time."""
_DECODER_THREADS = 4
"""So many, on cores that the pose model leaves idle. Each holds pictures at full size, so their
number must not grow with the machine."""
AS_LONG_SHARE = 0.98
"""A film of this share of the longest one's length is as long, as its last picture may be shown for
longer or shorter; of those the largest picture counts. A choice: no test changes from 0.9 to
0.999."""
CAPTURE_TAG = "com.android.capture.fps"
"""Where Android phones write at how many pictures a second a slow-motion film was taken."""
CAPTURE_RATES_HZ = (100.0, 120.0, 200.0, 240.0, 400.0, 480.0, 960.0)
"""At what rates cameras take slow motion, and what the film's own coding then names."""
SAME_RATE_SHARE = 0.01
"""A rate so near to one of these is that one: 119.88 and 239.76 are off by 0.1 %."""
CODINGS_WITH_RATES = ("h264", "hevc")
"""Other codings name no rate of their own, but a unit of time."""
LEAST_SLOW_RATIO = 1.5
"""By the tag a film is in slow motion that plays so many times slower than life: between 60
pictures a second shown at 30 and a rate that was only rounded."""
LEAST_CODED_SLOW_RATIO = 3.0
"""The same by the coding alone, which is wrong more often. 120 at 30, 100 at 25 and 240 at 60
pictures a second are all 4 times slower; films coded at twice their rate are in fields."""


@dataclass(frozen=True, slots=True)
class FilmStream:
    """The film in an open file.

    `slow_motion` is how many times slower than life it plays by what the file says, 1 where it
    says nothing; `remarks` are sentences on how it was picked.
    """

    container: InputContainer
    stream: VideoStream
    slow_motion: float = 1.0
    remarks: tuple[str, ...] = ()

    @property
    def pixel_aspect(self) -> float:
        """The width of a stored pixel in heights."""
        return float(self.stream.sample_aspect_ratio or 1)

    @property
    def tells_times(self) -> bool:
        """Whether pictures carry the time they are shown at.

        AVI stores the order of decoding alone, and times made up from that are wrong where
        B-frames change it; but its pictures are evenly spaced, so they can be counted.
        """
        return self.container.format.name != "avi" or not self.stream.codec_context.has_b_frames

    @property
    def duration_s(self) -> float | None:
        """How long it plays, None when the file does not tell."""
        if self.stream.duration is not None and self.stream.time_base is not None:
            return float(self.stream.duration * self.stream.time_base)
        duration_us = self.container.duration
        return None if duration_us is None else duration_us / 1e6

    def packets(self) -> Iterator[Packet[VideoStream]]:
        """The stream's packets, up to where the file ends or stops making sense."""
        from av.error import InvalidDataError

        try:
            yield from (packet for packet in self.container.demux(self.stream) if packet.size)
        except InvalidDataError:
            return


def named(path: Path) -> str:
    """A path as sentences show it."""
    return printable(str(path))


def undecodable(path: Path) -> ClipError:
    """What is said of a film of which nothing can be decoded."""
    return ClipError(f"No picture in {named(path)} can be decoded: copy or record it again.")


@contextmanager
def opened(
    path: Path, part: tuple[int, int] | None = None, fps: float | None = None
) -> Iterator[FilmStream]:
    """Open a clip and pick its film, turning whatever goes wrong meanwhile into `ClipError`.

    `part` are the first byte of the film and the one after its last, where the file holds several
    one behind the other. With `fps` one of numbered pictures stands for all of them.
    """
    import av

    _check_file(path)
    try:
        # The prefix keeps a colon in a name from being taken for a protocol, and the whitelist a
        # playlist in disguise from reaching for other places, the network above all. (As plain
        # `options` the whitelist crashes PyAV before 18 on MPEG program streams.)
        with (
            _source(path, part, fps) as (source, options),
            av.open(
                source,
                mode="r",
                container_options={"protocol_whitelist": "file,subfile", **options},
                metadata_errors="replace",
            ) as container,
        ):
            yield pick_film(container, named(path))
    except av.FFmpegError as error:
        raise ClipError(_reason(path, error)) from error


@contextmanager
def _source(
    path: Path, part: tuple[int, int] | None, fps: float | None
) -> Iterator[tuple[Any, dict[str, str]]]:
    """What FFmpeg is to read, a name or an open file, and options for that."""
    if fps is not None and (pictures := numbered_pictures.series_of(path)):
        yield io.BytesIO(numbered_pictures.as_list(pictures, fps)), {"safe": "0"}  # whole paths
    elif part is not None:
        yield f"subfile,,start,{part[0]},end,{part[1]},,:file:{path}", {}
    elif webp.moves(path):
        with webp.as_film(path) as film:
            if film is None:
                raise undecodable(path)
            yield film, {}
    else:
        yield f"file:{path}", {}


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        if path.is_symlink():
            raise ClipError(
                f"{named(path)} is a link that leads nowhere: bring back what it leads to, or "
                "remove it."
            ) from error
        raise ClipError(f"There is no file {named(path)}: check the name.") from error
    except OSError as error:
        raise ClipError(f"Cannot read {named(path)}: {error.strerror}.") from error
    try:
        if path.is_dir():
            next(path.iterdir(), None)  # it may not be open to us
        if not path.is_file():
            raise ClipError(f"{named(path)} is not a file: name the clip itself.")
        if not size:
            raise ClipError(f"{named(path)} is empty (0 bytes): copy or record it again.")
        path.open("rb").close()
    except OSError as error:
        raise ClipError(_reason(path, error)) from error


def pick_film(container: InputContainer, name: str, *, seekable: bool = True) -> FilmStream:
    """The longest film in an open file: covers, thumbnails and previews are shorter.

    Of several as long the largest counts, of those the first. `name` stands for the file in
    sentences. Raises `ClipError` where there is none, or none that can be decoded.
    """
    from av.stream import Disposition

    stills = Disposition.attached_pic | Disposition.timed_thumbnails
    streams = [s for s in container.streams.video if not s.disposition & stills]
    if not streams:
        what = "sound but no film" if container.streams.audio else "no film"
        raise ClipError(f"{name} holds {what}: name a video clip.")
    lengths_s = {streams[0].index: 0.0}
    if len(streams) > 1:
        lengths_s = _lengths_s(container, streams, seekable=seekable)
    longest_s = max(lengths_s.values())
    stream = max(
        (s for s in streams if lengths_s[s.index] >= AS_LONG_SHARE * longest_s),
        key=lambda s: (s.width * s.height if s.codec_context else 0, -s.index),
    )
    # The stubs promise a decoder, but a codec nobody knows has none.
    context: Any = stream.codec_context
    if context is None:
        raise ClipError(
            f"{name} uses a video codec that cannot be decoded here: export it as MP4 (H.264)."
        )
    context.thread_count = _DECODER_THREADS if stream.width * stream.height > _LARGE_PX else 1
    context.thread_type = "AUTO"
    films = [s for s in streams if lengths_s[s.index] > 0]
    remarks = []
    if len(films) > 1:
        remarks.append(
            f"The file holds {len(films)} films: the longest was looked at, of {longest_s:.1f} s "
            f"and {stream.width} x {stream.height} pixels."
        )
    slow = _slow_motion(container, stream)
    return FilmStream(container, stream, slow, tuple(remarks))


def _lengths_s(
    container: InputContainer, streams: list[VideoStream], *, seekable: bool
) -> dict[int, float]:
    """How long each stream moves, by its index; 0 for a single picture."""
    known = {}
    for stream in streams:
        unit_s = float(stream.time_base or 0)
        if stream.frames == 1:
            known[stream.index] = 0.0
        elif stream.duration:
            known[stream.index] = stream.duration * unit_s
    if len(known) == len(streams) or not seekable:
        return {stream.index: known.get(stream.index, 0.0) for stream in streams}
    # Matroska and MPEG do not say it of each stream: their packets do.
    ends: dict[int, tuple[float, float]] = {}
    for packet in container.demux(*streams):
        if packet.size and packet.pts is not None:
            now_s = float(packet.pts * packet.time_base)
            first_s, last_s = ends.get(packet.stream_index, (now_s, now_s))
            ends[packet.stream_index] = min(first_s, now_s), max(last_s, now_s)
    lengths_s = {index: last_s - first_s for index, (first_s, last_s) in ends.items()}
    longest = max(streams, key=lambda stream: lengths_s.setdefault(stream.index, 0.0))
    # By its own index: by another stream's one may land behind its first picture.
    container.seek(min(0, longest.start_time or 0), stream=longest)
    return lengths_s


def _slow_motion(container: InputContainer, stream: VideoStream) -> float:
    """How many times slower than life the film plays, by what the file says; else 1."""
    shown_hz = float(stream.average_rate or 0)
    if not shown_hz > 0:
        return 1.0
    try:
        taken_hz = float(container.metadata.get(CAPTURE_TAG, ""))
    except ValueError:
        taken_hz = 0.0
    if LEAST_SLOW_RATIO <= taken_hz / shown_hz <= MOST_SLOW_MOTION:
        return taken_hz / shown_hz
    coded_hz = float(stream.codec_context.framerate or 0)
    usual = any(abs(coded_hz / rate_hz - 1) < SAME_RATE_SHARE for rate_hz in CAPTURE_RATES_HZ)
    usual &= stream.codec_context.name in CODINGS_WITH_RATES
    if usual and coded_hz / shown_hz >= LEAST_CODED_SLOW_RATIO and not taken_hz:
        return coded_hz / shown_hz
    return 1.0


def _reason(path: Path, error: Exception) -> str:
    """One sentence on why a file could not be opened or read as video."""
    if isinstance(error, PermissionError):
        return f"{named(path)} may not be read: check its permissions."
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as failure:
        return f"Cannot read {named(path)}: {failure.strerror}."
    if head[4:8] in (b"ftyp", b"mdat", b"moov", b"wide", b"free", b"skip"):
        return (
            f"{named(path)} is cut off, as when a recording or a copy is stopped midway:"
            " copy or record it again."
        )
    if head.lstrip().lower().startswith((b"<!doctype", b"<html")):
        return f"{named(path)} is a web page under the name of a clip: download the clip itself."
    if head[:2] == b"PK":
        return f"{named(path)} is an archive, and no clip is found in it: unpack it first."
    said = f"{named(path)} is not a video that can be read: export it as MP4 (H.264)"
    text = head.isascii() and bool(head.split()) and b"".join(head.split()).decode().isprintable()
    return said + (", or name it .csv, .json or .trc if it holds keypoints." if text else ".")
