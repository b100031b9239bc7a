"""``growth``: what more sentences and names cost, and how long it takes to narrow a grammar."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.dialogue.understanding import Understanding
from assistant.engines import make_understanding, spoken_grammar
from assistant.intentfiles import IntentFiles
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.model import SourceFile
from assistant.measuring.sentences import commands
from assistant.ports import Recognizer
from assistant.recognizers.grammar import compile_grammar
from scripts.benchmarks import coffee, household, narrowing, others, stock
from scripts.benchmarks.coffee import SPOKEN, Clip
from scripts.benchmarks.hearing import Ears, Heard, engines, hear_all, in_noise, spread
from scripts.benchmarks.machine import resident_megabytes
from scripts.benchmarks.stock import NO_FOLDERS
from scripts.benchmarks.tables import Part, Report, Share, Table
from scripts.benchmarks.workers import alone

SPOKEN_COMMANDS = 32  # of each grammar
COFFEE_CLIPS = 40
COFFEE_NOISE = 12
SEED = 5


@dataclass(frozen=True)
class Size:
    """So many templates beside the shipped intents, with lists of so many names."""

    name: str
    templates: int = 0
    names: int = 0

    def files(self) -> list[SourceFile]:
        """The shipped intents, and the household's."""
        shipped = IntentFiles(Settings(), NO_FOLDERS).read()
        if not self.templates:
            return shipped
        made_up = household.make(self.templates, self.names, household.dictionary_word)
        return [*shipped, *made_up.files()]


def sizes() -> tuple[Size, ...]:
    """The shipped intents alone, with nine times as many beside them, and with longer lists."""
    shipped = len(stock.understanding().graph.sentences)
    return (
        Size("shipped"),
        Size("10 times the sentences, 10 names", 9 * shipped, 10),
        Size("12 sentences more, 10 names", 12, 10),
        Size("12 sentences more, 100 names", 12, 100),
        Size("12 sentences more, 1,000 names", 12, 1000),
    )


@dataclass(frozen=True)
class Grown:
    """What a grammar of a size costs. Memory (MB) is of the whole process then."""

    sentences: int
    graph_cpu_seconds: float
    grammar_cpu_seconds: float
    states: int
    arcs: int
    use_cpu_seconds: float
    memory: float
    unknown: int


def understanding_of(size: Size, data: Path | None = None) -> Understanding:
    """Compile the intents of a size; with the coffee grammar, where its folder is given."""
    files = [*size.files(), *([coffee.source_file(data)] if data else ())]
    return make_understanding(Settings(), load_intents(files, BUILTIN_ACTIONS))


def grow(files: Sequence[SourceFile], make_recognizer: Callable[[], Recognizer]) -> Grown:
    """Compile files and let a recognizer use them, in a process that has done nothing else."""
    recognizer = make_recognizer()
    began = time.process_time()
    understanding = make_understanding(Settings(), load_intents(files, BUILTIN_ACTIONS))
    compiled = time.process_time()
    grammar = spoken_grammar(understanding)
    made = time.process_time()
    unknown = recognizer.use(grammar)
    used = time.process_time()
    return Grown(
        len(understanding.graph.sentences),
        compiled - began,
        made - compiled,
        len(grammar.arcs),
        sum(len(arcs) for arcs in grammar.arcs),
        used - made,
        resident_megabytes(),
        len(unknown),
    )


def measure(data: Path, *, vosk_model: Path | None, jobs: int) -> Report:
    """Each size in a process of its own, then what is heard with it."""
    parts: list[Part] = [ABOUT]
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="assistant-bench-") as folder:
        spoken = {size: _spoken(size, Path(folder)) for size in sizes()}
        for name, engine in engines(vosk_model).items():
            grown = {size.name: alone(grow, size.files(), engine) for size in spoken}
            own = {}
            for size, clips in spoken.items():
                ears = Ears(f"{name}, {size.name}", engine, partial(understanding_of, size))
                own[size.name] = hear_all(ears, clips, data, jobs)
            orders = _orders(name, engine, data, jobs)
            narrowed = alone(narrowing.measure, engine)
            parts += [f"### {name}", _costs(grown, own), ABOUT_ORDERS, _competition(orders)]
            parts += [narrowing.ABOUT, narrowing.table(narrowed)]
            figures[name] = {
                "sizes": {size: vars(one) | _plain(own[size]) for size, one in grown.items()},
                "coffee": {size: _plain(heard) for size, heard in orders.items()},
                "narrowing": {what: vars(one) for what, one in narrowed.items()},
            }
    return Report("growth", "Growth", tuple(parts), figures)


ABOUT = (
    "The shipped intents, with a made-up household's beside them (templates as rich as Home "
    "Assistant's; names and things are words from PocketSphinx's dictionary). Each size in a "
    "process of its own: CPU from files to graph, from graph to grammar, and for the recognizer to "
    "take it; memory is what the process has then, the recognizer's model in it. Hearing is "
    "measured with "
    f"{SPOKEN_COMMANDS} sentences of each grammar, made up at random and synthesised (espeak-ng "
    "and flite, all voices in turn), so acceptance compares sizes and says nothing of people; in "
    "brackets the 95 % interval (Wilson)."
)
ABOUT_ORDERS = (
    f"{COFFEE_CLIPS} coffee orders of the half 'test' by many people, with these sentences in the "
    "grammar beside those of coffee, before rejection:"
)


def _spoken(size: Size, folder: Path) -> list[Clip]:
    """Commands of this size, of each intent in turn."""
    understanding = understanding_of(size)
    graph = understanding.graph
    spoken = {sentence.intent for sentence in graph.sentences} - understanding.answers().keys()
    grammars = [compile_grammar(graph, [intent]) for intent in sorted(spoken)]
    pick = random.Random(SEED).randrange
    texts = commands([one for one in grammars if one.final], SPOKEN_COMMANDS, pick)
    return others.spoken(texts, SPOKEN, folder)


def _orders(
    name: str, engine: Callable[[], Recognizer], data: Path, jobs: int
) -> dict[str, list[Heard]]:
    """The coffee clips, with more and more beside the coffee grammar."""
    clean = spread(coffee.commands(data, "test"), COFFEE_CLIPS)
    clips = [*clean, *in_noise(clean, [COFFEE_NOISE])]
    grammars = {"coffee alone": partial(coffee.understanding, data)}
    for size in sizes():
        grammars[f"and {size.name}"] = partial(understanding_of, size, data)
    return {
        beside: hear_all(Ears(f"{name}, {beside}", engine, grammar), clips, data, jobs)
        for beside, grammar in grammars.items()
    }


def _costs(grown: dict[str, Grown], own: dict[str, list[Heard]]) -> Table:
    rows = [
        (
            name,
            f"{one.sentences:,}",
            f"{one.graph_cpu_seconds:.2f} s",
            f"{one.grammar_cpu_seconds:.2f} s",
            f"{one.states:,}",
            f"{one.arcs:,}",
            f"{one.use_cpu_seconds * 1000:.0f} ms",
            f"{one.memory:.0f} MB",
            f"{one.unknown:,}",
            f"{_cpu(own[name]):.2f} s",
            str(_right(own[name])),
        )
        for name, one in grown.items()
    ]
    columns = (
        "",
        "templates",
        "graph",
        "grammar",
        "states",
        "arcs",
        "use",
        "memory",
        "unknown words",
    )
    return Table((*columns, "CPU a second", "right (synthesised)"), tuple(rows))


def _competition(orders: dict[str, list[Heard]]) -> Table:
    rows = []
    for name, heard in orders.items():
        clean = [one for one in heard if one.clip.decibels is None]
        noisy = [one for one in heard if one.clip.decibels is not None]
        rows.append((name, str(_right(clean)), str(_right(noisy)), f"{_cpu(heard):.2f} s"))
    columns = ("grammar", "right, clean", f"right, {COFFEE_NOISE} dB", "CPU a second")
    return Table(columns, tuple(rows))


def _plain(heard: Sequence[Heard]) -> dict[str, Any]:
    kinds = dict.fromkeys(one.clip.decibels for one in heard)
    shares = {
        "clean" if noise is None else f"{noise} dB": _right(
            [one for one in heard if one.clip.decibels == noise]
        ).plain()
        for noise in kinds
    }
    return {"right": shares, "cpu_seconds_a_second": round(_cpu(heard), 3)}


def _right(heard: Sequence[Heard]) -> Share:
    return Share(sum(one.right for one in heard), len(heard))


def _cpu(heard: Sequence[Heard]) -> float:
    return sum(one.cpu_seconds for one in heard) / sum(one.audio_seconds for one in heard)
