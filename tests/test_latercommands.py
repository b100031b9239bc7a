"""Commands that are given at their time, by an assistant in a room."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assistant.agenda import Kind
from assistant.dialogue.state import Phase
from assistant.events import CommandMissed, StopHeard, TurnEnded
from assistant.latercommands import LaterCommands
from assistant.turn import Outcome
from assistant.values import Recurrence
from tests.recordings import shipped
from tests.room import NOW, Room
from tests.room import in_room as in_any_room

HOURLY = Recurrence("FREQ=HOURLY", NOW)


class Later:
    """The later commands of a room, whose clock is turned by hand."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.now: datetime = NOW
        self.commands = LaterCommands(
            room.agenda,
            now=lambda: self.now,
            give=lambda text, domain, *, confirmed: room.conversation.say(
                text, domain, confirmed=confirmed
            ),
            missed=room.rings.command_missed,
            failed=room.failures.append,
            phase=lambda: room.conversation.phase,
            changed=lambda: None,
        )

    def wait(self, length: timedelta) -> None:
        """Let time go by, and what is due be due."""
        self.now += length
        for entry in self.room.agenda.due(self.now):
            self.commands.due(entry)

    @property
    def done(self) -> list[str | None]:
        """The intents of the turns that are over."""
        turns = [event for event in self.room.events if isinstance(event, TurnEnded)]
        return [turn.record.intent for turn in turns]


def in_room(folder: Path, scene: Callable[[Room, Later], Awaitable[None]]) -> None:
    async def play(room: Room) -> None:
        later = Later(room)
        try:
            await scene(room, later)
        finally:
            await later.commands.close()

    in_any_room(folder, play, replace(shipped(), now=lambda: NOW, pick=lambda _: 0))


def test_a_command_is_told_at_once_and_done_later(tmp_path: Path) -> None:
    async def scene(room: Room, later: Later) -> None:
        record = await room.conversation.say("set a timer for five minutes in ten minutes")
        assert record.reply == "In 10 minutes: set a timer for five minutes."
        await room.until(lambda: room.conversation.phase is Phase.WAITING)
        later.wait(timedelta(minutes=9))
        assert room.store.timers() == []
        later.wait(timedelta(minutes=1))
        await room.until(lambda: not room.store.entries())
        assert len(room.store.timers()) == 1
        assert later.done == ["DelayCommand", "SetTimer"]

    in_room(tmp_path, scene)


def test_what_is_no_command_is_told_at_once(tmp_path: Path) -> None:
    async def scene(room: Room, _later: Later) -> None:
        record = await room.conversation.say("sing a song in ten minutes")
        assert record.outcome is Outcome.NOT_UNDERSTOOD
        assert room.store.entries() == []

    in_room(tmp_path, scene)


def test_it_waits_until_nothing_rings(tmp_path: Path) -> None:
    async def scene(room: Room, later: Later) -> None:
        alarm = room.agenda.add(Kind.ALARM, NOW, NOW)
        room.agenda.due(NOW)
        room.rings.entry_due(alarm)
        await room.until(lambda: room.voice.said)
        room.agenda.add(Kind.COMMAND, NOW, NOW, "set a timer for five minutes")
        later.wait(timedelta())
        await asyncio.sleep(0)
        assert room.store.timers() == []
        assert room.conversation.phase is Phase.RINGING
        room.conversation.handle(StopHeard())
        later.commands.go_on()
        await room.until(room.store.timers)

    in_room(tmp_path, scene)


def test_what_is_asked_about_is_asked_now_and_not_then(tmp_path: Path) -> None:
    async def scene(room: Room, later: Later) -> None:
        room.store.add_list_items("shopping", ["milk"])
        record = await room.conversation.say("clear the shopping list in ten minutes")
        assert record.outcome is Outcome.ASKED
        assert record.reply == "Shall I clear the shopping list?"
        await room.until(lambda: room.conversation.phase is Phase.WAITING)
        record = await room.conversation.say("yes")
        assert record.reply == "In 10 minutes: clear the shopping list."
        assert room.store.list_items("shopping") == ["milk"]
        await room.until(lambda: room.conversation.phase is Phase.WAITING)
        later.wait(timedelta(minutes=10))
        await room.until(lambda: not room.store.entries())
        assert room.store.list_items("shopping") == []

    in_room(tmp_path, scene)


def test_a_command_that_comes_again(tmp_path: Path) -> None:
    async def scene(room: Room, later: Later) -> None:
        room.agenda.add(Kind.SCHEDULE, HOURLY, NOW, "what time is it")
        later.wait(timedelta())
        await room.until(lambda: later.done == ["GetTime"])
        later.wait(timedelta(hours=1))
        await room.until(lambda: later.done == ["GetTime", "GetTime"])
        (following,) = room.store.entries()
        assert following.time(NOW) == NOW + timedelta(hours=2)

    in_room(tmp_path, scene)


@pytest.mark.parametrize("late", [timedelta(minutes=10), timedelta(minutes=11)])
def test_a_command_is_not_done_when_it_is_more_than_ten_minutes_late(
    tmp_path: Path, late: timedelta
) -> None:
    async def scene(room: Room, later: Later) -> None:
        room.agenda.add(Kind.COMMAND, NOW, NOW, "set a timer for five minutes")
        later.wait(late)
        await room.until(lambda: not room.store.entries())
        is_late = late > timedelta(minutes=10)
        assert len(room.store.timers()) == (not is_late)
        assert is_late == any(isinstance(event, CommandMissed) for event in room.events)

    in_room(tmp_path, scene)


def test_the_schedule_goes_on_silently_after_a_time_when_nothing_ran(tmp_path: Path) -> None:
    async def scene(room: Room, later: Later) -> None:
        room.agenda.add(Kind.SCHEDULE, HOURLY, NOW, "what time is it")
        later.wait(timedelta(hours=5, minutes=30))
        (following,) = room.store.entries()
        assert following.time(NOW) == NOW + timedelta(hours=6)
        assert room.events == []

    in_room(tmp_path, scene)


def test_listing_and_cancelling(tmp_path: Path) -> None:
    async def scene(room: Room, _later: Later) -> None:
        for text in ("tell me the date in an hour", "at nine tell me the time"):
            await room.conversation.say(text)
            await room.until(lambda: room.conversation.phase is Phase.WAITING)
        said = []
        for text in (
            "what is planned",
            "cancel the planned command",
            "do not tell me the date after all",
            "cancel all planned commands",
            "what is planned",
        ):
            said.append((await room.conversation.say(text)).reply)
            await room.until(lambda: room.conversation.phase is Phase.WAITING)
        assert said == [
            "2 commands are planned: tell me the date and tell me the time. The first is 8:30 AM.",
            "Say which one to cancel: tell me the date and tell me the time.",
            "Cancelled: tell me the date.",
            "All of it is cancelled.",
            "Nothing is planned.",
        ]

    in_room(tmp_path, scene)
