"""Timers by voice: set, ask, cancel. What they are is in ``assistant.timers``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assistant.actions.slots import duration, text
from assistant.errors import ActionError
from assistant.events import Due, TimerDue
from assistant.timers import Timer, Timers
from assistant.turn import ActionResult, Match

LONGEST = timedelta(days=366)
"""A year: longer is a mistake in hearing, and hours without limit overflow a date."""


@dataclass(frozen=True, slots=True)
class TimerActions:
    """The actions ``timers.*``.

    Slots: ``duration`` (timedelta), or ``hours``, ``minutes``, ``seconds`` (numbers that add up,
    each may be absent); and ``name``. Values: ``duration``, ``left`` (timedelta), ``name`` (text),
    ``count`` (int); ``names`` has for each timer its name, or its duration (timedelta) when it has
    none; ``lefts`` goes with it, the first to end first. ``paused`` is there, and
    true, of a single timer that is.

    ``last_rung`` is what rang not long ago: "two more minutes" are for it.
    """

    now: Callable[[], datetime]
    timers: Timers
    changed: Callable[[], None]
    last_rung: Callable[[], Due | None] = lambda: None

    def set_timer(self, match: Match) -> ActionResult:
        """Begin a timer: 'done', or 'named'. Raises ActionError without a duration."""
        seconds = _duration_seconds(match)
        if seconds is None:
            raise ActionError(
                f"the intent '{match.intent}' sets a timer without a duration",
                f"Give it the slot duration, or hours, minutes, seconds, at {match.place}.",
            )
        timer = self.timers.begin(self._now(), seconds, text(match, "name"))
        self.changed()
        return _about(timer, "done")

    def tell_left(self, match: Match) -> ActionResult:
        """Say how long the timer meant has left: 'none', 'one', 'named', 'many'.

        A timer that does not run is answered with those that do.
        """
        now = self._now()
        return _left(self._meant(match, now) or self.timers.running(now), now)

    def tell_all(self, _match: Match) -> ActionResult:
        """Say which timers run, with the outcomes of ``tell_left``."""
        now = self._now()
        return _left(self.timers.running(now), now)

    def cancel(self, match: Match) -> ActionResult:
        """Cancel the timer meant: 'none', 'done', 'named'.

        Asks 'which' of ``names`` when several can be meant, or when the one that was named does
        not run but others do: no timer is cancelled on a guess.
        """
        now = self._now()
        running = self.timers.running(now)
        if not running:
            return ActionResult("none")
        meant = self._meant(match, now)
        if len(meant) != 1:
            asked = meant or running
            return ActionResult("which", {"names": _names(asked), "count": len(asked)})
        self.timers.remove(meant[0].id)
        self.changed()
        return _about(meant[0], "done")

    def pause(self, match: Match) -> ActionResult:
        """Let the timer meant stand still: 'none', 'done', 'named', 'which'."""
        return self._one(match, self.timers.pause, paused=False)

    def resume(self, match: Match) -> ActionResult:
        """Let the paused timer meant go on: 'none', 'done', 'named', 'which'."""
        return self._one(match, self.timers.resume, paused=True)

    def lengthen(self, match: Match) -> ActionResult:
        """Give the timer meant the time of the slot ``by``: 'none', 'done', 'named', 'which'.

        Where none runs, and one has just rung, that one runs again for so long.
        """
        by = _by(match)
        rung = self.last_rung()
        if not self.timers.running(self._now()) and isinstance(rung, TimerDue):
            again = self.timers.begin(self._now(), by, rung.name)
            self.changed()
            return _about(again, "done", left=timedelta(seconds=by))
        return self._one(match, lambda timer, _: self.timers.lengthen(timer, by))

    def shorten(self, match: Match) -> ActionResult:
        """Take the time of the slot ``by`` off the timer meant: also 'too_short', with ``left``."""
        by = _by(match)
        now = self._now()
        meant = self._meant(match, now)
        if len(meant) == 1 and meant[0].left(now) <= by:
            return ActionResult("too_short", {"left": _seconds_left(meant[0], now)})
        return self._one(match, lambda timer, _: self.timers.lengthen(timer, -by))

    def _one(
        self,
        match: Match,
        change: Callable[[Timer, float], Timer],
        *,
        paused: bool | None = None,
    ) -> ActionResult:
        """Change the timer meant, or ask 'which' of ``names``; ``left`` is what it has then."""
        now = self._now()
        running = self.timers.find(now, paused=paused)
        if not running:
            return ActionResult("none")
        name, seconds = text(match, "name"), _duration_seconds(match) or 0
        meant = self.timers.find(now, name, seconds, paused=paused)
        if len(meant) != 1:
            asked = meant or running
            return ActionResult("which", {"names": _names(asked), "count": len(asked)})
        timer = change(meant[0], now)
        self.changed()
        return _about(timer, "done", left=_seconds_left(timer, now))

    def cancel_all(self, _match: Match) -> ActionResult:
        """Cancel every running timer: 'none', or 'done' with their ``count``."""
        running = self.timers.running(self._now())
        for timer in running:
            self.timers.remove(timer.id)
        self.changed()
        return ActionResult("done", {"count": len(running)}) if running else ActionResult("none")

    def _now(self) -> float:
        return self.now().timestamp()

    def _meant(self, match: Match, now: float) -> list[Timer]:
        return self.timers.find(now, text(match, "name"), _duration_seconds(match) or 0)


def _duration_seconds(match: Match) -> int | None:
    """Length of the timer meant, to the nearest second; None when none was said."""
    length = duration(match)
    if length is None:
        return None
    if length < timedelta(0):
        raise ActionError("a timer cannot be shorter than nothing")
    if length > LONGEST:
        raise ActionError("a timer cannot be longer than a year")
    return round(length.total_seconds())


def _by(match: Match) -> int:
    """Seconds in the slot ``by``. Raises ActionError without any."""
    by = match.values().get("by")
    if not isinstance(by, timedelta) or not timedelta(0) < by <= LONGEST:
        raise ActionError(
            f"the intent '{match.intent}' does not say by how much to change a timer",
            f"Give it the slot by, a duration, at {match.place}.",
        )
    return round(by.total_seconds())


def _seconds_left(timer: Timer, now: float) -> timedelta:
    return timedelta(seconds=max(1, round(timer.left(now))))


def _about(timer: Timer, outcome: str, **values: Any) -> ActionResult:
    values["duration"] = timedelta(seconds=timer.duration_seconds)
    if timer.name:
        return ActionResult("named", values | {"name": timer.name})
    return ActionResult(outcome, values)


def _left(timers: Sequence[Timer], now: float) -> ActionResult:
    if not timers:
        return ActionResult("none")
    lefts = [_seconds_left(timer, now) for timer in timers]
    if len(timers) == 1:
        paused = {"paused": True} if timers[0].paused else {}
        return _about(timers[0], "one", left=lefts[0], **paused)
    names = _names(timers)
    values = {
        "left": lefts[0],
        "duration": timedelta(seconds=timers[0].duration_seconds),
        "count": len(timers),
        "names": names,
        "timers": names,
        "lefts": lefts,
    }
    return ActionResult("many", values)


def _names(timers: Sequence[Timer]) -> list[str | timedelta]:
    return [timer.name or timedelta(seconds=timer.duration_seconds) for timer in timers]
