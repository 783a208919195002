"""The one home of every tolerance a verdict depends on: value, unit, source.

`--config FILE.toml` overrides any of them by name (see `load`). Numbers that describe the
estimator itself (sizes, rates, filter lengths) live beside the code that uses them.
"""

from __future__ import annotations

import codecs
import dataclasses
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any

from hinge_dowel.errors import ConfigError

MOST = {"degrees": 180.0, "cm": 100.0, "s": 60.0, "share": 1.0, "grey levels": 255.0}
"""Largest value of a tolerance by its unit, if that has one; the least is 0."""
STATURES_CM = (50.0, 260.0)
"""Shortest and tallest person, from small children to beyond the tallest players."""


def _tolerance(
    value: float, unit: str, source: str, limits: tuple[float, float] | None = None
) -> Any:
    limits = limits or (0.0, MOST.get(unit, math.inf))
    return dataclasses.field(
        default=value, metadata={"unit": unit, "source": source, "limits": limits}
    )


@dataclass(frozen=True, slots=True)
class Tolerances:
    """Every limit, as a number in the unit its name ends with.

    Raises ValueError for what is no number, or none that the unit can have: a `stature_cm` of 1.8.
    """

    spinal_flexion_deg: float = _tolerance(
        16.0,
        "degrees",
        "between held well (at most 8) and plainly rounded (at least 20), a little above the "
        "middle, as loaded lifts done well flex the spine somewhat (Vigotsky 2015)",
    )
    cervical_flexion_deg: float = _tolerance(
        14.0, "degrees", "midway between held well (at most 8) and a plain fault (at least 20)"
    )
    squat_knee_deg: float = _tolerance(
        45.0,
        "degrees",
        "midway between a hinge's soft knees (at most 30) and a squat's (60 and up)",
    )
    squat_shin_deg: float = _tolerance(
        10.0, "degrees", "an upright shin stays within 10; squats bring it forward by 15 to 35"
    )
    deep_knee_deg: float = _tolerance(
        90.0, "degrees", "as bent as for sitting on a chair: a squat wherever the shins are"
    )
    upper_back_stray_cm: float = _tolerance(
        2.5, "cm", "for back points without legs: past the 2 cm that standing itself varies"
    )
    end_stray_cm: float = _tolerance(
        4.0, "cm", "for back points without angles: head or sacrum this far off the dowel"
    )
    assumed_neutral_extra_deg: float = _tolerance(
        5.0, "degrees", "added where no standing is seen: standing backs and necks differ by 5 (sd)"
    )
    oblique_extra_deg: float = _tolerance(
        4.0, "degrees", "added to spine and neck where the camera is past view_extra_deg"
    )
    landmarks_extra_deg: float = _tolerance(
        8.0, "degrees", "added to the neck without an outline: a rounded upper back tips the head"
    )
    shins_forward_deg: float = _tolerance(
        12.0, "degrees", "an upright shin stays within 10; two more for the scatter of the estimate"
    )
    locked_knees_deg: float = _tolerance(
        3.0, "degrees", "less bend than this is none: the scatter of the knee estimate"
    )
    over_arching_deg: float = _tolerance(
        19.0, "degrees", "extension past the scatter of the estimate, twice over: 15 as estimated"
    )
    shallow_deg: float = _tolerance(
        45.0, "degrees", "hip flexion short of half of a full hinge (about 90)"
    )
    too_deep_deg: float = _tolerance(
        130.0, "degrees", "hip flexion past what hamstrings allow a straight back"
    )
    too_fast_s: float = _tolerance(1.5, "s", "coaches ask for about 4 s a rep")
    rdl_knee_deg: float = _tolerance(
        50.0,
        "degrees",
        "of the knee in a Romanian deadlift: soft to 35, and 15 for the scatter of the estimate "
        "under plates and hands",
    )
    rdl_shallow_deg: float = _tolerance(
        60.0, "degrees", "hip flexion with the weight above the knee, where it has to pass"
    )
    bench_shin_deg: float = _tolerance(
        5.0, "degrees", "a calf against a bench cannot move: half of what an upright shin may"
    )
    lowered_fast_s: float = _tolerance(
        1.5, "s", "of the way down against a band; coaches ask for two to three seconds"
    )
    least_travel_cm_per_10_deg: float = _tolerance(
        0.8,
        "cm for 10 degrees",
        "hips back for each 10 degrees of trunk pitch: real and virtual hinges have 1.2 to 4, "
        "virtual subjects whose hips stay 0.5 at most",
    )
    staying_travel_cm: float = _tolerance(
        4.1,
        "cm",
        "hips that stay go back no further, however far the trunk tips: 2.7 at most in virtual "
        "subjects, told to 1.5; in deep hinges with soft knees 5.9 and more",
    )
    wall_near_cm: float = _tolerance(
        6.0, "cm", "the hips are 3 behind the heels while standing, and hips are told to 3"
    )
    on_the_toes_share: float = _tolerance(
        0.65,
        "share",
        "of the foot from the heel: near the ball, which lies at 0.7; who is less far forward "
        "cannot stand on it",
    )
    heels_up_deg: float = _tolerance(
        15.0,
        "degrees",
        "of the foot, against standing: 5 cm below the heel. With the weight past "
        "on_the_toes_share, flat feet read 10 at most in real and virtual repetitions, raised "
        "heels 1 less than they are, 5 at most; with less, a hidden heel reads up to 50",
    )
    knees_first_s: float = _tolerance(
        0.25, "s", "knees before hips: together is within 0.15 of none for virtual subjects"
    )
    hips_first_deg: float = _tolerance(
        8.0, "degrees", "the trunk tips further while the lift begins: the hips rise alone"
    )
    looking_up_deg: float = _tolerance(
        32.0,
        "degrees",
        "the head tipped back against the upper thorax: virtual people who look up by 35 to 45 are "
        "told within 2 of it; real ones who look at the floor before them mostly read up to 31",
    )
    hips_level_deg: float = _tolerance(
        8.0, "degrees", "of the thigh above level at the start of a lift: less is a squat"
    )
    lift_hip_knee_ratio: float = _tolerance(
        1.2,
        "ratio",
        "hip over knee flexion as a lift starts; trunk as steep as shins, a squat, has 1",
    )
    view_extra_deg: float = _tolerance(
        15.0, "degrees", "angles of virtual subjects get worse from here on"
    )
    view_warn_deg: float = _tolerance(
        25.0,
        "degrees",
        "it is said from here on: of 98 films side-on by eye 27 are taken for more than 15 off and "
        "6 for more than 25, of 74 from 30 or more 62 and 47",
    )
    view_far_deg: float = _tolerance(
        35.0,
        "degrees",
        "past the calibration, which ends at 30: more doubt, and nothing of landmarks alone",
    )
    far_view_doubt_ratio: float = _tolerance(
        1.6,
        "ratio",
        "as wide an interval past view_far_deg: drawn subjects seen from 35 to 50 degrees off are "
        "told 1.3 to 1.8 times as far off as expected (tests/accuracy/single_pictures.py)",
    )
    view_refuse_deg: float = _tolerance(
        50.0, "degrees", "knees of drawn subjects are told 10 degrees off up to here, then 15"
    )
    stature_cm: float = _tolerance(
        170.0,
        "cm",
        "between the means of women and men in Europe (165 and 178, NCD-RisC 2016): turns the "
        "picture into centimetres, so give the person's own if you know it",
        STATURES_CM,
    )
    seen_share: float = _tolerance(0.4, "share", "less of a clip with a person in it is not judged")
    least_rate_hz: float = _tolerance(
        6.0,
        "pictures/s",
        "of a repetition: in sample clips thinned out before the pose model no angle was off by "
        "more than 9 degrees at 6 and more; at 5 a neck by 32, at 4 most necks and a knee by 50",
    )
    least_alone_hz: float = _tolerance(
        2.5,
        "pictures/s",
        "of a live repetition whose pictures are looked at one by one: in the same clips no angle "
        "was off by more than 9 degrees at 3 to 5",
    )
    longest_alone_gap_s: float = _tolerance(
        0.8, "s", "the same for the longest gap: two pictures at the least rate"
    )
    longest_gap_s: float = _tolerance(
        0.5,
        "s",
        "without a picture within a repetition: in the same clips 0.68 put one spine out by 18",
    )
    dark_level: float = _tolerance(
        6.0,
        "grey levels",
        "mean of a picture, of 255, in which hardly anybody is found: of 14 filmed people, dimmed "
        "with a sensor's noise and lifted again, all were found at 16, in 19 of 20 pictures at 9, "
        "in 8 of 10 at 5.5, in 2 of 10 at 3.5",
    )

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            low, high = field.metadata["limits"]
            if not _is_number(value):
                raise ValueError(f"{field.name} must be a number, not {value!r}.")
            if value < 0:
                raise ValueError(f"{field.name} must not be negative, not {value!r}.")
            if not low <= value <= high:
                unit = field.metadata["unit"]
                raise ValueError(
                    f"{field.name} must lie between {low:g} and {high:g} {unit}, not {value!r}."
                )


def _is_number(value: object) -> bool:
    """Return whether a value is finite and a number, of numpy too."""
    try:
        return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # a whole number of hundreds of digits
        return False


DEFAULT = Tolerances()

HELD_WELL_DEG: Mapping[str, float] = {
    "spinal_flexion": 8.0,
    "squatting": 30.0,
    "cervical_flexion": 8.0,
}
"""By fault, up to which angle a posture is held well: no coaching text calls that a fault. A fault
whose interval reaches below it is a maybe (`Rep.maybe_faults`). Of the spine 6.4 and 10, of the
knee 24 and 37.5 change a clip; of the neck 4 and 16 are steady."""

UPRIGHT_SHIN_DEG = 5.0
"""Up to this angle shins are upright, and knees may bend over them by 60 to 80 degrees, as they do
to lift from the floor: squatting that may be that is a maybe. A choice, half of what an upright
shin may lean; 4 and 6.25 each change a file of keypoints."""

HELD_WELL_THIGH_DEG, HELD_WELL_HIP_KNEE_RATIO = 16.0, 1.4
"""Thighs so far above level, or hips bent so many times as far as the knees, begin a lift well: of
real ones 18 and 1.38 is least (1.33 behind plates), of squats most have less than 15 and 1.3."""


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """Read a TOML file, in sentences `what`. Raises `ConfigError`."""
    try:
        data = path.read_bytes()
        # Windows' PowerShell writes UTF-16 behind `>`, its editor a mark before UTF-8.
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return tomllib.loads(data.decode("utf-16" if wide else "utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"Cannot read the {what} {path}: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:  # tomllib's own is a ValueError too
        raise ConfigError(f"{path} is not a TOML file: {error}.") from error


def load(path: Path) -> Tolerances:
    """Read tolerances from a TOML file of `name = number` lines.

    Names not given keep their defaults. Raises `ConfigError` for a file that cannot be read, is
    not TOML, holds an unknown name, or gives something that `Tolerances` refuses.
    """
    given = read_toml(path, "tolerance file")
    for name in given:
        if name not in Tolerances.__dataclass_fields__:
            said = "`hinge-dowel tolerances` lists those that there are"
            raise ConfigError(f"{path}: unknown tolerance {name!r}; {said}.")
    try:
        return dataclasses.replace(DEFAULT, **given)
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from error
