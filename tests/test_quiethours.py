from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.config import load_settings
from assistant.quiethours import QuietHours, Quietness
from assistant.speaking import quiet_hours

SOFT = Quietness(0.4)
NIGHT = QuietHours(time(22), time(7), SOFT)
NAP = QuietHours(time(13), time(14, 30), SOFT)


@pytest.mark.parametrize(
    ("hours", "now", "quiet"),
    [
        (NIGHT, time(21, 59, 59), False),
        (NIGHT, time(22), True),
        (NIGHT, time(0), True),
        (NIGHT, time(6, 59, 59), True),
        (NIGHT, time(7), False),
        (NAP, time(12, 59), False),
        (NAP, time(13), True),
        (NAP, time(14, 30), False),
    ],
)
def test_when_it_is_quiet(hours: QuietHours, now: time, quiet: bool) -> None:
    assert hours.at(now) == (SOFT if quiet else Quietness())


@given(st.times(), st.times(), st.times())
def test_the_rest_of_the_day_is_the_other_way_round(a: time, b: time, now: time) -> None:
    quiet = QuietHours(a, b, SOFT).at(now) == SOFT
    other = QuietHours(b, a, SOFT).at(now) == SOFT
    assert quiet != other if a != b else not quiet and not other


def test_as_written() -> None:
    text = "quiet_hours: {from: '22:30', to: '6:15', answers: earcons, factor: 0.25}"
    hours = quiet_hours(load_settings(text, "config.yaml"))
    assert hours == QuietHours(time(22, 30), time(6, 15), Quietness(0.25, only_earcons=True))


def test_by_default_there_are_none() -> None:
    hours = quiet_hours(load_settings("", "config.yaml"))
    assert {hours.at(time(hour)) for hour in range(24)} == {Quietness()}
