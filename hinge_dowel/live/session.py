"""The drill session: getting into the picture, standing, sets, rests, and what is said when.

A state machine without clock, camera or screen: every call passes in the time and returns a
snapshot; `events` returns what has happened since it was last called.

A camera session counts down, measures standing for two seconds, and rests between sets. A film
cannot wait: it is judged from its first picture on, and its rests end when the person moves again.
"""

from __future__ import annotations

from dataclasses import replace

from hinge_dowel.exercises import AUTO
from hinge_dowel.exercises.cues import FAULTS
from hinge_dowel.live.advice import shout
from hinge_dowel.live.estimator import NEUTRAL_S, LiveEstimator
from hinge_dowel.live.finished_reps import without
from hinge_dowel.live.frames import BENT_DEG
from hinge_dowel.live.framing import PictureWatch, Problem, problem
from hinge_dowel.live.messages import LOST_REP, OTHER_PERSON, Messages
from hinge_dowel.live.session_judging import SessionCourse, explained
from hinge_dowel.live.snapshot import LiveFrame, Plan, SessionEvent, Snapshot, Stage
from hinge_dowel.pose.tracker import PoseObservation, no_person
from hinge_dowel.report.tally import done
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Rep, Verdict

READY_S = 1.0
"""The picture must be fine this long before the countdown, wrong this long to stop it. A choice."""
COUNTDOWN_S = 3.0
"""Time to stand still once the picture is fine. A choice."""
ENOUGH_STANDING_S = 0.75 * NEUTRAL_S
"""Time of standing that ends the stage "neutral", without swaying. The share is a choice."""
LOST_S = 1.0
"""Somebody unseen for this long is out of the picture, not hidden for a moment. A choice."""
AWAY_S = 5.0
"""After this long an absence the set-up begins again: the camera may have moved. A choice."""


class Drill:
    """One session. Every call takes the time in seconds, from `begun_s` on, never decreasing."""

    def __init__(
        self,
        plan: Plan,
        live: LiveEstimator,
        *,
        begun_s: float = 0.0,
        tolerances: Tolerances = DEFAULT,
    ) -> None:
        self.plan = plan
        self._kneels = None if plan.exercise == AUTO else plan.exercise == "kneeling"
        self._messages = Messages(live=plan.live, kneels=bool(self._kneels), begun_s=begun_s)
        self.sets: list[list[Rep]] = [[]]
        """The finished repetitions, set by set."""
        self._live = live
        self._tolerances = tolerances
        self._pictures = PictureWatch(tolerances, begun_s=begun_s)
        self._begun_s = begun_s
        self._events: list[SessionEvent] = []
        self.stage: Stage = "setup"
        self._since_s = begun_s
        self._before_pause: Stage = "setup"
        self._moment = LiveFrame(begun_s)
        self._seen_s = begun_s
        self._slow = self._broken_off = self._began = False
        # Positive where pictures were dropped most of the time: the machine is too slow.
        self._behind = 0

    # -- outputs -----------------------------------------------------------------------------

    @property
    def watching(self) -> bool:
        """Whether pictures are used now: not while paused, done, or resting before a camera."""
        return self.stage not in ("paused", "done") and not (
            self.stage == "rest" and self.plan.live
        )

    def events(self) -> tuple[SessionEvent, ...]:
        """Return what has happened since the last call, in order."""
        told, self._events = tuple(self._events), []
        return told

    @property
    def not_counted(self) -> tuple[str, ...]:
        """A sentence on each movement that is no repetition."""
        return self._live.reps.not_counted

    def verdict(self, clip: str, *, dropped: int = 0) -> Verdict:
        """Return the verdict on the session, named `clip`; `dropped`: pictures not looked at.

        Where no repetition was judged it says why (`explained`).
        """
        verdict = self._live.verdict(clip, [rep for reps in self.sets for rep in reps])
        if verdict.status != "unusable":
            return verdict
        course = SessionCourse(
            live=self.plan.live,
            dark=self._pictures.too_dark,
            broken_off=self._broken_off,
            began=self._began,
            hardly_looked=dropped > self._pictures.count,
            behind=self._behind > 0,
            rate_hz=self._moment.rate_hz,
            least_hz=self._tolerances.least_rate_hz,
        )
        return explained(verdict, course)

    # -- inputs ------------------------------------------------------------------------------

    def see(
        self,
        observation: PoseObservation,
        size_px: tuple[int, int],
        now_s: float,
        *,
        light: float = 255.0,
        count: int = 1,
        dropping: bool = True,
    ) -> Snapshot:
        """Take in the newest observation; `size_px` is its picture's width and height.

        `light` is the picture's brightness (0 to 255), `count` the number of people in it,
        `dropping` whether pictures were dropped lately.
        """
        self._messages.trouble = ""
        usable = self._usable(observation, light, dropping)
        counting = not self.plan.live or self.stage in ("moving", "lost")
        self._moment = moment = self._live.see(usable, size_px, counting=counting)
        self._notice_picture(moment, light, count, now_s)
        self._notice_breaks(moment, now_s)
        self._notice_slow(moment, dropping, now_s)
        if moment.seen:
            if self.stage == "lost":
                away = now_s - self._seen_s > AWAY_S and self.plan.live
                self._enter("setup" if away else "moving", now_s)
            self._seen_s = now_s
        self._count(moment.finished, now_s)
        return self.tick(now_s)

    def tick(self, now_s: float, *, trouble: str = "") -> Snapshot:
        """Let time go on without a picture; `trouble` is what is wrong with the camera."""
        self._messages.trouble = trouble or self._messages.trouble
        stage = self.stage
        if stage == "setup":
            self._set_up(now_s)
        elif stage == "countdown":
            if now_s - self._pictures.wrong_since_s >= READY_S:
                self._enter("setup", now_s)
            elif now_s - self._since_s >= COUNTDOWN_S:
                self._live.recalibrate()
                self._enter("neutral", now_s, said=self._messages.still)
        elif stage == "neutral":
            if now_s - self._pictures.wrong_since_s >= READY_S:
                self._enter("setup", now_s)
            elif self._moment.standing_s >= ENOUGH_STANDING_S and self._moment.neutral:
                self._enter("moving", now_s, said="Go")
        elif stage == "moving":
            if now_s - self._seen_s >= LOST_S:
                dark = self._pictures.problem is Problem.DARK
                said = self._messages.of(Problem.DARK) if dark else "I cannot see you"
                self._enter("lost", now_s, said=said)
        elif stage == "rest":
            self._rest(now_s)
        return self._snapshot(now_s)

    def pause(self, now_s: float) -> bool:
        """Pause, or go on; returns whether it is paused now."""
        if self.stage == "paused":
            self._seen_s = now_s
            self._enter(self._before_pause, now_s)
        elif self.stage != "done":
            self._before_pause = "moving" if self.stage == "lost" else self.stage
            self._enter("paused", now_s)
        return self.stage == "paused"

    def recalibrate(self, now_s: float) -> None:
        """Measure standing again; with a camera the set-up begins again."""
        if self.stage == "done":
            return
        finished = self._live.recalibrate()
        self._count(finished, now_s)
        if self.stage == "rest":
            self._next_set(now_s)
        elif self.plan.live and self.stage != "paused":
            self._enter("setup", now_s)

    def finish(self, now_s: float, *, broken_off: bool = False) -> Snapshot:
        """End the session.

        A repetition cut short by a film's end is reported as partial if there are no others; with
        `broken_off` (ended by the person) it is dropped.
        """
        self._broken_off = broken_off
        if self.stage != "done":
            self.stage = "moving"  # repetitions reported late belong to the set under way
            finished = self._live.finish(broken_off=broken_off)
            if broken_off:
                finished = tuple(rep for rep in finished if rep.end_s is not None)
            self._count(finished, now_s, last=True)
            self._enter("done", now_s)
        return self._snapshot(now_s)

    # -- state machine -------------------------------------------------------------------------

    def _enter(self, stage: Stage, now_s: float, said: str = "") -> None:
        self.stage, self._since_s = stage, now_s
        self._began |= stage == "moving"
        self._say(said)

    def _say(self, words: str) -> None:
        if words:
            self._events.append(SessionEvent(len(self.sets), said=words))

    def _notify(self, words: str, now_s: float, *, said: str = "", of_no_rep: bool = False) -> None:
        """Show a message for a while, and have something said."""
        self._messages.notice(words, now_s, of_no_rep=of_no_rep)
        self._say(said)

    def _usable(self, seen: PoseObservation, light: float, dropping: bool) -> PoseObservation:
        if self._pictures.hides(light, seen.time_s):
            return no_person(seen.time_s)
        # What a film itself shows too seldom `check` refuses, and so does a session.
        return replace(seen, alone=seen.alone and (self.plan.live or dropping))

    def _notice_picture(self, moment: LiveFrame, light: float, count: int, now_s: float) -> None:
        """Keep track of what is wrong with the picture; before a camera, see to it in set-up."""
        live, preparing = self.plan.live, self.stage in ("setup", "countdown", "neutral")
        wrong = problem(
            moment,
            light=light,
            count=count,
            tolerances=self._tolerances,
            turned=preparing,
            kneels=self._kneels if preparing or not (live or self.sets[0]) else None,
        )
        # A camera session waits for light even if the pose model finds the person in the dark.
        held = live and preparing and wrong is Problem.DARK
        self._pictures.note(wrong, now_s, missed=held or not moment.seen)
        if live and preparing and wrong is Problem.OBLIQUE and moment.neutral:
            # Their standing was taken from the front: against it, side-on would stay oblique.
            self._live.recalibrate()
        if live and self.stage == "setup":
            self._say(self._messages.of(self._pictures.news(now_s)))

    def _notice_breaks(self, moment: LiveFrame, now_s: float) -> None:
        """Report a repetition left out at a break; set up a camera again for another person."""
        practising = self.stage in ("moving", "lost")
        if moment.broken and practising:
            self._notify(LOST_REP, now_s, said="I lost you. Do that rep again")
        if moment.other_person and practising:
            self._notify(OTHER_PERSON, now_s)
            if self.plan.live:
                self._enter("setup", now_s, said="Somebody else is in the picture. One at a time")

    def _notice_slow(self, moment: LiveFrame, dropping: bool, now_s: float) -> None:
        """Report, each time it begins, that pictures are too few to judge by.

        `dropping`: more pictures come than the machine can read.
        """
        self._behind += 1 if dropping else -1
        if moment.slow and not self._slow and self.stage != "rest":
            words = self._messages.of(Problem.SLOW if dropping else Problem.FEW)
            self._notify(words, now_s, said=words)
        self._slow = moment.slow

    def _set_up(self, now_s: float) -> None:
        if self.plan.live:
            if now_s - max(self._pictures.fine_since_s, self._since_s) >= READY_S:
                self._enter("countdown", now_s, said="Ready")
            return
        bent = (self._moment.hip_flexion_deg or 0.0) > BENT_DEG
        if (self._moment.neutral and self._pictures.problem is None) or bent:
            self._enter("moving", now_s)

    def _rest(self, now_s: float) -> None:
        over = now_s - self._since_s >= self.plan.rest_s
        bent = not self.plan.live and (self._moment.hip_flexion_deg or 0.0) > BENT_DEG
        if over or bent:
            self._next_set(now_s)

    def _next_set(self, now_s: float) -> None:
        self.sets.append([])
        self._seen_s = now_s
        said = f"Set {len(self.sets)}"
        self._enter("setup" if self.plan.live else "moving", now_s, said=said)

    def _count(self, finished: tuple[Rep, ...], now_s: float, *, last: bool = False) -> None:
        self._take_out(now_s)
        for rep in finished:
            if self.stage == "done":
                break
            if self.stage == "rest":  # a film goes on
                self._next_set(now_s)
            if self.stage == "setup":
                self._enter("moving", now_s)
            self.sets[-1].append(replace(rep, number=len(self.sets[-1]) + 1))
            self._events.append(SessionEvent(len(self.sets), rep, len(self.sets[-1])))
            if not self.plan.sets or rep.partial or done(self.sets[-1]) < self.plan.reps:
                continue
            if len(self.sets) >= self.plan.sets:
                self._enter("done", now_s, said="" if last else "Done. Well practised")
            elif last:
                self.sets.append([])
            else:
                self._enter("rest", now_s, said=f"Set {len(self.sets)} done. Rest")
        while last and len(self.sets) > 1 and not self.sets[-1]:
            self.sets.pop()

    def _take_out(self, now_s: float) -> None:
        """Remove movements that turned out to be no repetitions from the sets, and report them."""
        for out in self._live.reps.newly_taken_out():
            said = f"Not counted: {out.why.short}"
            self._notify(said, now_s, of_no_rep=True)
            refill = self.plan.reps if self.plan.sets and not self.plan.live else 0
            self.sets, (number, place) = without(self.sets, out.reported, refill=refill)
            self._events.append(
                SessionEvent(number, None, place, said, not_counted=out.why.sentence)
            )
            if self.stage == "rest" and done(self.sets[-1]) < self.plan.reps:
                self._enter("moving", now_s)

    def _snapshot(self, now_s: float) -> Snapshot:
        lasting = self._pictures.lasting(now_s)
        message, of_no_rep = self._messages.shown(self.stage, self._moment, lasting, now_s)
        return Snapshot(
            self.stage,
            self.plan,
            self._moment,
            message=message,
            not_counted=of_no_rep,
            cue=self._cue(),
            left_s=self._left(now_s),
            set_number=len(self.sets),
            set_reps=tuple(self.sets[-1]),
            hip_travel_goal_cm=self.plan.goal_cm(self.sets),
            elapsed_s=now_s - self._begun_s,
        )

    def _left(self, now_s: float) -> float | None:
        gone = now_s - self._since_s
        if self.stage == "countdown":
            return max(COUNTDOWN_S - gone, 0.0)
        if self.stage == "neutral":
            return max(ENOUGH_STANDING_S - self._moment.standing_s, 0.0)
        if self.stage == "rest":
            return max(self.plan.rest_s - gone, 0.0)
        return None

    def _cue(self) -> str:
        """Return the correction for the worst fault now, else for the last repetition's."""
        if self.stage not in ("moving", "lost", "rest"):
            return ""
        if self._moment.fault is not None:
            return FAULTS[self._moment.fault].shout
        reps = self.sets[-1]
        return shout(reps[-1]) if reps else ""
