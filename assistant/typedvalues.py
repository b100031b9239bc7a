"""Typed values as JSON: how a slot's value gets to a skill, and a reply's value back.

Texts and numbers are themselves. Any other value is an object whose first key names its kind:
``{"duration": 90}``, ``{"temperature": 21, "scale": "celsius"}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

from assistant.units import UNITS
from assistant.values import Colour, Ordinal, Percent, Quantity, Recurrence, Temperature

LARGEST = 10**12
"""A number beyond it is refused; nobody would follow it, and a duration could not hold it."""

LARGEST_ORDINAL = 1_000_000

MOST_ITEMS = 1_000
"""Of a list."""

Json: TypeAlias = str | int | float | dict[str, Any] | list[Any]

_SCALES = ("", "celsius", "fahrenheit")
_CODE = re.compile(r"#[0-9a-fA-F]{6}")


def to_json(value: Any) -> Json:
    """Write a value, or a list of values. Raises ValueError where it is of no kind known here."""
    if isinstance(value, list | tuple):
        return [to_json(one) for one in _items(value)]
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int | float):
        return _number(value)
    for kind, write in _WRITTEN.items():
        if isinstance(value, kind):
            return write(value)
    raise ValueError(f"a value of type {type(value).__name__} cannot be spoken")


def from_json(found: Any) -> Any:
    """Read a value that ``to_json`` wrote. Raises ValueError where it did not.

    What is in it is not trusted: a text is always one that UTF-8 can hold, and a number one that
    can be put into words.
    """
    if isinstance(found, list):
        return [from_json(one) for one in _items(found)]
    if isinstance(found, str):
        return clean(found)
    if isinstance(found, int | float):
        return _number(found)
    read = _READ.get(tuple(found)) if isinstance(found, dict) else None
    if read is None:
        raise ValueError("a value is of no known kind")
    try:
        return read(*found.values())
    except (TypeError, AttributeError) as error:  # such as a number where a text belongs
        raise ValueError("a value is not as its kind is written") from error


def length_of(value: Any) -> int:
    """Count the characters of all texts in a value, and each other value as one."""
    match value:
        case str():
            return len(value)
        case Colour(_, name):
            return len(name)
        case list() | tuple():
            return sum(length_of(one) for one in value)
    return 1


def clean(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON can hold and no synthesizer can take."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _number(number: int | float) -> int | float:
    if number is True or number is False:
        raise ValueError(f"{number} is neither a text nor a number")
    if not -LARGEST <= number <= LARGEST:  # nan, too
        raise ValueError("a number is too large to be spoken")
    return number


def _ordinal(number: int) -> int:
    if type(number) is not int or not (number == -1 or 0 < number <= LARGEST_ORDINAL):
        raise ValueError(f"{number} is no place in an order")
    return number


def _seconds(value: timedelta) -> int | float:
    seconds = value.total_seconds()
    return _number(int(seconds) if seconds.is_integer() else seconds)


def _one_of(name: str, known: Any) -> str:
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"'{name}' is none of {', '.join(one for one in known if one)}")
    return name


def _code(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise ValueError("a colour is written #rrggbb")
    return code


def _items(values: list[Any] | tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
    if len(values) > MOST_ITEMS:
        raise ValueError(f"a list has {len(values)} values, {MOST_ITEMS} are the most")
    if any(isinstance(one, list | tuple) for one in values):
        raise ValueError("a list cannot hold lists")
    return values


# How each kind is written. A datetime is a date, too, and so comes first.
_WRITTEN: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    timedelta: lambda value: {"duration": _seconds(value)},
    time: lambda value: {"time": value.isoformat()},
    datetime: lambda value: {"datetime": value.isoformat()},
    date: lambda value: {"date": value.isoformat()},
    Ordinal: lambda value: {"ordinal": _ordinal(value.number)},
    Percent: lambda value: {"percent": _number(value.number)},
    Temperature: lambda value: {
        "temperature": _number(value.degrees),
        "scale": _one_of(value.scale, _SCALES),
    },
    Quantity: lambda value: {
        "quantity": _number(value.number),
        "unit": _one_of(value.unit, UNITS),
    },
    Colour: lambda value: {"colour": _code(value.code), "name": clean(value.name)},
    Recurrence: lambda value: {
        "recurrence": clean(value.rule),
        "start": value.start.isoformat(),
    },
}

# How each is read, from its fields in the order in which they are written.
_READ: Mapping[tuple[str, ...], Callable[..., Any]] = {
    ("duration",): lambda seconds: timedelta(seconds=_number(seconds)),
    ("time",): time.fromisoformat,
    ("datetime",): datetime.fromisoformat,
    ("date",): date.fromisoformat,
    ("ordinal",): lambda number: Ordinal(_ordinal(number)),
    ("percent",): lambda number: Percent(_number(number)),
    ("temperature", "scale"): lambda number, scale: Temperature(
        _number(number), _one_of(scale, _SCALES)
    ),
    ("quantity", "unit"): lambda number, unit: Quantity(_number(number), _one_of(unit, UNITS)),
    ("colour", "name"): lambda code, name: Colour(_code(code), clean(name)),
    ("recurrence", "start"): lambda rule, start: Recurrence(
        clean(rule), datetime.fromisoformat(start)
    ),
}
