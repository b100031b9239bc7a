"""What happens again and again, as a calendar (RFC 5545) writes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

from assistant.intents.kinds.fields import LONGEST_DAYS, Fields, ValueSaidError
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
_LONGEST_INTERVAL = 1000


def recurrence(said: Fields) -> Recurrence:
    """Something again and again, the first time after now.

    What says no time of day happens at the time of day it was said, as RFC 5545 has it.
    """
    frequency, _, usual = said.text("frequency").partition(";INTERVAL=")
    interval = said.whole("every") or int(usual or 1)
    if not 1 <= interval <= _LONGEST_INTERVAL:
        raise ValueSaidError(f"every {interval} is not something that happens again and again")
    parts = _days(said) or {"FREQ": frequency or "DAILY"}
    if parts["FREQ"] not in _SHORT and parts["FREQ"] not in _LONG:
        raise ValueSaidError(f"there is no frequency '{parts['FREQ']}'")
    if (clock := clock_said(said)) is not None:
        if parts["FREQ"] in _SHORT:
            raise ValueSaidError("what happens more than once a day has no time of day")
        parts["BYHOUR"] = str(clock.minutes // 60 % 24)
        parts["BYMINUTE"] = str(clock.minutes % 60)
        parts["BYSECOND"] = "0"
    now = said.now.replace(microsecond=0)
    if len(parts) == 1:
        start = _next_plain(parts["FREQ"], interval, now, now)
    else:
        found = next_time(Recurrence(_written(parts), now), said.now)
        if found is None:
            raise ValueSaidError("there is no such day in the calendar")
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
        if start > after:
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
        if found > after:
            return found
        candidate = rule.after(candidate)
    return None


def _days(said: Fields) -> dict[str, str]:
    """Parts of the rule that name days; none where only a frequency was said."""
    named = [WEEKDAYS[int(day)] for day in said.numbers("weekday")]
    named += [str(day) for days in said.fields.get("weekdays", ()) for day in str(days).split(",")]
    months = said.numbers("month")
    days = said.numbers("day")
    if "nth" in said:
        named = [f"{nth}{day}" for nth in said.numbers("nth") for day in named]
        parts = {"FREQ": "MONTHLY", "BYDAY": ",".join(named)}
    elif named:
        parts = {"FREQ": "WEEKLY", "BYDAY": ",".join(sorted(set(named), key=WEEKDAYS.index))}
    elif days:
        parts = {"FREQ": "MONTHLY", "BYMONTHDAY": ",".join(map(str, days))}
    else:
        return {}
    if months:
        parts |= {"FREQ": "YEARLY", "BYMONTH": ",".join(map(str, months))}
    return parts


def _next_plain(frequency: str, interval: int, start: datetime, after: datetime) -> datetime:
    """The first of the times that are one interval apart, after an aware time."""
    if frequency in _LONG:
        later = start + _LONG[frequency] * interval
        return at(later.date(), later.time(), start)
    step = timedelta(seconds=_SHORT[frequency] * interval)
    passed = (after - start) // step
    return (start.astimezone(UTC) + step * (passed + 1)).astimezone(start.tzinfo)


def _written(parts: dict[str, str], interval: int = 1) -> str:
    rule = dict(parts)
    if interval > 1:
        rule = {"FREQ": rule.pop("FREQ"), "INTERVAL": str(interval), **rule}
    return ";".join(f"{name}={value}" for name, value in rule.items())


def _far(after: datetime) -> datetime:
    return after + timedelta(days=LONGEST_DAYS)
