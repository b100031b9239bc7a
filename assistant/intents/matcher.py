"""Match a text to an intent: walk the word graph over its words, all readings at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from assistant.intents.acceptor import Arcs, minimise
from assistant.intents.graph import START, Arc, Reading, WordGraph, build_graph
from assistant.intents.model import IntentSet
from assistant.intents.words import normalise
from assistant.turn import Match, Slot


class _Step(NamedTuple):
    """The best way so far into a state: its literal words, the last word, and the way back."""

    literal: int
    word: str
    arc: Arc | None
    before: _Step | None


@dataclass(frozen=True)
class IntentGraph:
    """Matches texts, and knows the grammar of what can be said."""

    language: str
    words: WordGraph
    skip_words: tuple[tuple[str, ...], ...]

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
        """Minimal deterministic acceptor of all sentences, or of those of some intents."""
        graph = self.words
        if intents is None:
            return minimise([START], self._targets, graph.final)

        def targets(state: int) -> Mapping[str, Collection[int]]:
            found = self._targets(state)
            if state != START:
                return found
            return {
                word: kept
                for word, to in found.items()
                if (kept := [one for one in to if self._intent_of(one) in intents])
            }

        return minimise([START], targets, graph.final)

    def _targets(self, state: int) -> Mapping[str, Collection[int]]:
        return {word: [arc.target for arc in arcs] for word, arcs in self.words.arcs[state].items()}

    def _intent_of(self, state: int) -> str:
        return self.words.sentences[self.words.owner[state]].intent

    def _read(self, words: tuple[str, ...], skip: tuple[tuple[str, ...], ...]) -> Match | None:
        """Fill ``best[i]``: for every state that the first i words can lead to, the best way."""
        arcs = self.words.arcs
        best: list[dict[int, _Step]] = [{} for _ in range(len(words) + 1)]
        best[0][START] = _Step(0, "", None, None)
        for index, word in enumerate(words):
            after = best[index + 1]
            for state, step in best[index].items():
                for arc in arcs[state].get(word, ()):
                    literal = step.literal + (not arc.readings)
                    known = after.get(arc.target)
                    if known is None or known.literal < literal:
                        after[arc.target] = _Step(literal, word, arc, step)
            for phrase in skip:
                end = index + len(phrase)
                if words[index:end] == phrase:
                    for state, step in best[index].items():
                        known = best[end].get(state)
                        if known is None or known.literal < step.literal:
                            best[end][state] = step
        ends = [
            (-step.literal, self.words.owner[state], state)
            for state, step in best[-1].items()
            if state in self.words.final
        ]
        if not ends:
            return None
        _, owner, state = min(ends)
        return self._match(owner, best[-1][state], words)

    def _match(self, owner: int, last: _Step, words: tuple[str, ...]) -> Match:
        said: dict[Reading, list[str]] = {}
        step: _Step | None = last
        while step is not None:
            for reading in reversed(step.arc.readings if step.arc else ()):
                said.setdefault(reading, []).insert(0, step.word)
            step = step.before
        sentence = self.words.sentences[owner]
        slots = {name: Slot(name, value, "") for name, value in sentence.slots.items()}
        for reading, spoken in reversed(said.items()):
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


def compile_intents(intent_set: IntentSet) -> IntentGraph:
    """Compile intents for matching. Raises IntentError when the graph would be too large."""
    return IntentGraph(intent_set.language, build_graph(intent_set), intent_set.skip_words)
