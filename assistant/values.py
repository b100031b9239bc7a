"""What a slot holds: a value with a type, such as a duration or a colour.

The types that Python lacks are here. ``plain`` writes any of them as text or a number, for a
command's arguments, JSON and the tests of intent files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias, TypeGuard, get_args

Plain: TypeAlias = str | int | float


class NamedDay(date):
    """A day that is told by its date, even today's: the answer to "what day is it"."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A place in an order: the third is ``Ordinal(3)``, the last ``Ordinal(-1)``."""

    number: int


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of a hundred: half of all is ``Percent(50)``."""

    number: int | float


@dataclass(frozen=True, slots=True)
class Temperature:
    """Degrees, and their scale: ``celsius``, ``fahrenheit``, or '' where none was said."""

    degrees: int | float
    scale: str = ""

    def celsius(self, usual: str = "celsius") -> float:
        """In degrees Celsius; ``usual`` is the scale where none was said."""
        fahrenheit = (self.scale or usual) == "fahrenheit"
        return (self.degrees - 32) / 1.8 if fahrenheit else self.degrees


@dataclass(frozen=True, slots=True)
class Quantity:
    """So many of a unit of ``assistant.units``: two pounds are ``Quantity(2, "pound")``."""

    number: int | float
    unit: str


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of a screen or a lamp.

    ``code`` is ``#rrggbb``, and ``name`` how it is called in the language it was said in.
    """

    code: str
    name: str = ""

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Red, green and blue, each 0 to 255."""
        red, green, blue = bytes.fromhex(self.code[1:])
        return red, green, blue


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Something that happens again and again, as a calendar (RFC 5545) writes it.

    ``rule`` is its RRULE, such as ``FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=18;BYMINUTE=0;BYSECOND=0``.
    ``start`` is its DTSTART: aware, and the first of the times, from which "every other" counts.
    ``intents.kinds.recurring.next_time`` finds those after it.
    """

    rule: str
    start: datetime

    @property
    def parts(self) -> dict[str, str]:
        """Parts of the rule by name."""
        return dict(part.split("=", 1) for part in self.rule.split(";"))

    @property
    def clock(self) -> time | None:
        """Its time of day; None where the rule names none, and it is that of ``start``."""
        parts = self.parts
        if "BYHOUR" not in parts:
            return None
        return time(int(parts["BYHOUR"]), int(parts.get("BYMINUTE", "0")))


SlotValue: TypeAlias = (
    str
    | int
    | float
    | timedelta
    | time
    | date
    | datetime
    | Ordinal
    | Percent
    | Temperature
    | Colour
    | Recurrence
)


def is_value(value: Any) -> TypeGuard[SlotValue]:
    """Whether a slot can hold it."""
    return isinstance(value, get_args(SlotValue)) and not isinstance(value, bool)


def kind_of(value: SlotValue) -> str:
    """Name the kind of a value, as the slot types of intent files do: ``duration``."""
    match value:
        case str():
            return "text"
        case int() | float():
            return "number"
        case timedelta():
            return "duration"
        case _:  # a datetime before the date that it also is
            return type(value).__name__.lower()


def plain(value: SlotValue) -> Plain:
    """Write a value as text or a number.

    A duration is its seconds, an ordinal, a percentage and a temperature their number. A time is
    ``07:30``, a date ``2026-11-23``, a datetime ISO 8601 with its offset, a colour ``#rrggbb``, a
    recurrence its RRULE.
    """
    match value:
        case timedelta():
            return _number(value.total_seconds())
        case datetime():
            return value.isoformat(timespec="seconds")
        case time():
            return value.isoformat(timespec="seconds" if value.second else "minutes")
        case date():
            return value.isoformat()
        case Ordinal(number) | Percent(number) | Temperature(number):
            return number
        case Colour(code):
            return code
        case Recurrence(rule):
            return rule
        case _:
            return value


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() else value
