"""A session from its first picture to its last, with everything around it played by tests."""

from __future__ import annotations

import errno
import signal
import threading
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from support import recorded_person
from support.records import part, stepping

from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.analysis.refusal import FILMED
from hinge_dowel.errors import CameraError, HingeDowelError, HistoryError, ModelError
from hinge_dowel.live import runner
from hinge_dowel.live.camera import CapturedFrame, Source
from hinge_dowel.live.display import View
from hinge_dowel.live.runner import SessionParts, SessionRunner
from hinge_dowel.live.session_judging import TOO_SLOW
from hinge_dowel.live.snapshot import Plan
from hinge_dowel.pose.network import no_answer
from hinge_dowel.pose.tracker import no_person
from hinge_dowel.video.reader import Frame

GREY = np.full((480, 640, 3), 90, dtype=np.uint8)


class Pictures(Source):
    """A film of so many grey pictures, 15 a second, each there when it is asked for."""

    live = False

    def __init__(self, count=0, *, failure=None, meanwhile=None):
        super().__init__("folder/film.mp4")
        self.left, self.taken = count, 0
        self.meanwhile = meanwhile or {}
        self.broken = failure
        self.pauses = []

    def start(self):
        pass

    def take(self, timeout_s):
        self.taken += 1
        if self.taken in self.meanwhile:
            self.meanwhile[self.taken]()
        if not self.left:
            self.failure = self.broken
            self._over.set()
            return None
        self.left -= 1
        return CapturedFrame(Frame(self.taken / 15, GREY), self.taken / 15)

    def pause(self, paused):
        self.pauses.append(paused)


class Tracker:
    """Sees the recorded person in whatever pictures come, or nobody."""

    def __init__(self, observations=()):
        self.observations = iter(observations)

    def see(self, frame):
        return next(self.observations, None) or no_person(frame.time_s)

    def restart(self):
        pass


class ShownView(View):
    """Keeps what is shown; `fails` is raised by the picture of that number."""

    def __init__(self, fails=None, at=3):
        self.shown, self.lines, self.fails, self.at = [], [], fails, at

    def show(self, snapshot):
        self.shown.append(snapshot)
        if self.fails is not None and len(self.shown) == self.at:
            raise self.fails

    def happened(self, event):
        if event.rep is not None:
            self.lines.append((event.set_number, event.number, event.rep.faults))
        elif event.not_counted:
            self.lines.append((event.set_number, event.number, event.not_counted))


@dataclass
class Log:
    """Ticks, voice and history, whose disk is full from the second repetition on, if it shall."""

    full: bool = False
    ticked: list = field(default_factory=list)
    said: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    left: list = field(default_factory=list)
    ended: int = 0

    def tick(self, good):
        self.ticked.append(good)

    def say(self, words):
        self.said.append(words)

    def add(self, set_number, rep):
        if self.full and self.kept:
            raise HistoryError("The disk is full: make room.")
        self.kept.append((set_number, rep.faults))

    def keep_only(self, sets):
        self.left.append([len(reps) for reps in sets])
        raise HistoryError("The disk is full: make room.")

    def describe(self, verdict):
        pass

    def end(self):
        self.ended += 1
        if self.full:
            raise HistoryError("The disk is full: make room.")


def session(source, *, view=None, log=None, tracker=None, plan=None, clock=None):
    log = log or Log()
    parts = SessionParts(
        tracker or Tracker(),
        Path("none.task"),
        view or ShownView(),
        ticks=log.tick,
        voice=log,
        session=log,
    )
    plan = plan or Plan(1, 12, live=False)
    return SessionRunner(plan, source, parts, clock=clock or (lambda: source.taken / 15))


@pytest.mark.slow
def test_what_is_finished_is_shown_heard_and_kept_until_that_fails(monkeypatch):
    # Of grey pictures the image network would say that nobody is there.
    silent = mock.Mock(look=lambda picture, landmarks: no_answer())
    monkeypatch.setattr(runner, "SpineNetwork", lambda: silent)
    seen, view, log = part(recorded_person.record(), 0.0, 9.5), ShownView(), Log(full=True)
    source = Pictures(len(seen.time_s))
    with recorded_person.outlines_known():
        done = session(
            source, view=view, log=log, tracker=Tracker(recorded_person.observations(seen))
        ).run()
    faults = [(), ("spinal_flexion",)]
    assert [rep.faults for rep in done.verdict.reps] == faults
    assert view.lines == [(1, number, fault) for number, fault in enumerate(faults, 1)]
    assert log.ticked == [not fault for fault in faults]
    assert "brace, chest long" in log.said
    assert (done.verdict.clip, done.verdict.status, done.failed) == ("film.mp4", "faulty", False)
    assert done.stats.frames == len(seen.time_s)
    assert (log.kept, log.ended) == ([(1, ())], 1)
    assert set(done.troubles) == {"The disk is full: make room."}


@pytest.mark.slow
def test_what_is_no_repetition_is_said_and_leaves_the_history():
    whole = recorded_person.record()
    first, second = judge(whole, clip="").reps[:2]
    seen = stepping(whole, first.end_s, second.start_s, 90.0)
    view, log = ShownView(), Log()
    tracker = Tracker(recorded_person.observations(seen))
    with recorded_person.outlines_known():
        done = session(Pictures(len(seen.time_s)), view=view, log=log, tracker=tracker).run()
    assert len(done.verdict.reps) == 3
    (sentence,) = done.not_counted
    assert (1, 1, sentence) in view.lines
    assert log.left == [[3]]
    assert "Not counted: away from the set" in log.said
    assert done.troubles == ("The disk is full: make room.",)
    assert len(log.ticked) == 4


@pytest.mark.parametrize("dropped", [3, 9])
def test_few_pictures_are_the_machine_s_fault_where_most_were_left_out(monkeypatch, dropped):
    told = property(lambda _: dropped, lambda *_: None)
    monkeypatch.setattr(Pictures, "dropped", told, raising=False)
    seen = part(recorded_person.record(), 2.0, 2.2)
    with recorded_person.outlines_known():
        done = session(
            Pictures(len(seen.time_s)), tracker=Tracker(recorded_person.observations(seen))
        ).run()
    assert 0 < done.stats.frames < 5
    assert done.verdict.reason == (TOO_SLOW if dropped > 5 else FILMED.few)


def test_a_camera_that_is_gone_ends_it_with_its_sentence():
    done = session(Pictures(5, failure=CameraError("The camera is gone: plug it in."))).run()
    assert done.failed
    assert done.troubles == ("The camera is gone: plug it in.",)
    assert done.verdict.status == "unusable"


@pytest.mark.parametrize("code", [errno.EIO, errno.EBADF, errno.ENXIO])
def test_a_terminal_that_is_gone_ends_it_quietly_and_keeps_the_session(code):
    log, view = Log(), ShownView(OSError(code, "gone"))
    done = session(Pictures(90), log=log, view=view).run()
    assert done.hung_up
    assert not done.failed
    assert log.ended == 1


def test_any_other_failure_passes_on_after_the_session_is_kept():
    log = Log()
    with pytest.raises(OSError, match="No space"):
        session(Pictures(90), log=log, view=ShownView(OSError(errno.ENOSPC, "No space left"))).run()
    assert log.ended == 1


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_it_and_afterwards_is_answered_as_before(name):
    number = getattr(signal, name)
    before = signal.getsignal(number)
    source = Pictures(90, meanwhile={5: lambda: signal.raise_signal(number)})
    done = session(source).run()
    assert source.taken == 5
    assert done.hung_up is (name == "SIGHUP")
    assert signal.getsignal(number) == before


def test_a_second_ctrl_c_does_not_wait():
    def twice():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    log = Log()
    with pytest.raises(KeyboardInterrupt):
        session(Pictures(90, meanwhile={5: twice}), log=log).run()
    assert log.ended == 1


def test_keys_pause_go_on_and_end(monkeypatch):
    typed = mock.Mock(side_effect=["", " ", "", " ", "r", "Q"])
    monkeypatch.setattr(runner, "keys", lambda: nullcontext(typed))
    source = Pictures(90)
    session(source).run()
    assert source.pauses == [True, False]
    assert source.taken == 6


def test_a_session_that_cannot_be_described_says_why(monkeypatch):
    def fail(_):
        raise HingeDowelError("The history was taken away.")

    log = Log()
    monkeypatch.setattr(log, "describe", fail)
    assert session(Pictures(2), log=log).run().troubles == ("The history was taken away.",)


def test_the_image_network_loads_while_the_source_opens(monkeypatch):
    opened = threading.Event()
    asked = []

    class Network:
        def __init__(self):
            assert opened.wait(60), "the source waits for it"

        def look(self, picture, landmarks):
            asked.append(picture.shape)
            return no_answer()

    monkeypatch.setattr(runner, "SpineNetwork", Network)
    source = Pictures(3)
    monkeypatch.setattr(source, "start", opened.set)
    session(source).run()
    assert asked == [GREY.shape] * 3


def test_a_damaged_image_network_ends_the_session_with_its_reason(monkeypatch):
    monkeypatch.setattr(runner, "SpineNetwork", mock.Mock(side_effect=ModelError("Damaged.")))
    with pytest.raises(ModelError, match="Damaged"):
        session(Pictures(3)).run()
