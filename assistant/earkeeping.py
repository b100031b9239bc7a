"""Watches over the microphones: what fails is told, its turn ends, and systemd knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant import systemd
from assistant.deafness import Deafness
from assistant.errors import AssistantError
from assistant.events import AnnouncementDue, NothingHeard, PartFailed, PartWorks
from assistant.listeners import LOOK_SECONDS
from assistant.listening import part_of

if TYPE_CHECKING:
    from assistant.listeners import Listeners
    from assistant.ports import Emit


class EarKeeper:
    """Belongs to the loop. ``handle`` takes events of the dialogue, ``emit`` those for everybody.

    ``speaker`` is the microphone of the turn under way.
    """

    def __init__(
        self, listeners: Listeners, handle: Emit, emit: Emit, speaker: Callable[[], str]
    ) -> None:
        self._listeners = listeners
        self._handle = handle
        self._emit = emit
        self._speaker = speaker
        self._deafness = Deafness()

    def take(self, microphone: str, event: PartFailed | PartWorks) -> None:
        """Take it that a microphone has told that it fails, or works again."""
        self._listeners.note(microphone, event)
        self._tell(microphone, event)

    def goes_on_without(self, microphone: str, error: BaseException | None) -> bool:
        """Take it that a microphone has ended; whether others still hear, and nothing is broken."""
        others_listen = self._listeners.note_end(microphone, error)
        if not others_listen or not isinstance(error, AssistantError | None):
            return False
        if error is not None:
            told = f"The microphone '{microphone}' is not heard. {error}"
            self._emit(PartFailed(part_of(microphone), told))
        self._lose(microphone)
        return True

    async def watch(self) -> None:
        """Look for what the microphones themselves do not tell, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for microphone, event in self._listeners.look():
                self._tell(microphone, event)
            if response := self._deafness.look(self._listeners.are_deaf):
                self._handle(AnnouncementDue(response))

    async def feed_watchdog(self, is_muted: Callable[[], bool]) -> None:
        """Tell systemd that all is well, only while this loop turns and the audio threads do.

        They hear, or look for a microphone that is gone. Of several one is enough: ``watch`` looks
        at each.
        """
        interval = systemd.watchdog_interval_seconds()
        if interval is None:
            return
        seen = -1
        while True:
            await asyncio.sleep(interval)
            if self._listeners.signs_of_life != seen or is_muted():
                systemd.notify("WATCHDOG=1")
            seen = self._listeners.signs_of_life

    def _tell(self, microphone: str, event: PartFailed | PartWorks) -> None:
        self._emit(event)
        if isinstance(event, PartFailed):
            self._lose(microphone)

    def _lose(self, microphone: str) -> None:
        """End the turn of somebody whose microphone is gone."""
        if self._speaker() == microphone:
            self._handle(NothingHeard())
