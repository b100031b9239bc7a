"""Keys and buttons ask for the assistant; each is watched, and waited for while it is unplugged.

Belongs to the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import DeviceError
from assistant.events import PartFailed, PartWorks, TriggerPressed

if TYPE_CHECKING:
    from assistant.ports import Emit, Trigger

RETRY_SECONDS = 2.0
"""So often it is looked whether an unplugged device is back."""


@dataclass(frozen=True, slots=True)
class Wired:
    """A trigger, and what it does: 'listen', 'mute', 'stop' or a sentence."""

    trigger: Trigger
    does: str


class Triggering:
    """Watches all triggers; ``do`` is called with what one that was pressed does."""

    def __init__(self, triggers: Sequence[Wired], do: Callable[[str], None], emit: Emit) -> None:
        self._triggers = triggers
        self._do = do
        self._emit = emit

    async def run(self) -> None:
        """Watch until cancelled."""
        async with asyncio.TaskGroup() as group:
            for wired in self._triggers:
                group.create_task(self._watch(wired))

    async def _watch(self, wired: Wired) -> None:
        part = f"trigger {wired.trigger.name}"
        failed = ""

        def ready() -> None:
            nonlocal failed
            if failed:
                failed = ""
                self._emit(PartWorks(part))

        def pressed() -> None:
            self._emit(TriggerPressed(wired.trigger.name, wired.does))
            self._do(wired.does)

        while True:
            try:
                await wired.trigger.watch(ready, pressed)
            except DeviceError as error:
                if str(error) != failed:
                    failed = str(error)
                    self._emit(PartFailed(part, failed))
            await asyncio.sleep(RETRY_SECONDS)
