"""``start``: how soon the assistant is ready, and how much memory it has."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scripts.benchmarks import coffee, running
from scripts.benchmarks.coffee import RECORDINGS
from scripts.benchmarks.progress import track
from scripts.benchmarks.running import Memory, Process, Started
from scripts.benchmarks.tables import Report, Table

RUNS = 3
IDLE_SECONDS = 20.0
HEARD = RECORDINGS / "what-time.flac"
READY_TARGET = "≤ 5 s"
MEMORY_TARGET = "≤ 200 MB"


@dataclass(frozen=True)
class Part:
    """One process: its start, and its memory when ready and after two turns."""

    started: Started
    ready: Memory
    used: Memory


@dataclass(frozen=True)
class Run:
    """Both processes of one run."""

    core: Part
    bridge: Part


def run() -> Run:
    """Start both, have a command spoken and one run, and end them."""
    with running.assistant() as both:
        core, bridge = both.core.memory(), both.bridge.memory()
        _expect(both.hear(coffee.read(HEARD)), "GetTime")
        _expect(both.say("turn on the lamp"), "TurnOnLamp")
        return Run(_part(both.core, core), _part(both.bridge, bridge))


def idle_cpu_seconds() -> float:
    """CPU time of the core in ``IDLE_SECONDS`` of silence in real time."""
    with running.assistant() as both:
        before = both.core.cpu_seconds()
        time.sleep(IDLE_SECONDS)
        return both.core.cpu_seconds() - before


def _part(process: Process, ready: Memory) -> Part:
    return Part(process.started, ready, process.memory())


def _expect(record: dict[str, object], intent: str) -> None:
    """Raise RuntimeError when the turn was not what is measured."""
    if (record["outcome"], record["intent"]) != ("acted", intent):
        raise RuntimeError(f"{intent} was not acted on: {record}")


def measure() -> Report:
    """Start it ``RUNS`` times; the median counts."""
    runs = [run() for _ in track(range(RUNS), "start", RUNS)]
    figures = {name: _figures([getattr(one, name) for one in runs]) for name in ("core", "bridge")}
    introduction = (
        f"Median of {RUNS} starts of both processes with the shipped intents and one command of "
        "the owner's, files in the page cache, until READY=1 (for the core that is the first chunk "
        "heard). Memory is VmRSS, VmHWM (the most it ever had) and the proportional share (PSS, "
        "shared libraries divided among who uses them), in MB of 2^20 bytes; 'in use' is after a "
        "spoken turn and a command run by the bridge."
    )
    names = {
        "READY=1, by the clock": ("ready_wall_seconds", "{:.2f} s", READY_TARGET),
        "READY=1, CPU": ("ready_cpu_seconds", "{:.2f} s", ""),
        "VmRSS when ready": ("ready_resident", "{:.0f} MB", ""),
        "VmRSS in use": ("used_resident", "{:.0f} MB", ""),
        "VmHWM in use": ("used_peak", "{:.0f} MB", MEMORY_TARGET),
        "PSS in use": ("used_proportional", "{:.0f} MB", ""),
    }
    rows = [
        (name, form.format(figures["core"][key]), target, form.format(figures["bridge"][key]))
        for name, (key, form, target) in names.items()
    ]
    table = Table(("", "core", "target", "bridge"), tuple(rows))
    return Report("start", "Start and memory", (introduction, table), figures)


def _figures(parts: Sequence[Part]) -> dict[str, float]:
    values: dict[str, Callable[[Part], float]] = {
        "ready_wall_seconds": lambda part: part.started.wall_seconds,
        "ready_cpu_seconds": lambda part: part.started.cpu_seconds,
        "ready_resident": lambda part: part.ready.resident,
        "used_resident": lambda part: part.used.resident,
        "used_peak": lambda part: part.used.peak,
        "used_proportional": lambda part: part.used.proportional,
    }
    return {
        name: round(statistics.median(value(part) for part in parts), 3)
        for name, value in values.items()
    }
