"""Bars on a terminal, lines elsewhere."""

from __future__ import annotations

import io
import itertools

import pytest
from rich.console import Console

from hinge_dowel.report import progress


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    return Console(file=io.StringIO(), width=80, force_terminal=True)


def test_bars_name_the_clips_under_way_and_leave_no_trace(terminal):
    with progress.clips(["a.mp4", "folder/" * 9 + "b.mp4", "c.mp4"], terminal) as tell:
        tell(0, 0.0, "")
        tell(1, 0.25, "looking")
        tell(0, 0.5, "judging")
        tell(0, 1.0, "done")
    shown = terminal.file.getvalue()
    assert "a.mp4" in shown
    assert "…older/folder/folder/b.mp4" in shown
    assert "looking" in shown
    assert "c.mp4" not in shown
    assert "clip 1 of 3" in shown
    assert "clip 2 of 3" in shown
    assert shown.endswith("\x1b[2K")


def test_a_download_is_shown_once_it_begins(terminal):
    with progress.download("pose model", terminal):
        pass
    assert "pose model" not in terminal.file.getvalue()
    with progress.download("pose model", terminal) as tell:
        tell(4_000_000, 9_000_000)
    assert "pose model" in terminal.file.getvalue()
    assert "4.0/9.0 MB" in terminal.file.getvalue()


@pytest.fixture
def clock(monkeypatch):
    """The time in seconds, as a test sets it."""
    now_s = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now_s[0])
    return now_s


def test_lines_say_every_half_minute_how_long_it_takes(clock):
    said = []
    with progress.lines(["a", "b", "c", "d"], said.append) as tell:
        for after_s, place, share in ((10, 0, 0.5), (29, 0, 0.9), (40, 0, 1.0), (60, 1, 0.5)):
            clock[0] = 100.0 + after_s
            tell(place, share, "done" if share == 1.0 else "looking")
        assert said == ["1 of 4 clips checked, about 2 min left."]
        clock[0] = 100.0 + 75
        tell(2, 1.0, "done")
    # 2.5 clips in 75 s: 1.5 of them in 45 s.
    assert said[1:] == ["2 of 4 clips checked, about 45 s left."]


def test_time_left_is_never_below_nothing(clock):
    said = []
    with progress.lines(["a", "b", "c"], said.append) as tell:
        # What these add up to is a little more than 3.
        for place, share in itertools.product((0, 1, 2), (0.1, 0.4, 1.0)):
            clock[0] += 40.0 * (place == 2 and share == 1.0)
            tell(place, share, "looking")
    assert said == ["0 of 3 clips checked, about 0 s left."]


def test_what_an_earlier_run_has_done_says_nothing_of_the_rest(clock):
    said = []
    with progress.lines([str(place) for place in range(100)], said.append) as tell:
        for place in range(90):
            tell(place, 1.0, "kept")
        clock[0] = 200.0
        tell(90, 0.5, "looking")
    assert said == ["90 of 100 clips checked, about 32 min left."]


def test_bars_of_a_cluster_fit_a_screen(terminal):
    names = [f"clip{place:03}" for place in range(300)]
    with progress.clips(names, terminal) as tell:
        for place in range(300):
            tell(place, 0.5, "looking")
    shown = terminal.file.getvalue()
    assert "clip015" in shown
    assert "clip016" not in shown
    assert "clip 1 of 300" in shown
