"""Runs a session: pictures, keys and signals in; screen, sound, history and film out."""

from __future__ import annotations

import contextlib
import errno
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hinge_dowel.analysis.rules import HINGE, Rules, RulesChooser
from hinge_dowel.errors import HingeDowelError, HistoryError, OutputError
from hinge_dowel.exercises.describe import hint
from hinge_dowel.live import framing
from hinge_dowel.live.camera import CapturedFrame, Source
from hinge_dowel.live.display import View
from hinge_dowel.live.estimator import LiveEstimator
from hinge_dowel.live.hum import Hum
from hinge_dowel.live.keys import Keys, keys
from hinge_dowel.live.pacing import PACE_S, AdaptiveTracker, DrawingRate, LatencyStats
from hinge_dowel.live.recording import Recording
from hinge_dowel.live.session import Drill
from hinge_dowel.live.snapshot import Plan, SessionEvent, Snapshot
from hinge_dowel.live.sound import Cues, Ticks, Voice
from hinge_dowel.pose.exposure import brightness
from hinge_dowel.pose.network import SpineNetwork
from hinge_dowel.pose.tracker import MultiPoseTracker, PoseTracker, SinglePictureTracker
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Rep, Verdict

if TYPE_CHECKING:
    from hinge_dowel.history.session_log import Session

IDLE_S = 0.1
"""Time between two drawings while no pictures come, for clocks and resizing. A choice."""
COUNT_PEOPLE_S = 1.0
"""Time between two counts of people in set-up. A choice: it takes as long as a picture or two."""
DROPPING_S = PACE_S
"""The machine counts as too slow for this long after it dropped a picture."""
TERMINAL_CLOSED = (errno.EIO, errno.EBADF, errno.ENXIO)
"""The errors of writing to a terminal that was closed."""
SPEECH_GAP_S = 3.0
"""Shortest time between two spoken problems with the picture. A choice."""


@dataclass(frozen=True, slots=True)
class SessionParts:
    """The inputs and outputs of a session, None for those that are not wanted.

    `tracker` follows the person; `model` is the model file for further trackers, opened when
    needed. `view` has been entered before, as it shows the loading. `session` is the history's
    entry, `record` the path of the film to write.
    """

    tracker: PoseTracker
    model: Path
    view: View
    ticks: Ticks | None = None
    voice: Voice | None = None
    session: Session | None = None
    record: Path | None = None
    hum: Hum | None = None


@dataclass(frozen=True, slots=True)
class SessionResult:
    """A session that is over. `failed`: it ended because of an error, described in `troubles`.

    `hung_up`: the terminal was closed. `not_counted`: a sentence on each movement that is no rep.
    """

    verdict: Verdict
    sets: tuple[tuple[Rep, ...], ...]
    stats: LatencyStats
    troubles: tuple[str, ...] = ()
    failed: bool = False
    hung_up: bool = False
    not_counted: tuple[str, ...] = ()


class SessionRunner:
    """One session from the first picture to the last. `run` it once."""

    def __init__(
        self,
        plan: Plan,
        source: Source,
        parts: SessionParts,
        *,
        tolerances: Tolerances = DEFAULT,
        rules: Rules | RulesChooser = HINGE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._plan, self._source, self._parts = plan, source, parts
        self._tolerances, self._rules, self._clock = tolerances, rules, clock
        self._network: Future[SpineNetwork] | None = None
        self._stats = LatencyStats()
        self._asked_to_end = threading.Event()
        self._hung_up = False
        self._cues = Cues()
        self._said_s = -np.inf
        self._troubles: list[str] = []
        self._count = 1
        self._counted_s = -np.inf
        self._dropped = 0
        self._dropped_s = -np.inf
        self._stack = contextlib.ExitStack()
        self._tracker = AdaptiveTracker(
            parts.tracker, lambda: self._stack.enter_context(SinglePictureTracker(parts.model))
        )
        self._drawing = DrawingRate()
        self._people: MultiPoseTracker | None = None

    def run(self) -> SessionResult:
        """Run until the source ends, the sets are done, or the person ends the session."""
        parts = self._parts
        with self._stack as stack, ThreadPoolExecutor(1, "judge") as executor, self._signals():
            # The network loads while the camera opens and the pose model reads its first picture.
            self._network = executor.submit(SpineNetwork)
            source = stack.enter_context(self._source)
            film = None
            if parts.record is not None:
                film = stack.enter_context(Recording(parts.record))
            pressed = stack.enter_context(keys())
            begun_s = self._clock()
            live = LiveEstimator(tolerances=self._tolerances, rules=self._rules, executor=executor)
            drill = Drill(self._plan, live, begun_s=begun_s, tolerances=self._tolerances)
            failed = False
            try:
                self._loop(drill, source, film, pressed)
            except OSError as error:
                if not self._hung_up and error.errno not in TERMINAL_CLOSED:
                    raise
                self._hung_up = True
            finally:
                # Whatever happened, the finished repetitions are shown and stored.
                drill.finish(self._clock(), broken_off=self._asked_to_end.is_set())
                self._tell(drill, show=not self._hung_up)
                self._end(drill)
            if source.failure is not None:
                self._troubles.append(str(source.failure))
                failed = not drill.sets[0]
            self._stats.seconds = self._clock() - begun_s
            self._stats.dropped = source.dropped
            if film is not None:
                try:
                    film.close()
                except OutputError as error:
                    self._troubles.append(str(error))
                    failed = True
        name = source.name if source.live else Path(source.name).name
        return SessionResult(
            drill.verdict(name, dropped=source.dropped),
            tuple(tuple(reps) for reps in drill.sets),
            self._stats,
            tuple(self._troubles),
            failed,
            self._hung_up,
            drill.not_counted,
        )

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """End the session on Ctrl-C, SIGTERM or a closed terminal; a second Ctrl-C raises."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def hear(number: int, _: Any) -> None:
            self._asked_to_end.set()
            self._hung_up |= number == getattr(signal, "SIGHUP", None)
            signal.signal(signal.SIGINT, signal.default_int_handler)

        names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
        numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
        before = {number: signal.signal(number, hear) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _loop(self, drill: Drill, source: Source, film: Recording | None, pressed: Keys) -> None:
        while not (self._asked_to_end.is_set() or source.ended or drill.stage == "done"):
            shot = source.take(IDLE_S)
            self._press(pressed(), drill, source)
            if shot is None or not drill.watching:
                snapshot = drill.tick(self._clock(), trouble=source.trouble)
            else:
                snapshot = self._see(drill, shot)
            self._hum(snapshot, shot)
            self._tell(drill, show=True)
            if self._drawing.due(snapshot, self._clock(), busy=self._dropping(self._clock())):
                self._parts.view.show(snapshot)
            if shot is not None and drill.watching:
                self._stats.add(1000 * (self._clock() - shot.arrived_s))
                if film is not None:
                    film.put(shot.frame.rgb, shot.frame.time_s, snapshot)

    def _see(self, drill: Drill, shot: CapturedFrame) -> Snapshot:
        picture = shot.frame.rgb
        now_s = self._clock()
        # Not with a film: it plays on meanwhile, and pictures would be missed.
        setup = drill.stage == "setup"
        if setup and self._source.live and now_s - self._counted_s >= COUNT_PEOPLE_S:
            self._counted_s = now_s
            if self._people is None:
                self._people = self._stack.enter_context(MultiPoseTracker(self._parts.model))
            self._count = framing.people(self._people.boxes(shot.frame))
        found = self._tracker.see(shot.frame)
        assert self._network is not None
        return drill.see(
            replace(found, network=self._network.result().look(picture, found.landmarks)),
            (picture.shape[1], picture.shape[0]),
            self._clock(),
            light=brightness(picture),
            dropping=self._dropping(now_s),
            count=self._count if setup else 1,
        )

    def _hum(self, snapshot: Snapshot, shot: CapturedFrame | None) -> None:
        """Pass the body's state on to the hum, before anything is drawn."""
        hum = self._parts.hum
        if hum is None:
            return
        if snapshot.stage != "moving":
            hum.follow({}, None)
        elif shot is not None:
            hum.follow(snapshot.body.used, snapshot.body.hip_flexion_deg)
            heard_s = self._clock() - shot.arrived_s + hum.latency_s
            self._stats.heard(1000 * heard_s)

    def _dropping(self, now_s: float) -> bool:
        """Return whether pictures were dropped lately because the machine was too slow."""
        if self._source.dropped > self._dropped:
            self._dropped, self._dropped_s = self._source.dropped, now_s
        return now_s - self._dropped_s < DROPPING_S

    def _press(self, pressed: str, drill: Drill, source: Source) -> None:
        for key in pressed.lower():
            if key in ("q", "\x03"):
                self._asked_to_end.set()
            elif key == " ":
                source.pause(drill.pause(self._clock()))
            elif key == "r" and source.live:
                drill.recalibrate(self._clock())

    def _tell(self, drill: Drill, *, show: bool) -> None:
        """Pass events on to history, view and sound; history first, as nothing may be lost."""
        parts = self._parts
        for event in drill.events():
            if parts.session is not None:
                self._keep(parts.session, event, drill)
            if show:
                parts.view.happened(event)
            if event.rep is None:
                self._say(event.said)
            elif show:
                if parts.ticks is not None and event.rep.judged:
                    parts.ticks(event.rep.clean)
                fault = self._cues.after(event.rep)
                if fault is not None:
                    self._say(hint(self._plan.exercise, fault), force=True)

    def _keep(self, session: Session, event: SessionEvent, drill: Drill) -> None:
        """Add the event's repetition to the history, or remove the one that is not counted."""
        with self._noting(HistoryError):
            if event.rep is not None:
                session.add(event.set_number, event.rep)
            elif event.number:
                session.keep_only(drill.sets)

    @contextlib.contextmanager
    def _noting(self, kind: type[HingeDowelError]) -> Iterator[None]:
        """Note the sentence of an error as a trouble, once, and go on."""
        try:
            yield
        except kind as error:
            if str(error) not in self._troubles:
                self._troubles.append(str(error))

    def _say(self, words: str, *, force: bool = False) -> None:
        now_s = self._clock()
        if self._parts.voice is not None and (force or now_s - self._said_s >= SPEECH_GAP_S):
            self._parts.voice.say(words)
            if self._parts.hum is not None:
                self._parts.hum.make_room(words)
            self._said_s = now_s

    def _end(self, drill: Drill) -> None:
        session = self._parts.session
        if session is not None:
            with self._noting(HingeDowelError):
                session.describe(drill.verdict(""))
                session.end()
