"""Single keys, in a pseudo-terminal and without one."""

from __future__ import annotations

import io
import os
import select
import sys

import pytest
from support.waiting import within

from hinge_dowel.live.keys import Keys, keys


@pytest.fixture
def terminal(monkeypatch):
    """Standard input is a terminal; what is given is where its keys are pressed."""
    import pty

    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as stdin, os.fdopen(ours, "wb", buffering=0) as keyboard:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield keyboard


def next_of(pressed: Keys) -> str:
    """The next keys, waited for."""
    found: list[str] = []
    assert within(30, lambda: found.append(pressed()) or found[-1])
    return found[-1]


def test_keys_come_without_enter_and_the_terminal_is_put_back(terminal):
    import termios

    before = termios.tcgetattr(sys.stdin)
    with keys() as pressed:
        assert pressed() == ""
        assert termios.tcgetattr(sys.stdin) != before
        terminal.write(b"r ")
        assert next_of(pressed) == "r "
        assert pressed() == ""
    assert termios.tcgetattr(sys.stdin) == before


def test_what_was_typed_while_something_loads_is_not_lost(terminal):
    with keys():
        terminal.write(b"q")
        with keys() as pressed:  # taken over by the session
            assert next_of(pressed) == "q"


def test_an_arrow_is_not_the_letters_it_is_sent_as(terminal):
    with keys() as pressed:
        terminal.write(b"\x1b[A")
        assert select.select([sys.stdin], [], [], 30)[0]
        assert pressed() == ""
        terminal.write(b"q")
        assert next_of(pressed) == "q"


def test_a_closed_terminal_presses_nothing(terminal):
    with keys() as pressed:
        terminal.close()
        assert [pressed() for _ in range(3)] == [""] * 3


@pytest.mark.parametrize("stdin", [None, io.StringIO("q"), "closed"])
def test_without_a_keyboard_nothing_is_read(stdin, monkeypatch):
    if stdin == "closed":
        stdin = io.StringIO()
        stdin.close()
    monkeypatch.setattr(sys, "stdin", stdin)
    with keys() as pressed:
        assert pressed() == ""
    if isinstance(stdin, io.StringIO) and not stdin.closed:
        assert stdin.read() == "q"
