"""The recognizer of phones: the wake word's speech embedding, a small network, and a search.

All of it streams. When somebody pauses, what is still to come is taken to sound like the last
moment, and the search ends there, which takes some milliseconds; when they speak on, it goes on
from where it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.recognizers import kept
from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
from assistant.recognizers.hypotheses import MOST_ALTERNATIVES
from assistant.recognizers.kept import KeptGrammars, willing
from assistant.recognizers.phones.confidence import fit, trust_in
from assistant.recognizers.phones.decoder import USUAL, Decoder
from assistant.recognizers.phones.graph import PhoneGraph
from assistant.recognizers.phones.hypothesis import Hypothesis, Weights
from assistant.recognizers.phones.keyphrase import KeyPhrase
from assistant.recognizers.phones.network import CTC, INVENTORY
from assistant.recognizers.phones.stream import PhoneStream
from assistant.recognizers.pronunciation import Guess, Phones, no_guess, pronounce
from assistant.turn import Transcript

if TYPE_CHECKING:
    from assistant.audio.frames import Samples
    from assistant.embedding.features import SpeechEmbedding
    from assistant.ports import Grammar, StopListener, UnknownWord
    from assistant.recognizers.phones.network import PhoneNetwork

STOP = "stop"
"""What cuts a reply short where the grammar's own phrase cannot be heard."""
SHORT_PHONES = 4
SHORT_THRESHOLD, LONG_THRESHOLD = -0.6, -1.5
"""Of a stop phrase, in nats a phone. One as short as "stop" is easily like something else: of 200
answers of ``scripts/bench self-hearing`` at most one fits better, and "stop" by every voice there.
That was tried once: the script prints what both recognizers hear. Nothing longer was tried."""


@dataclass(frozen=True, slots=True)
class _InUse:
    """A grammar, ready to be searched."""

    grammar: Grammar
    graph: PhoneGraph
    unknown: tuple[UnknownWord, ...]
    pronunciations: Mapping[str, Sequence[Phones]]


class PhraseListener:
    """Listens for one phrase, and for nothing else."""

    def __init__(self, stream: PhoneStream, phrase: KeyPhrase) -> None:
        self._stream = stream
        self._phrase = phrase

    def hears(self, samples: Samples) -> bool:
        """Take the next samples; true when it was said.

        It is not waited for the networks to look ahead: what may end here is tried as if it did.
        """
        if self._phrase.feed(self._stream.feed(samples)[:, CTC]):
            return True
        return self._phrase.copy().feed(self._stream.rest()[:, CTC])


class PhoneRecognizer:
    """Hears sentences of a grammar. ``guess`` tells how words sound that the dictionary lacks.

    The ``kept_grammars`` that were used last can be used again at once. The network has learnt from
    so many ``recordings`` of people, or is the shipped one (None).
    """

    name = "phones"

    def __init__(
        self,
        network: PhoneNetwork,
        embedding: SpeechEmbedding,
        guess: Guess = no_guess,
        weights: Weights = USUAL,
        *,
        kept_grammars: int = kept.USUAL,
        recordings: int | None = None,
    ) -> None:
        self.trust = trust_in(recordings)
        self._guess = willing(guess)
        self._weights = weights
        self._lexicon = Lexicon(packaged_dictionary())
        self._stream = PhoneStream(network, embedding)
        self._grammars = KeptGrammars(self._load, kept_grammars)
        self._decoder: Decoder | None = None
        self._ended: Decoder | None = None  # of an utterance as if it was over
        self._heard: tuple[Samples, Transcript] | None = None  # what was prepared

    def use(self, grammar: Grammar) -> Sequence[UnknownWord]:
        """Hear this grammar from the next ``start`` on; returns its words that are not known."""
        using = self._grammars.use(grammar)
        self._decoder = self._heard = None
        return list(using.unknown)

    def drop(self, grammar: Grammar) -> None:
        """Let go of what was made of a grammar, which is not used any more."""
        self._grammars.drop(grammar)

    def start(self, before: Samples | None = None) -> None:
        """Begin an utterance, dropping one under way."""
        self._stream.start(before)
        using = self._grammars.in_use
        self._decoder = Decoder(using.graph, using.pronunciations, self._weights)
        self._heard = self._ended = None

    def feed(self, samples: Samples) -> str:
        """Take the next samples and return the partial transcript so far."""
        decoder = self._decoding
        decoder.feed(self._stream.feed(samples))
        return " ".join(decoder.partial())

    def prepare(self, utterance: Samples) -> Transcript:
        """Hear what was fed as if it ended here, for ``finish``.

        Amid a sentence only its words are told.
        """
        ending = self._ending(utterance)
        transcript = self._transcript(ending)
        self._heard = utterance, transcript
        beginning = ending.beginning()
        words = beginning.text if beginning is not None else ""
        return transcript if words == transcript.text else Transcript(words, 0.0)

    def finish(self, utterance: Samples) -> Transcript:
        """End the utterance, which was fed, or is heard now where nothing was."""
        heard, self._heard = self._heard, None
        if heard is not None and np.array_equal(heard[0], utterance):
            return heard[1]
        return self._transcript(self._ending(utterance))

    def candidates(self, texts: Sequence[str]) -> list[Hypothesis]:
        """Return the best sentences of what was heard last, and these texts, as well as they fit.

        Texts of more sounds than were heard are left out, as is all where nothing was heard.
        """
        if self._ended is None:
            return []
        found = self._ended.finish()
        known = {one.text for one in found}
        others = [self._ended.align(text.split()) for text in texts if text not in known]
        return [*found, *(one for one in others if one is not None)]

    def sounds(self, words: Sequence[str]) -> list[str]:
        """The phones of words of the grammar, as they are usually said."""
        pronunciations = self._grammars.in_use.pronunciations
        ways = [pronunciations.get(word, ()) for word in words]
        return [phone for way in ways if way for phone in way[0]]

    def listen_for_stop(self, grammar: Grammar, *, sure: bool = True) -> StopListener:  # noqa: ARG002
        """Make a listener for the stop phrase of a grammar that was used, equally sure always."""
        return PhraseListener(self._stream.fork(), self._key_phrase(grammar))

    @property
    def _decoding(self) -> Decoder:
        if self._decoder is None:
            raise RuntimeError("start() an utterance before hearing it")
        return self._decoder

    def _ending(self, utterance: Samples) -> Decoder:
        """The decoder, ended here; the one under way goes on by itself."""
        if not self._decoding.has_heard:
            self.feed(utterance)
        self._ended = ending = self._decoding.copy()
        ending.feed(self._stream.rest())
        return ending

    def _transcript(self, decoder: Decoder) -> Transcript:
        """The best sentence with its confidence, and the others that were heard."""
        found = decoder.finish(1 + MOST_ALTERNATIVES)
        if not found:
            return Transcript("", 0.0)
        best, *others = found
        sure = self.trust.own(fit(best))
        return Transcript(best.text, sure, tuple(other.text for other in others))

    def _load(self, grammar: Grammar) -> _InUse:
        found = pronounce(grammar.words(), grammar.sounds_like, self._lexicon, self._guess)
        graph = PhoneGraph.of(grammar, found.of_words, INVENTORY)
        return _InUse(grammar, graph, found.unknown, found.of_words)

    def _key_phrase(self, grammar: Grammar) -> KeyPhrase:
        made = self._grammars.of(grammar)
        words = grammar.stop_phrase.split()
        known = {**self._lexicon({*words, STOP}), **(made.pronunciations if made else {})}
        if not all(known[word] for word in words):
            words = [STOP]
        ways = [known[word] for word in words]
        phones = sum(min(map(len, spoken)) for spoken in ways if spoken)
        threshold = SHORT_THRESHOLD if phones <= SHORT_PHONES else LONG_THRESHOLD
        return KeyPhrase(ways, INVENTORY, self._weights, threshold)
