"""Every exercise, once. What differs between them is said here alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from numbers import Real
from types import MappingProxyType
from typing import Literal

from hinge_dowel.analysis.rules import HINGE, TECHNIQUE_NOTES, Rules, RulesChooser
from hinge_dowel.errors import ArgumentError
from hinge_dowel.exercises import AUTO, pictures


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of the coaching texts."""

    title: str
    """The name on screen."""
    summary: str
    """The movement in one sentence."""
    rules: Rules
    """The rules by which its repetitions are found and judged."""
    equipment: str
    filming: str
    """Advice on filming it, besides having the camera square to the side."""
    steps: tuple[str, ...]
    """Instructions, in order."""
    cues: Mapping[str, str] = field(default_factory=dict)
    """The exercise's own cues, by fault or note; for the others those of `cues.py` hold."""
    aim: str = ""
    """What it teaches on the ladder; "" for a variant beside it."""
    picture: str = ""
    """A drawing in characters of the start, beside it the bottom."""
    balance: Literal["alone", "leaning", "loaded"] = "alone"
    """Whether the body balances on its feet alone, with a wall, a bench or a band at it, or with a
    weight: where its own centre of mass lies means something else then."""

    @property
    def name(self) -> str:
        """The name in options and results, in lower case with underscores."""
        return self.rules.exercise

    @property
    def loaded(self) -> bool:
        """Whether it carries a weight."""
        return self.balance == "loaded"


_ALL = (
    Exercise(
        title="kneeling hip hinge",
        summary="Kneel upright, sit back to the heels with a long trunk, and come up again.",
        aim="The hips alone: with the shins on the floor nothing else can bend.",
        rules=Rules(
            "kneeling",
            start="kneeling",
            faults=("spinal_flexion", "cervical_flexion"),
            notes=frozenset({"shallow", "too_fast", "over_arching", "looking_up"}),
            legs=False,
        ),
        equipment="a mat or a cushion under the knees",
        filming="Lower the camera to the height of your hips when kneeling, about half a metre.",
        steps=(
            "Kneel with the hips above the knees, shins and feet flat on the floor.",
            "Sit the hips back toward the heels; the trunk leans forward and stays long.",
            "Drive the hips forward until you kneel upright, and squeeze the glutes.",
        ),
        cues={
            "spinal_flexion": "Keep the chest long and lean the whole trunk; only sit as far back "
            "as it stays long.",
            "shallow": "Sit further back: the heels are the goal.",
        },
        picture=pictures.KNEELING,
    ),
    Exercise(
        title="wall tap",
        summary="Stand a foot in front of a wall and push the hips back until they touch it.",
        aim="Hips back: the wall tells how far they go.",
        rules=Rules("wall_tap", notes=(TECHNIQUE_NOTES - {"shallow"}) | {"short_of_the_wall"}),
        equipment="a wall",
        filming="The wall stands at the edge of the picture; nothing between camera and you.",
        steps=(
            "Stand with your back to the wall, heels a foot (30 cm) from it.",
            "Push the hips straight back until they touch it; knees soft, shins upright.",
            "Stand up. When that is easy, step forward by a hand's breadth.",
        ),
        cues={
            "hips_not_back": "The trunk bends and the hips stay: reach for the wall with the "
            "hips, and let the trunk follow.",
            "squatting": "The hips go to the wall, not to the floor: shins upright.",
        },
        picture=pictures.WALL_TAP,
        balance="leaning",
    ),
    Exercise(
        title="hip hinge with a dowel",
        summary="Hinge with a stick along head, upper back and sacrum, or without one: the "
        "program lays it there.",
        aim="The whole pattern, the dowel on head, upper back and sacrum.",
        rules=HINGE,
        equipment="a stick of 1.2 m, or none",
        filming="Begin standing tall for two seconds; the whole body stays in the picture.",
        steps=(
            "Stand tall, knees soft, feet under the hips.",
            "Push the hips back; the trunk tips as one piece and the shins stay upright.",
            "Where the hamstrings stop you, come up again until you stand tall.",
        ),
        picture=pictures.HINGE,
    ),
    Exercise(
        title="band hinge",
        summary="A band round the hips pulls them back; go with it slowly, come up against it.",
        aim="The same against a pull that wants the hips forward.",
        rules=Rules("band", notes=TECHNIQUE_NOTES | {"lowered_fast"}),
        equipment="a long elastic band and something firm to tie it to, at hip height behind you",
        filming="The band and its post may leave the picture; you may not.",
        steps=(
            "Step into the band so that it pulls at the crease of the hips, and walk it tight.",
            "Let it draw the hips back over two to three seconds.",
            "Drive the hips forward against it until you stand tall.",
        ),
        cues={"lowered_fast": "Do not let the band snatch you: two to three seconds back."},
        picture=pictures.BAND,
        balance="leaning",
    ),
    Exercise(
        title="Romanian deadlift",
        summary="From standing, lower a weight along the thighs to below the knees and come up.",
        aim="The first weight, held close to the legs.",
        rules=Rules(
            "rdl", limits={"squat_knee_deg": "rdl_knee_deg", "shallow_deg": "rdl_shallow_deg"}
        ),
        equipment="a barbell, two dumbbells or a kettlebell",
        filming="Plates may hide shins and knees: film a little from in front of square, or use "
        "dumbbells.",
        steps=(
            "Stand tall with the weight at the thighs, knees soft.",
            "Push the hips back and let the weight slide down the legs; shins upright.",
            "Come up again below the knee, before the back gives.",
        ),
        cues={
            "squatting": "The knees stay as soft as they were: the weight goes down because the "
            "hips go back.",
            "shallow": "Let the weight slide past the knees, as far as the back stays long.",
        },
        picture=pictures.RDL,
        balance="loaded",
    ),
    Exercise(
        title="good morning",
        summary="With a band or a bar on the shoulders, hinge and stand up.",
        aim="The weight on the shoulders: a longer lever for the same back.",
        rules=Rules("good_morning", sure_faults=frozenset({"cervical_flexion"})),
        equipment="a bar on the upper back, or a band from under the feet over the shoulders",
        filming="Elbows down and close, so that the arm does not hide the head.",
        steps=(
            "Hold the bar firmly on the upper back, stand tall.",
            "Push the hips back until the trunk is well tipped; knees soft.",
            "Drive the hips forward to stand.",
        ),
        cues={"spinal_flexion": "Elbows under the bar and chest long; stop a little higher."},
        picture=pictures.GOOD_MORNING,
        balance="loaded",
    ),
    Exercise(
        title="deadlift from the floor",
        summary="Lift a weight from the floor with hips higher than the knees, and set it down.",
        aim="The same hinge from the floor, where the start is the hard part.",
        rules=Rules(
            "deadlift",
            start="bottom",
            squat="hips",
            notes=frozenset({"locked_knees", "over_arching", "looking_up", "hips_first"}),
        ),
        equipment="a barbell, a kettlebell or two dumbbells",
        filming="Large plates may hide shins and knees; a kettlebell between the feet does not.",
        steps=(
            "Stand over the weight, push the hips back, bend the knees until the hands reach it.",
            "Hips stay between knees and shoulders; chest long, arms like ropes.",
            "Push the floor away; hips and chest rise together until you stand tall.",
            "Hips back first on the way down, then the knees.",
        ),
        cues={
            "squatting": "Start with the hips higher than the knees: sit back, not down.",
            "hips_first": "Hips and chest rise together: push the floor away, chest long.",
        },
        picture=pictures.DEADLIFT,
        balance="loaded",
    ),
    Exercise(
        title="kettlebell swing",
        summary="Swing a kettlebell or dumbbell to chest height from a quick, short hinge.",
        aim="The same hinge fast.",
        rules=Rules("swing", notes=frozenset({"shins_forward", "over_arching", "looking_up"})),
        equipment="a kettlebell or a dumbbell",
        filming="Bright light: fast movement blurs in the dark. 30 pictures a second or more.",
        steps=(
            "Hike the bell back between the thighs: a hinge, knees soft.",
            "Snap the hips forward; the arms float to chest height.",
            "Wait for the bell, then throw the hips back again.",
        ),
        cues={"squatting": "The bell goes back, not down: hips back, shins upright."},
        picture=pictures.SWING,
        balance="loaded",
    ),
    Exercise(
        title="hinge before a bench",
        summary="Calves against a bench, so that the shins cannot go forward: hinge and stand up.",
        rules=Rules("bench", limits={"shins_forward_deg": "bench_shin_deg"}),
        equipment="a bench or a firm chair, at the back of the calves",
        filming="The bench stands behind you and must not hide the knees.",
        steps=(
            "Stand with both calves touching the bench.",
            "Push the hips back over it; the calves keep touching, lightly.",
            "Stand up without rocking off it.",
        ),
        cues={"shins_forward": "The calves have left the bench: keep them there, hips back."},
        picture=pictures.BENCH,
        balance="leaning",
    ),
)

EXERCISES: Mapping[str, Exercise] = MappingProxyType({known.name: known for known in _ALL})
"""By name, in the order of the ladder; variants beside it come last."""
WALL_CM = (5.0, 150.0)
"""Nearest and furthest a wall stands behind the heels. A choice: what else is given is a slip."""


def exercise(name: str) -> Exercise:
    """The exercise of this name. Raises `ArgumentError` for one that is not known."""
    if name not in EXERCISES:
        raise ArgumentError(
            f"There is no exercise {name!r}; there are {', '.join(EXERCISES)}, and {AUTO} to tell "
            "it from the film."
        )
    return EXERCISES[name]


def rules_for(name: str, *, wall_cm: float | None = None) -> Rules | RulesChooser:
    """The rules of an exercise, or for `AUTO` what chooses them.

    `wall_cm` is how far the wall of a wall tap stands from the heels. Raises `ArgumentError` for a
    name that is not known, and for a wall beyond `WALL_CM` or of another exercise.
    """
    known = isinstance(wall_cm, Real) and WALL_CM[0] <= wall_cm <= WALL_CM[1]
    if wall_cm is not None and not known:
        raise ArgumentError(
            f"The wall's distance must be from {WALL_CM[0]:g} to {WALL_CM[1]:g} centimetres, not "
            f"{wall_cm!r}."
        )
    if wall_cm is not None and name != "wall_tap":
        raise ArgumentError("Only a wall tap has a wall: name that exercise, wall_tap, as well.")
    if name == AUTO:
        from hinge_dowel.exercises.recognition import recognise

        return recognise
    return replace(exercise(name).rules, wall_cm=wall_cm)
