"""Watches the clock for the timers and the agenda, and tells what is due."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from assistant import clock
from assistant.agenda import Agenda, Entry, Kind
from assistant.events import TimerDue
from assistant.timers import Timers

CHECK_SECONDS = 1.0
"""While something is to come the clock is looked at this often, so that setting it is noticed."""

IsDue: TypeAlias = TimerDue | Entry

_COMMANDS = (Kind.COMMAND, Kind.SCHEDULE)


def steady_seconds() -> float:
    """Return a clock that nobody sets and that counts through a suspend."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Timekeeper:
    """Calls ``due`` for each timer and entry that is due, in the loop that runs ``run``.

    ``now`` and ``steady`` are the clocks, of which only ``now`` can be set.
    """

    def __init__(
        self,
        timers: Timers,
        agenda: Agenda,
        due: Callable[[IsDue], None],
        now: Callable[[], datetime] = clock.now,
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self._timers = timers
        self._agenda = agenda
        self._due = due
        self._now = now
        self._steady = steady
        self._look_again = asyncio.Event()

    def look_again(self) -> None:
        """Take note that something is new or gone; the first time, begin to watch."""
        self._look_again.set()

    async def run(self) -> None:
        """Watch until cancelled. Raises StateError when something cannot move with the clock."""
        await self._look_again.wait()  # nothing rings before somebody can hear it
        while True:
            self._look_again.clear()
            wait = self.look()
            try:
                async with asyncio.timeout(wait):
                    await self._look_again.wait()
            except TimeoutError:
                continue

    def look(self) -> float | None:
        """Tell what is due now; returns in how many seconds to look again, None for not at all.

        Commands come first: while it rings, none is done. Raises StateError.
        """
        now, steady = self._now(), self._steady()
        seconds = now.timestamp()
        self._timers.check_clock(seconds, steady)
        self._agenda.check_clock(now, steady)
        entries = self._agenda.due(now)
        for entry in sorted(entries, key=lambda one: one.kind not in _COMMANDS):
            self._due(entry)
        for ended in self._timers.due(seconds):
            self._due(ended)
        coming = [one for one in (self._timers.next_due(), self._agenda.next_due()) if one]
        return min(max(min(coming) - seconds, 0.0), CHECK_SECONDS) if coming else None
