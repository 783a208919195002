"""The shape of the code: who imports whom, how large modules get, what loads when."""

from __future__ import annotations

import ast
import dataclasses
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hinge_dowel import tolerances

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "hinge_dowel"

ORDER = (
    "errors",
    "kinds",
    "paths",
    "tolerances",
    "series",
    "verdict",
    "snapshot",
    "words",
    "advice",
    "figure",
    "canvas",
    "letters",
    "stickman",
    "synthetic",
    "strategies",
    "pytest_plugin",
    "upright",
    "video",
    "model",
    "pose",
    "back",
    "watch",
    "spine",
    "approach",
    "dowel",
    "posture",
    "peaks",
    "reps",
    "ends",
    "tracing",
    "judging",
    "sanity",
    "stretches",
    "check",
    "arrays",
    "markers",
    "read_tables",
    "read_json",
    "readers",
    "files",
    "moment",
    "live",
    "atomic",
    "lights",
    "telling",
    "stills",
    "charts",
    "overlay",
    "annotate",
    "practice",
    "ledger",
    "history",
    "version",
    "packing",
    "places",
    "store",
    "tables",
    "folder",
    "clipwork",
    "remote",
    "workers",
    "cluster",
    "batch",
    "export",
    "coach_inks",
    "coach_summary",
    "coach_paint",
    "coach_screen",
    "framing",
    "drill",
    "grabbers",
    "camera",
    "keys",
    "sound",
    "speaker",
    "recording",
    "stage",
    "practising",
    "screen",
    "history_screen",
    "report",
    "report_cards",
    "html_report",
    "progress",
    "streams",
    "commands.tolerances",
    "commands.model",
    "commands.check",
    "commands.history",
    "commands.drill",
    "cli",
    "__main__",
)
"""One direction of flow: each module imports only from those above it."""

ONLY_IN = {
    "mediapipe": {"pose"},
    "av": {"annotate", "grabbers", "recording", "upright", "video"},
    "rich": {
        *("screen", "history_screen", "report", "progress", "streams", "commands.model"),
        *("coach_inks", "coach_summary", "coach_screen", "stage"),
    },
    "rich_argparse": {"cli"},
    "psutil": {"workers"},
    "fsspec": {"remote"},
    "distributed": {"cluster"},
    "jinja2": {"html_report"},
    "PIL": {"overlay", "stills"},
    "cv2": {"grabbers", "overlay"},
}
"""The outside packages that few modules may know."""

MOST_LINES = 400
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    for path in PACKAGE.rglob("*.py")
    if path.stem != "__init__"
)


def imports(source: str, package: str = "hinge_dowel") -> Iterator[str]:
    """Every module that is imported anywhere in the source, for type checkers too: dotted names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            name = ".".join(filter(None, [package if node.level else "", node.module or ""]))
            # `from hinge_dowel import back` names the module last.
            yield from (f"{name}.{alias.name}" for alias in node.names)


def source(module: str) -> str:
    return PACKAGE.joinpath(*module.split(".")).with_suffix(".py").read_text("utf-8")


def imported(module: str) -> list[str]:
    return list(imports(source(module)))


def siblings(names: list[str]) -> set[str]:
    """Which modules of this package are among the dotted names."""
    return {
        ".".join(parts[1 : 3 if parts[1] == "commands" else 2])
        for parts in (name.split(".") for name in names)
        if parts[0] == "hinge_dowel" and parts[1:] not in ([], ["commands"])
    }


def test_imports_are_found_wherever_they_hide():
    """What the tests below rest on."""
    source = """
import a.b, c as d
from e.f import g
from hinge_dowel import back, dowel as d
from . import spine
from .pose import Eye
if TYPE_CHECKING:
    import h
def function():
    from hinge_dowel.video import probe
    class Inner:
        import i
"""
    assert set(imports(source)) == {
        *("a.b", "c", "e.f.g", "hinge_dowel.back", "hinge_dowel.dowel", "hinge_dowel.spine"),
        *("hinge_dowel.pose.Eye", "h", "hinge_dowel.video.probe", "i"),
    }
    assert siblings(list(imports(source))) == {"back", "dowel", "spine", "pose", "video"}


def test_every_module_has_its_place():
    assert sorted(ORDER) == MODULES


@pytest.mark.parametrize("module", ORDER)
def test_a_module_imports_only_from_those_above_it(module):
    assert siblings(imported(module)) <= set(ORDER[: ORDER.index(module)])


@pytest.mark.parametrize(("module", "own"), [("figure", set()), ("synthetic", {"figure"})])
def test_figures_know_nothing_of_the_checker(module, own):
    """So that they can hold it to the truth."""
    assert siblings(imported(module)) == own


@pytest.mark.parametrize("module", MODULES)
def test_outside_packages_stay_where_they_belong(module):
    roots = {name.split(".")[0] for name in imported(module)}
    assert {
        package for package in ONLY_IN if package in roots and module not in ONLY_IN[package]
    } == (set())


@pytest.mark.parametrize("package", ["mediapipe", "av", "rich_argparse"])
def test_outside_packages_are_where_they_belong(package):
    """Else the test above would pass for a name that nobody uses."""
    users = {m for m in MODULES if package in {name.split(".")[0] for name in imported(m)}}
    assert users == ONLY_IN[package]


@pytest.mark.parametrize("module", MODULES)
def test_modules_stay_short(module):
    lines = source(module).count("\n")
    assert lines <= MOST_LINES


@pytest.mark.parametrize("module", ["hinge_dowel", "hinge_dowel.cli"])
def test_loading_the_command_loads_nothing_heavy(module):
    code = f"import sys, {module}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "hinge_dowel" in loaded
    assert loaded & {"mediapipe", "av", "scipy", "torch", "cv2", "matplotlib"} == set()


@pytest.mark.parametrize("field", dataclasses.fields(tolerances.Tolerances), ids=lambda f: f.name)
def test_every_tolerance_says_its_unit_and_where_it_comes_from(field):
    endings = {"degrees": "_deg", "cm": "_cm", "s": "_s", "share": "_share"}
    assert field.name.endswith(endings[field.metadata["unit"]])
    assert len(field.metadata["source"].split()) >= 2
    assert field.type == "float"
    assert field.default > 0


def test_a_source_that_names_another_tolerance_names_one_that_exists():
    names = {field.name for field in dataclasses.fields(tolerances.Tolerances)}
    for field in dataclasses.fields(tolerances.Tolerances):
        named = set(re.findall(r"\b[a-z_]+_(?:deg|cm|s|share)\b", field.metadata["source"]))
        assert named <= names


SOURCES = {".py", ".toml", ".md", ".yml", ".yaml", ".cfg", ".txt", ".sh", ".json", ""}


def test_nothing_is_left_to_be_done_later():
    """Words put together here, lest this file be found."""
    later = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    # Without git (an unpacked archive) the package and its tests are what there is.
    tracked = [ROOT / name for name in listed.stdout.split("\0") if name] or [
        *PACKAGE.glob("*.py"),
        *ROOT.glob("tests/**/*.py"),
    ]
    texts = [path for path in tracked if path.suffix in SOURCES and path.is_file()]
    assert PACKAGE / "check.py" in texts
    found = [path.name for path in texts if later.search(path.read_text("utf-8", "replace"))]
    assert found == []
