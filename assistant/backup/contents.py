"""What belongs in a backup: the folder of the configuration, the state, and what was trained here.

Not in it: Vosk models and voices of piper, which are downloads, the week of wake scores, and what
is made anew of other files.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from assistant.errors import BackupError
from assistant.paths import Paths

MOST_BYTES = 200_000_000
"""Of a backup: everything that is expected in one is less than a tenth of it."""

CONFIG, STATE = "config", "state/state.sqlite3"
ASIDE = ".before-restore-"
"""In the names of what a restored backup took the place of."""


class Stored(NamedTuple):
    """A file in a backup."""

    content: bytes
    mode: int = 0o600


def folders(paths: Paths) -> dict[str, Path]:
    """Return where each part of a backup comes from, and goes to: a folder, or the database."""
    return {
        CONFIG: paths.config_directories[0],
        STATE: paths.database,
        "models/wake": paths.wake_words,
        "models/phones": paths.phone_models,
    }


def collect(paths: Paths) -> dict[str, Stored]:
    """Read everything, each file by its name in the backup. Raises BackupError."""
    found: dict[str, Stored] = {}
    for name, path in folders(paths).items():
        try:
            found |= _read(name, path)
        except OSError as error:
            raise BackupError(
                f"{error.filename or path} cannot be read: {error.strerror}"
            ) from error
        except sqlite3.Error as error:
            raise BackupError(f"{path} cannot be read: {error}") from error
    if sum(len(one.content) for one in found.values()) > MOST_BYTES:
        largest = max(found, key=lambda name: len(found[name].content))
        raise BackupError(
            f"there is more than {MOST_BYTES // 1_000_000} MB to back up",
            f"The largest is {largest}: does it belong there?",
        )
    return found


def files_elsewhere(settings: BaseModel, paths: Paths) -> list[str]:
    """Return files that the configuration names and that are not in the backup."""
    inside = folders(paths).values()
    named = dict.fromkeys(_paths_in(settings))
    return [
        str(path) for path in named if not any(one == path or one in path.parents for one in inside)
    ]


def _read(name: str, path: Path) -> dict[str, Stored]:
    if name == STATE:
        return {name: Stored(_database(path))} if path.exists() else {}
    return {
        f"{name}/{one.relative_to(path).as_posix()}": Stored(
            one.read_bytes(), one.stat().st_mode & 0o777
        )
        for one in sorted(path.rglob("*"))
        if one.is_file() and ASIDE not in str(one.relative_to(path))
    }


def _database(path: Path) -> bytes:
    """Copy a database as of one moment, also while the assistant writes to it."""
    with (
        contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as source,
        contextlib.closing(sqlite3.connect(":memory:")) as copy,
    ):
        source.backup(copy)
        return bytes(copy.serialize())


def _paths_in(value: Any) -> Iterator[Path]:
    match value:
        case Path():
            yield value
        case BaseModel():
            for _, one in value:
                yield from _paths_in(one)
        case dict():
            for one in value.values():
                yield from _paths_in(one)
        case tuple() | list():
            for one in value:
                yield from _paths_in(one)
