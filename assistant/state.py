"""What survives a restart: timers, the agenda, settings and lists, in one SQLite file.

Every change is on the disk when the method returns (WAL with ``synchronous=FULL`` syncs at each
commit), because a timer must survive a power cut. The file holds a handful of rows, so a change
costs one sync, some ten milliseconds on an SD card.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.agenda import Entry, Kind
from assistant.errors import StateError
from assistant.missed import Missed
from assistant.timers import Timer

MIGRATIONS = (
    """
    CREATE TABLE timers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        duration_seconds INTEGER NOT NULL,
        ends_at REAL NOT NULL
    ) STRICT;
    CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    """,
    """
    CREATE TABLE list_items (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        list TEXT NOT NULL,
        item TEXT NOT NULL,
        UNIQUE (list, item)
    ) STRICT;
    """,
    """
    CREATE TABLE missed (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        text TEXT NOT NULL UNIQUE,
        meant TEXT NOT NULL,
        times INTEGER NOT NULL,
        last_at REAL NOT NULL
    ) STRICT;
    """,
    """
    ALTER TABLE timers ADD COLUMN left_seconds REAL;
    CREATE TABLE agenda (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        due_at REAL NOT NULL,
        local TEXT NOT NULL,
        rule TEXT NOT NULL,
        start TEXT NOT NULL,
        last_at REAL NOT NULL,
        domain TEXT NOT NULL
    ) STRICT;
    """,
)
"""``MIGRATIONS[n]`` leads from schema n to schema n + 1; ``PRAGMA user_version`` is the schema."""

TIMERS = "SELECT id, name, duration_seconds, ends_at, left_seconds FROM timers"
AGENDA = "SELECT id, kind, text, due_at, local, rule, start, last_at, domain FROM agenda"
PROBE = (
    f"{TIMERS} LIMIT 0",
    f"{AGENDA} LIMIT 0",
    "SELECT key, value FROM settings LIMIT 0",
    "SELECT id, list, item FROM list_items LIMIT 0",
    "SELECT id, text, meant, times, last_at FROM missed LIMIT 0",
)

MOST_SCHEMAS = 1_000
"""No assistant will have so many; a higher number is a damaged byte, and none of a newer one."""

BUSY_SECONDS = 2.0
"""How long to wait for another program that writes, such as a backup."""

# https://www.sqlite.org/rescode.html; the low byte of an extended code is its primary code.
# SQLITE_ERROR while opening means that the tables are not those of MIGRATIONS.
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
REASONS = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Free some space on the disk of {path}."),
    sqlite3.SQLITE_READONLY: ("the file is read-only", "Make {path} and its folder writable."),
    sqlite3.SQLITE_CANTOPEN: (
        "the file cannot be opened",
        "Check that {path} is a file, and that its folder is writable.",
    ),
    sqlite3.SQLITE_IOERR: ("the disk has an error", "Check the disk of {path}; dmesg says more."),
    sqlite3.SQLITE_BUSY: (
        "another program is writing to the file",
        "End the program that has {path} open.",
    ),
}


class StateStore:
    """The state database. Used by one thread."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        moved_aside: Path | None,
        restored_from: Path | None = None,
    ) -> None:
        self._connection = connection
        self.path = path
        self.moved_aside = moved_aside
        self.restored_from = restored_from

    @classmethod
    def open(
        cls, path: Path, restore: Callable[[Path], Path | None] = lambda _: None
    ) -> StateStore:
        """Open the database at ``path``, or begin one in a folder that only this user may enter.

        A damaged one is moved aside, ``moved_aside`` says where to; then ``restore`` may put a copy
        in its place, and returns which, ``restored_from``; else a new one is begun. Raises
        StateError when the file cannot be used, or belongs to a newer assistant.
        """
        with _errors_of(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                return cls(_connect(path), path, None)
            except sqlite3.DatabaseError as error:
                if _primary_code(error) not in DAMAGED:
                    raise
            aside = _move_aside(path)
            if restored := restore(path):
                try:
                    return cls(_connect(path), path, aside, restored)
                except sqlite3.DatabaseError as error:  # such as a copy without the tables
                    if _primary_code(error) not in DAMAGED:
                        raise
                path.unlink()
            return cls(_connect(path), path, aside)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def timers(self) -> list[Timer]:
        """Every timer stored, the first to end first."""
        with _errors_of(self.path):
            rows = self._connection.execute(f"{TIMERS} ORDER BY ends_at, id")
            return [Timer(*row) for row in rows]

    def add_timer(self, name: str, duration_seconds: int, ends_at: float) -> Timer:
        """Store a new timer; its id was never used before. Raises StateError."""
        with self._writing() as connection:
            (timer_id,) = connection.execute(
                "INSERT INTO timers (name, duration_seconds, ends_at) VALUES (?, ?, ?)"
                " RETURNING id",
                (name, duration_seconds, ends_at),
            ).fetchone()
        return Timer(timer_id, name, duration_seconds, ends_at)

    def change_timer(self, timer: Timer) -> None:
        """Store what a timer is now, in place of what it was. Raises StateError."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE timers SET name = ?, duration_seconds = ?, ends_at = ?, left_seconds = ?"
                " WHERE id = ?",
                (timer.name, timer.duration_seconds, timer.ends_at, timer.left_seconds, timer.id),
            )

    def remove_timer(self, timer_id: int) -> None:
        """Forget a timer; one already forgotten is no mistake. Raises StateError."""
        with self._writing() as connection:
            connection.execute("DELETE FROM timers WHERE id = ?", (timer_id,))

    def entries(self) -> list[Entry]:
        """Every entry of the agenda, the first to be due first. Raises StateError."""
        with _errors_of(self.path):
            rows = self._connection.execute(f"{AGENDA} ORDER BY due_at, id")
            return [Entry(number, Kind(kind), *rest) for number, kind, *rest in rows]

    def add_entry(self, entry: Entry) -> Entry:
        """Store a new entry; its id was never used before. Raises StateError."""
        with self._writing() as connection:
            (number,) = connection.execute(
                "INSERT INTO agenda (kind, text, due_at, local, rule, start, last_at, domain)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                _values(entry),
            ).fetchone()
        return replace(entry, id=number)

    def change_entry(self, entry: Entry) -> None:
        """Store what an entry is now, in place of what it was. Raises StateError."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE agenda SET kind = ?, text = ?, due_at = ?, local = ?, rule = ?, start = ?,"
                " last_at = ?, domain = ? WHERE id = ?",
                (*_values(entry), entry.id),
            )

    def remove_entry(self, entry_id: int) -> None:
        """Forget an entry; one already forgotten is no mistake. Raises StateError."""
        with self._writing() as connection:
            connection.execute("DELETE FROM agenda WHERE id = ?", (entry_id,))

    def setting(self, key: str, default: Any = None) -> Any:
        """Look up a setting: what ``set_setting`` stored, else ``default``. Raises StateError.

        One that a damaged byte has made unreadable was never stored.
        """
        with _errors_of(self.path):
            row = self._connection.execute(
                "SELECT value FROM settings WHERE key = ?", (key,)
            ).fetchone()
        try:
            return default if row is None else json.loads(row[0])
        except ValueError:
            return default

    def set_setting(self, key: str, value: Any) -> None:
        """Store a setting, any value that JSON can hold. Raises StateError."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)",
                (key, json.dumps(value)),
            )

    def lists(self) -> list[str]:
        """Names of the lists that have items, in the order of the alphabet. Raises StateError."""
        with _errors_of(self.path):
            rows = self._connection.execute("SELECT DISTINCT list FROM list_items ORDER BY list")
            return [name for (name,) in rows]

    def list_items(self, name: str) -> list[str]:
        """Items of a list in the order they were added. Raises StateError."""
        with _errors_of(self.path):
            rows = self._connection.execute(
                "SELECT item FROM list_items WHERE list = ? ORDER BY id", (name,)
            )
            return [item for (item,) in rows]

    def add_list_items(self, name: str, items: Sequence[str]) -> None:
        """Add items to a list, all or none; one that it has stays where it is.

        Raises StateError.
        """
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO list_items (list, item) VALUES (?, ?)",
                [(name, item) for item in items],
            )

    def remove_list_items(self, name: str, items: Sequence[str]) -> None:
        """Remove items from a list, all or none; one that it lacks is no mistake.

        Raises StateError.
        """
        with self._writing() as connection:
            connection.executemany(
                "DELETE FROM list_items WHERE list = ? AND item = ?",
                [(name, item) for item in items],
            )

    def missed(self) -> list[Missed]:
        """Sentences that were not understood, the last one first. Raises StateError."""
        with _errors_of(self.path):
            rows = self._connection.execute(
                "SELECT id, text, meant, times, last_at FROM missed ORDER BY last_at DESC, id DESC"
            )
            return [
                Missed(number, text, meant, times, datetime.fromtimestamp(at, UTC))
                for number, text, meant, times, at in rows
            ]

    def add_missed(self, text: str, meant: str, now: datetime, most: int) -> None:
        """Note a sentence that was not understood; of more than ``most`` the oldest go.

        Raises StateError.
        """
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO missed (text, meant, times, last_at) VALUES (?, ?, 1, ?)"
                " ON CONFLICT (text) DO UPDATE SET times = times + 1, last_at = excluded.last_at,"
                " meant = CASE excluded.meant WHEN '' THEN meant ELSE excluded.meant END",
                (text, meant, now.timestamp()),
            )
            connection.execute(
                "DELETE FROM missed WHERE id NOT IN"
                " (SELECT id FROM missed ORDER BY last_at DESC, id DESC LIMIT ?)",
                (most,),
            )

    def forget_missed(self, numbers: tuple[int, ...] = ()) -> int:
        """Forget some of them, by their ids, or all; returns how many. Raises StateError."""
        with self._writing() as connection:
            if not numbers:
                return connection.execute("DELETE FROM missed").rowcount
            marks = ", ".join("?" * len(numbers))
            return connection.execute(
                f"DELETE FROM missed WHERE id IN ({marks})",  # noqa: S608 - only question marks
                numbers,
            ).rowcount

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with _errors_of(self.path), self._connection:
            yield self._connection


def _values(entry: Entry) -> tuple[str | float, ...]:
    return (
        entry.kind.value,
        entry.text,
        entry.due_at,
        entry.local,
        entry.rule,
        entry.start,
        entry.last_at,
        entry.domain,
    )


def _connect(path: Path) -> sqlite3.Connection:
    """Open and check the file, and bring its schema up to date."""
    with _unreadable_is_damage(), contextlib.ExitStack() as unless_whole:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
        unless_whole.callback(connection.close)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        # Not quick_check, which does not compare an index with its table.
        if (verdict := connection.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise _damage(verdict)
        _migrate(connection, path)
        for query in PROBE:
            connection.execute(query)
        _read_all(connection)
        unless_whole.pop_all()
        return connection


def _read_all(connection: sqlite3.Connection) -> None:
    """Read all that is in it: a check of SQLite's does not look whether texts are UTF-8.

    One that is not would make every use of its table fail, for good.
    """
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"):
        connection.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608 - our own tables


@contextlib.contextmanager
def _unreadable_is_damage() -> Iterator[None]:
    """Take a text that is no UTF-8 for damage: in a table, or in what SQLite says of a damaged one.

    Such errors are Python's, and have no code of SQLite's.
    """
    try:
        yield
    except UnicodeDecodeError as error:
        raise _damage(str(error)) from error
    except sqlite3.OperationalError as error:
        if _primary_code(error):
            raise
        raise _damage(str(error)) from error


def _damage(verdict: str) -> sqlite3.DatabaseError:
    damage = sqlite3.DatabaseError(verdict)
    damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return damage


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    schema = connection.execute("PRAGMA user_version").fetchone()[0]
    if not 0 <= schema <= MOST_SCHEMAS:
        raise _damage(f"there is no schema {schema}")
    if schema > len(MIGRATIONS):
        raise StateError(
            f"the state database has schema {schema}, this assistant knows {len(MIGRATIONS)}",
            f"Install the newer assistant again, or move {path} away.",
        )
    for number, script in enumerate(MIGRATIONS[schema:], start=schema + 1):
        # One transaction: a power cut leaves the old schema or the new one, nothing between.
        connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")


def _move_aside(path: Path) -> Path:
    """Rename the database and its two side files, which SQLite would read into the new one."""
    when = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.corrupt-{when}")
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


@contextlib.contextmanager
def _errors_of(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        known = REASONS.get(_primary_code(error))
        reason, hint = known or (str(error), "Move {path} away; a new one is begun.")
        raise StateError(
            f"the state database cannot be used: {reason}", hint.format(path=path)
        ) from error
    except OSError as error:
        raise StateError(
            f"the folder of the state database cannot be used: {error.strerror}",
            f"Check {path.parent}.",
        ) from error


def _primary_code(error: sqlite3.Error) -> int:
    """SQLite's result code; 0 where Python itself raised the error."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
