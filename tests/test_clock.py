"""The time of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
import tzlocal

from assistant import clock


@pytest.fixture(autouse=True)
def _looked_up_anew() -> Iterator[None]:
    clock.zone.cache_clear()
    yield
    clock.zone.cache_clear()


def test_now_is_in_a_zone_that_knows_of_summer_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    now = clock.now()
    assert now.tzinfo == ZoneInfo("Europe/Berlin")
    assert now.utcoffset() in {timedelta(hours=1), timedelta(hours=2)}


def test_the_zone_of_this_machine_is_found() -> None:
    assert isinstance(clock.zone(), ZoneInfo)


@pytest.mark.parametrize("name", ["PST8PDT4", "Nowhere/Atall", "../../etc/passwd", ":"])
def test_an_unknown_zone_has_the_offset_of_the_c_library(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", name)
    assert isinstance(clock.zone(), tzinfo)
    assert clock.now().utcoffset() is not None


@pytest.mark.parametrize("error", [ZoneInfoNotFoundError("conflict"), OSError("unreadable")])
def test_a_machine_that_contradicts_itself_has_an_offset(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> tzinfo:
        raise error

    monkeypatch.setattr(tzlocal, "reload_localzone", fail)
    assert isinstance(clock.zone(), timezone)
    assert clock.now().utcoffset() is not None
