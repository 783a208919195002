"""Stores verdicts on clips as sessions of the history, each clip once."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from hinge_dowel.history.session_log import History
from hinge_dowel.system.names import same_name
from hinge_dowel.system.typed_commands import own_command
from hinge_dowel.verdict import Verdict
from hinge_dowel.video.recording_time import recorded_at


def keep_clips(
    history: History,
    checked: Iterable[tuple[Verdict, Path | str, str | None]],
    *,
    who: str | None,
    note: str | None,
) -> str:
    """Store `checked` clips: each a verdict, a path or URL, and the hash of the content.

    Returns the outcome in words. Clips without a repetition are left out. A clip is dated by
    `made_at`, a URL by the present. Raises `HistoryError` when they
    cannot be stored.
    """
    new: list[int] = []
    known: list[int] = []
    folders: set[str] = set()
    without = 0
    whose = {session.number: session.who for session in history.sessions()}
    for verdict, clip, content in checked:
        if not verdict.reps:
            without += 1
            continue
        number, is_new = history.keep(
            verdict, content=content, started=made_at(clip), who=who, note=note
        )
        (new if is_new else known).append(number)
        if is_new:
            folders.add(str(clip.parent) if isinstance(clip, Path) else clip.rpartition("/")[0])
    said = []
    if new:
        said.append(f"kept as {_sessions(new)}")
    if known:
        said.append(f"brought up to date, as it was kept before: {_sessions(known)}")
    before = {name for number in known if who and (name := whose[number]) is not None}
    if others := sorted(name for name in before if not same_name(name, who)):
        said.append(f"now of {who}, no longer of {', '.join(others)}")
    if not said:
        return "Nothing was kept in the history, as no repetition was found."
    left = f" {without} without a repetition left out." if without else ""
    if who is None and len(folders) > 1:
        left += (
            " All count as one person's: where they are not, check each person's with --who NAME, "
            f"or say it by {own_command()} history move."
        )
    return f"History: {'; '.join(said)}.{left}"


def made_at(clip: Path | str) -> datetime | None:
    """Return when a clip was made (local time zone); None for a URL, or if unknown.

    That is when the film says that it was recorded, else when its file was last changed.
    """
    if isinstance(clip, Path):
        with suppress(OSError, OverflowError, ValueError):
            changed = datetime.fromtimestamp(clip.stat().st_mtime).astimezone()
            with suppress(OSError):
                return (recorded_at(clip, changed) or changed).astimezone()
            return changed
    return None


def _sessions(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"session {numbers[0]}"
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"sessions {numbers[0]} to {numbers[-1]}"
    return f"sessions {', '.join(map(str, numbers))}"
