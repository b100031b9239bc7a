"""Values in words, by their type and the locale."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from assistant.intents.words import ordinal_words
from assistant.speech.spoken.phrases import Phrases, phrases_of
from assistant.speech.spoken.recurrences import spoken_recurrence
from assistant.units import UNITS
from assistant.values import Colour, NamedDay, Ordinal, Percent, Quantity, Recurrence, Temperature

_SCALES = {
    "": "angle-degree",
    "celsius": "temperature-celsius",
    "fahrenheit": "temperature-fahrenheit",
}
# All digits, as whoever made the number rounded it, and nothing between thousands.
_DECIMAL = "0.############"
# From two days on, a length of time is said in days: "25 hours" is clearer than "1 day and 1 hour".
_IN_DAYS = 2 * 24 * 3600


def spoken(value: Any, locale: str = "en", now: dt.datetime | None = None) -> str:
    """Put a value into words by its type.

    With ``now``, a date or a point in time is said as it is seen from there: "tomorrow at 7:30 AM".
    Without, a point in time is only its time of day.
    """
    locale = locale.replace("-", "_")
    phrases = phrases_of(locale)
    match value:
        case str():
            return value
        case dt.timedelta():
            return _duration(value, locale)
        case dt.datetime():
            return _point_in_time(value, locale, now)
        case dt.time():
            return _clock(value, locale, phrases)
        case NamedDay():
            return _date(value, locale, None)
        case dt.date():
            return _date(value, locale, now)
        case float():
            return format_decimal(value, _DECIMAL, locale)
        case Ordinal() | Percent() | Temperature() | Quantity():
            return _amount(value, locale, phrases)
        case Colour(code, name):
            return name or code
        case Recurrence():
            clock = value.clock
            said = _clock(clock, locale, phrases) if clock else ""
            return spoken_recurrence(value, locale, said)
        case list() | tuple():
            return format_list([spoken(item, locale, now) for item in value], locale=locale)
        case _:
            return str(value)


def _amount(
    value: Ordinal | Percent | Temperature | Quantity, locale: str, phrases: Phrases
) -> str:
    match value:
        case Quantity(number, unit):
            said = format_unit(number, UNITS[unit].cldr, "long", _DECIMAL, locale)
            return said.replace("\N{NO-BREAK SPACE}", " ")
        case Ordinal(number):
            return phrases.last if number == -1 else ordinal_words(number, locale)[0]
        case Percent(number):
            return format_unit(number, "concentr-percent", length="long", locale=locale)
        case Temperature(degrees, scale):
            return format_unit(degrees, _SCALES[scale], length="long", locale=locale)


def _duration(value: dt.timedelta, locale: str) -> str:
    """Days, hours, minutes and seconds, without those that are 0: "1 hour and 30 minutes"."""
    seconds = round(abs(value.total_seconds()))
    days = seconds // 86400 if seconds >= _IN_DAYS else 0
    hours, minutes = (seconds - days * 86400) // 3600, seconds // 60 % 60
    counted = (days, "day"), (hours, "hour"), (minutes, "minute"), (seconds % 60, "second")
    return format_list(
        [
            format_unit(number, f"duration-{unit}", length="long", locale=locale)
            for number, unit in counted
            if number or (unit == "second" and not seconds)
        ],
        locale=locale,
    )


def _clock(value: dt.time, locale: str, phrases: Phrases) -> str:
    if phrases.whole_hour and phrases.hour_and_minute:
        pattern = phrases.hour_and_minute if value.minute else phrases.whole_hour
        return format_time(value, format=pattern, locale=locale)
    # CLDR puts a narrow no-break space before PM, which engines may read out.
    return format_time(value, format="short", locale=locale).replace("\u202f", " ")


def _point_in_time(value: dt.datetime, locale: str, now: dt.datetime | None) -> str:
    phrases = phrases_of(locale)
    if now is not None and now.tzinfo is not None and value.tzinfo is not None:
        value = value.astimezone(now.tzinfo)
    clock = _clock(value.time(), locale, phrases)
    if now is None or value.date() == now.date():
        return clock
    return phrases.at.format(day=_date(value.date(), locale, now), clock=clock)


def _date(value: dt.date, locale: str, now: dt.datetime | None) -> str:
    """Weekday, day and month in full; today and its neighbours by name, another year with it.

    CLDR has the order with short names; they are widened.
    """
    skeleton = "MMMEd"
    if now is not None:
        near = phrases_of(locale).days.get((value - now.date()).days)
        if near:
            return near
        if value.year != now.year:
            skeleton = "yMMMEd"
    pattern = str(Locale.parse(locale).datetime_skeletons[skeleton])
    pattern = re.sub("E+", "EEEE", re.sub("M+", "MMMM", pattern))
    return format_date(value, format=pattern, locale=locale)
