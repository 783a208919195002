"""The command `hinge-dowel`: arguments in, exit status out, every error one sentence.

What a command needs is imported when it runs, so that `--help` and `--version` answer at once.
"""

from __future__ import annotations

import argparse
import errno
import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import takewhile
from pathlib import Path
from typing import Any, NoReturn

from rich_argparse import RichHelpFormatter

from hinge_dowel.errors import EXIT_ERROR, HingeDowelError, UsageError
from hinge_dowel.system.console import discard_stdout, fail, stdout, unexpected
from hinge_dowel.system.names import ESCAPED, printable
from hinge_dowel.system.typed_commands import nearest, own_command, quoted

COMMANDS = (
    *("check", "drill", "exercises", "history", "compare", "plan", "guide", "model"),
    *("tolerances", "completion"),
)
"""Each a module of the package `commands`, in the order of --help."""
THREADS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
    "MALLOC_ARENA_MAX": "4",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
"""For numpy, scipy and OpenCV, here and in workers: what they do is too little to be shared among
threads (the image network takes 3.2 ms of one core, or 4.4 ms of two). And for glibc, in workers:
its stores of memory for each thread take 80 MB more than 4 of them; in huge pages, where the kernel
has them for who asks, a clip takes 3 % less processor time, and as much memory."""
EXIT_INTERRUPTED = 130
"""Ctrl-C, by the custom of shells: 128 and the number of the signal."""
EXIT_BROKEN_PIPE = 141
"""The program that read standard output has gone; the status that shells give for it."""
FIRST_STEPS = """\
hinge-dowel says what leaves the straight line along your
back when you hinge.

  {own} check me.mp4   judge a clip filmed side-on
  {own} drill          practise before a camera
  {own} guide          how to film, what faults mean

{own} --help lists every command."""
"""What somebody sees who types the command alone; as hinge-dowel it fits 60 columns."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    for name, value in THREADS.items():
        os.environ.setdefault(name, value)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever began this
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115  (until the end)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # As standard error does with what an encoding lacks: names and notes hold anything.
        sys.stdout.reconfigure(errors=ESCAPED)
    try:
        return _run(argv)
    except HingeDowelError as error:
        return fail(str(error))
    except KeyboardInterrupt:
        return fail("interrupted.", EXIT_INTERRUPTED)
    except BrokenPipeError:
        discard_stdout()
        return EXIT_BROKEN_PIPE
    except PermissionError as error:
        named = "A file" if error.filename is None else printable(str(error.filename))
        return fail(f"{named} may not be opened: check its permissions, and those of its folder.")
    except Exception as error:
        if isinstance(error, FileNotFoundError) and _working_folder_is_gone():
            return fail("This folder was deleted meanwhile: go to another one (cd) and try again.")
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            return fail(f"No file can be called {printable(str(error.filename))}: it is too long.")
        return fail(unexpected("something failed that should not", error))
    finally:
        gc.freeze()  # Python need not look through all that is left when it ends: 30 ms


def _working_folder_is_gone() -> bool:
    """Return whether the folder that relative paths begin at was deleted."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


# -- arguments -----------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    _words: Sequence[str] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self._words = () if args is None else args
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        plain = message.replace("expected one argument", "a value must follow it")
        # In the program's own words it has one name; what is to be typed is as typed here.
        words = self.prog.partition(" ")[2]
        raise UsageError(f"{plain}; see {' '.join(filter(None, (own_command(), words)))} --help.")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        if isinstance(action, argparse._SubParsersAction):
            # The value of an option that is misspelt is taken for a command: say what is wrong.
            parsers = (self, *action.choices.values())
            options = {option for parser in parsers for option in parser._option_string_actions}
            before = takewhile(lambda word: word != value, self._words)
            wrong = [w for w in before if w[:2] == "--" and w.partition("=")[0] not in options]
            if wrong:
                self.refuse(wrong)
        known = [str(choice) for choice in action.choices]
        meant = nearest(str(value), known) or f", choose from {', '.join(known)}"
        what = "command" if action.dest == "command" else action.metavar or action.dest
        if what == "command" and os.path.exists(value):  # noqa: PTH110  (False for what is no path)
            meant = f", did you mean {own_command()} check {quoted(value)}"
        self.error(f"{value!r} is no {what}{meant}")

    def refuse(self, extra: Sequence[str]) -> NoReturn:
        """Say of arguments that nobody takes which were perhaps meant."""
        first = next((word for word in extra if word.startswith("-")), extra[0])
        known = [option for action in self._actions for option in action.option_strings]
        meant = nearest(first.partition("=")[0], known)
        self.error(
            f"there is no option {first}{meant}"
            if first.startswith("-")
            else f"there is one word too many, {first!r}"
        )


class _Help(RichHelpFormatter):
    # Headings as they are written, not in title case.
    group_name_formatter = staticmethod(lambda head: head[:1].upper() + head[1:])  # type: ignore[assignment]

    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        if isinstance(action, argparse._SubParsersAction):
            # argparse forgets the indent of the commands when it sets the column of their help.
            self._action_max_length += self._indent_increment


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from hinge_dowel import __version__

        print("hinge-dowel", __version__)
        parser.exit()


def _parser(asked: str = "") -> _Parser:
    """The parser of all commands, or of the one that is asked for: the others take time to load."""
    parser = _Parser(
        prog="hinge-dowel",
        description="Checks hip hinges on video: what leaves the straight line along your back, "
        "rep by rep, and what to do about it. Nothing leaves your machine.",
        epilog="Exit status: 0 no sure fault, 1 a sure fault, 2 a usage error or a clip that could "
        "not be checked.",
        formatter_class=_Help,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, default=argparse.SUPPRESS, help="say the version"
    )
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", prog=parser.prog
    )

    # What completes a command line must know them all.
    alone = asked in COMMANDS and asked != "completion"
    for name in (asked,) if alone else COMMANDS:
        module = import_module(f"hinge_dowel.commands.{name}")
        added = commands.add_parser(
            name,
            help=module.SHORT,
            description=module.LONG,
            formatter_class=_Help,
            allow_abbrev=False,
        )
        module.add(added)
        added.set_defaults(run=module.run, parser=parser, own=added)
    return parser


def _run(argv: Sequence[str] | None) -> int:
    words = sys.argv[1:] if argv is None else argv
    parser = _parser(words[0] if words else "")
    # `*.mp4` may find a file whose name begins as options do; no option has a point.
    words = [f"./{w}" if w[:1] == "-" and "." in w and os.path.isfile(w) else w for w in words]  # noqa: PTH113
    try:
        with stdout():
            arguments, extra = parser.parse_known_args(words)
    except SystemExit as end:  # --help and --version
        return int(end.code or 0)
    if extra:
        own: _Parser = getattr(arguments, "own", parser)
        own.refuse(extra)
    if arguments.command is None:
        print(FIRST_STEPS.format(own=own_command()), file=sys.stderr)
        return EXIT_ERROR
    run: Callable[[argparse.Namespace], int] = arguments.run
    return run(arguments)
