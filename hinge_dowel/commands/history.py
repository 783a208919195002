"""`hinge-dowel history`: what was practised, over time."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from hinge_dowel.commands import options, values
from hinge_dowel.errors import EXIT_CLEAN, HistoryError, UsageError
from hinge_dowel.system.console import stdout, tell
from hinge_dowel.system.typed_commands import own_command

SHORT = "show, export, rename or delete the sessions you practised"
LONG = (
    "Shows what you practised over time, sessions of drill and clips kept by check --keep: clean "
    "reps, angles, streaks, the last session against the first and the best. They are kept on this "
    "machine as numbers; `hinge-dowel history move` says whose they are, and `hinge-dowel history "
    "delete` removes them."
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    options.export_option(parser, "all sessions")
    parser.add_argument(
        "--csv",
        type=values.target,
        metavar="FILE",
        help="write all reps as a table instead; - is stdout",
    )
    parser.add_argument(
        "--last",
        type=values.count(),
        default=10,
        metavar="N",
        help="show the last N sessions (default: 10)",
    )
    options.who_option(parser, "only the sessions of this person")
    options.color_option(parser)
    actions = parser.add_subparsers(
        title="actions", metavar="ACTION", dest="action", prog=parser.prog
    )
    move = actions.add_parser(
        "move",
        help="give sessions another name, or one",
        description="Says whose sessions are: of a name typed wrongly, or of none.",
        formatter_class=parser.formatter_class,
        allow_abbrev=False,
    )
    _sessions_options(move)
    move.add_argument(
        "--to", type=values.name, metavar="NAME", required=True, help="whose they are"
    )
    delete = actions.add_parser(
        "delete",
        help="delete sessions, or all of them",
        description="Deletes sessions for good. Asks first, unless --yes is given.",
        formatter_class=parser.formatter_class,
        allow_abbrev=False,
    )
    _sessions_options(delete)
    delete.add_argument(
        "--all", action="store_true", help="the whole history; no file is left behind"
    )
    delete.add_argument("--yes", action="store_true", help="do not ask")


def _sessions_options(action: argparse.ArgumentParser) -> None:
    """Add the two ways to say which sessions are meant."""
    action.add_argument(
        "numbers",
        nargs="*",
        type=values.count(),
        metavar="NUMBER",
        help="a session's number, as listed",
    )
    action.add_argument(
        "--who",
        dest="whose",
        type=values.name,
        metavar="NAME",
        help="all sessions of this person",
    )


def run(arguments: argparse.Namespace) -> int:
    """Show, export, move or delete."""
    if arguments.action == "delete":
        return _delete(arguments)
    if arguments.action == "move":
        return _move(arguments)
    if arguments.json == arguments.csv == "-":
        raise UsageError("Only one of --json and --csv can go to standard output: name a file.")
    from hinge_dowel.history import session_log
    from hinge_dowel.history.records import nothing_of, of_person, persons

    every = session_log.read()
    sessions = every if arguments.who is None else of_person(every, arguments.who)
    others_only = bool(persons(every)) and not sessions
    if others_only:
        tell(nothing_of(arguments.who, every))
    if arguments.json or arguments.csv:
        from hinge_dowel.history.records import document, table
        from hinge_dowel.report import files

        if arguments.json:
            files.write_json(document(sessions), arguments.json)
        if arguments.csv:
            files.write(table(sessions), arguments.csv)
        return EXIT_CLEAN
    if others_only:
        return EXIT_CLEAN
    from hinge_dowel.history.terminal import render
    from hinge_dowel.report.terminal import console_for

    # The name as it was first stored, whatever the capitals now.
    who = sessions[-1].who if sessions and arguments.who else arguments.who
    with stdout():
        console = console_for(sys.stdout, no_color=arguments.no_color)
        render(sessions, console, datetime.now().astimezone().date(), arguments.last, who)
    return EXIT_CLEAN


def _move(arguments: argparse.Namespace) -> int:
    from hinge_dowel.history import session_log

    if bool(arguments.numbers) == (arguments.whose is not None):
        raise UsageError(
            f"Say which sessions to move, one of these: their numbers, as {own_command()} history "
            "lists them, or --who NAME."
        )
    numbers, what = _named(arguments)
    if numbers:
        with session_log.History() as opened:
            opened.move(numbers, arguments.to)
        tell(f"Now of {arguments.to}: {what}.")
    return EXIT_CLEAN


def _named(arguments: argparse.Namespace) -> tuple[list[int], str]:
    """Return the numbers of the sessions that are meant, none after saying so, and the words."""
    from hinge_dowel.history import session_log
    from hinge_dowel.history.records import of_person
    from hinge_dowel.history.terminal import describe
    from hinge_dowel.report.wording import counted

    kept = {session.number: session for session in session_log.read()}
    if arguments.whose is None:
        numbers = sorted(set(arguments.numbers))
        for number in numbers:
            if number not in kept:
                raise session_log.no_session(number)
        return numbers, ", ".join(describe(kept[number]) for number in numbers)
    own = of_person(tuple(kept.values()), arguments.whose)
    if not own:
        verb = "move" if arguments.action == "move" else "delete"
        tell(f"There is no session of {arguments.whose}; nothing to {verb}.")
    numbers = [session.number for session in own]
    return numbers, f"all of {arguments.whose} ({counted(len(numbers), 'session')})"


def _delete(arguments: argparse.Namespace) -> int:
    from hinge_dowel.history import session_log
    from hinge_dowel.report.wording import counted

    asked = (bool(arguments.numbers), arguments.all, arguments.whose is not None)
    if asked.count(True) != 1:
        raise UsageError(
            "Say which sessions to delete, one of these: their numbers, as "
            f"{own_command()} history lists them, --who NAME, or --all."
        )
    numbers: list[int] = []
    if arguments.all:
        if not session_log.exists():
            tell("There is no history; nothing to delete.")
            return EXIT_CLEAN
        try:
            what = f"the whole history ({counted(len(session_log.read()), 'session')})"
        except HistoryError:
            what = f"the whole history, which cannot be read ({session_log.default_path()})"
    else:
        numbers, what = _named(arguments)
        if not numbers:
            return EXIT_CLEAN
    if not arguments.yes and not _agreed(what):
        tell("Nothing was deleted.")
        return EXIT_CLEAN
    if arguments.all:
        session_log.delete_all()
    else:
        with session_log.History() as opened:
            opened.delete(numbers)
    tell(f"Deleted: {what}.")
    return EXIT_CLEAN


def _agreed(what: str) -> bool:
    """Ask on the terminal; raises `UsageError` where there is none."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            f"Nothing was deleted, as there is no terminal to ask on: add --yes to delete {what}."
        )
    tell(f"Delete {what} for good? [y/N]")
    return sys.stdin.readline().strip().lower() in ("y", "yes")
