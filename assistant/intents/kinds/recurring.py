"""What happens again and again, as a calendar (RFC 5545) writes it."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

from assistant.intents.kinds.dates import NO_SUCH_DAY
from assistant.intents.kinds.fields import LONGEST, Fields, ValueSaidError, is_after
from assistant.intents.kinds.times import CLOCK_FIELDS, at, clock_said
from assistant.values import Recurrence

RECURRENCE_FIELDS = CLOCK_FIELDS | {
    "every", "frequency", "weekday", "weekdays", "nth", "day", "month"
}  # fmt: skip
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SHORT = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
_LONG = {
    "DAILY": relativedelta(days=1),
    "WEEKLY": relativedelta(weeks=1),
    "MONTHLY": relativedelta(months=1),
    "YEARLY": relativedelta(years=1),
}
# Every thousand years is no longer a date.
_MOST = 999


def recurrence(said: Fields) -> Recurrence:
    """Something again and again, the first time after now.

    What says no time of day happens at the time of day it was said, as RFC 5545 has it. Midnight
    ends a day of the week, and begins a day of the month.
    """
    frequency, _, usual = said.text("frequency").partition(";INTERVAL=")
    interval = said.whole("every") or (int(usual) if usual.isdecimal() else 1)
    if not 1 <= interval <= _MOST:
        raise ValueSaidError(f"every {interval} is not something that happens again and again")
    parts = _days(said) or {"FREQ": frequency or "DAILY"}
    if parts["FREQ"] not in _SHORT and parts["FREQ"] not in _LONG:
        raise ValueSaidError(f"'{frequency}' cannot be 'frequency'")
    if (clock := clock_said(said)) is not None:
        if parts["FREQ"] in _SHORT:
            raise ValueSaidError("what happens more than once a day has no time of day")
        if clock.next_day and parts["FREQ"] == "WEEKLY" and "BYDAY" in parts:
            parts["BYDAY"] = _following(parts["BYDAY"])
        parts["BYHOUR"] = str(clock.minutes // 60 % 24)
        parts["BYMINUTE"] = str(clock.minutes % 60)
        parts["BYSECOND"] = "0"
    now = said.now.replace(microsecond=0)
    if len(parts) == 1:
        start = _next_plain(parts["FREQ"], interval, now, now)
    else:
        found = next_time(Recurrence(_written(parts), now), said.now)
        if found is None:
            raise ValueSaidError(NO_SUCH_DAY)
        start = found
    return Recurrence(_written(parts, interval), start)


def next_time(recurrence: Recurrence, after: datetime) -> datetime | None:
    """The first time of a recurrence after an aware time, in the zone of its start.

    Its time of day stays when the clocks change, and what is counted in hours or less goes on in
    real time. None when there is none for a hundred years.
    """
    parts = recurrence.parts
    start = recurrence.start
    if parts["FREQ"] in _SHORT:
        if is_after(start, after):
            return start
        return _next_plain(parts["FREQ"], int(parts.get("INTERVAL", "1")), start, after)
    rule = rrulestr(
        f"{recurrence.rule};UNTIL={_far(after):%Y%m%dT%H%M%S}", dtstart=start.replace(tzinfo=None)
    )
    local = after.astimezone(start.tzinfo).replace(tzinfo=None)
    # From a day before: a time that the clocks skip is later than it is written.
    candidate = rule.after(local - timedelta(days=1))
    while candidate is not None:
        found = at(candidate.date(), candidate.time(), start)
        if is_after(found, after):
            return found
        candidate = rule.after(candidate)
    return None


def _days(said: Fields) -> dict[str, str]:
    """Parts of the rule that name days; none where only a frequency was said."""
    named = [WEEKDAYS[int(day)] for day in said.among("weekday", range(7))]
    groups = [str(group).split(",") for group in said.fields.get("weekdays", ())]
    named += [day for group in groups for day in group]
    if not set(named) <= set(WEEKDAYS):
        raise ValueSaidError(f"'{','.join(named)}' cannot be 'weekdays'")
    months = [int(month) for month in said.among("month", range(1, 13))]
    days = [int(day) for day in said.among("day", {-1, *range(1, 32)})]
    if "nth" in said and named:
        named = [f"{nth}{day}" for nth in said.among("nth", {-1, 1, 2, 3, 4, 5}) for day in named]
        parts = {"FREQ": "MONTHLY", "BYDAY": ",".join(named)}
    elif named:
        parts = {"FREQ": "WEEKLY", "BYDAY": ",".join(sorted(set(named), key=WEEKDAYS.index))}
    elif days:
        parts = {"FREQ": "MONTHLY", "BYMONTHDAY": ",".join(map(str, days))}
    else:
        return {}
    if months:
        # In a leap year; without this, every year of a century would be looked at in vain.
        if days and not any(day <= monthrange(2000, month)[1] for month in months for day in days):
            raise ValueSaidError(NO_SUCH_DAY)
        parts |= {"FREQ": "YEARLY", "BYMONTH": ",".join(map(str, months))}
    return parts


def _following(days: str) -> str:
    """The weekdays after these: one on Friday night is on Saturday."""
    following = {WEEKDAYS[(WEEKDAYS.index(day) + 1) % 7] for day in days.split(",")}
    return ",".join(sorted(following, key=WEEKDAYS.index))


def _next_plain(frequency: str, interval: int, start: datetime, after: datetime) -> datetime:
    """The first of the times that are one interval apart, after an aware time."""
    if frequency in _LONG:
        later = start + _LONG[frequency] * interval
        return at(later.date(), later.time(), start)
    step = timedelta(seconds=_SHORT[frequency] * interval)
    passed = (after.astimezone(UTC) - start.astimezone(UTC)) // step
    return (start.astimezone(UTC) + step * (passed + 1)).astimezone(start.tzinfo)


def _written(parts: dict[str, str], interval: int = 1) -> str:
    rule = dict(parts)
    if interval > 1:
        rule = {"FREQ": rule.pop("FREQ"), "INTERVAL": str(interval), **rule}
    return ";".join(f"{name}={value}" for name, value in rule.items())


def _far(after: datetime) -> datetime:
    return after + LONGEST
