"""The SQLite file of the history: its tables, its versions, and its errors as sentences.

SQLite's rollback journal is used, not its write-ahead log: it works on network folders and in
read-only ones, and leaves no other file behind.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from hinge_dowel.errors import HistoryError
from hinge_dowel.history.records import KINDS, RecordedRep, SessionRecord
from hinge_dowel.system.paths import HOME_VARIABLE, make_private

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # AUTOINCREMENT: the number of a deleted session is never given to another.
        """CREATE TABLE session (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            started TEXT NOT NULL,
            source TEXT NOT NULL,
            sets INTEGER NOT NULL,
            reps INTEGER NOT NULL,
            facing TEXT,
            view_angle_deg REAL,
            neutral TEXT,
            duration_s REAL
        )""",
        # `entry` is Rep.to_dict() as JSON, so that Rep may gain fields without a migration.
        """CREATE TABLE rep (
            session INTEGER NOT NULL REFERENCES session (number) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            set_number INTEGER NOT NULL,
            at_s REAL NOT NULL,
            entry TEXT NOT NULL,
            PRIMARY KEY (session, place)
        ) WITHOUT ROWID""",
    ),
    (
        # Version 1 knew one exercise, and only sessions of drill.
        "ALTER TABLE session ADD COLUMN exercise TEXT NOT NULL DEFAULT 'hinge'",
        "ALTER TABLE session ADD COLUMN who TEXT",
        "ALTER TABLE session ADD COLUMN note TEXT",
        "ALTER TABLE session ADD COLUMN kind TEXT NOT NULL DEFAULT 'drill'",
        # The hash of a clip's content, so that no clip is stored twice.
        "ALTER TABLE session ADD COLUMN content TEXT",
        # A JSON object, so that values for the whole verdict may be added without a migration.
        "ALTER TABLE session ADD COLUMN more TEXT NOT NULL DEFAULT '{}'",
        "CREATE UNIQUE INDEX session_content ON session (content)",
    ),
)
"""The statements that bring a file from version n (`user_version`) to n + 1. Only append."""

OF_VERDICT = ("facing", "view_angle_deg", "neutral", "exercise")
"""The columns of a session that tell what was judged, by the names of `Verdict`."""
COLUMNS = (
    *("started", "source", "sets", "reps", "duration_s", *OF_VERDICT),
    *("who", "note", "kind", "content", "more"),
)
"""The columns of a session except its number: `started` with time zone (ISO 8601), `source` the
name of the clip or camera, `kind` the command that made it, `more` a JSON object of further entries
of the verdict."""

# S608: the names are the constants above, and every value is bound.
_NAMES, _VALUES = ", ".join(COLUMNS), ", ".join(f":{name}" for name in COLUMNS)
_SELECT = f"SELECT number, {_NAMES} FROM session ORDER BY number"  # noqa: S608
_INSERT = f"INSERT INTO session ({_NAMES}) VALUES ({_VALUES})"  # noqa: S608
_KEPT = _VALUES.replace(":who, :note", "coalesce(:who, who), coalesce(:note, note)")
_UPDATE = f"UPDATE session SET ({_NAMES}) = ({_KEPT}) WHERE number = :number"  # noqa: S608

_OURS = 0x48446F77
"""`application_id` of the file: "HDow"."""
_WAIT_S = 10.0
"""How long to wait for another process to finish writing, which takes milliseconds."""


class SessionDatabase:
    """One connection to one file, made if `make`.

    Every method raises `HistoryError`, with one sentence, when the file cannot be used.
    """

    def __init__(self, path: Path, *, make: bool = True) -> None:
        self._path = path
        self._open(make)

    def _open(self, make: bool) -> None:
        path = self._path
        if make:
            self._make()
        with _errors_as_sentences(path):
            # The file exists by now: SQLite would make it readable for everybody.
            self._database = sqlite3.connect(
                path.absolute().as_uri() + "?mode=rw",
                uri=True,
                timeout=_WAIT_S,
                isolation_level=None,
            )
        try:
            with _errors_as_sentences(path):
                self._identity = _identity(path)
                self._prepare()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Everything is on the disk already."""
        self._database.close()

    def reopened(self) -> bool:
        """Open the file again if it was deleted or replaced meanwhile; return whether it was."""
        if _identity(self._path) == self._identity:
            return False
        self.close()
        self._open(make=True)
        return True

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run the block as one transaction: at its end all of it is on the disk, or none."""
        with self._transaction("IMMEDIATE"):
            yield

    def try_out(self) -> None:
        """Raise now if a change could not be written: `writing` alone fails only at a change."""
        with suppress(_Tried), self.writing():
            self._database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
            raise _Tried

    def sessions(self) -> tuple[SessionRecord, ...]:
        """Return all sessions in the order in which they were begun, or clips were made."""
        reps: dict[int, list[RecordedRep]] = {}
        with self._transaction("DEFERRED"):
            for number, set_number, at_s, entry in self._database.execute(
                "SELECT session, set_number, at_s, entry FROM rep ORDER BY session, place"
            ):
                kept = RecordedRep(int(set_number), float(at_s), _object(entry))
                reps.setdefault(number, []).append(kept)
            rows = self._database.execute(_SELECT)
            sessions = [_session(row, tuple(reps[row[0]])) for row in rows]
            # Not in order of numbers: a clip may be stored long after it was made.
            return tuple(sorted(sessions, key=lambda session: (session.started, session.number)))

    def add_session(self, row: Mapping[str, Any]) -> int:
        """Add a session (a value for each of `COLUMNS`) and return its number."""
        return int(self._database.execute(_INSERT, row).lastrowid or 0)

    def update_session(self, number: int, row: Mapping[str, Any]) -> None:
        """Replace the row of a session; person and note stay where the new row has none."""
        self._database.execute(_UPDATE, {**row, "number": number})

    def name_session(self, number: int, who: str) -> None:
        """Say whose a session is."""
        self._database.execute("UPDATE session SET who = ? WHERE number = ?", [who, number])

    def number_of(self, content: str) -> int | None:
        """Return the session of the clip with this content hash, None if there is none."""
        rows = self._database.execute("SELECT number FROM session WHERE content = ?", [content])
        row = rows.fetchone()
        return None if row is None else int(row[0])

    def has_session(self, number: int) -> bool:
        """Return whether there is a session of that number."""
        rows = self._database.execute("SELECT 1 FROM session WHERE number = ?", [number])
        return rows.fetchone() is not None

    def delete_session(self, number: int) -> None:
        """Delete a session and its reps."""
        self._database.execute("DELETE FROM session WHERE number = ?", [number])

    def replace_reps(self, session: int, reps: Sequence[RecordedRep]) -> None:
        """Store `reps` in place of a session's reps."""
        self._database.execute("DELETE FROM rep WHERE session = ?", [session])
        for place, rep in enumerate(reps, 1):
            self.add_rep(session, place, rep)

    def add_rep(self, session: int, place: int, kept: RecordedRep) -> None:
        """Add a rep as the `place`th of a session."""
        entry = json.dumps(dict(kept.entry), allow_nan=False)
        self._database.execute(
            "INSERT INTO rep (session, place, set_number, at_s, entry) VALUES (?, ?, ?, ?, ?)",
            [session, place, kept.set_number, kept.at_s, entry],
        )

    def _make(self) -> None:
        try:
            make_private(self._path.parent)
            with suppress(FileExistsError):
                os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            raise HistoryError(
                f"Cannot make the history {self._path} ({error.strerror}): set {HOME_VARIABLE} to"
                " a folder you can write."
            ) from error

    def _prepare(self) -> None:
        # EXTRA: a stored rep survives a power cut too. Deleted sessions are overwritten with zeros.
        for pragma in ("synchronous = EXTRA", "secure_delete = ON", "foreign_keys = ON"):
            self._database.execute(f"PRAGMA {pragma}")
        with self._transaction("DEFERRED"):
            version = self._version()
        if version > len(MIGRATIONS):
            raise HistoryError(
                f"The history {self._path} was written by a newer hinge-dowel (version {version} of"
                f" the file, {len(MIGRATIONS)} is known here): update hinge-dowel."
            )
        if version < len(MIGRATIONS):
            with self.writing():
                # Read again, since another process may have migrated the file meanwhile.
                for step in MIGRATIONS[self._version() :]:
                    for statement in step:
                        self._database.execute(statement)
                self._database.execute(f"PRAGMA application_id = {_OURS}")
                self._database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        (state,) = self._database.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise sqlite3.DatabaseError(state)

    def _version(self) -> int:
        (application,) = self._database.execute("PRAGMA application_id").fetchone()
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        (tables,) = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application != _OURS and (application, version, tables) != (0, 0, 0):
            raise HistoryError(
                f"{self._path} is not a history of hinge-dowel: move it elsewhere, and a new one is"
                " begun."
            )
        return int(version)

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        with _errors_as_sentences(self._path):
            self._database.execute(f"BEGIN {kind}")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                # After some errors SQLite has rolled back by itself.
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise


class _Tried(Exception):  # noqa: N818
    """Rolls back the change that `try_out` makes."""


def _object(text: str) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _session(row: Sequence[Any], reps: tuple[RecordedRep, ...]) -> SessionRecord:
    number, columns = row[0], dict(zip(COLUMNS, row[1:], strict=True))
    lasted_s = columns["duration_s"]
    if columns["kind"] not in KINDS:
        raise ValueError(f"no command {columns['kind']!r}")
    known = {name: columns[name] for name in (*OF_VERDICT, "who", "note")}
    return SessionRecord(
        number=int(number),
        started=datetime.fromisoformat(columns["started"]),
        sets=int(columns["sets"]),
        reps_a_set=int(columns["reps"]),
        finished=lasted_s is not None,
        duration_s=reps[-1].at_s if lasted_s is None else float(lasted_s),
        reps=reps,
        about={**_object(columns["more"]), **known, "clip": columns["source"]},
        kind=columns["kind"],
    )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_dev, state.st_ino


@contextmanager
def _errors_as_sentences(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and of damaged content into `HistoryError` with one sentence."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a mistake in this program, not in the file
    except sqlite3.Error as error:
        raise HistoryError(_sentence(path, error)) from error
    except (ValueError, TypeError, KeyError) as error:
        # Invalid JSON, an invalid date, a session without reps: not written by this program.
        raise HistoryError(_damaged(path, type(error).__name__)) from error


def _sentence(path: Path, error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return (
            f"The history {path} is in use by another program for more than {_WAIT_S:.0f} s: end"
            " that program, or try again."
        )
    if code.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return (
            f"The history {path} cannot be written ({error}): free some space on that disk; what"
            " was stored before is kept."
        )
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return (
            f"The history {path} cannot be opened or written ({error}): change its permissions, or"
            f" set {HOME_VARIABLE} to a folder you can write."
        )
    return _damaged(path, str(error))


def _damaged(path: Path, why: str) -> str:
    why = " ".join(why.split())
    return (
        f"The history {path} is damaged ({why}); nothing in it was changed: restore it from a"
        " backup, or move it elsewhere, and a new one is begun."
    )
