"""The inks of a live session and their styles, with and without colour; the lights' characters."""

from __future__ import annotations

from rich.style import Style

from hinge_dowel.report.contacts import Light
from hinge_dowel.report.terminal import UNICODE

PLAIN, DIM, STRONG, DOWEL, ON, OFF, MAYBE = range(7)
"""The inks: indices into `styles`."""
LIGHT_INKS: dict[Light, int] = {
    "on": ON,
    "close": MAYBE,
    "off": OFF,
    "unseen": DIM,
    "idle": DIM,
}
MARKS: dict[Light, str] = {light: getattr(UNICODE, light) for light in LIGHT_INKS}
"""The ink of each light, and its character."""

# Distinct for eyes that cannot tell red from green, on dark and on light ground.
_ON, _OFF, _WOOD, _GREY, _MAYBE = "#00b377", "#ff5a36", "#e69f00", "grey54", "#f0c808"
_COLOURED = (
    Style(),
    Style(color=_GREY),
    Style(bold=True),
    Style(color=_WOOD, bold=True),
    Style(color=_ON, bold=True),
    Style(color=_OFF, bold=True),
    Style(color=_MAYBE, bold=True),
)
_BARE = tuple(
    Style(bold=style.bold, dim=style.color is not None and not style.bold) for style in _COLOURED
)


def styles(color: bool) -> tuple[Style, ...]:
    """Return the style of every ink, in the order of their numbers."""
    return _COLOURED if color else _BARE
