"""Writes a clip with dowel, lights and angles drawn in: H.264 that plays in a browser.

Every picture of the clip is kept at its own time, however uneven, upright, at most 720p. Sound is
dropped for privacy, as such films are passed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from hinge_dowel.body.array_types import Array, Pixels
from hinge_dowel.exercises import describe
from hinge_dowel.exercises.cues import CONTACTS
from hinge_dowel.report import contacts, highlights, overlay
from hinge_dowel.report.contacts import Drawing, Light
from hinge_dowel.report.h264 import UNIT_S, Encoder, even
from hinge_dowel.report.measures import MAIN_ANGLES
from hinge_dowel.report.sentences import fault_name
from hinge_dowel.system import atomic_files
from hinge_dowel.verdict import BETWEEN, PHASES, Rep, Verdict
from hinge_dowel.video.frame_sampling import EVERY_PICTURE_HZ
from hinge_dowel.video.options import WHOLE, FilmOptions
from hinge_dowel.video.reader import probe, read_frames

SHORT_SIDE_PX = 720
"""Most pixels of the shorter side: 1280 x 720, or 720 x 1280 upright. A choice: plays anywhere."""
MOST_PAUSE_S = 3600.0
"""Longest time a picture stays: a longer pause is a damaged clock, and MP4, with 31 bits for it,
holds 6 h at most. A choice."""
CUE_S = 4.0
"""How long a cue stays after a faulty repetition: enough to read two lines. A choice."""
REACH_S = 0.35
"""Nothing is drawn between frames further apart than this: the person was out of sight. A choice:
five pictures."""
KEY_FRAMES = 60
"""Pictures between key pictures, for jumping to a time: two seconds of most films. A choice."""
QUALITY_CRF = 21
"""The encoder's constant rate factor, 0 (best) to 51: a little better than its own 23. A choice."""


def annotate(
    clip: Path,
    verdict: Verdict,
    out: Path,
    *,
    progress: Callable[[float], None] | None = None,
    options: FilmOptions = WHOLE,
) -> None:
    """Write `clip` with `verdict` drawn into it to `out` (MP4), all or nothing.

    `options` give the part of the film to write, and its slow motion, which is undone. Times stay
    those of the verdict: until a later part begins, its first picture is shown. `progress` is
    called with the share done. Raises `ClipError` where the clip cannot be read and `OutputError`
    where the film cannot be written.
    """
    info = probe(clip, options)
    begun = False
    longer, shorter = sorted((info.width_px, info.height_px), reverse=True)
    side_px = max(round(longer * min(1.0, SHORT_SIDE_PX / max(shorter, 1))), 4)
    script = Script(verdict)
    with atomic_files.replacing(out) as temporary, _film(temporary) as put:
        for frame in read_frames(clip, rate_hz=EVERY_PICTURE_HZ, side_px=side_px, options=options):
            picture = even(frame.rgb)
            overlay.draw(picture, script.at(frame.time_s, picture.shape[1], picture.shape[0]))
            if not begun and frame.time_s > 0:
                put(picture, 0.0)
            begun = True
            put(picture, frame.time_s)
            if progress and info.duration_s:
                progress(min(frame.time_s / info.duration_s, 1.0))


class Script:
    """What to draw at each moment of a clip."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self._drawing: Drawing = contacts.drawing(verdict)
        self._lights = contacts.of_frames(verdict)
        self._spans = contacts.spans_s(verdict)
        self._legs = any(contacts.of_knees(rep) for rep in verdict.reps)

    def at(self, time_s: float, width_px: int, height_px: int) -> overlay.OverlayFrame:
        """Return what to draw on the picture at `time_s`, in pixels of a picture of this size."""
        verdict, series, drawing = self._verdict, self._verdict.series, self._drawing
        if series is None or not len(series):
            reason = verdict.reason or "No repetition was seen."
            return overlay.OverlayFrame("Not checked", cue=("Not checked", reason))
        begun = sum(begin <= time_s for begin, _ in self._spans)
        done = sum(end <= time_s for _, end in self._spans)
        title = f"Rep {begun} of {len(self._spans)}" if begun else "Ready"
        cue, light = self._cue(time_s, done, begun) or (None, "off")
        row, share = _between(series.time_s, time_s)
        if row is None:
            return overlay.OverlayFrame(title, tally=self._tally(done), cue=cue, cue_light=light)
        scale = np.ones(2)
        if series.size_px is not None:
            scale = np.array([width_px, height_px]) / series.size_px

        def blended(places: Array) -> Array:
            after = places[row + 1] if share else places[row]
            return np.asarray(places[row] * (1 - share) + after * share) * scale

        nearest = row + round(share)
        # Outside repetitions and standing neither dowel nor angles are shown.
        posed = series.phase[nearest] != BETWEEN
        return overlay.OverlayFrame(
            title,
            phase={"between": ""}.get(name := PHASES[int(series.phase[nearest])], name),
            dowel=blended(drawing.dowel_px) if posed else None,
            places=blended(drawing.places_px),
            feet=blended(drawing.feet_px),
            leg=blended(drawing.leg_px),
            lights={contact: self._lights[contact][nearest] for contact in CONTACTS},
            knees=self._lights[contacts.KNEES_LIGHT][nearest] if self._legs else None,
            angles=[
                (angle.word, float(getattr(series, angle.key)[nearest]) if posed else None)
                for angle in MAIN_ANGLES
            ],
            tally=self._tally(done),
            cue=cue,
            cue_light=light,
        )

    def _tally(self, done: int) -> list[Light]:
        return [contacts.of_whole(rep) for rep in self._verdict.reps[:done]]

    def _cue(self, time_s: float, done: int, begun: int) -> tuple[tuple[str, str], Light] | None:
        """Return the cue of the repetition just finished and its light, for `CUE_S`; else None."""
        if not done or begun > done + 1:
            return None
        rep: Rep = self._verdict.reps[done - 1]
        worst = highlights.worst_fault(rep, self._verdict.limits)
        if worst is None or time_s - self._spans[done - 1][1] > CUE_S:
            return None
        # The next repetition, which may be another, has often begun.
        head = f"Rep {rep.number}: {fault_name(worst, sure=worst in rep.sure_faults)}"
        told = describe.cue(self._verdict.exercise, worst)
        return (head, told), contacts.of_fault(rep, worst)


def _between(times: Array, time_s: float) -> tuple[int | None, float]:
    """Return the analysed frame before a time and the share of the way to the next; None for
    the frame where none is near.
    """
    row = int(np.searchsorted(times, time_s, side="right")) - 1
    row = min(max(row, 0), len(times) - 1)
    if row == len(times) - 1 or time_s < times[0]:
        return (row, 0.0) if abs(time_s - times[row]) <= REACH_S else (None, 0.0)
    gap = float(times[row + 1] - times[row])
    if gap > REACH_S:
        return None, 0.0
    return row, (time_s - float(times[row])) / gap


@contextmanager
def _film(path: Path) -> Iterator[Callable[[Pixels, float], None]]:
    """Yield an encoder, to call with pictures (height, width, 3) of one size and rising times."""
    import av

    skipped, last, most = 0, 0, round(MOST_PAUSE_S / UNIT_S)
    try:
        # The index comes first, so that a browser can play before it has the whole file.
        with av.open(
            f"file:{path}", "w", format="mp4", options={"movflags": "+faststart"}
        ) as container:
            encoder = Encoder(
                container, quality_crf=QUALITY_CRF, preset="veryfast", key_frames=KEY_FRAMES
            )

            def put(picture: Pixels, time_s: float) -> None:
                nonlocal skipped, last
                time = round(time_s / UNIT_S)
                skipped += max(time - skipped - last - most, 0)
                last = time - skipped
                encoder.put(picture, last)

            yield put
            encoder.finish()
    except av.FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error
