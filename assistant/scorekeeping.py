"""Keeps the log of wake scores while the assistant runs."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from assistant.errors import AssistantError
from assistant.events import (
    ChunkHeard,
    Event,
    PartFailed,
    PartWorks,
    WakeDetected,
    WakeDropped,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.ports import Emit
    from assistant.scorelog import ScoreLog
    from assistant.wake.moments import ScoreNotes

PART = "wake log"
INTERVAL_SECONDS = 60.0
"""An SD card wears out by being written to."""


class ScoreKeeper:
    """Notes what the audio threads hear, and writes it down once a minute and at the end.

    Each microphone has ``notes`` of its own, by its name. A disk that fails is told once, as a
    failed part; what could not be written is lost.
    """

    def __init__(self, notes: Mapping[str, ScoreNotes], log: ScoreLog, emit: Emit) -> None:
        self._notes = notes
        self._log = log
        self._emit = emit
        self._failed = False

    def take(self, event: Event) -> None:
        """Take each event where it happens, in an audio thread; this never blocks."""
        if isinstance(event, ChunkHeard):
            self._notes[event.microphone].heard(event.scores, time.time())
        elif isinstance(event, WakeDetected | WakeDropped):
            # Dropped, it was detected all the same. It may be told twice, and by another thread:
            # its score is not over before half a second.
            self._notes[event.wake.microphone].detected(event.wake.name)

    async def run(self) -> None:
        """Write once a minute."""
        while True:
            await asyncio.sleep(INTERVAL_SECONDS)
            await self.write()

    async def close(self) -> None:
        """Write what is left; the audio threads have ended."""
        for notes in self._notes.values():
            notes.finish(time.time())
        await self.write()
        self._log.close()

    async def write(self) -> None:
        """Write what was found since the last time, if anything was."""
        found = [notes.fetch() for notes in self._notes.values()]
        minutes = [minute for of_one, _ in found for minute in of_one]
        moments = [moment for _, of_one in found for moment in of_one]
        if not minutes and not moments:
            return
        try:
            # In a thread: an SD card may take a second to write a few pages.
            await asyncio.to_thread(self._log.write, minutes, moments, time.time())
        except AssistantError as error:
            if not self._failed:
                self._emit(PartFailed(PART, str(error)))
            self._failed = True
        else:
            if self._failed:
                self._emit(PartWorks(PART))
            self._failed = False
