"""What an exercise is: how it is judged, and all that a person is told about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hinge_dowel.analysis.rules import Rules


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of the coaching texts."""

    name: str
    """What it is called in options and results: lower case, underscores."""
    title: str
    """What it is called on screen."""
    summary: str
    """What one does, in one sentence."""
    rules: Rules
    """How its repetitions are found and judged."""
    equipment: str
    filming: str
    """What is particular about filming it; the camera is always square to the side."""
    steps: tuple[str, ...]
    """How it is done, in order."""
    cues: Mapping[str, str] = field(default_factory=dict)
    """By fault or note, the cue in this exercise's own words; others keep those of `cues`."""
    picture: str = ""
    """A drawing in characters, standing (or the start) beside the bottom."""
    level: int | None = None
    """Its rung on the ladder, from 1; None for a variant beside it."""

    @property
    def guide(self) -> str:
        """Its place in the guide: page and heading."""
        return f"exercises.md#{self.title.lower().replace(' ', '-')}"
