"""The guide in the terminal."""

from __future__ import annotations

import io
import sys

import pytest

from hinge_dowel.commands import guide


class Terminal(io.StringIO):
    """A terminal that shows what is written to it."""

    def isatty(self) -> bool:
        return True


def test_it_lists_its_topics_and_shows_each(program):
    status, out, err = program("guide")
    assert (status, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 60
    titles = dict(line.split(maxsplit=1) for line in out.splitlines()[2:])
    assert titles == guide.topics()
    assert {"developing", "privacy", "speed"} <= set(titles)
    for topic, title in titles.items():
        assert program("guide", topic)[1].startswith(f"# {title}\n")


@pytest.mark.parametrize(("lines", "paged"), [(24, True), (2000, False)])
def test_on_a_terminal_what_does_not_fit_goes_through_the_pager(program, monkeypatch, lines, paged):
    pages: list[str] = []
    monkeypatch.setattr("pydoc.pager", pages.append)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("LINES", str(lines))
    monkeypatch.setattr(sys, "stdout", screen := Terminal())
    assert program("guide", "privacy")[0] == 0
    (shown,) = pages or [screen.getvalue()]
    assert bool(pages) == paged
    # Drawn, and no Markdown any more.
    assert guide.topics()["privacy"] in shown
    assert "\n# " not in f"\n{shown}"


def test_a_topic_that_is_none_says_which_there_are(program):
    status, out, err = program("guide", "flming")
    assert (status, out) == (2, "")
    assert "no topic 'flming', did you mean filming: it has accuracy, " in err
