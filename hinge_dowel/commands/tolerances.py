"""`hinge-dowel tolerances`: list the limits that verdicts depend on."""

from __future__ import annotations

import argparse
import dataclasses

from hinge_dowel.errors import EXIT_CLEAN
from hinge_dowel.system.console import stdout, wrapped

SHORT = "list the limits that verdicts depend on"
LONG = "Lists every limit that a verdict depends on, with its unit and its source."


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--toml", action="store_true", help="as a file to edit and give to check --config"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the tolerances."""
    from hinge_dowel.tolerances import DEFAULT

    rows = [
        (field.name, f"{getattr(DEFAULT, field.name):g}", field.metadata)
        for field in dataclasses.fields(DEFAULT)
    ]
    with stdout():
        if arguments.toml:
            for name, value, about in rows:
                print(f"# {about['unit']}; {about['source']}\n{name} = {value}\n")
        else:
            for name, value, about in rows:
                print(f"{name} = {value} {about['unit']}")
                print(*wrapped(about["source"], "    "), sep="\n")
    return EXIT_CLEAN
