"""The screen of a live session, line by line against recorded screens, and what holds for all.

After a wanted change, `python tests/unit/live/screen/test_layout.py` records the screens: look at
them.
"""
# ruff: noqa: RUF001

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.locations import ROOT
from support.screens import DONE, MOMENTS, SIZES, SQUAT, altered, lines, rep, shown

from hinge_dowel.exercises import cues
from hinge_dowel.live.framing import Problem
from hinge_dowel.live.messages import LOST_REP, OTHER_PERSON
from hinge_dowel.live.screen import layout
from hinge_dowel.live.screen.canvas import Sheet
from hinge_dowel.live.screen.layout import compose
from hinge_dowel.live.screen.styles import MAYBE, OFF
from hinge_dowel.live.snapshot import Plan, Snapshot

SCREENS = Path(__file__).with_name("screens")


def told(name, size):
    return [line.rstrip() for line in lines(MOMENTS[name], *size)]


def file_of(name, size):
    return SCREENS / f"{name}_{size[0]}x{size[1]}.txt"


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize("name", MOMENTS)
def test_screens_are_as_recorded(name, size):
    assert told(name, size) == file_of(name, size).read_text("utf-8").split("\n")[:-1]


@pytest.mark.parametrize("size", SIZES)
def test_a_film_that_is_counted_to_its_end_has_no_sets(size):
    planned, film = (lines(altered(MOMENTS["clean"], plan=Plan(n)), *size) for n in (3, 0))
    assert any("of 12" in line for line in planned)
    assert film[0].startswith("hinge   rep 2 ")
    assert not any(re.search(r" of \d|\bset\b", line) for line in film)
    assert film != planned


def test_no_recorded_screen_is_left_over():
    expected = {file_of(name, size).name for name in MOMENTS for size in SIZES}
    assert {path.name for path in SCREENS.iterdir()} == expected


class TestEverySize:
    @given(
        st.sampled_from(sorted(MOMENTS)),
        st.integers(1, 260),
        st.integers(1, 80),
        st.booleans(),
        st.booleans(),
    )
    @settings(max_examples=150)
    def test_the_screen_is_filled_exactly(self, name, width, height, color, mirror):
        found = lines(MOMENTS[name], width, height, color=color, mirror=mirror)
        assert len(found) == height
        assert {len(line) for line in found} == {width}

    @pytest.mark.parametrize("size", [(59, 20), (60, 19), (30, 5)])
    def test_too_small_a_window_says_how_large_it_must_be(self, size):
        said = " ".join(" ".join(lines(MOMENTS["clean"], *size)).split())
        assert said.startswith("Make this window larger: 60 x 20 at least")
        assert f"{size[0]} x {size[1]}" in said

    @pytest.mark.parametrize("size", [(1, 1), (3, 2), (10, 1)])
    def test_even_the_smallest_does_not_fail(self, size):
        assert len(lines(MOMENTS["clean"], *size)) == size[1]

    @pytest.mark.parametrize("size", [*SIZES, (78, 24), (100, 30), (237, 63), (60, 70)])
    @pytest.mark.parametrize("cue", [fault.shout for fault in cues.FAULTS.values()])
    def test_cues_are_large(self, size, cue):
        """Nowhere in the terminal's own letters, and at least 4 rows of blocks high."""
        with_cue = lines(altered(MOMENTS["clean"], head="off", cue=cue), *size)
        without = lines(altered(MOMENTS["clean"], head="off"), *size)
        differ = [
            i for i, pair in enumerate(zip(with_cue, without, strict=True)) if len({*pair}) > 1
        ]
        assert len(differ) >= 4
        assert not re.search(r"[a-z]{3}", "".join(with_cue[i][23:] for i in differ[-4:]))


class TestWithoutColour:
    def test_no_colour_is_sent(self):
        for name in MOMENTS:
            codes = set(re.findall(r"\x1b\[([0-9;]*)m", shown(MOMENTS[name], 80, 24)))
            assert codes <= {"1", "2", "0"}

    def test_with_colour_it_is(self):
        assert "38;2;" in shown(MOMENTS["rounded"], 80, 24, color=True)

    def test_colour_changes_no_character(self):
        for moment in MOMENTS.values():
            assert lines(moment, 80, 24) == lines(moment, 80, 24, color=True)


class TestMeaning:
    def sheet(self, snapshot, size=(80, 24), **options) -> Sheet:
        return layout.compose(snapshot, width=size[0], height=size[1], **options)

    def test_praise_until_the_next_rep_shows_what_it_is_like(self):
        def said(**values):
            moment = altered(MOMENTS["clean"], phase="standing", hip_flexion_deg=4.0)
            found = lines(altered(moment, **values), 80, 24)
            return any(line[23:].strip() for line in found[19:23])

        assert said()
        assert said(hip_flexion_deg=None)
        assert not said(hip_flexion_deg=50.0)
        assert not said(head="off")
        assert not said(set_reps=DONE[:3])
        assert not said(set_reps=())

    def test_a_wrong_picture_is_said_before_a_wrong_back(self):
        both = altered(MOMENTS["rounded"], message="turn side on")
        assert lines(both, 80, 24)[19:23] == lines(replace(both, cue=""), 80, 24)[19:23]
        assert lines(both, 80, 24)[19:23] != lines(MOMENTS["rounded"], 80, 24)[19:23]

    @pytest.mark.parametrize("size", [*SIZES, (237, 63), (60, 50)])
    @pytest.mark.parametrize("stage", ["setup", "countdown", "neutral", "moving", "lost"])
    @pytest.mark.parametrize(
        "message",
        [
            "Step back: head and feet are out",
            "Two people: one at a time",
            "Too dark: more light",
            "Step into the picture",
            "Stand tall and still",
        ],
    )
    def test_what_is_wrong_with_the_picture_is_large_on_every_screen(self, message, stage, size):
        found = "\n".join(lines(altered(MOMENTS["clean"], stage=stage, message=message), *size))
        assert message.lower() not in found.lower()

    def test_what_is_too_long_for_large_letters_is_said_in_small_ones(self):
        said = "The camera is gone: plug it in or turn it on again. " * 3
        for stage in ("setup", "moving", "lost", "countdown"):
            found = lines(altered(MOMENTS["clean"], stage=stage, message=said), 60, 20)
            assert "The camera is gone" in "\n".join(found)

    @pytest.mark.parametrize("size", SIZES)
    def test_large_numbers_stay_in_their_places(self, size):
        many = tuple(rep(n) for n in range(1, 1000))
        huge = altered(
            MOMENTS["clean"], set_reps=many, set_number=998, plan=Plan(999, 999), elapsed_s=359999.0
        )
        ordinary = lines(MOMENTS["clean"], *size)
        for stage in ("moving", "paused", "rest", "setup", "lost"):
            found = lines(replace(huge, stage=stage, left_s=3600.0), *size)
            assert "rep 999 of 999" in found[0]
            assert found[0].rstrip().endswith("5999:59")
        figure = [line[:24] for line in lines(huge, *size)[1:12]]
        assert figure == [line[:24] for line in ordinary[1:12]]

    @pytest.mark.parametrize("size", SIZES)
    def test_the_longest_set_leaves_room_for_the_cue(self, size):
        many = tuple(rep(n, *((SQUAT,) if n == 60 else ())) for n in range(1, 61))
        rest = altered(MOMENTS["rest"], set_reps=many, plan=Plan(3, 60))
        found = lines(rest, *size)
        clean = replace(rest, set_reps=tuple(rep(n) for n in range(1, 61)))
        assert found[-9:-1] != lines(clean, *size)[-9:-1]

    def test_more_reps_than_there_is_room_for_show_the_last(self):
        many = tuple(rep(n, *((SQUAT,) if n == 60 else ())) for n in range(1, 61))
        head = lines(altered(MOMENTS["clean"], set_reps=many, plan=Plan(3, 60)), 80, 24)[0]
        assert "rep 60 of 60" in head
        assert head.count("╳") == 1
        assert head.rstrip().endswith("1:23")

    def test_what_is_said_about_the_outside_cannot_break_the_screen(self):
        evil = altered(MOMENTS["setup"], message="\x1b[2J手手\nline \x07" + "word" * 60)
        out = shown(evil, 80, 24)
        assert "\x1b[2J" not in out
        assert "\x07" not in out
        assert {len(line) for line in lines(evil, 80, 24)} == {80}

    def test_rest_names_the_most_common_fault_and_counts_the_clean_reps(self):
        sheet = self.sheet(MOMENTS["rest"])
        assert (sheet.inks == OFF).any()
        assert "rest, then set 3 of 3" in sheet.lines()[1]
        doubtful = replace(rep(2, SQUAT), intervals_deg={"knee_flexion_deg": (12.0, 60.0)})
        maybe = self.sheet(replace(MOMENTS["rest"], set_reps=(rep(1), doubtful)))
        assert (maybe.inks == MAYBE).any()
        assert not (maybe.inks == OFF).any()
        plain = lines(MOMENTS["rest_clean"], 80, 24)
        assert not any("╳" in line for line in plain)


def test_every_character_is_asked_for():
    """What is drawn is among what is asked for, braille standing for braille."""
    asked = {
        char
        for moment in MOMENTS.values()
        for size in SIZES
        for line in lines(moment, *size)
        for char in line
        if not char.isascii() and not 0x2800 <= ord(char) <= 0x28FF
    }
    assert asked <= set(layout.CHARACTERS)


def test_the_picture_in_the_readme_needs_nothing_from_the_web():
    root = ROOT
    assert "](samples/drill.svg)" in (root / "README.md").read_text("utf-8")
    picture = (root / "samples" / "drill.svg").read_text("utf-8")
    for fetched in ("@font-face", "url(http", "href", "@import", "<script"):
        assert fetched not in picture


@pytest.mark.parametrize(
    "words",
    sorted({*(p.words(live=live) for p in Problem for live in (0, 1)), LOST_REP, OTHER_PERSON}),
)
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)])
@pytest.mark.parametrize("stage", ["moving", "setup"])
def test_what_is_said_is_there_to_be_read(words: str, size: tuple[int, int], stage: str) -> None:
    """Large letters where they fit, plain ones else: never nothing, never cut."""
    said = compose(Snapshot(stage, message=words), width=size[0], height=size[1])
    silent = compose(Snapshot(stage, message=" "), width=size[0], height=size[1])
    assert said.lines() != silent.lines()


if __name__ == "__main__":
    SCREENS.mkdir(exist_ok=True)
    for path in SCREENS.iterdir():
        path.unlink()
    for name in MOMENTS:
        for size in SIZES:
            file_of(name, size).write_text("\n".join(told(name, size)) + "\n", "utf-8")
