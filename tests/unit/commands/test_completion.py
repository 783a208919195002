"""The script that lets a shell complete commands and options."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_it_knows_commands_and_options(program, shell):
    status, script, err = program("completion", shell)
    assert (status, err) == (0, "")
    for word in ("check", "tolerances", "no-history", "wall-cm"):
        assert word in script
