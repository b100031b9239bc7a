"""Lists that programs print: each is asked for as often as it says, and kept.

The core starts no program: the bridge runs them, by its own reading of the intent files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from assistant.errors import ActionError, StateError
from assistant.events import PartFailed, PartWorks

if TYPE_CHECKING:
    from assistant.intents.model import ListSource
    from assistant.listcache import ListCache
    from assistant.ports import Emit

RETRY_SECONDS = 30.0
"""After a failure; such as that of a bridge which starts later than the core."""


class ListKeeper:
    """Keeps ``cache`` up to date.

    ``ask`` returns what the program of a list prints, and raises ActionError. ``changed`` is called
    when a program printed something else than before.
    """

    def __init__(
        self,
        cache: ListCache,
        ask: Callable[[str], Awaitable[str]],
        changed: Callable[[], Awaitable[object]],
        emit: Emit,
    ) -> None:
        self._cache = cache
        self._ask = ask
        self._changed = changed
        self._emit = emit
        self._lists: Mapping[str, ListSource] = {}
        self._due: dict[str, float] = {}
        self._failed: set[str] = set()
        self._again = asyncio.Event()

    def use(self, lists: Mapping[str, ListSource]) -> None:
        """Keep these lists, by name, from now on; a new one, or a new program, is asked at once."""
        same = {name for name, source in lists.items() if self._same(name, source)}
        self._due = {name: due for name, due in self._due.items() if name in same}
        for name in self._failed - lists.keys():
            self._works(name)
        self._lists = lists
        self._again.set()

    def ask_again(self) -> None:
        """Ask for all of them now."""
        self._due.clear()
        self._again.set()

    async def run(self) -> None:
        """Ask for each list when it is due, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._again.clear()
            await self.look(loop.time())
            next_due = min(
                (self._due[name] for name in self._lists if name in self._due), default=None
            )
            try:
                async with asyncio.timeout_at(next_due):
                    await self._again.wait()
            except TimeoutError:
                continue

    async def look(self, now: float) -> None:
        """Ask for every list that is due at ``now``, in seconds of the loop's clock."""
        changed = False
        for name, source in dict(self._lists).items():
            if self._due.get(name, now) <= now:
                changed |= await self._refresh(name, source, now)
        if changed:
            await self._changed()

    async def _refresh(self, name: str, source: ListSource, now: float) -> bool:
        """Ask for a list; true when it is another than before."""
        every = source.refresh_seconds or RETRY_SECONDS
        try:
            text = await self._ask(name)
            before = self._cache.get(name, source.argv)
            if text != before:
                self._cache.put(name, source.argv, text)
        except (ActionError, StateError) as error:
            self._due[name] = now + min(every, RETRY_SECONDS)
            self._failed.add(name)
            self._emit(PartFailed(f"list {name}", str(error)))
            return False
        self._due[name] = now + every
        self._works(name)
        return text != before

    def _works(self, name: str) -> None:
        if name in self._failed:
            self._failed.discard(name)
            self._emit(PartWorks(f"list {name}"))

    def _same(self, name: str, source: ListSource) -> bool:
        known = self._lists.get(name)
        return known is not None and known.argv == source.argv
