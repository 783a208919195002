"""Parts of a live session's screen: figure, lights, depth."""
# ruff: noqa: RUF001

from dataclasses import replace

import numpy as np
import pytest
from support.screens import MOMENTS, SIZES, altered, lines, person

from hinge_dowel.exercises import cues
from hinge_dowel.live.screen import layout
from hinge_dowel.live.screen.styles import DIM, DOWEL, OFF, ON, PLAIN
from hinge_dowel.tolerances import DEFAULT


def test_a_place_that_left_is_marked_on_the_figure():
    sheet = layout.compose(MOMENTS["rounded"], width=80, height=24)
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
def test_depth_against_the_goal(depth, told):
    found = lines(altered(MOMENTS["standing"], hip_flexion_deg=depth), 80, 24)
    label, bar = found[16], found[17][32:59]
    assert told in label
    share = min((depth or 0.0) / DEFAULT.too_deep_deg, 1.0)
    assert bar.count("█") == round(share * len(bar))


def test_the_goal_is_that_of_the_tolerances():
    strict = replace(DEFAULT, shallow_deg=70.0)
    label = lines(MOMENTS["clean"], 80, 24, tolerances=strict)[16]
    assert "deep enough" not in label


@pytest.mark.parametrize(
    ("phase", "told"),
    [("standing", "standing"), ("lowering", "going down"), ("lifting", "coming up")],
)
def test_phase_in_words_and_by_an_arrow(phase, told):
    found = lines(altered(MOMENTS["clean"], phase=phase), 80, 24)
    assert told in found[16]
    widths = [found[row][24:31].strip().count("█") for row in (16, 18)]
    assert {"standing": widths[0] == widths[1], "lowering": widths[0] > widths[1],
            "lifting": widths[0] < widths[1]}[phase]  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", cues.CONTACTS)
def test_each_state_of_a_light_has_a_shape_and_a_word(size, place):
    found = {
        state: lines(altered(MOMENTS["standing"], figure=None, **{place: state}), *size)
        for state in ("on", "off", "unseen", "idle")
    }
    said = {"on": "on the dowel", "off": "OFF", "unseen": "not seen", "idle": "ready"}
    for state, word in said.items():
        others = 0 if state != "idle" else 2
        assert "\n".join(found[state]).count(word) == others + 1
    blocks = {state: sum("█" in line for line in rows) for state, rows in found.items()}
    assert (
        len(
            {
                "\n".join(rows).translate({ord(c): " " for c in "adefhilnorstwy OFF"})
                for rows in found.values()
            }
        )
        == 4
    )
    ink = {s: "".join(rows).count("█") for s, rows in found.items()}
    assert ink["on"] > ink["off"]
    assert ink["on"] > ink["idle"] > ink["unseen"]
    assert blocks["on"] > 0


def test_the_names_of_the_lights_are_there():
    small = "\n".join(lines(MOMENTS["clean"], 60, 20))
    assert all(name.upper() in small for name in cues.CONTACTS.values())


def test_who_squats_sees_it_at_knee_and_shin():
    for knees, count in (("on", 0), ("close", 2), ("off", 2)):
        sheet = layout.compose(altered(MOMENTS["squatting"], knees=knees), width=80, height=24)
        beside = [line[:24] for line in sheet.lines()[8:16]]
        assert sum(line.count("╳") + line.count("◐") for line in beside) == count


@pytest.mark.parametrize(
    ("hip_travel_cm", "goal_cm", "said", "share"),
    [
        (21.4, 30.0, "hips back 21 cm of 30", 21.4 / 40),
        (30.0, 30.0, "hips back 30 cm of 30", 30 / 40),
        (60.0, 30.0, "hips back 60 cm of 30", 1.0),
        (25.0, None, "hips back 25 cm ", 0.5),
        (None, None, "hips back 0 cm ", 0.0),
    ],
)
def test_reach_against_its_goal(hip_travel_cm, goal_cm, said, share):
    """The bar ends a third past the goal, or at half a metre where there is none."""
    moment = altered(MOMENTS["reaching"], hip_travel_cm=hip_travel_cm, hip_travel_goal_cm=goal_cm)
    found = lines(moment, 80, 24)
    assert said in found[16]
    assert found[17][32:59].count("█") == round(27 * share)


def test_the_last_tempo_stands_before_the_face_and_gives_way_to_the_person():
    def columns(figure):
        shown = lines(altered(MOMENTS["clean"], figure=figure), 80, 24)
        return [line.index("last rep") for line in shown if "last rep" in line]

    assert columns(person("left")) == [4]
    assert columns(person("right")) == [20]
    assert columns(person("right", hip_deg=45.0)) == []


def test_while_nobody_is_there_somebody_faint_shows_where_to_stand():
    def strong(moment):
        sheet = layout.compose(moment, width=80, height=24)
        drawn = np.vectorize(lambda code: 0x2800 < code <= 0x28FF)(sheet.codes)
        return drawn.sum(), set(sheet.inks[drawn].tolist())

    count, inks = strong(MOMENTS["nobody"])
    assert count > 20
    assert inks == {DIM}
    assert PLAIN in strong(altered(MOMENTS["nobody"], figure=person()))[1]
