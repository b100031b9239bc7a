"""The file of a phone network: arrays in half precision, and JSON of how it was made."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.embedding.arrays import read_arrays, read_text
from assistant.embedding.features import MID_SIZE
from assistant.errors import EngineError
from assistant.recognizers.phones.network import (
    INVENTORY,
    OUTPUTS,
    UNITS,
    Layer,
    PhoneNetwork,
    Span,
)

if TYPE_CHECKING:
    from pathlib import Path


VERSION = 2
WIDEST = 1024
DEEPEST = 16
LONGEST_STEP = 16
"""What a file may ask for at most."""


@dataclass(frozen=True, slots=True)
class Model:
    """A network; ``embedding`` is the checksum of the feature networks that it was trained on.

    ``recipe`` tells how it was made, and what was measured then.
    """

    network: PhoneNetwork
    embedding: str
    recipe: dict[str, Any] = field(default_factory=dict)

    @property
    def recordings(self) -> int | None:
        """How many recordings of people it has learnt from; None as it is shipped."""
        count = self.recipe.get("recordings")
        return count if isinstance(count, int) else None


class OtherVersionError(ValueError):
    """The file is of a network that this version does not know."""


def pack(model: Model) -> bytes:
    """Return the file."""
    network = model.network
    about = {
        "version": VERSION,
        "inventory": INVENTORY,
        "spans": [asdict(span) for span in network.spans],
        "embedding": model.embedding,
        "recipe": model.recipe,
    }
    arrays: dict[str, Any] = {
        "mean": network.mean,
        "deviation": network.deviation,
        "log_prior": network.log_prior,
    }
    for number, layer in enumerate((*network.layers, network.output)):
        arrays[f"weights{number}"] = layer.weights
        arrays[f"bias{number}"] = layer.bias
    file = io.BytesIO()
    # Half precision halves the file.
    np.savez_compressed(
        file,
        about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        **{name: array.astype(np.float16) for name, array in arrays.items()},
    )
    return file.getvalue()


def load_model(path: Path) -> Model:
    """Read a file. Raises EngineError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EngineError(f"The phone model {path} cannot be read ({error.strerror}).") from error
    try:
        return unpack(content)
    except OtherVersionError as error:
        raise EngineError(
            f"The phone model {path} was made by another version of the assistant.",
            "Make it again with assistant train.",
        ) from error
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise EngineError(
            f"{path} is no phone model, or damaged ({error}).",
            "Make it again with assistant train, or take the shipped one.",
        ) from error


def unpack(content: bytes) -> Model:
    """Read the file's content. Raises ValueError, KeyError, TypeError or OverflowError."""
    file = read_arrays(content)
    about = read_text(file, "about")
    if about["version"] != VERSION or tuple(about["inventory"]) != INVENTORY:
        raise OtherVersionError
    spans = tuple(Span(int(one["step"]), int(one["after"])) for one in about["spans"])
    if not 1 <= len(spans) <= DEEPEST or not all(
        1 <= span.step <= LONGEST_STEP and 0 <= span.after <= 2 * span.step for span in spans
    ):
        raise ValueError("its layers are of no use")
    del file["about"]
    if any(array.dtype not in (np.float16, np.float32) for array in file.values()):
        raise ValueError("it has arrays of no numbers")
    arrays = {name: array.astype(np.float32) for name, array in file.items()}
    layers = tuple(
        Layer(arrays[f"weights{number}"], arrays[f"bias{number}"])
        for number in range(len(spans) + 1)
    )
    network = PhoneNetwork(
        spans, arrays["mean"], arrays["deviation"], layers[:-1], layers[-1], arrays["log_prior"]
    )
    _check(network)
    return Model(network, str(about["embedding"]), dict(about["recipe"]))


def _check(network: PhoneNetwork) -> None:
    if network.output.weights.ndim != 3:
        raise ValueError("its last layer has another shape")
    channels = network.output.weights.shape[1]
    sizes = [MID_SIZE, *[channels] * len(network.layers)]
    shapes = [(channels, size, 3) for size in sizes[:-1]] + [(OUTPUTS, channels, 1)]
    layers = (*network.layers, network.output)
    if not 1 <= channels <= WIDEST or any(
        layer.weights.shape != shape or layer.bias.shape != shape[:1]
        for layer, shape in zip(layers, shapes, strict=True)
    ):
        raise ValueError("its arrays have other shapes")
    if network.mean.shape != (MID_SIZE,) or network.deviation.shape != (MID_SIZE,):
        raise ValueError("its features are others")
    if network.log_prior.shape != (UNITS,):
        raise ValueError("its units are others")
    every = [network.mean, network.deviation, network.log_prior]
    every += [array for layer in layers for array in (layer.weights, layer.bias)]
    if not all(np.isfinite(array).all() for array in every) or not (network.deviation > 0).all():
        raise ValueError("it has values that are no numbers")
