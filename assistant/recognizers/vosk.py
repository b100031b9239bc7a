"""Vosk with a grammar, for those who install a model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.audio.frames import SAMPLE_RATE
from assistant.errors import EngineError
from assistant.intents.words import base_language
from assistant.ports import UnknownWord
from assistant.recognizers.grammar import PrefixStatus, prefix_status
from assistant.recognizers.pronunciation import joined_words, said_as, ways_to_say
from assistant.turn import Transcript

if TYPE_CHECKING:
    from assistant.audio.frames import Samples
    from assistant.ports import Grammar

UNKNOWN = "[unk]"
MODEL_FILES = ("am/final.mdl", "conf/model.conf", "graph")
HOW_TO_GET_A_MODEL = (
    "Unpack a model such as vosk-model-small-en-us-0.15, and name its folder in "
    "recognizer.vosk_model."
)


def is_model(folder: Path) -> bool:
    """Tell whether this folder looks like a Vosk model."""
    return all((folder / name).exists() for name in MODEL_FILES)


def find_model(models: Path, language: str) -> Path | None:
    """Return a Vosk model of the language in a folder of models, else the first one, or None.

    They are named as they are published: vosk-model-small-de-0.15.
    """
    if not models.is_dir():
        return None
    found = [folder for folder in sorted(models.iterdir()) if is_model(folder)]
    own = [folder for folder in found if base_language(language) in folder.name.split("-")]
    return next(iter(own or found), None)


class VoskRecognizer:
    """Hears sentences of a grammar, streaming.

    Vosk makes a bigram of the phrases it is given, so what it returns may mix them; the matcher
    has the last word. Its models take no new words: one that they lack is put into the phrases as
    the words that it sounds like, and put back into what is heard.
    """

    name = "vosk"

    def __init__(self, model: Path) -> None:
        if not is_model(model):
            missing = next(name for name in MODEL_FILES if not (model / name).exists())
            raise EngineError(
                f"{model} is not a Vosk model: it has no {missing}.", HOW_TO_GET_A_MODEL
            )
        try:
            import vosk  # noqa: PLC0415
        except (ImportError, OSError) as error:
            raise EngineError(
                f"Vosk cannot be loaded: {error}.", "Install it with: pip install vosk==0.3.45"
            ) from error
        vosk.SetLogLevel(-1)
        self._vosk = vosk
        try:
            self._model: Any = vosk.Model(model_path=str(model))
        except Exception as error:  # what vosk raises
            raise EngineError(f"The Vosk model {model} is broken.", HOW_TO_GET_A_MODEL) from error
        self._grammar: Grammar | None = None
        self._instead: Mapping[str, Sequence[str]] = {}
        self._phrases = [UNKNOWN]
        self._stop_phrase = "stop"
        self._recognizer: Any = None
        self._stop_recognizer: Any = None
        self._words: list[tuple[str, float]] = []

    def use(self, grammar: Grammar) -> Sequence[UnknownWord]:
        """Hear this grammar from the next ``start`` on; returns its words that are not known."""
        words = grammar.words()
        instead = {word: self._ways(word, grammar.sounds_like) for word in words}
        phrases = (said_as(phrase, instead) for phrase in grammar.phrases)
        self._phrases = [*dict.fromkeys(said for ways in phrases for said in ways), UNKNOWN]
        self._instead = {word: ways for word, ways in instead.items() if ways != (word,)}
        self._grammar = grammar
        self._stop_phrase = grammar.stop_phrase
        return [UnknownWord(word) for word in words if not instead[word]]

    def start(self, before: Samples | None = None) -> None:  # noqa: ARG002 - it needs none
        """Begin an utterance, dropping one under way."""
        self._recognizer = self._new(self._phrases)
        self._words = []

    def feed(self, samples: Samples) -> str:
        """Take the next samples and return the partial transcript so far."""
        if self._recognizer.AcceptWaveform(samples.tobytes()):
            self._keep(self._recognizer.Result())
        partial = json.loads(self._recognizer.PartialResult()).get("partial", "")
        return self._text([*(word for word, _ in self._words), *partial.split()])

    def prepare(self, utterance: Samples) -> None:
        """Do nothing: it hears the utterance as a stream, and ends it at once."""

    def finish(self, utterance: Samples) -> Transcript:  # noqa: ARG002 - it was fed as a stream
        """End the utterance; the confidence is the words' mean, unknown ones counting as 0."""
        self._keep(self._recognizer.FinalResult())
        words, self._recognizer = self._words, None
        text = self._text([word for word, _ in words])
        if not text:
            return Transcript("", 0.0)
        sure = [0.0 if word == UNKNOWN else confidence for word, confidence in words]
        return Transcript(text, sum(sure) / len(sure))

    def start_stop_word(self) -> None:
        """From now on, ``hears_stop`` listens for the stop phrase and nothing else."""
        self._stop_recognizer = self._new([self._stop_phrase, UNKNOWN])

    def hears_stop(self, samples: Samples) -> bool:
        """Take the next samples; true when the stop phrase was said."""
        if self._stop_recognizer.AcceptWaveform(samples.tobytes()):
            heard = json.loads(self._stop_recognizer.Result()).get("text", "")
        else:
            heard = json.loads(self._stop_recognizer.PartialResult()).get("partial", "")
        if f" {self._stop_phrase} " not in f" {heard} ":
            return False
        self.start_stop_word()
        return True

    def _new(self, phrases: Sequence[str]) -> Any:
        recognizer = self._vosk.KaldiRecognizer(self._model, SAMPLE_RATE, json.dumps(phrases))
        recognizer.SetWords(True)
        return recognizer

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

    def _text(self, heard: Sequence[str]) -> str:
        """The grammar's words for what was heard, unknown ones left out."""
        words = [word for word in heard if word != UNKNOWN]
        joined = joined_words(words, self._instead)
        if joined == words or self._grammar is None:
            return " ".join(words)
        # "ex box" may be meant as it is said, where the grammar has no place for "xbox".
        said_so = prefix_status(self._grammar, words) is not PrefixStatus.OUTSIDE
        fits = prefix_status(self._grammar, joined) is not PrefixStatus.OUTSIDE
        return " ".join(words if said_so and not fits else joined)

    def _keep(self, result: str) -> None:
        words = json.loads(result).get("result", [])
        self._words += [(word["word"], float(word["conf"])) for word in words]
