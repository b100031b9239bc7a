"""Times of day, and points in time.

How an hour without am, pm or "in the evening" is meant:

- without a day, or today: the next to come. At two in the afternoon, "at seven" is 19:00.
- on another day, and again and again: as a clock of 24 hours shows it, so seven is in the morning
  and twelve is noon. The reply says which it is; and of the two mistakes, being woken twelve hours
  early is noticed in time.

A time that the clocks skip in spring is as much later as they were put forward, a time that comes
twice in autumn is the first of the two (RFC 5545, section 3.3.5). "In two hours" counts real time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from assistant.intents.kinds.dates import DATE_FIELDS, TOO_FAR, date_said
from assistant.intents.kinds.fields import LONGEST, Fields, ValueSaidError, is_after
from assistant.intents.kinds.numbers import elapsed

CLOCK_FIELDS = frozenset({"hour", "minute", "minutes_to", "part", "at"})
ELAPSED_FIELDS = frozenset({"hours", "minutes", "seconds"})
TIME_FIELDS = CLOCK_FIELDS | ELAPSED_FIELDS
DATETIME_FIELDS = TIME_FIELDS | DATE_FIELDS

_HALF_DAY, _DAY = 12 * 60, 24 * 60
# Before five, "at night" is the small hours; from five, it is the evening.
_SMALL_HOURS = 5 * 60
_AT = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
_PARTS = ("", "am", "pm", "night", "tonight")


@dataclass(frozen=True, slots=True)
class Clock:
    """What a clock shows: minutes since midnight, a day or more for the next day's.

    When it is ``open`` which half of the day is meant, ``minutes`` is as 24 hours are counted.
    """

    minutes: int
    open: bool = False

    @property
    def next_day(self) -> bool:
        """Whether it belongs to the night of the day before."""
        return self.minutes >= _DAY

    def candidates(self) -> list[int]:
        """Minutes since midnight that can be meant, the earliest first."""
        if not self.open:
            return [self.minutes]
        first = self.minutes % _HALF_DAY
        # Twelve is at noon, or the midnight that ends the day.
        return [first, first + _HALF_DAY] if first else [_HALF_DAY, _DAY]


def clock_said(said: Fields) -> Clock | None:
    """The time of day that was said; None for none. Raises ValueSaidError for 19 in the morning."""
    if at := said.text("at"):
        found = _AT.fullmatch(at)
        if found is None:
            raise ValueSaidError(f"'{at}' cannot be 'at'")
        return Clock(int(found[1]) * 60 + int(found[2]))
    if "hour" not in said:
        return None
    hour, part = said.whole("hour"), said.text("part")
    after = said.whole("minute") - said.whole("minutes_to")
    if part not in _PARTS or not 0 <= hour <= 24 or (hour > 12 and part == "am"):
        raise ValueSaidError(f"{hour} o'clock{f' {part}' if part else ''} is no time of day")
    if hour == 0 or hour > 12:
        shown = hour * 60 + after
        next_day = hour == 24 or (hour == 0 and part == "tonight")
        return Clock(shown % _DAY + (_DAY if next_day else 0))
    shown = (hour * 60 + after) % _HALF_DAY
    match part:
        case "am":
            return Clock(shown)
        case "pm":
            return Clock(shown + _HALF_DAY)
        case "night" | "tonight" if shown >= _SMALL_HOURS:
            return Clock(shown + _HALF_DAY)
        case "night":
            # Twelve at night still belongs to the day before.
            return Clock(shown + _DAY if shown < 60 else shown)
        case "tonight":
            return Clock(shown + _DAY)
    return Clock(shown + _HALF_DAY if shown < 60 else shown, open=True)


def time_of_day(said: Fields) -> time:
    """A time of day; of an hour that can be in both halves of the day, the next to come."""
    if ELAPSED_FIELDS & said.fields.keys():
        return later(said.now, elapsed(said)).time()
    clock = clock_said(said)
    if clock is None:
        raise ValueSaidError("no time of day was said")
    ways = [way % _DAY for way in clock.candidates()]
    passed = said.now.hour * 60 + said.now.minute
    minutes = next((way for way in ways if way > passed), min(ways))
    return time(minutes // 60, minutes % 60)


def point_in_time(said: Fields) -> datetime:
    """A day with a time of day, either of them, or how long until then; aware."""
    clock = clock_said(said)
    day = date_said(said)
    today = said.now.date()
    if clock is None:
        if day is None and not ELAPSED_FIELDS & said.fields.keys():
            raise ValueSaidError("no time was said")
        # "In two days" is at the same time of day, whatever the clocks do until then.
        start = said.now if day is None else at(day, said.now.time(), said.now)
        return later(start, elapsed(said))
    ways = clock.candidates()
    if day is None or day == today:
        if said.text("part") == "tonight":
            days = [_evening_of(said.now), today]
        else:
            days = [today] if day else [today + timedelta(days=ahead) for ahead in range(-1, 3)]
        points = sorted(_on(one, way, said.now) for one in days for way in ways)
        return next((point for point in points if is_after(point, said.now)), points[-1])
    return _on(day, clock.minutes, said.now)


def at(day: date, clock: time, now: datetime) -> datetime:
    """A time of day on a day, in the zone of ``now``, as it exists there."""
    return datetime.combine(day, clock, now.tzinfo).astimezone(UTC).astimezone(now.tzinfo)


def later(now: datetime, length: timedelta) -> datetime:
    """So much real time from now, to the second."""
    if abs(length) > LONGEST:
        raise ValueSaidError(TOO_FAR)
    return (now.astimezone(UTC) + length).astimezone(now.tzinfo).replace(microsecond=0)


def _on(day: date, minutes: int, now: datetime) -> datetime:
    days, minutes = divmod(minutes, _DAY)
    return at(day + timedelta(days=days), time(minutes // 60, minutes % 60), now)


def _evening_of(now: datetime) -> date:
    """The day whose evening and night is tonight; in the small hours, still yesterday."""
    return (now - timedelta(minutes=_SMALL_HOURS)).date()
