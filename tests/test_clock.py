"""The time of this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
import tzlocal

from assistant import clock


@pytest.fixture(autouse=True)
def _looked_up_anew() -> Iterator[None]:
    clock._zone.cache_clear()
    yield
    clock._zone.cache_clear()


def test_now_is_in_a_zone_that_knows_of_summer_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    now = clock.now()
    assert now.tzinfo == ZoneInfo("Europe/Berlin")
    assert now.utcoffset() in {timedelta(hours=1), timedelta(hours=2)}


def test_another_zone_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``timedatectl set-timezone`` replaces the link while the assistant runs."""
    link, zones = tmp_path / "localtime", iter(("Europe/Berlin", "Asia/Tokyo"))
    monkeypatch.setattr(clock, "ZONE_FILES", (str(link),))
    monkeypatch.setattr(tzlocal, "reload_localzone", lambda: ZoneInfo(next(zones)))
    link.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    assert clock.zone() == clock.zone() == ZoneInfo("Europe/Berlin")
    os.utime(link, ns=(0, 1), follow_symlinks=False)
    assert clock.zone() == ZoneInfo("Asia/Tokyo")


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
