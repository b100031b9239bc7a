"""``intents``: how matching grows with what is written, beside hassil; and Home Assistant's set."""

from __future__ import annotations

import gc
import importlib.util
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import compile_intents
from scripts.benchmarks import home_assistant, household
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Table, percentile

SIZES = ((50, 100), (500, 100), (2_000, 100), (10_000, 100), (2_000, 1_000))
"""Templates, and names in each list."""
HASSIL_SIZES = SIZES[:3]
SENTENCES = 1_000
HASSIL_SENTENCES = 100


@dataclass(frozen=True)
class Growth:
    """What one size costs. Times are by the clock; ``memory_bytes`` is of the graph."""

    templates: int
    names: int
    load_seconds: float
    seconds: tuple[float, ...]
    memory_bytes: int
    right: int

    @property
    def median_seconds(self) -> float:
        return percentile(self.seconds, 50)

    def row(self, matcher: str) -> tuple[str, ...]:
        return (
            matcher,
            f"{self.templates:,}",
            f"{self.names:,}",
            f"{self.load_seconds:.2f} s",
            _milliseconds(self.median_seconds),
            _milliseconds(percentile(self.seconds, 99)),
            f"{self.memory_bytes / 1e6:.1f} MB" if self.memory_bytes else "-",
            f"{self.right} of {len(self.seconds)}",
        )


def grow(templates: int, names: int) -> Growth:
    """Measure the assistant's own matcher, from the text of the files on."""
    files = household.make(templates, names).files()
    gc.collect()
    began = time.perf_counter()
    intent_set = load_intents(files, BUILTIN_ACTIONS)
    graph = compile_intents(intent_set)
    load_seconds = time.perf_counter() - began
    said = household.sentences(intent_set, SENTENCES)

    def intent_of(text: str) -> str | None:
        match = graph.match(text)
        return match.intent if match else None

    seconds, right = _timed(said, intent_of)
    tracemalloc.start()
    again = compile_intents(intent_set)
    for _, text in said:
        again.match(text)  # what matching works out stays in the graph
    memory, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Growth(templates, names, load_seconds, seconds, memory, right)


def grow_hassil(templates: int, names: int) -> Growth:
    """Measure hassil with the same templates; its load is what the first sentence takes, too."""
    from hassil import Intents, recognize_best  # noqa: PLC0415

    house = household.make(templates, names)
    intent_set = load_intents(house.files(), BUILTIN_ACTIONS)
    said = household.sentences(intent_set, HASSIL_SENTENCES)
    source = house.for_hassil()
    gc.collect()
    began = time.perf_counter()
    intents = Intents.from_dict(source)
    recognize_best(said[0][1], intents)
    load_seconds = time.perf_counter() - began

    def intent_of(text: str) -> str | None:
        result = recognize_best(text, intents)
        return result.intent.name if result else None

    seconds, right = _timed(said, intent_of)
    return Growth(templates, names, load_seconds, seconds, 0, right)


def _timed(
    said: list[tuple[str, str]], intent_of: Callable[[str], str | None]
) -> tuple[tuple[float, ...], int]:
    """Processor time of each sentence when all have been said once, and how many are right."""
    right = sum(intent_of(text) == intent for intent, text in said)
    seconds = []
    for _, text in said:
        began = time.thread_time()
        intent_of(text)
        seconds.append(time.thread_time() - began)
    return tuple(seconds), right


def measure(data: Path) -> Report:
    """Measure growth, and how much of Home Assistant's own test sentences is understood."""
    steps: list[tuple[str, Callable[[int, int], Growth], tuple[int, int]]]
    steps = [("assistant", grow, size) for size in SIZES]
    has_hassil = importlib.util.find_spec("hassil") is not None
    if has_hassil:
        steps += [("hassil 3.12.1", grow_hassil, size) for size in HASSIL_SIZES]
    grown = [
        (name, function(*size)) for name, function, size in track(steps, "intents", len(steps))
    ]
    columns = (
        "matcher",
        "templates",
        "names",
        "load",
        "median",
        "99th percentile",
        "graph",
        "right",
    )
    table = Table(columns, tuple(one.row(name) for name, one in grown))
    introduction = (
        "Made-up templates with three lists of names, a range and a rule; sentences of random "
        "templates, each matched once, the first ones included. Load is from the text of the files "
        "to the first sentence; time is by the clock. hassil (Home Assistant's matcher) is asked "
        "for its best result; its load begins with parsed YAML, and leaves out reading the file."
    )
    missing = "" if has_hassil else "hassil is not installed: `pip install hassil==3.12.1`."
    parts: list[str | Table] = [introduction, table, *([missing] if missing else [])]
    figures: dict[str, Any] = {}
    for name, one in grown:
        prefix = "" if name == "assistant" else "hassil_"
        suffix = f"{one.templates}" if one.names == SIZES[0][1] else f"{one.templates}x{one.names}"
        figures[f"{prefix}load_seconds_{suffix}"] = round(one.load_seconds, 4)
        figures[f"{prefix}median_seconds_{suffix}"] = round(one.median_seconds, 7)
        figures[f"{prefix}p99_seconds_{suffix}"] = round(percentile(one.seconds, 99), 7)
        if one.memory_bytes:
            figures[f"memory_bytes_{suffix}"] = one.memory_bytes
    if has_hassil:
        ratio = figures["hassil_median_seconds_2000"] / figures["median_seconds_2000"]
        figures["times_as_fast_2000"] = round(ratio, 1)
        parts.append(f"At 2,000 templates a sentence takes hassil {ratio:,.0f} times as long.")
    understood = home_assistant.measure(data)
    figures |= understood.figures()
    parts += understood.parts()
    return Report("intents", "Matching", tuple(parts), figures)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3f} ms"
