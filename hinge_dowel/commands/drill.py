"""`hinge-dowel drill`: a coach that looks on while you practise."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hinge_dowel.commands import options, results, values
from hinge_dowel.commands.model import locate
from hinge_dowel.errors import EXIT_ERROR, HistoryError, UsageError
from hinge_dowel.system.console import animates, stdout, tell
from hinge_dowel.system.typed_commands import command_for

if TYPE_CHECKING:
    from rich.console import Console

    from hinge_dowel.analysis.rules import Rules, RulesChooser
    from hinge_dowel.history.records import SessionRecord
    from hinge_dowel.history.session_log import Session
    from hinge_dowel.live.camera import Source
    from hinge_dowel.live.display import View
    from hinge_dowel.live.runner import SessionResult
    from hinge_dowel.live.snapshot import Plan
    from hinge_dowel.tolerances import Tolerances

SHORT = "practise in front of a camera, with a coach"
LONG = (
    "Watches you practise and tells after every rep what left the dowel. Stand side-on to the "
    "camera, about 3 m away, the whole body in the picture. Space pauses, r measures your standing "
    "again, q ends. A video file plays at its own speed and ends the session; with --sets or "
    "--reps the session ends after the last set."
)


HUM = (
    "Next time try --hum: you hear the dowel, a soft tone for each place that is about to leave "
    "it, and need not look at the screen."
)
"""Printed once, after the first session that is stored, if it was before a camera."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    named = "a camera's number, a video file, or a stream's address"
    parser.add_argument("named", nargs="?", metavar="SOURCE", help=f"{named} (default: camera 0)")
    parser.add_argument("--source", metavar="CAMERA|FILE|URL", help="the same, as an option")
    number = values.count(999)
    parser.add_argument("--sets", type=number, metavar="N", help="sets (default: the plan's, or 3)")
    parser.add_argument(
        "--reps", type=number, metavar="N", help="reps a set (default: the plan's, or 12)"
    )
    parser.add_argument(
        "--rest",
        type=values.quantity(0, 3600, "seconds from 0 to 3600"),
        metavar="S",
        help="seconds of rest between sets (default: the plan's, or 45)",
    )
    options.exercise_options(parser, None, "the plan's before a camera, hinge for a film")
    parser.add_argument("--voice", action="store_true", help="speak the cues")
    parser.add_argument(
        "--hum",
        action="store_true",
        help="hear the dowel: a tone for each place that nears its limit, rough once it has left",
    )
    parser.add_argument("--mute", action="store_true", help="no tick after a rep")
    options.json_option(parser)
    parser.add_argument(
        "--record",
        type=Path,
        metavar="FILE",
        help="keep a film of it, dowel drawn in (MP4); one that is there already stays",
    )
    options.config_option(parser)
    options.film_options(parser, choose=False)
    parser.add_argument(
        "--no-history", action="store_true", help="do not keep this session in the history"
    )
    options.who_option(parser, "whose session it is: several people may share a history")
    options.note_option(parser)
    parser.add_argument(
        "--stats", action="store_true", help="print how long it takes from picture to verdict"
    )
    options.model_option(parser)
    parser.add_argument("--quiet", action="store_true", help="show nothing; for scripts")
    options.color_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the session, sum it up, write the results; return the exit status."""
    from hinge_dowel.analysis.rules import HINGE, Rules
    from hinge_dowel.exercises.catalogue import rules_for
    from hinge_dowel.live.camera import open_source
    from hinge_dowel.report.terminal import console_for

    # All options are checked now, before anybody stands up.
    tolerances = options.tolerances_of(arguments)
    record = _film_to_write(arguments)
    source = open_source(_source(arguments), options=options.film_options_of(arguments))
    plan = _plan(arguments, live=source.live)
    rules = rules_for(plan.exercise, wall_cm=arguments.wall_cm)
    # Where `auto` is to recognise the exercise, the goal to see and hear is a hinge's.
    goal_rules = rules if isinstance(rules, Rules) else HINGE
    goal = goal_rules.applied(tolerances)
    plan = replace(plan, reaching="short_of_the_wall" in goal_rules.notes)
    errors = console_for(sys.stderr, no_color=arguments.no_color)
    # With results on standard output, lines go to standard error.
    stream = sys.stderr if arguments.json == "-" else sys.stdout
    console = console_for(stream, no_color=arguments.no_color)
    model = locate(arguments.model, errors, quiet=arguments.quiet)
    view = _view(arguments, console, goal, mirror=source.live)
    with contextlib.ExitStack() as stack:
        session = None
        if not arguments.no_history:
            session = _begun(arguments, source.name, plan, stack)
        result = _practise(
            plan,
            source,
            tolerances=tolerances,
            rules=rules,
            view=view,
            model=model,
            record=record,
            session=session,
            **_sounds(arguments, view, goal.shallow_deg, stack),
        )
        return _conclude(arguments, result, plan, session, console)


def _conclude(
    arguments: argparse.Namespace,
    result: SessionResult,
    plan: Plan,
    session: Session | None,
    console: Console,
) -> int:
    """Write and print what is wanted of a session; return the exit status."""
    from hinge_dowel.report import files

    verdict = replace(result.verdict, who=arguments.who, note=arguments.note)
    # Files first: they must be written even if the reader of standard output hangs up. One that
    # cannot be written does not hide the summary.
    try:
        if isinstance(arguments.json, Path):
            files.write_json(files.document([verdict]), arguments.json)
    finally:
        for sentence in result.troubles:
            tell(sentence)
        if not arguments.quiet and not result.hung_up:
            if verdict.status == "unusable":
                tell(f"No rep was judged. {verdict.reason}")
            else:
                _sum_up(arguments, result, plan, session, console)
    if arguments.stats:
        tell(result.stats.sentence())
    if arguments.json == "-":
        files.write_json(files.document([verdict]), "-")
    return EXIT_ERROR if result.failed else results.exit_status([verdict])


def _film_to_write(arguments: argparse.Namespace) -> Path | None:
    """Return where the film of the session goes, beside one of that name; check all outputs."""
    from hinge_dowel.live.recording import free_name
    from hinge_dowel.report import files

    files.ensure_writable(arguments.json, arguments.record)
    record = None if arguments.record is None else free_name(arguments.record)
    if record != arguments.record:
        tell(f"{arguments.record} is there already and stays: this session goes to {record}.")
    return record


def _view(
    arguments: argparse.Namespace, console: Console, tolerances: Tolerances, *, mirror: bool
) -> View:
    """Return the screen, lines where the terminal has none, or nothing if `--quiet`."""
    from hinge_dowel.live.display import LinesView, ScreenView, View
    from hinge_dowel.live.screen.layout import CHARACTERS
    from hinge_dowel.report.terminal import TerminalPen

    if arguments.quiet:
        return View()
    # No screen on standard error: it would be silenced with the pose library's messages.
    if arguments.json != "-" and animates(console) and TerminalPen(console).shows(CHARACTERS):
        return ScreenView(console, mirror=mirror, tolerances=tolerances)
    return LinesView(console, tell)


def _sounds(
    arguments: argparse.Namespace, view: View, goal_deg: float, stack: contextlib.ExitStack
) -> dict[str, Any]:
    """Return ticks, voice and hum as far as wanted, which `stack` closes."""
    from hinge_dowel.live import hum, sound

    voice = stack.enter_context(contextlib.closing(sound.voice())) if arguments.voice else None
    tones = hum.opened(goal_deg) if arguments.hum else None
    if tones is not None:
        stack.callback(tones.close)
    elif arguments.hum:
        tell("--hum finds no loudspeaker on this machine: the session goes on without it.")
    ticks = None
    if not arguments.mute and not arguments.quiet and (view.screen or tones is not None):
        ticks = sound.ticks(view.bell) if tones is None else tones.tick
    return {"ticks": ticks, "voice": voice, "hum": tones}


def _source(arguments: argparse.Namespace) -> str:
    """Return the source as typed, by position or by --source; camera 0 by default."""
    if arguments.named is not None and arguments.source is not None:
        raise UsageError(
            f"Two sources, {arguments.named} and {arguments.source}: name one of them."
        )
    return str(arguments.named or arguments.source or 0)


def _begun(
    arguments: argparse.Namespace, source: str, plan: Plan, stack: contextlib.ExitStack
) -> Session:
    """Open the history, which `stack` closes, for a session that begins now."""
    from hinge_dowel.analysis.rules import HINGE_NAME
    from hinge_dowel.exercises import AUTO
    from hinge_dowel.history import session_log

    try:
        return stack.enter_context(session_log.History()).begin(
            source=source,
            sets=plan.sets,
            reps=plan.reps,
            # `describe` replaces it once the exercise is recognised.
            exercise=HINGE_NAME if plan.exercise == AUTO else plan.exercise,
            who=arguments.who,
            note=arguments.note,
        )
    except HistoryError as error:
        raise _without(error) from error


def _without(error: HistoryError) -> HistoryError:
    return HistoryError(f"{error} Or practise without it: --no-history.")


def _practise(
    plan: Plan,
    source: Source,
    *,
    tolerances: Tolerances,
    rules: Rules | RulesChooser,
    view: View,
    model: Path,
    **parts: Any,
) -> SessionResult:
    """Show that it is loading, load, and run the session; `parts` as in `SessionParts`.

    The pose model loads in a thread during the imports: a second each on a slow machine.
    """
    from hinge_dowel.live.keys import keys
    from hinge_dowel.live.snapshot import Snapshot
    from hinge_dowel.pose.tracker import PoseTracker, quiet_native_output

    quiet = quiet_native_output() if view.screen else contextlib.nullcontext()
    # A key that is pressed meanwhile waits for the session.
    with quiet, view, keys(), ThreadPoolExecutor(1, "pose") as beside:
        view.show(Snapshot("loading", message="Loading"))
        opening = beside.submit(PoseTracker, model)
        from hinge_dowel.live.runner import SessionParts, SessionRunner

        with opening.result() as tracker:
            connected = SessionParts(tracker, model, view, **parts)
            runner = SessionRunner(plan, source, connected, tolerances=tolerances, rules=rules)
            return runner.run()


def _sum_up(
    arguments: argparse.Namespace,
    result: SessionResult,
    plan: Plan,
    session: Session | None,
    console: Console,
) -> None:
    """Print the summary of a session in which a rep was judged."""
    from hinge_dowel.history.plan_terminal import print_next
    from hinge_dowel.history.records import alike, streaks
    from hinge_dowel.history.terminal import after_session
    from hinge_dowel.live.advice import review
    from hinge_dowel.live.screen.summary import print_summary

    verdict = result.verdict
    history: Sequence[SessionRecord] = ()
    number = None if session is None else session.number
    if session is not None:
        try:
            history = session.history.sessions()
        except HistoryError as error:
            tell(str(error))
    with stdout():
        seen = review(
            result.sets,
            planned=plan.reps if plan.sets else 0,
            live=plan.live,
            clean_streak=streaks(alike(history, number))[0],
            limits=verdict.limits,
        )
        print_summary(
            result.sets,
            seen,
            console,
            elapsed_s=result.stats.seconds,
            exercise=verdict.exercise,
            not_counted=result.not_counted,
        )
        after_session(history, number, console)
        print_next(history, number, console, datetime.now().astimezone().date())
    if len(history) == 1 and plan.live and not arguments.hum:
        tell(HUM)


def _plan(arguments: argparse.Namespace, *, live: bool) -> Plan:
    """Return what to practise: as asked for, else with a camera as the history's plan says.

    A film without a number of sets or reps is counted to its end.
    """
    from hinge_dowel.history import plan, session_log
    from hinge_dowel.live.snapshot import plan_for
    from hinge_dowel.report.sentences import exercise_words

    upcoming = None
    asked = {name: getattr(arguments, name) for name in ("exercise", "sets", "reps")}
    if live and not arguments.no_history and None in asked.values():
        today = datetime.now().astimezone().date()
        try:
            upcoming = plan.next_session(session_log.read(), arguments.who, today)
        except HistoryError as error:
            raise _without(error) from error
    todo = plan_for(upcoming, **asked, rest_s=arguments.rest)
    if upcoming is not None and asked["exercise"] is None and not arguments.quiet:
        tell(
            f"The plan says {exercise_words(todo.exercise)}, {todo.sets} x {todo.reps} "
            f"(why: {command_for('plan', arguments.who)}; to choose another: --exercise NAME)."
        )
    if not live and asked["sets"] is None and asked["reps"] is None:
        todo = replace(todo, sets=0)
    return replace(todo, live=live, wall_cm=arguments.wall_cm)
