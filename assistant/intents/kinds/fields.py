"""What was said of a value: the fields that the sentences of its type filled."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from assistant.errors import AssistantError

Field: TypeAlias = str | int | float
Number: TypeAlias = int | float

LONGEST = timedelta(days=366 * 100)
"""Longer is a mistake in hearing, and far enough beyond what Python's dates hold."""

# No count of anything up to LONGEST is more; whole numbers of weeks up to it are dates.
_MOST = 100_000


class ValueSaidError(AssistantError):
    """What was said is no value, such as the 31st of February; the message is fit to be spoken."""

    code = "value"


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields by name, each with its values in the order they were said, and the time now."""

    fields: Mapping[str, tuple[Field, ...]]
    now: datetime

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def numbers(self, name: str) -> tuple[Number, ...]:
        """The numbers of a field. Raises ValueSaidError for text."""
        values = self.fields.get(name, ())
        for value in values:
            if isinstance(value, str):
                raise ValueSaidError(f"'{value}' is not a number of '{name}'")
        return tuple(value for value in values if not isinstance(value, str))

    def total(self, name: str) -> Number:
        """The numbers of a field added up, 0 for none: twenty and one are 21."""
        return whole_if_it_is(sum(self.numbers(name)))

    def whole(self, name: str) -> int:
        """Like total. Raises ValueSaidError unless it is a whole number, and not a huge one."""
        number = self.total(name)
        if isinstance(number, float) or abs(number) > _MOST:
            raise ValueSaidError(f"{number:g} is not a number of '{name}'")
        return number

    def among(self, name: str, allowed: Container[Field]) -> tuple[Field, ...]:
        """The values of a field. Raises ValueSaidError for one that is not among the allowed."""
        for value in self.fields.get(name, ()):
            if value not in allowed:
                raise ValueSaidError(f"'{value}' cannot be '{name}'")
        return self.fields.get(name, ())

    def text(self, name: str) -> str:
        """Last text of a field; '' for none."""
        values = self.fields.get(name, ())
        return str(values[-1]) if values else ""


def is_after(one: datetime, other: datetime) -> bool:
    """Whether it is later in real time; Python compares times of the same zone by their clocks."""
    return one.timestamp() > other.timestamp()


def whole_if_it_is(number: Number) -> Number:
    """Write 2.0 as 2; 9 places, so that what is added up in binary is what was said."""
    rounded = round(number, 9)
    return int(rounded) if float(rounded).is_integer() else rounded
