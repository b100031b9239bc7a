"""The clock of the timers, on the real clock and a real database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from assistant.agenda import Agenda, Kind
from assistant.clock import now
from assistant.events import TimerDue
from assistant.state import StateStore
from assistant.timekeeper import IsDue, Timekeeper
from assistant.timers import Timers


class Watch:
    """A timekeeper at work, and what it has told."""

    def __init__(self, folder: Path) -> None:
        self.store = StateStore.open(folder / "state.sqlite3")
        self.timers = Timers(self.store)
        self.told: asyncio.Queue[IsDue] = asyncio.Queue()
        self.agenda = Agenda(self.store)
        self.keeper = Timekeeper(self.timers, self.agenda, self.told.put_nowait)

    async def ended(self) -> TimerDue:
        due = await self.told.get()
        assert isinstance(due, TimerDue)
        return due


def watching(folder: Path, scene: Callable[[Watch], Awaitable[None]]) -> None:
    async def play() -> None:
        watch = Watch(folder)
        task = asyncio.create_task(watch.keeper.run())
        try:
            async with asyncio.timeout(20):
                await scene(watch)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            watch.store.close()

    asyncio.run(play())


def test_a_timer_is_told_when_it_ends_and_once(tmp_path: Path) -> None:
    async def scene(watch: Watch) -> None:
        watch.keeper.look_again()
        timer = watch.timers.begin(time.time(), 1, "egg")
        watch.keeper.look_again()
        due = await watch.ended()
        assert due.name == "egg"
        assert time.time() >= timer.ends_at
        watch.keeper.look_again()
        await asyncio.sleep(0)
        assert watch.told.empty()

    watching(tmp_path, scene)


def test_a_timer_that_ended_before_is_told_once_somebody_can_hear_it(tmp_path: Path) -> None:
    async def scene(watch: Watch) -> None:
        watch.timers.begin(time.time() - 100, 1)
        await asyncio.sleep(0)
        assert watch.told.empty()
        watch.keeper.look_again()
        assert (await watch.ended()).late_seconds > 90

    watching(tmp_path, scene)


def test_of_two_timers_the_first_to_end_is_told_first(tmp_path: Path) -> None:
    async def scene(watch: Watch) -> None:
        now = time.time()
        watch.timers.begin(now - 99, 100, "second")
        watch.timers.begin(now - 100, 1, "first")
        watch.keeper.look_again()
        assert (await watch.ended()).name == "first"
        assert (await watch.ended()).name == "second"

    watching(tmp_path, scene)


def test_an_alarm_and_a_reminder_are_told_when_they_are_due(tmp_path: Path) -> None:
    async def scene(watch: Watch) -> None:
        watch.keeper.look_again()
        alarm = watch.agenda.add(Kind.ALARM, now() + timedelta(seconds=0.2), now())
        reminder = watch.agenda.add(Kind.REMINDER, timedelta(seconds=0.1), now(), "call mum")
        watch.keeper.look_again()
        assert await watch.told.get() == reminder
        assert await watch.told.get() == alarm
        assert 0.0 <= time.time() - alarm.due_at < 5.0

    watching(tmp_path, scene)
