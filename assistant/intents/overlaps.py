"""Finds sentences that mean two intents, without listing sentences."""

from __future__ import annotations

from collections import deque

from assistant.errors import Problem
from assistant.intents.flat import FlatGraph
from assistant.intents.graph import Sentence
from assistant.intents.matcher import IntentGraph


def find_overlaps(graph: IntentGraph) -> list[Problem]:
    """Warn, once for each pair of templates, of a shortest sentence that fits both.

    Walks the deterministic form of the graph: each set of states is what some words can lead to.
    """
    flat = FlatGraph(graph.network)
    first = frozenset({flat.start})
    words: dict[frozenset[int], tuple[str, ...]] = {first: ()}
    queue = deque([first])
    pairs: dict[tuple[int, int], tuple[str, ...]] = {}
    while queue:
        states = queue.popleft()
        ends = sorted({owner for state in states & flat.final for owner in flat.owners(state)})
        for index, one in enumerate(ends):
            for other in ends[index + 1 :]:
                if graph.sentences[one].intent != graph.sentences[other].intent:
                    pairs.setdefault((one, other), words[states])
        targets: dict[str, set[int]] = {}
        for state in states:
            for word, reached in flat.targets(state).items():
                targets.setdefault(word, set()).update(reached)
        for word, reached in targets.items():
            following = frozenset(reached)
            if following not in words:
                words[following] = (*words[states], word)
                queue.append(following)
    return [
        _overlap(graph.sentences[one], graph.sentences[other], " ".join(said))
        for (one, other), said in pairs.items()
    ]


def _overlap(one: Sentence, other: Sentence, said: str) -> Problem:
    message = f"'{said}' can mean {one.intent} and {other.intent}"
    hint = f"the other sentence is at {other.template.source.place}"
    return Problem(message, one.template.source.place, hint, warning=True)
