"""Finds sentences that mean two intents, without listing sentences."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from itertools import combinations
from typing import TypeAlias

from assistant.errors import Problem
from assistant.intents.flat import FlatGraph
from assistant.intents.graph import Sentence
from assistant.intents.matcher import IntentGraph
from assistant.intents.network import TooLargeError

# States and arcs gone through, with the words of the way to each. What is beyond is not compared:
# all sentences of a large household are a tenth of it.
MAXIMUM_SIZE = 1_000_000
# Pairs of templates told: whoever has more has written everything twice.
MAXIMUM_TOLD = 100

_Pairs: TypeAlias = dict[tuple[int, int], tuple[str, ...]]


def find_overlaps(graph: IntentGraph) -> list[Problem]:
    """Warn, once for each pair of templates, of a shortest sentence that fits both.

    Walks the deterministic form of the graph: each set of states is what some words can lead to.
    """
    pairs: _Pairs = {}
    with suppress(TooLargeError):
        _find(graph, pairs)
    return [
        _overlap(graph.sentences[one], graph.sentences[other], " ".join(said))
        for (one, other), said in pairs.items()
    ]


def _find(graph: IntentGraph, pairs: _Pairs) -> None:
    """Add the pairs with a sentence that fits both. Raises TooLargeError when there are more."""
    flat = FlatGraph(graph.network, MAXIMUM_SIZE)
    first = frozenset({flat.start})
    words: dict[frozenset[int], tuple[str, ...]] = {first: ()}
    queue = deque([first])
    size = 0
    while queue:
        states = queue.popleft()
        ends = sorted({owner for state in states & flat.final for owner in flat.owners(state)})
        for one, other in combinations(ends, 2):
            size += 1
            if graph.sentences[one].intent != graph.sentences[other].intent:
                pairs.setdefault((one, other), words[states])
            if len(pairs) == MAXIMUM_TOLD or size > MAXIMUM_SIZE:
                raise TooLargeError
        targets: dict[str, set[int]] = {}
        for state in states:
            for word, reached in flat.targets(state).items():
                targets.setdefault(word, set()).update(reached)
        size += len(states)
        for word, together in targets.items():
            following = frozenset(together)
            if following not in words:
                words[following] = (*words[states], word)
                queue.append(following)
                size += len(words[following])
        if size > MAXIMUM_SIZE:
            raise TooLargeError


def _overlap(one: Sentence, other: Sentence, said: str) -> Problem:
    message = f"'{said}' can mean {one.intent} and {other.intent}"
    hint = f"the other sentence is at {other.template.source.place}"
    return Problem(message, one.template.source.place, hint, warning=True)
