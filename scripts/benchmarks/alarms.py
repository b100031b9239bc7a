"""``alarms``: whether alarms, timers and reminders ring in time, whatever the clock does."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from pathlib import Path

from scripts.benchmarks.alarmworld import World
from scripts.benchmarks.tables import Report, Table

SEED = 7

ABOUT = (
    "A made-up household: eight times a day an alarm, a timer or a reminder is set, changed, "
    "skipped or cancelled, the clock is set by up to six hours, the machine is taken to another "
    "zone (with summer time or without), or the power is cut for up to three days, also while "
    "something rings. The timekeeper and the database are the real ones, time is not; a process "
    "is woken up to 0.05 s late. What ought to ring is worked out a second time, by the calendar "
    "and a stopwatch."
)


def measure(days: int = 1000, seed: int = SEED) -> Report:
    """Live through so many days."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        figures = World(Path(folder), days, seed).run()
    seconds = time.perf_counter() - began
    disturbed = ", ".join(f"{what} {count}" for what, count in figures.disturbances.items())
    table = Table(
        ("alarms, timers and reminders", "found"),
        (
            ("days", f"{figures.days:,}"),
            ("disturbances", disturbed),
            ("rung", f"{figures.rung:,}"),
            ("lost", f"{figures.lost:,}"),
            ("rung twice", f"{figures.twice:,}"),
            ("late, at most", f"{figures.latest_seconds:.2f} s"),
            ("of these, whose time passed in a disturbance", f"{figures.rung_after:,}"),
            ("late after it, at most", f"{figures.latest_after_seconds:.2f} s"),
            ("told again, as the power was cut while it rang", f"{figures.cut_while_ringing:,}"),
        ),
    )
    found = {**dataclasses.asdict(figures), "seconds": round(seconds, 1)}
    return Report("alarms", "Alarms", (ABOUT, table), found)
