"""What every page is made with: templates that escape, style sheets, and what its policy allows."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """The templates of this package, compiled once: whatever is put into them is escaped."""
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
    """Style sheets or scripts that lie beside the templates, one after the other."""
    folder = resources.files("hinge_dowel.report") / "templates"
    return "\n".join((folder / name).read_text("utf-8") for name in names)


def allowed(text: str) -> str:
    """What the page's security policy allows: this text and no other."""
    return "sha256-" + b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _short(value: float) -> str:
    """A number in as few characters as a drawing needs."""
    # SVG needs no zero before the point.
    text = f"{value:.1f}".removesuffix(".0").replace("-0", "-").removeprefix("0")
    return "0" if text in ("", "-") else text
