"""The pytest plugin: motions with known answers as fixtures, and verdicts asserted with a diff.

It loads by itself where hinge-dowel is installed (entry point `pytest11`):

    def test_my_tracker(hinge_set, assert_verdict):
        motion = hinge_set("hinge", "rounding", noise_cm=0.3)
        assert_verdict(check_points(my_filter(motion.points), motion.fps), motion)

Turn it off with `pytest -p no:hinge_dowel`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Unpack

import pytest

if TYPE_CHECKING:
    from hinge_dowel.testing.synthetic import Bottom, Motion, Options
    from hinge_dowel.verdict import Rep, Verdict

_NAMES = ("hinge", "squat", "rounding", "neck_flexion", "extension")
_BLIND = {"points": ("squatting",), "keypoints": ("spinal_flexion",)}
"""By input, the faults it cannot show: back points show no knees, landmarks no back."""


def bottom_of(bottom: Bottom | str) -> Bottom:
    """Return the posture named hinge, squat, rounding, neck_flexion or extension.

    A posture is returned as it is. Raises `ValueError` for an unknown name.
    """
    from hinge_dowel.testing import synthetic

    if not isinstance(bottom, str):
        return bottom
    if bottom not in _NAMES:
        raise ValueError(f"unknown repetition {bottom!r}; known are {', '.join(_NAMES)}.")
    found: Bottom = getattr(synthetic, bottom.upper())
    return found


def assert_verdict(
    verdict: Verdict,
    expected: Motion | Sequence[str | Sequence[str]],
    *,
    blind: Sequence[str] | None = None,
) -> None:
    """Assert that a verdict names the right faults, repetition by repetition.

    `expected` is a synthetic motion, or the faults of each repetition: a name, a sequence of
    names, or () or "clean". `blind` are faults that the input cannot show and that are then not
    expected; for a motion, by default, squatting where points were judged and spinal flexion where
    landmarks were. Raises `AssertionError` with one line per repetition.
    """
    __tracebackhide__ = True
    if hasattr(expected, "reps"):
        given = [rep.faults for rep in expected.reps]
        blind = _BLIND.get(verdict.clip, ()) if blind is None else blind
    else:
        given = [_faults(item) for item in expected]
    wanted = [tuple(fault for fault in faults if fault not in (blind or ())) for faults in given]
    found = [tuple(rep.faults) for rep in verdict.reps]
    if [set(faults) for faults in wanted] == [set(faults) for faults in found]:
        return
    raise AssertionError(difference(verdict, wanted))


def _faults(item: str | Sequence[str]) -> tuple[str, ...]:
    if isinstance(item, str):
        return () if item in {"", "clean"} else (item,)
    return tuple(item)


def difference(verdict: Verdict, wanted: Sequence[Sequence[str]]) -> str:
    """Return a table of expected and found faults, a line per repetition."""
    if verdict.status == "unusable":
        return f"the verdict is unusable: {verdict.reason}"
    count = max(len(wanted), len(verdict.reps))
    rows = [("", "rep", "expected", "found", "")]
    for index in range(count):
        rep = verdict.reps[index] if index < len(verdict.reps) else None
        want = _said(wanted[index]) if index < len(wanted) else "no such rep"
        have = _said(rep.faults) if rep else "not found"
        same = rep is not None and want == _said(rep.faults)
        rows.append(
            (" " if same else ">", str(index + 1), want, have, "" if same else _figures(rep))
        )
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[4]]).rstrip()
        for row in rows
    ]
    wrong = sum(line.startswith(">") for line in lines)
    return "\n".join([f"{wrong} of {count} repetitions are not as expected", *lines])


def _said(faults: Sequence[str]) -> str:
    return ", ".join(sorted(faults)) or "clean"


def _figures(rep: Rep | None) -> str:
    """Return the measures behind a repetition's faults, in one line."""
    if rep is None:
        return ""
    measures = {
        "spine": (rep.spinal_flexion_deg, "deg"),
        "neck": (rep.cervical_flexion_deg, "deg"),
        "knee": (rep.knee_flexion_deg, "deg"),
        "head": (rep.stray_cm.head, "cm"),
        "upper back": (rep.stray_cm.upper_back, "cm"),
        "sacrum": (rep.stray_cm.sacrum, "cm"),
    }
    known = (f"{k} {v:z.1f} {unit}" for k, (v, unit) in measures.items() if v is not None)
    notes = f" [{', '.join(rep.notes)}]" if rep.notes else ""
    return "(" + ", ".join(known) + ")" + notes


def _motion(bottoms: Sequence[Bottom | str], **options: Unpack[Options]) -> Motion:
    """Return a motion with a repetition for each posture or name; options as for `mix`."""
    from hinge_dowel.testing.synthetic import mix

    return mix([bottom_of(bottom) for bottom in bottoms], **options)


@pytest.fixture
def hinge_rep() -> Callable[..., Motion]:
    """Make a motion of one repetition: `hinge_rep("squat", fps=60)`."""

    def make(bottom: Bottom | str = "hinge", **options: Unpack[Options]) -> Motion:
        return _motion([bottom], **options)

    return make


@pytest.fixture
def hinge_set() -> Callable[..., Motion]:
    """Make a motion of several repetitions: `hinge_set("hinge", "rounding", noise_cm=0.3)`.

    Without any bottom it is of three clean hinges.
    """

    def make(*bottoms: Bottom | str, **options: Unpack[Options]) -> Motion:
        return _motion(bottoms or ("hinge",) * 3, **options)

    return make


@pytest.fixture(name="assert_verdict")
def assert_verdict_fixture() -> Callable[..., None]:
    """Return `assert_verdict` of this module, to use without an import."""
    return assert_verdict
