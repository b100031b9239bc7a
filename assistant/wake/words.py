"""One wake word's network, which looks at the last embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from assistant.embedding.bundle import embedding_checksum
from assistant.embedding.features import EMBEDDING_SIZE
from assistant.embedding.sessions import load_network
from assistant.errors import EngineError
from assistant.wake.calibration import through
from assistant.wake.packaged import CALIBRATIONS, word_key, word_models
from assistant.wake.trained import read_word

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.embedding.features import Floats
    from assistant.wake.calibration import Calibration

TRAINED = ".npz"
VOICE = ".voice.npz"
"""Of a person's voice beside them (``verifier``), which is no word."""
GIVE_A_MODEL = "Give the path of an openWakeWord model in ONNX form."


UNKNOWN = through(0.5)
"""Of a model that was not calibrated here."""


class Word(Protocol):
    """Scores the last embeddings."""

    @property
    def length(self) -> int:
        """How many embeddings it looks at."""
        ...

    @property
    def second_look(self) -> bool:
        """Whether what may be the word is looked at once more with the noise taken away."""
        ...

    @property
    def calibration(self) -> Calibration:
        """How often it is heard where nobody said it."""
        ...

    def score(self, embeddings: Floats) -> float:
        """Score 0..1 of ``length`` x 96 embeddings."""
        ...


def last_scores(word: Word, embeddings: Floats, count: int) -> list[float]:
    """Score the last ``count`` windows, the newest last."""
    end = len(embeddings)
    return [word.score(embeddings[at - word.length : at]) for at in range(end - count + 1, end + 1)]


def load_word(
    name: str,
    path: Path | None = None,
    folder: Path | None = None,
    features: Path | None = None,
) -> Word:
    """Load a word's model: this file, else the one that ``find_word`` finds. Raises EngineError.

    ``features`` is a folder with other feature networks than the package's.
    """
    if path is not None and not path.is_file():
        raise EngineError(f"There is no wake word model {path}.", "Check wake.model.")
    found = path or find_word(name, folder)
    if found.suffix == TRAINED:
        return read_word(found, embedding_checksum(features))
    return OnnxWord(name, found)


def find_word(name: str, folder: Path | None = None) -> Path:
    """Return the file of a word that was trained into ``folder``, else of a packaged one.

    Raises EngineError, which names them all.
    """
    words = word_models() | trained_words(folder)
    key = word_key(name)
    if key not in words:
        known = ", ".join(sorted(words))
        raise EngineError(
            f"There is no wake word '{name}'.",
            f"Choose one of: {known}; or train it: assistant wake train {key}.",
        )
    return words[key]


def trained_words(folder: Path | None) -> dict[str, Path]:
    """Return the words that were trained into a folder: name to file."""
    if folder is None:
        return {}
    found = (path for path in folder.glob(f"*{TRAINED}") if not path.name.endswith(VOICE))
    return {path.stem: path for path in found}


class OnnxWord:
    """A word in openWakeWord's ONNX form."""

    second_look = True

    def __init__(self, name: str, path: Path) -> None:
        try:
            self._network = load_network(path)
        except EngineError:
            raise
        except Exception as error:  # onnxruntime has errors of many kinds
            detail = str(error).splitlines()[0][:120]
            raise EngineError(
                f"The wake word model {path} cannot be loaded ({detail}).", GIVE_A_MODEL
            ) from error
        inputs = self._network.get_inputs()
        shape = inputs[0].shape
        if len(shape) != 3 or shape[2] != EMBEDDING_SIZE or not isinstance(shape[1], int):
            what = (
                f"The model of the wake word '{name}' is not one of openWakeWord's (input {shape})."
            )
            raise EngineError(what, GIVE_A_MODEL)
        self._input = inputs[0].name
        self._outputs = [self._network.get_outputs()[0].name]
        self.length: int = shape[1]
        packaged = CALIBRATIONS["openwakeword"].get(path.stem.rpartition("_v")[0])
        self.calibration = packaged or UNKNOWN

    def score(self, embeddings: Floats) -> float:
        """Score 0..1 of ``length`` x 96 embeddings."""
        (result,) = self._network.run(self._outputs, {self._input: embeddings[None]})
        return float(result.reshape(-1)[0])
