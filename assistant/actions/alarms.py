"""Alarms by voice: set, ask, cancel, snooze, skip. What they are is in ``assistant.agenda``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from assistant.actions.slots import duration, when
from assistant.agenda import Agenda, Entry, Kind
from assistant.errors import ActionError
from assistant.events import AlarmDue, Due, ReminderDue, TimerDue
from assistant.timers import Timers
from assistant.turn import ActionResult, Match
from assistant.values import Recurrence

LONGEST = timedelta(days=366)
LONGEST_SNOOZE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AlarmActions:
    """The actions ``alarms.*``.

    Slots: ``time`` (datetime), ``repeat`` (Recurrence), or ``duration`` from now. Values: ``time``
    (datetime), ``repeat`` (Recurrence), ``count`` (int); ``alarms`` has for each its recurrence, or
    its time. ``last_rung`` is what rang not long ago, and ``interrupted`` an alarm that was cut by
    the wake word.
    """

    now: Callable[[], datetime]
    agenda: Agenda
    timers: Timers
    changed: Callable[[], None]
    last_rung: Callable[[], Due | None]
    interrupted: Callable[[], AlarmDue | None]
    snooze_seconds: float

    def set_alarm(self, match: Match) -> ActionResult:
        """Set an alarm: 'done', or 'repeated'. Raises ActionError without a time."""
        now = self.now()
        at = when(match, now)
        if at is None:
            raise ActionError(
                f"the intent '{match.intent}' sets an alarm without a time",
                f"Give it the slot time, repeat or duration, at {match.place}.",
            )
        entry = self.agenda.add(Kind.ALARM, at, now)
        self.changed()
        return about(entry, now)

    def tell_all(self, _match: Match) -> ActionResult:
        """Say which alarms are set, the next one first: 'none', 'one', 'many'."""
        now = self.now()
        alarms = self.agenda.upcoming(Kind.ALARM)
        if not alarms:
            return ActionResult("none")
        values = {"time": alarms[0].time(now), "alarms": _told(alarms, now), "count": len(alarms)}
        return ActionResult("one" if len(alarms) == 1 else "many", values)

    def cancel(self, match: Match) -> ActionResult:
        """Cancel the alarm meant: 'none', 'done'.

        Asks 'which' of ``alarms`` when several can be meant, or the one that was named is not set.
        One that has just been cut short is over, and stays set for the next time.
        """
        now = self.now()
        alarms = self.agenda.upcoming(Kind.ALARM)
        named = when(match, now)
        if named is None and (ringing := self.interrupted()) is not None:
            return ActionResult("done", {"time": ringing.time})
        if not alarms:
            return ActionResult("none")
        meant = [one for one in alarms if named is None or _is_at(one, named, now)]
        if len(meant) != 1:
            asked = meant or alarms
            return ActionResult("which", {"alarms": _told(asked, now), "count": len(asked)})
        self.agenda.remove(meant[0].id)
        self.changed()
        return ActionResult("done", {"time": meant[0].time(now)})

    def cancel_all(self, _match: Match) -> ActionResult:
        """Cancel every alarm: 'none', or 'done' with their ``count``."""
        alarms = self.agenda.upcoming(Kind.ALARM)
        for alarm in alarms:
            self.agenda.remove(alarm.id)
        self.changed()
        return ActionResult("done", {"count": len(alarms)}) if alarms else ActionResult("none")

    def skip(self, _match: Match) -> ActionResult:
        """Leave out the next alarm: 'none', 'done', or 'repeated' with the one after it."""
        now = self.now()
        alarms = self.agenda.upcoming(Kind.ALARM)
        if not alarms:
            return ActionResult("none")
        skipped = alarms[0].time(now)
        following = self.agenda.skip(alarms[0], now)
        self.changed()
        if following is None:
            return ActionResult("done", {"time": skipped})
        return ActionResult("repeated", {"time": skipped, "next": following.time(now)})

    def snooze(self, match: Match) -> ActionResult:
        """Let what has just rung ring again later: 'none' where nothing has, or 'done'."""
        rung = self.last_rung()
        length = duration(match) or timedelta(seconds=self.snooze_seconds)
        if not timedelta(0) < length <= LONGEST_SNOOZE:
            raise ActionError("that is no time to snooze for")
        now = self.now()
        match rung:
            case AlarmDue():
                self.agenda.add(Kind.ALARM, length, now)
            case ReminderDue(text=text):
                self.agenda.add(Kind.REMINDER, length, now, text)
            case TimerDue(name=name):
                self.timers.begin(now.timestamp(), round(length.total_seconds()), name)
            case _:
                return ActionResult("none")
        self.changed()
        return ActionResult("done", {"duration": length})


def about(entry: Entry, now: datetime) -> ActionResult:
    """Tell what was set: 'done', or 'repeated' for what happens again and again."""
    values = {"time": entry.time(now)}
    repeat = entry.recurrence(now)
    if repeat is None:
        return ActionResult("done", values)
    return ActionResult("repeated", values | {"repeat": repeat})


def _told(alarms: Sequence[Entry], now: datetime) -> list[datetime | Recurrence]:
    return [alarm.recurrence(now) or alarm.time(now) for alarm in alarms]


def _is_at(alarm: Entry, named: datetime | timedelta | Recurrence, now: datetime) -> bool:
    """Whether an alarm is the one that was named: by its day, or by its time alone.

    "My seven o'clock alarm" is the one at seven, in the morning or in the evening.
    """
    match named:
        case Recurrence():
            return alarm.rule == named.rule
        case datetime():
            at = alarm.time(now)
            same_day = at.date() == named.date() or abs(named - now) < timedelta(days=1)
            return same_day and _shown(at.time()) == _shown(named.time())
        case _:
            return False


def _shown(clock: time) -> tuple[int, int]:
    """A time of day as a round clock shows it."""
    return clock.hour % 12, clock.minute
