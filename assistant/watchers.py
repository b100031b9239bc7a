"""Watchers: the log, the terminal view, the control socket's clients.

Each has a bounded queue that drops its oldest and counts what it dropped, so that a slow watcher
can neither delay nor change a turn.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from assistant.events import ChunkHeard, Event

QUEUE_LENGTH = 256


class Subscription:
    """One watcher's queue: ``async for event in subscription``."""

    def __init__(self, length: int = QUEUE_LENGTH) -> None:
        self._queue: deque[Event] = deque(maxlen=length)
        self._ready = asyncio.Event()
        self.dropped = 0

    def put(self, event: Event) -> None:
        """Add an event, dropping the oldest when full."""
        if len(self._queue) == self._queue.maxlen:
            self.dropped += 1
        self._queue.append(event)
        self._ready.set()

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Event:
        while not self._queue:
            self._ready.clear()
            await self._ready.wait()
        return self._queue.popleft()


class Watchers:
    """Everyone who watches. ``levels_wanted`` is told whether anybody wants to see each chunk."""

    def __init__(self, levels_wanted: Callable[[bool], None] = lambda _: None) -> None:
        self._subscriptions: dict[Subscription, bool] = {}
        self._levels_wanted = levels_wanted

    def emit(self, event: Event) -> None:
        """Give an event to every watcher."""
        for subscription, levels in self._subscriptions.items():
            if levels or not isinstance(event, ChunkHeard):
                subscription.put(event)

    def subscribe(self, *, levels: bool = False) -> Subscription:
        """Begin to watch; ``levels`` asks for ChunkHeard too."""
        subscription = Subscription()
        self._subscriptions[subscription] = levels
        self._tell_levels()
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Watch no more."""
        self._subscriptions.pop(subscription, None)
        self._tell_levels()

    def _tell_levels(self) -> None:
        self._levels_wanted(any(self._subscriptions.values()))
