"""`--record`: writes the session as a film with dowel, lights and angles drawn in.

Pictures are encoded in a thread of their own; while its queue is full they are left out, so that a
recording never holds up the session. The file is written in fragments: a session that is cut off
leaves a film that plays up to there.
"""

from __future__ import annotations

import queue
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hinge_dowel.body.array_types import Pixels
from hinge_dowel.errors import OutputError
from hinge_dowel.exercises import describe
from hinge_dowel.exercises.cues import CONTACTS
from hinge_dowel.live.snapshot import Snapshot
from hinge_dowel.report import contacts, overlay
from hinge_dowel.report.contacts import Light
from hinge_dowel.report.h264 import UNIT_S, Encoder, even
from hinge_dowel.report.measures import MAIN_ANGLES
from hinge_dowel.report.sentences import fault_name
from hinge_dowel.system.atomic_files import output_errors

WAITING_PICTURES = 8
"""Most pictures that wait for the encoder, up to 1 MB each. A choice: half a second."""
FRAGMENT_FRAMES = 30
"""Pictures per fragment, the most that is lost when the session is killed: two seconds at 15
pictures a second. A choice."""
QUALITY_CRF = 23
"""The encoder's constant rate factor, 0 (best) to 51: its own. The films of `check` are better."""


class Recording:
    """A film that is being written. Use it in a `with` block; `put` never waits.

    Raises `OutputError` where the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        import av

        self._path = path
        self._error: Exception | None = None
        self._waiting: queue.Queue[tuple[Pixels, float, Snapshot] | None] = queue.Queue(
            WAITING_PICTURES
        )
        self._shape: tuple[int, ...] | None = None
        self._last = -1
        # Not left to FFmpeg, which says nothing where the last fragment finds the disk full.
        with output_errors(path):
            self._file = path.open("wb")
        self._container = av.open(
            self._file,
            "w",
            format="mp4",
            options={"movflags": "frag_keyframe+empty_moov+default_base_moof"},
        )
        self._encoder = Encoder(
            self._container, quality_crf=QUALITY_CRF, preset="ultrafast", key_frames=FRAGMENT_FRAMES
        )
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def put(self, picture: Pixels, time_s: float, snapshot: Snapshot) -> None:
        """Add a picture (height, width, 3) of the session, unless the encoder is behind."""
        if self._error is None:
            with suppress(queue.Full):
                self._waiting.put_nowait((picture, time_s, snapshot))

    def close(self) -> None:
        """Finish the film. Raises `OutputError`, once, when it could not be written whole."""
        self._waiting.put(None)
        self._thread.join()
        error, self._error = self._error, None
        if error is not None:
            why = getattr(error, "strerror", None) or error
            raise OutputError(
                f"The recording {self._path} broke off ({why}); the session itself is complete."
            )

    def _write(self) -> None:
        import av

        try:
            while (item := self._waiting.get()) is not None:
                if self._error is None:
                    try:
                        self._encode(*item)
                    except (av.FFmpegError, OSError) as error:
                        self._error = error
        finally:
            try:
                if self._error is None:
                    self._encoder.finish()
                self._container.close()
                self._file.close()
            except (av.FFmpegError, OSError) as error:
                self._error = self._error or error

    def _encode(self, picture: Pixels, time_s: float, snapshot: Snapshot) -> None:
        drawn = even(picture).copy()
        self._shape = self._shape or drawn.shape
        if drawn.shape != self._shape:
            return  # a camera that was opened again with pictures of another size
        overlay.draw(drawn, shown(snapshot))
        self._last = max(self._last + 1, round(time_s / UNIT_S))
        self._encoder.put(drawn, self._last)
        self._file.flush()


def free_name(path: Path) -> Path:
    """Return `path`, or if that file exists the first free one of `name-2`, `name-3` ..."""
    count, free = 1, path
    while free.exists() and free.is_file():
        count += 1
        free = path.with_stem(f"{path.stem}-{count}")
    return free


def shown(snapshot: Snapshot) -> overlay.OverlayFrame:
    """Return what to draw into the picture at one moment of the session."""
    cue, light = _cue(snapshot)
    bare = overlay.OverlayFrame(
        snapshot.place.replace("   ", ", ").capitalize(),
        tally=[contacts.of_whole(rep) for rep in snapshot.set_reps],
        cue=cue,
        cue_light=light,
    )
    body, figure = snapshot.body, snapshot.body.figure
    if figure is None:
        return bare
    drawing = contacts.drawing_of(
        figure.landmarks_px[None], figure.back_px[None], figure.dowel_px[None], figure.facing
    )
    return replace(
        bare,
        phase=body.phase,
        dowel=figure.dowel_px,
        places=drawing.places_px[0],
        feet=drawing.feet_px[0],
        lights={contact: getattr(body, contact) for contact in CONTACTS},
        angles=[(angle.word, getattr(body, angle.key)) for angle in MAIN_ANGLES],
        leg=drawing.leg_px[0],
        knees=body.knees if body.knees in ("off", "close") else None,
    )


def _cue(snapshot: Snapshot) -> tuple[tuple[str, str] | None, Light]:
    """Return heading and sentence, on the last repetition's fault or the picture; their light."""
    if snapshot.stage == "moving" and snapshot.set_reps and snapshot.set_reps[-1].faults:
        rep = snapshot.set_reps[-1]
        fault = rep.faults[0]
        head = f"Rep {rep.number}: {fault_name(fault, sure=fault in rep.sure_faults)}"
        told = describe.cue(snapshot.plan.exercise, fault)
        return (head, told), contacts.of_fault(rep, fault)
    said = (snapshot.stage.capitalize(), snapshot.message) if snapshot.message else None
    return said, "off"
