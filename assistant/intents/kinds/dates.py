"""Dates. Without a year or a month, the next such day from today on is meant.

A weekday alone is its next one after today. With ``week`` it is the one of this (0), the next (1)
or a later week, which begins on Monday; what has passed of this week is that of the next. With a
day of the month it is a condition on it: Friday the 13th.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from assistant.intents.kinds.fields import LONGEST, Fields, ValueSaidError

DATE_FIELDS = frozenset(
    {"days", "weeks", "months", "years", "weekday", "week", "day", "month", "year"}
)
NO_SUCH_DAY = "there is no such day in the calendar"
TOO_FAR = "that is more than a hundred years away"
# The 29th of February comes again after 4 years, or 8 around a century without a leap year.
_YEARS_UNTIL_EVERY_DAY_CAME = 8


def calendar_day(said: Fields) -> date:
    """A date."""
    day = date_said(said)
    if day is None:
        raise ValueSaidError("no date was said")
    return day


def date_said(said: Fields) -> date | None:
    """The date that was said; None for none. Raises ValueSaidError for the 31st of February."""
    today = said.now.date()
    if "day" in said:
        return _day_of_month(said, today)
    if "weekday" in said:
        day = _weekday(said, today)
    elif "week" in said:
        day = today + timedelta(weeks=said.whole("week"))
    elif said.fields.keys() & {"days", "weeks", "months", "years"}:
        day = _ahead(said, today)
    else:
        return None
    if abs(day - today) > LONGEST:
        raise ValueSaidError(TOO_FAR)
    return day


def _ahead(said: Fields, today: date) -> date:
    counts = {unit: said.whole(unit) for unit in ("days", "weeks", "months", "years")}
    in_days = {"days": 1, "weeks": 7, "months": 31, "years": 366}
    if sum(abs(counts[unit]) * in_days[unit] for unit in counts) > LONGEST.days:
        raise ValueSaidError(TOO_FAR)
    return today + relativedelta(
        days=counts["days"],
        weeks=counts["weeks"],
        months=counts["months"],
        years=counts["years"],
    )


def _weekday(said: Fields, today: date) -> date:
    weekday = int(said.among("weekday", range(7))[-1])
    if "week" in said:
        monday = today - timedelta(days=today.weekday())
        day = monday + timedelta(days=weekday, weeks=said.whole("week"))
        return day if day >= today else day + timedelta(weeks=1)
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead, weeks=said.whole("weeks"))


def _day_of_month(said: Fields, today: date) -> date:
    day, month = said.whole("day"), said.whole("month")
    years: tuple[int, ...]
    months: tuple[int, ...]
    if "months" in said:
        months_ahead = said.whole("months")
        if abs(months_ahead) * 31 > LONGEST.days:
            raise ValueSaidError(TOO_FAR)
        first = today.replace(day=1) + relativedelta(months=months_ahead)
        years, months = (first.year,), (first.month,)
    elif "year" in said:
        years, months = (said.whole("year"),), (month or today.month,)
    else:
        years = tuple(range(today.year, today.year + _YEARS_UNTIL_EVERY_DAY_CAME + 1))
        months = (month,) if month else tuple(range(1, 13))
    weekdays = said.among("weekday", range(7)) or range(7)
    for found in _existing(years, months, day):
        to_come = found >= today or "year" in said or "months" in said
        if to_come and found.weekday() in weekdays:
            return found
    raise ValueSaidError(NO_SUCH_DAY)


def _existing(years: Iterable[int], months: tuple[int, ...], day: int) -> Iterable[date]:
    """The days of that number, the earliest first; -1 is the last of a month."""
    for year in years:
        for month in months:
            if not (1 <= year <= 9999 and 1 <= month <= 12):
                continue
            last = monthrange(year, month)[1]
            number = last + 1 + day if day < 0 else day
            if 1 <= number <= last:
                yield date(year, month, number)
