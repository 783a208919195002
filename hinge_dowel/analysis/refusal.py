"""Refuses clips that cannot be judged, with a reason that a person can act on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from hinge_dowel.analysis import framing
from hinge_dowel.analysis.back_points import Spine
from hinge_dowel.analysis.frame_rate import rate_hz
from hinge_dowel.analysis.repetitions import LONGEST_GAP_S, RepSpan
from hinge_dowel.analysis.segments import LEAST_S
from hinge_dowel.analysis.time_series import runs
from hinge_dowel.body.array_types import Mask
from hinge_dowel.pose.extraction import Record
from hinge_dowel.tolerances import Tolerances
from hinge_dowel.verdict import Facing, Refusal, Verdict

TOO_DARK = (
    "It is too dark to see a person in most of this clip: put on more light, best from where the "
    "camera stands, and film again."
)
HIDDEN = (
    "Something that never moves hides hips or thighs, such as a caption or a rail: give the film "
    "without it, or film again with nothing between camera and person."
)
DARK_THERE = "It is too dark there to see anybody: film again with more light."
SHORT = "The piece is too short to hold a repetition: give a film of the whole set, uncut."
LEAST_FRAMES = 5
"""Fewest frames with a person in which a movement is looked for. A choice: steady at 2 and 6."""
LEAST_CUTS, LONGEST_SHOWN_S = 3, 0.6
"""At least this many cuts, no further apart than this in the median, are not cuts: the film shows
very few pictures, each unlike the last. Choices: steady at 2 and 4 cuts, and at 0.3 and 1.2 s."""
CUT_OFF_SHARE = 0.5
"""A clip is refused where head or feet are cut off in at least this share of the frames of its
repetitions. A choice: steady at 0.625; 0.4 and 1 each change a clip."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of reasons, which differ between clips and keypoints from other programs.

    But for `breaks`, a warning, they go by the names of `verdict.Refusal`.
    """

    no_person: str
    facing: str
    view: str
    nothing: str
    few: str
    slow: str
    pieces: str
    breaks: str
    cut: str


FILMED = Wording(
    no_person="No person is seen in most of this clip: film the whole body from the side, in good "
    "light, with nothing between camera and person.",
    facing="It is not clear which way the person faces: film from the side.",
    view="The camera stands about {view_deg:.0f} degrees from side-on: film square from the side, "
    "at hip height.",
    nothing="No hip hinge is seen: begin standing, push the hips back and come up again while the "
    "camera runs.",
    few="Too few pictures show the repetitions: film with 15 a second or more, in one take, with "
    "nothing between camera and person.",
    slow="The frame rate of this film is only about {rate:.2g} a second, and below {least:.2g} a "
    "repetition cannot be followed: film with 15 or more, and give the film itself.",
    pieces="This clip is cut into pieces too short to judge: film one set in one take, at its "
    "own speed, with nobody else in the picture.",
    breaks="The film is cut, the picture jumps or the person turns round at {breaks} s: each part "
    "is judged by itself, and a rep that this divides counts only as far as it is shown, or not at "
    "all.",
    cut="The {part} out of the picture: step back until the whole body fits, also when bent.",
)
KEYPOINTS = Wording(
    no_person="Shoulders and hips are missing in most frames: a body needs both of them.",
    facing="It is not clear which way the person faces: the keypoints have neither face nor feet, "
    "and no knees that bend.",
    view="The body is seen about {view_deg:.0f} degrees from side-on: keypoints of a side view are "
    "needed.",
    nothing="No hip hinge is seen: nobody bends at the hips from standing and comes up again.",
    few="Too few frames show the repetitions: 15 a second or more are needed.",
    slow="The frame rate is only about {rate:.2g} a second, and below {least:.2g} a repetition "
    "cannot be followed: 15 or more are needed.",
    pieces="The keypoints leap from place to place, so that no part is long enough to judge: check "
    "that they follow one and the same person.",
    breaks="The keypoints leap or the person turns round at {breaks} s: each part is judged by "
    "itself, and a rep that this divides counts only as far as it is shown, or not at all.",
    cut="The {part} out of the picture in most of the repetitions.",
)


def wording_of(record: Record) -> Wording:
    """Return the sentences for a record: clips have outlines, keypoints have none."""
    return FILMED if record.outlines is not None else KEYPOINTS


def for_want_of_pictures(
    record: Record,
    tolerances: Tolerances,
    otherwise: Refusal,
    facing: Facing | None = None,
    view_deg: float | None = None,
) -> UnusableError:
    """Return the refusal of a clip whose pictures do not show its repetitions.

    It is for the rate if that is below `Tolerances.least_rate_hz`, else for `otherwise`.
    """
    rate, least, words = shown_hz(record), tolerances.least_rate_hz, wording_of(record)
    if rate < least:
        return UnusableError(words.slow.format(rate=rate, least=least), facing, view_deg, "slow")
    return UnusableError(getattr(words, otherwise), facing, view_deg, otherwise)


def shown_hz(record: Record) -> float:
    """Return the number of different pictures a second: some films repeat each picture, and change
    as at a cut when the next one comes.
    """
    if len(record.time_s) < 2:
        return 0.0
    known_hz = rate_hz(record.time_s)
    cuts_s = np.array([]) if record.cuts_s is None else record.cuts_s
    if len(cuts_s) < LEAST_CUTS or np.median(np.diff(cuts_s)) > LONGEST_SHOWN_S:
        return known_hz
    return min(known_hz, 1 / float(np.median(np.diff(cuts_s))))


class UnusableError(Exception):
    """A clip or stretch cannot be judged; the text is the reason, in a sentence.

    `refusal` is its kind; `facing` and `view_angle_deg` are what is known nonetheless.
    `nothing_there`: it has no movement, so one such stretch among others needs no warning.
    """

    def __init__(
        self,
        reason: str,
        facing: Facing | None = None,
        view_angle_deg: float | None = None,
        refusal: Refusal | None = None,
        *,
        nothing_there: bool = False,
    ) -> None:
        super().__init__(reason)
        self.refusal = refusal
        self.nothing_there = nothing_there
        self.facing: Facing | None = facing
        self.view_angle_deg = view_angle_deg

    def verdict(self, clip: str, warnings: Iterable[str] = ()) -> Verdict:
        """Return the verdict on a clip that is refused."""
        return Verdict(
            clip,
            "unusable",
            reason=str(self),
            facing=self.facing,
            view_angle_deg=self.view_angle_deg,
            warnings=tuple(warnings),
            refusal=self.refusal,
        )


def too_dark(record: Record, seen: Mask, tolerances: Tolerances) -> bool:
    """Return whether nobody is seen in most frames, mostly for lack of light."""
    dark = _unlit(record, seen, tolerances)
    return framing.too_dark(len(seen), int((~seen).sum()), int(dark.sum()), tolerances)


def in_the_dark(record: Record, seen: Mask, tolerances: Tolerances) -> list[slice]:
    """Return the stretches, of `LEAST_S` or more, in which nobody is seen for lack of light."""
    dark = runs(_unlit(record, seen, tolerances))
    return [span for span in dark if np.ptp(record.time_s[span]) >= LEAST_S]


def _unlit(record: Record, seen: Mask, tolerances: Tolerances) -> Mask:
    """Return a mask (T,) of dark frames without the person; none where light is not known."""
    light = np.inf if record.light is None else record.light
    return np.asarray(~seen & (light < tolerances.dark_level))


def require_person(record: Record, seen: Mask, tolerances: Tolerances) -> None:
    """Raise `UnusableError` for a stretch in which a person is hardly ever seen."""
    usual = len(seen) > 0 and seen.mean() >= tolerances.seen_share
    if usual and seen.sum() >= LEAST_FRAMES:
        return
    if too_dark(record, seen, tolerances):
        raise UnusableError(TOO_DARK, refusal="dark")
    words = wording_of(record)
    if usual or len(seen) < LEAST_FRAMES:
        raise UnusableError(words.few, refusal="few")
    raise UnusableError(words.no_person, refusal="no_person")


def require_judgeable(
    record: Record,
    found: Spine,
    seen: Mask,
    spans: Sequence[RepSpan],
    facing: Facing,
    view_deg: float,
    tolerances: Tolerances,
) -> None:
    """Raise `UnusableError` without repetitions or legs, or too far from side-on."""
    words, outlined = wording_of(record), record.outlines is not None
    if view_deg > (tolerances.view_refuse_deg if outlined else tolerances.view_far_deg):
        raise UnusableError(
            words.view.format(view_deg=view_deg), facing, view_deg, "view", nothing_there=not spans
        )
    if not np.isfinite(found.knee_deg[seen]).any():
        raise UnusableError(
            "The legs are never seen: hips, knees and ankles are needed.", facing, view_deg
        )
    if not spans and np.median(np.diff(record.time_s)) > LONGEST_GAP_S:
        # Nobody can be followed over such gaps: what is done between them is not known.
        raise for_want_of_pictures(record, tolerances, "few", facing, view_deg)
    if not spans:
        raise UnusableError(words.nothing, facing, view_deg, "nothing", nothing_there=True)


def require_uncut(
    head_cut: Mask, feet_cut: Mask, inside: Mask, facing: Facing, view_deg: float, words: Wording
) -> None:
    """Raise `UnusableError` if head or feet are cut off in most of the frames `inside` (T,)."""
    for lost, part in ((head_cut, "head is"), (feet_cut, "feet are")):
        if lost[inside].mean() >= CUT_OFF_SHARE:
            raise UnusableError(words.cut.format(part=part), facing, view_deg, "cut")
