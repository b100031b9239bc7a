"""Keeping the state: opens the database, from a copy where it is damaged, and copies it daily."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import StateError
from assistant.events import PartFailed, PartWorks
from assistant.state import StateStore
from assistant.statecopies import is_due, make_copy, restore

if TYPE_CHECKING:
    from assistant.ports import Emit

PART = "state backup"

LOOK_SECONDS = 3600.0
"""Between two looks at how old the newest copy is."""


def open_state(path: Path) -> StateStore:
    """Open the state database; one that is damaged is moved aside, and its newest copy taken.

    Raises StateError as ``StateStore.open`` does.
    """
    return StateStore.open(path, restore=restore)


def told_of(store: StateStore) -> tuple[str, str] | None:
    """What to say where the database was damaged: the name of a response, and a sentence."""
    if store.moved_aside is None:
        return None
    aside = f"The state database was damaged; it is kept as {store.moved_aside}"
    if store.restored_from is None:
        return "state_moved_aside", f"{aside}, a new one was begun."
    return (
        "state_restored",
        f"{aside}, and {store.restored_from.name} is used: what changed since is lost.",
    )


class StateKeeper:
    """Makes a copy of the database each day. It is an optional part: what fails is told."""

    def __init__(self, path: Path, emit: Emit, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._emit = emit
        self._now = now
        self._failed = False

    async def run(self) -> None:
        """Look every hour, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Make a copy where it is time for one, in a thread: a disk may take its time."""
        if not is_due(self._path, self._now()):
            return
        try:
            await asyncio.to_thread(make_copy, self._path)
        except StateError as error:
            self._failed = True
            self._emit(PartFailed(PART, str(error)))
        else:
            if self._failed:
                self._failed = False
                self._emit(PartWorks(PART))
