"""The sentences that a text nearly is: "turn of the kitchen like" for "turn off the kitchen light".

Only ever to propose: whoever gets a proposal asks whether it was meant. The search is over the word
graph and the words heard at once, the cheapest way first (A*): a word is kept, replaced by one that
sounds like it, missing, or too much. What a difference costs is how much its words tell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from assistant.intents.chart import Effort
from assistant.intents.circumstances import Circumstances
from assistant.intents.flat import FlatGraph
from assistant.intents.lattice import make_lattice
from assistant.intents.matcher import IntentGraph
from assistant.intents.said import said
from assistant.intents.search import Aligned, Search
from assistant.intents.sounds import Phones, Sounds
from assistant.intents.weights import word_weights
from assistant.turn import Match

# Chosen on the half of the sentences that scripts/bench intents does not report on. There, 2.6 % of
# everyday sentences that are no command score 0.65; of best proposals 44 % are right when the next
# one is nearer than 0.04, and 94 % when it is not.
MINIMUM_SCORE = 0.65
NEAR_TIE = 0.04
# A sentence whose score is so much lower than the best one's is not worth asking for.
WINDOW = 0.15
# Sentences read to find meanings that differ: many a sentence can be said in many ways.
MAXIMUM_READ = 50
# Nobody gives a command of more words; comparing them takes time for each.
MAXIMUM_WORDS = 40
# Words heard times words of the graph: a desktop computer compares so many in a second. A large
# household with 3,000 names has 10,000 words.
MAXIMUM_COMPARED = 250_000

# Nodes and arcs of the graph that are gone through for one text. With 2,000 templates and lists of
# 100 names it is 100,000 at most; only what nobody would write needs more, and then what was found
# before is proposed.
MAXIMUM_GRAPH = 400_000

Pronounce: TypeAlias = Callable[[Collection[str]], Phones]


@dataclass(frozen=True)
class Proposal:
    """A sentence that may have been meant.

    ``matches`` are the commands that it gives, ``score`` how near it is, 0..1.
    """

    text: str
    matches: tuple[Match, ...]
    score: float
    alignment: tuple[Aligned, ...]

    @property
    def intent(self) -> str:
        """The intent of its first command."""
        return self.matches[0].intent


def is_near_tie(proposals: Sequence[Proposal], margin: float = NEAR_TIE) -> bool:
    """Whether another meaning is about as near as the best: ask which, rather than guess."""
    return len(proposals) > 1 and proposals[0].score - proposals[1].score < margin


def _no_phones(_: Collection[str]) -> Phones:
    return {}


class Proposer:
    """Knows the words of a graph: how much they tell, and how they sound.

    ``pronounce`` gives the phones of those words that it knows; without it, spelling must do.
    """

    def __init__(self, graph: IntentGraph, pronounce: Pronounce = _no_phones) -> None:
        self.graph = graph
        self._pronounce = pronounce
        self._weights = word_weights(graph.network)
        self._sounds = Sounds(sorted(self._weights), pronounce(self._weights))

    def propose(
        self,
        text: str,
        where: Circumstances | None = None,
        *,
        limit: int = 3,
        minimum_score: float = MINIMUM_SCORE,
    ) -> tuple[Proposal, ...]:
        """Find the sentences nearest to a text, each with another meaning, best first.

        A sentence of the graph has score 1. A text that is nothing like any gives none.
        """
        graph = self.graph
        words = said(text, graph.language).words
        if len(words) > MAXIMUM_WORDS or len(words) * len(self._weights) > MAXIMUM_COMPARED:
            return ()
        unknown = [word for word in words if word not in self._weights]
        phones = self._pronounce(unknown) if unknown else {}
        lattice = make_lattice(words, self._sounds, phones, self._weights, graph.skip_words)
        if not lattice.weight:
            return ()
        found: dict[tuple[object, ...], Proposal] = {}
        budget, window = (1.0 - minimum_score) * lattice.weight, WINDOW * lattice.weight
        effort = Effort()
        flat = FlatGraph(graph.network, MAXIMUM_GRAPH, values_apart=True)
        search = Search(flat, lattice, self._weights, budget, window)
        for cost, sentence, alignment in islice(search.paths(), MAXIMUM_READ):
            matches = graph.understand(sentence, where, effort)
            if not matches or (meaning := _meaning(matches)) in found:
                continue
            score = 1.0 - cost / lattice.weight
            found[meaning] = Proposal(sentence, matches, score, alignment)
            if len(found) == limit:
                break
        return tuple(found.values())


def _meaning(matches: Sequence[Match]) -> tuple[object, ...]:
    return tuple(
        (match.intent, *sorted((slot.name, repr(slot.value)) for slot in match.slots))
        for match in matches
    )
