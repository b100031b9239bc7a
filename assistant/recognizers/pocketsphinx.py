"""PocketSphinx with a grammar: the embedded recognizer, its English model inside its package.

A live pass gives partial transcripts. In each pause, and at the end, the whole utterance is decoded
again, trimmed to its speech and normalised as a whole, which is understood better. Where that is
not sure, filters for longer and for shorter vocal tracts have a try as well, and the likeliest
wins. ``scripts/bench ablation`` prints what each step is worth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.frames import SAMPLE_RATE
from assistant.recognizers import kept
from assistant.recognizers.cepstra import Spectra
from assistant.recognizers.confidence import confidence
from assistant.recognizers.decoder import (
    EASY_STOP_THRESHOLD,
    STOP_THRESHOLD,
    Decoder,
    Search,
)
from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
from assistant.recognizers.grammar import longest_sentence
from assistant.recognizers.kept import KeptGrammars, willing
from assistant.recognizers.pronunciation import Guess, Phones, no_guess, pronounce
from assistant.turn import Transcript

if TYPE_CHECKING:
    from assistant.audio.frames import Samples
    from assistant.ports import Grammar, UnknownWord

STOP = "stop"
"""What cuts a reply short where the grammar's own phrase cannot be heard."""

NOTHING: Samples = np.empty(0, dtype=np.int16)

BEFORE_SAMPLES = SAMPLE_RATE
"""Of the sound before a command: enough to know the room's noise."""

LIVE_BEAM, LIVE_DENSITIES = 1e-48, 4
"""PocketSphinx's own."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """How hard to listen; ``scripts/bench ablation`` switches each off in turn.

    ``beam`` and ``densities`` are those of the whole utterance; the live pass has ``LIVE_BEAM`` and
    ``LIVE_DENSITIES``. The first of the ``warps`` of the filters is tried, and all others where
    that leaves less than ``sure_confidence``. ``suppress`` takes noise off, with ``before`` as it
    was before the command, too.
    """

    beam: float = 1e-64
    densities: int = 8
    warps: tuple[float, ...] = (1.0, 0.92, 1.08)
    sure_confidence: float = 0.6
    suppress: bool = True
    before: bool = True


USUAL = Tuning()


@dataclass(frozen=True, slots=True)
class _InUse:
    """A grammar with the decoders that know it: the live pass goes on while a pause is decoded."""

    grammar: Grammar
    live: Decoder
    whole: Decoder
    unknown: tuple[UnknownWord, ...]


class _StopListener:
    """Listens for a stop phrase, with a decoder of its own."""

    def __init__(
        self, pronunciations: Mapping[str, Sequence[Phones]], phrase: str, threshold: float
    ) -> None:
        self._decoder = Decoder(pronunciations, LIVE_BEAM, LIVE_DENSITIES, threshold)
        self._decoder.add_stop(phrase)
        self._decoder.begin(Search.STOP)

    def hears(self, samples: Samples) -> bool:
        """Take the next samples; true when the stop phrase was said."""
        if not self._decoder.feed(samples):
            return False
        self._decoder.begin(Search.STOP)
        return True


@dataclass(frozen=True, slots=True)
class _Hearing:
    """What was found with one kind of filters: the words, the sentence in them, and its score."""

    partial: str
    sentence: str
    score: float
    confidence: float


class _Utterance:
    """An utterance, heard as thoroughly as anybody has wanted to know."""

    def __init__(
        self,
        samples: Samples,
        before: Samples,
        decoder: Decoder,
        grammar: Grammar,
        tuning: Tuning,
    ) -> None:
        self.samples = samples
        self._decoder = decoder
        self._grammar = grammar
        self._tuning = tuning
        self._spectra = Spectra(samples, before if tuning.before else NOTHING)
        self._hearings = [self._hear(tuning.warps[0])]

    @property
    def partial(self) -> str:
        """The likeliest words, perhaps amid a sentence."""
        return self._hearings[0].partial

    @property
    def is_sentence(self) -> bool:
        """Whether the likeliest words are a whole sentence."""
        return self.partial == self._hearings[0].sentence

    @cached_property
    def transcript(self) -> Transcript:
        """The best sentence with its confidence, and the others that were heard."""
        best = self._hearings[0]
        if best.confidence < self._tuning.sure_confidence:
            self._hearings += map(self._hear, self._tuning.warps[1:])
            best = max(self._hearings, key=lambda one: one.score)
        by_score = sorted(self._hearings, key=lambda one: -one.score)
        sentences = dict.fromkeys(one.sentence for one in by_score if one.sentence)
        others = tuple(sentence for sentence in sentences if sentence != best.sentence)
        return Transcript(best.sentence, best.confidence, others)

    def _hear(self, warp: float) -> _Hearing:
        if not self.samples.any():  # a muted microphone: any words would fit as well
            return _Hearing("", "", -math.inf, 0.0)
        cepstra = self._spectra.cepstra(warp, suppress=self._tuning.suppress)
        found = self._decoder.decode(cepstra)
        sentence = longest_sentence(self._grammar, found.text.split())
        score = found.score if sentence else -math.inf
        sure = confidence(found.words) if sentence else 0.0
        return _Hearing(found.partial, sentence, score, sure)


class PocketSphinxRecognizer:
    """Hears sentences of a grammar. ``guess`` tells how words sound that it does not know.

    The ``kept_grammars`` that were used last can be used again at once.
    """

    name = "pocketsphinx"

    def __init__(
        self,
        guess: Guess = no_guess,
        tuning: Tuning = USUAL,
        *,
        kept_grammars: int = kept.USUAL,
    ) -> None:
        self._guess = willing(guess)
        self._tuning = tuning
        self._lexicon = Lexicon(packaged_dictionary())
        self._grammars = KeptGrammars(self._load, kept_grammars)
        self._stops: dict[str, tuple[Mapping[str, Sequence[Phones]], str]] = {}  # by the phrase
        self._before = NOTHING
        self._heard: _Utterance | None = None  # what was prepared

    def use(self, grammar: Grammar) -> Sequence[UnknownWord]:
        """Hear this grammar from the next ``start`` on; returns its words that are not known."""
        using = self._grammars.use(grammar)
        self._heard = None
        return list(using.unknown)

    def drop(self, grammar: Grammar) -> None:
        """Let go of what was made of a grammar, which is not used any more."""
        self._grammars.drop(grammar)

    def _load(self, grammar: Grammar) -> _InUse:
        found = pronounce(grammar.words(), grammar.sounds_like, self._lexicon, self._guess)
        live = Decoder(found.of_words, LIVE_BEAM, LIVE_DENSITIES)
        live.add_grammar(grammar)
        whole = Decoder(found.of_words, self._tuning.beam, self._tuning.densities)
        whole.add_grammar(grammar)
        self._stops[grammar.stop_phrase] = self._stop_of(grammar.stop_phrase, found.of_words)
        return _InUse(grammar, live, whole, found.unknown)

    def _stop_of(
        self, phrase: str, known: Mapping[str, Sequence[Phones]]
    ) -> tuple[Mapping[str, Sequence[Phones]], str]:
        """How a stop phrase sounds, of which words may be known; "stop" where it cannot be heard.

        It may have words that are in no sentence.
        """
        words = {*phrase.split(), STOP}
        found = {**self._lexicon(words - known.keys()), **known}
        pronunciations = {word: found[word] for word in words}
        hearable = all(pronunciations[word] for word in phrase.split())
        return pronunciations, phrase if hearable else STOP

    def start(self, before: Samples | None = None) -> None:
        """Begin an utterance, dropping one under way."""
        self._grammars.in_use.live.begin(Search.GRAMMAR)
        self._before = NOTHING if before is None else before[-BEFORE_SAMPLES:]
        self._heard = None

    def feed(self, samples: Samples) -> str:
        """Take the next samples and return the partial transcript so far."""
        return self._grammars.in_use.live.feed(samples)

    def prepare(self, utterance: Samples) -> Transcript:
        """Decode what there is of the utterance (trimmed to its speech), for ``finish``.

        Amid a sentence only the words are found, and the rest is left for ``finish``.
        """
        self._heard = heard = self._hear(utterance)
        return heard.transcript if heard.is_sentence else Transcript(heard.partial, 0.0)

    def finish(self, utterance: Samples) -> Transcript:
        """Decode the whole utterance (trimmed to its speech) and end it."""
        self._grammars.in_use.live.end()
        heard, self._heard = self._heard, None
        if heard is None or not np.array_equal(heard.samples, utterance):
            heard = self._hear(utterance)
        return heard.transcript

    def listen_for_stop(self, grammar: Grammar, *, sure: bool = True) -> _StopListener:
        """Make a listener for the stop phrase of a grammar that was used: 10 ms, and 5 MB."""
        threshold = STOP_THRESHOLD if sure else EASY_STOP_THRESHOLD
        return _StopListener(*self._stops[grammar.stop_phrase], threshold)

    def _hear(self, utterance: Samples) -> _Utterance:
        using = self._grammars.in_use
        return _Utterance(utterance, self._before, using.whole, using.grammar, self._tuning)
