"""Lists the packages that come with hinge-dowel and its tests, and their licences.

    python tests/licences.py

prints the list; its exit status is 1 when one of them is not allowed.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ALLOWED = {
    *("0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT"),
    *("MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib"),
}
"""Licences that let anybody use the program for anything; MPL asks only about its own files."""

NAMES = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""Names of licences in packages without an SPDX expression, by SPDX name."""


def packages(root: str, extra: str = "") -> dict[str, Distribution]:
    """Return the package and all that it needs on this machine, by name."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    todo = [(canonicalize_name(root), extra)]
    while todo:
        name, extra = todo.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            # Needed by something, but not here: not asked for on this machine.
            continue
        for text in found[name].requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                wanted = canonicalize_name(requirement.name)
                todo += [(wanted, one) for one in ("", *requirement.extras)]
    return dict(sorted(found.items()))


def licence(package: Distribution) -> str:
    """Return the licence of a package as an SPDX expression; "" if unknown."""
    about = package.metadata
    if expression := about.get("License-Expression"):
        return str(expression)
    line = (about.get("License") or "").strip()
    if re.fullmatch(r"[A-Za-z0-9.+ -]{2,40}", line):
        return NAMES.get(line, line)
    classifiers = about.get_all("Classifier") or []
    names = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License ::")]
    return " OR ".join(NAMES.get(name, name) for name in names)


def allowed(expression: str) -> bool:
    """Return whether a licence is allowed: all parts of an AND, one part of an OR (no brackets)."""
    choices = [part.split(" AND ") for part in expression.split(" OR ")]
    return any(all(name.strip() in ALLOWED for name in choice) for choice in choices)


def main() -> int:
    """Print the list."""
    refused = 0
    for name, package in packages("hinge-dowel", "dev").items():
        found = licence(package)
        refused += not allowed(found)
        print(f"{name:24} {package.version:16} {found or '?'}{'' if allowed(found) else '  NO'}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
