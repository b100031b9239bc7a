"""Wake words by openWakeWord's models, in a loop of our own.

The package's loop copies ten seconds of samples every chunk and loads scikit-learn; its models are
used here directly, and the package itself is never imported. Each chunk of 1,280 samples becomes 8
mel frames, each 8 mel frames one embedding of the last 76, and each word's network looks at the
last 16 or so embeddings (the shape is read from the model).
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import CHUNK_SAMPLES
from assistant.errors import EngineError

if TYPE_CHECKING:
    from assistant.audio.frames import Samples

# The mel network looks at 25 ms windows every 10 ms; with 480 samples of the past, a chunk gives
# exactly 8 frames (openWakeWord 0.4.0, openwakeword/utils.py).
MEL_OVERLAP_SAMPLES = 480
MEL_BINS = 32
MEL_FRAMES_PER_CHUNK = 8
EMBEDDING_MEL_FRAMES = 76
EMBEDDING_SIZE = 96


def models_folder() -> Path:
    """Return the folder of the installed package's models, without importing the package."""
    spec = importlib.util.find_spec("openwakeword")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(
            "openWakeWord is not installed.", "Install it with: pip install openwakeword==0.4.0"
        )
    return Path(spec.submodule_search_locations[0]) / "resources" / "models"


def word_models() -> dict[str, Path]:
    """Return the wake words that come with the package: name to model file."""
    helpers = {"embedding_model", "melspectrogram", "silero_vad"}
    return {
        path.stem.rpartition("_v")[0]: path
        for path in sorted(models_folder().glob("*_v*.onnx"))
        if path.stem not in helpers
    }


def find_word(name: str) -> Path:
    """Return the model file of a word that comes with the package; EngineError names them all."""
    models = word_models()
    key = name.strip().lower().replace(" ", "_").replace("-", "_")
    if key not in models:
        known = ", ".join(sorted(models))
        raise EngineError(f"There is no wake word '{name}'.", f"Choose one of: {known}.")
    return models[key]


class OpenWakeWord:
    """Scores wake words, one chunk at a time. ``models`` maps each word to its ONNX file."""

    def __init__(self, models: Mapping[str, Path]) -> None:
        folder = models_folder()
        self._mel = _load(folder / "melspectrogram.onnx")
        self._embedding = _load(folder / "embedding_model.onnx")
        self._words = {name: _load(path) for name, path in models.items()}
        self._lengths = {name: _window_length(name, word) for name, word in self._words.items()}
        self._silence = self._embeddings_of_silence(max(self._lengths.values()))
        self.reset()

    @property
    def names(self) -> Sequence[str]:
        """The words it listens for."""
        return tuple(self._words)

    def reset(self) -> None:
        """Forget what was heard: the past is silence again."""
        self._past_samples = np.zeros(MEL_OVERLAP_SAMPLES, dtype=np.float32)
        # The package, too, starts from mel frames of ones.
        self._mels = np.ones((EMBEDDING_MEL_FRAMES, MEL_BINS), dtype=np.float32)
        self._embeddings = self._silence.copy()

    def scores(self, chunk: Samples) -> Mapping[str, float]:
        """Score (0..1) of each word after this chunk of exactly ``CHUNK_SAMPLES`` samples."""
        if len(chunk) != CHUNK_SAMPLES:
            raise ValueError(f"a chunk has {CHUNK_SAMPLES} samples, not {len(chunk)}")
        samples = np.concatenate((self._past_samples, chunk), dtype=np.float32)
        self._past_samples = samples[-MEL_OVERLAP_SAMPLES:]
        mels = _run(self._mel, samples[None, :]).reshape(-1, MEL_BINS) / 10.0 + 2.0
        self._mels = np.concatenate((self._mels[len(mels) :], mels))
        embedding = _run(self._embedding, self._mels[None, :, :, None]).reshape(1, EMBEDDING_SIZE)
        self._embeddings = np.concatenate((self._embeddings[1:], embedding))
        return {
            name: float(_run(word, self._embeddings[None, -self._lengths[name] :]).reshape(-1)[0])
            for name, word in self._words.items()
        }

    def _embeddings_of_silence(self, count: int) -> npt.NDArray[np.float32]:
        """Return what a silent room sounds like, so that the first chunks are no false alarm."""
        quiet = np.zeros((1, MEL_OVERLAP_SAMPLES + CHUNK_SAMPLES), dtype=np.float32)
        frame = _run(self._mel, quiet).reshape(-1, MEL_BINS)[:1] / 10.0 + 2.0
        mels = np.repeat(frame, EMBEDDING_MEL_FRAMES, axis=0)
        one = _run(self._embedding, mels[None, :, :, None]).reshape(1, EMBEDDING_SIZE)
        return np.repeat(one, count, axis=0)


def _load(path: Path) -> Any:
    """Load an ONNX model on one thread: a second one doubles the CPU time for such small models."""
    # onnxruntime 1.29 and later would report usage; the dependency excludes them, this is the belt.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    try:
        import onnxruntime  # noqa: PLC0415
    except ImportError as error:
        raise EngineError(
            f"onnxruntime cannot be loaded: {error}.",
            'Install it with: pip install "onnxruntime<1.29"',
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has errors of many kinds
        detail = str(error).splitlines()[0][:120]
        raise EngineError(
            f"The wake word model {path} cannot be loaded ({detail}).",
            "Give the path of an openWakeWord model in ONNX form.",
        ) from error


def _run(session: Any, value: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    result: npt.NDArray[np.float32] = session.run(None, {session.get_inputs()[0].name: value})[0]
    return result


def _window_length(name: str, session: Any) -> int:
    shape = session.get_inputs()[0].shape
    if len(shape) != 3 or shape[2] != EMBEDDING_SIZE or not isinstance(shape[1], int):
        raise EngineError(
            f"The model of the wake word '{name}' is not an openWakeWord model (input {shape}).",
            "Give the path of an openWakeWord model in ONNX form.",
        )
    return shape[1]
