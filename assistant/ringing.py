"""What rings, how, and when it is over: stopped, snoozed, given up, or not heard at all.

Timers, alarms and reminders are forgotten only once they have been made known. What rang in vain is
kept as missed, and told after the next time that somebody speaks to the assistant.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.agenda import Agenda, Entry, Kind
from assistant.config import AlarmsSettings, TimersSettings
from assistant.dialogue.state import Phase
from assistant.errors import AssistantError
from assistant.events import AlarmDue, CommandMissed, Due, Event, ReminderDue, TimerDue, TurnEnded
from assistant.timers import LATE_SECONDS, Timers
from assistant.turn import Outcome

SNOOZE_WITHIN_SECONDS = 600.0
"""For so long after a ring was over, "snooze" and "two more minutes" are about it."""

RETRY_SECONDS = 30.0
"""After a ring that the loudspeaker could not play; twice as long after each one more."""
LONGEST_RETRY_SECONDS = 3600.0

NOTHING_CAME = (Outcome.NOTHING_HEARD, Outcome.NOT_UNDERSTOOD, Outcome.REJECTED)
"""Ends of a turn after which an alarm rings on: its own sound may have been taken for the call."""

IN_A_TURN = frozenset(Phase) - {Phase.WAITING, Phase.RINGING}


class Ring(Protocol):
    """Rings and says what for, for so many seconds, growing in loudness."""

    def __call__(
        self, *, seconds: float, grow_seconds: float, announced: Callable[[], None]
    ) -> Awaitable[None]:
        """Ring; ``announced`` is called once somebody in the room could have heard it."""
        ...


@dataclass(slots=True)
class _Course:
    """What has become of a ring so far."""

    gave_up: bool = False
    failed: bool = False


class Rings:
    """What is done about each ring.

    ``handle`` takes an event for the dialogue, ``changed`` is called when the timekeeper has to
    look again, ``failed`` takes an error of the state.
    """

    def __init__(
        self,
        timers: Timers,
        agenda: Agenda,
        *,
        settings: tuple[TimersSettings, AlarmsSettings] | None = None,
        now: Callable[[], datetime],
        handle: Callable[[Event], None],
        changed: Callable[[], None],
        failed: Callable[[AssistantError], None],
    ) -> None:
        self._timers = timers
        self._agenda = agenda
        self._of_timers, self._of_alarms = settings or (TimersSettings(), AlarmsSettings())
        self._now = now
        self._handle = handle
        self._changed = changed
        self._failed = failed
        self._courses: dict[Due, _Course] = {}
        self._retries: dict[tuple[type[Due], int], float] = {}
        self._began: dict[int, float] = {}
        self._in_a_turn: AlarmDue | None = None
        self._last: tuple[Due, float] | None = None
        self._closed = False

    def close(self) -> None:
        """Take no more note of rings that are over: the assistant ends, and nobody stopped them."""
        self._closed = True

    def last(self) -> Due | None:
        """What rang last, if it was over not long ago."""
        if self._last is None or time.monotonic() - self._last[1] > SNOOZE_WITHIN_SECONDS:
            return None
        return self._last[0]

    @property
    def interrupted(self) -> AlarmDue | None:
        """The alarm that the wake word of this turn has cut."""
        return self._in_a_turn

    # --- what is due ------------------------------------------------------------------------------

    def entry_due(self, entry: Entry) -> None:
        """Ring for an alarm or a reminder."""
        now = self._now()
        late = now.timestamp() - entry.due_at
        late = late if late > LATE_SECONDS else 0.0
        if entry.kind is Kind.ALARM:
            self._handle(AlarmDue(entry.id, entry.time(now), late))
        else:
            self._handle(ReminderDue(entry.id, entry.text, entry.time(now), late))

    def command_missed(self, entry: Entry) -> None:
        """Tell that a command was not given, as it would be too late."""
        self._handle(CommandMissed(entry.id, entry.text, entry.time(self._now())))

    def tell_missed(self) -> None:
        """Tell what rang in vain; somebody is there now."""
        now = self._now()
        for entry in self._agenda.tell_missed():
            if entry.kind is Kind.MISSED_ALARM:
                self._handle(AlarmDue(entry.id, entry.time(now), missed=True))
            else:
                self._handle(ReminderDue(entry.id, entry.text, entry.time(now), missed=True))

    def turn_ended(self, event: TurnEnded) -> None:
        """Ring on where an alarm was cut by what was no command; tell what was missed."""
        alarm, self._in_a_turn = self._in_a_turn, None
        by_voice = event.record.wake is not None
        if alarm is not None:
            if by_voice and event.record.outcome in NOTHING_CAME:
                self._tell_again(alarm)
            else:
                self._finish(alarm)
        if by_voice:
            self.tell_missed()

    # --- a ring -----------------------------------------------------------------------------------

    async def ring(self, due: Due, ring: Ring) -> None:
        """Ring as long as it should, and as loud. Raises what the voice raises."""
        course = self._courses[due] = _Course()
        seconds, grow_seconds = self._length(due)
        try:
            await ring(
                seconds=seconds, grow_seconds=grow_seconds, announced=lambda: self._announced(due)
            )
        except AssistantError:
            course.failed = True
            raise
        course.gave_up = True

    def over(self, due: Due, phase: Phase) -> None:
        """Take note that a ring is over, or was cut before it began; the dialogue is in ``phase``.

        Cut short by somebody is as good as heard to the end; but an alarm that was cut by a wake
        word is over only when a command has come.
        """
        course = self._courses.pop(due, _Course())
        if self._closed:
            return
        self._last = due, time.monotonic()
        if course.failed:
            self._try_again_later(due)
        elif course.gave_up and _can_be_missed(due):
            self._finish(due, missed=True)
        elif isinstance(due, AlarmDue) and not due.missed and phase in IN_A_TURN:
            self._in_a_turn = due
        else:
            self._finish(due)

    def _length(self, due: Due) -> tuple[float, float]:
        """For how long to ring, and to grow louder; 0 is to say it once."""
        if isinstance(due, CommandMissed) or (not isinstance(due, TimerDue) and _is_missed(due)):
            return 0.0, 0.0
        if not isinstance(due, AlarmDue):
            return self._of_timers.ring_seconds, 0.0
        whole = self._of_alarms.ring_seconds
        if due.late_seconds > whole:
            return self._of_timers.ring_seconds, self._of_alarms.grow_seconds
        began = self._began.setdefault(due.alarm_id, time.monotonic())
        left = whole - (time.monotonic() - began)
        return max(left, 1.0), self._of_alarms.grow_seconds

    def _announced(self, due: Due) -> None:
        """A timer is over as soon as it could be heard; the rest when its ring is."""
        if isinstance(due, TimerDue):
            self._finish(due)

    def _finish(self, due: Due, *, missed: bool = False) -> None:
        """Forget what has been made known."""
        number = _number(due)
        self._retries.pop((type(due), number), None)
        try:
            if isinstance(due, TimerDue):
                self._timers.remove(number)
                return
            self._began.pop(number, None)
            entry = self._agenda.get(number)
            if entry is not None and missed:
                self._agenda.note_missed(entry)
            self._agenda.finish(number, self._now())
        except AssistantError as error:
            self._failed(error)
        self._changed()

    def _try_again_later(self, due: Due) -> None:
        key = type(due), _number(due)
        seconds = self._retries.get(key, RETRY_SECONDS)
        self._retries[key] = min(2 * seconds, LONGEST_RETRY_SECONDS)
        asyncio.get_running_loop().call_later(seconds, self._tell_again, due)

    def _tell_again(self, due: Due) -> None:
        number = _number(due)
        if isinstance(due, TimerDue):
            self._timers.tell_again(number)
        else:
            self._agenda.tell_again(number)
        self._changed()


def _number(due: Due) -> int:
    match due:
        case TimerDue(timer_id=number) | AlarmDue(alarm_id=number):
            return number
        case ReminderDue(reminder_id=number) | CommandMissed(command_id=number):
            return number
    raise AssertionError(f"no way to ring for {due}")


def _is_missed(due: Due) -> bool:
    return isinstance(due, AlarmDue | ReminderDue) and due.missed


def _can_be_missed(due: Due) -> bool:
    return isinstance(due, AlarmDue | ReminderDue) and not due.missed
