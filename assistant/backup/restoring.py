"""Putting a backup back: first everything is looked at, then what is there is put aside."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from assistant.backup.contents import ASIDE, CONFIG, Stored, folders
from assistant.domains import DomainFiles
from assistant.engines import load_configuration
from assistant.errors import BackupError
from assistant.paths import Paths
from assistant.state import StateStore

SIDE_FILES = ("-wal", "-shm")

Owner: TypeAlias = "Callable[[], AbstractContextManager[object]]"
"""Gives the rights of somebody else as long as its context lasts."""


def check(files: Mapping[str, Stored], paths: Paths) -> None:
    """See whether this assistant can go on with these files, in a folder of their own.

    Raises BackupError, StateError for a newer database, FileProblemsError for mistakes in files.
    """
    unknown = [name for name in files if _part_of(name, paths) is None]
    if unknown:
        raise BackupError(
            f"the backup holds '{unknown[0]}', which is unknown here",
            "Restore it with the version that wrote it, or a newer one.",
        )
    with tempfile.TemporaryDirectory(prefix="assistant-restore-") as folder:
        trial = replace(
            paths,
            config_directories=(Path(folder) / "config",),
            state_directory=Path(folder) / "state",
        )
        _write(files, trial)
        store = StateStore.open(trial.database)
        store.close()
        if store.moved_aside is not None:
            raise BackupError("the backup is damaged: its database is", "Take another copy of it.")
        settings, _ = load_configuration(trial)
        DomainFiles(settings, trial).load(lambda *_: None)  # programs of lists are not asked


def put_back(
    files: Mapping[str, Stored], paths: Paths, now: datetime, owner: Owner = nullcontext
) -> list[Path]:
    """Write the files; returns where what was there before is now. Raises BackupError.

    When something cannot be written, everything is as it was. ``owner`` is who keeps the state:
    in a folder of theirs their rights are used, as they could have laid traps there.
    """
    stamp = ASIDE + now.strftime("%Y%m%d-%H%M%S")
    aside: list[Path] = []
    with ExitStack() as undo:
        try:
            for part, path in folders(paths).items():
                some = {name: one for name, one in files.items() if _part_of(name, paths) == part}
                if some:
                    with nullcontext() if part == CONFIG else owner():
                        aside += _put_aside(path, stamp, undo.callback)
                        undo.callback(_remove, path)
                        _write(some, paths)
        except OSError as error:
            raise BackupError(
                f"{error.filename} cannot be written: {error.strerror}; nothing was changed",
                "For the service put sudo in front of the command.",
            ) from error
        undo.pop_all()
    return aside


def _part_of(name: str, paths: Paths) -> str | None:
    return next((one for one in folders(paths) if name == one or name.startswith(f"{one}/")), None)


def _put_aside(path: Path, stamp: str, undo: Callable[..., object]) -> Iterator[Path]:
    """Rename a file or folder, and the side files of a database, which would be read into it."""
    for suffix in ("", *SIDE_FILES):
        here = path.with_name(path.name + suffix)
        if here.exists():
            there = here.with_name(f"{path.name}{stamp}{suffix}")
            here.rename(there)
            undo(there.rename, here)
            yield there


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write(files: Mapping[str, Stored], paths: Paths) -> None:
    places = folders(paths)
    for name, one in files.items():
        part = _part_of(name, paths)
        path = places[part or ""]
        if name != part:
            path = path / name.removeprefix(f"{part}/")
        path.parent.mkdir(mode=0o755 if part == CONFIG else 0o700, parents=True, exist_ok=True)
        path.touch(mode=one.mode)
        with path.open("wb") as file:
            file.write(one.content)
            file.flush()
            os.fsync(file.fileno())
