"""The live estimate: observations in, the newest moment and the finished reps out. Causal.

Only numbers are kept, and only of the last minute and a half, so a session of hours costs what a
set does. The newest frame is measured against the standing frames seen so far. Once the body is
back to standing, `pipeline.judge` judges the repetition over all frames kept: the same judgement on
the same numbers as for a clip. The lights use the same rules and the person's standing too, but see
one frame only, without those after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial

import numpy as np

from hinge_dowel.analysis import back_points, framing, posture, repetitions, tilt
from hinge_dowel.analysis.blending import blended, clip_doubt_deg
from hinge_dowel.analysis.frame_series import trace
from hinge_dowel.analysis.judging import judge_rep
from hinge_dowel.analysis.measures import hip_back_cm
from hinge_dowel.analysis.not_counted import Count
from hinge_dowel.analysis.rules import HINGE, Rules, RulesChooser
from hinge_dowel.analysis.technique import applied_limits
from hinge_dowel.body.array_types import Array
from hinge_dowel.body.limbs import limb_angles
from hinge_dowel.body.outline import OUTLINE_SIZE, outline_rays
from hinge_dowel.live.continuity import (
    ASK_S,
    GAP_S,
    Breaks,
    as_record,
    lost_s,
    side_faced,
    under_way,
)
from hinge_dowel.live.finished_reps import SETTLED_S, CountSoFar, FinishedReps, in_order
from hinge_dowel.live.frames import (
    FrameRow,
    facing_right,
    joined,
    phase_at,
    shows_person,
    split,
)
from hinge_dowel.live.lights import Lights
from hinge_dowel.live.pacing import FrameRate
from hinge_dowel.live.session_judging import NOTHING, judged, summed_up
from hinge_dowel.live.snapshot import LiveFigure, LiveFrame, Phase
from hinge_dowel.pose.network import levelled
from hinge_dowel.pose.tracker import PoseObservation
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import JOINTS, STANDING, Facing, Rep, Verdict

KEPT_S = 90.0
"""Frames are kept for this long: a set of twelve slow reps with pauses, 7.5 s each. A choice."""
KEPT_FRAMES = 2000
"""Most frames kept, whatever the frame rate: 90 s at 22 frames/s, 4 MB."""
JUDGE_S = 1.0
"""Shortest time between judgements of the frames kept. A choice: each takes tenths of a second."""
NEUTRAL_FRAMES = 24
"""Standing frames that neutral is the median of: it scatters by 1.25 / sqrt(24), a quarter of what
one frame does."""
NEUTRAL_S = 2.0
"""Standing seen for this long is enough for neutral. A choice: 30 frames at a clip's rate."""
SETTLING_FRAMES = 150
"""Standing is looked for among this many of the latest frames: 10 s at a clip's rate. A choice."""

_UNSEEN = np.full(OUTLINE_SIZE, np.nan)


class LiveEstimator:
    """Estimates the body as it moves. Give `see` the frames in order; call `finish` at the end.

    With an `executor` repetitions are judged in the background and returned with a later frame;
    without, within the call, which then takes some tenths of a second once per repetition.
    """

    def __init__(
        self,
        *,
        tolerances: Tolerances = DEFAULT,
        rules: Rules | RulesChooser = HINGE,
        executor: Executor | None = None,
    ) -> None:
        self._tolerances = tolerances
        self._rules = rules
        # Where the exercise is chosen by what is seen, the lights are those of a hinge.
        self._lit_by = rules if isinstance(rules, Rules) else HINGE
        self._executor = executor
        self._pending: tuple[Future[Verdict], CountSoFar] | None = None
        self.reps = FinishedReps()
        """The repetitions reported so far, and the movements found to be none."""
        self._frame_rate = FrameRate()
        self._breaks = Breaks()
        self._size = (0, 0)
        self._last = self._refusal = NOTHING
        self._forget()

    def _forget(self) -> None:
        """Begin a new stretch: frames, neutral and facing are unknown again."""
        self.reps.begin_stretch()
        self._rows: list[FrameRow] = []
        self._neutral: list[FrameRow] = []
        self._own: Array | None = None
        self._undone_deg = 0.0
        self._standing_s = 0.0
        self._facing: Facing | None = None
        self._settled_s = self._asked_s = self._judged_s = -np.inf
        self._broke_s = self._watched_s = -np.inf
        self._lights = Lights()
        self._phase: Phase = "standing"

    def recalibrate(self) -> tuple[Rep, ...]:
        """Forget neutral and all frames; repetitions already reported stand.

        Returns the repetitions that had ended and were not reported yet.
        """
        last = self._await()
        self._forget()
        return last

    def see(
        self, observation: PoseObservation, size_px: tuple[int, int], *, counting: bool = True
    ) -> LiveFrame:
        """Measure the newest frame. `size_px` is the picture's width and height.

        Without `counting` (while the person gets into the picture) no repetition is looked for.
        """
        self._size = size_px
        time_s, marks, mask = observation.time_s, observation.landmarks, observation.silhouette
        outline = _UNSEEN if mask is None else outline_rays(marks, mask)
        row = FrameRow(time_s, marks, outline, observation.network, alone=observation.alone)
        seen = bool(np.isfinite(marks[:, :2]).all())
        self._frame_rate.note(time_s)
        rate_hz = self._frame_rate.rate_hz
        least_hz = self._tolerances.least_alone_hz if row.alone else self._tolerances.least_rate_hz
        slow = rate_hz is not None and rate_hz < least_hz
        # Following through too few pictures loses head and legs without any sign of it.
        lost = slow and not row.alone
        moment = self._measure(row, lost) if seen else LiveFrame(time_s)
        self._keep(row)
        due = time_s - self._watched_s >= ASK_S
        broken, late = self._restart_after_break(time_s, counting) if due else (False, ())
        finished = self._finished(time_s) if counting else ()
        return replace(
            moment,
            finished=late + finished,
            rate_hz=rate_hz,
            slow=slow,
            broken=broken,
            other_person=due and self._breaks.other_person(self._rows, self._size),
        )

    def finish(self, *, broken_off: bool = False) -> tuple[Rep, ...]:
        """Return the repetitions not reported yet; the source's end may cut the last one short.

        `broken_off`: the person has ended it, so that no lowering is a movement by itself.
        """
        late = self._await()
        if not self._rows:
            return late
        count = self.reps.count(over=True, broken_off=broken_off)
        verdict = self._judging(count)()
        self._refusal = NOTHING
        self.reps.settle(count)
        return late + self._tell(verdict, count, np.inf)

    def verdict(self, clip: str, counted: Sequence[Rep] | None = None) -> Verdict:
        """Return the verdict on the session so far, named `clip`.

        `counted` are the repetitions that belong to it, by default all that were reported.
        """
        told = self.reps.reported if counted is None else in_order(counted)
        return summed_up(clip, told, self._last, self._refusal, self.reps.not_counted)

    # -- the newest frame --------------------------------------------------------------------

    def _measure(self, row: FrameRow, lost: bool) -> LiveFrame:
        self._face(row)
        landmarks = row.landmarks[:, :2]
        size = self._size
        if self._facing is None:
            unknown = np.full((len(back_points.SITES), 2), np.nan)
            figure = LiveFigure(landmarks, unknown, np.full((2, 2), np.nan), size, None)
            return LiveFrame(row.time_s, figure=figure)
        self._settle(row.time_s)
        beside = {id(r): r for r in (*self._neutral, *self._rows[-2:])}
        rows = [*sorted(beside.values(), key=lambda r: r.time_s), row]
        motion, spine = self._posture(rows)
        view = float(spine.view_angle_deg[-1])
        # The last frame is judged like a repetition, so that the lights follow the same rules.
        last = len(rows) - 1
        now = judge_rep(
            motion,
            repetitions.RepSpan(None, row.time_s, None, last, last, last, "held"),
            0,
            rules=self._lit_by,
            tolerances=self._tolerances,
        )
        traced = trace(motion, (), self._facing, np.array([r.landmarks for r in rows]), size)
        series = tilt.as_filmed(traced, self._undone_deg)
        self._phase = phase_at(self._rows, row.time_s, now.hip_flexion_deg, self._phase)
        neutral = motion.neutral == "measured"
        dowel = series.dowel_px[-1] if neutral else np.full((2, 2), np.nan)
        row.hip_deg, row.trunk_deg = float(motion.hip_deg[-1]), float(motion.trunk_deg[-1])
        hip_back = float(hip_back_cm(motion, self._tolerances.stature_cm)[-1])
        moment = LiveFrame(
            row.time_s,
            hip_travel_cm=hip_back if neutral and np.isfinite(hip_back) else None,
            facing=self._facing,
            view_angle_deg=view if np.isfinite(view) else None,
            neutral=neutral,
            standing_s=self._standing_s,
            phase=self._phase,
            **{name: getattr(now, name) for name in JOINTS.values()},
            figure=LiveFigure(landmarks, series.back_px[-1], dowel, size, self._facing),
        )
        if not neutral or lost:
            return moment
        limits = applied_limits(motion, self._lit_by, self._tolerances)
        return self._lights.lit(moment, now, limits)

    def _posture(self, rows: list[FrameRow]) -> tuple[posture.Posture, back_points.Spine]:
        """Return posture and spine over `rows`; each row's spine is estimated once and stored."""
        assert self._facing is not None
        fresh = [row for row in rows if row.spine is None]
        if fresh:
            right, rays = facing_right(fresh, self._facing, self._undone_deg)
            network = levelled([row.network for row in fresh], self._undone_deg)
            spine = back_points.estimate(right, rays, own=self._own)
            watched = np.array([row.network for row in (*self._neutral, *self._rows, *fresh)])
            spine = blended(spine, network, self._facing, clip_doubt_deg(watched))
            if self._lit_by.start == "kneeling":
                spine = spine.kneeling(limb_angles(right).thigh)
            for row, one in zip(fresh, split(spine), strict=True):
                row.spine = one
        whole = joined([row.spine for row in rows if row.spine is not None])
        time = np.array([row.time_s for row in rows])
        return posture.from_estimate(time, whole, self._tolerances.stature_cm), whole

    # -- facing and neutral ------------------------------------------------------------------

    def _face(self, row: FrameRow) -> None:
        """Decide which way the person faces; forget all frames when they have turned round."""
        side = side_faced(self._rows, row, self._facing)
        if self._facing not in (None, side):
            self._forget()
        self._facing = side

    def _settle(self, time_s: float) -> None:
        """Look for standing in the latest frames, until neutral rests on `NEUTRAL_S` of it."""
        if self._standing_s >= NEUTRAL_S or len(self._rows) < 3:
            return
        if time_s - self._settled_s < ASK_S:
            return
        self._settled_s = time_s
        rows = self._rows[-SETTLING_FRAMES:]
        motion, _ = self._posture(rows)
        if motion.neutral == "measured":
            self._stand([row for row, stands in zip(rows, motion.standing, strict=True) if stands])

    def _stand(self, rows: list[FrameRow]) -> None:
        """Take neutral from standing frames: up to `NEUTRAL_FRAMES` of them, spread evenly."""
        rows = [row for row in rows if shows_person(row)]
        if not rows:
            return
        step = float(np.median(np.diff([r.time_s for r in self._rows[-30:]])))
        self._standing_s = len(rows) * step
        chosen = np.linspace(0, len(rows) - 1, min(len(rows), NEUTRAL_FRAMES)).round().astype(int)
        self._neutral = [rows[k] for k in dict.fromkeys(chosen.tolist())]
        self._know_standing()

    def _know_standing(self) -> None:
        """Measure tilt and the standing back; each frame is then estimated anew with their help."""
        if self._facing is None:
            return
        kept = as_record([row for row in self._rows if shows_person(row)], self._size)
        _, feet_cut = framing.cut_off(kept.landmarks, self._size)
        self._undone_deg = tilt.undone_deg(tilt.tilt_deg(kept.landmarks, ~feet_cut, self._facing))
        right, rays = facing_right(self._neutral, self._facing, self._undone_deg)
        self._own = back_points.standing_evidence(right, rays)
        for row in (*self._neutral, *self._rows):
            row.spine = None

    # -- repetitions -------------------------------------------------------------------------

    def _keep(self, row: FrameRow) -> None:
        if not shows_person(row):
            last = next((r.time_s for r in reversed(self._rows) if shows_person(r)), None)
            if last is None or row.time_s - last > GAP_S:
                return
        self._rows.append(row)
        first = max(0, len(self._rows) - KEPT_FRAMES)
        while self._rows[first].time_s < row.time_s - KEPT_S:
            first += 1
        del self._rows[:first]

    def _judging(self, count: Count) -> Callable[[], Verdict]:
        """Return the judgement of the frames kept now, which may be called in another thread."""
        oldest = self._rows[0].time_s
        rows = [*[r for r in self._neutral if r.time_s < oldest], *self._rows]
        return partial(
            judged,
            as_record(rows, self._size),
            np.array([row.alone for row in rows]),
            tolerances=self._tolerances,
            rules=self._rules,
            count=count,
        )

    def _finished(self, now_s: float) -> tuple[Rep, ...]:
        """Return the repetitions judged since the last call; start a judgement when one is due."""
        reps: tuple[Rep, ...] = ()
        if self._pending is not None:
            if not self._pending[0].done():
                return ()
            reps = self._await()
        if now_s - self._asked_s < ASK_S:
            return reps
        self._asked_s = now_s
        if now_s - self._judged_s >= JUDGE_S and self.reps.lacks(self._rows, now_s):
            self._judged_s = now_s
            count = self.reps.count()
            work = self._judging(count)
            if self._executor is not None:
                self._pending = self._executor.submit(work), count
            else:
                reps += self._tell(work(), count, now_s)
        return reps

    def _await(self) -> tuple[Rep, ...]:
        """Return the new repetitions of the judgement under way, once it is done."""
        if self._pending is None:
            return ()
        judging, count = self._pending
        verdict = judging.result()
        self._pending = None
        return self._tell(verdict, count, self._judged_s)

    def _tell(self, verdict: Verdict, count: CountSoFar, now_s: float) -> tuple[Rep, ...]:
        """Return the new repetitions of a verdict on the frames kept up to `now_s`."""
        if verdict.status == "unusable":
            self._refusal = verdict
            return ()
        self.reps.settle(count)
        self._last = verdict
        if verdict.neutral == "measured" and verdict.series is not None:
            standing = set(verdict.series.time_s[verdict.series.phase == STANDING].tolist())
            self._stand([row for row in self._rows if row.time_s in standing])
        gone_s = lost_s(self._rows)
        return self.reps.take(verdict.reps, now_s, gone_s=gone_s, broke_s=self._broke_s)

    # -- breaks ------------------------------------------------------------------------------

    def _restart_after_break(self, now_s: float, counting: bool) -> tuple[bool, tuple[Rep, ...]]:
        """Begin again where the person jumped or turned.

        Returns whether a repetition under way was left out, and those that had ended before it.
        """
        self._watched_s = now_s
        at_s = self._breaks.newest_s(self._rows, self._size) if self._rows else None
        if at_s is None:
            return False, ()
        late = self._await()
        # Forgotten with all else is what was measured on them.
        since = [
            replace(row, spine=None, hip_deg=np.nan, trunk_deg=np.nan)
            for row in self._rows
            if row.time_s >= at_s
        ]
        self._rows = [row for row in self._rows if row.time_s < at_s]
        broken = counting and under_way(self._rows)
        if counting and self._rows and self.reps.lacks(self._rows, at_s + SETTLED_S):
            count = self.reps.count()
            late += self._tell(self._judging(count)(), count, at_s + SETTLED_S)
        self._forget()
        self._rows, self._broke_s, self._watched_s = since, at_s, now_s
        return broken, late
