"""The lights of a session: which places touch the dowel, and how near each is to leaving it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hinge_dowel.exercises.cues import CONTACTS
from hinge_dowel.live.snapshot import LiveFrame, Used
from hinge_dowel.report import contacts
from hinge_dowel.report.contacts import KNEES_LIGHT, Light
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Rep

HOLD_S = 0.2
"""A place is shown as off for this long after it has come back, so that lights do not flicker. A
choice: three pictures."""


def place_light(rep: Rep, place: str, tolerances: Tolerances = DEFAULT) -> Light:
    """Return the light of a place, or the knees, but close only for a maybe: others touch."""
    knees = place == KNEES_LIGHT
    light = contacts.of_knees(rep) if knees else contacts.of_rep(rep, place, tolerances)
    if light == "close" and contacts.FAULT_OF[place] not in rep.maybe_faults:
        return "on"
    return light or "unseen"


class Lights:
    """Makes the lights from moment to moment; off is held for `HOLD_S`."""

    def __init__(self, tolerances: Tolerances) -> None:
        self._tolerances = tolerances
        self._left_s: dict[str, float] = {}

    def lit(self, moment: LiveFrame, now: Rep, limits: Mapping[str, float]) -> LiveFrame:
        """Return the moment with its lights, from `now`, the moment judged like a repetition.

        `limits` are those of `technique.applied_limits`, in degrees by angle.
        """
        held: dict[str, Any] = {
            place: self._held(place, place_light(now, place, self._tolerances), moment.time_s)
            for place in (*CONTACTS, KNEES_LIGHT)
        }
        return replace(moment, **held, used=used(now, limits), fault=next(iter(now.faults), None))

    def _held(self, place: str, light: Light, time_s: float) -> Light:
        if light == "off":
            self._left_s[place] = time_s
        recent = time_s - self._left_s.get(place, float("-inf")) < HOLD_S
        return "off" if recent else light


def used(now: Rep, limits: Mapping[str, float]) -> Used:
    """Return the share of its limit that each place has used up in `now`; None where unknown.

    `limits` are those of `technique.applied_limits`, in degrees by angle. The entry "upper_back" is
    squatting, a fault where knee and shin are both past their limits or the knee alone far past.
    """
    knee = _share(now.knee_flexion_deg, limits.get("knee_flexion_deg"))
    shin = _share(now.shin_angle_deg, limits.get("shin_angle_deg"))
    deep = _share(now.knee_flexion_deg, limits.get("deep_knee_deg"))
    both = None if knee is None or shin is None else min(knee, shin)
    known = [share for share in (both, deep) if share is not None]
    return {
        "head": _share(now.cervical_flexion_deg, limits.get("cervical_flexion_deg")),
        "upper_back": max(known, default=None),
        "sacrum": _share(now.spinal_flexion_deg, limits.get("spinal_flexion_deg")),
    }


def _share(angle_deg: float | None, limit_deg: float | None) -> float | None:
    if angle_deg is None or limit_deg is None:
        return None
    return max(angle_deg, 0.0) / limit_deg
