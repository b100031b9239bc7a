"""Vosk with a grammar, and without one where any words may be said, for those who have a model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.audio.frames import SAMPLE_RATE
from assistant.errors import EngineError
from assistant.ports import ANY_WORDS, Grammar, UnknownWord
from assistant.recognizers.grammar import (
    PrefixStatus,
    closed_status,
    prefix_status,
    without_words,
)
from assistant.recognizers.hypotheses import UNKNOWN, Hypothesis, choose, shares
from assistant.recognizers.pronunciation import joined_words, said_as, ways_to_say
from assistant.recognizers.voskmodel import broken, look_at

if TYPE_CHECKING:
    from assistant.audio.frames import Samples
    from assistant.turn import Transcript

# Hypotheses of an utterance: enough that the sentence is among the mixtures that are like it.
HYPOTHESES = 20

# With this many words a model can write down what it hears; the smallest that are published have
# some ten times as many, and one made for commands has hundreds.
OPEN_VOCABULARY = 10_000

_NOTHING = Grammar(((),), frozenset(), ())


class VoskRecognizer:
    """Hears sentences of a grammar, streaming; what it returns is held against them again.

    Its models take no new words: one that they lack is put into the phrases as the words that it
    sounds like, and put back into what is heard. A model that takes no grammar writes down what it
    hears, of which the sentences of the grammar are chosen. One with ``open_vocabulary`` words also
    writes down what it hears beside the grammar, where that has sentences that take any words.
    """

    name = "vosk"

    def __init__(self, model: Path, open_vocabulary: int = OPEN_VOCABULARY) -> None:
        facts = look_at(model)
        try:
            import vosk  # noqa: PLC0415
        except (ImportError, OSError) as error:
            raise EngineError(
                f"Vosk cannot be loaded: {error}.", "Install it with: pip install vosk==0.3.45"
            ) from error
        vosk.SetLogLevel(-1)
        self._vosk = vosk
        self._takes_grammar = facts.takes_grammar
        self._is_open = facts.words >= open_vocabulary
        try:
            self._model: Any = vosk.Model(model_path=str(model))
            _Listener(vosk, self._model)
        except Exception as error:  # what vosk raises
            raise broken(model, "libvosk cannot load it, and says why above") from error
        self._grammar = _NOTHING
        self._instead: Mapping[str, Sequence[str]] = {}
        self._bound: _Listener | None = None
        self._free: _Listener | None = None

    def use(self, grammar: Grammar) -> Sequence[UnknownWord]:
        """Hear this grammar from the next ``start`` on; returns its words that are not known."""
        opened = grammar.open if self._is_open or not self._takes_grammar else None
        words = sorted({*grammar.words(), *(opened.words() if opened else ())})
        instead = {word: self._ways(word, grammar.sounds_like) for word in words}
        unheard = [word for word in words if not instead[word]]
        self._instead = {word: ways for word, ways in instead.items() if ways != (word,)}
        self._grammar = replace(grammar, open=opened)
        # Phrases are counted, so those that cannot be heard must not take others with them.
        hearable = [without_words(one, unheard) for one in (grammar, opened) if one is not None]
        said = [way for one in hearable for phrase in one.phrases for way in self._said(phrase)]
        self._bound = self._listen([*dict.fromkeys(said), UNKNOWN])
        self._free = self._listen(None) if opened and self._takes_grammar else None
        return [UnknownWord(word) for word in unheard]

    def drop(self, grammar: Grammar) -> None:
        """Do nothing: only of the last grammar something is kept."""

    def start(self, before: Samples | None = None) -> None:  # noqa: ARG002 - it needs none
        """Begin an utterance, dropping one under way."""
        for listener in self._listeners():
            listener.start()

    def feed(self, samples: Samples) -> str:
        """Take the next samples and return the partial transcript so far."""
        bound, *free = (listener.feed(samples) for listener in self._listeners())
        heard = self._words(bound)
        known = [word for word in heard if word != UNKNOWN]
        status = closed_status(self._grammar, known)
        if len(known) < len(heard) or status is PrefixStatus.OUTSIDE:
            for words in map(self._words, free):
                if prefix_status(self._grammar, words) is not PrefixStatus.OUTSIDE:
                    return " ".join(words)
        return " ".join(known)

    def prepare(self, utterance: Samples) -> None:
        """Do nothing: it hears the utterance as a stream, and ends it at once."""

    def finish(self, utterance: Samples) -> Transcript:  # noqa: ARG002 - it was fed as a stream
        """End the utterance, and choose what was said.

        Both listeners' scores are of the same sound and the same model, with the likelihood of the
        words by the grammar or by the model's own graph. Words that are not of the grammar are
        likelier by the latter, and take their share from the sentences that are like them.
        """
        heard = [one for listener in self._listeners() for one in listener.finish()]
        return choose(
            self._grammar,
            shares([replace(one, words=tuple(self._words(one.words))) for one in heard]),
        )

    def listen_for_stop(self, grammar: Grammar, *, sure: bool = True) -> _StopListener:  # noqa: ARG002
        """Make a listener for the stop phrase of a grammar that was used, equally sure always."""
        # Every other word has its chance: with none but unknown words beside it, "stop" is heard
        # in any speech, the assistant's own first of all.
        words = filter(self._knows, grammar.words())
        listener = self._listen([grammar.stop_phrase, UNKNOWN, *words])
        return _StopListener(listener, grammar.stop_phrase)

    def _listeners(self) -> Iterator[_Listener]:
        if self._bound is None:
            raise RuntimeError("use() a grammar first")
        yield self._bound
        if self._free is not None:
            yield self._free

    def _listen(self, phrases: Sequence[str] | None) -> _Listener:
        return _Listener(self._vosk, self._model, phrases if self._takes_grammar else None)

    def _said(self, phrase: str) -> list[str]:
        """A phrase in words of the model, in as many ways as its words have."""
        return said_as(phrase, {**self._instead, ANY_WORDS: (UNKNOWN,)})

    def _knows(self, word: str) -> bool:
        found: int = self._model.vosk_model_find_word(word)
        return found >= 0

    def _ways(self, word: str, told: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """How a word goes into a phrase: itself, and the ways to say it in words of the model."""
        if self._knows(word):
            ways = told.get(word, ())
            # An initialism, which may also be said as it is written, needs no help.
            return (word,) if word in ways else (word, *filter(self._can_say, ways))
        return tuple(filter(self._can_say, ways_to_say(word, told)))

    def _can_say(self, way: str) -> bool:
        return all(self._knows(piece) for piece in way.split())

    def _words(self, heard: Sequence[str]) -> Sequence[str]:
        """The grammar's words for what was heard."""
        joined = joined_words(heard, self._instead)
        if joined == list(heard):
            return heard
        # "ex box" may be meant as it is said, where the grammar has no place for "xbox".
        said_so = prefix_status(self._grammar, heard) is not PrefixStatus.OUTSIDE
        fits = prefix_status(self._grammar, joined) is not PrefixStatus.OUTSIDE
        return heard if said_so and not fits else joined


class _Listener:
    """One stream into Vosk, with phrases, or without and the model's own graph.

    Vosk's own end of an utterance is left alone, as the assistant knows better when one has ended.
    """

    def __init__(self, vosk: Any, model: Any, phrases: Sequence[str] | None = None) -> None:
        grammar = () if phrases is None else (json.dumps(phrases),)
        self._recognizer = vosk.KaldiRecognizer(model, SAMPLE_RATE, *grammar)
        self._recognizer.SetMaxAlternatives(HYPOTHESES)
        self._began = False
        self.is_silent = False

    def start(self) -> None:
        """Begin anew."""
        if self._began:
            self._recognizer.FinalResult()  # after it Vosk forgets the speaker and the room, too
        self._began = False

    def feed(self, samples: Samples) -> list[str]:
        """The words so far."""
        self._began = True
        self.is_silent = bool(self._recognizer.AcceptWaveform(samples.tobytes()))
        words: str = json.loads(self._recognizer.PartialResult()).get("partial", "")
        return words.split()

    def finish(self) -> list[Hypothesis]:
        """The likeliest of what was said."""
        self._began = False
        result = json.loads(self._recognizer.FinalResult())
        return [
            Hypothesis(tuple(one["text"].split()), float(one["confidence"]))
            for one in result.get("alternatives", ())
        ]


class _StopListener:
    """Listens for a stop phrase."""

    def __init__(self, listener: _Listener, phrase: str) -> None:
        self._listener = listener
        self._phrase = phrase

    def hears(self, samples: Samples) -> bool:
        """Take the next samples; true when the stop phrase was said."""
        heard = f" {self._phrase} " in f" {' '.join(self._listener.feed(samples))} "
        if heard or self._listener.is_silent:  # it need not remember all of a long reply
            self._listener.start()
        return heard
