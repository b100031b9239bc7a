"""Vosk with a grammar, for those who install a model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.audio.frames import SAMPLE_RATE
from assistant.errors import EngineError
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


def find_model(models: Path) -> Path | None:
    """Return the first Vosk model in a folder of models, by name, or None."""
    if not models.is_dir():
        return None
    return next((folder for folder in sorted(models.iterdir()) if is_model(folder)), None)


class VoskRecognizer:
    """Hears sentences of a grammar, streaming.

    Vosk makes a bigram of the phrases it is given, so what it returns may mix them; the matcher
    has the last word.
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
        self._phrases = [UNKNOWN]
        self._recognizer: Any = None
        self._stop_recognizer: Any = None
        self._words: list[tuple[str, float]] = []

    def use(self, grammar: Grammar) -> Sequence[str]:
        """Hear this grammar from the next ``start`` on; returns its words that it cannot hear."""
        unknown = [word for word in grammar.words() if self._model.vosk_model_find_word(word) < 0]
        missing = set(unknown)
        self._phrases = [
            phrase for phrase in grammar.phrases if missing.isdisjoint(phrase.split())
        ] + [UNKNOWN]
        return unknown

    def start(self) -> None:
        """Begin an utterance, dropping one under way."""
        self._recognizer = self._new(self._phrases)
        self._words = []

    def feed(self, samples: Samples) -> str:
        """Take the next samples and return the partial transcript so far."""
        if self._recognizer.AcceptWaveform(samples.tobytes()):
            self._keep(self._recognizer.Result())
        partial = json.loads(self._recognizer.PartialResult()).get("partial", "")
        said = [word for word, _ in self._words if word != UNKNOWN]
        return " ".join([*said, *(word for word in partial.split() if word != UNKNOWN)])

    def finish(self, utterance: Samples) -> Transcript:  # noqa: ARG002 - it was fed as a stream
        """End the utterance; the confidence is the words' mean, unknown ones counting as 0."""
        self._keep(self._recognizer.FinalResult())
        words, self._recognizer = self._words, None
        text = " ".join(word for word, _ in words if word != UNKNOWN)
        if not text:
            return Transcript("", 0.0)
        sure = [0.0 if word == UNKNOWN else confidence for word, confidence in words]
        return Transcript(text, sum(sure) / len(sure))

    def start_stop_word(self) -> None:
        """From now on, ``hears_stop`` listens for "stop" and nothing else."""
        self._stop_recognizer = self._new(["stop", UNKNOWN])

    def hears_stop(self, samples: Samples) -> bool:
        """Take the next samples; true when "stop" was said."""
        if self._stop_recognizer.AcceptWaveform(samples.tobytes()):
            heard = json.loads(self._stop_recognizer.Result()).get("text", "")
        else:
            heard = json.loads(self._stop_recognizer.PartialResult()).get("partial", "")
        if "stop" not in heard.split():
            return False
        self.start_stop_word()
        return True

    def _new(self, phrases: Sequence[str]) -> Any:
        recognizer = self._vosk.KaldiRecognizer(self._model, SAMPLE_RATE, json.dumps(phrases))
        recognizer.SetWords(True)
        return recognizer

    def _keep(self, result: str) -> None:
        words = json.loads(result).get("result", [])
        self._words += [(word["word"], float(word["conf"])) for word in words]
