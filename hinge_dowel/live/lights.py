"""The lights of a session: which places touch the dowel, and how near each is to leaving it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hinge_dowel.exercises.cues import CONTACTS
from hinge_dowel.live.snapshot import LiveFrame, Used
from hinge_dowel.report import contacts
from hinge_dowel.report.contacts import KNEES_LIGHT, Light
from hinge_dowel.report.highlights import share_of_limit
from hinge_dowel.verdict import Rep

HOLD_S = 0.2
"""A place is shown as off for this long after it has come back, so that lights do not flicker. A
choice: three pictures."""


def place_light(rep: Rep, place: str) -> Light:
    """Return the light of a place, or the knees, but close only for a maybe: others touch."""
    knees = place == KNEES_LIGHT
    light = contacts.of_knees(rep) if knees else contacts.of_rep(rep, place)
    if light == "close" and contacts.FAULT_OF[place] not in rep.maybe_faults:
        return "on"
    return light or "unseen"


class Lights:
    """Makes the lights from moment to moment; off is held for `HOLD_S`."""

    def __init__(self) -> None:
        self._left_s: dict[str, float] = {}

    def lit(self, moment: LiveFrame, now: Rep, limits: Mapping[str, float]) -> LiveFrame:
        """Return the moment with its lights, from `now`, the moment judged like a repetition.

        `limits` are those of `technique.applied_limits`, in degrees by angle. While the person
        stands, every place that is seen is idle, and there is neither a share nor a fault: only the
        hinge is judged.
        """
        lights = {place: place_light(now, place) for place in (*CONTACTS, KNEES_LIGHT)}
        standing = moment.phase == "standing"
        shown: dict[str, Any] = {
            place: _at_rest(light) if standing else self._held(place, light, moment.time_s)
            for place, light in lights.items()
        }
        if not standing:
            shown |= {"used": used(now, limits), "fault": next(iter(now.faults), None)}
        return replace(moment, **shown)

    def _held(self, place: str, light: Light, time_s: float) -> Light:
        if light == "off":
            self._left_s[place] = time_s
        recent = time_s - self._left_s.get(place, float("-inf")) < HOLD_S
        return "off" if recent else light


def _at_rest(light: Light) -> Light:
    return "unseen" if light == "unseen" else "idle"


def used(now: Rep, limits: Mapping[str, float]) -> Used:
    """Return the share of its limit that each place has used up in `now`; None where unknown.

    `limits` are those of `technique.applied_limits`. The entry "upper_back" is squatting.
    """
    fault_of = contacts.FAULT_OF
    return {place: share_of_limit(now, fault_of[place], limits) for place in CONTACTS}
