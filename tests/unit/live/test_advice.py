"""What a session says: the most common fault, the best rep, what to do next time."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import verdicts

from hinge_dowel.analysis.frame_rate import withheld
from hinge_dowel.exercises import cues
from hinge_dowel.live.advice import review, shout
from hinge_dowel.report import highlights
from hinge_dowel.verdict import FAULTS, Strays

ROUND, SQUAT, CHIN = FAULTS


def rep(*faults, hip=80.0, stray=0.4, notes=()):
    strays = Strays(0.1, 0.0, stray)
    return replace(verdicts.rep(1, faults), hip_flexion_deg=hip, stray_cm=strays, notes=notes)


def reps(pattern, **values):
    """`.` clean, `r` rounded, `s` squatting, `c` chin to chest."""
    kinds = {".": (), "r": (ROUND,), "s": (SQUAT,), "c": (CHIN,)}
    return [rep(*kinds[letter], **values) for letter in pattern]


def advised(*sets, clean_streak=0):
    return review(sets, planned=12, clean_streak=clean_streak).next_time


def says(key, sentence):
    """Whether a sentence is the one of that key, whatever its numbers."""
    parts = cues.NEXT_TIME[key].replace("{", "}").split("}")[::2]
    return all(part in sentence for part in parts)


class TestCounts:
    def test_half_reps_beside_whole_ones_count_in_nothing(self):
        half = rep(SQUAT, hip=120.0, notes=("partial",))
        seen = review([[half, *reps("..")]], planned=3)
        assert (seen.total, seen.clean, seen.fault) == (2, 2, None)
        assert seen.best.number == 2
        alone = review([[half]], planned=3)
        assert (alone.total, alone.clean, alone.fault) == (1, 0, SQUAT)

    def test_what_is_past_doubt_is_told_before_what_is_not(self):
        maybe = replace(rep(CHIN), intervals_deg={"cervical_flexion_deg": (2.0, 30.0)})
        seen = review([[maybe, maybe, rep(ROUND)]], planned=3)
        assert (seen.fault, seen.fault_count, seen.sure) == (ROUND, 1, True)
        seen = review([[maybe, maybe, rep()]], planned=3)
        assert (seen.fault, seen.fault_count, seen.sure) == (CHIN, 2, False)

    def test_over_all_sets(self):
        seen = review([reps("..r"), reps("c.")], planned=3)
        assert (seen.total, seen.clean) == (5, 3)

    def test_the_most_common_fault_is_named(self):
        seen = review([reps("rcc"), reps("c.")], planned=3)
        assert (seen.fault, seen.fault_count) == (CHIN, 3)

    def test_a_rep_with_two_faults_counts_for_both(self):
        seen = review([[rep(ROUND, CHIN), rep(CHIN)]], planned=2)
        assert (seen.fault, seen.fault_count, seen.clean) == (CHIN, 2, 0)

    @pytest.mark.parametrize("sets", [[], [[]], [[], []]])
    def test_nothing_done_is_nothing_found(self, sets):
        seen = review(sets, planned=12)
        assert (seen.total, seen.clean, seen.fault, seen.best) == (0, 0, None, None)
        assert seen.next_time == (cues.NEXT_TIME["none"],)


def test_the_best_rep_is_that_of_reports_and_comparisons():
    """Those have one order, which is tried in tests/unit/report."""
    limits = verdicts.verdict("a.mp4", []).limits
    straight = replace(rep(stray=2.4), spinal_flexion_deg=2.0, cervical_flexion_deg=1.0)
    deeper = rep(hip=95.0)
    seen = review([reps("r"), [deeper, straight]], planned=12, limits=limits)
    assert highlights.in_order([deeper, straight], limits)[0] is straight
    assert (seen.best.set_number, seen.best.number, seen.best.rep) == (2, 2, straight)


class TestNextTime:
    def test_three_clean_sessions_in_a_row_lead_on(self):
        assert advised(reps("." * 12), clean_streak=3) == (cues.NEXT_TIME["on"],)
        assert advised(reps("." * 12), clean_streak=7) == (cues.NEXT_TIME["on"],)

    @pytest.mark.parametrize(("streak", "left"), [(1, "Two more"), (2, "One more")])
    def test_before_that_it_says_how_many_are_left(self, streak, left):
        (said,) = advised(reps("." * 12), clean_streak=streak)
        assert says("again", said)
        assert left in said

    def test_clean_but_too_short_to_count(self):
        (said,) = advised(reps(".."))
        assert says("longer", said)
        assert "12" in said

    def test_a_film_is_no_set_of_which_more_could_be_done(self):
        (said,) = review([reps("...")], planned=0, live=False).next_time
        assert says("film", said)
        assert " 5 reps" in said

    @pytest.mark.parametrize("planned", [0, 5, 12])
    def test_enough_clean_reps_are_not_called_short_where_no_history_is_kept(self, planned):
        assert review([reps("." * 5)], planned=planned).next_time == (cues.NEXT_TIME["same"],)

    def test_a_streak_counts_for_nothing_when_this_session_is_not_clean(self):
        assert not says("on", advised(reps("...r"), clean_streak=3)[0])

    def test_faults_that_come_late_ask_for_fewer_reps(self):
        (said,) = advised(reps(".......rr.rr"), reps(".....rrrrrrr"))
        assert says("fewer", said)
        assert " 5 a set" in said

    def test_faults_that_come_early_do_not(self):
        assert not says("fewer", advised(reps(".r.......r.."))[0])

    def test_one_slip_amid_clean_reps_does_not(self):
        assert says("cue", advised(reps("....r......."))[0])

    def test_reps_that_round_far_down_are_to_be_shallower(self):
        done = [rep(hip=72.0), rep(ROUND, hip=96.0), rep(hip=69.0), rep(ROUND, hip=91.0)]
        (said,) = advised(done)
        assert says("shallower", said)
        assert "about 70 degrees" in said
        assert "ones 95" in said

    def test_a_deep_squat_is_not_made_good_by_a_smaller_one(self):
        done = [rep(hip=72.0), rep(SQUAT, hip=110.0), rep(hip=69.0), rep(SQUAT, hip=110.0)]
        assert says("pause", advised(done)[0])

    def test_who_always_rounds_goes_half_as_deep(self):
        assert says("half", advised(reps("rrrr"))[0])

    def test_who_mostly_fails_otherwise_does_fewer(self):
        assert says("few", advised(reps("cc.ccc"))[0])

    def test_who_did_no_more_than_that_is_not_sent_to_fewer(self):
        for done in ("cc.c", "cc.cc"):
            assert says("pause", advised(reps(done))[0])

    def test_a_few_faults_anywhere_need_the_cue_only(self):
        assert says("cue", advised(reps(".c...c.."))[0])

    def test_habits_are_told_too(self):
        first, second = advised([rep(notes=("too_fast",)), rep()], clean_streak=1)
        assert says("again", first)
        assert says("slower", second)
        assert says("deeper", advised([rep(notes=("shallow",)), rep()], clean_streak=1)[1])
        assert len(advised([rep(notes=("too_fast",)), rep(), rep()], clean_streak=1)) == 1

    def test_who_is_clean_and_never_reaches_the_wall_is_told_so(self):
        short = rep(notes=("hips_not_back", "short_of_the_wall"))
        assert advised([short, short])[1:] == (cues.NOTES["short_of_the_wall"].sentence,)
        assert len(advised([short, rep(), rep()])) == 1
        assert len(advised([short, rep(SQUAT, notes=("short_of_the_wall",))])) == 1

    def test_nobody_is_sent_deeper_and_shallower_at_once(self):
        said = advised([rep(ROUND, notes=("shallow",)), rep(ROUND, notes=("shallow",))])
        assert len(said) == 1
        assert says("half", said[0])

    @given(st.lists(st.lists(st.sampled_from(".rsc"), max_size=12), max_size=4), st.integers(0, 5))
    def test_there_is_always_something_to_do_and_no_gap_in_it(self, patterns, streak):
        said = advised(*(reps(pattern) for pattern in patterns), clean_streak=streak)
        assert 1 <= len(said) <= 3
        assert not any("{" in sentence for sentence in said)


def test_the_review_asks_for_what_would_help():
    good, unclear = rep(), withheld(rep())
    seen = review([[good, unclear, unclear]], planned=3)
    assert (seen.total, seen.clean, seen.fault) == (3, 1, None)
    assert seen.best is not None
    assert seen.best.number == 1
    assert seen.next_time[0] == cues.NEXT_TIME["pictures"].format(count=2, reps=3)
    film = review([[good, unclear, unclear]], planned=0, live=False)
    assert film.next_time[0] == cues.NEXT_TIME["pictures_film"].format(count=2, reps=3)
    nothing = review([[unclear]], planned=3)
    assert nothing.best is None
    assert nothing.next_time == (cues.NEXT_TIME["pictures"].format(count=1, reps=1),)


def test_after_a_repetition_its_worst_fault_is_told():
    assert shout(rep("spinal_flexion", "cervical_flexion")) == "chest long"
    assert shout(rep(notes=("partial", "too_fast"))) == "slower"
    assert shout(rep()) == ""
