"""The negative set: embeddings of speech that is no wake word, in a file of the package.

``scripts/make-wake-negatives`` makes it. Each value is stored as a small whole number of steps of
its dimension, which compresses well; the steps are far smaller than what noise does.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import CHUNK_SECONDS
from assistant.errors import EngineError
from assistant.wake.network import Floats

NAME = "wake-negatives.npz"
STEPS_A_DEVIATION = 2.5
"""Coarser steps take less room: rounding then adds noise of 0.12 standard deviations."""
MARGIN_CHUNKS = 16
"""Windows that reach into a text's sound end up to so much later."""


@dataclass(frozen=True, slots=True)
class Negatives:
    """Embeddings in a row; ``texts`` are said from the embeddings ``starts`` on."""

    embeddings: Floats
    starts: npt.NDArray[np.int64]
    texts: tuple[str, ...]
    recipe: dict[str, Any]

    @property
    def hours(self) -> float:
        """How long they are."""
        return len(self.embeddings) * CHUNK_SECONDS / 3600

    def without(self, phrase: str) -> npt.NDArray[np.bool_]:
        """Which windows, by their last embedding, have nothing of a text with the phrase in it."""
        usable = np.ones(len(self.embeddings), bool)
        sought = phrase.replace(" ", "")
        ends = [*self.starts[1:].tolist(), len(self.embeddings)]
        for text, start, end in zip(self.texts, self.starts.tolist(), ends, strict=True):
            if sought in text.replace(" ", ""):
                usable[start : end + MARGIN_CHUNKS] = False
        return usable


def pack(embeddings: Floats, starts: list[int], texts: list[str], recipe: dict[str, Any]) -> bytes:
    """Write a negative set."""
    mean, step = embeddings.mean(axis=0), embeddings.std(axis=0) / STEPS_A_DEVIATION
    steps = np.clip(np.rint((embeddings - mean) / step), -127, 127).astype(np.int8)
    arrays = {
        "steps": np.ascontiguousarray(steps.T),  # what follows each other in time is alike
        "mean": mean.astype(np.float32),
        "step": step.astype(np.float32),
        "starts": np.array(starts, np.int32),
        "texts": np.frombuffer("\n".join(texts).encode(), np.uint8),
        "recipe": np.frombuffer(json.dumps(recipe).encode(), np.uint8),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as file:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, array)
            # A date of its own would make each file another one.
            file.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue(), zipfile.ZIP_LZMA)
    return packed.getvalue()


def unpack(packed: bytes) -> Negatives:
    """Read a negative set. Raises ValueError or KeyError for what is none."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as file:
        steps = np.ascontiguousarray(file["steps"].T)  # each embedding in one piece again
        embeddings = steps.astype(np.float32) * file["step"] + file["mean"]
        texts = file["texts"].tobytes().decode().split("\n")
        recipe = json.loads(file["recipe"].tobytes())
        return Negatives(embeddings, file["starts"].astype(np.int64), tuple(texts), recipe)


def load_negatives() -> Negatives:
    """The set that comes with the assistant. Raises EngineError."""
    try:
        return unpack((resources.files(__package__) / NAME).read_bytes())
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise EngineError(
            f"The negative set {NAME} of the assistant is missing or broken.",
            "Install the assistant again.",
        ) from error
