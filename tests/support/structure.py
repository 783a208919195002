"""The package as a graph: its modules, and which of them each imports."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache

from support.locations import ROOT

PACKAGE = ROOT / "hinge_dowel"
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    for path in PACKAGE.rglob("*.py")
    if path.stem != "__init__"
)


def imports(source: str, package: str = "hinge_dowel") -> Iterator[str]:
    """Yield the dotted names of all modules imported in the source, for type checkers too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            name = ".".join(filter(None, [package if node.level else "", node.module or ""]))
            # `from hinge_dowel.body import trunk` names the module last.
            yield from (f"{name}.{alias.name}" for alias in node.names)


def source(module: str) -> str:
    """Return the text of a module, by its dotted name within the package."""
    return PACKAGE.joinpath(*module.split(".")).with_suffix(".py").read_text("utf-8")


@cache
def imported(module: str) -> tuple[str, ...]:
    """Return every dotted name that a module imports."""
    return tuple(imports(source(module)))


def siblings(names: Iterable[str]) -> set[str]:
    """Return the modules of this package among the dotted names."""
    found = set()
    for name in names:
        parts = name.split(".")[1:] if name.startswith("hinge_dowel.") else []
        known = (".".join(parts[:depth]) for depth in range(len(parts), 0, -1))
        found |= {next((module for module in known if module in MODULES), "")}
    return found - {""}
