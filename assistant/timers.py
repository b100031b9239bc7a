"""The timers: which run, which have ended, which one somebody means.

Nothing here looks at a clock: ``now`` is an argument, in seconds of Unix time. A timer stays in
the store until it has been announced, so a power cut may repeat an announcement, never lose one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.clocksteps import ClockSteps
from assistant.events import TimerDue

LATE_SECONDS = 5.0
"""A timer found this long after its end was missed: the assistant was not running."""


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer; ``name`` is '' for one without, ``ends_at`` is Unix time in seconds.

    One that is paused has ``left_seconds`` and ends when it has been resumed for so long; then
    ``ends_at`` means nothing.
    """

    id: int
    name: str
    duration_seconds: int
    ends_at: float
    left_seconds: float | None = None

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        return self.left_seconds is not None

    def left(self, now: float) -> float:
        """Seconds until it ends, if it runs from now on."""
        return self.ends_at - now if self.left_seconds is None else self.left_seconds


class TimerStore(Protocol):
    """Where timers survive a restart. Every method raises StateError when it cannot."""

    def timers(self) -> Sequence[Timer]:
        """Every timer stored, the first to end first."""
        ...

    def add_timer(self, name: str, duration_seconds: int, ends_at: float) -> Timer:
        """Store a new timer."""
        ...

    def change_timer(self, timer: Timer) -> None:
        """Store what a timer is now, in place of what it was."""
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
        self._steps = ClockSteps()

    def begin(self, now: float, duration_seconds: int, name: str = "") -> Timer:
        """Begin a timer. Raises StateError when it cannot be stored; then there is none."""
        name = " ".join(name.split())
        timer = self._store.add_timer(name, duration_seconds, now + duration_seconds)
        self._timers[timer.id] = timer
        self._steps.begin(timer.id)
        return timer

    def pause(self, timer: Timer, now: float) -> Timer:
        """Let a timer stand still. Raises StateError; then it goes on."""
        if timer.paused:
            return timer
        self._steps.forget(timer.id)
        return self._change(replace(timer, left_seconds=max(timer.ends_at - now, 0.0)))

    def resume(self, timer: Timer, now: float) -> Timer:
        """Let a paused timer go on. Raises StateError; then it stands still."""
        if timer.left_seconds is None:
            return timer
        self._steps.begin(timer.id)
        return self._change(replace(timer, ends_at=now + timer.left_seconds, left_seconds=None))

    def lengthen(self, timer: Timer, seconds: int) -> Timer:
        """Let a timer take so many seconds more, or less where they are negative.

        The caller sees to it that there is something left. Raises StateError.
        """
        left = None if timer.left_seconds is None else timer.left_seconds + seconds
        longer = replace(
            timer,
            duration_seconds=timer.duration_seconds + seconds,
            ends_at=timer.ends_at + seconds,
            left_seconds=left,
        )
        return self._change(longer)

    def _change(self, timer: Timer) -> Timer:
        self._store.change_timer(timer)
        self._timers[timer.id] = timer
        return timer

    def running(self, now: float) -> list[Timer]:
        """The timers that have not ended, those that are paused too, the first to end first."""
        return sorted(
            (timer for timer in self._timers.values() if timer.paused or timer.ends_at > now),
            key=lambda timer: (timer.left(now), timer.id),
        )

    def find(
        self, now: float, name: str = "", duration_seconds: int = 0, *, paused: bool | None = None
    ) -> list[Timer]:
        """Find the running timers that somebody can mean: all of them where nothing is said.

        ``paused`` finds only those that are, or those that are not.

        Of timers that nobody can tell apart, alike in name and duration, the last to end stands
        for them all.
        """
        wanted = _compared(name)
        told_apart = {
            (_compared(timer.name), timer.duration_seconds): timer
            for timer in self.running(now)
            if paused in {None, timer.paused}
            and (not wanted or _compared(timer.name) == wanted)
            and (not duration_seconds or timer.duration_seconds == duration_seconds)
        }
        return list(told_apart.values())

    def next_due(self) -> float | None:
        """Unix time of the next end that ``due`` has not told yet; None when there is none."""
        return min(
            (timer.ends_at for timer in self._timers.values() if self._is_to_end(timer)),
            default=None,
        )

    def due(self, now: float) -> list[TimerDue]:
        """Tell each timer that has ended, once; ``late_seconds`` is 0 unless it was missed."""
        ended = [
            timer
            for timer in self._timers.values()
            if timer.ends_at <= now and self._is_to_end(timer)
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

    def tell_again(self, timer_id: int) -> None:
        """Let ``due`` tell a timer once more: nobody could hear it."""
        self._due.discard(timer_id)

    def _is_to_end(self, timer: Timer) -> bool:
        return not timer.paused and timer.id not in self._due

    def remove(self, timer_id: int) -> None:
        """Forget a timer: it was cancelled, or ``due`` told it and it has been announced.

        Raises StateError when the store cannot; then the timer is still there.
        """
        self._store.remove_timer(timer_id)
        self._timers.pop(timer_id, None)
        self._steps.forget(timer_id)
        self._due.discard(timer_id)

    def check_clock(self, now: float, steady_seconds: float) -> None:
        """Let the timers begun since the start keep their time when the clock was set.

        To be called right after a timer was begun, before ``due``, and every few seconds while a
        timer runs. Raises StateError.
        """
        for timer_id, step in self._steps.steps(now, steady_seconds):
            if timer_id not in self._due:
                timer = self._timers[timer_id]
                self._change(replace(timer, ends_at=timer.ends_at + step))


def _compared(name: str) -> str:
    """Names are compared as words: case and spaces do not matter."""
    return " ".join(name.casefold().split())
