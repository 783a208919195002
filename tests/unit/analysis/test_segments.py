"""Unbroken stretches: nothing is judged across a cut, a jump to somebody else, or a turn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person
from support.records import mirrored, moved, only, part, then

from hinge_dowel.analysis import refusal
from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.analysis.segments import ClipSegment, breaks, joined
from hinge_dowel.body.landmarks import HIPS, SHOULDERS
from hinge_dowel.pose.extraction import Record
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import Verdict

CLEAN, ROUNDED, NECK = (), ("spinal_flexion",), ("cervical_flexion",)
LENIENT = replace(DEFAULT, seen_share=0.1)


def faults(verdict: Verdict) -> list[tuple[str, ...]]:
    return [rep.faults for rep in verdict.reps]


@pytest.fixture(scope="module")
def whole() -> Record:
    return recorded_person.record()


def test_an_unbroken_clip_is_judged_as_it_was(whole: Record) -> None:
    verdict = judge(whole, clip="a")
    assert faults(verdict) == [CLEAN, ROUNDED, CLEAN, NECK]
    assert not verdict.warnings


def test_halves_of_two_repetitions_are_not_one(whole: Record) -> None:
    clean, rounded = part(whole, 0, 3.1), part(whole, 7.0, 9.5)
    verdict = judge(then(clean, rounded), clip="a")
    assert [(rep.start_s is None, rep.end_s is None) for rep in verdict.reps] == [
        (False, True),
        (True, False),
    ]
    assert all("partial" in rep.notes for rep in verdict.reps)
    assert verdict.reps[0].faults == CLEAN
    assert "at 3.1 s: each part is judged by itself" in verdict.warnings[0]


def test_reps_are_numbered_through_and_the_series_stays_on_the_clock(whole: Record) -> None:
    record = then(part(whole, 0, 5.0), part(whole, 5.0, 13.0))
    verdict = judge(record, clip="a")
    assert [rep.number for rep in verdict.reps] == [1, 2, 3]
    assert faults(verdict) == [CLEAN, ROUNDED, CLEAN]
    assert verdict.series is not None
    assert np.array_equal(verdict.series.time_s, record.time_s)
    assert np.isfinite(verdict.series.hip_flexion_deg).mean() > 0.95


@pytest.mark.parametrize("others", ["measured", "assumed"])
def test_what_is_less_sure_in_one_stretch_is_so_in_the_clip(whole: Record, others) -> None:
    """Neutral where it is assumed, the view where it is most oblique."""
    verdict = Verdict("a", "clean", neutral="measured", view_angle_deg=4.0)
    parts = [
        (ClipSegment(0, 9, cut=True), verdict),
        (ClipSegment(9, 99, cut=True), replace(verdict, neutral=others, view_angle_deg=11.0)),
    ]
    for found in (joined(whole, parts, []), joined(whole, parts[::-1], [])):
        assert (found.neutral, found.view_angle_deg) == (others, 11.0)


def test_who_turns_round_is_judged_on_both_sides(whole: Record) -> None:
    record = then(part(whole, 0, 5.0), mirrored(part(whole, 5.0, 18.0)))
    assert faults(judge(record, clip="a")) == [CLEAN, ROUNDED, CLEAN, NECK]
    # Without a cut too: people turn.
    assert faults(judge(replace(record, cuts_s=None), clip="a")) == [CLEAN, ROUNDED, CLEAN, NECK]


@pytest.mark.parametrize("turning_s", [0.4, 1.0, 3.0])
def test_who_turns_round_slowly_is_judged_on_both_sides(whole: Record, turning_s: float) -> None:
    """No picture differs much from the one before."""
    first, second = part(whole, 0, 5.0), mirrored(part(whole, 5.0, 18.0))
    step_s = float(np.median(np.diff(whole.time_s)))
    ends = first.landmarks[-1], second.landmarks[0]
    share = np.linspace(0, 1, round(turning_s / step_s))[:, None, None]
    turning = replace(
        first,
        time_s=step_s * np.arange(len(share)),
        landmarks=(1 - share) * ends[0] + share * ends[1],
        outlines=np.full((len(share), first.outlines.shape[1]), np.nan),
    )
    record = then(then(first, turning, cut=False), second, cut=False)
    verdict = judge(record, clip="a")
    assert faults(verdict) == [CLEAN, ROUNDED, CLEAN, NECK]
    assert any("turns round" in said for said in verdict.warnings)


def test_a_jump_to_somebody_else_is_not_followed(whole: Record) -> None:
    other = moved(part(whole, 5.0, 9.0), right_px=160, scale=0.9)
    record = then(part(whole, 0, 5.0), other, cut=False)
    record = then(record, moved(part(whole, 9.0, 18.0)), cut=False)
    verdict = judge(record, clip="a")
    assert faults(verdict) == [CLEAN, CLEAN, NECK]
    assert any("not judged. Somebody else is seen there." in said for said in verdict.warnings)


def test_a_jump_of_the_camera_loses_nobody(whole: Record) -> None:
    record = then(part(whole, 0, 5.0), moved(part(whole, 5.0, 18.0), scale=0.7), cut=True)
    assert faults(judge(record, clip="a")) == [CLEAN, ROUNDED, CLEAN, NECK]


def test_a_push_of_the_camera_parts_no_repetition(whole: Record) -> None:
    """The whole picture changes as at a cut, but the person is as before."""
    record = then(part(whole, 0, 7.0), moved(part(whole, 7.0, 18.0), right_px=70), cut=True)
    verdict = judge(record, clip="a")
    assert faults(verdict) == [CLEAN, ROUNDED, CLEAN, NECK]
    assert not verdict.warnings


def test_a_picture_that_changes_in_a_quick_movement_is_no_cut(whole: Record) -> None:
    """A camera shakes, a shadow runs across: the person moves on as before. At a real cut not."""
    rep = judge(whole, clip="a").reps[1]
    assert rep.start_s is not None
    down_s = (rep.start_s + rep.bottom_s) / 2
    there = np.ones(len(whole.time_s), dtype=bool)
    at = int(np.searchsorted(whole.time_s, down_s))
    quick = replace(whole, time_s=whole.time_s / 4)  # so that the shape changes between pictures
    quick = only(quick, slice(None, None, 2))
    moment_s = quick.time_s[at // 2]
    assert breaks(replace(quick, cuts_s=np.array([moment_s])), there[::2]) == {}
    verdict = judge(replace(whole, cuts_s=np.array([whole.time_s[at]])), clip="a")
    assert faults(verdict) == [CLEAN, ROUNDED, CLEAN, NECK]
    skipped = then(part(whole, 0, down_s), part(whole, down_s + 0.6, 18.0))
    assert list(breaks(skipped, there[: len(skipped.time_s)]).values()) == [True]


def astray(record: Record, first_s: float, last_s: float) -> Record:
    """With a body seen where none can be: half as large, and elsewhere."""
    span = (record.time_s >= first_s) & (record.time_s < last_s)
    xyz = record.landmarks.copy()
    xyz[span, :, :3] *= 0.5
    return replace(record, landmarks=xyz)


def seen_short(record: Record, at_s: float) -> Record:
    """With shoulders half as far from the hips for 0.3 s, over feet that stay."""
    span = np.abs(record.time_s - at_s) < 0.15
    xyz = record.landmarks.copy()
    hip = xyz[span][:, HIPS].mean(axis=1, keepdims=True)
    xyz[np.ix_(span, SHOULDERS)] = hip + 0.5 * (xyz[np.ix_(span, SHOULDERS)] - hip)
    return replace(record, landmarks=xyz)


def test_a_bent_trunk_that_looks_short_for_a_moment_is_the_same_persons(whole: Record) -> None:
    """In quick bends; in standing it is a slip that nothing is judged across."""
    usual = judge(whole, clip="a").reps[1]
    bent, upright = (seen_short(whole, at_s) for at_s in (usual.bottom_s, usual.start_s - 0.5))
    there = np.ones(len(whole.time_s), dtype=bool)
    assert breaks(bent, there) == breaks(whole, there) == {}
    assert len(breaks(upright, there)) == 2
    assert faults(judge(bent, clip="a")) == [CLEAN, ROUNDED, CLEAN, NECK]


def test_who_is_lost_for_a_moment_is_in_the_same_repetition(whole: Record) -> None:
    usual = judge(whole, clip="a").reps[1]
    assert usual.start_s is not None
    middle_s = (usual.start_s + usual.bottom_s) / 2
    verdict = judge(astray(whole, middle_s - 0.2, middle_s + 0.2), clip="a")
    assert faults(verdict) == [CLEAN, ROUNDED, CLEAN, NECK]
    assert not verdict.warnings
    rep = verdict.reps[1]
    assert rep.start_s == pytest.approx(usual.start_s, abs=0.1)
    assert rep.end_s == pytest.approx(usual.end_s, abs=0.1)
    assert rep.spinal_flexion_deg == pytest.approx(usual.spinal_flexion_deg, abs=2.0)
    assert verdict.series is not None
    lost = np.isnan(verdict.series.landmarks_px[:, 0, 0])
    assert np.ptp(verdict.series.time_s[lost]) == pytest.approx(0.4, abs=0.1)
    assert np.isnan(verdict.series.back_px[lost]).all()


def test_a_moment_of_loss_after_a_cut_is_where_it_was(whole: Record) -> None:
    bottom_s = judge(whole, clip="a").reps[1].bottom_s
    assert bottom_s is not None
    record = astray(whole, bottom_s - 0.6, bottom_s - 0.2)
    farther = moved(part(record, 5.0, 18.0), scale=0.7)
    verdict = judge(then(part(record, 0, 5.0), farther), clip="a")
    assert faults(verdict) == [CLEAN, ROUNDED, CLEAN, NECK]
    assert verdict.series is not None
    lost_s = verdict.series.time_s[np.isnan(verdict.series.landmarks_px[:, 0, 0])]
    assert lost_s[[0, -1]] == pytest.approx([bottom_s - 0.6, bottom_s - 0.2], abs=0.1)


def test_who_is_lost_at_the_bottom_for_longer_is_judged_by_what_is_seen(whole: Record) -> None:
    usual = judge(whole, clip="a").reps[1]
    record = astray(whole, usual.bottom_s - 0.7, usual.bottom_s + 0.7)
    verdict = judge(record, clip="a")
    assert ["partial" in rep.notes for rep in verdict.reps] == [False, True, False, False]
    assert (verdict.reps[1].start_s, verdict.reps[1].end_s) == (
        pytest.approx(usual.start_s, abs=0.1),
        pytest.approx(usual.end_s, abs=0.1),
    )


def test_who_is_lost_while_standing_is_judged_before_and_after(whole: Record) -> None:
    """Somebody else may have come: each side keeps a standing of its own."""
    verdict = judge(astray(whole, 4.8, 5.2), clip="a")
    assert faults(verdict) == [CLEAN, ROUNDED, CLEAN, NECK]
    assert any("each part is judged by itself" in said for said in verdict.warnings)


def test_a_clip_cut_into_shreds_is_refused(whole: Record) -> None:
    size = np.where(np.arange(len(whole.time_s)) // 10 % 2, 1.0, 0.6)
    shrunk = whole.landmarks * np.where(np.arange(4) < 3, size[:, None, None], 1.0)
    shreds = replace(whole, landmarks=shrunk, cuts_s=whole.time_s[::10])
    verdict = judge(shreds, clip="a")
    assert verdict.status == "unusable"
    assert verdict.reason is not None
    assert "film one set in one take" in verdict.reason


def unseen(record: Record) -> Record:
    return replace(record, landmarks=np.full_like(record.landmarks, np.nan))


def test_a_moment_without_anybody_between_two_cuts_is_not_told(whole: Record) -> None:
    """As where a film has been put together with a title: no repetition fits into it."""
    titled = then(then(part(whole, 0, 5.0), unseen(part(whole, 0, 0.8))), part(whole, 5.0, 9.0))
    assert not any("Nobody" in said for said in judge(titled, clip="a").warnings)


@pytest.mark.parametrize(("first_s", "last_s", "said"), [(6.0, 6.8, True), (0.0, 0.8, False)])
def test_a_movement_in_too_short_a_piece_is_said_not_to_be_judged(
    whole: Record, first_s: float, last_s: float, said: bool
) -> None:
    verdict = judge(then(part(whole, 0, 5.0), part(whole, first_s, last_s)), clip="a")
    assert faults(verdict) == [CLEAN]
    assert any(refusal.SHORT in one for one in verdict.warnings) == said


def test_a_clip_of_less_than_a_second_is_short_and_not_cut_into_pieces(whole: Record) -> None:
    verdict = judge(part(whole, 0.0, 0.9), clip="a")
    assert verdict.reason is not None
    assert "pieces" not in verdict.reason


def test_where_nobody_is_seen_any_more_is_said(whole: Record) -> None:
    """The light goes: the repetitions in the dark must not be taken for done."""
    gone = unseen(part(whole, 5.0, 18.0))
    verdict = judge(then(part(whole, 0, 5.0), gone), clip="a", tolerances=LENIENT)
    assert faults(verdict) == [CLEAN]
    assert "From 5.0 to" in verdict.warnings[-1]
    assert verdict.warnings[-1].endswith("not judged. Nobody is seen there.")


def test_a_turn_beside_a_stretch_in_which_nothing_is_done_is_not_told(whole: Record) -> None:
    standing = mirrored(part(whole, 0.0, 1.5))
    verdict = judge(then(part(whole, 0, 9.0), standing, cut=False), clip="a")
    assert faults(verdict) == [CLEAN, ROUNDED]
    assert not verdict.warnings
