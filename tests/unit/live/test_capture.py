"""Cameras and streams as they are opened: in our colours, upright, or refused in a sentence."""

from __future__ import annotations

import io
from email.message import Message
from fractions import Fraction
from http.client import HTTPException

import numpy as np
import pytest
from support import clips

from hinge_dowel.errors import CameraError
from hinge_dowel.live import capture
from hinge_dowel.live.capture import Stream
from hinge_dowel.video.reader import read_frames


def test_where_there_is_no_device_the_others_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(capture.sys, "platform", "linux")
    with pytest.raises(CameraError, match=r"no camera 1 \(there is none"):
        capture.refuse_device(1, tmp_path)
    for number in (10, 2):
        (tmp_path / f"video{number}").touch()
    with pytest.raises(CameraError, match=r"no camera 1 \(there is 2, 10\)"):
        capture.refuse_device(1, tmp_path)
    capture.refuse_device(2, tmp_path)
    monkeypatch.setattr(capture.os, "access", lambda *_: False)
    with pytest.raises(CameraError, match="group video"):
        capture.refuse_device(2, tmp_path)


class FakeCapture:
    """What cv2.VideoCapture gives, in its blue-green-red order."""

    def __init__(self, opens):
        self.opens, self.released = opens, False

    def isOpened(self):  # noqa: N802
        return self.opens

    def grab(self):
        return True

    def set(self, *_):
        return True

    def read(self):
        return True, np.full((8, 8, 3), (1, 2, 3), np.uint8)

    def release(self):
        self.released = True


def test_opencv_gives_colours_in_our_order_and_a_busy_camera_a_sentence(monkeypatch):
    import cv2

    monkeypatch.setattr(capture, "refuse_device", lambda _: None)
    monkeypatch.setattr(cv2, "VideoCapture", lambda _: FakeCapture(True))
    grabber = capture.CvCamera(0)
    assert grabber.read()[0, 0].tolist() == [3, 2, 1]
    grabber.close()
    busy = FakeCapture(False)
    monkeypatch.setattr(cv2, "VideoCapture", lambda _: busy)
    with pytest.raises(CameraError, match="close other programs"):
        capture.CvCamera(0)
    assert busy.released


def test_pictures_are_brought_to_working_size():
    assert capture.fitted(np.zeros((720, 1280, 3), np.uint8)).shape == (360, 640, 3)
    assert capture.fitted(np.zeros((481, 641, 3), np.uint8)).shape[1] % 4 == 0


def test_the_pictures_of_a_stream_are_turned_as_those_of_a_file(tmp_path):
    path = clips.write_clip(
        tmp_path / "a.mp4", [clips.card()] * 4, rate_hz=10, pixel_aspect=Fraction(2, 1)
    )
    clips.turn(path, clips.MATRICES["clockwise"])
    stream = Stream(path.as_uri())
    shown = stream.read()
    stream.close()
    np.testing.assert_array_equal(shown, next(read_frames(path)).rgb)


def test_a_stream_that_breaks_off_is_gone_and_one_that_ends_is_over(tmp_path):
    path = clips.write_clip(tmp_path / "a.mp4", clips.greys(2), rate_hz=10)
    for broken in (False, True):
        stream = Stream(path.as_uri())
        assert stream.read() is not None
        if broken:
            stream._frames = map(cable_pulled, [0])
        while stream.read() is not None:
            pass
        stream.close()
        assert stream.finite is not broken


def cable_pulled(_):
    raise OSError(104, "Connection reset by peer")


class Answer(io.BytesIO):
    """What a web server answers."""

    def __init__(self, kind, length, content=b"film"):
        super().__init__(content)
        self.headers = Message()
        self.headers["Content-Type"] = kind
        if length is not None:
            self.headers["Content-Length"] = str(length)


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (Answer("video/mp4", 4), b"film"),
        (Answer("multipart/x-mixed-replace", None), None),
        (Answer("application/vnd.apple.mpegurl", 4), None),
        (OSError("no route to host"), None),
        (HTTPException("not HTTP"), None),
    ],
)
def test_only_what_has_an_end_is_downloaded(answer, kept, tmp_path, monkeypatch):
    def urlopen(url, timeout):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    path = capture.downloaded("http://10.0.0.1/x", tmp_path)
    assert (path and path.read_bytes()) == kept
