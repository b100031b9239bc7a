"""``pi``: what the assistant takes on this machine, in one table: waiting, start, memory."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.benchmarks import machine, start
from scripts.benchmarks.tables import Report, Table


def measure() -> Report:
    """Have it wait in silence, then start it a few times."""
    idle = start.idle_cpu_seconds() / start.IDLE_SECONDS
    figures = {"idle_share_of_a_core": round(idle, 4)} | start.measure().figures
    introduction = (
        f"The two processes with what is shipped, and no service. Waiting: {start.IDLE_SECONDS:.0f} s "
        "of silence in real time instead of a microphone, after which the bridge is at rest. Start: "
        f"the median of {start.RUNS}, until READY=1. Memory: after a spoken command and one that the "
        "bridge ran."
    )
    where = "\n".join(f"- {line}" for line in machine.describe())
    return Report("pi", "This machine", (introduction, where, table(idle, figures)), figures)
