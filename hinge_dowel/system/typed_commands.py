"""Commands as a person types them in this system's shells, for sentences that propose one."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


def own_command() -> str:
    """Return how this program was called: by its name, its path, or as a module of Python."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py" and called.parent.name == "hinge_dowel":
        return f"{_typed(Path(sys.executable))} -m hinge_dowel"
    # Called from another program, `main` uses the usual name.
    return _typed(called) if called.stem == "hinge-dowel" else "hinge-dowel"


def command_for(name: str, who: str | None) -> str:
    """Return a command of this program for one person, as it is typed."""
    if not who:
        return f"{own_command()} {name}"
    # A name of letters and digits, of any alphabet, needs no quotes in any shell.
    plain = re.fullmatch(r"[\w-]+", who)
    return f"{own_command()} {name} --who {who if plain else quoted(who)}"


def install_hint(*packages: str) -> str:
    """Return the command that installs packages for the Python that runs this program."""
    return " ".join([shlex.quote(sys.executable), "-m pip install", *packages])


def quoted(word: str | Path) -> str:
    """Quote a word of a command line for this system's shells."""
    text = str(word)
    if os.name == "nt":
        return f'"{text}"' if " " in text else text
    return shlex.quote(text)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ", did you mean ..." with the known word most like `word`; "" when none is."""
    meant = get_close_matches(word, list(known), n=1, cutoff=0.75)  # --person is no --json
    return f", did you mean {meant[0]}" if meant else ""


def _typed(program: Path) -> str:
    """Return a program as typed: its name where the shell finds it, else its path from here."""
    found = shutil.which(program.name)
    if found is not None and Path(found) == program.absolute():
        return program.name
    place, here = program.absolute(), Path.cwd()
    if place.parent == here:
        return quoted(f"{os.curdir}{os.sep}{place.name}")
    return quoted(place.relative_to(here) if place.is_relative_to(here) else place)
