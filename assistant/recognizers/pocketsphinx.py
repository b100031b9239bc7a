"""PocketSphinx with a grammar: the embedded recognizer, its English model inside its package.

Measured on real commands: the utterance trimmed to its speech and normalised as a whole (batch
cepstral mean normalisation) is understood better than a live stream, so ``finish`` decodes it
again; the live pass gives partials only. ``bestpath`` is off, because its lattice search cuts off
the last words of a grammar's sentence. ``scripts/bench recognizers`` prints the figures.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import EngineError
from assistant.recognizers.grammar import longest_sentence
from assistant.recognizers.pronunciation import Guess, Phones, pronounce
from assistant.turn import Transcript

if TYPE_CHECKING:
    from assistant.audio.frames import Samples
    from assistant.ports import Grammar, UnknownWord

log = logging.getLogger(__name__)

GRAMMAR_SEARCH = "grammar"
PHONES_SEARCH = "phones"
STOP_SEARCH = "stop"

DECODING = {
    "loglevel": "FATAL",
    "lm": None,
    "cmn": "batch",
    "bestpath": False,
    "silprob": 1.0,
    "fillprob": 0.05,
}

FRAME_SAMPLES = 160
"""PocketSphinx has a frame every 10 ms."""

# Confidence compares the grammar's score with that of a free loop of phones on the same audio, in
# nats per thousand frames. Of real commands understood rightly 99 % score above 1.1 clean, and 95 %
# above 0.7 and 0.36 in kitchen noise of 12 and 6 dB; of single words that are no command and yet
# gave a sentence, 95 % score below 0.14 and 99 % below 0.39. Tried once, on about 150 commands;
# scripts/bench recognizers prints the confidences that come of it, not these scores.
CONFIDENCE_MIDPOINT = 0.3
CONFIDENCE_SCALE = 0.15

# A keyphrase this short needs a strict threshold, or other speech triggers it, the assistant's own
# first of all. Tried once on synthesised voices, at 1e-1: 5 of 8 heard, no false alarm in 51 s of
# replies; at 1e-5 the same 5 and 1 false alarm; at 1e-15 7 and 10. No script prints this yet.
STOP_THRESHOLD = 1e-2


@dataclass
class _Heard:
    """An utterance decoded: words that may end amid a sentence, and the best whole sentence.

    ``score`` is the sentence's log-likelihood in nats, None where there is none.
    """

    utterance: Samples
    partial: str
    sentence: str
    score: float | None
    confidence: float | None = None


def no_guess(words: Collection[str]) -> Mapping[str, Phones]:  # noqa: ARG001 - the contract
    """Guess nothing: words that are not in the dictionary are not heard."""
    return {}


class PocketSphinxRecognizer:
    """Hears sentences of a grammar. ``guess`` tells how words sound that it does not know."""

    name = "pocketsphinx"

    def __init__(self, guess: Guess = no_guess) -> None:
        self._guess = guess
        self._decoder: Any = _load_decoder()
        # The live pass goes on while a pause is decoded. With just the grammar's words and no
        # dictionary this second decoder loads in 10 ms.
        self._whole: Any = _load_whole_decoder()
        self._heard: _Heard | None = None  # what was prepared
        self._added: dict[str, tuple[Phones, ...]] = {}
        self._grammar: Grammar | None = None
        self._busy = False

    def use(self, grammar: Grammar) -> Sequence[UnknownWord]:
        """Hear this grammar from the next ``start`` on; returns its words that are not known."""
        self._end()
        words = grammar.words()
        found = pronounce(words, grammar.sounds_like, self._lookup, self._try_to_guess)
        self._add(words, found.added)
        unheard = {unknown.word for unknown in found.unknown if not unknown.guess}
        end_state = len(grammar.arcs)
        fsg = self._decoder.create_fsg(GRAMMAR_SEARCH, 0, end_state, _transitions(grammar, unheard))
        self._decoder.add_fsg(GRAMMAR_SEARCH, fsg)
        self._use_whole(words, grammar, unheard)
        if all(self._decoder.lookup_word(word) for word in grammar.stop_phrase.split()):
            self._decoder.add_keyphrase(STOP_SEARCH, grammar.stop_phrase)
        self._grammar = grammar
        return list(found.unknown)

    def start(self) -> None:
        """Begin an utterance, dropping one under way."""
        if self._grammar is None:
            raise RuntimeError("use() a grammar before start()")
        self._heard = None
        self._begin(GRAMMAR_SEARCH)

    def feed(self, samples: Samples) -> str:
        """Take the next samples and return the partial transcript so far."""
        self._decoder.process_raw(samples.tobytes())
        return self._text()

    def prepare(self, utterance: Samples) -> Transcript:
        """Decode what there is of the utterance (trimmed to its speech), for ``finish``.

        Amid a sentence the confidence, which takes as long again, is left for ``finish``.
        """
        self._heard = heard = self._hear(utterance)
        if heard.partial != heard.sentence:
            return Transcript(heard.partial, 0.0)
        return self._transcript(heard)

    def finish(self, utterance: Samples) -> Transcript:
        """Decode the whole utterance (trimmed to its speech) and end it."""
        self._end()
        heard, self._heard = self._heard, None
        if heard is None or not np.array_equal(heard.utterance, utterance):
            heard = self._hear(utterance)
        return self._transcript(heard)

    def _hear(self, utterance: Samples) -> _Heard:
        if self._grammar is None:
            raise RuntimeError("use() a grammar before hearing anything")
        partial, words, score = self._decode_all(GRAMMAR_SEARCH, utterance)
        return _Heard(utterance, partial, longest_sentence(self._grammar, words.split()), score)

    def _transcript(self, heard: _Heard) -> Transcript:
        """The sentence with its confidence, found once."""
        if heard.confidence is None:
            heard.confidence = self._confidence_of(heard)
        return Transcript(heard.sentence, heard.confidence)

    def _confidence_of(self, heard: _Heard) -> float:
        if not heard.sentence or heard.score is None:
            return 0.0
        _, _, phones_score = self._decode_all(PHONES_SEARCH, heard.utterance)
        if phones_score is None:
            return 0.0
        frames = max(1, len(heard.utterance) // FRAME_SAMPLES)
        return _confidence((heard.score - phones_score) * 1000.0 / frames)

    def start_stop_word(self) -> None:
        """From now on, ``hears_stop`` listens for the stop phrase and nothing else."""
        self._begin(STOP_SEARCH)

    def hears_stop(self, samples: Samples) -> bool:
        """Take the next samples; true when the stop phrase was said."""
        self._decoder.process_raw(samples.tobytes())
        if not self._text():
            return False
        self._begin(STOP_SEARCH)
        return True

    def _lookup(self, word: str) -> list[Phones]:
        """Its pronunciations in the dictionary, those that were added left out."""
        found = (self._decoder.lookup_word(name) for name in _entries(word))
        phones = [tuple(one.split()) for one in itertools.takewhile(bool, found)]
        return phones[: len(phones) - len(self._added.get(word, ()))]

    def _try_to_guess(self, words: Collection[str]) -> Mapping[str, Phones]:
        try:
            return self._guess(words)
        except EngineError as error:
            log.warning("%s", error)
            return {}

    def _add(self, words: Sequence[str], added: Mapping[str, tuple[Phones, ...]]) -> None:
        """Add pronunciations of these words, and take back others that they had from before."""
        before = {word: self._added[word] for word in words if word in self._added}
        if any(added.get(word) != phones for word, phones in before.items()):
            self._decoder = _load_decoder()  # it cannot forget a word
            self._whole = _load_whole_decoder()
            self._added = {}
        for word, pronunciations in added.items():
            if word in self._added:
                continue
            names = itertools.islice(_entries(word), len(self._lookup(word)), None)
            for name, phones in zip(names, pronunciations, strict=False):
                self._decoder.add_word(name, " ".join(phones), False)  # no search has it yet
            self._added[word] = pronunciations

    def _begin(self, search: str) -> None:
        self._end()
        self._decoder.activate_search(search)
        # After its first utterance PocketSphinx normalises live, whatever ``cmn`` says, with the
        # mean of the utterances before; making the features anew (0.1 ms) forgets both.
        self._decoder.reinit_feat()
        self._decoder.start_utt()
        self._busy = True

    def _end(self) -> None:
        if self._busy:
            # Ending an utterance of no frames is an error to PocketSphinx, and harmless.
            with contextlib.suppress(RuntimeError):
                self._decoder.end_utt()
        self._busy = False

    def _use_whole(self, words: Sequence[str], grammar: Grammar, unheard: set[str]) -> None:
        """Give the second decoder the grammar, and the pronunciations of its words."""
        for word in words:
            for name in _entries(word):
                phones = self._decoder.lookup_word(name)
                if phones is None:
                    break
                if not self._whole.lookup_word(name):
                    self._whole.add_word(name, phones, False)  # no search has it yet
        end_state = len(grammar.arcs)
        fsg = self._whole.create_fsg(GRAMMAR_SEARCH, 0, end_state, _transitions(grammar, unheard))
        self._whole.add_fsg(GRAMMAR_SEARCH, fsg)
        self._heard = None

    def _decode_all(self, search: str, utterance: Samples) -> tuple[str, str, float | None]:
        """Return the words before and after the end, where they have to be a whole sentence.

        The third is the log-likelihood of the best path, in nats, or None where there is none.
        """
        self._whole.activate_search(search)
        self._whole.reinit_feat()
        self._whole.start_utt()
        self._whole.process_raw(utterance.tobytes(), full_utt=True)
        partial = _text(self._whole)
        with contextlib.suppress(RuntimeError):
            self._whole.end_utt()
        hypothesis = self._whole.hyp()
        if hypothesis is None or hypothesis.best_score <= 0.0:
            return partial, "", None
        return partial, _text(self._whole), math.log(hypothesis.best_score)

    def _text(self) -> str:
        return _text(self._decoder)


def _text(decoder: Any) -> str:
    hypothesis = decoder.hyp()
    return hypothesis.hypstr.strip() if hypothesis is not None else ""


def _load_decoder() -> Any:
    try:
        import pocketsphinx  # noqa: PLC0415
    except ImportError as error:
        raise EngineError(
            f"PocketSphinx cannot be loaded: {error}.",
            "Install it with: pip install pocketsphinx",
        ) from error
    decoder = pocketsphinx.Decoder(**DECODING, kws_threshold=STOP_THRESHOLD)
    decoder.add_keyphrase(STOP_SEARCH, "stop")
    return decoder


def _load_whole_decoder() -> Any:
    import pocketsphinx  # noqa: PLC0415 - has been loaded

    model = Path(pocketsphinx.get_model_path()) / "en-us"
    decoder = pocketsphinx.Decoder(**DECODING, dict=None, allphone_ci=True)
    decoder.add_allphone_file(PHONES_SEARCH, str(model / "en-us-phone.lm.bin"))
    return decoder


def _entries(word: str) -> Iterator[str]:
    """The names of a word's pronunciations in the dictionary: "read", "read(2)", "read(3)"."""
    return itertools.chain([word], (f"{word}({number})" for number in itertools.count(2)))


def _transitions(
    grammar: Grammar, without: set[str]
) -> list[tuple[int, int, float, str] | tuple[int, int, float]]:
    """Arcs as PocketSphinx takes them, each with probability 1, final states joined to one."""
    end_state = len(grammar.arcs)
    found: list[tuple[int, int, float, str] | tuple[int, int, float]] = [
        (state, target, 1.0, word)
        for state, arcs in enumerate(grammar.arcs)
        for word, target in arcs
        if word not in without
    ]
    return found + [(state, end_state, 1.0) for state in sorted(grammar.final)]


def _confidence(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-(score - CONFIDENCE_MIDPOINT) / CONFIDENCE_SCALE))
