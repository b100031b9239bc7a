"""``final.mdl``: the network and what links phones to it, in Kaldi's binary form.

Kaldi's text of such a file is words and numbers. In the binary form a word is followed by a space,
and a number preceded by its size in bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scripts.voskmodel.phones import PHONES, SOUNDS
from scripts.voskmodel.settings import CEPSTRA

Array = npt.NDArray[np.float64]

# The score of ANY, in nats, where a sound scores the logarithm of how much likelier it is than it
# usually is: what fits none of the words' sounds well is any other word.
ANY_SCORE = 1.0
HALF = 0.5


@dataclass(frozen=True)
class Layer:
    """An affine layer: the frames it looks at, and the weights for all of them in a row."""

    offsets: tuple[int, ...]
    weights: Array
    bias: Array


def model(layers: Sequence[Layer], log_priors: Array) -> bytes:
    """The whole file. The layers have rectifiers between them; the last one tells the sounds."""
    return b"\0B" + _transitions() + _network(layers, log_priors)


def _word(text: str) -> bytes:
    return text.encode() + b" "


def _integer(number: int) -> bytes:
    return struct.pack("<bi", 4, number)


def _float(number: float) -> bytes:
    return struct.pack("<bf", 4, number)


def _integers(values: Sequence[int]) -> bytes:
    return struct.pack(f"<bi{len(values)}i", 4, len(values), *values)


def _vector(values: Sequence[float] | Array) -> bytes:
    return _word("FV") + _integer(len(values)) + np.asarray(values, "<f4").tobytes()


def _matrix(values: Array) -> bytes:
    rows, columns = values.shape
    return _word("FM") + _integer(rows) + _integer(columns) + values.astype("<f4").tobytes()


def _coarse_matrix(values: Array) -> bytes:
    """A byte each, of the range that all of them have: a quarter of the size."""
    least, span = float(values.min()), float(np.ptp(values))
    steps = np.rint((values - least) / span * 255).astype("u1")
    return _word("CM3") + struct.pack("<ffii", least, span, *values.shape) + steps.tobytes()


def _transitions() -> bytes:
    """Every phone has one state, with a loop; the phones of one sound share its number."""
    numbers = range(1, len(PHONES) + 1)
    topology = (
        _integers(numbers)
        + _integers([-1, *[0] * len(PHONES)])  # all phones have the first topology, which is:
        + _integer(1)
        + _integer(2)  # two states
        + (_integer(0) + _integer(2) + _integer(0) + _float(HALF) + _integer(1) + _float(HALF))
        + (_integer(-1) + _integer(0))  # the end
    )
    triples = b"".join(
        _integer(number) + _integer(0) + _integer(SOUNDS.index(phone))
        for number, (phone, _) in zip(numbers, PHONES, strict=True)
    )
    log_half = float(np.log(HALF))
    return (
        _word("<TransitionModel>")
        + _word("<Topology>") + topology + _word("</Topology>")
        + _word("<Triples>") + _integer(len(PHONES)) + triples + _word("</Triples>")
        + _word("<LogProbs>") + _vector([0.0, *[log_half] * 2 * len(PHONES)]) + _word("</LogProbs>")
        + _word("</TransitionModel>")
    )  # fmt: skip


def _network(layers: Sequence[Layer], log_priors: Array) -> bytes:
    """The layers by name, first how they are linked, as text, then each one's numbers."""
    lines = [f"input-node name=input dim={CEPSTRA}"]
    components: list[tuple[str, bytes]] = []
    source = "input"

    def add(name: str, inputs: str, component: bytes) -> str:
        lines.append(f"component-node name={name} component={name} input={inputs}")
        components.append((name, component))
        return name

    for number, layer in enumerate(layers):
        affine = _affine(_coarse_matrix(layer.weights), layer.bias)
        source = add(f"affine{number}", _appended(source, layer.offsets), affine)
        last = number == len(layers) - 1
        kind = "LogSoftmaxComponent" if last else "RectifiedLinearComponent"
        source = add(f"nonlinear{number}", source, _nonlinear(kind, len(layer.bias)))
    # A sound's likelihood is its probability by its prior; that of ANY is the same for every frame.
    weights = np.vstack([np.eye(len(log_priors)), np.zeros((1, len(log_priors)))])
    source = add("scores", source, _affine(_matrix(weights), np.append(-log_priors, ANY_SCORE)))
    lines.append(f"output-node name=output input={source} objective=linear")
    return (
        _word("<Nnet3>") + b"\n" + "".join(f"{line}\n" for line in lines).encode() + b"\n"
        + _word("<NumComponents>") + _integer(len(components))
        + b"".join(_word("<ComponentName>") + _word(name) + data for name, data in components)
        + _word("</Nnet3>")
        + _word("<LeftContext>") + _integer(0) + _word("<RightContext>") + _integer(0)
        + _word("<Priors>") + _vector([])
    )  # fmt: skip


def _appended(source: str, offsets: Sequence[int]) -> str:
    frames = [f"Offset({source}, {offset})" if offset else source for offset in offsets]
    return frames[0] if len(frames) == 1 else f"Append({', '.join(frames)})"


def _affine(weights: bytes, bias: Array) -> bytes:
    name = "FixedAffineComponent"
    values = _word("<LinearParams>") + weights + _word("<BiasParams>") + _vector(bias)
    return _word(f"<{name}>") + values + _word(f"</{name}>")


def _nonlinear(name: str, size: int) -> bytes:
    """Besides its size it has the statistics of a training that did not happen in Kaldi."""
    statistics = _word("<ValueAvg>") + _vector([]) + _word("<DerivAvg>") + _vector([])
    for count in ("<Count>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>"):
        statistics += _word(count) + struct.pack("<bd", 8, 0.0)
    return _word(f"<{name}>") + _word("<Dim>") + _integer(size) + statistics + _word(f"</{name}>")
