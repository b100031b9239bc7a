"""Recurrences in words: "every Monday and Thursday at 6:00 PM"."""

from __future__ import annotations

import datetime as dt
import re

from babel import Locale
from babel.dates import format_date, get_day_names
from babel.lists import format_list
from babel.units import format_unit

from assistant.intents.words import ordinal_words
from assistant.speech.spoken.phrases import Phrases, phrases_of
from assistant.values import Recurrence

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNITS = {
    "SECONDLY": "second",
    "MINUTELY": "minute",
    "HOURLY": "hour",
    "DAILY": "day",
    "WEEKLY": "week",
    "MONTHLY": "month",
    "YEARLY": "year",
}
_BYDAY = re.compile(r"([+-]?[0-9]*)([A-Z]{2})")
_A_LEAP_YEAR = 2000


def spoken_recurrence(value: Recurrence, locale: str, clock: str) -> str:
    """Put a recurrence into words; ``clock`` is its time of day in words, '' for none."""
    phrases = phrases_of(locale)
    parts = value.parts
    frequency, interval = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    days = [(nth, _WEEKDAYS.index(day)) for nth, day in _BYDAY.findall(parts.get("BYDAY", ""))]
    every = _every(frequency, interval, locale, phrases)
    if frequency == "WEEKLY" and days:
        said = _weekdays(parts["BYDAY"], interval, every, locale)
    elif days:
        said = _of_month(every, [_nth(nth, day, locale) for nth, day in days], interval, locale)
    elif frequency == "YEARLY" and "BYMONTH" in parts and "BYMONTHDAY" in parts:
        months = parts["BYMONTH"].split(",")
        dates = [
            _date(int(month), int(day), locale)
            for month in months
            for day in parts["BYMONTHDAY"].split(",")
        ]
        said = f"{every} {phrases.on_date.format(date=format_list(dates, locale=locale))}"
    elif "BYMONTHDAY" in parts:
        numbers = [int(number) for number in parts["BYMONTHDAY"].split(",")]
        said = _of_month(every, [_day(number, locale) for number in numbers], interval, locale)
    else:
        said = every
    return phrases.at.format(day=said, clock=clock) if clock else said


def _every(frequency: str, interval: int, locale: str, phrases: Phrases) -> str:
    if interval == 1:
        return phrases.each[frequency]
    if interval == 2 and frequency in phrases.every_other:
        return phrases.every_other[frequency]
    unit = f"duration-{_UNITS[frequency]}"
    return phrases.every.format(count=format_unit(interval, unit, length="long", locale=locale))


def _weekdays(named: str, interval: int, every: str, locale: str) -> str:
    phrases = phrases_of(locale)
    if interval == 1 and named in phrases.groups:
        return phrases.groups[named]
    names = [_weekday(_WEEKDAYS.index(day), locale) for day in named.split(",")]
    weekdays = format_list(names, locale=locale)
    if interval == 1:
        return phrases.each_weekday.format(weekdays=weekdays)
    if interval == 2:
        return phrases.every_other_weekday.format(weekdays=weekdays)
    return f"{every} {phrases.on_weekdays.format(weekdays=weekdays)}"


def _of_month(every: str, days: list[str], interval: int, locale: str) -> str:
    """On some days of every month, or of every so many."""
    on = format_list(days, locale=locale)
    return f"{on} {phrases_of(locale).of_each_month}" if interval == 1 else f"{every} {on}"


def _nth(nth: str, weekday: int, locale: str) -> str:
    on_nth = phrases_of(locale).on_nth
    return on_nth.format(nth=_ordinal(int(nth or "1"), locale), weekday=_weekday(weekday, locale))


def _day(number: int, locale: str) -> str:
    phrases = phrases_of(locale)
    if number == -1:
        return phrases.on_last_day
    return phrases.on_day.format(day=_ordinal(number, locale))


def _ordinal(number: int, locale: str) -> str:
    """As after "on the"."""
    phrases = phrases_of(locale)
    if number == -1:
        return phrases.on_the_last
    ways = ordinal_words(number, locale)
    return ways[min(phrases.ordinal_form, len(ways) - 1)]


def _weekday(number: int, locale: str) -> str:
    return str(get_day_names("wide", locale=locale)[number])


def _date(month: int, day: int, locale: str) -> str:
    """Day and month in full, in the order of the locale."""
    skeletons = Locale.parse(locale).datetime_skeletons
    pattern = re.sub("M+", "MMMM", str(skeletons["MMMd"]))
    return format_date(dt.date(_A_LEAP_YEAR, month, day), format=pattern, locale=locale)
