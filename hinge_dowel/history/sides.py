"""Finds what is to be compared: a session of the history by number or date, or a results file.

Clips and files of keypoints are checked by the command, which makes a `Side` of them itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hinge_dowel.errors import ClipError, UsageError
from hinge_dowel.history.records import SessionRecord, nothing_of, of_person
from hinge_dowel.history.session_log import no_session
from hinge_dowel.history.trends import best_session
from hinge_dowel.report.comparison import Side
from hinge_dowel.system.names import printable
from hinge_dowel.system.plain_values import built
from hinge_dowel.system.typed_commands import own_command
from hinge_dowel.verdict import Verdict

WORDS: dict[str, Callable[[Sequence[SessionRecord]], SessionRecord]] = {
    "first": lambda sessions: sessions[0],
    "last": lambda sessions: sessions[-1],
    "best": best_session,
}
"""The words that name a session."""


def session_side(
    text: str, history: Sequence[SessionRecord], who: str | None
) -> tuple[Side, str | None] | None:
    """Return a session by number, date, or word (first, last, best), and a remark or None.

    None where the text is none of these, so that it names a file. With `who`, dates and words
    apply to that person's sessions. Raises `UsageError` where there is no such session.
    """
    if re.fullmatch(r"#?\d{1,9}", text):
        return _side(_numbered(history, int(text.lstrip("#")))), None
    word = WORDS.get(text.lower())
    day = None if word else _day(text)
    if word is None and day is None:
        return None
    sessions = of_person(history, who) if who is not None else tuple(history)
    if not sessions:
        raise UsageError(nothing_of(who, history))
    if word is not None:
        return _side(word(sessions)), None
    that_day = [session for session in sessions if session.started.date() == day]
    if not that_day:
        whose = f" of {who}" if who else ""
        raise UsageError(
            f"There is no session{whose} on {text} in the history: {own_command()} history lists "
            "them."
        )
    return _side(that_day[-1]), _one_of_several(text, that_day)


def _numbered(history: Sequence[SessionRecord], number: int) -> SessionRecord:
    for session in history:
        if session.number == number:
            return session
    raise no_session(number)


def _one_of_several(day: str, sessions: Sequence[SessionRecord]) -> str | None:
    """Return the remark that a day has several sessions, None where it has one."""
    if len(sessions) == 1:
        return None
    numbers = ", ".join(str(session.number) for session in sessions)
    return f"{day} has sessions {numbers}: the last of them is compared."


def _side(session: SessionRecord) -> Side:
    try:
        name = f"session {session.number}"
        if session.kind == "check":
            name += f", {session.verdict.clip}"
        return Side(printable(name), session.verdict, session.started)
    except ValueError as error:
        raise UsageError(
            f"Session {session.number} holds something that this hinge-dowel does not know "
            f"({error}): update hinge-dowel, or compare another."
        ) from error


def _day(text: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"There is no day {text}: write it as 2026-03-01.") from error


def result_side(text: str) -> Side | None:
    """Return a clip of a results file: `results.json`, or `results.json#me.mp4` of several.

    None where the text names no such file. Raises `UsageError` for a clip that is not in it, and
    `ClipError` for a file that cannot be understood.
    """
    place, _, clip = text.partition(".json#")
    path = Path(text) if not clip else Path(place + ".json")
    if path.suffix.lower() != ".json":
        return None
    try:
        held = json.loads(path.read_bytes())  # also as Windows' PowerShell writes it behind `>`
    except (OSError, ValueError, RecursionError):
        return None  # then it is read as keypoints, and that reader reports what is wrong
    if not isinstance(held, dict) or not isinstance(held.get("clips"), list):
        return None
    entries = [entry for entry in held["clips"] if isinstance(entry, dict)]
    entry = _entry(entries, path, clip)
    try:
        return Side(printable(str(entry["clip"])), built(Verdict, entry, tolerant=True))
    except (ValueError, KeyError) as error:
        raise ClipError(f"{path} is not a results file of this hinge-dowel: {error}.") from error


def _entry(entries: Sequence[Mapping[str, Any]], path: Path, clip: str) -> Mapping[str, Any]:
    names = [str(entry.get("clip")) for entry in entries]
    usable = [name for name, entry in zip(names, entries, strict=True) if entry.get("reps")]
    if clip:
        if clip not in names:
            shown = ", ".join([*names[:5], "and others"][: len(names)]) or "none"
            raise UsageError(f"{path} has no clip {clip}: it has {shown}.")
        return entries[names.index(clip)]
    if len(entries) != 1:
        example = f": say which, as {path}#{[*usable, *names][0]}" if names else ""
        raise UsageError(f"{path} has {len(entries)} clips{example}.")
    return entries[0]
