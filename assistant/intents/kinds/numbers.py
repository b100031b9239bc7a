"""Numbers, and what is a number with a unit: percentages, temperatures, durations, colours."""

from __future__ import annotations

from datetime import timedelta

import webcolors

from assistant.intents.kinds.fields import (
    LONGEST_DAYS,
    Fields,
    Number,
    ValueSaidError,
    whole_if_it_is,
)
from assistant.values import Colour, Ordinal, Percent, Temperature

NUMBER_FIELDS = frozenset({"number", "thousands", "digit", "minus"})
DURATION_FIELDS = frozenset({"weeks", "days", "hours", "minutes", "seconds"})


def number(said: Fields) -> Number:
    """A number; whole unless digits after the point, or a fraction, were said."""
    value = said.total("thousands") * 1000 + said.total("number")
    if digits := said.numbers("digit"):
        value = float(f"{value}.{''.join(str(digit) for digit in digits)}")
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
    scale = said.text("scale")
    if scale not in {"", "celsius", "fahrenheit"}:
        raise ValueSaidError(f"'{scale}' is no scale of temperature")
    return Temperature(number(said), scale)


def duration(said: Fields) -> timedelta:
    """A length of time; a day has 24 hours."""
    length = elapsed(said) + timedelta(days=said.total("weeks") * 7 + said.total("days"))
    if abs(length) > timedelta(days=LONGEST_DAYS):
        raise ValueSaidError("that is longer than a hundred years")
    return length


def elapsed(said: Fields) -> timedelta:
    """The hours, minutes and seconds that were said, at most some hundred years of them."""
    seconds = said.total("hours") * 3600 + said.total("minutes") * 60 + said.total("seconds")
    longest = LONGEST_DAYS * 24 * 3600
    return timedelta(seconds=min(max(seconds, -longest - 1), longest + 1))


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
