"""``intents``: Home Assistant's sentences, the cost of matching beside hassil, and near matches."""

from __future__ import annotations

import gc
import importlib.util
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import IntentGraph, compile_intents
from assistant.intents.model import IntentSet
from scripts.benchmarks import approximate, home_assistant, household
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Table, percentile

USUAL_NAMES = 100
SIZES = ((50, 100), (500, 100), (2_000, 100), (5_000, 100), (500, 1_000))
"""Templates, and names in each list; the last two are ten times as much as the second."""
HASSIL_SIZES = SIZES[:3]
SENTENCES = 1_000
HASSIL_SENTENCES = 200
TURNS = 20
HASSIL = "hassil 3.12.1"
HOME_ASSISTANT = "Home Assistant's"


@dataclass(frozen=True)
class Cost:
    """What matching costs. Times are the processor's; ``memory_bytes`` is of the graph."""

    matcher: str
    templates: int
    names: str
    load_seconds: float
    seconds: tuple[float, ...]
    memory_bytes: int
    right: int

    @property
    def median_seconds(self) -> float:
        return percentile(self.seconds, 50)

    @property
    def p99_seconds(self) -> float:
        return percentile(self.seconds, 99)

    def row(self) -> tuple[str, ...]:
        """As a row of the table."""
        return (
            self.matcher,
            f"{self.templates:,}",
            self.names,
            f"{self.load_seconds:.2f} s",
            _milliseconds(self.median_seconds),
            _milliseconds(self.p99_seconds),
            f"{self.memory_bytes / 1e6:.1f} MB" if self.memory_bytes else "-",
            f"{self.right} of {len(self.seconds)}",
        )


COLUMNS = ("matcher", "templates", "names", "load", "median", "99th percentile", "graph", "right")


@dataclass(frozen=True)
class Loaded:
    """A matcher that is ready: what it finds, and what it has to find."""

    matcher: str
    load_seconds: float
    intent_of: Callable[[str], str | None]
    said: Sequence[tuple[str, str]]
    memory_bytes: int = 0


def made_up(templates: int, names: int, *, beside: bool = False) -> list[Cost]:
    """The assistant's matcher with made-up templates, from the text of the files on.

    With ``beside``, hassil with the same ones, too.
    """
    house = household.make(templates, names)
    files = house.files()
    gc.collect()
    began = time.process_time()
    intent_set = load_intents(files, BUILTIN_ACTIONS)
    graph = compile_intents(intent_set)
    load_seconds = time.process_time() - began
    said = household.sentences(intent_set, SENTENCES)
    memory = _memory(intent_set, [text for _, text in said])
    matchers = [Loaded("assistant", load_seconds, _intent_of(graph), said, memory)]
    if beside:
        matchers.append(_hassil(house.for_hassil(), said[:HASSIL_SENTENCES]))
    return timed(matchers, templates, f"{names:,}")


def real(data: Path) -> list[Cost]:
    """Both matchers with Home Assistant's own templates and test sentences, in one house."""
    home = home_assistant.House(data)
    said = [(one.intent, one.text) for _, sentences in home.sentences() for one in sentences]
    gc.collect()
    began = time.process_time()
    home = home_assistant.House(data)
    graph = home.graph({})
    load_seconds = time.process_time() - began
    memory = _memory(home.intents, [text for _, text in said])
    matchers = [Loaded("assistant", load_seconds, _intent_of(graph), said, memory)]
    if has_hassil():
        some = said[:: max(1, len(said) // HASSIL_SENTENCES)]
        matchers.append(_hassil(home.for_hassil(), some))
    return timed(matchers, home.templates, HOME_ASSISTANT)


def has_hassil() -> bool:
    """Whether there is something to compare with."""
    return importlib.util.find_spec("hassil") is not None


def timed(matchers: Sequence[Loaded], templates: int, names: str) -> list[Cost]:
    """Processor time of each sentence when all have been said once, and how many are right.

    The matchers take turns, a part of their sentences each, so that all meet the machine in the
    same moods.
    """
    right = [sum(one.intent_of(t) == intent for intent, t in one.said) for one in matchers]
    seconds: list[list[float]] = [[] for _ in matchers]
    for turn in range(TURNS):
        for one, found in zip(matchers, seconds, strict=True):
            for _, text in one.said[turn::TURNS]:
                began = time.thread_time()
                one.intent_of(text)
                found.append(time.thread_time() - began)
    return [
        Cost(
            one.matcher, templates, names, one.load_seconds, tuple(found), one.memory_bytes, correct
        )
        for one, found, correct in zip(matchers, seconds, right, strict=True)
    ]


def _intent_of(graph: IntentGraph) -> Callable[[str], str | None]:
    def intent_of(text: str) -> str | None:
        match = graph.match(text)
        return match.intent if match else None

    return intent_of


def _hassil(source: dict[str, Any], said: Sequence[tuple[str, str]]) -> Loaded:
    """hassil, asked as Home Assistant asks; its load is what the first sentence takes, too."""
    from hassil import Intents, recognize_best  # noqa: PLC0415

    gc.collect()
    began = time.process_time()
    intents = Intents.from_dict(source)
    recognize_best(said[0][1], intents, best_slot_name="name")
    load_seconds = time.process_time() - began

    def intent_of(text: str) -> str | None:
        result = recognize_best(text, intents, best_slot_name="name")
        return result.intent.name if result else None

    return Loaded(HASSIL, load_seconds, intent_of, said)


def _memory(intent_set: IntentSet, texts: Sequence[str]) -> int:
    """Bytes of a graph, with what matching these texts works out and keeps in it."""
    tracemalloc.start()
    graph = compile_intents(intent_set)
    for text in texts:
        graph.match(text)
    memory, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return memory


def measure(data: Path) -> Report:
    """Measure all there is to intents."""
    understood = home_assistant.measure(data)
    costs: list[Cost] = []
    for templates, names in track(SIZES, "templates", len(SIZES)):
        beside = has_hassil() and (templates, names) in HASSIL_SIZES
        costs += made_up(templates, names, beside=beside)
    if not home_assistant.missing():
        costs += real(data)
    near, near_figures = approximate.measure(data)
    parts: list[str | Table] = [*understood.parts(), _introduction(), _table(costs)]
    parts += [*_comparison(costs), "### Nearly a sentence", *near]
    figures = {**understood.figures(), **_figures(costs), **near_figures}
    return Report("intents", "Intents", tuple(parts), figures)


def _table(costs: Sequence[Cost]) -> Table:
    return Table(COLUMNS, tuple(one.row() for one in costs))


def _introduction() -> str:
    missing = "" if has_hassil() else " hassil is not installed: `pip install hassil==3.12.1`."
    return (
        "Made-up templates with three lists of names, a range and rules, as many of which share "
        "their words as Home Assistant's own do, and Home Assistant's templates with its test "
        "sentences, all in one house. Load is from the text of the files to the first sentence. "
        "Each sentence was said before it is timed, and the two take turns. Times are the "
        "processor's, on a machine that others use, too. hassil (Home Assistant's matcher) is "
        "asked for its best result, with names first, as Home Assistant asks; its load begins with "
        f"parsed YAML.{missing}"
    )


def _comparison(costs: Sequence[Cost]) -> Iterator[str]:
    by_size = {(one.matcher, one.templates, one.names): one for one in costs}
    for (matcher, templates, names), one in by_size.items():
        ours = by_size.get(("assistant", templates, names))
        if matcher == HASSIL and ours and (templates == 2_000 or names == HOME_ASSISTANT):
            ratio = one.median_seconds / ours.median_seconds
            which = f"{HOME_ASSISTANT} templates" if names == HOME_ASSISTANT else "2,000 templates"
            yield f"With {which} a sentence takes hassil {ratio:,.0f} times as long."
    few = by_size["assistant", 500, "100"]
    for what, many in (
        ("templates", by_size["assistant", 5_000, "100"]),
        ("names", by_size["assistant", 500, "1,000"]),
    ):
        yield (
            f"Ten times the {what} take {many.median_seconds / few.median_seconds:.1f} times as "
            f"long to match, and {many.memory_bytes / few.memory_bytes:.1f} times the memory."
        )


def _figures(costs: Sequence[Cost]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for one in costs:
        prefix = "" if one.matcher == "assistant" else "hassil_"
        suffix = f"{one.templates}"
        if one.names == HOME_ASSISTANT:
            suffix = "home_assistant"
        elif one.names != f"{USUAL_NAMES}":
            suffix += f"x{one.names.replace(',', '')}"
        figures[f"{prefix}load_seconds_{suffix}"] = round(one.load_seconds, 4)
        figures[f"{prefix}median_seconds_{suffix}"] = round(one.median_seconds, 7)
        figures[f"{prefix}p99_seconds_{suffix}"] = round(one.p99_seconds, 7)
        if one.memory_bytes:
            figures[f"memory_bytes_{suffix}"] = one.memory_bytes
    for suffix in ("2000", "home_assistant"):
        hassil = figures.get(f"hassil_median_seconds_{suffix}")
        if hassil is not None:
            ratio = hassil / figures[f"median_seconds_{suffix}"]
            figures[f"times_as_fast_{suffix}"] = round(ratio, 1)
    return figures


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3f} ms"
