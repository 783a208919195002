"""The state of each place on the dowel and of the knees in a repetition, as in `report`."""

from __future__ import annotations

from hinge_dowel.live.snapshot import Contact
from hinge_dowel.report import contacts
from hinge_dowel.report.contacts import Light
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Rep


def place_contact(rep: Rep, place: str, tolerances: Tolerances = DEFAULT) -> Contact:
    """Return the state of one place (a field of `verdict.Strays`) over a whole rep."""
    light = contacts.of_rep(rep, place, tolerances)
    return _state(light, contacts.FAULT_OF[place] in rep.maybe_faults)


def knees_contact(rep: Rep) -> Contact:
    """Return the state of the knees over a whole rep: "left" where they bent too much."""
    light = contacts.of_knees(rep)
    return "unseen" if light is None else _state(light, "squatting" in rep.maybe_faults)


def _state(light: Light, maybe: bool) -> Contact:
    """Return the state for a light: "close" is "touching", or "maybe" if its fault is a maybe."""
    if light == "off":
        return "left"
    if light == "close":
        return "maybe" if maybe else "touching"
    return "touching" if light == "on" else "unseen"


def whole_contact(rep: Rep) -> Contact:
    """Return one state for all of a rep: clean, maybe faulty, faulty, or not judged."""
    return _state(contacts.of_whole(rep), bool(rep.faults))
