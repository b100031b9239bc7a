"""Values of slots, and how they are written plainly."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from assistant.intents.kinds import KINDS
from assistant.values import (
    Colour,
    Ordinal,
    Percent,
    Plain,
    Recurrence,
    SlotValue,
    Temperature,
    is_value,
    kind_of,
    plain,
)

START = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
MONDAYS = Recurrence("FREQ=WEEKLY;BYDAY=MO;BYHOUR=18;BYMINUTE=5;BYSECOND=0", START)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("tea", "tea"),
        (5, 5),
        (2.5, 2.5),
        (timedelta(minutes=5), 300),
        (timedelta(seconds=1.5), 1.5),
        (time(7, 30), "07:30"),
        (time(7, 30, 5), "07:30:05"),
        (date(2026, 11, 23), "2026-11-23"),
        (START, "2026-11-23T18:00:00+00:00"),
        (Ordinal(3), 3),
        (Percent(33.3), 33.3),
        (Temperature(21.5, "celsius"), 21.5),
        (Colour("#add8e6", "light blue"), "#add8e6"),
        (MONDAYS, "FREQ=WEEKLY;BYDAY=MO;BYHOUR=18;BYMINUTE=5;BYSECOND=0"),
    ],
)
def test_plain(value: SlotValue, expected: Plain) -> None:
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)
    assert is_value(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("tea", "text"),
        (5, "number"),
        (2.5, "number"),
        (timedelta(minutes=5), "duration"),
        (time(7, 30), "time"),
        (date(2026, 11, 23), "date"),
        (START, "datetime"),
        (Ordinal(3), "ordinal"),
        (Percent(50), "percent"),
        (Temperature(21), "temperature"),
        (Colour("#add8e6"), "colour"),
        (MONDAYS, "recurrence"),
    ],
)
def test_the_kind_of_a_value_is_called_as_in_intent_files(value: SlotValue, expected: str) -> None:
    assert kind_of(value) == expected
    assert expected in KINDS


@pytest.mark.parametrize("value", [True, None, [], {}, b"tea", 1j])
def test_not_a_value(value: Any) -> None:
    assert not is_value(value)


def test_temperatures() -> None:
    assert Temperature(212, "fahrenheit").celsius() == pytest.approx(100)
    assert Temperature(21).celsius() == 21
    assert Temperature(32).celsius(usual="fahrenheit") == 0
    assert Temperature(21, "celsius").celsius(usual="fahrenheit") == 21


def test_parts_of_a_colour_and_of_a_recurrence() -> None:
    assert Colour("#add8e6").rgb == (173, 216, 230)
    assert MONDAYS.parts["BYDAY"] == "MO"
    assert MONDAYS.clock == time(18, 5)
    assert Recurrence("FREQ=DAILY", START).clock is None
