"""The lights of one moment: which place is on the dowel, and how far from leaving it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hinge_dowel.live.frames import LiveFrame
from hinge_dowel.live.margins import used
from hinge_dowel.live.rep_contacts import knees_contact, place_contact
from hinge_dowel.live.snapshot import Contact
from hinge_dowel.tolerances import Tolerances
from hinge_dowel.verdict import Rep

HOLD_S = 0.2
"""A contact that came back for less than this is still shown as left: lights do not flicker. A
choice: three pictures."""


class Lights:
    """The lights from moment to moment; one that has left goes out late."""

    def __init__(self, tolerances: Tolerances) -> None:
        self._tolerances = tolerances
        self._left_s: dict[str, float] = {}

    def lit(self, moment: LiveFrame, now: Rep, limits: Mapping[str, float]) -> LiveFrame:
        """The moment with its lights, judged as a repetition of its own.

        `limits` as of `judging.applied_limits`.
        """
        return replace(
            moment,
            head=self._held("head", self._place(now, "head"), moment.time_s),
            upper_back=self._held("upper_back", self._place(now, "upper_back"), moment.time_s),
            sacrum=self._held("sacrum", self._place(now, "sacrum"), moment.time_s),
            knees=self._held("knees", knees_contact(now), moment.time_s),
            used=used(now, limits),
            fault=next(iter(now.faults), None),
        )

    def _place(self, now: Rep, place: str) -> Contact:
        return place_contact(now, place, self._tolerances)

    def _held(self, place: str, state: Contact, time_s: float) -> Contact:
        if state == "left":
            self._left_s[place] = time_s
        recent = time_s - self._left_s.get(place, float("-inf")) < HOLD_S
        return "left" if recent else state
