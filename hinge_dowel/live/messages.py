"""What a session shows in words: what has just happened, what is wrong, what is to be done now."""

from __future__ import annotations

import math

from hinge_dowel.live.estimator import NEUTRAL_S
from hinge_dowel.live.framing import Problem
from hinge_dowel.live.snapshot import LiveFrame, Stage

NOTICE_S = 4.0
"""How long a message on an event stays on the screen: the time to read it. A choice."""
STAND = "Stand tall and still"
KNEEL_STILL = "Kneel tall and still"
NOT_STOOD = "No standing seen yet"
LOST_REP = "Lost you: that rep again"
OTHER_PERSON = "Somebody else? One at a time"


class Messages:
    """The line of words on the screen of a session: before a camera (`live`) or with a film.

    `still` asks for the posture that is measured. `trouble` is what is wrong with the camera, which
    comes before all else.
    """

    def __init__(self, *, live: bool, kneels: bool, begun_s: float) -> None:
        self.trouble = ""
        self.still = (KNEEL_STILL if kneels else STAND) if live else NOT_STOOD
        self._live = live
        self._begun_s = begun_s
        self._notice = ""
        self._notice_s = -math.inf
        self._of_no_rep = False

    def notice(self, words: str, now_s: float, *, of_no_rep: bool) -> None:
        """Show words on an event for `NOTICE_S`; `of_no_rep`: that a movement does not count."""
        self._notice, self._notice_s, self._of_no_rep = words, now_s, of_no_rep

    def of(self, wrong: Problem | None) -> str:
        """Return the words for what is wrong with the picture, "" for nothing."""
        return "" if wrong is None else wrong.words(live=self._live)

    def shown(
        self, stage: Stage, moment: LiveFrame, lasting: Problem | None, now_s: float
    ) -> tuple[str, bool]:
        """Return what is shown now, and whether that is that a movement is no repetition.

        `lasting` is what has been wrong with the picture for a while.
        """
        if self.trouble:
            return self.trouble, False
        if now_s - self._notice_s < NOTICE_S and stage in ("setup", "countdown", "moving"):
            return self._notice, self._of_no_rep
        if stage in ("paused", "rest", "done"):
            return stage.capitalize(), False
        early = not self._live and now_s - self._begun_s < NEUTRAL_S
        still = "" if early else self.still
        stands = moment.neutral or not moment.seen
        usual = {
            "setup": "Hold it there" if self._live else still,
            "countdown": "Get ready",
            "neutral": still,
            "moving": "" if stands else still,
            "lost": self.of(Problem.AWAY),
        }
        return self.of(lasting) or usual[stage], False
