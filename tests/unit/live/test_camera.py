"""Sources of live pictures: cameras that fail in every way, films at their own speed, streams."""

from __future__ import annotations

import functools
import http.server
import io
import itertools
import threading
import time
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image
from support import clips
from support.serving import QuietHandler, served
from support.waiting import within

from hinge_dowel.errors import CameraError, ClipError, UsageError
from hinge_dowel.live import camera
from hinge_dowel.live.camera import Camera, CapturedFrame, Film, open_source
from hinge_dowel.video.options import FilmOptions
from hinge_dowel.video.reader import Frame, read_frames


class Clock:
    """The time of cameras and films, which goes on only as a test or its camera says."""

    def __init__(self):
        self.now_s = 100.0
        self.lock = threading.Lock()

    def monotonic(self):
        return self.now_s

    def go_on(self, seconds):
        with self.lock:
            self.now_s += seconds


class Fake:
    """A camera of 30 pictures a second, as a test wants them: `read` walks through `script`."""

    finite = False

    def __init__(self, clock, script):
        self.clock, self.script = clock, iter(script)
        self.closed = threading.Event()

    def read(self):
        self.clock.go_on(1 / 30)
        step = next(self.script, None)
        return step() if callable(step) else step

    def close(self):
        self.closed.set()


def noise(seed):
    return np.random.default_rng(seed).integers(0, 255, (48, 64, 3), np.uint8)


def noises():
    seed = 0
    while True:
        seed += 1
        yield noise(seed)


@pytest.fixture
def clock(monkeypatch):
    """The clock of all sources, whose own waiting takes no time."""
    clock = Clock()
    monkeypatch.setattr(camera, "time", clock)
    monkeypatch.setattr(camera, "RETRY_S", 0.001)
    monkeypatch.setattr(camera, "LONGEST_WAIT_S", 0.001)
    return clock


def wait(source, wanted, clock=None, step_s=0.02):
    """Take pictures until something holds; `clock` goes on by `step_s` where there is none.

    After a minute the test fails, so that none hangs.
    """
    end = time.monotonic() + 60.0
    shots = []
    while not wanted(shots):
        assert time.monotonic() < end, (source.trouble, len(shots))
        shot = source.take(0.005)
        if shot is not None:
            shots.append(shot)
        elif clock is not None:
            clock.go_on(step_s)
    return shots


def test_a_source_holds_the_newest_picture_only(tmp_path):
    source = Film(tmp_path / "film.mp4")
    assert source.take(0.0) is None
    for k in range(3):
        source._put(CapturedFrame(Frame(float(k), noise(k)), 0.0))
    assert source.take(0.0).frame.time_s == 2.0
    assert source.take(0.0) is None
    assert source.dropped == 2


def test_a_slow_taker_gets_new_pictures_and_no_backlog(clock):
    with Camera("7", lambda: Fake(clock, noises())) as source:
        (first,) = wait(source, lambda shots: len(shots) == 1)
        before = source.dropped
        assert within(30, lambda: source.dropped >= before + 3)
        shot = source.take(30.0)
        # Three at least lie between them: what is taken is the newest, and no backlog.
        assert shot.frame.time_s - first.frame.time_s >= 3 * camera.SHORTEST_GAP_S


def test_pictures_of_a_fast_camera_are_thinned_out(clock):
    with Camera("7", lambda: Fake(clock, noises())) as source:
        shots = wait(source, lambda shots: len(shots) == 6)
    gaps = np.diff([shot.frame.time_s for shot in shots])
    assert gaps.min() >= camera.SHORTEST_GAP_S - 1e-6
    np.testing.assert_allclose(gaps * 15, (gaps * 15).round(), atol=1e-6)  # each second one


def test_a_camera_that_cannot_be_opened_is_told_at_once():
    def refuse():
        raise CameraError("There is no camera 7: plug one in.")

    with pytest.raises(CameraError, match="no camera 7"), Camera("7", refuse):
        pass


class Openings:
    """Opens what is listed, one after the other; each but the first when the test says so."""

    def __init__(self, *listed):
        self.listed = listed
        self.opened = 0
        self.may = threading.Semaphore(0)

    def __call__(self):
        if self.opened:
            self.may.acquire(timeout=60)
        self.opened += 1
        found = self.listed[self.opened - 1]
        if isinstance(found, Exception):
            raise found
        return found


def test_a_camera_that_is_unplugged_is_told_and_opened_again(clock):
    first = Fake(clock, [noise(1), noise(2)])
    missing = CameraError("There is no camera 7: plug one in.")
    opener = Openings(first, missing, Fake(clock, noises()))
    with Camera("7", opener) as source:
        wait(source, lambda _: "gone" in source.trouble)
        assert first.closed.wait(30)
        opener.may.release()
        wait(source, lambda _: "no camera 7" in source.trouble)
        opener.may.release()
        wait(source, lambda _: source.trouble == "" and opener.opened == 3)
        assert not source.ended
        assert source.failure is None


def test_a_frozen_picture_is_told_and_the_camera_opened_again(clock):
    opener = Openings(Fake(clock, itertools.repeat(noise(1))), Fake(clock, noises()))
    with Camera("7", opener) as source:
        wait(source, lambda _: "frozen" in source.trouble)
        assert clock.now_s == pytest.approx(100 + camera.STALLED_S, abs=0.2)
        opener.may.release()
        wait(source, lambda _: source.trouble == "" and opener.opened == 2)


def test_a_camera_that_hangs_is_left_behind(clock):
    release = threading.Event()

    def hang():
        release.wait(60)
        return noise(3)

    hanging = Fake(clock, [noise(1), noise(2), hang])
    opener = Openings(hanging, Fake(clock, noises()))
    try:
        with Camera("7", opener) as source:
            wait(source, lambda _: "stopped" in source.trouble, clock)
            opener.may.release()
            wait(source, lambda shots: len(shots) > 2 and not source.trouble)
            assert opener.opened == 2
    finally:
        release.set()
    assert hanging.closed.wait(30)


def test_a_camera_that_does_not_come_back_ends_the_session_with_a_sentence(clock):
    missing = CameraError("There is no camera 7: plug one in.")
    opener = Openings(Fake(clock, [noise(1)]), *[missing] * 1000)
    opener.may.release(1000)
    with Camera("7", opener) as source:
        wait(source, lambda _: source.ended, clock, step_s=1.0)
        assert "for 60 s" in str(source.failure)
        assert "kept" in str(source.failure)


def test_a_film_plays_at_its_own_speed_and_ends(tmp_path, clock):
    path = clips.write_clip(tmp_path / "a.mp4", clips.greys(6), rate_hz=10)
    with Film(path) as source:
        shots = wait(source, lambda _: source.ended, clock)
    assert not source.live
    assert source.failure is None
    assert len(shots) + source.dropped == 6  # a busy machine leaves some out
    late = [s.arrived_s - s.frame.time_s for s in shots]
    assert shots[-1].frame.time_s == pytest.approx(0.5, abs=0.01)
    assert min(late) >= late[0] - 0.01  # none comes before its time


def test_bars_beside_a_film_are_cut_away(tmp_path, clock):
    pictures = np.zeros((6, 48, 128, 3), np.uint8)
    pictures[:, :, 32:96] = clips.drifting(6)
    with Film(clips.write_clip(tmp_path / "a.mp4", pictures)) as source:
        shots = wait(source, lambda _: source.ended, clock)
    assert {shot.frame.rgb.shape for shot in shots} == {(48, 64, 3)}
    assert all(shot.frame.rgb[:, [0, -1]].mean() > 40 for shot in shots)


class WatchedEvent(threading.Event):
    """An event that tells when somebody has begun to wait for it."""

    def __init__(self):
        super().__init__()
        self.awaited = threading.Event()

    def wait(self, timeout=None):
        self.awaited.set()
        return super().wait(timeout)


def test_a_film_can_be_stopped_and_goes_on_where_it_was(tmp_path, clock):
    path = clips.write_clip(tmp_path / "a.mp4", clips.greys(6), rate_hz=10)
    film = Film(path)
    film._running = WatchedEvent()
    film.pause(False)
    with film as source:
        before = wait(source, lambda shots: len(shots) == 3, clock)
        source.pause(True)
        assert film._running.awaited.wait(30)
        while (held := source.take(0.0)) is not None:
            before.append(held)
        clock.go_on(600)
        assert source.take(0.0) is None
        source.pause(False)
        after = wait(source, lambda _: source.ended, clock)
    times = [shot.frame.time_s for shot in before + after]
    assert len(times) + source.dropped == 6
    assert np.all(np.diff(times) > 0.09)
    assert after[0].frame.time_s - before[-1].frame.time_s < 0.11 + 0.1 * source.dropped
    begun_s = before[0].arrived_s - before[0].frame.time_s + 600
    assert min(shot.arrived_s - shot.frame.time_s for shot in after) >= begun_s - 0.01


def test_a_film_that_is_none_is_told_before_it_plays(tmp_path):
    (tmp_path / "x.mp4").write_text("no film")
    for name in ("x.mp4", "missing.mp4"):
        with pytest.raises(ClipError), Film(tmp_path / name):
            pass


class FolderHandler(QuietHandler, http.server.SimpleHTTPRequestHandler):
    pass


@pytest.fixture
def server(tmp_path):
    with served(functools.partial(FolderHandler, directory=tmp_path)) as url:
        yield url


def test_a_recording_behind_a_url_is_that_of_a_file(server, tmp_path, clock):
    """Turned, with oblong pixels, its index at the end, from a server that cannot leap."""
    path = clips.write_clip(
        tmp_path / "a.mp4", [clips.card()] * 4, rate_hz=10, pixel_aspect=Fraction(2, 1)
    )
    clips.turn(path, clips.MATRICES["clockwise"])
    with open_source(f"{server}/a.mp4?key=secret") as source:
        assert not source.live
        shots = wait(source, lambda _: source.ended, clock)
    assert source.name == f"{server}/a.mp4"
    assert source.failure is None
    frames = list(read_frames(path))
    assert {shot.frame.time_s for shot in shots} <= {frame.time_s for frame in frames}
    assert shots[0].frame.rgb.shape[0] > shots[0].frame.rgb.shape[1]
    np.testing.assert_array_equal(shots[0].frame.rgb, frames[0].rgb)


def test_a_part_of_a_film_plays_at_once(tmp_path, clock):
    path = clips.write_clip(tmp_path / "a.mp4", clips.greys(40), rate_hz=10)
    source = open_source(str(path), options=FilmOptions(from_s=3.2, slow_motion=2.0))
    with source:
        shots = wait(source, lambda _: source.ended, clock)
    times = [shot.frame.time_s for shot in shots]
    assert times[0] == pytest.approx(1.6, abs=0.11)
    assert times[-1] == pytest.approx(1.95, abs=0.01)


@pytest.mark.parametrize("text", ["frame_%04d.PNG", "a.csv"])
def test_what_is_no_film_is_for_check(text):
    with pytest.raises(UsageError) as raised:
        open_source(text)
    said = f"{text} is no film: keypoints and numbered pictures are for check."
    assert str(raised.value) == said


@pytest.mark.parametrize("text", ["0", "rtsp://10.0.0.1/x"])
def test_a_part_of_a_camera_makes_no_sense(text):
    with pytest.raises(UsageError, match="not for a camera"):
        open_source(text, options=FilmOptions(from_s=1.0))


def test_a_stream_that_is_not_there_is_a_sentence(server):
    with pytest.raises(CameraError, match="cannot be opened"), open_source(f"{server}/none.mp4"):
        pass


@pytest.mark.parametrize(
    ("text", "kind"), [("0", Camera), ("rtsp://10.0.0.1/x", Camera), ("a.mp4", Film)]
)
def test_sources_are_told_apart(text, kind, monkeypatch, tmp_path):
    monkeypatch.setattr(camera, "refuse_device", lambda _: None)
    monkeypatch.chdir(tmp_path)
    clips.write_clip(tmp_path / "a.mp4", [clips.card(64, 48)] * 3)
    source = open_source(text)
    assert type(source) is kind
    assert source.name == text


def test_a_film_that_is_not_there_is_told_before_anything_is_opened(tmp_path):
    with pytest.raises(ClipError, match="There is no file"):
        open_source(str(tmp_path / "typo.mp4"))


class Phone(QuietHandler):
    """Serves pictures as camera apps of phones do: MJPEG, for as long as somebody looks."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        try:
            for seed in itertools.count():
                file = io.BytesIO()
                Image.fromarray(noise(seed)).save(file, "JPEG")
                head = f"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: {file.tell()}"
                self.wfile.write(f"{head}\r\n\r\n".encode() + file.getvalue() + b"\r\n")
                time.sleep(0.02)
        except OSError:
            return  # nobody looks any more


def test_a_phone_that_serves_mjpeg_is_a_camera():
    with served(Phone) as url, open_source(f"{url}/video") as source:
        shots = wait(source, lambda shots: len(shots) == 3)
    assert source.live
    assert (source.failure, source.trouble) == (None, "")
    assert {shot.frame.rgb.shape for shot in shots} == {(48, 64, 3)}
