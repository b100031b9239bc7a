"""The timers: which run, which have ended, which one somebody means.

Nothing here looks at a clock: ``now`` is an argument, in seconds of Unix time. A timer stays in
the store until it has been announced, so a power cut may repeat an announcement, never lose one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.events import TimerDue

LATE_SECONDS = 5.0
"""A timer found this long after its end was missed: the assistant was not running."""

CLOCK_STEP_SECONDS = 1.0
"""A smaller change of the clock is drift; adjtime slews at most 0.0005 s a second."""


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer; ``name`` is '' for one without, ``ends_at`` is Unix time in seconds."""

    id: int
    name: str
    duration_seconds: int
    ends_at: float


class TimerStore(Protocol):
    """Where timers survive a restart. Every method raises StateError when it cannot."""

    def timers(self) -> Sequence[Timer]:
        """Every timer stored, the first to end first."""
        ...

    def add_timer(self, name: str, duration_seconds: int, ends_at: float) -> Timer:
        """Store a new timer."""
        ...

    def move_timer(self, timer_id: int, ends_at: float) -> None:
        """Let a timer end at another time."""
        ...

    def remove_timer(self, timer_id: int) -> None:
        """Forget a timer; one already forgotten is no mistake."""
        ...


class Timers:
    """The timers of one assistant."""

    def __init__(self, store: TimerStore) -> None:
        self._store = store
        self._timers = {timer.id: timer for timer in store.timers()}
        self._due: set[int] = set()
        # Of each timer begun here: how far the clock was from a steady one; nan until checked.
        self._clock_offsets: dict[int, float] = {}

    def begin(self, now: float, duration_seconds: int, name: str = "") -> Timer:
        """Begin a timer. Raises StateError when it cannot be stored; then there is none."""
        name = " ".join(name.split())
        timer = self._store.add_timer(name, duration_seconds, now + duration_seconds)
        self._timers[timer.id] = timer
        self._clock_offsets[timer.id] = math.nan
        return timer

    def running(self, now: float) -> list[Timer]:
        """The timers that have not ended, the first to end first."""
        return sorted(
            (timer for timer in self._timers.values() if timer.ends_at > now),
            key=lambda timer: (timer.ends_at, timer.id),
        )

    def find(self, now: float, name: str = "", duration_seconds: int = 0) -> list[Timer]:
        """Find the running timers that somebody can mean: all of them where nothing is said.

        Of timers that nobody can tell apart, alike in name and duration, the last to end stands
        for them all.
        """
        wanted = _compared(name)
        told_apart = {
            (_compared(timer.name), timer.duration_seconds): timer
            for timer in self.running(now)
            if (not wanted or _compared(timer.name) == wanted)
            and (not duration_seconds or timer.duration_seconds == duration_seconds)
        }
        return list(told_apart.values())

    def next_due(self) -> float | None:
        """Unix time of the next end that ``due`` has not told yet; None when there is none."""
        return min(
            (timer.ends_at for timer in self._timers.values() if timer.id not in self._due),
            default=None,
        )

    def due(self, now: float) -> list[TimerDue]:
        """Tell each timer that has ended, once; ``late_seconds`` is 0 unless it was missed."""
        ended = [
            timer
            for timer in self._timers.values()
            if timer.ends_at <= now and timer.id not in self._due
        ]
        self._due.update(timer.id for timer in ended)
        return [
            TimerDue(
                timer_id=timer.id,
                name=timer.name,
                duration_seconds=timer.duration_seconds,
                late_seconds=late if (late := now - timer.ends_at) > LATE_SECONDS else 0.0,
            )
            for timer in sorted(ended, key=lambda timer: (timer.ends_at, timer.id))
        ]

    def remove(self, timer_id: int) -> None:
        """Forget a timer: it was cancelled, or ``due`` told it and it has been announced.

        Raises StateError when the store cannot; then the timer is still there.
        """
        self._store.remove_timer(timer_id)
        self._timers.pop(timer_id, None)
        self._clock_offsets.pop(timer_id, None)
        self._due.discard(timer_id)

    def check_clock(self, now: float, steady_seconds: float) -> None:
        """Notice that the clock was set, and let the timers begun since the start keep their time.

        A Raspberry Pi has no clock of its own: it starts in the past and steps forward by hours
        when the time service answers. ``steady_seconds`` is a clock that nobody sets and that
        counts through a suspend (CLOCK_BOOTTIME). To be called right after a timer was begun,
        before ``due``, and every few seconds while a timer runs. Raises StateError.
        """
        offset = now - steady_seconds
        for timer_id, known in list(self._clock_offsets.items()):
            step = offset - known
            if timer_id in self._due or abs(step) < CLOCK_STEP_SECONDS:
                continue
            if not math.isnan(known):
                timer = self._timers[timer_id]
                moved = replace(timer, ends_at=timer.ends_at + step)
                self._store.move_timer(moved.id, moved.ends_at)
                self._timers[timer_id] = moved
            self._clock_offsets[timer_id] = offset


def _compared(name: str) -> str:
    """Names are compared as words: case and spaces do not matter."""
    return " ".join(name.casefold().split())
