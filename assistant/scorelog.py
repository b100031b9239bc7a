"""The log of wake scores: a week of minutes, detections and near misses, in a SQLite file.

Numbers, times and the words' names; no sound and no text. It is written by the daemon once a
minute, and only when there is something to write. With the WAL and ``synchronous=NORMAL`` that is
some pages at the end of one file, which the SD card gets to see in its own time: a power cut may
cost a minute, never the file. It is no loss when it is damaged, so then a new one is begun.
"""

from __future__ import annotations

import contextlib
import sqlite3
from array import array
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from assistant.errors import StateError
from assistant.wake.moments import Minute, Moment

SCHEMA_VERSION = 1
SCHEMA = f"""
BEGIN;
CREATE TABLE minutes (time INTEGER PRIMARY KEY, score REAL NOT NULL) STRICT;
CREATE TABLE moments (
    id INTEGER PRIMARY KEY,
    time REAL NOT NULL,
    word TEXT NOT NULL,
    score REAL NOT NULL,
    threshold REAL NOT NULL,
    detected INTEGER NOT NULL,
    marked INTEGER NOT NULL DEFAULT 0,
    curve BLOB NOT NULL
) STRICT;
CREATE INDEX moments_by_time ON moments (time);
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""

KEPT_SECONDS = 7 * 24 * 3600
MOST_MINUTES = 7 * 24 * 60
MOST_MOMENTS = 8_000
"""With the minutes these are less than 2 MB, as a test has it."""

WAL_PAGES = 32
"""Pages of 4 KB in the write-ahead log, after which they go into the file itself."""
BUSY_SECONDS = 2.0

# https://www.sqlite.org/rescode.html; SQLITE_ERROR: the tables are not those of SCHEMA.
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


class ScoreLog:
    """The file at ``path``, opened when it is first used; begun when it is first written to.

    Used by one thread at a time. Every method raises StateError when the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def write(self, minutes: Sequence[Minute], moments: Sequence[Moment], now: float) -> None:
        """Add what was found, and remove what is older than a week, or too much."""
        with self._using() as connection:
            connection.executemany(
                "INSERT INTO minutes VALUES (?, ?)"
                " ON CONFLICT (time) DO UPDATE SET score = max(score, excluded.score)",
                [(one.time, one.score) for one in minutes],
            )
            connection.executemany(
                "INSERT INTO moments (time, word, score, threshold, detected, curve)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (one.time, one.word, one.score, one.threshold, one.detected, _packed(one.curve))
                    for one in moments
                ],
            )
            for table, most in (("minutes", MOST_MINUTES), ("moments", MOST_MOMENTS)):
                key = "time" if table == "minutes" else "id"
                connection.execute(
                    f"DELETE FROM {table} WHERE time < ? OR {key} <="  # noqa: S608 - our names
                    f" (SELECT {key} FROM {table} ORDER BY {key} DESC LIMIT 1 OFFSET ?)",
                    (now - KEPT_SECONDS, most),
                )

    def minutes(self, begin: float, end: float) -> list[Minute]:
        """The minutes between two times in which there was a score."""
        with self._using() as connection:
            rows = connection.execute(
                "SELECT time, score FROM minutes WHERE time >= ? AND time < ? ORDER BY time",
                (begin, end),
            )
            return [Minute(*row) for row in rows]

    def moments(self, begin: float, end: float) -> dict[int, Moment]:
        """By id the detections and near misses between two times, in order."""
        with self._using() as connection:
            rows = connection.execute(
                "SELECT id, time, word, score, threshold, detected, curve, marked FROM moments"
                " WHERE time >= ? AND time < ? ORDER BY time, id",
                (begin, end),
            )
            return {
                number: Moment(
                    time, word, score, threshold, bool(detected), _unpacked(curve), bool(marked)
                )
                for number, time, word, score, threshold, detected, curve, marked in rows
            }

    def mark(self, ids: Collection[int], *, marked: bool) -> None:
        """Note of detections that they are false alarms, or that they are not."""
        with self._using() as connection:
            connection.executemany(
                "UPDATE moments SET marked = ? WHERE id = ?", [(marked, one) for one in ids]
            )

    def erase(self) -> None:
        """Remove the file; one that is not there is no mistake."""
        self.close()
        try:
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(str(error.strerror)) from error

    @contextlib.contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        try:
            if self._connection is None:
                self._connection = self._open()
            with self._connection:
                yield self._connection
        except sqlite3.Error as error:
            self.close()  # the next use tries again, with a new file where this one is damaged
            raise self._unusable(str(error)) from error
        except OSError as error:
            raise self._unusable(str(error.strerror)) from error

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return _connect(self.path)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in DAMAGED:
                raise
        self.erase()
        return _connect(self.path)

    def _unusable(self, reason: str) -> StateError:
        return StateError(
            f"The log of wake scores cannot be used: {reason.rstrip('.')}.",
            f"Check {self.path}, or set wake.log to false.",
        )


def _connect(path: Path) -> sqlite3.Connection:
    with contextlib.ExitStack() as unless_whole:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
        unless_whole.callback(connection.close)
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            f"wal_autocheckpoint = {WAL_PAGES}",
            f"journal_size_limit = {4096 * WAL_PAGES}",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if (verdict := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            damage = sqlite3.DatabaseError(verdict)
            damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damage
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            connection.executescript(SCHEMA)
        elif version != SCHEMA_VERSION:
            damage = sqlite3.DatabaseError(f"its schema is {version}")
            damage.sqlite_errorcode = sqlite3.SQLITE_ERROR
            raise damage
        connection.execute("SELECT score FROM minutes LIMIT 0")
        connection.execute("SELECT id, time, word, curve, marked FROM moments LIMIT 0")
        unless_whole.pop_all()
        return connection


def _packed(curve: Sequence[float]) -> bytes:
    """Two bytes a score, in ten-thousandths."""
    numbers = array("H", (round(score * 10_000) for score in curve))
    return numbers.tobytes()


def _unpacked(blob: bytes) -> tuple[float, ...]:
    numbers = array("H")
    numbers.frombytes(blob[: len(blob) // 2 * 2])
    return tuple(number / 10_000 for number in numbers)
