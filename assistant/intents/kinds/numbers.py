"""Numbers, and what is a number with a unit: percentages, temperatures, durations, colours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import webcolors

from assistant.intents.kinds.fields import (
    LONGEST,
    Fields,
    Number,
    ValueSaidError,
    whole_if_it_is,
)
from assistant.values import Colour, Ordinal, Percent, Temperature

NUMBER_FIELDS = frozenset({"number", "thousands", "digit", "minus"})
SECONDS_OF = {"weeks": 7 * 86400, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}


def number(said: Fields) -> Number:
    """A number; whole unless digits after the point, or a fraction, were said."""
    value = said.total("thousands") * 1000 + said.total("number")
    if digits := said.among("digit", range(10)):
        if value != int(value):
            raise ValueSaidError(f"{value} cannot have more digits")
        value = float(f"{int(value)}.{''.join(str(digit) for digit in digits)}")
    else:
        value = whole_if_it_is(value)
    return -value if "minus" in said else value


def ordinal(said: Fields) -> Ordinal:
    """A place in an order."""
    return Ordinal(said.whole("ordinal"))


def percent(said: Fields) -> Percent:
    """A share of a hundred."""
    return Percent(number(said))


def temperature(said: Fields) -> Temperature:
    """Degrees, with their scale if it was said."""
    said.among("scale", {"celsius", "fahrenheit"})
    return Temperature(number(said), said.text("scale"))


def duration(said: Fields) -> timedelta:
    """A length of time; a day has 24 hours."""
    return _length(said, SECONDS_OF)


def elapsed(said: Fields) -> timedelta:
    """The hours, minutes and seconds that were said. Raises ValueSaidError beyond LONGEST."""
    return _length(said, {"hours": 3600, "minutes": 60, "seconds": 1})


def _length(said: Fields, seconds_of: Mapping[str, int]) -> timedelta:
    seconds = sum(said.total(unit) * length for unit, length in seconds_of.items())
    if abs(seconds) > LONGEST.total_seconds():
        raise ValueSaidError("that is longer than a hundred years")
    return timedelta(seconds=seconds)


def colour(said: Fields) -> Colour:
    """A colour by its CSS name or code, which may come after its name in speech and a '='."""
    name, _, css = said.text("colour").rpartition("=")
    try:
        code = css if css.startswith("#") else webcolors.name_to_hex(css)
        return Colour(webcolors.normalize_hex(code), name or css)
    except ValueError as error:
        raise ValueSaidError(f"there is no colour '{css}'") from error


def text(said: Fields) -> str:
    """What was said, as it was."""
    return " ".join(str(value) for value in said.fields.get("text", ()))
