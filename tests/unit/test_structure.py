"""The shape of the code: who imports whom, how large modules get, what loads when."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter

import pytest
from support.locations import ROOT
from support.structure import MODULES, PACKAGE, imported, imports, siblings, source

LAYERS = (
    ("errors", "tolerances", "verdict"),
    ("system",),
    ("body",),
    ("video",),
    ("pose",),
    ("analysis",),
    ("exercises",),
    ("keypoints",),
    ("report",),
    ("history",),
    ("live",),
    ("batch",),
    ("testing",),
    ("commands",),
    ("cli", "__main__"),
)
"""The packages (and the few modules beside them) in the order in which data flows."""

TESTS_DIR = ROOT / "tests" / "unit"

ONLY_IN = {
    "mediapipe": {"pose.tracker"},
    "av": {
        *("video.orientation", "video.reader", "video.container", "video.webp"),
        *("report.films", "report.h264", "live.capture", "live.recording"),
    },
    "rich": {
        *("report.terminal", "report.files", "report.progress", "history.terminal"),
        *("history.plan_terminal", "report.comparison_terminal"),
        *("live.screen.styles", "live.screen.summary", "live.screen.layout", "live.display"),
        *(
            "system.console",
            "commands.model",
            "commands.check",
            "commands.checking",
            "commands.guide",
            "commands.compare",
            "commands.drill",
        ),
    },
    "rich_argparse": {"cli"},
    "psutil": {"batch.pool", "batch.worker_process"},
    "fsspec": {"batch.remote"},
    "distributed": {"batch.cluster"},
    "jinja2": {"report.templating"},
    "PIL": {"report.overlay", "report.pictures", "video.webp"},
    "cv2": {"live.capture", "pose.network", "pose.system_libraries", "report.overlay"},
}
"""The outside packages that few modules may know."""

MOST_LINES = 400


def layer(module: str) -> int:
    """How far down the flow a module lies."""
    return next(i for i, names in enumerate(LAYERS) if module.split(".")[0] in names)


def test_imports_are_found_wherever_they_hide():
    """What the tests below rest on."""
    text = """
import a.b, c as d
from e.f import g
from hinge_dowel.analysis import dowel as d
from . import spine
from hinge_dowel.live.screen import styles
from hinge_dowel.batch.runner import check_many
if TYPE_CHECKING:
    import h
def function():
    from hinge_dowel.video.reader import probe
    class Inner:
        import i
"""
    assert set(imports(text)) == {
        *("a.b", "c", "e.f.g", "hinge_dowel.analysis.dowel", "hinge_dowel.spine", "h", "i"),
        *("hinge_dowel.live.screen.styles", "hinge_dowel.batch.runner.check_many"),
        "hinge_dowel.video.reader.probe",
    }
    assert siblings(imports(text)) == {
        *("analysis.dowel", "live.screen.styles", "batch.runner", "video.reader"),
    }


def test_nothing_lies_flat_but_what_belongs_there():
    flat = {module for module in MODULES if "." not in module}
    assert flat == {"errors", "tolerances", "verdict", "cli", "__main__"}


def test_a_module_imports_only_from_its_own_package_and_those_before_it():
    backwards = [
        (module, other)
        for module in MODULES
        for other in siblings(imported(module))
        if layer(other) > layer(module)
    ]
    assert backwards == []


def unexplained(text: str) -> list[str]:
    """The lines of numbers in capitals behind which no docstring says what they are.

    Lines without a gap between them may share one.
    """
    body = ast.parse(text).body
    lines = []
    for place, node in enumerate(body):
        if not re.match(r"_?[A-Z][A-Z0-9_]*\b.*=.*\d", line := ast.unparse(node)) or "'" in line:
            continue
        end, after = node, iter(body[place + 1 :])
        following = next(after, None)
        while isinstance(following, ast.Assign | ast.AnnAssign):
            if following.lineno > end.end_lineno + 1:
                break
            end, following = following, next(after, None)
        if not (isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)):
            lines.append(line)
    return lines


def test_numbers_without_a_word_are_found():
    text = (
        'A_S = 1.0\n"""Said."""\nB, C = 2, 3\nD = 4\n"""Of all."""\n_E = 5\n\nF = 6\n"""Not 5."""'
    )
    assert unexplained(text) == ["_E = 5"]


def test_every_number_says_what_it_is():
    found = {module: unexplained(source(module)) for module in MODULES}
    assert {module: lines for module, lines in found.items() if lines} == {}


def test_a_class_name_stands_once():
    names = Counter(
        name
        for module in MODULES
        for name in re.findall(r"^class ([A-Z]\w*)", source(module), re.M)
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    ("module", "own"),
    [("body.figure", set()), ("testing.synthetic", {"body.figure"})],
)
def test_figures_know_nothing_of_the_checker(module, own):
    """So that they can hold it to the truth."""
    assert siblings(imported(module)) == own | {"body.array_types"}


@pytest.mark.parametrize("package", ONLY_IN)
def test_outside_packages_stay_where_they_belong(package):
    users = {m for m in MODULES if package in {name.split(".")[0] for name in imported(m)}}
    assert users == ONLY_IN[package]


TESTS = {
    ".".join((*path.relative_to(TESTS_DIR).parent.parts, path.stem.removeprefix("test_")))
    for path in TESTS_DIR.rglob("test_*.py")
}
"""The modules that the files of tests/unit are named for."""


def test_tests_mirror_the_package():
    """So that whoever changes a module finds what holds it, and knows where a new test goes."""
    of_the_whole = {"init", "structure"}
    assert TESTS - of_the_whole == set(MODULES) - {"__main__"}


def test_modules_stay_short():
    lines = {module: source(module).count("\n") for module in MODULES}
    assert {module: count for module, count in lines.items() if count > MOST_LINES} == {}


@pytest.mark.parametrize(
    "load", ["import hinge_dowel", "from hinge_dowel import cli; cli._parser()"]
)
def test_loading_the_command_loads_nothing_heavy(load):
    code = f"import sys; {load}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "hinge_dowel" in loaded
    assert loaded & {"mediapipe", "av", "scipy", "torch", "cv2", "matplotlib"} == set()


SOURCES = {".py", ".toml", ".md", ".yml", ".yaml", ".cfg", ".txt", ".sh", ".json", ""}


def test_nothing_is_left_to_be_done_later():
    """The words are put together here, so that this file is not found."""
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
    assert PACKAGE / "cli.py" in texts
    found = [path.name for path in texts if later.search(path.read_text("utf-8", "replace"))]
    assert found == []
