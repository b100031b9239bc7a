"""The sentences of a word graph that are nearest to what was heard, the nearest first.

A* over the graph and the lattice of what was heard at once. What the rest of the lattice costs at
least is known beforehand, so a text that is nothing like any sentence is given up at its beginning.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import Enum
from typing import NamedTuple, TypeAlias

from assistant.intents.flat import FlatGraph
from assistant.intents.lattice import Lattice
from assistant.intents.network import TooLargeError

# Ways to one place of the graph that are followed. More than are proposed, as some mean the same.
WAYS = 4
# Differences may cost their share of the words up to there and so much more: a word that tells all.
# Otherwise a long text that is no sentence could spend all it may cost on its beginning.
AT_ONCE = 1.0
# Words of the graph looked at and ways begun, together, whatever is heard.
MAXIMUM_WORK = 60_000


class Difference(Enum):
    """What became of a word."""

    KEPT = "kept"
    REPLACED = "replaced"
    MISSING = "missing"  # meant, but not heard
    EXTRA = "extra"  # heard, but not meant


class Aligned(NamedTuple):
    """Words heard beside the words meant; '' for none. ``cost`` is in weights of words."""

    difference: Difference
    heard: str
    meant: str
    cost: float


class Path(NamedTuple):
    """A sentence, what it costs, and where it differs from what was heard."""

    cost: float
    text: str
    alignment: tuple[Aligned, ...]


class _Link(NamedTuple):
    aligned: Aligned
    before: _Link | None


# A sentence begun: the cost to its end at least, minus its length, the text, a number, the cost so
# far, place, state, and the way to there. The least is followed first: the cheapest, the longest.
_Way: TypeAlias = tuple[float, int, str, int, float, int, int, _Link | None]


class Search:
    """One search for sentences of at most a cost, and at most so much dearer than the cheapest.

    ``work`` is what it has done so far.
    """

    def __init__(
        self,
        graph: FlatGraph,
        lattice: Lattice,
        weights: Mapping[str, float],
        budget: float,
        window: float,
    ) -> None:
        self.work = 0
        self._graph = graph
        self._lattice = lattice
        self._weights = weights
        self._budget = budget
        self._window = window
        share = budget / lattice.weight if lattice.weight else 0.0
        self._allowance = [AT_ONCE + share * weight for weight in lattice.before]
        self._cheapest: dict[int, list[tuple[float, str]]] = {}
        self._reached: dict[tuple[int, int], set[str]] = {}
        self._waiting: list[_Way] = []

    def paths(self) -> Iterator[Path]:
        """Find sentences, the cheapest first, until there are none or MAXIMUM_WORK is done.

        The graph ends it as well when it raises TooLargeError.
        """
        with suppress(TooLargeError):
            yield from self._paths()

    def _paths(self) -> Iterator[Path]:
        self._begin(0, self._graph.start, "", 0.0, None)
        while self._waiting and self.work < MAXIMUM_WORK:
            estimate, _, text, _, cost, place, state, last = heapq.heappop(self._waiting)
            if estimate > self._budget:
                return
            texts = self._reached.setdefault((place, state), set())
            if text in texts or len(texts) == WAYS:
                continue
            texts.add(text)
            if place == self._lattice.end and state in self._graph.final:
                yield Path(cost, text[1:], _alignment(last))
                self._budget = min(self._budget, cost + self._window)
            self._go_on(place, state, text, cost, last)

    def _go_on(self, place: int, state: int, text: str, cost: float, last: _Link | None) -> None:
        """Begin all ways that are one word longer."""
        targets = self._graph.targets(state)
        for heard, costs, after in self._lattice.steps[place]:
            fewer, more = (costs, targets) if len(costs) < len(targets) else (targets, costs)
            for word in fewer:
                if word not in more:
                    continue
                price = costs[word]
                if cost + price + self._lattice.rest[after] > self._budget:
                    continue
                kind = Difference.KEPT if word == heard else Difference.REPLACED
                link = _Link(Aligned(kind, heard, word, price), last)
                for target in targets[word]:
                    self._begin(after, target, f"{text} {word}", cost + price, link)
        if place > self._lattice.end:
            return  # within a word, where another half must follow
        if place < self._lattice.end:
            price = self._lattice.extra[place]
            link = _Link(Aligned(Difference.EXTRA, self._lattice.words[place], "", price), last)
            self._begin(place + 1, state, text, cost + price, link)
        left = self._budget - cost - self._lattice.rest[place]
        for price, word in self._arcs(state):
            if price > left:
                break
            link = _Link(Aligned(Difference.MISSING, "", word, price), last)
            for target in targets[word]:
                self._begin(place, target, f"{text} {word}", cost + price, link)

    def _begin(self, place: int, state: int, text: str, cost: float, last: _Link | None) -> None:
        estimate = cost + self._lattice.rest[place]
        if estimate > self._budget or cost > self._allowance[place]:
            return
        if len(self._reached.get((place, state), ())) == WAYS:
            return
        self.work += 1
        way = estimate, -len(text), text, self.work, cost, place, state, last
        heapq.heappush(self._waiting, way)

    def _arcs(self, state: int) -> list[tuple[float, str]]:
        """The words that lead on from a state, the least telling first."""
        arcs = self._cheapest.get(state)
        if arcs is None:
            words = self._graph.targets(state)
            arcs = self._cheapest[state] = sorted((self._weights[word], word) for word in words)
            self.work += len(arcs)
        return arcs


def _alignment(last: _Link | None) -> tuple[Aligned, ...]:
    """The links in the order of the words; the halves of a word heard are put together."""
    found: list[Aligned] = []
    while last is not None:
        kind, heard, meant, cost = last.aligned
        if kind is Difference.REPLACED and not heard and last.before is not None:
            (_, heard, front, more), last = last.before.aligned, last.before
            meant, cost = f"{front} {meant}", more + cost
        found.append(Aligned(kind, heard, meant, cost))
        last = last.before
    return tuple(reversed(found))
