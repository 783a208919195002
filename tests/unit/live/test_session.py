"""The session with a fake clock, and the whole command in pipes and in a real terminal."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from bench.films import looped
from support import moving
from support.clips import write_clip
from support.locations import SAMPLES

from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.body.landmarks import KNEES
from hinge_dowel.exercises.catalogue import EXERCISES
from hinge_dowel.history.session_log import read
from hinge_dowel.live import framing
from hinge_dowel.live.estimator import LiveEstimator
from hinge_dowel.live.frames import LiveFrame
from hinge_dowel.live.plan import Plan
from hinge_dowel.live.session import COUNTDOWN_S, Drill, shout
from hinge_dowel.live.snapshot import LiveFigure
from hinge_dowel.pose.tracker import no_person
from hinge_dowel.verdict import FAULTS as FAULT_KEYS
from hinge_dowel.verdict import NOT_JUDGED, Rep, Strays
from hinge_dowel.video.reader import read_frames

pytestmark = pytest.mark.slow
"""Each goes through a whole session."""

CLIP = SAMPLES / "mixed_right.mp4"


@pytest.fixture
def seen():
    with moving.outlines_known():
        yield moving.record()


def rep(*faults, notes=()):
    return Rep(1, 0.0, 1.0, 2.0, 80.0, 10.0, 2.0, 0.0, 0.0, Strays(0.0, 0.0, 0.0), faults, notes)


class Player:
    """Gives a drill the recorded person, as often as wanted, by a clock that tests move."""

    def __init__(self, drill, seen):
        self.drill, self.seen = drill, seen
        self.now_s = 0.0
        self.snapshots = []
        self.news = []

    def play(self, until=lambda snapshot: False, *, times=1, **about):
        for _ in range(times):
            begun_s = self.now_s
            for sight in moving.sights(self.seen):
                self.now_s = begun_s + sight.time_s + 0.05
                sight = replace(sight, time_s=self.now_s)
                if self.drill.watching:
                    snapshot = self.drill.see(sight, self.seen.size_px, self.now_s, **about)
                else:
                    snapshot = self.drill.tick(self.now_s)
                if self.note(snapshot) or until(snapshot):
                    return snapshot
        return snapshot

    def stand(self, seconds, **about):
        still = next(moving.sights(self.seen))
        for _ in range(round(seconds * 15)):
            self.now_s += 1 / 15
            sight = replace(still, time_s=self.now_s)
            if self.drill.watching:
                size = self.seen.size_px
                self.note(self.drill.see(sight, size, self.now_s, **about))
            else:
                self.note(self.drill.tick(self.now_s))
        return self.snapshots[-1]

    def gone(self, seconds, **about):
        for _ in range(round(seconds * 15)):
            self.now_s += 1 / 15
            sight = no_person(self.now_s)
            self.note(self.drill.see(sight, self.seen.size_px, self.now_s, **about))
        return self.snapshots[-1]

    def note(self, snapshot):
        self.snapshots.append(snapshot)
        self.news += self.drill.news()
        return snapshot.stage == "done"

    def stages(self):
        found = [s.stage for s in self.snapshots]
        return [s for k, s in enumerate(found) if not k or found[k - 1] != s]

    def reps(self):
        return [(n.set_number, n.number, n.rep.faults) for n in self.news if n.rep is not None]

    def said(self):
        return [n.said for n in self.news if n.said]


FAULTS = [(), ("spinal_flexion",), (), ("cervical_flexion",)]


def test_before_a_camera_the_session_sets_up_counts_down_stands_and_begins(seen):
    player = Player(Drill(Plan(1, 4), LiveEstimator()), seen)
    player.stand(8)
    assert player.stages() == ["setup", "countdown", "neutral", "moving"]
    counted = [s.left_s for s in player.snapshots if s.stage == "countdown"]
    assert counted[0] == pytest.approx(COUNTDOWN_S, abs=0.1)
    assert np.all(np.diff(counted) < 0)
    assert {s.message for s in player.snapshots if s.stage == "neutral"} == {"Stand tall and still"}
    assert player.said() == ["Ready", "Stand tall and still", "Go"]


def test_a_set_of_a_camera_session_ends_it(seen):
    player = Player(Drill(Plan(1, 4), LiveEstimator()), seen)
    player.stand(8)
    last = player.play()
    assert last.stage == "done"
    assert player.reps() == [(1, k, faults) for k, faults in enumerate(FAULTS, 1)]
    assert player.said()[-1].startswith("Done")


def test_between_sets_there_is_a_rest_in_which_nothing_counts(seen):
    player = Player(Drill(Plan(2, 2, rest_s=20.0), LiveEstimator()), seen)
    player.stand(8)
    player.play(until=lambda s: s.stage == "rest")
    assert player.reps() == [(1, 1, ()), (1, 2, ("spinal_flexion",))]
    assert not player.drill.watching
    rest = player.stand(19)
    assert (rest.stage, len(rest.set_reps)) == ("rest", 2)
    assert rest.left_s == pytest.approx(1.0, abs=0.2)
    assert player.stand(10).stage == "moving"
    assert player.snapshots[-1].set_number == 2
    assert player.snapshots[-1].set_reps == ()
    player.play()
    assert player.reps()[2:] == [(2, 1, ()), (2, 2, ("spinal_flexion",))]
    assert player.stages()[-1] == "done"


def test_a_film_is_judged_from_its_first_picture_and_waits_for_nothing(seen):
    player = Player(Drill(Plan(3, 2, rest_s=45.0, live=False), LiveEstimator()), seen)
    player.play()
    player.note(player.drill.finish(player.now_s))
    assert player.reps() == [
        *((1, 1, ()), (1, 2, ("spinal_flexion",))),
        *((2, 1, ()), (2, 2, ("cervical_flexion",))),
    ]
    assert "countdown" not in player.stages()
    assert player.stages().index("moving") == 1
    assert next(s for s in player.snapshots if s.stage == "moving").elapsed_s < 1.5
    assert [len(reps) for reps in player.drill.sets] == [2, 2]


def test_a_film_without_a_plan_of_its_own_is_counted_to_its_end(seen):
    player = Player(Drill(Plan(1, 2, live=False, open_ended=True), LiveEstimator()), seen)
    player.play()
    assert [number for _, number, _ in player.reps()] == [1, 2, 3, 4]
    assert player.snapshots[-1].place == "set 1 of 1   rep 4"
    assert len(player.drill.verdict("a").reps) == 4


def test_a_film_with_a_plan_ends_after_its_last_set(seen):
    player = Player(Drill(Plan(1, 2, live=False), LiveEstimator()), seen)
    last = player.play()
    assert (last.stage, last.place) == ("done", "set 1 of 1   rep 2 of 2")
    player.note(player.drill.finish(player.now_s))
    assert player.reps() == [(1, 1, ()), (1, 2, ("spinal_flexion",))]
    assert [rep.number for rep in player.drill.verdict("a").reps] == [1, 2]


def test_what_is_wrong_with_the_picture_holds_the_session_back(seen):
    player = Player(Drill(Plan(), LiveEstimator()), seen)
    assert player.gone(2).message == "Step into the picture"
    assert player.stand(3, light=5.0).message == "Too dark: more light"
    assert player.stand(3, count=2).message == "Two people: one at a time"
    assert player.stages() == ["setup"]
    assert player.said() == [
        *("Step into the picture", "Too dark: more light", "Two people: one at a time")
    ]
    player.stand(1.5)
    assert player.stages() == ["setup", "countdown"]
    player.stand(2, light=5.0)
    assert player.stages() == ["setup", "countdown", "setup"]


def test_losing_the_person_pauses_the_set_and_says_so(seen):
    player = Player(Drill(Plan(1, 8), LiveEstimator()), seen)
    player.stand(8)
    player.play()
    assert player.gone(0.8).stage == "moving"
    lost = player.gone(1)
    assert (lost.stage, lost.message) == ("lost", "Step into the picture")
    assert (lost.head, lost.sacrum, lost.depth_deg) == ("unseen", "unseen", None)
    assert "I cannot see you" in player.said()
    assert player.stand(0.2).stage == "moving"
    assert len(player.snapshots[-1].set_reps) == 4
    player.gone(8)
    assert player.stand(0.2).stage == "setup"


def reason(player):
    player.note(player.drill.finish(player.now_s))
    verdict = player.drill.verdict("a")
    assert verdict.status == "unusable"
    return verdict.reason


@pytest.mark.parametrize("live", [True, False])
def test_who_is_never_seen_in_the_dark_is_told_so_meanwhile_and_at_the_end(seen, live):
    player = Player(Drill(Plan(live=live), LiveEstimator()), seen)
    assert player.gone(3, light=5.0).message == "Too dark: more light"
    assert reason(player).startswith("It was too dark to see you")
    player = Player(Drill(Plan(live=live), LiveEstimator()), seen)
    assert player.gone(3, light=80.0).message == "Step into the picture"
    assert reason(player).startswith("No hip hinge is seen")


@pytest.mark.parametrize(
    ("lit_s", "dark_s", "empty_s", "said"),
    [
        (10, 11, 0, "No hip hinge"),  # of a clip two fifths with a person are enough
        (10, 20, 0, "It was too dark"),
        (5, 15, 10, "It was too dark"),
        (5, 10, 15, "No hip hinge"),
    ],
)
def test_the_dark_is_the_reason_where_it_hid_most(seen, lit_s, dark_s, empty_s, said):
    player = Player(Drill(Plan(live=False), LiveEstimator()), seen)
    player.stand(lit_s)
    player.gone(dark_s, light=5.0)
    player.gone(empty_s, light=80.0)
    assert reason(player).startswith(said)


def test_a_camera_session_that_waited_for_light_ends_with_that_reason(seen):
    """Though seen, nobody gets past the set-up in the dark; a film is judged all the same."""
    for live, said in ((True, "It was too dark"), (False, "No hip hinge")):
        player = Player(Drill(Plan(live=live), LiveEstimator()), seen)
        player.stand(5, light=5.0)
        assert reason(player).startswith(said)


def test_reps_done_before_the_light_went_are_kept(seen):
    player = Player(Drill(Plan(1, 12, live=False), LiveEstimator()), seen)
    player.play()
    player.gone(60, light=5.0)
    player.note(player.drill.finish(player.now_s))
    verdict = player.drill.verdict("a")
    assert (verdict.status, len(verdict.reps), verdict.reason) == ("faulty", 4, None)


def test_what_is_drawn_of_a_person_after_the_light_went_is_not_believed(seen):
    """The pose model holds on to them for a quarter of a second, with legs that leap."""
    begun = list(moving.sights(seen))
    low_s = judge(seen, clip="a").reps[0].bottom_s

    def session(light):
        player = Player(Drill(Plan(live=False), LiveEstimator()), seen)
        for sight in begun:
            if sight.time_s < low_s + 0.3:
                player.note(player.drill.see(sight, seen.size_px, sight.time_s, light=90.0))
            elif sight.time_s < low_s + 0.7:
                leapt = sight.landmarks.copy()
                leapt[list(KNEES), 0] += 80
                player.note(
                    player.drill.see(
                        replace(sight, landmarks=leapt), seen.size_px, sight.time_s, light=light
                    )
                )
        player.now_s = low_s + 0.7
        player.gone(3, light=light)
        player.note(player.drill.finish(player.now_s))
        return player

    assert session(90.0).reps() == [(1, 1, ("squatting",))]
    assert "squatting" not in {fault for *_, faults in session(4.0).reps() for fault in faults}


def test_a_dim_room_is_not_a_light_that_went():
    blackout = framing.DarknessWatch()
    assert not any(blackout.hides(level, at / 10) for at, level in enumerate([15, 17, 12, 30, 14]))
    assert not blackout.hides(90.0, 1.0)
    assert blackout.hides(9.0, 1.1)
    assert blackout.hides(9.0, 1.9)
    assert not blackout.hides(9.0, 2.1)
    assert not blackout.hides(90.0, 2.2)


def test_light_that_goes_during_a_set_is_said_on_the_screen_and_aloud(seen):
    player = Player(Drill(Plan(1, 8), LiveEstimator()), seen)
    player.stand(8)
    dark = player.gone(2, light=5.0)
    assert (dark.stage, dark.message) == ("lost", "Too dark: more light")
    assert player.said()[-1] == "Too dark: more light"
    empty = player.gone(1, light=80.0)
    assert (empty.stage, empty.message) == ("lost", "Step into the picture")


def test_space_pauses_and_goes_on(seen):
    player = Player(Drill(Plan(1, 8), LiveEstimator()), seen)
    player.stand(8)
    assert player.drill.pause(player.now_s)
    assert not player.drill.watching
    paused = player.stand(30)
    assert (paused.stage, paused.message) == ("paused", "Paused")
    assert not player.drill.pause(player.now_s)
    assert player.drill.watching
    player.play()
    assert [faults for *_, faults in player.reps()] == FAULTS


def test_r_measures_standing_again(seen):
    player = Player(Drill(Plan(1, 8), LiveEstimator()), seen)
    player.stand(8)
    player.play()
    player.drill.recalibrate(player.now_s)
    player.stand(8)
    assert player.stages()[-4:] == ["setup", "countdown", "neutral", "moving"]
    assert len(player.snapshots[-1].set_reps) == 4


def test_the_end_brings_what_was_under_way(seen):
    drill = Drill(Plan(1, 8, live=False), LiveEstimator())
    player = Player(drill, seen)
    player.play(until=lambda s: len(s.set_reps) == 1)
    player.play(until=lambda s: (s.depth_deg or 0) > 60)
    player.note(drill.finish(player.now_s))
    assert player.snapshots[-1].stage == "done"
    assert len(player.reps()) == 2
    assert "partial" in drill.verdict("x").reps[1].notes


def test_a_rep_that_the_person_broke_off_is_none(seen):
    drill = Drill(Plan(1, 8, live=False), LiveEstimator())
    player = Player(drill, seen)
    player.play(until=lambda s: len(s.set_reps) == 1)
    player.play(until=lambda s: (s.depth_deg or 0) > 60)
    player.note(drill.finish(player.now_s, broken_off=True))
    assert player.snapshots[-1].stage == "done"
    assert player.reps() == [(1, 1, ())]
    assert len(drill.verdict("x").reps) == 1


def test_the_cue_is_the_worst_fault_of_now_then_of_the_last_repetition(seen):
    player = Player(Drill(Plan(1, 8, live=False), LiveEstimator()), seen)
    player.play(until=lambda s: s.sacrum == "left" and s.phase != "standing")
    assert player.snapshots[-1].cue == "chest long"
    player.play(until=lambda s: len(s.set_reps) == 2)
    assert shout(rep("cervical_flexion", "spinal_flexion")) == "chest long"
    assert shout(rep(notes=("partial", "too_fast"))) == "slower"
    assert shout(rep()) == ""


def test_trouble_with_the_camera_comes_before_all_else():
    drill = Drill(Plan(), LiveEstimator())
    assert drill.tick(1.0, trouble="The camera is gone.").message == "The camera is gone."


# -- the picture ------------------------------------------------------------------------------


def moment(seen, change=lambda xy: xy, size=None, **about):
    nowhere = np.full((7, 2), np.nan)
    xy = change(seen.landmarks[0, :, :2].copy())
    figure = LiveFigure(xy, nowhere, nowhere[:2], size or seen.size_px, "right")
    return LiveFrame(0.0, seen=True, figure=figure, facing="right", **about)


def test_each_thing_wrong_with_the_picture_has_its_words(seen):
    width, height = seen.size_px
    assert framing.problem(moment(seen)) == ""
    assert framing.problem(moment(seen, view_deg=40.0)) == "Turn side on"
    assert framing.problem(moment(seen, view_deg=40.0), turned=False) == ""
    assert framing.problem(moment(seen, size=(width, height // 2))) == "Step back: feet are out"
    above = moment(seen, lambda xy: xy - [0, xy[:, 1].min() + 20])
    assert framing.problem(above) == "Step back: head is out"
    centre = np.array(seen.size_px) / 2
    large = moment(seen, lambda xy: centre + (xy - centre) * 3)
    assert framing.problem(large) == "Step back: head and feet are out"
    small = moment(seen, lambda xy: centre + (xy - centre) / 5)
    assert framing.problem(small) == "Come closer"


def test_people_are_counted_by_their_boxes():
    one, beside = [100, 50, 200, 400], [300, 60, 400, 400]
    twice, far = [105, 55, 210, 395], [320, 100, 350, 200]
    assert framing.people(np.zeros((0, 4))) == 0
    assert framing.people(np.array([one])) == 1
    assert framing.people(np.array([one, beside])) == 2
    assert framing.people(np.array([one, twice])) == 1
    assert framing.people(np.array([one, far])) == 1


# -- the command ------------------------------------------------------------------------------

LINE = re.compile(r"set (\d+) rep (\d+): ")


def dimmed(path, share, *, seconds):
    """A film's pictures with so much of their light."""
    for frame in read_frames(path, rate_hz=15.0):
        if frame.time_s >= seconds:
            return
        yield (frame.rgb * share).astype(np.uint8)


@pytest.fixture
def long_film(tmp_path):
    """A minute and a half: a busy machine may miss reps, and has others to come."""
    looped(CLIP, tmp_path / "long.mp4", 90.0)
    return tmp_path / "long.mp4"


@pytest.fixture
def drill(pose_model, tmp_path):
    environment = os.environ | {
        "HINGE_DOWEL_HOME": str(tmp_path / "home"),
        "TERM": "xterm-256color",
    }
    for name in ("NO_COLOR", "COLUMNS", "LINES"):  # the terminal itself tells its size
        environment.pop(name, None)
    base = [sys.executable, "-m", "hinge_dowel", "drill", "--model", str(pose_model)]

    def command(*arguments, source=CLIP):
        return [*base, "--source", str(source), *map(str, arguments)], environment

    return command


def run(drill, *arguments, **options):
    command, environment = drill(*arguments, **options)
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.slow
def test_a_film_through_a_pipe_is_one_line_a_rep_and_agrees_with_check(drill, checked, tmp_path):
    out, film = tmp_path / "session.json", tmp_path / "session.mp4"
    film.write_bytes(b"of another day")
    done = run(drill, "--json", out, "--record", film, "--stats")
    assert film.read_bytes() == b"of another day"
    assert f"this session goes to {tmp_path / 'session-2.mp4'}" in done.stderr
    film = tmp_path / "session-2.mp4"
    lines = [line for line in done.stdout.splitlines() if LINE.match(line)]
    wanted = checked["clips"][CLIP.name]
    assert len(wanted["reps"]) == 4
    assert "\x1b" not in done.stdout
    (clip,) = json.loads(out.read_text("utf-8"))["clips"]
    assert clip.keys() == wanted.keys()
    assert clip["clip"] == CLIP.name
    # On a busy machine pictures are left out: what is judged all the same is judged right.
    status = {"clean": 0, "faulty": 1, "unusable": 2}
    assert done.returncode == status[clip["status"]], done.stderr
    judged = [rep for rep in clip["reps"] if NOT_JUDGED not in rep["notes"]]
    assert (clip["status"] == "unusable") is (not judged)
    assert clip["faults"] == [f for f in FAULT_KEYS if any(f in rep["faults"] for rep in judged)]
    # On a busy machine some may not be seen at all.
    assert 1 <= len(clip["reps"]) == len(lines) <= 4
    for mine in clip["reps"]:
        other = min(wanted["reps"], key=lambda rep: abs(rep["bottom_s"] - mine["bottom_s"]))
        assert set(mine["faults"]) == (set(other["faults"]) if mine in judged else set())
        assert mine["bottom_s"] == pytest.approx(other["bottom_s"], abs=0.4)
        assert mine["hip_flexion_deg"] == pytest.approx(other["hip_flexion_deg"], abs=10)
    from hinge_dowel.video.reader import probe

    told = re.search(r"median (\d+) ms, 95 % within (\d+) ms.* in ([\d.]+) s", done.stderr)
    # Begun with the pictures, ended with the last: never before the film's own end.
    assert float(told[3]) > probe(CLIP).duration_s - 1
    assert int(told[1]) <= int(told[2])
    recorded = probe(film)
    assert recorded.codec == "h264"
    assert 1.0 < recorded.duration_s < probe(CLIP).duration_s + 1.5
    (kept,) = read(tmp_path / "home" / "history.sqlite3")
    assert [list(r.faults) for r in kept.reps] == [r["faults"] for r in clip["reps"]]
    assert kept.finished


@pytest.mark.slow
def test_a_film_too_dark_to_see_anybody_says_so(drill, tmp_path):
    """The sample's own pictures at a thirtieth of their light."""
    dark = write_clip(tmp_path / "dark.mp4", dimmed(CLIP, 1 / 30, seconds=3.0), rate_hz=15)
    done = run(drill, "--json", tmp_path / "x.json", source=dark)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-2] == "Too dark: more light."
    assert done.stderr.splitlines()[-1].startswith("No rep was judged. It was too dark to see you")
    (clip,) = json.loads((tmp_path / "x.json").read_text("utf-8"))["clips"]
    assert clip["reason"].startswith("It was too dark to see you")


@pytest.mark.slow
def test_a_session_that_is_killed_keeps_its_finished_reps(drill, tmp_path):
    command, environment = drill()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert LINE.match(process.stdout.readline())
        process.kill()
    (kept,) = read(tmp_path / "home" / "history.sqlite3")
    assert len(kept.reps) >= 1
    assert not kept.finished


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--source", "no such.mp4"], "no such.mp4"),
        (["--source", "97"], "camera 97"),
        (["--reps", "0"], "1 to 999"),
        (["--rest", "-1"], "3600"),
        (["--json", "/no/such/folder/x.json"], "/no/such/folder"),
        (["--record", "/no/such/folder/x.mp4"], "/no/such/folder"),
        (["another.mp4"], "name one of them"),
    ],
)
def test_what_cannot_work_is_one_sentence(
    arguments, words, capfd, monkeypatch, tmp_path, pose_model
):
    from hinge_dowel.cli import main

    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path))
    status = main(["drill", "--source", str(CLIP), "--model", str(pose_model), *arguments])
    error = capfd.readouterr().err
    assert status == 2
    assert words in error
    assert error.startswith("hinge-dowel: ")
    assert len(error.splitlines()) == 1


def test_a_history_that_cannot_be_written_names_the_way_round(
    capfd, monkeypatch, tmp_path, pose_model
):
    from hinge_dowel.cli import main

    (tmp_path / "home").write_text("a file where the folder should be")
    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path / "home"))
    assert main(["drill", str(CLIP), "--model", str(pose_model)]) == 2
    error = capfd.readouterr().err
    assert "--no-history" in error
    assert len(error.splitlines()) == 1


class Terminal:
    """The command in a real pseudo-terminal."""

    def __init__(self, command, environment, rows=24, columns=80):
        import pty

        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.execve(command[0], command, environment)  # noqa: S606  (no shell wanted)
        self.resize(rows, columns)
        self.text = ""

    def resize(self, rows, columns):
        import fcntl
        import termios

        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, wanted, timeout_s=60):
        """Read until the pattern is seen in what comes from now on."""
        start, end = len(self.text), time.monotonic() + timeout_s
        while not re.search(wanted, self.text[start:]):
            left = end - time.monotonic()
            assert left > 0, f"no {wanted!r} in {self.text[-3000:]!r}"
            if select.select([self.fd], [], [], left)[0] and not self._read():
                raise AssertionError(f"ended without {wanted!r}: {self.text[-3000:]!r}")
        return self.text[start:]

    def _read(self):
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:  # Linux's way to say that the other end is closed
            return False
        self.text += data.decode("utf-8", "replace")
        return bool(data)

    def write(self, keys):
        os.write(self.fd, keys)

    def end(self):
        while self._read():
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


@pytest.mark.slow
def test_in_a_terminal_there_is_a_screen_that_follows_resizes_and_is_gone_after_ctrl_c(
    drill, long_film
):
    terminal = Terminal(*drill("--mute", source=long_film))
    terminal.until(r"\x1b\[\?1049h")
    terminal.until("set 1 of 3")
    loading = terminal.text.partition("set 1 of 3")[0]
    assert "██████" in loading  # LOADING in large letters, from the first moment
    terminal.resize(15, 50)
    terminal.until("60 x 20 at least")
    terminal.resize(30, 100)
    terminal.until("space pauses   q ends")
    terminal.write(b"r")  # is not offered for a film, and does nothing
    terminal.write(b" ")
    terminal.until("space goes on   q ends")
    assert "measures standing" not in terminal.text
    terminal.write(b" ")
    terminal.until("rep 1 of 12")
    terminal.write(b" ")
    terminal.until("space goes on")
    assert "clean reps" in terminal.text
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.text)
    assert "█▄▄▄█ █▄▄▄  █▄▄▄█ █   █" in plain  # the table's HEAD, in large letters
    terminal.write(b" ")
    terminal.write(b"\x03")
    last = terminal.until("Session|No rep was judged")
    assert "\x1b[?1049l" in last  # the screen is left ...
    assert "\x1b[?25h" in last  # ... and the cursor is back
    assert terminal.end() in (0, 1, 2)
    assert "W0000" not in terminal.text
    assert "Traceback" not in terminal.text


@pytest.mark.slow
@pytest.mark.parametrize("way", ["q", "SIGTERM", "SIGHUP"])
def test_every_kind_end_is_clean(drill, way, tmp_path, long_film):
    terminal = Terminal(*drill("--mute", "--json", tmp_path / "x.json", source=long_film))
    terminal.until("rep 1 of 12")
    if way == "q":
        terminal.write(b"q")
    else:
        os.kill(terminal.pid, getattr(signal, way))
    assert terminal.end() in (0, 1, 2)
    assert "\x1b[?1049l" in terminal.text
    assert "Traceback" not in terminal.text
    (clip,) = json.loads((tmp_path / "x.json").read_text("utf-8"))["clips"]
    assert len(clip["reps"]) >= 1
    # What was under way when the person had enough is no rep: what came late was over.
    shown = int(re.findall(r"rep (\d+) of 12", terminal.text)[-1])
    assert all(rep["end_s"] is not None for rep in clip["reps"][shown:])
    (kept,) = read(tmp_path / "home" / "history.sqlite3")
    assert (len(kept.reps), kept.finished) == (len(clip["reps"]), True)


@pytest.mark.slow
def test_a_film_with_a_plan_ends_in_the_terminal_after_its_last_set(drill, tmp_path, long_film):
    terminal = Terminal(
        *drill(
            "--mute", "--sets", "1", "--reps", "2", "--json", tmp_path / "x.json", source=long_film
        )
    )
    terminal.until("Session|No rep was judged")
    assert terminal.end() in (0, 1, 2)
    assert "rep 3" not in terminal.text
    (clip,) = json.loads((tmp_path / "x.json").read_text("utf-8"))["clips"]
    assert len(clip["reps"]) == 2


@pytest.mark.slow
def test_on_a_busy_machine_the_session_still_coaches(drill, tmp_path, long_film):
    """As slow as four processes that take all they can make it: the lights and the reps go on."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        terminal = Terminal(
            *drill(
                "--mute",
                "--sets",
                "1",
                "--reps",
                "3",
                "--json",
                tmp_path / "x.json",
                source=long_film,
            )
        )
        terminal.until("on the dowel")
        terminal.until("Session|No rep was judged", timeout_s=300)
        assert terminal.end() in (0, 1, 2)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    (clip,) = json.loads((tmp_path / "x.json").read_text("utf-8"))["clips"]
    assert len(clip["reps"]) == 3
    assert any(NOT_JUDGED not in rep["notes"] for rep in clip["reps"])


@pytest.mark.rare
@pytest.mark.parametrize("name", EXERCISES)
def test_a_session_of_every_exercise_in_a_terminal(drill, name):
    """Of the wrong one too: it may find no repetition, but it shows itself and ends cleanly."""
    terminal = Terminal(*drill("--mute", "--exercise", name))
    terminal.until("set 1 of 3")
    last = terminal.until("Session|No rep was judged")
    assert "\x1b[?1049l" in last
    assert terminal.end() in (0, 1, 2)
    assert "Traceback" not in terminal.text
