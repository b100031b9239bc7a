"""Makes streaming features of openWakeWord's two feature networks.

Run as a program in a process of its own (``python -m assistant.embedding.conversion MEL
EMBEDDING``), so that the 13 MB of the ``onnx`` package do not stay in the assistant: writes an
``.npz`` to standard output that ``features`` loads. Nothing of the models is in this repository;
what is made of them stays on the machine.

The embedding network is convolutions and poolings without padding in time, so frames that were
looked at once need not be looked at again: each convolution that is K frames long gets the last
K - 1 frames of its input as a further input and gives the new ones back. Its poolings halve the
time three times, in step with chunks of 8 frames, and so the streaming network gives for each 8
frames exactly the vector that the package computes from the last 76. Beside it, it gives what goes
into the last two poolings, which has more of the timing: two frames a chunk of each. The earlier
ones, "early", are held back for as long as the others, "mid", take from them, so both are of the
same sound.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_TIME, _BINS = 2, 3  # axes of batch x channels x frames x bins
MEL_BINS = 32
EMBEDDING_SIZE = 96
EARLY_FRAMES = 2
"""Between the last two poolings are two convolutions of three frames, each in the middle of its."""


def convert(mel: Path, embedding: Path) -> bytes:
    """Return the ``.npz`` with ``window``, ``filters``, ``network`` and the ``state`` shapes.

    Raises ValueError when a file is not of the kind that openWakeWord 0.4.0 has.
    """
    window, filters = _mel_constants(mel)
    network, shapes = _streaming(embedding)
    file = io.BytesIO()
    np.savez(
        file,
        window=window,
        filters=filters,
        network=np.frombuffer(network, dtype=np.uint8),
        state=np.array(shapes, dtype=np.int64),
    )
    return file.getvalue()


def _load(path: Path) -> Any:
    import onnx  # noqa: PLC0415

    return onnx.load(path)


def _weights(graph: Any) -> dict[str, npt.NDArray[Any]]:
    from onnx import numpy_helper  # noqa: PLC0415

    return {one.name: numpy_helper.to_array(one) for one in graph.initializer}


def _mel_constants(path: Path) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return the analysis window (N samples) and the mel filters (N // 2 + 1 x 32).

    The file spells the Fourier transform out as convolutions. Their first filter, of frequency 0,
    is the window itself, and all others are checked against it.
    """
    graph = _load(path).graph
    weights = _weights(graph)
    transforms = [weights[node.input[1]] for node in graph.node if node.op_type == "Conv"]
    products = [weights.get(node.input[1]) for node in graph.node if node.op_type == "MatMul"]
    if len(transforms) != 2 or len(products) != 1 or products[0] is None:
        raise ValueError(f"{path.name} is not a mel spectrogram of openWakeWord 0.4")
    real, filters = transforms[0][:, 0, :], products[0]
    window = real[0]
    angles = 2.0 * np.pi / window.size * np.outer(np.arange(len(real)), np.arange(window.size))
    if filters.shape != (len(real), MEL_BINS) or not np.allclose(
        real, window * np.cos(angles), atol=1e-5
    ):
        raise ValueError(f"{path.name} is not a Fourier transform with mel filters")
    return window.astype(np.float32), filters.astype(np.float32)


def _streaming(path: Path) -> tuple[bytes, list[tuple[int, ...]]]:
    """Return the streaming network and the shape of each state."""
    from onnx import TensorProto, helper  # noqa: PLC0415

    model = _load(path)
    weights = _weights(model.graph)
    builder = _Builder(weights)
    for node in model.graph.node:
        builder.add(node)
    if not builder.is_embedding:
        raise ValueError(f"{path.name} is not the speech embedding of openWakeWord 0.4")
    out = builder.last
    float32 = TensorProto.FLOAT
    early, mid = builder.hold_back(builder.pooled[-2], EARLY_FRAMES), builder.pooled[-1]
    shapes = builder.states
    graph = helper.make_graph(
        builder.nodes,
        "streaming embedding",
        [
            helper.make_tensor_value_info("frames", float32, [1, 1, "frames", MEL_BINS]),
            *(
                helper.make_tensor_value_info(f"state{i}", float32, shape)
                for i, shape in enumerate(shapes)
            ),
        ],
        [
            helper.make_tensor_value_info(out, float32, [1, builder.channels, "embeddings", 1]),
            *(
                helper.make_tensor_value_info(name, float32, [1, channels, "mid frames", bins])
                for name, channels, bins in (mid, early)
            ),
            *(
                helper.make_tensor_value_info(f"next{i}", float32, shape)
                for i, shape in enumerate(shapes)
            ),
        ],
        [*(one for one in model.graph.initializer if one.name in builder.used), *builder.constants],
    )
    made = helper.make_model(graph, opset_imports=model.opset_import)
    made.ir_version = model.ir_version
    return made.SerializeToString(), shapes


class _Builder:
    """Copies a chain of nodes, with states where a convolution looks back."""

    def __init__(self, weights: dict[str, npt.NDArray[Any]]) -> None:
        self._weights = weights
        self._bins = MEL_BINS
        self._pads: list[int] = [0, 0]
        self.channels = 1
        self.last = "frames"
        self.pooled: list[tuple[str, int, int]] = []  # name, channels, bins
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.states: list[tuple[int, ...]] = []
        self.used: set[str] = set()

    @property
    def is_embedding(self) -> bool:
        """Whether this is convolutions down to 96 channels, and no bins left."""
        return bool(self.states) and (self.channels, self._bins) == (EMBEDDING_SIZE, 1)

    def add(self, node: Any) -> None:
        """Append the node to the chain."""
        if node.op_type == "Reshape":  # of frames x bins x channels, which has one channel here
            return
        if node.op_type == "Pad":  # of bins only, done by the convolution after it
            pads = self._weights[node.input[1]].reshape(2, -1)
            if pads[:, 1].any():
                raise ValueError("the embedding pads in time")
            self._pads = [int(pads[0, 2]), int(pads[1, 2])]
            return
        if node.input[0] != self.last and self.last != "frames":
            raise ValueError("the embedding is not a chain of layers")
        copy = type(node)()
        copy.CopyFrom(node)
        copy.input[0] = self.last
        if node.op_type == "Conv":
            self._look_back(copy)
        elif node.op_type == "MaxPool":
            self.pooled.append((self.last, self.channels, self._bins))
            self._bins //= 2
        self.nodes.append(copy)
        self.used |= set(copy.input)
        self.last = copy.output[0]

    def hold_back(self, layer: tuple[str, int, int], frames: int) -> tuple[str, int, int]:
        """Give a layer so many frames late."""
        name, channels, bins = layer
        joined, number = self._joined(name, (1, channels, frames, bins))
        self._slice(joined, f"held{number}", 0, -frames)
        return f"held{number}", channels, bins

    def _joined(self, name: str, state: tuple[int, ...]) -> tuple[str, int]:
        """Put the state before a layer, and keep as many of its last frames for the next time."""
        from onnx import helper  # noqa: PLC0415

        number = len(self.states)
        self.states.append(state)
        joined = f"joined{number}"
        self.nodes.append(
            helper.make_node("Concat", [f"state{number}", name], [joined], axis=_TIME)
        )
        self._slice(joined, f"next{number}", -state[_TIME], 2**31)
        return joined, number

    def _slice(self, name: str, into: str, begin: int, end: int) -> None:
        from onnx import helper, numpy_helper  # noqa: PLC0415

        constants = []
        for what, value in (("from", begin), ("to", end), ("axis", _TIME)):
            constants.append(f"{what}-{into}")
            array = np.array([value], dtype=np.int64)
            self.constants.append(numpy_helper.from_array(array, constants[-1]))
        self.nodes.append(helper.make_node("Slice", [name, *constants], [into]))

    def _look_back(self, convolution: Any) -> None:
        from onnx import helper  # noqa: PLC0415

        weights = self._weights[convolution.input[1]]
        length = weights.shape[_TIME]
        if any(self._pads):
            attributes = [one for one in convolution.attribute if one.name != "pads"]
            del convolution.attribute[:]
            convolution.attribute.extend(attributes)
            convolution.attribute.append(
                helper.make_attribute("pads", [0, self._pads[0], 0, self._pads[1]])
            )
            self._pads = [0, 0]
        if length > 1:
            state = (1, weights.shape[1], length - 1, self._bins)
            convolution.input[0] = self._joined(self.last, state)[0]
        self.channels = weights.shape[0]


if __name__ == "__main__":
    sys.stdout.buffer.write(convert(Path(sys.argv[1]), Path(sys.argv[2])))
