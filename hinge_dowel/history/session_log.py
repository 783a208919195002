"""The history: every session and its reps, numbers only, in one file of this user.

A rep is on the disk when `Session.add` returns; whatever ends the program after that, a session
without an end stays readable as unfinished.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from hinge_dowel.errors import HistoryError, UsageError
from hinge_dowel.history.database import Ledger
from hinge_dowel.history.records import KeptRep, Practice, streaks
from hinge_dowel.system.names import without_secrets
from hinge_dowel.system.paths import data_dir, remove_if_empty
from hinge_dowel.verdict import Facing, Neutral, Rep

FILE = "history.sqlite3"
BESIDE = ("-journal", "-wal", "-shm")
"""What SQLite may put beside the file, by the end of the name."""


class History:
    """The history file, open. Use it in a `with` block; safe to call from several threads."""

    def __init__(self, path: Path, *, make: bool = True) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._file = Ledger(path, make=make)

    @classmethod
    def open(cls, path: Path | None = None) -> History:
        """Open the history to add to it, made if there is none (default: the user's own).

        Raises `HistoryError` when it cannot be read, is damaged, or is of a newer version.
        """
        return cls(path or default_path())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. Everything is on the disk already."""
        with self._lock:
            self._file.close()

    def begin(
        self,
        *,
        source: str,
        sets: int,
        reps: int,
        started: datetime | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> Session:
        """Begin a session of `sets` sets of `reps` reps; `started` is now unless given
        (without a time zone: in this machine's).

        `source` says where the pictures come from; a password in a URL is not kept. Nothing is
        stored before the first rep. Raises `HistoryError` when the file cannot be written, so
        that a person knows before practising.
        """
        with self._lock:
            self._file.try_writing()
        if started is None or started.tzinfo is None:
            started = (started or datetime.now()).astimezone()
        row = {
            "started": started.isoformat(timespec="seconds"),
            "source": without_secrets(source),
            "sets": sets,
            "reps": reps,
            "facing": None,
            "view_angle_deg": None,
            "neutral": None,
            "duration_s": None,
        }
        return Session(self, row, clock)

    def sessions(self) -> tuple[Practice, ...]:
        """All sessions in the order in which they were begun.

        Raises `HistoryError` when the file cannot be read.
        """
        with self._lock:
            return self._file.sessions()

    def clean_streak(self) -> int:
        """How many clean sessions in a row there were up to now (see `streaks`)."""
        return streaks(self.sessions())[0]

    def delete(self, numbers: Sequence[int]) -> None:
        """Delete sessions by their numbers, all or none; what they held is overwritten.

        Raises `UsageError` for a number there is none of, `HistoryError` when it cannot be done.
        """
        with self._lock, self._file.writing():
            for number in numbers:
                if not self._file.has_session(number):
                    raise no_session(number)
                self._file.delete_session(number)

    def _add(self, session: Session, place: int, rep: KeptRep) -> None:
        """Store one rep, and its session before it if it is the first."""
        with self._lock:
            if self._file.gone():
                # Somebody deleted the whole history in the meantime: this session begins a new one.
                self._file.close()
                self._file = Ledger(self.path)
                session.number = None
            with self._file.writing():
                number = session.number
                if number is None or not self._file.has_session(number):
                    number = self._file.add_session(session.row)
                self._file.add_rep(number, place, rep)
            session.number = number

    def _update(self, session: Session) -> None:
        if session.number is not None:
            with self._lock, self._file.writing():
                self._file.update_session(session.number, session.row)


class Session:
    """A session under way. `number` is None until its first rep is stored."""

    def __init__(self, history: History, row: dict[str, Any], clock: Callable[[], float]) -> None:
        self.number: int | None = None
        self.row = row
        self._history = history
        self._clock = clock
        self._begun = clock()
        self._count = 0

    def add(self, set_number: int, rep: Rep) -> None:
        """Store one finished rep; it is on the disk when this returns.

        Raises `HistoryError` when it cannot be stored; what was stored before is kept, and the
        next rep may be tried again.
        """
        at_s = self._clock() - self._begun
        self._history._add(self, self._count + 1, KeptRep(set_number, at_s, rep.to_dict()))
        self._count += 1

    def describe(
        self,
        *,
        facing: Facing | None = None,
        view_angle_deg: float | None = None,
        neutral: Neutral | None = None,
    ) -> None:
        """Note how the person is seen, once that is known; None leaves a value as it was.

        Raises `HistoryError` when it cannot be stored.
        """
        told = {"facing": facing, "view_angle_deg": view_angle_deg, "neutral": neutral}
        self._set({name: value for name, value in told.items() if value is not None})

    def end(self, *, duration_s: float | None = None) -> None:
        """Mark the session as finished; it lasted from `begin` to now unless told otherwise.

        Raises `HistoryError` when it cannot be stored.
        """
        self._set({"duration_s": self._clock() - self._begun if duration_s is None else duration_s})

    def _set(self, values: dict[str, Any]) -> None:
        self.row |= values
        self._history._update(self)


def default_path() -> Path:
    """Where the user's own history is; it need not exist."""
    return data_dir() / FILE


def exists(path: Path | None = None) -> bool:
    """Whether there is a history, in whatever state."""
    path = path or default_path()
    return any(file.exists() for file in _files(path))


def no_session(number: int) -> UsageError:
    """What to say of a number that no session has."""
    return UsageError(
        f"There is no session {number} in the history: hinge-dowel history lists their numbers."
    )


def read(path: Path | None = None) -> tuple[Practice, ...]:
    """All sessions of a history, none if there is no file; nothing is made or changed.

    (A file of an older version is brought up to date.) Raises `HistoryError` as `History.open`.
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
    # With the file locked, so that nobody is in the midst of writing. Where it cannot be locked
    # (damaged, of a newer version, or on Windows, where an open file stays) it goes all the same.
    with suppress(HistoryError), Ledger(path, make=False) as file, file.writing():
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
