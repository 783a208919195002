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
    "names",
    "paths",
    "tolerances",
    "series",
    "verdict",
    "drill.snapshot",
    "words",
    "drill.advice",
    "figure",
    "coach.canvas",
    "coach.letters",
    "coach.stickman",
    "synthetic",
    "strategies",
    "pytest_plugin",
    "upright",
    "video",
    "model",
    "pose",
    "back",
    "moments",
    "watch",
    "people",
    "follow",
    "spine",
    "approach",
    "dowel",
    "posture",
    "peaks",
    "reps",
    "ends",
    "tracing",
    "judging",
    "pace",
    "sanity",
    "stretches",
    "check",
    "arrays",
    "keypoints.markers",
    "keypoints.read_tables",
    "keypoints.read_json",
    "keypoints.readers",
    "files",
    "drill.moment",
    "drill.steady",
    "drill.tally",
    "drill.live",
    "atomic",
    "report.lights",
    "report.telling",
    "report.stills",
    "report.charts",
    "report.overlay",
    "report.annotate",
    "history.practice",
    "history.ledger",
    "history.book",
    "batch.version",
    "batch.packing",
    "batch.places",
    "batch.store",
    "batch.tables",
    "batch.folder",
    "batch.clipwork",
    "batch.remote",
    "batch.workers",
    "batch.cluster",
    "batch.run",
    "batch.export",
    "coach.inks",
    "coach.summary",
    "coach.paint",
    "coach.screen",
    "drill.framing",
    "drill.session",
    "drill.grabbers",
    "drill.camera",
    "drill.keys",
    "drill.sound",
    "drill.speaker",
    "drill.recording",
    "drill.stage",
    "drill.practising",
    "report.screen",
    "history.screen",
    "report.files",
    "report.cards",
    "report.page",
    "report.progress",
    "streams",
    "commands.tolerances",
    "commands.options",
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
    "av": {"report.annotate", "drill.grabbers", "drill.recording", "upright", "video"},
    "rich": {
        *(
            "report.screen",
            "history.screen",
            "report.files",
            "report.progress",
            "streams",
            "commands.model",
            "commands.check",
        ),
        *("coach.inks", "coach.summary", "coach.screen", "drill.stage"),
    },
    "rich_argparse": {"cli"},
    "psutil": {"batch.workers"},
    "fsspec": {"batch.remote"},
    "distributed": {"batch.cluster"},
    "jinja2": {"report.page"},
    "PIL": {"report.overlay", "report.stills"},
    "cv2": {"drill.grabbers", "report.overlay"},
}
"""The outside packages that few modules may know."""

MOST_LINES = 400
PARTS = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
"""The packages within."""
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
        ".".join(parts[1 : 3 if parts[1] in PARTS else 2])
        for parts in (name.split(".") for name in names)
        if parts[0] == "hinge_dowel" and ".".join(parts[1:]) not in {"", *PARTS}
    }


def test_imports_are_found_wherever_they_hide():
    """What the tests below rest on."""
    source = """
import a.b, c as d
from e.f import g
from hinge_dowel import back, dowel as d
from . import spine
from .pose import Eye
from hinge_dowel.coach import inks
from hinge_dowel.batch.run import check_many
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
        *("hinge_dowel.coach.inks", "hinge_dowel.batch.run.check_many"),
    }
    assert siblings(list(imports(source))) == {
        *("back", "dowel", "spine", "pose", "video", "coach.inks", "batch.run"),
    }


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
    endings |= {"pictures/s": "_hz", "grey levels": "_level"}
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
        *PACKAGE.rglob("*.py"),
        *ROOT.glob("tests/**/*.py"),
    ]
    texts = [path for path in tracked if path.suffix in SOURCES and path.is_file()]
    assert PACKAGE / "check.py" in texts
    found = [path.name for path in texts if later.search(path.read_text("utf-8", "replace"))]
    assert found == []
