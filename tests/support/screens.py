"""Snapshots of a live session, and their screens."""

import io
import re
from dataclasses import fields, replace

import numpy as np
from rich.console import Console

from hinge_dowel.body.figure import figure as pose
from hinge_dowel.exercises import cues
from hinge_dowel.live.screen import layout
from hinge_dowel.live.snapshot import LiveFigure, LiveFrame, Plan, Snapshot
from hinge_dowel.verdict import FAULTS, Rep, Strays

ROUND, SQUAT, CHIN = FAULTS
SIZES = ((80, 24), (60, 20), (120, 40))


def person(facing="right", *, zoom=2.0, feet=(300.0, 440.0), size_px=(640, 480), **angles):
    """Return a person bent by `angles`, with the dowel fixed to the upper back as in standing.

    `zoom` is pixels per centimetre, `feet` the ankle's place.
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
    """Return the dowel along head and sacrum, 8 cm longer at either end."""
    head, sacrum = pose().points[[0, -1]]
    along = (head - sacrum) / np.linalg.norm(head - sacrum)
    return np.array([head + 8 * along, sacrum - 8 * along])


def carried(places, before, after):
    """Move places rigidly with the upper back (C7 to T8)."""
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


ON_DOWEL = {"head": "on", "upper_back": "on", "sacrum": "on"}
STANDING = dict.fromkeys(ON_DOWEL, "idle")


SET = {"set_number": 2, "elapsed_s": 83.4, "rate_hz": 23.8}


def moment(stage, **values):
    """Return a snapshot of these values of its own and of the body's."""
    return altered(Snapshot(stage), **values)


def altered(snapshot, **values):
    """Return a snapshot with other values of its own or of the body's."""
    names = [one.name for one in fields(LiveFrame)]
    body = {name: values.pop(name) for name in names if name in values}
    return replace(snapshot, body=replace(snapshot.body, **body), **values)


MOMENTS = {
    "loading": moment("loading", message="Loading"),
    "nobody": moment("setup"),
    "setup": moment(
        "setup",
        message="feet out of the picture",
        figure=person(feet=(250.0, 500.0), zoom=2.6),
        elapsed_s=4.0,
    ),
    "countdown": moment("countdown", left_s=2.4, figure=person(), elapsed_s=9.0),
    "neutral": moment(
        "neutral",
        left_s=0.8,
        figure=person("left"),
        elapsed_s=11.6,
        rate_hz=12.0,
    ),
    "standing": moment("moving", hip_flexion_deg=1.0, figure=person(), **STANDING, **SET),
    "between": moment(
        "moving", hip_flexion_deg=4.0, figure=person(), set_reps=DONE[:2], **STANDING, **SET
    ),
    "clean": moment(
        "moving",
        phase="lowering",
        hip_flexion_deg=62.0,
        figure=person(hip_deg=62.0, knee_deg=14.0, shin_deg=2.0),
        set_reps=DONE[:2],
        **ON_DOWEL,
        **SET,
    ),
    "rounded": moment(
        "moving",
        cue=cues.FAULTS[ROUND].shout,
        phase="lifting",
        hip_flexion_deg=88.0,
        figure=person(hip_deg=86.0, knee_deg=16.0, spinal_deg=45.0),
        set_reps=DONE[:3],
        **{**ON_DOWEL, "sacrum": "off"},
        **SET,
    ),
    "squatting": moment(
        "moving",
        cue=cues.FAULTS[SQUAT].shout,
        phase="lowering",
        hip_flexion_deg=38.0,
        figure=person("left", hip_deg=70.0, knee_deg=80.0, shin_deg=24.0),
        set_reps=DONE[:9],
        knees="off",
        **ON_DOWEL,
        **SET,
    ),
    "reaching": moment(
        "moving",
        phase="lowering",
        hip_flexion_deg=50.0,
        plan=Plan(reaching=True),
        hip_travel_cm=21.4,
        hip_travel_goal_cm=30.0,
        figure=person(hip_deg=50.0, knee_deg=12.0),
        set_reps=DONE[:2],
        **ON_DOWEL,
        **SET,
    ),
    "unseen": moment(
        "moving",
        cue=cues.FAULTS[CHIN].shout,
        phase="lifting",
        hip_flexion_deg=134.0,
        figure=person(hip_deg=80.0, cervical_deg=40.0),
        set_reps=DONE[:4],
        head="off",
        upper_back="on",
        **SET,
    ),
    "feet_out": moment(
        "moving",
        message="Step back: feet are out",
        cue=cues.FAULTS[ROUND].shout,
        phase="lifting",
        hip_flexion_deg=50.0,
        figure=person(hip_deg=50.0),
        set_reps=DONE[:4],
        **ON_DOWEL,
        **SET,
    ),
    "paused": moment(
        "paused", hip_flexion_deg=2.0, figure=person(), set_reps=DONE[:5], **ON_DOWEL, **SET
    ),
    "film": moment("paused", set_reps=DONE, plan=Plan(0, live=False), **SET),
    "lost": moment("lost", set_reps=DONE[:5], **SET),
    "rest": moment("rest", left_s=31.2, set_reps=DONE, **SET),
    "rest_clean": moment("rest", left_s=45.0, set_reps=DONE[4:8], **SET),
    "done": moment("done", set_reps=DONE, **{**SET, "set_number": 3}),
}


def shown(snapshot, width, height, *, color=False, **options):
    """Return the output for a terminal of this size, as one string."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        height=height,
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    sheet = layout.compose(snapshot, width=width, height=height, **options)
    console.print(layout.render(sheet, color=color))
    return file.getvalue()


def lines(snapshot, width, height, **options):
    """Return the lines of the screen without styles."""
    return re.sub(r"\x1b\[[0-9;]*m", "", shown(snapshot, width, height, **options)).split("\n")[:-1]
