"""Fields made into values, without sentences."""

# ruff: noqa: E501 - fields and their value are one line

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.intents.kinds import KINDS, ValueSaidError, resolve
from assistant.intents.kinds.recurring import next_time
from assistant.values import Colour, Ordinal, Percent, Recurrence, SlotValue, Temperature, is_value

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 14, 0, 0, 250_000, tzinfo=BERLIN)
Fields = dict[str, tuple[str | int | float, ...]]


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("number", {"number": (100, 20, 5)}, 125),
        ("number", {"thousands": (100, 5), "number": (7,)}, 105_007),
        ("number", {"number": (2,), "digit": (0, 5)}, 2.05),
        ("number", {"number": (20, 1, 0.5), "minus": (-1,)}, -21.5),
        ("number", {"number": (1, 0.5, 0.5)}, 2),
        ("ordinal", {"ordinal": (20, 1)}, Ordinal(21)),
        ("percent", {"number": (33,), "digit": (3,)}, Percent(33.3)),
        ("temperature", {"number": (70,), "scale": ("fahrenheit",)}, Temperature(70, "fahrenheit")),
        ("duration", {"hours": (1, 0.5), "minutes": (100, 20)}, timedelta(hours=3.5)),
        ("duration", {"weeks": (1,), "days": (1,), "seconds": (0.5,)}, timedelta(8, 0.5)),
        ("duration", {}, timedelta()),
        ("time", {"at": ("12:30",)}, time(12, 30)),
        ("time", {"hour": (0,), "minutes_to": (10,)}, time(23, 50)),
        ("time", {"hour": (24,)}, time(0, 0)),
        ("time", {"seconds": (90,)}, time(14, 1, 30)),
        ("date", {"day": (-1,), "month": (2,), "year": (2028,)}, date(2028, 2, 29)),
        ("date", {"weekday": (4,), "weeks": (2,)}, date(2026, 12, 11)),
        ("date", {"weeks": (-1,)}, date(2026, 11, 15)),
        ("datetime", {"days": (1,)}, datetime(2026, 11, 23, 14, tzinfo=BERLIN)),
        ("datetime", {"days": (1,), "hours": (2,)}, datetime(2026, 11, 23, 16, tzinfo=BERLIN)),
        ("datetime", {"minutes": (1,)}, datetime(2026, 11, 22, 14, 1, tzinfo=BERLIN)),
        ("colour", {"colour": ("hellblau=lightblue",)}, Colour("#add8e6", "hellblau")),
        ("colour", {"colour": ("lightblue",)}, Colour("#add8e6", "lightblue")),
        ("colour", {"colour": ("warm white=#FFB46B",)}, Colour("#ffb46b", "warm white")),
        ("text", {"text": ("buy", "milk")}, "buy milk"),
    ],
)
def test_fields_make_a_value(kind: str, fields: Fields, expected: SlotValue) -> None:
    value = resolve(kind, fields, NOW)
    assert value == expected
    assert type(value) is type(expected)
    assert fields.keys() <= KINDS[kind].fields


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("number", {"number": ("five",)}, "'five' is not a number of 'number'"),
        ("ordinal", {"ordinal": (1.5,)}, "1.5 is not a number of 'ordinal'"),
        ("temperature", {"number": (1,), "scale": ("kelvin",)}, "'kelvin' cannot be 'scale'"),
        ("duration", {"weeks": (10_000,)}, "that is longer than a hundred years"),
        ("duration", {"hours": (1e18,)}, "that is longer than a hundred years"),
        ("time", {}, "no time of day was said"),
        ("time", {"hour": (19,), "part": ("am",)}, "19 o'clock am is no time of day"),
        ("time", {"hour": (25,)}, "25 o'clock is no time of day"),
        ("date", {}, "no date was said"),
        ("date", {"day": (31,), "month": (2,)}, "there is no such day in the calendar"),
        ("date", {"day": (29,), "month": (2,), "year": (2027,)}, "there is no such day in the calendar"),
        ("date", {"day": (1,), "month": (13,)}, "there is no such day in the calendar"),
        ("date", {"years": (5_000,)}, "that is more than a hundred years away"),
        ("date", {"weekday": (4,), "weeks": (9_999,)}, "that is more than a hundred years away"),
        ("date", {"week": (9_999,)}, "that is more than a hundred years away"),
        ("datetime", {}, "no time was said"),
        ("datetime", {"hours": (1e18,)}, "that is longer than a hundred years"),
        ("date", {"days": (1e18,)}, "1e+18 is not a number of 'days'"),
        ("date", {"weekday": (7,)}, "'7' cannot be 'weekday'"),
        ("date", {"day": (1,), "months": (9_999,)}, "that is more than a hundred years away"),
        ("datetime", {"at": ("noon",)}, "'noon' cannot be 'at'"),
        ("recurrence", {"frequency": ("NEVER",)}, "'NEVER' cannot be 'frequency'"),
        ("recurrence", {"every": (5000,)}, "every 5000 is not something that happens again and again"),
        ("recurrence", {"day": (31,), "month": (2,)}, "there is no such day in the calendar"),
        (
            "recurrence",
            {"frequency": ("HOURLY",), "hour": (7,)},
            "what happens more than once a day has no time of day",
        ),
        ("colour", {"colour": ("octarine",)}, "there is no colour 'octarine'"),
        ("colour", {}, "there is no colour ''"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_said(kind: str, fields: Fields, message: str) -> None:
    with pytest.raises(ValueSaidError) as caught:
        resolve(kind, fields, NOW)
    assert caught.value.message == message


@given(
    kind=st.sampled_from(sorted(KINDS)),
    data=st.data(),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(BERLIN)),  # noqa: DTZ001
)
def test_any_fields_are_a_value_or_said_to_be_none(
    kind: str, data: st.DataObject, now: datetime
) -> None:
    texts: list[str | int | float] = ["", "am", "tonight", "12:00", "24:00", "SA,SU", "DAILY", 0.5]
    said = st.integers(-200, 200) | st.sampled_from(texts)
    values = st.lists(said, min_size=1, max_size=3).map(tuple)
    fields: Fields = data.draw(st.dictionaries(st.sampled_from(sorted(KINDS[kind].fields)), values))
    try:
        value = resolve(kind, fields, now)
    except ValueSaidError:
        return
    assert is_value(value)


def times(rule: str, start: str, count: int) -> list[str]:
    """The first times of a recurrence in Berlin."""
    recurrence = Recurrence(rule, datetime.fromisoformat(start).replace(tzinfo=BERLIN))
    found = [recurrence.start]
    while len(found) < count:
        following = next_time(recurrence, found[-1])
        assert following is not None
        found.append(following)
    return [one.isoformat(timespec="minutes") for one in found]


def test_the_time_of_day_stays_when_the_clocks_change() -> None:
    rule = "FREQ=DAILY;BYHOUR=7;BYMINUTE=0;BYSECOND=0"
    assert times(rule, "2026-03-28T07:00", 3) == [
        "2026-03-28T07:00+01:00",
        "2026-03-29T07:00+02:00",
        "2026-03-30T07:00+02:00",
    ]


def test_a_time_that_the_clocks_skip_is_later_and_one_that_comes_twice_is_the_first() -> None:
    rule = "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0"
    assert times(rule, "2026-03-28T02:30", 3) == [
        "2026-03-28T02:30+01:00",
        "2026-03-29T03:30+02:00",
        "2026-03-30T02:30+02:00",
    ]
    assert times(rule, "2026-10-24T02:30", 3) == [
        "2026-10-24T02:30+02:00",
        "2026-10-25T02:30+02:00",
        "2026-10-26T02:30+01:00",
    ]


def test_what_is_counted_in_hours_goes_on_in_real_time() -> None:
    assert times("FREQ=HOURLY", "2026-10-25T01:00", 4) == [
        "2026-10-25T01:00+02:00",
        "2026-10-25T02:00+02:00",
        "2026-10-25T02:00+01:00",
        "2026-10-25T03:00+01:00",
    ]


def test_every_other_counts_from_the_first() -> None:
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0"
    assert times(rule, "2026-11-23T09:00", 3) == [
        "2026-11-23T09:00+01:00",
        "2026-12-07T09:00+01:00",
        "2026-12-21T09:00+01:00",
    ]


def test_a_month_without_the_day_is_left_out() -> None:
    assert times("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31T08:00", 3) == [
        "2026-01-31T08:00+01:00",
        "2026-03-31T08:00+02:00",
        "2026-05-31T08:00+02:00",
    ]


def test_the_next_time_is_the_first_when_that_is_to_come() -> None:
    start = datetime(2026, 11, 23, 7, 0, tzinfo=BERLIN)
    for rule in ("FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=7;BYMINUTE=0;BYSECOND=0"):
        assert next_time(Recurrence(rule, start), NOW) == start


def test_after_years_the_next_time_is_found_at_once() -> None:
    start = datetime(2010, 1, 1, 0, 0, tzinfo=BERLIN)
    found = next_time(Recurrence("FREQ=MINUTELY;INTERVAL=10", start), NOW)
    assert found == datetime(2026, 11, 22, 14, 10, tzinfo=BERLIN)


def test_the_time_may_be_asked_for_in_any_zone() -> None:
    daily = Recurrence(
        "FREQ=DAILY;BYHOUR=7;BYMINUTE=0;BYSECOND=0", datetime(2026, 11, 20, 7, 0, tzinfo=BERLIN)
    )
    found = next_time(daily, datetime(2026, 11, 22, 5, 59, tzinfo=UTC))
    assert found == datetime(2026, 11, 22, 7, 0, tzinfo=BERLIN)


@given(
    rule=st.sampled_from(
        [
            "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0",
            "FREQ=WEEKLY;BYDAY=MO,SU;BYHOUR=3;BYMINUTE=0;BYSECOND=0",
            "FREQ=MINUTELY;INTERVAL=45",
            "FREQ=MONTHLY;BYDAY=-1SU;BYHOUR=2;BYMINUTE=15;BYSECOND=0",
        ]
    ),
    after=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_next_times_only_go_forward_and_exist(rule: str, after: datetime) -> None:
    recurrence = Recurrence(rule, datetime(2025, 12, 31, 23, 0, tzinfo=BERLIN))
    found = next_time(recurrence, after)
    assert found is not None
    assert found.astimezone(UTC) > after
    assert found.astimezone(UTC).astimezone(BERLIN).replace(tzinfo=None) == found.replace(
        tzinfo=None
    )
