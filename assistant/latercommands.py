"""Commands that are given at a time: "turn off the heater in ten minutes", and the schedule.

Each is given as text, one after the other, when no turn is under way and nothing rings.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from assistant.agenda import Agenda, Entry, Kind
from assistant.dialogue.state import Phase
from assistant.errors import AssistantError

log = logging.getLogger(__name__)

LATEST_SECONDS = 600.0
"""A command that is so late, because nothing was running, is told and not done any more."""


class Give(Protocol):
    """Gives a command as text to the dialogue."""

    def __call__(self, text: str, domain: str, *, confirmed: bool) -> Awaitable[object]:
        """Return once it is known what came of it."""
        ...


class LaterCommands:
    """Gives the commands of an agenda when they are due.

    ``missed`` tells one that is too late; ``failed`` takes an error of the state.
    """

    def __init__(
        self,
        agenda: Agenda,
        *,
        now: Callable[[], datetime],
        give: Give,
        missed: Callable[[Entry], None],
        failed: Callable[[AssistantError], None],
        phase: Callable[[], Phase],
        changed: Callable[[], None],
    ) -> None:
        self._agenda = agenda
        self._now = now
        self._give = give
        self._missed = missed
        self._failed = failed
        self._phase = phase
        self._changed = changed
        self._waiting: deque[Entry] = deque()
        self._giving: asyncio.Task[None] | None = None

    def due(self, entry: Entry) -> None:
        """Give a command as soon as no turn is under way; or tell that it is too late."""
        if self._now().timestamp() - entry.due_at <= LATEST_SECONDS:
            self._waiting.append(entry)
            self.go_on()
        elif entry.kind is Kind.SCHEDULE:
            log.info("Nothing was running when something of the schedule was due")
            self._finish(entry)
        else:
            self._missed(entry)

    def go_on(self) -> None:
        """Give the next command, if one waits and the dialogue does."""
        if self._waiting and self._giving is None and self._phase() is Phase.WAITING:
            self._giving = asyncio.ensure_future(self._do(self._waiting.popleft()))

    async def close(self) -> None:
        """Give none any more; the one under way is given again after a start."""
        self._waiting.clear()
        if self._giving is not None:
            self._giving.cancel()
            await asyncio.gather(self._giving, return_exceptions=True)

    async def _do(self, entry: Entry) -> None:
        try:
            await self._give(entry.text, entry.domain, confirmed=True)
            self._finish(entry)
        finally:
            self._giving = None
        self.go_on()

    def _finish(self, entry: Entry) -> None:
        try:
            self._agenda.finish(entry.id, self._now())
        except AssistantError as error:
            self._failed(error)
        self._changed()
