"""What is shown runs: the Python in the README, and every example in a docstring."""

from __future__ import annotations

import doctest
import importlib
import re

import pytest
from support.locations import ROOT

import hinge_dowel

BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "hinge_dowel").rglob("*.py")
    if path.stem[0] != "_" and ">>> " in path.read_text("utf-8")
)

pytest_plugins = ["pytester"]


def test_the_readme_runs_from_top_to_bottom(monkeypatch, capsys):
    """One after the other, as somebody would who types them in; tests are run below."""
    monkeypatch.chdir(ROOT)
    scope: dict[str, object] = {"__name__": "readme"}
    plain = [block for block in BLOCKS if "def test_" not in block and "check_clip(" not in block]
    assert len(plain) >= 3
    for block in plain:
        exec(compile(block, "README.md", "exec"), scope)  # noqa: S102
    assert "rep 2" in capsys.readouterr().out


def test_the_tests_in_the_readme_pass(pytester):
    shown = [block for block in BLOCKS if "def test_" in block]
    assert len(shown) == 2
    for number, block in enumerate(shown):
        pytester.makepyfile(**{f"test_readme_{number}": block})
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=len(shown))


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_in_docstrings_run(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


def test_the_ways_in_have_examples():
    ways = {"keypoints.arrays", "keypoints.readers", "testing.synthetic"}
    assert {f"hinge_dowel.{way}" for way in ways} <= set(WITH_EXAMPLES)


def test_public_names_are_few_typed_and_documented():
    assert hinge_dowel.__all__ == sorted(hinge_dowel.__all__)
    for name in hinge_dowel.__all__:
        assert (getattr(hinge_dowel, name).__doc__ or "").strip(), name
    assert (ROOT / "hinge_dowel" / "py.typed").is_file()
