"""The verdict: what every way in returns and every view shows. Plain types but for `series`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal

from hinge_dowel.tolerances import (
    DEFAULT,
    HELD_WELL_DEG,
    HELD_WELL_HIP_KNEE_RATIO,
    HELD_WELL_THIGH_DEG,
    UPRIGHT_SHIN_DEG,
)

if TYPE_CHECKING:
    # The command line needs words of the verdict alone, before numpy is loaded.
    import numpy as np
    from numpy.typing import NDArray

SCHEMA = 1
"""The version of the JSON contract: it goes up only when a key must be renamed or dropped."""

Status = Literal["clean", "faulty", "unusable"]
Facing = Literal["left", "right"]
Neutral = Literal["measured", "assumed"]
Refusal = Literal[
    "dark", "hidden", "no_person", "facing", "view", "nothing", "few", "slow", "pieces", "cut"
]
"""Why what could be read is not judged; `analysis.refusal` has the sentences."""

FAULTS = ("spinal_flexion", "squatting", "cervical_flexion")
"""Worst first: the order in which faults are listed and cues are given."""

ANGLE_OF: Mapping[str, str] = {
    "spinal_flexion": "spinal_flexion_deg",
    "squatting": "knee_flexion_deg",
    "cervical_flexion": "cervical_flexion_deg",
}
"""By fault, the field of `Rep` that shows it."""

JOINTS: Mapping[str, str] = {
    "hip": "hip_flexion_deg",
    "knee": "knee_flexion_deg",
    "spine": "spinal_flexion_deg",
    "neck": "cervical_flexion_deg",
}
"""By joint, the field of `Rep` that a line of plain text shows."""

UNSURE = "unsure_"
"""How the notes begin that say that a fault may be there unseen."""
NOT_JUDGED = UNSURE + "pictures"
"""The note of a repetition that too few pictures show: counted, but neither clean nor faulty."""
UNSURE_SHAPE = UNSURE + "shape"
"""The note of a repetition in a picture of the wrong shape: none of its faults is past doubt."""

PARTIAL = "partial"
"""The note of a repetition of which only the way down or up is seen: never counted in a share."""


@dataclass(frozen=True, slots=True)
class Strays:
    """How far each place is from the dowel, in cm of change from the standing neutral.

    Positive when the place has left it, None where it could not be seen. At the bottom of the rep;
    of `check_points`, where strays decide the faults, at the furthest in the rep.
    """

    head: float | None = None
    upper_back: float | None = None
    sacrum: float | None = None

    def to_dict(self) -> dict[str, float | None]:
        """The entry `stray_cm` of a rep."""
        return {place.name: _rounded(getattr(self, place.name), 1) for place in fields(self)}


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition. Angles are sagittal, in degrees of change from standing neutral.

    Flexion is positive; each is the extreme of the rep (median over 0.3 s), None where it could
    not be seen. Times are seconds from the start of the clip, None where the clip does not show
    them. `intervals_deg` gives for each angle, by its name here, a lower and an upper end between
    which the truth lies nine times in ten; angles for which that is not known are left out.

    The measures of how the hinge is done, each None where it could not be seen: `hip_travel_cm` how
    far the hip joints have gone back against the ankles from standing to the bottom, back
    positive, and `hip_travel_cm_per_10_deg` the same for each 10 degrees of trunk pitch;
    `weight_share` where along the foot the body's centre of mass stands at the bottom, 0 above
    the heel and 1 above the tip of the toes; `knee_lead_s` how much earlier the knees start to bend
    than the hips, seconds, negative when the hips lead; `hip_knee_ratio` hip over knee flexion.

    `deep_knee_deg` is the limit from which bent knees were taken for a squat's whatever the shins.
    `thigh_above_level_deg` is how far the thigh slopes up to the hip where that tells squatting.
    `borderline_cm` is how far off the dowel a place is shown as borderline, its angle being fine.
    """

    number: int
    start_s: float | None = None
    bottom_s: float | None = None
    end_s: float | None = None
    hip_flexion_deg: float | None = None
    knee_flexion_deg: float | None = None
    shin_angle_deg: float | None = None
    spinal_flexion_deg: float | None = None
    cervical_flexion_deg: float | None = None
    stray_cm: Strays = Strays()
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    intervals_deg: Mapping[str, tuple[float, float]] = field(default_factory=dict, hash=False)
    hip_travel_cm: float | None = None
    hip_travel_cm_per_10_deg: float | None = None
    weight_share: float | None = None
    knee_lead_s: float | None = None
    hip_knee_ratio: float | None = None
    deep_knee_deg: float = DEFAULT.deep_knee_deg
    thigh_above_level_deg: float | None = None
    borderline_cm: float = DEFAULT.upper_back_stray_cm

    @property
    def duration_s(self) -> float | None:
        """How long it took in seconds, None where its start or end was not seen."""
        return None if self.start_s is None or self.end_s is None else self.end_s - self.start_s

    @property
    def judged(self) -> bool:
        """Whether enough was seen to say anything of faults."""
        return NOT_JUDGED not in self.notes

    @property
    def clean(self) -> bool:
        """Whether it was judged and no fault was found."""
        return self.judged and not self.faults

    @property
    def partial(self) -> bool:
        """Whether only the way down or the way up was seen."""
        return PARTIAL in self.notes

    @property
    def counted(self) -> bool:
        """Whether it stands in headlines and shares: a whole repetition that was judged."""
        return self.judged and not self.partial

    @property
    def maybe_faults(self) -> tuple[str, ...]:
        """The faults in doubt: those whose interval reaches into "held well"."""
        return tuple(fault for fault in self.faults if self._reaches_held_well(fault))

    @property
    def sure_faults(self) -> tuple[str, ...]:
        """The faults that are past doubt, those without an interval among them."""
        return tuple(fault for fault in self.faults if not self._reaches_held_well(fault))

    @property
    def sure(self) -> bool:
        """Whether a fault is past doubt or, without any fault, no note says `unsure_...`."""
        if self.faults:
            return bool(self.sure_faults)
        return not any(note.startswith(UNSURE) for note in self.notes)

    def _reaches_held_well(self, fault: str) -> bool:
        if UNSURE_SHAPE in self.notes:
            return True
        if (ends := self.intervals_deg.get(ANGLE_OF[fault])) is None:
            return False
        if fault == "squatting" and self.thigh_above_level_deg is not None:
            names = ("thigh_above_level_deg", "hip_flexion_deg")
            thigh, hip = (self.intervals_deg.get(name, (0.0, math.inf))[1] for name in names)
            return thigh >= HELD_WELL_THIGH_DEG and hip >= HELD_WELL_HIP_KNEE_RATIO * ends[0]
        shin_deg = self.intervals_deg.get("shin_angle_deg", ends)[0]
        upright = ends[0] < self.deep_knee_deg and shin_deg < UPRIGHT_SHIN_DEG
        return (fault == "squatting" and upright) or ends[0] < HELD_WELL_DEG[fault]

    def to_dict(self) -> dict[str, Any]:
        """The entry of `reps` in the JSON contract."""
        return {
            "number": self.number,
            **self._figures(2, "start_s", "bottom_s", "end_s"),
            **self._figures(1, "hip_flexion_deg", "knee_flexion_deg", "shin_angle_deg"),
            **self._figures(1, "spinal_flexion_deg", "cervical_flexion_deg"),
            "stray_cm": self.stray_cm.to_dict(),
            "faults": list(self.faults),
            "notes": list(self.notes),
            "intervals_deg": {
                name: [_rounded(low, 1), _rounded(high, 1)]
                for name, (low, high) in self.intervals_deg.items()
            },
            "sure": self.sure,
            "maybe_faults": list(self.maybe_faults),
            **self._figures(1, "borderline_cm", "hip_travel_cm", "hip_travel_cm_per_10_deg"),
            **self._figures(2, "weight_share", "knee_lead_s"),
            **self._figures(1, "hip_knee_ratio", "deep_knee_deg", "thigh_above_level_deg"),
        }

    def _figures(self, digits: int, *names: str) -> dict[str, float | None]:
        return {name: _rounded(getattr(self, name), digits) for name in names}

    def __str__(self) -> str:
        angles = (f"{joint} {_whole(getattr(self, name))}" for joint, name in JOINTS.items())
        parts = [
            f"rep {self.number}" + ("" if self.bottom_s is None else f" at {self.bottom_s:.2f} s"),
            _listed(self.faults) or ("clean" if self.judged else "not judged"),
            ", ".join(angles) + " deg",
        ]
        notes = f" ({_listed(self.notes)})" if self.notes else ""
        return ": ".join(parts) + notes


class RepPhase(IntEnum):
    """The values of `Series.phase`."""

    BETWEEN = 0
    """Outside any repetition."""
    STANDING = 1
    """Standing as the person's neutral."""
    LOWERING = 2
    LIFTING = 3


BETWEEN, STANDING, LOWERING, LIFTING = RepPhase
PHASES = tuple(phase.name.lower() for phase in RepPhase)
"""Phases in words, by value."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One row a frame, T frames in all; read-only arrays, NaN where something was not seen.

    Angles are degrees of change from standing neutral, flexion positive; strays centimetres off
    the dowel against standing, positive when the place has left it.

    Places in the picture are pixels of the analysed picture (`size_px`), y down, as the camera
    saw them; for arrays they have the arrays' own unit and axes. `landmarks_px` (T, 33, 2) in
    MediaPipe's order, (T, 0, 2) for points along the back, single precision where they come from a
    clip. `back_px` (T, K, 2) points on the back from occiput to sacrum. `dowel_px` (T, 2, 2) the
    dowel's upper and lower end. `cm_per_px` turns such a unit into centimetres.

    `phase` (T,) holds the numbers of `RepPhase`, `phase_name` the same in words.
    """

    time_s: NDArray[np.float64]
    hip_flexion_deg: NDArray[np.float64]
    knee_flexion_deg: NDArray[np.float64]
    shin_angle_deg: NDArray[np.float64]
    spinal_flexion_deg: NDArray[np.float64]
    cervical_flexion_deg: NDArray[np.float64]
    head_cm: NDArray[np.float64]
    upper_back_cm: NDArray[np.float64]
    sacrum_cm: NDArray[np.float64]
    phase: NDArray[np.int8]
    landmarks_px: NDArray[np.floating[Any]]
    back_px: NDArray[np.float64]
    dowel_px: NDArray[np.float64]
    cm_per_px: float
    size_px: tuple[int, int] | None

    def __post_init__(self) -> None:
        import numpy as np

        for known in fields(self):
            value = getattr(self, known.name)
            if isinstance(value, np.ndarray):
                own = value.view()
                own.flags.writeable = False
                object.__setattr__(self, known.name, own)

    @property
    def phase_name(self) -> NDArray[np.str_]:
        """The phase of every frame in words (T,): one of `PHASES`."""
        import numpy as np

        return np.array(PHASES)[self.phase]

    def __len__(self) -> int:
        return len(self.time_s)

    def __repr__(self) -> str:
        span = float(self.time_s[-1] - self.time_s[0]) if len(self) else 0.0
        return f"Series({len(self)} frames, {span:.1f} s)"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was seen in one clip, session or array.

    `exercise` is what it was judged as, `exercise_sure` whether that was told or plainly seen;
    `limits` are the limits that were applied, widened ones too: of an angle that shows a fault by
    the angle's field of `Rep`, all others by their names in `Tolerances`. `who` and `note` are what
    the user said of it: whose it is, and a remark.

    `reason` is a sentence on why an unusable one is not judged, `refusal` the kind of reason, None
    for one without a kind of its own (a slip in the input, a file that cannot be read).

    `series` holds the frames behind it (not part of the JSON object, nor of equality); None when
    nothing could be measured.
    """

    clip: str
    status: Status
    reason: str | None = None
    facing: Facing | None = None
    view_angle_deg: float | None = None
    neutral: Neutral | None = None
    faults: tuple[str, ...] = ()
    reps: tuple[Rep, ...] = ()
    warnings: tuple[str, ...] = ()
    series: Series | None = field(default=None, compare=False, repr=False)
    exercise: str = "hinge"
    exercise_sure: bool = False
    limits: Mapping[str, float] = field(default_factory=dict, hash=False)
    who: str | None = None
    note: str | None = None
    refusal: Refusal | None = None

    @property
    def sure(self) -> bool:
        """Whether one of its faults is past doubt; of a clean one, whether every rep is."""
        every = all(rep.sure for rep in telling(self.reps))
        return bool(self.sure_faults) or (self.status == "clean" and every)

    @property
    def sure_faults(self) -> tuple[str, ...]:
        """The faults that at least one rep has past doubt; a whole one, where there is any."""
        return tuple(f for f in self.faults if any(f in r.sure_faults for r in telling(self.reps)))

    @property
    def maybe_faults(self) -> tuple[str, ...]:
        """The other faults: no rep has them past doubt, or only half a one beside whole ones."""
        return tuple(fault for fault in self.faults if fault not in self.sure_faults)

    def with_reps(self, reps: Iterable[Rep]) -> Verdict:
        """The same of these repetitions: faulty where one of them has a fault."""
        reps = tuple(reps)
        faults = tuple(fault for fault in FAULTS if any(fault in rep.faults for rep in reps))
        return replace(self, status="faulty" if faults else "clean", faults=faults, reps=reps)

    def to_dict(self) -> dict[str, Any]:
        """The entry of `clips` in the JSON contract: plain values, rounded to what is known."""
        return {
            "clip": self.clip,
            "status": self.status,
            "reason": self.reason,
            "facing": self.facing,
            "view_angle_deg": _rounded(self.view_angle_deg, 1),
            "neutral": self.neutral,
            "faults": list(self.faults),
            "reps": [rep.to_dict() for rep in self.reps],
            "warnings": list(self.warnings),
            "exercise": self.exercise,
            "exercise_sure": self.exercise_sure,
            "sure": self.sure,
            "limits": {name: _rounded(value, 2) for name, value in self.limits.items()},
            "who": self.who,
            "note": self.note,
            "refusal": self.refusal,
        }

    def to_json(self) -> str:
        """`to_dict` as indented JSON."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)

    def __str__(self) -> str:
        told = [f"  warning: {text}" for text in self.warnings]
        if self.status == "unusable":
            return "\n".join([f"{self.clip}: unusable: {self.reason}", *told])
        whole = [rep for rep in self.reps if rep.counted]
        clean = sum(rep.clean for rep in whole)
        head = f"{self.clip}: {self.status}"
        if self.faults:
            doubt = "" if self.sure else "maybe "
            head += f" ({doubt}{_listed(self.faults)})"
        head += f", {clean} of {len(whole)} {'rep' if len(whole) == 1 else 'reps'} clean"
        return "\n".join([head, *(f"  {rep}" for rep in self.reps), *told])


def telling(reps: Sequence[Rep]) -> Sequence[Rep]:
    """Return the counted repetitions, or all where there is none."""
    return [rep for rep in reps if rep.counted] or reps


def _rounded(value: float | None, digits: int) -> float | None:
    """A plain float for JSON: None for what is unknown or not finite, and never minus zero."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), digits) + 0.0


def _whole(angle_deg: float | None) -> str:
    rounded = _rounded(angle_deg, 0)
    return "unknown" if rounded is None else f"{rounded:.0f}"


def _listed(keys: tuple[str, ...]) -> str:
    return ", ".join(key.replace("_", " ") for key in keys)
