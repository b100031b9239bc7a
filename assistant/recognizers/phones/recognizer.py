"""The recognizer of phones: the wake word's speech embedding, a small network, and a search.

All of it streams. When somebody pauses, what is still to come is taken to sound like the last
moment, and the search ends there, which takes some milliseconds; when they speak on, it goes on
from where it was.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import EngineError
from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
from assistant.recognizers.hypotheses import MOST_ALTERNATIVES
from assistant.recognizers.phones.confidence import confidence
from assistant.recognizers.phones.graph import PhoneGraph
from assistant.recognizers.phones.keyphrase import KeyPhrase
from assistant.recognizers.phones.network import INVENTORY
from assistant.recognizers.phones.search import Search, Weights
from assistant.recognizers.phones.stream import PhoneStream
from assistant.recognizers.pronunciation import Guess, Phones, no_guess, pronounce
from assistant.turn import Transcript

if TYPE_CHECKING:
    from assistant.audio.frames import Samples
    from assistant.ports import Grammar, UnknownWord
    from assistant.recognizers.phones.network import PhoneNetwork
    from assistant.wake.features import SpeechEmbedding

log = logging.getLogger(__name__)

STOP = "stop"
"""What cuts a reply short where the grammar's own phrase cannot be heard."""
KEPT_GRAMMARS = 2
"""Commands, and commands with answers: the pipeline changes from one to the other and back."""


@dataclass(frozen=True, slots=True)
class _InUse:
    """A grammar, ready to be searched."""

    grammar: Grammar
    graph: PhoneGraph
    stop: KeyPhrase
    unknown: tuple[UnknownWord, ...]


class PhoneRecognizer:
    """Hears sentences of a grammar. ``guess`` tells how words sound that the dictionary lacks.

    The ``kept_grammars`` that were used last can be used again at once.
    """

    name = "phones"

    def __init__(
        self,
        network: PhoneNetwork,
        embedding: SpeechEmbedding,
        guess: Guess = no_guess,
        weights: Weights = Weights(),
        *,
        kept_grammars: int = KEPT_GRAMMARS,
    ) -> None:
        self._guess = guess
        self._weights = weights
        self._kept_grammars = kept_grammars
        self._lexicon = Lexicon(packaged_dictionary())
        self._stream = PhoneStream(network, embedding)
        self._in_use: _InUse | None = None
        self._kept: list[_InUse] = []  # the last ones that were used
        self._search: Search | None = None
        self._heard: tuple[Samples, Transcript] | None = None  # what was prepared

    def use(self, grammar: Grammar) -> Sequence[UnknownWord]:
        """Hear this grammar from the next ``start`` on; returns its words that are not known."""
        kept = next((one for one in self._kept if one.grammar is grammar), None)
        self._in_use = kept or self._load(grammar)
        others = [one for one in self._kept if one is not self._in_use]
        self._kept = [*others, self._in_use][-self._kept_grammars :]
        self._search = self._heard = None
        return list(self._in_use.unknown)

    def start(self, before: Samples | None = None) -> None:
        """Begin an utterance, dropping one under way."""
        self._stream.start(before)
        self._search = Search(self._using.graph, self._weights)
        self._search.start()
        self._heard = None

    def feed(self, samples: Samples) -> str:
        """Take the next samples and return the partial transcript so far."""
        search = self._searching
        search.feed(self._stream.feed(samples))
        return " ".join(search.partial())

    def prepare(self, utterance: Samples) -> Transcript:
        """Hear what was fed as if it ended here, for ``finish``.

        Amid a sentence only its words are told.
        """
        ending = self._ending()
        transcript = _transcript(ending)
        self._heard = utterance, transcript
        beginning = ending.beginning()
        words = " ".join(word.text for word in beginning.words) if beginning is not None else ""
        return transcript if words == transcript.text else Transcript(words, 0.0)

    def finish(self, utterance: Samples) -> Transcript:
        """End the utterance, which was fed."""
        heard, self._heard = self._heard, None
        if heard is not None and np.array_equal(heard[0], utterance):
            return heard[1]
        return _transcript(self._ending())

    def start_stop_word(self) -> None:
        """From now on, ``hears_stop`` listens for the stop phrase and nothing else."""
        self._stream.start()
        self._using.stop.start()

    def hears_stop(self, samples: Samples) -> bool:
        """Take the next samples; true when the stop phrase was said."""
        return self._using.stop.feed(self._stream.feed(samples))

    @property
    def _using(self) -> _InUse:
        if self._in_use is None:
            raise RuntimeError("use() a grammar before hearing anything")
        return self._in_use

    @property
    def _searching(self) -> Search:
        if self._search is None:
            raise RuntimeError("start() an utterance before hearing it")
        return self._search

    def _ending(self) -> Search:
        """The search, ended here; the one under way goes on by itself."""
        ending = self._searching.copy()
        ending.feed(self._stream.rest())
        return ending

    def _load(self, grammar: Grammar) -> _InUse:
        found = pronounce(grammar.words(), grammar.sounds_like, self._lexicon, self._try_to_guess)
        graph = PhoneGraph.of(grammar, found.of_words, INVENTORY)
        stop_words = grammar.stop_phrase.split()
        of_stop = {**self._lexicon({*stop_words, STOP}), **found.of_words}
        if not all(of_stop[word] for word in stop_words):
            stop_words = [STOP]
        stop = KeyPhrase([of_stop[word] for word in stop_words], INVENTORY, self._weights)
        return _InUse(grammar, graph, stop, found.unknown)

    def _try_to_guess(self, words: Collection[str]) -> Mapping[str, Phones]:
        try:
            return self._guess(words)
        except EngineError as error:
            log.warning("%s", error)
            return {}


def _transcript(search: Search) -> Transcript:
    """The best sentence with its confidence, and the others that were heard."""
    best, *others = search.finish(1 + MOST_ALTERNATIVES) or [None]
    if best is None:
        return Transcript("", 0.0)
    texts = tuple(" ".join(word.text for word in other.words) for other in others if other)
    return Transcript(" ".join(word.text for word in best.words), confidence(best), texts)
