"""All words for faults and notes.

Results carry short keys (`squatting`, `shins_forward`); every view turns them into words here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """The words for one fault."""

    name: str
    """Its name on screen."""
    sign: str
    """What is seen to go wrong, as a clause."""
    joint: str
    """The joint whose angle shows it (`verdict.ANGLE_OF`): one short word."""
    hint: str
    """The cue in a few words, for a table's cell."""
    cue: str
    """The cue in full sentences: what to do on the next rep."""
    shout: str
    """The cue in two words: to be read from three metres, or heard."""


@dataclass(frozen=True, slots=True)
class Note:
    """The words for one note: a few for a table's cell, then the whole sentence."""

    label: str
    sentence: str
    shout: str = ""
    """What to do in two words, for a live session; "" where nothing can be done at once."""


FAULTS: Mapping[str, Fault] = {
    "spinal_flexion": Fault(
        name="rounded back",
        sign="the sacrum leaves the dowel",
        joint="spine",
        hint="brace, chest long",
        cue="Brace your belly, keep the chest long and push the hips back. "
        "Stop where you feel the hamstrings stretch.",
        shout="chest long",
    ),
    "squatting": Fault(
        name="squatting",
        sign="the knees bend too much",
        joint="knee",
        hint="hips back, not down",
        cue="Knees soft, shins upright. Send the hips back, not down, "
        "as if shutting a car door behind you.",
        shout="hips back",
    ),
    "cervical_flexion": Fault(
        name="chin to chest",
        sign="the head leaves the dowel",
        joint="neck",
        hint="chin back, neck long",
        cue="Slide the chin back until the back of the head is on the dowel again. "
        "Let the eyes follow the floor as you go down.",
        shout="chin back",
    ),
}
"""Worst first, as in `verdict.FAULTS`."""
HIPS_SINK = "the hips sink as low as the knees"
"""The sign of squatting in exercises where the hips tell it, not the knees (`Rules.squat`)."""

CONTACTS: Mapping[str, str] = {"head": "head", "upper_back": "upper back", "sacrum": "sacrum"}
"""The three places on the dowel, top to bottom: field of `verdict.Strays` -> its words."""

NOTES: Mapping[str, Note] = {
    "partial": Note(
        "half a rep seen", "Only the way down or the way up is in the clip; judged on what is seen."
    ),
    "held": Note("held", "The hinge is held and not repeated; it counts as one rep."),
    "shallow": Note(
        "too shallow", "Push the hips further back, until the hamstrings stretch.", "go deeper"
    ),
    "too_deep": Note(
        "too deep", "Come up again a little higher, before a place leaves the dowel.", "less deep"
    ),
    "shins_forward": Note(
        "shins forward",
        "The knees drift over the toes; keep the shins upright and the hips back.",
        "shins back",
    ),
    "locked_knees": Note(
        "knees locked", "Unlock the knees and keep them softly bent throughout.", "soft knees"
    ),
    "over_arching": Note(
        "over-arched",
        "The back arches past straight; keep the ribs down and do not lean back.",
        "ribs down",
    ),
    "too_fast": Note("too fast", "Slow down: about four seconds for each rep.", "slower"),
    "lowered_fast": Note(
        "down too fast", "Take two to three seconds for the way down.", "down slow"
    ),
    "hips_not_back": Note(
        "hips stay",
        "The trunk bends and the hips stay: push them back, as if shutting a car door.",
        "hips back",
    ),
    "short_of_the_wall": Note(
        "wall not reached",
        "The hips have not reached the wall: push them further back, or step nearer.",
        "to wall",
    ),
    "on_the_toes": Note(
        "on the toes",
        "Your heels leave the floor: keep the weight over the middle of the foot, heels heavy.",
        "on heels",
    ),
    "knees_first": Note(
        "knees first",
        "The knees bend before the hips: start by pushing the hips back.",
        "hips first",
    ),
    "hips_first": Note(
        "hips rise first",
        "The hips rise before the chest: push the floor away and let both rise together.",
        "chest up",
    ),
    "looking_up": Note(
        "looking up",
        "The head is tipped back: let the eyes follow the floor as you go down.",
        "eyes down",
    ),
    "oblique_view": Note(
        "camera not side-on",
        "The camera is not square to your side, so angles are less exact: film from the side.",
    ),
    "unsure_spine": Note(
        "spine uncertain",
        "The back may be straight or rounded here: film square from the side, in snug clothes, "
        "with the arms in front.",
    ),
    "unsure_head": Note(
        "head uncertain",
        "The neck may be straight or bent here: film square from the side, with the whole head in "
        "the picture and the hair tied up.",
    ),
    "unsure_knee": Note(
        "knee uncertain",
        "The knees may bend well or too much here: film square from the side, the knee free of "
        "plates and hands.",
    ),
    "unsure_shape": Note(
        "picture squeezed",
        "The film is squeezed or stretched sideways, so that no angle is right: give it as it was "
        "filmed.",
    ),
    "unsure_pictures": Note(
        "too few pictures",
        "Too few pictures show this rep, so it is not judged. Live: close other programs, put on "
        "more light, then do it again. Film: 15 pictures a second or more, nothing in the way.",
        "once more",
    ),
    "ambiguous": Note(
        "head or sacrum", "Three points show that the head or the sacrum strays, but not which."
    ),
}


def note(key: str) -> Note:
    """Return the words for a note; an unknown key is its own label."""
    return NOTES.get(key) or Note(key.replace("_", " "), "")


NEXT_TIME: Mapping[str, str] = {
    "none": "No rep was counted. Stand side on with the whole body in the picture, two seconds "
    "still, then hinge until the hamstrings stretch.",
    "on": "Three clean sessions in a row: go on to the next exercise, as the plan says.",
    "again": "Same again. {left} more clean in a row, then the next exercise.",
    "longer": "All clean, but short: do a whole set of {reps} before you go on.",
    "film": "All clean, but short: film {reps} reps or more before you go on.",
    "same": "All clean: the same again.",
    "fewer": "Fewer reps: {reps} a set. So many stayed clean before the first fault.",
    "few": "Fewer reps: {reps} a set, each with a pause on top, only as many as stay clean.",
    "pause": "The same reps, each with a pause on top, only as many as stay clean.",
    "shallower": "Shallower: come up again at about {clean} degrees of hip bend. Clean reps "
    "reached that, faulty ones {faulty}.",
    "half": "Shallower: go half as deep, and only deeper while the back stays long.",
    "cue": "The same reps with this one cue in mind.",
    "pictures": "Too few pictures a second were looked at to judge every rep (not judged: {count} "
    "of {reps}): close other programs, put on more light.",
    "pictures_film": "Too few pictures a second were looked at to judge every rep (not judged: "
    "{count} of {reps}): check takes its time over a film.",
    "slower": "Slower: two seconds down, two seconds up.",
    "deeper": "Deeper: push the hips back until the hamstrings stretch.",
}
"""What to do in the next session; `live.advice` chooses the key."""
