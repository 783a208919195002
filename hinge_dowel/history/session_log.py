"""The history: every session and its reps, numbers only, in one file of this user.

A rep is on the disk when `Session.add` returns. If the program dies after that, the session stays
readable as unfinished.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hinge_dowel.analysis.rules import HINGE_NAME
from hinge_dowel.errors import HistoryError, UsageError
from hinge_dowel.history.database import COLUMNS, OF_VERDICT, SessionDatabase
from hinge_dowel.history.records import RecordedRep, SessionRecord
from hinge_dowel.system.names import one_line, printable, without_secrets
from hinge_dowel.system.paths import data_dir, remove_if_empty
from hinge_dowel.system.typed_commands import own_command
from hinge_dowel.verdict import Rep, Verdict

FILE = "history.sqlite3"
BESIDE = ("-journal", "-wal", "-shm")
"""Suffixes of the files that SQLite may put beside the history."""


class History(SessionDatabase):
    """The history (default: the user's own), open; made if there is none. Use it in a `with` block.

    Raises `HistoryError` when it cannot be read, is damaged, or is of a newer version.
    """

    def __init__(self, path: Path | None = None, *, make: bool = True) -> None:
        super().__init__(path or default_path(), make=make)

    def begin(
        self,
        *,
        source: str,
        sets: int,
        reps: int,
        exercise: str = HINGE_NAME,
        who: str | None = None,
        note: str | None = None,
        started: datetime | None = None,
    ) -> Session:
        """Begin a session of `sets` sets of `reps` reps, 0 sets for no plan.

        `started` defaults to now; without a time zone it is in this machine's. `source` names the
        camera or film; a password in a URL is not stored. `who` and `note` are as typed. Nothing
        is stored before the first rep. Raises `HistoryError` if the file cannot be written.
        """
        self.try_out()
        planned = {"sets": sets, "reps": reps, "exercise": exercise}
        return Session(self, _row(source, started, who, note) | planned)

    def keep(
        self,
        verdict: Verdict,
        *,
        content: str | None = None,
        started: datetime | None = None,
        who: str | None = None,
        note: str | None = None,
    ) -> tuple[int, bool]:
        """Store the verdict on a clip as a session; return its number, and whether it is new.

        `content` is the hash of the clip's content. If a session has it already, whatever the
        clip's name, that session is updated (`who` and `note` stay unless given). `started` is when
        the clip was made (default: now). Raises `HistoryError` when it cannot be stored, and
        `ValueError` for a verdict without a repetition.
        """
        if not verdict.reps:
            raise ValueError("nothing to keep: a verdict without a repetition")
        kept = [RecordedRep(1, _when_s(rep), rep.to_dict()) for rep in verdict.reps]
        row = _row(verdict.clip, started, who, note) | _columns_of(verdict)
        row |= {"kind": "check", "content": content, "sets": 1, "reps": len(kept)}
        row["duration_s"] = max(rep.at_s for rep in kept)
        with self.writing():
            number = None if content is None else self.number_of(content)
            new = number is None
            if number is None:
                number = self.add_session(row)
            else:
                self.update_session(number, row)
            self.replace_reps(number, kept)
        return number, new

    def delete(self, numbers: Sequence[int]) -> None:
        """Delete sessions by their numbers, all or none; their content is overwritten.

        Raises `UsageError` for a number that no session has, `HistoryError` when it cannot be done.
        """
        with self.writing():
            for number in numbers:
                if not self.has_session(number):
                    raise no_session(number)
                self.delete_session(number)

    def move(self, numbers: Sequence[int], who: str) -> None:
        """Say of sessions, by their numbers, all or none, that they are `who`'s.

        Raises `UsageError` for a number that no session has, `HistoryError` when it cannot be done.
        """
        with self.writing():
            for number in numbers:
                if not self.has_session(number):
                    raise no_session(number)
                self.name_session(number, one_line(who))


class Session:
    """A session under way. `number` is None until its first rep is stored."""

    def __init__(self, history: History, row: dict[str, Any]) -> None:
        self.number: int | None = None
        self.row = row
        self.history = history
        self._begun_s = time.monotonic()
        self._count = 0
        self._kept: list[RecordedRep] = []

    def add(self, set_number: int, rep: Rep) -> None:
        """Store one finished rep; it is on the disk when this returns.

        Raises `HistoryError` when it cannot be stored; what was stored before is kept, and the
        next rep may be tried again.
        """
        kept = RecordedRep(set_number, time.monotonic() - self._begun_s, rep.to_dict())
        if self.history.reopened():
            self.number = None  # the whole history was deleted: this session begins a new one
        history, number = self.history, self.number
        with history.writing():
            if number is None or not history.has_session(number):
                number = history.add_session(self.row)
            history.add_rep(number, self._count + 1, kept)
        self._count += 1
        if self.number != number:  # the first rep, or those before were deleted
            self._kept = []
        self.number = number
        self._kept.append(kept)

    def keep_only(self, sets: Sequence[Sequence[Rep]]) -> None:
        """Of the stored reps keep those in `sets`, placed and numbered as there.

        Raises `HistoryError` when that cannot be stored.
        """
        stored = {_times(one.entry): one for one in self._kept}
        placed = [(number, rep.to_dict()) for number, reps in enumerate(sets, 1) for rep in reps]
        kept = [
            replace(stored[_times(entry)], set_number=number, entry=entry)
            for number, entry in placed
            if _times(entry) in stored
        ]
        history = self.history
        with history.writing():
            if self.number is not None and history.has_session(self.number):
                if kept:
                    history.replace_reps(self.number, kept)
                else:
                    history.delete_session(self.number)
        self.number = self.number if kept else None
        self._kept = kept

    def describe(self, verdict: Verdict) -> None:
        """Store what a verdict says of the whole session (not its reps).

        Raises `HistoryError` when it cannot be stored.
        """
        known = _columns_of(verdict).items()
        self._set({name: value for name, value in known if value is not None})

    def end(self) -> None:
        """Mark the session as finished: it lasted from `begin` to now.

        Raises `HistoryError` when it cannot be stored.
        """
        self._set({"duration_s": time.monotonic() - self._begun_s})

    def _set(self, values: dict[str, Any]) -> None:
        self.row |= values
        if self.number is not None:
            # Whose it is may have been changed meanwhile (`History.move`): that stays.
            with self.history.writing():
                self.history.update_session(self.number, self.row | {"who": None})


def _row(
    source: str, started: datetime | None, who: str | None, note: str | None
) -> dict[str, Any]:
    """Return a new session's row (`database.COLUMNS`), without plan and results."""
    if started is None or started.tzinfo is None:
        started = (started or datetime.now()).astimezone()
    return dict.fromkeys(COLUMNS) | {
        "started": started.isoformat(timespec="seconds"),
        "source": printable(without_secrets(source)),
        "who": one_line(who or "") or None,
        "note": one_line(note or "") or None,
        "kind": "drill",
        "more": "{}",
    }


_MORE = ("exercise_sure", "limits")
"""Entries of a verdict that have no column and cannot be derived from the reps."""


def _columns_of(verdict: Verdict) -> dict[str, Any]:
    """Return the columns of a session that a verdict fills."""
    entry = verdict.to_dict()
    own = {name: entry[name] for name in OF_VERDICT}
    return own | {"more": json.dumps({name: entry[name] for name in _MORE}, allow_nan=False)}


def _times(entry: Mapping[str, Any]) -> tuple[float | None, ...]:
    """Return start, bottom and end of a rep, by which it is known."""
    return entry["start_s"], entry["bottom_s"], entry["end_s"]


def _when_s(rep: Rep) -> float:
    """Return when a rep ended, in seconds from the clip's start; else its bottom, start, or 0."""
    return next((s for s in (rep.end_s, rep.bottom_s, rep.start_s) if s is not None), 0.0)


def default_path() -> Path:
    """Return the path of the user's own history; it need not exist."""
    return data_dir() / FILE


def exists() -> bool:
    """Return whether there is any file of the user's own history, in whatever state."""
    return any(file.exists() for file in _files(default_path()))


def no_session(number: int) -> UsageError:
    """Return the error for a number that no session has."""
    return UsageError(
        f"There is no session {number} in the history: {own_command()} history lists their numbers."
    )


def read(path: Path | None = None) -> tuple[SessionRecord, ...]:
    """Return all sessions of a history, none if there is no file; no file is made.

    A file of an older version is migrated. Raises `HistoryError` as `History`.
    """
    path = path or default_path()
    if not path.exists():
        return ()
    with History(path, make=False) as history:
        return history.sessions()


def delete_all(path: Path | None = None) -> None:
    """Remove the whole history, whatever state it is in, and leave no file behind.

    Waits for another process to finish what it writes. Raises `HistoryError` when a file cannot
    be removed.
    """
    path = path or default_path()
    # First with the file locked, so that nobody is writing. Where it cannot be locked (damaged, of
    # a newer version) or deleted while open (Windows), it is deleted without the lock.
    with suppress(HistoryError), SessionDatabase(path, make=False) as file, file.writing():
        _unlink(path)
    _unlink(path)
    remove_if_empty(path.parent)


def _files(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in ("", *BESIDE)]


def _unlink(path: Path) -> None:
    try:
        for file in _files(path):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise HistoryError(
            f"Cannot delete the history {path} ({error.strerror}): delete that file yourself."
        ) from error
