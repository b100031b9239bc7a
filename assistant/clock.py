"""The time of this machine, in its time zone."""

from __future__ import annotations

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


@lru_cache(maxsize=1)
def zone() -> tzinfo:
    """Time zone of this machine, looked up once: a ZoneInfo.

    Where the zone has no name that is known, it is today's offset as the C library has it, which is
    UTC where it knows nothing either.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of files that contradict each other
        try:
            return tzlocal.reload_localzone()
        except (ZoneInfoNotFoundError, ValueError, OSError):
            local = datetime.now().astimezone().tzinfo
            assert local is not None  # noqa: S101 - astimezone makes it aware
            return local
