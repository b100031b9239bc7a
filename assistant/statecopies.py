"""Copies of the state database beside it: the newest is ``state.sqlite3.backup-1``.

A copy is whole or is not there: SQLite makes it in a file of another name, and it is checked before
it takes its place. It holds what was deleted since, which is overwritten in the database itself, so
only three are kept, and they are of days on which something changed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

from assistant.errors import StateError

KEPT = 3
EVERY_SECONDS = 24 * 3600.0

LEFT_OUT = ("missed",)
"""Tables that are not copied: of no worth later, and the owner may have had them forgotten."""


def copies(database: Path) -> list[Path]:
    """Where copies of a database are, the newest first; there need not be any."""
    return [database.with_name(f"{database.name}.backup-{number}") for number in range(1, KEPT + 1)]


def is_due(database: Path, now: float) -> bool:
    """Whether the newest copy is a day old, or there is none; ``now`` is in seconds of the epoch.

    One from the future is due, too: the clock has been set back, and nobody knows how old it is.
    """
    try:
        age = now - copies(database)[0].stat().st_mtime
    except OSError:
        return True
    return not 0 <= age < EVERY_SECONDS


def make_copy(database: Path) -> bool:
    """Copy the database, unless the newest copy says the same; true where it did.

    Raises StateError when it cannot, or when the database is damaged: a good copy is never
    replaced by a bad one.
    """
    newest = copies(database)[0]
    made = database.with_name(f"{database.name}.backup-new")
    try:
        made.unlink(missing_ok=True)
        made.touch(mode=0o600)
        _copy(database, made)
        if newest.exists() and _content(newest) == _content(made):
            made.unlink()
            newest.touch()  # it is as good as of today
            return False
        _put_first(made, copies(database))
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            made.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise StateError(
            f"no copy of the state database could be made: {reason}",
            f"Check the disk of {database}, and that its folder is writable.",
        ) from error
    return True


def restore(database: Path) -> Path | None:
    """Put the newest copy that is whole in place of a database that is gone.

    Returns the copy that was taken, None where there is none. Raises OSError.
    """
    for copy in copies(database):
        with contextlib.suppress(sqlite3.Error, OSError):
            if not copy.is_file():
                continue
            _content(copy)
            restored = database.with_name(f"{database.name}.restored")
            shutil.copyfile(copy, restored)
            restored.chmod(0o600)
            _sync(restored)
            restored.rename(database)
            return copy
    return None


def _copy(database: Path, made: Path) -> None:
    with (
        contextlib.closing(_read_only(database)) as source,
        contextlib.closing(sqlite3.connect(made)) as copy,
    ):
        source.backup(copy)
        # One file, and no log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_schema")}
        for table in there.intersection(LEFT_OUT):
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of ours
        copy.commit()
        copy.execute("VACUUM")  # what was deleted is in no page of it any more
    _content(made)
    _sync(made)


def _content(path: Path) -> list[str]:
    """All that a database says. Raises sqlite3.Error where it is damaged."""
    with contextlib.closing(_read_only(path)) as connection:
        try:
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            return [f"schema {version}", *connection.iterdump()]
        except UnicodeDecodeError as error:  # what SQLite says of the damage may be unreadable, too
            raise sqlite3.DatabaseError(str(error)) from error


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=2.0)


def _put_first(made: Path, places: list[Path]) -> None:
    """Move each copy one place on; the last is lost. A power cut in between loses none but that."""
    for older, newer in zip(reversed(places), reversed(places[:-1]), strict=False):
        if newer.exists():
            newer.rename(older)
    made.rename(places[0])
    _sync(made.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
