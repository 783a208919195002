"""Shared by all HTML pages: escaping templates, style sheets, content security policy."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """Return the environment of this package's templates; all values put in are escaped."""
    made = Environment(
        loader=PackageLoader("hinge_dowel.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["n"] = _short
    made.filters["numbers"] = lambda values: " ".join(map(_short, values))
    return made


def files(*names: str) -> str:
    """Return files of the templates' folder (style sheets, scripts), joined."""
    folder = resources.files("hinge_dowel.report") / "templates"
    return "\n".join((folder / name).read_text("utf-8") for name in names)


def inlined(**names: tuple[str, ...]) -> dict[str, str]:
    """Return, for a template, joined files by name.

    Also, as `NAME_hash`, the source hash by which the page's security policy allows each only.
    """
    held = {}
    for name, parts in names.items():
        held[name] = text = files(*parts)
        digest = hashlib.sha256(text.encode("utf-8")).digest()
        held[f"{name}_hash"] = "sha256-" + b64encode(digest).decode("ascii")
    return held


def _short(value: float) -> str:
    """Format a number for SVG in few characters: one decimal, no zero before the point."""
    text = f"{value:.1f}".removesuffix(".0").replace("-0", "-").removeprefix("0")
    return "0" if text in ("", "-") else text
