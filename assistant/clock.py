"""The time of this machine, in its time zone."""

from __future__ import annotations

import os
import warnings
from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfoNotFoundError

import tzlocal


def now() -> datetime:
    """Time now, aware, in the machine's zone.

    The zone knows of summer time, so tomorrow at seven is at seven also when the clocks change
    before; ``datetime.astimezone`` knows only today's offset from UTC.
    """
    return datetime.now(zone())


def zone() -> tzinfo:
    """Time zone of this machine: a ZoneInfo, looked up again when the machine's has changed.

    Where the zone has no name that is known, it is today's offset as the C library has it, which is
    UTC where it knows nothing either.
    """
    return _zone(os.environ.get("TZ"), *map(_changed_at, ZONE_FILES))


ZONE_FILES = ("/etc/localtime", "/etc/timezone")


def _changed_at(path: str) -> int:
    """When a file, or the link itself, was last replaced; 0 where there is none."""
    try:
        return os.lstat(path).st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=1)
def _zone(_environment: str | None, *_files: int) -> tzinfo:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of files that contradict each other
        try:
            return tzlocal.reload_localzone()
        except (ZoneInfoNotFoundError, ValueError, OSError):
            local = datetime.now().astimezone().tzinfo
            assert local is not None  # noqa: S101 - astimezone makes it aware
            return local
