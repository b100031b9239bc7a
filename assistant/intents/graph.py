"""Templates compiled into one word graph: a non-deterministic acceptor over spoken words.

It is built in two steps. A template first becomes a graph of *pieces* (``light``, ``s``, space,
nothing), because brackets may part a word: ``light[s]``. Then from each place where a word may
begin, the pieces up to the next space are joined, and those words are the arcs of the word graph.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from assistant.errors import IntentError, Problem
from assistant.intents.model import IntentSet, Template
from assistant.intents.scope import Scope
from assistant.intents.template import Choice, ListReference, Part, RuleReference, Sequence, Words
from assistant.intents.words import spell
from assistant.turn import SlotValue

# The shipped intents need about 15,000 arcs; 72 templates with 350 words each need 25,000. The
# limit is what a Raspberry Pi 4 compiles in some ten seconds.
MAXIMUM_ARCS = 200_000

START = 0
_SPACE = " "


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One list value at one place of one template: while its words are read, its slot is filled.

    ``value`` None means the words themselves. Compared by identity.
    """

    slot: str
    value: SlotValue | None


class Arc(NamedTuple):
    """Where a word leads, and the readings it belongs to; none for a word of the template."""

    target: int
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template of the graph, with the intent it means."""

    intent: str
    template: Template
    slots: Mapping[str, SlotValue]


@dataclass(frozen=True, slots=True)
class WordGraph:
    """The graph: ``arcs[state][word]`` are arcs in the order of the files.

    State 0 is the start of all sentences. Every other state belongs to one sentence:
    ``owner[state]``, an index into ``sentences``.
    """

    arcs: tuple[Mapping[str, tuple[Arc, ...]], ...]
    final: frozenset[int]
    owner: tuple[int, ...]
    sentences: tuple[Sentence, ...]


def build_graph(intent_set: IntentSet) -> WordGraph:
    """Compile all sentences. Raises IntentError when they make the graph too large."""
    builder = _WordGraphBuilder()
    outer = Scope(intent_set.lists, intent_set.rules)
    for intent in intent_set.intents.values():
        for block in intent.blocks:
            scope = outer.within(block.lists, block.rules)
            for template in block.sentences:
                sentence = Sentence(intent.name, template, block.slots)
                builder.add(sentence, _Pieces(intent_set.language, scope))
    return builder.graph()


@dataclass
class _Pieces:
    """Pieces of one template: ``arcs[state]`` are (piece, target, reading); state 0 is the start.

    A piece is a part of a word, a space, or ''.
    """

    language: str
    scope: Scope
    arcs: list[list[tuple[str, int, Reading | None]]] = field(default_factory=lambda: [[]])

    def state(self) -> int:
        self.arcs.append([])
        if len(self.arcs) > MAXIMUM_ARCS:
            raise _TooLargeError
        return len(self.arcs) - 1

    def add(self, part: Part, start: int, reading: Reading | None = None) -> int:
        """Add a part between ``start`` and a state that is returned."""
        match part:
            case Words(text):
                for piece in re.findall(r" |[^ ]+", spell(text, self.language)):
                    end = self.state()
                    self.arcs[start].append((piece, end, reading))
                    start = end
                return start
            case Sequence(parts):
                for inner in parts:
                    start = self.add(inner, start, reading)
                return start
            case Choice(options):
                return self.join([self.add(option, start, reading) for option in options])
            case RuleReference(name):
                return self.add(self.scope.trees[name], start, reading)
            case ListReference(name, slot):
                values = self.scope.lists[name].values
                return self.join(
                    [self.add(one.tree, start, Reading(slot, one.value)) for one in values]
                )

    def join(self, ends: list[int]) -> int:
        end = self.state()
        for one in ends:
            self.arcs[one].append(("", end, None))
        return end


class _TooLargeError(Exception):
    pass


@dataclass
class _WordGraphBuilder:
    arcs: list[dict[str, list[Arc]]] = field(default_factory=lambda: [{}])
    owner: list[int] = field(default_factory=lambda: [-1])
    final: set[int] = field(default_factory=set)
    sentences: list[Sentence] = field(default_factory=list)
    size: int = 0

    def add(self, sentence: Sentence, pieces: _Pieces) -> None:
        before = self.size
        self.sentences.append(sentence)
        try:
            self.add_words(pieces, pieces.add(sentence.template.tree, START))
        except _TooLargeError:
            message = f"the word graph grows beyond {MAXIMUM_ARCS:,} words with this sentence"
            fewer = "use fewer or shorter lists, or fewer brackets inside of words"
            hint = f"{before:,} before it: {fewer}"
            place = sentence.template.source.place
            raise IntentError([Problem(message, place, hint)]) from None

    def add_words(self, pieces: _Pieces, end: int) -> None:
        """Join pieces to words. A word begins at the start and after each space."""
        number = {START: START}
        waiting = [START]
        while waiting:
            begin = waiting.pop()
            for word, target, readings in _words(pieces, begin, end):
                if not word:
                    self.final.add(number[begin])
                    continue
                if target not in number:
                    number[target] = self.new_state(is_final=target == end)
                    waiting.append(target)
                arcs = self.arcs[number[begin]].setdefault(word, [])
                arc = Arc(number[target], readings)
                if arc not in arcs:
                    arcs.append(arc)
                    self.size += 1
                    if self.size > MAXIMUM_ARCS:
                        raise _TooLargeError

    def new_state(self, *, is_final: bool) -> int:
        self.arcs.append({})
        self.owner.append(len(self.sentences) - 1)
        if is_final:
            self.final.add(len(self.arcs) - 1)
        return len(self.arcs) - 1

    def graph(self) -> WordGraph:
        frozen = tuple(
            {word: tuple(arcs) for word, arcs in by_word.items()} for by_word in self.arcs
        )
        return WordGraph(frozen, frozenset(self.final), tuple(self.owner), tuple(self.sentences))


def _words(pieces: _Pieces, begin: int, end: int) -> list[tuple[str, int, tuple[Reading, ...]]]:
    """All (word, where the next begins, readings) from ``begin``; word '' where nothing follows."""
    found = []
    seen = set()
    stack: list[tuple[int, str, tuple[Reading, ...]]] = [(begin, "", ())]
    while stack:
        at = stack.pop()
        if at in seen:
            continue
        seen.add(at)
        if len(seen) > MAXIMUM_ARCS:
            raise _TooLargeError
        state, text, readings = at
        word = text.strip("'")
        if state == end:
            found.append((word, end, readings))
        for piece, target, reading in reversed(pieces.arcs[state]):
            if piece == _SPACE and word:
                found.append((word, target, readings))
            elif piece == _SPACE:
                stack.append((target, "", ()))
            elif reading is None or not piece or reading in readings:
                stack.append((target, text + piece, readings))
            else:
                stack.append((target, text + piece, (*readings, reading)))
    return found
