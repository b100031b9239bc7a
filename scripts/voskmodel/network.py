"""The acoustic model: a time-delay network that tells the sounds apart, three frames at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from scripts.voskmodel.alignment import Labels
from scripts.voskmodel.features import Features
from scripts.voskmodel.kaldi import Layer
from scripts.voskmodel.phones import HEARD
from scripts.voskmodel.settings import CEPSTRA, SUBSAMPLING

OFFSETS = ((-2, -1, 0, 1, 2), (-3, 0, 3), (-3, 0, 3), (-6, 0, 6), (-6, 0, 6))
"""The frames that each layer looks at."""

CONTEXT = -sum(offsets[0] for offsets in OFFSETS)
WIDTH = 96
CHUNK = 240  # frames
BATCH = 64  # chunks
NO_LABEL = 255
PEAK_RATE = 3e-3


class Network(nn.Module):
    """Convolutions over time, each followed by a rectifier and a batch norm."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList()
        self.norms = nn.ModuleList()
        inputs = CEPSTRA
        for index, offsets in enumerate(OFFSETS):
            step = (offsets[1] - offsets[0]) // (1 if index == 0 else SUBSAMPLING)
            stride = SUBSAMPLING if index == 0 else 1
            self.layers.append(nn.Conv1d(inputs, WIDTH, len(offsets), stride=stride, dilation=step))
            self.norms.append(nn.BatchNorm1d(WIDTH))
            inputs = WIDTH
        self.last = nn.Conv1d(WIDTH, len(HEARD), 1)
        self.dropout = nn.Dropout(0.1)

    def forward(self, frames: Tensor) -> Tensor:
        """Scores of the sounds for every third frame."""
        for layer, norm in zip(self.layers, self.norms, strict=True):
            frames = self.dropout(norm(torch.relu(layer(frames))))
        scores: Tensor = self.last(frames)
        return scores


class Training:
    """The data, and the network that is trained on it."""

    def __init__(self, data: Sequence[tuple[Features, Labels]], seed: int) -> None:
        torch.manual_seed(seed)
        torch.set_num_threads(1)  # more are slower for a network this small
        self._random = np.random.default_rng([seed, 3])
        self._data = data
        frames = np.concatenate([features for features, _ in data[:: max(1, len(data) // 500)]])
        self._mean, self._scale = frames.mean(0), frames.std(0)
        counts = np.bincount(np.concatenate([labels for _, labels in data]), minlength=len(HEARD))
        self.log_priors = np.log((counts + 1) / (counts + 1).sum())
        self.network = Network()

    def run(self, epochs: int) -> Iterator[float]:
        """Train; the mean loss after each epoch."""
        chunks = sum(-(-len(labels) // CHUNK) for _, labels in self._data)
        # One more for what an epoch leaves over, and for the chance shift of chunks.
        steps = epochs * (chunks // BATCH + 2)
        optimiser = torch.optim.AdamW(self.network.parameters(), lr=PEAK_RATE, weight_decay=1e-3)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, PEAK_RATE, total_steps=steps, pct_start=0.1
        )
        entropy = nn.CrossEntropyLoss(ignore_index=NO_LABEL, label_smoothing=0.02)
        self.network.train()
        for _ in range(epochs):
            losses = []
            for frames, labels in self._batches():
                optimiser.zero_grad()
                loss = entropy(self.network(frames), labels)
                loss.backward()
                nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
                optimiser.step()
                schedule.step()
                losses.append(loss.item())
            yield float(np.mean(losses))

    def _batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Chunks of all clips in another order each time, each clip cut at another place."""
        cuts = [
            (index, begin)
            for index, (_, labels) in enumerate(self._data)
            for begin in range(int(self._random.integers(SUBSAMPLING)), len(labels), CHUNK)
        ]
        self._random.shuffle(cuts)
        for at in range(0, len(cuts) - BATCH + 1, BATCH):
            chunks = [self._chunk(*cut) for cut in cuts[at : at + BATCH]]
            frames = np.stack([frames for frames, _ in chunks]).transpose(0, 2, 1)
            labels = np.stack([labels for _, labels in chunks])
            yield torch.from_numpy(np.ascontiguousarray(frames)), torch.from_numpy(labels)

    def _chunk(self, index: int, begin: int) -> tuple[Features, npt.NDArray[np.int64]]:
        features, labels = self._data[index]
        at = np.arange(begin - CONTEXT, begin + CHUNK + CONTEXT).clip(0, len(features) - 1)
        wanted = labels[begin : begin + CHUNK : SUBSAMPLING].astype(np.int64)
        missing = CHUNK // SUBSAMPLING - len(wanted)
        normal = (features[at] - self._mean) / self._scale
        return normal.astype(np.float32), np.pad(wanted, (0, missing), constant_values=NO_LABEL)

    def layers(self) -> list[Layer]:
        """The layers for Kaldi: what normalises their input is part of their weights."""
        scale: npt.NDArray[np.float64] = 1 / self._scale.astype(np.float64)
        shift: npt.NDArray[np.float64] = -self._mean * scale
        found = []
        convolutions = [*self.network.layers, self.network.last]
        norms = [*self.network.norms, None]
        for offsets, layer, norm in zip([*OFFSETS, (0,)], convolutions, norms, strict=True):
            weights = _array(layer.weight).transpose(0, 2, 1)  # outputs, offsets, inputs
            bias = _array(layer.bias) + (weights * shift).sum((1, 2))
            found.append(Layer(offsets, (weights * scale).reshape(len(bias), -1), bias))
            if norm is not None:
                scale = _array(norm.weight) / np.sqrt(_array(norm.running_var) + norm.eps)
                shift = _array(norm.bias) - _array(norm.running_mean) * scale
        return found


def _array(tensor: Tensor) -> npt.NDArray[np.float64]:
    return tensor.detach().numpy().astype(np.float64)
