"""``pi``: what the assistant takes on this machine, in one table: waiting, start, memory."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from scripts.benchmarks import machine, running, start
from scripts.benchmarks.tables import Report, Table

WAITING_SECONDS = 20.0
WAITING = "waiting_share"
ROWS = {
    "waiting, of one core": (WAITING, "{:.1%}"),
    "READY=1, by the clock": ("ready_wall_seconds", "{:.1f} s"),
    "READY=1, CPU": ("ready_cpu_seconds", "{:.1f} s"),
    "memory when ready (VmRSS)": ("ready_resident", "{:.0f} MB"),
    "memory in use (VmRSS)": ("used_resident", "{:.0f} MB"),
    "memory at most (VmHWM)": ("used_peak", "{:.0f} MB"),
    "its share of memory (PSS)": ("used_proportional", "{:.0f} MB"),
}


def measure(*, seconds: float = WAITING_SECONDS) -> Report:
    """Have it wait for so long in silence, then start it a few times."""
    waiting = waiting_shares(seconds)
    started = start.measure().figures
    figures = {name: started[name] | {WAITING: round(share, 4)} for name, share in waiting.items()}
    introduction = (
        "The two processes as they are shipped, started by hand. Waiting: "
        f"{seconds:.0f} s of silence in real time instead of a microphone; who speaks near it has "
        f"it do more. READY=1: the median of {start.RUNS} starts. In use: after a spoken command, "
        "and one that the bridge ran. MB of 2^20 bytes."
    )
    told = "\n".join(f"- {line}" for line in machine.describe())
    return Report("pi", "This machine", (told, introduction, table(figures)), figures)


def waiting_shares(seconds: float) -> dict[str, float]:
    """CPU time of each process for a second of the clock, while nobody speaks."""
    with running.assistant() as both:
        processes = {"core": both.core, "bridge": both.bridge}
        before = {name: process.cpu_seconds() for name, process in processes.items()}
        began = time.monotonic()
        time.sleep(seconds)
        taken = time.monotonic() - began
        return {
            name: (process.cpu_seconds() - before[name]) / taken
            for name, process in processes.items()
        }


def table(figures: Mapping[str, Mapping[str, Any]]) -> Table:
    """A row for each thing that was measured, a column for each process."""
    rows = [
        (row, *(form.format(figures[name][key]) for name in ("core", "bridge")))
        for row, (key, form) in ROWS.items()
    ]
    return Table(("", "core", "bridge"), tuple(rows))
