"""A session, with a fake clock and a recorded person."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from support import recorded_person
from support.records import stepping

from hinge_dowel.analysis.not_counted import NotCounted
from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.analysis.refusal import FILMED
from hinge_dowel.body.landmarks import HIPS, KNEES, PAIRS
from hinge_dowel.exercises.catalogue import EXERCISES
from hinge_dowel.live.estimator import LiveEstimator
from hinge_dowel.live.finished_reps import TakenOut
from hinge_dowel.live.framing import Problem
from hinge_dowel.live.session import COUNTDOWN_S, Drill
from hinge_dowel.live.session_judging import BROKEN_OFF, BROKEN_OFF_LIVE, TOO_SLOW
from hinge_dowel.live.snapshot import Plan
from hinge_dowel.pose.tracker import no_person
from hinge_dowel.verdict import Verdict

pytestmark = pytest.mark.slow
"""Each goes through a whole session."""


@pytest.fixture
def seen():
    with recorded_person.outlines_known():
        yield recorded_person.record()


class Player:
    """Gives a drill the recorded person, as often as wanted, by a clock that tests move."""

    def __init__(self, drill, seen):
        self.drill, self.seen = drill, seen
        self.now_s = 0.0
        self.snapshots = []
        self.events = []

    def play(self, until=lambda snapshot: False, *, times=1, **about):
        for _ in range(times):
            begun_s = self.now_s
            for observation in recorded_person.observations(self.seen):
                self.now_s = begun_s + observation.time_s + 0.05
                observation = replace(observation, time_s=self.now_s)
                if self.drill.watching:
                    snapshot = self.drill.see(observation, self.seen.size_px, self.now_s, **about)
                else:
                    snapshot = self.drill.tick(self.now_s)
                if self.note(snapshot) or until(snapshot):
                    return snapshot
        return snapshot

    def stand(self, seconds, *, still=None, **about):
        still = still or next(recorded_person.observations(self.seen))
        for _ in range(round(seconds * 15)):
            self.now_s += 1 / 15
            observation = replace(still, time_s=self.now_s)
            if self.drill.watching:
                size = self.seen.size_px
                self.note(self.drill.see(observation, size, self.now_s, **about))
            else:
                self.note(self.drill.tick(self.now_s))
        return self.snapshots[-1]

    def gone(self, seconds, **about):
        for _ in range(round(seconds * 15)):
            self.now_s += 1 / 15
            observation = no_person(self.now_s)
            self.note(self.drill.see(observation, self.seen.size_px, self.now_s, **about))
        return self.snapshots[-1]

    def note(self, snapshot):
        self.snapshots.append(snapshot)
        self.events += self.drill.events()
        return snapshot.stage == "done"

    def stages(self):
        found = [s.stage for s in self.snapshots]
        return [s for k, s in enumerate(found) if not k or found[k - 1] != s]

    def reps(self):
        return [(n.set_number, n.number, n.rep.faults) for n in self.events if n.rep is not None]

    def said(self):
        return [n.said for n in self.events if n.said]


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


def test_who_faces_the_camera_first_and_then_turns_begins_all_the_same(seen):
    """Their standing is not the one from the front, against which no view would be side-on."""
    side = next(recorded_person.observations(seen))
    front = side.landmarks.copy()
    hips_px = front[HIPS, 0].mean()
    front[:, 0] = hips_px + 0.1 * (front[:, 0] - hips_px)
    for one, other in PAIRS:
        front[one, 0] += 60.0
        front[other, 0] -= 60.0
    player = Player(Drill(Plan(1, 4), LiveEstimator()), seen)
    told = player.stand(4, still=replace(side, landmarks=front))
    assert (told.stage, told.message) == ("setup", Problem.OBLIQUE.words(live=True))
    assert player.stand(10).stage == "moving"


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


def test_a_film_is_not_told_to_stand_but_that_nobody_has_stood(seen):
    player = Player(Drill(Plan(live=False), LiveEstimator()), seen)
    assert player.gone(1.9).message == "Step into the picture"
    bent = next(o for o in recorded_person.observations(seen) if o.time_s > 3.0)
    for _ in range(12):
        player.now_s += 1 / 15
        observation = replace(bent, time_s=player.now_s)
        player.note(player.drill.see(observation, seen.size_px, player.now_s))
    assert player.snapshots[-1].message == "No standing seen yet"
    player = Player(Drill(Plan(live=False), LiveEstimator()), seen)
    player.play()
    assert {s.message for s in player.snapshots} == {""}


def test_a_film_without_a_plan_of_its_own_is_counted_to_its_end(seen):
    player = Player(Drill(Plan(0, 2, live=False), LiveEstimator()), seen)
    player.play()
    assert [number for _, number, _ in player.reps()] == [1, 2, 3, 4]
    assert player.snapshots[-1].place == "hinge   rep 4"
    assert len(player.drill.verdict("a").reps) == 4


def test_a_film_with_a_plan_ends_after_its_last_set(seen):
    player = Player(Drill(Plan(1, 2, live=False), LiveEstimator()), seen)
    last = player.play()
    assert (last.stage, last.place) == ("done", "hinge   set 1 of 1   rep 2 of 2")
    player.note(player.drill.finish(player.now_s))
    assert player.reps() == [(1, 1, ()), (1, 2, ("spinal_flexion",))]
    assert [rep.number for rep in player.drill.verdict("a").reps] == [1, 2]


def test_half_a_rep_at_the_beginning_does_not_end_a_set(seen):
    """A set of two is two that count, beside half a one, which the summary does not count."""
    bottom_s = judge(seen, clip="").reps[0].bottom_s
    player = Player(Drill(Plan(1, 2, live=False), LiveEstimator()), seen)
    for observation in recorded_person.observations(seen):
        if observation.time_s >= bottom_s:
            player.now_s = observation.time_s
            if player.note(player.drill.see(observation, seen.size_px, player.now_s)):
                break
    assert [rep.partial for rep in player.drill.sets[0]] == [True, False, False]
    assert [(s.stage, s.place) for s in player.snapshots][-1] == (
        "done",
        "hinge   set 1 of 1   rep 2 of 2",
    )
    half = next(s for s in player.snapshots if s.set_reps)
    assert (half.done, len(half.set_reps)) == (0, 1)


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
    # In a twentieth of a room's light whoever is seen is judged well.
    assert player.stand(2, light=8.0).stage == "countdown"


def test_a_kneeling_session_waits_for_who_kneels(seen):
    player = Player(Drill(Plan(exercise="kneeling"), LiveEstimator()), seen)
    assert player.stand(6).message == "Kneel upright"
    assert player.stages() == ["setup"]
    assert player.said() == ["Kneel upright"]
    assert player.snapshots[-1].place == "kneeling   set 1 of 3   rep 0 of 12"


def test_a_film_of_another_posture_than_the_exercise_says_so_at_once(seen):
    plan = Plan(0, live=False, exercise="kneeling")
    live = LiveEstimator(rules=EXERCISES["kneeling"].rules)
    player = Player(Drill(plan, live), seen)
    assert player.stand(1).message == "Not kneeling: name the exercise"
    player.play()
    told = [s.message for s in player.snapshots]
    assert sum(a != b for a, b in pairwise(told)) == 1


def test_losing_the_person_pauses_the_set_and_says_so(seen):
    player = Player(Drill(Plan(1, 8), LiveEstimator()), seen)
    player.stand(8)
    player.play()
    assert player.gone(0.8).stage == "moving"
    lost = player.gone(1)
    assert (lost.stage, lost.message) == ("lost", "Step into the picture")
    assert (lost.body.head, lost.body.sacrum, lost.body.hip_flexion_deg) == (
        "unseen",
        "unseen",
        None,
    )
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


@pytest.mark.parametrize(
    ("live", "ended", "told"),
    [
        (True, True, BROKEN_OFF_LIVE),
        (False, True, BROKEN_OFF),
        (True, False, FILMED.few),
    ],
)
def test_who_ends_it_at_once_is_not_told_of_too_few_pictures(monkeypatch, live, ended, told):
    few = Verdict("x", "unusable", reason=FILMED.few, refusal="few")
    estimator = LiveEstimator()
    drill = Drill(Plan(live=live), estimator)
    drill.finish(0.5, broken_off=ended)
    monkeypatch.setattr(estimator, "verdict", lambda *_: few)
    assert drill.verdict("x").reason == told


def test_who_gives_up_before_it_began_is_not_told_that_no_hinge_was_seen(seen):
    player = Player(Drill(Plan(), LiveEstimator()), seen)
    assert player.stand(2).stage == "countdown"
    player.drill.finish(player.now_s, broken_off=True)
    assert player.drill.verdict("a").reason == BROKEN_OFF_LIVE
    player = Player(Drill(Plan(), LiveEstimator()), seen)
    assert player.stand(9).stage == "moving"
    player.drill.finish(player.now_s, broken_off=True)
    assert player.drill.verdict("a").reason == FILMED.nothing


@pytest.mark.parametrize("live", [True, False])
def test_who_is_never_seen_in_the_dark_is_told_so_meanwhile_and_at_the_end(seen, live):
    player = Player(Drill(Plan(live=live), LiveEstimator()), seen)
    assert player.gone(3, light=5.0).message == "Too dark: more light"
    said = "It was too dark to see you" if live else "It is too dark to see a person"
    assert reason(player).startswith(said)
    player = Player(Drill(Plan(live=live), LiveEstimator()), seen)
    assert player.gone(3, light=80.0).message == "Step into the picture"
    assert reason(player).startswith("No hip hinge is seen")


@pytest.mark.parametrize(
    ("lit_s", "dark_s", "empty_s", "said"),
    [
        (5, 15, 10, "It is too dark"),
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


@pytest.mark.parametrize(("dropping", "told"), [(True, 4), (False, 0)])
def test_of_a_film_with_few_pictures_as_many_are_asked_for_as_of_a_clip(seen, dropping, told):
    """A machine that drops pictures is another matter: what it looks at is judged."""
    player = Player(Drill(Plan(0, 12, live=False), LiveEstimator()), seen)
    for observation in list(recorded_person.observations(seen))[::4]:
        seldom = replace(observation, alone=True)
        now_s = observation.time_s
        player.note(player.drill.see(seldom, seen.size_px, now_s, dropping=dropping))
    player.note(player.drill.finish(now_s))
    verdict = player.drill.verdict("a")
    assert len(verdict.reps) == 4
    assert sum(rep.judged for rep in verdict.reps) == told
    assert verdict.reason is None if told else "below 6 a" in verdict.reason


def test_reps_done_before_the_light_went_are_kept(seen):
    player = Player(Drill(Plan(1, 12, live=False), LiveEstimator()), seen)
    player.play()
    player.gone(60, light=5.0)
    player.note(player.drill.finish(player.now_s))
    verdict = player.drill.verdict("a")
    assert (verdict.status, len(verdict.reps), verdict.reason) == ("faulty", 4, None)


def test_what_is_drawn_of_a_person_after_the_light_went_is_not_believed(seen):
    """The pose model holds on to them for a quarter of a second, with legs that leap."""
    begun = list(recorded_person.observations(seen))
    low_s = judge(seen, clip="a").reps[0].bottom_s

    def session(light):
        player = Player(Drill(Plan(live=False), LiveEstimator()), seen)
        for observation in begun:
            if observation.time_s < low_s + 0.3:
                player.note(
                    player.drill.see(observation, seen.size_px, observation.time_s, light=90.0)
                )
            elif observation.time_s < low_s + 0.7:
                leapt = observation.landmarks.copy()
                leapt[list(KNEES), 0] += 80
                player.note(
                    player.drill.see(
                        replace(observation, landmarks=leapt),
                        seen.size_px,
                        observation.time_s,
                        light=light,
                    )
                )
        player.now_s = low_s + 0.7
        player.gone(3, light=light)
        player.note(player.drill.finish(player.now_s))
        return player

    assert session(90.0).reps() == [(1, 1, ("squatting",))]
    assert "squatting" not in {fault for *_, faults in session(4.0).reps() for fault in faults}


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


def test_r_during_a_rest_ends_it_and_sets_up_the_next_set(seen):
    player = Player(Drill(Plan(2, 2, rest_s=20.0), LiveEstimator()), seen)
    player.stand(8)
    player.play(until=lambda s: s.stage == "rest")
    player.drill.recalibrate(player.now_s)
    assert player.stand(8).set_number == 2
    assert player.stages()[-5:] == ["rest", "setup", "countdown", "neutral", "moving"]


def test_the_end_brings_what_was_under_way(seen):
    drill = Drill(Plan(1, 8, live=False), LiveEstimator())
    player = Player(drill, seen)
    player.play(until=lambda s: len(s.set_reps) == 1)
    player.play(until=lambda s: (s.body.hip_flexion_deg or 0) > 60)
    player.note(drill.finish(player.now_s))
    assert player.snapshots[-1].stage == "done"
    # Beside a whole one, a lowering after which nobody rises is none.
    assert len(player.reps()) == 1
    assert "nobody stands up again" in drill.not_counted[0]


def test_a_rep_that_the_person_broke_off_is_none(seen):
    drill = Drill(Plan(1, 8, live=False), LiveEstimator())
    player = Player(drill, seen)
    player.play(until=lambda s: len(s.set_reps) == 1)
    player.play(until=lambda s: (s.body.hip_flexion_deg or 0) > 60)
    player.note(drill.finish(player.now_s, broken_off=True))
    assert player.snapshots[-1].stage == "done"
    assert player.reps() == [(1, 1, ())]
    assert len(drill.verdict("x").reps) == 1
    assert drill.not_counted == drill.verdict("x").warnings == ()


def test_the_cue_is_the_worst_fault_of_now(seen):
    player = Player(Drill(Plan(1, 8, live=False), LiveEstimator()), seen)
    player.play(until=lambda s: s.body.sacrum == "off" and s.body.phase != "standing")
    assert player.snapshots[-1].cue == "chest long"


def test_trouble_with_the_camera_comes_before_all_else():
    drill = Drill(Plan(), LiveEstimator())
    assert drill.tick(1.0, trouble="The camera is gone.").message == "The camera is gone."


@pytest.fixture
def fetching(seen):
    """The first of four repetitions is done elsewhere: something is fetched."""
    first, second = judge(seen, clip="").reps[:2]
    return stepping(seen, first.end_s, second.start_s, 90.0)


def test_a_movement_that_was_none_is_taken_out_and_said(fetching):
    drill = Drill(Plan(1, 8, live=False), LiveEstimator())
    player = Player(drill, fetching)
    player.play()
    player.note(drill.finish(player.now_s))
    assert [rep.number for rep in drill.sets[0]] == [1, 2, 3]
    (out,) = (event for event in player.events if event.not_counted)
    assert (out.set_number, out.number, out.rep) == (1, 1, None)
    assert "done away from the set" in out.not_counted
    assert "Not counted: away from the set" in {s.message for s in player.snapshots}
    verdict = drill.verdict("x")
    wanted = judge(fetching, clip="x")
    assert [rep.faults for rep in verdict.reps] == [rep.faults for rep in wanted.reps] == FAULTS[1:]
    assert [rep.number for rep in verdict.reps] == [1, 2, 3]
    told = [said for said in wanted.warnings if "not counted" in said]
    assert len(told) == 1
    assert drill.not_counted[0].split(" s ")[1] == told[0].split(" s ")[1]
    assert drill.not_counted[0] in verdict.warnings


def test_a_film_longer_than_a_set_loses_nothing_else_with_it(seen, monkeypatch):
    live = LiveEstimator()
    player = Player(Drill(Plan(0, 2, live=False), live), seen)
    player.play()
    first = player.drill.sets[0][0]
    why = NotCounted("sitting", "Sitting, at 2.0 s, is not counted.")
    monkeypatch.setattr(live.reps, "newly_taken_out", lambda: (TakenOut(why, (first,)),))
    player.drill.finish(player.now_s)
    assert [rep.faults for rep in player.drill.sets[0]] == FAULTS[1:]


def test_a_set_that_was_full_with_it_goes_on(seen, monkeypatch):
    live = LiveEstimator()
    player = Player(Drill(Plan(2, 3, live=False), live), seen)
    player.play(until=lambda s: s.stage == "rest")
    told = player.drill.sets[0][-1]
    why = NotCounted("sitting", "Sitting, at 9.0 s, is not counted.")
    monkeypatch.setattr(live.reps, "newly_taken_out", lambda: (TakenOut(why, (told,)),))
    player.stand(0.05)
    assert player.snapshots[-1].stage == "moving"
    assert [len(reps) for reps in player.drill.sets] == [2]


def test_a_machine_that_hardly_looked_is_told_for_what_it_is(monkeypatch):
    refused = Verdict("x", "unusable", reason="As judged.", refusal="few")
    estimator = LiveEstimator()
    drill = Drill(Plan(0, live=False), estimator)
    drill.finish(0.5)
    monkeypatch.setattr(estimator, "verdict", lambda *_: refused)
    assert drill.verdict("x").reason == "As judged."
    assert drill.verdict("x", dropped=3).reason == TOO_SLOW


@pytest.mark.parametrize("judged_as", [TOO_SLOW, FILMED.slow.format(rate=5.4, least=6)])
@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize(
    ("live", "dropped", "film"), [(0, 0, True), (1, 0, False), (0, 11, False), (0, 2, True)]
)
def test_a_film_of_too_few_pictures_is_told_for_what_it_is(
    monkeypatch, live, dropped, film, alone, judged_as
):
    """Also where each picture is searched by itself, so that fewer are enough for the lights."""
    judge_none = Verdict("x", "unusable", reason=judged_as, refusal="slow")
    estimator = LiveEstimator()
    drill = Drill(Plan(live=bool(live)), estimator)
    for k in range(12):
        nobody = replace(no_person(k / 4), alone=alone)
        drill.see(nobody, (640, 480), k / 4, dropping=k < dropped)
    monkeypatch.setattr(estimator, "verdict", lambda *_: judge_none)
    reason = drill.verdict("x").reason
    assert ("only about 4 a second, and below 6" in reason) is film
    assert (reason == TOO_SLOW) is not film
