"""Match a text to an intent, in two steps.

First the merged networks tell which sentence it is: all sentences together in one pass, a called
network once for each place where it is called. Then that sentence alone, as it was written, tells
how its words are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from assistant.errors import IntentError, Problem
from assistant.intents.acceptor import Arcs, minimise
from assistant.intents.flat import FlatGraph, written_out
from assistant.intents.graph import Sentence, build_graph
from assistant.intents.model import IntentSet
from assistant.intents.network import Arc, Caller, Network, Node, Reading, State
from assistant.intents.words import normalise
from assistant.turn import Match, Slot

# Lists and rules written out where they are used. 2,000 templates with lists of 100 names are some
# 600,000 words, which take a desktop computer 7 s; matching needs none of it and has no such limit.
MAXIMUM_WORDS = 1_000_000

_Words: TypeAlias = tuple[str, ...]


class _Way(NamedTuple):
    """How a network can be read. The least is the best: most literal words, then first entry."""

    minus_literal: int
    owner: int


class _Step(NamedTuple):
    """An arc taken at a node, None for words that are skipped, and where it leads."""

    arc: Arc | None
    literal: int
    position: int
    node: Node


def _too_large(sizes: list[int], sentences: list[Sentence]) -> Problem:
    most = max(sizes)
    return Problem(
        f"all sentences together are {sum(sizes):,} words to listen for; at most "
        f"{MAXIMUM_WORDS:,} are possible, and this one needs the most: {most:,}",
        sentences[sizes.index(most)].template.source.place,
        "use fewer or shorter lists",
    )


@dataclass(frozen=True)
class IntentGraph:
    """Matches texts, and knows the grammar of what can be said."""

    language: str
    network: Network
    sentences: tuple[Sentence, ...]
    skip_words: tuple[_Words, ...]

    def match(self, text: str) -> Match | None:
        """Find what a text means; None when it is no sentence.

        Of several readings the one with the most words of the template itself wins, then the
        earlier template. Skip words are left out only when the text does not match with them.
        """
        words = normalise(text, self.language)
        if not words:
            return None
        return self._read(words, skip=()) or (
            self._read(words, skip=self.skip_words) if self.skip_words else None
        )

    def acceptor(self, intents: Collection[str] | None = None) -> tuple[Arcs, frozenset[int]]:
        """Minimal deterministic acceptor of all sentences, or of those of some intents.

        Raises IntentError when it would be too large.
        """
        network = self.network
        sentences = [
            (entry, sentence)
            for entry, sentence in zip(network.entries, self.sentences, strict=True)
            if intents is None or sentence.intent in intents
        ]
        known: dict[Network, int] = {}
        sizes = [written_out(entry, known) for entry, _ in sentences]
        if sum(sizes) > MAXIMUM_WORDS:
            raise IntentError([_too_large(sizes, [sentence for _, sentence in sentences])])
        if intents is not None:
            network = Network([entry for entry, _ in sentences])
        flat = FlatGraph(network)
        return minimise([flat.start], flat.targets, flat.final)

    def _read(self, words: _Words, skip: tuple[_Words, ...]) -> Match | None:
        chart = _Chart(words, skip)
        way = chart.ways(self.network, 0).get(len(words))
        if way is None:
            return None
        said: dict[Reading, list[str]] = {}
        for word, readings in chart.reading(self.network.entries[way.owner], 0, len(words)):
            for reading in readings:
                said.setdefault(reading, []).append(word)
        sentence = self.sentences[way.owner]
        slots = {name: Slot(name, value, "") for name, value in sentence.slots.items()}
        for reading, spoken in said.items():
            text = " ".join(spoken)
            value = text if reading.value is None else reading.value
            slots[reading.slot] = Slot(reading.slot, value, text)
        return Match(
            sentence.intent,
            tuple(slots.values()),
            " ".join(words),
            sentence.template.source.text,
            str(sentence.template.source.place),
        )


class _Chart:
    """What networks can read of a text, each found once for each position."""

    def __init__(self, words: _Words, skip: tuple[_Words, ...]) -> None:
        self.words = words
        self.skipped = [
            [index + len(one) for one in skip if words[index : index + len(one)] == one]
            for index in range(len(words))
        ]
        self.found: dict[tuple[Network, int], dict[int, _Way]] = {}

    def ways(self, network: Network, begin: int) -> dict[int, _Way]:
        """The best way to each position that a network can read up to from ``begin``."""
        known = self.found.get((network, begin))
        if known is not None:
            return known
        ways: dict[int, _Way] = {}
        reached: dict[int, dict[State, int]] = {begin: {network.start: 0}}

        def reach(position: int, state: State, literal: int) -> None:
            states = reached.setdefault(position, {})
            if states.get(state, -1) < literal:
                states[state] = literal

        position = begin
        while reached:
            for state, literal in reached.pop(position, {}).items():
                if state.owners and position > begin:
                    way = _Way(-literal, state.owners[0])
                    ways[position] = min(ways.get(position, way), way)
                if position == len(self.words):
                    continue
                if not state.known:
                    network.work_out(state)
                word = self.words[position]
                if (target := state.literal.get(word)) is not None:
                    reach(position + 1, target, literal + 1)
                if (target := state.read.get(word)) is not None:
                    reach(position + 1, target, literal)
                for called, after in state.calls:
                    for end, way in self.ways(called, position).items():
                        reach(end, after, literal - way.minus_literal)
                for end in self.skipped[position]:
                    reach(end, state, literal)
            position += 1
        self.found[network, begin] = ways
        return ways

    def reading(
        self, entry: Node, begin: int, end: int
    ) -> Iterator[tuple[str, tuple[Reading, ...]]]:
        """The words of an entry with their readings: the best, and of equals the first written."""
        position = begin
        for arc, _, reached, _ in self._path(entry, begin, end):
            if arc is not None and isinstance(arc.label, Caller):
                network, slot = arc.label.network, arc.label.slot
                owner = self.ways(network, position)[reached].owner
                inner = self.reading(network.entries[owner], position, reached)
                if slot is None:
                    yield from inner
                else:
                    value = (Reading(slot, network.values[owner]),)
                    yield from ((word, value) for word, _ in inner)
            elif arc is not None:
                yield self.words[position], arc.readings
            position = reached

    def _path(self, entry: Node, begin: int, end: int) -> list[_Step]:
        """The steps through an entry: forwards all of them, backwards which of them are best."""
        reached: list[dict[Node, list[_Step]]] = [{} for _ in range(begin, end + 1)]
        reached[0][entry] = []
        for position in range(begin, end):
            for node, steps in reached[position - begin].items():
                steps.extend(one for one in self._steps(node, position) if one.position <= end)
                for step in steps:
                    reached[step.position - begin].setdefault(step.node, [])
        best: dict[tuple[int, Node], tuple[int, _Step | None]] = {
            (end, node): (0, None) for node in reached[-1] if node.ends is not None
        }
        for position in reversed(range(begin, end)):
            for node, steps in reached[position - begin].items():
                for step in steps:
                    onward = best.get((step.position, step.node))
                    known = best.get((position, node))
                    if onward and (known is None or known[0] < onward[0] + step.literal):
                        best[position, node] = onward[0] + step.literal, step
        path: list[_Step] = []
        step_or_end = best[begin, entry][1]
        while step_or_end is not None:
            path.append(step_or_end)
            step_or_end = best[step_or_end.position, step_or_end.node][1]
        return path

    def _steps(self, node: Node, position: int) -> Iterator[_Step]:
        """Everything that can be read from a node, in the order it is written."""
        word = self.words[position]
        for arc in node.arcs:
            if isinstance(arc.label, Caller):
                ways = self.ways(arc.label.network, position)
                for end, way in sorted(ways.items(), key=lambda way: way[1].owner):
                    yield _Step(arc, -way.minus_literal, end, arc.target)
            elif arc.label == word:
                yield _Step(arc, int(arc.literal), position + 1, arc.target)
        for end in self.skipped[position]:
            yield _Step(None, 0, end, node)


def compile_intents(intent_set: IntentSet) -> IntentGraph:
    """Compile intents for matching. Raises IntentError when the graph would be too large."""
    network, sentences = build_graph(intent_set)
    return IntentGraph(intent_set.language, network, sentences, intent_set.skip_words)
