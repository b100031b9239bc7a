"""Reading slots of a match."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta

from assistant.errors import ActionError
from assistant.intents.kinds.times import at
from assistant.turn import Match
from assistant.values import Percent, Recurrence

MORNING = time(9)
"""When something is to be where only the day was said."""
SOON = timedelta(hours=1)
"""The same where that day is today, and no longer young."""
LONGEST = timedelta(days=366 * 10)
A_DAY = timedelta(days=1)


def number(match: Match, name: str) -> float | None:
    """Number in a slot, a percentage as its number; None when the slot is absent.

    Raises ActionError for anything else.
    """
    value = match.values().get(name)
    if value is None:
        return None
    if isinstance(value, Percent):
        value = value.number
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(match, name, "a number")
    return value


def duration(match: Match, name: str = "duration") -> timedelta | None:
    """Length of time: the slot ``name`` and the numbers in ``hours``, ``minutes``, ``seconds``.

    They are added up; None when all are absent. Raises ActionError for anything else.
    """
    whole = match.values().get(name)
    parts = [(number(match, unit), unit) for unit in ("hours", "minutes", "seconds")]
    if whole is None and all(part is None for part, _ in parts):
        return None
    if not isinstance(whole, timedelta | None):
        raise _wrong(match, name, "a length of time")
    try:
        return sum((timedelta(**{unit: part or 0}) for part, unit in parts), whole or timedelta(0))
    except OverflowError:  # more than a billion days
        return timedelta.max


def text(match: Match, name: str) -> str:
    """Text of a slot; '' when the slot is absent."""
    return str(match.values().get(name, ""))


def when(match: Match, now: datetime) -> datetime | timedelta | Recurrence | None:
    """When something is to happen; None where nothing tells.

    It is in the slot ``time`` (a point in time), ``repeat`` (again and again), ``day`` (a date, of
    which it is the morning), or in ``duration`` as the function of that name reads it. Whole days
    from now are at the same time of day. Raises ActionError for anything else.
    """
    values = match.values()
    point, repeat, day = values.get("time"), values.get("repeat"), values.get("day")
    if not isinstance(repeat, Recurrence | None):
        raise _wrong(match, "repeat", "something that happens again and again")
    if not isinstance(point, datetime | None):
        raise _wrong(match, "time", "a point in time")
    if not isinstance(day, date | None):
        raise _wrong(match, "day", "a date")
    if repeat is not None or point is not None:
        return repeat or point
    if day is not None:
        morning = at(day, MORNING, now)
        return SOON if day == now.date() and morning <= now else morning
    length = duration(match)
    if length is None:
        return None
    if not timedelta(0) < length <= LONGEST:
        raise ActionError("that is no time from now")
    if length % A_DAY:
        return length
    return at(now.date() + length, now.time().replace(second=0, microsecond=0), now)


def _wrong(match: Match, name: str, what: str) -> ActionError:
    return ActionError(
        f"the slot '{name}' of '{match.intent}' is not {what}",
        f"Make it one where {match.template!r} stands, at {match.place}.",
    )
