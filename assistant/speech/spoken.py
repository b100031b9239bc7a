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


def spoken(value: Any, locale: str = "en") -> str:
    """Put a value into words by its type."""
    locale = locale.replace("-", "_")
    match value:
        case str():
            return value
        case dt.timedelta():
            return _duration(value, locale)
        case dt.datetime():
            return _clock(value.time(), locale)
        case dt.time():
            return _clock(value, locale)
        case dt.date():
            return _date(value, locale)
        case float():
            return format_decimal(value, locale=locale, group_separator=False)
        case list() | tuple():
            return format_list([spoken(item, locale) for item in value], locale=locale)
        case _:
            return str(value)


def _duration(value: dt.timedelta, locale: str) -> str:
    """Hours, minutes and seconds, without those that are 0: "1 hour and 30 minutes"."""
    seconds = round(abs(value.total_seconds()))
    hours, minutes = seconds // 3600, seconds // 60 % 60
    counted = (hours, "hour"), (minutes, "minute"), (seconds % 60, "second")
    return format_list(
        [
            format_unit(number, f"duration-{unit}", length="long", locale=locale)
            for number, unit in counted
            if number or (unit == "second" and not seconds)
        ],
        locale=locale,
    )


def _clock(value: dt.time, locale: str) -> str:
    # CLDR puts a narrow no-break space before PM, which engines may read out.
    return format_time(value, format="short", locale=locale).replace("\u202f", " ")


def _date(value: dt.date, locale: str) -> str:
    """Weekday, day and month in full. CLDR has the order with short names; they are widened."""
    pattern = str(Locale.parse(locale).datetime_skeletons["MMMEd"])
    pattern = re.sub("E+", "EEEE", re.sub("M+", "MMMM", pattern))
    return format_date(value, format=pattern, locale=locale)
