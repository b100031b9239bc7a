"""Reading slots of a match."""

from __future__ import annotations

import math
from datetime import timedelta

from assistant.errors import ActionError
from assistant.turn import Match
from assistant.values import Percent


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


def _wrong(match: Match, name: str, what: str) -> ActionError:
    return ActionError(
        f"the slot '{name}' of '{match.intent}' is not {what}",
        f"Make it one where {match.template!r} stands, at {match.place}.",
    )
