"""Fits the phone network to examples, with torch.

By connectionist temporal classification (A. Graves et al., ICML 2006) the phones are known, and
when each was said is found in training. Where that is known, too, the units of all frames are
learnt beside it, by cross entropy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.embedding.features import MID_SIZE
from assistant.recognizers.phones.network import (
    CTC,
    DEVIATIONS,
    FRAMEWISE,
    OUTPUTS,
    UNITS,
    Layer,
    PhoneNetwork,
    Span,
)
from assistant.recognizers.phones.training.examples import Example, batches, masked
from assistant.recognizers.phones.training.learner import UNKNOWN


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a network is.

    Frames are narrowed to ``neck`` values first of all, so that less can be learnt by heart.
    """

    neck: int
    channels: int
    spans: tuple[Span, ...]


SHIPPED = Shape(128, 128, (Span(1, 1), Span(1, 1), Span(2, 2), Span(4, 4)))
"""Sees 0.32 s back and ahead. Larger networks, and more epochs, learn the synthesizers by heart."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is trained; ``rate`` is the highest learning rate of one cycle."""

    epochs: int = 4
    batch: int = 24
    rate: float = 3e-3
    weight_decay: float = 1e-2
    dropout: float = 0.1
    seed: int = 1


class Trainee(nn.Module):
    """The network while it learns: each layer is a convolution, normalised by batches."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.shape = shape
        self.neck = nn.Conv1d(MID_SIZE, shape.neck, 1, bias=False)
        sizes = [shape.neck, *[shape.channels] * len(shape.spans)]
        self.convolutions = nn.ModuleList(
            nn.Conv1d(size, shape.channels, 3, dilation=span.step, bias=False)
            for size, span in zip(sizes, shape.spans, strict=False)
        )
        self.normalisations = nn.ModuleList(nn.BatchNorm1d(shape.channels) for _ in shape.spans)
        self.output = nn.Conv1d(shape.channels, OUTPUTS, 1)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("mean", torch.zeros(MID_SIZE))
        self.register_buffer("deviation", torch.ones(MID_SIZE))
        self.register_buffer("log_prior", torch.zeros(UNITS))

    def forward(self, frames: Tensor) -> Tensor:
        """Return scores, examples x frames x outputs, of examples x frames x 576."""
        standard = (frames - self.mean) / self.deviation
        signal = self.neck(standard.clamp(-DEVIATIONS, DEVIATIONS).transpose(1, 2))
        for number, (span, convolution, normalisation) in enumerate(
            zip(self.shape.spans, self.convolutions, self.normalisations, strict=True)
        ):
            seen = functional.pad(signal, (span.before, span.after))
            heard = self.dropout(functional.relu(normalisation(convolution(seen))))
            signal = heard if number == 0 else signal + heard
        scores: Tensor = self.output(signal).transpose(1, 2)
        return scores

    def network(self) -> PhoneNetwork:
        """Return it as it is used, with the normalisation and the neck put into convolutions."""
        layers = []
        for convolution, normalisation in zip(self.convolutions, self.normalisations, strict=True):
            scale = normalisation.weight / torch.sqrt(normalisation.running_var + normalisation.eps)
            weights = convolution.weight * scale[:, None, None]
            if not layers:
                weights = torch.einsum("onk,nm->omk", weights, self.neck.weight[:, :, 0])
            bias = normalisation.bias - normalisation.running_mean * scale
            layers.append(Layer(_array(weights), _array(bias)))
        output = Layer(_array(self.output.weight), _array(self.output.bias))
        return PhoneNetwork(
            self.shape.spans,
            _array(self.mean),
            _array(self.deviation),
            tuple(layers),
            output,
            _array(self.log_prior),
        )


class Training:
    """Learning from examples; ``epochs`` tells the loss of each, in nats a phone."""

    def __init__(self, trainee: Trainee, examples: Sequence[Example], recipe: Recipe) -> None:
        self.trainee = trainee
        self._recipe = recipe
        self._random = np.random.default_rng(recipe.seed)
        self._batches = batches(examples, recipe.batch)
        self._optimiser = torch.optim.AdamW(
            trainee.parameters(), lr=recipe.rate, weight_decay=recipe.weight_decay
        )
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimiser,
            recipe.rate,
            total_steps=recipe.epochs * len(self._batches),
            pct_start=0.15,
        )

    def epochs(self) -> Iterator[float]:
        """Go through all examples again and again, in another order each time."""
        for _ in range(self._recipe.epochs):
            self.trainee.train()
            losses = [self._step(self._batches[n]) for n in self._order()]
            self.trainee.eval()
            yield float(np.mean(losses))

    def _order(self) -> Iterator[int]:
        yield from map(int, self._random.permutation(len(self._batches)))

    def _step(self, batch: Sequence[Example]) -> float:
        lengths = [len(one.frames) for one in batch]
        mean = self.trainee.mean.numpy()
        # After its end a stream goes on with mean frames for as long as the network looks ahead.
        longest = max(lengths) + sum(span.after for span in self.trainee.shape.spans)
        frames = np.tile(mean, (len(batch), longest, 1)).astype(np.float32)
        for row, one in zip(frames, batch, strict=True):
            row[: len(one.frames)] = masked(one.frames.astype(np.float32), mean, self._random)
        units = [unit for one in batch for unit in one.units]
        scores = self.trainee(torch.from_numpy(frames))
        loss = functional.ctc_loss(
            scores[:, :, CTC].log_softmax(-1).transpose(0, 1),
            torch.tensor(units),
            torch.tensor(lengths),
            torch.tensor([len(one.units) for one in batch]),
            zero_infinity=True,
        )
        if all(one.labels is not None for one in batch):
            # With half of the prior added, what is left has been relieved of it.
            lasting = scores[:, :, FRAMEWISE] + 0.5 * self.trainee.log_prior
            labels = torch.from_numpy(_labels(batch, longest))
            loss = loss + functional.cross_entropy(
                lasting.reshape(-1, UNITS), labels.reshape(-1), ignore_index=UNKNOWN
            )
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.trainee.parameters(), 5.0)
        self._optimiser.step()
        self._schedule.step()
        return float(loss.item())


def begin(examples: Sequence[Example], shape: Shape, recipe: Recipe) -> Trainee:
    """Return a network that knows nothing but the mean of the frames, and how far they stray."""
    torch.manual_seed(recipe.seed)
    trainee = Trainee(shape, recipe.dropout)
    some = np.concatenate([one.frames for one in examples[::7]]).astype(np.float32)
    trainee.mean.copy_(torch.from_numpy(some.mean(axis=0)))
    trainee.deviation.copy_(torch.from_numpy(some.std(axis=0) + 1e-3))
    trainee.log_prior.copy_(torch.from_numpy(_log_prior(examples)))
    return trainee


def _labels(batch: Sequence[Example], frames: int) -> npt.NDArray[np.int64]:
    labels = np.full((len(batch), frames), UNKNOWN, dtype=np.int64)
    for row, one in zip(labels, batch, strict=True):
        if one.labels is not None:
            row[: len(one.labels)] = one.labels
    return labels


def _log_prior(examples: Sequence[Example]) -> npt.NDArray[np.float32]:
    """The log of each unit's share of all frames, none of them never said."""
    counts = np.ones(UNITS)
    for one in examples:
        if one.labels is not None:
            counts += np.bincount(one.labels, minlength=UNITS)
    shares: npt.NDArray[np.float32] = np.log(counts / counts.sum()).astype(np.float32)
    return shares


def _array(tensor: Tensor) -> npt.NDArray[np.float32]:
    return tensor.detach().numpy().astype(np.float32)
