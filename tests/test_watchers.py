"""Watchers: each sees every event, and none can hold up a turn."""

from __future__ import annotations

import asyncio

from assistant.events import ChunkHeard, NothingHeard, PartialTranscript, StopHeard
from assistant.watchers import QUEUE_LENGTH, Watchers


def test_everyone_who_watches_sees_every_event() -> None:
    async def scene() -> None:
        watchers = Watchers()
        first, second = watchers.subscribe(), watchers.subscribe()
        watchers.emit(StopHeard())
        assert await anext(first) == StopHeard()
        assert await anext(second) == StopHeard()

    asyncio.run(scene())


def test_a_watcher_that_does_not_look_loses_the_oldest_and_they_are_counted() -> None:
    async def scene() -> None:
        watchers = Watchers()
        slow = watchers.subscribe()
        for number in range(QUEUE_LENGTH + 3):
            watchers.emit(PartialTranscript(str(number)))
        assert slow.dropped == 3
        assert await anext(slow) == PartialTranscript("3")

    asyncio.run(scene())


def test_who_watches_no_more_gets_nothing_more() -> None:
    async def scene() -> None:
        watchers = Watchers()
        gone = watchers.subscribe()
        watchers.unsubscribe(gone)
        watchers.emit(StopHeard())
        stayed = watchers.subscribe()
        watchers.emit(NothingHeard())
        assert await anext(stayed) == NothingHeard()
        assert gone.dropped == 0

    asyncio.run(scene())


def test_levels_are_wanted_only_while_somebody_looks_at_them() -> None:
    wanted: list[bool] = []
    watchers = Watchers(wanted.append)
    plain = watchers.subscribe()
    looking = watchers.subscribe(levels=True)
    watchers.unsubscribe(looking)
    watchers.unsubscribe(plain)
    assert wanted == [False, True, False, False]


def test_levels_go_only_to_those_who_asked_for_them() -> None:
    async def scene() -> None:
        watchers = Watchers()
        plain, looking = watchers.subscribe(), watchers.subscribe(levels=True)
        watchers.emit(ChunkHeard(-40.0, 0.1))
        watchers.emit(StopHeard())
        assert await anext(looking) == ChunkHeard(-40.0, 0.1)
        assert await anext(plain) == StopHeard()

    asyncio.run(scene())
