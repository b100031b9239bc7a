"""Alarms, reminders and timers that ring in a room: stopped, snoozed, missed, not heard at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assistant import ringing
from assistant.agenda import Entry, Kind
from assistant.config import AlarmsSettings, TimersSettings
from assistant.dialogue.state import Phase
from assistant.events import AlarmDue, CommandMissed, NothingHeard, ReminderDue, StopHeard, TimerDue
from assistant.ringing import Rings
from assistant.turn import Outcome
from assistant.values import Recurrence
from tests.recordings import shipped
from tests.room import NOW, WAKE, Room
from tests.room import in_room as in_any_room

EVERY_DAY = Recurrence("FREQ=DAILY;BYHOUR=7;BYMINUTE=30;BYSECOND=0", NOW)


def in_room(folder: Path, scene: Callable[[Room], Awaitable[None]]) -> Room:
    """Play a scene at that time, with the first of several replies."""
    return in_any_room(folder, scene, replace(shipped(), now=lambda: NOW, pick=lambda _: 0))


def rings(room: Room, *, seconds: float) -> None:
    """Let alarms, reminders and timers ring for so long."""
    room.rings._of_alarms = AlarmsSettings(ring_seconds=seconds, grow_seconds=0)
    room.rings._of_timers = TimersSettings(ring_seconds=seconds)


def alarm(room: Room, *, repeated: bool = False) -> Entry:
    """Set an alarm for now, and let it be due."""
    entry = room.agenda.add(Kind.ALARM, EVERY_DAY if repeated else NOW, NOW)
    tell(room)
    return entry


def tell(room: Room) -> None:
    for entry in room.agenda.due(NOW):
        room.rings.entry_due(entry)


async def rung(room: Room) -> None:
    """Wait until what rings has been said."""
    await room.until(lambda: room.voice.said)


def test_an_alarm_rings_until_somebody_says_stop(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        alarm(room)
        await rung(room)
        assert room.voice.said == ["It is 7:30 AM."]
        assert room.store.entries()  # until somebody has stopped it
        room.conversation.handle(StopHeard())
        await room.until(lambda: not room.store.entries())
        assert room.conversation.phase is Phase.WAITING

    in_room(tmp_path, scene)


def test_an_alarm_that_comes_again_is_set_for_the_next_day(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        alarm(room, repeated=True)
        await rung(room)
        room.conversation.handle(StopHeard())
        await room.until(lambda: room.agenda.upcoming(Kind.ALARM))
        (following,) = room.store.entries()
        assert following.time(NOW) == NOW + timedelta(days=1)

    in_room(tmp_path, scene)


def test_snooze_after_the_wake_word(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        alarm(room)
        await rung(room)
        record = await room.hear("snooze")
        assert record.reply == "Again in 9 minutes."
        (again,) = room.store.entries()
        assert again.time(NOW) == NOW + timedelta(minutes=9)

    in_room(tmp_path, scene)


def test_snooze_after_it_was_stopped(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.agenda.add(Kind.REMINDER, NOW, NOW, "call mum")
        tell(room)
        await rung(room)
        room.conversation.handle(StopHeard())
        await room.until(lambda: not room.store.entries())
        assert (await room.hear("snooze for five minutes")).reply == "Again in 5 minutes."
        (again,) = room.store.entries()
        assert (again.kind, again.text) == (Kind.REMINDER, "call mum")

    in_room(tmp_path, scene)


def test_two_more_minutes_for_a_timer_that_rings(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.conversation.handle(TimerDue(3, "pasta", 600, 0.0))
        await rung(room)
        record = await room.hear("add two minutes")
        assert record.reply == "The pasta timer has 2 minutes left now."
        (timer,) = room.store.timers()
        assert (timer.name, timer.duration_seconds) == ("pasta", 120)

    in_room(tmp_path, scene)


def test_there_is_nothing_to_snooze_later_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ringing, "SNOOZE_WITHIN_SECONDS", 0.0)

    async def scene(room: Room) -> None:
        alarm(room)
        await rung(room)
        room.conversation.handle(StopHeard())
        await room.until(lambda: not room.store.entries())
        assert (await room.hear("snooze")).reply == "Nothing has just rung."

    in_room(tmp_path, scene)


def test_cancelling_the_alarm_that_rings_leaves_its_next_time(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        alarm(room, repeated=True)
        await rung(room)
        record = await room.hear("cancel the alarm")
        assert record.reply == "The alarm for 7:30 AM is cancelled."
        (following,) = room.agenda.upcoming(Kind.ALARM)
        assert following.time(NOW) == NOW + timedelta(days=1)

    in_room(tmp_path, scene)


def test_an_alarm_that_was_cut_by_no_command_rings_on(tmp_path: Path) -> None:
    """Its own sound may have been taken for the wake word, and somebody sleeps on."""

    async def scene(room: Room) -> None:
        entry = alarm(room)
        await rung(room)
        room.conversation.handle(WAKE)
        await asyncio.sleep(0)
        room.conversation.handle(NothingHeard())
        assert (await room.over()).outcome is Outcome.NOTHING_HEARD
        await room.until(lambda: room.agenda.next_due() is not None)
        assert room.agenda.due(NOW) == [entry]

    in_room(tmp_path, scene)


def test_an_alarm_gives_up_and_is_told_as_missed_when_somebody_speaks(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        rings(room, seconds=0.01)
        alarm(room, repeated=True)
        await room.until(room.agenda.missed)
        assert len(room.agenda.upcoming(Kind.ALARM)) == 1
        assert (await room.hear("what time is it")).outcome is Outcome.ACTED
        await room.until(lambda: not room.agenda.missed() and len(room.store.entries()) == 1)
        assert room.voice.said[-1] == "You missed the alarm for 7:30 AM."

    in_room(tmp_path, scene)


def test_what_was_missed_is_not_told_to_a_text(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        rings(room, seconds=0.01)
        room.agenda.add(Kind.REMINDER, NOW, NOW, "call mum")
        tell(room)
        await room.until(room.agenda.missed)
        await room.conversation.say("what time is it")
        await room.until(lambda: room.conversation.phase is Phase.WAITING)
        assert room.agenda.missed()

    in_room(tmp_path, scene)


def test_a_timer_cut_before_its_ring_began_has_been_made_known(tmp_path: Path) -> None:
    """A wake word in the very moment in which it ended: its task never takes a step."""

    async def scene(room: Room) -> None:
        timer = room.timers.begin(NOW.timestamp() - 60, 60, "tea")
        (due,) = room.timers.due(NOW.timestamp())
        room.conversation.handle(due)
        room.conversation.handle(StopHeard())
        assert room.voice.said == []
        await room.until(lambda: room.announced)
        assert room.announced == [timer.id]
        assert room.store.timers() == []

    in_room(tmp_path, scene)


def test_what_the_loudspeaker_cannot_play_is_kept_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ringing, "RETRY_SECONDS", 0.0)

    async def scene(room: Room) -> None:
        entry = alarm(room)
        room.voice.broken = True
        await room.until(lambda: room.agenda.next_due() is not None)
        assert room.store.entries() == [entry]
        room.voice.broken = False
        tell(room)
        await rung(room)
        room.conversation.handle(StopHeard())
        await room.until(lambda: not room.store.entries())

    in_room(tmp_path, scene)


def test_an_assistant_that_ends_while_it_rings_forgets_nothing(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        entry = alarm(room)
        await rung(room)
        room.rings.close()
        await room.conversation.close()
        assert room.store.entries() == [entry]

    in_room(tmp_path, scene)


@pytest.mark.parametrize("late_seconds", [0.0, 3600.0])
def test_a_reminder_is_told(tmp_path: Path, late_seconds: float) -> None:
    async def scene(room: Room) -> None:
        at = NOW - timedelta(seconds=late_seconds)
        room.agenda.add(Kind.REMINDER, at, at, "call mum")
        tell(room)
        await rung(room)
        late = "I was to remind you 1 hour ago: call mum."
        assert room.voice.said == [late if late_seconds else "I was to remind you: call mum."]

    in_room(tmp_path, scene)


def test_a_command_that_is_too_late_is_told_once(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        entry = room.agenda.add(Kind.COMMAND, NOW, NOW, "turn off the lamp")
        room.rings.command_missed(entry)
        await room.until(lambda: not room.store.entries())
        told = "I was off when this was to be done, 7:30 AM: turn off the lamp."
        assert room.voice.said == [told]
        assert CommandMissed(entry.id, "turn off the lamp", NOW) in room.events

    in_room(tmp_path, scene)


class TestHowItRings:
    """An alarm for long and growing louder, what is only told once, the rest as timers do."""

    def lengths(self, tmp_path: Path) -> Rings:
        found: list[Rings] = []

        async def scene(room: Room) -> None:
            found.append(room.rings)

        in_room(tmp_path, scene)
        return found[0]

    def test_an_alarm(self, tmp_path: Path) -> None:
        length = self.lengths(tmp_path)._length
        seconds, grow_seconds = length(AlarmDue(1, NOW))
        assert 599.0 < seconds <= 600.0
        assert grow_seconds == 45.0
        assert length(AlarmDue(2, NOW, late_seconds=7200.0)) == (60.0, 45.0)
        assert length(AlarmDue(3, NOW, missed=True)) == (0.0, 0.0)

    def test_the_rest(self, tmp_path: Path) -> None:
        length = self.lengths(tmp_path)._length
        assert length(TimerDue(1, "", 60, 0.0)) == (60.0, 0.0)
        assert length(ReminderDue(1, "call mum", NOW)) == (60.0, 0.0)
        assert length(CommandMissed(1, "turn off the lamp", NOW)) == (0.0, 0.0)
