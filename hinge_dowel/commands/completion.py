"""`hinge-dowel completion`: a script that lets a shell complete commands and options."""

from __future__ import annotations

import argparse

from hinge_dowel.errors import EXIT_CLEAN
from hinge_dowel.system.console import stdout

SHORT = "print a script that lets your shell complete commands and options"
LONG = (
    "Prints a script for your shell. For bash: hinge-dowel completion bash > "
    "~/.local/share/bash-completion/completions/hinge-dowel (make that folder if it is missing)"
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh"), help="which shell")


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    script = shtab.complete(arguments.parser, arguments.shell)
    with stdout():
        print(script)
    return EXIT_CLEAN
