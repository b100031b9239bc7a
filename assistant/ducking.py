"""While somebody speaks with the assistant, other sound is soft. Belongs to the loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.audio.ducking import Owed, PulseDucker
from assistant.dialogue.state import Phase
from assistant.errors import AssistantError
from assistant.events import PartFailed, PartWorks

if TYPE_CHECKING:
    from assistant.actions.volume import SettingsStore
    from assistant.ports import Emit

PART = "ducking"
SETTING = "ducked"
LOOK_SECONDS = 2.0
"""How often to look for a program that is owed its volume, just after it has ended ..."""
LOOKS = 15
"""... and how many times; later it is found with the next command."""


Result = TypeVar("Result")


class Ducking:
    """Turns others down and up again as the dialogue's phase changes.

    What is owed to them is kept in the settings before anything is turned down.
    """

    def __init__(self, share: float, settings: SettingsStore, emit: Emit) -> None:
        self._settings = settings
        self._emit = emit
        self._ducker = PulseDucker(share, _owed_of(settings.setting(SETTING, {})))
        self._is_low = False
        self._wanted = False
        self._failed = False
        self._changed = asyncio.Event()
        # One thread: what is begun last is done last, also where nobody waits for it any more.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ducking")

    def take(self, phase: str) -> None:
        """Take note of the dialogue's phase."""
        self._wanted = phase != Phase.WAITING
        self._changed.set()

    async def run(self) -> None:
        """Do what is wanted until cancelled, and have everything as it was then."""
        looks = LOOKS
        try:
            if self._ducker.owed:  # of a run that was cut off
                await self._try(self._settle)
            while True:
                may_come = bool(self._ducker.owed) and not self._is_low and looks > 0
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS if may_come else None):
                        await self._changed.wait()
                if self._changed.is_set():
                    self._changed.clear()
                    looks = LOOKS
                    if self._wanted and not self._is_low:
                        await self._try(self._lower)
                    elif self._is_low and not self._wanted:
                        await self._try(self._restore)
                else:
                    looks -= 1
                    await self._try(self._settle)
        finally:
            if self._is_low or self._ducker.owed or self._settings.setting(SETTING, {}):
                await self._try(self._restore)
            self._thread.shutdown(wait=False)

    async def _lower(self) -> None:
        there_is_sound = await self._in_thread(self._ducker.plan)
        self._keep()
        if there_is_sound:
            self._is_low = True
            await self._in_thread(self._ducker.lower)

    async def _restore(self) -> None:
        self._is_low = False
        await self._in_thread(self._ducker.restore)
        self._keep()

    async def _settle(self) -> None:
        await self._in_thread(self._ducker.settle)
        self._keep()

    async def _in_thread(self, do: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, do)

    def _keep(self) -> None:
        owed = {name: [list(one) for one in both] for name, both in self._ducker.owed.items()}
        if self._settings.setting(SETTING, {}) != owed:
            self._settings.set_setting(SETTING, owed)

    async def _try(self, do: Callable[[], Awaitable[None]]) -> None:
        """Do it: an optional part, of which it is told when it fails, and when it works again."""
        try:
            await do()
        except AssistantError as error:
            self._failed = True
            self._emit(PartFailed(PART, f"Other sound cannot be turned down. {error}"))
        else:
            if self._failed:
                self._failed = False
                self._emit(PartWorks(PART))


def _owed_of(kept: Mapping[str, Any]) -> Owed:
    return {name: (tuple(before), tuple(lower)) for name, (before, lower) in kept.items()}
