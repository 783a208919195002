"""`hinge-dowel plan`: where you stand on the ladder of exercises, and what comes next."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from hinge_dowel.commands import options
from hinge_dowel.errors import EXIT_CLEAN
from hinge_dowel.system.console import stdout, tell

SHORT = "where you stand on the ladder of exercises, and the next session"
LONG = (
    "Says at which level you are and which sessions brought you there, what the next session is, "
    "and when to move on. drill without options does what it says."
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    options.who_option(parser, "whose plan (default: of the sessions without a name)")
    options.export_option(parser, "the plan")
    options.color_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the plan."""
    from hinge_dowel.exercises.ladder import next_session
    from hinge_dowel.history import plan, session_log
    from hinge_dowel.history.records import nothing_of, of_person, persons

    sessions = session_log.read()
    today = datetime.now().astimezone().date()
    now = plan.ladder_place(sessions, arguments.who, today)
    upcoming = next_session(now, today)
    practised = of_person(sessions, arguments.who)
    if arguments.json:
        from hinge_dowel.report.files import write_json

        write_json(plan.document(now, upcoming, arguments.who), arguments.json)
    else:
        from hinge_dowel.history.plan_terminal import render
        from hinge_dowel.report.terminal import console_for

        with stdout():
            console = console_for(sys.stdout, no_color=arguments.no_color)
            render(now, upcoming, practised[-1].who if practised else arguments.who, console, today)
    if persons(sessions) and not practised:
        tell(nothing_of(arguments.who, sessions))
    return EXIT_CLEAN
