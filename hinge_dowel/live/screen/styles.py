"""The inks of a live session and their styles, with and without colour."""

from __future__ import annotations

from rich.style import Style

PLAIN, DIM, STRONG, DOWEL, ON, OFF, UNSEEN, MAYBE = range(8)
"""The inks, by which `styles` finds them."""

# Eyes that cannot tell red from green keep these apart, on dark ground and on light.
_ON, _OFF, _WOOD, _GREY, _MAYBE = "#00b377", "#ff5a36", "#e69f00", "grey54", "#f0c808"
_COLOURED = (
    Style(),
    Style(color=_GREY),
    Style(bold=True),
    Style(color=_WOOD, bold=True),
    Style(color=_ON, bold=True),
    Style(color=_OFF, bold=True),
    Style(color=_GREY),
    Style(color=_MAYBE, bold=True),
)
_BARE = tuple(
    Style(bold=style.bold, dim=style.color is not None and not style.bold) for style in _COLOURED
)


def styles(color: bool) -> tuple[Style, ...]:
    """The style of every ink, by its number."""
    return _COLOURED if color else _BARE
