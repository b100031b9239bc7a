"""What time it is, and what day."""

from __future__ import annotations

from datetime import datetime

from assistant.turn import ActionResult
from assistant.values import NamedDay


def tell_time(now: datetime) -> ActionResult:
    """Give the local ``time``."""
    return ActionResult(values={"time": now.time()})


def tell_date(now: datetime) -> ActionResult:
    """Give the local ``date``."""
    return ActionResult(values={"date": NamedDay(now.year, now.month, now.day)})
