"""The file of a trained wake word: its network and what was measured, as plain arrays and JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.embedding.arrays import read_arrays, read_text
from assistant.embedding.features import EMBEDDING_SIZE
from assistant.errors import EngineError
from assistant.wake.calibration import (
    LEAST_SLOPE,
    USUAL_SLOPE,
    Calibration,
    log_odds_of,
    through,
)
from assistant.wake.network import Floats, Network

if TYPE_CHECKING:
    from pathlib import Path

VERSION = 1
TRAIN_AGAIN = "Train it again: assistant wake train NAME."
ARRAYS = ("mean", "scale", "hidden_weights", "hidden_bias", "output_weights", "output_bias")
LONGEST = 128
"""Embeddings, some ten seconds."""
WIDEST = 4096


@dataclass(frozen=True, slots=True)
class About:
    """What is told of a trained word: how it was made, and what it is worth.

    ``thresholds`` is (false alarms an hour, threshold) from many to few; ``det`` has a point a
    threshold; ``embedding`` is the checksum of the feature networks.
    """

    word: str
    phrase: str
    made: str
    embedding: str
    recordings: int
    negative_hours: float
    room_hours: float
    thresholds: list[tuple[float, float]]
    det: list[dict[str, float]]
    measured: dict[str, Any] = field(default_factory=dict)
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class TrainedWord:
    """Scores the last embeddings: 0.5 is the threshold that was found when it was trained."""

    network: Network
    about: About
    second_look: bool = False
    """It has learnt from noise, and its threshold was found without."""

    @property
    def calibration(self) -> Calibration:
        """How often it is heard where nobody said it, by the tail that was measured."""
        rates = [(log(rate), log_odds_of(at)) for rate, at in self.about.thresholds if rate > 0]
        slope = USUAL_SLOPE
        if len({at for _, at in rates}) > 1:
            (slope, _) = np.polyfit([at for _, at in rates], [rate for rate, _ in rates], 1)
            slope = max(-float(slope), LEAST_SLOPE)
        return through(0.5, slope)

    @property
    def length(self) -> int:
        """How many embeddings it looks at."""
        return self.network.length

    def score(self, embeddings: Floats) -> float:
        """Score 0..1 of ``length`` x 96 embeddings."""
        logit = float(self.network.logits(embeddings[None])[0])
        return float(1.0 / (1.0 + np.exp(-min(60.0, max(-60.0, logit)))))


def write_word(word: TrainedWord) -> bytes:
    """Return the file."""
    network = word.network
    arrays: dict[str, Any] = {name: getattr(network, name) for name in ARRAYS}
    arrays["output_bias"] = np.array([network.output_bias], np.float32)
    about = np.frombuffer(json.dumps(asdict(word.about)).encode(), np.uint8)
    file = io.BytesIO()
    np.savez(file, **arrays, about=about)
    return file.getvalue()


def read_word(path: Path, embedding: str) -> TrainedWord:
    """Read a file that ``write_word`` made, for features of this checksum. Raises EngineError."""
    try:
        arrays = read_arrays(path.read_bytes())
        told = read_text(arrays, "about")
        version = int(told["version"])
    except OSError as error:
        raise EngineError(f"The wake word {path} cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise EngineError(f"{path} is no trained wake word, or broken.", TRAIN_AGAIN) from error
    if version != VERSION:
        raise EngineError(
            f"The wake word {path} is of format {version}, and this assistant reads {VERSION}.",
            "Update the assistant." if version > VERSION else TRAIN_AGAIN,
        )
    try:
        about = _about(told)
        network = _network({name: arrays[name] for name in ARRAYS})
    except (TypeError, ValueError, KeyError) as error:
        raise EngineError(f"The trained wake word {path} is broken ({error}).", TRAIN_AGAIN) from (
            error
        )
    if about.embedding != embedding:
        raise EngineError(
            f"The wake word {path} was trained with another version of the speech embedding.",
            TRAIN_AGAIN,
        )
    return TrainedWord(network, about)


def _about(told: Mapping[str, Any]) -> About:
    """Check what is used of it. Raises TypeError or ValueError."""
    about = About(**told)
    if not all(isinstance(one, int | float) for pair in about.thresholds for one in pair):
        raise ValueError("its thresholds are no numbers")
    if not all(rate >= 0.0 and 0.0 <= at <= 1.0 for rate, at in about.thresholds):
        raise ValueError("its thresholds are none")
    return about


def _network(arrays: dict[str, Any]) -> Network:
    """Check every shape. Raises ValueError."""
    for name, array in arrays.items():
        if array.dtype != np.float32 or not np.isfinite(array).all():
            raise ValueError(f"{name} are no numbers")
    inputs, hidden = (
        arrays["hidden_weights"].shape if arrays["hidden_weights"].ndim == 2 else (0, 0)
    )
    length = inputs // EMBEDDING_SIZE
    shapes = {
        "mean": (EMBEDDING_SIZE,),
        "scale": (EMBEDDING_SIZE,),
        "hidden_weights": (length * EMBEDDING_SIZE, hidden),
        "hidden_bias": (hidden,),
        "output_weights": (hidden,),
        "output_bias": (1,),
    }
    if not (0 < length <= LONGEST and 0 < hidden <= WIDEST):
        raise ValueError("hidden_weights have the wrong shape")
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise ValueError(f"{name} have the wrong shape")
    if not (arrays["scale"] > 0.0).all():
        raise ValueError("scale is not positive")
    bias = float(arrays.pop("output_bias")[0])
    return Network(length=length, output_bias=bias, **arrays)
