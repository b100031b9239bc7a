"""What is said of what is due, by the key of the assistant's own responses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assistant.events import AlarmDue, CommandMissed, Due, ReminderDue, TimerDue


def announcement(due: Due, now: datetime) -> tuple[str, dict[str, Any]]:
    """Choose the response that tells it, and its values; times are in the zone of ``now``."""
    match due:
        case TimerDue(_, name, duration_seconds, late_seconds):
            duration = timedelta(seconds=duration_seconds)
            values = {"duration": duration, "name": name, "late": _length(late_seconds)}
            return ("timer_late" if late_seconds else "timer_done"), values
        case AlarmDue(_, time, late_seconds, missed):
            values = {"time": time.astimezone(now.tzinfo), "late": _length(late_seconds)}
            return _how("alarm", late_seconds, missed=missed), values
        case ReminderDue(_, text, time, late_seconds, missed):
            late = _length(late_seconds)
            values = {"text": text, "time": time.astimezone(now.tzinfo), "late": late}
            return _how("reminder", late_seconds, missed=missed), values
        case CommandMissed(_, text, time):
            return "command_missed", {"text": text, "time": time.astimezone(now.tzinfo)}
    raise AssertionError(f"no words for {due}")


def _how(what: str, late_seconds: float, *, missed: bool) -> str:
    if missed:
        return f"{what}_missed"
    return f"{what}_late" if late_seconds else f"{what}_due"


def _length(seconds: float) -> timedelta:
    return timedelta(seconds=round(seconds))
