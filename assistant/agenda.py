"""What is to happen at a time: alarms, reminders, and commands that are given later.

Nothing here looks at a clock: ``now`` is an argument, aware, in the zone of this machine. An entry
stays in the store until it is over: a power cut may repeat what was told, never lose it.

An entry at a time of day is kept as the clock on the wall will show it (``local``), so it is right
when the zone of the machine changes, or its summer time. One that is so much time ahead ("in ten
minutes", a snooze) counts real time, as a timer does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from assistant.clocksteps import ClockSteps
from assistant.intents.kinds.recurring import next_time
from assistant.intents.kinds.times import at
from assistant.values import Recurrence

CLOCK_WAS_WRONG = timedelta(days=1)
"""What has happened so far ahead of now, happened while the clock was wrong."""


class Kind(StrEnum):
    """What an entry is. A missed alarm or reminder rang, and nobody stopped it."""

    ALARM = "alarm"
    REMINDER = "reminder"
    COMMAND = "command"
    SCHEDULE = "schedule"
    MISSED_ALARM = "missed alarm"
    MISSED_REMINDER = "missed reminder"


MISSED = {Kind.ALARM: Kind.MISSED_ALARM, Kind.REMINDER: Kind.MISSED_REMINDER}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to happen at ``due_at``, in seconds of Unix time.

    ``local`` is the time of day and date as ISO 8601 without a zone, '' where real time counts. Of
    one that happens again and again, ``rule`` is the RRULE and ``start`` its DTSTART, without a
    zone if it is at a time of day; ``last_at`` is when it last happened. ``domain`` is that in
    which a command was given.
    """

    id: int
    kind: Kind
    text: str
    due_at: float
    local: str = ""
    rule: str = ""
    start: str = ""
    last_at: float = 0.0
    domain: str = ""

    @property
    def is_missed(self) -> bool:
        """Whether it is over, and only to be told."""
        return self.kind in MISSED.values()

    def time(self, now: datetime) -> datetime:
        """When it is due, in the zone of ``now``."""
        return datetime.fromtimestamp(self.due_at, now.tzinfo)

    def recurrence(self, now: datetime) -> Recurrence | None:
        """How it happens again and again, in the zone of ``now``; None if it does not."""
        if not self.rule:
            return None
        start = datetime.fromisoformat(self.start)
        local = start if start.tzinfo else at(start.date(), start.time(), now)
        return Recurrence(self.rule, local.astimezone(now.tzinfo) if start.tzinfo else local)


class AgendaStore(Protocol):
    """Where entries survive a restart. Every method raises StateError when it cannot."""

    def entries(self) -> Sequence[Entry]:
        """Every entry, the first to be due first."""
        ...

    def add_entry(self, entry: Entry) -> Entry:
        """Store a new entry under an id of its own, which it is returned with."""
        ...

    def change_entry(self, entry: Entry) -> None:
        """Store what an entry is now, in place of what it was."""
        ...

    def remove_entry(self, entry_id: int) -> None:
        """Forget an entry; one already forgotten is no mistake."""
        ...


class Agenda:
    """The alarms, reminders and later commands of one assistant.

    All that changes something raises StateError when it cannot be stored; then nothing is changed.
    """

    def __init__(self, store: AgendaStore) -> None:
        self._store = store
        self._entries = {entry.id: entry for entry in store.entries()}
        self._told: set[int] = set()
        self._steps = ClockSteps()
        self._seen_from: datetime | None = None

    def add(
        self,
        kind: Kind,
        when: datetime | timedelta | Recurrence,
        now: datetime,
        text: str = "",
        domain: str = "",
    ) -> Entry:
        """Add an entry: at a time, so much real time from now, or again and again."""
        due_at, local, rule, start = 0.0, "", "", ""
        match when:
            case timedelta():
                due_at = now.timestamp() + when.total_seconds()
            case datetime():
                due_at, local = when.timestamp(), _local(when)
            case Recurrence():
                due_at, rule = when.start.timestamp(), when.rule
                if _counts_real_time(when):
                    start = when.start.astimezone(UTC).isoformat()
                else:
                    start = local = _local(when.start)
        new = Entry(0, kind, " ".join(text.split()), due_at, local, rule, start, 0.0, domain)
        entry = self._store.add_entry(new)
        self._entries[entry.id] = entry
        if not local and not rule:
            self._steps.begin(entry.id)
        return entry

    def note_missed(self, entry: Entry) -> Entry:
        """Keep in mind that an alarm or a reminder rang and nobody stopped it."""
        missed = Entry(0, MISSED[entry.kind], entry.text, entry.due_at, entry.local)
        stored = self._store.add_entry(missed)
        self._entries[stored.id] = stored
        return stored

    def get(self, entry_id: int) -> Entry | None:
        """The entry of that id, if it is still there."""
        return self._entries.get(entry_id)

    def missed(self) -> list[Entry]:
        """What was missed and has not been told."""
        return self._sorted(
            entry
            for entry in self._entries.values()
            if entry.is_missed and entry.id not in self._told
        )

    def upcoming(self, *kinds: Kind) -> list[Entry]:
        """Entries of these kinds that are still to come, the first to be due first."""
        return self._sorted(
            entry
            for entry in self._entries.values()
            if entry.kind in kinds and entry.id not in self._told
        )

    def next_due(self) -> float | None:
        """Unix time of the next entry that ``due`` has not told yet; None when there is none."""
        return min((entry.due_at for entry in self._waiting()), default=None)

    def due(self, now: datetime) -> list[Entry]:
        """Tell each entry that is due, once; the first first."""
        found = self._sorted(e for e in self._waiting() if e.due_at <= now.timestamp())
        self._told.update(entry.id for entry in found)
        return found

    def tell_missed(self) -> list[Entry]:
        """Tell each entry that was missed, once."""
        found = self.missed()
        self._told.update(entry.id for entry in found)
        return found

    def tell_again(self, entry_id: int) -> None:
        """Let ``due`` tell an entry once more: it could not be heard."""
        self._told.discard(entry_id)

    def finish(self, entry_id: int, now: datetime) -> None:
        """Take note that an entry has happened: the next time of it is due, or it is over.

        Times that have passed in the meantime are left out.
        """
        entry = self._entries.get(entry_id)
        if entry is None:
            return
        happened = max(entry.time(now), now, key=datetime.timestamp)
        self._go_on(entry, happened, entry.due_at, now)

    def skip(self, entry: Entry, now: datetime) -> Entry | None:
        """Leave out the next time of an entry; returns it as it is then, None if it is over."""
        return self._go_on(entry, entry.time(now), entry.last_at, now)

    def remove(self, entry_id: int) -> None:
        """Forget an entry."""
        self._store.remove_entry(entry_id)
        self._entries.pop(entry_id, None)
        self._steps.forget(entry_id)
        self._told.discard(entry_id)

    def check_clock(self, now: datetime, steady_seconds: float) -> None:
        """Notice that the clock was set, or the machine is in another zone.

        To be called right after an entry was added, before ``due``, and every few seconds while
        there are entries. ``steady_seconds`` is CLOCK_BOOTTIME.
        """
        for entry_id, step in self._steps.steps(now.timestamp(), steady_seconds):
            if entry_id not in self._told:
                entry = self._entries[entry_id]
                self._change(replace(entry, due_at=entry.due_at + step))
        if self._seen_from is None or self._seen_from.tzinfo != now.tzinfo:
            self._keep_local_times(now)
        if self._seen_from is None or now < self._seen_from:
            self._mend_times_of_a_wrong_clock(now)
        self._seen_from = now

    def _keep_local_times(self, now: datetime) -> None:
        """Let what is at a time of day be at that time here."""
        for entry in list(self._waiting()):
            if entry.local:
                local = datetime.fromisoformat(entry.local)
                due_at = at(local.date(), local.time(), now).timestamp()
                if due_at != entry.due_at:
                    self._change(replace(entry, due_at=due_at))

    def _mend_times_of_a_wrong_clock(self, now: datetime) -> None:
        """Let what happened far ahead of now happen again from now on."""
        latest = (now + CLOCK_WAS_WRONG).timestamp()
        for entry in list(self._waiting()):
            if entry.rule and entry.last_at > latest:
                self._go_on(entry, now, 0.0, now)

    def _go_on(self, entry: Entry, after: datetime, last_at: float, now: datetime) -> Entry | None:
        recurrence = entry.recurrence(now)
        following = next_time(recurrence, after) if recurrence else None
        if recurrence is None or following is None:
            self.remove(entry.id)
            return None
        local = "" if _counts_real_time(recurrence) else _local(following)
        changed = self._change(
            replace(entry, due_at=following.timestamp(), local=local, last_at=last_at)
        )
        self._told.discard(entry.id)
        return changed

    def _change(self, entry: Entry) -> Entry:
        self._store.change_entry(entry)
        self._entries[entry.id] = entry
        return entry

    def _waiting(self) -> list[Entry]:
        return [
            entry
            for entry in self._entries.values()
            if entry.id not in self._told and not entry.is_missed
        ]

    @staticmethod
    def _sorted(entries: Iterable[Entry]) -> list[Entry]:
        return sorted(entries, key=lambda entry: (entry.due_at, entry.id))


def _local(when: datetime) -> str:
    return when.replace(tzinfo=None).isoformat()


def _counts_real_time(recurrence: Recurrence) -> bool:
    """Whether it happens in hours or less, which go on in real time."""
    return recurrence.parts["FREQ"] in {"HOURLY", "MINUTELY", "SECONDLY"}
