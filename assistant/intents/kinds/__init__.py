"""Kinds of slot types: how a value is made of what was said.

A type's sentences fill fields (``{list:field}``); its kind makes a value of them. Numbers of the
same field are added up, so twenty and one are 21, except where the table says otherwise.

==============  =========================================================  =======================
kind            fields                                                     value
==============  =========================================================  =======================
number          ``number``; ``thousands`` (times 1000); ``digit`` (after   int or float
                the point, one by one); ``minus`` (anything)
ordinal         ``ordinal`` (-1 is the last)                               Ordinal
percent         as number                                                  Percent
temperature     as number; ``scale`` ('celsius', 'fahrenheit')             Temperature
duration        ``weeks``, ``days``, ``hours``, ``minutes``, ``seconds``   timedelta
time            ``hour`` (0 to 24), ``minute``, ``minutes_to`` (before     time
                the hour), ``part`` ('am', 'pm', 'night', 'tonight',
                the last also the night of another day), ``at`` ('12:00',
                '24:00': a time as it is); or ``hours``, ``minutes``,
                ``seconds`` from now
date            ``days``, ``weeks``, ``months``, ``years`` from today;     date
                ``weekday`` (0 is Monday) with ``week`` (0 this, 1 next)
                or ``weeks`` after it; ``day`` (-1 is the last), with
                ``month``, ``year`` and ``weekday``, or ``months`` from
                this one
datetime        as date and as time                                        datetime
recurrence      ``frequency`` ('DAILY', or 'MINUTELY;INTERVAL=30' as in     Recurrence
                RFC 5545) with ``every`` (2 is every other); ``weekday``
                (several) or ``weekdays`` ('SA,SU'), perhaps with ``nth``
                of a month (-1 the last); ``day`` (several) with
                ``month``; and the fields of a clock, as for time
colour          ``colour``: a CSS name or '#rrggbb'; what is before a '='  Colour
                is its name in speech: 'hellblau=lightblue'
text            ``text``                                                   str
==============  =========================================================  =======================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from assistant.intents.kinds import dates, numbers, recurring, times
from assistant.intents.kinds.fields import Field, Fields, ValueSaidError
from assistant.values import SlotValue

__all__ = ["KINDS", "Kind", "ValueSaidError", "resolve"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: the fields that it understands, and the function that makes it of them."""

    fields: frozenset[str]
    make: Callable[[Fields], SlotValue]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "number": Kind(numbers.NUMBER_FIELDS, numbers.number),
        "ordinal": Kind(frozenset({"ordinal"}), numbers.ordinal),
        "percent": Kind(numbers.NUMBER_FIELDS, numbers.percent),
        "temperature": Kind(numbers.NUMBER_FIELDS | {"scale"}, numbers.temperature),
        "duration": Kind(frozenset(numbers.SECONDS_OF), numbers.duration),
        "time": Kind(times.TIME_FIELDS, times.time_of_day),
        "date": Kind(dates.DATE_FIELDS, dates.calendar_day),
        "datetime": Kind(times.DATETIME_FIELDS, times.point_in_time),
        "recurrence": Kind(recurring.RECURRENCE_FIELDS, recurring.recurrence),
        "colour": Kind(frozenset({"colour"}), numbers.colour),
        "text": Kind(frozenset({"text"}), numbers.text),
    }
)


def resolve(kind: str, fields: Mapping[str, tuple[Field, ...]], now: datetime) -> SlotValue:
    """Make a value of the fields that were said.

    ``now`` is aware, with its time zone. Raises ValueSaidError, fit to be spoken, for what is no
    value, such as the 31st of February; KeyError for a kind that is not in ``KINDS``.
    """
    try:
        return KINDS[kind].make(Fields(fields, now))
    except OverflowError as error:  # a day beside the first or the last one that Python knows
        raise ValueSaidError(dates.TOO_FAR) from error
