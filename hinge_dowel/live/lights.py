"""The lights of one moment: which places touch the dowel, and how near each is to leaving it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hinge_dowel.exercises.cues import CONTACTS
from hinge_dowel.live.frames import LiveFrame
from hinge_dowel.live.rep_contacts import knees_contact, place_contact
from hinge_dowel.live.snapshot import Contact, Used
from hinge_dowel.tolerances import Tolerances
from hinge_dowel.verdict import Rep

HOLD_S = 0.2
"""A place is shown as "left" for this long after it has come back, so that lights do not flicker. A
choice: three pictures."""


class Lights:
    """Makes the lights from moment to moment; "left" is held for `HOLD_S`."""

    def __init__(self, tolerances: Tolerances) -> None:
        self._tolerances = tolerances
        self._left_s: dict[str, float] = {}

    def lit(self, moment: LiveFrame, now: Rep, limits: Mapping[str, float]) -> LiveFrame:
        """Return the moment with its lights, from `now`, the moment judged like a repetition.

        `limits` are those of `limits.applied_limits`, in degrees by angle.
        """
        found = {place: place_contact(now, place, self._tolerances) for place in CONTACTS}
        found["knees"] = knees_contact(now)
        held: dict[str, Any] = {
            place: self._held(place, state, moment.time_s) for place, state in found.items()
        }
        return replace(
            moment,
            **held,
            used=used(now, limits),
            fault=next(iter(now.faults), None),
        )

    def _held(self, place: str, state: Contact, time_s: float) -> Contact:
        if state == "left":
            self._left_s[place] = time_s
        recent = time_s - self._left_s.get(place, float("-inf")) < HOLD_S
        return "left" if recent else state


def used(now: Rep, limits: Mapping[str, float]) -> Used:
    """Return the share of its limit that each place has used up in `now`; None where unknown.

    `limits` are those of `limits.applied_limits`, in degrees by angle. The entry "upper_back" is
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
