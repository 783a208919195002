"""What is shown runs: the Python in the README, and every example in a docstring."""

from __future__ import annotations

import argparse
import doctest
import importlib
import re

import pytest
from support.locations import ROOT

import hinge_dowel
from hinge_dowel import cli

PAGES = [ROOT / "README.md", *sorted((ROOT / "hinge_dowel" / "guide").glob("*.md"))]
"""What people read."""
BLOCKS = {
    page.name: re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    for page in PAGES
}
WITH_CODE = sorted(name for name, blocks in BLOCKS.items() if blocks)
WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "hinge_dowel").rglob("*.py")
    if path.stem[0] != "_" and ">>> " in path.read_text("utf-8")
)

pytest_plugins = ["pytester"]


def commands() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    choices = next(a.choices for a in cli._parser()._actions if a.dest == "command")
    return dict(choices or {})


@pytest.mark.parametrize("page", WITH_CODE)
def test_a_page_runs_from_top_to_bottom(page, monkeypatch):
    """One block after the other, as somebody would who types them in; tests are run below."""
    monkeypatch.chdir(ROOT)
    scope: dict[str, object] = {"__name__": "page"}
    plain = [b for b in BLOCKS[page] if "def test_" not in b and "check_clip(" not in b]
    for block in plain:
        exec(compile(block, page, "exec"), scope)  # noqa: S102
    assert plain


@pytest.mark.slow
def test_the_tests_in_the_pages_pass(pytester):
    shown = [block for page in WITH_CODE for block in BLOCKS[page] if "def test_" in block]
    assert len(shown) >= 2
    for number, block in enumerate(shown):
        pytester.makepyfile(**{f"test_page_{number}": block})
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:xdist")
    result.assert_outcomes(passed=len(shown))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (page.parent / target).exists(), target


def options_of(parser):
    """Yield the options of a command and of its actions, as of `history delete`."""
    for action in parser._actions:
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                yield from options_of(one)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_the_pages_exist(page):
    """Every `hinge-dowel COMMAND --option` that is shown is one that the parser knows."""
    parsers = commands()
    text = page.read_text("utf-8")
    for line in re.findall(r"hinge-dowel ([a-z]+ [^`\n]*|[a-z]+(?=`))", text):
        name, _, rest = line.partition(" ")
        if name not in parsers:
            continue
        known = set(options_of(parsers[name]))
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest.partition("#")[0]):
            assert option in known, f"{page.name}: hinge-dowel {name} {option}"


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_what_is_typed_fits_a_terminal(page):
    """The guide is read there: a command that wraps cannot be copied. Its margins take two."""
    shown = re.findall(r"```\w*\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert [line for block in shown for line in block.splitlines() if len(line) > 78] == []


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_bytes()) <= 8192


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
