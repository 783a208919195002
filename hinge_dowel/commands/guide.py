"""`hinge-dowel guide`: the longer texts, read in the terminal."""

from __future__ import annotations

import argparse
import sys
from importlib.resources import files

from hinge_dowel.errors import EXIT_CLEAN, UsageError
from hinge_dowel.system.console import stdout
from hinge_dowel.system.typed_commands import nearest

SHORT = "read more: how to film, what the faults mean, files, Python, ..."
LONG = "Shows one topic of the guide, or which topics there are."


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("topic", nargs="?", metavar="TOPIC", help="what to read about")


def topics() -> dict[str, str]:
    """Return every topic with its title, the first line of its text."""
    folder = files("hinge_dowel") / "guide"
    pages = sorted(page.name for page in folder.iterdir() if page.name.endswith(".md"))
    return {
        name.removesuffix(".md"): (folder / name).read_text("utf-8").partition("\n")[0].lstrip("# ")
        for name in pages
    }


def text_of(topic: str) -> str:
    """Return the Markdown text of a topic. Raises `UsageError` for one that does not exist."""
    known = topics()
    if topic not in known:
        meant = nearest(topic, known)
        raise UsageError(f"The guide has no topic {topic!r}{meant}: it has {', '.join(known)}.")
    return (files("hinge_dowel") / "guide" / f"{topic}.md").read_text("utf-8")


def run(arguments: argparse.Namespace) -> int:
    """Show a topic, through the pager on a terminal, or list them all."""
    from rich.console import Console
    from rich.markdown import Markdown

    if arguments.topic is None:
        known = topics()
        width = max(map(len, known))
        with stdout():
            print("hinge-dowel guide TOPIC shows one of these:\n")
            for name, title in known.items():
                print(f"{name:{width}}  {title}")
        return EXIT_CLEAN
    text = text_of(arguments.topic)
    with stdout():
        if not sys.stdout.isatty():
            print(text, end="")
            return EXIT_CLEAN
        console = Console()
        page = Markdown(text, hyperlinks=False)
        # A page that fits the terminal needs no pager.
        lines = console.render_lines(page, pad=False)
        if len(lines) < console.height:
            console.print(page)
        else:
            with console.pager(styles=False):
                console.print(page)
    return EXIT_CLEAN
