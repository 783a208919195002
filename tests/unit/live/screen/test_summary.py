"""What a set or a session came to, in lines of text."""
# ruff: noqa: RUF001

import io
from dataclasses import replace

import pytest
from rich.console import Console
from support.screens import CHIN, DONE, ROUND, SQUAT, rep

from hinge_dowel.analysis.frame_rate import withheld
from hinge_dowel.live import advice
from hinge_dowel.live.screen.layout import compose
from hinge_dowel.live.screen.summary import plain_line, print_summary
from hinge_dowel.live.snapshot import Snapshot
from hinge_dowel.verdict import NOT_JUDGED


class TestSummaries:
    def session(self, *sets, streak=0, width=80, encoding="utf-8", **options):
        file = io.TextIOWrapper(io.BytesIO(), encoding)
        console = Console(file=file, width=width, color_system=None)
        seen = advice.review(sets, planned=12, clean_streak=streak)
        print_summary(sets, seen, console, elapsed_s=421.0, **options)
        file.seek(0)
        return [line.rstrip() for line in file.read().splitlines()]

    def test_a_session(self):
        assert (
            self.session(DONE, DONE[4:8])
            == """\
Set 1 of 2: 9 of 12 clean
              1  2  3  4  5  6  7  8  9 10 11 12
head          ●  ●  ●  ╳  ●  ●  ●  ●  ●  ●  ●  ●
upper back    ●  ●  ●  ●  ●  ●  ●  ●  ●  ●  ●  ●
sacrum        ●  ●  ╳  ╳  ●  ●  ●  ●  ●  ●  ●  ●
knees         ●  ●  ●  ●  ●  ●  ●  ●  ╳  ●  ●  ●

Set 2 of 2: 4 of 4 clean
              1  2  3  4
head          ●  ●  ●  ●
upper back    ●  ●  ●  ●
sacrum        ●  ●  ●  ●

● on the dowel   ╳ off

Session      13 of 16 reps clean (81 %) in 7:01.
Most common  Rounded back, in 2 of 16 reps: the sacrum leaves the dowel. Brace
             your belly, keep the chest long and push the hips back. Stop where
             you feel the hamstrings stretch.
Best         Rep 1 of set 1: hips bent 84 degrees, no place further than 0.6 cm
             off the dowel.
Next time    The same reps with this one cue in mind.""".splitlines()
        )

    @pytest.mark.parametrize(
        ("interval", "color"), [((52.0, 60.0), "31"), ((12.0, 60.0), "33"), (None, "32")]
    )
    def test_only_a_sure_fault_makes_a_set_red(self, interval, color):
        told = rep(2, SQUAT) if interval else rep(2)
        told = replace(told, intervals_deg={"knee_flexion_deg": interval} if interval else {})
        file = io.StringIO()
        console = Console(file=file, width=80, color_system="standard", force_terminal=True)
        sets = [[rep(1), told]]
        print_summary(sets, advice.review(sets, planned=2), console, elapsed_s=9.0)
        assert f"\x1b[1;{color}m{1 if interval else 2} of 2 clean" in file.getvalue()

    def test_what_is_not_counted_is_told_below(self):
        told = ("Sitting, at 9.0 s, is not counted as a repetition.", "That at 11.0 s neither.")
        assert self.session(DONE, not_counted=told)[-2:] == [
            f"Not counted  {told[0]}",
            f"             {told[1]}",
        ]

    def test_half_a_rep_is_shown_and_not_counted(self):
        half = rep(3, ROUND, notes=("partial",))
        said = self.session([rep(1), rep(2), half])
        assert said[0] == "Set 1 of 1: 2 of 2 clean, 1 half seen and not counted"
        alone = self.session([rep(1, notes=("partial",))])
        assert alone[0] == "Set 1 of 1: 1 of 1 clean, half seen"
        assert any("1 of 1 half rep clean" in line and "%" not in line for line in alone)
        assert any("2 of 2 reps clean (100 %)" in line for line in said)
        assert not any(line.startswith("Most common") for line in said)

    def test_shares_are_of_the_reps_that_were_judged(self):
        """As in the history of the same session, shown below it."""
        blind = rep(2, notes=(NOT_JUDGED,))
        assert "Session      1 of 1 judged rep clean (100 %) in 7:01." in self.session(
            [rep(1), blind]
        )
        assert "Session      no rep judged in 7:01." in self.session([blind])
        said = self.session([rep(1, ROUND), blind])
        assert any(line.startswith("Most common  Rounded back, in 1 of 1 rep:") for line in said)

    def test_a_fault_that_may_be_none_is_a_maybe(self):
        maybe = replace(rep(2, ROUND), intervals_deg={"spinal_flexion_deg": (2.0, 30.0)})
        said = self.session([rep(1), maybe])
        assert any(line.startswith("Most common  Maybe rounded back, in 1 of 2") for line in said)

    @pytest.mark.parametrize(
        ("exercise", "sign"),
        [("hinge", "the knees bend too much"), ("deadlift", "the hips sink as low as the knees")],
    )
    def test_a_fault_is_told_as_it_shows_in_the_exercise(self, exercise, sign):
        squat = replace(DONE[0], faults=("squatting",), knee_flexion_deg=95.0)
        text = " ".join(" ".join(self.session([squat], exercise=exercise)).split())
        assert f"Squatting, in 1 of 1 rep: {sign}." in text

    def test_a_clean_session(self):
        found = self.session(DONE[:2] * 3, streak=1)
        assert found[6:9] == [
            "● on the dowel",
            "",
            "Session      6 of 6 reps clean (100 %) in 7:01.",
        ]
        assert found[9].startswith("Best         Rep 1: hips bent 84 degrees")
        assert found[11].startswith("Next time    Same again. Two more clean")

    def test_a_gap_that_rounds_to_none_is_none(self):
        found = " ".join(self.session([rep(1, stray=(0.04, -0.2, 0.0))]))
        assert "hips bent 84 degrees, every place on the dowel." in found

    def test_nothing_done(self):
        assert self.session((), ())[0].startswith("Next time    No rep was counted.")

    @pytest.mark.parametrize("width", [40, 60, 80, 200])
    def test_lines_fit(self, width):
        found = self.session(DONE * 3, width=width)
        assert max(map(len, found)) <= min(width, 100)
        assert sum("head" in line for line in found) == -(-36 // ((min(width, 100) - 12) // 3))

    def test_ascii_where_there_is_nothing_else(self):
        found = "\n".join(self.session(DONE, encoding="ascii"))
        assert found.isascii()
        assert "o on the dowel   X off" in found

    def test_one_set(self):
        found = self.session(DONE[:4], (), ())
        assert found[0] == "Set 1 of 3: 2 of 4 clean"
        assert found[4] == "sacrum        ●  ●  ╳  ╳"
        assert not any("Set 2" in line for line in found)

    def test_numbers_of_reps_never_touch(self):
        found = self.session(DONE * 9)
        assert found[found.index("") - 5].split() == [str(n) for n in range(103, 109)]

    def test_a_place_out_of_sight_is_a_question(self):
        assert self.session([rep(1, stray=(None, 0.0, 0.5))])[2] == "head          ?"

    @pytest.mark.parametrize(
        ("done", "line"),
        [
            (
                rep(1),
                "set 2 rep 5: clean; head on, upper back on, sacrum on; "
                "hip 84, knee 18, spine 4, neck -1 deg; 3.8 s",
            ),
            (
                rep(1, ROUND, CHIN, notes=("too_fast",), stray=(5.94, 0.0, 0.2)),
                "set 2 rep 5: rounded back, chin to chest (too fast); head off 5.9 cm, "
                "upper back on, sacrum off; hip 84, knee 18, spine 4, neck -1 deg; 3.8 s; "
                "cue: brace, chest long",
            ),
            (
                replace(rep(1, stray=(None,) * 3), start_s=None, hip_flexion_deg=None),
                "set 2 rep 5: clean; head not seen, upper back not seen, sacrum not seen; "
                "hip ?, knee 18, spine 4, neck -1 deg",
            ),
        ],
    )
    def test_a_line_for_pipes(self, done, line):
        assert plain_line(done, 5, set_number=2) == line
        assert line.isascii()


GOOD = rep(1)
UNCLEAR = withheld(replace(GOOD, number=2, notes=("too_fast", "shins_forward")))


def test_a_rep_that_was_not_judged_is_neither_clean_nor_faulty() -> None:
    assert (UNCLEAR.judged, UNCLEAR.clean, UNCLEAR.faults) == (False, False, ())
    assert UNCLEAR.notes == ("too_fast", "unsure_pictures")
    line = plain_line(UNCLEAR, 2)
    assert "rep 2: not judged (too fast, too few pictures); head not seen" in line
    assert TestSummaries().session([GOOD, UNCLEAR])[0] == "Set 1 of 1: 1 of 2 clean, 1 not judged"
    head = compose(Snapshot("moving", set_reps=(GOOD, UNCLEAR)), width=80, height=24).lines()[0]
    assert "● ?" in head
    done = compose(Snapshot("done", set_reps=(UNCLEAR, GOOD)), width=80, height=24)
    praised = compose(Snapshot("done", set_reps=(GOOD, GOOD)), width=80, height=24)
    assert done.lines()[-6:] != praised.lines()[-6:]
