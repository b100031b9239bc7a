"""The best sentences of an utterance, from what the search left behind: exact, and each once.

The search tells for every frame which arcs' words may end there, and the best score of the frames
up to it. Sentences are put together from their ends: the words so far have a score for every frame
that they may begin at, an arc before them one for every frame that it may end at, and the best sum
of the two is what the whole sentence will score, not only an estimate of it. So this is an A*
search that works out nothing but words of the sentences it returns, and ties.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.recognizers.phones.alignment import Frames, Rest
from assistant.recognizers.phones.graph import PhoneGraph
from assistant.recognizers.phones.hypothesis import Hypothesis, Scores
from assistant.recognizers.phones.lexicon import Integers

START = 0
NO_ARC = -1


@dataclass(frozen=True, slots=True, order=True)
class _Candidate:
    """An ``arc`` and the ``rest`` after it, ``words`` of both; or with no arc a whole sentence.

    The best one sorts first, and of several, where words sound the same, the one with most words:
    it is nearer to its end, and so they are not all followed at once.
    """

    cost: float
    missing: int
    words: tuple[str, ...]
    arc: int
    rest: Rest = field(compare=False)

    @classmethod
    def of(cls, score: float, words: tuple[str, ...], arc: int, rest: Rest) -> _Candidate:
        # Equal scores were summed up in different orders.
        return cls(round(-score, 9), -len(words), words, arc, rest)


class Endings:
    """Where words may end: ``arcs`` and ``scores`` for every frame, of what the search followed."""

    def __init__(
        self, graph: PhoneGraph, arcs: Sequence[Integers], scores: Sequence[Scores]
    ) -> None:
        self._graph = graph
        arc = np.concatenate([np.empty(0, dtype=np.intp), *arcs])
        end = np.repeat(np.arange(1, len(arcs) + 1), [len(of_frame) for of_frame in arcs])
        target = graph.target[arc]
        order = np.lexsort((end, arc, target))
        self._arc, self._end = arc[order], end[order]
        self._target = target[order]
        self._score = np.concatenate([np.empty(0), *scores])[order]

    def before(self, state: int, rest: Rest) -> list[tuple[int, float]]:
        """The arcs to a state, and what a sentence with each of them before the rest scores."""
        begin, end = np.searchsorted(self._target, (state, state + 1))
        if begin == end:
            return []
        arcs = self._arc[begin:end]
        totals = self._score[begin:end] + rest.scores[self._end[begin:end]]
        firsts = np.flatnonzero(np.diff(arcs, prepend=-1))
        best = np.maximum.reduceat(totals, firsts)
        possible = best > -math.inf
        return list(zip(arcs[firsts][possible].tolist(), best[possible].tolist(), strict=True))

    def last_states(self, frames: int) -> set[int]:
        """The states at which the utterance may end."""
        return set(self._target[self._end == frames].tolist())


def best_sentences(
    graph: PhoneGraph, endings: Endings, frames: Frames, final: Collection[int] | None, most: int
) -> list[Hypothesis]:
    """Find the best sentences that end in the ``final`` states, or anywhere; the best one first."""
    found: list[Hypothesis] = []
    candidates: list[_Candidate] = []

    def add(state: int, words: tuple[str, ...], rest: Rest) -> None:
        for arc, score in endings.before(state, rest):
            longer = (graph.text(arc), *words)
            heapq.heappush(candidates, _Candidate.of(score, longer, arc, rest))
        if state == START and (score := float(frames.totals(rest).max())) > -math.inf:
            heapq.heappush(candidates, _Candidate.of(score, words, NO_ARC, rest))

    nothing = frames.nothing()
    for state in sorted(endings.last_states(len(frames)) | {START}):
        if final is None or state in final:
            add(state, (), nothing)
    while candidates and len(found) < most:
        candidate = heapq.heappop(candidates)
        if candidate.arc == NO_ARC:
            if hypothesis := frames.hypothesis(candidate.rest):
                found.append(hypothesis)
        else:
            rest = frames.before(candidate.words[0], graph.ways(candidate.arc), candidate.rest)
            add(int(graph.source[candidate.arc]), candidate.words, rest)
    # What the beam left out makes the scores of the search a little less than those found here.
    return sorted(found, key=lambda one: (-one.score, [word.text for word in one.words]))
