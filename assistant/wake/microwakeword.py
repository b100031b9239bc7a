"""Wake words by microWakeWord's models: a sixth of the memory, for boards such as the Zero 2 W.

Its networks are small, quantised and streaming, so they run all the time, without a gate.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.audio.frames import CHUNK_SAMPLES
from assistant.errors import EngineError
from assistant.wake.calibration import through
from assistant.wake.packaged import CALIBRATIONS, word_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.audio.frames import Samples


GIVE_A_MODEL = "Give the path of a microWakeWord model's JSON file, with its network beside it."


class MicroWakeWord:
    """Scores wake words, chunk by chunk. ``models`` are JSON files; None is a packaged word."""

    def __init__(self, models: Mapping[str, Path | None]) -> None:
        package = _package()
        self._features = package.MicroWakeWordFeatures()
        self._words = {name: _load(package, name, path) for name, path in models.items()}

    @property
    def names(self) -> Sequence[str]:
        """The words it listens for."""
        return tuple(self._words)

    def threshold(self, name: str, sensitivity: float) -> float:
        """Return the score a word has to reach, as often heard wrongly as ``sensitivity`` says.

        That of a word which was not calibrated here is what its makers recommend at 0.5.
        """
        packaged = CALIBRATIONS["microwakeword"].get(str(self._words[name].id))
        cutoff = float(self._words[name].probability_cutoff)
        return (packaged or through(cutoff)).threshold(sensitivity)

    def reset(self) -> None:
        """Forget what was heard."""
        self._features.reset()
        for word in self._words.values():
            word.reset()

    def scores(self, chunk: Samples) -> Mapping[str, float]:
        """Return the highest score (0..1) of each word in this chunk of ``CHUNK_SAMPLES``."""
        if len(chunk) != CHUNK_SAMPLES:
            raise ValueError(f"a chunk has {CHUNK_SAMPLES} samples, not {len(chunk)}")
        highest = dict.fromkeys(self._words, 0.0)
        for features in self._features.process_streaming(chunk.tobytes()):
            for name, word in self._words.items():
                score = word.process_streaming_prob(features) or 0.0
                highest[name] = max(highest[name], float(score))
        return highest


def _package() -> Any:
    try:
        import pymicro_wakeword  # noqa: PLC0415
    except ImportError as error:
        raise EngineError(
            f"microWakeWord cannot be loaded: {error}.",
            "Install it with: pip install 'assistant[microwakeword]'",
        ) from error
    return pymicro_wakeword


def _load(package: Any, name: str, path: Path | None) -> Any:
    if path is None:
        packaged = {str(model.value): model for model in package.Model}
        if (model := packaged.get(word_key(name))) is None:
            known = ", ".join(sorted(packaged))
            raise EngineError(
                f"microWakeWord has no wake word '{name}'.", f"Choose one of: {known}."
            )
        return package.MicroWakeWord.from_builtin(model)
    _look_at(package, path)
    return package.MicroWakeWord.from_config(path)


def _look_at(package: Any, path: Path) -> None:
    """Raise EngineError for a file that TensorFlow Lite would end the process on."""
    try:
        network = _network_of(json.loads(path.read_text(encoding="utf-8")), path)
    except OSError as error:
        raise EngineError(
            f"The wake word model {path} cannot be read ({error.strerror}).", "Check wake.model."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError(
            f"{path} does not describe a microWakeWord model ({error!r}).", GIVE_A_MODEL
        ) from error
    folder = Path(package.__file__).parent / "lib"
    library = package.wakeword.TfLiteWakeWord(next(folder.glob("*tensorflowlite_c.*"))).lib
    model = library.TfLiteModelCreateFromFile(str(network.resolve()).encode())
    if not model:
        raise EngineError(f"The wake word model {network} is missing or broken.", GIVE_A_MODEL)
    library.TfLiteModelDelete(model)


def _network_of(config: Any, path: Path) -> Path:
    """Return the network's file. Raises ValueError, KeyError or TypeError."""
    float(config["micro"]["probability_cutoff"])
    int(config["micro"]["sliding_window_size"])
    str(config["wake_word"])
    return path.parent / str(config["model"])
