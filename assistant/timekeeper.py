"""Watches the clock for the timers, and tells when one has ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from assistant.events import TimerDue
from assistant.timers import Timers

CHECK_SECONDS = 10.0
"""While a timer runs the clock is looked at this often, so that setting it is noticed."""


class Timekeeper:
    """Calls ``due`` for each timer that has ended, in the loop that runs ``run``."""

    def __init__(self, timers: Timers, due: Callable[[TimerDue], None]) -> None:
        self._timers = timers
        self._due = due
        self._look_again = asyncio.Event()

    def look_again(self) -> None:
        """Take note that a timer was begun or cancelled; the first time, begin to watch."""
        self._look_again.set()

    async def run(self) -> None:
        """Watch until cancelled. Raises StateError when a timer cannot be moved with the clock."""
        await self._look_again.wait()  # nothing rings before somebody can hear it
        while True:
            self._look_again.clear()
            now = time.time()
            self._timers.check_clock(now, time.clock_gettime(time.CLOCK_BOOTTIME))
            for due in self._timers.due(now):
                self._due(due)
            next_due = self._timers.next_due()
            wait = None if next_due is None else min(next_due - now, CHECK_SECONDS)
            try:
                async with asyncio.timeout(wait):
                    await self._look_again.wait()
            except TimeoutError:
                continue
