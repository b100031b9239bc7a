"""Reading files again while running, because they have changed or because somebody asks for it.

What is in force goes on working until the new has been read as a whole, and for ever when it
cannot be.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from assistant.errors import AssistantError

T = TypeVar("T")

POLL_SECONDS = 1.0
"""Between two looks at the files; a change is read after the second look that finds it."""


class Reloader(Generic[T]):
    """Loads again, one load at a time.

    ``changed`` tells whether it is worth while, cheaply. ``load`` runs in a thread of its own and
    raises AssistantError when the files are wrong; then ``refuse`` is called, else ``take``.
    """

    def __init__(
        self,
        changed: Callable[[], bool],
        load: Callable[[], T],
        take: Callable[[T], Awaitable[None]],
        refuse: Callable[[AssistantError], None],
    ) -> None:
        self._changed = changed
        self._load = load
        self._take = take
        self._refuse = refuse
        self._loading = asyncio.Lock()

    async def watch(self, poll_seconds: float = POLL_SECONDS) -> None:
        """Load whenever something has changed, until cancelled."""
        while True:
            await asyncio.sleep(poll_seconds)
            await self.look()

    async def look(self) -> None:
        """Load if something has changed; what is wrong is told to ``refuse`` only."""
        if self._changed():
            await self.try_to_reload()

    async def try_to_reload(self) -> bool:
        """Load now; false when it was refused."""
        try:
            await self.reload()
        except AssistantError:
            return False
        return True

    async def reload(self) -> T:
        """Load now. Raises AssistantError when the files are wrong."""
        async with self._loading:
            try:
                loaded = await asyncio.to_thread(self._load)
            except AssistantError as error:
                self._refuse(error)
                raise
            await self._take(loaded)
            return loaded


def on_hangup(call: Callable[[], None]) -> None:
    """Call on SIGHUP, which is how a service is told to read its files again.

    Not where there is a terminal: there the same signal says that its window was closed, and ends
    the program. Raises RuntimeError outside of a running loop.
    """
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, call)
