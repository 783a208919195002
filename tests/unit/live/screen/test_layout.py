"""The screen of a live session, line by line against recorded screens, and what holds for all.

After a wanted change, `python tests/test_coach_screen.py` records the screens anew: look at them.
"""
# ruff: noqa: RUF001

import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from support.locations import ROOT

from hinge_dowel.body.figure import figure as pose
from hinge_dowel.exercises import cues
from hinge_dowel.live import advice
from hinge_dowel.live.screen import layout
from hinge_dowel.live.screen.canvas import Sheet
from hinge_dowel.live.screen.figure import draw
from hinge_dowel.live.screen.styles import DOWEL, OFF, ON
from hinge_dowel.live.snapshot import LiveFigure, Snapshot
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import FAULTS, Rep, Strays

ROUND, SQUAT, CHIN = FAULTS
SCREENS = Path(__file__).with_name("screens")
SIZES = ((80, 24), (60, 20), (120, 40))


def person(facing="right", *, zoom=2.0, feet=(300.0, 440.0), size_px=(640, 480), **angles):
    """Somebody bent by these angles; the dowel is carried by the upper back, as in standing.

    `zoom` pixels a centimetre, `feet` the ankle's place.
    """
    body = pose(**angles)
    turn = np.array([zoom if facing == "right" else -zoom, -zoom])
    dowel = carried(standing_dowel(), pose().points, body.points)
    return LiveFigure(
        feet + body.landmarks[:, :2] * turn,
        feet + body.points * turn,
        feet + dowel * turn,
        size_px,
        facing,
    )


def standing_dowel():
    """Along head and sacrum, 8 cm longer at either end."""
    head, sacrum = pose().points[[0, -1]]
    along = (head - sacrum) / np.linalg.norm(head - sacrum)
    return np.array([head + 8 * along, sacrum - 8 * along])


def carried(places, before, after):
    """Places moved as the upper back (C7 to T8) moved, which keeps them rigid."""
    (_, c7, _, t8, *_), (_, new_c7, _, new_t8, *_) = before, after
    first, second = (complex(*(a - b)) for a, b in ((c7, t8), (new_c7, new_t8)))
    turn = second / abs(second) / (first / abs(first))
    moved = [complex(*(place - c7)) * turn for place in places]
    return new_c7 + np.array([[z.real, z.imag] for z in moved])


def rep(number, *faults, notes=(), stray=(0.4, 0.0, 0.6)):
    return Rep(
        number=number,
        start_s=4.0 * number,
        bottom_s=4.0 * number + 1.9,
        end_s=4.0 * number + 3.8,
        hip_flexion_deg=84.0,
        knee_flexion_deg=17.6,
        shin_angle_deg=3.0,
        spinal_flexion_deg=4.4,
        cervical_flexion_deg=-1.0,
        stray_cm=Strays(*stray),
        faults=faults,
        notes=notes,
    )


DONE = tuple(
    rep(number, *{3: (ROUND,), 4: (ROUND, CHIN), 9: (SQUAT,)}.get(number, ()))
    for number in range(1, 13)
)
ON_DOWEL = {"head": "touching", "upper_back": "touching", "sacrum": "touching"}
SET = {"sets": 3, "set_number": 2, "reps": 12, "elapsed_s": 83.4, "frames_per_s": 23.8}

MOMENTS = {
    "loading": Snapshot("loading", message="Loading"),
    "nobody": Snapshot("setup"),
    "setup": Snapshot(
        "setup",
        message="feet out of the picture",
        figure=person(feet=(250.0, 500.0), zoom=2.6),
        sets=3,
        elapsed_s=4.0,
    ),
    "countdown": Snapshot("countdown", left_s=2.4, figure=person(), sets=3, elapsed_s=9.0),
    "neutral": Snapshot(
        "neutral",
        left_s=0.8,
        figure=person("left"),
        sets=3,
        elapsed_s=11.6,
        pace="12 pictures a second: every rep is judged",
    ),
    "standing": Snapshot("moving", message="go", depth_deg=1.0, figure=person(), **ON_DOWEL, **SET),
    "clean": Snapshot(
        "moving",
        phase="lowering",
        depth_deg=62.0,
        tempo_s=3.9,
        figure=person(hip_deg=62.0, knee_deg=14.0, shin_deg=2.0),
        set_reps=DONE[:2],
        **ON_DOWEL,
        **SET,
    ),
    "rounded": Snapshot(
        "moving",
        cue=cues.FAULTS[ROUND].shout,
        phase="lifting",
        depth_deg=88.0,
        tempo_s=2.6,
        figure=person(hip_deg=86.0, knee_deg=16.0, spinal_deg=45.0),
        set_reps=DONE[:3],
        **{**ON_DOWEL, "sacrum": "left"},
        **SET,
    ),
    "squatting": Snapshot(
        "moving",
        cue=cues.FAULTS[SQUAT].shout,
        phase="lowering",
        depth_deg=38.0,
        tempo_s=4.2,
        figure=person("left", hip_deg=70.0, knee_deg=80.0, shin_deg=24.0),
        set_reps=DONE[:9],
        knees="left",
        **ON_DOWEL,
        **SET,
    ),
    "reaching": Snapshot(
        "moving",
        phase="lowering",
        depth_deg=50.0,
        reaching=True,
        reach_cm=21.4,
        reach_goal_cm=30.0,
        figure=person(hip_deg=50.0, knee_deg=12.0),
        set_reps=DONE[:2],
        **ON_DOWEL,
        **SET,
    ),
    "unseen": Snapshot(
        "moving",
        cue=cues.FAULTS[CHIN].shout,
        phase="lifting",
        depth_deg=134.0,
        tempo_s=3.1,
        figure=person(hip_deg=80.0, cervical_deg=40.0),
        set_reps=DONE[:4],
        head="left",
        upper_back="touching",
        **SET,
    ),
    "feet_out": Snapshot(
        "moving",
        message="Step back: feet are out",
        cue=cues.FAULTS[ROUND].shout,
        phase="lifting",
        depth_deg=50.0,
        tempo_s=3.1,
        figure=person(hip_deg=50.0),
        set_reps=DONE[:4],
        **ON_DOWEL,
        **SET,
    ),
    "paused": Snapshot(
        "paused", depth_deg=2.0, figure=person(), set_reps=DONE[:5], **ON_DOWEL, **SET
    ),
    "film": Snapshot("paused", set_reps=DONE, live=False, **{**SET, "reps": 8}),
    "lost": Snapshot("lost", set_reps=DONE[:5], **SET),
    "rest": Snapshot("rest", left_s=31.2, set_reps=DONE, **SET),
    "rest_clean": Snapshot("rest", left_s=45.0, set_reps=DONE[4:8], **SET),
    "done": Snapshot("done", set_reps=DONE, **{**SET, "set_number": 3}),
}


def shown(snapshot, width, height, *, color=False, **options):
    """What a terminal of this size gets, as one string."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        height=height,
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    console.print(layout.render(snapshot, width=width, height=height, color=color, **options))
    return file.getvalue()


def lines(snapshot, width, height, **options):
    """The same without any styles."""
    return re.sub(r"\x1b\[[0-9;]*m", "", shown(snapshot, width, height, **options)).split("\n")[:-1]


def told(name, size):
    return [line.rstrip() for line in lines(MOMENTS[name], *size)]


def file_of(name, size):
    return SCREENS / f"{name}_{size[0]}x{size[1]}.txt"


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize("name", MOMENTS)
def test_screens_are_as_recorded(name, size):
    assert told(name, size) == file_of(name, size).read_text("utf-8").split("\n")[:-1]


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
    @settings(max_examples=150, deadline=None)
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
        with_cue = lines(replace(MOMENTS["clean"], head="left", cue=cue), *size)
        without = lines(replace(MOMENTS["clean"], head="left"), *size)
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

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("place", cues.CONTACTS)
    def test_each_state_of_a_light_has_a_shape_and_a_word(self, size, place):
        found = {
            state: lines(replace(MOMENTS["standing"], figure=None, **{place: state}), *size)
            for state in ("touching", "left", "unseen")
        }
        said = {"touching": "on the dowel", "left": "OFF", "unseen": "not seen"}
        for state, word in said.items():
            others = 0 if state != "touching" else 2
            assert "\n".join(found[state]).count(word) == others + 1
        blocks = {state: sum("█" in line for line in rows) for state, rows in found.items()}
        assert (
            len(
                {
                    "\n".join(rows).translate({ord(c): " " for c in "adefhilnostw OFF"})
                    for rows in found.values()
                }
            )
            == 3
        )
        ink = {s: "".join(rows).count("█") for s, rows in found.items()}
        assert ink["touching"] > ink["left"]
        assert ink["touching"] > ink["unseen"]
        assert blocks["touching"] > 0

    def test_the_names_of_the_lights_are_there(self):
        small = "\n".join(lines(MOMENTS["clean"], 60, 20))
        assert all(name.upper() in small for name in cues.CONTACTS.values())


class TestFigure:
    """The person as dots."""

    SHAPE = (60, 56)

    @pytest.mark.parametrize("facing", ["left", "right"])
    def test_the_feet_stay_where_they_are_wherever_the_person_stands(self, facing):
        here = draw(person(facing, hip_deg=60.0), self.SHAPE)
        there = draw(person(facing, hip_deg=60.0, feet=(91.0, 300.0), zoom=1.3), self.SHAPE)
        for layer in ("body", "dowel", "floor"):
            differ = getattr(here, layer) ^ getattr(there, layer)
            # A dot's centre on an edge may fall on either side.
            assert differ.sum() <= 3

    def test_the_figure_does_not_jump_while_it_moves(self):
        """Lowest dots, below the knee, from one hinge to the next one degree deeper."""
        before = None
        for hip in range(0, 100):
            man = draw(person(hip_deg=float(hip)), self.SHAPE)
            shank = man.body[48:]
            if before is not None:
                assert (shank ^ before).sum() <= 6
            before = shank

    def test_it_fills_the_space(self):
        rows = np.nonzero(draw(person(), self.SHAPE).body.any(axis=1))[0]
        assert rows[0] <= 0.12 * self.SHAPE[0]
        assert rows[-1] >= self.SHAPE[0] - 3

    @pytest.mark.parametrize(
        "angles", [{}, {"hip_deg": 95.0}, {"hip_deg": 90.0, "knee_deg": 90.0, "shin_deg": 25.0}]
    )
    @pytest.mark.parametrize("facing", ["left", "right"])
    def test_nothing_of_it_is_cut_off_at_the_sides(self, angles, facing):
        man = draw(person(facing, **angles), self.SHAPE)
        assert not (man.body | man.far)[:-2, [0, 1, -2, -1]].any()

    def test_the_dowel_is_apart_from_the_body(self):
        """A line of its own: no dot of the body beside it."""
        for angles in ({}, {"hip_deg": 80.0}, {"hip_deg": 80.0, "spinal_deg": 40.0}):
            man = draw(person(**angles), self.SHAPE)
            assert man.dowel.sum() > 30
            near = np.zeros_like(man.body)
            for down, across in np.ndindex(3, 3):
                near |= np.roll(man.dowel, (down - 1, across - 1), (0, 1))
            assert not (near & man.body).any()

    def test_mirrored_it_is_the_same_the_other_way_round(self):
        man, other = (
            draw(person(hip_deg=70.0), self.SHAPE),
            draw(person(hip_deg=70.0), self.SHAPE, mirror=True),
        )
        assert (man.body ^ other.body[:, ::-1]).sum() <= 4
        assert np.allclose(man.places[:, 0], self.SHAPE[1] - other.places[:, 0])

    @pytest.mark.parametrize("missing", ["landmarks_px", "back_px", "dowel_px"])
    def test_what_is_not_seen_is_not_drawn(self, missing):
        seen = person(hip_deg=50.0)
        lost = replace(seen, **{missing: np.full_like(getattr(seen, missing), np.nan)})
        man = draw(lost, self.SHAPE)
        assert man.dowel.any() == (missing == "back_px")
        assert man.body.any() == (missing != "landmarks_px")

    def test_without_anybody_there_is_a_floor(self):
        man = draw(None, self.SHAPE)
        assert man.floor[-1].all()
        assert not man.body.any()

    def test_the_whole_picture_shows_where_the_person_is(self):
        left, right = (
            draw(person(feet=(x, 440.0)), self.SHAPE, whole=True).body for x in (100.0, 540.0)
        )
        assert np.nonzero(left)[1].max() < np.nonzero(right)[1].min()

    @given(st.integers(0, 2**32 - 1))
    @settings(max_examples=60, deadline=None)
    def test_nonsense_does_no_harm(self, seed):
        rng = np.random.default_rng(seed)
        scale = 10.0 ** rng.uniform(-3, 6)

        def places(count):
            found = rng.normal(0, scale, (count, 2))
            found[rng.random(found.shape) < 0.2] = rng.choice([np.nan, np.inf, 0.0])
            return found

        facing = [None, "left", "right"][rng.integers(3)]
        wild = LiveFigure(places(33), places(rng.integers(0, 8)), places(2), (640, 480), facing)
        for stage in ("setup", "moving"):
            found = lines(Snapshot(stage, figure=wild, depth_deg=float("nan")), 80, 24)
            assert {len(line) for line in found} == {80}


class TestMeaning:
    def sheet(self, snapshot, size=(80, 24), **options) -> Sheet:
        return layout.compose(snapshot, width=size[0], height=size[1], **options)

    def test_a_place_that_left_is_marked_on_the_figure(self):
        sheet = self.sheet(MOMENTS["rounded"])
        marks = {
            mark: [ink for line, inks in zip(sheet.lines()[1:16], sheet.inks[1:16], strict=True)
                   for char, ink in zip(line[:30], inks[:30], strict=True) if char == mark]
            for mark in "●╳"
        }  # fmt: skip
        assert marks == {"●": [ON, ON], "╳": [OFF]}
        assert (sheet.inks[:, :30] == DOWEL).sum() > 8

    @pytest.mark.parametrize(
        ("depth", "told"),
        [(None, "goal"), (0.0, "goal"), (44.0, "goal"), (46.0, "deep enough"), (131.0, "too deep")],
    )
    def test_depth_against_the_goal(self, depth, told):
        found = lines(replace(MOMENTS["standing"], depth_deg=depth), 80, 24)
        label, bar = found[16], found[17][32:59]
        assert told in label
        share = min((depth or 0.0) / DEFAULT.too_deep_deg, 1.0)
        assert bar.count("█") == round(share * len(bar))

    def test_the_goal_is_that_of_the_tolerances(self):
        strict = replace(DEFAULT, shallow_deg=70.0)
        label = lines(MOMENTS["clean"], 80, 24, tolerances=strict)[16]
        assert "deep enough" not in label

    @pytest.mark.parametrize(
        ("phase", "told"),
        [("standing", "standing"), ("lowering", "going down"), ("lifting", "coming up")],
    )
    def test_phase_in_words_and_by_an_arrow(self, phase, told):
        found = lines(replace(MOMENTS["clean"], phase=phase), 80, 24)
        assert told in found[16]
        widths = [found[row][24:31].strip().count("█") for row in (16, 18)]
        assert {"standing": widths[0] == widths[1], "lowering": widths[0] > widths[1],
                "lifting": widths[0] < widths[1]}[phase]  # fmt: skip

    def test_praise_until_the_next_rep_shows_what_it_is_like(self):
        def said(**values):
            moment = replace(MOMENTS["clean"], phase="standing", depth_deg=4.0)
            found = lines(replace(moment, **values), 80, 24)
            return any(line[23:].strip() for line in found[19:23])

        assert said()
        assert said(depth_deg=None)
        assert not said(depth_deg=50.0)
        assert not said(head="left")
        assert not said(set_reps=DONE[:3])
        assert not said(set_reps=())

    def test_a_wrong_picture_is_said_before_a_wrong_back(self):
        both = replace(MOMENTS["rounded"], message="turn side on")
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
        found = "\n".join(lines(replace(MOMENTS["clean"], stage=stage, message=message), *size))
        assert message.lower() not in found.lower()

    def test_what_is_too_long_for_large_letters_is_said_in_small_ones(self):
        said = "The camera is gone: plug it in or turn it on again. " * 3
        for stage in ("setup", "moving", "lost", "countdown"):
            found = lines(replace(MOMENTS["clean"], stage=stage, message=said), 60, 20)
            assert "The camera is gone" in "\n".join(found)

    @pytest.mark.parametrize("size", SIZES)
    def test_large_numbers_stay_in_their_places(self, size):
        many = tuple(rep(n) for n in range(1, 1000))
        huge = replace(
            MOMENTS["clean"], set_reps=many, reps=999, set_number=998, sets=999, elapsed_s=359999.0
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
        rest = replace(MOMENTS["rest"], set_reps=many, reps=60)
        found = lines(rest, *size)
        clean = replace(rest, set_reps=tuple(rep(n) for n in range(1, 61)))
        assert found[-9:-1] != lines(clean, *size)[-9:-1]

    def test_more_reps_than_there_is_room_for_show_the_last(self):
        many = tuple(rep(n, *((SQUAT,) if n == 60 else ())) for n in range(1, 61))
        head = lines(replace(MOMENTS["clean"], set_reps=many, reps=60), 80, 24)[0]
        assert "rep 60 of 60" in head
        assert head.count("╳") == 1
        assert head.rstrip().endswith("1:23")

    def test_what_is_said_about_the_outside_cannot_break_the_screen(self):
        evil = replace(MOMENTS["setup"], message="\x1b[2J手手\nline \x07" + "word" * 60)
        out = shown(evil, 80, 24)
        assert "\x1b[2J" not in out
        assert "\x07" not in out
        assert {len(line) for line in lines(evil, 80, 24)} == {80}

    def test_rest_names_the_most_common_fault_and_counts_the_clean_reps(self):
        sheet = self.sheet(MOMENTS["rest"])
        assert (sheet.inks == OFF).any()
        assert "rest, then set 3 of 3" in sheet.lines()[1]
        plain = lines(MOMENTS["rest_clean"], 80, 24)
        assert not any("╳" in line for line in plain)


class TestSummaries:
    def said(self, part, width=80):
        file = io.StringIO()
        Console(file=file, width=width, color_system=None).print(part)
        return file.getvalue().splitlines()

    def session(self, *sets, streak=0, width=80, unicode=True):
        seen = advice.review(sets, planned=12, clean_streak=streak)
        part = layout.session_summary(
            sets, seen, width=width, color=True, elapsed_s=421.0, unicode=unicode
        )
        return self.said(part, width)

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

    def test_a_clean_session(self):
        found = self.session(DONE[:2] * 3, streak=1)
        assert found[6:9] == [
            "● on the dowel",
            "",
            "Session      6 of 6 reps clean (100 %) in 7:01.",
        ]
        assert found[9].startswith("Best         Rep 1: hips bent 84 degrees")
        assert found[11].startswith("Next time    Same again. Two more clean")

    def test_nothing_done(self):
        assert self.session((), ())[0].startswith("Next time    No rep was counted.")

    @pytest.mark.parametrize("width", [40, 60, 80, 200])
    def test_lines_fit(self, width):
        found = self.session(DONE * 3, width=width)
        assert max(map(len, found)) <= min(width, 100)
        assert sum("head" in line for line in found) == -(-36 // ((min(width, 100) - 12) // 3))

    def test_ascii_where_there_is_nothing_else(self):
        found = "\n".join(self.session(DONE, unicode=False))
        assert found.isascii()
        assert "o on the dowel   X off" in found

    def test_one_set(self):
        part = layout.set_summary(DONE[:4], 1, 3, width=80, color=False)
        assert self.said(part)[0] == "Set 1 of 3: 2 of 4 clean"
        assert self.said(part)[4] == "sacrum        ●  ●  ╳  ╳"
        assert self.said(layout.set_summary((), 2, 3, width=80, color=False)) == [
            "Set 2 of 3: no reps"
        ]

    def test_numbers_of_reps_never_touch(self):
        part = layout.set_summary(DONE * 9, 1, 1, width=80, color=False)
        assert self.said(part)[-5].split() == [str(n) for n in range(103, 109)]

    def test_a_place_out_of_sight_is_a_question(self):
        part = layout.set_summary([rep(1, stray=(None, 0.0, 0.5))], 1, 1, width=80, color=False)
        assert self.said(part)[2] == "head          ?"

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
        assert layout.plain_line(done, 5, set_number=2) == line
        assert line.isascii()


@pytest.mark.parametrize(
    ("encoding", "can"), [("utf-8", True), ("ascii", False), ("latin-1", False), ("no such", False)]
)
def test_whether_a_terminal_can_show_it(encoding, can):
    assert layout.can_show(encoding) is can


def test_every_character_can_be_shown_where_can_show_says_so():
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


if __name__ == "__main__":
    SCREENS.mkdir(exist_ok=True)
    for path in SCREENS.iterdir():
        path.unlink()
    for name in MOMENTS:
        for size in SIZES:
            file_of(name, size).write_text("\n".join(told(name, size)) + "\n", "utf-8")
